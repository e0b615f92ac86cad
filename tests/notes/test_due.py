"""What `find_dates` gives besides the day: places, spans, precision, zones; and that no text makes it slow."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notes.due import choose, find_dates
from notes.due.find import RULES
from notes.model import Certainty, Precision
from tests.bounded import bounded
from tests.notes.dated import CALENDAR, found_in


def test_the_place_is_the_one_in_the_text_as_written() -> None:
    text = "図面は、\n担当の者がただいま確認しておりますため、１２月\n９日（金）１７：００までにお送りいたします。"
    (found,) = found_in(text, "2022-12-05T10:00")
    assert text[found.start : found.end] == found.text == "１２月\n９日（金）１７：００"
    assert found.due.to == datetime(2022, 12, 9, 17, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_a_wrapped_english_line_is_one_sentence() -> None:
    text = "Thank you for waiting so long; we will send the report by Friday,\nJune 20 at noon."
    (found,) = found_in(text, zone="America/New_York")
    assert (found.text, f"{found.due.to:%F %R}") == ("Friday,\nJune 20 at noon", "2025-06-20 12:00")


def test_a_limit_has_no_beginning_and_a_day_of_doing_has_one() -> None:
    limit, doing = found_in("6/12までに")[0], found_in("6/12に伺います。")[0]
    assert limit.due.start is None
    assert doing.due.start == datetime(2025, 6, 12, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_a_span_has_both_ends() -> None:
    (found,) = found_in("明日の10時から12時に伺います。")
    assert (f"{found.due.start:%F %R}", f"{found.due.to:%F %R}") == ("2025-06-12 10:00", "2025-06-12 12:00")


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("6/12 17:00までに", Precision.MINUTE),
        ("明日の午前中に", Precision.PART_OF_DAY),
        ("by EOD Friday", Precision.DAY),
        ("6/12までに", Precision.DAY),
        ("来週中に", Precision.WEEK),
        ("月末までに", Precision.MONTH),
        ("年内に", Precision.MONTH),
    ],
)
def test_the_precision_is_that_of_the_words(text: str, precision: Precision) -> None:
    assert found_in(text)[0].due.precision is precision


def test_a_written_date_is_stated_and_a_reckoned_one_relative() -> None:
    assert found_in("6/12までに")[0].certainty is Certainty.STATED
    assert found_in("明日までに")[0].certainty is Certainty.RELATIVE


def test_a_named_zone_counts_before_the_writers() -> None:
    (found,) = found_in("I'll call at 3pm PT tomorrow.", zone="America/New_York")
    assert found.due.to is not None
    assert found.due.to.isoformat() == "2025-06-12T15:00:00-07:00"


def test_your_time_is_the_readers_zone() -> None:
    said = datetime(2025, 6, 11, 10, tzinfo=ZoneInfo("Asia/Tokyo"))
    berlin = ZoneInfo("Europe/Berlin")
    text = "You'll have it by noon Friday your time."
    (found,) = find_dates(text, said_at=said, calendar=CALENDAR, reader_zone=berlin)
    assert found.due.to == datetime(2025, 6, 13, 12, tzinfo=berlin)


def test_your_time_in_a_mail_of_others_is_our_zone() -> None:
    (found,) = found_in("We'll call at 9am your time on Friday.", zone="Europe/Berlin")
    assert found.due.to == datetime(2025, 6, 13, 9, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_summer_time_is_kept_where_the_writer_is_in_our_zone() -> None:
    london = ZoneInfo("Europe/London")
    calendar = type(CALENDAR)(london, CALENDAR.opens, CALENDAR.closes, CALENDAR.day_off)
    said = datetime.fromisoformat("2025-03-28T10:00:00+00:00")
    (found,) = find_dates("I'll send it by Monday.", said_at=said, calendar=calendar)
    assert found.due.to is not None
    assert found.due.to.isoformat() == "2025-03-31T23:59:59+01:00"


def test_a_limit_is_chosen_before_a_mere_day() -> None:
    text = "6/16の週にお伺いし、6/20までに報告書をお送りします。"
    chosen = choose(found_in(text), text)
    assert chosen is not None
    assert chosen.text == "6/20"


def test_nothing_is_chosen_where_nothing_can_be_due() -> None:
    assert choose(found_in("昨日拝見しました。"), "昨日拝見しました。") is None


def test_an_empty_text_names_no_date() -> None:
    assert found_in("") == ()


@pytest.mark.parametrize("said", ["0001-01-02T10:00", "9999-12-30T10:00"])
def test_the_ends_of_the_calendar_are_no_error(said: str) -> None:
    text = "来年の3月、10年後、来月末、年明け、by next year, in 20 years, a year ago, 12/31, 1月1日, Easter"
    assert isinstance(
        find_dates(text, said_at=datetime.fromisoformat(said).replace(tzinfo=ZoneInfo("UTC")), calendar=CALENDAR), tuple
    )


UNITS = [
    "1",
    " ",
    "1.",
    "1/2",
    "1/12 ",
    "1-",
    "a",
    "十",
    "\n",
    "十日",
    "by the end of ",
    "Monday ",
    "17:00 ",
    "(",
    "来週",
    "2022年",
    "1,000,",
]
MORE = [
    "1から",
    "12月5日~",
    "within two or three ",
    "the ",
    "毎週月曜、",
    "から",
    "(月)",
    "第1",
    "next ",
    "12 ",
    "。",
    ". ",
    "$1",
    "+1 ",
    "早々",
]


@pytest.mark.parametrize("unit", UNITS + MORE)
def test_a_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    with bounded():
        found_in((unit * 50_000)[:50_000])


def test_no_rule_has_lost_a_part_of_its_pattern() -> None:
    assert [rule.pattern for rule in RULES if re.search(r"\{[A-Z_]+\}", rule.pattern)] == []
