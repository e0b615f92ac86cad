"""What kawari reads in files of mails, and which belong together by their own word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cli import as_json as contract
from cli import moments, render_mail
from cli.columns import cut, wrap
from cli.paper import Paper
from cli.render_words import coded, name_of, one_line
from cli.words import known, say
from notes.errors import KawariError
from notes.model import Message


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail found in a file, or the reason why there is none."""

    file: str
    message: Message | None
    error: KawariError | None = None


def read(paths: Iterable[str]) -> Iterator[Seen]:
    """Every mail of these files and folders; what cannot be read is named and does not stop the rest."""
    from ingest.files import mails
    from ingest.receive import read as read_mail

    for path in paths:
        try:
            for found in mails(Path(path)):
                try:
                    yield Seen(found.label, read_mail(found.raw, internaldate=found.arrived))
                except KawariError as error:
                    yield Seen(found.label, None, error)
        except KawariError as error:
            yield Seen(path, None, error)


def as_json(seen: Seen) -> contract.Json:
    """One line of the contract: the mail, or the file and its error."""
    if seen.message:
        return contract.mail(seen.message, seen.file)
    return {"file": seen.file, "error": seen.error.code if seen.error else None}


def as_text(seen: Seen, paper: Paper, now: datetime) -> list[str]:
    """For eyes: headers, and the body zone by zone."""
    head = paper.heading(one_line(seen.file))
    if seen.message is None:
        return [head, *(f"  {line}" for line in wrap(_why(seen), paper.columns - 2)), ""]
    return [head, *render_mail.zones(seen.message, paper, now), ""]


def _why(seen: Seen) -> str:
    """Why there is no mail: a fault of the file in a whole sentence, one of the mail in a few words."""
    from cli.error_words import sentence

    code = seen.error.code if seen.error else ""
    if seen.error and known(f"error.{code}"):
        return sentence(seen.error)
    return say("inspect.unreadable", reason=coded("failure", code))


def by_references(mails: Sequence[Seen]) -> list[list[str]]:
    """Threads as the mails themselves say: refs grouped by Message-ID, In-Reply-To, References."""
    from notes.threads import group, ids

    return group((seen.message.ref, ids(seen.message)) for seen in mails if seen.message)


def threads_as_text(groups: Iterable[Sequence[str]], mails: Sequence[Seen], paper: Paper) -> list[str]:
    """For eyes: one group after the other."""
    known = {seen.message.ref: seen.message for seen in mails if seen.message}
    lines: list[str] = []
    for n, refs in enumerate(groups, 1):
        lines.append(paper.heading(say("inspect.thread", n=n, count=len(refs))))
        for ref in refs:
            mail = known[ref]
            when = moments.day_and_clock(mail.date, 0)
            lines.append(cut(f"  {when}  {name_of(mail.sender)}  {one_line(mail.subject)}", paper.columns))
    return lines
