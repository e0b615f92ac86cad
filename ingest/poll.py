"""Who is read, in which order, and how far: the mailboxes of the settings, one after the other.

    connect → folders → EXAMINE → UIDVALIDITY known? ─no→ from the first UID
                           │yes: from the cursor
                           └→ sizes of what is new → batches → fetch → receive (mails and cursor in one transaction)
    then: fetch again what turned out to be somebody's, file all that is new in the order in which it was written

What the server lists and does not hand over is quarantined before the cursor passes it, and asked for again at every
poll. A folder's or mailbox's failure is written down for the coverage and does not stop the next.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Protocol

from ingest import credentials, imap
from ingest.mailbox import Account, Connect, Fetched, FolderState, Mailbox
from ingest.receive import Context, CursorMove, receive
from ingest.reconsider import file_in_order
from ingest.refetch import Sought, fetch_again, give_up
from notes.errors import KawariError, MailboxError
from notes.model import Cursor, Place, RawMail, Role, Via
from notes.store import places
from notes.store.engine import Store

BATCH_MAILS = 200
BATCH_BYTES = 8 * 1024 * 1024
MAX_MAIL_BYTES = 150 * 1024 * 1024
NOT_DELIVERED = "not-delivered"
TOO_LARGE = "mail-too-large"
_WINDOW = 20_000
_LARGEST_UID = 2**32 - 1
# Failures of one folder; after any other, the connection is of no more use.
_FOLDERS_OWN = frozenset({"mailbox-folder-missing", "mailbox-folder-refused", "mailbox-fetch-refused"})


class Progress(Protocol):
    """Told after every batch how many of a folder's new mails are in; `total` is None or an estimate."""

    def __call__(self, mailbox: str, folder: str, done: int, total: int | None) -> None:
        """Shows it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should read although nothing failed: a catalog code and its values."""

    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FolderResult:
    """What reading one folder brought: `mails` fetched, `new` to the diary, `unreadable` put aside, and the failure."""

    mailbox: str
    folder: str
    role: Role
    mails: int = 0
    new: int = 0
    unreadable: int = 0
    error: KawariError | None = None
    notices: tuple[Notice, ...] = ()


def poll_once(
    store: Store,
    accounts: Iterable[Account],
    context: Context,
    progress: Progress,
    *,
    stop: Callable[[], bool] = lambda: False,
    connect: Connect = imap.connect,
) -> list[FolderResult]:
    """Reads what is new in every folder of every account, `context.now` being the moment of reading.

    `stop` is asked between batches: once true, what is fetched is stored and the rest is left for the next time. At the
    end, `progress` is told of no mailbox and no folder while the new mails are filed.
    Raises DatabaseError; a mailbox's failures are in the results, and in the coverage.
    """
    results: list[FolderResult] = []
    sought = Sought()
    for account in accounts:
        if stop():
            break
        results += _Poll(store, account, context, progress, stop, sought).run(connect)
    give_up(store, sought)
    file_in_order(store, context, stop=stop, progress=lambda done: progress("", "", done, None))
    return results


def poll_forever(
    poll: Callable[[], Sequence[FolderResult]],
    *,
    seconds: float,
    stop: Event,
    report: Callable[[Sequence[FolderResult]], None],
) -> None:
    """Calls `poll` and `report` every `seconds` until `stop` is set; a poll that runs meanwhile ends its batch."""
    while not stop.is_set():
        report(poll())
        stop.wait(seconds)


@dataclass
class _Poll:
    """One account at one moment."""

    store: Store
    account: Account
    context: Context
    progress: Progress
    stop: Callable[[], bool]
    sought: Sought
    notices: list[Notice] = field(default_factory=list)

    def run(self, connect: Connect) -> list[FolderResult]:
        if credentials.open_to_others(self.account.secret):
            self._notice("password-file-open", source=credentials.source(self.account.secret))
        try:
            with connect(self.account, credentials.fetch(self.account.secret)) as mailbox:
                results = list(self._folders(mailbox))
                return self._fetched_again(mailbox, results) if results else results
        except MailboxError as error:
            return [self._failed(folder, role, error) for folder, role in self._expected().items()]

    def _folders(self, mailbox: Mailbox) -> Iterator[FolderResult]:
        lost: MailboxError | None = None
        folders = self.account.folders
        if folders is None:
            folders = imap.find_folders(mailbox, log=self.account.owner is None)
        for folder, role in folders.items():
            if self.stop():
                return
            if lost:
                yield self._failed(folder, role, lost)
                continue
            reading = _Reading(self, mailbox, folder, role)
            error = _failure(reading)
            for said in mailbox.alerts():
                self._notice("mailbox-alert", said=said)
            lost = error if error and error.code not in _FOLDERS_OWN else None
            yield self._failed(folder, role, error, reading) if error else self._result(reading)

    def _fetched_again(self, mailbox: Mailbox, results: list[FolderResult]) -> list[FolderResult]:
        """Looks for mails that turned out to be somebody's after all; unless the connection failed before."""
        if self.stop() or any(one.error and one.error.code not in _FOLDERS_OWN for one in results):
            return results
        before = len(self.sought.found)
        try:
            folders = {one.folder: one.role for one in results if one.error is None}
            fetch_again(self.store, self.account, mailbox, folders, self.context, self.sought)
        except MailboxError as error:
            self._notice("content-later", said=_worded(error))
        if len(self.sought.found) > before:
            self._notice("content-fetched", count=len(self.sought.found) - before)
        return [*results[:-1], replace(results[-1], notices=(*results[-1].notices, *self._notices()))]

    def _expected(self) -> Mapping[str, Role]:
        """The folders to blame when the account cannot be opened: those of the settings, else those read before."""
        if self.account.folders is not None:
            return self.account.folders
        with self.store.read() as db:
            known = {one.folder: one.role for one in places.coverage(db) if one.mailbox == self.account.id}
        return known or {"INBOX": Role.INBOX if self.account.owner else Role.LOG}

    def _failed(self, folder: str, role: Role, error: MailboxError, reading: "_Reading | None" = None) -> FolderResult:
        with self.store.begin() as db:
            places.record_failure(db, self.account.id, folder, role, _worded(error), self.context.now)
        mails, new, unreadable = (reading.mails, reading.new, reading.unreadable) if reading else (0, 0, 0)
        return FolderResult(self.account.id, folder, role, mails, new, unreadable, error, self._notices())

    def _result(self, reading: "_Reading") -> FolderResult:
        counts = (reading.mails, reading.new, reading.unreadable)
        return FolderResult(self.account.id, reading.folder, reading.role, *counts, notices=self._notices())

    def _notice(self, code: str, **values: object) -> None:
        self.notices.append(Notice(code, {"mailbox": self.account.id, **values}))

    def _notices(self) -> tuple[Notice, ...]:
        told, self.notices = tuple(self.notices), []
        return told


@dataclass
class _Reading:
    """One folder of it, and what it brought so far."""

    poll: _Poll
    mailbox: Mailbox
    folder: str
    role: Role
    mails: int = 0
    new: int = 0
    unreadable: int = 0

    def run(self) -> None:
        state = self.mailbox.examine(self.folder)
        self._retry(state)
        known = self._known(state)
        # A UIDNEXT below what was read already is no UIDNEXT to believe; look at everything behind the cursor.
        last = state.last_uid if state.last_uid >= known else _LARGEST_UID
        total = min(state.messages, last - known)
        for sizes in _windows(self.mailbox, known + 1, last):
            for uids in in_batches(sizes, count=BATCH_MAILS, size=BATCH_BYTES):
                if self.poll.stop():
                    return
                self._take(state, uids, sizes)
                self.poll.progress(self.poll.account.id, self.folder, self.mails, max(total, self.mails))
        with self.poll.store.begin() as db:
            places.record_failure(db, self.poll.account.id, self.folder, self.role, None, self.poll.context.now)

    def _known(self, state: FolderState) -> int:
        with self.poll.store.read() as db:
            cursor = places.cursor(db, self.poll.account.id, self.folder)
        return cursor.last_uid if cursor and cursor.uidvalidity == state.uidvalidity else 0

    def _take(self, state: FolderState, uids: Sequence[int], sizes: Mapping[int, int]) -> None:
        large = [uid for uid in uids if sizes[uid] > MAX_MAIL_BYTES]
        fetched = self.mailbox.fetch([uid for uid in uids if uid not in large])
        withheld = [mail.uid for mail in fetched if mail.raw is None]
        self._quarantine(state, large, TOO_LARGE)
        self._quarantine(state, withheld, NOT_DELIVERED)
        self.unreadable += len(large) + len(withheld)
        self._store(state, fetched, Cursor(state.uidvalidity, uids[-1]))

    def _store(self, state: FolderState, fetched: Sequence[Fetched], to: Cursor | None) -> None:
        mails = [self._mail(state, mail.uid, mail) for mail in fetched if mail.raw is not None]
        move = CursorMove(self.poll.account.id, self.folder, self.role, to) if to else None
        report = receive(self.poll.store, mails, self.poll.context, move, later=True)
        self.mails += len(mails)
        self.new += report.new
        self.unreadable += report.unreadable

    def _quarantine(self, state: FolderState, uids: Sequence[int], reason: str) -> None:
        if not uids:
            return
        with self.poll.store.begin() as db:
            for uid in uids:
                places.quarantine(db, self._mail(state, uid, None), reason, self.poll.context.now)

    def _retry(self, state: FolderState) -> None:
        """Asks again for what was not handed over. What is gone, or was counted under another UIDVALIDITY, is let go:
        it is deleted, or comes again under its new UID."""
        waiting = self._waiting()
        if not waiting:
            return
        current = sorted(place.uid for place in waiting if place.uidvalidity == state.uidvalidity)
        asked, later = current[:BATCH_MAILS], current[BATCH_MAILS:]
        fetched = self.mailbox.fetch(asked)
        there = {mail.uid for mail in fetched} | set(later)
        with self.poll.store.begin() as db:
            for place in waiting:
                if place.uidvalidity != state.uidvalidity or place.uid not in there:
                    places.release(db, place)
        self._quarantine(state, [mail.uid for mail in fetched if mail.raw is None], NOT_DELIVERED)
        self._store(state, [mail for mail in fetched if mail.raw is not None], None)

    def _waiting(self) -> list[Place]:
        with self.poll.store.read() as db:
            every = places.quarantined(db)
        mine = (self.poll.account.id, self.folder)
        return [
            one.place for one in every if one.reason == NOT_DELIVERED and (one.place.mailbox, one.place.folder) == mine
        ]

    def _mail(self, state: FolderState, uid: int, mail: Fetched | None) -> RawMail:
        place = Place(self.poll.account.id, self.folder, state.uidvalidity, uid)
        raw, arrived = (mail.raw or b"", mail.internaldate) if mail else (b"", None)
        return RawMail(place, self.role, raw, arrived, Via(self.role))


def _failure(reading: _Reading) -> MailboxError | None:
    try:
        reading.run()
    except MailboxError as error:
        return error
    return None


def in_batches(sizes: Mapping[int, int], *, count: int, size: int) -> Iterator[list[int]]:
    """UIDs in groups of at most `count` mails and, save for a larger single one, `size` bytes."""
    batch: list[int] = []
    total = 0
    for uid, weight in sizes.items():
        if batch and (len(batch) >= count or total + weight > size):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += weight
    if batch:
        yield batch


def _windows(mailbox: Mailbox, first: int, last: int) -> Iterator[dict[int, int]]:
    """The sizes of all mails from `first` to `last`, some thousands at a time. UIDs may jump by millions, so a window
    that was nearly empty is followed by a wider one."""
    width = _WINDOW
    while first <= last:
        upto = min(first + width - 1, last)
        sizes = mailbox.sizes(first, upto)
        yield sizes
        first = upto + 1
        width = _WINDOW if 4 * len(sizes) > _WINDOW else 4 * width


def _worded(error: MailboxError) -> str:
    """The failure as the coverage keeps it: its code, and what the server or the system said."""
    reason = error.values.get("said") or error.values.get("reason")
    return f"{error.code}: {reason}" if reason else error.code
