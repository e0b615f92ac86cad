"""`kawari demo`: the origin story, polled from a real mail server, then the two pages a stand-in reads."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import words
from cli.desk import Desk, desk_of, put, warn
from cli.paper import Paper
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.demo.run import Filled
    from notes.timeline import Page

STORY_LANGUAGE = "ja"
"""The story happens in Japan; the machine's locale does not decide what it is told in."""

Folder = Annotated[str, typer.Option("--folder", metavar="DIR", help=say("option.demo-folder"))]


def demo(ctx: typer.Context, folder: Folder = "demo") -> None:
    """Fills a folder with the story's diary and shows it as of the morning after; in Japanese unless told otherwise."""
    from cli import render_handover, render_page
    from cli.diary import open_diary

    if find_spec("pymap") is None:
        raise UsageError("demo-extra-missing")
    asked = desk_of(ctx)
    words.choose(words.readable(asked.language or STORY_LANGUAGE, sys.stdout))
    filled = _filled(Path(folder))
    desk = Desk(str(filled.settings), {name: value for name, value in asked.environ.items() if "KAWARI" not in name})
    at = f"{filled.story.now.astimezone(desk.zone):%Y-%m-%d %H:%M}"
    paper = desk.paper.as_of(at)
    with open_diary(desk, at) as diary:
        overview, numbers = diary.overview(filled.story.absent)
        sheet = diary.sheet(overview.rows[0].case.key)
    put(render_handover.overview(overview, numbers, desk.directory, paper))
    put(["", paper.paint("═" * paper.columns, "dim"), ""])
    put(render_page.page(sheet, desk.directory, desk.calendar, paper))
    put(["", paper.heading(say("demo.next")), *_next(sheet.page, filled.story.absent, paper)])


def _filled(folder: Path) -> "Filled":
    from cli.demo.run import fill
    from cli.progress import ProgressLine

    warn(say("demo.poll"))
    line = ProgressLine()
    try:
        return fill(words.language(), folder, line)
    finally:
        line.end()


def _next(page: "Page", absent: str, paper: Paper) -> list[str]:
    """Commands that work on the demo's diary, as they stand."""
    case, newest = page.case.key, len(page.entries)
    commands = [
        paper.command("cases", at=True),
        paper.command("timeline", case, "--json", at=True),
        paper.command("handover", absent, at=True),
        paper.command("promise", "list", case, "--all", at=True),
        paper.command("show", f"{case}#{newest}"),
        paper.command("unfiled"),
        paper.command("status"),
    ]
    return [f"  {command}" for command in commands]
