"""`kawari receive`: one mail on stdin into the log, for a mail server's pipe; answers as in sysexits.h."""

import sys
from typing import Annotated

import typer

from cli.desk import desk_of, warn
from cli.words import say

Recipients = Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help=say("option.receive-to"))]

NO_MAIL = 65
TRY_AGAIN = 75
SETTINGS = 78


def receive(ctx: typer.Context, to: Recipients = None) -> None:
    """Takes the mail in, and answers its writer where the settings say so; when it ends with 0 the mail is on the
    disk."""
    from cli.answer import hand_over
    from ingest.delivery import MAX_BYTES, deliver
    from notes.errors import UnreadableMailError
    from notes.store.durable import keep_on_disk

    desk = desk_of(ctx)
    desk.settings  # noqa: B018 - wrong settings are said before a mail is read
    raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        _refuse("failure.mail-too-large")
    context = desk.context(desk.now())
    store = desk.store(create=True)
    try:
        keep_on_disk(store)
        deliver(store, raw, to or (), context)
        hand_over(desk, store, desk.now())
    except UnreadableMailError:
        _refuse("failure.not-a-mail")
    finally:
        store.close()


def _refuse(code: str) -> None:
    warn(say(code))
    raise typer.Exit(NO_MAIL)


def as_sysexit(code: int) -> int:
    """kawari's exit code in the words of sysexits.h: what a later try may cure is tried again, and no mail is lost."""
    if code in (0, NO_MAIL):
        return code
    return SETTINGS if code == 2 else TRY_AGAIN
