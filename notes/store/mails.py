"""Mails and notes: put in once, filed, and read back as `Filed`."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, literal_column, select, update

from notes.errors import NotFoundError
from notes.model import (
    Address,
    Direction,
    Filed,
    Findings,
    Joined,
    Kind,
    Message,
    Place,
    RawMail,
    Via,
)
from notes.store import homes, schema, search
from notes.store.places import put as put_places
from notes.store.sql import chunks, insert_or_nothing
from notes.store.unfiled import GONE, STRIPPED, content_of
from notes.store.values import at_offset, keyable, offset_of, unpacked

_MAIL = schema.message.c
_COMPRESSION = 6
_VIAS = tuple(Via)
_LATEST_SENT = 2_000
_CANDIDATES = 10
_SAME_MINUTE = timedelta(seconds=59)
_NOTHING_FOUND = Findings()
_NOT_PACKED: Mapping[Place, bytes] = {}

_FOUND = ("thread_id", "case_key", "home_key", "kind", "direction", "findings")
_RULED = ("ruled_key", "joined", "reason")

Identity = tuple[str, str]
"""Message-ID (empty where there is none) and digest."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail's row. `ref` differs from the message's own when its Message-ID was already taken by other content.

    `restored`: it was known by its headers, and is whole again now; `case` is where it is filed already.
    """

    id: int
    ref: str
    new: bool
    restored: bool = False
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a stored mail belongs: `case` is its home. None: `reason` says why it is unfiled.

    `by_hand`: a person put it there; what the rules said before stays.
    """

    id: int
    thread: int | None
    case: str | None
    kind: Kind
    direction: Direction
    findings: Findings
    joined: Joined
    reason: str = ""
    by_hand: bool = False


def add(
    db: Connection, readings: Sequence[tuple[Message, RawMail]], packed: Mapping[Place, bytes] = _NOT_PACKED
) -> list[Stored]:
    """Stores mails with their bytes and places, each content once; one answer a reading, in order.

    `packed`: what `compressed` made of some mails' bytes, where that was done already.
    """
    wanted: dict[Identity, tuple[Message, RawMail]] = {}
    for message, mail in readings:
        wanted.setdefault(_identity(message), (message, mail))
    rows = _insert(db, wanted)
    rows |= _stored(db, wanted.keys() - rows.keys())
    rows |= _insert(db, {name: (_renamed(wanted[name][0]), wanted[name][1]) for name in wanted.keys() - rows.keys()})
    _restore(db, {rows[name].id: message for name, (message, _) in wanted.items() if rows[name].restored})
    whole = {rows[name].id: mail for name, (_, mail) in wanted.items() if rows[name].new or rows[name].restored}
    _put_bytes(db, whole, packed)
    answers, seen = [], set[Identity]()
    for message, _ in readings:
        name = _identity(message)
        stored, first = rows[name], name not in seen
        answers.append(replace(stored, new=stored.new and first, restored=stored.restored and first))
        seen.add(name)
    put_places(db, [(mail, stored.id) for (_, mail), stored in zip(readings, answers, strict=True)])
    return answers


def file(db: Connection, filings: Sequence[Filing]) -> None:
    """Puts stored mails where they belong."""
    shown = homes.living(db, {filing.case for filing in filings if filing.case})
    for by_hand, names in ((False, (*_FOUND, *_RULED)), (True, _FOUND)):
        rows = [_filing_row(filing, shown) for filing in filings if filing.by_hand is by_hand]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(schema.message).where(_MAIL.id == bindparam("row")).values(values)
        if rows:
            db.execute(statement, rows)
    search.index(db, [filing.id for filing in filings if filing.case])


def complete(db: Connection, number: int, kind: Kind, direction: Direction, findings: Findings) -> None:
    """What a mail is and says that came back whole into its case."""
    values = {"kind": kind, "direction": direction, "findings": findings}
    db.execute(update(schema.message).where(_MAIL.id == number).values(values))
    search.index(db, [number])


def of_cases(db: Connection, keys: Iterable[str], *, findings: bool = True) -> dict[str, list[Filed]]:
    """The mails and notes of each case, oldest first; without `findings` all but what was found in them."""
    cases: dict[str, list[Filed]] = {key: [] for key in keys}
    for chunk in chunks(cases):
        of_chunk = _MAIL.case_key.in_(chunk)
        for row, filed in _filed(db, of_chunk, _ALL if findings else _WITHOUT_FINDINGS):
            cases[row.case_key].append(filed)
    return cases


def get(db: Connection, ref: str) -> tuple[Filed, str | None, str]:
    """A mail by its exact ref, the key of its case, and why it is in none. Raises NotFoundError."""
    for row, filed in _filed(db, _MAIL.ref == ref):
        return filed, row.case_key, row.reason
    raise NotFoundError("message-not-found", words=ref, candidates="")


def holds(db: Connection, sender: Address, at: datetime | None) -> bool:
    """Whether a mail of that writer and minute is stored: the original of a forward, which prints no Message-ID."""
    if at is None:
        return False
    near = _MAIL.at.between(at - _SAME_MINUTE, at + _SAME_MINUTE)
    senders = db.scalars(select(_MAIL.sender).where(near))
    return any(sender.address == one.address or (not sender.address and sender.name == one.name) for one in senders)


def sent_by(db: Connection, addresses: Iterable[str], limit: int) -> list[str]:
    """The refs of the latest mails that these addresses sent to customers, newest first; of some thousand, no more."""
    query = select(_MAIL.ref, _MAIL.sender).where(_MAIL.direction == Direction.OUT, _MAIL.kind == Kind.MAIL)
    own = set(addresses)
    latest = db.execute(query.order_by(_MAIL.at.desc()).limit(_LATEST_SENT))
    return [ref for ref, sender in latest if sender.address in own][:limit]


def cases_of(db: Connection, refs: Iterable[str]) -> dict[str, str]:
    """The case key of each of these mails that is stored and filed."""
    by_key = {keyable(ref): ref for ref in refs}
    found: dict[str, str] = {}
    for chunk in chunks(by_key):
        query = select(_MAIL.ref, _MAIL.case_key).where(_MAIL.ref.in_(chunk), _MAIL.case_key.is_not(None))
        found |= {by_key[ref]: str(key) for ref, key in db.execute(query)}
    return found


def begun(db: Connection, threads: Iterable[int]) -> dict[int, datetime]:
    """When each thread's oldest mail was written."""
    found: dict[int, datetime] = {}
    for chunk in chunks(threads):
        query = select(_MAIL.thread_id, func.min(_MAIL.at)).where(_MAIL.thread_id.in_(chunk)).group_by(_MAIL.thread_id)
        found |= {number: at for number, at in db.execute(query) if number is not None}
    return found


def raw(db: Connection, ref: str) -> bytes | None:
    """A mail's bytes as the server gave them; None for a note or an unknown ref."""
    query = select(schema.raw.c.data).join(schema.message, _MAIL.id == schema.raw.c.message_id).where(_MAIL.ref == ref)
    data = db.execute(query).scalar()
    return None if data is None else unpacked(data)


def find(db: Connection, words: str) -> str:
    """The ref that `words` mean: itself, with or without `<>`, or the only one beginning so. Raises NotFoundError."""
    wanted = keyable(words.strip().removeprefix("<").removesuffix(">"))
    if not wanted or db.execute(select(_MAIL.id).where(_MAIL.ref == wanted)).first():
        refs = [wanted] if wanted else []
    else:
        begins = func.substr(_MAIL.ref, 1, len(wanted)) == wanted
        refs = list(db.scalars(select(_MAIL.ref).where(begins).order_by(_MAIL.ref).limit(_CANDIDATES)))
    if len(refs) != 1:
        code = "message-ambiguous" if refs else "message-not-found"
        raise NotFoundError(code, words=words, candidates=", ".join(refs))
    return refs[0]


def add_note(
    db: Connection,
    *,
    case: str,
    kind: Kind,
    sender: Address,
    at: datetime,
    text: str,
    subject: str = "",
    findings: Findings = _NOTHING_FOUND,
) -> str:
    """Writes a note into a case and returns its ref (`note-<number>`); the same note of the same moment only once."""
    digest = hashlib.sha256("\0".join((case, kind, sender.address, at.isoformat(), text)).encode()).hexdigest()
    note = Message(f"note-{digest[:16]}", None, (), (), sender, (), (), (), at, False, subject, kind, text, digest)
    row = _row(note) | {
        "new_text": text,
        "case_key": case,
        "ruled_key": case,
        "home_key": case,
        "findings": findings,
        "joined": Joined("person", 1.0),
    }
    number = db.execute(insert_or_nothing(db, schema.message).values(row).returning(_MAIL.id)).scalar()
    if number is not None:
        db.execute(update(schema.message).where(_MAIL.id == number).values(ref=f"note-{number}"))
        search.index(db, [number])
    return str(db.execute(select(_MAIL.ref).where(_MAIL.message_id == "", _MAIL.digest == digest)).scalar_one())


def drop_note(db: Connection, ref: str) -> None:
    """Takes a note out of the diary, and its words out of the search. Mails stay where they are."""
    query = select(_MAIL.id).where(_MAIL.ref == ref, _MAIL.message_id == "")
    ids = [number for number in db.scalars(query) if raw(db, ref) is None]
    if search.forget(db, ids):
        search.purge(db)
    db.execute(delete(schema.message).where(_MAIL.id.in_(ids)))


def _identity(message: Message) -> Identity:
    return keyable(message.message_id or ""), message.digest


def _renamed(message: Message) -> Message:
    """The message under a ref of its own: its Message-ID is taken by other content."""
    ref = f"{keyable(message.ref)}~{message.digest[:8]}"
    return replace(message, ref=ref, defects=(*message.defects, "message-id-reused"))


def _insert(db: Connection, wanted: Mapping[Identity, tuple[Message, RawMail]]) -> dict[Identity, Stored]:
    """Inserts what neither its identity nor its ref forbids."""
    if not wanted:
        return {}
    statement = insert_or_nothing(db, schema.message).returning(_MAIL.id, _MAIL.ref, _MAIL.message_id, _MAIL.digest)
    rows = db.execute(statement, [_row(message) for message, _ in wanted.values()]).all()
    return {(row.message_id, row.digest): Stored(row.id, row.ref, True) for row in rows}


def _put_bytes(db: Connection, mails: Mapping[int, RawMail], packed: Mapping[Place, bytes]) -> None:
    rows = [
        {"message_id": number, "data": packed.get(mail.place) or compressed(mail.raw)} for number, mail in mails.items()
    ]
    if rows:
        db.execute(schema.raw.insert(), rows)


def compressed(raw: bytes) -> bytes:
    """A mail's bytes as they are stored."""
    return zlib.compress(raw, _COMPRESSION)


def _restore(db: Connection, messages: Mapping[int, Message]) -> None:
    """Makes mails whole again of which only the headers were kept; where they are filed stays."""
    for number, message in messages.items():
        values = {name: value for name, value in _row(message).items() if name in STRIPPED}
        defects = db.execute(select(_MAIL.defects).where(_MAIL.id == number)).scalar_one()
        values["defects"] = tuple(code for code in defects if code != GONE)
        db.execute(update(schema.message).where(_MAIL.id == number).values(values))


def _stored(db: Connection, names: Iterable[Identity]) -> dict[Identity, Stored]:
    """The rows of contents that are already there."""
    wanted = set(names)
    found: dict[Identity, Stored] = {}
    for chunk in chunks(sorted({digest for _, digest in wanted})):
        columns = (_MAIL.id, _MAIL.ref, _MAIL.message_id, _MAIL.digest, _MAIL.stripped, _MAIL.case_key)
        for row in db.execute(select(*columns).where(_MAIL.digest.in_(chunk))):
            found[(row.message_id, row.digest)] = Stored(row.id, row.ref, False, row.stripped, row.case_key)
    return {name: stored for name, stored in found.items() if name in wanted}


def _row(message: Message) -> dict[str, Any]:
    return {
        "ref": message.ref,
        "message_id": message.message_id or "",
        "digest": message.digest,
        "kind": message.kind,
        "sender": message.sender,
        "to": message.to,
        "cc": message.cc,
        "at": message.date,
        "offset": offset_of(message.date),
        "date_doubtful": message.date_doubtful,
        "subject": message.subject,
        "new_text": message.new_text,
        "hidden_lines": message.hidden_lines,
        "references": tuple(dict.fromkeys((*message.references, *message.in_reply_to))),
        "forwarded": message.forwarded,
        "attachments": message.attachments,
        "contact": message.contact,
        "bulk": message.bulk,
        "bounced": message.bounced,
        "defects": message.defects,
        "direction": Direction.INTERNAL,
        "findings": _NOTHING_FOUND,
        "ruled_key": None,
        "home_key": None,
        "joined": Joined("", 0.0),
        "reason": "",
        "stripped": False,
        "wanted": False,
    }


def _filing_row(filing: Filing, shown: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": filing.id,
        "new_thread_id": filing.thread,
        "new_case_key": shown.get(filing.case or ""),
        "new_home_key": filing.case,
        "new_ruled_key": filing.case,
        "new_kind": filing.kind,
        "new_direction": filing.direction,
        "new_findings": filing.findings,
        "new_joined": filing.joined,
        "new_reason": filing.reason,
    }


_FOUND_IN_IT = {"references": "'[]'", "attachments": "'[]'", "findings": "'{}'"}
"""Columns that are dear to read, and what they hold of a mail in which there is none of it."""

_ALL: tuple[ColumnElement[Any], ...] = tuple(_MAIL)
_WITHOUT_FINDINGS = tuple(
    literal_column(_FOUND_IN_IT[one.name], type_=one.type).label(one.name) if one.name in _FOUND_IN_IT else one
    for one in _ALL
)


def _filed(
    db: Connection, condition: Any, columns: Sequence[ColumnElement[Any]] = _ALL
) -> list[tuple[Row[Any], Filed]]:
    """Rows under a condition as values, oldest first, with the mailboxes they lie in."""
    rows = db.execute(select(*columns).where(condition).order_by(_MAIL.at, _MAIL.id)).all()
    place = schema.place.c
    lies = select(place.message_id, place.mailbox, place.via).where(
        place.message_id.in_(select(_MAIL.id).where(condition))
    )
    mailboxes: dict[int, set[str]] = {}
    vias: dict[int, set[Via]] = {}
    for number, mailbox, via in db.execute(lies):
        mailboxes.setdefault(number, set()).add(mailbox)
        vias.setdefault(number, set()).add(via)
    return [(row, _value(row, mailboxes.get(row.id, set()), vias.get(row.id, set()))) for row in rows]


def _value(row: Row[Any], mailboxes: set[str], vias: set[Via]) -> Filed:
    """A row as a value. Of several ways in, the most telling one counts: inbox, sent, log, import."""
    return Filed(
        ref=row.ref,
        kind=row.kind,
        direction=row.direction,
        via=min(vias, key=_VIAS.index, default=Via.LOG),
        mailboxes=tuple(sorted(mailboxes)),
        sender=row.sender,
        to=row.to,
        cc=row.cc,
        at=at_offset(row.at, row.offset),
        date_doubtful=row.date_doubtful,
        subject=row.subject,
        new_text=row.new_text,
        hidden_lines=row.hidden_lines,
        references=row.references,
        forwarded=row.forwarded,
        attachments=row.attachments,
        contact=row.contact,
        bounced=row.bounced,
        findings=row.findings,
        joined=row.joined,
        defects=row.defects,
        content=content_of(row.stripped, row.wanted, row.defects),
    )
