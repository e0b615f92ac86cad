"""Mail that belongs to nobody."""

from sqlalchemy import Connection, select

from notes.model import Unfiled
from notes.store import schema
from notes.store.values import at_offset

_MAIL = schema.message.c


def listed(db: Connection, limit: int | None = None) -> list[Unfiled]:
    """Mails that belong to no customer, newest first; those that wait to be filed are left out."""
    query = (
        select(_MAIL.ref, _MAIL.sender, _MAIL.subject, _MAIL.at, _MAIL.offset, _MAIL.reason)
        .where(_MAIL.case_key.is_(None), _MAIL.thread_id.is_not(None))
        .order_by(_MAIL.at.desc(), _MAIL.id.desc())
        .limit(limit)
    )
    return [
        Unfiled(row.ref, row.sender, row.subject, at_offset(row.at, row.offset), row.reason)
        for row in db.execute(query)
    ]
