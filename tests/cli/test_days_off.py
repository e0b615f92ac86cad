from datetime import date
from pathlib import Path

import pytest

from cli.days_off import DaysOff, country_days
from notes.errors import SettingsError


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    country_days.cache_clear()
    return tmp_path


def test_without_a_country_only_weekends_are_off() -> None:
    off = DaysOff("", ())
    assert off(date(2026, 11, 21))
    assert not off(date(2026, 11, 23))


def test_public_holidays_of_a_country_are_off_and_kept_for_the_next_run(cache_folder: Path) -> None:
    off = DaysOff("JP", ())
    assert off(date(2026, 11, 23))
    assert not off(date(2026, 11, 24))
    assert len(list((cache_folder / "kawari").iterdir())) == 1
    country_days.cache_clear()
    assert off(date(2026, 11, 23))


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    assert DaysOff("US-CA", ())(date(2026, 3, 31))
    assert not DaysOff("US", ())(date(2026, 3, 31))


def test_company_holidays_may_run_over_the_new_year() -> None:
    off = DaysOff("", ("12-29..01-03", "2026-08-13..2026-08-15", "06-01"))
    days = [date(2026, 12, 29), date(2027, 1, 1), date(2026, 8, 13), date(2030, 6, 3), date(2026, 6, 1)]
    assert [off(day) for day in days] == [True, True, True, False, True]
    assert not off(date(2026, 12, 28))
    assert not off(date(2027, 8, 13))


def test_a_country_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(SettingsError) as caught:
        DaysOff("XX", ())(date(2026, 1, 5))
    assert caught.value.values == {"key": "holidays", "given": "XX"}


def test_a_cache_that_cannot_be_written_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert DaysOff("JP", ())(date(2026, 11, 3))
