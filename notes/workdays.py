"""Reckoning in days: weeks that begin on Monday, month ends, and the working days of a calendar.

Every search is bounded, so that a calendar in which nobody ever works ends it and gives the day it started from.
"""

import calendar as months
from datetime import date, timedelta

from notes.model import Calendar

LONGEST_BREAK = 400
SATURDAY = 5


def shift(day: date, days: int) -> date:
    """The date so many days away; the day itself where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


def monday(day: date, weeks: int = 0) -> date:
    """The Monday of the week so many weeks after that of `day`."""
    return shift(day, 7 * weeks - day.weekday())


def month_end(day: date) -> date:
    """The last calendar day of the month."""
    return day.replace(day=months.monthrange(day.year, day.month)[1])


def add_months(day: date, count: int) -> date:
    """The same day of a later month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + count
    year, month = min(max(index // 12, 1), 9998), index % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def workday_from(day: date, calendar: Calendar) -> date:
    """The first working day that is not before `day`."""
    for away in range(LONGEST_BREAK):
        if calendar.is_business_day(shift(day, away)):
            return shift(day, away)
    return day


def add_workdays(day: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day after `day`, which is itself day 0 whether people work on it or not."""
    for _ in range(min(count, LONGEST_BREAK)):
        day = workday_from(shift(day, 1), calendar)
    return day


def nth_weekday(month: date, nth: int, weekday: int) -> date | None:
    """The n-th such weekday of the month of `month`, the last one for -1; None where there are fewer."""
    first = month.replace(day=1)
    days = [shift(first, away) for away in range(31)]
    days = [day for day in days if day.month == first.month and day.weekday() == weekday]
    return days[nth] if nth < 0 else days[nth - 1] if 1 <= nth <= len(days) else None


def nth_workday(month: date, nth: int, calendar: Calendar) -> date | None:
    """The n-th working day of the month of `month`, the last one for -1; None where there are fewer."""
    first = month.replace(day=1)
    days = [shift(first, away) for away in range(31)]
    days = [day for day in days if day.month == first.month and calendar.is_business_day(day)]
    return days[nth - (nth > 0)] if days and -len(days) <= nth <= len(days) and nth else None


def after_break(day: date, calendar: Calendar, least: int = 3) -> date:
    """The first working day after the next run of at least `least` days off; after the weekend where none is near."""
    run = 0
    for away in range(60):
        here = shift(day, away)
        if calendar.is_business_day(here):
            if run >= least:
                return here
            run = 0
        else:
            run += 1
    return workday_from(monday(day, 1), calendar)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)
