"""`kawari unfiled`: mail that belongs to no customer, and a way to file it."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, At, Who
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.refile import Refiled

Refs = Annotated[
    list[str] | None, typer.Argument(metavar="MESSAGE", show_default=False, help=say("option.unfiled-message"))
]
Limit = Annotated[str | None, typer.Option("--limit", metavar="N", help=say("option.limit"))]
To = Annotated[str | None, typer.Option("--to", metavar="CASE", help=say("option.file-to"))]
ToCustomer = Annotated[
    str | None, typer.Option("--customer", metavar="CUSTOMER|NAME", help=say("option.file-to-customer"))
]


def unfiled(
    ctx: typer.Context,
    message: Refs = None,
    to: To = None,
    customer: ToCustomer = None,
    who: Who = None,
    limit: Limit = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Lists unfiled mail, newest first; with MESSAGE files it."""
    desk = desk_of(ctx)
    if not message:
        if to or customer:
            raise UsageError("file-which", option="--to" if to else "--customer")
        _list(desk, limit, at, as_json=as_json)
        return
    if bool(to) == bool(customer):
        raise UsageError("file-where")
    from cli.refile import refile

    _tell(desk, refile(desk, message, case=to, customer=customer, who=who, at=at), as_json=as_json)


def _list(desk: Desk, limit: str | None, at: str | None, *, as_json: bool) -> None:
    from cli import render_lists
    from cli.diary import open_diary

    if limit is not None and not (limit.isascii() and limit.isdigit()):
        raise UsageError("bad-choice", option="--limit", given=limit, allowed="1, 2, 3 …")
    with open_diary(desk, at) as diary:
        found = diary.unfiled(int(limit) if limit else None)
    if as_json:
        from cli import as_json as contract

        put_json(contract.unfiled(found))
    else:
        put(render_lists.unfiled(found, desk.paper, diary.now))


def _tell(desk: Desk, found: "list[Refiled]", *, as_json: bool) -> None:
    if as_json:
        from cli import as_json as contract

        put_json(contract.refiled(found))
    else:
        from cli import render_lists

        put(render_lists.refiled(found, desk.paper))
