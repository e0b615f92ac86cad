"""Threads: which Message-IDs are tied together, and the case that a thread opened or joined."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, select, update

from notes.store import schema
from notes.store.sql import chunks, insert_or_nothing
from notes.store.values import keyable

_LINK = schema.thread_link.c
_THREAD = schema.thread.c


def by_reference(db: Connection, ids: Iterable[str]) -> dict[str, int]:
    """The thread of each of these ids that has been seen or named before."""
    by_key: dict[str, list[str]] = {}
    for name in ids:
        by_key.setdefault(keyable(name), []).append(name)
    found: dict[str, int] = {}
    for chunk in chunks(by_key):
        for key, thread in db.execute(select(_LINK.ref, _LINK.thread_id).where(_LINK.ref.in_(chunk))):
            found |= dict.fromkeys(by_key[key], thread)
    return found


def create(db: Connection) -> int:
    """A new thread's number, greater than that of every other thread there is."""
    return create_some(db, 1)[0]


def create_some(db: Connection, count: int) -> list[int]:
    """Numbers of new threads, greater than those of all others, the smallest first."""
    statement = schema.thread.insert().returning(_THREAD.id)
    return sorted(db.scalars(statement, [{"case_key": None}] * count))


def drop(db: Connection, numbers: Iterable[int]) -> None:
    """Takes threads away to which nothing was tied."""
    for chunk in chunks(numbers):
        db.execute(delete(schema.thread).where(_THREAD.id.in_(chunk)))


def link(db: Connection, links: Mapping[str, int]) -> None:
    """Ties ids to threads; an id that is tied already stays."""
    if links:
        rows = [{"ref": ref, "thread_id": thread} for ref, thread in links.items()]
        db.execute(insert_or_nothing(db, schema.thread_link), rows)


def merge(db: Connection, into: int, others: Iterable[int]) -> None:
    """Makes several threads one; the case of `into` stays, or the first case of the others becomes its."""
    for chunk in chunks(others):
        db.execute(update(schema.thread_link).where(_LINK.thread_id.in_(chunk)).values(thread_id=into))
        mail = schema.message.c
        db.execute(update(schema.message).where(mail.thread_id.in_(chunk)).values(thread_id=into))
        found = case_of(db, [into, *chunk])
        if into not in found and found:
            put_in_case(db, {into: found[min(found)]})
        db.execute(delete(schema.thread).where(_THREAD.id.in_(chunk)))


def case_of(db: Connection, threads: Iterable[int]) -> dict[int, str]:
    """The key of each thread's case, where it has one."""
    found: dict[int, str] = {}
    for chunk in chunks(threads):
        query = select(_THREAD.id, _THREAD.case_key).where(_THREAD.id.in_(chunk), _THREAD.case_key.is_not(None))
        found |= {number: str(key) for number, key in db.execute(query)}
    return found


def put_in_case(db: Connection, cases: Mapping[int, str]) -> None:
    """Says by thread which case its mails go to when nothing nearer decides."""
    if cases:
        statement = update(schema.thread).where(_THREAD.id == bindparam("row")).values(case_key=bindparam("case"))
        db.execute(statement, [{"row": thread, "case": key} for thread, key in cases.items()])


def out_of_cases(db: Connection, keys: Iterable[str]) -> None:
    """Takes the threads of these cases out of them."""
    for chunk in chunks(keys):
        db.execute(update(schema.thread).where(_THREAD.case_key.in_(chunk)).values(case_key=None))


def move(db: Connection, case: str, into: str) -> None:
    """Gives every thread of one case to another."""
    db.execute(update(schema.thread).where(_THREAD.case_key == case).values(case_key=into))
