"""`kawari handover`: everything a colleague owes, for who stands in; or everybody, for who looks after all."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.diary import Diary

Owner = Annotated[str | None, typer.Argument(metavar="[OWNER]", show_default=False, help=say("option.staff"))]
Standin = Annotated[str | None, typer.Option("--to", metavar="STANDIN", help=say("option.standin"))]
Everybody = Annotated[bool, typer.Option("--all", help=say("option.everybody"))]
Html = Annotated[str | None, typer.Option("--html", metavar="FILE", help=say("option.html"))]

Ics = Annotated[str | None, typer.Option("--ics", metavar="FILE", help=say("option.ics"))]

Since = Annotated[str | None, typer.Option("--since", metavar="TIME|away", help=say("option.since"))]


def handover(
    ctx: typer.Context,
    owner: Owner = None,
    to: Standin = None,
    everybody: Everybody = False,
    html: Html = None,
    ics: Ics = None,
    since: Since = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Shows what an owner owes, in the order in which a stand-in should act; with `since`, what happened meanwhile."""
    from cli.diary import open_diary

    desk = desk_of(ctx)
    if (owner is None) != everybody:
        raise UsageError("owner-or-all")
    given = next(
        (name for name, value in (("--to", to), ("--html", html), ("--ics", ics), ("--since", since)) if value), None
    )
    if everybody and given:
        raise UsageError("of-one-owner", option=given)
    with open_diary(desk, at) as diary:
        if owner is None:
            _everybody(diary, desk, at, as_json=as_json)
        elif since is not None:
            _returned(diary, desk, owner, since, at=at, as_json=as_json)
        else:
            _one(diary, desk, owner, to, html=html, ics=ics, at=at, as_json=as_json)


def _one(
    diary: "Diary",
    desk: Desk,
    owner: str,
    to: str | None,
    *,
    html: str | None,
    ics: str | None,
    at: str | None,
    as_json: bool,
) -> None:
    from cli import named

    who = named.staff(desk.directory, owner)
    standin = named.staff(desk.directory, to) if to else None
    paper = desk.paper.as_of(at)
    overview, numbers = diary.overview(who, counted=as_json)
    if html:
        from cli.private_file import write
        from cli.web import pages

        write(Path(html), pages.pack(diary, overview, numbers, paper, standin).encode())
    if ics:
        from cli.calendar_file import promises
        from cli.private_file import write

        owed = [(row.case, row.promise) for row in overview.rows if row.promise]
        write(Path(ics), promises(owed, diary.now))
    if as_json:
        from cli import as_json as contract

        put_json(contract.overview(overview) | ({"standin": standin} if standin else {}))
    elif html or ics:
        put(say("web.written", path=path) for path in (html, ics) if path)
    else:
        from cli import render_handover

        put(render_handover.overview(overview, numbers, desk.directory, paper, standin))
        if not overview.standin:
            put(render_handover.may_be_away(diary.may_be_away(who), paper))


def _returned(diary: "Diary", desk: Desk, owner: str, since: str, *, at: str | None, as_json: bool) -> None:
    from cli import named, render_returned, returning

    who = named.staff(desk.directory, owner)
    person = next(one for one in desk.directory.staff if one.id == who)
    begun = returning.since(diary, person, since)
    rows = returning.rows(diary, person, begun)
    if as_json:
        put_json(render_returned.as_json(person, begun, rows, diary.now))
    else:
        put(render_returned.text(person, begun, rows, diary.now, desk.directory, desk.paper.as_of(at)))


def _everybody(diary: "Diary", desk: Desk, at: str | None, *, as_json: bool) -> None:
    found = diary.overviews(counted=as_json)
    if as_json:
        from cli import as_json as contract

        put_json({"as_of": diary.now.isoformat(), "overviews": [contract.overview(one) for one in found]})
    else:
        from cli import render_handover

        put(render_handover.everybody(found, desk.directory, desk.paper.as_of(at)))
