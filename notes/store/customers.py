"""Customers and what they are known by."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, update

from notes.model import Customer
from notes.store import schema
from notes.store.sql import among, chunks, insert_or_nothing

if TYPE_CHECKING:
    from notes.customers import Keys, Name

_KEY = schema.customer_key.c
_CUSTOMER = schema.customer.c
_MOST_BEARERS = 8

Row = tuple[str, str]
"""Kind and value of a key."""

OWNED = frozenset({"address", "domain"})
"""Kinds of keys that only one customer has: who had it first."""


def bearers(db: Connection, keys: Keys) -> dict[Row, tuple[str, ...]]:
    """The ids of the customers known under each of these keys; of a name that more than eight bear, none.

    Keys that nobody has are left out.
    """
    found: dict[Row, tuple[str, ...]] = {}
    for chunk in chunks(rows(keys)):
        asked = among(_KEY.kind, _KEY.value, chunk)
        counts = select(_KEY.kind, _KEY.value, func.count()).where(asked).group_by(_KEY.kind, _KEY.value)
        borne = {(kind, value): number for kind, value, number in db.execute(counts)}
        found |= dict.fromkeys(borne, ())
        few = [row for row, number in borne.items() if number <= _MOST_BEARERS]
        if not few:
            continue
        told = among(_KEY.kind, _KEY.value, few)
        query = select(_KEY.kind, _KEY.value, _KEY.customer_id).where(told).order_by(_KEY.customer_id)
        for kind, value, customer in db.execute(query):
            found[kind, value] = (*found[kind, value], customer)
    return found


def ensure(db: Connection, customer: Customer) -> Customer:
    """The customer of this id, made when new; its domains and addresses are added where nobody has them."""
    row = {"id": customer.id, "name": customer.name, "cases": 0}
    db.execute(insert_or_nothing(db, schema.customer).values(row))
    owned = (("address", customer.addresses), ("domain", customer.domains))
    _learn(db, customer.id, [(kind, value) for kind, values in owned for value in values])
    return by_id(db, [customer.id])[customer.id]


def add(db: Connection, customer: Customer, taken: Container[str] = ()) -> Customer:
    """A new customer, under its id or, when that is `taken` or stored, the id with the next free number (`acme2`)."""
    statement = insert_or_nothing(db, schema.customer)
    for id_ in chain((customer.id,), (f"{customer.id}{number}" for number in count(2))):
        row = {"id": id_, "name": customer.name, "cases": 0}
        if id_ not in taken and db.execute(statement.values(row).returning(_CUSTOMER.id)).first():
            break
    return ensure(db, replace(customer, id=id_))


def learn(db: Connection, customer: str, keys: Keys) -> None:
    """Remembers under which keys a customer is to be found from now on."""
    _learn(db, customer, rows(keys))


def _learn(db: Connection, customer: str, learned: Iterable[Row]) -> None:
    found = [
        {"kind": kind, "value": value, "sharer": "" if kind in OWNED else customer, "customer_id": customer, "rule": ""}
        for kind, value in learned
    ]
    if found:
        db.execute(insert_or_nothing(db, schema.customer_key), found)


def rename(db: Connection, customer: str, name: str) -> None:
    """Calls a customer something else."""
    db.execute(update(schema.customer).where(_CUSTOMER.id == customer).values(name=name))


def by_id(db: Connection, ids: Iterable[str]) -> dict[str, Customer]:
    """Customers by id; unknown ids are left out."""
    found: dict[str, Customer] = {}
    for chunk in chunks(ids):
        stored = db.execute(select(_CUSTOMER.id, _CUSTOMER.name).where(_CUSTOMER.id.in_(chunk)))
        names = {row.id: row.name for row in stored}
        owned: dict[tuple[str, str], list[str]] = {}
        query = select(_KEY.customer_id, _KEY.kind, _KEY.value).where(_KEY.customer_id.in_(chunk), _KEY.kind.in_(OWNED))
        for customer, kind, value in db.execute(query.order_by(_KEY.value)):
            owned.setdefault((customer, kind), []).append(value)
        found |= {
            id_: Customer(id_, name, tuple(owned.get((id_, "domain"), ())), tuple(owned.get((id_, "address"), ())))
            for id_, name in names.items()
        }
    return found


def all(db: Connection) -> list[Customer]:  # noqa: A001 - read with its module's name: customers.all
    """Every customer, by id."""
    ids = db.scalars(select(_CUSTOMER.id).order_by(_CUSTOMER.id)).all()
    return list(by_id(db, ids).values())


def rows(keys: Keys) -> list[Row]:
    """The keys as rows, in a fixed order."""
    named: Sequence[Name] = sorted(keys.names)
    return [
        *(("address", value) for value in sorted(keys.addresses)),
        *(("domain", value) for value in sorted(keys.domains)),
        *named,
    ]
