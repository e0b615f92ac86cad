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
    """`columns` to fill, `colour` allowed or not, `zone` in which moments are said.

    `kawari` is how this program is typed, `at` the moment that the page was asked for with `--at`, if it was.
    """

    columns: int
    colour: bool
    zone: tzinfo
    kawari: str = "kawari"
    at: str | None = None

    @classmethod
    def of_stream(cls, stream: TextIO, environ: Mapping[str, str], zone: tzinfo, kawari: str) -> "Paper":
        """A terminal as wide as it is (60 to 120 columns); a pipe, or `NO_COLOR`, plain. `COLUMNS` decides if set."""
        terminal = stream.isatty()
        wide = shutil.get_terminal_size((80, 24)).columns if terminal or environ.get("COLUMNS") else 80
        plain = not terminal or bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
        return cls(max(NARROWEST, min(wide, WIDEST)), not plain, zone, kawari)

    def as_of(self, at: str | None) -> "Paper":
        """The same paper for a page asked for with `--at`."""
        return replace(self, at=at)

    def command(self, *words: str, at: bool = False) -> str:
        """A command of ours, ready to be pasted into the shell; `at`: for the moment this page stands for."""
        from cli.typed import line

        asked = ("--at", self.at) if at and self.at else ()
        return f"{self.kawari} {line(*words, *asked)}"

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
