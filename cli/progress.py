"""How far a long work is: one line on stderr that draws over itself, on a terminal only."""

import sys
import time

from cli.columns import cut
from cli.paper import is_terminal
from cli.words import say

BAR = 24
REDRAW_SECONDS = 0.1


class ProgressLine:
    """Fulfils `ingest.poll.Progress`; `end` clears the line."""

    def __init__(self) -> None:
        self._shown = is_terminal(sys.stderr)
        self._drawn_at = 0.0
        self._drawn = False

    def __call__(self, mailbox: str, folder: str, done: int, total: int | None) -> None:
        """Draws the bar, at most ten times a second."""
        now = time.monotonic()
        if not self._shown or (now - self._drawn_at < REDRAW_SECONDS and done != total):
            return
        place = f"{mailbox}/{folder}" if mailbox else say("progress.filing")
        full = BAR * done // total if total else 0
        bar = f"[{'#' * full}{'.' * (BAR - full)}] {done}/{total}" if total else f"{done}"
        sys.stderr.write(f"\r\x1b[2K{cut(f'{bar}  {place}', 78)}")
        sys.stderr.flush()
        self._drawn_at, self._drawn = now, True

    def end(self) -> None:
        """Leaves the terminal as it was."""
        if self._drawn:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._drawn = False
