"""`kawari unfiled`: mail that belongs to no customer."""

from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say
from notes.errors import UsageError

Limit = Annotated[str | None, typer.Option("--limit", metavar="N", help=say("option.limit"))]


def unfiled(ctx: typer.Context, limit: Limit = None, at: At = None, as_json: AsJson = False) -> None:
    """Lists unfiled mail, newest first."""
    from cli import render_lists
    from cli.diary import open_diary

    desk = desk_of(ctx)
    if limit is not None and not (limit.isascii() and limit.isdigit()):
        raise UsageError("bad-choice", option="--limit", given=limit, allowed="1, 2, 3 …")
    with open_diary(desk, at) as diary:
        found = diary.unfiled(int(limit) if limit else None)
    if as_json:
        from cli import as_json as contract

        put_json(contract.unfiled(found))
    else:
        put(render_lists.unfiled(found, desk.paper, diary.now))
