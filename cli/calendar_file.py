"""Promises of ours that are still owed, as calendar entries (iCalendar, RFC 5545), each at its due date in force.

Entries are events and not tasks: calendars show events, and few of them know tasks. The same promise has the same UID
in every file, so that importing a newer file moves it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from cli.harmless import harmless
from cli.words import say
from notes.model import By, Case, Precision, Promise

WARNING = timedelta(hours=1)


def promises(listed: Iterable[tuple[Case, Promise]], now: datetime) -> bytes:
    """The calendar of the promises among these that are owed by us and have a date."""
    calendar = Calendar()
    calendar.add("prodid", "-//kawari//promises//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for case, one in listed:
        if one.by is By.US and one.due_now and one.is_open:
            calendar.add_component(_event(case, one, one.due_now, now))
    return bytes(calendar.to_ical())


def _event(case: Case, one: Promise, due: datetime, now: datetime) -> Event:
    event = Event()
    customer, quote = (harmless(text, one_line=True) for text in (case.customer.name, one.quote))
    event.add("uid", f"{one.id}-{case.key}@kawari.invalid")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", say("ics.summary", customer=customer, key=case.key))
    event.add("description", say("ics.description", quote=quote, key=case.key, id=one.id))
    event.add("categories", ["kawari"])
    if _whole_day(one, due):
        event.add("dtstart", due.date())
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", due.astimezone(UTC))  # and no end: it would have to be later (section 3.8.2.2)
        event.add_component(_alarm(customer))
    return event


def _whole_day(one: Promise, due: datetime) -> bool:
    return (due.hour, due.minute, due.second) == (23, 59, 59) or (
        one.due.precision in (Precision.WEEK, Precision.MONTH) and due == one.due.to
    )


def _alarm(customer: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -WARNING)
    alarm.add("description", customer)
    return alarm
