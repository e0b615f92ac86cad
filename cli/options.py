"""Options that many commands share, each with its one help text."""

from typing import Annotated

import typer

from cli.words import say

AsJson = Annotated[bool, typer.Option("--json", help=say("option.json"))]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help=say("option.at"))]
CaseWords = Annotated[list[str], typer.Argument(metavar="CASE", show_default=False, help=say("option.case"))]
CustomerWords = Annotated[str | None, typer.Option("--customer", metavar="CUSTOMER", help=say("option.customer"))]
MailboxIds = Annotated[list[str] | None, typer.Option("--mailbox", metavar="ID", help=say("option.mailbox"))]
PromiseId = Annotated[str, typer.Argument(metavar="PROMISE", show_default=False, help=say("option.promise"))]
Who = Annotated[str | None, typer.Option("--who", metavar="STAFF", help=say("option.who"))]
EPILOG = say("help.epilog")


def everywhere(
    config: Annotated[str | None, typer.Option("--config", metavar="FILE", help=say("option.config"))] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="ja|en", help=say("option.lang"))] = None,
    debug: Annotated[bool, typer.Option("--debug", help=say("option.debug"))] = False,
    version: Annotated[bool, typer.Option("--version", help=say("option.version"))] = False,
) -> None:
    """Shows in the help what `cli.app` takes off the command line before typer sees it."""
