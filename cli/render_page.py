"""The page of a case as text: what is due, who must act, what was promised in which words, and where it says so.

Every statement carries the number of the mail it comes from. The order is that of the contract.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from cli import moments, render_promises, render_timeline
from cli.columns import cut, flow, pad, wrap
from cli.harmless import harmless
from cli.paper import Paper
from cli.render_words import coded, due_words, failure, name_of, notices, one_line, rule_words, source, titled
from cli.words import say
from notes.doubts import NotKnown, doubtful_case
from notes.model import (
    SUGGESTING,
    Calendar,
    CaseState,
    Direction,
    Directory,
    Hint,
    Holder,
    Joined,
    Kind,
    Person,
    Question,
)
from notes.squeezed import squeezed
from notes.stands import owed
from notes.timeline import Entry, Page
from notes.told import Told
from notes.workdays import shift, workday_from

if TYPE_CHECKING:
    from cli.diary import Sheet

LAST_WORDS_LINES = 12
"""Lines of the last words of each side that the page shows; the whole mail is one command away."""

MOST_OWNERS = 2
MOST_PEOPLE = 5
MOST_TOLD, TOLD_LINES = 8, 3


def page(sheet: "Sheet", directory: Directory, calendar: Calendar, paper: Paper) -> list[str]:
    """The lines of the page."""
    one = sheet.page
    names = directory.names
    sections = (
        (None, _header(one, names, paper)),
        ("page.ball", _ball(one, paper)),
        ("page.promises", render_promises.of_case(one, names, paper)),
        ("page.questions", _questions(one, paper)),
        ("page.told", _told(one, paper)),
        ("page.last-words", _last_words(one, paper)),
        ("page.timeline", render_timeline.of_case(one, sheet.decisions, names, paper)),
        ("page.also-open", _also_open(sheet, paper)),
        ("page.not-known", not_known(one, paper)),
        ("page.next", _next(one, directory, calendar, paper)),
    )
    lines: list[str] = []
    for title, body in sections:
        found = list(body)
        if title and found:
            lines += ["", paper.heading(say(title))]
        lines += found
    return lines


def _header(one: Page, names: Mapping[str, str], paper: Paper) -> Iterator[str]:
    case, now = one.case, one.as_of
    yield from (paper.paint(line, "bold") for line in wrap(f"{case.key}  {titled(case.title)}", paper.columns))
    for text in hints(one.hints):
        yield from _field("page.hint", (text,), paper, "yellow")
    domains = ", ".join((*case.customer.domains, *case.customer.addresses)[:4])
    known_by = f"({one_line(domains)})" if domains else ""
    yield from _field("page.company", (one_line(case.customer.name), known_by), paper)
    outside = sorted((who for who in one.people if who.role != "staff"), key=lambda who: who.role != "customer")
    for n, who in enumerate(outside[:MOST_PEOPLE]):
        yield from _field("page.contacts" if n == 0 else None, contact(who, one), paper)
    if len(outside) > MOST_PEOPLE:
        yield from _field(None, (say("page.more-people", n=len(outside) - MOST_PEOPLE),), paper)
    owner, standin = (one_line(names.get(who, who)) if who else "—" for who in (case.owner, case.standin))
    facts = (
        f"{owner}{former_owners(one, names, paper)}",
        say("page.standin", standin=standin),
        say("page.state", state=say(f"case-state.{one.state}")),
    )
    yield from _field("page.owner", facts, paper, "yellow" if one.state is CaseState.OPEN else "dim")
    first, last = paper.when(case.opened_at, now), paper.when(case.last_at, now)
    yield from _field("page.span", (say("page.span-line", first=first, last=last, n=len(one.entries)),), paper)
    yield from _field("page.as-of", (f"{moments.day_and_clock(now, 0)} {moments.offset(now)}",), paper)


def hints(said: Iterable[Hint]) -> list[str]:
    """How the customer is to be treated, and who says so."""
    return [say("page.hint-line", text=one_line(one.text), who=name_of(one.sender)) for one in said]


def former_owners(one: Page, names: Mapping[str, str], paper: Paper) -> str:
    """Who looked after the case before, until when, and the mail that shows it: ` (佐藤 11/12まで [#7])`."""
    told = []
    for before, after in zip(one.owners, one.owners[1:], strict=False):
        who, until = one_line(names.get(before.who, before.who)), paper.when(after.since, one.as_of)
        number = one.number(after.ref)
        evidence = f" [#{number}]" if number else ""
        told += [say("page.owner-until", owner=who, until=until) + evidence] if before.who != after.who else []
    return f" ({', '.join(told[-MOST_OWNERS:])})" if told else ""


def _field(title: str | None, parts: tuple[str, ...], paper: Paper, style: str | None = None) -> Iterator[str]:
    wide = int(say("page.field-columns"))
    label = pad(say(title) if title else "", wide)
    for n, line in enumerate(flow((part for part in parts if part), paper.columns - wide - 2, "  ")):
        shown = paper.paint(line, style) if style else line
        yield f"{label if n == 0 else ' ' * wide}  {shown}"


def contact(who: Person, one: Page) -> tuple[str, ...]:
    """Name and address, telephone, department and title, empty where not known; that mail to it comes back."""
    named = f"{one_line(who.name)} <{one_line(who.address)}>" if who.name else one_line(who.address)
    about = " ".join(one_line(part) for part in dict.fromkeys((who.department, who.title)) if part)
    company = one_line(who.company or "") if who.role == "other" else ""
    bounced = next(
        (each.bounce.ref for each in one.returned if [to.address for to in each.mail.to] == [who.address]), ""
    )
    comes_back = say("page.comes-back", source=source(one, bounced)) if bounced else ""
    return named, comes_back, company, one_line(who.phone or ""), about


def _ball(one: Page, paper: Paper) -> Iterator[str]:
    style = "alarm" if one.ball.holder is Holder.US else "bold"
    for text, painted in ((ball_words(one, paper), style), *said_between(one, paper)):
        yield from (f"  {paper.paint(line, painted)}" for line in wrap(text, paper.columns - 2))


def said_between(one: Page, paper: Paper) -> Iterator[tuple[str, str]]:
    """What of ours never arrived and stands at no promise, and how they want to be reached; each with its style."""
    numbers = {entry.mail.ref: entry.n for entry in one.entries}
    first = min((promise.made_at for promise in owed(one.promises)), default=one.as_of)
    returned = [each for each in one.returned if each.mail.at <= first]
    return notices(returned, one.wish, numbers, paper, one.as_of)


def ball_words(one: Page, paper: Paper) -> str:
    """Who must act, since when, and why."""
    ball = one.ball
    since = paper.when(ball.since, one.as_of)
    hours = f"{one.ball_hours:.0f}" if one.ball_hours >= 10 else f"{one.ball_hours:.1f}".removesuffix(".0")
    reason = coded("reason", ball.reason)
    code = f"page.ball-{ball.holder}" if ball.since else "page.ball-nobody"
    return say(code, since=since, hours=hours, reason=reason, source=source(one, ball.because)).rstrip()


def _questions(one: Page, paper: Paper) -> Iterator[str]:
    for question in one.questions:
        text = f"{question_age(one, question, paper)} {say('page.quote', quote=one_line(question.quote))}"
        for n, line in enumerate(wrap(text, paper.columns - 4)):
            yield f"  {'? ' if n == 0 else '  '}{line}"
    if not one.questions:
        yield f"  {say('page.none')}"


def question_age(one: Page, question: Question, paper: Paper) -> str:
    """Where a question was asked, how long ago, and until when an answer is wanted."""
    days = (one.as_of - question.at).days
    age = say("page.age-days", n=days) if days else say("page.age-today")
    wanted = [say("page.wanted", wanted=due_words(question.wanted, paper, one.as_of))] if question.wanted else []
    return " · ".join([f"{source(one, question.asked_in)} {age}", *wanted])


def _told(one: Page, paper: Paper) -> Iterator[str]:
    every = told_besides(one)
    for each in every[-MOST_TOLD:]:
        names = ", ".join(one_line(figure.text) for figure in each.figures)
        text = say("page.quote", quote=one_line(each.quote)) if each.quote else say("page.attachments", names=names)
        for n, line in enumerate(wrap(f"{source(one, each.told_in)} {text}", paper.columns - 4)[:TOLD_LINES]):
            yield f"  {'  ' if n else '· '}{line}"
    if len(every) > MOST_TOLD:
        yield f"  {say('page.told-more', n=len(every) - MOST_TOLD)}"


def told_besides(one: Page) -> list[Told]:
    """What the customer was told; a promise that still holds stands above already."""
    held = {squeezed(each.quote) for each in one.promises if not (each.kept or each.withdrawn)}
    return [each for each in one.told if squeezed(each.quote) not in held]


def _last_words(one: Page, paper: Paper) -> Iterator[str]:
    for direction in (Direction.IN, Direction.OUT):
        entry = one.last(direction)
        if entry:
            yield from _words_of(entry, one.case.key, paper, one.as_of)


def _words_of(entry: Entry, key: str, paper: Paper, now: datetime) -> Iterator[str]:
    mail = entry.mail
    head = f"{say(f'direction.{mail.direction}')} [#{entry.n}] {paper.when(mail.at, now)} {name_of(mail.sender)}"
    yield f"  {paper.paint(cut(head, paper.columns - 2), 'cyan')}"
    text = harmless(mail.new_text).strip("\n").split("\n")
    lines = [line for part in _without_gaps(text) for line in wrap(part, paper.columns - 4)]
    yield from (f"    {line}".rstrip() for line in lines[:LAST_WORDS_LINES])
    left_out = len(lines) - LAST_WORDS_LINES
    hidden = []
    if left_out > 0:
        hidden.append(say("page.lines-more", n=left_out))
    if mail.hidden_lines:
        hidden.append(say("page.quote-hidden", n=mail.hidden_lines))
    if hidden:
        note = f"({'; '.join(hidden)}) {paper.command('show', f'{key}#{entry.n}')}"
        yield f"    {paper.paint(note, 'dim')}"


def _without_gaps(lines: list[str]) -> Iterator[str]:
    """Lines with runs of empty ones folded into one."""
    before = "x"
    for line in lines:
        if line.strip() or before.strip():
            yield line.rstrip()
        before = line


def _also_open(sheet: "Sheet", paper: Paper) -> Iterator[str]:
    for key in sheet.page.also_open:
        yield cut(f"  {key}  {one_line(sheet.titles.get(key, ''))}".rstrip(), paper.columns)


def not_known(one: Page, paper: Paper) -> Iterator[str]:
    """What the page cannot say, and its doubts."""
    unread: dict[str, list[str]] = {}
    for each in one.not_known:
        if each.code == "folder-unread":
            folder, _, kept = each.detail.partition(": ")
            unread.setdefault(kept, []).append(one_line(folder))
        else:
            text = f"{coded('not-known', each.code)}: {_detail(one, each)}"
            yield from (f"  {line}" for line in wrap(text, paper.columns - 2))
            number = one.number(each.detail) if each.code == "doubtful-join" else None
            if number:
                yield f"    {paper.command('why', f'{one.case.key}#{number}')}"
    for kept, folders in unread.items():
        text = f"{say('not-known.folder-unread')}: {', '.join(folders)} – {failure(kept)}"
        yield from (f"  {line}" for line in wrap(text, paper.columns - 2))


def _detail(one: Page, each: NotKnown) -> str:
    """A mail's number, and why it is here where that is in doubt."""
    entry = next((entry for entry in one.entries if entry.mail.ref == each.detail), None)
    if entry and each.code == "doubtful-join":
        return f"[#{entry.n}] ({'; '.join(_doubts(entry.mail.joined, one.case.key))})"
    if entry:
        return f"[#{entry.n}]"
    return one_line(each.detail)


def _doubts(joined: Joined, key: str) -> Iterator[str]:
    """Why it is in doubt whose mail it is, or which matter it is about, and what else it may be."""
    if joined.customer_rule in SUGGESTING:
        reason = say("page.guessed", reason=rule_words(joined.customer_rule))
        yield say("page.joined", reason=reason, score=f"{joined.customer_score:.2f}")
    if doubtful_case(joined, key):
        yield say("page.joined", reason=coded("joined", joined.rule), score=f"{joined.score:.2f}")
        if joined.runner_up:
            yield say("page.or-else", case=joined.runner_up)


def _next(one: Page, directory: Directory, calendar: Calendar, paper: Paper) -> Iterator[str]:
    """Only commands that exist, each alone on its line so that it can be pasted; those of the promise due first."""
    still = owed(one.promises)
    if still:
        first = still[0]
        later = proposal(one, calendar)
        yield f"  {say('page.next-keep', id=first.id)}"
        yield f"    {paper.command('promise', 'keep', first.id, at=True)}"
        yield f"  {say('page.next-move', id=first.id)}"
        yield f"    {paper.command('promise', 'move', first.id, later, at=True)}"
    yield from _write(one, bool(still), directory, paper)
    newest = one.last(Direction.IN) or (one.entries[-1] if one.entries else None)
    if newest:
        yield f"  {say('page.next-show', source=f'[#{newest.n}]')}"
        yield f"    {paper.command('show', f'{one.case.key}#{newest.n}')}"
    yield from _put_right(one, paper)


def _write(one: Page, owing: bool, directory: Directory, paper: Paper) -> Iterator[str]:
    """A draft to the customer, in the name of who stands in; where nobody does, of a colleague who can."""
    if not any(entry.mail.kind in (Kind.MAIL, Kind.FORWARD) for entry in one.entries) or not directory.staff:
        return
    key = one.case.key
    writer = () if one.case.standin else ("--from", _colleague(one, directory))
    if owing:
        yield f"  {say('page.next-grace')}"
        yield f"    {paper.command('draft', key, '--grace', *writer, '-o', f'{key}.eml')}"
    elif one.ball.holder is Holder.US:
        yield f"  {say('page.next-draft')}"
        yield f"    {paper.command('draft', key, *writer, '-o', f'{key}.eml')}"


def _colleague(one: Page, directory: Directory) -> str:
    """Who knows the case best and is not its owner; the owner where there is nobody else."""
    seen = {entry.mail.sender.address for entry in one.entries}
    others = [person for person in directory.staff if person.id != one.case.owner] or list(directory.staff)
    return next((person.id for person in others if seen & set(person.addresses)), others[0].id)


def _put_right(one: Page, paper: Paper) -> Iterator[str]:
    """What a person may correct: the first mail in doubt, a matter that is done or is not."""
    key = one.case.key
    doubts = [each.detail for each in one.not_known if each.code == "doubtful-join"]
    doubted = next((entry for entry in one.entries if entry.mail.ref in doubts and entry.n > 1), None)
    if doubted:
        second = doubted.mail.joined.runner_up
        elsewhere = ("case", "move", f"{key}#{doubted.n}", second)
        put = elsewhere if second in one.also_open else ("case", "split", key, str(doubted.n))
        yield f"  {say('page.next-elsewhere', source=f'[#{doubted.n}]')}"
        yield f"    {paper.command(*put)}"
    closed = one.state is CaseState.CLOSED
    if closed or one.ball.holder is Holder.NOBODY:
        yield f"  {say('page.next-reopen' if closed else 'page.next-close')}"
        yield f"    {paper.command('case', 'reopen' if closed else 'close', key)}"


def proposal(one: Page, calendar: Calendar) -> str:
    """A later date to begin with: five o'clock, or our closing time, of the next working day that is still ahead."""
    due = next((each.due_now for each in owed(one.promises)), None)
    after = max(one.as_of, due or one.as_of).astimezone(calendar.zone)
    clock = min(time(17), calendar.closes)
    today: date = after.date()
    day = workday_from(today if after.time() < clock else shift(today, 1), calendar)
    return f"{day:%Y-%m-%d} {clock:%H:%M}"
