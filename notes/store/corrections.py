"""What people decided: an append-only log. What counts of it is worked out by `notes.corrected.in_force`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from notes.corrected import UNDO, in_force
from notes.model import Correction
from notes.store import schema
from notes.store.sql import chunks

UNCLEAR = "tag-unclear"
"""A tag that could not be followed (`notes.tags`): `target` a case's key; value `written`, `reason`, `among` (ids)."""

_CORRECTION = schema.correction.c


def append(
    db: Connection, *, at: datetime, who: str, kind: str, target: str, value: Mapping[str, str] | None = None
) -> Correction:
    """Writes a decision down."""
    row = {"at": at, "who": who, "kind": kind, "target": target, "value": dict(value or {})}
    number = db.execute(schema.correction.insert().values(row).returning(_CORRECTION.id)).scalar_one()
    return Correction(number, at, who, kind, target, dict(value or {}))


def of(db: Connection, targets: Iterable[str], until: datetime | None = None) -> list[Correction]:
    """The decisions in force about these promises, cases or messages, in the order in which they were taken.

    `until`: those that were in force at that moment.
    """
    found: dict[int, Correction] = {}
    for chunk in chunks(dict.fromkeys(targets)):
        found |= {one.id: one for one in _read(db, _CORRECTION.target.in_(chunk)) if one.kind != UNDO}
    return in_force([*found.values(), *_taking_back(db, found)], until)


def of_kinds(db: Connection, kinds: Iterable[str], until: datetime | None = None) -> list[Correction]:
    """The decisions of these kinds in force (`until`: at that moment), in the order in which they were taken."""
    found = {one.id: one for one in _read(db, _CORRECTION.kind.in_(list(kinds)))}
    return in_force([*found.values(), *_taking_back(db, found)], until)


def made_at(db: Connection, moment: datetime) -> list[Correction]:
    """Every event of a moment, also those taken back."""
    return _read(db, _CORRECTION.at == moment)


def latest(db: Connection) -> Correction | None:
    """The last decision that is in force; None when there is none. What only says that nothing was done is none."""
    log = _read(db, _CORRECTION.kind != UNCLEAR)
    return next(reversed(in_force(log)), None)


def _taking_back(db: Connection, numbers: Iterable[int]) -> list[Correction]:
    """The events that take decisions of these numbers back."""
    found: list[Correction] = []
    for chunk in chunks(map(str, numbers)):
        found += _read(db, _CORRECTION.target.in_(chunk) & (_CORRECTION.kind == UNDO))
    return found


def _read(db: Connection, condition: ColumnElement[bool]) -> list[Correction]:
    rows = db.execute(select(schema.correction).where(condition).order_by(_CORRECTION.id))
    return [Correction(row.id, row.at, row.who, row.kind, row.target, row.value) for row in rows]
