"""`kawari status`: what was read of each folder, and what could not be."""

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson


def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Shows the coverage of every folder, and the mails kept aside."""
    from cli import render_lists
    from cli.diary import open_diary
    from notes.store import places

    desk = desk_of(ctx)
    with open_diary(desk) as diary:
        coverage, aside = places.coverage(diary.db), places.quarantined(diary.db)
        url = diary.db.engine.url.render_as_string()
    if as_json:
        from cli import as_json as contract

        put_json(contract.status(url, str(desk.file), coverage, aside, diary.now))
    else:
        put(render_lists.status(url, str(desk.file), coverage, aside, desk.paper, diary.now))
