"""`kawari timeline`: one case on one page."""

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At, CaseWords


def timeline(ctx: typer.Context, case: CaseWords, at: At = None, as_json: AsJson = False) -> None:
    """Shows the page of a case."""
    from cli import named, render_page
    from cli.diary import open_diary

    desk = desk_of(ctx)
    with open_diary(desk, at) as diary:
        sheet = diary.sheet(named.case(diary.db, case))
    if as_json:
        from cli import as_json as contract

        put_json(contract.sheet(sheet))
    else:
        put(render_page.page(sheet, desk.directory, desk.calendar, desk.paper.as_of(at)))
