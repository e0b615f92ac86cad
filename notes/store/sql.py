"""The few turns of SQL that the modules of this package share."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

_T = TypeVar("_T")

_IN_LIST = 500


def insert_or_nothing(db: Connection, table: Table[Any]) -> Any:
    """An INSERT that leaves out rows which a unique constraint already knows. RETURNING gives the inserted ones."""
    if db.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite

        return insert_sqlite(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.postgresql import insert as insert_postgresql

    return insert_postgresql(table).on_conflict_do_nothing()


def chunks(items: Iterable[_T]) -> Iterator[Sequence[_T]]:
    """Lists of a size that every engine takes in an IN (…)."""
    rest = iter(items)
    while chunk := list(islice(rest, _IN_LIST)):
        yield chunk
