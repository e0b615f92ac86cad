"""What people are used to: how long an owner is usually silent, and how long a customer usually waits for our answer.

Learned from the moments of mails alone, in working hours, so that nights, weekends and holidays are no silence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

from notes.hours import working_hours
from notes.model import Calendar, Direction

ENOUGH = 6
"""Fewer answers than so many say nothing about what a customer is used to."""

ENOUGH_SENT = 20
"""Of somebody's own mails, of which there are many, it takes more; half as many days."""

MOST = 200
"""The newest observations that count: people change."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of how somebody sends mail. `last`: the newest mail; `silence`: working hours between two mails
    that nine of ten silences do not exceed (None: too little is known); `begins`: local time by which on most days the
    first one has gone out."""

    last: datetime
    silence: float | None
    begins: time | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A mail between us and a customer, as far as rhythm needs it."""

    at: datetime
    direction: Direction


def sent(moments: Iterable[datetime], calendar: Calendar) -> Sent | None:
    """The rhythm of somebody who sent mails at these moments; None for nobody's."""
    ordered = sorted(moments)[-MOST:]
    if not ordered:
        return None
    gaps = [working_hours(one, other, calendar) for one, other in pairwise(ordered)]
    firsts: dict[object, time] = {}
    for moment in ordered:
        local = moment.astimezone(calendar.zone)
        if calendar.is_business_day(local.date()):
            firsts.setdefault(local.date(), local.time())
    early = sorted(firsts.values())
    begins = early[len(early) * 4 // 5] if len(early) >= ENOUGH_SENT // 2 else None
    return Sent(ordered[-1], within(gaps, ENOUGH_SENT), begins)


def answer_hours(exchanges: Iterable[Exchange], calendar: Calendar) -> float | None:
    """Working hours within which a customer had our answer nine times of ten; None where too little is known.

    A row of mails from them counts once, from its first.
    """
    waits: list[float] = []
    asked: datetime | None = None
    for one in sorted(exchanges, key=lambda each: each.at):
        if one.direction is Direction.IN:
            asked = asked or one.at
        elif one.direction is Direction.OUT and asked:
            waits.append(working_hours(asked, one.at, calendar))
            asked = None
    return within(waits[-MOST:])


def within(hours: Sequence[float], enough: int = ENOUGH) -> float | None:
    """What nine of ten do not exceed; None for fewer than `enough`."""
    return sorted(hours)[len(hours) * 9 // 10] if len(hours) >= enough else None
