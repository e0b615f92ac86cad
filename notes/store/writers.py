"""Who is behind an address: the newest name that its mails bear, and what the newest of its signatures says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Connection, Text, cast, func, select, type_coerce

from notes.model import Contact
from notes.store import schema
from notes.store.sql import chunks

_MAIL = schema.message.c


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer of some mails; `contact` is None where no signature was found."""

    address: str
    name: str
    mails: int
    contact: Contact | None


def address_of(db: Connection) -> Any:
    """The column of the address of a mail's writer."""
    sender = type_coerce(_MAIL.sender, Text)
    if db.dialect.name == "sqlite":
        return func.json_extract(sender, "$.address", type_=Text)
    return func.json_extract_path_text(cast(sender, JSON), "address", type_=Text)


def of(db: Connection, addresses: Iterable[str]) -> dict[str, Writer]:
    """By address, those of whom there is a mail."""
    found: dict[str, Writer] = {}
    address = address_of(db)
    for chunk in chunks(addresses):
        theirs = address.in_(chunk)
        counted = db.execute(select(address.label("address"), func.count()).where(theirs).group_by(address)).all()
        signed, named = _newest(db, theirs & _MAIL.contact.is_not(None)), _newest(db, theirs)
        for each, mails in counted:
            contact = signed[each].contact if each in signed else None
            name = named[each].sender.name or (contact.name if contact else "")
            found[each] = Writer(each, name, mails, contact)
    return found


def _newest(db: Connection, condition: Any) -> dict[str, Any]:
    """The mail of each writer that came in last, of those under a condition, by address."""
    address = address_of(db)
    newest = select(address.label("address"), func.max(_MAIL.id).label("id")).where(condition).group_by(address)
    within = newest.subquery()
    query = select(_MAIL.sender, _MAIL.contact).join(within, within.c.id == _MAIL.id)
    return {row.sender.address: row for row in db.execute(query)}
