"""Opening, versions, file modes, transactions, one writer at a time."""

import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from notes.errors import DatabaseError, DatabaseVersionError
from notes.profiles import COMMON
from notes.store import postings, schema, traits
from notes.store.engine import Store, open_store, upgrade
from notes.store.migrations import COMPARED, config


def test_migrations_and_the_schema_are_the_same(store_url: str) -> None:
    assert upgrade(store_url) == (None, schema.REVISION)
    engine = create_engine(store_url)
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db, opts=COMPARED), schema.metadata) == []
        migrated = {name: inspect(db).get_indexes(name) for name in schema.metadata.tables}
    engine.dispose()
    open_store(store_url).close()
    assert upgrade(store_url) == (schema.REVISION, schema.REVISION)
    assert any(migrated.values())


def test_a_fresh_diary_has_what_the_migrations_would_have_made(store: Store) -> None:
    with store.read() as db:
        assert compare_metadata(MigrationContext.configure(db, opts=COMPARED), schema.metadata) == []
        assert MigrationContext.configure(db).get_current_revision() == schema.REVISION
        assert ScriptDirectory.from_config(config(db)).get_current_head() == schema.REVISION


def test_an_older_and_a_newer_diary_are_refused(store_url: str) -> None:
    open_store(store_url).close()
    for version, code in (("0000", "database-old"), ("0999", "database-new")):
        engine = create_engine(store_url)
        with engine.begin() as db:
            db.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
        engine.dispose()
        with pytest.raises(DatabaseVersionError) as caught:
            open_store(store_url)
        assert caught.value.code == code
        assert caught.value.values["found"] == version
    with pytest.raises(DatabaseVersionError):
        upgrade(store_url)


def test_a_version_nobody_numbered_is_named_and_left_alone(store_url: str) -> None:
    open_store(store_url).close()
    engine = create_engine(store_url)
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    with pytest.raises(DatabaseError) as caught:
        upgrade(store_url)
    assert caught.value.code == "database-foreign"


def test_what_cases_are_recognised_by_outlives_a_migration(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "diary").mkdir(exist_ok=True)
    case = text(
        "INSERT INTO case_ (key, customer_id, title, ruled_title, opened_at, last_at, messages, stale, active)"
        " VALUES ('midori-1', 'midori', '', '', '2026-03-02', '2026-03-02', 0, false, false)"
    )
    engine = create_engine(store_url)
    with engine.begin() as db:
        command.upgrade(config(db), "0011")
        db.execute(text("INSERT INTO customer (id, name, cases) VALUES ('midori', 'みどり', 1)"))
        db.execute(case)
        db.execute(text("INSERT INTO case_trait VALUES ('stem', '見積', 'midori', 'midori-1')"))
        db.execute(text("""INSERT INTO case_profile VALUES ('midori-1', '["day","7","day","8","stem","見積"]')"""))
    engine.dispose()
    assert upgrade(store_url) == ("0011", schema.REVISION)
    store = open_store(store_url)
    with store.read() as db:
        assert traits.alike(db, [("stem", "見積")], None).keys == ["midori-1"]
        weighed = traits.candidates(db, ["midori-1"])["midori-1"].traits
        assert weighed == {("stem", "見積"), ("day", "7"), ("day", "8")}
    store.close()


def test_cases_are_still_found_by_what_they_bear_in_a_diary_of_a_row_for_each(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "diary").mkdir(exist_ok=True)
    many = [f"midori-{number}" for number in range(1, COMMON + 2)]
    bear = {"few": ["midori-2", "midori-10", "midori-x-3", "old-7"], "at most": many[:-1], "many": many}
    engine = create_engine(store_url)
    with engine.begin() as db:
        command.upgrade(config(db), "0014")
        rows = [{"value": value, "key": key} for value, keys in bear.items() for key in keys]
        db.execute(text("INSERT INTO case_trait VALUES ('word', :value, 'midori', :key)"), rows)
    engine.dispose()
    upgrade(store_url)
    store = open_store(store_url)
    with store.read() as db:
        found = postings.bearers(db, [("word", value) for value in bear], ["midori"])
        cases = db.scalars(select(schema.case_trait.c.cases).where(schema.case_trait.c.value == "few")).one()
    assert found == {("word", "few"): set(bear["few"]), ("word", "at most"): set(many[:-1]), ("word", "many"): None}
    assert sorted(cases.split(" ")) == ["10", "2", "midori-x-3", "old-7"]
    store.close()


def test_a_database_of_something_else_is_not_touched(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "diary").mkdir(exist_ok=True)
    engine = create_engine(store_url)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE invoices (id INTEGER)"))
    engine.dispose()
    with pytest.raises(DatabaseError) as caught:
        open_store(store_url)
    assert caught.value.code == "database-foreign"


@pytest.mark.parametrize(
    ("url", "code"),
    [("no url at all", "database-url"), ("mysql://host/x", "database-url"), ("oracle://host/x", "database-url")],
)
def test_a_url_that_cannot_be_used_is_named(url: str, code: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_store(url)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "url", ["somebody:orchid-lantern@127.0.0.1:1/none", "somebody@127.0.0.1:1/none?password=orchid-lantern"]
)
def test_an_error_never_holds_the_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_store(f"postgresql+psycopg://{url}")
    assert caught.value.code == "database-unusable"
    assert "orchid-lantern" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseError) as caught:
        open_store(f"sqlite:///{tmp_path / 'letter.db'}")
    assert caught.value.code == "database-unusable"


def test_reading_does_not_make_a_diary_when_told_not_to(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_store(f"sqlite:///{tmp_path / 'none.db'}", create=False)
    assert caught.value.code == "database-missing"
    assert not (tmp_path / "none.db").exists()


def test_nobody_else_may_read_the_file_and_its_logs(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'kawari.db'}")
    with store.begin() as db:
        db.execute(text("UPDATE customer SET name = ''"))
        files = list((tmp_path / "new").iterdir())
        assert {path.name for path in files} == {"kawari.db", "kawari.db-wal", "kawari.db-shm"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert db.scalar(text("PRAGMA journal_mode")) == "wal"
        assert db.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_a_block_that_raises_leaves_nothing(store: Store) -> None:
    def write() -> None:
        with store.begin() as db:
            db.execute(text("INSERT INTO customer (id, name, cases) VALUES ('a', 'A', 0)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    with store.read() as db:
        assert db.scalar(text("SELECT count(*) FROM customer")) == 0


def test_one_writer_waits_for_the_other(store: Store) -> None:
    """Two writers count up: none reads what the other is about to change."""

    def count() -> None:
        for _ in range(20):
            with store.begin() as db:
                cases = db.scalar(text("SELECT cases FROM customer"))
                db.execute(text("UPDATE customer SET cases = :cases"), {"cases": cases + 1})

    with store.begin() as db:
        db.execute(text("INSERT INTO customer (id, name, cases) VALUES ('a', 'A', 0)"))
    writers = [threading.Thread(target=count) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.read() as db:
        assert db.scalar(text("SELECT cases FROM customer")) == 60


def test_a_page_needs_neither_alembic_nor_the_other_driver(tmp_path: Path) -> None:
    program = f"""
import sys
from notes.store import cases, mails, places, promises
from notes.store.engine import open_store
with open_store("sqlite:///{tmp_path / "a.db"}").read() as db:
    cases.held(db)
print(sorted({{name.partition(".")[0] for name in sys.modules}} & {{"alembic", "psycopg", "imapclient", "rapidfuzz"}}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "[]"
