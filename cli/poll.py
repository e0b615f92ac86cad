"""`kawari poll`: new mail from every mailbox of the settings."""

import signal
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json, warn
from cli.harmless import harmless
from cli.options import AsJson, MailboxIds
from cli.words import say

if TYPE_CHECKING:
    from ingest.poll import FolderResult

INTERRUPTED = 130
"""The exit code of a process that Ctrl-C ended (128 and the number of SIGINT)."""

Once = Annotated[bool, typer.Option("--once", help=say("option.once"))]


def poll(ctx: typer.Context, once: Once = False, mailbox: MailboxIds = None, as_json: AsJson = False) -> None:
    """Reads what is new; without `--once` again every `interval` seconds until told to stop."""
    from cli.given import accounts
    from cli.progress import ProgressLine

    desk = desk_of(ctx)
    chosen = accounts(desk.settings, mailbox or ())
    from ingest.poll import poll_forever, poll_once

    store = desk.store(create=True)
    stop = _stop_on_signal()
    line = ProgressLine()

    def read() -> "list[FolderResult]":
        results = poll_once(store, chosen, desk.context(desk.now()), line, stop=stop.is_set)
        line.end()
        return results

    try:
        if once:
            results = read()
            _report(desk, results, as_json=as_json)
            if not stop.is_set():
                _fail_if_unreachable(results)
        else:
            interval = float(desk.settings.interval)
            poll_forever(read, seconds=interval, stop=stop, report=lambda found: _news(desk, found, as_json=as_json))
    finally:
        store.close()
    if stop.interrupted:
        raise typer.Exit(INTERRUPTED)


class _Stop(threading.Event):
    """Set by Ctrl-C or SIGTERM; `interrupted` says that it was Ctrl-C."""

    interrupted = False


def _stop_on_signal() -> _Stop:
    """The batch in hand is stored, then we go. A second signal ends at once."""
    stop = _Stop()

    def ask(number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.interrupted = number == signal.SIGINT
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    return stop


def _news(desk: Desk, results: "Sequence[FolderResult]", *, as_json: bool) -> None:
    """While watching, only what is worth a line."""
    _report(desk, [one for one in results if one.new or one.unreadable or one.error or one.notices], as_json=as_json)
    sys.stdout.flush()


def _report(desk: Desk, results: "Sequence[FolderResult]", *, as_json: bool) -> None:
    from cli import as_json as contract
    from cli import render_lists
    from cli.app import sentence

    said = [
        say(f"notice.{notice.code}", **{name: harmless(str(value)) for name, value in notice.values.items()})
        for one in results
        for notice in one.notices
    ]
    for text in dict.fromkeys([*said, *(sentence(one.error) for one in results if one.error)]):
        warn(text)
    if as_json:
        put_json({"as_of": contract.iso(desk.now()), "folders": [contract.folder_result(one) for one in results]})
    else:
        put(render_lists.results(results))


def _fail_if_unreachable(results: "Sequence[FolderResult]") -> None:
    failed = next((one.error for one in results if one.error), None)
    if failed:
        raise typer.Exit(failed.exit_code)
