"""When mails were sent and by whom: what `notes.rhythm` learns from, and the automatic replies of our own people."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from notes.model import Direction, Kind
from notes.rhythm import Exchange
from notes.store import schema

_MAIL = schema.message.c
_CASE = schema.case.c
WRITTEN = (Kind.MAIL, Kind.FORWARD)
SENT_DAYS, ANSWERED_DAYS, REPLIES_DAYS = 90, 365, 30
"""How far back it is looked: people change, and so does how fast we answer."""


def sent(db: Connection, now: datetime) -> list[tuple[str, datetime]]:
    """Address and moment of every mail of ours of the last 90 days up to `now`, automatic ones left out."""
    ours = _MAIL.direction.in_((Direction.OUT, Direction.INTERNAL)) & _MAIL.kind.in_(WRITTEN)
    since = (_MAIL.at > now - timedelta(days=SENT_DAYS)) & (_MAIL.at <= now)
    return [(row.sender.address, row.at) for row in db.execute(select(_MAIL.sender, _MAIL.at).where(ours & since))]


def exchanges(db: Connection, customers: Collection[str], now: datetime) -> dict[str, list[Exchange]]:
    """By customer id the mails of the last year between us and them, up to `now`."""
    rows = db.execute(
        select(_CASE.customer_id, _MAIL.at, _MAIL.direction)
        .join(schema.case, _MAIL.case_key == _CASE.key)
        .where(_CASE.customer_id.in_(sorted(customers)) & _MAIL.kind.in_(WRITTEN))
        .where((_MAIL.at > now - timedelta(days=ANSWERED_DAYS)) & (_MAIL.at <= now))
        .where(_MAIL.direction.in_((Direction.IN, Direction.OUT)))
    )
    found: dict[str, list[Exchange]] = {}
    for row in rows:
        found.setdefault(row.customer_id, []).append(Exchange(row.at, row.direction))
    return found


def own_replies(db: Connection, now: datetime) -> list[tuple[str, datetime, str]]:
    """Address, moment and new text of automatic mails that our people's mailboxes sent in the last 30 days."""
    ours = _MAIL.direction.in_((Direction.OUT, Direction.INTERNAL)) & (_MAIL.kind == Kind.AUTO)
    since = (_MAIL.at > now - timedelta(days=REPLIES_DAYS)) & (_MAIL.at <= now)
    rows = db.execute(select(_MAIL.sender, _MAIL.at, _MAIL.new_text).where(ours & since).order_by(_MAIL.at))
    return [(row.sender.address, row.at, row.new_text) for row in rows]
