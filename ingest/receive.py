"""The conductor: the one place that knows the order of the stations.

    raw mail → read (parse, zones, forwards, signature) ─fails→ quarantine, and the batch goes on
             → store: known? ─yes→ one more place, and stop (unless only its headers were kept: then it is whole again)
             → file (ingest.filing: thread → customer → case → findings → standing) → let go what is nobody's → cursor

`receive` does all of it in one transaction a batch, the cursor in it. A poll, which meets mails folder by folder, only
stores them (`later`), and files them in the order in which they were written when all folders are read: `catch_up`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.context import Context
from ingest.faults import told
from ingest.filing import Filer, again, arrivals, arrive, read, stand_again
from ingest.ledger import Ledger
from ingest.study import Arrival
from ingest.tagging import follow
from ingest.trusted import BY_SERVER, DOUBTS
from ingest.workers import Begun
from notes.errors import KawariError, UnreadableMailError
from notes.model import Cursor, Message, Place, RawMail, Role
from notes.store import cases, homes, mails, pending, places, rereading, search, unfiled, ways
from notes.store.engine import Connection, Store
from notes.store.unfiled import NOT_FILED

__all__ = ["CursorMove", "Report", "catch_up", "file_all", "read", "receive", "retry", "stand_again"]

FILED_AT_ONCE = 200
STOOD_AT_ONCE = 240
"""Cases a transaction: two parts of those that are begun together."""

STORED_AT_ONCE = 40
LARGEST_SENT = 4 << 20
"""Bytes of a mail that another process may read: it holds them some five times."""
Read = tuple[Message | str, bytes]
"""A mail as a message, or why it cannot be read; and its bytes as they are stored, of a large one only once it turns
out to be new."""


@dataclass(frozen=True, slots=True)
class CursorMove:
    """How far a folder is read once the batch is in."""

    mailbox: str
    folder: str
    role: Role
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Report:
    """What a batch brought: `new` mails, mails `known` before, `unreadable` ones, and the keys of touched cases."""

    new: int = 0
    known: int = 0
    unreadable: int = 0
    cases: frozenset[str] = frozenset()


def receive(
    store: Store, batch: Sequence[RawMail], context: Context, cursor: CursorMove | None, *, later: bool = False
) -> Report:
    """Takes a batch of mails in, and moves the folder's cursor with them, all or nothing.

    `later`: the mails are stored, and wait for `catch_up` to be filed; so they do while the diary is filed anew, for
    they are the newest, and what they are about may not be known again yet. A mail that cannot be read is quarantined
    with its reason. Should any other fault come up, the mails are taken in one by one, and the one that makes it is
    quarantined: a poisonous mail must not stop the mailbox for ever. Raises DatabaseError.
    """
    try:
        return _receive(store, batch, context, cursor, later=later)
    except KawariError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is: one mail must not stop a mailbox
        if len(batch) < 2:
            return _put_aside(store, batch, told(NOT_FILED, error), context, cursor)
    singles = [receive(store, [mail], context, None, later=later) for mail in batch]
    with store.begin() as db:
        _move(db, cursor, context)
    return _sum(singles)


def catch_up(
    store: Store,
    context: Context,
    *,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
    since: datetime | None = None,
) -> frozenset[str]:
    """Files the mails that wait for it, the oldest first; returns the keys of the touched cases.

    With `since` those that were written before go on waiting. A transaction each for some hundred mails; `stop` is
    asked between them, `progress` told how many are filed. Standings are worked out at the end: half-way through the
    mail of years, what was kept long ago would look overdue.
    """
    touched: set[str] = set()
    done = 0
    queue = Queue(context, since)
    while not stop():
        filed, keys = _file_some(store, queue)
        if not filed:
            break
        touched |= keys
        done += filed
        progress(done)
    _stand_outdated(store, context, stop)
    return frozenset(touched)


def _file_some(store: Store, queue: "Queue") -> tuple[int, set[str]]:
    """Files the next mails, and lets go of them: how many, and the cases that they touched."""
    with store.begin() as db:
        waiting = queue.next(db)
        return len(waiting), file_all(db, waiting, queue.context, begun=queue.begun)


@dataclass
class Queue:
    """Mails that wait to be filed, some hundred at a time; the next ones are read (`begun`) while those are filed."""

    context: Context
    since: datetime | None = None
    begun: Begun[pending.Waiting, Arrival] | None = None
    _soon: Begun[pending.Waiting, Arrival] | None = None
    _at_hand: dict[int, bytes | None] = field(default_factory=dict)

    def next(self, db: Connection) -> list[pending.Waiting]:
        """The next mails, oldest first; none: all are filed."""
        waiting = pending.to_be_filed(db, 2 * FILED_AT_ONCE, self.since, self._at_hand)
        now, soon = waiting[:FILED_AT_ONCE], waiting[FILED_AT_ONCE:]
        self._at_hand = {one.id: one.packed for one in soon}
        self.begun = self._soon or self._begin(now)
        self._soon = self._begin(soon) if soon else None
        return now

    def _begin(self, waiting: Sequence[pending.Waiting]) -> Begun[pending.Waiting, Arrival]:
        small = [one for one in waiting if one.is_within(LARGEST_SENT)]
        return self.context.workers.begin(again, self.context, small)


def _stand_outdated(store: Store, context: Context, stop: Callable[[], bool]) -> None:
    """Works out the standings of cases that were touched, by this run or by one that was killed."""
    while not stop():
        with store.begin() as db:
            if not stand_some(db, context):
                return


def stand_some(db: Connection, context: Context) -> int:
    """Works out the standings of some hundred touched cases; returns how many."""
    keys = cases.outdated(db, STOOD_AT_ONCE)
    stand_again(db, keys, context)
    return len(keys)


def file_all(
    db: Connection,
    waiting: Sequence[pending.Waiting],
    context: Context,
    begun: Begun[pending.Waiting, Arrival] | None = None,
) -> set[str]:
    """Files stored mails, some of them `begun`; returns the touched cases: their standings wait to be worked out.

    A mail at which filing breaks is nobody's, with the reason `not-filed: what broke, where`.
    """
    try:
        with db.begin_nested():
            return _file(db, waiting, context, begun)
    except KawariError:
        raise
    except Exception as error:  # noqa: BLE001 - as in `receive`
        if len(waiting) < 2:
            for one in waiting:
                pending.give_up(db, one.id, told(NOT_FILED, error))
            return set()
    half = len(waiting) // 2
    return {key for some in (waiting[:half], waiting[half:]) for key in file_all(db, some, context, begun)}


def _file(
    db: Connection,
    waiting: Sequence[pending.Waiting],
    context: Context,
    begun: Begun[pending.Waiting, Arrival] | None,
) -> set[str]:
    touched = _file_now(db, arrivals(db, waiting, context, begun), context)
    cases.outdate(db, sorted(touched))
    return touched


def retry(store: Store, context: Context) -> Report:
    """Reads the quarantined mails again, which a newer version may be able to."""
    with store.read() as db:
        waiting = [places.quarantined_mail(db, one.place) for one in places.quarantined(db)]
    return _sum([receive(store, [mail], context, None) for mail in waiting if mail and mail.raw])


def _receive(
    store: Store, batch: Sequence[RawMail], context: Context, cursor: CursorMove | None, *, later: bool
) -> Report:
    begun = context.workers.begin(_read, context, batch)
    with store.begin() as db:
        every: list[Came] = []
        for start in range(0, len(batch), STORED_AT_ONCE):
            every += _store(db, batch[start : start + STORED_AT_ONCE], begun, context.now)
        found = [one for one in every if _is_news(db, one)]
        back = [one for one in found if one.in_case]
        news = [one for one in found if not one.in_case]
        touched = _complete(db, back, context)
        waits = later or rereading.under_way(db)
        touched |= _wait(db, news) if waits else _file_and_stand(db, [one.arrive(context) for one in news], context)
        touched |= _heed(db, _copies(db, every, news), context)
        _move(db, cursor, context)
    new = sum(one.stored.new for one in every)
    return Report(new, len(every) - new, len(batch) - len(every), frozenset(touched))


@dataclass(frozen=True, slots=True)
class Came:
    """A mail that was read and has its row."""

    stored: mails.Stored
    message: Message
    mail: RawMail

    @property
    def in_case(self) -> bool:
        """Whether a case had its headers, and it is whole again."""
        return self.stored.restored and self.stored.case is not None

    def arrive(self, context: Context, role: Role | None = None) -> Arrival:
        """To be filed, under the ref that it was given."""
        message = replace(self.message, ref=self.stored.ref)
        return arrive(context, self.stored.id, message, role or self.mail.role)


def _store(db: Connection, batch: Sequence[RawMail], begun: Begun[RawMail, Read], now: datetime) -> list[Came]:
    """Stores some mails, the oldest first; those that cannot be read are quarantined. Others read on meanwhile."""
    readings: list[tuple[Message, RawMail]] = []
    packed: dict[Place, bytes] = {}
    for mail in batch:
        found, packed[mail.place] = begun.of(mail)
        if isinstance(found, Message):
            readings.append((found, mail))
        else:
            places.quarantine(db, mail, found, now)
    readings.sort(key=lambda reading: reading[0].date)
    stored = mails.add(db, readings, packed)
    places.release(db, *(mail.place for _, mail in readings))
    return [Came(one, message, mail) for one, (message, mail) in zip(stored, readings, strict=True)]


def _read(_context: Context, mail: RawMail) -> Read:
    try:
        message = read(mail.raw, internaldate=mail.internaldate)
    except UnreadableMailError as error:
        return error.code, b""
    return message, mails.compressed(mail.raw) if len(mail.raw) <= LARGEST_SENT else b""


def _is_news(db: Connection, came: Came) -> bool:
    stored, mail = came.stored, came.mail
    return stored.new or stored.restored or _logged_later(db, stored, mail) or _vouched_later(db, stored, mail)


def _wait(db: Connection, news: Sequence[Came]) -> set[str]:
    pending.put_back(db, [one.stored.id for one in news])
    return set()


def _file_now(db: Connection, arrived: Sequence[Arrival], context: Context) -> set[str]:
    filer = Filer(db, context, Ledger(db, context.directory, arrived))
    for arrival in arrived:
        filer.file(arrival)
    filer.ledger.flush()
    filer.touched |= follow(db, context, filer.tagged)
    if unfiled.settle(db, filer.filed, context.keep) and not filer.ledger.rereading:
        search.purge(db)
    return set(homes.living(db, filer.touched).values())


def _file_and_stand(db: Connection, arrived: Sequence[Arrival], context: Context) -> set[str]:
    touched = _file_now(db, arrived, context)
    stand_again(db, sorted(touched), context)
    return touched


def _complete(db: Connection, back: Sequence[Came], context: Context) -> set[str]:
    """Mails of which a case had the headers, and that are whole again."""
    if not back:
        return set()
    arrived = [one.arrive(context) for one in back]
    filer = Filer(db, context, Ledger(db, context.directory, arrived))
    for arrival, one in zip(arrived, back, strict=True):
        filer.complete(arrival, one.stored.case or "")
    stand_again(db, sorted(filer.touched), context)
    return filer.touched


def _copies(db: Connection, every: Sequence[Came], news: Sequence[Came]) -> Sequence[Came]:
    """Mails that are in a case already by another way, and came into the log, or lie there and turn up in Sent."""
    at_work = {one.stored.id for one in news}
    known = (one for one in every if not one.stored.new and one.stored.id not in at_work)
    return [one for one in known if one.mail.role is Role.LOG or _proves(db, one.stored, one.mail)]


def _proves(db: Connection, one: mails.Stored, mail: RawMail) -> bool:
    return mail.role is Role.SENT and any(role is Role.LOG for role, _, _ in ways.of(db, one.id))


def _heed(db: Connection, copies: Sequence[Came], context: Context) -> set[str]:
    """Does what they tell the diary by tags."""
    if not copies:
        return set()
    arrived = [one.arrive(context, Role.LOG) for one in copies]
    filer = Filer(db, context, Ledger(db, context.directory, arrived))
    touched = follow(db, context, {one.message.ref: True for one in arrived if filer.believes(one)})
    stand_again(db, sorted(touched), context)
    return touched


def _logged_later(db: Connection, stored: mails.Stored, mail: RawMail) -> bool:
    """Whether a mail known as nobody's turns up in the log, which makes it somebody's."""
    return mail.role is Role.LOG and not mails.cases_of(db, [stored.ref])


def _vouched_later(db: Connection, stored: mails.Stored, mail: RawMail) -> bool:
    """Whether a mail that was kept aside as not proven turns up where it is believed."""
    elsewhere = mail.role is not Role.LOG or mail.place.folder == BY_SERVER
    return elsewhere and ways.reason(db, stored.id) in DOUBTS


def _put_aside(
    store: Store, batch: Sequence[RawMail], reason: str, context: Context, cursor: CursorMove | None
) -> Report:
    with store.begin() as db:
        for mail in batch:
            places.quarantine(db, mail, reason, context.now)
        _move(db, cursor, context)
    return Report(unreadable=len(batch))


def _move(db: Connection, cursor: CursorMove | None, context: Context) -> None:
    if cursor:
        places.move_cursor(db, cursor.mailbox, cursor.folder, cursor.role, cursor.cursor, context.now)


def _sum(reports: Sequence[Report]) -> Report:
    return Report(
        sum(report.new for report in reports),
        sum(report.known for report in reports),
        sum(report.unreadable for report in reports),
        frozenset[str]().union(*(report.cases for report in reports)),
    )
