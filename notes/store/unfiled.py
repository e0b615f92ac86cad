"""Mail that is nobody's: listed, reduced to what may be kept of it, and wanted back where it was somebody's after all.

Filing decides, `settle` acts: in the same transaction the bytes, the text, the recipients, the attachments and the
signature of nobody's mail go. What has not been decided stays whole (mail that waits, and mail at which filing broke),
and so does what was sent to the log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from notes.model import Content, Direction, Keep, Message, Place, Role, Unfiled
from notes.store import schema, search, writers
from notes.store.places import lies_in_log
from notes.store.sql import chunks
from notes.store.values import at_offset

GONE = "content-gone"
"""The defect of a mail that was wanted back and is on the mail server no more."""

NOT_FILED = "not-filed"
"""The reason of a mail at which filing broke; behind it may stand where."""

_LOG_UNKNOWN = "log-unknown"
_MAIL = schema.message.c

STRIPPED: dict[str, Any] = {
    "to": (),
    "cc": (),
    "new_text": "",
    "hidden_lines": 0,
    "forwarded": (),
    "attachments": (),
    "contact": None,
    "stripped": True,
    "wanted": False,
}
"""The columns of a mail that hold more than its headers, and what is in them once only these are kept."""


@dataclass(frozen=True, slots=True)
class Headed:
    """A mail of which only the headers are kept, as far as they are, with what was decided when it was whole."""

    message: Message
    direction: Direction
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mail that shall be whole again: its content's name (Message-ID, None without one, and digest), and where it
    was seen, with the folders' roles."""

    id: int
    ref: str
    message_id: str | None
    digest: str
    places: tuple[tuple[Place, Role], ...]


@dataclass(frozen=True, slots=True)
class Headless:
    """A mail in a case of which only the headers are there: it is wanted back, or gone."""

    ref: str
    case: str
    content: Content


@dataclass(frozen=True, slots=True)
class Nobodys:
    """How much mail is nobody's and how much of it is kept whole; what a case lacks; at which mails filing broke."""

    unfiled: int
    whole: int
    lacking: tuple[Headless, ...]
    faults: tuple[Unfiled, ...]


def content_of(stripped: bool, wanted: bool, defects: Sequence[str]) -> Content:
    """What is kept of a mail, from its columns."""
    if not stripped:
        return Content.WHOLE
    if GONE in defects:
        return Content.GONE
    return Content.WANTED if wanted else Content.HEADERS


def listed(db: Connection, limit: int | None = None) -> list[Unfiled]:
    """Mails that belong to no customer, newest first; those that wait to be filed are left out."""
    return _listed(db, true(), limit)


def _listed(db: Connection, condition: ColumnElement[bool], limit: int | None) -> list[Unfiled]:
    query = (
        select(schema.message)
        .with_only_columns(
            _MAIL.ref,
            _MAIL.sender,
            _MAIL.subject,
            _MAIL.at,
            _MAIL.offset,
            _MAIL.reason,
            _MAIL.stripped,
            _MAIL.wanted,
            _MAIL.defects,
        )
        .where(_MAIL.case_key.is_(None), _MAIL.thread_id.is_not(None), condition)
        .order_by(_MAIL.at.desc(), _MAIL.id.desc())
        .limit(limit)
    )
    return [
        Unfiled(
            row.ref,
            row.sender,
            row.subject,
            at_offset(row.at, row.offset),
            row.reason,
            content_of(row.stripped, row.wanted, row.defects),
        )
        for row in db.execute(query)
    ]


def headed(db: Connection, ids: Iterable[int]) -> dict[int, Headed]:
    """Those of these mails of which only the headers are kept, by number."""
    found: dict[int, Headed] = {}
    for chunk in chunks(ids):
        rows = db.execute(select(schema.message).where(_MAIL.id.in_(chunk), _MAIL.stripped)).all()
        found |= {row.id: Headed(_message(row), row.direction, row.reason) for row in rows}
    return found


def _message(row: Any) -> Message:
    return Message(
        ref=row.ref,
        message_id=row.message_id or None,
        in_reply_to=(),
        references=row.references,
        sender=row.sender,
        to=(),
        cc=(),
        bcc=(),
        date=at_offset(row.at, row.offset),
        date_doubtful=row.date_doubtful,
        subject=row.subject,
        kind=row.kind,
        text="",
        digest=row.digest,
        bulk=row.bulk,
        bounced=row.bounced,
        defects=row.defects,
    )


def settle(db: Connection, ids: Iterable[int], keep: Keep) -> int:
    """Lets go what may not be kept of these mails, where they are nobody's, and wants back what turned out to be
    somebody's. To be called when they are filed, in the same transaction.

    Returns how many were in a case before, so that the search knew their words: `search.purge` is due then.
    """
    indexed = 0
    for chunk in chunks(ids):
        stripped = select(_MAIL.id, _MAIL.case_key, _MAIL.defects).where(_MAIL.id.in_(chunk), _MAIL.stripped)
        rows = db.execute(stripped).all()
        _mark(db, [row.id for row in rows if row.case_key and GONE not in row.defects], wanted=True)
        _mark(db, [row.id for row in rows if not row.case_key], wanted=False)
        if keep is not Keep.ALL:
            indexed += _let_go(db, list(db.scalars(_to_let_go(keep).where(_MAIL.id.in_(chunk)))), keep)
    return indexed


def sweep(db: Connection, keep: Keep) -> int:
    """Lets go what may no longer be kept of any mail, after a change of the setting or of what people decided, and
    says of how many."""
    if keep is Keep.ALL:
        return 0
    found = list(db.scalars(_to_let_go(keep)))
    if sum(_let_go(db, chunk, keep) for chunk in chunks(found)):
        search.purge(db)
    return len(found)


def _to_let_go(keep: Keep) -> Any:
    """Decided, nobody's, not sent to the log, and more of it there than may be."""
    decided = _MAIL.case_key.is_(None) & _MAIL.thread_id.is_not(None)
    sent_to_us = lies_in_log() | (_MAIL.reason == _LOG_UNKNOWN)
    query = select(_MAIL.id).where(decided, ~_MAIL.reason.startswith(NOT_FILED), ~sent_to_us)
    return query.where(~_MAIL.stripped) if keep is Keep.HEADERS else query


def _let_go(db: Connection, ids: Sequence[int], keep: Keep) -> int:
    """Says how many the search knew."""
    if not ids:
        return 0
    indexed = search.forget(db, ids)
    if keep is Keep.HEADERS:
        db.execute(delete(schema.raw).where(schema.raw.c.message_id.in_(ids)))
        db.execute(update(schema.message).where(_MAIL.id.in_(ids)).values(STRIPPED))
        return indexed
    threads = list(db.scalars(select(_MAIL.thread_id).where(_MAIL.id.in_(ids)).distinct()))
    db.execute(delete(schema.message).where(_MAIL.id.in_(ids)))
    inhabited = exists().where(_MAIL.thread_id == schema.thread.c.id)
    idle = select(schema.thread.c.id).where(
        schema.thread.c.id.in_(threads), schema.thread.c.case_key.is_(None), ~inhabited
    )
    empty = list(db.scalars(idle))
    db.execute(delete(schema.thread_link).where(schema.thread_link.c.thread_id.in_(empty)))
    db.execute(delete(schema.thread).where(schema.thread.c.id.in_(empty)))
    return indexed


def _mark(db: Connection, ids: Sequence[int], *, wanted: bool) -> None:
    if ids:
        db.execute(update(schema.message).where(_MAIL.id.in_(ids), _MAIL.wanted != wanted).values(wanted=wanted))


def wanted(db: Connection, limit: int | None = None, *, mailbox: str | None = None) -> list[Wanted]:
    """Mails that shall be fetched again, newest first; of one mailbox, when given."""
    headless = _MAIL.stripped & _MAIL.case_key.is_not(None)
    query = select(_MAIL.id, _MAIL.ref, _MAIL.message_id, _MAIL.digest).where(headless, _MAIL.wanted)
    place = schema.place.c
    if mailbox is not None:
        query = query.where(exists().where(place.message_id == _MAIL.id, place.mailbox == mailbox))
    rows = db.execute(query.order_by(_MAIL.at.desc(), _MAIL.id.desc()).limit(limit)).all()
    lie: dict[int, list[tuple[Place, Role]]] = {row.id: [] for row in rows}
    for chunk in chunks(lie):
        for one in db.execute(select(schema.place).where(place.message_id.in_(chunk))):
            found = Place(one.mailbox, one.folder, one.uidvalidity, one.uid)
            lie[one.message_id].append((found, one.role))
    return [Wanted(row.id, row.ref, row.message_id or None, row.digest, tuple(lie[row.id])) for row in rows]


def gone(db: Connection, ids: Iterable[int]) -> None:
    """Says of wanted mails that no mail server has them any more."""
    for chunk in chunks(ids):
        for row in db.execute(select(_MAIL.id, _MAIL.defects).where(_MAIL.id.in_(chunk), _MAIL.wanted)).all():
            values = {"defects": (*row.defects, GONE), "wanted": False}
            db.execute(update(schema.message).where(_MAIL.id == row.id).values(values))


def known_by_now(db: Connection, limit: int) -> list[int]:
    """Nobody's mails whose writer has become known as a customer's since: cold letters and mail to many."""
    bearer = schema.customer_key.c
    writer = writers.address_of(db)
    refused = schema.customer_key.alias().c
    query = (
        select(_MAIL.id)
        .join(schema.customer_key, (bearer.kind == "address") & (bearer.value == writer))
        .where(_MAIL.case_key.is_(None), _MAIL.thread_id.is_not(None), _MAIL.reason.in_(("unsolicited", "bulk")))
        .where(~exists().where(refused.kind == "refused", refused.value == writer))
        .order_by(_MAIL.at)
        .limit(limit)
    )
    return list(db.scalars(query))


def written_by(db: Connection, addresses: Iterable[str], domains: Iterable[str]) -> list[str]:
    """The refs of nobody's mails from one of these addresses, or from one of these domains."""
    writer = writers.address_of(db)
    inside = [writer.endswith(f"{mark}{domain}", autoescape=True) for domain in domains for mark in "@."]
    nobodys = _MAIL.case_key.is_(None) & _MAIL.thread_id.is_not(None)
    query = select(_MAIL.ref).where(nobodys, or_(writer.in_(list(addresses)), *inside))
    return list(db.scalars(query.order_by(_MAIL.at, _MAIL.id)))


def overview(db: Connection) -> Nobodys:
    """What there is of nobody's mail, and of mail that was nobody's first."""
    nobodys = _MAIL.case_key.is_(None) & _MAIL.thread_id.is_not(None)
    number, whole = db.execute(
        select(func.count(), func.count().filter(~_MAIL.stripped)).select_from(schema.message).where(nobodys)
    ).one()
    lacking = select(_MAIL.ref, _MAIL.case_key, _MAIL.wanted, _MAIL.defects)
    rows = db.execute(lacking.where(_MAIL.stripped, _MAIL.case_key.is_not(None)).order_by(_MAIL.at, _MAIL.id)).all()
    return Nobodys(
        number,
        whole,
        tuple(Headless(row.ref, str(row.case_key), content_of(True, row.wanted, row.defects)) for row in rows),
        tuple(_listed(db, _MAIL.reason.startswith(NOT_FILED), None)),
    )
