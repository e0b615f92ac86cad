"""Cases: opened, merged, and kept with their standing. They are found again by their traits (`notes.store.traits`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, reduce
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Row, bindparam, delete, func, literal, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from notes.errors import NotFoundError
from notes.model import Ball, By, Case, Customer, Held, Holder, Standing
from notes.profiles import Profile
from notes.store import customers, homes, postings, schema, threads, traits
from notes.store.sql import chunks, insert_or_nothing

_CASE = schema.case.c
_NOTHING = Standing((), (), Ball(Holder.NOBODY, None, None, ""), None, None)


@dataclass(frozen=True, slots=True)
class Stand:
    """What follows from a case's mails: its standing, owner, first and last moment, and how many they are.

    `title` and `closed_at` are what people say of it; without a title the rules' own one counts.
    """

    key: str
    standing: Standing
    owner: str | None
    opened_at: datetime
    last_at: datetime
    messages: int
    title: str | None = None
    closed_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Whether somebody must act, or we owe something."""
        owed = any(one.by is By.US and one.is_open for one in self.standing.promises)
        return owed or self.standing.ball.holder is not Holder.NOBODY


def open_case(db: Connection, customer: Customer, title: str, at: datetime, member: str | None = None) -> str:
    """Opens a case and returns its key: the customer's id and the next number. The customer must be stored.

    `member`: the id of a customer merged into it whose mail opens the case, and whose it is again if that is undone.
    """
    key = f"{customer.id}-{db.execute(_next_number(), {'customer': customer.id}).scalar_one()}"
    row = {
        "key": key,
        "customer_id": member or customer.id,
        "title": title,
        "ruled_title": title,
        "opened_at": at,
        "last_at": at,
        "messages": 0,
        "stale": False,
        "active": False,
    }
    db.execute(_insertion(), row)
    return key


@cache
def _next_number() -> ReturningUpdate[int]:
    columns = schema.customer.c
    count = update(schema.customer).where(columns.id == bindparam("customer")).values(cases=columns.cases + 1)
    return count.returning(columns.cases)


@cache
def _insertion() -> Insert:
    return schema.case.insert()


def living(db: Connection, key: str) -> str:
    """A case's key, or that of the one that took it over. Raises NotFoundError."""
    if db.execute(select(_CASE.key).where(_CASE.key == key)).first() is None:
        raise NotFoundError("case-not-found", words=key, candidates="")
    return homes.living(db, [key])[key]


def get(db: Connection, key: str) -> Case:
    """A case by its key, or the one that took it over. Raises NotFoundError."""
    return _held(db, _CASE.key == living(db, key))[0].case


def customers_of(db: Connection, keys: Iterable[str]) -> dict[str, Customer]:
    """The customer of each of these cases, by case key."""
    of = customers.of_cases(db, keys)
    known = customers.by_id(db, set(of.values()))
    return {key: known[id_] for key, id_ in of.items() if id_ in known}


def customer_of(db: Connection, key: str) -> Customer:
    """The customer of a case, or of the one that took it over. Raises NotFoundError."""
    stays = living(db, key)
    owner = str(db.execute(select(_CASE.customer_id).where(_CASE.key == stays)).scalar_one())
    return customers.by_id(db, [owner])[owner]


def member_of(db: Connection, key: str) -> str:
    """The id of the customer that a case was opened for, also if that one was merged into another since."""
    return str(db.execute(select(_CASE.customer_id).where(_CASE.key == living(db, key))).scalar_one())


def standing(db: Connection, key: str) -> Standing:
    """What follows from a case's mails, as stored. Raises NotFoundError."""
    return _held(db, _CASE.key == living(db, key))[0].standing


def held(db: Connection, *, customer: str | None = None, owner: str | None = None, active: bool = False) -> list[Held]:
    """Cases with their stored standings, by key; of a customer id, and of an owner when given.

    `active`: only those in which somebody must act or we owe something, by their standing.
    """
    condition: ColumnElement[bool] = _CASE.merged_into.is_(None)
    if customer is not None:
        condition &= _of(customer)
    if owner is not None:
        condition &= _CASE.owner == owner
    if active:
        condition &= _CASE.active.is_(True) & _CASE.closed_at.is_(None)
    return _held(db, condition)


def shown_of(db: Connection, customer: str) -> list[str]:
    """The keys of a customer's cases, those merged into it included, without keys that are names for others."""
    return list(db.scalars(select(_CASE.key).where(_CASE.merged_into.is_(None), _of(customer)).order_by(_CASE.key)))


def of_keys(db: Connection, keys: Iterable[str]) -> list[Held]:
    """These cases with their stored standings, by key; those that others took over are left out."""
    return [one for chunk in chunks(keys) for one in _held(db, _CASE.key.in_(chunk) & _CASE.merged_into.is_(None))]


def names(db: Connection) -> list[tuple[str, str, str]]:
    """Key, title and customer's name of every case, to find one by words."""
    query = select(_CASE.key, _CASE.title, _CASE.customer_id).where(_CASE.merged_into.is_(None)).order_by(_CASE.key)
    rows = db.execute(query).all()
    called = customers.names(db)
    return [(row.key, row.title, called[row.customer_id]) for row in rows]


def ruled_titles(db: Connection, keys: Iterable[str]) -> dict[str, str]:
    """What the rules call these cases, whatever people call them."""
    found: dict[str, str] = {}
    for chunk in chunks(keys):
        query = select(_CASE.key, _CASE.ruled_title).where(_CASE.key.in_(chunk))
        found |= {row.key: row.ruled_title for row in db.execute(query)}
    return found


def touch(db: Connection, at: Mapping[str, datetime]) -> None:
    """Says how new the newest mails of cases are, by key, before their standings are worked out."""
    if at:
        later = (_CASE.key == bindparam("row")) & (_CASE.last_at < bindparam("new"))
        rows = [{"row": key, "new": moment} for key, moment in at.items()]
        db.execute(update(schema.case).where(later).values(last_at=bindparam("new")), rows)


def put_standings(db: Connection, stands: Sequence[Stand]) -> None:
    """Stores what follows from cases' mails, for the lists; and which promises are found in which case."""
    if not stands:
        return
    columns = ("standing", "owner", "opened_at", "last_at", "messages", "closed_at", "title", "active")
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    values["title"] = func.coalesce(bindparam("new_title", type_=_CASE.title.type), _CASE.ruled_title)
    statement = update(schema.case).where(_CASE.key == bindparam("row")).values(values)
    db.execute(
        statement, [{"row": one.key} | {f"new_{name}": getattr(one, name) for name in columns} for one in stands]
    )
    for chunk in chunks(one.key for one in stands):
        db.execute(delete(schema.promise).where(schema.promise.c.case_key.in_(chunk)))
    rows = [{"id": promise.id, "case_key": one.key} for one in stands for promise in one.standing.promises]
    for chunk in chunks(row["id"] for row in rows):  # its mail may have come from another case
        db.execute(delete(schema.promise).where(schema.promise.c.id.in_(chunk)))
    if rows:
        db.execute(insert_or_nothing(db, schema.promise), rows)


def outdate(db: Connection, keys: Iterable[str]) -> None:
    """Says that mails came to these cases since their standing was worked out, or went; names for others have none."""
    for chunk in chunks(keys):
        alive = _CASE.key.in_(chunk) & _CASE.merged_into.is_(None)
        db.execute(update(schema.case).where(alive).values(stale=True))


def up_to_date(db: Connection, keys: Iterable[str]) -> None:
    """Says that the standings of these cases are those of all their mails."""
    for chunk in chunks(keys):
        db.execute(update(schema.case).where(_CASE.key.in_(chunk), _CASE.stale).values(stale=False))


def outdated(db: Connection, limit: int | None = None) -> list[str]:
    """The keys of cases whose standing is to be worked out again; with `limit` some of them."""
    # In no order, and "more than false": SQLite finds the few by their index also where statistics tell it that one
    # of two values is half of all, and would read every case otherwise.
    alive = (_CASE.stale > literal(False)) & _CASE.merged_into.is_(None)
    return sorted(db.scalars(select(_CASE.key).where(alive).limit(limit)))


def _of(customer: str) -> ColumnElement[bool]:
    """Whose case it is, those merged into a customer included."""
    return _CASE.customer_id.in_(customers.members(customer))


def merge(db: Connection, into: str, others: Iterable[str]) -> None:
    """Moves all mails, threads and traits of other cases into one, for good; their keys stay names for it."""
    others = list(others)
    found = traits.candidates(db, [into, *others])
    traits.put_profiles(db, {into: reduce(Profile.plus, (one.traits for one in found.values()), Profile())})
    for key in others:
        homes.move(db, key, into)
        threads.move(db, key, into)
        traits.forget(db, [key])  # first, for not to be one too many meanwhile
        postings.add(db, {into: found[key].traits} if key in found else {})
        take_over(db, key, into)
        db.execute(update(schema.case).where(_CASE.merged_into == key).values(merged_into=into))


def take_over(db: Connection, key: str, into: str) -> None:
    """Makes a key a name for another case; it loses nothing but what follows from its mails."""
    db.execute(delete(schema.promise).where(schema.promise.c.case_key == key))
    values = {"merged_into": into, "standing": None, "messages": 0}
    db.execute(update(schema.case).where(_CASE.key == key).values(values))


def drop(db: Connection, keys: Iterable[str]) -> None:
    """Takes cases without mails away of which nothing speaks, neither a thread nor another key."""
    for chunk in chunks(keys):
        spoken_of = select(schema.thread.c.case_key).where(schema.thread.c.case_key.in_(chunk))
        named = select(_CASE.merged_into).where(_CASE.merged_into.in_(chunk))
        spoken = set(db.scalars(spoken_of.union(named)))
        gone = [key for key in chunk if key not in spoken]
        traits.forget_for_good(db, gone)
        db.execute(delete(schema.promise).where(schema.promise.c.case_key.in_(gone)))
        db.execute(delete(schema.case).where(_CASE.key.in_(gone)))


def wake(db: Connection, key: str) -> None:
    """Makes a case of its own again of a key that another case took over."""
    db.execute(update(schema.case).where(_CASE.key == key).values(merged_into=None))


def keep_traits(db: Connection, key: str) -> None:
    """Lets a case be found and weighed by its traits, though another takes it over."""
    traits.put_profiles(db, {case: each.traits for case, each in traits.candidates(db, [key]).items()})


def names_of(db: Connection, key: str) -> list[str]:
    """The keys that are names for a case, itself first."""
    return [key, *sorted(homes.below(db, [key]) - {key})]


def _held(db: Connection, condition: Any) -> list[Held]:
    """Sorted here: asked for in order, SQLite walks through all cases by key rather than the index of the condition."""
    rows = sorted(db.execute(select(schema.case).where(condition)), key=attrgetter("key"))
    known = customers.by_id(db, {row.customer_id for row in rows})
    return [Held(_value(row, known[row.customer_id]), row.standing or _NOTHING) for row in rows]


def _value(row: Row[Any], customer: Customer) -> Case:
    return Case(
        key=row.key,
        title=row.title,
        customer=customer,
        owner=row.owner,
        standin=row.standin,
        opened_at=row.opened_at,
        last_at=row.last_at,
        messages=row.messages,
        closed_at=row.closed_at,
    )
