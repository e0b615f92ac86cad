"""Hits of a search, as text and as JSON."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cli.columns import cut, flow, wrap
from cli.lookup import Line, Lookup
from cli.paper import Paper
from cli.render_words import coded, name_of, one_line
from cli.words import say
from notes.model import Kind
from notes.search import hits, spans

LINES = 2
"""Lines of the sentence of a hit."""


def lines(found: Lookup, paper: Paper, now: datetime) -> list[str]:
    """Customers first, then a block for each hit: where and who, its subject, the sentence with the words."""
    shown: list[str] = []
    for one in found.customers:
        about = f" ({one_line(', '.join(one.domains))})" if one.domains else ""
        shown.append(cut(say("search.customer", id=one.id, name=one_line(one.name) + about), paper.columns))
    for line in found.lines:
        shown += ["", *_block(line, found, paper, now)] if shown else _block(line, found, paper, now)
    if not found.lines:
        return [*shown, say("search.none", query=one_line(found.typed))]
    shown += ["", say("search.more" if found.more else "search.count", n=len(found.lines))]
    first = found.lines[0]
    shown.append(f"  {paper.command('show', _handle(first))}")
    return shown


def _handle(line: Line) -> str:
    return f"{line.hit.case}#{line.number}" if line.hit.case and line.number else line.hit.ref


def _block(line: Line, found: Lookup, paper: Paper, now: datetime) -> Iterator[str]:
    hit = line.hit
    kind = say(f"direction.{hit.direction}") if hit.kind is Kind.MAIL else say(f"kind.{hit.kind}")
    where = _handle(line) if hit.case else f"{say('search.unfiled')} {coded('unfiled', hit.reason)}"
    customer = one_line(line.customer.name) if line.customer else ""
    facts = [where, paper.when(hit.at, now), f"{kind} {name_of(hit.sender)}", customer]
    head, *more = flow([fact for fact in facts if fact], paper.columns)
    yield paper.paint(head, "cyan")
    yield from (paper.paint(each, "cyan") for each in more)
    yield f"  {_marked(cut(one_line(hit.subject), paper.columns - 2), found, paper)}"
    sentence = wrap(one_line(line.sentence), paper.columns - 4) if line.sentence else []
    for n, each in enumerate(sentence[:LINES]):
        last = n == LINES - 1 and len(sentence) > LINES
        yield f"    {_marked(cut(each, paper.columns - 5) + '…' if last else each, found, paper)}"


def _marked(text: str, found: Lookup, paper: Paper) -> str:
    """A text with the wanted words in bold, where there are styles."""
    marked, done = "", 0
    for start, end in spans(text, hits(text, found.query)) if paper.colour else ():
        marked += text[done:start] + paper.paint(text[start:end], "bold")
        done = end
    return marked + text[done:]


def as_json(found: Lookup) -> dict[str, Any]:
    """The hits with stable keys."""
    return {
        "query": found.typed,
        "customers": [{"id": one.id, "name": one.name} for one in found.customers],
        "hits": [_hit(line) for line in found.lines],
        "more": found.more,
    }


def _hit(line: Line) -> dict[str, Any]:
    hit = line.hit
    return {
        "ref": hit.ref,
        "case": hit.case,
        "n": line.number,
        "customer": line.customer.id if line.customer else None,
        "reason": hit.reason or None,
        "at": hit.at.isoformat(),
        "kind": hit.kind,
        "direction": hit.direction,
        "from": {"name": hit.sender.name, "address": hit.sender.address},
        "subject": hit.subject,
        "sentence": line.sentence,
        "attachments": [one.name for one in hit.attachments],
    }
