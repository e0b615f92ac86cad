"""Who is away, and who stands in: from what people declared, in the order in which they said it.

A later word beats an earlier one. Nothing here depends on whether mail comes: everything an owner holds is covered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from notes.model import Calendar, Correction
from notes.workdays import workday_from

AWAY = "absence-away"
BACK = "absence-back"
KINDS = (AWAY, BACK)
"""Corrections about absences; `target` is a staff id. `AWAY`: values `to` (a staff id), `since` and `until` (ISO times,
`until` empty while nobody knows). `BACK`: value `since`, the moment from which on the owner is there again."""

LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Absence:
    """`owner` is away from `since` up to `until`, which is excluded (None: nobody knows yet); `standin` takes over.

    Both are staff ids. `declared_by` is who said so (a staff id or a login), at `declared_at`.
    """

    owner: str
    standin: str | None
    since: datetime
    until: datetime | None
    declared_by: str
    declared_at: datetime

    def covers(self, at: datetime) -> bool:
        """Whether the owner is away at that moment by this declaration."""
        return self.since <= at and (self.until is None or at < self.until)


def absences(log: Iterable[Correction]) -> tuple[Absence, ...]:
    """What was declared and still holds, in the order of declaration; `log`: the corrections of `KINDS` in force."""
    found: list[Absence] = []
    for one in log:
        found = _returned(found, one) if one.kind == BACK else _declared(found, _read(one))
    return tuple(found)


def absence_of(owner: str, declared: Sequence[Absence], at: datetime) -> Absence | None:
    """The absence of an owner at a moment: where several cover it, the one declared last."""
    return next((one for one in reversed(declared) if one.owner == owner and one.covers(at)), None)


def standin_of(owner: str | None, declared: Sequence[Absence], at: datetime) -> str | None:
    """Who stands in for an owner at a moment, None while the owner is there.

    A stand-in who is away too hands on to theirs. None also where everybody in the chain is away, as in a circle.
    """
    seen = {owner}
    absence = absence_of(owner, declared, at) if owner else None
    for _ in range(LONGEST_CHAIN):
        if absence is None or absence.standin is None or absence.standin in seen:
            return None
        seen.add(absence.standin)
        further = absence_of(absence.standin, declared, at)
        if further is None:
            return absence.standin
        absence = further
    return None


def covered_by(standin: str, declared: Sequence[Absence], at: datetime) -> frozenset[str]:
    """The owners for whom somebody stands in at a moment."""
    owners = {one.owner for one in declared}
    return frozenset(owner for owner in owners if standin_of(owner, declared, at) == standin)


def first_day_back(absence: Absence, calendar: Calendar) -> date | None:
    """The first working day on which the owner is there again, company holidays included; None where nobody knows."""
    if absence.until is None:
        return None
    there = absence.until.astimezone(calendar.zone)
    late = there.time() >= calendar.closes
    return workday_from(there.date() + timedelta(days=late), calendar)


def _read(one: Correction) -> Absence:
    until = one.value.get("until")
    return Absence(
        owner=one.target,
        standin=one.value.get("to") or None,
        since=datetime.fromisoformat(one.value["since"]),
        until=datetime.fromisoformat(until) if until else None,
        declared_by=one.who,
        declared_at=one.at,
    )


def _declared(before: list[Absence], new: Absence) -> list[Absence]:
    """A new declaration takes the place of those it begins before, and of its own stand-in's that it begins in: it says
    their end anew. One that begins within somebody else's time holds for its own time only."""
    kept = []
    for old in before:
        if old.owner != new.owner or not _overlap(old, new):
            kept.append(old)
        elif old.since < new.since and old.standin == new.standin:
            new = replace(new, since=old.since)
        elif old.since < new.since:
            kept.append(old)
    return [*kept, new]


def _overlap(one: Absence, other: Absence) -> bool:
    return (one.until is None or other.since < one.until) and (other.until is None or one.since < other.until)


def _returned(before: list[Absence], one: Correction) -> list[Absence]:
    """Ends what covers the moment of the return; where nothing does, what lies ahead is called off."""
    moment = datetime.fromisoformat(one.value["since"])
    theirs = [absence for absence in before if absence.owner == one.target]
    running = [absence for absence in theirs if absence.covers(moment)]
    called_off = [] if running else [absence for absence in theirs if absence.since >= moment]
    kept = [absence for absence in before if absence not in called_off]
    return [replace(absence, until=moment) if absence in running else absence for absence in kept]
