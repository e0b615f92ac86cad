"""A handover as text: what burns, what can wait and what is not known in three lines; then a block for each case."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cli import moments
from cli.columns import cut, flow, pad, table, width, wrap
from cli.paper import Paper
from cli.render_lists import coverage
from cli.render_words import coded, due_words, failure, left_words, notices, one_line, titled
from cli.words import say
from notes.doubts import NotKnown
from notes.handover import Overview, Row, RowState
from notes.model import Coverage, Directory, Holder

NARROWEST_TITLE = 10
ROW_STYLE = {
    RowState.OVERDUE: "alarm",
    RowState.TODAY: "alarm",
    RowState.SOON: "yellow",
    RowState.WAITING: "yellow",
    RowState.QUIET: "dim",
}
BURNING = (RowState.OVERDUE, RowState.TODAY)
MOST_FIRST = 3
"""Things that a stand-in is told to do first."""


def overview(
    one: Overview, numbers: Mapping[str, int], directory: Directory, paper: Paper, standin: str | None = None
) -> list[str]:
    """The headline, three lines, what `standin` does first, a block for each case in the order to act, what was read.

    `numbers` are those that the mails have on their cases' pages; `standin` is a staff id.
    """
    names = directory.names
    standin = standin or one.standin
    lines = [paper.heading(title(one, directory))]
    if standin:
        lines.append(say("handover.standin", standin=one_line(names.get(standin, standin))))
    for text, style in summary(one, paper):
        lines += [paper.paint(line, style) if style else line for line in wrap(text, paper.columns)]
    if standin:
        lines += _first(one, numbers, names, standin, paper)
    for rows in blocks(one.rows):
        lines += ["", *_block(rows, numbers, paper, one.as_of)]
    if not one.rows:
        lines += ["", say("handover.none")]
    lines += ["", *coverage(one.coverage, paper, one.as_of)]
    if one.rows:
        lines += ["", say("handover.more"), f"  {paper.command('timeline', one.rows[0].case.key, at=True)}"]
    return lines


def may_be_away(offered: Sequence[NotKnown], paper: Paper) -> Iterator[str]:
    """That the owner's own automatic reply speaks of an absence, and the command that declares it."""
    for one in offered:
        yield ""
        yield from wrap(coded("not-known", one.code), paper.columns)
        yield f"  {one_line(one.detail)}"


def title(one: Overview, directory: Directory) -> str:
    """Whose handover it is, and as of when."""
    names = directory.names
    now = f"{moments.day_and_clock(one.as_of, 0)} {moments.offset(one.as_of)}"
    return say("handover.title", owner=one_line(names.get(one.owner, one.owner)), now=now)


def summary(one: Overview, paper: Paper) -> Iterator[tuple[str, str]]:
    """What burns, what can wait, what is not known; each with its style."""
    overdue, today = one.count(RowState.OVERDUE), one.count(RowState.TODAY)
    first = next((row for row in one.rows if row.state in BURNING), None)
    if first and first.due:
        facts = [fact for n, fact in ((overdue, "overdue"), (today, "today")) if n]
        counted = " · ".join(say(f"handover.n-{fact}", n={"overdue": overdue, "today": today}[fact]) for fact in facts)
        when = f"{due_words(first.due, paper, one.as_of)} {left_words(first.due, paper, one.as_of)}"
        yield say("handover.burns", facts=counted, case=first.case.key, when=when), "alarm"
    else:
        yield say("handover.burns-nothing"), ""
    counts = {state: one.count(state) for state in (RowState.SOON, RowState.WAITING, RowState.QUIET)}
    facts = [say(f"handover.n-{state}", n=n) for state, n in counts.items() if n]
    yield say("handover.can-wait", facts=" · ".join(facts) or say("page.none")), ""
    yield not_known(one.coverage, one.doubts, paper, one.as_of)


def not_known(
    folders: Sequence[Coverage], doubts: Mapping[str, int] | None, paper: Paper, now: datetime
) -> tuple[str, str]:
    """Until when everything was read, what was not, and how many mails are in doubt; with its style."""
    counted = [say(f"doubt.{code}", n=n) for code, n in sorted((doubts or {}).items()) if n]
    if not folders:
        return " · ".join([say("coverage.none"), *counted]), "yellow"
    read = [folder.read_until for folder in folders if folder.read_until]
    until = paper.when(min(now, *read), now) if read else "—"
    holes = [
        f"{one_line(f'{one.mailbox}/{one.folder}')} ({failure(one.error) if one.error else say('coverage.never')})"
        for one in folders
        if one.error or not one.read_until
    ]
    unreadable = sum(one.unreadable for one in folders)
    holes += [say("coverage.unreadable", n=unreadable)] if unreadable else []
    if not holes and not counted:
        return say("handover.all-read" if doubts is None else "handover.all-known", until=until), ""
    facts = [say("handover.read-except", until=until, holes=" · ".join(holes))] if holes else []
    if not holes and min(read) <= now:
        facts = [say("handover.read-all", until=until)]
    facts += counted
    return say("handover.not-known", facts=" · ".join(facts)), "yellow"


def _first(
    one: Overview, numbers: Mapping[str, int], names: Mapping[str, str], standin: str, paper: Paper
) -> Iterator[str]:
    """What the stand-in does first: whom to call, about what, until when, and where it is written."""
    rows = list({row.case.key: row for row in reversed(one.rows) if row.state in BURNING}.values())[::-1][:MOST_FIRST]
    if not rows:
        return
    yield ""
    yield paper.heading(say("handover.first", standin=one_line(names.get(standin, standin))))
    for n, row in enumerate(rows, 1):
        urgent = [text for text, _ in notices(row.returned, row.wish, numbers, paper, one.as_of)]
        wrapped = [
            line for text in (_to_answer(row, paper, one.as_of), *urgent) for line in wrap(text, paper.columns - 5)
        ]
        yield from (f"  {n}. {line}" if k == 0 else f"     {line}" for k, line in enumerate(wrapped))
        yield f"     {paper.command('timeline', row.case.key, at=True)}"


def _to_answer(row: Row, paper: Paper, now: datetime) -> str:
    """Who is to be answered, at which number, and until when."""
    contact = row.contact
    who = one_line(contact.name or contact.address) if contact else ""
    customer, when = one_line(row.case.customer.name), " ".join(row_when(row, paper, now))
    code = "handover.answer" if who and who != customer else "handover.answer-customer"
    text = say(code, who=who, customer=customer, when=when)
    phone = one_line(contact.phone) if contact and contact.phone else telephone(row)
    return f"{text} · {phone}" if phone else text


def telephone(row: Row) -> str:
    """Whom to ring up where the contact's number is not known; empty where it is, or nobody's is."""
    reach = row.reach
    return (
        say("handover.reach", who=one_line(reach.name or reach.address), phone=one_line(reach.phone or ""))
        if reach
        else ""
    )


def blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each case together, the cases in the order in which they come first."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case.key, []).append(row)
    return list(found.values())


def _block(rows: Sequence[Row], numbers: Mapping[str, int], paper: Paper, now: datetime) -> Iterator[str]:
    """A case with all that is to be done in it."""
    first = rows[0]
    head = f"{first.case.key}  {one_line(first.case.customer.name)}"
    yield paper.paint(cut(head, paper.columns), "bold")
    yield from (f"  {line}" for line in wrap(titled(first.case.title), paper.columns - 2))
    for text in hints(first):
        yield from (f"  {paper.paint(line, 'yellow')}" for line in wrap(text, paper.columns - 2))
    yield from (f"  {line}" for line in flow(case_facts(first, paper, now), paper.columns - 2))
    for text, style in notices(first.returned, first.wish, numbers, paper, now):
        yield from (f"  {paper.paint(line, style)}" for line in wrap(text, paper.columns - 2))
    for row in rows:
        yield from _row(row, numbers, paper, now)


def _row(row: Row, numbers: Mapping[str, int], paper: Paper, now: datetime) -> Iterator[str]:
    """One thing to do: until when, and the words that say so."""
    label = pad(say(f"row-state.{row.state}"), int(say("handover.label-columns")))
    indent = " " * (width(label) + 4)
    when = row_when(row, paper, now)
    text = f"{row_reason(row)} {row_source(row, numbers)}".rstrip()
    if row.promise:
        text = f"{text} {row.promise.id}"
    first, *rest = (["  ".join(when)] if when else []) + wrap(text, paper.columns - len(indent))
    yield f"  {paper.paint(label, ROW_STYLE[row.state])}  {first}"
    yield from (indent + line for line in rest)


def row_when(row: Row, paper: Paper, now: datetime) -> list[str]:
    """Until when, and how long that is; of a promise without a date, that there is none."""
    if row.due:
        when = [due_words(row.due, paper, now), left_words(row.due, paper, now)]
        first = row.promise.due.to if row.promise else None  # which is what its words say
        moved = first is not None and first != row.due
        return [*when, say("handover.moved", was=paper.day(first, now))] if moved else when
    return [say("page.no-date")] if row.promise else []


def row_reason(row: Row) -> str:
    """The promise in its own words, or why the case is here."""
    if row.promise:
        quote = say("page.quote", quote=one_line(row.promise.quote))
        return say("handover.told", who=one_line(row.told), quote=quote) if row.told else quote
    return say("handover.wanted") if row.due else coded("reason", row.ball.reason)


def row_source(row: Row, numbers: Mapping[str, int]) -> str:
    """The number of the mail that says so."""
    ref = row.promise.made_in if row.promise else None if row.due else row.ball.because
    return f"[#{numbers[ref]}]" if ref and ref in numbers else ""


def hints(row: Row) -> list[str]:
    """How the customer is to be treated."""
    return [say("handover.hint", text=one_line(one.text)) for one in row.hints]


def case_facts(row: Row, paper: Paper, now: datetime) -> list[str]:
    """Whom to ask for and at which number, how long they wait, what is unanswered, last words in and out."""
    facts = []
    if row.contact:
        facts.append(" ".join(one_line(part) for part in (row.contact.name, row.contact.phone or "") if part))
    facts.append(telephone(row))
    if row.ball.holder is Holder.US and row.waited >= 1:
        facts.append(say("handover.waited", hours=f"{row.waited:.0f}"))
    if row.unanswered:
        facts.append(say("handover.unanswered", n=row.unanswered))
    facts.append(say("handover.last", last_in=paper.when(row.last_in, now), last_out=paper.when(row.last_out, now)))
    return [fact for fact in facts if fact]


def everybody(found: Sequence[Overview], directory: Directory, paper: Paper) -> list[str]:
    """For who looks after all: a headline for each owner, then one line a case."""
    names = directory.names
    lines: list[str] = []
    for one in found:
        rows = [block[0] for block in blocks(one.rows)]
        burning = one.count(*BURNING)
        owner = one_line(names.get(one.owner, one.owner)) or say("handover.nobody")
        head = say("handover.of-owner", owner=owner, n=len(rows), burning=burning)
        lines += ["", paper.heading(head)] if lines else [paper.heading(head)]
        lines += _case_lines(rows, paper, one.as_of)
    if not found:
        return [say("handover.none")]
    text, style = not_known(found[0].coverage, None, paper, found[0].as_of)
    return [*lines, "", *(paper.paint(line, style) if style else line for line in wrap(text, paper.columns))]


def _case_lines(rows: Sequence[Row], paper: Paper, now: datetime) -> list[str]:
    cells: list[tuple[str, ...]] = [
        (
            say(f"row-state.{row.state}"),
            row.case.key,
            paper.when(row.due, now) if row.due else "",
            say("handover.hours", hours=f"{row.waited:.0f}") if row.waited >= 1 else "",
            f"{one_line(row.case.customer.name)}  {one_line(row.case.title)}",
        )
        for row in rows
    ]
    if not cells:
        return []
    fixed = [max(width(cell[n]) for cell in cells) for n in range(4)]
    left = paper.columns - sum(fixed) - 10
    if left < NARROWEST_TITLE:  # the hours go: they are on the next page, too
        cells, fixed, left = [(*cell[:3], cell[4]) for cell in cells], fixed[:3], left + fixed[3] + 2
    return [f"  {line}" for line in table(cells, (*fixed, max(NARROWEST_TITLE, left)))]
