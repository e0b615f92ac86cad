"""How far a long work is: one line on stderr that draws over itself, on a terminal only."""

import sys
import time
from threading import Lock

from cli.columns import cut
from cli.paper import is_terminal
from cli.words import say

BAR = 24
REDRAW_SECONDS = 0.1
SURE_SECONDS = 2.0
"""So long nothing is said about the time left: it would jump."""


def time_left(done: int, total: int | None, seconds: float) -> str:
    """How fast it goes and how long it still takes, in words; nothing as long as that is unsure."""
    if seconds < SURE_SECONDS or done <= 0:
        return ""
    rate = done / seconds
    speed = say("progress.rate", rate=f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}")
    if not total or total <= done:
        return speed
    minutes, left = divmod(int((total - done) / rate) + 1, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
    return f"{speed} · {say('progress.left', left=clock)}"


class ProgressLine:
    """Fulfils `ingest.reading.Progress`, for folders that are read at the same time, too; `end` clears the line."""

    def __init__(self) -> None:
        self._shown = is_terminal(sys.stderr)
        self._drawn_at = 0.0
        self._drawn = False
        self._began: float | None = None
        self._folders: dict[tuple[str, str], tuple[int, int | None]] = {}
        self._lock = Lock()

    def __call__(self, mailbox: str, folder: str, done: int, total: int | None) -> None:
        """Draws the bar, at most ten times a second."""
        if not self._shown:
            return
        with self._lock:
            now = time.monotonic()
            if bool(mailbox) != any(box for box, _ in self._folders):  # from reading to filing, or back
                self._folders.clear()
                self._began = now
            self._folders[mailbox, folder] = (done, total)
            if now - self._drawn_at >= REDRAW_SECONDS or done == total:
                self._draw(f"{mailbox}/{folder}" if mailbox else say("progress.filing"), now)

    def end(self) -> None:
        """Leaves the terminal as it was."""
        with self._lock:
            self._folders.clear()
            if self._drawn:
                sys.stderr.write("\r\x1b[2K")
                sys.stderr.flush()
                self._drawn = False

    def _draw(self, place: str, now: float) -> None:
        done = sum(each for each, _ in self._folders.values())
        totals = [each for _, each in self._folders.values()]
        total = None if None in totals else sum(each for each in totals if each is not None)
        full = BAR * done // total if total else 0
        bar = f"[{'#' * full}{'.' * (BAR - full)}] {done}/{total}" if total else f"{done}"
        facts = [bar, time_left(done, total, now - (self._began or now)), place]
        sys.stderr.write(f"\r\x1b[2K{cut('  '.join(fact for fact in facts if fact), 78)}")
        sys.stderr.flush()
        self._drawn_at, self._drawn = now, True
