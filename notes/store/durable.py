"""A diary whose every commit is on the disk before it is answered, for whoever answers for a mail."""

from typing import Any

from sqlalchemy import event

from notes.store.engine import Store


def keep_on_disk(store: Store) -> None:
    """From now on SQLite waits for the disk at every commit; a poll need not, for the mail server has its mails still.

    PostgreSQL does so by itself (`synchronous_commit`).
    """
    engine = store._engine
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _wait_for_disk)
        engine.dispose()  # connections that do not wait


def _wait_for_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = FULL")
