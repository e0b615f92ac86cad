"""Promises as text: on the page of a case, in the log, and what people decided about them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cli.columns import flow, pad, width, wrap
from cli.paper import Paper
from cli.render_decisions import sentence
from cli.render_words import coded, due_words, left_words, name_of, never_arrived, one_line, source
from cli.words import say
from notes.between import TALKS, addressee
from notes.model import By, Evidence, Move, Promise, PromiseState
from notes.timeline import Page

if TYPE_CHECKING:
    from cli.diary import Decision

STATE_STYLE = {
    PromiseState.OVERDUE: "alarm",
    PromiseState.OPEN: "yellow",
    PromiseState.KEPT: "green",
    PromiseState.KEPT_LATE: "green",
    PromiseState.WITHDRAWN: "dim",
}
STILL_OWED = (PromiseState.OPEN, PromiseState.OVERDUE)
MOST_RECEIVERS = 2
MOST_SOURCES = 8


def of_case(page: Page, names: Mapping[str, str], paper: Paper) -> Iterator[str]:
    """Every promise of a case, in order."""
    listed = in_order(page)
    wide = max((width(say(f"promise-state.{promise.state(page.as_of)}")) for promise in listed), default=0)
    for promise in listed:
        yield from _promise(page, promise, wide, names, paper)
    if not listed:
        yield f"  {say('page.none')}"


def in_order(page: Page) -> list[Promise]:
    """A case's promises: overdue ones first, then open ones by their due moment, then what is done."""
    order = {PromiseState.OVERDUE: 0, PromiseState.OPEN: 1}
    last = datetime.max.replace(tzinfo=page.as_of.tzinfo)
    return sorted(page.promises, key=lambda p: (order.get(p.state(page.as_of), 2), p.due_now or last, p.made_at))


def _promise(page: Page, promise: Promise, wide: int, names: Mapping[str, str], paper: Paper) -> Iterator[str]:
    state = promise.state(page.as_of)
    label = pad(say(f"promise-state.{state}"), wide)
    indent = " " * (width(label) + 4)
    room = paper.columns - len(indent)
    quote = say("page.quote", quote=one_line(promise.quote))
    head = f"{who_to_whom(page, promise)} {quote} {source(page, promise.made_in)}"
    for n, line in enumerate(wrap(head, room)):
        mark = paper.paint(label, STATE_STYLE[state]) if n == 0 else " " * width(label)
        yield f"  {mark}  {line}"
    for fact in facts(page, promise, names, paper, room):
        yield from (indent + line for line in wrap(fact, room))


def who_to_whom(page: Page, promise: Promise) -> str:
    """`We (Aya Mori → Hana Ito):`; the receivers are those of the other side to whom the mail was written."""
    people = {who.address: who for who in page.people}
    writer = people.get(promise.who)
    entry = next((one for one in page.entries if one.mail.ref == promise.made_in), None)
    who = one_line((writer and writer.name) or promise.who or (entry.mail.sender.name if entry else ""))
    roles = ("customer", "other") if promise.by is By.US else ("staff",)
    to = [one for one in (entry.mail.to if entry else ()) if one.address in people]
    receivers = [name_of(one) for one in to if people[one.address].role in roles][:MOST_RECEIVERS]
    if entry and entry.mail.kind in TALKS and promise.by is By.US:
        named = addressee(entry.mail, page.people)
        receivers = [one_line(named.name if named else page.case.customer.name)]
    whom = f"{who or '—'}{' → ' if receivers else ''}{', '.join(receivers)}"
    return say(f"page.promise-{promise.by}", who=whom)


def facts(page: Page, promise: Promise, names: Mapping[str, str], paper: Paper, columns: int) -> Iterator[str]:
    """Due date and how sure, moves with consent, where it was said again, and what became of it; a line each."""
    now = page.as_of
    certainty = say(f"certainty.{promise.certainty}")
    due = due_words(promise.due.to, paper, now)
    about = [say("page.due", due=due, certainty=certainty) if promise.due.to else say("page.no-date")]
    moved = [move for move in promise.moves if move.to and not move.void]
    left = []
    if promise.due_now and promise.state(now) in STILL_OWED:
        left = [left_words(promise.due_now, paper, now)]
    about += [] if moved else left
    about += [say("page.conditional")] if promise.conditional else []
    about.append(say("page.confirmed" if promise.confirmed else "page.score", score=f"{promise.score:.2f}"))
    yield from flow([*about, promise.id], columns)
    for move in promise.moves:
        yield " · ".join([_move(page, move, names, paper), *(left if moved and move is moved[-1] else ())])
    if promise.also_in:
        yield say("page.also-in", sources=" ".join(source(page, ref) for ref in promise.also_in[:MOST_SOURCES]))
    if promise.partly and not (promise.kept or promise.withdrawn):
        yield _partly(page, promise)
    if promise.by is By.US and promise.is_open:
        lost = (one for one in page.returned if one.mail.at > promise.made_at)  # which would have kept it
        yield from (never_arrived(one, page.number, paper, page.as_of) for one in lost)
    for code, evidence in (("page.withdrawn", promise.withdrawn), ("page.kept", promise.kept)):
        if evidence:
            yield _evidence(page, code, evidence, names, paper)


def _partly(page: Page, promise: Promise) -> str:
    """What kept a part of it, and what is left in the words of the promise or the question."""
    sources = " ".join(source(page, ref) for ref in promise.partly[:MOST_SOURCES])
    if not promise.owed:
        return say("page.partly", sources=sources)
    left = " ".join(say("page.quote", quote=one_line(words)) for words in promise.owed)
    return say("page.partly-left", sources=sources, left=left)


def _evidence(page: Page, code: str, evidence: Evidence, names: Mapping[str, str], paper: Paper) -> str:
    when = paper.when(evidence.at, page.as_of)
    if evidence.ref.startswith("person:"):
        return say(f"{code}-by", when=when, who=_person(evidence.ref, names))
    reason = coded("reason", evidence.reason)
    score = f"{evidence.score:.2f}"
    return say(code, when=when, source=source(page, evidence.ref), reason=reason, score=score)


def _move(page: Page, move: Move, names: Mapping[str, str], paper: Paper) -> str:
    to = due_words(move.to, paper, page.as_of)
    if move.ref.startswith("person:"):
        return say("page.moved-by", to=to, when=paper.when(move.at, page.as_of), who=_person(move.ref, names))
    where = source(page, move.ref)
    if move.void:
        return say("page.moved-void", to=to, source=where)
    if move.agreed_in:
        return say("page.moved-agreed", to=to, source=where, agreed=source(page, move.agreed_in))
    return say("page.moved-alone", to=to, source=where)


def _person(ref: str, names: Mapping[str, str]) -> str:
    who = ref.removeprefix("person:")
    return one_line(names.get(who, who)) or say("page.somebody")


def decision(one: "Decision", page: Page, names: Mapping[str, str], paper: Paper) -> str:
    """What a person decided, in a sentence for the timeline."""
    text = sentence(one.made, one.quote, names, paper, page.as_of)
    said_in = one.made.value.get("evidence") or one.made.value.get("said_in")
    return f"{text} {source(page, said_in)}".rstrip()


def log(listed: Sequence[tuple[str, Promise]], paper: Paper, now: datetime) -> list[str]:
    """The promise log: state and due date, the words, where they were said."""
    lines: list[str] = []
    for key, one in listed:
        state = one.state(now)
        label = say("promise-state.rejected") if one.rejected else say(f"promise-state.{state}")
        facts = [label, due_words(one.due_now, paper, now), say(f"by.{one.by}")]
        if one.due_now and state in STILL_OWED and not one.rejected:
            facts.insert(2, left_words(one.due_now, paper, now))
        lines.append(paper.heading(f"{one.id}  {'  '.join(facts)}"))
        quote = say("page.quote", quote=one_line(one.quote))
        lines += [f"  {line}" for line in wrap(quote, paper.columns - 2)]
        lines.append(f"  {say('promises.case', case=key, when=paper.when(one.made_at, now))}")
    return lines or [say("promises.none")]
