"""Customers and what they are known by."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import chain, count

from sqlalchemy import Connection, select, tuple_, update

from notes.customers import Keys, Known, Name
from notes.model import Customer
from notes.store import schema
from notes.store.sql import chunks, insert_or_nothing

_KEY = schema.customer_key.c
_CUSTOMER = schema.customer.c
_MOST_BEARERS = 8
_MOST_CUSTOMERS = 100_000

Row = tuple[str, str]
"""Kind and value of a key."""


def known(db: Connection, keys: Keys) -> Known:
    """The customers known under these keys. A name that more than eight bear is left out."""
    rows = _rows(keys)
    bearers: dict[Row, list[str]] = {}
    for chunk in chunks(rows):
        query = select(_KEY.kind, _KEY.value, _KEY.customer_id).where(tuple_(_KEY.kind, _KEY.value).in_(chunk))
        for kind, value, customer in db.execute(query.order_by(_KEY.customer_id)):
            bearers.setdefault((kind, value), []).append(customer)
    bearers = {row: ids for row, ids in bearers.items() if len(ids) <= _MOST_BEARERS}
    customers = by_id(db, {customer for ids in bearers.values() for customer in ids})
    found = {row: tuple(customers[customer] for customer in ids) for row, ids in bearers.items()}
    return Known(
        addresses={value: found["address", value][0] for value in keys.addresses if ("address", value) in found},
        domains={value: found["domain", value][0] for value in keys.domains if ("domain", value) in found},
        names={name: found[name] for name in keys.names if name in found},
    )


def ensure(db: Connection, customer: Customer) -> Customer:
    """The customer of this id, made when new; its domains and addresses are added where nobody has them."""
    row = {"id": customer.id, "name": customer.name, "cases": 0}
    db.execute(insert_or_nothing(db, schema.customer).values(row))
    learn(db, customer.id, Keys(frozenset(customer.addresses), frozenset(customer.domains), frozenset()))
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
    rows = [{"kind": kind, "value": value, "customer_id": customer} for kind, value in _rows(keys)]
    if rows:
        db.execute(insert_or_nothing(db, schema.customer_key), rows)


def rename(db: Connection, customer: str, name: str) -> None:
    """Calls a customer something else."""
    db.execute(update(schema.customer).where(_CUSTOMER.id == customer).values(name=name))


def by_id(db: Connection, ids: Iterable[str]) -> dict[str, Customer]:
    """Customers by id; unknown ids are left out."""
    found: dict[str, Customer] = {}
    for chunk in chunks(ids):
        rows = db.execute(select(_CUSTOMER.id, _CUSTOMER.name).where(_CUSTOMER.id.in_(chunk)))
        names = {row.id: row.name for row in rows}
        owned: dict[tuple[str, str], list[str]] = {}
        query = select(_KEY.customer_id, _KEY.kind, _KEY.value).where(
            _KEY.customer_id.in_(chunk), _KEY.kind.in_(("address", "domain"))
        )
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


def _rows(keys: Keys) -> list[Row]:
    """The keys as rows, in a fixed order."""
    named: Sequence[Name] = sorted(keys.names)
    return [
        *(("address", value) for value in sorted(keys.addresses)),
        *(("domain", value) for value in sorted(keys.domains)),
        *named,
    ]
