"""By what traits cases are found: for each trait of a customer's cases one row with all of them.

A trait that more than `COMMON` cases of a customer bear tells nothing any more, and which they are is not kept: a row
stays small, and a diary of any size has no more rows than its customers have words. When some of them go again, that
stays so until `forget_many`, or until the diary is filed anew.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Select,
    Text,
    Update,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    update,
)

from notes.profiles import COMMON, Trait
from notes.store import customers, schema
from notes.store.sql import chunks, insert_into, listed
from notes.store.values import keyable

NOTHING: Mapping[Trait, Collection[str]] = {}
_TRAIT = schema.case_trait.c
_COLUMNS = ("kind", "value", "customer_id", "cases")
_Row = tuple[str, str, str, str]
_MANY = "*"
_SPACE = literal(" ")


def bearers(
    db: Connection,
    traits: Iterable[Trait],
    members: Sequence[str] | None,
    unwritten: Mapping[Trait, Collection[str]] = NOTHING,
) -> dict[Trait, frozenset[str] | None]:
    """The cases that bear each of these traits, of these customers or (None) of anybody; None: more than `COMMON`.

    `unwritten`: cases by traits that are not written yet.
    """
    stored = {(kind, keyable(value)): (kind, value) for kind, value in traits}
    query = _bearing(db.dialect.name, of_some=members is not None)
    found: dict[Trait, frozenset[str] | None] = {}
    for chunk in chunks(sorted(stored)):
        values: dict[str, Any] = {"asked": json.dumps(chunk)} | ({"members": members} if members is not None else {})
        for kind, value, lines in db.execute(query, values):
            trait = stored[kind, value]
            found[trait] = _keys(lines, unwritten.get(trait, ()))
    return found


@cache
def _bearing(dialect: str, *, of_some: bool) -> Select[Any]:
    """Every trait asked for with the rows of its cases, a line each: the customer and its cases. Of all customers
    (which may be very many) no more rows than tell that too many bear it."""
    asked = listed(dialect, "asked", 2)
    line = (_TRAIT.customer_id + _SPACE + _TRAIT.cases).label("line")
    bearing = select(line).where(_TRAIT.kind == asked.columns[0], _TRAIT.value == asked.columns[1])
    if of_some:
        bearing = bearing.where(_TRAIT.customer_id.in_(bindparam("members", expanding=True)))
    few = bearing.limit(COMMON + 1).correlate(asked.rows).subquery()
    together = select(func.aggregate_strings(few.c.line, "\n")).scalar_subquery()
    return select(*asked.columns, together).select_from(asked.rows)


def _keys(lines: str | None, unwritten: Collection[str]) -> frozenset[str] | None:
    found = set(unwritten)
    for line in lines.split("\n") if lines else ():
        customer, *names = line.split(" ")
        if names[0] == _MANY:
            return None
        found.update(f"{customer}-{name}" if name.isdecimal() else name for name in names)
    return frozenset(found) if len(found) <= COMMON else None


def add(db: Connection, traits: Mapping[str, Iterable[Trait]]) -> None:
    """Lets cases be found by these traits, too; by key of a case."""
    for rows in _in_turns(_rows(db, traits)):
        for chunk in chunks(rows):
            db.execute(_addition(db.dialect.name), {"added": json.dumps(chunk)})


def _in_turns(rows: Iterable[_Row]) -> Iterable[Sequence[_Row]]:
    """Rows parted so that no statement adds to the same one twice, which PostgreSQL refuses; no more than tell that
    they are many."""
    turns: dict[int, list[_Row]] = {}
    for _, same in groupby(rows, key=itemgetter(slice(3))):
        for turn, row in enumerate(islice(same, COMMON + 1)):
            turns.setdefault(turn, []).append(row)
    return turns.values()


@cache
def _addition(dialect: str) -> Any:
    """One case more in each row, unless it is there, or they are too many."""
    added = listed(dialect, "added", len(_COLUMNS))
    rows = select(*added.columns).select_from(added.rows).where(literal(1) == 1)  # else SQLite takes ON for a join's
    insert = insert_into(dialect, schema.case_trait).from_select(_COLUMNS, rows)
    stored, new = _TRAIT.cases, insert.excluded.cases
    so_many = func.length(stored) - func.length(func.replace(stored, " ", "")) + 1
    return insert.on_conflict_do_update(
        index_elements=schema.case_trait.primary_key.columns.values(),
        set_={"cases": case((so_many >= COMMON, _MANY), else_=stored + _SPACE + new)},
        where=(stored != _MANY) & ~_holds(stored, new),
    )


def forget(db: Connection, traits: Mapping[str, Iterable[Trait]]) -> None:
    """Lets cases not be found by these traits any more; by key of a case."""
    rows = [dict(zip(("a_kind", "a_value", "a_customer", "a_name"), row, strict=True)) for row in _rows(db, traits)]
    if rows:
        db.execute(_without(_this_row()), rows)
        db.execute(_empty(_this_row()), rows)


def forget_long(db: Connection, keys: Iterable[str]) -> None:
    """Lets cases not be found any more by whatever they bear, by a look at every row."""
    customer_of = customers.of_cases(db, keys)
    for key, customer in customer_of.items():
        theirs = (_TRAIT.customer_id == customer) & _holds(_TRAIT.cases, literal(_name(key, customer)))
        db.execute(_without(theirs), {"a_name": _name(key, customer)})
    db.execute(_empty(_TRAIT.customer_id.in_(set(customer_of.values()))))


def forget_many(db: Connection, customer: str, traits: Iterable[Trait]) -> set[Trait]:
    """Forgets which of these traits too many of a customer's cases bore, and says so: who bears them is to be added."""
    many = {trait for trait, keys in bearers(db, traits, [customer]).items() if keys is None}
    if many:
        rows = [{"a_kind": kind, "a_value": value, "a_customer": customer} for kind, value in sorted(many)]
        db.execute(delete(schema.case_trait).where(_this_row()), rows)
    return many


def _this_row() -> ColumnElement[bool]:
    """The row of `a_kind`, `a_value` and `a_customer`."""
    trait = (_TRAIT.kind == bindparam("a_kind")) & (_TRAIT.value == bindparam("a_value"))
    return trait & (_TRAIT.customer_id == bindparam("a_customer"))


def _without(rows: ColumnElement[bool]) -> Update:
    """Takes the case `a_name` out of rows."""
    rest = func.trim(func.replace(_apart(_TRAIT.cases), _apart(bindparam("a_name", type_=Text)), " "))
    return update(schema.case_trait).where(rows, _TRAIT.cases != _MANY).values(cases=rest)


def _empty(rows: ColumnElement[bool]) -> Delete:
    return delete(schema.case_trait).where(rows, _TRAIT.cases == "")


def _holds(cases: ColumnElement[str], one: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether one is among cases."""
    return func.replace(_apart(cases), _apart(one), "") != _apart(cases)


def _apart(cases: ColumnElement[str]) -> ColumnElement[str]:
    """With a space before and after each."""
    return _SPACE + cases + _SPACE


def _rows(db: Connection, traits: Mapping[str, Iterable[Trait]]) -> list[_Row]:
    """A row for each trait of a case, in the order in which they lie."""
    customer = customers.of_cases(db, traits)
    return sorted(
        {
            (kind, keyable(value), customer[key], _name(key, customer[key]))
            for key, found in traits.items()
            for kind, value in found
        }
    )


def _name(key: str, customer: str) -> str:
    """A case's number, where its key is its customer's id and a number; else its key."""
    number = key.removeprefix(f"{customer}-")
    return number if number.isdecimal() else key
