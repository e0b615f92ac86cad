"""What happened while an owner was away, as text and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cli import as_json as contract
from cli.columns import cut, wrap
from cli.paper import Paper
from cli.render_words import due_words, name_of, one_line
from cli.words import say
from notes.model import Directory, Holder, Move, Promise, PromiseState, Staff
from notes.returned import LastWords, Returned

INDENT = "  "


def text(
    owner: Staff, since: datetime, rows: Sequence[Returned], now: datetime, directory: Directory, paper: Paper
) -> list[str]:
    """The headline; what is theirs again, a block a case; then what others hold now."""
    names = directory.names
    names |= {address: staff.name for staff in directory.staff for address in staff.addresses}
    title = say("returned.title", owner=one_line(owner.name), since=paper.when(since, now), now=paper.when(now, now))
    lines = [paper.heading(title)]
    if not rows:
        return [*lines, say("returned.nothing")]
    for mine, heading in ((True, "returned.yours"), (False, "returned.others")):
        of_kind = [row for row in rows if row.yours is mine]
        if of_kind:
            lines += ["", paper.heading(say(heading, n=len(of_kind)))]
        for row in of_kind:
            lines += ["", *_block(row, names, now, paper)]
    return [*lines, "", say("handover.more"), f"  {paper.command('timeline', rows[0].case.key, at=True)}"]


def _block(row: Returned, names: Mapping[str, str], now: datetime, paper: Paper) -> Iterator[str]:
    case = row.case
    head = f"{case.key}  {one_line(case.customer.name)}  {one_line(case.title)}"
    yield paper.heading(cut(head, paper.columns))
    for line in _facts(row, names, now, paper):
        wrapped = wrap(line, paper.columns - len(INDENT) - 2)
        yield from (f"{INDENT}{'' if n == 0 else '  '}{part}" for n, part in enumerate(wrapped))


def _facts(row: Returned, names: Mapping[str, str], now: datetime, paper: Paper) -> Iterator[str]:
    if not row.yours and row.owner:
        yield say("returned.with", owner=one_line(names.get(row.owner, row.owner)))
    yield say("returned.counts", came=row.came, went=row.went, talks=row.talks, notes=row.notes)
    for code, words in (("returned.last-in", row.last_in), ("returned.last-out", row.last_out)):
        if words:
            yield _said(code, words, now, paper)
    for promise in row.promised:
        who = one_line(names.get(promise.who, promise.who))
        made = {"who": who, "at": paper.when(promise.made_at, now), "quote": one_line(promise.quote)}
        yield f"{say('returned.promised', **made)} {_until(promise, now, paper)}"
    for promise, move in row.moved:
        yield _moved(promise, move, now, paper)
    for promise in row.kept:
        at = paper.when(promise.kept.at if promise.kept else None, now)
        yield say("returned.kept", quote=one_line(promise.quote), at=at)
    for promise in row.withdrawn:
        yield say("returned.withdrawn", quote=one_line(promise.quote))
    yield _now(row, now, paper)


def _said(code: str, words: LastWords, now: datetime, paper: Paper) -> str:
    who = one_line(name_of(words.mail.sender))
    return say(code, n=words.number, at=paper.when(words.mail.at, now), who=who, gist=one_line(words.gist))


def _until(promise: Promise, now: datetime, paper: Paper) -> str:
    due = say("returned.due", due=due_words(promise.due_now, paper, now)) if promise.due_now else ""
    return f"{due} {say(f'returned.state-{promise.state(now).value}')}".strip()


def _moved(promise: Promise, move: Move, now: datetime, paper: Paper) -> str:
    agreed = say("returned.agreed" if move.agreed_in else "returned.not-agreed")
    due = due_words(move.to, paper, now) if move.to else "—"
    return say("returned.moved", quote=one_line(promise.quote), due=due, agreed=agreed)


def _now(row: Returned, now: datetime, paper: Paper) -> str:
    """How it stands: what is still owed, who must act, what is unanswered."""
    overdue = sum(one.state(now) is PromiseState.OVERDUE for one in row.left)
    facts = [say(f"returned.ball-{row.holder.value}")]
    if row.next_due:
        facts.append(say("returned.due", due=due_words(row.next_due, paper, now)))
    if overdue:
        facts.append(say("returned.overdue", n=overdue))
    if row.unanswered and row.holder is Holder.US:
        facts.append(say("returned.unanswered", n=row.unanswered))
    return say("returned.now", facts=" · ".join(facts))


def as_json(owner: Staff, since: datetime, rows: Sequence[Returned], now: datetime) -> dict[str, Any]:
    """The same as data."""
    return {
        "as_of": contract.iso(now),
        "owner": owner.id,
        "since": contract.iso(since),
        "rows": [_row_as_json(row, now) for row in rows],
    }


def _row_as_json(row: Returned, now: datetime) -> dict[str, Any]:
    case = row.case
    return {
        "case": case.key,
        "title": case.title,
        "customer": case.customer.name,
        "owner": row.owner,
        "yours": row.yours,
        "state": row.state.value,
        "ball": row.holder.value,
        "next_due": contract.iso(row.next_due),
        "in": row.came,
        "out": row.went,
        "talks": row.talks,
        "notes": row.notes,
        "last_in": _words_as_json(row.last_in),
        "last_out": _words_as_json(row.last_out),
        "promised": [contract.promise(one, now) for one in row.promised],
        "kept": [contract.promise(one, now) for one in row.kept],
        "moved": [{"promise": one.id, "quote": one.quote, **contract.move(move)} for one, move in row.moved],
        "withdrawn": [contract.promise(one, now) for one in row.withdrawn],
        "owed": [contract.promise(one, now) for one in row.left],
        "unanswered": row.unanswered,
    }


def _words_as_json(words: LastWords | None) -> dict[str, Any] | None:
    if words is None:
        return None
    mail = words.mail
    return {
        "n": words.number,
        "ref": mail.ref,
        "at": contract.iso(mail.at),
        "from": contract.address(mail.sender),
        "gist": words.gist,
    }
