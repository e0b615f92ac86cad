"""Who reads which mailbox: leases that run out unless renewed; and how often in a row a mailbox could not be read.

These short writes stand beside the diary's other ones (`Store.aside`): a lease must be renewed while mail is filed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from notes.store import schema
from notes.store.sql import chunks, insert_or_nothing

_MAILBOX = schema.mailbox.c


@dataclass(frozen=True, slots=True)
class Trouble:
    """A mailbox that failed `failures` times in a row, last at `at` with `error` (a code and what was said).

    It is to be left alone until `retry_at`.
    """

    failures: int
    error: str
    at: datetime
    retry_at: datetime


def clock(db: Connection, now: datetime) -> datetime:
    """The moment by which leases are judged: the database's own where several machines ask, else `now`."""
    if db.dialect.name == "sqlite":
        return now
    return db.execute(select(func.clock_timestamp(type_=_MAILBOX.held_until.type))).scalar_one() or now


def take(
    db: Connection, mailbox: str, holder: str, now: datetime, lasts: timedelta, is_gone: Callable[[str], bool]
) -> str | None:
    """Takes a mailbox's lease or renews it; returns None, or the one who holds it.

    A lease that ran out is free, and so is one that ends later than any can (the clock was set back), and one whose
    holder `is_gone`. Of two who take it at the same time, one gets it.
    """
    now = clock(db, now)
    db.execute(insert_or_nothing(db, schema.mailbox).values(id=mailbox, failures=0))
    row = db.execute(select(_MAILBOX.holder, _MAILBOX.held_until).where(_MAILBOX.id == mailbox)).one()
    lives = row.holder is not None and row.held_until is not None and now < row.held_until <= now + 2 * lasts
    if lives and row.holder != holder and not is_gone(row.holder):
        return str(row.holder)
    unchanged = _MAILBOX.holder.is_not_distinct_from(row.holder) & _MAILBOX.held_until.is_not_distinct_from(
        row.held_until
    )
    taken = update(schema.mailbox).where(_MAILBOX.id == mailbox, unchanged)
    if _rows(db, taken.values(holder=holder, held_until=now + lasts)):
        return None
    return db.execute(select(_MAILBOX.holder).where(_MAILBOX.id == mailbox)).scalar_one() or holder


def renew(db: Connection, mailboxes: Collection[str], holder: str, now: datetime, lasts: timedelta) -> set[str]:
    """Renews the leases of a holder; returns those mailboxes that it still has."""
    kept: set[str] = set()
    for chunk in chunks(sorted(mailboxes)):
        mine = (_MAILBOX.holder == holder) & _MAILBOX.id.in_(chunk)
        db.execute(update(schema.mailbox).where(mine).values(held_until=clock(db, now) + lasts))
        kept |= set(db.scalars(select(_MAILBOX.id).where(mine)))
    return kept


def release(db: Connection, holder: str, mailbox: str | None = None) -> None:
    """Gives one lease of a holder back, or all."""
    mine = _MAILBOX.holder == holder
    if mailbox is not None:
        mine &= _MAILBOX.id == mailbox
    db.execute(update(schema.mailbox).where(mine).values(holder=None, held_until=None))


def trouble(db: Connection, mailbox: str) -> Trouble | None:
    """The failures of a mailbox in a row; None when it was read last time."""
    row = db.execute(select(schema.mailbox).where(_MAILBOX.id == mailbox, _MAILBOX.failures > 0)).first()
    if row is None or row.failed_at is None or row.retry_at is None:
        return None
    return Trouble(row.failures, row.error or "", row.failed_at, row.retry_at)


def note_trouble(db: Connection, mailbox: str, now: Trouble | None) -> None:
    """Notes the failures of a mailbox, or that there are none (any more)."""
    db.execute(insert_or_nothing(db, schema.mailbox).values(id=mailbox, failures=0))
    values: dict[str, Any] = {"failures": 0, "error": None, "failed_at": None, "retry_at": None}
    if now:
        values = {"failures": now.failures, "error": now.error, "failed_at": now.at, "retry_at": now.retry_at}
    db.execute(update(schema.mailbox).where(_MAILBOX.id == mailbox).values(values))


def try_now(db: Connection, mailbox: str) -> bool:
    """Ends the wait of a mailbox that failed, whoever reads it; whether there was one."""
    failed = (_MAILBOX.id == mailbox) & (_MAILBOX.failures > 0)
    return bool(_rows(db, update(schema.mailbox).where(failed).values(retry_at=_MAILBOX.failed_at)))


def _rows(db: Connection, statement: Any) -> int:
    return int(db.execute(statement).rowcount)
