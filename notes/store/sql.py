"""The few turns of SQL that the modules of this package share."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, Text, bindparam, cast, func

_T = TypeVar("_T")

_IN_LIST = 500


def insert_or_nothing(db: Connection, table: Table[Any]) -> Any:
    """An INSERT that leaves out rows which a unique constraint already knows. RETURNING gives the inserted ones."""
    return _insert_or_nothing(db.dialect.name, table)


@cache
def _insert_or_nothing(dialect: str, table: Table[Any]) -> Any:
    return insert_into(dialect, table).on_conflict_do_nothing()


def insert_into(dialect: str, table: Table[Any]) -> Any:
    """An INSERT that can be told what to do about rows that are there."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite

        return insert_sqlite(table)
    from sqlalchemy.dialects.postgresql import insert as insert_postgresql

    return insert_postgresql(table)


def chunks(items: Iterable[_T]) -> Iterator[Sequence[_T]]:
    """Lists of a size that every engine takes in an IN (…)."""
    rest = iter(items)
    while chunk := list(islice(rest, _IN_LIST)):
        yield chunk


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list that is bound as JSON (a list of lists of strings), to be joined like a table."""

    rows: Any
    columns: Sequence[Any]


def listed(dialect: str, name: str, width: int) -> Listed:
    """A list bound under a name, of rows of so many strings: one statement for a list of any length."""
    if dialect == "sqlite":
        rows = func.json_each(bindparam(name)).table_valued("value", name="listed")
        return Listed(rows, [func.json_extract(rows.c.value, f"$[{number}]") for number in range(width)])
    from sqlalchemy.dialects.postgresql import JSONB

    rows = func.jsonb_array_elements(cast(bindparam(name, type_=Text), JSONB)).table_valued("value", name="listed")
    return Listed(rows, [rows.c.value.op("->>")(number) for number in range(width)])
