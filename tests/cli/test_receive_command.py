"""`kawari receive`, as a real process: a mail on stdin into the log, and what it answers to a mail server."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from notes.store import durable, engine
from tests.cli import diaries, handed_over
from tests.cli.conftest import Kawari
from tests.cli.handed_over import HANA, KAWARI, MORI, at, forward, memo, receive


@pytest.fixture
def log(kawari: Kawari, tmp_path: Path) -> Kawari:
    handed_over.prepare(tmp_path)
    return kawari


def entries(log: Kawari, case: str = "asagao-1") -> list[dict[str, object]]:
    found: list[dict[str, object]] = log("timeline", case, "--json").json["entries"]
    return found


def test_a_memo_to_a_plus_address_goes_into_its_case(log: Kawari, tmp_path: Path) -> None:
    raw = memo("m1@tsubame.example", "3月12日までに回答すると伝えた\n", to="log+asagao-1@tsubame.example")
    done = receive(tmp_path, raw)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (entries(log)[-1]["kind"], entries(log)[-1]["via"]) == ("call", "log")


def test_the_recipient_of_the_envelope_names_the_case_of_a_blind_copy(log: Kawari, tmp_path: Path) -> None:
    raw = memo("m2@tsubame.example", "They are fine.\n", to="undisclosed-recipients:;", subject="memo")
    done = receive(tmp_path, raw, "--to", "log+kiku-1@tsubame.example", "--to", "somebody@else.example")
    assert done.returncode == 0
    assert entries(log, "kiku-1")[-1]["ref"] == "m2@tsubame.example"
    assert "somebody@else.example" not in log("show", "m2@tsubame.example", "--raw").out


def test_a_forward_is_filed_as_the_mail_that_it_forwards(log: Kawari, tmp_path: Path) -> None:
    assert receive(tmp_path, forward("f1@tsubame.example")).returncode == 0
    (entry,) = [one for one in entries(log) if one["kind"] == "forward"]
    original = entry["original"]
    assert isinstance(original, dict)
    assert (original["from"], original["subject"]) == ("ito@asagao.example", "Pump P-7 leaks")


def test_a_mail_of_ours_by_bcc_is_one_with_the_copy_in_sent(log: Kawari, tmp_path: Path) -> None:
    raw = diaries.mail(
        "o1@tsubame.example", MORI, HANA, at(6, 11), "Re: Pump P-7 leaks", "On our way.\n", answers="a1@asagao.example"
    )
    assert receive(tmp_path, raw, "--to", "log@tsubame.example").returncode == 0
    (tmp_path / "o1.eml").write_bytes(raw)
    assert log("import", "o1.eml", "--mailbox", "mori", "--folder", "Sent").code == 0
    (entry,) = [one for one in entries(log) if one["ref"] == "o1@tsubame.example"]
    assert (entry["direction"], entry["kind"], entry["via"], entry["mailbox"]) == (
        "out",
        "mail",
        "log",
        ["log", "mori"],
    )


def test_the_same_mail_again_is_no_second_one(log: Kawari, tmp_path: Path) -> None:
    raw = memo("m3@tsubame.example", "Called.\n", to="log+asagao-1@tsubame.example")
    assert [receive(tmp_path, raw).returncode for _ in range(2)] == [0, 0]
    assert [one["ref"] for one in entries(log)].count("m3@tsubame.example") == 1


def test_a_strangers_memo_is_kept_aside_until_a_person_files_it(log: Kawari, tmp_path: Path) -> None:
    raw = memo("x1@evil.example", "I told them we will pay by 12 March.\n", sender="Eve <eve@evil.example>",
               to="log+asagao-1@tsubame.example")  # fmt: skip
    before = entries(log)
    assert receive(tmp_path, raw).returncode == 0
    assert entries(log) == before
    (aside,) = [one for one in log("unfiled", "--json").json["messages"] if one["ref"] == "x1@evil.example"]
    assert (aside["reason"], aside["content"]) == ("log-stranger", "whole")
    assert "log: may not write" in log("unfiled").out
    assert log("unfiled", "x1@evil.example", "--to", "asagao-1").code == 0
    assert entries(log)[-1]["ref"] == "x1@evil.example"


def test_a_memo_that_cannot_be_placed_makes_no_customer_of_its_writer(log: Kawari, tmp_path: Path) -> None:
    assert receive(tmp_path, memo("m9@tsubame.example", "Somebody rang.\n")).returncode == 0
    *listed, example = log("unfiled").out.splitlines()
    assert "m9@tsubame.example" in listed[1]
    assert "m9@tsubame.example" not in example


def test_a_mail_without_date_or_id_is_stored_all_the_same(log: Kawari, tmp_path: Path) -> None:
    raw = f"From: {MORI}\nTo: log+asagao-1@tsubame.example\nSubject: TEL\n\nCalled back.\n".encode()
    assert receive(tmp_path, b"From mori Mon Mar  2 10:00:00 2026\n" + raw).returncode == 0
    assert "Called back." in str([one["gist"] for one in entries(log)])


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe" * 100, b"hello world, this is no mail\n"])
def test_what_is_no_mail_is_given_back(log: Kawari, tmp_path: Path, raw: bytes) -> None:
    done = receive(tmp_path, raw)
    assert (done.returncode, done.stderr.strip()) == (65, b"no mail")


def test_a_mail_without_end_is_given_back(log: Kawari, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = memo("big@tsubame.example", "x") + b"y" * (50 * 1024 * 1024)
    done = receive(tmp_path, raw)
    assert (done.returncode, done.stderr.strip()) == (65, b"too large")


@pytest.mark.parametrize(
    ("settings", "args"),
    [("colour = 1\n", ()), (None, ("--config", "nowhere.toml")), (None, ("--no-such-option",)), ("[log\n", ())],
)
def test_wrong_settings_are_said_as_such(log: Kawari, tmp_path: Path, settings: str | None, args: tuple[str]) -> None:
    if settings:
        (tmp_path / "kawari.toml").write_text(settings)
    done = receive(tmp_path, memo("m4@tsubame.example", "x"), *args)
    assert (done.returncode, bool(done.stderr), b"Traceback" in done.stderr) == (78, True, False)


def test_a_database_that_is_away_or_of_another_time_lets_the_server_try_again(log: Kawari, tmp_path: Path) -> None:
    raw, settings = memo("m5@tsubame.example", "x"), tmp_path / "kawari.toml"
    whole = settings.read_text("utf-8")
    away = "postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2"
    settings.write_text(whole.replace("sqlite:///diary.db", away), "utf-8")
    assert receive(tmp_path, raw).returncode == 75
    settings.write_text(whole, "utf-8")
    with closing(sqlite3.connect(tmp_path / "diary.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    assert receive(tmp_path, raw).returncode == 75


def test_a_full_disk_lets_the_server_try_again_and_stores_nothing(log: Kawari, tmp_path: Path) -> None:
    raw = memo("full@tsubame.example", "word " * 100_000, to="log+asagao-1@tsubame.example")
    limited = ["sh", "-c", 'ulimit -f 64; exec "$@"', "sh", *KAWARI, "receive"]  # half-kilobytes a file may have
    done = subprocess.run(limited, input=raw, cwd=tmp_path, capture_output=True, timeout=60)
    assert (done.returncode, b"Traceback" in done.stderr) == (75, False)
    assert "full@tsubame.example" not in str(entries(log))
    assert receive(tmp_path, raw).returncode == 0
    assert "full@tsubame.example" in str(entries(log))


def test_a_busy_database_is_waited_for_and_then_left_to_the_server(log: Kawari, tmp_path: Path) -> None:
    raw = memo("busy@tsubame.example", "Called.\n", to="log+asagao-1@tsubame.example")
    with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        command = (KAWARI[0], "-c", "from notes.store import engine; engine._BUSY_SECONDS = 1; " + KAWARI[2])
        done = subprocess.run([*command, "receive"], input=raw, cwd=tmp_path, capture_output=True, timeout=60)
        assert (done.returncode, b"Traceback" in done.stderr) == (75, False)
        waiting = subprocess.Popen([*KAWARI, "receive"], stdin=subprocess.PIPE, cwd=tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.communicate(raw, timeout=3)
        other.execute("ROLLBACK")
        assert waiting.wait(40) == 0
    assert "busy@tsubame.example" in str(entries(log))


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    store = engine.open_store(f"sqlite:///{tmp_path / 'd.db'}")
    durable.keep_on_disk(store)
    with store.begin() as db:
        assert db.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()
