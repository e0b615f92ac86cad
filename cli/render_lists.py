"""Lists as text: cases, unfiled mail, what was read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cli.columns import cut, table, width, wrap
from cli.paper import Paper
from cli.render_words import coded, failure, name_of, one_line
from cli.words import say
from notes.model import Content, Coverage, Held, Keep, Unfiled
from notes.stands import state_of

if TYPE_CHECKING:
    from cli.refile import Refiled
    from ingest.poll import FolderResult
    from notes.store.outbox import Post
    from notes.store.places import Quarantined
    from notes.store.unfiled import Nobodys

MOST_LISTED = 20
LONGEST_REF = 60

NARROW = 40
"""Columns that customer and title need together to be worth two columns."""

BY_COLLEAGUES = ("internal", "log-unknown", "log-unverified")
"""Reasons why mail is unfiled that one of us wrote, or who says so."""


def cases(held: Sequence[Held], paper: Paper, now: datetime) -> list[str]:
    """One line a case: key, state, ball, next due date, last word, customer and title."""
    if not held:
        return [say("cases.none")]
    head = tuple(say(f"cases.{name}") for name in ("key", "state", "ball", "due", "last", "customer", "title"))
    rows = [_case(one, paper, now) for one in held]
    fixed = [max(width(row[n]) for row in (head, *rows)) for n in range(5)]
    rest = paper.columns - sum(fixed) - 2 * len(fixed)
    if rest < NARROW:  # the key tells the customer already
        lines = table(((*row[:5], row[6]) for row in (head, *rows)), (*fixed, max(8, rest)))
    else:
        customer = min(rest // 3, max(width(row[5]) for row in (head, *rows)))
        lines = table([head, *rows], (*fixed, customer, rest - customer - 2))
    return [paper.heading(lines[0]), *lines[1:]]


def _case(one: Held, paper: Paper, now: datetime) -> tuple[str, ...]:
    case, standing = one.case, one.standing
    due = standing.next_due
    return (
        case.key,
        say(f"case-state.{state_of(one, now)}"),
        say(f"holder.{standing.ball.holder}"),
        paper.day(due, now),
        paper.day(case.last_at, now),
        one_line(case.customer.name),
        one_line(case.title),
    )


def coverage(folders: Sequence[Coverage], paper: Paper, now: datetime, *, roles: bool = False) -> list[str]:
    """What was read of each folder, until when, and what failed; folders of which the same is true in one line.

    `roles`: also as what each is read.
    """
    lines = [paper.heading(say("coverage.title"))]
    alike: dict[tuple[str, str], list[str]] = {}
    for one in folders:
        until = (
            say("coverage.until", until=paper.when(one.read_until, now)) if one.read_until else say("coverage.never")
        )
        facts = [until] if one.messages is None else [until, say("coverage.messages", n=one.messages)]
        if one.unreadable:
            facts.append(say("coverage.unreadable", n=one.unreadable))
        if not one.complete:
            facts.append(say("coverage.older"))
        name = one_line(f"{one.mailbox}/{one.folder}")
        alike.setdefault((" · ".join(facts), _failed(one, paper, now)), []).append(
            say("coverage.named", name=name, role=say(f"role.{one.role}")) if roles else name
        )
    for (facts_said, failed), names in alike.items():
        lines += [f"  {line}" for line in wrap(f"{', '.join(names)}: {facts_said}", paper.columns - 2)]
        lines += [f"    {paper.paint(line, 'alarm')}" for line in wrap(failed, paper.columns - 4) if line]
    return lines if folders else [*lines, f"  {say('coverage.none')}"]


def _failed(one: Coverage, paper: Paper, now: datetime) -> str:
    """Why a folder cannot be read, since when, and when that is tried again, where it is to wait for that."""
    if not one.error:
        return ""
    facts = [failure(one.error)]
    if one.failing_since:
        facts.append(say("coverage.since", since=paper.when(one.failing_since, now)))
    if one.next_try and one.next_try > now:
        facts.append(say("coverage.next-try", at=paper.when(one.next_try, now)))
    return " · ".join(facts)


def status(
    url: str, file: str, folders: Sequence[Coverage], aside: "Iterable[Quarantined]", paper: Paper, now: datetime
) -> list[str]:
    """The coverage, and every mail kept aside with its reason."""
    lines = [say("status.settings", file=one_line(file)), say("status.database", url=one_line(url)), ""]
    lines += coverage(folders, paper, now, roles=True)
    kept = [
        f"  {one_line(f'{one.place.mailbox}/{one.place.folder}')} UID {one.place.uid}: {failure(one.reason)}"
        f" ({paper.when(one.at, now)})"
        for one in aside
    ]
    return [*lines, "", paper.heading(say("status.quarantine")), *kept] if kept else lines


def results(found: "Iterable[FolderResult]") -> list[str]:
    """What reading brought, one line a folder."""
    lines = []
    for one in found:
        facts = [say("poll.new", n=one.new)] if one.mails or not one.error else []
        if one.mails != one.new:
            facts.append(say("poll.known", n=one.mails - one.new))
        if one.unreadable:
            facts.append(say("coverage.unreadable", n=one.unreadable))
        if one.error:
            facts.append(coded("failure", one.error.code))
        lines.append(f"{one_line(f'{one.mailbox}/{one.folder}')}: {' · '.join(facts)}")
    return lines


def nobodys(keep: str, found: "Nobodys", paper: Paper) -> list[str]:
    """What is kept of mail that is nobody's, which cases lack a mail's text, and at which mails filing broke."""
    kept = say(f"keep.{keep}")
    lines = ["", paper.heading(say("status.unfiled")), f"  {say('status.kept', n=found.unfiled, kept=kept)}"]
    if keep != Keep.ALL and found.whole:
        lines.append(f"  {say('status.whole', n=found.whole)}")
    if found.lacking:
        lines += ["", paper.heading(say("status.lacking"))]
    for one in found.lacking[:MOST_LISTED]:
        lines.append(f"  {one.case}  {cut(one_line(one.ref), LONGEST_REF)}  {say(f'content.{one.content}')}")
    lines += [f"  +{len(found.lacking) - MOST_LISTED}"] if len(found.lacking) > MOST_LISTED else []
    if found.faults:
        lines += ["", paper.heading(say("status.faults"))]
    return [*lines, *(f"  {cut(one_line(one.ref), LONGEST_REF)}  {why(one.reason)}" for one in found.faults)]


def letters(found: "Post", paper: Paper) -> list[str]:
    """How the letters to our people are, where some did not go out."""
    if not (found.waiting or found.unsure or found.given_up):
        return []
    facts = say("status.letters-facts", waiting=found.waiting, unsure=found.unsure, given_up=found.given_up)
    error = [f"    {paper.paint(coded('failure', found.error), 'alarm')}"] if found.error else []
    return ["", paper.heading(say("status.letters")), f"  {facts}", *error]


def why(reason: str) -> str:
    """Why a mail is unfiled, in words; after a fault also what broke where."""
    code, _, detail = reason.partition(": ")
    return f"{coded('unfiled', code)}{f' ({one_line(detail)})' if detail else ''}"


def unfiled(found: Sequence[Unfiled], paper: Paper, now: datetime) -> list[str]:
    """One line a mail: when, from whom, why, subject; the ref below it, and at the end how to file one."""
    if not found:
        return [say("unfiled.none")]
    rows = [(paper.when(one.at, now), name_of(one.sender), why(one.reason), one_line(one.subject)) for one in found]
    fixed = [min(20, max(width(row[n]) for row in rows)) for n in range(3)]
    lines = table(rows, (*fixed, max(10, paper.columns - sum(fixed) - 6)))
    listed = [
        line
        for row, one in zip(lines, found, strict=True)
        for line in (row, f"  {paper.paint(cut(one_line(one.ref), paper.columns - 2), 'dim')}")
    ]
    return [*listed, *_how_to_file(found, paper)]


def refiled(found: "Sequence[Refiled]", paper: Paper) -> list[str]:
    """Where each mail is now, and whether its text is there; then how to see a case and how to take it back."""
    lines = [f"{one.case}  {cut(one_line(one.ref), LONGEST_REF)}  {say(f'filed.{one.content}')}" for one in found]
    pages = [f"  {paper.command('timeline', key)}" for key in dict.fromkeys(one.case for one in found)]
    return [*lines, "", say("filed.more"), *pages, say("filed.undo"), f"  {paper.command('undo')}"]


def _how_to_file(found: Sequence[Unfiled], paper: Paper) -> list[str]:
    """A line to be pasted, for the newest mail that may be filed; one with odd signs in its ref cannot be typed.

    A colleague's mail comes last: it may belong to a case, and never makes him a customer.
    """
    may = [one for one in found if one.reason != "ignored" and one_line(one.ref) == one.ref]
    if not may:
        return []
    one = next((each for each in may if each.reason not in BY_COLLEAGUES), may[0])
    name = one_line(one.sender.name or one.sender.address)
    where = ("--customer", name) if name and one.reason not in BY_COLLEAGUES else ("--to", "CASE")
    bare = [say("unfiled.headers")] if any(each.content is not Content.WHOLE for each in found) else []
    said = [line for text in (*bare, say("unfiled.how")) for line in wrap(text, paper.columns)]
    return ["", *said, f"  {paper.command('unfiled', one.ref, *where)}"]
