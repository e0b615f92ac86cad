"""Where mails lie and how far each folder was read: places, cursors, quarantine, coverage."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, literal, select, true, tuple_, update

from notes.model import Coverage, Cursor, Place, RawMail, Role
from notes.store import schema
from notes.store.sql import chunks, insert_or_nothing
from notes.store.values import unpacked

_FOLDER = schema.folder.c
_PLACE = schema.place.c
_QUARANTINE = schema.quarantine.c


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A mail that could not be read: where it lies, the reason's code, when it was last tried and how often."""

    place: Place
    reason: str
    at: datetime
    tries: int


def put(db: Connection, mails: Sequence[tuple[RawMail, int]]) -> None:
    """Notes where mails lie, each with the row of its message."""
    if mails:
        rows = [_place_row(mail) | {"message_id": number} for mail, number in mails]
        db.execute(insert_or_nothing(db, schema.place), rows)


def places_of(db: Connection, ref: str) -> list[Place]:
    """Where a mail lies."""
    columns = schema.place.c
    query = (
        select(columns.mailbox, columns.folder, columns.uidvalidity, columns.uid)
        .join(schema.message, schema.message.c.id == columns.message_id)
        .where(schema.message.c.ref == ref)
        .order_by(columns.mailbox, columns.folder, columns.uidvalidity, columns.uid)
    )
    return [Place(row.mailbox, row.folder, row.uidvalidity, row.uid) for row in db.execute(query)]


def lies_in_log() -> Any:
    """Whether a message lies in the log, too: part of a query for messages."""
    in_log = (schema.place.c.message_id == schema.message.c.id) & (schema.place.c.role == Role.LOG)
    return select(schema.place.c.message_id).where(in_log).exists()


def cursor(db: Connection, mailbox: str, folder: str) -> Cursor | None:
    """How far a folder was read; None when it never was."""
    query = select(_FOLDER.uidvalidity, _FOLDER.last_uid, _FOLDER.first_uid, _FOLDER.since)
    row = db.execute(query.where(_folder_is(mailbox, folder))).first()
    return Cursor(row.uidvalidity, row.last_uid, row.first_uid, row.since) if row and row.uidvalidity else None


def move_cursor(db: Connection, mailbox: str, folder: str, role: Role, to: Cursor, at: datetime) -> None:
    """Notes that a folder is read up to `to` as of `at`, which also ends its failure."""
    _upsert(
        db,
        mailbox,
        folder,
        role,
        {
            "uidvalidity": to.uidvalidity,
            "last_uid": to.last_uid,
            "first_uid": to.first_uid,
            "since": to.since,
            "read_until": at,
            "error": None,
            "error_at": None,
        },
    )


def known_uids(db: Connection, mailbox: str, folder: str, uidvalidity: int, first: int, last: int) -> set[int]:
    """The UIDs from `first` to `last` whose mails are in the diary or put aside."""
    found: set[int] = set()
    for table in (schema.place, schema.quarantine):
        here = and_(table.c.mailbox == mailbox, table.c.folder == folder, table.c.uidvalidity == uidvalidity)
        found |= set(db.scalars(select(table.c.uid).where(here, table.c.uid.between(first, last))))
    return found


def count(db: Connection, mailbox: str, folder: str, uidvalidity: int) -> int:
    """How many mails of a folder are in the diary, as they are numbered now."""
    columns = schema.place.c
    here = and_(columns.mailbox == mailbox, columns.folder == folder, columns.uidvalidity == uidvalidity)
    return db.execute(select(func.count()).select_from(schema.place).where(here)).scalar_one()


def newest_uid(db: Connection, mailbox: str, folder: str, uidvalidity: int) -> int:
    """The highest UID of a folder's mails that are in the diary, as they are numbered now; 0 without any."""
    columns = schema.place.c
    here = and_(columns.mailbox == mailbox, columns.folder == folder, columns.uidvalidity == uidvalidity)
    return db.execute(select(func.max(columns.uid)).where(here)).scalar_one() or 0


def record_failure(db: Connection, mailbox: str, folder: str, role: Role, error: str | None, at: datetime) -> None:
    """Notes why a folder could not be read; None: it could, and there was nothing new up to `at`.

    Of failures in a row the first one's moment stays.
    """
    since = func.coalesce(_FOLDER.error_at, literal(at, _FOLDER.error_at.type))
    values = {"error": error, "error_at": since} if error else {"error": None, "error_at": None, "read_until": at}
    _upsert(db, mailbox, folder, role, values)


def quarantine(db: Connection, mail: RawMail, reason: str, at: datetime, *, tries: int = 1) -> None:
    """Keeps a mail that cannot be read, in its newest bytes; further tries are counted. Where its folder was numbered
    anew, it lies there once."""
    row = _place_row(mail) | {
        "internaldate": mail.internaldate,
        "data": zlib.compress(mail.raw, 1),
        "reason": reason,
        "at": at,
        "tries": 0,
    }
    db.execute(insert_or_nothing(db, schema.quarantine).values(row))
    if mail.raw:
        elsewhere = _QUARANTINE.uidvalidity != mail.place.uidvalidity
        here = and_(_QUARANTINE.mailbox == mail.place.mailbox, _QUARANTINE.folder == mail.place.folder, elsewhere)
        db.execute(delete(schema.quarantine).where(here, _QUARANTINE.data == row["data"]))
    again = {"data": row["data"], "reason": reason, "at": at, "tries": _QUARANTINE.tries + tries}
    db.execute(update(schema.quarantine).where(_quarantine_is(mail.place)).values(again))


def quarantined(db: Connection) -> list[Quarantined]:
    """Every mail that could not be read, newest try first."""
    return _quarantined(db, true())


def quarantined_for(db: Connection, mailbox: str, folder: str, reason: str) -> list[Quarantined]:
    """Those of one folder that were put aside for one reason."""
    here = (_QUARANTINE.mailbox == mailbox) & (_QUARANTINE.folder == folder)
    return _quarantined(db, here & (_QUARANTINE.reason == reason))


def _quarantined(db: Connection, condition: ColumnElement[bool]) -> list[Quarantined]:
    query = (
        select(schema.quarantine)
        .with_only_columns(
            _QUARANTINE.mailbox,
            _QUARANTINE.folder,
            _QUARANTINE.uidvalidity,
            _QUARANTINE.uid,
            _QUARANTINE.reason,
            _QUARANTINE.at,
            _QUARANTINE.tries,
        )
        .where(condition)
        .order_by(_QUARANTINE.at.desc(), _QUARANTINE.mailbox, _QUARANTINE.folder, _QUARANTINE.uid)
    )
    return [
        Quarantined(Place(row.mailbox, row.folder, row.uidvalidity, row.uid), row.reason, row.at, row.tries)
        for row in db.execute(query)
    ]


def quarantined_mail(db: Connection, place: Place) -> RawMail | None:
    """A quarantined mail with its bytes, to be tried again or to be looked at; None where they cannot be unpacked."""
    row = db.execute(select(schema.quarantine).where(_quarantine_is(place))).first()
    try:
        return None if row is None else RawMail(place, row.role, unpacked(row.data), row.internaldate, row.via)
    except zlib.error:
        return None


def ask_again(db: Connection, reasons: Sequence[str]) -> int:
    """Makes mails that were put aside for these reasons due at once, however often they were tried; says how many."""
    asked = update(schema.quarantine).where(_QUARANTINE.reason.in_(reasons)).values(tries=0)
    return db.execute(asked).rowcount


def release(db: Connection, *places: Place) -> None:
    """Takes mails out of quarantine, as far as they are there: they could be read after all, or are gone."""
    columns = (_QUARANTINE.mailbox, _QUARANTINE.folder, _QUARANTINE.uidvalidity, _QUARANTINE.uid)
    for chunk in chunks(places):
        rows = [(place.mailbox, place.folder, place.uidvalidity, place.uid) for place in chunk]
        db.execute(delete(schema.quarantine).where(tuple_(*columns).in_(rows)))


def folders(db: Connection, mailbox: str) -> dict[str, Role]:
    """The folders of a mailbox that were read, or tried, so far."""
    query = select(_FOLDER.folder, _FOLDER.role).where(_FOLDER.mailbox == mailbox).order_by(_FOLDER.folder)
    return {row.folder: row.role for row in db.execute(query)}


def coverage(db: Connection, *, counted: bool = True) -> list[Coverage]:
    """What was read of every folder, by mailbox and folder.

    Counting looks at every place in the diary, which a page should not: a folder not `counted` says None if it has any.
    """
    messages = _messages(db) if counted else dict.fromkeys(_filled_folders(db))
    unreadable = _unreadable(db)
    waiting = schema.mailbox.c
    query = select(schema.folder, waiting.retry_at).join(schema.mailbox, waiting.id == _FOLDER.mailbox, isouter=True)
    rows = db.execute(query.order_by(_FOLDER.mailbox, _FOLDER.folder)).all()
    return [
        Coverage(
            row.mailbox,
            row.folder,
            row.role,
            row.read_until,
            messages.get((row.mailbox, row.folder), 0),
            unreadable.get((row.mailbox, row.folder), 0),
            row.error,
            row.first_uid <= 1,
            row.error_at,
            row.retry_at if row.error else None,
        )
        for row in rows
    ]


def gaps(db: Connection) -> list[tuple[str, str, str | None, int]]:
    """Mailbox, folder, error and mails that cannot be read, of folders with one of these: no mail is counted for it."""
    unreadable = _unreadable(db)
    query = select(_FOLDER.mailbox, _FOLDER.folder, _FOLDER.error).order_by(_FOLDER.mailbox, _FOLDER.folder)
    found = ((box, folder, error, unreadable.get((box, folder), 0)) for box, folder, error in db.execute(query))
    return [one for one in found if one[2] or one[3]]


def _messages(db: Connection) -> dict[tuple[str, str], int]:
    """Mails by folder; each once, though a copy or a changed UIDVALIDITY gives it a second place there."""
    query = select(_PLACE.mailbox, _PLACE.folder, func.count(_PLACE.message_id.distinct()))
    return {(row[0], row[1]): row[2] for row in db.execute(query.group_by(_PLACE.mailbox, _PLACE.folder))}


def _filled_folders(db: Connection) -> list[tuple[str, str]]:
    """The folders that hold a mail."""
    here = (_PLACE.mailbox == _FOLDER.mailbox) & (_PLACE.folder == _FOLDER.folder)
    query = select(_FOLDER.mailbox, _FOLDER.folder).where(select(_PLACE.uid).where(here).exists())
    return [(box, folder) for box, folder in db.execute(query)]


def _unreadable(db: Connection) -> dict[tuple[str, str], int]:
    query = select(_QUARANTINE.mailbox, _QUARANTINE.folder, func.count())
    rows = db.execute(query.group_by(_QUARANTINE.mailbox, _QUARANTINE.folder))
    return {(row[0], row[1]): row[2] for row in rows}


def filled(db: Connection, mailboxes: Iterable[str]) -> set[str]:
    """Those of these mailboxes of which the diary holds a mail, however it came in."""
    first = select(schema.place.c.uid).limit(1)
    return {one for one in mailboxes if db.execute(first.where(schema.place.c.mailbox == one)).first()}


def _upsert(db: Connection, mailbox: str, folder: str, role: Role, values: dict[str, Any]) -> None:
    empty = {"mailbox": mailbox, "folder": folder, "role": role, "uidvalidity": 0, "last_uid": 0, "first_uid": 1}
    db.execute(insert_or_nothing(db, schema.folder).values(empty))
    db.execute(update(schema.folder).where(_folder_is(mailbox, folder)).values(role=role, **values))


def _folder_is(mailbox: str, folder: str) -> Any:
    return and_(_FOLDER.mailbox == mailbox, _FOLDER.folder == folder)


def _quarantine_is(place: Place) -> Any:
    return and_(
        _QUARANTINE.mailbox == place.mailbox,
        _QUARANTINE.folder == place.folder,
        _QUARANTINE.uidvalidity == place.uidvalidity,
        _QUARANTINE.uid == place.uid,
    )


def _place_row(mail: RawMail) -> dict[str, Any]:
    place = mail.place
    return {
        "mailbox": place.mailbox,
        "folder": place.folder,
        "uidvalidity": place.uidvalidity,
        "uid": place.uid,
        "role": mail.role,
        "via": mail.via,
    }
