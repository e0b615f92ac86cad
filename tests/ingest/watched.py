"""A poller that stays, run in a thread for a test, and what it told."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Thread

from ingest import imap
from ingest.context import Context
from ingest.mailbox import Account, Connect
from ingest.stopping import Stop
from ingest.watch import watch
from ingest.watching import Code, Happening
from notes.store.engine import Store
from tests.ingest.polling import context, silent

PATIENCE = 60.0  # as long as a busy machine may take; nothing waits longer than it must
BEGAN = time.monotonic()


@dataclass
class Watched:
    stop: Stop = field(default_factory=Stop)
    told: list[Happening] = field(default_factory=list)

    def codes(self) -> list[Code]:
        return [one.code for one in self.told if one.code is not Code.READ]

    def notices(self) -> list[str]:
        return [notice.code for one in self.told for result in one.results for notice in result.notices]


@contextmanager
def watched(store: Store, accounts: Sequence[Account], connect: Connect = imap.connect) -> Iterator[Watched]:
    run, base = Watched(), context()

    def now() -> Context:
        return replace(base, now=base.now + timedelta(seconds=time.monotonic() - BEGAN))

    options = {"tell": run.told.append, "progress": silent, "connect": connect}
    thread = Thread(target=watch, args=(store, accounts, now, run.stop), kwargs=options)
    thread.start()
    try:
        yield run
    finally:
        run.stop.set()
        thread.join(10)
        assert not thread.is_alive()


def until(true: Callable[[], object]) -> None:
    """Waits until something is so."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < PATIENCE, "it did not come to pass"
        time.sleep(0.01)


def filed(store: Store) -> int:
    with store.read() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM message WHERE case_key IS NOT NULL").scalar_one())
