"""What the threads of a poller that stays share, and what they decide: functions of what happened, without a wait."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from threading import Condition, Event, Lock

from ingest.context import Context
from ingest.leases import Leases
from ingest.mailbox import Account, Connect
from ingest.poll import FolderResult
from ingest.reading import Memory, Progress
from ingest.refetch import Sought
from ingest.stopping import Stop
from notes.errors import KawariError
from notes.store.engine import Store

IDLE_SECONDS = 540.0
"""RFC 2177 says at most 29 minutes; routers forget a silent connection earlier."""

GREETING_SECONDS = 60.0
"""So long the first filing waits for slow mailboxes."""

HUNG_SECONDS = 1_800.0
ASLEEP_SECONDS = 60.0
CALM_SECONDS = 2.0
FIRST_REST_SECONDS = 0.1
LONGEST_REST_SECONDS = 60.0


class Code(Enum):
    """What there is to tell of a mailbox, or of the diary."""

    READ = "read"
    LOST = "lost"
    BACK = "back"
    FOLDER_BACK = "folder-back"
    ELSEWHERE = "elsewhere"
    OURS = "ours"
    DATABASE_LOST = "database-lost"
    DATABASE_BACK = "database-back"


@dataclass(frozen=True, slots=True)
class Happening:
    """What a poll brought; a mailbox that can no longer be read (`error`, tried again at `until`), or can again, or
    a `folder` of it; one that `holder` reads instead of us, or we again."""

    code: Code
    mailbox: str = ""
    results: tuple[FolderResult, ...] = ()
    error: KawariError | None = None
    until: datetime | None = None
    holder: str = ""
    folder: str = ""


class Filing(Enum):
    """What the filing thread does next."""

    WAIT = "wait"
    RECENT = "recent"
    ALL = "all"


def what_to_file(*, greeted: bool, seconds: float, reading_older: bool) -> Filing:
    """`greeted`: every mailbox was read once, or failed; `seconds` since the start; `reading_older`: a first reading
    goes on, so older mail waits until all of it is there, for it is filed in the order of writing."""
    if not greeted and seconds < GREETING_SECONDS:
        return Filing.WAIT
    return Filing.RECENT if reading_older else Filing.ALL


def idle_seconds(account: Account) -> float:
    """How long to wait for the server's word before looking into all folders again."""
    return min(account.interval, IDLE_SECONDS)


def slept(wall: float, running: float) -> bool:
    """Whether so many seconds passed by the wall's clock and by the machine's that it was asleep between, or that the
    clock was set."""
    return abs(wall - running) > ASLEEP_SECONDS


def hung(working_since: Mapping[str, float], now: float) -> list[str]:
    """The threads that gave no sign of life for so long that no slow server explains it."""
    return [who for who, at in working_since.items() if now - at > HUNG_SECONDS]


@dataclass
class Rest:
    """How long a server that reports new mail, and has none, is left alone before it is asked to report again.

    Some report at once whenever they are asked to. One that was silent before has reported something else, like a mail
    that is gone.
    """

    seconds: float = 0.0

    def after(self, waited: float, *, brought: bool) -> float:
        """The seconds to rest after a report for which it `waited`, and which `brought` mail or not."""
        if brought or waited > CALM_SECONDS:
            self.seconds = 0.0
        else:
            self.seconds = min(2 * self.seconds or FIRST_REST_SECONDS, LONGEST_REST_SECONDS)
        return self.seconds


@dataclass
class Shared:
    """What the threads share. `older`: mailboxes of which a first reading goes on; `opened`: it may."""

    store: Store
    context: Callable[[], Context]
    leases: Leases
    stop: Stop
    progress: Progress
    say: Callable[[Happening], None]
    connect: Connect
    memory: Memory = field(default_factory=Memory)
    sought: Sought = field(default_factory=Sought)
    lock: Lock = field(default_factory=Lock)
    change: Condition = field(default_factory=Condition)
    news: bool = True
    greeting: set[str] = field(default_factory=set)
    older: set[str] = field(default_factory=set)
    working: dict[str, float] = field(default_factory=dict)
    opened: Event = field(default_factory=Event)

    def works(self, who: str) -> None:
        """A thread gives a sign of life."""
        self.working[who] = time.monotonic()

    def rests(self, who: str) -> None:
        """A thread waits for something that may take as long as it likes."""
        self.working.pop(who, None)

    def shows(self, mailbox: str, folder: str, done: int, total: int | None) -> None:
        """Progress, which is a sign of life as well."""
        self.works(mailbox or "filing")
        self.progress(mailbox, folder, done, total)

    def tell(self, happening: Happening) -> None:
        """Tells what happened, one at a time."""
        with self.lock:
            self.say(happening)

    def has_news(self) -> None:
        """Mail came of a mailbox that is not read to the end yet."""
        with self.change:
            self.news = True
            self.change.notify_all()

    def was_read(self, mailbox: str, *, older: bool, news: bool) -> None:
        """A mailbox was read, or could not be: there may be something to file."""
        with self.change:
            self.news |= news or (mailbox in self.older and not older)
            self.greeting.discard(mailbox)
            (self.older.add if older else self.older.discard)(mailbox)
            self.change.notify_all()
