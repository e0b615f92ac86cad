from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notes.model import Calendar, Direction
from notes.rhythm import Exchange, answer_hours, sent

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5)
MONDAY = datetime(2026, 9, 7, tzinfo=TOKYO)


def workdays(count: int) -> list[datetime]:
    days = [MONDAY + timedelta(days=ahead) for ahead in range(count * 2)]
    return [day for day in days if CALENDAR.is_business_day(day.date())][:count]


def test_nobody_has_a_rhythm_without_a_mail() -> None:
    assert sent([], CALENDAR) is None


def test_few_mails_tell_the_last_one_and_nothing_of_what_is_usual() -> None:
    found = sent([MONDAY, MONDAY + timedelta(hours=10)], CALENDAR)
    assert found is not None
    assert (found.last, found.silence, found.begins) == (MONDAY + timedelta(hours=10), None, None)


def test_silence_is_counted_in_working_hours_over_nights_and_weekends() -> None:
    moments = [day.replace(hour=hour) for day in workdays(15) for hour in (10, 16)]
    found = sent(moments, CALENDAR)
    assert found is not None
    assert (found.silence, found.begins) == (6.0, time(10))


def test_an_evening_s_mail_on_a_day_off_is_no_beginning() -> None:
    moments = [day.replace(hour=9, minute=30) for day in workdays(20)]
    weekend = [moment + timedelta(days=5 - moment.weekday()) for moment in moments if moment.weekday() == 4]
    found = sent([*moments, *(one.replace(hour=22) for one in weekend)], CALENDAR)
    assert found is not None
    assert found.begins == time(9, 30)
    assert found.last.date() >= date(2026, 9, 7)


def test_answers_are_counted_from_the_first_of_several_mails() -> None:
    mails = []
    for day in workdays(6):
        mails += [Exchange(day.replace(hour=hour), Direction.IN) for hour in (9, 11)]
        mails += [Exchange(day.replace(hour=hour), Direction.OUT) for hour in (14, 15)]
    assert answer_hours(mails, CALENDAR) == 5.0


def test_fewer_than_six_answers_say_nothing() -> None:
    assert answer_hours([Exchange(MONDAY, Direction.IN), Exchange(MONDAY, Direction.OUT)], CALENDAR) is None
