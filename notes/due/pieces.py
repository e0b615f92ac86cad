"""What words of time are read into before they become a due date: pieces (a day, a weekday, a clock), and the ground
they stand on (the moment of writing, the writer's zone, the calendar).

A piece knows only its own words. `notes.due.join` puts neighbours together ("next week" + "Tuesday" + "at 5").
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo

from notes import workdays
from notes.model import Calendar, Certainty, Precision

DAY_END = time(23, 59, 59)
NOON = time(12)
FIRST_THING = time(10)
# A date so few days back is a date that has just passed, not one of next year.
JUST_PAST = 14


@dataclass(frozen=True, slots=True)
class Ground:
    """The moment of writing in the writer's zone; `plain` is the folded sentence, `original` the same as written.

    `day_first`: whether 4/11 is the fourth of November. `before`: the date named last before this sentence.
    """

    said: datetime
    calendar: Calendar
    day_first: bool
    reader: tzinfo | None
    plain: str = ""
    original: str = ""
    before: date | None = None

    @property
    def today(self) -> date:
        """The writer's date."""
        return self.said.date()


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day up to `to`, from `start` where a start is meant.

    `half`: 3 may be 15 o'clock. `close`: the close of business.
    """

    to: time
    start: time | None = None
    precision: Precision = Precision.MINUTE
    half: bool = False
    close: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What some words say, at `start` to `end` of the folded sentence; what they do not say is None.

    `days`: first and last day. `past`: the same read backwards, where no year, month or week is named.
    `loose`: gives way to an exact day beside it. `weak`: means nothing standing alone. `void`: names no moment
    and takes its neighbours along ("every Friday at 5"). `moment`: reckoned to the minute from the moment of writing.
    `gone`: lies behind by its own words. `flow`: counted from now, so a condition in the sentence leaves it undated.
    `week_of`: makes a week of the day beside it. `spans`: from one named moment to another.
    `count`: so many units counted from a day that stands beside it, else from an unknown one.
    """

    start: int
    end: int
    days: tuple[date, date] | None = None
    past: tuple[date, date] | None = None
    weekday: int | None = None
    day_number: int | None = None
    clock: Clock | None = None
    moment: datetime | None = None
    zone: tzinfo | None = None
    precision: Precision = Precision.DAY
    certainty: Certainty = Certainty.RELATIVE
    loose: bool = False
    weak: bool = False
    void: bool = False
    gone: bool = False
    flow: bool = False
    week_of: bool = False
    spans: bool = False
    count: tuple[int, str] | None = None

    @property
    def is_hour_only(self) -> bool:
        """Whether it names an hour and no day."""
        return self.clock is not None and self.days is None and self.weekday is None and self.day_number is None


Builder = Callable[["re.Match[str]", Ground], Piece | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern over folded text (half-width, lower case), and what to make of its match."""

    pattern: str
    build: Builder
    regex: "re.Pattern[str]" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "regex", re.compile(self.pattern))


# --- numbers -----------------------------------------------------------------------------------------------------

KANJI = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def number(text: str) -> int:
    """The value of digits or of kanji numerals below one hundred (二十三)."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if len(ones) == 2 and KANJI.get(ones[1]) == KANJI.get(ones[0], 0) + 1:
        ones = ones[1]  # 二三日: two or three days, at the latest three
    value = 0
    for sign in ones:
        value = value * 10 + KANJI.get(sign, 0)
    return value + (10 * (KANJI.get(tens[-1:], 1) if tens else 1) if ten else 0)


# --- days --------------------------------------------------------------------------------------------------------


def real_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole(first: date | None, last: date | None = None) -> tuple[date, date] | None:
    """A span of days from one or two dates."""
    return (first, last or first) if first else None


def yearless(ground: Ground, month: int, day: int) -> tuple[date | None, date | None]:
    """A month and day without a year, read forwards and backwards: a date just past stays in this year."""
    today = ground.today
    years = [real_date(today.year + step, month, day) for step in (-4, -3, -2, -1, 0, 1, 2, 3, 4)]
    dates = [found for found in years if found]
    ahead = next((found for found in dates if (today - found).days <= JUST_PAST), None)
    behind = next((found for found in reversed(dates) if found <= today), None)
    return ahead, behind


def monthless(ground: Ground, day: int) -> tuple[date | None, date | None]:
    """A bare day of the month, read forwards (today included) and backwards."""
    first = ground.today.replace(day=1)
    starts = [workdays.add_months(first, step) for step in range(-3, 4)]
    dates = [found for start in starts if (found := real_date(start.year, start.month, day))]
    ahead = next((found for found in dates if found >= ground.today), None)
    behind = next((found for found in reversed(dates) if found <= ground.today), None)
    return ahead, behind


def named_day(match: "re.Match[str]", ground: Ground, year: int | None, month: int, day: int) -> Piece | None:
    """A written-out date, with or without its year."""
    if year is not None:
        days = whole(real_date(year, month, day))
        past = days
    else:
        ahead, behind = yearless(ground, month, day)
        days, past = whole(ahead), whole(behind)
    if not days:
        return None
    return Piece(match.start(), match.end(), days=days, past=past, certainty=Certainty.STATED)


def span_of(match: "re.Match[str]", first: date, last: date, precision: Precision, *, loose: bool = True) -> Piece:
    """Words for a span of days."""
    return Piece(match.start(), match.end(), days=(first, last), precision=precision, loose=loose)


def day_of(match: "re.Match[str]", day: date, *, loose: bool = False, gone: bool = False) -> Piece:
    """Words for one day, reckoned from the day of writing."""
    return Piece(match.start(), match.end(), days=(day, day), past=(day, day), loose=loose, gone=gone)


def void(match: "re.Match[str]") -> Piece:
    """Words that look like a moment and name none."""
    return Piece(match.start(), match.end(), void=True)


def nothing(match: "re.Match[str]", ground: Ground) -> Piece:
    """毎週月曜, every Friday: no moment, and the words beside it name none either."""
    return void(match)


def skip(match: "re.Match[str]", ground: Ground) -> None:
    """Words and numbers that only look like a moment: 四日市, telephone and part numbers, money, fractions."""


def weekday_piece(match: "re.Match[str]", weekday: int, ground: Ground, *, weak: bool = False) -> Piece:
    """A weekday: the next one after today, or read backwards the last one before it."""
    ahead = (weekday - ground.today.weekday() - 1) % 7 + 1
    behind = (ground.today.weekday() - weekday - 1) % 7 + 1
    day, past = workdays.shift(ground.today, ahead), workdays.shift(ground.today, -behind)
    return Piece(match.start(), match.end(), days=(day, day), past=(past, past), weekday=weekday, weak=weak)


def week_span(match: "re.Match[str]", ground: Ground, weeks: int, part: str = "") -> Piece:
    """A week, Monday to Friday (to Sunday for who writes on the weekend), or its `early`, `mid`, `late`, `end` part."""
    start = workdays.monday(ground.today, weeks)
    first, last = WEEK_PARTS[part]
    begin, end = workdays.shift(start, first), workdays.shift(start, last)
    if weeks == 0 and end < ground.today:
        end = workdays.shift(start, 6 if ground.today.weekday() >= workdays.SATURDAY else 4)
    begin = max(begin, ground.today) if weeks == 0 else begin
    return Piece(
        match.start(), match.end(), days=(min(begin, end), end), precision=Precision.WEEK, loose=True, gone=weeks < 0
    )


WEEK_PARTS = {
    "": (0, 4),
    "first": (0, 0),
    "early": (0, 1),
    "half": (0, 2),
    "mid": (2, 2),
    "late": (3, 4),
    "weekend": (5, 6),
}


def month_span(match: "re.Match[str]", ground: Ground, month: date, part: str = "", *, yearless: bool = False) -> Piece:
    """A month, or the part of it that ends on that day (0: its last day)."""
    first, last = MONTH_PARTS[part]
    end = workdays.month_end(month) if last == 0 else month.replace(day=last)
    begin = workdays.month_end(month) if first == 0 else month.replace(day=first)
    behind = month_span(match, ground, workdays.add_months(month, -12), part).days if yearless else None
    return Piece(
        match.start(),
        match.end(),
        days=(begin, end),
        past=behind,
        precision=Precision.MONTH,
        loose=True,
        gone=end < ground.today,
    )


MONTH_PARTS = {
    "": (1, 0),
    "first": (1, 5),
    "early": (1, 10),
    "half": (1, 15),
    "mid": (11, 20),
    "middle": (11, 15),
    "late": (21, 0),
    "end": (0, 0),
}


def later(match: "re.Match[str]", ground: Ground, count: int, unit: str) -> Piece | None:
    """So many `minute`, `hour`, `day`, `workday`, `week`, `month` or `year` after the moment of writing."""
    if not 0 < count <= LONGEST.get(unit, 0):
        return None
    if unit in ("minute", "hour"):
        moment = ground.said + timedelta(minutes=count if unit == "minute" else 60 * count)
        return Piece(match.start(), match.end(), moment=moment, precision=Precision.MINUTE, flow=True)
    day = count_on(ground.today, count, unit, ground.calendar)
    return replace(day_of(match, day), flow=True)


LONGEST = {"minute": 5000, "hour": 1000, "day": 1000, "workday": 300, "week": 200, "month": 120, "year": 20}


def count_on(day: date, count: int, unit: str, calendar: Calendar) -> date:
    """The day so many days, working days, weeks, months or years after `day`."""
    if unit == "workday":
        return workdays.add_workdays(day, count, calendar)
    if unit in ("month", "year"):
        return workdays.add_months(day, count * (12 if unit == "year" else 1))
    return workdays.shift(day, count * (7 if unit == "week" else 1))


# --- times of day ------------------------------------------------------------------------------------------------


def clock_piece(
    match: "re.Match[str]", hour: int, minute: int, half_day: str = "", *, half: bool = False, weak: bool = False
) -> Piece | None:
    """A time of day; `half_day` is `am`, `pm` or empty, `half` says that 3 may also mean 15 o'clock."""
    if half_day == "pm" and hour < 12:
        hour += 12
    if half_day == "am" and hour == 12:
        hour = 0
    if (hour, minute) == (24, 0):
        return part_piece(match, DAY_END, Precision.MINUTE)
    if hour > 23 or minute > 59:
        return None
    at = time(hour, minute)
    return Piece(
        match.start(), match.end(), clock=Clock(at, at, half=half and not half_day and 1 <= hour <= 11), weak=weak
    )


def part_piece(
    match: "re.Match[str]",
    to: time,
    precision: Precision = Precision.PART_OF_DAY,
    *,
    close: bool = False,
    weak: bool = False,
) -> Piece:
    """A part of the day, up to its last moment."""
    return Piece(match.start(), match.end(), clock=Clock(to, None, precision, close=close), weak=weak)
