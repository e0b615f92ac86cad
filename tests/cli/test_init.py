"""`kawari init` against a server of its own: what is asked, what is written, and that nothing is left half done."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import words
from cli.first_password import proposed
from cli.first_settings import answers, asked, render
from cli.settings import load
from tests.cli.conftest import Kawari

ROOT = str(Path(__file__).parents[2])
KAWARI = [sys.executable, "-c", "from cli.app import main; main()"]


class Terminal:
    """A `kawari init` whose questions are answered through a pseudo-terminal."""

    def __init__(self, folder: Path, *args: str) -> None:
        self.ours, theirs = pty.openpty()
        env = {name: value for name, value in os.environ.items() if "KAWARI" not in name}
        env |= {"PYTHONPATH": ROOT, "XDG_CONFIG_HOME": str(folder / "none"), "TERM": "dumb", "TZ": "UTC"}
        self.process = subprocess.Popen(
            [*KAWARI, "init", "--lang", "en", *args],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=env, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.seen, self.read = "", 0

    def wait_for(self, words_: str, seconds: float = 20) -> None:
        """Reads until the words have come, after those waited for before."""
        end = time.monotonic() + seconds
        while words_ not in self.seen[self.read :]:
            ready, _, _ = select.select([self.ours], [], [], max(0, end - time.monotonic()))
            assert ready, f"no “{words_}” in {self.seen}"
            try:
                self.seen += os.read(self.ours, 4096).decode()
            except OSError:
                pytest.fail(f"ended before “{words_}”: {self.seen}")
        self.read = self.seen.index(words_, self.read) + len(words_)

    def type(self, text: str) -> None:
        os.write(self.ours, f"{text}\n".encode())

    def code(self) -> int:
        try:
            while select.select([self.ours], [], [], 60)[0] and (chunk := os.read(self.ours, 4096)):
                self.seen += chunk.decode()
        except OSError:
            pass
        os.close(self.ours)
        return self.process.wait(20)


@pytest.fixture
def server() -> Iterator[tuple[int, str]]:
    """Port and password of a mail server on loopback."""
    pytest.importorskip("pymap")
    from cli.demo.server import serve

    with serve({"mori": {"INBOX": [], "Sent": []}}) as running:
        yield running.port, running.password


def talk(terminal: Terminal, *pairs: tuple[str, str]) -> None:
    for question, answer in pairs:
        terminal.wait_for(question)
        terminal.type(answer)


def test_a_newcomer_answers_a_few_questions_and_may_be_wrong(server: tuple[int, str], tmp_path: Path) -> None:
    port, password = server
    terminal = Terminal(tmp_path)
    talk(
        terminal,
        ("Your name", "Aya Mori"),
        ("Your mail address", "no address"),
        ("is not possible", "Mori@tsubame.example"),
        ("organisation", "Tsubame"),
        ("[tsubame.example]", ""),
        ("[imap.tsubame.example]", "127.0.0.1"),
        ("Security", "plain"),
        ("Allowed: tls, starttls, none", "none"),
        ("Port", str(port)),
        ("Login name", "mori"),
        ("Time zone", "Asia/Tokyo"),
        ("Country", "JP"),
        ("Where to keep", ""),
        ("File for the password", ""),
        ("while you type): ", "wrong"),
        ("refuses user mori", ""),
        ("Security", ""),
        ("Port", ""),
        ("Login name", ""),
        ("while you type): ", password),
    )
    assert terminal.code() == 0, terminal.seen
    assert password not in terminal.seen
    assert "poll --once" in terminal.seen
    settings = load(tmp_path / "kawari.toml", {})
    assert (settings.timezone, settings.holidays, settings.organisation.domains) == (
        "Asia/Tokyo", "JP", ("tsubame.example",),
    )  # fmt: skip
    (box,) = settings.mailboxes
    assert (box.password_file, box.folders) == ("Mori.password", {"INBOX": "inbox", "Sent": "sent"})
    secret = tmp_path / "Mori.password"
    assert secret.read_text() == f"{password}\n"
    assert {path.stat().st_mode & 0o777 for path in (secret, tmp_path / "kawari.toml")} == {0o600}


@pytest.mark.parametrize("question", ["Your mail address", "Password"])
def test_ctrl_c_leaves_nothing_behind(tmp_path: Path, question: str) -> None:
    terminal = Terminal(tmp_path, "--address", "mori@tsubame.example", "--host", "127.0.0.1")
    if question == "Password":
        for asked_first in (
            "name",
            "organisation",
            "domains",
            "Security",
            "Port",
            "Login",
            "zone",
            "Country",
            "keep",
            "File",
        ):
            talk(terminal, (asked_first, ""))
    terminal.wait_for("name" if question != "Password" else question)
    os.killpg(terminal.process.pid, signal.SIGINT)
    assert terminal.code() == 130
    assert "Traceback" not in terminal.seen
    assert list(tmp_path.iterdir()) == []


def test_with_options_nothing_is_asked_and_the_login_is_tested(
    bare: Kawari, server: tuple[int, str], tmp_path: Path
) -> None:
    port, password = server
    (tmp_path / "secret").write_text(password)
    options = ["--address", "mori@tsubame.example", "--host", "127.0.0.1", "--port", str(port), "--security", "none"]
    options += ["--user", "mori", "--timezone", "Asia/Tokyo", "--yes"]
    failed = bare("init", *options, "--password-env", "NOT_SET_ANYWHERE")
    assert (failed.code, (tmp_path / "kawari.toml").exists()) == (5, False)
    twice = bare("init", *options, "--password-env", "A", "--keyring")
    assert (twice.code, "--keyring" in twice.err) == (2, True)
    done = bare("init", *options, "--password-file", "secret")
    assert (done.code, done.err) == (0, "")
    assert "Sent: sent" in done.out
    assert bare("poll", "--once").code == 0


def test_the_file_that_is_written_is_read_back_whatever_was_answered(tmp_path: Path) -> None:
    words.choose("en")
    given = {"address": "a.b@x.example", "host": "imap.x.example", "name": 'Anna "Bee"\\', "organisation": "日本\t社"}
    known = answers(given, None)
    for way in ("env", "file", "keyring"):
        text = render(known, proposed(way, "a.b").line(), {"INBOX": "inbox", "[Gmail]/Gesendet": "sent"})
        (tmp_path / "kawari.toml").write_text(text, "utf-8")
        settings = load(tmp_path / "kawari.toml", {})
        assert (settings.staff[0].name, settings.organisation.name) == ('Anna "Bee"\\', "日本\t社")
        assert settings.mailboxes[0].folders == {"INBOX": "inbox", "[Gmail]/Gesendet": "sent"}
    assert proposed("env", "a.b").name == "KAWARI_A_B"


def test_a_question_is_put_again_until_its_answer_fits() -> None:
    words.choose("en")
    said, given = [], iter(["Mars/Base", "Asia/Tokyo"])

    def ask(question: str, proposal: str) -> str:
        said.append(question)
        return next(given)

    assert asked("timezone", "UTC", ask) == "Asia/Tokyo"
    assert "“Mars/Base” is not possible" in said[1]
