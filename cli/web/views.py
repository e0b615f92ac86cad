"""What the HTML of a case and of a handover is filled with: the same words as on the terminal, without its columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cli import moments, render_handover, render_lists, render_page, render_promises, render_timeline
from cli.harmless import harmless
from cli.paper import Paper
from cli.render_words import name_of, notices, one_line, size, source, titled
from cli.web.letters import Letter
from cli.web.picture import picture
from cli.words import say
from notes.handover import Overview, Row
from notes.model import Address, Attachment, Direction, Directory, Promise
from notes.timeline import Entry, Page

if TYPE_CHECKING:
    from cli.diary import Decision, Sheet

ENDLESS = 1_000_000
"""Columns of a page that is wrapped by whoever shows it."""

LAST_WORDS_LINES = 30

LetterOf = Callable[[Entry], Letter]


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise in words."""

    state: str
    label: str
    who: str
    quote: str
    source: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """An open question in words."""

    age: str
    quote: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """What the customer was told: a sentence, or files."""

    source: str
    quote: str
    files: str


@dataclass(frozen=True, slots=True)
class WordsView:
    """The last words of a side."""

    head: str
    text: str
    hidden: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the timeline; `n` is None for what a person decided."""

    n: int | None
    when: str
    kind: str
    who: str
    gist: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterView:
    """A whole mail behind a line of the timeline."""

    n: int
    when: str
    kind: str
    sender: str
    to: str
    cc: str
    subject: str
    letter: Letter
    files: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that the page of a case says, and the mails behind it."""

    page: Page
    title: str
    company: str
    known_by: str
    hints: tuple[str, ...]
    contacts: tuple[tuple[str, ...], ...]
    owner: tuple[str, ...]
    span: str
    as_of: str
    ball: str
    notices: tuple[str, ...]
    picture: str
    promises: tuple[PromiseView, ...]
    questions: tuple[QuestionView, ...]
    told: tuple[ToldView, ...]
    last_words: tuple[WordsView, ...]
    rows: tuple[LineView, ...]
    also_open: tuple[tuple[str, str], ...]
    not_known: tuple[str, ...]
    letters: tuple[LetterView, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """A thing to do, in words."""

    key: str
    state: str
    label: str
    customer: str
    title: str
    when: str
    told: str
    quote: str
    reason: str
    source: str
    facts: tuple[str, ...]
    hints: tuple[str, ...]
    notices: tuple[str, ...]


def endless(paper: Paper) -> Paper:
    """The same paper without columns and colours."""
    return replace(paper, columns=ENDLESS, colour=False)


def of_case(sheet: "Sheet", letter_of: LetterOf, directory: Directory, paper: Paper) -> CaseView:
    """The page of a case with its mails."""
    page, paper = sheet.page, endless(paper)
    case, now = page.case, page.as_of
    names = directory.names
    owner, standin = (one_line(names.get(who, who)) if who else "—" for who in (case.owner, case.standin))
    outside = sorted((who for who in page.people if who.role != "staff"), key=lambda who: who.role != "customer")
    first, last = paper.when(case.opened_at, now), paper.when(case.last_at, now)
    told = render_page.told_besides(page)
    return CaseView(
        page=page,
        title=titled(case.title),
        company=one_line(case.customer.name),
        known_by=one_line(", ".join((*case.customer.domains, *case.customer.addresses)[:4])),
        hints=tuple(render_page.hints(page.hints)),
        contacts=tuple(tuple(filter(None, render_page.contact(who, page))) for who in outside),
        owner=(
            f"{owner}{render_page.former_owners(page, names, paper)}",
            say("page.standin", standin=standin),
            say("page.state", state=say(f"case-state.{page.state}")),
        ),
        span=say("page.span-line", first=first, last=last, n=len(page.entries)),
        as_of=f"{moments.day_and_clock(now, 0)} {moments.offset(now)}",
        ball=render_page.ball_words(page, paper),
        notices=tuple(text for text, _ in render_page.said_between(page, paper)),
        picture=picture(page, paper),
        promises=tuple(_promise(page, one, names, paper) for one in render_promises.in_order(page)),
        questions=tuple(
            QuestionView(render_page.question_age(page, one, paper), one_line(one.quote)) for one in page.questions
        ),
        told=tuple(
            ToldView(source(page, one.told_in), one_line(one.quote), ", ".join(one_line(f.text) for f in one.figures))
            for one in told
        ),
        last_words=tuple(_last_words(page, paper)),
        rows=tuple(_lines(sheet, names, paper)),
        also_open=tuple((key, one_line(sheet.titles.get(key, ""))) for key in page.also_open),
        not_known=tuple(line.strip() for line in render_page.not_known(page, paper)),
        letters=tuple(_letter(entry, letter_of(entry), paper, now) for entry in page.entries),
    )


def _promise(page: Page, one: Promise, names: Mapping[str, str], paper: Paper) -> PromiseView:
    state = one.state(page.as_of)
    return PromiseView(
        state=state,
        label=say(f"promise-state.{state}"),
        who=render_promises.who_to_whom(page, one),
        quote=one_line(one.quote),
        source=source(page, one.made_in),
        facts=tuple(render_promises.facts(page, one, names, paper, ENDLESS)),
    )


def _last_words(page: Page, paper: Paper) -> Iterator[WordsView]:
    for direction in (Direction.IN, Direction.OUT):
        entry = page.last(direction)
        if entry:
            mail = entry.mail
            lines = harmless(mail.new_text).strip("\n").split("\n")
            when = paper.when(mail.at, page.as_of)
            head = f"{say(f'direction.{mail.direction}')} [#{entry.n}] {when} {name_of(mail.sender)}"
            more = len(lines) - LAST_WORDS_LINES
            hidden = [say("page.lines-more", n=more)] if more > 0 else []
            hidden += [say("page.quote-hidden", n=mail.hidden_lines)] if mail.hidden_lines else []
            yield WordsView(head, "\n".join(lines[:LAST_WORDS_LINES]), "; ".join(hidden))


def _lines(sheet: "Sheet", names: Mapping[str, str], paper: Paper) -> Iterator[LineView]:
    """Mails and, between them, what people decided."""
    page = sheet.page
    waiting = sorted(sheet.decisions, key=lambda one: (one.made.at, one.made.id))
    for entry in page.entries:
        while waiting and waiting[0].made.at < entry.mail.at:
            yield _decided(waiting.pop(0), page, names, paper)
        yield _line(entry, paper, page.as_of)
    for each in waiting:
        yield _decided(each, page, names, paper)


def _line(entry: Entry, paper: Paper, now: datetime) -> LineView:
    mail = entry.mail
    return LineView(
        n=entry.n,
        when=paper.when(mail.at, now),
        kind=render_timeline.kind_words(mail),
        who=name_of(mail.sender),
        gist=one_line(entry.gist) or one_line(mail.subject),
        details=tuple(render_timeline.details(entry, paper, now, ENDLESS)),
    )


def _decided(one: "Decision", page: Page, names: Mapping[str, str], paper: Paper) -> LineView:
    who = one_line(names.get(one.made.who, one.made.who)) or say("page.somebody")
    text = render_promises.decision(one, page, names, paper)
    return LineView(None, paper.when(one.made.at, page.as_of), say("decision.label"), who, text, ())


def _letter(entry: Entry, letter: Letter, paper: Paper, now: datetime) -> LetterView:
    mail = entry.mail
    return LetterView(
        n=entry.n,
        when=paper.when(mail.at, now),
        kind=render_timeline.kind_words(mail),
        sender=_full(mail.sender),
        to=_people(mail.to),
        cc=_people(mail.cc),
        subject=titled(mail.subject),
        letter=letter,
        files=_files(letter.attachments),
    )


def _full(who: Address) -> str:
    return f"{name_of(who)} <{one_line(who.address)}>" if who.name else one_line(who.address)


def _people(people: Iterable[Address]) -> str:
    return ", ".join(_full(who) for who in people)


def _files(parts: Iterable[Attachment]) -> str:
    names = ", ".join(f"{one_line(part.name) or part.type} ({size(part.size)})" for part in parts)
    return say("page.attachments", names=names) if names else ""


# --- handover ----------------------------------------------------------------------------------------------------


def of_row(row: Row, numbers: Mapping[str, int], paper: Paper, now: datetime) -> RowView:
    """A row of a handover."""
    paper = endless(paper)
    return RowView(
        key=row.case.key,
        state=row.state,
        label=say(f"row-state.{row.state}"),
        customer=one_line(row.case.customer.name),
        title=titled(row.case.title),
        when=" · ".join(render_handover.row_when(row, paper, now)),
        told=one_line(row.told),
        quote=one_line(row.promise.quote) if row.promise else "",
        reason="" if row.promise else render_handover.row_reason(row),
        source=render_handover.row_source(row, numbers),
        facts=tuple(render_handover.case_facts(row, paper, now)),
        hints=tuple(render_handover.hints(row)),
        notices=tuple(text for text, _ in notices(row.returned, row.wish, numbers, paper, now)),
    )


def coverage(one: Overview, paper: Paper) -> list[str]:
    """What was read, a line a folder."""
    return [line.strip() for line in render_lists.coverage(one.coverage, endless(paper), one.as_of)[1:]]
