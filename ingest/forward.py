"""Forwarded mails taken out of their wrapping: who really wrote what, to whom and when."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from ingest import clients
from ingest.headers import Block
from ingest.lines import CAP, Lines, look, unmark, unquote
from ingest.printed import moment, people
from ingest.quoting import Opening, bare_subject, of_forward, opening_at, scan
from notes.model import Address, Forwarded, Zone, ZoneKind

_MAX_DEPTH = 10
_QUOTES = " \"'“”„«»"
_ATTRIBUTION_NAME = re.compile(
    r"[\"“„«]\s*([^\"”»]{1,80}?)\s*[\"”»]\s*(?=[<(\[])|(?:[,、] ?|\d\d? ?(?:[AP]M)? |[)）] ?)([^,、<>:\d]{1,60}?) ?[<(\[]"
)
_NOT_NAME = re.compile(
    rf"\A(?:{'|'.join(map(re.escape, clients.WROTE))}|heeft|időpontban|użytkownik|пользователь|používateľ|uživatel|от|von|by|da)\s+"
)


def unwrap(
    zones: Sequence[Zone], subject: str, *, zone: tzinfo, already: tuple[Forwarded, ...] = ()
) -> tuple[Forwarded, ...]:
    """The mails inside a mail, outermost first: the inline one with those inside it, then those of `already`.

    `zones` and `subject` are the outer mail's; `already` are its message/rfc822 parts, which get what the forwarder
    wrote as `above` where they have none. Dates are aware: in `zone`, the forwarder's, unless the block names an offset.
    """
    start = next((i for i, each in enumerate(zones) if each.kind is ZoneKind.FORWARDED), len(zones))
    above = "\n".join(each.text for each in zones[:start]).strip()
    wrapped = [each.text for each in zones[start:] if each.kind is ZoneKind.FORWARDED]
    chain = _chain("\n".join(wrapped), subject, above, zone) if wrapped else []
    for part in already:
        outer = part if part.above or chain else replace(part, above=above)
        chain += [outer, *_inside(outer, zone)]
    return tuple(chain)


def _inside(outer: Forwarded, zone: tzinfo) -> list[Forwarded]:
    """The inline forwards in a mail that was itself forwarded."""
    lines = look(outer.text)
    begin, end = of_forward(scan(lines, outer.subject or "Re:"))
    if begin == end:
        return []
    return _chain("\n".join(lines.raw[begin:end]), outer.subject, "\n".join(lines.raw[:begin]).strip(), zone)


def _chain(text: str, subject: str, above: str, zone: tzinfo) -> list[Forwarded]:
    chain: list[Forwarded] = []
    while text and len(chain) < _MAX_DEPTH:
        lines = look(text)
        found = _read(lines, subject, above, zone)
        if not found:
            break
        chain.append(found)
        subject = found.subject
        inner = look(found.text)
        begin, end = of_forward(scan(inner, subject or "Re:"))
        text, above = "\n".join(inner.raw[begin:end]), "\n".join(inner.raw[:begin]).strip()
    return chain


def _read(lines: Lines, subject: str, above: str, zone: tzinfo) -> Forwarded | None:
    first = lines.next_text(0)
    opening = opening_at(lines, first) if first < len(lines) else None
    if not opening:
        return None
    text = _text(lines, opening)
    if opening.block:
        return _from_block(opening.block, subject, text, above, zone)
    return _from_attribution(" ".join(lines.plain[opening.start : opening.end]), subject, text, above, zone)


def _from_block(block: Block, subject: str, text: str, above: str, zone: tzinfo) -> Forwarded:
    fields = block.fields
    senders = people(fields.get("from", ""))
    return Forwarded(
        sender=senders[0] if senders else Address("", ""),
        to=people(fields.get("to", "")),
        cc=people(fields.get("cc", "")),
        date=moment(fields.get("date", ""), zone),
        subject=fields.get("subject") or ("" if "subject" in fields else bare_subject(subject)),
        text=text,
        above=above,
    )


def _from_attribution(line: str, subject: str, text: str, above: str, zone: tzinfo) -> Forwarded:
    """Outlook for Mac forwards under the line of a reply: `On 28/10/2021 12:46, "John Doe" <john@…> wrote:`."""
    line = line[:CAP]
    address = next((person.address for person in people(line) if person.address), "")
    named = _ATTRIBUTION_NAME.search(line)
    name = _NOT_NAME.sub("", (named[1] or named[2]).strip(_QUOTES)).strip(_QUOTES) if named else ""
    name = name or (line[: line.find("<")].strip(_QUOTES) if 0 < line.find("<") < 80 and not line[0].isdigit() else "")
    return Forwarded(Address(name, address), (), (), moment(line, zone), bare_subject(subject), text, above)


def _text(lines: Lines, opening: Opening) -> str:
    """The forwarded mail's own body, one level of marks or indentation less where the whole of it is wrapped so."""
    first = lines.next_text(opening.end)
    if first < len(lines) and lines.plain[first] in ("--", "---"):
        first = lines.next_text(first + 1)  # Becky! closes its header with a line of dashes
    raw = list(lines.raw[first:])
    if first < len(lines) and lines.quoted[first]:
        raw = [unquote(line) if unmark(line[:CAP])[1] else line for line in raw]
    return textwrap.dedent("\n".join(line.lstrip("\ufeff") for line in raw)).strip(" \t\n\ufeff\u200b\u3000")
