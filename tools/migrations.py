"""`python -m tools.migrations`: what the migrations build must be what the schema says; exit 1 names what differs."""

import sys
import tempfile

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from notes.store.engine import upgrade
from notes.store.migrations import COMPARED
from notes.store.schema import metadata


def differences() -> list[object]:
    """What Alembic would still change in a database made by the migrations alone."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/kawari.db"
        upgrade(url)
        engine = create_engine(url)
        try:
            with engine.connect() as db:
                return list(compare_metadata(MigrationContext.configure(db, opts=COMPARED), metadata))
        finally:
            engine.dispose()


if __name__ == "__main__":
    found = differences()
    for difference in found:
        print(difference)
    print("The migrations are not the schema." if found else "The migrations are the schema.")
    sys.exit(bool(found))
