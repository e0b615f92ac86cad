"""`kawari note`: what no mail says, in a line: a note, a call, a meeting, a hint on how a customer is to be treated."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, Who
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.noted import Written

CaseName = Annotated[str, typer.Argument(metavar="CASE", show_default=False, help=say("option.case"))]
Text = Annotated[list[str] | None, typer.Argument(metavar="TEXT", show_default=False, help=say("option.note-text"))]
Call = Annotated[bool, typer.Option("--call", help=say("option.note-call"))]
Meeting = Annotated[bool, typer.Option("--meeting", help=say("option.note-meeting"))]
Hint = Annotated[bool, typer.Option("--hint", help=say("option.note-hint"))]
Happened = Annotated[str | None, typer.Option("--at", metavar="TIME", help=say("option.note-at"))]

STDIN = "-"


def note(
    ctx: typer.Context,
    case: CaseName,
    text: Text = None,
    call: Call = False,
    meeting: Meeting = False,
    hint: Hint = False,
    who: Who = None,
    at: Happened = None,
    as_json: AsJson = False,
) -> None:
    """Writes a note into a case and shows what was promised in it."""
    from cli import noted

    desk = desk_of(ctx)
    given = {"call": call, "meeting": meeting, "hint": hint}
    kinds = [name for name, chosen in given.items() if chosen]
    if len(kinds) > 1:
        raise UsageError("note-kinds", given=[f"--{name}" for name in kinds])
    noted.find(desk, case)  # before anybody types
    words = _words(text, desk)
    _tell(noted.write(desk, case, words, kind=kinds[0] if kinds else "note", who=who, at=at), desk, as_json=as_json)


def _words(text: list[str] | None, desk: Desk) -> str:
    """The words of the command line; of stdin for `-`; of an editor where none are given on a terminal."""
    if text == [STDIN]:
        return sys.stdin.read()
    if text:
        return " ".join(text)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("note-no-text")
    from cli import editor

    return editor.written(desk.environ)


def _tell(done: "Written", desk: Desk, *, as_json: bool) -> None:
    from cli import render_noted

    if as_json:
        put_json(render_noted.as_json(done, desk.now()))
    else:
        put(render_noted.lines(done, desk.paper, desk.now()))
