"""`kawari why`: why a mail is in its case and with its customer, and what came second."""

from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say

MessageRef = Annotated[str, typer.Argument(metavar="MESSAGE", show_default=False, help=say("option.message"))]


def why(ctx: typer.Context, message: MessageRef, at: At = None, as_json: AsJson = False) -> None:
    """Says what decided, what the mail has in common with its case, and what people corrected."""
    from cli import named, render_why
    from cli.diary import open_diary
    from cli.reasons import gather

    desk = desk_of(ctx)
    with open_diary(desk, at) as diary:
        found = gather(diary, named.message(diary.db, message))
        if as_json:
            put_json(render_why.as_json(found))
        else:
            names = desk.directory.names
            put(render_why.lines(found, names, desk.paper, diary.now))
