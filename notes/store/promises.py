"""Promises, found through the standings of their cases."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from notes.corrected import CONFIRM, REJECT
from notes.errors import NotFoundError
from notes.model import Correction, Promise
from notes.store import cases, corrections, schema

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


def refused(db: Connection, until: datetime | None = None) -> list[Correction]:
    """The decisions in force (`until`: at that moment) that a sentence is no promise; the value tells its words and
    whose they are: `quote`, `by`.
    """
    made = {one.target: one for one in corrections.of_kinds(db, (REJECT, CONFIRM), until)}
    return [
        replace(one, value={**one.value, "quote": promise.quote, "by": promise.by.value})
        for one in made.values()
        if one.kind == REJECT
        for key in sorted(cases_of(db, one.target))[:1]
        for promise in cases.standing(db, key).promises
        if promise.id == one.target
    ]


def all(  # noqa: A001 - read with its module's name: promises.all
    db: Connection, *, customer: str | None = None, owner: str | None = None
) -> list[tuple[Promise, str]]:
    """Every promise with its case's key, by case; of a customer id, and of an owner or stand-in when given."""
    return [
        (promise, held.case.key)
        for held in cases.held(db, customer=customer, owner=owner)
        for promise in held.standing.promises
    ]
