"""The poller that stays: a thread for each mailbox, one that files, and one that waits to be told to stop.

    mailbox:  lease → left alone after failures? → connect → poll → IDLE on the inbox, or wait → poll …
    filing:   told of new mail → file it; the older mail of a first reading when all of it is in

One connection a mailbox. The threads share nothing but the diary, whose transactions are all or nothing: whoever is
killed leaves it as it was. What they decide is in `ingest.watching`, `ingest.patience` and `ingest.portions`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Thread

from ingest import imap, patience
from ingest.context import Context
from ingest.faults import told
from ingest.leases import Leases
from ingest.mailbox import Account, Connect, FolderState, Mailbox
from ingest.poll import NEWEST_FIRST, FolderResult, Visit, filing
from ingest.portions import Care
from ingest.reading import FOLDERS_OWN, BrokenFetchError, Progress, Tally
from ingest.reconsider import file_in_order, file_recent
from ingest.refetch import give_up
from ingest.side_by_side import join
from ingest.stopping import Bell, Stop
from ingest.watching import Code, Filing, Happening, Rest, Shared, hung, idle_seconds, slept, what_to_file
from notes.errors import DatabaseError, MailboxError
from notes.model import Cursor, Role
from notes.store import leases as store_leases
from notes.store import places
from notes.store.engine import Store

_LOOK_SECONDS = 5.0
_HELD_ELSEWHERE_SECONDS = 30.0
_DATABASE_SECONDS = 10.0
_FAULT_SECONDS = 60.0
_FILE_ANYWAY_SECONDS = 300.0
_STEADY_SECONDS = 60.0
_AFTER_BROKEN_SECONDS = 10.0
_MINUTE_SECONDS = 60.0
_MOST_REMEMBERED = 200


def watch(
    store: Store,
    accounts: Sequence[Account],
    context: Callable[[], Context],
    stop: Stop,
    *,
    tell: Callable[[Happening], None],
    progress: Progress,
    alive: Callable[[], None] = lambda: None,
    every_minute: Callable[[], None] | None = None,
    connect: Connect = imap.connect,
) -> None:
    """Reads every account until `stop` is set, and then ends within seconds: the batches in hand are stored.

    `context` gives the present moment with all else; `tell` is told what happens, one thing at a time; `alive` is
    called every few seconds, unless a thread hangs; `every_minute` in a thread of its own. What fails is told and tried
    again.
    """
    with Leases(store) as leases:
        shared = Shared(store, context, leases, stop, progress, tell, connect)
        shared.greeting |= {account.id for account in accounts}
        readers = [_Reader(shared, account) for account in accounts]
        threads = [Thread(target=reader.run, name=reader.account.id, daemon=True) for reader in readers]
        threads.append(Thread(target=_Filer(shared).run, name="filing", daemon=True))
        if every_minute:
            threads.append(Thread(target=_each_minute, args=(stop, every_minute), name="minutes", daemon=True))
        for thread in threads:
            thread.start()
        _look_after(shared, readers, alive)
        join(threads, stop.is_set)


def _each_minute(stop: Stop, act: Callable[[], None]) -> None:
    """Once a minute until told to stop, whatever happens."""
    while not stop.wait(_MINUTE_SECONDS):
        try:
            act()
        except DatabaseError:
            continue  # the mailboxes' threads say so
        except Exception as error:  # noqa: BLE001 - as with the mailboxes
            told("minutes", error)


def _look_after(shared: Shared, readers: "Sequence[_Reader]", alive: Callable[[], None]) -> None:
    """Until told to stop: says that all is well, and wakes who waits for what is no longer so."""
    stopped = False
    while not stopped:
        wall, running = time.time(), time.monotonic()
        stopped = shared.stop.wait(_LOOK_SECONDS)
        if not hung(shared.working, time.monotonic()):
            alive()
        asleep = slept(time.time() - wall, time.monotonic() - running)
        for reader in readers:
            if stopped or asleep or (reader.reading and not shared.leases.holds(reader.account.id)):
                reader.bell.ring()
    shared.opened.set()
    with shared.change:
        shared.change.notify_all()


@dataclass
class _Reader:
    """The thread of one mailbox. `bell` wakes it; `reading`: it believes to have the lease; `pause`: seconds until the
    next connection; `shut`: folders that cannot be read, and why."""

    shared: Shared
    account: Account
    bell: Bell = field(default_factory=Bell)
    reading: bool = False
    care: dict[str, Care] = field(default_factory=dict)
    asked: bool = True
    pause: float = 0.0
    lost: bool = False
    elsewhere: bool = False
    no_database: bool = False
    said: dict[str, None] = field(default_factory=dict)
    shut: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Until told to stop. Whatever goes wrong is waited out."""
        while not self.shared.stop.is_set():
            try:
                self.pause = self._turn()
                self._database_is(None)
            except DatabaseError as error:
                self._database_is(error)
                self.pause = _DATABASE_SECONDS
            except Exception as error:  # noqa: BLE001 - a fault at one mailbox must not end the poller
                told("poller", error)
                self.pause = _FAULT_SECONDS
            self.shared.rests(self.account.id)
            self._rest()
            self.bell.quiet()

    def _rest(self) -> None:
        """Waits for the next turn; after a failure also until somebody who mended it asks for one."""
        until = time.monotonic() + self.pause
        while (left := until - time.monotonic()) > 0:
            rung = self.bell.wait(min(left, _LOOK_SECONDS) if self.lost else left)
            if rung or (self.lost and self._is_asked_for()):
                return

    def _is_asked_for(self) -> bool:
        try:
            trouble = self._trouble()
        except DatabaseError:
            return False
        return trouble is None or trouble.retry_at <= trouble.at

    def _turn(self) -> float:
        """Reads the mailbox as long as a connection holds; the seconds until the next turn."""
        self.shared.works(self.account.id)
        holder = self.shared.leases.take(self.account.id)
        self.reading = holder is None
        self._read_by(holder)
        if holder is not None:
            self.shared.was_read(self.account.id, older=False, news=False)
            return _HELD_ELSEWHERE_SECONDS
        left = self._left_alone()
        return left or self._visit()

    def _left_alone(self) -> float:
        trouble = self._trouble()
        left = patience.wait_left(trouble, self.shared.context().now, asked=self.asked).total_seconds()
        self.asked = False
        if trouble and left:
            self.shared.was_read(self.account.id, older=False, news=False)
            self._is_lost(MailboxError("mailbox-failed-before", mailbox=self.account.id, said=trouble.error))
        return left

    def _visit(self) -> float:
        """One connection, and those that follow at once because a mail broke it."""
        shared = self.shared
        self.pause = 0.0
        visit = Visit(
            shared.store, self.account, shared.context(), shared.shows, self._over, shared.memory,
            tallies={folder: Tally(care=care) for folder, care in self.care.items()},
        )  # fmt: skip
        try:
            visit.read(shared.connect, lambda mailbox: self._stay(visit, mailbox))
        finally:
            self.care = {folder: tally.care for folder, tally in visit.tallies.items()}
        if visit.failure:
            self._report(visit)
            self._is_lost(visit.failure)
        return self.pause

    def _stay(self, visit: Visit, mailbox: Mailbox) -> None:
        """Polls an open mailbox, waits for news, and so on, as long as there is a reason to keep it open."""
        opened = time.monotonic()
        while not self._over():
            visit.again(self.shared.context())
            try:
                self._poll(visit, mailbox)
            except BrokenFetchError:
                self._report(visit, broke=True)
                raise
            try:
                visit.ask_for_broken(mailbox)
            except MailboxError:  # as before, and known: no failure of the mailbox
                self.pause = _AFTER_BROKEN_SECONDS
                return
            try:
                if not self._wait_for_news(visit, mailbox):
                    return
            except MailboxError:
                if time.monotonic() - opened < _STEADY_SECONDS:
                    raise
                self.pause = 0.0  # nobody reports new mail meanwhile
                return  # a connection that was silent for long may end; a new one will tell whether something is wrong

    def _poll(self, visit: Visit, mailbox: Mailbox) -> None:
        visit.read_open(mailbox, NEWEST_FIRST)
        self._report(visit)
        if visit.left and not self._over():
            self.shared.rests(self.account.id)
            self.shared.opened.wait()
            visit.again(self.shared.context())
            visit.read_open(mailbox)
            self._report(visit)
        with self.shared.lock:
            visit.tell(self.shared.sought)
            give_up(self.shared.store, self.shared.sought)

    def _wait_for_news(self, visit: Visit, mailbox: Mailbox) -> bool:
        """Waits until it is time to look into all folders again, reading the inbox whenever it has something new.

        Whether over the same connection; `pause` is set where not.
        """
        inbox = next((folder for folder, role in visit.folders.items() if role is not Role.SENT), None)
        self.pause = self.account.interval
        if inbox is None or inbox in visit.errors or self._over():
            return False
        missed = _missed(mailbox.examine(inbox), self._cursor(inbox))
        rest = Rest()
        until = time.monotonic() + idle_seconds(self.account)
        while mailbox.reports() and not self._over():
            left = until - time.monotonic()
            if left <= 0:
                return True
            self.shared.rests(self.account.id)
            began = time.monotonic()
            news = missed or mailbox.wait(left, self.bell)
            waited, missed = time.monotonic() - began, False
            self.shared.works(self.account.id)
            if self.bell.wait(0):
                self.pause = 0.0
                return False
            if news:
                before = self._cursor(inbox)
                visit.again(self.shared.context())
                visit.read_open(mailbox, only=inbox)
                self._report(visit)
                state, after = mailbox.examine(inbox), self._cursor(inbox)
                # A server that tells of mail it has not shall not keep us reading for ever.
                missed = after != before and _missed(state, after)
                self.bell.wait(rest.after(waited, brought=after != before))
        return False

    def _cursor(self, inbox: str) -> Cursor | None:
        with self.shared.store.read() as db:
            return places.cursor(db, self.account.id, inbox)

    def _report(self, visit: Visit, *, broke: bool = False) -> None:
        """Tells what came, and that it is to be filed; `broke`: before the connection did, and there is more."""
        results = [self._news(one) for one in visit.results()]
        if not visit.failure and not broke and self.lost:
            self.lost = False
            self.shared.tell(Happening(Code.BACK, self.account.id))
        for folder in sorted(self.shut.keys() & visit.fine):
            del self.shut[folder]
            self.shared.tell(Happening(Code.FOLDER_BACK, self.account.id, folder=folder))
        if any(one.mails or one.unreadable or one.notices or one.error for one in results):
            self.shared.tell(Happening(Code.READ, self.account.id, tuple(results)))
        news = any(one.new for one in results) or bool(visit.sought.found)
        if not broke:
            self.shared.was_read(self.account.id, older=visit.left, news=news)
        elif news:
            self.shared.has_news()

    def _news(self, result: FolderResult) -> FolderResult:
        """Without what was said before, or is said of the whole mailbox: nobody reads what is repeated for years."""
        error = result.error if result.error and result.error.code in FOLDERS_OWN else None
        if error and self.shut.get(result.folder) == error.code:
            error = None
        elif error:
            self.shut[result.folder] = error.code
        notices = tuple(one for one in result.notices if self._is_new(f"{one.code} {sorted(one.values.items())}"))
        return replace(result, error=error, notices=notices)

    def _is_new(self, text: str) -> bool:
        if text in self.said:
            return False
        if len(self.said) >= _MOST_REMEMBERED:
            self.said.clear()
        self.said[text] = None
        return True

    def _is_lost(self, error: MailboxError) -> None:
        if not self.lost and not self._over():
            trouble = self._trouble()
            until = trouble.retry_at if trouble else None
            self.shared.tell(Happening(Code.LOST, self.account.id, error=error, until=until))
        self.lost = True

    def _read_by(self, holder: str | None) -> None:
        if (holder is not None) == self.elsewhere:
            return
        self.elsewhere = holder is not None
        code = Code.ELSEWHERE if holder is not None else Code.OURS
        self.shared.tell(Happening(code, self.account.id, holder=" ".join((holder or "").split(":")[:2])))

    def _database_is(self, error: DatabaseError | None) -> None:
        if (error is not None) == self.no_database:
            return
        self.no_database = error is not None
        code = Code.DATABASE_LOST if error else Code.DATABASE_BACK
        self.shared.tell(Happening(code, self.account.id, error=error))

    def _trouble(self) -> store_leases.Trouble | None:
        with self.shared.store.read() as db:
            return store_leases.trouble(db, self.account.id)

    def _over(self) -> bool:
        return self.shared.stop.is_set() or not self.shared.leases.holds(self.account.id)


@dataclass
class _Filer:
    """The thread that files what the others stored."""

    shared: Shared
    began: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Until told to stop; a fault, or a database that is gone, is waited out."""
        while not self.shared.stop.is_set():
            try:
                self._turn()
            except DatabaseError:
                self.shared.stop.wait(_DATABASE_SECONDS)
            except Exception as error:  # noqa: BLE001 - as with the mailboxes
                told("filing", error)
                self.shared.stop.wait(_FAULT_SECONDS)

    def _turn(self) -> None:
        shared = self.shared
        shared.rests("filing")
        with shared.change:
            shared.change.wait_for(self._is_due, 1.0 if shared.greeting else _FILE_ANYWAY_SECONDS)
            what, shared.news = self._what(), False
        if shared.stop.is_set():
            return
        if what is Filing.WAIT:
            shared.news = True
            return
        shared.works("filing")
        file = file_recent if what is Filing.RECENT else file_in_order
        try:
            file(shared.store, shared.context(), stop=shared.stop.is_set, progress=filing(shared.store, shared.shows))
        except BaseException:
            shared.news = True
            raise
        finally:
            shared.opened.set()

    def _is_due(self) -> bool:
        return self.shared.stop.is_set() or (self.shared.news and self._what() is not Filing.WAIT)

    def _what(self) -> Filing:
        seconds = time.monotonic() - self.began
        return what_to_file(greeted=not self.shared.greeting, seconds=seconds, reading_older=bool(self.shared.older))


def _missed(state: FolderState, cursor: Cursor | None) -> bool:
    """Whether mail came after the last look and before the server was asked to report it."""
    return cursor is not None and cursor.uidvalidity == state.uidvalidity and cursor.last_uid < state.last_uid
