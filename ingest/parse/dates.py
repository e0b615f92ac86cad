"""When a mail was written: its Date header where it can be true, else what servers say; the writer's offset is kept."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from functools import lru_cache
from typing import NamedTuple

from ingest.parse import strict

EARLIEST = 1990
LATEST = 9000
"""Dates beyond it cannot be moved to another zone."""
AHEAD = timedelta(days=2)
"""A mail cannot have been written so long after a server had it; clocks and zones are wrong by less."""
BEHIND = timedelta(days=30)
"""Nor does it take so long from its writer to the first server."""
MAX_HOPS = 3
"""The first hops tell when a mail was written; those after them only when it arrived here."""
MAX_VALUE = 200

_ZONES = {"JST": "+0900", "KST": "+0900", "CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200"}
_ZONES |= {"BST": "+0100", "WET": "+0000", "WEST": "+0100", "EET": "+0200", "EEST": "+0300", "HKT": "+0800"}
_NAMED_ZONE = re.compile(r"\s([A-Za-z]{3,4})\s*$")
_NO_COLON_ZONE = re.compile(r"([+-]\d\d):(\d\d)\s*$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Written(NamedTuple):
    """The moment a mail was written (zone-aware), and the defect code when its Date header could not be used."""

    at: datetime
    defect: str = ""


def read(value: str) -> datetime | None:
    """A date-time of RFC 5322, section 3.3, its obsolete forms, asctime or ISO 8601; zone-aware, or None.

    Two-digit years follow RFC 5322, section 4.3. A date without a zone, or with one nobody knows, counts as UTC.
    """
    value = value[:MAX_VALUE].strip()
    if not value:
        return None
    usual = _USUAL.match(value)
    if usual:
        return _usual(usual)
    bare = value.partition("(")[0].strip() if "(" in value else value
    named = _NAMED_ZONE.search(bare)
    if named and named[1].upper() in _ZONES:
        bare = bare[: named.start()] + " " + _ZONES[named[1].upper()]
    found = strict.moment(bare)
    moment = _in_zone(*found) if found else _lenient(bare)
    return moment if moment and moment.year <= LATEST else None


_MONTH_NAMES = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_USUAL = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d{{1,2}}) ({_MONTH_NAMES}) (\d{{4}}) (\d\d):(\d\d):(\d\d) "
    r"([+-])(\d\d)([0-5]\d)(?: \([A-Za-z ]{1,30}\))?\Z",
    re.ASCII,
)
"""The form that almost all dates have, and that needs no judging."""
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split("|"), 1)}


def _usual(found: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        at = datetime(
            int(year),
            _MONTHS[month],
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),
            tzinfo=_zone(sign, hours, minutes),
        )
    except ValueError:
        return None
    if not 1900 <= at.year <= LATEST:
        return None
    return at + timedelta(seconds=1) if second == "60" else at


@lru_cache(maxsize=256)
def _zone(sign: str, hours: str, minutes: str) -> tzinfo:
    """Raises ValueError for an offset of a day and more."""
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset) if offset else UTC


def _in_zone(moment: datetime, offset: timedelta) -> datetime | None:
    if abs(offset) >= timedelta(hours=24):
        return None
    try:
        return moment.astimezone(timezone(offset) if offset else UTC)
    except OverflowError:
        return None


def _lenient(value: str) -> datetime | None:
    """Dates no standard allows: as the standard library guesses them, then ISO 8601."""
    value = _NO_COLON_ZONE.sub(r"\1\2", value)
    try:
        fields = parsedate_tz(value)
        if fields:
            zone = timezone(timedelta(seconds=fields[9] or 0))
            return datetime(*fields[:6], tzinfo=zone)
        moment = datetime.fromisoformat(value)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def received(values: Iterable[str]) -> list[datetime]:
    """The times of the first hops in Received (RFC 5321, section 4.4), first hop last, unreadable ones left out."""
    times = (read(value.rpartition(";")[2].replace("\r", " ").replace("\n", " ")) for value in list(values)[-MAX_HOPS:])
    return [moment for moment in times if moment and moment.year >= EARLIEST]


def written(header: str, claimed: datetime | None, hops: list[datetime], internaldate: datetime | None) -> Written:
    """The best known time of writing.

    The header's (`claimed`, as `read` gives it), unless it is missing, unreadable, before 1990, or contradicts the
    servers: more than two days after the mail was already there, or more than thirty days before its first hop. Then
    the first hop's or the server's arrival time, in the zone that the header names. Without any of these 1970 stands
    for "not known".
    """
    arrived = hops[-1] if hops else internaldate
    if claimed and _possible(claimed, hops, internaldate):
        return Written(claimed)
    code = "date-implausible" if claimed else "date-unreadable" if header.strip() else "date-missing"
    if arrived:
        return Written(arrived.astimezone(_zone_of(claimed, arrived)), code)
    return Written(claimed or _EPOCH, code)


def _possible(claimed: datetime, hops: list[datetime], internaldate: datetime | None) -> bool:
    if claimed.year < EARLIEST:
        return False
    arrivals = [*hops, internaldate] if internaldate else hops
    if arrivals and claimed - min(arrivals) > AHEAD:
        return False
    return not (hops and hops[-1] - claimed > BEHIND)


def _zone_of(claimed: datetime | None, arrived: datetime) -> tzinfo | None:
    return claimed.tzinfo if claimed else arrived.tzinfo
