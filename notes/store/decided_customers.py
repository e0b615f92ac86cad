"""What people decided about customers, written beside what the rules learned: it beats that, and can be taken back.

Each decision is a correction; `apply` acts on one, `replay` on all that are in force, after one was taken back. Values
are lists, one a line: `addresses`, `domains`, `names`.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, Connection, delete, update

from notes.model import Correction
from notes.store import schema
from notes.store.customers import ALIAS, OWNED, PERSON, REFUSED, TITLE, Row, by_id, members
from notes.store.sql import insert_or_nothing

KINDS = frozenset({"customer-merge", "customer-alias", "customer-unalias", "customer-rename"})
"""Kinds of corrections about customers; `target` is the customer's id.

`customer-merge`: value `into`, the id of the customer that stays. `customer-alias`: it is also known by these
addresses, domains and names. `customer-unalias`: it is not. `customer-rename`: value `name`.
"""

_KEY = schema.customer_key.c
_CUSTOMER = schema.customer.c


def apply(db: Connection, made: Correction) -> None:
    """Makes a decision hold. One about a customer that is no longer there does nothing."""
    customer = by_id(db, [made.target]).get(made.target)
    if customer is None:
        return
    if made.kind == "customer-merge":
        _merge(db, made.target, made.value.get("into", ""))
    elif made.kind == "customer-alias":
        _alias(db, customer.id, made.value)
    elif made.kind == "customer-unalias":
        _unalias(db, customer.id, made.value)
    elif made.kind == "customer-rename":
        _rename(db, customer.id, made.value.get("name", ""))


def replay(db: Connection, made: Iterable[Correction]) -> None:
    """Makes exactly these decisions hold, in the order in which they were taken."""
    db.execute(delete(schema.customer_key).where(_KEY.rule == PERSON))
    db.execute(update(schema.customer).where(_CUSTOMER.merged_into.is_not(None)).values(merged_into=None))
    for one in sorted(made, key=lambda correction: correction.id):
        if one.kind in KINDS:
            apply(db, one)


def listed(value: Mapping[str, str], name: str) -> list[str]:
    """The entries of one of a correction's lists."""
    return [entry for entry in value.get(name, "").split("\n") if entry]


def owned(value: Mapping[str, str]) -> list[Row]:
    """The addresses and domains that a correction is about, as keys."""
    addresses = [("address", each) for each in listed(value, "addresses")]
    return addresses + [("domain", each) for each in listed(value, "domains")]


def _merge(db: Connection, customer: str, into: str) -> None:
    """Those merged into it before go along."""
    stays = by_id(db, [into]).get(into)
    goes = by_id(db, [customer]).get(customer)
    if stays and goes and stays.id != goes.id:
        both = (_CUSTOMER.id == goes.id) | (_CUSTOMER.merged_into == goes.id)
        db.execute(update(schema.customer).where(both).values(merged_into=stays.id))


def _alias(db: Connection, customer: str, value: Mapping[str, str]) -> None:
    for kind, key in owned(value):
        _forget(db, (_KEY.kind == kind) & (_KEY.value == key))
        _forget(db, (_KEY.kind == REFUSED) & (_KEY.value == key) & _KEY.customer_id.in_(members(customer)))
        _say(db, customer, [(kind, key)])
    for name in listed(value, "names"):
        _say(db, customer, [(ALIAS, name), *_known_as(name)])


def _unalias(db: Connection, customer: str, value: Mapping[str, str]) -> None:
    for _, key in owned(value):
        _forget(db, _KEY.kind.in_(OWNED) & (_KEY.value == key) & _KEY.customer_id.in_(members(customer)))
        _say(db, customer, [(REFUSED, key)])
    for name in listed(value, "names"):
        for kind, key in ((ALIAS, name), *_known_as(name)):
            _forget(db, (_KEY.kind == kind) & (_KEY.value == key) & _KEY.customer_id.in_(members(customer)))


def _rename(db: Connection, customer: str, name: str) -> None:
    if name:
        _forget(db, (_KEY.kind == TITLE) & (_KEY.customer_id == customer))
        _say(db, customer, [(TITLE, name), *_known_as(name)])


def _known_as(name: str) -> list[Row]:
    """Under what a mail that speaks of this name finds it, a company's or a person's."""
    from notes.companies import is_full_name, person_key
    from notes.known import known_as

    person = [("person", person_key(name))] if is_full_name(name) else []
    return [*sorted(known_as(name)), *person]


def _say(db: Connection, customer: str, keys: Iterable[Row]) -> None:
    """Beside whatever the rules say of the same keys."""
    both = {"sharer": f"!{customer}", "customer_id": customer, "rule": PERSON}
    rows = [{"kind": kind, "value": value} | both for kind, value in keys]
    if rows:
        db.execute(insert_or_nothing(db, schema.customer_key), rows)


def _forget(db: Connection, keys: ColumnElement[bool]) -> None:
    db.execute(delete(schema.customer_key).where(keys & (_KEY.rule == PERSON)))
