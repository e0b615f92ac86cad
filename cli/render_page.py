"""The page of a case as text: what is due, who must act, what was promised in which words, and where it says so.

Every statement carries the number of the mail it comes from. The order is that of the contract.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from cli import moments
from cli.columns import ELLIPSIS, cut, flow, pad, width, wrap
from cli.harmless import harmless
from cli.paper import Paper
from cli.render_words import coded, due_words, name_of, one_line, size
from cli.words import say
from notes.model import (
    Attachment,
    By,
    CaseState,
    Direction,
    Directory,
    Filed,
    Holder,
    Kind,
    Move,
    Person,
    Promise,
    PromiseState,
)
from notes.timeline import Entry, Page

LAST_WORDS_LINES = 12
"""Lines of the last words of each side that the page shows; the whole mail is one command away."""

GIST_LINES = 2
WHO_COLUMNS = 14
STATE_STYLE = {
    PromiseState.OVERDUE: "alarm",
    PromiseState.OPEN: "yellow",
    PromiseState.KEPT: "green",
    PromiseState.KEPT_LATE: "green",
    PromiseState.WITHDRAWN: "dim",
}


def page(one: Page, directory: Directory, paper: Paper) -> list[str]:
    """The lines of the page."""
    names = {staff.id: staff.name for staff in directory.staff}
    sections = (
        (None, _header(one, names, paper)),
        ("page.ball", _ball(one, paper)),
        ("page.promises", _promises(one, paper)),
        ("page.questions", _questions(one, paper)),
        ("page.last-words", _last_words(one, paper)),
        ("page.timeline", _timeline(one, paper)),
        ("page.also-open", (f"  {key}" for key in one.also_open)),
        ("page.not-known", _not_known(one, paper)),
        ("page.next", _next(one)),
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
    yield paper.paint(cut(f"{case.key}  {one_line(case.title)}", paper.columns), "bold")
    domains = ", ".join((*case.customer.domains, *case.customer.addresses)[:4])
    known_by = f" ({one_line(domains)})" if domains else ""
    yield from _field("page.company", f"{one_line(case.customer.name)}{known_by}", paper)
    outside = sorted((who for who in one.people if who.role != "staff"), key=lambda who: who.role != "customer")
    for n, who in enumerate(outside[:5]):
        yield from _field("page.contacts" if n == 0 else None, _contact(who), paper)
    if len(outside) > 5:
        yield from _field(None, say("page.more-people", n=len(outside) - 5), paper)
    owner, standin = (one_line(names.get(who, who)) if who else "—" for who in (case.owner, case.standin))
    state = say(f"case-state.{one.state}")
    style = "yellow" if one.state is CaseState.OPEN else "dim"
    yield from _field("page.owner", say("page.owner-line", owner=owner, standin=standin, state=state), paper, style)
    first, last = paper.when(case.opened_at, now), paper.when(case.last_at, now)
    yield from _field("page.span", say("page.span-line", first=first, last=last, n=len(one.entries)), paper)
    as_of = f"{moments.day_and_clock(now, 0)} {moments.offset(now)}"
    yield from _field("page.as-of", as_of, paper)


def _field(title: str | None, text: str, paper: Paper, style: str | None = None) -> Iterator[str]:
    wide = int(say("page.field-columns"))
    label = pad(say(title) if title else "", wide)
    for n, line in enumerate(wrap(text, paper.columns - wide - 2)):
        shown = paper.paint(line, style) if style else line
        yield f"{label if n == 0 else ' ' * wide}  {shown}"


def _contact(who: Person) -> str:
    about = " ".join(one_line(part) for part in dict.fromkeys((who.department, who.title)) if part)
    named = f"{one_line(who.name)} <{one_line(who.address)}>" if who.name else one_line(who.address)
    return "  ".join(part for part in (named, about, one_line(who.phone or "")) if part)


def _ball(one: Page, paper: Paper) -> Iterator[str]:
    ball = one.ball
    source = _source(one, ball.because)
    since = paper.when(ball.since, one.as_of)
    hours = f"{one.ball_hours:.0f}" if one.ball_hours >= 10 else f"{one.ball_hours:.1f}".removesuffix(".0")
    reason = coded("reason", ball.reason)
    code = f"page.ball-{ball.holder}" if ball.since else "page.ball-nobody"
    text = say(code, since=since, hours=hours, reason=reason, source=source).rstrip()
    style = "alarm" if ball.holder is Holder.US else "bold"
    for n, line in enumerate(wrap(text, paper.columns - 2)):
        yield f"  {paper.paint(line, style) if n == 0 else line}"


def _source(one: Page, ref: str | None) -> str:
    """`[#7]`; the ref itself for a mail that is not on this page, nothing for none."""
    if ref is None:
        return ""
    if ref.startswith("person:"):
        return f"({one_line(ref.removeprefix('person:'))})"
    number = one.number(ref)
    return f"[#{number}]" if number else f"[{one_line(ref)}]"


def _promises(one: Page, paper: Paper) -> Iterator[str]:
    order = {PromiseState.OVERDUE: 0, PromiseState.OPEN: 1}
    last = datetime.max.replace(tzinfo=one.as_of.tzinfo)
    listed = sorted(one.promises, key=lambda p: (order.get(p.state(one.as_of), 2), p.due_now or last, p.made_at))
    for promise in listed:
        yield from _promise(one, promise, paper)
    if not listed:
        yield f"  {say('page.none')}"


def _promise(one: Page, promise: Promise, paper: Paper) -> Iterator[str]:
    state = promise.state(one.as_of)
    label = say(f"promise-state.{state}")
    made = _source(one, promise.made_in)
    said = say("page.promise-us" if promise.by is By.US else "page.promise-them")
    quote = say("page.quote", quote=one_line(promise.quote))
    head = f"{said} {quote} {made}"
    for n, line in enumerate(wrap(head, paper.columns - 4 - width(label))):
        mark = paper.paint(label, STATE_STYLE[state]) if n == 0 else " " * width(label)
        yield f"  {mark}  {line}"
    indent = " " * (width(label) + 4)
    for fact in _facts(one, promise, paper, paper.columns - len(indent)):
        for line in wrap(fact, paper.columns - len(indent)):
            yield indent + line


def _facts(one: Page, promise: Promise, paper: Paper, columns: int) -> Iterator[str]:
    now = one.as_of
    certainty = say(f"certainty.{promise.certainty}")
    facts = [say("page.due", due=due_words(promise.due, promise.due.to, paper, now), certainty=certainty)]
    if promise.conditional:
        facts.append(say("page.conditional"))
    facts.append(say("page.confirmed" if promise.confirmed else "page.score", score=f"{promise.score:.2f}"))
    facts.append(promise.id)
    yield from flow(facts, columns)
    for move in promise.moves:
        yield _move(one, promise, move, paper)
    if promise.also_in:
        yield say("page.also-in", sources=" ".join(_source(one, ref) for ref in promise.also_in[:8]))
    for code, evidence in (("page.withdrawn", promise.withdrawn), ("page.kept", promise.kept)):
        if evidence:
            reason = coded("reason", evidence.reason)
            source = _source(one, evidence.ref)
            yield say(
                code, when=paper.when(evidence.at, now), source=source, reason=reason, score=f"{evidence.score:.2f}"
            )


def _move(one: Page, promise: Promise, move: Move, paper: Paper) -> str:
    to = due_words(promise.due, move.to, paper, one.as_of)
    source = _source(one, move.ref)
    if move.void:
        return say("page.moved-void", to=to, source=source)
    if move.agreed_in:
        return say("page.moved-agreed", to=to, source=source, agreed=_source(one, move.agreed_in))
    return say("page.moved-alone", to=to, source=source)


def _questions(one: Page, paper: Paper) -> Iterator[str]:
    for question in one.questions:
        days = (one.as_of - question.at).days
        age = say("page.age-days", n=days) if days else say("page.age-today")
        wanted = [say("page.wanted", wanted=paper.when(question.wanted, one.as_of))] if question.wanted else []
        source = _source(one, question.asked_in)
        text = " · ".join([age, *wanted, f"{say('page.quote', quote=one_line(question.quote))} {source}"])
        for n, line in enumerate(wrap(text, paper.columns - 4)):
            yield f"  {'? ' if n == 0 else '  '}{line}"
    if not one.questions:
        yield f"  {say('page.none')}"


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
        note = f"({'; '.join(hidden)}) kawari show {key}#{entry.n}"
        yield f"    {paper.paint(note, 'dim')}"


def _without_gaps(lines: list[str]) -> Iterator[str]:
    """Lines with runs of empty ones folded into one."""
    before = "x"
    for line in lines:
        if line.strip() or before.strip():
            yield line.rstrip()
        before = line


def _timeline(one: Page, paper: Paper) -> Iterator[str]:
    times = [paper.when(entry.mail.at, one.as_of) for entry in one.entries]
    wide_time = max(map(width, times), default=0)
    wide_kind = max((width(_kind(entry.mail)) for entry in one.entries), default=0)
    indent = 2 + 4 + wide_time + 1 + wide_kind + 1 + WHO_COLUMNS + 1
    for entry, when in zip(one.entries, times, strict=True):
        kind = pad(_kind(entry.mail), wide_kind)
        who = pad(name_of(entry.mail.sender), WHO_COLUMNS)
        gist = one_line(entry.gist) or one_line(entry.mail.subject)
        lines = _at_most(GIST_LINES, wrap(gist, paper.columns - indent), paper.columns - indent)
        yield f"  {f'#{entry.n}':>3} {pad(when, wide_time)} {kind} {who} {lines[0]}".rstrip()
        rest = (*lines[1:], *_details(entry, paper, one.as_of, paper.columns - indent))
        yield from (f"{' ' * indent}{line}" for text in rest for line in wrap(text, paper.columns - indent))


def _at_most(count: int, lines: list[str], columns: int) -> list[str]:
    """The first lines, the last of them marked when there are more."""
    if len(lines) <= count:
        return lines
    return [*lines[: count - 1], cut(f"{lines[count - 1]}{ELLIPSIS}", columns)]


def _kind(mail: Filed) -> str:
    return say(f"direction.{mail.direction}") if mail.kind is Kind.MAIL else say(f"kind.{mail.kind}")


def _details(entry: Entry, paper: Paper, now: datetime, columns: int) -> Iterator[str]:
    mail, inner = entry.mail, entry.original
    if inner:
        written = paper.when(inner.date, now)
        yield say("page.second-hand", when=written, who=name_of(inner.sender), by=name_of(mail.sender))
    marks = [say("page.attachments", names=_attachments(mail.attachments))] if mail.attachments else []
    if entry.promises:
        marks.append(say("page.promise-marks", ids=" ".join(entry.promises)))
    if mail.via in ("log", "import"):
        marks.append(say(f"via.{mail.via}"))
    yield from flow(marks, columns)


def _attachments(parts: tuple[Attachment, ...]) -> str:
    shown = ", ".join(f"{one_line(part.name) or part.type} ({size(part.size)})" for part in parts[:3])
    return shown if len(parts) <= 3 else f"{shown} +{len(parts) - 3}"


def _not_known(one: Page, paper: Paper) -> Iterator[str]:
    for each in one.not_known:
        detail = _source(one, each.detail) if one.number(each.detail) else one_line(each.detail)
        yield from (f"  {line}" for line in wrap(f"{coded('not-known', each.code)} {detail}", paper.columns - 2))


def _next(one: Page) -> Iterator[str]:
    """Only commands that exist, ready to be copied; the promise due first is the example."""
    still = [each for each in one.promises if each.by is By.US and not (each.kept or each.withdrawn)]
    mine = sorted(still, key=lambda each: (each.due_now is None, each.due_now or each.made_at))
    if mine:
        yield f"  kawari promise keep {mine[0].id}  # {say('page.next-keep')}"
        yield f"  kawari promise move {mine[0].id} '{one.as_of:%Y-%m-%d} 17:00'  # {say('page.next-move')}"
    last = one.last(Direction.IN)
    if last:
        yield f"  kawari show {one.case.key}#{last.n}  # {say('page.next-show')}"
    yield f"  kawari timeline {one.case.key} --json"
