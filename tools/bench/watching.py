"""What the poller that stays does for whoever waits: a delivery until its case shows it, and many mailboxes at once."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from tests.dovecot import Dovecot
from tools.bench.mails import OURS

_LONGEST = 120.0


def delivery(folder: Path, server: Dovecot, kawari: str, rounds: int = 20) -> None:
    """Seconds from the end of a delivery until the mail stands in its case, by IDLE. Dovecot itself waits 0.5 s."""
    user = server.user()
    server.deliver(user, [_mail(number) for number in range(20)])
    took = []
    with _poller(folder, server, kawari, [user]) as diary:
        _until(diary, 20)
        time.sleep(1)
        for number in range(rounds):
            server.deliver(user, [_mail(100 + number)])
            took.append(_until(diary, 21 + number))
            time.sleep(0.2)
    print(f"{'delivery to timeline, median':44} {median(took):7.2f} s  worst {max(took):.2f}; goal 0.8")


def many(folder: Path, server: Dovecot, kawari: str, mailboxes: int = 50) -> None:
    """Ten new mails in each of many mailboxes: from the start of the poller until all stand in their cases."""
    users = [server.user() for _ in range(mailboxes)]
    for number, user in enumerate(users):
        server.deliver(user, [_mail(1_000 * number + each) for each in range(10)])
    with _poller(folder, server, kawari, users) as diary:
        took = _until(diary, 10 * mailboxes)
    print(f"{f'{mailboxes} mailboxes, 10 new mails each':44} {took:7.2f} s")


@contextmanager
def _poller(folder: Path, server: Dovecot, kawari: str, users: list[str]) -> Iterator[Path]:
    folder.mkdir()
    database, settings = folder / "kawari.db", folder / "kawari.toml"
    settings.write_text(_settings(server, users, database))
    environ = {**os.environ, "BENCH_PASSWORD": server.password}
    command = [kawari, "--config", str(settings), "poll"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as process:
        try:
            yield database
        finally:
            process.send_signal(signal.SIGTERM)


def _until(database: Path, filed: int) -> float:
    """Seconds until so many mails stand in their cases."""
    began = time.perf_counter()
    while time.perf_counter() - began < _LONGEST:
        if _filed(database) >= filed:
            return time.perf_counter() - began
        time.sleep(0.005)
    raise TimeoutError(f"{filed} mails were not filed within {_LONGEST:.0f} s")


def _filed(database: Path) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM message WHERE case_key IS NOT NULL").fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0


def _mail(number: int) -> bytes:
    return (
        f"From: Ren Kimura <kimura@customer{number % 40}.example>\r\nTo: sato@{OURS}\r\nSubject: Pump {number}\r\n"
        f"Date: Mon, 2 Mar 2026 09:{number // 60 % 60:02}:{number % 60:02} +0900\r\n"
        f"Message-ID: <watch.{number}@customer{number % 40}.example>\r\n\r\nPump {number} leaks. Can you come?\r\n"
    ).encode()


def _settings(server: Dovecot, users: list[str], database: Path) -> str:
    lines = [
        'language = "en"', 'timezone = "Asia/Tokyo"', f'database = "sqlite:///{database}"',
        "[organisation]", 'name = "Hokuto"', f'domains = ["{OURS}"]',
        "[[staff]]", 'id = "sato"', 'name = "Ken Sato"', f'addresses = ["sato@{OURS}"]',
    ]  # fmt: skip
    for user in users:
        lines += [
            "[[mailbox]]", f'id = "{user}"', 'owner = "sato"', 'host = "127.0.0.1"', f"port = {server.port}",
            'security = "none"', f'user = "{user}"', 'password_env = "BENCH_PASSWORD"',
            'folders = { "INBOX" = "inbox" }',
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
