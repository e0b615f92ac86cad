"""Full text: the words of mails and notes, found by both engines with the same tokens.

SQLite keeps them in a contentless FTS5 table, PostgreSQL in a tsvector with a GIN index; both are filled with tokens of
`notes.search`, so that both find the same. An entry bears its message's number; that of a mail of which only headers
are kept bears the negative number, so that it can be told apart and taken back exactly.
Four fields: subject with file names, text, sender, recipients. Quotes are left out: the mail quoted is found instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select, text

from notes.model import Address, Attachment, Direction, Forwarded, Kind
from notes.store import schema
from notes.store.sql import chunks
from notes.store.values import at_offset

if TYPE_CHECKING:  # its patterns cost every page 20 ms, and pages do not search
    from notes.search import Query, Wanted

_MAIL = schema.message.c
_AT_ONCE = 2_000
_GAP = 20
"""Positions between two fields, so that no phrase reaches from one into the next."""

_LAST_POSITION = 16_000
"""PostgreSQL's positions end at 16,383."""

_FIELDS = {"from": ("sender", "C"), "to": ("recipients", "D")}

CREATE_SQLITE = """
    CREATE VIRTUAL TABLE message_search USING fts5(
        subject, text, sender, recipients, content='', tokenize='unicode61 remove_diacritics 0')
"""
CREATE_POSTGRESQL = (
    "CREATE TABLE message_search (entry BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_message_search_words ON message_search USING GIN (words)",
)

_Entry = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which mails to look: of a customer id, of a case key, from `after` up to `before` (aware), with files."""

    customer: str | None = None
    case: str | None = None
    before: datetime | None = None
    after: datetime | None = None
    attachment: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A message's number, and how well it fits: the greater the better."""

    id: int
    rank: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A mail or note that was found, with what a list shows of it. `case` None: `reason` says why it is unfiled."""

    id: int
    ref: str
    case: str | None
    reason: str
    kind: Kind
    direction: Direction
    sender: Address
    at: datetime
    subject: str
    new_text: str
    forwarded: tuple[Forwarded, ...]
    attachments: tuple[Attachment, ...]


def create(db: Connection) -> None:
    """Makes the empty index."""
    for statement in (CREATE_SQLITE,) if db.dialect.name == "sqlite" else CREATE_POSTGRESQL:
        db.execute(text(statement))


def index(db: Connection, ids: Iterable[int]) -> None:
    """Makes messages findable that are filed or unfiled by now; what is indexed as it is kept stays."""
    for chunk in chunks(sorted(set(ids))):
        rows = db.execute(select(*_COLUMNS).where(_MAIL.id.in_(chunk))).all()
        wanted = {(-row.id if row.stripped else row.id): row for row in rows}
        there = _entries(db, [sign * number for number in chunk for sign in (1, -1)])
        _remove(db, [(-entry, _headers(row)) for entry, row in wanted.items() if -entry in there and entry > 0])
        _put(db, [(entry, _words(row)) for entry, row in wanted.items() if entry not in there])


def forget(db: Connection, ids: Iterable[int]) -> int:
    """Takes messages out of the index, which must still be stored as they were indexed; says how many were in it.

    SQLite's file holds their words until `purge`.
    """
    count = 0
    for chunk in chunks(sorted(set(ids))):
        rows = db.execute(select(*_COLUMNS).where(_MAIL.id.in_(chunk))).all()
        entries = [(-row.id if row.stripped else row.id, row) for row in rows]
        there = _entries(db, [entry for entry, _ in entries])
        _remove(db, [(entry, _words(row)) for entry, row in entries if entry in there])
        count += len(there)
    return count


def purge(db: Connection) -> None:
    """Writes SQLite's index anew, without the words of messages that were taken out of it."""
    if db.dialect.name == "sqlite":
        db.execute(text("INSERT INTO message_search (message_search) VALUES ('optimize')"))


def catch_up(db: Connection) -> None:
    """Puts into the index what is in a case and not in it: a diary from before there was one."""
    last = 0
    while True:
        query = select(_MAIL.id).where(_MAIL.case_key.is_not(None), _MAIL.id > last).order_by(_MAIL.id).limit(_AT_ONCE)
        ids = list(db.scalars(query))
        if not ids:
            return
        index(db, ids)
        last = ids[-1]


def find(db: Connection, query: "Query", scope: Scope, limit: int) -> list[Found]:
    """The messages that hold all wanted words, best first; without words the newest first."""
    conditions, values = _conditions(scope)
    words = _match(query.wanted, db.dialect.name)
    if words:
        matching, rank = _MATCHING[db.dialect.name]
        conditions.append(matching)
        values |= {"words": words}
        source = "message_search JOIN message m ON m.id = abs({})".format(
            "message_search.rowid" if db.dialect.name == "sqlite" else "message_search.entry"
        )
    else:
        rank, source = "0.0", "message m"
    statement = (
        f"SELECT m.id AS id, {rank} AS rank, m.at AS at FROM {source} WHERE {' AND '.join(conditions) or '1=1'}"  # noqa: S608 - only parts of ours
        " ORDER BY 2 DESC, m.at DESC LIMIT :limit"
    )
    typed = text(statement).columns(id=_MAIL.id.type, at=_MAIL.at.type)
    bound = [bindparam(name, type_=_MAIL.at.type) for name in ("before", "after") if name in values]
    rows = db.execute(typed.bindparams(*bound), values | {"limit": limit})
    return [Found(row.id, float(row.rank), row.at) for row in rows]


def hits(db: Connection, ids: Iterable[int]) -> dict[int, Hit]:
    """What lists show of these messages, by number."""
    found: dict[int, Hit] = {}
    for chunk in chunks(ids):
        for row in db.execute(select(*_SHOWN).where(_MAIL.id.in_(chunk))):
            at = at_offset(row.at, row.offset)
            words = (row.subject, row.new_text, row.forwarded, row.attachments)
            found[row.id] = Hit(
                row.id, row.ref, row.case_key, row.reason, row.kind, row.direction, row.sender, at, *words
            )
    return found


def numbers(db: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The numbers that the pages of these cases give to their mails, by ref."""
    within = func.row_number().over(partition_by=_MAIL.case_key, order_by=(_MAIL.at, _MAIL.ref))
    found: dict[str, int] = {}
    for chunk in chunks(keys):
        query = select(_MAIL.ref, within).where(_MAIL.case_key.in_(chunk))
        found |= {ref: int(number) for ref, number in db.execute(query)}
    return found


def ids_of(db: Connection, refs: Iterable[str]) -> dict[str, int]:
    """The numbers of messages by ref."""
    found: dict[str, int] = {}
    for chunk in chunks(refs):
        query = select(_MAIL.ref, _MAIL.id).where(_MAIL.ref.in_(chunk))
        found |= {row.ref: row.id for row in db.execute(query)}
    return found


_COLUMNS = (
    _MAIL.id,
    _MAIL.subject,
    _MAIL.new_text,
    _MAIL.sender,
    _MAIL.to,
    _MAIL.cc,
    _MAIL.attachments,
    _MAIL.forwarded,
    _MAIL.stripped,
)

_SHOWN = (
    _MAIL.id,
    _MAIL.ref,
    _MAIL.case_key,
    _MAIL.reason,
    _MAIL.kind,
    _MAIL.direction,
    _MAIL.sender,
    _MAIL.at,
    _MAIL.offset,
    _MAIL.subject,
    _MAIL.new_text,
    _MAIL.forwarded,
    _MAIL.attachments,
)

_MATCHING = {
    "sqlite": ("message_search MATCH :words", "-bm25(message_search, 4.0, 1.0, 2.0, 1.0)"),
    "postgresql": (
        "words @@ CAST(:words AS tsquery)",
        "ts_rank_cd('{0.25, 0.5, 0.25, 1.0}', words, CAST(:words AS tsquery), 1)",
    ),
}


def _conditions(scope: Scope) -> tuple[list[str], dict[str, Any]]:
    values: dict[str, Any] = {}
    conditions = []
    if scope.case is not None:
        conditions.append("m.case_key = :case")
        values["case"] = scope.case
    if scope.customer is not None:
        conditions.append(
            "m.case_key IN (SELECT c.key FROM case_ c JOIN customer u ON u.id = c.customer_id"
            " WHERE coalesce(u.merged_into, u.id) = :customer)"
        )
        values["customer"] = scope.customer
    if scope.before is not None:
        conditions.append("m.at < :before")
        values["before"] = scope.before
    if scope.after is not None:
        conditions.append("m.at >= :after")
        values["after"] = scope.after
    if scope.attachment:
        conditions.append("m.attachments <> '[]'")
    return conditions, values


# --- entries -----------------------------------------------------------------------------------------------------


def _words(row: Any) -> _Entry:
    if row.stripped:
        return _headers(row)
    files = [one.name for one in row.attachments] + [one.name for inner in row.forwarded for one in inner.attachments]
    inside = [part for inner in row.forwarded for part in (inner.subject, inner.text, _people([inner.sender]))]
    return (
        "\n".join((row.subject, *files)),
        "\n".join((row.new_text, *inside)),
        _people([row.sender]),
        _people([*row.to, *row.cc]),
    )


def _headers(row: Any) -> _Entry:
    return row.subject, "", _people([row.sender]), ""


def _people(people: Sequence[Address]) -> str:
    return "\n".join(f"{who.name} {who.address}" for who in people)


def _entries(db: Connection, entries: Sequence[int]) -> set[int]:
    table, column = ("message_search_docsize", "id") if db.dialect.name == "sqlite" else ("message_search", "entry")
    statement = text(f"SELECT {column} FROM {table} WHERE {column} IN :entries")  # noqa: S608 - names of ours
    found: set[int] = set()
    for chunk in chunks(entries):
        found |= set(db.scalars(statement.bindparams(bindparam("entries", chunk, expanding=True))))
    return found


def _put(db: Connection, entries: Sequence[tuple[int, _Entry]]) -> None:
    if not entries:
        return
    if db.dialect.name == "sqlite":
        statement = text(
            "INSERT INTO message_search (rowid, subject, text, sender, recipients)"
            " VALUES (:entry, :subject, :text, :sender, :recipients)"
        )
        db.execute(statement, [_row(entry, words) for entry, words in entries])
    else:
        statement = text(
            "INSERT INTO message_search (entry, words) VALUES (:entry, CAST(:words AS tsvector)) ON CONFLICT DO NOTHING"
        )
        db.execute(statement, [{"entry": entry, "words": _vector(words)} for entry, words in entries])


def _remove(db: Connection, entries: Sequence[tuple[int, _Entry]]) -> None:
    """A contentless table forgets a row when it is told what was in it."""
    if not entries:
        return
    if db.dialect.name == "sqlite":
        statement = text(
            "INSERT INTO message_search (message_search, rowid, subject, text, sender, recipients)"
            " VALUES ('delete', :entry, :subject, :text, :sender, :recipients)"
        )
        db.execute(statement, [_row(entry, words) for entry, words in entries])
    else:
        db.execute(text("DELETE FROM message_search WHERE entry = :entry"), [{"entry": entry} for entry, _ in entries])


def _row(entry: int, words: _Entry) -> dict[str, Any]:
    from notes.search import tokens

    subject, body, sender, recipients = (" ".join(tokens(part)) for part in words)
    return {"entry": entry, "subject": subject, "text": body, "sender": sender, "recipients": recipients}


def _vector(words: _Entry) -> str:
    """A tsvector as PostgreSQL reads it: `'請求':1A '求書':2A`."""
    from notes.search import tokens

    parts: list[str] = []
    position = 0
    for weight, part in zip("ABCD", words, strict=True):
        for token in tokens(part):
            position = min(position + 1, _LAST_POSITION)
            parts.append(f"'{token}':{position}{weight}")
        position += _GAP
    return " ".join(parts)


# --- queries -----------------------------------------------------------------------------------------------------


def _match(wanted: "Sequence[Wanted]", dialect: str) -> str:
    """The words as the engine's own query; empty when there are none to look for."""
    phrase = _phrase_sqlite if dialect == "sqlite" else _phrase_postgresql
    found = [phrase(one) for one in wanted if not one.unwanted]
    without = [phrase(one) for one in wanted if one.unwanted]
    if not found:
        return ""
    if dialect == "sqlite":
        return " NOT ".join([f"({' AND '.join(found)})", *without])
    return " & ".join([*found, *(f"!({one})" for one in without)])


def _phrase_sqlite(one: "Wanted") -> str:
    field = f"{_FIELDS[one.field][0]} : " if one.field else ""
    return f'{field}"{" ".join(one.tokens)}"{" *" if one.begins else ""}'


def _phrase_postgresql(one: "Wanted") -> str:
    weight = _FIELDS[one.field][1] if one.field else ""
    flags = [f"{'*' if one.begins and last else ''}{weight}" for last in (*[False] * (len(one.tokens) - 1), True)]
    parts = [f"'{token}'{':' if flag else ''}{flag}" for token, flag in zip(one.tokens, flags, strict=True)]
    return f"({' <-> '.join(parts)})"
