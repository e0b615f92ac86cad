"""A mailbox in memory with one folder: the twin of `ingest.imap.ImapMailbox`, for what no server does on command."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ingest.folders import Listed
from ingest.mailbox import Account, Fetched, FolderState, Waker
from notes.errors import MailboxError

ARRIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Memory:
    """Fulfils `ingest.mailbox.Mailbox`. `breaks` counts calls down to one that fails; the next ones are good again."""

    uidvalidity: int = 1
    next_uid: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    withheld: set[int] = field(default_factory=set)
    breaks: int = -1

    def deliver(self, raw: bytes) -> None:
        self.mails[self.next_uid] = raw
        self.next_uid += 1

    def renumber(self) -> None:
        self.uidvalidity += 1
        self.mails = dict(enumerate(self.mails.values(), 1))
        self.next_uid = len(self.mails) + 1
        self.withheld.clear()

    def listing(self) -> list[Listed]:
        return [Listed("INBOX", "/", frozenset())]

    def examine(self, folder: str) -> FolderState:
        self._count()
        return FolderState(self.uidvalidity, max(self.mails, default=0), len(self.mails))

    def sizes(self, first: int, last: int, since: datetime | None = None) -> dict[int, int]:
        self._count()
        if since and since > ARRIVED:
            return {}
        return {uid: len(raw) for uid, raw in sorted(self.mails.items()) if first <= uid <= last}

    def fetch(self, uids: Sequence[int]) -> list[Fetched]:
        self._count()
        return [
            Fetched(uid, ARRIVED, None if uid in self.withheld else self.mails[uid])
            for uid in uids
            if uid in self.mails
        ]

    def find(self, message_id: str) -> list[int]:
        self._count()
        wanted = f"<{message_id}>".encode()
        return [uid for uid, raw in sorted(self.mails.items()) if wanted in raw.partition(b"\r\n\r\n")[0]]

    def reports(self) -> bool:
        return False

    def wait(self, seconds: float, waker: Waker) -> bool:
        return waker.fileno() < 0

    def alerts(self) -> list[str]:
        return []

    @contextmanager
    def connect(self, account: Account, password: str) -> Iterator["Memory"]:
        self._count()
        yield self

    def _count(self) -> None:
        self.breaks -= 1
        if self.breaks == 0:
            raise MailboxError("mailbox-closed", mailbox="memory")
