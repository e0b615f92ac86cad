"""`kawari export`: a case as HTML, Markdown, JSON, mbox or calendar entries."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import desk_of, put
from cli.options import At, CaseWords
from cli.words import say
from notes.errors import UsageError

if TYPE_CHECKING:
    from cli.diary import Diary, Sheet
    from cli.paper import Paper

FORMATS = ("html", "md", "json", "mbox", "ics")

Format = Annotated[str, typer.Option("--format", metavar="|".join(FORMATS), help=say("option.format"))]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help=say("option.output"))]


def export(ctx: typer.Context, case: CaseWords, form: Format = "html", output: Output = None, at: At = None) -> None:
    """Writes a case to stdout, or into a file that only its owner may read."""
    from cli import named
    from cli.diary import open_diary

    desk = desk_of(ctx)
    if form not in FORMATS:
        raise UsageError("bad-choice", option="--format", given=form, allowed=FORMATS)
    if form == "mbox" and output is None and sys.stdout.isatty():
        raise UsageError("mbox-to-terminal")
    with open_diary(desk, at) as diary:
        sheet = diary.sheet(named.case(diary.db, case))
        content = _content(form, diary, sheet, desk.paper.as_of(at))
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        from cli.private_file import write

        write(Path(output), content)
        put([say("web.written", path=output)])


def _content(form: str, diary: "Diary", sheet: "Sheet", paper: "Paper") -> bytes:
    if form == "mbox":
        from cli.mbox import mbox

        return b"".join(mbox(diary, sheet.page))
    if form == "ics":
        from cli.calendar_file import promises

        return promises([(sheet.page.case, each) for each in sheet.page.promises], diary.now)
    return _text(form, diary, sheet, paper).encode()


def _text(form: str, diary: "Diary", sheet: "Sheet", paper: "Paper") -> str:
    if form == "json":
        import json

        from cli import as_json

        return json.dumps(as_json.sheet(sheet), ensure_ascii=False, indent=2) + "\n"
    if form == "md":
        from cli.markdown import case

        return case(sheet, diary.desk.directory, paper)
    from cli.web import pages

    return pages.case(diary, sheet, paper)
