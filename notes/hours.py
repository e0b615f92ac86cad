"""Working time between two moments: how long somebody has really been waiting."""

from datetime import datetime, timedelta

from notes.model import Calendar

LONGEST_DAYS = 400
"""Beyond this the exact figure says nothing more; the loop over days stops here."""


def working_hours(since: datetime, until: datetime, calendar: Calendar) -> float:
    """Business hours (as a number of hours) between two zone-aware moments; 0.0 when `until` is not later."""
    start, end = since.astimezone(calendar.zone), until.astimezone(calendar.zone)
    hours = 0.0
    for ahead in range(min((end.date() - start.date()).days, LONGEST_DAYS) + 1):
        day = start.date() + timedelta(days=ahead)
        if calendar.is_business_day(day):
            opens = max(start, datetime.combine(day, calendar.opens, calendar.zone))
            closes = min(end, datetime.combine(day, calendar.closes, calendar.zone))
            hours += max(0.0, (closes - opens).total_seconds() / 3600)
    return hours
