"""`kawari inspect`: what kawari reads in a mail, a sentence, a pile of mails. Needs no settings and no database."""

import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import EPILOG, AsJson, At
from cli.words import say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Paths = Annotated[list[str], typer.Argument(metavar="PATH...", show_default=False, help=say("option.mails"))]
Json = Annotated[bool, typer.Option("--jsonl", help=say("option.jsonl"))]
NoReferences = Annotated[bool, typer.Option("--no-references", help=say("option.no-references"))]
Text = Annotated[str | None, typer.Argument(metavar="TEXT", show_default=False, help=say("option.text"))]
Zone = Annotated[str | None, typer.Option("--zone", metavar="ZONE", help=say("option.zone"))]


@app.command("mail", help=say("help.inspect-mail"), epilog=EPILOG)
def mail(ctx: typer.Context, paths: Paths, as_json: AsJson = False) -> None:
    """Reads files of mails and says what is in each."""
    from cli import inspect_mails

    desk = desk_of(ctx)
    for seen in inspect_mails.read(paths):
        if as_json:
            put_json(inspect_mails.as_json(seen), line=True)
        else:
            put(inspect_mails.as_text(seen, desk.paper, desk.now()))


@app.command("text", help=say("help.inspect-text"), epilog=EPILOG)
def text(
    ctx: typer.Context,
    text: Text = None,
    at: At = None,
    zone: Zone = None,
    as_json: AsJson = False,
    jsonl: Json = False,
) -> None:
    """Finds promises and dates in a sentence, or in each line of JSON on stdin."""
    from cli import inspect_texts

    desk = desk_of(ctx)
    if jsonl:
        for answer in inspect_texts.answers(_lines(sys.stdin.buffer), desk_of(ctx).phrases):
            put_json(answer, line=True)
        return
    said = sys.stdin.read() if text in (None, "-") else str(text)
    found = inspect_texts.look(said, desk, at, zone)
    if as_json:
        put_json(inspect_texts.as_json(found), line=True)
    else:
        put(inspect_texts.as_text(found, desk.paper))


@app.command("threads", help=say("help.inspect-threads"), epilog=EPILOG)
def threads(ctx: typer.Context, paths: Paths, as_json: AsJson = False, no_references: NoReferences = False) -> None:
    """Groups a pile of mails."""
    from cli import inspect_mails, inspect_piles

    mails = [seen for seen in inspect_mails.read(paths) if seen.message]
    groups = inspect_piles.group(mails) if no_references else inspect_mails.by_references(mails)
    if as_json:
        put_json({"threads": groups})
    else:
        put(inspect_mails.threads_as_text(groups, mails, desk_of(ctx).paper))


def _lines(stream: Iterable[bytes]) -> Iterable[str]:
    return (line.decode("utf-8", "replace") for line in stream if line.strip())
