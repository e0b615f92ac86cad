"""Lists as text: cases, a handover, promises, unfiled mail, what was read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cli import moments
from cli.columns import cut, flow, pad, table, width, wrap
from cli.paper import Paper
from cli.render_words import coded, due_words, name_of, one_line
from cli.words import say
from notes.handover import Overview, Row, RowState
from notes.model import Coverage, Directory, Held, Holder, Promise, Unfiled
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


def overview(one: Overview, directory: Directory, paper: Paper) -> list[str]:
    """The handover: a headline, then a block for each thing to do, then what was read."""
    names = {staff.id: staff.name for staff in directory.staff}
    burning = one.count(RowState.OVERDUE, RowState.TODAY)
    now = f"{moments.day_and_clock(one.as_of, 0)} {moments.offset(one.as_of)}"
    owner = one_line(names.get(one.owner, one.owner))
    waiting = one.count(RowState.WAITING)
    lines = [paper.heading(say("handover.title", owner=owner, burning=burning, waiting=waiting, now=now))]
    if one.standin:
        lines.append(say("handover.standin", standin=one_line(names.get(one.standin, one.standin))))
    for above, row in zip((None, *one.rows), one.rows, strict=False):
        same_case = above is not None and above.case.key == row.case.key
        lines += ["", *_row(row, paper, one.as_of, same_case=same_case)]
    if not one.rows:
        lines += ["", say("handover.none")]
    lines += ["", *coverage(one.coverage, paper, one.as_of)]
    if one.rows:
        lines += ["", say("handover.more", case=one.rows[0].case.key)]
    return lines


def _row(row: Row, paper: Paper, now: datetime, *, same_case: bool) -> list[str]:
    """One thing to do; what the row above has said of the same case is not said again."""
    label = pad(say(f"row-state.{row.state}"), int(say("handover.label-columns")))
    due = ""
    if row.promise:
        due = due_words(row.promise.due, row.due, paper, now) if row.due else ""
    elif row.due:
        due = f"{moments.day_and_clock(row.due.astimezone(paper.zone), now.year)}"
    indent = " " * (width(label) + 2)
    room = paper.columns - len(indent)
    head = "  ".join(part for part in (due, row.case.key, one_line(row.case.customer.name)) if part)
    lines = [f"{paper.paint(label, ROW_STYLE[row.state])}  {paper.paint(cut(head, room), 'bold')}"]
    if not same_case:
        lines.append(indent + cut(one_line(row.case.title), room))
    if row.promise:
        said = say("page.promise-us")
        quote = f"{said} {say('page.quote', quote=one_line(row.promise.quote))} ({row.promise.id})"
        lines += [indent + line for line in wrap(quote, room)]
    if not same_case:
        lines += [indent + line for line in flow(_row_facts(row, paper, now), room)]
    return lines


def _row_facts(row: Row, paper: Paper, now: datetime) -> list[str]:
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
        lines.append(f"  {one_line(f'{one.mailbox}/{one.folder}')}: {', '.join(facts)}")
        if one.error:
            lines.append(f"    {paper.paint(failure(one.error), 'alarm')}")
    return lines if folders else [*lines, f"  {say('coverage.none')}"]


def failure(kept: str) -> str:
    """A failure as the coverage keeps it, `code: what the server said`, in words."""
    code, _, said = kept.partition(": ")
    return f"{coded('failure', code)}{f' ({one_line(said)})' if said else ''}"


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
        facts = [say("poll.new", n=one.new)]
        if one.mails != one.new:
            facts.append(say("poll.known", n=one.mails - one.new))
        if one.unreadable:
            facts.append(say("coverage.unreadable", n=one.unreadable))
        if one.error:
            facts.append(coded("failure", one.error.code))
        lines.append(f"{one_line(f'{one.mailbox}/{one.folder}')}: {', '.join(facts)}")
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


def promises(listed: Sequence[tuple[str, Promise]], paper: Paper, now: datetime) -> list[str]:
    """The promise log: state and due date, the words, where they were said."""
    if not listed:
        return [say("promises.none")]
    lines: list[str] = []
    for key, one in listed:
        state = say(f"promise-state.{one.state(now)}")
        head = f"{one.id}  {state}  {due_words(one.due, one.due_now, paper, now)}  {say(f'by.{one.by}')}"
        lines.append(paper.heading(head))
        quote = say("page.quote", quote=one_line(one.quote))
        lines += [f"  {line}" for line in wrap(quote, paper.columns - 2)]
        lines.append(f"  {say('promises.case', case=key, when=paper.when(one.made_at, now))}")
    return lines
