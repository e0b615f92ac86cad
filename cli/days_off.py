"""Which dates are off: weekends and public holidays of a country, and the company's own days.

Public holidays come from the `holidays` package (150 ms to import), a year at a time, and are kept in the cache.
"""

from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cli.cache import kept, stamp
from notes.errors import SettingsError

SATURDAY = 5


class DaysOff:
    """Answers whether people are off on a date. `country` as in the settings (`JP`, `US-CA`, empty for weekends only).

    `company` are days as in the settings: `MM-DD`, `YYYY-MM-DD` or `first..last`, over the end of the year too.
    """

    def __init__(self, country: str, company: tuple[str, ...]) -> None:
        self._country = country
        self._company = tuple(_span(text) for text in company)
        self._known: dict[date, bool] = {}

    def __call__(self, day: date) -> bool:
        """A handover asks for the same days again for each of its rows."""
        if day not in self._known:
            self._known[day] = self._off(day)
        return self._known[day]

    def _off(self, day: date) -> bool:
        if any(_within(day, first, last) for first, last in self._company):
            return True
        return day in country_days(self._country, day.year) if self._country else day.weekday() >= SATURDAY


def _span(text: str) -> tuple[str, str]:
    first, _, last = text.partition("..")
    return first, last or first


def _within(day: date, first: str, last: str) -> bool:
    """ISO dates, or their ends, compare as text; a yearly span whose end is before its start runs over the new year."""
    if len(first) == len("YYYY-MM-DD"):
        return first <= day.isoformat() <= last
    today = f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last


@cache
def country_days(country: str, year: int) -> frozenset[date]:
    """All dates of a year on which nobody works in a country. Raises `SettingsError` for a country nobody knows."""
    spec = find_spec("holidays")
    version = stamp(Path(spec.origin)) if spec and spec.origin else ""
    text = kept(f"off-{country}-{year}-{version}.txt", lambda: _reckon(country, year)).decode()
    return frozenset(date.fromisoformat(line) for line in text.split())


def _reckon(country: str, year: int) -> bytes:
    from holidays import country_holidays

    name, _, part = country.partition("-")
    try:
        known = country_holidays(name, subdiv=part or None, years=year)
    except NotImplementedError:
        raise SettingsError("unknown-country", key="holidays", given=country) from None
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return "\n".join(day.isoformat() for day in days if day.year == year and not known.is_working_day(day)).encode()
