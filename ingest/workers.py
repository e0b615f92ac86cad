"""Processes that think side by side while this one asks the database: reading and judging mails takes most of the time.

They are given functions from values to values, and the context of reading once, when they start. A few mails are read
here, for a process takes a second to start; so is everything after a process was lost (the system may kill one when
memory runs out), for no mail may be lost with it.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")
R = TypeVar("R")

MOST = 2
"""More would wait for this process, whose half of the work cannot be shared; and each takes 80 MB."""

FEW = 60
PART = 20
_NOT_DONE = (BrokenProcessPool, CancelledError)
"""A process was lost, or all were let go, while others waited for them."""

_context: Any = None


@dataclass(frozen=True)
class Begun(Generic[T, R]):
    """What comes of some items that others may be at work on; of any other it is worked out here, by `work`."""

    work: Callable[[T], R]
    elsewhere: Mapping[T, tuple[Future[list[R]], int]] = field(default_factory=dict)

    def of(self, item: T) -> R:
        """What comes of an item. Raises what `work` raises."""
        if item in self.elsewhere:
            part, number = self.elsewhere[item]
            try:
                return part.result()[number]
            except _NOT_DONE:
                pass
        return self.work(item)


class Here:
    """Does everything in this process."""

    def begin(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> Begun[T, R]:
        """Begins `work` on items, which are hashable, and does not wait for it."""
        return Begun(partial(work, context))

    def map(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> list[R]:
        """What `work` makes of each item, in order. Raises what `work` raises."""
        return [work(context, item) for item in items]

    def rest(self) -> None:
        """Says that there is nothing more to do for now."""


HERE = Here()


class Workers(Here):
    """Up to `MOST` processes, started when there is much to do, and let go by `rest`.

    `work` must be a function of a module, and what it takes and gives fit for pickling. The context that counts is that
    of the first call after a rest: only what does not change between calls may be read from it.
    """

    def __init__(self, processes: int | None = None) -> None:
        self._processes = min(MOST, os.cpu_count() or 1) if processes is None else processes
        self._lock = threading.Lock()
        self._executor: ProcessPoolExecutor | None = None

    def __reduce__(self) -> tuple[type[Here], tuple[()]]:
        """In another process there are no others."""
        return Here, ()

    def begin(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> Begun[T, R]:
        """Begins `work` on items, which are hashable, and does not wait for it."""
        parts = self._submit(work, context, items)
        order = [(part, number) for part in parts for number in range(PART)]
        return Begun(partial(work, context), dict(zip(items, order, strict=False)))

    def map(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> list[R]:
        """What `work` makes of each item, in order. Raises what `work` raises."""
        parts = self._submit(work, context, items)
        try:
            found = [one for part in parts for one in part.result()]
        except _NOT_DONE:
            self.rest()
            found = []
        return found or super().map(work, context, items)

    def rest(self) -> None:
        """Lets the processes go, and their memory, whatever they are at: nobody waits for it any more."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor:
            executor.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()

    def _submit(self, work: Callable[[C, T], R], context: C, items: Sequence[T]) -> list[Future[list[R]]]:
        """`PART` items each; nothing where it is not worth it."""
        with self._lock:
            if self._processes < 2 or len(items) < (PART if self._executor else FEW):
                return []
            executor = self._executor = self._executor or self._start(context)
        parts = [items[at : at + PART] for at in range(0, len(items), PART)]
        try:
            with _undisturbed():
                return [executor.submit(_work, work, part) for part in parts]
        except (BrokenProcessPool, RuntimeError):  # lost, or at rest since
            self.rest()
            return []

    def _start(self, context: object) -> ProcessPoolExecutor:
        """Afresh, not by fork: this process has threads and an open database."""
        fresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._processes, fresh, _begin_work, (context,))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C is for the process that leads: those that it starts meanwhile never hear of it, not while they start."""
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _begin_work(context: object) -> None:
    """In a new process: should the one that leads be killed, nothing is left to do."""
    global _context
    _context = context
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    leader = multiprocessing.parent_process()
    if leader:
        leader.join()
    os._exit(1)


def _work(work: Callable[[Any, T], R], items: Sequence[T]) -> list[R]:
    return [work(_context, item) for item in items]
