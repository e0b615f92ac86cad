"""What kawari finds in a sentence: promises, and every moment named."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cli import as_json as contract
from cli import moments
from cli.days_off import DaysOff
from cli.desk import Desk
from cli.harmless import harmless
from cli.paper import Paper
from cli.words import say
from notes.errors import UsageError
from notes.model import By, Calendar, DateFound, PromiseFound

if TYPE_CHECKING:
    from notes.phrases import Phrases

LONGEST = 100_000
"""Characters of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a text said at a moment."""

    name: Any
    said_at: datetime
    promises: tuple[PromiseFound, ...]
    dates: tuple[DateFound, ...]


def look(text: str, desk: Desk, at: str | None, zone: str | None) -> Found:
    """Looks at one text. Raises `UsageError` for a zone or a moment that is none."""
    where = _zone(zone) if zone else desk.zone
    calendar = desk.calendar if desk.file and not zone else _calendar(where, _country(zone))
    said_at = moments.read(at, where) if at else datetime.now(where)
    return _find(None, text, said_at, calendar, desk.phrases)


def answers(lines: Iterable[str], phrases: "Phrases") -> Iterator[contract.Json]:
    """One answer a line of `{"id", "text", "at", "zone", "lang"}`; `lang` is not needed and not looked at."""
    for line in lines:
        try:
            asked = json.loads(line)
            zone = asked.get("zone")
            where = _zone(zone) if zone else datetime.fromisoformat(asked["at"]).tzinfo or moments.zone(None)
            said_at = moments.read(asked["at"], where)
            found = _find(asked.get("id"), str(asked["text"]), said_at, _calendar(where, _country(zone)), phrases)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield {"id": None, "promises": [], "dates": [], "error": f"bad line: {type(error).__name__}"}
        else:
            yield as_json(found)


def as_json(found: Found) -> contract.Json:
    """As the contract has it."""
    return contract.text_found(found.name, found.promises, found.dates)


def as_text(found: Found, paper: Paper) -> list[str]:
    """For eyes."""
    year = found.said_at.year
    lines = [
        say("inspect.said-at", moment=f"{moments.day_and_clock(found.said_at, 0)} {moments.offset(found.said_at)}")
    ]
    lines.append(paper.heading(say("inspect.promises")))
    for promise in found.promises:
        lines.append(f"  {say('page.quote', quote=harmless(promise.quote, one_line=True))}")
        due = _span(promise.due.start, promise.due.to, year) or say("page.no-date")
        known = say(f"certainty.{promise.certainty}")
        lines.append(f"    {say(f'by.{promise.by}')} · {due} · {known} · {promise.score:.2f} · {promise.rule}")
    if not found.promises:
        lines.append(f"  {say('page.none')}")
    lines.append(paper.heading(say("inspect.dates")))
    for one in found.dates:
        precision = say(f"precision.{one.due.precision}")
        lines.append(f"  {harmless(one.text, one_line=True)} → {_span(one.due.start, one.due.to, year)} ({precision})")
    if not found.dates:
        lines.append(f"  {say('page.none')}")
    return lines


def _span(start: datetime | None, to: datetime | None, year: int) -> str:
    ends = [f"{moments.day_and_clock(end, year)}" for end in (start, to) if end]
    return " – ".join(ends)


def _find(name: Any, text: str, said_at: datetime, calendar: Calendar, phrases: "Phrases") -> Found:
    from notes.due import find_dates
    from notes.promises import detect

    looked_at = text[:LONGEST]
    promises = detect(looked_at, said_at=said_at, by=By.US, who="", calendar=calendar, phrases=phrases)
    return Found(name, said_at, promises, find_dates(looked_at, said_at=said_at, calendar=calendar))


def _zone(name: str) -> tzinfo:
    try:
        return moments.zone(name)
    except (ValueError, OSError, KeyError):
        raise UsageError("bad-zone", given=name) from None


def _calendar(zone: tzinfo, country: str) -> Calendar:
    """Business days where no settings say anything: those of the zone's country."""
    return Calendar(zone, time(9), time(18), DaysOff(country, ()))


def _country(zone: str | None) -> str:
    """The country of a zone by the time zone database's own table; empty for UTC and the like."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8") if zone else ""
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if len(row) > 2 and row[2] == zone), "")
