"""What must be heard of now, gathered from the diary, and what nobody wants to hear of: for `check` and for letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cli.desk import Desk
from notes.absence import Absence
from notes.alarms import Alarm

if TYPE_CHECKING:
    from cli.diary import Diary
    from notes.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Heard:
    """The alarms that somebody wants to hear of, what nobody does (until when), and who is declared away."""

    alarms: Sequence[Alarm]
    hushed: Mapping[str, datetime | None]
    absences: Sequence[Absence]


def gather(diary: "Diary", desk: Desk) -> Heard:
    """All of it at the diary's moment."""
    from notes.telling import without_hushed

    every, hushed = alarms(diary, desk), hushed_now(diary.db, diary.now)
    return Heard(without_hushed(every, hushed, _customers_of(diary.db, every)), hushed, diary.absences)


def alarms(diary: "Diary", desk: Desk) -> list[Alarm]:
    """Everything that must be heard of at the diary's moment.

    Mailboxes are judged by the clock: of a moment to come nobody can have read the mail yet.
    """
    from cli.given import limits
    from ingest import heed
    from notes import silence

    boxes = desk.settings.mailboxes
    read_by = min(diary.now, datetime.now(diary.now.tzinfo))
    ledger = heed.gather(
        diary.db,
        diary.held(active=True),
        diary.absences,
        {box.id: box.owner for box in boxes},
        {box.id: box.folders for box in boxes if box.folders is not None},
        directory=desk.directory,
        calendar=desk.calendar,
        now=diary.now,
    )
    return silence.alarms(ledger, limits(desk.settings), desk.calendar, diary.now, read_by=read_by)


def hushed_now(db: "Connection", now: datetime) -> dict[str, datetime | None]:
    """Of what nobody wants to hear at `now`."""
    from notes.hushed import KINDS, hushed
    from notes.store import corrections

    return hushed(corrections.of_kinds(db, KINDS), now)


def _customers_of(db: "Connection", alarms: Sequence[Alarm]) -> dict[str, str]:
    """The customer's id of each case that alarms are about."""
    from notes.store import cases

    keys = sorted({one.case for one in alarms if one.case})
    return {one.case.key: one.case.customer.id for one in cases.of_keys(db, keys)}
