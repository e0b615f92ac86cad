"""The ways by which a mail came: the roles of the folders in which it was seen."""

import zlib

from sqlalchemy import Connection, select

from notes.model import Role
from notes.store import schema


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


def latest_in_log(db: Connection, limit: int) -> list[bytes]:
    """The bytes of the latest mails that a poll found in the log."""
    place, raw = schema.place.c, schema.raw.c
    polled = (place.role == Role.LOG) & (place.uidvalidity > 0)
    query = select(raw.data).join(schema.place, place.message_id == raw.message_id).where(polled)
    return [zlib.decompress(data) for data in db.scalars(query.order_by(place.message_id.desc()).limit(limit))]
