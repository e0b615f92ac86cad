"""`kawari lmtp`, as a real process, spoken to as mail servers do: accepted means stored, and nothing is lost."""

import signal
import smtplib
import socket
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli import handed_over
from tests.cli.conftest import Kawari
from tests.cli.handed_over import KAWARI, forward, memo

LOG = "log@tsubame.example"
PLUS = "log+kiku-1@tsubame.example"


@pytest.fixture
def log(kawari: Kawari, tmp_path: Path) -> Kawari:
    handed_over.prepare(tmp_path)
    return kawari


@contextmanager
def serving(folder: Path, *where: str, before: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The service and where it listens."""
    command = (KAWARI[0], "-c", before + KAWARI[2], "lmtp", *(where or ("--listen", "127.0.0.1:0")))
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert service.stderr
            line = service.stderr.readline()
            yield service, line.split(" at ")[1].split(". ")[0] if " at " in line else line
        finally:
            service.kill()


def talk(where: str) -> smtplib.LMTP:
    host, _, port = where.rpartition(":")
    return smtplib.LMTP(host, int(port)) if host else smtplib.LMTP(where, 0)


def stored(folder: Path) -> set[str]:
    """What another process sees of the diary."""
    with closing(sqlite3.connect(folder / "diary.db")) as db:
        return {ref for (ref,) in db.execute("SELECT ref FROM message")}


def test_what_is_accepted_is_stored_and_filed(log: Kawari, tmp_path: Path) -> None:
    with serving(tmp_path) as (service, where):
        with talk(where) as server:
            raw = memo("l1@tsubame.example", "6月12日までに回答すると伝えた\n.hidden dot\n", to="staff:;")
            server.sendmail("mori@tsubame.example", [PLUS], raw)
            assert "l1@tsubame.example" in stored(tmp_path)
            server.sendmail("mori@tsubame.example", [LOG], forward("l2@tsubame.example"))
        service.send_signal(signal.SIGTERM)
        assert service.wait(10) == 0
    entry = log("timeline", "kiku-1", "--json").json["entries"][-1]
    assert (entry["ref"], entry["kind"]) == ("l1@tsubame.example", "call")
    assert ".hidden dot" in log("show", "l1@tsubame.example").out
    assert log("timeline", "asagao-1", "--json").json["entries"][-1]["kind"] == "forward"


def test_every_recipient_gets_an_answer(log: Kawari, tmp_path: Path) -> None:
    with serving(tmp_path) as (_, where), talk(where) as server:
        server.ehlo()
        server.mail("mori@tsubame.example")
        answers = [server.rcpt(to)[0] for to in (LOG, "mori@tsubame.example", PLUS, "log@evil.example")]
        assert answers == [250, 550, 250, 550]
        code, _ = server.data(memo("l3@tsubame.example", "x"))
        second, _ = server.getreply()
        assert (code, second) == (250, 250)
        assert server.noop()[0] == 250


def test_what_is_no_mail_or_too_large_is_refused_for_good(log: Kawari, tmp_path: Path) -> None:
    with serving(tmp_path) as (_, where), talk(where) as server:
        with pytest.raises(smtplib.SMTPDataError) as error:
            server.sendmail("a@b.example", [LOG], b"no header at all\r\n")
        assert error.value.smtp_code == 554
        server.ehlo()
        assert server.mail("a@b.example", [f"SIZE={51 * 1024 * 1024}"])[0] == 552


def test_a_busy_database_makes_the_server_try_again(log: Kawari, tmp_path: Path) -> None:
    quick = "from notes.store import engine; engine._BUSY_SECONDS = 1; "
    raw = memo("l4@tsubame.example", "x")
    with serving(tmp_path, before=quick) as (_, where), talk(where) as server:
        with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(smtplib.SMTPDataError) as error:
                server.sendmail("mori@tsubame.example", [LOG], raw)
            assert error.value.smtp_code == 451
        assert "l4@tsubame.example" not in stored(tmp_path)
        server.sendmail("mori@tsubame.example", [LOG], raw)
        assert "l4@tsubame.example" in stored(tmp_path)


def test_the_mail_in_hand_is_stored_and_answered_before_the_end(log: Kawari, tmp_path: Path) -> None:
    raw = memo("l5@tsubame.example", "x")
    with serving(tmp_path) as (service, where), talk(where) as server:
        server.ehlo()
        server.mail("mori@tsubame.example")
        server.rcpt(LOG)
        with closing(sqlite3.connect(tmp_path / "diary.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            server.putcmd("data")
            assert server.getreply()[0] == 354
            server.send(raw.replace(b"\n", b"\r\n") + b"\r\n.\r\n")
            time.sleep(0.5)
            service.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            other.execute("ROLLBACK")
        assert server.getreply()[0] == 250
        assert service.wait(20) == 0
    assert "l5@tsubame.example" in stored(tmp_path)


def test_a_socket_is_for_owner_and_group_and_gone_afterwards(log: Kawari, tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))  # left behind by a killed service
    with serving(tmp_path, "--socket", "lmtp") as (service, where):
        assert where == str(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with talk(where) as server:
            server.sendmail("mori@tsubame.example", [LOG], memo("l6@tsubame.example", "x"))
        with serving(tmp_path, "--socket", "lmtp") as (second, said):
            assert (second.wait(10), "in use" in said) == (2, True)
        service.send_signal(signal.SIGTERM)
        assert service.wait(10) == 0
    assert not path.exists()
    path.write_text("a file")
    with serving(tmp_path, "--socket", "lmtp") as (service, _):
        assert service.wait(10) == 2
    assert path.read_text() == "a file"


def test_a_service_manager_hears_when_it_listens(log: Kawari, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        with serving(tmp_path):
            assert manager.recv(100) == b"READY=1"


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("--listen", "0.0.0.0:2424"),
        ("--listen", "192.0.2.1:2424"),
        ("--listen", "2424"),
        ("--listen", "127.0.0.1:mail"),
        ("--listen", "127.0.0.1:2424", "--socket", "x"),
    ],
)
def test_it_listens_on_this_machine_alone(log: Kawari, args: tuple[str, ...]) -> None:
    done = log("lmtp", *args)
    assert (done.code, bool(done.err)) == (2, True)


def test_without_an_address_of_the_log_there_is_nothing_to_accept(kawari: Kawari) -> None:
    done = kawari("lmtp", "--listen", "127.0.0.1:0")
    assert (done.code, "[log]" in done.err) == (2, True)
