"""The leases of one poller: taken before a mailbox is read, renewed in the background, given back at the end.

A lease only keeps two pollers from doing the same work; that no mail is doubled is the diary's own business. A holder
that died on this machine is recognised at once, one on another machine by its lease running out.
"""

import os
import secrets
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType

from notes.errors import DatabaseError
from notes.store import leases
from notes.store.engine import Store

LASTS = timedelta(seconds=120)
RENEWED_EVERY = 30.0
GIVES_BACK_SECONDS = 1.0


class Leases:
    """Leases on mailboxes, held by this process as long as the block runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._until: dict[str, float] = {}
        self._lock = Lock()
        self._over = Event()
        self._keeper = Thread(target=self._keep, name="leases", daemon=True)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{machine()}:{secrets.token_hex(4)}"

    def __enter__(self) -> "Leases":
        self._keeper.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """A writer that takes long, with a very large mail in hand, does not keep us: who is gone is known to be."""
        self._over.set()
        giving = Thread(target=self._give_back, name="leases", daemon=True)
        giving.start()
        giving.join(GIVES_BACK_SECONDS)

    def _give_back(self) -> None:
        with suppress(DatabaseError), self._store.aside() as db:
            leases.release(db, self.holder)

    def take(self, mailbox: str) -> str | None:
        """Takes a mailbox; None, or who holds it. Raises DatabaseError."""
        began = _awake()
        with self._store.aside() as db:
            other = leases.take(db, mailbox, self.holder, _now(), LASTS, is_gone)
        with self._lock:
            if other is None:
                self._until[mailbox] = began + LASTS.total_seconds()
            else:
                self._until.pop(mailbox, None)
        return other

    def holds(self, mailbox: str) -> bool:
        """Whether it is still ours, as far as this process can know."""
        with self._lock:
            return self._until.get(mailbox, 0.0) > _awake()

    def release(self, mailbox: str) -> None:
        """Gives a mailbox back. Raises DatabaseError."""
        with self._lock:
            self._until.pop(mailbox, None)
        with self._store.aside() as db:
            leases.release(db, self.holder, mailbox)

    def _keep(self) -> None:
        while not self._over.wait(RENEWED_EVERY):
            with suppress(DatabaseError):  # the next round tries again; `holds` knows when it is too late
                self.renew()

    def renew(self) -> None:
        """Renews all; what another one has taken over meanwhile is no longer ours. Raises DatabaseError."""
        with self._lock:
            ours = set(self._until)
        if not ours:
            return
        began = _awake()
        with self._store.aside() as db:
            kept = leases.renew(db, ours, self.holder, _now(), LASTS)
        with self._lock:
            for mailbox in ours & self._until.keys():
                if mailbox in kept:
                    self._until[mailbox] = began + LASTS.total_seconds()
                else:
                    del self._until[mailbox]


def machine() -> str:
    """Where process numbers mean the same: one run of one machine, and there one container. Names do not tell: many
    machines and containers have the same."""
    known = [socket.gethostname()]
    with suppress(OSError):
        known.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii"))
    with suppress(OSError):
        known.append(str(Path("/proc/self/ns/pid").readlink()))
    return sha256("\n".join(known).encode()).hexdigest()[:12]


def is_gone(holder: str) -> bool:
    """Whether a holder was a process of this machine that lives no more."""
    _host, number, where, *_ = [*holder.split(":"), "", "", ""]
    if sys.platform == "win32" or where != machine() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _now() -> datetime:
    return datetime.now(UTC)


def _awake() -> float:
    """Seconds that go on while the machine sleeps, and that no setting of the clock moves."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
