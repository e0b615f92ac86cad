"""`kawari check`: what somebody must hear of now, each with its reason and the command to run next."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say
from notes.alarms import FAILING
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.heard import Heard
    from cli.notify import Done

OVERDUE = 6
Notify = Annotated[bool, typer.Option("--notify", help=say("option.notify"))]
Owner = Annotated[str | None, typer.Option("--owner", metavar="STAFF", help=say("option.check-owner"))]


def check(
    ctx: typer.Context, owner: Owner = None, notify: Notify = False, at: At = None, as_json: AsJson = False
) -> None:
    """Prints the alarms, what must be acted on first in front. Exit code 6 when something is late, quiet or unread.

    With `--notify` those whom it concerns are written to. What nobody wants to hear of is listed below.
    """
    from cli import named, render_check, render_hushed
    from cli.diary import open_diary
    from cli.heard import gather

    desk = desk_of(ctx)
    if notify and at:
        raise UsageError("notify-at")
    who = named.staff(desk.directory, owner) if owner else None
    with open_diary(desk, at) as diary:
        heard = gather(diary, desk)
    found = [one for one in heard.alarms if who in (None, one.owner, one.standin)]
    done = _tell(desk, heard, diary.now) if notify else None
    if as_json:
        told = {"notified": {"written": done.written, "sent": done.sent}} if done else {}
        hushed = {"hushed": render_hushed.as_json(heard.hushed)}
        put_json(render_check.as_json(found, diary.now, desk.directory) | hushed | told)
    else:
        paper = desk.paper.as_of(at)
        lines = render_check.lines(found, heard.absences, desk.directory, paper, diary.now)
        lines += render_hushed.listed(heard.hushed, paper, diary.now)
        put([*lines, *(["", say("notify.done", written=done.written, sent=done.sent)] if done else [])])
    if any(one.code in FAILING for one in found):
        raise typer.Exit(OVERDUE)


def _tell(desk: Desk, heard: "Heard", now: datetime) -> "Done":
    from cli.notify import tell

    store = desk.store()
    try:
        return tell(desk, store, now, heard)
    finally:
        store.close()
