"""The diary examined: is the database sound, is every mail in it still readable, are the cursors possible; and what was
put aside tried once more.

Examining changes nothing but what trying again brings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.context import Context
from ingest.reading import HUNG_UP, NOT_DELIVERED
from ingest.receive import read, retry
from notes.errors import UnreadableMailError
from notes.store import health, places
from notes.store.engine import Connection, Store

_AT_ONCE = 100
_MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is wrong: a code, and what it is about: the engine's words, a mail's ref, a folder."""

    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Examined:
    """How many mails were looked at and are damaged, what is wrong (at most a hundred mails by name), and of the
    quarantine how many mails were tried again, could be read, and will be asked for at the next poll."""

    mails: int
    damaged: int
    ailments: tuple[Ailment, ...]
    tried: int
    read: int
    to_ask: int


def examine(
    store: Store,
    context: Context,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Examined:
    """Examines everything; `progress` is told how many of how many mails are done. Raises DatabaseError."""
    with store.read() as db:
        ailments = [Ailment("database-complains", said) for said in health.complaints(db)]
        file = health.open_to_others(db)
        ailments += [Ailment("database-open", file)] if file else []
        ailments += [Ailment("cursor-impossible", f"{mailbox}/{folder}") for mailbox, folder in health.cursors(db)]
        ailments += [Ailment("mail-damaged", where) for where in _spoiled(db)]
        total = health.count(db)
    looked = damaged = 0
    for one in _mails(store):
        looked += 1
        code = _fault(one)
        damaged += code is not None
        if code and damaged <= _MOST_NAMED:
            ailments.append(Ailment(code, one.ref))
        if looked % _AT_ONCE == 0:
            progress(looked, total)
        if stop():
            break
    return Examined(looked, damaged, tuple(ailments), *_try_again(store, context))


def _spoiled(db: Connection) -> Iterator[str]:
    """Mails put aside whose bytes are damaged, by where they lie: they have no ref."""
    for place in (one.place for one in places.quarantined(db)):
        if places.quarantined_mail(db, place) is None:
            yield f"{place.mailbox}/{place.folder} UID {place.uid}"


def _mails(store: Store) -> Iterator[health.Kept]:
    """Every mail, some at a time, each lot in a transaction of its own: a poller may go on meanwhile."""
    last = 0
    while True:
        with store.read() as db:
            some = health.kept(db, last, _AT_ONCE)
        if not some:
            return
        yield from some
        last = some[-1].id


def _fault(one: health.Kept) -> str | None:
    if one.raw is None:
        return "mail-damaged"
    try:
        read(one.raw, internaldate=one.at)
    except UnreadableMailError:
        return "mail-unreadable"
    return None


def _try_again(store: Store, context: Context) -> tuple[int, int, int]:
    """Reads what was put aside with its bytes once more, which a newer version may be able to; what has none is asked
    for at the next poll, however often that was tried."""
    report = retry(store, context)
    with store.begin() as db:
        to_ask = places.ask_again(db, (NOT_DELIVERED, HUNG_UP))
    here = report.new + report.known
    return here + report.unreadable, here, to_ask
