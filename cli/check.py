"""`kawari check`: what somebody must hear of now, each with its reason and the command to run next."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say
from notes.alarms import FAILING, Alarm

if TYPE_CHECKING:
    from cli.diary import Diary

OVERDUE = 6
Owner = Annotated[str | None, typer.Option("--owner", metavar="STAFF", help=say("option.check-owner"))]


def check(ctx: typer.Context, owner: Owner = None, at: At = None, as_json: AsJson = False) -> None:
    """Prints the alarms, what must be acted on first in front. Exit code 6 when something is late, quiet or unread."""
    from cli import named, render_check
    from cli.diary import open_diary

    desk = desk_of(ctx)
    who = named.staff(desk.directory, owner) if owner else None
    with open_diary(desk, at) as diary:
        found = [one for one in alarms(diary, desk) if who in (None, one.owner, one.standin)]
        absences = diary.absences
    if as_json:
        put_json(render_check.as_json(found, diary.now, desk.directory))
    else:
        put(render_check.lines(found, absences, desk.directory, desk.paper.as_of(at), diary.now))
    if any(one.code in FAILING for one in found):
        raise typer.Exit(OVERDUE)


def alarms(diary: "Diary", desk: Desk) -> list[Alarm]:
    """Everything that must be heard of at the diary's moment.

    Mailboxes are judged by the clock: of a moment to come nobody can have read the mail yet.
    """
    from cli.given import limits
    from ingest import heed
    from notes import silence

    mailboxes = {box.id: box.owner for box in desk.settings.mailboxes}
    read_by = min(diary.now, datetime.now(diary.now.tzinfo))
    ledger = heed.gather(
        diary.db,
        diary.held(active=True),
        diary.absences,
        mailboxes,
        directory=desk.directory,
        calendar=desk.calendar,
        now=diary.now,
    )
    return silence.alarms(ledger, limits(desk.settings), desk.calendar, diary.now, read_by=read_by)
