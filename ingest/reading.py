"""One folder read: what is new, upwards from the cursor, and in a first reading the rest, downwards from the newest.

    EXAMINE → UIDVALIDITY known? ─no→ cursor: nothing read, the newest UID above it
            → windows of sizes → batches → fetch → receive (mails and cursor in one transaction)

What the server lists and does not hand over is put aside before the cursor passes it, and asked for again. A mail at
which the server hangs up raises `BrokenFetchError`: whoever reads connects again, and `portions.Care` narrows it down.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Condition
from typing import Protocol

from ingest.context import Context
from ingest.mailbox import Account, Fetched, FolderState, Mailbox
from ingest.patience import is_asked_too_much, mail_is_due
from ingest.portions import BATCH_BYTES, BATCH_MAILS, TRIES, Care, Windows, in_batches
from notes.errors import MailboxError
from notes.model import Cursor, Place, RawMail, Role, Via
from notes.store import places
from notes.store.engine import Store
from notes.store.places import Quarantined

MAX_MAIL_BYTES = 150 * 1024 * 1024
MEMORY_BYTES = 24 * 1024 * 1024
NOT_DELIVERED = "not-delivered"
HUNG_UP = "mail-breaks-connection"
TOO_LARGE = "mail-too-large"
FOLDERS_OWN = frozenset({"mailbox-folder-missing", "mailbox-folder-refused", "mailbox-fetch-refused"})
"""Failures of one folder; after any other, the connection is of no more use."""


class Progress(Protocol):
    """Told after every batch how many of a folder's new mails are in; `total` is None or an estimate."""

    def __call__(self, mailbox: str, folder: str, done: int, total: int | None) -> None:
        """Shows it."""


class BrokenFetchError(Exception):
    """The connection broke while mails were fetched: perhaps one of them is to blame, and a new connection helps."""

    def __init__(self, error: MailboxError, *, hopeful: bool) -> None:
        super().__init__(error.code)
        self.error = error
        self.hopeful = hopeful


class Memory:
    """How many bytes of mail may be in hand at the same time, all mailboxes together."""

    def __init__(self, size: int = MEMORY_BYTES) -> None:
        self._size = size
        self._free = size
        self._change = Condition()

    @contextmanager
    def room(self, size: int) -> Iterator[None]:
        """Waits for room; what is larger than all of it waits until it is alone."""
        wanted = min(size, self._size)
        with self._change:
            self._change.wait_for(lambda: self._free >= wanted)
            self._free -= wanted
        try:
            yield
        finally:
            with self._change:
                self._free += wanted
                self._change.notify_all()


@dataclass
class Tally:
    """What reading a folder brought so far. `left` estimates the older mails that a first reading has still to come to;
    `care` is what its broken connections taught."""

    mails: int = 0
    new: int = 0
    unreadable: int = 0
    left: int = 0
    care: Care = field(default_factory=Care)


@dataclass
class Reading:
    """A folder of an open mailbox, at one moment (`context.now`). `stop` is asked between batches; `given_up` are mails
    at which the server hung up."""

    store: Store
    account: Account
    context: Context
    mailbox: Mailbox
    folder: str
    role: Role
    tally: Tally
    memory: Memory
    stop: Callable[[], bool]
    progress: Progress
    given_up: set[int] = field(default_factory=set)

    def run(self, *, most: int | None = None, enough: int = 0) -> None:
        """Reads what is new, and of a first reading the newest `most` mails, or all when `most` is None or only
        `enough` are left. Raises MailboxError, BrokenFetchError, DatabaseError."""
        state = self.mailbox.examine(self.folder)
        self._ask_again(state)
        cursor = self._upwards(state, self._cursor(state))
        unread = self._unread(state, cursor)
        cursor = self._downwards(state, cursor, None if unread <= enough else most)
        self.tally.left = 0 if cursor.first_uid <= 1 else max(1, self._unread(state, cursor))
        if not self.stop():
            self._give_up_left_out(state)
            self._move(cursor)

    def ask_for_broken(self) -> None:
        """Asks again, one by one, for mails at which the server hung up. Raises MailboxError when it does so again."""
        waiting = [one for one in self._waiting(HUNG_UP) if self._is_due(one)]
        state = self.mailbox.examine(self.folder) if waiting else None
        for one in waiting:
            if state is None or self.stop():
                return
            if one.place.uidvalidity == state.uidvalidity:
                self._keep_aside(state, [one.place.uid], HUNG_UP)  # counted first: a poll that dies over it has tried
                self._settle(state, [one.place.uid])

    # --- upwards, downwards

    def _cursor(self, state: FolderState) -> Cursor:
        """Where to go on. What was left out by a later `since` than today's is read after all."""
        with self.store.read() as db:
            known = places.cursor(db, self.account.id, self.folder)
        limit = self.account.since.moment(self.context.now) if self.account.since else None
        if known is None or known.uidvalidity != state.uidvalidity:
            return Cursor(state.uidvalidity, state.last_uid, state.last_uid + 1, limit)
        if known.since is not None and (limit is None or limit < known.since):
            return replace(known, first_uid=known.last_uid + 1, since=limit)
        return replace(known, since=limit) if known.first_uid > 1 and limit else known

    def _upwards(self, state: FolderState, cursor: Cursor) -> Cursor:
        windows = Windows(cursor.last_uid + 1, state.last_uid)
        for low, high in windows:
            sizes = self.mailbox.sizes(low, high, cursor.since)
            windows.held(len(sizes))
            total = self.tally.mails + len(sizes)
            for uids in in_batches(sizes, self.tally.care):
                if self.stop():
                    return cursor
                cursor = replace(cursor, last_uid=uids[-1])
                self._take(state, uids, sizes, cursor)
                self._show(total)
        return replace(cursor, last_uid=max(cursor.last_uid, state.last_uid))

    def _downwards(self, state: FolderState, cursor: Cursor, most: int | None) -> Cursor:
        """What is in the diary already, from a first reading that went another way, is not fetched again."""
        windows, came = Windows(1, cursor.first_uid - 1, downwards=True), 0
        for low, high in windows:
            sizes = self.mailbox.sizes(low, high, cursor.since)
            windows.held(len(sizes))
            with self.store.read() as db:
                known = places.known_uids(db, self.account.id, self.folder, state.uidvalidity, low, high)
            wanted = {uid: sizes[uid] for uid in sorted(sizes.keys() - known, reverse=True)}
            total = self.tally.mails + self._unread(state, cursor)
            for uids in in_batches(wanted, self.tally.care):
                if self.stop() or (most is not None and came >= most):
                    return cursor
                came += len(uids)
                cursor = replace(cursor, first_uid=uids[-1])
                self._take(state, uids, sizes, cursor)
                self._show(total)
            cursor = replace(cursor, first_uid=low)
        return replace(cursor, first_uid=1)

    def _unread(self, state: FolderState, cursor: Cursor) -> int:
        """An estimate of how many mails a first reading has still before it."""
        if cursor.first_uid <= 1:
            return 0
        with self.store.read() as db:
            read = places.count(db, self.account.id, self.folder, state.uidvalidity)
        return max(0, min(state.messages - read, cursor.first_uid - 1))

    def _show(self, total: int) -> None:
        self.progress(self.account.id, self.folder, self.tally.mails, max(total, self.tally.mails))

    # --- a batch

    def _take(self, state: FolderState, uids: Sequence[int], sizes: Mapping[int, int], to: Cursor) -> None:
        if self.tally.care.doubted:
            self._prove(state, sizes)
        left_out = self.given_up.union(self.tally.care.left_out)
        large = [uid for uid in uids if sizes[uid] > MAX_MAIL_BYTES]
        wanted = sorted(set(uids) - set(large) - left_out)
        with self.memory.room(sum(sizes[uid] for uid in wanted)):
            fetched = self._fetched(wanted)
            self._put_aside(state, large, TOO_LARGE)
            if wanted:
                self._give_up_left_out(state)
            elif self.tally.care.left_out:
                return  # nothing came after them yet: the cursor stays before them
            withheld = [mail.uid for mail in fetched if mail.raw is None]
            self._put_aside(state, withheld, NOT_DELIVERED)
            self._store(state, fetched, to)

    def _prove(self, state: FolderState, sizes: Mapping[int, int]) -> None:
        """Some mails in a row broke the connection. Whether they or the server are to blame says another one: the
        newest that has come, else the newest that is to come. Without any the server is believed to be ill."""
        small = [uid for uid, size in sizes.items() if uid not in self.tally.care.tries and size <= BATCH_BYTES]
        with self.store.read() as db:
            known = places.newest_uid(db, self.account.id, self.folder, state.uidvalidity)
        others = filter(None, (known, max(small, default=0)))
        if any(mail.raw for uid in others for mail in self._fetched([uid])):
            self._give_up_left_out(state)
        else:
            self.tally.care.gives_up()

    def _give_up_left_out(self, state: FolderState) -> None:
        """Others came, or there are none: it is these mails that break the connection."""
        came = self.tally.care.came()
        self.given_up.update(came)
        self._put_aside(state, came, HUNG_UP, tries=TRIES)

    def _fetched(self, uids: list[int]) -> list[Fetched]:
        try:
            return self.mailbox.fetch(uids) if uids else []
        except MailboxError as error:
            if error.code in FOLDERS_OWN:
                raise
            waits = is_asked_too_much(str(error.values.get("said", "")))  # another connection would be too much as well
            raise BrokenFetchError(error, hopeful=self.tally.care.broke(uids) and not waits) from error

    def _store(self, state: FolderState, fetched: Sequence[Fetched], to: Cursor | None) -> None:
        from ingest.receive import CursorMove, receive  # all that reads and files mail: loaded when mail has come

        mails = [self._mail(self._place(state, mail.uid), mail) for mail in fetched if mail.raw is not None]
        move = CursorMove(self.account.id, self.folder, self.role, to) if to else None
        report = receive(self.store, mails, self.context, move, later=True)
        self.tally.mails += len(mails)
        self.tally.new += report.new
        self.tally.unreadable += report.unreadable

    def _move(self, cursor: Cursor) -> None:
        with self.store.begin() as db:
            places.move_cursor(db, self.account.id, self.folder, self.role, cursor, self.context.now)

    # --- what was put aside

    def _put_aside(self, state: FolderState, uids: Sequence[int], reason: str, *, tries: int = 1) -> None:
        self.tally.unreadable += len(uids)
        self._keep_aside(state, uids, reason, tries=tries)

    def _keep_aside(self, state: FolderState, uids: Sequence[int], reason: str, *, tries: int = 1) -> None:
        if not uids:
            return
        with self.store.begin() as db:
            for uid in uids:
                mail = self._mail(self._place(state, uid), None)
                places.quarantine(db, mail, reason, self.context.now, tries=tries)

    def _let_go(self, gone: Sequence[Place]) -> None:
        if not gone:
            return
        with self.store.begin() as db:
            places.release(db, *gone)

    def _ask_again(self, state: FolderState) -> None:
        """Asks again for what was not handed over, and whether what is too large is still there. What was counted under
        another UIDVALIDITY is let go: it is deleted, or comes again under its new UID."""
        aside = [one for reason in (NOT_DELIVERED, TOO_LARGE, HUNG_UP) for one in self._waiting(reason)]
        here = [one for one in aside if one.place.uidvalidity == state.uidvalidity]
        self._let_go([one.place for one in aside if one.place.uidvalidity != state.uidvalidity])
        due = sorted(one.place.uid for one in here if one.reason != HUNG_UP and self._is_due(one))
        try:
            self._ask_for(state, due[:BATCH_MAILS])
        except MailboxError as error:
            if error.code not in FOLDERS_OWN:
                raise  # otherwise: a server that is busy says so of new mail, too

    def _ask_for(self, state: FolderState, aside: Sequence[int]) -> None:
        """Fetches mails that were put aside, as far as they are there and are not too large."""
        if not aside:
            return
        listed = self.mailbox.sizes(aside[0], aside[-1])
        sizes = {uid: listed[uid] for uid in aside if uid in listed and listed[uid] <= MAX_MAIL_BYTES}
        self._let_go([self._place(state, uid) for uid in aside if uid not in listed])
        self._keep_aside(state, [uid for uid in aside if listed.get(uid, 0) > MAX_MAIL_BYTES], TOO_LARGE)
        for uids in in_batches(sizes):
            with self.memory.room(sum(sizes[uid] for uid in uids)):
                self._ask_carefully(state, uids)

    def _ask_carefully(self, state: FolderState, uids: list[int]) -> None:
        """Should one of them break the connection, they are asked for one by one, when all else is read."""
        try:
            self._settle(state, uids)
        except MailboxError as error:
            if error.code in FOLDERS_OWN:
                raise
            self._keep_aside(state, uids, HUNG_UP)
            raise BrokenFetchError(error, hopeful=True) from error

    def _settle(self, state: FolderState, uids: Sequence[int]) -> None:
        """Fetches mails that were put aside; those that are gone from the server are let go."""
        fetched = self.mailbox.fetch(uids)
        self._let_go([self._place(state, uid) for uid in set(uids) - {mail.uid for mail in fetched}])
        self._keep_aside(state, [mail.uid for mail in fetched if mail.raw is None], NOT_DELIVERED)
        self._store(state, [mail for mail in fetched if mail.raw is not None], None)

    def _waiting(self, reason: str) -> list[Quarantined]:
        with self.store.read() as db:
            return places.quarantined_for(db, self.account.id, self.folder, reason)

    def _is_due(self, one: Quarantined) -> bool:
        return mail_is_due(one.tries, one.at, self.context.now)

    def _place(self, state: FolderState, uid: int) -> Place:
        return Place(self.account.id, self.folder, state.uidvalidity, uid)

    def _mail(self, place: Place, mail: Fetched | None) -> RawMail:
        raw, arrived = (mail.raw or b"", mail.internaldate) if mail else (b"", None)
        return RawMail(place, self.role, raw, arrived, Via(self.role))
