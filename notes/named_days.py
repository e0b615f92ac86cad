"""Which days a sentence names: by number or weekday, or in any words of time."""

import re
from datetime import datetime
from itertools import zip_longest

from notes.due import find_dates
from notes.model import Calendar, DateFound, Due, Precision
from notes.said import Letter, Said

WEEKDAYS_JA, WEEKDAYS_EN = "月火水木金土日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def dates_in(text: str, letter: Letter, calendar: Calendar) -> tuple[DateFound, ...]:
    """The dates of a letter's sentence, reckoned from its moment; looked for once."""
    if text not in letter.dates:
        letter.dates[text] = tuple(find_dates(text, said_at=letter.at, calendar=calendar))
    return letter.dates[text]


def to_the_minute(due: Due) -> bool:
    return due.precision is Precision.MINUTE


def whole_day(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (23, 59)


def names_day(text: str, day: datetime | None) -> bool:
    """Whether a text names a day by its number or weekday: 「11日の予定でしたが」, "not the 11th", 「金曜は」."""
    if day is None:
        return False
    number = rf"(?<![0-9]){day.day}(?:日|st|nd|rd|th)\b|(?<![0-9]){day.day}日"
    return re.search(rf"{number}|{WEEKDAYS_JA[day.weekday()]}曜|\b{WEEKDAYS_EN[day.weekday()]}", text) is not None


def names_number(said: Said, due: datetime) -> bool:
    """Whether a sentence names the old day by its number."""
    return re.search(rf"(?<![0-9]){due.day}(?:(?:st|nd|rd|th)\b|日|じゃ|では?[、は]|まで)", said.text) is not None


def latest_day(text: str, letter: Letter, calendar: Calendar) -> DateFound | None:
    """The latest day a sentence names: the new one, where the old one is named as well."""
    dates = [one for one in dates_in(text, letter, calendar) if one.due.to]
    return max(dates, key=lambda one: (one.due.to or letter.at).date(), default=None)


def tells_day(said: Said, day: datetime, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names a very day: by number or weekday, or in any words of time."""
    return names_day(said.text, day) or any(one.date() == day.date() for one in moments(said, letter, calendar))


def moments(said: Said, letter: Letter, calendar: Calendar) -> list[datetime]:
    """The moments up to which the dates of a sentence reach, in order."""
    dates = dates_in(said.text, letter, calendar)
    followed = zip_longest(dates, dates[1:])
    apart = [one for one, after in followed if one and not _in_apposition(one, after, said)]
    return [day for one in apart if (day := one.due.to or (one.due.start if to_the_minute(one.due) else None))]


def _in_apposition(one: DateFound, after: DateFound | None, said: Said) -> bool:
    """Whether a date only says of the one after it which it is: 「一週間あとの19日」."""
    return after is not None and said.text[one.end : after.start] in ("の", "、", "の、")
