"""Small wordings that several pages share."""

from datetime import datetime

from cli import moments
from cli.harmless import harmless
from cli.paper import Paper
from cli.words import known, say
from notes.model import Address, Due, Precision


def one_line(text: str) -> str:
    """A stranger's text for one cell of a line."""
    return harmless(text, one_line=True)


def name_of(who: Address) -> str:
    """The display name, else the address."""
    return one_line(who.name or who.address) or "—"


def coded(group: str, code: str) -> str:
    """The words of a code of data (`reason`, `rule` …); the code itself where no catalog has them."""
    wanted = f"{group}.{code}"
    return say(wanted) if known(wanted) else code


def due_words(due: Due, to: datetime | None, paper: Paper, now: datetime) -> str:
    """A due moment as exactly as it was given: a day without an hour is a day, an hour comes with its zone."""
    if to is None:
        return say("page.no-date")
    local = to.astimezone(paper.zone)
    if due.precision in (Precision.MINUTE, Precision.PART_OF_DAY):
        return f"{moments.day_and_clock(local, now.year)} {moments.offset(local)}"
    words = moments.day(local, now.year)
    return words if (local.hour, local.minute) == (23, 59) else f"{words} {moments.clock(local)}"


def size(number: int) -> str:
    """Bytes for people."""
    if number < 1024:
        return f"{number} B"
    return f"{number / 1024:.0f} KB" if number < 1024 * 1024 else f"{number / 1024 / 1024:.1f} MB"
