"""HTML written from templates, every word escaped; and put into a file that only its owner may read."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from cli import render_handover
from cli.paper import Paper
from cli.web import letters, views
from cli.web.picture import anchor
from cli.words import language, say
from notes.handover import Overview
from notes.timeline import Entry

if TYPE_CHECKING:
    from jinja2 import Environment

    from cli.diary import Diary, Sheet

SOURCE = re.compile(r"\[#(\d{1,6})\]")
TEMPLATES = Path(__file__).parent / "templates"
MOST_CASES = 300
"""Cases whose mails are put into one pack; what is beyond them is one command away."""


def case(diary: "Diary", sheet: "Sheet", paper: Paper) -> str:
    """The page of a case with the mails behind it."""
    view = _view(diary, sheet, paper)
    return _fill("case.html", title=f"{sheet.page.case.key} {view.title}", view=view)


def pack(diary: "Diary", overview: Overview, numbers: dict[str, int], paper: Paper, standin: str | None = None) -> str:
    """What a stand-in gets on the desk: the handover, and every case behind it with its mails."""
    now, directory = overview.as_of, diary.desk.directory
    keys = list(dict.fromkeys(row.case.key for row in overview.rows))[:MOST_CASES]
    names = directory.names
    who = standin or overview.standin
    summary = [{"text": say("handover.standin", standin=names.get(who, who)), "style": ""}] if who else []
    summary += [
        {"text": text, "style": "ball us" if style == "alarm" else "ball" if style else ""}
        for text, style in render_handover.summary(overview, views.endless(paper))
    ]
    return _fill(
        "handover.html",
        title=render_handover.title(overview, directory),
        summary=summary,
        rows=[views.of_row(row, numbers, paper, now) for row in overview.rows],
        coverage=views.coverage(overview, paper),
        cases=[_view(diary, diary.sheet(key), paper) for key in keys],
    )


def _view(diary: "Diary", sheet: "Sheet", paper: Paper) -> views.CaseView:
    from ingest.parse import html_of
    from ingest.receive import read
    from notes.store import mails

    def letter_of(entry: Entry) -> letters.Letter:
        raw = mails.raw(diary.db, entry.mail.ref)
        return letters.of_bytes(read(raw), html_of(raw)) if raw else letters.of_diary(entry.mail)

    return views.of_case(sheet, letter_of, diary.desk.directory, paper)


def _fill(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(language=language(), say=say, style=_style(), **values)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["sources"] = _sources
    return made


def _style() -> Markup:
    return Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _sources(text: str, key: str) -> Markup:
    """A statement of ours with its sources as links: `[#7]` leads to the mail."""

    def link(found: re.Match[str]) -> str:
        return f'<a class="to" href="#{escape(anchor(key, int(found[1])))}">{found[0]}</a>'

    return Markup(SOURCE.sub(link, str(escape(text))))  # noqa: S704 - escaped before
