from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notes.hours import working_hours
from notes.model import Calendar

TOKYO = ZoneInfo("Asia/Tokyo")
LABOUR_DAY = date(2026, 11, 23)
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5 or day == LABOUR_DAY)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def test_hours_within_a_day_are_counted_as_they_are() -> None:
    assert working_hours(at(19, 9, 12), at(19, 11, 42), CALENDAR) == 2.5


def test_nights_count_nothing() -> None:
    assert working_hours(at(19, 17), at(20, 10), CALENDAR) == 2.0


def test_weekends_and_holidays_count_nothing() -> None:
    assert working_hours(at(20, 17), at(24, 10), CALENDAR) == 2.0


def test_a_mail_of_the_evening_waits_from_the_next_morning() -> None:
    assert working_hours(at(18, 22), at(19, 8), CALENDAR) == 0.0


def test_nothing_has_passed_when_the_end_is_earlier() -> None:
    assert working_hours(at(20, 10), at(19, 10), CALENDAR) == 0.0


def test_other_zones_are_reckoned_in_ours() -> None:
    utc = datetime(2026, 11, 19, 0, 0, tzinfo=ZoneInfo("UTC"))  # 09:00 in Tokyo
    assert working_hours(utc, at(19, 10), CALENDAR) == 1.0


@pytest.mark.parametrize("length", [1, 6, 27, 31, 64, 200, 366])
@pytest.mark.parametrize("first", [date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 28), date(2026, 11, 12)])
def test_months_counted_whole_give_what_their_days_give(first: date, length: int) -> None:
    days = [first + timedelta(days=ahead) for ahead in range(1, length)]
    expected = 9.0 * sum(CALENDAR.is_business_day(day) for day in days)
    begin, end = (datetime.combine(day, time(0), TOKYO) for day in (first, first + timedelta(days=length)))
    own_day = 9.0 * CALENDAR.is_business_day(first)
    assert working_hours(begin, end, CALENDAR) == expected + own_day
