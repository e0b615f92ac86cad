"""The ways by which a mail came: the roles of the folders in which it was seen."""

from collections.abc import Iterable

from sqlalchemy import Connection, exists, select

from notes.model import Role
from notes.store import schema
from notes.store.sql import chunks
from notes.store.values import unpacked


def of(db: Connection, number: int) -> list[tuple[Role, str, int]]:
    """Role, folder and UIDVALIDITY of every place of the mail in this row."""
    place = schema.place.c
    query = select(place.role, place.folder, place.uidvalidity).where(place.message_id == number)
    return [(row.role, row.folder, row.uidvalidity) for row in db.execute(query)]


def reason(db: Connection, number: int) -> str:
    """Why the mail in this row is in no case; empty where it is in one."""
    mail = schema.message.c
    query = select(mail.reason).where(mail.id == number, mail.case_key.is_(None))
    return db.execute(query).scalar() or ""


def unproven(db: Connection, refs: Iterable[str]) -> list[str]:
    """Those of these mails that a poll of the log brought and nothing else speaks for: not handed over by the mail
    server, nor among sent mail, nor imported by a person."""
    place, mail = schema.place.c, schema.message.c
    lies = place.message_id == mail.id
    polled = exists().where(lies, place.role == Role.LOG, place.uidvalidity > 0)
    known = exists().where(lies, (place.role == Role.SENT) | (place.uidvalidity == 0))
    found: list[str] = []
    for chunk in chunks(refs):
        found += db.scalars(select(mail.ref).where(mail.ref.in_(chunk), polled, ~known).order_by(mail.at, mail.id))
    return found


def latest_in_log(db: Connection, limit: int) -> list[bytes]:
    """The bytes of the latest mails that a poll found in the log."""
    place, raw = schema.place.c, schema.raw.c
    polled = (place.role == Role.LOG) & (place.uidvalidity > 0)
    query = select(raw.data).join(schema.place, place.message_id == raw.message_id).where(polled)
    return [unpacked(data) for data in db.scalars(query.order_by(place.message_id.desc()).limit(limit))]
