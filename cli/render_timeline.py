"""The timeline of a case as text: a numbered line a mail or note, and between them what people decided."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cli.columns import ELLIPSIS, cut, flow, pad, width, wrap
from cli.paper import Paper
from cli.render_promises import decision
from cli.render_words import name_of, one_line, size
from cli.words import say
from notes.model import Attachment, Content, Filed, Kind
from notes.timeline import Entry, Page

if TYPE_CHECKING:
    from cli.diary import Decision

GIST_LINES = 2
WHO_COLUMNS = {False: 14, True: 22}
"""Columns for a name, on a narrow and on a wide page."""

WIDE_PAGE = 100
MOST_OWN = 160
"""Columns of what a forwarder wrote above the mail."""


def of_case(page: Page, decisions: "Sequence[Decision]", names: Mapping[str, str], paper: Paper) -> Iterator[str]:
    """Number, local time, kind, person and the sentence that carries it; details and decisions below."""
    sheet = _Columns(page, decisions, names, paper)
    waiting = sorted(decisions, key=lambda one: (one.made.at, one.made.id))
    for entry in page.entries:
        while waiting and waiting[0].made.at < entry.mail.at:
            yield from sheet.decision(waiting.pop(0))
        yield from sheet.entry(entry)
    for each in waiting:
        yield from sheet.decision(each)


class _Columns:
    """The columns that all lines of one timeline share."""

    def __init__(self, page: Page, decisions: "Sequence[Decision]", names: Mapping[str, str], paper: Paper) -> None:
        self.page, self.paper, self.names = page, paper, names
        moments = [entry.mail.at for entry in page.entries] + [one.made.at for one in decisions]
        kinds = [kind_words(entry.mail) for entry in page.entries] + [say("decision.label")]
        self.time = max((width(paper.when(at, page.as_of)) for at in moments), default=0)
        self.kind = max(map(width, kinds if decisions else kinds[:-1]), default=0)
        people = [name_of(entry.mail.sender) for entry in page.entries] + [self._decider(one) for one in decisions]
        self.who = min(WHO_COLUMNS[paper.columns >= WIDE_PAGE], max(map(width, people), default=0))
        self.indent = " " * (2 + 4 + self.time + 1 + self.kind + 1 + self.who + 1)
        self.room = paper.columns - len(self.indent)

    def entry(self, entry: Entry) -> Iterator[str]:
        mail = entry.mail
        gist = one_line(entry.gist) or one_line(mail.subject)
        lines = _at_most(GIST_LINES, wrap(gist, self.room), self.room)
        yield self._line(f"#{entry.n}", mail.at, kind_words(mail), name_of(mail.sender), lines[0])
        rest = (*lines[1:], *details(entry, self.paper, self.page.as_of, self.room))
        yield from (f"{self.indent}{line}" for text in rest for line in wrap(text, self.room))

    def _decider(self, one: "Decision") -> str:
        return one_line(self.names.get(one.made.who, one.made.who)) or say("page.somebody")

    def decision(self, one: "Decision") -> Iterator[str]:
        first, *rest = _at_most(3, wrap(decision(one, self.page, self.names, self.paper), self.room), self.room)
        yield self._line("", one.made.at, say("decision.label"), self._decider(one), first)
        yield from (f"{self.indent}{line}" for line in rest)

    def _line(self, number: str, at: datetime, kind: str, who: str, text: str) -> str:
        when = pad(self.paper.when(at, self.page.as_of), self.time)
        return f"  {number:>3} {when} {pad(kind, self.kind)} {pad(who, self.who)} {text}".rstrip()


def _at_most(count: int, lines: list[str], columns: int) -> list[str]:
    """The first lines, the last of them marked when there are more."""
    if len(lines) <= count:
        return lines
    return [*lines[: count - 1], cut(lines[count - 1], columns - 1).removesuffix(ELLIPSIS) + ELLIPSIS]


def kind_words(mail: Filed) -> str:
    """What an entry is: a mail in or out, or a memo, a forward and so on."""
    return say(f"direction.{mail.direction}") if mail.kind is Kind.MAIL else say(f"kind.{mail.kind}")


def details(entry: Entry, paper: Paper, now: datetime, columns: int) -> Iterator[str]:
    """What stands below an entry: the mail inside it, attachments, promises made in it, the way it came in."""
    mail, inner = entry.mail, entry.original
    if inner:
        written = paper.when(inner.date, now)
        yield say("page.second-hand", when=written, who=name_of(inner.sender), by=name_of(mail.sender))
        own = one_line(mail.new_text)
        if own and own != entry.gist:
            yield say("page.forwarder", who=name_of(mail.sender), words=cut(own, MOST_OWN))
    if mail.content is not Content.WHOLE:
        yield say(f"content.{mail.content}")
    marks = [say("page.attachments", names=_attachments(mail.attachments))] if mail.attachments else []
    if entry.promises:
        marks.append(say("page.promise-marks", ids=" ".join(entry.promises)))
    if mail.via in ("log", "import"):
        marks.append(say(f"via.{mail.via}"))
    yield from flow(marks, columns)


def _attachments(parts: tuple[Attachment, ...]) -> str:
    shown = ", ".join(f"{one_line(part.name) or part.type} ({size(part.size)})" for part in parts[:3])
    return shown if len(parts) <= 3 else f"{shown} +{len(parts) - 3}"
