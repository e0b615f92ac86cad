"""Reads English days, weekdays, weeks, months and feasts into pieces; `notes.due.english_rules` says by which words.

Names that are also words (May, March, Sun) look at the capitals of the original.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from notes import workdays
from notes.due.english_words import (
    MONTH_PARTS,
    PREPOSITION,
    WEEK_PARTS,
    WEEKDAYS,
    Match,
    day_value,
    full_year,
    month_value,
)
from notes.due.pieces import (
    DAY_END,
    NOON,
    Ground,
    Piece,
    day_of,
    month_span,
    monthless,
    named_day,
    part_piece,
    real_date,
    span_of,
    week_span,
    weekday_piece,
    whole,
)
from notes.model import Certainty, Precision


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


JUST_GONE = timedelta(weeks=12)
"""So long ago a week known by its number may be for it to be spoken of; else it is the next year's."""

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
    """today, later today, the day after tomorrow, tomorrow week."""
    away = RELATIVE[match[1]] + weeks_on(match[2]) * 7
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


def weeks_on(words: str | None) -> int:
    """How many weeks "Friday week" and "a fortnight on Friday" add."""
    return 0 if not words else 2 if "fortnight" in words else 1


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


def before_it_is_out(match: Match, ground: Ground) -> Piece:
    """before the month is out, before the week's over: by its end, not by the day before it begins."""
    unit = match[1]
    if unit == "day":
        return day_of(match, ground.today)
    if unit == "week":
        return week_span(match, ground, 0)
    if unit == "month":
        return replace(month_span(match, ground, ground.today.replace(day=1), "end"), flow=True)
    return replace(long_period(match, ground, 0, unit, "end"), flow=True)


def before_it_is_over(match: Match, ground: Ground) -> Piece:
    """before Friday is out: by its end, not by the day before."""
    return weekday_piece(match, WEEKDAYS.index(match[3][:3]), ground)


def month_end(match: Match, ground: Ground) -> Piece:
    """June's end."""
    month = date(ground.today.year, month_value(match[1]), 1)
    if workdays.month_end(month) < ground.today:
        month = month.replace(year=month.year + 1)
    return month_span(match, ground, month, "end")


def midweek(match: Match, ground: Ground) -> Piece:
    """midweek: Wednesday, of the next week from then on."""
    return week_span(match, ground, int(ground.today.weekday() > WEDNESDAY), "mid")


WEDNESDAY = 2


def a_week_on(match: Match, ground: Ground) -> Piece:
    """this time next week."""
    return day_of(match, workdays.shift(ground.today, 7))


def quarter(match: Match, ground: Ground) -> Piece | None:
    """the end of Q1, early Q2 2025."""
    today, number = ground.today, int(match[2])
    year = full_year(match[3]) or today.year + (number * 3 < today.month)
    first = date(year, number * 3 - 2, 1)
    last = workdays.month_end(workdays.add_months(first, 2))
    if match[1] in ("early", "beginning", "start"):
        last = workdays.month_end(first)
    return span_of(match, last if match[1] == "end" else first, last, Precision.MONTH)


def weekday(match: Match, ground: Ground) -> Piece | None:
    """Friday; this and next Friday; Friday week; a week on Friday. Short forms need company or a capital."""
    which, name, week = match[2] or "", match[3], match[4]
    if which in ("black", "good", "ash", "easter", "cyber", "palm", "maundy"):
        return None
    found = weekday_piece(match, WEEKDAYS.index(name[:3]), ground, weak=short_name(match, ground))
    if which == "following" and ground.before and ground.before > ground.today:
        return day_of(match, next_weekday(ground.before, found.weekday or 0))
    if not (which or week or match[1]) and (there := of_day_named(match, ground)):
        return there
    if week or match[1]:
        day = workdays.shift(found.days[0], 7 * weeks_on(week or match[1])) if found.days else ground.today
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


def of_day_named(match: Match, ground: Ground) -> Piece | None:
    """The ferry goes on 25 June and is here *on the Friday*: that which comes next after a day to come."""
    day = ground.before
    if day is None or day <= ground.today or not ground.plain.endswith("the ", 0, match.start()):
        return None
    return day_of(match, next_weekday(day, WEEKDAYS.index(match[3][:3])))


def next_weekday(day: date, weekday: int) -> date:
    """The first such weekday after a day."""
    return workdays.shift(day, (weekday - day.weekday() - 1) % 7 + 1)


def weekday_after(match: Match, ground: Ground) -> Piece | None:
    """the Monday after (that): after the day named last, which is still to come."""
    day = ground.before
    if day is None or day <= ground.today:
        return weekday_piece(match, WEEKDAYS.index(match[1][:3]), ground)
    return day_of(match, next_weekday(day, WEEKDAYS.index(match[1][:3])))


def weekday_before(match: Match, ground: Ground) -> Piece | None:
    """the Wednesday before: the last one before the day named last, if it is still to come."""
    weekday = WEEKDAYS.index(match[1][:3])
    day = ground.before and workdays.shift(ground.before, -1 - (ground.before.weekday() - weekday - 1) % 7)
    return day_of(match, day) if day and day > ground.today else weekday_piece(match, weekday, ground)


def weekday_after_next(match: Match, ground: Ground) -> Piece:
    """the Monday after next."""
    found = weekday_piece(match, WEEKDAYS.index(match[3][:3]), ground)
    return day_of(match, workdays.shift(found.days[0] if found.days else ground.today, 7))


def weekday_next(match: Match, ground: Ground) -> Piece:
    """Wednesday next: that of the week to come."""
    return day_of(match, workdays.shift(workdays.monday(ground.today, 1), WEEKDAYS.index(match[1][:3])))


def short_name(match: Match, ground: Ground) -> bool:
    """Whether it is `Sat` or `sun`, which alone may be no weekday at all."""
    name, before = match[3], ground.plain[max(0, match.start(3) - 16) : match.start(3)]
    if name.endswith("day") or name in NO_OTHER_WORD:
        return False
    capital = ground.original[match.start(3)].isupper()
    return not (capital and LEAD.search(before)) and not (capital and name in PLAIN_SHORT)


LEAD = re.compile(r"(?:\b(?:by|on|next|this|until|till|before|from|to|eod|cob|or|and|end of|for|come) |[-:~>(] ?)$")
PLAIN_SHORT = ("thu",)
NO_OTHER_WORD = ("tues", "weds", "thur", "thurs", "fri")
"""Short names that are weekdays in small letters, too."""


def feast(match: Match, ground: Ground) -> Piece | None:
    """Christmas, New Year's Eve, Easter, Thanksgiving; what lies after them is loose."""
    after, name = match[1], match[2]
    if WISH.search(ground.plain[: match.start()]):
        return None
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


WISH = re.compile(r"\b(?:happy|merry|great|nice|good|lovely|wonderful) (?:a )?$")


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


def calendar_week(match: Match, ground: Ground) -> Piece | None:
    """calendar week 26, CW 26, KW26, week 26: ISO 8601's, the next, or one just gone by."""
    number, today = int(match[1] or match[2]), ground.today
    years = [year for year in (today.year - 1, today.year, today.year + 1) if 1 <= number <= weeks_of(year)]
    fridays = (date.fromisocalendar(year, number, 5) for year in years)
    near = next((friday for friday in fridays if friday > today - JUST_GONE), None)
    return week_around(match, near) if near else None


def weeks_of(year: int) -> int:
    """How many weeks a year has by ISO 8601: the 28th of December lies in the last."""
    return date(year, 12, 28).isocalendar().week


def week_of(match: Match, ground: Ground) -> Piece:
    """the week of 12 December, w/c Monday, the weekend of the 27th."""
    return Piece(match.start(), match.end(), week_of=True, weak=True)


def that_day(match: Match, ground: Ground) -> Piece | None:
    """that evening: beside an hour, of the day named last; alone it adds nothing."""
    if not ground.before:
        return None
    to = {"morning": NOON, "afternoon": ground.calendar.closes}.get(match[1], DAY_END)
    day = day_of(match, ground.before)
    return replace(day, weak=True, clock=None if match[1] == "day" else part_piece(match, to).clock)


def that_week(match: Match, ground: Ground) -> Piece | None:
    """the Friday of that week: of the week named last."""
    if not ground.before:
        return None
    return day_of(match, workdays.shift(workdays.monday(ground.before), WEEKDAYS.index((match[1] or match[2])[:3])))


def week_after(match: Match, ground: Ground) -> Piece:
    """the week after next; the week after, which is that after the day named last if this is still to come."""
    day = ground.before
    if "next" in match[0] or day is None or day <= ground.today:
        part = match[0].removeprefix("the ").split(" ")[0]
        return week_span(match, ground, 2, WEEK_PARTS.get(part, ""))
    return week_around(match, workdays.shift(workdays.monday(day), 11))
