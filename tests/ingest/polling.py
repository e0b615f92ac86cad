"""What the tests of polling share: numbered mails, accounts, and questions to the diary afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path

from ingest.context import Context
from ingest.mailbox import Account, Security
from ingest.passwords import EnvSecret
from ingest.poll import FolderResult, poll_once
from ingest.workers import HERE, Here
from notes.model import Calendar, Cursor, Directory, Role, Staff
from notes.phrases import load
from notes.store import places
from notes.store.engine import Store

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def mail(number: int, *, size: int = 0) -> bytes:
    """Mail number so-and-so of a customer; every number is another mail in another thread."""
    return (
        f"From: Ren Kimura <kimura@yamabuki.example>\r\nTo: mori@hokuto.example\r\nSubject: Pump {number}\r\n"
        f"Date: Mon, 2 Mar 2026 09:{number // 60 % 60:02}:{number % 60:02} +0900\r\n"
        f"Message-ID: <pump-{number}@yamabuki.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nPump number {number} leaks.\r\n{'drip ' * (size // 5)}\r\n"
    ).encode()


def weekend(day: date) -> bool:
    return day.weekday() >= 5


def context(*, helped: Here = HERE) -> Context:
    people = (Staff("mori", "Aoi Mori", ("mori@hokuto.example",)), Staff("sato", "Ken Sato", ("sato@hokuto.example",)))
    directory = Directory(organisation="Hokuto", domains=frozenset({"hokuto.example"}), staff=people)
    calendar = Calendar(UTC, clock(9), clock(18), weekend)
    return Context(directory, calendar, load(), NOW, workers=helped)


@dataclass(frozen=True)
class AccountOn:
    port: int

    def __call__(self, user: str, folders: Mapping[str, Role] | None = None) -> Account:
        secret = EnvSecret("KAWARI_TEST_PASSWORD")
        return Account(user, "mori", "127.0.0.1", self.port, Security.NONE, user, secret, folders)


def silent(mailbox: str, folder: str, done: int, total: int | None) -> None:
    """Shows nothing."""


def poll(store: Store, *accounts: Account) -> list[FolderResult]:
    return poll_once(store, accounts, context(), silent)


def lying(store: Store, mailbox: str, folder: str = "INBOX") -> list[int]:
    """How many mails of the diary lie in a folder, and how many there are in all."""
    with store.read() as db:
        coverage = {(one.mailbox, one.folder): one.messages for one in places.coverage(db)}
    return [coverage.get((mailbox, folder), 0), len(refs(store))]


def refs(store: Store) -> list[str]:
    with store.read() as db:
        return [one for (one,) in db.exec_driver_sql("SELECT ref FROM message ORDER BY ref")]


def cursor(store: Store, mailbox: str, folder: str = "INBOX") -> Cursor | None:
    with store.read() as db:
        return places.cursor(db, mailbox, folder)


def failures(store: Store) -> dict[tuple[str, str], str | None]:
    with store.read() as db:
        return {(one.mailbox, one.folder): one.error for one in places.coverage(db)}
