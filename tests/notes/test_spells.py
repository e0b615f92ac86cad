from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from notes.model import Calendar
from notes.spells import Spell, beginning, end, offered

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5)
NOW = datetime(2026, 11, 25, 8, 40, tzinfo=TOKYO)


def at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("2026-11-25", at(11, 25), at(11, 26)),
        ("11/25", at(11, 25), at(11, 26)),
        ("今日", at(11, 25), at(11, 26)),
        ("today", at(11, 25), at(11, 26)),
        ("午後", at(11, 25, 12), at(11, 26)),
        ("afternoon", at(11, 25, 12), at(11, 26)),
        ("本日午前", at(11, 25), at(11, 25, 12)),
        ("tomorrow morning", at(11, 26), at(11, 26, 12)),
        ("明日の午後", at(11, 26, 12), at(11, 27)),
        ("金曜日", at(11, 27), at(11, 28)),
        ("12/7 13:00", at(12, 7, 13), at(12, 7, 13)),
        ("11/20", at(11, 20), at(11, 21)),
        ("9/1", at(9, 1), at(9, 2)),
        ("1/5", at(1, 5, year=2027), at(1, 6, year=2027)),
        ("2027-09-01", at(9, 1, year=2027), at(9, 2, year=2027)),
    ],
)
def test_the_ends_of_an_absence_are_read_as_people_write_them(words: str, since: datetime, until: datetime) -> None:
    assert (beginning(words, NOW, CALENDAR), end(words, NOW, CALENDAR)) == (since, until)


def test_words_without_a_date_name_no_moment() -> None:
    assert beginning("whenever", NOW, CALENDAR) is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("12月1日〜12月5日まで不在にしております。", at(12, 1), at(12, 6)),
        ("11月30日まで休暇をいただいております。", NOW, at(12, 1)),
        ("11/25～11/27は休暇をいただいております。12/1より出社いたします。", at(11, 25), at(11, 28)),
        ("本日は終日不在にしております。", at(11, 25), at(11, 26)),
        ("I will be out of the office from 26 November to 5 December.", at(11, 26), at(12, 6)),
        ("I'm out until December 4 and will be back on 7 December.", NOW, at(12, 5)),
        ("I am on leave and will return on Monday.", NOW, at(11, 30)),
    ],
)
def test_an_out_of_office_reply_tells_from_when_to_when(text: str, since: datetime, until: datetime) -> None:
    assert offered(text, NOW, CALENDAR) == Spell(since, until)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your mail. We will answer by 27 November.",
        "ご連絡ありがとうございます。11/27までに回答いたします。",
        "I was out of the office until 20 November.",
        "",
    ],
)
def test_a_reply_that_tells_of_no_absence_to_come_offers_none(text: str) -> None:
    assert offered(text, NOW, CALENDAR) is None


def test_a_hostile_reply_is_read_in_no_time() -> None:
    assert offered("out of office " * 100_000, NOW, CALENDAR) is None
