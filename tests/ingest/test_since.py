from datetime import UTC, datetime, timedelta, timezone

import pytest

from ingest.since import Since, since

TOKYO = timezone(timedelta(hours=9))
NOW = datetime(2026, 3, 31, 15, 20, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2 years", "2024-03-31"),
        ("1 year", "2025-03-31"),
        ("1 month", "2026-02-28"),
        ("13 months", "2025-02-28"),
        ("6 weeks", "2026-02-17"),
        ("90days", "2025-12-31"),
        ("2年", "2024-03-31"),
        ("18か月", "2024-09-30"),
        ("3ヶ月", "2025-12-31"),
        ("10日間", "2026-03-21"),
        ("2024-04-01", "2024-04-01"),
        ("9999 years", "1970-01-02"),
        ("0001-01-01", "1970-01-02"),
    ],
)
def test_spans_and_days_are_the_beginning_of_a_day_in_our_zone(text: str, day: str) -> None:
    found = since(text)
    assert found
    assert found.moment(NOW) == datetime.fromisoformat(f"{day}T00:00:00+09:00")


@pytest.mark.parametrize("text", ["", "yesterday", "2 years ago", "2024-13-01", "-1 days", "12345 days", "years"])
def test_anything_else_is_no_span(text: str) -> None:
    assert since(text) is None


def test_the_29th_of_february_a_year_ago_is_the_28th() -> None:
    assert Since(months=12).moment(datetime(2024, 2, 29, tzinfo=UTC)) == datetime(2023, 2, 28, tzinfo=UTC)
