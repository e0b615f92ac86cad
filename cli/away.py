"""`kawari away` and `kawari back`: who is away, from when to when, and who stands in. Anybody may say it of anybody."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, At, Who
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.whereabouts import Whereabouts

Owner = Annotated[str, typer.Argument(metavar="OWNER", show_default=False, help=say("option.staff"))]
Anybody = Annotated[str | None, typer.Argument(metavar="[OWNER]", show_default=False, help=say("option.away-owner"))]
To = Annotated[str | None, typer.Option("--to", metavar="STANDIN", help=say("option.away-to"))]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help=say("option.away-from"))]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help=say("option.away-until"))]
Since = Annotated[str | None, typer.Option("--from", metavar="DATE", help=say("option.back-from"))]


def away(
    ctx: typer.Context,
    owner: Anybody = None,
    to: To = None,
    from_: From = None,
    until: Until = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Says that somebody is away and who stands in; shows what the stand-in takes over. Without OWNER: who is away."""
    from cli import whereabouts

    desk = desk_of(ctx)
    if owner is None:
        _list(desk, at, as_json=as_json)
        return
    if to is None:
        raise UsageError("away-to", owner=owner)
    _tell(whereabouts.declare(desk, owner, to, since=from_, until=until, who=who, at=at), desk, as_json=as_json)


def back(
    ctx: typer.Context, owner: Owner, from_: Since = None, who: Who = None, at: At = None, as_json: AsJson = False
) -> None:
    """Says that somebody is there again."""
    from cli import whereabouts

    desk = desk_of(ctx)
    _tell(whereabouts.end(desk, owner, since=from_, who=who, at=at), desk, as_json=as_json)


def _list(desk: Desk, at: str | None, *, as_json: bool) -> None:
    """The absences that run at the moment or lie ahead."""
    from cli import render_absence
    from cli.diary import open_diary

    with open_diary(desk, at) as diary:
        found = [one for one in diary.absences if one.until is None or one.until > diary.now]
        rows = [(one, diary.standin(one.owner) if one.covers(diary.now) else one.standin) for one in found]
        now = diary.now
    if as_json:
        put_json({"as_of": now.isoformat(), "absences": [render_absence.absence(one) for one in found]})
    else:
        put(render_absence.listed(rows, desk.directory, desk.paper, now))


def _tell(found: "Whereabouts", desk: Desk, *, as_json: bool) -> None:
    from cli import render_absence

    if as_json:
        put_json(render_absence.as_json(found))
    else:
        put(render_absence.told(found, desk.directory, desk.paper))
