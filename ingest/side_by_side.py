"""Several jobs at once, in threads that a stuck server cannot keep the program in."""

import time
from collections.abc import Callable, Sequence
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

GRACE_SECONDS = 2.0
"""So long the jobs in hand may go on after a stop: enough for a batch, and for everybody to end within five seconds."""

_LOOK_SECONDS = 0.05


class _Jobs(Generic[T]):
    def __init__(self, jobs: Sequence[Callable[[], T]]) -> None:
        self._waiting = list(enumerate(jobs))[::-1]
        self._lock = Lock()
        self.done: dict[int, T] = {}
        self.failed: list[BaseException] = []

    def work(self) -> None:
        while job := self._next():
            number, run = job
            try:
                self.done[number] = run()
            except BaseException as error:  # noqa: BLE001 - raised again where the jobs are waited for
                self.failed.append(error)

    def _next(self) -> tuple[int, Callable[[], T]] | None:
        with self._lock:
            return self._waiting.pop() if self._waiting and not self.failed else None


def side_by_side(jobs: Sequence[Callable[[], T]], stop: Callable[[], bool], *, at_once: int) -> list[T]:
    """Runs the jobs, `at_once` of them at the same time; their results in the order of the jobs.

    Once `stop` is true, jobs that do not end within `GRACE_SECONDS` are left behind, without a result. Raises what a
    job raised.
    """
    run = _Jobs(jobs)
    threads = [Thread(target=run.work, name="mailbox", daemon=True) for _ in range(min(at_once, len(jobs)))]
    for thread in threads:
        thread.start()
    join(threads, stop)
    if run.failed:
        raise run.failed[0]
    return [run.done[number] for number in sorted(run.done)]


def join(threads: Sequence[Thread], stop: Callable[[], bool]) -> None:
    """Waits for threads, after a stop at most `GRACE_SECONDS`."""
    stopped_at: float | None = None
    for thread in threads:
        while thread.is_alive():
            thread.join(_LOOK_SECONDS)
            if stopped_at is None and stop():
                stopped_at = time.monotonic()
            if stopped_at is not None and time.monotonic() - stopped_at > GRACE_SECONDS:
                return
