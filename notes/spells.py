"""When somebody is away, from words: of a person who declares it ("11/25", "午後"), or of an out-of-office reply.

A day counts whole, a morning ends and an afternoon begins at noon. A date without a year is the nearest one.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files

from notes.due import find_dates
from notes.model import Calendar, DateFound, Precision

NOON = time(12)
FAR = timedelta(days=183)
"""A date further ahead than this, given without a year, is one that has passed."""

LONGEST_TEXT = 4000
LONGEST_LINE = 500
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Spell:
    """A time away: up to `until`, which is excluded (None: not said)."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Words:
    """What `phrases/away.toml` holds, compiled."""

    today: re.Pattern[str]
    away: re.Pattern[str]
    back: re.Pattern[str]


@cache
def _words() -> Words:
    """The words that tell a return from an absence, and those that mean a part of today."""
    table = tomllib.loads(files("notes.phrases").joinpath("away.toml").read_text("utf-8"))
    return Words(*(re.compile("|".join(table[name]), re.IGNORECASE) for name in ("today", "away", "back")))


def beginning(words: str, now: datetime, calendar: Calendar) -> datetime | None:
    """The first moment of the time that words name; None where they name none."""
    found = _first(words, now, calendar)
    return _begin(found, calendar) if found else None


def end(words: str, now: datetime, calendar: Calendar) -> datetime | None:
    """The first moment after the time that words name; None where they name none."""
    found = _first(words, now, calendar)
    return _end(found, calendar) if found else None


def offered(text: str, at: datetime, calendar: Calendar) -> Spell | None:
    """The time away that an out-of-office reply of moment `at` tells of; None where it tells none.

    "11/25 to 11/27", "until 4 December", "back on 7 December".
    """
    since: datetime | None = None
    until: datetime | None = None
    for line in text[:LONGEST_TEXT].splitlines()[:MOST_LINES]:
        for sentence in re.split(r"[。！!;]|\.\s|\band\b", line[:LONGEST_LINE]):
            if _words().back.search(sentence):
                dates = _dates(sentence, at, calendar)
                until = until or (_begin(dates[-1], calendar) if dates else None)
            elif _words().away.search(sentence):
                first, last = _from_to(sentence, _dates(sentence, at, calendar), calendar)
                since, until = since or first, last or until
    if (since is None and until is None) or (until is not None and until <= max(since or at, at)):
        return None
    return Spell(since or at, until)


def _from_to(sentence: str, dates: Sequence[DateFound], calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    """The ends that a sentence about being away names: both, or the last one alone unless it says since when."""
    if not dates:
        return None, None
    first, last = dates[0], dates[-1]
    start, stop = _begin(first, calendar), _end(last, calendar)
    spans = first.due.start and first.due.to and first.due.to - first.due.start > timedelta(days=1)
    if len(dates) > 1 or spans or not re.search(r"まで|until|till|through|to\b", sentence, re.IGNORECASE):
        return start, stop
    return None, stop


def _first(words: str, now: datetime, calendar: Calendar) -> DateFound | None:
    folded = _words().today.sub(lambda match: f"this {match[0]}", words[:LONGEST_LINE].strip())
    folded = re.sub(r"^(\d{1,2})/(\d{1,2})$", r"\1月\2日", folded)  # alone, 1/5 may be a fraction
    return next(iter(_dates(folded, now, calendar)), None)


def _dates(text: str, now: datetime, calendar: Calendar) -> list[DateFound]:
    found = list(find_dates(text, said_at=now, calendar=calendar))
    if any(_far(one, now) for one in found):
        found = [_nearer(one, now, text, calendar) for one in found]
    return [one for one in found if one.due.to or one.due.start]


def _far(one: DateFound, now: datetime) -> bool:
    moment = one.due.to or one.due.start
    return moment is not None and moment > now + FAR and not re.search(r"\d{4}", one.text)


def _nearer(one: DateFound, now: datetime, text: str, calendar: Calendar) -> DateFound:
    """The same date read half a year earlier, where that is nearer."""
    if not _far(one, now):
        return one
    before = find_dates(text, said_at=now - FAR, calendar=calendar)
    return next((other for other in before if (other.start, other.end) == (one.start, one.end)), one)


def _begin(one: DateFound, calendar: Calendar) -> datetime:
    moment = one.due.to if one.due.precision is Precision.MINUTE or one.due.start is None else one.due.start
    local = (moment or one.due.start or datetime.max).astimezone(calendar.zone)
    if one.due.precision is Precision.MINUTE:
        return local
    day = datetime.combine(local.date(), time(), calendar.zone)
    return datetime.combine(local.date(), NOON, calendar.zone) if _afternoon(one, calendar) else day


def _afternoon(one: DateFound, calendar: Calendar) -> bool:
    """Whether a part of a day lies after noon."""
    to = one.due.to.astimezone(calendar.zone) if one.due.to else None
    return one.due.precision is Precision.PART_OF_DAY and to is not None and to.time() > NOON


def _end(one: DateFound, calendar: Calendar) -> datetime:
    local = (one.due.to or one.due.start or datetime.max).astimezone(calendar.zone)
    if one.due.precision is Precision.MINUTE or (one.due.precision is Precision.PART_OF_DAY and local.time() <= NOON):
        return local
    return datetime.combine(local.date() + timedelta(days=1), time(), calendar.zone)
