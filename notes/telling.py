"""Who hears of what, and when: alarms, what was told before, and the moment → what to tell now.

Each thing goes up a ladder, once a rung: to the owner, or while the owner is away to the stand-in, and when nothing
moves to the team. In the morning of a business day everybody hears once of all that is theirs. Nothing is told outside
business hours, unless it is due before they begin again.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from notes.alarms import Alarm, AlarmCode, Urgency, in_order
from notes.hours import working_hours
from notes.model import Calendar
from notes.workdays import shift, workday_from

TEAM = ""
"""The rung above all people: the team's address."""

OF_THE_TEAM = frozenset({AlarmCode.OWNER_QUIET, AlarmCode.ABSENCE_OFFERED})
"""What the person it is about cannot be asked."""

MOST_AT_ONCE = 50

Told = Mapping[tuple[str, str], datetime]
"""When whom was told of what: by an alarm's key and a staff id, or `TEAM`."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How people are told: at what time of the day the digest goes out, and after how many working hours without a
    change the next rung hears of what is urgent."""

    digest: time
    escalate_after: timedelta


@dataclass(frozen=True, slots=True)
class Telling:
    """One letter to one person or the team: what it tells, the most urgent first. `key` names it for good."""

    key: str
    to: str
    alarms: tuple[Alarm, ...]
    digest: bool = False


def tellings(
    alarms: Iterable[Alarm], told: Told, *, manner: Manner, calendar: Calendar, now: datetime, team: bool
) -> list[Telling]:
    """What is to be told at `now`, one letter a reader; `alarms` without those that somebody wants to hear nothing of.

    `team`: whether the team has an address. `told` holds the digests under `digest_key`.
    """
    here, listed = now.astimezone(calendar.zone), in_order(list(alarms))
    key, theirs = digest_key(here), _by_reader(listed) if _is_morning(here, manner, calendar) else {}
    digests = [
        Telling(key, person, some[:MOST_AT_ONCE], digest=True)
        for person, some in theirs.items()
        if (key, person) not in told
    ]
    said = {(one.key, telling.to) for telling in digests for one in telling.alarms}
    further: dict[str, list[Alarm]] = {}
    for one in listed:
        reader = _next_reader(one, told, said, manner, calendar, here, team=team)
        if reader is not None and _may_speak(one, calendar, here):
            further.setdefault(reader, []).append(one)
    more = [Telling(_named(reader, some), reader, tuple(some[:MOST_AT_ONCE])) for reader, some in further.items()]
    return [*digests, *more]


def digest_key(day: datetime) -> str:
    """Under which the digest of a day is noted as told."""
    return f"digest:{day.date().isoformat()}"


def noted(telling: Telling) -> list[tuple[str, str]]:
    """What is told once this letter is out, as `Told` notes it."""
    keys = [one.key for one in telling.alarms]
    return [(key, telling.to) for key in ([telling.key, *keys] if telling.digest else keys)]


def claims(telling: Telling) -> list[tuple[str, str]]:
    """Of these, what may not have been told before: a digest tells things again, once a day."""
    return noted(telling)[:1] if telling.digest else noted(telling)


def ladder(one: Alarm, *, team: bool) -> tuple[str, ...]:
    """Who hears of an alarm, one after the other."""
    above = (TEAM,) if team else ()
    person = one.standin or one.owner
    if person is None or (team and one.code in OF_THE_TEAM):
        return above
    return (person, *above)


def next_opening(now: datetime, calendar: Calendar) -> datetime:
    """When work begins next; `now` is in the calendar's zone."""
    today = now.date()
    if calendar.is_business_day(today) and now.time() < calendar.opens:
        return datetime.combine(today, calendar.opens, calendar.zone)
    return datetime.combine(workday_from(shift(today, 1), calendar), calendar.opens, calendar.zone)


def is_at_work(now: datetime, calendar: Calendar) -> bool:
    """Whether `now`, in the calendar's zone, is within business hours."""
    clock = now.time()
    return calendar.is_business_day(now.date()) and calendar.opens <= clock < calendar.closes


def without_hushed(alarms: Iterable[Alarm], hushed: Collection[str], customers: Mapping[str, str]) -> list[Alarm]:
    """Alarms less those about what somebody wants to hear nothing of now: a case's key, a promise's or a customer's id.

    `customers`: the id of each case's customer.
    """
    return [
        one
        for one in alarms
        if not {one.case, one.promise and one.promise.id, customers.get(one.case or "")} & set(hushed)
    ]


def _by_reader(alarms: Sequence[Alarm]) -> dict[str, tuple[Alarm, ...]]:
    """What is each person's, owners who are away left out."""
    found: dict[str, list[Alarm]] = {}
    for one in alarms:
        reader = one.standin or one.owner
        if reader and one.code not in OF_THE_TEAM:
            found.setdefault(reader, []).append(one)
    return {reader: tuple(some) for reader, some in found.items()}


def _is_morning(now: datetime, manner: Manner, calendar: Calendar) -> bool:
    """From the digest's time on until the day's work ends: a machine that was off in the morning still says it."""
    clock = now.time()
    return calendar.is_business_day(now.date()) and manner.digest <= clock < calendar.closes


def _next_reader(
    one: Alarm,
    told: Told,
    said: Collection[tuple[str, str]],
    manner: Manner,
    calendar: Calendar,
    now: datetime,
    *,
    team: bool,
) -> str | None:
    """The first rung that has not heard of it, once the one below has had its time."""
    last: datetime | None = None
    for reader in ladder(one, team=team):
        if (one.key, reader) in told:
            last = told[one.key, reader]
        elif (one.key, reader) in said:
            return None
        elif last is None or _waited(last, now, calendar) >= _patience(one, manner):
            return reader
        else:
            return None
    return None


def _waited(since: datetime, now: datetime, calendar: Calendar) -> timedelta:
    """Working time since somebody was told; at night, when only what is due at once is told, all time counts."""
    if is_at_work(now, calendar):
        return timedelta(hours=working_hours(since, now, calendar))
    return now - since


def _patience(one: Alarm, manner: Manner) -> timedelta:
    """What is due soon is told once: when it is due, it is told as such."""
    if one.urgency is Urgency.SOON:
        return timedelta.max
    return manner.escalate_after * (1 if one.urgency is Urgency.NOW else 2)


def _may_speak(one: Alarm, calendar: Calendar, now: datetime) -> bool:
    return is_at_work(now, calendar) or (one.due is not None and now <= one.due < next_opening(now, calendar))


def _named(reader: str, alarms: Iterable[Alarm]) -> str:
    """The same things to the same reader are the same letter, whoever writes it."""
    keys = "\0".join(sorted(one.key for one in alarms))
    return f"alarm:{reader}:{hashlib.sha256(keys.encode()).hexdigest()[:24]}"
