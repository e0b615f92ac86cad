"""`kawari import`: mail from files, as if it lay in a mailbox."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson
from cli.words import say
from notes.errors import SettingsError, UsageError
from notes.model import Role

MailPath = Annotated[str, typer.Argument(metavar="PATH", show_default=False, help=say("option.path"))]
MailboxId = Annotated[str, typer.Option("--mailbox", metavar="ID", help=say("option.import-mailbox"))]
Folder = Annotated[str, typer.Option("--folder", metavar="NAME", help=say("option.import-folder"))]
RoleName = Annotated[str | None, typer.Option("--role", metavar="ROLE", help=say("option.role"))]


def import_(
    ctx: typer.Context,
    path: MailPath,
    mailbox: MailboxId,
    folder: Folder,
    role: RoleName = None,
    as_json: AsJson = False,
) -> None:
    """Takes in files; doing it again doubles nothing."""
    from cli import as_json as contract
    from cli import render_lists
    from cli.progress import ProgressLine
    from ingest.importing import import_path

    desk = desk_of(ctx)
    if role is not None and role not in list(Role):
        raise UsageError("bad-choice", option="--role", given=role, allowed=list(Role))
    known = [box.id for box in desk.settings.mailboxes]
    if known and mailbox not in known:
        raise SettingsError("no-such-mailbox", given=mailbox, allowed=known)
    line = ProgressLine()
    context = desk.context(desk.now(), helped=True)
    store = desk.store(create=True)
    try:
        result = import_path(store, Path(path), mailbox, folder, _role(role, folder), context, line)
    finally:
        line.end()
        context.workers.rest()
        store.close()
    if as_json:
        put_json(contract.folder_result(result))
    else:
        put(render_lists.results([result]))


def _role(given: str | None, folder: str) -> Role:
    """A folder that mail programs call sent holds sent mail; everything else came in."""
    from ingest.folders import Listed, roles

    named = roles([Listed(folder, "/", frozenset())]).get(folder, Role.INBOX)
    return Role(given) if given else named
