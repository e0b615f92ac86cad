"""What a page is printed on: how wide it is, whether it takes colours, whose clock it shows."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TextIO

from cli import moments

NARROWEST, WIDEST = 60, 120
STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "alarm": "1;31"}


@dataclass(frozen=True, slots=True)
class Paper:
    """`columns` to fill, `colour` allowed or not, `zone` in which moments are said."""

    columns: int
    colour: bool
    zone: tzinfo

    @classmethod
    def of_stream(cls, stream: TextIO, environ: Mapping[str, str], zone: tzinfo) -> "Paper":
        """A terminal as wide as it is (60 to 120 columns); a pipe, or `NO_COLOR`, plain. `COLUMNS` decides if set."""
        terminal = stream.isatty()
        wide = shutil.get_terminal_size((80, 24)).columns if terminal or environ.get("COLUMNS") else 80
        plain = not terminal or bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
        return cls(max(NARROWEST, min(wide, WIDEST)), not plain, zone)

    def in_zone(self, zone: tzinfo) -> "Paper":
        """The same paper under another clock."""
        return replace(self, zone=zone)

    def paint(self, text: str, style: str) -> str:
        """`text` in a style, where there are colours."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.colour and text else text

    def when(self, moment: datetime | None, now: datetime) -> str:
        """A moment in our zone, the year where it is not this year's; a dash when there is none."""
        return moments.day_and_clock(moment.astimezone(self.zone), now.year) if moment else "—"

    def day(self, moment: datetime | None, now: datetime) -> str:
        """The day of a moment in our zone; a dash when there is none."""
        return moments.day(moment.astimezone(self.zone), now.year) if moment else "—"

    def heading(self, text: str) -> str:
        """A section's title."""
        return self.paint(text, "bold")


def is_terminal(stream: TextIO) -> bool:
    """Whether progress may be drawn on a stream."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
