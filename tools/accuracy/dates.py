"""Dates in sentences: due.jsonl and nodue.jsonl, and those cases of Microsoft's Recognizers that can be a due date.

Of the Recognizers' DateTimeModel specs (ja, en) those cases are taken that have a reference date, are not marked
"NotSupported: dotnet", and whose results name a moment or span with an end that is not before the reference day:
no durations, no sets ("every Monday"), no "now", nothing that lies behind or is open at its end, no whole years or
decades. Of two readings the future one counts (of 3 and 15 o'clock either). Right is: the same last day, and for times
to the minute the same minute. A week may end on Friday (kawari's convention) or on Sunday (theirs), a span from one
day to another on the latter or the day before (theirs).
dateparser and ja-timex are asked the same, in the same run, where they are installed.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from notes.due import choose, find_dates
from notes.model import Calendar
from tools.accuracy import Figure

TOKYO = ZoneInfo("Asia/Tokyo")
DAYS_OFF = holidays.country_holidays("JP", years=range(2005, 2036))
END_OF_YEAR, START_OF_YEAR = (12, 29), (1, 3)
Asked = tuple[str, datetime]
Engine = Callable[[str, datetime, str], Iterable[datetime]]


def day_off(day: date) -> bool:
    """Weekends, Japanese holidays, and the days around New Year."""
    closed = (day.month, day.day) >= END_OF_YEAR or (day.month, day.day) <= START_OF_YEAR
    return closed or day.weekday() >= 5 or day in DAYS_OFF


CALENDAR = Calendar(TOKYO, time(9), time(18), day_off)


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, when it was written, and the readings of one moment in it that are right; `timed`: to the minute."""

    text: str
    language: str
    at: datetime
    wanted: tuple[datetime, ...]
    timed: bool


def figures(corpora: Path) -> list[Figure]:
    """The share of due dates that are right, the share of sentences without one left alone, and the Recognizers'."""
    asked = list(_lines(corpora / "japanese" / "due.jsonl"))
    without = list(_lines(corpora / "japanese" / "nodue.jsonl"))
    wrong = [case["id"] for case in asked if not due_right(case)]
    invented = [case["text"] for case in without if _found(case)]
    found = [
        Figure("due.jsonl: day and time", 1 - len(wrong) / len(asked), len(asked), 0.97),
        Figure("nodue.jsonl: left alone", 1 - len(invented) / len(without), len(without), 1.0),
    ]
    for language in ("ja", "en"):
        cases = list(recognizers(corpora / "dates" / "recognizers", language))
        for name, engine in engines(language).items():
            right = sum(moment_right(case, engine) for case in cases)
            found.append(Figure(f"recognizers {language}: {name}", right / len(cases), len(cases)))
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _found(case: dict[str, Any]) -> tuple[Any, ...]:
    said = datetime.fromisoformat(case["ref"]).replace(tzinfo=TOKYO)
    return find_dates(case["text"], said_at=said, calendar=CALENDAR)


def due_right(case: dict[str, Any]) -> bool:
    """Whether the day, and the time where one is wanted, are among the right ones."""
    found = choose(_found(case), case["text"])
    if case["due"] is None or found is None or found.due.to is None:
        return case["due"] is None and found is None
    day = found.due.to.date().isoformat() in (case["due"], *case["alts"])
    return day and (not case["time"] or f"{found.due.to:%H:%M}" in (case["time"], *case["time_alts"]))


# --- Recognizers -------------------------------------------------------------------------------------------------

TIMED = ("datetimeV2.datetime", "datetimeV2.time")
SPANS = ("datetimeV2.datetimerange", "datetimeV2.timerange")
DAYS = ("datetimeV2.date", "datetimeV2.daterange")
# "Now", a year, a decade, a span of years.
NO_DUE = re.compile(r"PRESENT_REF|^\d{4}$|^\d{2,3}X+$|^XX|P\d+Y\)$")


def recognizers(folder: Path, language: str) -> Iterator[Case]:
    """The cases that can be a due date, one for each moment named in a sentence."""
    name = {"ja": "Japanese", "en": "English"}[language]
    specs = json.loads((folder / name / "DateTimeModel.json").read_text(encoding="utf-8-sig"))
    for spec in specs:
        reference = (spec.get("Context") or {}).get("ReferenceDateTime")
        if not reference or "dotnet" in spec.get("NotSupported", ""):
            continue
        at = datetime.fromisoformat(reference[:19])
        for result in spec["Results"]:
            wanted = tuple(moment for moment in readings(result, at) if moment.date() >= at.date())
            if wanted:
                yield Case(spec["Input"], language, at, wanted, result["TypeName"] in TIMED)


def readings(result: dict[str, Any], at: datetime) -> Iterator[datetime]:
    """The last moments a result may mean; nothing for what cannot be a due date."""
    kind = result.get("TypeName", "")
    for value in (result.get("Resolution") or {}).get("values", []):
        timex, end = value.get("timex", ""), value.get("end") or value.get("value") or ""
        open_ended = kind.endswith("range") and not value.get("start")
        if kind in TIMED + SPANS + DAYS and end[:1].isdecimal() and not (open_ended or NO_DUE.search(timex)):
            yield from _ends(kind, timex, end, at)


def _ends(kind: str, timex: str, end: str, at: datetime) -> Iterator[datetime]:
    if kind in ("datetimeV2.time", "datetimeV2.timerange"):
        moment = datetime.combine(at.date(), time.fromisoformat(end if len(end) == 8 else "23:59:59"))
        yield from (moment, moment + timedelta(days=1))
        return
    moment = datetime.fromisoformat(end)
    if kind != "datetimeV2.daterange":
        yield moment
        return
    yield moment - timedelta(days=1)
    if timex.startswith("("):
        yield moment
    if "W" in timex:
        yield moment - timedelta(days=3)


def moment_right(case: Case, engine: Engine) -> bool:
    """Whether one of the moments found is one of the right ones."""
    found = engine(case.text, case.at, case.language)
    if case.timed:
        wanted = [moment.replace(second=0) for moment in case.wanted]
        return any(moment.replace(second=0, tzinfo=None) in wanted for moment in found)
    days = {moment.date() for moment in case.wanted}
    return any(moment.date() in days for moment in found)


def engines(language: str) -> dict[str, Engine]:
    """kawari, and what of the libraries is installed."""
    asked: dict[str, Engine] = {"kawari": _kawari}
    if find_spec("dateparser"):
        asked["dateparser"] = _dateparser
    if find_spec("ja_timex") and language == "ja":
        asked["ja-timex"] = _ja_timex
    return asked


def _kawari(text: str, at: datetime, language: str) -> Iterator[datetime]:
    for found in find_dates(text, said_at=at.replace(tzinfo=AMERICA if language == "en" else TOKYO), calendar=CALENDAR):
        if found.due.to:
            yield found.due.to


AMERICA = ZoneInfo("America/New_York")


def _dateparser(text: str, at: datetime, language: str) -> Iterator[datetime]:
    settings = {"RELATIVE_BASE": at, "PREFER_DATES_FROM": "future"}
    search = import_module("dateparser.search")
    yield from (moment for _, moment in search.search_dates(text, languages=[language], settings=settings) or ())


def _ja_timex(text: str, at: datetime, language: str) -> Iterator[datetime]:
    parser = import_module("ja_timex").TimexParser(reference=import_module("pendulum").instance(at))
    for timex in parser.parse(text):
        with suppress(ValueError):  # it makes 29 February of any year
            moment = timex.to_datetime()
            if moment:
                yield datetime.fromisoformat(moment.isoformat())


def misses(corpora: Path, language: str) -> Iterator[str]:
    """What kawari reads otherwise than the Recognizers, for whoever works on the rules."""
    for case in recognizers(corpora / "dates" / "recognizers", language):
        if not moment_right(case, _kawari):
            got = [f"{moment:%F %H:%M}" for moment in _kawari(case.text, case.at, language)]
            wanted = [f"{moment:%F %H:%M}" for moment in case.wanted]
            yield f"{case.at:%F %H:%M} {case.text} | wanted {wanted} got {got}"


if __name__ == "__main__":
    print(*misses(Path(sys.argv[1]), sys.argv[2]), sep="\n")
