"""`kawari demo`: the origin story, polled from a real mail server, then the two pages a stand-in reads."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cli import words
from cli.desk import Desk, desk_of, put, warn
from cli.words import say
from notes.errors import UsageError

Folder = Annotated[str, typer.Option("--folder", metavar="DIR", help=say("option.demo-folder"))]


def demo(ctx: typer.Context, folder: Folder = "demo") -> None:
    """Fills a folder with the story's diary and shows it as of the morning after."""
    from cli import render_lists, render_page
    from cli.diary import open_diary
    from cli.progress import ProgressLine

    if find_spec("pymap") is None:
        raise UsageError("demo-extra-missing")
    from cli.demo.run import fill

    paper = desk_of(ctx).paper
    warn(say("demo.poll"))
    line = ProgressLine()
    try:
        filled = fill(words.language(), Path(folder), line)
    finally:
        line.end()
    desk = Desk(str(filled.settings), {})
    at = f"{filled.story.now.astimezone(desk.zone):%Y-%m-%d %H:%M}"
    with open_diary(desk, at) as diary:
        overview = diary.overview(filled.story.absent)
        burning = overview.rows[0].case.key if overview.rows else None
        page = diary.page(burning) if burning else None
    paper = paper.in_zone(desk.zone)
    put(render_lists.overview(overview, desk.directory, paper))
    if page:
        put(["", paper.paint("═" * paper.columns, "dim"), "", *render_page.page(page, desk.directory, paper)])
    put(["", paper.heading(say("demo.next")), *_next(filled.settings, at, filled.story.absent, burning)])


def _next(settings: Path, at: str, absent: str, burning: str | None) -> list[str]:
    """Commands that work on the demo's diary."""
    kawari = f"  kawari --config {settings}"
    case = burning or "CASE"
    return [
        f"{kawari} cases --at '{at}'",
        f"{kawari} timeline {case} --at '{at}' --json",
        f"{kawari} handover {absent} --at '{at}'",
        f"{kawari} promise list {case} --at '{at}'",
        f"{kawari} unfiled",
        f"{kawari} status",
    ]
