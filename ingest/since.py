"""How far back mail is read: `since = "2 years"`, or a day. Text → value → moment; no clock."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_SPAN = re.compile(
    r"(\d{1,4})\s*(?:(?P<years>years?|年)|(?P<months>months?|[かヶケカ箇]月)|(?P<weeks>weeks?|週間?)|(?P<days>days?|日間?))",
    re.IGNORECASE,
)
_EARLIEST = date(1970, 1, 2)


@dataclass(frozen=True, slots=True)
class Since:
    """A day, or months and days before now."""

    day: date | None = None
    months: int = 0
    days: int = 0

    def moment(self, now: datetime) -> datetime:
        """The moment before which nothing is read: the beginning of a day in the zone of `now`."""
        if self.day is not None:
            return _begin(self.day, now.tzinfo)
        month = now.year * 12 + now.month - 1 - self.months
        if month < _EARLIEST.year * 12:
            return _begin(_EARLIEST, now.tzinfo)
        year, month = month // 12, month % 12 + 1
        day = date(year, month, min(now.day, calendar.monthrange(year, month)[1]))
        return _begin(max(_EARLIEST, day - timedelta(days=self.days)), now.tzinfo)


def since(text: str) -> Since | None:
    """`2 years`, `18 months`, `6 weeks`, `90 days`, `2年`, `6か月`, or a day (`2024-04-01`); None for anything else."""
    found = _SPAN.fullmatch(text.strip())
    if found:
        number = int(found[1])
        kind = found.lastgroup
        return Since(
            months={"years": 12, "months": 1}.get(kind or "", 0) * number,
            days={"weeks": 7, "days": 1}.get(kind or "", 0) * number,
        )
    try:
        return Since(day=max(_EARLIEST, date.fromisoformat(text.strip())))
    except ValueError:
        return None


def _begin(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(), zone or UTC)
