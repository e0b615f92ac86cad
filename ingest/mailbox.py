"""What a mailbox is to the way in: where it is, how it is asked, and what it answers.

`Mailbox` is the whole contract between the poller and a server. It holds no command that marks, moves or deletes, so
whoever reads mail through it cannot. `ingest.imap` fulfils it for servers; a test's mailbox in memory does too.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from ingest.credentials import Secret
from ingest.folders import Listed
from ingest.since import Since
from notes.model import Role


class Security(StrEnum):
    """How the connection is protected: TLS from the first byte, STARTTLS (RFC 3501, section 6.2.1), or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, where nobody listens in between."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Account:
    """One account on a mail server. `owner` is a staff id, None for the log's mailbox.

    `folders` maps server folder names to roles; None: ask the server. `ca_file` replaces the system's certificates.
    `interval`: seconds between two polls of what does not report new mail by itself. `since`: how far back it is read.
    """

    id: str
    owner: str | None
    host: str
    port: int
    security: Security
    user: str
    secret: Secret
    folders: Mapping[str, Role] | None = None
    ca_file: Path | None = None
    interval: float = 300.0
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class FolderState:
    """What opening a folder says (RFC 3501, section 6.3.2). `last_uid` is the highest UID in it, 0 in an empty
    one."""

    uidvalidity: int
    last_uid: int
    messages: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as the server gave it; `raw` is None where it lists the mail and does not hand it over."""

    uid: int
    internaldate: datetime | None
    raw: bytes | None


class Waker(Protocol):
    """What ends a wait when it becomes readable."""

    def fileno(self) -> int:
        """Its descriptor."""


class Mailbox(Protocol):
    """A connected mailbox. Every method raises MailboxError when the server refuses or the connection ends."""

    def listing(self) -> Sequence[Listed]:
        """All folders, with their flags."""

    def examine(self, folder: str) -> FolderState:
        """Opens a folder read-only; the three methods below speak of it."""

    def sizes(self, first: int, last: int, since: datetime | None = None) -> dict[int, int]:
        """The size in bytes of every mail whose UID lies in `first` to `last`, both included, by ascending UID.

        With `since` those that arrived before it are left out.
        """

    def fetch(self, uids: Sequence[int]) -> list[Fetched]:
        """These mails by ascending UID, without marking them. Mails that are gone are left out."""

    def find(self, message_id: str) -> list[int]:
        """The UIDs of mails of the open folder whose Message-ID is, or contains, this one, by ascending UID."""

    def reports(self) -> bool:
        """Whether it can report new mail by itself (IDLE, RFC 2177)."""

    def wait(self, seconds: float, waker: Waker) -> bool:
        """Waits until something new is reported for the open folder, at most `seconds`, or until `waker` is readable;
        whether something was."""

    def alerts(self) -> list[str]:
        """What the server wants its user to read ([ALERT], RFC 3501, section 7.1) since the last call."""


Connect = Callable[[Account, str], AbstractContextManager[Mailbox]]
"""Opens an account with its password."""
