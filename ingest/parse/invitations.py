"""Invitations (text/calendar, RFC 5545) as a few lines of text: what, when and where stand in the diary like words.

Times stand with their offset: that of the IANA zone the invitation names, that of Outlook's zone name (`Tokyo Standard
Time`, by the Unicode CLDR's table), or that of its own VTIMEZONE where the name is the sender's invention.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.parse import mime

MAX_LINES = 2_000
MAX_LINE = 2_000
MAX_EVENTS = 20
MAX_ANSWERS = 20
_FOLD = re.compile(r"\n[ \t]")
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?\Z")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})")
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d{1,5}S)?)?\Z")
_ESCAPES = re.compile(r"\\([nN,;\\])")
_PARAMETER = re.compile(r'([A-Za-z-]{1,40})=("[^"]*"|[^";:]*)')
_EVENTS = ("VEVENT", "VTODO")
_ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")


@dataclass(frozen=True, slots=True)
class _Line:
    """A content line of a component (`VEVENT`, `STANDARD` …)."""

    within: tuple[str, ...]
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class _Event:
    shown: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    start: datetime | None = None
    day: date | None = None


def lines_of(calendar: str) -> str:
    """`METHOD`, then of each event summary, times with offset, place, and who has answered what, a line each.

    Named as iCalendar names them: `DTSTART: 2024-05-20 10:00 +09:00`, `DTSTART: 2024-05-20` for a whole day (its
    DTEND then is the last day, not the one after it), `STATUS: CANCELLED`, `PARTSTAT: ACCEPTED mori@example.jp`.
    """
    lines = list(_lines(calendar))
    zones = _zones(lines)
    method = next((line.value.upper() for line in lines if line.name == "METHOD"), "")
    found = [f"METHOD: {method}"] if method else []
    for event in _events(lines, zones, method):
        found += [f"{name}: {event.shown[name]}" for name in _ORDER if event.shown.get(name)]
        found += event.answers[:MAX_ANSWERS]
    return "\n".join(found)


_ORDER = ("SUMMARY", "DTSTART", "DTEND", "RRULE", "LOCATION", "STATUS")


def _lines(calendar: str) -> Iterator[_Line]:
    inside: list[str] = []
    for raw in _FOLD.sub("", mime.line_ends(calendar)).split("\n")[:MAX_LINES]:
        name, parameters, value = _split(raw[:MAX_LINE])
        if name == "BEGIN":
            inside.append(value.upper())
        elif name == "END":
            inside = inside[:-1]
        elif name:
            yield _Line(tuple(inside[-2:]), name, parameters, value)
        if name == "BEGIN":
            yield _Line(tuple(inside[-2:]), name, {}, value.upper())


def _split(line: str) -> tuple[str, dict[str, str], str]:
    """Name, parameters and value of a content line; a colon inside a quoted parameter is none."""
    quoted = False
    for position, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            name, _, rest = line[:position].partition(";")
            parameters = {key.upper(): given.strip('"') for key, given in _PARAMETER.findall(rest)}
            return name.strip().upper(), parameters, line[position + 1 :].strip()
    return "", {}, ""


def _events(lines: list[_Line], zones: dict[str, tzinfo], method: str) -> list[_Event]:
    events: list[_Event] = []
    for line in lines:
        if line.name == "BEGIN" and line.value in _EVENTS:
            events.append(_Event())
        elif events and line.within and line.within[-1] in _EVENTS:
            _note(events[-1], line, zones, method)
    return events[:MAX_EVENTS]


def _note(event: _Event, line: _Line, zones: dict[str, tzinfo], method: str) -> None:
    if line.name in ("DTSTART", "DTEND", "DUE"):
        _note_time(event, line, zones)
    elif line.name == "DURATION" and "DTEND" not in event.shown:
        _note_duration(event, line.value)
    elif line.name == "ATTENDEE" and line.parameters.get("PARTSTAT", "").upper() in _ANSWERS and method == "REPLY":
        who = re.sub(r"(?i)\Amailto:", "", line.value).lower()
        event.answers.append(f"PARTSTAT: {line.parameters['PARTSTAT'].upper()} {who}")
    elif line.name in ("SUMMARY", "LOCATION"):
        event.shown[line.name] = _ESCAPES.sub(lambda found: " " if found[1] in "nN" else found[1], line.value)
    elif line.name == "RRULE" or (line.name == "STATUS" and line.value.upper() == "CANCELLED"):
        event.shown[line.name] = line.value.upper()


def _note_time(event: _Event, line: _Line, zones: dict[str, tzinfo]) -> None:
    name = "DTSTART" if line.name == "DTSTART" else "DTEND"
    moment = _moment(line, zones)
    if moment is None:
        event.shown[name] = line.value
    elif isinstance(moment, datetime):
        event.shown[name] = _clock(moment)
        event.start = moment if name == "DTSTART" else event.start
    else:
        last = moment - timedelta(days=1) if line.name == "DTEND" and event.day and moment > event.day else moment
        event.shown[name] = last.isoformat()
        event.day = moment if name == "DTSTART" else event.day


def _note_duration(event: _Event, value: str) -> None:
    found = _DURATION.match(value)
    if found and event.start:
        weeks, days, hours, minutes = (int(part or 0) for part in found.groups())
        event.shown["DTEND"] = _clock(event.start + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes))


def _clock(moment: datetime) -> str:
    """With the offset where the zone is known."""
    return f"{moment:%Y-%m-%d %H:%M}" + (f" {moment.isoformat()[-6:]}" if moment.tzinfo else "")


def _moment(line: _Line, zones: dict[str, tzinfo]) -> datetime | date | None:
    found = _TIME.match(line.value)
    if not found:
        return None
    try:
        year, month, day, hour, minute = (int(part or 0) for part in found.groups()[:5])
        if not found[4]:
            return date(year, month, day)
        named = line.parameters.get("TZID", "")
        zone = UTC if found[7] else _known_zone(named) or zones.get(named)
        return datetime(year, month, day, hour, minute, tzinfo=zone)
    except (ValueError, OverflowError):
        return None


# --- zones -----------------------------------------------------------------------------------------------------------


def _zones(lines: list[_Line]) -> dict[str, tzinfo]:
    """The zones that an invitation defines, each with the offset of its standard time (section 3.6.5)."""
    found: dict[str, tzinfo] = {}
    name = ""
    for line in lines:
        if line.name == "TZID" and line.within[-1:] == ("VTIMEZONE",):
            name = line.value
        elif line.name == "TZOFFSETTO" and name and (line.within[-1:] == ("STANDARD",) or name not in found):
            offset = _OFFSET.match(line.value)
            minutes = int(offset[2]) * 60 + int(offset[3]) if offset else 24 * 60
            if offset and minutes < 24 * 60:
                found[name] = timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    return found


@lru_cache(maxsize=256)
def _known_zone(name: str) -> tzinfo | None:
    """The zone of an IANA name, also at the end of a longer one, or of one of Windows' names."""
    if not name:
        return None
    for candidate in (name, "/".join(name.split("/")[-2:]), _windows().get(name, "")):
        try:
            if candidate:
                return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def _windows() -> dict[str, str]:
    from babel.core import get_global  # the table costs some milliseconds, and few mails are invitations

    return dict(get_global("windows_zone_mapping"))
