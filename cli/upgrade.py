"""`kawari upgrade`: the database brought to this version."""

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson
from cli.words import say


def upgrade(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Runs the migrations that the database lacks."""
    from cli.given import database_url
    from notes.store.engine import upgrade as migrate

    before, after = migrate(database_url(desk_of(ctx).settings))
    if as_json:
        put_json({"from": before, "to": after})
    elif before == after:
        put([say("upgrade.nothing", to=after)])
    else:
        put([say("upgrade.done", before=before or "—", to=after)])
