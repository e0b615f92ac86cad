"""What `kawari note` wrote, as text and as JSON."""

from datetime import datetime
from typing import Any

from cli import as_json as contract
from cli.columns import wrap
from cli.noted import Written
from cli.paper import Paper
from cli.render_promises import log
from cli.words import say


def lines(one: Written, paper: Paper, now: datetime) -> list[str]:
    """Where it stands, what it promises, and how to take it back."""
    kind, when = say(f"kind.{one.note.kind}"), paper.when(one.note.at, now)
    said = wrap(say("noted.done", case=one.case, number=one.n, kind=kind, when=when), paper.columns)
    promised = log([(one.case, promise) for promise in one.promises], paper, now) if one.promises else []
    heading = [say("noted.promises")] if promised else []
    return [*said, *heading, *promised, say("noted.undo"), f"  {paper.command('undo')}"]


def as_json(one: Written, now: datetime) -> dict[str, Any]:
    """The note with its promises and its event."""
    return {
        "ref": one.note.ref,
        "case": one.case,
        "n": one.n,
        "kind": one.note.kind.value,
        "at": contract.iso(one.note.at),
        "from": contract.address(one.note.sender),
        "text": one.note.new_text,
        "promises": [contract.promise(each, now) for each in one.promises],
        "correction": contract.correction(one.made),
    }
