"""Moments as people write them: read from `--at`, and said the way they are said in Japanese and English."""

import re
from datetime import date, datetime, time, tzinfo

from cli.words import say
from notes.errors import UsageError


def zone(name: str | None) -> tzinfo:
    """The zone of an IANA name, this machine's zone without one."""
    if name:
        from zoneinfo import ZoneInfo

        return ZoneInfo(name)
    from babel.localtime import get_localzone

    return get_localzone()


def read(text: str, where: tzinfo) -> datetime:
    """A moment as ISO 8601 or `YYYY-MM-DD HH:MM`, in `where` unless it has an offset; a day alone is its last second.

    Raises `UsageError`.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), where)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("bad-moment", given=text) from None
    return moment.replace(tzinfo=where) if moment.tzinfo is None else moment.astimezone(where)


def day(moment: datetime, year: int) -> str:
    """`12/8(木)` or `Thu 8 Dec`; with the year where it is not `year`."""
    code = "date.day" if moment.year == year else "date.day-year"
    weekday = say("date.weekdays").split()[moment.weekday()]
    month = say("date.months").split()[moment.month - 1]
    return say(code, day=moment.day, month=moment.month, month_name=month, weekday=weekday, year=moment.year)


def clock(moment: datetime) -> str:
    """`17:00`."""
    return f"{moment:%H:%M}"


def day_and_clock(moment: datetime, year: int) -> str:
    """`12/8(木) 17:00` or `Thu 8 Dec 17:00`."""
    return f"{day(moment, year)} {clock(moment)}"


def offset(moment: datetime) -> str:
    """The zone's short name where it has one (`JST`), else its offset (`+07:00`)."""
    name = moment.tzname() or ""
    return name if re.fullmatch(r"[A-Z]{2,5}", name) else f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:5]
