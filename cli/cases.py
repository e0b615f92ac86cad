"""`kawari cases`: one line a case."""

from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At, CustomerWords
from cli.words import say
from notes.errors import UsageError

STATES = ("open", "waiting", "quiet", "closed")

Owner = Annotated[str | None, typer.Option("--owner", metavar="STAFF", help=say("option.owner"))]
State = Annotated[str | None, typer.Option("--state", metavar="STATE", help=say("option.state"))]


def cases(
    ctx: typer.Context,
    customer: CustomerWords = None,
    owner: Owner = None,
    state: State = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Lists cases."""
    from cli import named, render_lists
    from cli.diary import open_diary
    from notes.stands import state_of

    desk = desk_of(ctx)
    if state is not None and state not in STATES:
        raise UsageError("bad-choice", option="--state", given=state, allowed=STATES)
    with open_diary(desk, at) as diary:
        who = named.staff(desk.directory, owner) if owner else None
        whose = named.customer(diary.db, customer) if customer else None
        held = diary.held(customer=whose, owner=who)
    listed = [one for one in held if state in (None, state_of(one, diary.now))]
    if as_json:
        from cli import as_json as contract

        put_json(contract.cases(listed, diary.now))
    else:
        put(render_lists.cases(listed, desk.paper, diary.now))
