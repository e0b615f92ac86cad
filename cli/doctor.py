"""`kawari doctor`: is the database sound, is every mail readable, and what was put aside tried once more."""

from typing import TYPE_CHECKING

import typer

from cli.desk import desk_of, put, put_json
from cli.harmless import harmless
from cli.options import AsJson
from cli.words import say

if TYPE_CHECKING:
    from ingest.examine import Examined

AILING = 1
"""The exit code when something is wrong."""
OPEN = "database-open"


def doctor(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Examines the whole diary; exit code 1 when something is wrong with it."""
    from cli import log_proof
    from cli.progress import ProgressLine
    from ingest.examine import examine
    from notes.store import places

    desk = desk_of(ctx)
    context = desk.context(desk.now())
    store = desk.store()
    line = ProgressLine()
    try:
        found = examine(store, context, progress=lambda done, total: line("", "", done, total))
        with store.read() as db:
            unproven = log_proof.unproven(db, desk, places.coverage(db, counted=False))
    finally:
        line.end()
        store.close()
    if as_json:
        put_json(_contract(found) | log_proof.as_json(unproven))
    else:
        put([*_told(found), *log_proof.lines(unproven, desk.paper.columns)])
    if found.ailments:
        raise typer.Exit(AILING)


def _contract(found: "Examined") -> dict[str, object]:
    return {
        "sound": not found.ailments,
        "mails": found.mails,
        "damaged": found.damaged,
        "ailments": [{"code": one.code, "what": one.what} for one in found.ailments],
        "quarantine": {"tried": found.tried, "read": found.read, "asked_again": found.to_ask},
    }


def _told(found: "Examined") -> list[str]:
    from cli.render_words import coded

    lines = [say("doctor.mails", n=found.mails, damaged=found.damaged)]
    lines += [f"  {coded('ailment', one.code)}: {harmless(one.what, one_line=True)}" for one in found.ailments]
    if found.tried:
        lines.append(say("doctor.tried", n=found.tried, read=found.read))
    if found.to_ask:
        lines.append(say("doctor.asked", n=found.to_ask))
    return [*lines, say(f"doctor.{_verdict(found)}")]


def _verdict(found: "Examined") -> str:
    """A backup mends what is damaged, not who may read it."""
    if any(one.code != OPEN for one in found.ailments):
        return "ailing"
    return "open" if found.ailments else "sound"
