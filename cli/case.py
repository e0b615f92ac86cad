"""`kawari case`: what people put right about cases.

A correction is appended to the log, beats every rule, holds for replies that arrive later, and is taken back by `undo`.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import EPILOG, AsJson, At, Who
from cli.words import say

if TYPE_CHECKING:
    from cli.put_right import Outcome
    from ingest.correcting import Word

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Case = Annotated[str, typer.Argument(metavar="CASE", show_default=False, help=say("option.case"))]
Into = Annotated[str, typer.Argument(metavar="INTO", show_default=False, help=say("option.case-into"))]
Messages = Annotated[list[str], typer.Argument(metavar="MESSAGE", show_default=False, help=say("option.messages"))]
Moved = Annotated[list[str], typer.Argument(metavar="MESSAGE", show_default=False, help=say("option.messages-moved"))]
Title = Annotated[list[str], typer.Argument(metavar="TITLE", show_default=False, help=say("option.title"))]
Staff = Annotated[list[str] | None, typer.Argument(metavar="[STAFF]", show_default=False, help=say("option.assign"))]
NewTitle = Annotated[str | None, typer.Option("--title", metavar="TITLE", help=say("option.title"))]
Across = Annotated[bool, typer.Option("--across", help=say("option.across"))]
Only = Annotated[bool, typer.Option("--only", help=say("option.only"))]


@app.command("merge", help=say("help.case-merge"), epilog=EPILOG)
def merge(
    ctx: typer.Context,
    case: Case,
    into: Into,
    across: Across = False,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Makes two cases one."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.merge(desk, case, into, word, across=across), as_json=as_json)


@app.command("split", help=say("help.case-split"), epilog=EPILOG)
def split(
    ctx: typer.Context,
    case: Case,
    message: Messages,
    title: NewTitle = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Makes a case of its own of some mails of a case."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.split(desk, case, message, word, title=title), as_json=as_json)


@app.command("move", help=say("help.case-move"), epilog=EPILOG)
def move(
    ctx: typer.Context,
    message: Moved,
    case: Case,
    only: Only = False,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Puts mails into another case."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.move(desk, message, case, word, only=only), as_json=as_json)


@app.command("rename", help=say("help.case-rename"), epilog=EPILOG)
def rename(
    ctx: typer.Context, case: Case, title: Title, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says what a case is called."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.rename(desk, case, title, word), as_json=as_json)


@app.command("assign", help=say("help.case-assign"), epilog=EPILOG)
def assign(
    ctx: typer.Context, case: Case, staff: Staff = None, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says who looks after a case."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.assign(desk, case, staff or [], word), as_json=as_json)


@app.command("close", help=say("help.case-close"), epilog=EPILOG)
def close(ctx: typer.Context, case: Case, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Says that a case is done."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.close(desk, case, word, closed=True), as_json=as_json)


@app.command("reopen", help=say("help.case-reopen"), epilog=EPILOG)
def reopen(ctx: typer.Context, case: Case, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Says that a closed case is not done."""
    from cli import put_right

    desk, word = _word(ctx, who, at)
    _tell(desk, put_right.close(desk, case, word, closed=False), as_json=as_json)


def _word(ctx: typer.Context, who: str | None, at: str | None) -> "tuple[Desk, Word]":
    from cli.acquaintances import whose_word

    desk = desk_of(ctx)
    return desk, whose_word(desk, who, at)


def _tell(desk: Desk, one: "Outcome", *, as_json: bool) -> None:
    from cli import render_decisions

    if as_json:
        put_json(render_decisions.as_json(one, desk.now()))
    else:
        names = desk.directory.names
        put(render_decisions.outcome(one, names, desk.paper, desk.now()))
