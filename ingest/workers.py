"""Processes that think beside this one: reading and judging mails takes most of the time.

They are given functions from values to values, and the context of reading once, when they start. They begin with the
last of many items, this process, when it is done with the database, with the first, until they meet: none waits for the
other. A few mails are read here, for a process takes a second to start; so is everything after a process was lost (the
system may kill one when memory runs out), for no mail may be lost with it.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")
R = TypeVar("R")

MOST = 2
"""Besides this process, and only where each has a processor to itself. More would wait for this one, whose half of the
work cannot be shared; and each takes 80 MB."""

FEW = 60
"""Fewer items are not worth the start of a process."""

PART = 25
"""Items that are given to a process at once: it hears of the next ones when a thread of this process, which is at work
itself, has its turn, some milliseconds later."""


@dataclass(frozen=True)
class Begun(Generic[T, R]):
    """What comes of some items that others may be at work on; of any other it is worked out here, by `work`."""

    work: Callable[[T], R]
    elsewhere: Mapping[T, tuple[Future[list[R]], int]] = field(default_factory=dict)

    def of(self, item: T) -> R:
        """What comes of an item. Raises what `work` raises."""
        return _found(self.work, item, *self.elsewhere[item]) if item in self.elsewhere else self.work(item)


def _found(work: Callable[[T], R], item: T, part: Future[list[R]], number: int) -> R:
    """What comes of an item of a part. A part that no process has come to is left to this one, and so is what went
    wrong in one: it was lost, let go, or will raise here what it raised there."""
    if not part.cancel():
        with suppress(Exception):
            return part.result()[number]
    return work(item)


class Here:
    """Does everything in this process."""

    def begin(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> Begun[T, R]:
        """Begins `work` on items, which are hashable, and does not wait for it."""
        return Begun(partial(work, context))

    def rest(self) -> None:
        """Says that there is nothing more to do for now."""


HERE = Here()


class Workers(Here):
    """Up to `MOST` processes, started when there is much to do, and let go by `rest`.

    `work` must be a function of a module, and what it takes and gives fit for pickling. The context that counts is that
    of the first call after a rest: only what does not change between calls may be read from it.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._processes = min(MOST, (os.cpu_count() or 1) - 1) if processes is None else processes
        self._lock = threading.Lock()
        self._team: Team | None = None

    def __reduce__(self) -> tuple[type[Here], tuple[()]]:
        """In another process there are no others."""
        return Here, ()

    def begin(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> Begun[T, R]:
        """Begins `work` on items, which are hashable, and does not wait for it."""
        return Begun(partial(work, context), dict(zip(items, self._submit(work, context, items), strict=False)))

    def rest(self) -> None:
        """Lets the processes go, and their memory, whatever they are at: nobody waits for it any more."""
        with self._lock:
            team, self._team = self._team, None
        if team:
            team.let_go()

    def _submit(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> list[tuple[Future[list[R]], int]]:
        """The part of each item, `PART` of them in one, and its number there; nothing where it is not worth it."""
        with self._lock:
            if self._processes < 1 or len(items) < (PART if self._team else FEW):
                return []
            team = self._team = self._team or Team(self._processes, context)
        starts = range(0, len(items), PART)
        try:
            parts = {at: team.submit(work, items[at : at + PART]) for at in reversed(starts)}
        except RuntimeError:  # at rest since
            parts = {}
        if not parts or team.lost:
            self.rest()
        return [(parts[at - at % PART], at % PART) for at in range(len(items))] if parts else []


class Team:
    """Processes, and as many threads that talk with them: one part goes to a process, and what comes of it comes back.

    They are begun afresh, not by fork: this process has threads and an open database.
    """

    def __init__(self, size: int, context: object) -> None:
        self._processes = [_start() for _ in range(size)]
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._threads = ThreadPoolExecutor(size)
        for _, other in self._processes:
            self._threads.submit(self._tell, other, context)

    @property
    def lost(self) -> bool:
        """Whether a process has ended."""
        return any(process.poll() is not None for process, _ in self._processes)

    def submit(self, work: Callable[[C, T], R], items: Sequence[T]) -> "Future[list[R]]":
        """A part, for the next process that has nothing to do. Raises RuntimeError when they were let go."""
        return self._threads.submit(self._ask, work, items)

    def let_go(self) -> None:
        """Ends the processes."""
        for process, _ in self._processes:
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        for process, other in self._processes:
            process.wait()
            other.close()

    def _tell(self, other: Connection, context: object) -> None:
        try:
            other.send(context)
        finally:
            self._idle.put(other)

    def _ask(self, work: Callable[[C, T], R], items: Sequence[T]) -> list[R]:
        other = self._idle.get()
        try:
            other.send((work, items))
            found: list[R] = other.recv()
            return found
        finally:
            self._idle.put(other)


def _start() -> "tuple[subprocess.Popen[bytes], Connection]":
    """A new process that `serve`s, and looks for garbage as seldom as this one. Ctrl-C is for the one that leads: this
    never hears of it, not while it starts."""
    here, there = Pipe()
    begins = _SERVE.format(seldom=gc.get_threshold(), path=sys.path, number=there.fileno())
    command = [sys.executable, "-c", begins]
    with there, _undisturbed():
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[there.fileno()]), here  # noqa: S603 - ours


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without Ctrl-C, for those who are started meanwhile for ever."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


_SERVE = (
    "import gc, sys; gc.set_threshold(*{seldom!r}); sys.path[:] = {path!r}; "
    "from ingest.workers import serve; serve({number})"
)


def serve(number: int) -> None:
    """In a new process: answers on a connection of that number until it is closed, also by the end of who leads.

    An empty answer says that something is to be done elsewhere.
    """
    with suppress(EOFError, OSError), Connection(number) as leader:
        context = leader.recv()
        while True:
            leader.send_bytes(_answer(context, *leader.recv()))


def _answer(context: Any, work: Callable[[Any, T], R], items: Sequence[T]) -> bytes:
    try:
        return pickle.dumps([work(context, item) for item in items])
    except Exception:  # noqa: BLE001 - whatever it is: who leads will meet with it, too
        return pickle.dumps([])
