"""Of what nobody wants to hear, in words and as JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cli.as_json import iso
from cli.columns import wrap
from cli.paper import Paper
from cli.render_words import one_line
from cli.words import say
from notes.hushed import HEAR
from notes.model import Correction


def sentence(made: Correction, paper: Paper, now: datetime) -> str:
    """What somebody said, in a few words."""
    about = one_line(made.target)
    if made.kind == HEAR:
        return say("decision.alarm-hear", target=about)
    until = made.value.get("until")
    if not until:
        return say("decision.alarm-mute", target=about)
    return say("decision.alarm-snooze", target=about, until=paper.when(datetime.fromisoformat(until), now))


def told(made: Correction, paper: Paper, now: datetime) -> list[str]:
    """After the command: what was said, and how it is taken back."""
    lines = wrap(say("decided.done", what=sentence(made, paper, now)), paper.columns)
    return [*lines, say("decided.undo"), f"  {paper.command('undo')}"]


def listed(hushed: Mapping[str, datetime | None], paper: Paper, now: datetime) -> list[str]:
    """What is hushed now, one line each."""
    if not hushed:
        return []
    rows = [
        f"  {one_line(target)}: {_until(until, paper, now)} · {paper.command('unmute', target)}"
        for target, until in sorted(hushed.items())
    ]
    return ["", paper.heading(say("hushed.title")), *rows]


def as_json(hushed: Mapping[str, datetime | None]) -> list[dict[str, Any]]:
    """What is hushed now."""
    return [{"target": target, "until": iso(until)} for target, until in sorted(hushed.items())]


def _until(until: datetime | None, paper: Paper, now: datetime) -> str:
    return say("hushed.until", until=paper.when(until, now)) if until else say("hushed.for-good")
