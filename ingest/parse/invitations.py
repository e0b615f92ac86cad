"""Invitations (text/calendar, RFC 5545) as a few lines of text: what, when and where stand in the diary like words."""

import re

from ingest.parse import mime

MAX_LINES = 2_000
MAX_LINE = 2_000
_FOLD = re.compile(r"\n[ \t]")
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?")
_SHOWN = ("SUMMARY", "DTSTART", "DTEND", "LOCATION")
_ESCAPES = re.compile(r"\\([nN,;\\])")
_ZONE = re.compile(r'TZID="?([^";:]+)')


def lines_of(calendar: str) -> str:
    """`METHOD`, then summary, times and place of each event, a property a line, as iCalendar names them."""
    found: list[str] = []
    inside: list[str] = []
    for line in _FOLD.sub("", mime.line_ends(calendar)).split("\n")[:MAX_LINES]:
        name, _, value = _split(line[:MAX_LINE])
        if name == "BEGIN":
            inside.append(value.upper())
        elif name == "END":
            inside = inside[:-1]
        elif name == "METHOD":
            found.append(f"METHOD: {value.upper()}")
        elif name in _SHOWN and value and inside[-1:] in (["VEVENT"], ["VTODO"]):
            found.append(_shown(line[:MAX_LINE]))
    return "\n".join(found)


def _split(line: str) -> tuple[str, str, str]:
    """Name, parameters and value of a content line; a colon inside a quoted parameter is none."""
    quoted = False
    for position, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            name, _, parameters = line[:position].partition(";")
            return name.strip().upper(), parameters, line[position + 1 :].strip()
    return "", "", ""


def _shown(line: str) -> str:
    name, parameters, value = _split(line)
    if not name.startswith("DT"):
        return f"{name}: {_ESCAPES.sub(lambda escaped: ' ' if escaped[1] in 'nN' else escaped[1], value)}"
    time = _TIME.match(value)
    if not time:
        return f"{name}: {value}"
    year, month, day, hour, minute, _second, utc = time.groups()
    zone = _ZONE.search(parameters)
    suffix = " UTC" if utc else f" {zone[1]}" if zone and hour else ""
    return f"{name}: {year}-{month}-{day}" + (f" {hour}:{minute}{suffix}" if hour else "")
