"""How long somebody still has to act: a line on stderr that counts down, on a terminal only."""

import sys
import time
from types import TracebackType

from cli.paper import is_terminal
from cli.words import say


class Countdown:
    """Counts from `seconds`; leaves the terminal as it was, whatever ends it."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._shown = is_terminal(sys.stderr)
        self._drawn: int | None = None

    def __enter__(self) -> "Countdown":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def wait(self, seconds: float) -> None:
        """Waits, drawing every second."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.draw(self._ends - time.monotonic())
            time.sleep(min(1.0, left))

    def draw(self, left: float) -> None:
        """The line, with the seconds `left` as minutes."""
        if self._shown and self._drawn != int(left):
            self._drawn = int(left)
            minutes, seconds = divmod(max(0, self._drawn), 60)
            sys.stderr.write(f"\r\x1b[2K{say('login.waiting', left=f'{minutes}:{seconds:02}')}")
            sys.stderr.flush()
