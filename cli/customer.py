"""`kawari customer`: customers as kawari knows them, and as people correct that.

A correction is appended to the log, beats every rule, and is taken back by `kawari undo`.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import EPILOG, AsJson, At, Who
from cli.words import say

if TYPE_CHECKING:
    from cli.acquaintances import Changed

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Named = Annotated[str, typer.Argument(metavar="CUSTOMER", show_default=False, help=say("option.customer-named"))]
Some = Annotated[
    list[str] | None, typer.Argument(metavar="[CUSTOMER]", show_default=False, help=say("option.customer-named"))
]
Into = Annotated[str, typer.Argument(metavar="INTO", show_default=False, help=say("option.customer-into"))]
More = Annotated[
    list[str], typer.Argument(metavar="ADDRESS|DOMAIN|NAME", show_default=False, help=say("option.customer-known"))
]
Less = Annotated[
    list[str], typer.Argument(metavar="ADDRESS|DOMAIN", show_default=False, help=say("option.customer-not-known"))
]
NewName = Annotated[list[str], typer.Argument(metavar="NAME", show_default=False, help=say("option.customer-name"))]
Waiting = Annotated[bool, typer.Option("--suggestions", help=say("option.suggestions"))]


@app.command("list", help=say("help.customer-list"), epilog=EPILOG)
def list_(
    ctx: typer.Context, customer: Some = None, suggestions: Waiting = False, at: At = None, as_json: AsJson = False
) -> None:
    """Lists customers with what they are known by, and what a person should confirm or refuse."""
    from cli import named, render_customers
    from cli.acquaintances import of_diary
    from cli.diary import open_diary

    desk = desk_of(ctx)
    with open_diary(desk, at) as diary:
        whose = named.customer(diary.db, " ".join(customer)) if customer else None
        listed = of_diary(diary, whose, waiting=suggestions)
    if as_json:
        put_json(render_customers.as_json(listed, diary.now))
    else:
        put(render_customers.listed(listed, desk.paper, whole=whose is not None))


@app.command("merge", help=say("help.customer-merge"), epilog=EPILOG)
def merge(
    ctx: typer.Context, customer: Named, into: Into, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says that two customers are one."""
    from cli.acquaintances import merge as act

    desk = desk_of(ctx)
    _tell(desk, act(desk, customer, into, who, at), as_json=as_json)


@app.command("alias", help=say("help.customer-alias"), epilog=EPILOG)
def alias(
    ctx: typer.Context, customer: Named, known: More, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says what else a customer is known by; confirms a suggestion."""
    from cli.acquaintances import alias as act

    desk = desk_of(ctx)
    _tell(desk, act(desk, customer, known, who, at), as_json=as_json)


@app.command("unalias", help=say("help.customer-unalias"), epilog=EPILOG)
def unalias(
    ctx: typer.Context, customer: Named, known: Less, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says what is not a customer's; refuses a suggestion."""
    from cli.acquaintances import unalias as act

    desk = desk_of(ctx)
    _tell(desk, act(desk, customer, known, who, at), as_json=as_json)


@app.command("rename", help=say("help.customer-rename"), epilog=EPILOG)
def rename(
    ctx: typer.Context, customer: Named, name: NewName, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says what a customer is called."""
    from cli.acquaintances import rename as act

    desk = desk_of(ctx)
    _tell(desk, act(desk, customer, name, who, at), as_json=as_json)


def _tell(desk: Desk, done: "Changed", *, as_json: bool) -> None:
    from cli import render_customers

    if as_json:
        put_json(render_customers.changed_json(done))
    else:
        put(render_customers.changed(done, desk.paper))
