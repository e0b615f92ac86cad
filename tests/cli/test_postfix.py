"""A real Postfix in front of `kawari receive` and `kawari lmtp`: what it keeps comes again, nothing is lost."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import postfix
from tests.cli import diaries, handed_over
from tests.cli.conftest import Kawari
from tests.cli.handed_over import forward, memo
from tests.cli.test_lmtp import LOG, PLUS, serving, stored

QUICK = "from notes.store import engine; engine._BUSY_SECONDS = 1; "


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folder of a small diary, which every user may pass to."""
    path = Path(tempfile.mkdtemp(prefix="kawari-handed-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def log(folder: Path, bare: Kawari, monkeypatch: pytest.MonkeyPatch) -> Kawari:
    monkeypatch.chdir(folder)
    diaries.write(folder)
    handed_over.prepare(folder)
    for name in ("INBOX", "Sent"):
        assert bare("import", name, "--mailbox", "mori", "--folder", name).code == 0
        shutil.rmtree(folder / name)
    return bare


@pytest.mark.parametrize("way", ["kawari:", "lmtp"])
def test_what_cannot_be_stored_now_comes_again_and_what_is_accepted_is_filed(
    log: Kawari, folder: Path, way: str
) -> None:
    with postfix.small_disk(folder, "4m"), handing(folder, way) as server:
        while_locked(server, folder, "p1@tsubame.example")
        while_full(server, folder, "p2@tsubame.example")
        server.send(memo("p3@tsubame.example", "Called.\n", to="undisclosed-recipients:;"), PLUS)
        server.send(forward("p4@tsubame.example"), LOG, "somebody@tsubame.example")
        server.send(memo("p5@evil.example", "x", sender="Eve <eve@evil.example>"), LOG, sender="eve@evil.example")
        server.send(memo("p6@tsubame.example", "Called back.\n"), PLUS, sender="")
        server.waits_for("sent", 7)  # one of them to somebody else
        assert (server.queue(), "status=bounced" in server.log()) == (0, False)
        entries = [one["ref"] for one in log("timeline", "kiku-1", "--json").json["entries"]]
        assert sorted(entries) == ["b1@kiku.example", *(f"p{n}@tsubame.example" for n in (1, 2, 3, 6))]
        path = "Return-Path: <MAILER-DAEMON>" if way == "kawari:" else "Return-Path: <>"  # who has none is not answered
        assert path in log("show", "p6@tsubame.example", "--raw").out
        assert log("timeline", "asagao-1", "--json").json["entries"][-1]["kind"] == "forward"
        aside = {one["ref"]: one["reason"] for one in log("unfiled", "--json").json["messages"]}
        assert aside["p5@evil.example"] == "log-stranger"


def while_locked(server: postfix.Postfix, folder: Path, ref: str) -> None:
    with closing(sqlite3.connect(folder / "diary.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        server.send(memo(ref, "x"), PLUS)
        server.waits_for("deferred")
        assert ref not in stored(folder)
        other.execute("ROLLBACK")
    server.tries_again(1)


def while_full(server: postfix.Postfix, folder: Path, ref: str) -> None:
    fill(folder)
    before = server.log().count("status=deferred")
    server.send(memo(ref, "word " * 50_000), PLUS)
    server.waits_for("deferred", before + 1)
    (folder / "filler").unlink()
    server.tries_again(2)


def test_a_service_that_is_killed_or_not_there_loses_nothing(log: Kawari, folder: Path) -> None:
    (port,) = postfix._free_ports(1)
    where = f"127.0.0.1:{port}"
    with postfix.running(folder, f"lmtp:inet:{where}") as server:
        server.send(memo("p6@tsubame.example", "x"), PLUS)
        server.waits_for("deferred")
        with closing(sqlite3.connect(folder / "diary.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with serving(folder, "--listen", where) as (service, _):
                time.sleep(1.5)  # the mail is being handed over
                service.kill()
                service.wait()
            other.execute("ROLLBACK")
        with serving(folder, "--listen", where):
            server.tries_again(1)
    entries = log("timeline", "kiku-1", "--json").json["entries"]
    assert [one["ref"] for one in entries].count("p6@tsubame.example") == 1


class handing:  # noqa: N801 - reads as a verb
    """A Postfix that hands mail to kawari in one way, and what it takes for that."""

    def __init__(self, folder: Path, way: str) -> None:
        self._parts = self._begin(folder, way)

    def __enter__(self) -> postfix.Postfix:
        return next(self._parts)

    def __exit__(self, *error: object) -> None:
        next(self._parts, None)

    @staticmethod
    def _begin(folder: Path, way: str) -> Iterator[postfix.Postfix]:
        if way == "lmtp":
            with serving(folder, before=QUICK) as (_, where), postfix.running(folder, f"lmtp:inet:{where}") as server:
                yield server
        else:
            with postfix.running(folder, way, before=QUICK) as server:
                postfix.give_away(folder)
                yield server


def fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 65536) == 65536:
                pass
        except OSError:
            return
