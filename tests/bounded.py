"""No hostile text may keep us at work for ever: a guard against that, and no measure of speed (`make bench` is)."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

RUNAWAY_SECONDS = 30.0
"""CPU time that no machine needs for what takes a tenth of a second on most, and that runaway work is past soon."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raises AssertionError in what takes `RUNAWAY_SECONDS` of this process's time, wherever it is then."""
    former = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, RUNAWAY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _stop(number: int, frame: FrameType | None) -> None:
    raise AssertionError(f"still at work after {RUNAWAY_SECONDS:g} s of CPU time")
