"""Customers and what they are known by.

A person's decisions lie over what the rules learned and never write it over, so that each can be taken back: rows of
the rule `person` beat others, `refused` names addresses and domains that are not a customer's, and a merged customer is
read as the one that stays. `notes.store.decided_customers` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, count
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select, update

from notes.model import Customer
from notes.store import schema
from notes.store.sql import chunks, insert_or_nothing, listed
from notes.store.values import keyable

if TYPE_CHECKING:
    from notes.customers import Keys, Name

_KEY = schema.customer_key.c
_CUSTOMER = schema.customer.c
_MOST_BEARERS = 8

Row = tuple[str, str]
"""Kind and value of a key."""

OWNED = frozenset({"address", "domain"})
"""Kinds of keys that only one customer has: whom a person gave it, else who had it first."""

SUGGESTED, REFUSED, TITLE, ALIAS = "suggested", "refused", "title", "alias"
"""Kinds of keys beside those that customers are found by: an address that may be the customer's; an address or domain
that is not; what people call the customer in the first place, and else."""

PERSON, DECIDING = "person", "names"
"""Rules: a person decided; names tied an address to a customer, which files mail until a person confirms or refuses."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An address that only a rule tied to a customer (id)."""

    customer: str
    address: str
    rule: str


class Learned(NamedTuple):
    """A key as it is stored: see `schema.customer_key`."""

    kind: str
    value: str
    sharer: str
    customer_id: str
    rule: str


class Refusals:
    """Which addresses and domains are not a customer's, as people say; a domain stands for all addresses in it."""

    def __init__(self, of: Mapping[str, frozenset[str]]) -> None:
        self.of = of

    def __contains__(self, value: object) -> bool:
        return value in self.of

    def customers(self, value: str) -> frozenset[str]:
        """The ids of the customers that an address or domain is not of."""
        if not self.of:
            return frozenset()
        domain = value.rpartition("@")[2]
        parents = (domain.split(".", n)[-1] for n in range(min(domain.count("."), 8) + 1))
        return frozenset[str]().union(*(self.of.get(each, frozenset()) for each in (value, *parents)))


def bearers(db: Connection, keys: Keys, refusals: Refusals | None = None) -> dict[Row, tuple[str, ...]]:
    """The ids of the customers known under each of these keys, as stored; of a name that more than eight bear, none.

    Keys that nobody has are left out. Of an address or domain the one who has it, of a suggested address only those
    to whom names tied it.
    """
    refusals = refused(db) if refusals is None else refusals
    found: dict[Row, tuple[str, ...]] = {}
    few: list[Row] = []
    for kind, value, number in db.execute(_how_many(db.dialect.name), _these(rows(keys))):
        if number <= _MOST_BEARERS or kind in OWNED:
            few.append((kind, value))
        else:
            found[kind, value] = ()
    for key in _of_these(db, few, refusals):
        row = key.kind, key.value
        if row[0] not in OWNED or row not in found:
            found[row] = tuple(dict.fromkeys((*found.get(row, ()), key.customer_id)))
    return found


def _these(asked: Iterable[Row]) -> dict[str, str]:
    return {"asked": json.dumps([(kind, keyable(value)) for kind, value in asked])}


@cache
def _how_many(dialect: str) -> Select[str, str, int]:
    """By how many each key that is asked for is borne."""
    asked = listed(dialect, "asked", 2)
    same = (_KEY.kind == asked.columns[0]) & (_KEY.value == asked.columns[1])
    counts = select(_KEY.kind, _KEY.value, func.count()).select_from(asked.rows).join(schema.customer_key, same)
    return counts.group_by(_KEY.kind, _KEY.value)


@cache
def _asked_for(dialect: str) -> Select[Any]:
    asked = listed(dialect, "asked", 2)
    return _keys().join(asked.rows, (_KEY.kind == asked.columns[0]) & (_KEY.value == asked.columns[1]))


def _of_these(db: Connection, asked: Sequence[Row], refusals: Refusals) -> list[Any]:
    return _in_force(db.execute(_asked_for(db.dialect.name), _these(asked)), refusals) if asked else []


def _keys() -> Select[Any]:
    """Keys with the customer that each is read as; what a person gave first, then who had it first."""
    return (
        select(_KEY.kind, _KEY.value, _KEY.customer_id, _KEY.rule, stays().label("root"))
        .join(schema.customer, _CUSTOMER.id == _KEY.customer_id)
        .order_by(_KEY.rule != PERSON, _KEY.sharer, _KEY.customer_id)
    )


def stays() -> Any:
    """The column of the id as which a customer is read."""
    return func.coalesce(_CUSTOMER.merged_into, _CUSTOMER.id)


def _in_force(keys: Iterable[Any], refusals: Refusals) -> list[Any]:
    """Keys that nobody took away."""
    return [
        key
        for key in keys
        if key.rule == PERSON
        or (key.kind != SUGGESTED and key.kind not in OWNED)
        or (key.root not in refusals.customers(key.value) and (key.kind in OWNED or key.rule == DECIDING))
    ]


def refused(db: Connection) -> Refusals:
    """What people said is not a customer's."""
    found: dict[str, frozenset[str]] = {}
    for key in db.execute(_keys().where(_KEY.kind == REFUSED)):
        found[key.value] = found.get(key.value, frozenset()) | {key.root}
    return Refusals(found)


def ensure(db: Connection, customer: Customer, *, rule: str = "settings", refusals: Container[str] = ()) -> Customer:
    """The customer of this id, made when new; its domains and addresses are added where nobody has them."""
    row = {"id": customer.id, "name": customer.name, "cases": 0}
    db.execute(insert_or_nothing(db, schema.customer).values(row))
    if rule == "settings":  # which stand above what people say
        apart = update(schema.customer).where(_CUSTOMER.id == customer.id, _CUSTOMER.merged_into.is_not(None))
        db.execute(apart.values(merged_into=None))
    put(db, learned(customer.id, _owned_by(customer), rule, refusals))
    return by_id(db, [customer.id])[customer.id]


def add(db: Connection, customer: Customer, taken: Container[str] = (), *, refusals: Container[str] = ()) -> Customer:
    """A new customer, under its id or, when that is `taken` or stored, the id with the next free number (`acme2`)."""
    statement = insert_or_nothing(db, schema.customer)
    for id_ in chain((customer.id,), (f"{customer.id}{number}" for number in count(2))):
        row = {"id": id_, "name": customer.name, "cases": 0}
        if id_ not in taken and db.execute(statement.values(row).returning(_CUSTOMER.id)).first():
            break
    put(db, learned(id_, _owned_by(customer), "new", refusals))
    had = db.execute(select(_KEY.kind, _KEY.value).where(_KEY.customer_id == id_).order_by(_KEY.value)).all()
    domains, addresses = (tuple(value for kind, value in had if kind == each) for each in ("domain", "address"))
    return Customer(id_, customer.name, domains, addresses)


def _owned_by(customer: Customer) -> list[Row]:
    owned = (("address", customer.addresses), ("domain", customer.domains))
    return [(kind, value) for kind, values in owned for value in values]


def learn(db: Connection, customer: str, keys: Keys, rule: str = "", refusals: Container[str] = ()) -> None:
    """Remembers under which keys a customer is to be found from now on, and by which rule they became known."""
    put(db, learned(customer, rows(keys), rule, refusals))


def learned(customer: str, keys: Iterable[Row], rule: str, refusals: Container[str] = ()) -> list[Learned]:
    """What is to be `put` for a customer to be found under these keys.

    What somebody else had, until a person took it away from him, is free, and yet his again if that is undone.
    """
    return [
        Learned(kind, value, _sharer(kind, value, customer, rule, refusals), customer, rule) for kind, value in keys
    ]


def put(db: Connection, keys: Sequence[Learned]) -> None:
    """Stores keys; where two of them are of one owner, or one is stored, the first one counts."""
    if keys:
        db.execute(insert_or_nothing(db, schema.customer_key), [one._asdict() for one in keys])


def _sharer(kind: str, value: str, customer: str, rule: str, refusals: Container[str]) -> str:
    if kind in OWNED and value not in refusals:
        return ""
    return f"?{customer}" if kind == SUGGESTED and rule != DECIDING else customer


def rename(db: Connection, customer: str, name: str) -> None:
    """Calls a customer something else, as far as the rules are asked."""
    db.execute(update(schema.customer).where(_CUSTOMER.id == customer).values(name=name))


def by_id(db: Connection, ids: Iterable[str], refusals: Refusals | None = None) -> dict[str, Customer]:
    """Customers by id, a merged one as the customer that stays; unknown ids are left out."""
    roots: dict[str, str] = {}
    for chunk in chunks(ids):
        roots |= dict(db.execute(select(_CUSTOMER.id, stays()).where(_CUSTOMER.id.in_(chunk))).all())
    known: dict[str, Customer] = {}
    refusals = refused(db) if refusals is None else refusals
    for chunk in chunks(sorted(set(roots.values()))):
        known |= _described(db, chunk, refusals)
    return {id_: known[root] for id_, root in roots.items()}


def _described(db: Connection, roots: Sequence[str], refusals: Refusals) -> dict[str, Customer]:
    """Customers that stay, with the keys of those merged into them."""
    names = dict(db.execute(select(_CUSTOMER.id, _CUSTOMER.name).where(_CUSTOMER.id.in_(roots))).all())
    own: dict[str, dict[str, list[str]]] = {id_: {} for id_ in names}
    kinds = (*OWNED, TITLE, ALIAS)
    of_these = _CUSTOMER.id.in_(roots) | _CUSTOMER.merged_into.in_(roots)
    for key in _in_force(db.execute(_keys().where(of_these, _KEY.kind.in_(kinds))), refusals):
        if key.kind != TITLE or key.customer_id == key.root:
            own[key.root].setdefault(key.kind, []).append(key.value)
    asked = [(kind, value) for kinds in own.values() for kind in OWNED for value in kinds.get(kind, ())]
    owner = owners(db, asked, refusals)

    def had(id_: str, kind: str) -> tuple[str, ...]:
        return tuple(sorted({value for value in own[id_].get(kind, ()) if owner.get((kind, value)) == id_}))

    return {
        id_: Customer(
            id_,
            next(iter(own[id_].get(TITLE, ())), name),
            had(id_, "domain"),
            had(id_, "address"),
            tuple(sorted(own[id_].get(ALIAS, ()))),
        )
        for id_, name in names.items()
    }


def owners(db: Connection, owned: Iterable[Row], refusals: Refusals | None = None) -> dict[Row, str]:
    """The id of the customer, as it is read, who has each of these addresses and domains, if somebody has."""
    refusals = refused(db) if refusals is None else refusals
    found: dict[Row, str] = {}
    for key in _of_these(db, list(dict.fromkeys(owned)), refusals):
        found.setdefault((key.kind, key.value), key.root)
    return found


def all(db: Connection) -> list[Customer]:  # noqa: A001 - read with its module's name: customers.all
    """Every customer, by id; merged ones as the one that stays."""
    ids = db.scalars(select(_CUSTOMER.id).where(_CUSTOMER.merged_into.is_(None)).order_by(_CUSTOMER.id)).all()
    known = by_id(db, ids)
    return [known[id_] for id_ in ids]


def names(db: Connection) -> dict[str, str]:
    """What every customer is called, by id, a merged one as the customer that stays."""
    rows = db.execute(select(_CUSTOMER.id, _CUSTOMER.name, stays())).all()
    own: dict[str, str] = {id_: name for id_, name, _ in rows}
    titled = select(_KEY.customer_id, _KEY.value).where(_KEY.kind == TITLE)
    own |= dict(db.execute(titled).all())
    return {id_: own[root] for id_, _, root in rows}


def members(customer: str | BindParameter[str]) -> Any:
    """The ids of a customer and of those merged into it, as a condition's right side (`column.in_(…)`)."""
    return select(_CUSTOMER.id).where((_CUSTOMER.id == customer) | (_CUSTOMER.merged_into == customer))


def of_cases(db: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The id of the customer for which each of these cases was opened, also if that one was merged into another."""
    case = schema.case.c
    found: dict[str, str] = {}
    for chunk in chunks(keys):
        found |= dict(db.execute(select(case.key, case.customer_id).where(case.key.in_(chunk))).all())
    return found


def member_ids(db: Connection, customer: str) -> list[str]:
    """The ids of a customer and of those merged into it."""
    return list(db.scalars(_members(), {"customer": customer}))


@cache
def _members() -> Any:
    return members(bindparam("customer"))


def merged(db: Connection) -> dict[str, str]:
    """The customer that stays, by id of each merged one."""
    query = select(_CUSTOMER.id, _CUSTOMER.merged_into).where(_CUSTOMER.merged_into.is_not(None))
    return {id_: str(root) for id_, root in db.execute(query.order_by(_CUSTOMER.id))}


def suggestions(db: Connection) -> list[Suggestion]:
    """Addresses that only rules tied to a customer, and that nobody confirmed or refused."""
    from notes.known import company_domain

    refusals = refused(db)
    made = db.execute(_keys().where(_KEY.kind == SUGGESTED)).all()
    asked = [(kind, value) for key in made for kind, value in _owned(key.value, company_domain(key.value))]
    owner = owners(db, asked, refusals)
    found: dict[tuple[str, str], Suggestion] = {}
    for key in sorted(made, key=lambda key: (key.root, key.value, key.rule != DECIDING)):
        settled = ("address", key.value) in owner or owner.get(("domain", company_domain(key.value))) == key.root
        if not settled and key.root not in refusals.customers(key.value):
            found.setdefault((key.root, key.value), Suggestion(key.root, key.value, key.rule))
    return list(found.values())


def _owned(address: str, domain: str) -> list[Row]:
    return [("address", address), *([("domain", domain)] if domain else [])]


def rows(keys: Keys) -> list[Row]:
    """The keys as rows, in a fixed order."""
    named: Sequence[Name] = sorted(keys.names)
    return [
        *(("address", value) for value in sorted(keys.addresses)),
        *(("domain", value) for value in sorted(keys.domains)),
        *((SUGGESTED, value) for value in sorted(keys.suggested)),
        *named,
    ]
