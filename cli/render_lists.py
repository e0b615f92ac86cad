"""Lists as text: cases, a handover, promises, unfiled mail, what was read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cli import moments
from cli.columns import cut, flow, pad, table, width, wrap
from cli.paper import Paper
from cli.render_words import coded, due_words, failure, left_words, name_of, one_line
from cli.words import say
from notes.handover import Overview, Row, RowState
from notes.model import Coverage, Directory, Held, Holder, Unfiled
from notes.timeline import state_of

if TYPE_CHECKING:
    from ingest.poll import FolderResult
    from notes.store.places import Quarantined

NARROW = 40
"""Columns that customer and title need together to be worth two columns."""

ROW_STYLE = {
    RowState.OVERDUE: "alarm",
    RowState.TODAY: "alarm",
    RowState.SOON: "yellow",
    RowState.WAITING: "yellow",
    RowState.QUIET: "dim",
}


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


def overview(one: Overview, numbers: Mapping[str, int], directory: Directory, paper: Paper) -> list[str]:
    """The handover: a headline, a block for each case in the order to act, then what was read.

    `numbers` are those that the mails have on their cases' pages.
    """
    names = {staff.id: staff.name for staff in directory.staff}
    burning, waiting = one.count(RowState.OVERDUE, RowState.TODAY), one.count(RowState.WAITING)
    now = f"{moments.day_and_clock(one.as_of, 0)} {moments.offset(one.as_of)}"
    owner = one_line(names.get(one.owner, one.owner))
    lines = [paper.heading(say("handover.title", owner=owner, burning=burning, waiting=waiting, now=now))]
    if one.standin:
        lines.append(say("handover.standin", standin=one_line(names.get(one.standin, one.standin))))
    blocks: dict[str, list[Row]] = {}
    for row in one.rows:
        blocks.setdefault(row.case.key, []).append(row)
    for rows in blocks.values():
        lines += ["", *_block(rows, numbers, paper, one.as_of)]
    if not one.rows:
        lines += ["", say("handover.none")]
    lines += ["", *coverage(one.coverage, paper, one.as_of)]
    if one.rows:
        lines += ["", say("handover.more"), f"  {paper.command('timeline', one.rows[0].case.key, at=True)}"]
    return lines


def _block(rows: Sequence[Row], numbers: Mapping[str, int], paper: Paper, now: datetime) -> Iterator[str]:
    """A case with all that is to be done in it."""
    first = rows[0]
    head = f"{first.case.key}  {one_line(first.case.customer.name)}"
    yield paper.paint(cut(head, paper.columns), "bold")
    yield from (f"  {line}" for line in wrap(one_line(first.case.title), paper.columns - 2))
    yield from (f"  {line}" for line in flow(_case_facts(first, paper, now), paper.columns - 2))
    for row in rows:
        yield from _row(row, numbers, paper, now)


def _row(row: Row, numbers: Mapping[str, int], paper: Paper, now: datetime) -> Iterator[str]:
    """One thing to do: until when, and the words that say so."""
    label = pad(say(f"row-state.{row.state}"), int(say("handover.label-columns")))
    indent = " " * (width(label) + 4)
    when = [due_words(row.due, paper, now), left_words(row.due, paper, now)] if row.due else []
    if row.promise:
        when = when or [say("page.no-date")]
        quote = say("page.quote", quote=one_line(row.promise.quote))
        text = f"{quote} {_number(row.promise.made_in, numbers)} {row.promise.id}"
    elif row.due:
        text = say("handover.wanted")
    else:
        text = f"{coded('reason', row.ball.reason)} {_number(row.ball.because, numbers)}".rstrip()
    first, *rest = (["  ".join(when)] if when else []) + wrap(text, paper.columns - len(indent))
    yield f"  {paper.paint(label, ROW_STYLE[row.state])}  {first}"
    yield from (indent + line for line in rest)


def _number(ref: str | None, numbers: Mapping[str, int]) -> str:
    return f"[#{numbers[ref]}]" if ref and ref in numbers else ""


def _case_facts(row: Row, paper: Paper, now: datetime) -> list[str]:
    facts = []
    if row.contact:
        facts.append(" ".join(one_line(part) for part in (row.contact.name, row.contact.phone or "") if part))
    if row.ball.holder is Holder.US and row.waited >= 1:
        facts.append(say("handover.waited", hours=f"{row.waited:.0f}"))
    if row.unanswered:
        facts.append(say("handover.unanswered", n=row.unanswered))
    facts.append(say("handover.last", last_in=paper.when(row.last_in, now), last_out=paper.when(row.last_out, now)))
    return [fact for fact in facts if fact]


def coverage(folders: Sequence[Coverage], paper: Paper, now: datetime) -> list[str]:
    """What was read of each folder, until when, and what failed."""
    lines = [paper.heading(say("coverage.title"))]
    for one in folders:
        until = (
            say("coverage.until", until=paper.when(one.read_until, now)) if one.read_until else say("coverage.never")
        )
        facts = [until, say("coverage.messages", n=one.messages)]
        if one.unreadable:
            facts.append(say("coverage.unreadable", n=one.unreadable))
        lines.append(f"  {one_line(f'{one.mailbox}/{one.folder}')}: {' · '.join(facts)}")
        if one.error:
            lines.append(f"    {paper.paint(failure(one.error), 'alarm')}")
    return lines if folders else [*lines, f"  {say('coverage.none')}"]


def status(
    url: str, file: str, folders: Sequence[Coverage], aside: "Iterable[Quarantined]", paper: Paper, now: datetime
) -> list[str]:
    """The coverage, and every mail kept aside with its reason."""
    lines = [say("status.settings", file=one_line(file)), say("status.database", url=one_line(url)), ""]
    lines += coverage(folders, paper, now)
    kept = [
        f"  {one_line(f'{one.place.mailbox}/{one.place.folder}')} UID {one.place.uid}: {coded('failure', one.reason)}"
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


def unfiled(found: Sequence[Unfiled], paper: Paper, now: datetime) -> list[str]:
    """One line a mail: when, from whom, why, subject; the ref below it, to be shown or filed."""
    if not found:
        return [say("unfiled.none")]
    rows = [
        (paper.when(one.at, now), name_of(one.sender), coded("unfiled", one.reason), one_line(one.subject))
        for one in found
    ]
    fixed = [min(20, max(width(row[n]) for row in rows)) for n in range(3)]
    lines = table(rows, (*fixed, max(10, paper.columns - sum(fixed) - 6)))
    return [
        line
        for row, one in zip(lines, found, strict=True)
        for line in (row, f"  {paper.paint(cut(one_line(one.ref), paper.columns - 2), 'dim')}")
    ]
