"""Who is read, and how it went: one account at one moment, and all of them once.

    lease → left alone after failures? → connect → folders (`ingest.reading`) → fetch again what turned out to be
    somebody's; then all that is new is filed in the order in which it was written

A first reading of much mail is done in two rounds, so that the newest mails are filed while the older ones come. A
folder's or mailbox's failure is written down for the coverage, and does not stop the next.
"""

import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from ingest import backlog, credentials, imap, patience
from ingest.context import Context
from ingest.faults import told
from ingest.leases import Leases
from ingest.mailbox import Account, Connect, Mailbox
from ingest.reading import FOLDERS_OWN, BrokenFetchError, Memory, Progress, Reading, Tally
from ingest.refetch import Sought, fetch_again, give_up
from ingest.side_by_side import side_by_side
from notes.errors import DatabaseError, KawariError, MailboxError
from notes.model import Role
from notes.store import leases as store_leases
from notes.store import pending, places
from notes.store.engine import Store

NEWEST_FIRST = 1_000
"""So many mails of a folder are read, and filed, before older ones are."""

SOON_READ = 5_000
"""So few older mails are not worth two rounds."""

AT_ONCE = 8
RECONNECTS = 12
_AFTER_STOP_SECONDS = 1.5


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
    insist: bool = False,
) -> list[FolderResult]:
    """Reads what is new in every folder of every account, `context.now` being the moment of reading.

    `stop` is asked between batches: once true, what is fetched is stored and the rest is left for the next time. At the
    end, `progress` is told of no mailbox and no folder while the new mails are filed. A mailbox that somebody has to
    mend is left alone after some tries, unless told to `insist`; one that another poller reads is left to it.
    Raises DatabaseError; a mailbox's failures are in the results, and in the coverage.
    """
    memory, sought = Memory(), Sought()
    visits = [Visit(store, account, context, progress, stop, memory, insist=insist) for account in accounts]
    with Leases(store) as leases:
        jobs = [partial(visit.once, connect, leases, NEWEST_FIRST) for visit in visits]
        side_by_side(jobs, stop, at_once=AT_ONCE)
        more = [visit for visit in visits if visit.left]
        if more and not stop():
            from ingest.reconsider import file_recent

            file_recent(store, context, stop=stop, progress=filing(store, progress))
            jobs = [partial(visit.once, connect, leases, None) for visit in more]
            side_by_side(jobs, stop, at_once=AT_ONCE)
    for visit in visits:
        visit.tell(sought)
    give_up(store, sought)
    _file(store, context, progress, stop)
    return [result for visit in visits for result in visit.results()]


def _file(store: Store, context: Context, progress: Progress, stop: Callable[[], bool]) -> None:
    """Files what waits: all of it, or as much as there is time for after being told to stop."""
    if not backlog.waits(store):
        backlog.tidy(store, context.keep)
        return
    from ingest.reconsider import file_in_order, file_recent  # all that files mail

    if stop():
        over = time.monotonic() + _AFTER_STOP_SECONDS
        file_recent(store, context, stop=lambda: time.monotonic() > over, progress=filing(store, progress))
    else:
        file_in_order(store, context, stop=stop, progress=filing(store, progress))


def filing(store: Store, progress: Progress) -> Callable[[int], None]:
    """Shows how many of the mails that wait now are filed."""
    with store.read() as db:
        total = pending.count(db)
    return lambda done: progress("", "", done, max(total, done))


@dataclass
class Visit:
    """An account, read at one moment (`context.now`), perhaps over several connections.

    `fetches_again`: looking for wanted mails has not broken a connection yet. `failure` is why the whole account could
    not be read; `left` whether older mail is still to be read.
    """

    store: Store
    account: Account
    context: Context
    progress: Progress
    stop: Callable[[], bool]
    memory: Memory
    insist: bool = False
    chance: Callable[[], float] = random.random
    tallies: dict[str, Tally] = field(default_factory=dict)
    folders: dict[str, Role] = field(default_factory=dict)
    errors: dict[str, MailboxError] = field(default_factory=dict)
    fine: set[str] = field(default_factory=set)
    notices: list[Notice] = field(default_factory=list)
    failure: MailboxError | None = None
    sought: Sought = field(default_factory=Sought)
    fetches_again: bool = True

    def once(self, connect: Connect, leases: Leases, most: int | None) -> None:
        """Reads the account, if nobody else does and it is not to be left alone."""
        if self.stop():
            return
        self.fine.clear()
        holder = leases.take(self.account.id)
        if holder is not None:
            who = " ".join(holder.split(":")[:2])
            if self.insist and self._try_now():
                self.notice("mailbox-asked-elsewhere", holder=who)
            else:
                self.notice("mailbox-read-elsewhere", holder=who)
            return
        try:
            trouble = self._trouble()
            wait = patience.wait_left(trouble, self.context.now, asked=True)
            if trouble and wait and not self.insist:
                at = (self.context.now + wait).strftime("%Y-%m-%d %H:%M")
                error = MailboxError("mailbox-waits", mailbox=self.account.id, tries=trouble.failures, at=at)
                self.failure = error
                return
            self.read(connect, lambda mailbox: self._read_once(mailbox, most))
        finally:
            leases.release(self.account.id)

    def read(self, connect: Connect, stay: Callable[[Mailbox], None]) -> None:
        """Connects and lets `stay` read; where a mail breaks the connection, again and again. Failures are noted.

        Raises DatabaseError.
        """
        if credentials.open_to_others(self.account.secret):
            self.notice("password-file-open", source=credentials.source(self.account.secret))
        for attempt in range(RECONNECTS + 1):
            try:
                with connect(self.account, credentials.fetch(self.account.secret)) as mailbox:
                    stay(mailbox)
            except BrokenFetchError as broke:
                if broke.hopeful and attempt < RECONNECTS and not self.stop():
                    continue
                self.failed(broke.error)
            except MailboxError as error:
                self.failed(error)
            except DatabaseError:
                raise
            except Exception as error:  # noqa: BLE001 - a fault at one mailbox keeps nobody from the others
                told("poller", error)
                self.failed(MailboxError("mailbox-fault", mailbox=self.account.id, said=type(error).__name__))
            return

    def again(self, context: Context) -> None:
        """At a later moment, with nothing to tell yet."""
        self.context = context
        self.tallies = {folder: Tally(care=tally.care) for folder, tally in self.tallies.items()}
        self.notices.clear()
        self.fine.clear()
        self.sought = Sought()

    def read_open(self, mailbox: Mailbox, most: int | None = None, only: str | None = None) -> None:
        """Reads all folders of an open mailbox, or `only` one. Raises MailboxError, BrokenFetchError, DatabaseError."""
        found = self.account.folders
        if found is None and not (only and self.folders):
            found = imap.find_folders(mailbox, log=self.account.owner is None)
            self._note_vanished(found)
        self.folders = dict(found or self.folders)
        self.failure = None
        for folder, role in self.folders.items():
            if self.stop():
                return
            if only in (None, folder):
                self._read_folder(mailbox, folder, role, most)
        if only is None and self.fetches_again:
            self._fetch_again(mailbox)
        if self._trouble():
            self._note(None)

    def ask_for_broken(self, mailbox: Mailbox) -> None:
        """Asks for the mails at which the server hung up before, last of all. Raises DatabaseError, and MailboxError
        when it does so again, which is nobody's failure."""
        for folder, role in self.folders.items():
            if not self.stop() and folder not in self.errors:
                self._reading(mailbox, folder, role).ask_for_broken()

    @property
    def left(self) -> bool:
        """Whether older mail is still to be read of a folder that can be read."""
        return not self.failure and any(
            tally.left for folder, tally in self.tallies.items() if folder not in self.errors
        )

    def results(self) -> list[FolderResult]:
        """What came of it, folder by folder; what there is to say stands with the last one."""
        folders = self.folders or dict(self._expected())
        results = [self._result(folder, role) for folder, role in folders.items()]
        if results and self.notices:
            last = results[-1]
            results[-1] = FolderResult(
                last.mailbox, last.folder, last.role, last.mails, last.new, last.unreadable, last.error,
                tuple(self.notices),
            )  # fmt: skip
        return results

    def tell(self, sought: Sought) -> None:
        """Adds to the mails that all mailboxes were asked for."""
        sought.found |= self.sought.found
        for mailbox, absent in self.sought.absent.items():
            sought.absent[mailbox] = absent

    def failed(self, error: MailboxError) -> None:
        """Notes that the account could not be read (any further)."""
        self.failure = error
        self._note(patience.after_failure(self._trouble(), worded(error), self.context.now, self.chance()))
        for folder, role in (self.folders or dict(self._expected())).items():
            if folder not in self.fine:
                self._note_failure(folder, role, error)

    def notice(self, code: str, **values: object) -> None:
        """Something to be read by the user."""
        self.notices.append(Notice(code, {"mailbox": self.account.id, **values}))

    def _read_once(self, mailbox: Mailbox, most: int | None) -> None:
        self.read_open(mailbox, most)
        with suppress(MailboxError):
            self.ask_for_broken(mailbox)

    def _read_folder(self, mailbox: Mailbox, folder: str, role: Role, most: int | None) -> None:
        try:
            self._reading(mailbox, folder, role).run(most=most, enough=SOON_READ)
            self.fine.add(folder)
            self.errors.pop(folder, None)
        except MailboxError as error:
            if error.code not in FOLDERS_OWN:
                raise
            self.errors[folder] = error
            self._note_failure(folder, role, error)
        finally:
            for said in mailbox.alerts():
                self.notice("mailbox-alert", said=said)

    def _reading(self, mailbox: Mailbox, folder: str, role: Role) -> Reading:
        tally = self.tallies.setdefault(folder, Tally())
        ours = (self.store, self.account, self.context)
        return Reading(*ours, mailbox, folder, role, tally, self.memory, self.stop, self.progress)

    def _fetch_again(self, mailbox: Mailbox) -> None:
        """Looks for mails that turned out to be somebody's after all. Where that breaks the connection, the next one
        does without: new mail comes first. Raises BrokenFetchError."""
        if self.stop():
            return
        before = len(self.sought.found)
        try:
            folders = {folder: role for folder, role in self.folders.items() if folder not in self.errors}
            fetch_again(self.store, self.account, mailbox, folders, self.context, self.sought)
        except MailboxError as error:
            self.notice("content-later", said=worded(error))
            if error.code not in FOLDERS_OWN:
                self.fetches_again = False
                raise BrokenFetchError(error, hopeful=True) from error
        if len(self.sought.found) > before:
            self.notice("content-fetched", count=len(self.sought.found) - before)

    def _expected(self) -> Mapping[str, Role]:
        """The folders to blame when the account cannot be opened: those of the settings, else those read before."""
        if self.account.folders is not None:
            return self.account.folders
        return self._known() or {"INBOX": Role.INBOX if self.account.owner else Role.LOG}

    def _known(self) -> dict[str, Role]:
        with self.store.read() as db:
            return places.folders(db, self.account.id)

    def _note_vanished(self, found: Mapping[str, Role]) -> None:
        """A folder that was read and is no longer there was deleted, or has another name now."""
        for folder, role in self._known().items():
            if folder not in found:
                error = MailboxError("mailbox-folder-missing", mailbox=self.account.id, folder=folder, folders="")
                self._note_failure(folder, role, error)

    def _note_failure(self, folder: str, role: Role, error: MailboxError) -> None:
        with self.store.begin() as db:
            places.record_failure(db, self.account.id, folder, role, worded(error), self.context.now)

    def _trouble(self) -> store_leases.Trouble | None:
        with self.store.read() as db:
            return store_leases.trouble(db, self.account.id)

    def _try_now(self) -> bool:
        """Whoever reads it may be waiting after failures that somebody has mended."""
        with self.store.aside() as db:
            return store_leases.try_now(db, self.account.id)

    def _note(self, trouble: store_leases.Trouble | None) -> None:
        with self.store.aside() as db:
            store_leases.note_trouble(db, self.account.id, trouble)

    def _result(self, folder: str, role: Role) -> FolderResult:
        tally = self.tallies.get(folder, Tally())
        error = self.errors.get(folder) or (None if folder in self.fine else self.failure)
        return FolderResult(self.account.id, folder, role, tally.mails, tally.new, tally.unreadable, error)


def worded(error: MailboxError) -> str:
    """The failure as the coverage keeps it: its code, and what the server or the system said."""
    reason = error.values.get("said") or error.values.get("reason")
    return f"{error.code}: {reason}" if reason else error.code
