"""English words of time: rules as data, each with the small function that reads its match into a piece.

Patterns meet folded text: lower case, plain quotes and dashes (`notes.due.fold`). Names that are also words (May,
March, Sun) look at the capitals of the original.
"""

import re
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from notes import workdays
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
    monthless,
    named_day,
    part_piece,
    real_date,
    span_of,
    void,
    week_span,
    weekday_piece,
    whole,
)
from notes.model import Certainty, Precision

Match = re.Match[str]

MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = (
    r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
)
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
LONG_ORDINALS = "|".join(sorted(ORDINALS, key=len, reverse=True))
DAY_NUMBER = (
    rf"(\d{{1,2}}(?:st|nd|rd|th)?|{LONG_ORDINALS}|twenty[ -]?(?:first|second|third"
    rf"|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[ -]first)"
)
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty-five": 45, "forty": 40, "sixty": 60, "a couple of": 2, "a couple": 2, "couple of": 2, "couple": 2,
}  # fmt: skip
NUMBER = rf"(\d{{1,4}}(?!\d)|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?![a-z]{{2}})"
UP_TO = rf"(?:(?:\d{{1,3}}|{'|'.join(NUMBERS)})\s?(?:-|to|or|~)\s?)?{NUMBER}(?:\s?\(\d{{1,3}}\))?"
UNIT = (
    r"(?:more |full |short |further )?(minute|min|hour|hr|h|day|week|fortnight"
    r"|month|year|(?:business|working|work|week)[ -]?day|business hour|working hour)(?:s' time"
    r"|'s time|s)?(?![a-z])"
)
UNITS = {
    "min": "minute",
    "hr": "hour",
    "h": "hour",
    "fortnight": "week",
    "business hour": "hour",
    "working hour": "hour",
}
WEEK_PARTS = {
    "early": "early", "mid": "mid", "middle": "mid", "the middle of": "mid", "middle of": "mid", "late": "late",
    "later": "late", "end": "", "beginning": "early", "start": "early", "first half": "half",
    "second half": "late", "first part": "half", "sometime": "", "anytime": "", "": "",
}  # fmt: skip
MONTH_PARTS = {
    "early": "early", "mid": "middle", "middle": "middle", "late": "late", "later": "", "end": "end",
    "beginning": "first", "start": "first", "first half": "half", "second half": "late", "first part": "half",
    "sometime": "", "anytime": "", "": "",
}  # fmt: skip
PART = (
    r"(?:(early|mid|middle|late|later|end|beginning|start|first half|second half"
    r"|first part|sometime|anytime)[ -](?:of |in |on )?(?:the )?)?"
)
# "the end of June" by any of these; a day of a month needs one of these before it.
PREPOSITION = re.compile(
    r"\b(?:by|on|before|until|till?|from|to|through|thru|since|after|for|of|than"
    r"|due|between|and|or|around|about|starting|dated|mon|tues?|wed|thu(?:rs?)?"
    r"|fri|sat|sun|[a-z]{3,6}day)[,.(]? $"
)
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


def day_value(text: str) -> int:
    """9, 9th, ninth, twenty-first."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    if text.startswith("thirt") and text != "thirteenth":
        return 31 if text.endswith("first") else 30
    if text.startswith("twenty"):
        return 21 + ORDINALS.index(text[6:].lstrip(" -"))
    return 1 + ORDINALS.index(text)


def month_value(name: str) -> int:
    """December is 12."""
    return 1 + MONTH_NAMES.index(name[:3])


def unsure(match: Match, ground: Ground, group: int) -> bool:
    """Whether a month's name stands there in small letters where it can be a plain word."""
    return match[group] in ("may", "march", "mar") and not ground.original[match.start(group)].isupper()


def month_first(match: Match, ground: Ground) -> Piece | None:
    """December 9th, Dec 9-11, Dec 9, 2022."""
    if unsure(match, ground, 1) and match[2].isdecimal() and not PREPOSITION.search(ground.plain[: match.start()]):
        return None
    return day_in_month(match, ground, (match[1], match[2], match[3], match[4]))


def day_then_month(match: Match, ground: Ground) -> Piece | None:
    """9 December, the 9th of December 2022, 9-11 Dec."""
    if unsure(match, ground, 3) and match[1].isdecimal() and not match[4]:
        return None
    return day_in_month(match, ground, (match[3], match[2] or match[1], match[1] if match[2] else None, match[4]))


def day_in_month(match: Match, ground: Ground, words: tuple[str, str, str | None, str | None]) -> Piece | None:
    """One day of a named month, or two; the earlier and the later may come in either order."""
    name, one, other, year = words
    month, days = month_value(name), sorted({day_value(one), day_value(other or one)})
    found = named_day(match, ground, full_year(year), month, days[0])
    if not found or not found.days or len(days) == 1:
        return found
    last = real_date(found.days[0].year, month, days[1])
    return Piece(match.start(), match.end(), days=whole(found.days[0], last), certainty=Certainty.STATED)


def full_year(year: str | None) -> int | None:
    """2022 of 2022, 22 or '22."""
    return None if not year else int(year) if len(year) > 2 else 2000 + int(year)


def month_alone(match: Match, ground: Ground) -> Piece | None:
    """early January, the end of March 2025, in June."""
    if not (match[1] or match[3]) and not MONTH_LEAD.search(ground.plain[: match.start()]):
        return None
    if unsure(match, ground, 2) and not match[3] and not SURE_LEAD.search(ground.plain[: match.start()]):
        return None
    year, month = full_year(match[3]), month_value(match[2])
    start = date(year or ground.today.year, month, 1)
    if not year and workdays.month_end(start) < ground.today:
        start = start.replace(year=start.year + 1)
    return month_span(match, ground, start, MONTH_PARTS[match[1] or ""], yearless=not year)


SURE_LEAD = re.compile(r"\b(?:in|by|until|of|since|during|before|from|between) $")
MONTH_LEAD = re.compile(
    r"\b(?:between|and|in|by|before|until|till|during|end of|of|for|since|from|to|next|this|through|sometime in) $"
)


def nth_weekday(match: Match, ground: Ground) -> Piece | None:
    """the first Monday of next month, the last business day of March, the first week of June."""
    nth = (
        -1
        if match[1] in ("last", "final")
        else 1 + ("first", "second", "third", "fourth", "1st", "2nd", "3rd", "4th").index(match[1]) % 4
    )
    this, coming, name = match[4], match[5], match[6]
    start = ground.today.replace(day=1)
    if name:
        start = date(start.year + (month_value(name) < start.month), month_value(name), 1)
    elif coming and not this:
        start = workdays.add_months(start, 1)
    if match[3] == "week":
        friday = workdays.nth_weekday(start, nth, 4)
        return week_around(match, friday) if friday else None
    if match[3]:
        day = workdays.nth_workday(start, nth, ground.calendar)
    else:
        day = workdays.nth_weekday(start, nth, WEEKDAYS.index(match[2][:3]))
    return day_of(match, day) if day else None


def week_around(match: Match, friday: date) -> Piece:
    """Monday to Friday."""
    return span_of(match, workdays.monday(friday), friday, Precision.WEEK)


def nth(match: Match, ground: Ground) -> Piece | None:
    """by the 15th, the 3rd of next month."""
    day, month = day_value(match[1]), match[2]
    if not 1 <= day <= 31:
        return None
    if month:
        start = workdays.add_months(ground.today.replace(day=1), 1 if month in ("next", "following", "coming") else 0)
        return named_day(match, ground, start.year, start.month, day)
    if not PREPOSITION.search(ground.plain[: match.start()]):
        return None
    ahead, behind = monthless(ground, day)
    return Piece(
        match.start(), match.end(), days=whole(ahead), past=whole(behind), day_number=day, certainty=Certainty.STATED
    )


RELATIVE = {
    "today": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1, "yesterday": -1,
    "day after tomorrow": 2, "day before yesterday": -2,
}  # fmt: skip


def relative_day(match: Match, ground: Ground) -> Piece:
    """today, later today, the day after tomorrow."""
    away = RELATIVE[match[1]]
    return day_of(match, workdays.shift(ground.today, away), gone=away < 0)


def day_and_part(match: Match, ground: Ground) -> Piece:
    """tonight, this morning, this afternoon."""
    word = match[1] or "night"
    to = {"morning": NOON, "afternoon": ground.calendar.closes}.get(word, DAY_END)
    day = day_of(match, ground.today, gone=word == "morning" and ground.said.time() > NOON)
    return Piece(
        match.start(), match.end(), days=day.days, past=day.past, clock=part_piece(match, to).clock, gone=day.gone
    )


def period(match: Match, ground: Ground) -> Piece:
    """early next week, the end of the month, this quarter, next year."""
    part, which, unit = match[1] or "", match[2] or "this", match[3]
    step = STEPS.get(which, 0)
    if unit == "week":
        return week_span(match, ground, step, WEEK_PARTS[part])
    if unit == "weekend" and which == "the" and ground.plain.endswith("by ", 0, match.start()):
        return week_span(match, ground, 0)
    if unit == "weekend":
        return week_span(match, ground, step, "weekend")
    if unit == "month":
        month = workdays.add_months(ground.today.replace(day=1), step)
        return month_span(match, ground, month, MONTH_PARTS[part])
    return long_period(match, ground, step, unit, part)


STEPS = {
    "this": 0,
    "next": 1,
    "following": 1,
    "coming": 1,
    "this coming": 0,
    "upcoming": 1,
    "last": -1,
    "previous": -1,
    "past": -1,
    "the": 0,
}


def long_period(match: Match, ground: Ground, step: int, unit: str, part: str) -> Piece:
    """A quarter or a year, to its last day; its early part to the end of its first month."""
    size = 3 if unit == "quarter" else 12
    months = ground.today.year * 12 + (ground.today.month - 1) // size * size + step * size
    first = date(min(max(months // 12, 1), 9998), months % 12 + 1, 1)
    whole_span = workdays.month_end(workdays.add_months(first, size - 1))
    last = {"early": workdays.month_end(first), "beginning": first.replace(day=10), "start": first.replace(day=10)}.get(
        part, whole_span
    )
    start = last if part == "end" else max(first, ground.today) if step == 0 else first
    return Piece(
        match.start(), match.end(), days=(min(start, last), last), precision=Precision.MONTH, loose=True, gone=step < 0
    )


def period_end(match: Match, ground: Ground) -> Piece:
    """EOW, EOM, EOY, month-end, year end."""
    word = match[0].lstrip("the ")[:1] if not match[0].startswith("eo") else match[0][2]
    if word == "w":
        return week_span(match, ground, 0)
    if word == "m":
        return month_span(match, ground, ground.today.replace(day=1), "end")
    return long_period(match, ground, 0, "quarter" if word == "q" else "year", "end")


def quarter(match: Match, ground: Ground) -> Piece | None:
    """the end of Q1, early Q2 2025."""
    today, number = ground.today, int(match[2])
    year = full_year(match[3]) or today.year + (number * 3 < today.month)
    first = date(year, number * 3 - 2, 1)
    last = workdays.month_end(workdays.add_months(first, 2))
    if match[1] in ("early", "beginning", "start"):
        last = workdays.month_end(first)
    return span_of(match, last if match[1] == "end" else first, last, Precision.MONTH)


def count(match: Match, ground: Ground) -> Piece | None:
    """within 2 business days, in an hour, a couple of weeks from now; nothing where an event starts the count."""
    lead = match[1]
    unit = UNITS.get(match[3], match[3])
    unit = "workday" if unit.endswith("day") and unit != "day" else unit
    value = int(match[2]) if match[2].isdecimal() else NUMBERS[match[2]]
    value *= 2 if match[3] == "fortnight" else 1
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


def half(match: Match, ground: Ground) -> Piece | None:
    """within half an hour, in an hour and a half."""
    if dated_by_event(match, ground):
        return void(match)
    minutes = (
        90 if "and a half" in match[0] else 45 if "three quarters" in match[0] else 15 if "quarter" in match[0] else 30
    )
    return later(match, ground, minutes, "minute")


def within_unit(match: Match, ground: Ground) -> Piece | None:
    """within the hour, within the day, within the week, within the month."""
    unit = match[1]
    if unit == "hour":
        return later(match, ground, 1, "hour")
    if unit == "day":
        return day_of(match, ground.today)
    return week_span(match, ground, 0) if unit == "week" else month_span(match, ground, ground.today.replace(day=1), "")


def next_workday(match: Match, ground: Ground) -> Piece | None:
    """the next business day."""
    if dated_by_event(match, ground):
        return void(match)
    return day_of(match, workdays.add_workdays(ground.today, 1, ground.calendar))


def weekday(match: Match, ground: Ground) -> Piece | None:
    """Friday; this and next Friday; Friday week; a week on Friday. Short forms need company or a capital."""
    which, name, week = match[2] or "", match[3], match[4]
    if which in ("black", "good", "ash", "easter", "cyber", "palm", "maundy"):
        return None
    found = weekday_piece(match, WEEKDAYS.index(name[:3]), ground, weak=short_name(match, ground))
    if week or match[1]:
        day = workdays.shift(found.days[0], 7) if found.days else ground.today
        return day_of(match, day)
    if which in ("last", "past", "previous"):
        return Piece(match.start(), match.end(), days=found.past, past=found.past, weekday=found.weekday, gone=True)
    step = {"this": 0, "next": 1, "following": 1}.get(which)
    if step is None or found.weekday is None:
        return found
    day = workdays.shift(workdays.monday(ground.today, step), found.weekday)
    if day < ground.today:
        return found
    return Piece(match.start(), match.end(), days=(day, day), past=(day, day), weekday=found.weekday)


def short_name(match: Match, ground: Ground) -> bool:
    """Whether it is `Sat` or `sun`, which alone may be no weekday at all."""
    name, before = match[3], ground.plain[max(0, match.start(3) - 16) : match.start(3)]
    if name.endswith("day"):
        return False
    capital = ground.original[match.start(3)].isupper()
    led = re.search(r"\b(?:by|on|next|this|until|till|before|from|to|eod|cob|or|and|end of|for|come) $", before)
    return not (led and capital)


def clock(match: Match, ground: Ground) -> Piece | None:
    """3pm, 3:30 p.m., 10 o'clock."""
    hour, minute, mark = int(match[1]), int(match[2] or 0), match[3]
    if hour > 12 and mark[0] in "ap" and hour > 23:
        return None
    half_day = {"a": "am", "p": "pm"}.get(mark[0], "")
    return clock_piece(match, hour, minute, half_day, half=True)


def bare_hour(match: Match, ground: Ground) -> Piece | None:
    """at 5, by 10: an hour if the phrase ends there."""
    return clock_piece(match, int(match[1]), int(match[2] or 0), half=True)


def military(match: Match, ground: Ground) -> Piece | None:
    """1700 hrs, 17h30."""
    return clock_piece(match, int(match[1]), int(match[2] or 0))


def spoken_clock(match: Match, ground: Ground) -> Piece | None:
    """half past three, quarter to five."""
    words = match[2]
    hour = int(words) if words.isdecimal() else NUMBERS[words]
    if hour > 12:
        return None
    minutes = {"half past": 30, "quarter past": 15, "quarter to": -15}[match[1]]
    moment = timedelta(hours=hour, minutes=minutes)
    return clock_piece(match, moment.seconds // 3600, moment.seconds // 60 % 60, half=True)


def part(match: Match, ground: Ground) -> Piece | None:
    """noon, in the morning, first thing, lunchtime, EOD."""
    word, closes = match[0], ground.calendar.closes
    if "first thing" in word:
        return part_piece(match, FIRST_THING)
    if word in ("noon", "midday", "12 noon", "mid-day", "12 midday"):
        return clock_piece(match, 12, 0)
    if word == "midnight":
        return part_piece(match, DAY_END, Precision.MINUTE)
    if "lunch" in word:
        return part_piece(match, NOON, weak=word == "lunch" and not LED.search(ground.plain[: match.start()]))
    if word.endswith("morning"):
        return part_piece(match, NOON, weak=not LED.search(ground.plain[: match.start()]) and "the" not in word)
    if word.endswith("afternoon"):
        to = time(14) if "early" in word else closes
        return part_piece(match, to, weak=not LED.search(ground.plain[: match.start()]) and "the" not in word)
    if word.endswith(("evening", "night")):
        return part_piece(match, DAY_END, weak="the" not in word)
    return part_piece(match, closes, Precision.DAY, close=True)


LED = re.compile(r"\b(?:by|before|until|till) $")


def feast(match: Match, ground: Ground) -> Piece | None:
    """Christmas, New Year's Eve, Easter, Thanksgiving; what lies after them is loose."""
    after, name = match[1], match[2]
    if "new year" in name and not name.endswith(("eve", "day")):
        day = workdays.workday_from(date(ground.today.year + 1, 1, 2), ground.calendar)
        return span_of(match, day, day, Precision.WEEK)
    days = [feast_day(name, ground.today.year + step) for step in (0, 1)]
    day = next(day for day in days if day >= ground.today or day == days[1])
    if not after:
        return Piece(
            match.start(), match.end(), days=(day, day), past=(day, day), certainty=Certainty.STATED, loose=True
        )
    day = workdays.workday_from(workdays.shift(day, 2 if name in ("easter", "christmas") else 1), ground.calendar)
    return day_of(match, day, loose=True)


def feast_day(name: str, year: int) -> date:
    """The date of a feast in a year."""
    if name.startswith("easter"):
        return workdays.shift(workdays.easter(year), 1 if name.endswith("monday") else 0)
    if name.startswith("good"):
        return workdays.shift(workdays.easter(year), -2)
    if name.startswith("thanks"):
        return workdays.shift(date(year, 11, 1), (3 - date(year, 11, 1).weekday()) % 7 + 21)
    if name.startswith("new year"):
        return date(year, 1, 1) if name.endswith("day") else date(year, 12, 31)
    fixed = {"christmas eve": (12, 24), "boxing day": (12, 26), "labor day": (9, 1), "halloween": (10, 31)}
    return date(year, *fixed.get(name, (12, 25)))


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
    """PT, JST, your time: where a time was not meant in the writer's own zone."""
    word = match[1].removesuffix(" time").removesuffix(" standard").removesuffix(" daylight")
    if word.startswith("your"):
        return Piece(match.start(), match.end(), zone=ground.reader, weak=True)
    if word.startswith(("my", "our", "local")):
        return Piece(match.start(), match.end(), zone=ground.said.tzinfo, weak=True)
    name = NAMED_ZONES.get(word) or ZONES[word.removeprefix("us ")[0]]
    return Piece(match.start(), match.end(), zone=ZoneInfo(name), weak=True)


def week_of(match: Match, ground: Ground) -> Piece:
    """the week of 12 December, w/c Monday."""
    return Piece(match.start(), match.end(), week_of=True, weak=True)


def week_after(match: Match, ground: Ground) -> Piece:
    """the week after next, the week after."""
    return week_span(match, ground, 2)


def nothing(match: Match, ground: Ground) -> Piece:
    """every Friday, on Mondays, daily."""
    return void(match)


def skip(match: Match, ground: Ground) -> None:
    """Words that only look like a moment and take nothing along."""


def ago(match: Match, ground: Ground) -> Piece | None:
    """3 days ago, a week earlier: behind us."""
    unit = UNITS.get(match[2], match[2])
    size = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}.get(unit)
    if size is None or match[3] != "ago":
        return void(match)
    value = int(match[1]) if match[1].isdecimal() else NUMBERS[match[1]]
    return day_of(match, workdays.shift(ground.today, -min(value * size, 36500)), gone=True)
