"""Opening a diary: SQLite file or PostgreSQL URL, its version, and its transactions.

One writer at a time on both engines: SQLite begins writing transactions IMMEDIATE, PostgreSQL takes an advisory lock.
So numbering and merging need no retries, and a migration keeps everybody else out.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy import Connection as Connection  # an open transaction, for those who only hand it on
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError

from notes.errors import DatabaseError, DatabaseVersionError
from notes.store import search
from notes.store.schema import REVISION, metadata

# `Connection` is what a Store hands out; who takes one names it from here.
__all__ = ["Connection", "Store", "open_store", "upgrade"]

_BUSY_SECONDS = 30
_SCRUBBING_SECONDS = 2
_WRITER_LOCK = 0x6B617761
_WRITING = "kawari_writing"


class Store:
    """An open diary. Transactions of `begin` commit at the end of their block and roll back when it raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(**{_WRITING: True})
        reading = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reading = engine.execution_options(**reading)
        self._writer = Lock()  # SQLite asks for its lock ten times a second and lets anybody pass meanwhile

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A writing transaction; waits for other writers. Raises DatabaseError."""
        with self._writer, _worded(self._engine.url), self._writing.begin() as db:
            yield db

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A short writing transaction about other things than the diary, which waits for no writer of the diary where
        the engine has several (PostgreSQL). Raises DatabaseError."""
        if self._engine.dialect.name == "sqlite":
            with self.begin() as db:
                yield db
        else:
            with _worded(self._engine.url), self._engine.begin() as db:
                yield db

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: the diary as of its first statement. Raises DatabaseError."""
        with _worded(self._engine.url), self._reading.begin() as db:
            yield db

    def scrub(self) -> None:
        """Empties SQLite's write-ahead log, in which what was deleted still stands. Readers may put it off to the next
        time; the last who closes the diary empties it, too."""
        if self._engine.dialect.name != "sqlite":
            return
        connection = self._engine.raw_connection()
        try:
            with suppress(self._engine.dialect.loaded_dbapi.Error):
                connection.cursor().execute(f"PRAGMA busy_timeout = {1000 * _SCRUBBING_SECONDS}")
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.cursor().execute(f"PRAGMA busy_timeout = {1000 * _BUSY_SECONDS}")
        finally:
            connection.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._engine.dispose()


def open_store(url: str, *, create: bool = True) -> Store:
    """Opens the diary at a URL (`sqlite:///path`, `postgresql+psycopg://…`), making an empty one when there is none.

    Raises DatabaseVersionError `database-old` or `database-new`, and DatabaseError `database-url`, `database-driver`,
    `database-missing` (when `create` is false), `database-foreign` (holds other tables) or `database-unusable`.
    """
    target = _parse(url)
    _make_file(target, create=create)
    engine = _engine(target)
    try:
        with _worded(target):
            with engine.begin() as db:
                version = _version(db)
            if version is None:
                _fill(engine, create=create)
            else:
                _check(version, target)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)


def upgrade(url: str) -> tuple[str | None, str]:
    """Brings a diary to this program's version and says from where to where; (None, …) when there was none.

    Waits for other writers and keeps them out. Raises like `open_store`.
    """
    from notes.store.migrations import migrate

    target = _parse(url)
    _make_file(target, create=True)
    engine = _engine(target, foreign_keys=False).execution_options(**{_WRITING: True})
    try:
        with _worded(target), engine.begin() as db:
            version = _version(db)
            if version is not None and version > REVISION:
                _check(version, target)
            if version != REVISION:
                migrate(db)
                search.catch_up(db)
        return version, REVISION
    finally:
        engine.dispose()


def _parse(url: str) -> URL:
    try:
        target = make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseError("database-url", url="…") from None
    if isinstance(word := target.query.get("password"), str):  # libpq's other way; in its own place none is ever shown
        target = target.set(password=word).difference_update_query(["password"])
    if target.drivername in ("postgresql", "postgres"):
        target = target.set(drivername="postgresql+psycopg")
    if target.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseError("database-url", url=target.render_as_string())
    return target


def _make_file(target: URL, *, create: bool) -> None:
    """An empty file that only its owner may read, before SQLite opens it: its -wal and -shm take over the mode."""
    if target.get_backend_name() != "sqlite" or target.database in (None, "", ":memory:"):
        return
    path = Path(str(target.database))
    if path.exists():
        return
    if not create:
        raise DatabaseError("database-missing", url=target.render_as_string())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseError("database-unusable", url=target.render_as_string(), reason=error.strerror) from error


def _engine(target: URL, *, foreign_keys: bool = True) -> Engine:
    sqlite = target.get_backend_name() == "sqlite"
    options: dict[str, Any] = {"timeout": _BUSY_SECONDS} if sqlite else {"options": "-c timezone=UTC"}
    try:
        engine = create_engine(target, connect_args=options, hide_parameters=True)
    except (ImportError, NoSuchModuleError) as error:
        raise DatabaseError("database-driver", url=target.render_as_string(), driver=target.drivername) from error
    if sqlite:
        event.listen(engine, "connect", _configure_with_keys if foreign_keys else _configure)
    event.listen(engine, "begin", _begin_sqlite if sqlite else _begin_postgresql)
    return engine


def _configure(connection: Any, _record: object) -> None:
    """Write-ahead log, what is deleted overwritten, and transactions begun by `_begin_sqlite` alone (Python's sqlite3
    would begin late)."""
    connection.isolation_level = None
    connection.execute("PRAGMA page_size = 8192")  # of a new file; most mails fit into one, and less is left over
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")


def _configure_with_keys(connection: Any, record: object) -> None:
    _configure(connection, record)
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(db: Connection) -> None:
    db.exec_driver_sql("BEGIN IMMEDIATE" if db.get_execution_options().get(_WRITING) else "BEGIN")


def _begin_postgresql(db: Connection) -> None:
    if db.get_execution_options().get(_WRITING):
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")


def _version(db: Connection) -> str | None:
    """The version a database says it has; None for an empty one."""
    tables = inspect(db).get_table_names()
    if "alembic_version" in tables:
        return str(db.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    if tables:
        raise DatabaseError("database-foreign", url=db.engine.url.render_as_string())
    return None


def _check(version: str, target: URL) -> None:
    if version != REVISION:
        code = "database-old" if version < REVISION else "database-new"
        raise DatabaseVersionError(code, url=target.render_as_string(), found=version, needed=REVISION)


def _fill(engine: Engine, *, create: bool) -> None:
    """All tables at once, as the migrations would leave them (a test compares)."""
    if not create:
        raise DatabaseError("database-missing", url=engine.url.render_as_string())
    with engine.execution_options(**{_WRITING: True}).begin() as db:
        if _version(db) is None:
            metadata.create_all(db)
            search.create(db)
            db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            db.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})


@contextmanager
def _worded(target: URL) -> Iterator[None]:
    """A driver's error as ours, without statement and values: they hold mail. Not so what a single row is to blame
    for: that is a fault of the program, and the conductor's business."""
    try:
        yield
    except (DataError, IntegrityError, ProgrammingError):
        raise
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise DatabaseError("database-unusable", url=target.render_as_string(), reason=reason) from error
