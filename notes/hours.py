"""Working time between two moments: how long somebody has really been waiting."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from notes.model import Calendar

LONGEST_DAYS = 400
"""Beyond this the exact figure says nothing more; the loop over days stops here."""


def working_hours(since: datetime, until: datetime, calendar: Calendar) -> float:
    """Business hours (as a number of hours) between two zone-aware moments; 0.0 when `until` is not later."""
    start, end = since.astimezone(calendar.zone), until.astimezone(calendar.zone)
    first, days = start.date(), min((end.date() - start.date()).days, LONGEST_DAYS)
    if days < 1:
        return _hours_on(first, start, end, calendar)
    between = _business_days(first + timedelta(days=1), first + timedelta(days=days), calendar)
    whole = (datetime.combine(first, calendar.closes) - datetime.combine(first, calendar.opens)).total_seconds() / 3600
    last = first + timedelta(days=days)
    return _hours_on(first, start, end, calendar) + between * whole + _hours_on(last, start, end, calendar)


def _business_days(day: date, end: date, calendar: Calendar) -> int:
    """Business days before `end`, from `day` on. A handover counts the same whole months for each of its rows."""
    found = 0
    while day < end:
        until = min(end, _next_month(day))
        before, first = _before(day.replace(day=1), calendar), day.day - 1
        found += before[first + (until - day).days] - before[first]
        day = until
    return found


def _next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


@lru_cache(maxsize=256)
def _before(first: date, calendar: Calendar) -> tuple[int, ...]:
    """How many business days of a month are over when each of its days begins, and when its last one ends."""
    days = (first + timedelta(days=ahead) for ahead in range((_next_month(first) - first).days))
    return tuple(accumulate((calendar.is_business_day(day) for day in days), initial=0))


def _hours_on(day: date, start: datetime, end: datetime, calendar: Calendar) -> float:
    """Business hours of one day between two moments."""
    if not calendar.is_business_day(day):
        return 0.0
    opens = max(start, datetime.combine(day, calendar.opens, calendar.zone))
    closes = min(end, datetime.combine(day, calendar.closes, calendar.zone))
    return max(0.0, (closes - opens).total_seconds() / 3600)
