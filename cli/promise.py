"""`kawari promise`: the promise log, and what people decide about it.

A decision is appended to the log of corrections and beats every rule; nothing is written over.
"""

import getpass
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import EPILOG, AsJson, At, PromiseId, Who
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.decide import Decided

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

SIDES = ("us", "them")

CaseName = Annotated[str, typer.Argument(metavar="CASE", show_default=False, help=say("option.case"))]
SomeCase = Annotated[list[str] | None, typer.Argument(metavar="[CASE]", show_default=False, help=say("option.case"))]
Owner = Annotated[str | None, typer.Option("--owner", metavar="STAFF", help=say("option.owner"))]
Side = Annotated[str | None, typer.Option("--by", metavar="us|them", help=say("option.by"))]
All = Annotated[bool, typer.Option("--all", help=say("option.all"))]
Quote = Annotated[str, typer.Argument(metavar="TEXT", show_default=False, help=say("option.quote"))]
Due = Annotated[str | None, typer.Option("--due", metavar="DATE", help=say("option.due"))]
NewDate = Annotated[list[str], typer.Argument(metavar="DATE", show_default=False, help=say("option.new-date"))]
Proof = Annotated[str | None, typer.Option("--evidence", metavar="MESSAGE", help=say("option.evidence"))]


@app.command("list", help=say("help.promise-list"), epilog=EPILOG)
def list_(
    ctx: typer.Context,
    case: SomeCase = None,
    owner: Owner = None,
    by: Side = None,
    every: All = False,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Lists promises, those due first in front; without `--all` only those still owed."""
    from cli import as_json as contract
    from cli import named, render_promises
    from cli.diary import open_diary

    desk = desk_of(ctx)
    _only(by, SIDES, "--by")
    with open_diary(desk, at) as diary:
        key = named.case(diary.db, case) if case else None
        who = named.staff(desk.directory, owner) if owner else None
        listed = diary.promises(case=key, owner=who, by=by, every=every)
    if as_json:
        put_json(contract.promises(listed, diary.now))
    else:
        put(render_promises.log(listed, desk.paper, diary.now))


@app.command("add", help=say("help.promise-add"), epilog=EPILOG)
def add(
    ctx: typer.Context,
    case: CaseName,
    quote: Quote,
    due: Due = None,
    by: Side = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Writes a note into the case that holds the promise, so that the page can name its source."""
    from cli import decide

    desk = desk_of(ctx)
    _only(by, SIDES, "--by")
    said_at = desk.now(at)
    done = decide.add(desk, case, quote, due=due, by=by or "us", who=who or _login(), said_at=said_at)
    _tell(done, desk, said_at, as_json=as_json)


@app.command("keep", help=say("help.promise-keep"), epilog=EPILOG)
def keep(
    ctx: typer.Context,
    promise: PromiseId,
    evidence: Proof = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Says that a promise was kept, at `--at` or now."""
    _decide(ctx, "promise-keep", promise, who, at, evidence=evidence, as_json=as_json)


@app.command("move", help=say("help.promise-move"), epilog=EPILOG)
def move(
    ctx: typer.Context,
    promise: PromiseId,
    date: NewDate,
    evidence: Proof = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Gives a promise another date."""
    _decide(ctx, "promise-move", promise, who, at, evidence=evidence, date=" ".join(date), as_json=as_json)


@app.command("withdraw", help=say("help.promise-withdraw"), epilog=EPILOG)
def withdraw(
    ctx: typer.Context,
    promise: PromiseId,
    evidence: Proof = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Says that a promise no longer holds."""
    _decide(ctx, "promise-withdraw", promise, who, at, evidence=evidence, as_json=as_json)


@app.command("confirm", help=say("help.promise-confirm"), epilog=EPILOG)
def confirm(ctx: typer.Context, promise: PromiseId, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Says that this really is a promise."""
    _decide(ctx, "promise-confirm", promise, who, at, as_json=as_json)


@app.command("reject", help=say("help.promise-reject"), epilog=EPILOG)
def reject(ctx: typer.Context, promise: PromiseId, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Says that this is no promise."""
    _decide(ctx, "promise-reject", promise, who, at, as_json=as_json)


def _decide(
    ctx: typer.Context,
    kind: str,
    promise: str,
    who: str | None,
    at: str | None,
    *,
    evidence: str | None = None,
    date: str | None = None,
    as_json: bool,
) -> None:
    from cli import decide

    desk = desk_of(ctx)
    moment = desk.now(at)
    done = decide.about(desk, kind, promise, who=who or _login(), at=moment, evidence=evidence, date=date)
    _tell(done, desk, moment, as_json=as_json)


def _tell(done: "Decided", desk: Desk, now: datetime, *, as_json: bool) -> None:
    from cli import as_json as contract
    from cli import render_promises

    if as_json:
        put_json({"case": done.case, **contract.promise(done.promise, now)})
    else:
        put(render_promises.log([(done.case, done.promise)], desk.paper, now))


def _only(given: str | None, allowed: Sequence[str], option: str) -> None:
    if given is not None and given not in allowed:
        raise UsageError("bad-choice", option=option, given=given, allowed=allowed)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
