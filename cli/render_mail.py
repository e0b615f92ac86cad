"""One mail as text."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from cli import moments
from cli.columns import cut, flow, pad, width, wrap
from cli.harmless import harmless
from cli.paper import Paper
from cli.render_words import coded, name_of, one_line, size
from cli.words import say
from notes.model import Address, Attachment, Bounce, Content, Message, Place, ZoneKind

Fields = tuple[tuple[str, tuple[str, ...]], ...]
"""Titles by code, and what stands behind each."""

LONGEST = 500
LONGEST_NAME = 60
MOST_PARTS = 40
MOST_HEAD = 200_000
"""Bytes of a mail in which its headers are shown."""

DIM = frozenset({ZoneKind.QUOTE, ZoneKind.QUOTE_HEADER, ZoneKind.SIGNATURE, ZoneKind.BANNER})


def zones(message: Message, paper: Paper, now: datetime) -> list[str]:
    """Headers, and every zone of the body with the kind of it and the rule that said so."""
    lines = _headers(message, paper)
    for zone in message.zones:
        lines += ["", paper.paint(f"── {say(f'zone.{zone.kind}')} ({_rule(zone.rule)})", "cyan")]
        lines += _dimmed(zone.text, paper, zone.kind in DIM)
    for inner in message.forwarded:
        when = paper.when(inner.date, now)
        lines += ["", paper.heading(say("show.forwarded", who=_full(inner.sender), when=when))]
        lines += [f"  {one_line(inner.subject)}", *(f"  {line}" for line in harmless(inner.text).split("\n"))]
    return lines


def shown(
    message: Message, filed: str, places: Iterable[Place], content: Content, paper: Paper, *, folded: bool = False
) -> list[str]:
    """A mail of the diary: where it is `filed` (in words) and lies, headers, the whole text with quotes dimmed.

    `folded`: of quotes and signatures only how many lines they have.
    """
    lies = ", ".join(f"{place.mailbox}/{place.folder}" for place in places)
    lines = [paper.heading(filed), *_headers(message, paper, (("show.places", (lies,)),)), ""]
    if content is not Content.WHOLE:
        return [*lines, *wrap(say(f"content.{content}"), paper.columns)]
    for zone in message.zones:
        if folded and zone.kind in DIM:
            count = say("show.folded", kind=say(f"zone.{zone.kind}"), n=zone.text.count("\n") + 1)
            lines += [paper.paint(f"[{count}]", "dim")] if zone.text.strip() else []
        else:
            lines += _dimmed(zone.text, paper, zone.kind in DIM)
    return lines


def head(raw: bytes) -> list[str]:
    """A mail's headers as they came, made harmless."""
    text = raw[:MOST_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    return harmless(text).split("\n")


def _rule(code: str) -> str:
    """What made a zone what it is: `after-attribution` is what stands below an attribution."""
    above = code.removeprefix("after-")
    return say("rule.after", rule=coded("rule", above)) if above != code else coded("rule", code)


def _headers(message: Message, paper: Paper, more: Fields = ()) -> list[str]:
    doubtful = f" ({say('show.doubtful')})" if message.date_doubtful else ""
    fields: Fields = (
        ("show.ref", (message.ref,)),
        ("show.from", (_full(message.sender),)),
        ("show.to", tuple(map(_full, message.to))),
        ("show.cc", tuple(map(_full, message.cc))),
        ("show.date", (f"{_sent(message, paper)}{doubtful}",)),
        ("show.subject", (message.subject,)),
        ("show.kind", (say(f"kind.{message.kind}"),)),
        ("show.attachments", tuple(map(_attachment, message.attachments))),
        ("show.signature", (_signature(message),)),
        ("show.returned", tuple(map(_returned, message.bounces))),
        ("show.defects", tuple(coded("defect", code) for code in message.defects)),
        *more,
    )
    filled = [(say(title), [one_line(part) for part in parts if part]) for title, parts in fields]
    wide = max(width(title) for title, parts in filled if parts) + 2
    return [line for title, parts in filled if parts for line in _field(title, parts, wide, paper.columns)]


def _field(title: str, parts: list[str], wide: int, columns: int) -> Iterator[str]:
    """A title and its parts, one after the other as far as they fit a line."""
    shown = [cut(part, LONGEST) for part in parts[:MOST_PARTS]]
    shown += [f"+{len(parts) - MOST_PARTS}"] if len(parts) > MOST_PARTS else []
    for n, line in enumerate(flow(shown, max(20, columns - wide), ", ")):
        yield f"{pad(title if n == 0 else '', wide)}{line}"


def _attachment(part: Attachment) -> str:
    return f"{cut(one_line(part.name) or part.type, LONGEST_NAME)} ({size(part.size)})"


def _returned(one: Bounce) -> str:
    """Whom a mail did not reach, whether that may pass, and what the mail system said."""
    lasting = say("show.returned-for-good" if one.permanent else "show.returned-for-now")
    return f"{one.recipient} ({lasting})" + (f": {one.said}" if one.said else "")


def _sent(message: Message, paper: Paper) -> str:
    """By the writer's clock, and by ours where that shows another time."""
    theirs, ours = message.date, message.date.astimezone(paper.zone)
    written = f"{moments.day_and_clock(theirs, 0)} {moments.offset(theirs)}"
    return written if theirs.utcoffset() == ours.utcoffset() else f"{written} = {moments.day_and_clock(ours, 0)}"


def _full(who: Address) -> str:
    return f"{name_of(who)} <{one_line(who.address)}>" if who.name else one_line(who.address)


def _signature(message: Message) -> str:
    one = message.contact
    return (
        "  ".join(part for part in (one.name, one.company, one.department, one.title, one.phone) if part) if one else ""
    )


def _dimmed(text: str, paper: Paper, dim: bool) -> list[str]:
    return [paper.paint(line, "dim") if dim else line for line in harmless(text).split("\n")]
