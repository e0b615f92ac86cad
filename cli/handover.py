"""`kawari handover`: everything a colleague owes."""

from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say

Owner = Annotated[str, typer.Argument(metavar="OWNER", show_default=False, help=say("option.staff"))]


def handover(ctx: typer.Context, owner: Owner, at: At = None, as_json: AsJson = False) -> None:
    """Shows what an owner owes, in the order in which a stand-in should act."""
    from cli import named, render_lists
    from cli.diary import open_diary

    desk = desk_of(ctx)
    who = named.staff(desk.directory, owner)
    with open_diary(desk, at) as diary:
        overview, numbers = diary.overview(who)
    if as_json:
        from cli import as_json as contract

        put_json(contract.overview(overview))
    else:
        put(render_lists.overview(overview, numbers, desk.directory, desk.paper.as_of(at)))
