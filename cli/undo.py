"""`kawari undo`: takes the last correction back, whatever it is about."""

from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At, Who
from cli.words import say

DryRun = Annotated[bool, typer.Option("--dry-run", help=say("option.undo-dry-run"))]


def undo(ctx: typer.Context, dry_run: DryRun = False, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Takes the last correction that is in force back, and says what changed by it."""
    from cli import put_right, render_decisions

    desk = desk_of(ctx)
    one = put_right.undo(desk, who, at, dry_run=dry_run)
    if as_json:
        put_json({"dry_run": dry_run, **render_decisions.as_json(one, desk.now())})
        return
    names = desk.directory.names
    put(render_decisions.undone(one, names, desk.paper, desk.now(), dry_run=dry_run))
