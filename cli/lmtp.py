"""`kawari lmtp`: stays, and takes mail for the log from the mail server on this machine."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, warn
from cli.service import READY, notify
from cli.words import say
from notes.errors import KawariError, SettingsError, UsageError

if TYPE_CHECKING:
    from ingest.lmtp import Bound

Socket = Annotated[str | None, typer.Option("--socket", metavar="PATH", help=say("option.lmtp-socket"))]
Listen = Annotated[str | None, typer.Option("--listen", metavar="HOST:PORT", help=say("option.lmtp-listen"))]


def lmtp(ctx: typer.Context, socket: Socket = None, listen: Listen = None) -> None:
    """Serves until SIGTERM."""
    import asyncio

    from cli.answer import hand_over
    from ingest.lmtp import Service, serve
    from notes.store.durable import keep_on_disk

    desk = desk_of(ctx)
    bind = _bind(socket, listen)
    if not desk.directory.log_addresses:
        raise SettingsError("no-log-addresses", file=str(desk.file or "kawari.toml"))
    store = desk.store(create=True)
    try:
        keep_on_disk(store)
        desk.context(desk.now())  # what is wrong with the settings is said now
        service = Service(store, lambda: desk.context(desk.now()), _told, lambda: hand_over(desk, store, desk.now()))
        asyncio.run(serve(service, bind, lambda where: _ready(desk, where)))
    finally:
        store.close()


def _ready(desk: Desk, where: str) -> None:
    warn(say("lmtp.ready", where=where))
    notify(desk.environ, READY)


def _bind(socket: str | None, listen: str | None) -> "Bound":
    from pathlib import Path

    from ingest.lmtp import on_port, on_socket

    if bool(socket) == bool(listen):
        raise UsageError("lmtp-where")
    if socket:
        return on_socket(Path(socket).absolute())
    host, _, port = str(listen).rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port[:6]) < 65536):
        raise UsageError("bad-choice", option="--listen", given=listen, allowed="127.0.0.1:24, [::1]:24")
    return on_port(host.strip("[]"), int(port))


def _told(error: KawariError) -> None:
    from cli.error_words import sentence

    warn(sentence(error))
