"""The calendar and the asking that the tests of due dates share."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from notes.due import choose, find_dates
from notes.model import Calendar, DateFound

TOKYO = ZoneInfo("Asia/Tokyo")
HOLIDAYS = {
    "2025-07-21",
    "2025-08-11",
    "2025-09-15",
    "2025-09-23",
    "2025-10-13",
    "2025-11-03",
    "2025-11-24",
    "2026-01-12",
}


def day_off(day: date) -> bool:
    """Weekends, the holidays of the second half of 2025, and 29 December to 3 January."""
    closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return closed or day.weekday() >= 5 or day.isoformat() in HOLIDAYS


CALENDAR = Calendar(TOKYO, time(9), time(18), day_off)


def found_in(text: str, said: str = "2025-06-11T10:00", zone: str = "Asia/Tokyo") -> tuple[DateFound, ...]:
    """The dates of a text written at `said` (a Wednesday morning unless told) in a zone."""
    return find_dates(text, said_at=datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone)), calendar=CALENDAR)


def due_of(text: str, said: str = "2025-06-11T10:00", zone: str = "Asia/Tokyo") -> str | None:
    """The due date that a sentence promises by: `2025-06-13`, or `2025-06-13 12:00` where it is not the day's end."""
    found = choose(found_in(text, said, zone), text)
    if found is None or found.due.to is None:
        return None
    to = found.due.to
    return f"{to:%Y-%m-%d}" if to.time() == time(23, 59, 59) else f"{to:%Y-%m-%d %H:%M}"
