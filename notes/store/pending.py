"""Mails that wait: stored and not filed yet, or unfiled in a thread that may still come to a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from notes.model import Role
from notes.store import schema
from notes.store.places import lies_in_log
from notes.store.sql import chunks
from notes.store.values import at_offset, unpacked, unpacks_within

_MAIL = schema.message.c
NOTHING: dict[int, bytes | None] = {}
_LARGE = 1024 * 1024
"""Compressed bytes of a mail from which on they are not kept at hand, but fetched when its turn comes."""

_MOST_BYTES = 8 * 1024 * 1024
"""Of compressed mails that are filed together: two hundred may have ten megabytes each."""

_COLUMNS = (
    _MAIL.id,
    _MAIL.ref,
    _MAIL.at,
    _MAIL.offset,
    lies_in_log().label("logged"),
    func.length(schema.raw.c.data).label("size"),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored mail that is in no case, or waits to be filed anew; `role` is log if it lies in the log, too.

    `packed` are its bytes as they are stored; None where they are many, where they were not asked for, or where only
    its headers are kept. `size`: how many these are, 0 where none are kept.
    """

    id: int
    ref: str
    at: datetime
    role: Role
    packed: bytes | None = None
    size: int = 0

    @property
    def raw(self) -> bytes:
        """Its bytes as the server gave them, unpacked now; none where they are not at hand."""
        return b"" if self.packed is None else unpacked(self.packed)

    def is_within(self, most: int) -> bool:
        """Whether its bytes are at hand and no more than so many."""
        return self.packed is not None and unpacks_within(self.packed, most)


def of_thread(db: Connection, thread: int) -> list[Waiting]:
    """The unfiled mails of a thread, oldest first."""
    query = (
        select(*_COLUMNS)
        .join(schema.raw, schema.raw.c.message_id == _MAIL.id, isouter=True)
        .where(_MAIL.thread_id == thread, _MAIL.case_key.is_(None))
        .order_by(_MAIL.at, _MAIL.id)
    )
    return [_row(row) for row in db.execute(query)]


def anew(db: Connection, refs: Iterable[str]) -> list[Waiting]:
    """These mails, whether filed or not, with what is kept of their bytes; notes are left out."""
    found: list[Waiting] = []
    for chunk in chunks(refs):
        found += _waiting(db, _MAIL.ref.in_(chunk))
    return sorted(found, key=lambda one: (one.at, one.id))


def to_be_filed(
    db: Connection, limit: int, since: datetime | None = None, at_hand: dict[int, bytes | None] = NOTHING
) -> list[Waiting]:
    """Mails that were stored and not filed, oldest first, with what is kept of their bytes; none written before
    `since`. At most `limit`, and fewer where they are large: at least one of those that there are.

    `at_hand`: packed bytes by row, which need not be asked for again.
    """
    waits = _MAIL.thread_id.is_(None)
    return _waiting(db, waits if since is None else waits & (_MAIL.at >= since), limit, at_hand)


def count(db: Connection) -> int:
    """How many mails wait to be filed, about."""
    waits = _MAIL.thread_id.is_(None) & _MAIL.case_key.is_(None)
    return db.execute(select(func.count()).select_from(schema.message).where(waits)).scalar_one()


def newest_filed(db: Connection) -> datetime | None:
    """When the newest of the filed mails was written."""
    return db.scalar(select(_MAIL.at).where(_MAIL.thread_id.is_not(None)).order_by(_MAIL.at.desc()).limit(1))


def _waiting(
    db: Connection,
    condition: ColumnElement[bool],
    limit: int | None = None,
    at_hand: dict[int, bytes | None] = NOTHING,
) -> list[Waiting]:
    query = (
        select(*_COLUMNS)
        .join(schema.raw, schema.raw.c.message_id == _MAIL.id, isouter=True)
        .where(condition, schema.raw.c.message_id.is_not(None) | _MAIL.stripped)
        .order_by(*([_MAIL.thread_id] if limit else []), _MAIL.at, _MAIL.id)
        .limit(limit)
    )
    rows: Sequence[Any] = db.execute(query).all()
    if limit:
        rows = rows[: _fitting([row.size or 0 for row in rows])]
    packed = at_hand | _bytes(db, [row.id for row in rows if (row.size or _LARGE) < _LARGE and row.id not in at_hand])
    return [_row(row, packed.get(row.id)) for row in rows]


def _row(row: Any, packed: bytes | None = None) -> Waiting:
    role = Role.LOG if row.logged else Role.INBOX
    return Waiting(row.id, row.ref, at_offset(row.at, row.offset), role, packed, row.size or 0)


def _fitting(sizes: Iterable[int]) -> int:
    """How many of the first ones fit; one at least."""
    before = accumulate(sizes, initial=0)
    return sum(1 for _ in takewhile(lambda held: held <= _MOST_BYTES, before)) - 1 or 1


def _bytes(db: Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """The packed bytes of these mails."""
    found: dict[int, bytes] = {}
    for chunk in chunks(ids):
        query = select(schema.raw.c.message_id, schema.raw.c.data).where(schema.raw.c.message_id.in_(chunk))
        found |= dict(db.execute(query).all())
    return found


def put_back(db: Connection, ids: Iterable[int]) -> None:
    """Lets mails wait to be filed, which are in no case."""
    for chunk in chunks(ids):
        db.execute(update(schema.message).where(_MAIL.id.in_(chunk)).values(thread_id=None))


def give_up(db: Connection, number: int, reason: str) -> None:
    """Leaves a mail where it is that cannot be filed, most often unfiled, in a thread of its own."""
    thread = db.execute(schema.thread.insert().values(case_key=None).returning(schema.thread.c.id)).scalar_one()
    values = {"thread_id": thread, "reason": reason}
    db.execute(update(schema.message).where(_MAIL.id == number).values(values))


def late(db: Connection, than: timedelta) -> tuple[int, int]:
    """How many of the mails that wait to be filed are older than the newest filed one by more than `than`; and how
    many are filed."""
    newest = newest_filed(db)
    if newest is None:
        return 0, 0
    waits = (_MAIL.thread_id.is_(None), _MAIL.case_key.is_(None), _MAIL.at < newest - than)
    older = db.execute(select(func.count()).select_from(schema.message).where(*waits)).scalar_one()
    filed = select(func.count()).select_from(schema.message).where(_MAIL.thread_id.is_not(None))
    return older, db.execute(filed).scalar_one() if older else 0
