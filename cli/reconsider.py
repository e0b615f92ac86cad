"""`kawari reconsider`: every mail filed anew, in the order of writing, by the present rules."""

from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.harmless import harmless
from cli.options import AsJson
from cli.words import say

DryRun = Annotated[bool, typer.Option("--dry-run", help=say("option.dry-run"))]


def reconsider(ctx: typer.Context, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Shows which mails change their case, and changes it; what people decided stays."""
    from cli.progress import ProgressLine
    from ingest.reconsider import reconsider as read_again

    desk = desk_of(ctx)
    context = desk.context(desk.now(), helped=True)
    store = desk.store()
    line = ProgressLine()
    try:
        changes = read_again(store, context, dry_run=dry_run, progress=lambda done: line("", "", done, None))
    finally:
        line.end()
        context.workers.rest()
        store.close()
    if as_json:
        rows = [{"ref": one.ref, "before": one.before, "after": one.after} for one in changes]
        put_json({"dry_run": dry_run, "changes": rows})
        return
    nowhere = say("reconsider.unfiled")
    put(f"{harmless(one.ref, one_line=True)}  {one.before or nowhere} → {one.after or nowhere}" for one in changes)
    code = "reconsider.would" if dry_run else "reconsider.done"
    put([say(code, count=len(changes)) if changes else say("reconsider.nothing")])
