"""What a person says of somebody's absence, read from a command's words and written into the log of corrections."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cli import named
from cli.acquaintances import whose_word
from cli.desk import Desk
from notes import spells
from notes.absence import AWAY, BACK, Absence, absence_of, standin_of
from notes.errors import NotFoundError, UsageError
from notes.model import Calendar, Correction
from notes.stands import owed
from notes.store import absences, cases, corrections


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What was said, the absence that it is about, who stands in at `at` (None: nobody, or the owner is there), and
    what the owner holds: open cases and promises of ours. `away`: whether the owner is away at `at`."""

    made: Correction
    absence: Absence
    at: datetime
    standin: str | None
    cases: int
    owed: int
    away: bool


def declare(
    desk: Desk, owner: str, to: str, *, since: str | None, until: str | None, who: str | None, at: str | None
) -> Whereabouts:
    """Raises NotFoundError for staff nobody knows; UsageError `absence-own-standin`, `absence-ends-before`,
    `no-date-found`."""
    word = whose_word(desk, who, at)
    absent, standin = named.staff(desk.directory, owner), named.staff(desk.directory, to)
    if absent == standin:
        raise UsageError("absence-own-standin", owner=absent)
    start = _moment(spells.beginning, since, word.at, desk) or word.at
    stop = _moment(spells.end, until, max(start, word.at) if until and not since else word.at, desk)
    if stop and stop <= start:
        raise UsageError("absence-ends-before", begins=f"{start:%Y-%m-%d %H:%M}", ends=f"{stop:%Y-%m-%d %H:%M}")
    value = {"to": standin, "since": start.isoformat(), "until": stop.isoformat() if stop else ""}
    return _write(desk, AWAY, absent, value, word.who, word.at)


def end(desk: Desk, owner: str, *, since: str | None, who: str | None, at: str | None) -> Whereabouts:
    """Raises NotFoundError `not-away` where no absence runs or lies ahead."""
    word = whose_word(desk, who, at)
    absent = named.staff(desk.directory, owner)
    moment = _moment(spells.beginning, since, word.at, desk) or word.at
    return _write(desk, BACK, absent, {"since": moment.isoformat()}, word.who, word.at)


def _moment(
    read: Callable[[str, datetime, Calendar], datetime | None], words: str | None, now: datetime, desk: Desk
) -> datetime | None:
    if words is None:
        return None
    found = read(words, now, desk.calendar)
    if found is None:
        raise UsageError("no-date-found", given=words)
    return found


def _write(desk: Desk, kind: str, owner: str, value: dict[str, str], who: str, at: datetime) -> Whereabouts:
    start = datetime.fromisoformat(value["since"])
    store = desk.store()
    try:
        with store.begin() as db:
            before = absences.declared(db)
            about = absence_of(owner, before, start) or next(
                (one for one in before if one.owner == owner and one.since >= start), None
            )
            if kind == BACK and about is None:
                raise NotFoundError("not-away", owner=owner)
            made = corrections.append(db, at=at, who=who, kind=kind, target=owner, value=value)
            after = absences.declared(db)
            about = about if kind == BACK else [one for one in after if one.owner == owner][-1]
            held = cases.held(db, owner=owner, active=True)
            asked = max(at, start) if kind == AWAY else start
            return Whereabouts(
                made,
                about or after[-1],
                asked,
                standin_of(owner, after, asked),
                len(held),
                sum(len(owed(one.standing.promises)) for one in held),
                absence_of(owner, after, asked) is not None,
            )
    finally:
        store.close()
