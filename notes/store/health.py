"""Whether the database is sound: what its engine says, each mail's bytes, how far folders were read.

Nothing here changes anything.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, text

from notes.store import schema
from notes.store.values import at_offset, unpacked

_MAIL, _RAW, _FOLDER, _PLACE = schema.message.c, schema.raw.c, schema.folder.c, schema.place.c
_MOST_COMPLAINTS = 20
_LARGEST_UID = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail as it is kept, when it was written, and its bytes: None where they are missing or cannot be unpacked."""

    id: int
    ref: str
    at: datetime
    raw: bytes | None


def complaints(db: Connection) -> list[str]:
    """What SQLite finds wrong with its file, the first twenty, and rows that name what is not there.

    PostgreSQL keeps its files sound itself and has no such question: an empty list.
    """
    if db.dialect.name != "sqlite":
        return []
    said = [str(row[0]) for row in db.execute(text(f"PRAGMA integrity_check({_MOST_COMPLAINTS})"))]
    loose = db.execute(text("PRAGMA foreign_key_check")).fetchmany(_MOST_COMPLAINTS)
    return [*(one for one in said if one != "ok"), *(f"{row[0]} {row[1]} → {row[2]}" for row in loose)]


def open_to_others(db: Connection) -> str | None:
    """The file, if it is one that more than its owner may read or write, as one that was copied back may be."""
    if db.dialect.name != "sqlite":
        return None
    file = Path(db.engine.url.database or "")
    return str(file) if file.is_file() and file.stat().st_mode & 0o077 else None


def count(db: Connection) -> int:
    """How many mails should have bytes: all but notes and those of which only headers are kept."""
    return db.execute(select(func.count()).select_from(schema.message).where(_whole())).scalar_one()


def kept(db: Connection, after: int, limit: int) -> list[Kept]:
    """Some mails that should have bytes, those with numbers above `after`, by number."""
    query = (
        select(_MAIL.id, _MAIL.ref, _MAIL.at, _MAIL.offset, _RAW.data)
        .join_from(schema.message, schema.raw, _MAIL.id == _RAW.message_id, isouter=True)
        .where(_whole(), _MAIL.id > after)
        .order_by(_MAIL.id)
        .limit(limit)
    )
    return [Kept(row.id, row.ref, at_offset(row.at, row.offset), _unpacked(row.data)) for row in db.execute(query)]


def cursors(db: Connection) -> list[tuple[str, str]]:
    """Folders, as mailbox and name, whose cursor names UIDs that cannot be (RFC 9051, section 2.3.1.1)."""
    impossible = or_(_FOLDER.first_uid < 1, _FOLDER.first_uid > _FOLDER.last_uid + 1, _FOLDER.last_uid > _LARGEST_UID)
    query = select(_FOLDER.mailbox, _FOLDER.folder).where(_FOLDER.uidvalidity > 0, impossible)
    return [(row[0], row[1]) for row in db.execute(query.order_by(_FOLDER.mailbox, _FOLDER.folder))]


def _whole() -> ColumnElement[bool]:
    """What lies in a mailbox and is not reduced to its headers. A note lies nowhere."""
    lies = select(_PLACE.message_id).where(_PLACE.message_id == _MAIL.id).exists()
    return and_(_MAIL.stripped.is_(False), lies)


def _unpacked(data: bytes | None) -> bytes | None:
    try:
        return None if data is None else unpacked(data)
    except zlib.error:
        return None
