"""`kawari poll` as a process of its own: told to stop, killed, and under a service manager."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.progress import time_left
from cli.service import ALIVE, READY, STOPPING, notify, watched
from notes.store.engine import open_store
from tests.dovecot import Dovecot
from tests.ingest.peer import SILENCE, Peer
from tests.ingest.polling import ROOT, lying, mail
from tests.ingest.watched import filed, until

PASSWORD = "orchid-7-lantern"


def settings(folder: Path, port: int, user: str, more: str = "") -> Path:
    path = folder / "kawari.toml"
    path.write_text(
        f"""language = "en"
timezone = "UTC"
database = "sqlite:///kawari.db"
{more}
[organisation]
name = "Hokuto"
domains = ["hokuto.example"]
[[staff]]
id = "mori"
name = "Aoi Mori"
addresses = ["mori@hokuto.example"]
[[mailbox]]
id = "mori"
owner = "mori"
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_env = "KAWARI_TEST_PASSWORD"
folders = {{ "INBOX" = "inbox" }}
"""
    )
    return path


@contextmanager
def kawari(config: Path, *args: str, **environ: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", "from cli.app import main; main()", "--config", str(config), *args]
    given = {name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"}
    given |= {"KAWARI_TEST_PASSWORD": PASSWORD, **environ}
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: "subprocess.Popen[str]", number: int) -> tuple[int, float, str, str]:
    """Sends a signal: the exit code, the seconds it took, stdout and stderr."""
    process.send_signal(number)
    began = time.monotonic()
    out, err = process.communicate(timeout=20)
    return process.returncode, time.monotonic() - began, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_reads_what_comes_and_ends_when_told_to(dovecot: Dovecot, tmp_path: Path, number: int) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(1)])
    with kawari(settings(tmp_path, dovecot.port, user), "poll", "--log-json", "--json") as process:
        until(lambda: (tmp_path / "kawari.db").exists())
        time.sleep(1)
        store = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
        until(lambda: filed(store) == 1)
        dovecot.deliver(user, [mail(2)])
        until(lambda: filed(store) == 2)
        code, seconds, out, err = ended(process, number)
    store.close()
    assert (code, seconds < 5) == (0, True)
    events = [json.loads(line) for line in err.splitlines()]
    assert [one["event"] for one in events] == ["started", "read", "read", "stopped"]
    assert events[1] | {"at": "", "text": ""} == {
        "at": "", "level": "info", "event": "read", "mailbox": "mori", "folder": "INBOX",
        "mails": 1, "new": 1, "unreadable": 0, "text": "",
    }  # fmt: skip
    assert [json.loads(line)["folders"][0]["new"] for line in out.splitlines()] == [1, 1]


def test_it_ends_in_time_though_a_server_says_nothing(tmp_path: Path) -> None:
    with Peer({1: mail(1)}, EXAMINE=SILENCE) as peer, kawari(settings(tmp_path, peer.port, "peer"), "poll") as process:
        until(lambda: peer.commands(b"EXAMINE"))
        code, seconds, _, err = ended(process, signal.SIGTERM)
    assert (code, seconds < 5) == (0, True)
    assert "Traceback" not in err


def test_once_ends_in_time_though_a_server_says_nothing(tmp_path: Path) -> None:
    silent = Peer({1: mail(1)}, EXAMINE=SILENCE)
    with silent as peer, kawari(settings(tmp_path, peer.port, "peer"), "poll", "--once") as process:
        until(lambda: peer.commands(b"EXAMINE"))
        code, seconds, _, _ = ended(process, signal.SIGTERM)
    assert (code, seconds < 5) == (0, True)


def test_the_next_poller_goes_on_at_once_where_one_was_killed(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(30)])
    config = settings(tmp_path, dovecot.port, user)
    with kawari(config, "poll") as process:
        until(lambda: (tmp_path / "kawari.db").exists())
        time.sleep(0.7)
        process.kill()
    with kawari(config, "poll") as process:
        time.sleep(0.5)
        store = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
        until(lambda: filed(store) == 30)
        assert ended(process, signal.SIGTERM)[0] == 0
    assert lying(store, "mori") == [30, 30]
    store.close()


def test_a_wrong_password_is_waited_out_after_three_tries_unless_the_mailbox_is_named(tmp_path: Path) -> None:
    refusal = b"$TAG NO [AUTHENTICATIONFAILED] wrong\r\n"
    with Peer(LOGIN=refusal) as peer:
        config = settings(tmp_path, peer.port, "peer")
        said = []
        for more in ([], [], [], [], ["--mailbox", "mori"]):
            with kawari(config, "poll", "--once", *more) as process:
                said.append((process.communicate(timeout=20)[1].strip(), process.returncode))
        assert len(peer.commands(b"LOGIN")) == 4
    assert {code for _, code in said} == {5}
    assert ["is left alone until" in text for text, _ in said] == [False, False, False, True, False]


# --- the service manager ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no service manager here")
def test_the_service_manager_hears_of_start_life_and_end(dovecot: Dovecot, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(15)
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "300000000"}
        with kawari(settings(tmp_path, dovecot.port, dovecot.user()), "poll", **environ) as process:
            assert manager.recv(100).decode() == READY
            assert manager.recv(100).decode() == ALIVE
            process.send_signal(signal.SIGTERM)
            heard = {manager.recv(100).decode() for _ in range(2)}
            assert heard == {ALIVE, STOPPING}
            process.communicate(timeout=20)
            assert process.returncode == 0


def test_without_a_manager_nothing_is_told() -> None:
    assert not notify({}, READY)
    assert not notify({"NOTIFY_SOCKET": "nonsense"}, READY)
    assert not notify({"NOTIFY_SOCKET": "/nowhere/at/all"}, READY)
    assert not watched({})
    assert not watched({"WATCHDOG_USEC": "300", "WATCHDOG_PID": "1"})
    assert watched({"WATCHDOG_USEC": "300", "WATCHDOG_PID": str(os.getpid())})


# --- how far it is ----------------------------------------------------------------------------------------------------


def test_how_fast_it_goes_and_how_long_it_takes_is_said_once_it_is_known() -> None:
    assert time_left(10, 100, 1) == ""
    assert time_left(500, 1_500, 5) == "100/s · 0:11 left"
    assert time_left(100, 100_000, 10) == "10/s · 2:46:31 left"
    assert time_left(9, None, 6) == "1.5/s"
    assert time_left(100, 100, 10) == "10/s"
