"""`kawari init`: asks, tests the login, finds the folders, writes `kawari.toml`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, warn
from cli.words import say

if TYPE_CHECKING:
    from cli.settings import Settings

File = Annotated[str | None, typer.Option("--file", metavar="FILE", help=say("option.init-file"))]
Force = Annotated[bool, typer.Option("--force", help=say("option.init-force"))]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="NAME", help=say("option.init-organisation"))
]
Domains = Annotated[list[str] | None, typer.Option("--domain", metavar="DOMAIN", help=say("option.init-domain"))]
Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help=say("option.init-name"))]
Address = Annotated[str | None, typer.Option("--address", metavar="ADDRESS", help=say("option.init-address"))]
Host = Annotated[str | None, typer.Option("--host", metavar="HOST", help=say("option.init-host"))]
Port = Annotated[str | None, typer.Option("--port", metavar="PORT", help=say("option.init-port"))]
Security = Annotated[str | None, typer.Option("--security", metavar="KIND", help=say("option.init-security"))]
User = Annotated[str | None, typer.Option("--user", metavar="USER", help=say("option.init-user"))]
PasswordEnv = Annotated[
    str | None, typer.Option("--password-env", metavar="NAME", help=say("option.init-password-env"))
]
Zone = Annotated[str | None, typer.Option("--timezone", metavar="ZONE", help=say("option.init-timezone"))]
Holidays = Annotated[str | None, typer.Option("--holidays", metavar="COUNTRY", help=say("option.init-holidays"))]
NoTest = Annotated[bool, typer.Option("--no-test", help=say("option.init-no-test"))]
Yes = Annotated[bool, typer.Option("--yes", help=say("option.init-yes"))]


def init(
    ctx: typer.Context,
    file: File = None,
    force: Force = False,
    organisation: Organisation = None,
    domain: Domains = None,
    name: Name = None,
    address: Address = None,
    host: Host = None,
    port: Port = None,
    security: Security = None,
    user: User = None,
    password_env: PasswordEnv = None,
    timezone: Zone = None,
    holidays: Holidays = None,
    no_test: NoTest = False,
    yes: Yes = False,
) -> None:
    """Writes a settings file; what is not given as an option is asked for, or taken as proposed with `--yes`."""
    from cli import first_settings
    from cli.settings_file import default_file

    desk = desk_of(ctx)
    target = Path(file or desk.config or default_file(desk.environ))
    first_settings.refuse_existing(target, force=force)
    given = {
        "organisation": organisation,
        "domains": ", ".join(domain) if domain else None,
        "name": name,
        "address": address,
        "host": host,
        "port": port,
        "security": security,
        "user": user,
        "password_env": password_env,
        "timezone": timezone,
        "holidays": holidays,
    }
    asking = sys.stdin.isatty() and not yes
    answers = first_settings.answers(given, _ask if asking else None)
    settings = first_settings.check(answers, target)
    if not no_test:
        _test(desk, settings, answers, asking=asking)
    first_settings.write(target, first_settings.render(answers))
    put([say("init.written", file=str(target)), say("init.next")])


def _ask(question: str, proposal: str) -> str:
    return str(typer.prompt(question, default=proposal, show_default=bool(proposal), err=True)).strip()


def _test(desk: Desk, settings: "Settings", answers: dict[str, str], *, asking: bool) -> None:
    """Logs in once and names the folders; a password that lies nowhere yet is asked for, used and forgotten."""
    from cli.given import account
    from ingest import credentials, imap

    box = account(settings.mailboxes[0], settings.folder)
    name = answers["password_env"]
    if name not in desk.environ and asking:
        password = str(typer.prompt(say("init.password"), hide_input=True, err=True))
        warn(say("init.export", name=name))
    else:
        password = credentials.fetch(box.secret)
    folders = imap.try_login(box, password)
    put([say("init.logged-in", host=box.host), *(f"  {folder}: {role}" for folder, role in folders.items())])
