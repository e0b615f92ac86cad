"""`kawari poll`: new mail from every mailbox of the settings, once, or until told to stop."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cli.desk import Desk, desk_of, put, put_json, warn
from cli.options import AsJson, MailboxIds
from cli.words import say

if TYPE_CHECKING:
    from cli.happenings import Teller
    from ingest.mailbox import Account
    from ingest.poll import FolderResult
    from ingest.stopping import Stop
    from notes.store.engine import Store

INTERRUPTED = 130
"""The exit code of a process that Ctrl-C ended (128 and the number of SIGINT)."""

Once = Annotated[bool, typer.Option("--once", help=say("option.once"))]
LogJson = Annotated[bool, typer.Option("--log-json", help=say("option.log-json"))]


def poll(
    ctx: typer.Context,
    once: Once = False,
    mailbox: MailboxIds = None,
    log_json: LogJson = False,
    as_json: AsJson = False,
) -> None:
    """Reads what is new; without `--once` stays, and reads it as it comes, until told to stop."""
    from cli.given import accounts

    desk = desk_of(ctx)
    chosen = accounts(desk.settings, mailbox or ())
    from ingest.stopping import Stop

    store = desk.store(create=True)
    stop = Stop()
    signals = _set_on_signal(stop)
    if once:
        try:
            insist = bool(mailbox) or sys.stderr.isatty()
            _read_once(desk, store, chosen, stop, insist=insist, log_json=log_json, as_json=as_json)
        finally:
            store.close()
        if signal.SIGINT in signals:
            raise typer.Exit(INTERRUPTED)
    else:
        _stay(desk, store, chosen, stop, log_json=log_json, as_json=as_json)


def _read_once(
    desk: Desk,
    store: "Store",
    chosen: "Sequence[Account]",
    stop: "Stop",
    *,
    insist: bool,
    log_json: bool,
    as_json: bool,
) -> None:
    from cli.answer import hand_over
    from cli.faults import listen
    from cli.happenings import Teller
    from cli.progress import ProgressLine
    from ingest.poll import poll_once

    line = ProgressLine()
    context = desk.context(desk.now(), helped=True)
    teller = Teller(desk, line.end, as_json=True) if log_json else None
    if teller:
        listen(teller.fault, debug=desk.debug)
    try:
        results = poll_once(store, chosen, context, line, stop=stop.is_set, insist=insist)
    finally:
        line.end()
        context.workers.rest()
    hand_over(desk, store, desk.now())
    _warn(results, teller)
    _report(desk, results, as_json=as_json)
    failed = next((one.error for one in results if one.error), None)
    if failed and not stop.is_set():
        raise typer.Exit(failed.exit_code)


def _stay(
    desk: Desk, store: "Store", chosen: "Sequence[Account]", stop: "Stop", *, log_json: bool, as_json: bool
) -> None:
    """Ends with the exit code 0 when told to stop, whatever threads still wait for a server."""
    from cli import as_json as contract
    from cli import service
    from cli.faults import listen
    from cli.happenings import Teller, event
    from cli.notify import is_set_up
    from cli.notify import tell as tell_people
    from cli.progress import ProgressLine
    from ingest.watch import watch
    from ingest.watching import Happening

    line = ProgressLine()
    teller = Teller(desk, line.end, as_json=log_json)

    def tell(happening: Happening) -> None:
        teller(happening)
        if as_json and happening.results:
            folders = [contract.folder_result(one) for one in happening.results]
            put_json({"as_of": contract.iso(desk.now()), "folders": folders}, line=True)
            sys.stdout.flush()

    def alive() -> None:
        if service.watched(desk.environ):
            service.notify(desk.environ, service.ALIVE)

    def letters() -> None:
        done = tell_people(desk, store, desk.now())
        if done.written or done.sent:
            text = say("happening.letters", written=done.written, sent=done.sent)
            teller.say(event("letters", text, written=done.written, sent=done.sent), desk.now())

    context = desk.context(desk.now(), helped=True)
    listen(teller.fault, debug=desk.debug)
    every_minute = letters if is_set_up(desk) else None
    teller.say(event("started", say("happening.started", n=len(chosen)), mailboxes=len(chosen)), desk.now())
    service.notify(desk.environ, service.READY)
    watch(
        store,
        chosen,
        lambda: replace(context, now=desk.now()),
        stop,
        tell=tell,
        progress=line,
        alive=alive,
        every_minute=every_minute,
    )
    service.notify(desk.environ, service.STOPPING)
    line.end()
    teller.say(event("stopped", say("happening.stopped")), desk.now())
    _leave(store)


def _leave(store: "Store") -> NoReturn:
    """A thread that is still in the hands of a server would keep the program, or break its end; what it has not stored
    comes again."""
    if threading.active_count() == 1:
        store.close()
        raise typer.Exit(0)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _set_on_signal(stop: "Stop") -> list[int]:
    """The batch in hand is stored, then we go. A second signal ends at once. Returns those that will have come."""
    came: list[int] = []

    def ask(number: int, _frame: object) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return came


def _warn(results: "Sequence[FolderResult]", teller: "Teller | None") -> None:
    """What somebody should read, each once; as events of the log where that is asked for."""
    from cli.error_words import noticed, sentence

    if teller:
        from ingest.watching import Code, Happening

        teller(Happening(Code.READ, results=tuple(results)))
        return
    said = [noticed(notice) for one in results for notice in one.notices]
    for text in dict.fromkeys([*said, *(sentence(one.error) for one in results if one.error)]):
        warn(text)


def _report(desk: Desk, results: "Sequence[FolderResult]", *, as_json: bool) -> None:
    from cli import as_json as contract
    from cli import render_lists

    if as_json:
        put_json({"as_of": contract.iso(desk.now()), "folders": [contract.folder_result(one) for one in results]})
    else:
        put(render_lists.results(results))
