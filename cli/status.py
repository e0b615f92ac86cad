"""`kawari status`: what was read of each folder, what could not be, and what is kept of nobody's mail."""

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson


def status(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Shows the coverage of every folder, the mails kept aside, and what is kept of mail that is nobody's."""
    from cli import log_proof, render_hushed, render_lists
    from cli.diary import open_diary
    from cli.heard import hushed_now
    from notes.store import outbox, places, unfiled

    desk = desk_of(ctx)
    with open_diary(desk) as diary:
        coverage, aside = places.coverage(diary.db), places.quarantined(diary.db)
        nobodys, keep = unfiled.overview(diary.db), desk.settings.keep_unfiled
        url = diary.db.engine.url.render_as_string()
        letters, hushed = outbox.post(diary.db), hushed_now(diary.db, diary.now)
        unproven = log_proof.unproven(diary.db, desk, coverage)
    if as_json:
        from cli import as_json as contract

        told = contract.status(url, str(desk.file), coverage, aside, keep, nobodys, diary.now)
        told |= {"letters": contract.letters(letters), "hushed": render_hushed.as_json(hushed)}
        put_json(told | log_proof.as_json(unproven))
    else:
        lines = render_lists.status(url, str(desk.file), coverage, aside, desk.paper, diary.now)
        lines += render_lists.nobodys(keep, nobodys, desk.paper)
        lines += render_lists.letters(letters, desk.paper)
        lines += log_proof.lines(unproven, desk.paper.columns)
        put([*lines, *render_hushed.listed(hushed, desk.paper, diary.now)])
