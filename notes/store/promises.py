"""Promises, found through the standings of their cases."""

from sqlalchemy import Connection, func, select

from notes.errors import NotFoundError
from notes.model import Promise
from notes.store import cases, schema

_PROMISE = schema.promise.c
_CANDIDATES = 10


def find(db: Connection, words: str) -> tuple[Promise, str]:
    """The promise whose id begins so, and its case's key. Raises NotFoundError."""
    begins = func.substr(_PROMISE.id, 1, len(words)) == words.strip().casefold()
    query = select(_PROMISE.id, _PROMISE.case_key).where(begins).order_by(_PROMISE.id).limit(_CANDIDATES)
    rows = db.execute(query).all() if words.strip() else []
    if len(rows) != 1:
        code = "promise-ambiguous" if rows else "promise-not-found"
        raise NotFoundError(code, words=words, candidates=", ".join(row.id for row in rows))
    key = rows[0].case_key
    standing = cases.standing(db, key)
    return next(promise for promise in standing.promises if promise.id == rows[0].id), key


def cases_of(db: Connection, id_: str) -> set[str]:
    """The keys of the cases that hold a promise."""
    return set(db.scalars(select(_PROMISE.case_key).where(_PROMISE.id == id_)))


def all(  # noqa: A001 - read with its module's name: promises.all
    db: Connection, *, customer: str | None = None, owner: str | None = None
) -> list[tuple[Promise, str]]:
    """Every promise with its case's key, by case; of a customer id, and of an owner or stand-in when given."""
    return [
        (promise, held.case.key)
        for held in cases.held(db, customer=customer, owner=owner)
        for promise in held.standing.promises
    ]
