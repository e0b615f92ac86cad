"""Letters to our own people: queued with the note of what they tell, handed over once.

A letter is `waiting` until somebody takes it to hand it over, `handing` while the mail server has it or may have it,
and then `sent`, or `given-up`. One that a killed process left `handing` is not tried again: it may have arrived, and
nobody is to be told twice. What it told is told again by the next digest, and goes on to the next reader as if it had
arrived.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, literal, select, update

from notes.model import Via
from notes.store import schema
from notes.store.schema import Handed
from notes.store.sql import insert_or_nothing

_LETTER, _TOLD, _MAIL, _PLACE = schema.outgoing.c, schema.told.c, schema.message.c, schema.place.c

ANSWER = "answer:"
"""The keys of answers begin so; behind it stands the ref of the mail that is answered."""

NOBODY = "-"
"""The reader noted for a mail to the log that is not answered."""

_LONGEST_REF = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter: its lasting name, the address (empty: the team's channels), and its words. `tries` were in vain."""

    key: str
    recipient: str
    subject: str
    body: str
    tries: int = 0

    @property
    def answers(self) -> str:
        """The ref of the mail that it answers; empty: none."""
        return self.key.removeprefix(ANSWER) if self.key.startswith(ANSWER) else ""


@dataclass(frozen=True, slots=True)
class Post:
    """How the outbox is: letters that wait, those of which nobody knows whether they arrived, those given up, and why
    the last one failed (a code)."""

    waiting: int
    unsure: int
    given_up: int
    error: str | None


def queue(
    db: Connection,
    letters: Iterable[Outgoing],
    told: Sequence[tuple[str, str]],
    claims: Sequence[tuple[str, str]],
    at: datetime,
) -> bool:
    """Queues the letters that tell some things (keys of alarms, and to whom), and notes these as told.

    False, and nothing is queued, where one of the `claims` was told meanwhile by somebody else.
    """
    with db.begin_nested() as attempt:
        if _note(db, claims, at) < len(set(claims)):
            attempt.rollback()
            return False
        _note(db, told, at)
        rows = [_row(one, at) for one in letters]
        if rows:
            db.execute(insert_or_nothing(db, schema.outgoing), rows)
    return True


def _note(db: Connection, told: Sequence[tuple[str, str]], at: datetime) -> int:
    """Notes what is told to whom; says how much of it was not noted before."""
    rows = [{"alarm": alarm, "reader": reader, "at": at} for alarm, reader in dict.fromkeys(told)]
    return len(db.execute(insert_or_nothing(db, schema.told).returning(_TOLD.alarm), rows).all()) if rows else 0


def told(db: Connection, since: datetime) -> dict[tuple[str, str], datetime]:
    """What was told to whom since a moment, and when."""
    query = select(_TOLD.alarm, _TOLD.reader, _TOLD.at).where(_TOLD.at >= since)
    return {(alarm, reader): at for alarm, reader, at in db.execute(query)}


def unanswered(db: Connection, since: datetime, limit: int) -> list[tuple[int, str]]:
    """Row and ref of mails that came into the log, written since a moment, filed or kept aside, and not looked at for
    an answer so far; the oldest first. (A ref longer than keys may be is no mail program's.)"""
    came = (_PLACE.message_id == _MAIL.id) & (_PLACE.via == Via.LOG)
    looked_at = _TOLD.alarm == literal(ANSWER).concat(_MAIL.ref)
    query = select(_MAIL.id, _MAIL.ref).where(_MAIL.at >= since, _MAIL.thread_id.is_not(None))
    query = query.where(exists().where(came), ~exists().where(looked_at), func.length(_MAIL.ref) < _LONGEST_REF)
    return [(row.id, row.ref) for row in db.execute(query.order_by(_MAIL.at, _MAIL.id).limit(limit))]


def answered(db: Connection, reader: str, since: datetime) -> int:
    """How many mails to the log of a person (staff id) were answered since a moment."""
    answers = _TOLD.alarm.startswith(ANSWER) & (_TOLD.reader == reader) & (_TOLD.at >= since)
    return db.execute(select(func.count()).select_from(schema.told).where(answers)).scalar_one()


def answers_to(db: Connection, recipient: str, limit: int) -> list[Outgoing]:
    """The latest answers to an address, newest first."""
    query = select(schema.outgoing).where(_LETTER.recipient == recipient, _LETTER.key.startswith(ANSWER))
    return [_letter(row) for row in db.execute(query.order_by(_LETTER.made_at.desc(), _LETTER.key).limit(limit))]


def due(db: Connection, now: datetime, limit: int) -> list[Outgoing]:
    """Letters to be handed over by now, the oldest first."""
    query = select(schema.outgoing).where(_LETTER.state == Handed.WAITING, _LETTER.next_try <= now)
    rows = db.execute(query.order_by(_LETTER.made_at, _LETTER.key).limit(limit))
    return [_letter(row) for row in rows]


def take(db: Connection, key: str) -> bool:
    """Says that a letter is being handed over now; False where somebody else took it."""
    waiting = (_LETTER.key == key) & (_LETTER.state == Handed.WAITING)
    return db.execute(update(schema.outgoing).where(waiting).values(state=Handed.HANDING)).rowcount == 1


def sent(db: Connection, key: str, at: datetime) -> None:
    """Notes that a letter arrived; its words are no longer needed."""
    values = {"state": Handed.SENT, "done_at": at, "body": "", "error": None}
    db.execute(update(schema.outgoing).where(_LETTER.key == key).values(values))


def failed(db: Connection, key: str, error: str, next_try: datetime | None) -> None:
    """Notes why a letter did not arrive, and when to try again; None: never."""
    state = Handed.WAITING if next_try else Handed.GIVEN_UP
    values: dict[str, Any] = {"state": state, "error": error, "tries": _LETTER.tries + 1}
    values |= {"next_try": next_try} if next_try else {}
    db.execute(update(schema.outgoing).where(_LETTER.key == key).values(values))


def post(db: Connection) -> Post:
    """How the outbox is."""
    query = select(_LETTER.state, func.count()).group_by(_LETTER.state)
    counts = {row[0]: row[1] for row in db.execute(query)}
    failing = select(_LETTER.error).where(_LETTER.error.is_not(None)).order_by(_LETTER.made_at.desc()).limit(1)
    waiting, unsure, given_up = (counts.get(one, 0) for one in (Handed.WAITING, Handed.HANDING, Handed.GIVEN_UP))
    return Post(waiting, unsure, given_up, db.execute(failing).scalar())


def _letter(row: Any) -> Outgoing:
    return Outgoing(row.key, row.recipient, row.subject, row.body, row.tries)


def _row(one: Outgoing, at: datetime) -> dict[str, object]:
    return {
        "key": one.key,
        "recipient": one.recipient,
        "subject": one.subject,
        "body": one.body,
        "state": Handed.WAITING,
        "made_at": at,
        "next_try": at,
        "tries": 0,
    }
