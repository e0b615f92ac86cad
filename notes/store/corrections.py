"""What people decided: an append-only log."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from notes.model import Correction
from notes.store import schema
from notes.store.sql import chunks

_CORRECTION = schema.correction.c


def append(
    db: Connection, *, at: datetime, who: str, kind: str, target: str, value: Mapping[str, str] | None = None
) -> Correction:
    """Writes a decision down."""
    row = {"at": at, "who": who, "kind": kind, "target": target, "value": dict(value or {})}
    number = db.execute(schema.correction.insert().values(row).returning(_CORRECTION.id)).scalar_one()
    return Correction(number, at, who, kind, target, dict(value or {}))


def of(db: Connection, targets: Iterable[str]) -> list[Correction]:
    """The decisions about these promises, cases or messages, in the order in which they were taken."""
    found: list[Correction] = []
    for chunk in chunks(dict.fromkeys(targets)):
        rows = db.execute(select(schema.correction).where(_CORRECTION.target.in_(chunk)))
        found.extend(Correction(row.id, row.at, row.who, row.kind, row.target, row.value) for row in rows)
    return sorted(found, key=lambda correction: correction.id)
