"""A decoded body divided into zones: new text, quote, quote header, greeting, signature, banner, forwarded mail.

Rules look at stripped lines of at most `ingest.body.lines.CAP` characters, each a bounded number of times, so that
hostile bodies cost linear time. Every decision carries the name of its rule.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.body.courtesies import addressed_company, banner_end, closing, greeting, is_banner, is_mobile_footer
from ingest.body.lines import Lines, look
from ingest.body.quoting import Mark, scan
from ingest.body.signoff import signature_start
from notes.model import Address, Zone, ZoneKind

_TOP = 8
_MAX_RUNS = 50
_TEXT: Mark = (ZoneKind.NEW, "text")


def divide(text: str, subject: str = "", sender: Address | None = None) -> tuple[Zone, ...]:
    """Divide a decoded body (line ends `\\n`) into zones, in order; their texts joined by `\\n` are the body.

    `subject` tells a forward from a reply, `sender` helps to see a signature that is only a name. Blank lines belong
    to the zone above them. Raises nothing.
    """
    written, invitation = _without_invitation(text)
    zones = _divide(written, subject, sender) if written or not invitation else ()
    return (*zones, Zone(ZoneKind.NEW, invitation, "invitation")) if invitation else zones


_INVITATION = re.compile(
    r"METHOD: [A-Z]{1,20}(?:\n(?:SUMMARY|DTSTART|DTEND|RRULE|LOCATION|STATUS|PARTSTAT): [^\n]{0,2000}){1,200}"
)
"""What `ingest.parse` makes of an invitation: it follows signatures and quotes, and belongs to neither."""
_MAX_INVITATION = 20_000


def _without_invitation(text: str) -> tuple[str, str]:
    start = text.rfind("METHOD: ", max(0, len(text) - _MAX_INVITATION))
    if start < 0 or (start and text[start - 1] != "\n") or not _INVITATION.fullmatch(text, start):
        return text, ""
    return text[: max(start - 1, 0)], text[start:]


def _divide(text: str, subject: str, sender: Address | None) -> tuple[Zone, ...]:
    lines = look(text)
    marks = scan(lines, subject)
    greeted = False
    for start, end, last in _own_runs(marks, len(lines))[:_MAX_RUNS]:
        begins = _mark_run(marks, lines.plain, start, end, last=last, sender=_display_name(sender))
        if not greeted:
            _mark_greetings(marks, lines.plain, start, begins)
        greeted = greeted or any(lines.plain[start:end])
        _mark_closings(marks, lines.plain, start, begins)
    return _zones(lines, _filled(marks, lines))


def _display_name(sender: Address | None) -> str:
    return sender.name if sender and "@" not in sender.name else ""


def _own_runs(marks: Sequence[Mark | None], count: int) -> list[tuple[int, int, bool]]:
    """The runs without a mark where courtesies and signatures are looked for: the first one, and those that end a text.

    Each with start, end, and whether a header, a forward or the end of the mail follows. Answers between quoted lines
    are left as they are.
    """
    runs: list[tuple[int, int, bool]] = []
    start = 0
    for marked, group in groupby(range(count), key=lambda index: marks[index] is not None):
        size = len(list(group))
        if not marked:
            after = marks[start + size] if start + size < count else None
            last = after is None or after[0] is not ZoneKind.QUOTE
            if last or not runs:
                runs.append((start, start + size, last))
        start += size
    return runs


def _mark_run(marks: list[Mark | None], plain: Sequence[str], start: int, end: int, *, last: bool, sender: str) -> int:
    """Marks banners and the signature; where the signature begins."""
    end = _mark_banners(marks, plain, start, end)
    run = plain[start:end]
    if not any(run):
        return start
    begins, rule = signature_start(run, last=last, sender=sender)
    for index in range(start + begins, end):
        marks[index] = marks[index] or (ZoneKind.SIGNATURE, rule)
    return start + begins


def _mark_banners(marks: list[Mark | None], plain: Sequence[str], start: int, end: int) -> int:
    """Marks banners over and under the text, never within it; returns the end of the text above those at the bottom."""
    at = start
    while at < end and (not plain[at] or is_banner(plain[at])):
        stop = banner_end(plain, at, end) if plain[at] else at + 1
        for index in range(at, stop):
            marks[index] = (ZoneKind.BANNER, "banner") if plain[at] else None
        at = stop
    bottom = end
    for first, stop in _paragraphs_from_below(plain, at, end):
        if is_banner(plain[first]):
            bottom = first
            for index in range(first, stop):
                marks[index] = (ZoneKind.BANNER, "banner")
        elif stop - first > 1 or not is_mobile_footer(plain[first]):
            break
    return bottom


def _paragraphs_from_below(plain: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    stop = end
    while stop > start:
        if not plain[stop - 1]:
            stop -= 1
            continue
        first = stop
        while first > start and plain[first - 1]:
            first -= 1
        yield first, stop
        stop = first


def _mark_greetings(marks: list[Mark | None], plain: Sequence[str], start: int, end: int) -> None:
    """Greeting lines count only at the top, before the first line that says something."""
    seen = 0
    for index in range(start, end):
        line = plain[index]
        if not line or marks[index]:
            continue
        rule = greeting(line)
        if not rule and index + 1 < end and addressed_company(line, plain[index + 1]):
            rule = "addressing-company"
        if not rule or seen >= _TOP:
            return
        seen += 1
        marks[index] = (ZoneKind.GREETING, rule)


def _mark_closings(marks: list[Mark | None], plain: Sequence[str], start: int, end: int) -> None:
    """Closing lines count only at the bottom, under the last line that says something."""
    for index in range(end - 1, start - 1, -1):
        line = plain[index]
        if not line or marks[index]:
            continue
        rule = closing(line)
        if not rule:
            return
        marks[index] = (ZoneKind.GREETING, rule)


def _filled(marks: Sequence[Mark | None], lines: Lines) -> list[Mark]:
    """Own text where nothing was found; a blank line takes the mark of the line above, at the top of the one below."""
    first = next((i for i, line in enumerate(lines.raw) if line.strip()), 0)
    filled: list[Mark] = []
    for index, mark in enumerate(marks):
        if mark is None and filled and not lines.plain[index]:
            mark = filled[-1]
        elif mark is None and index < first:
            mark = marks[first]
        filled.append(mark or _TEXT)
    return filled


def _zones(lines: Lines, marks: Sequence[Mark]) -> tuple[Zone, ...]:
    zones: list[Zone] = []
    start = 0
    for (kind, rule), group in groupby(marks):
        size = len(list(group))
        zones.append(Zone(kind, "\n".join(lines.raw[start : start + size]), rule))
        start += size
    return tuple(zones)
