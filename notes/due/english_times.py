"""Reads English counts from now (within two days, in an hour), times of day and zones into pieces."""

import re
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from notes import workdays
from notes.due.english_words import MINUTES, NUMBERS, UNITS, WEEKDAY, WEEKDAYS, Match
from notes.due.pieces import (
    DAY_END,
    FIRST_THING,
    NOON,
    Ground,
    Piece,
    clock_piece,
    count_on,
    day_of,
    later,
    month_span,
    part_piece,
    void,
    week_span,
    weekday_piece,
)
from notes.model import Precision

CONDITION = re.compile(
    r"\b(?:once|upon|if|whenever|provided|assuming|as soon as|when|after (?:the "
    r"|your |our |we |you |receipt|receiving|approval|payment|delivery|signing))\b"
)
COURTESY = re.compile(
    r"\bif (?:possible|not sooner|you like|that'?s? (?:works|ok|okay|suits)|not before"
    r"|that works|need be|all goes well)\b"
)
DEPENDS = re.compile(
    r"\s*(?:time )?(?:of|after|from|following|once|upon|prior|before)\b(?!\s(?:now"
    r"|today|tomorrow|this (?:e-?mail|message)|the date of this))"
)
FROM_DAY = re.compile(
    rf"\s*(?:time )?(?:from|on|after) (?:(?:this|next|coming) )?(?:{WEEKDAY}|(today"
    rf"|now|tomorrow)\b)"
)


def count(match: Match, ground: Ground) -> Piece | None:
    """within 2 business days, in an hour, a couple of weeks from now; nothing where an event starts the count."""
    lead, (value, unit) = match[1], quantity(match[2], match[3])
    base = FROM_DAY.match(ground.plain, match.end())
    if base and base[1]:
        return counted_from_weekday(match, ground, (value, unit), base)
    if dated_by_event(match, ground):
        return replace(void(match), count=None if unit in ("hour", "minute") else (min(value, 999), unit))
    if not lead and not LATER.match(ground.plain, match.end()):
        return None
    if "tomorrow" in ground.plain[match.end() : match.end() + 16]:
        return counted_on(match, ground, value, unit)
    return later(match, ground, value, unit)


def quantity(number: str, name: str) -> tuple[int, str]:
    """How many of which unit: two fortnights are four weeks, business days are workdays."""
    unit = UNITS.get(name, name)
    unit = "workday" if unit.endswith("day") and unit != "day" else unit
    value = int(number) if number.isdecimal() else NUMBERS[number]
    return value * (2 if name == "fortnight" else 1), unit


def counted_on(match: Match, ground: Ground, value: int, unit: str) -> Piece | None:
    """three weeks from tomorrow."""
    start = workdays.shift(ground.today, 1)
    return None if unit in ("hour", "minute") else day_of(match, count_on(start, value, unit, ground.calendar))


LATER = re.compile(r"\s(?:(?:from|after) (?:now|today|tomorrow|tmrw)|hence|time\b|today\b|tomorrow\b)")


def counted_from_weekday(match: Match, ground: Ground, counted: tuple[int, str], base: Match) -> Piece | None:
    """a week from Friday, 3 business days from Monday."""
    weekday = weekday_piece(match, WEEKDAYS.index(base[1][:3]), ground).days
    if weekday is None or counted[1] in ("hour", "minute"):
        return None
    day = count_on(weekday[0], counted[0], counted[1], ground.calendar)
    return Piece(match.start(), base.end(), days=(day, day))


def dated_by_event(match: Match, ground: Ground) -> bool:
    """Whether a span counts from something that has not happened yet."""
    if DEPENDS.match(ground.plain, match.end()):
        return True
    sentence = COURTESY.sub("", ground.plain)
    return bool(CONDITION.search(sentence))


def counted_on_before(match: Match, ground: Ground) -> Piece | None:
    """ten days later, a week after that: counted from the day named last, if that is still to come."""
    value, unit = quantity(match[1], match[2])
    day = ground.before
    if day is None or day < ground.today or unit in ("minute", "hour") or value > MOST_COUNTED:
        return void(match)
    return day_of(match, count_on(day, value, unit, ground.calendar))


MOST_COUNTED = 300


def day_after_that(match: Match, ground: Ground) -> Piece | None:
    """the next day, the day after: after the day named last, if that is still to come."""
    day = ground.before
    return day_of(match, workdays.shift(day, 1)) if day and day > ground.today else None


def unit_or_two(match: Match, ground: Ground) -> Piece | None:
    """in the next day or two, within an hour or so."""
    if dated_by_event(match, ground):
        return void(match)
    return later(match, ground, *quantity("1" if match[2] == "so" else match[2], match[1]))


def half(match: Match, ground: Ground) -> Piece | None:
    """within half an hour, in an hour and a half."""
    if dated_by_event(match, ground):
        return void(match)
    minutes = (
        90 if "and a half" in match[0] else 45 if "three quarters" in match[0] else 15 if "quarter" in match[0] else 30
    )
    return later(match, ground, minutes, "minute")


def within_unit(match: Match, ground: Ground) -> Piece | None:
    """within the hour, within the day, within the week, within the fortnight, within the month."""
    unit = match[1]
    if unit == "hour":
        return later(match, ground, 1, "hour")
    if unit == "day":
        return day_of(match, ground.today)
    if unit == "fortnight":
        return later(match, ground, 2, "week")
    return week_span(match, ground, 0) if unit == "week" else month_span(match, ground, ground.today.replace(day=1), "")


def next_workday(match: Match, ground: Ground) -> Piece | None:
    """the next business day."""
    if dated_by_event(match, ground):
        return void(match)
    return day_of(match, workdays.add_workdays(ground.today, 1, ground.calendar))


def clock(match: Match, ground: Ground) -> Piece | None:
    """3pm, 3:30 p.m., 10 o'clock."""
    hour, minute, mark = hour_value(match[1]), int(match[2] or 0), match[3]
    if hour > 12 and mark[0] in "ap" and hour > 23:
        return None
    half_day = {"a": "am", "p": "pm"}.get(mark[0], "")
    return clock_piece(match, hour, minute, half_day, half=True)


def hour_value(words: str) -> int:
    """5 of 5 or five."""
    return int(words) if words.isdecimal() else NUMBERS[words]


def bare_hour(match: Match, ground: Ground) -> Piece | None:
    """at 5, by ten: an hour if the phrase ends there."""
    return clock_piece(match, hour_value(match[1]), int(match[2] or 0), half=True)


def hour_in_part(match: Match, ground: Ground) -> Piece | None:
    """7 in the morning, half-day told by its part."""
    return clock_piece(match, hour_value(match[1]), int(match[2] or 0), "am" if match[3] == "morning" else "pm")


def between_hours(match: Match, ground: Ground) -> Piece | None:
    """between nine and eleven: in time until the later."""
    return hours(match, hour_value(match[1]), hour_value(match[2]))


def from_to_hours(match: Match, ground: Ground) -> Piece | None:
    """from 1 to 3, 9 till 11: hours beside a day; alone it may be any two numbers."""
    found = hours(match, hour_value(match[1] or match[2]), hour_value(match[3]))
    return replace(found, weak=True) if found else None


def hours(match: Match, first: int, last: int) -> Piece | None:
    """In time until the later of two hours."""
    found = clock_piece(match, last, 0, half=True)
    if not found or not found.clock or first > 12:
        return None
    half = found.clock.half and first < last
    return replace(found, clock=replace(found.clock, start=time(first), half=half), spans=True)


def military(match: Match, ground: Ground) -> Piece | None:
    """1700 hrs, 17h30."""
    return clock_piece(match, int(match[1]), int(match[2] or 0))


def spoken_clock(match: Match, ground: Ground) -> Piece | None:
    """half past three, quarter to five, ten to four; half nine is half past nine where it is said."""
    hour = hour_value(match[2])
    if hour > 12:
        return None
    name, _, way = match[1].partition(" ") if not match[1].startswith("a ") else match[1][2:].partition(" ")
    minutes = MINUTES[name] * (-1 if way == "to" else 1)
    moment = timedelta(hours=hour, minutes=minutes)
    return clock_piece(match, moment.seconds // 3600, moment.seconds // 60 % 60, half=True)


def part(match: Match, ground: Ground) -> Piece | None:
    """noon, in the morning, first thing, lunchtime, EOD."""
    word, closes = match[0], ground.calendar.closes
    if "first thing" in word:
        return part_piece(match, FIRST_THING)
    if word.removesuffix("ish").rstrip("-") in ("noon", "midday", "12 noon", "mid-day", "12 midday"):
        return clock_piece(match, 12, 0)
    if word == "midnight":
        return part_piece(match, DAY_END, Precision.MINUTE)
    if "lunch" in word:
        return part_piece(match, NOON, weak=word == "lunch" and not LED.search(ground.plain[: match.start()]))
    if word.endswith("time") or word == "elevenses":
        return part_piece(match, MEALS[word[:3]], weak=True)
    if word.replace(".", "") in ("am", "pm"):
        return part_piece(match, NOON if word[0] == "a" else closes)
    if word.endswith("morning"):
        return part_piece(match, NOON, weak=not LED.search(ground.plain[: match.start()]) and "the" not in word)
    if word.endswith("afternoon"):
        to = time(14) if "early" in word else closes
        return part_piece(match, to, weak=not LED.search(ground.plain[: match.start()]) and "the" not in word)
    if word.endswith(("evening", "night")):
        return part_piece(match, DAY_END, weak="the" not in word)
    return part_piece(match, closes, Precision.DAY, close=True)


MEALS = {"bre": time(9), "ele": time(11), "tea": time(17), "din": DAY_END, "sup": DAY_END}
"""By when a meal is over; of dinner only the day is sure."""
LED = re.compile(r"\b(?:by|before|until|till) $")
ZONES = {"p": "America/Los_Angeles", "e": "America/New_York", "c": "America/Chicago", "m": "America/Denver"}
NAMED_ZONES = {
    "gmt": "Etc/GMT", "utc": "Etc/UTC", "bst": "Europe/London", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "jst": "Asia/Tokyo", "ist": "Asia/Kolkata", "aest": "Australia/Sydney", "aedt": "Australia/Sydney",
    "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore", "kst": "Asia/Seoul", "japan": "Asia/Tokyo",
    "tokyo": "Asia/Tokyo", "london": "Europe/London", "uk": "Europe/London", "berlin": "Europe/Berlin",
    "german": "Europe/Berlin", "paris": "Europe/Paris", "new york": "America/New_York",
    "california": "America/Los_Angeles", "singapore": "Asia/Singapore", "central european": "Europe/Berlin",
}  # fmt: skip


def zone(match: Match, ground: Ground) -> Piece | None:
    """PT, JST, your time, 5 pm Eastern: where a time was not meant in the writer's own zone."""
    word = match[1].removesuffix(" time").removesuffix(" standard").removesuffix(" daylight")
    if word.startswith("your"):
        return Piece(match.start(), match.end(), zone=ground.reader, weak=True)
    if word.startswith(("my", "our", "local")):
        return Piece(match.start(), match.end(), zone=ground.said.tzinfo, weak=True)
    name = NAMED_ZONES.get(word) or ZONES[word.removeprefix("us ")[0]]
    return Piece(match.start(), match.end(), zone=ZoneInfo(name), weak=True)


def ago(match: Match, ground: Ground) -> Piece | None:
    """3 days ago, a week earlier: behind us."""
    unit = UNITS.get(match[2], match[2])
    size = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}.get(unit)
    if size is None or match[3] != "ago":
        return void(match)
    value = int(match[1]) if match[1].isdecimal() else NUMBERS[match[1]]
    return day_of(match, workdays.shift(ground.today, -min(value * size, 36500)), gone=True)
