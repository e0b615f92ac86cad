"""Forwarded mails taken out of their wrapping: who really wrote what, to whom and when."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from ingest.body import clients
from ingest.body.headers import Block
from ingest.body.lines import CAP, Lines, look, unmark, unquote
from ingest.body.printed import moment, people
from ingest.body.quoting import Opening, bare_subject, forward_end, of_forward, opening_at, scan
from notes.model import Address, Forwarded, Zone, ZoneKind

_MAX_DEPTH = 10
_QUOTES = " \"'“”„«»("
_SPEAKS = "|".join(sorted(map(re.escape, clients.WROTE), key=len, reverse=True))
_BEFORE_NAME = (
    r"(?:^|[,、] ?|\d ?(?:[AaPp][Mm])? |[)）>] ?|に )(?:に ?|heeft|időpontban|użytkownik|пользователь|"
    r"používateľ|uživatel|by)? ?"
)
_NAMES = (
    re.compile(r"[\"“„«]\s*([^\"”»]{1,80}?)\s*[\"”»]\s*(?=[<(\[])"),
    re.compile(rf"(?:{_SPEAKS})\s+([^\W\d_][^<>:,\d]{{1,60}}?) ?(?:[<(\[]|:?\Z)"),
    re.compile(rf"{_BEFORE_NAME}([^,、<>:\d]{{1,60}}?) ?[<(\[](?=[^<(\[]*@)"),
    re.compile(
        rf"{_BEFORE_NAME}([^,、<>:：()（）\d]{{1,60}}?)[ ,"
        rf"]*(?:さん|様)?(?:[(（][^)）]*[)）])? ?(?:{_SPEAKS})"
    ),
    re.compile(r"\A([^\d<>:：]{1,30}?)さん"),
)
_MAIL = re.compile(r"[\w.+-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,8}")


def unwrap(
    zones: Sequence[Zone], subject: str, *, zone: tzinfo, already: tuple[Forwarded, ...] = ()
) -> tuple[Forwarded, ...]:
    """The mails inside a mail, outermost first: the inline one with those inside it, then those of `already`.

    `zones` and `subject` are the outer mail's; `already` are its message/rfc822 parts, which get what the forwarder
    wrote as `above` where they have none. Dates are aware: in `zone`, the forwarder's, unless the block names another.
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
    return _from_attribution(opening.said, subject, text, above, zone)


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


def _from_attribution(said: str, subject: str, text: str, above: str, zone: tzinfo) -> Forwarded:
    """Outlook for Mac forwards under the line of a reply: `On 28/10/2021 12:46, "John Doe" <john@…> wrote:`."""
    said = said[:CAP]
    mails = _MAIL.findall(said)
    found = next((names for pattern in _NAMES if (names := pattern.findall(said))), [""])
    name = found[-1].strip(_QUOTES).removesuffix("さん")
    sender = Address("" if "@" in name else name, mails[-1].lower() if mails else "")
    return Forwarded(sender, (), (), moment(said, zone), bare_subject(subject), text, above)


def _text(lines: Lines, opening: Opening) -> str:
    """The forwarded mail's own body, one level of marks or indentation less where the whole of it is wrapped so."""
    first, end = lines.next_text(opening.end), forward_end(lines, opening.end)
    if first < len(lines) and lines.plain[first] in ("--", "---", lines.plain[opening.start]):
        first = lines.next_text(first + 1)  # Becky! and Zoho close their header with a line, too
    raw = list(lines.raw[first:end])
    if first < len(lines) and lines.quoted[first]:
        raw = [unquote(line) if unmark(line[:CAP])[1] else line for line in raw]
    return textwrap.dedent("\n".join(line.lstrip("\ufeff") for line in raw)).strip(" \t\n\ufeff\u200b\u3000")
