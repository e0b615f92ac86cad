"""`kawari init`: asks, tests the login, finds the folders, writes `kawari.toml`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, warn
from cli.words import say

if TYPE_CHECKING:
    from cli.first_password import Keeping
    from cli.first_settings import Ask

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
CaFile = Annotated[str | None, typer.Option("--ca-file", metavar="FILE", help=say("option.init-ca-file"))]
PasswordEnv = Annotated[
    str | None, typer.Option("--password-env", metavar="NAME", help=say("option.init-password-env"))
]
PasswordFile = Annotated[
    str | None, typer.Option("--password-file", metavar="FILE", help=say("option.init-password-file"))
]
Keyring = Annotated[bool, typer.Option("--keyring", help=say("option.init-keyring"))]
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
    ca_file: CaFile = None,
    password_env: PasswordEnv = None,
    password_file: PasswordFile = None,
    keyring: Keyring = False,
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
    ask = _ask if sys.stdin.isatty() and not yes else None
    domains = ", ".join(domain) if domain else None
    given = {"name": name, "address": address, "organisation": organisation, "domains": domains, "host": host}
    given |= {"security": security, "port": port, "user": user, "timezone": timezone, "holidays": holidays}
    known = first_settings.answers(given, ask)
    if ca_file:
        known["ca_file"] = str(Path(ca_file).absolute())
    keeping = _keeping(known, password_env, password_file, keyring=keyring, ask=ask)
    put(_set_up(desk, target, known, keeping, ask, test=not no_test))
    put([say("init.next", command=_poll(desk, target))])


def _ask(question: str, proposal: str) -> str:
    return str(typer.prompt(question, default=proposal, show_default=bool(proposal), err=True)).strip()


def _keeping(
    known: dict[str, str], variable: str | None, file: str | None, *, keyring: bool, ask: "Ask | None"
) -> "Keeping":
    """Where the password is to be kept: as given, as chosen, else in a variable that somebody must set."""
    from cli.first_password import WAYS, Keeping, proposed
    from cli.first_settings import short
    from notes.errors import UsageError

    given = [Keeping("env", variable)] if variable else []
    given += [Keeping("file", str(Path(file).absolute()))] if file else []
    given += [proposed("keyring", short(known))] if keyring else []
    if len(given) > 1:
        raise UsageError("init-password-twice")
    if given or not ask:
        return given[0] if given else proposed("env", short(known))
    way = ""
    while way not in WAYS:
        way = ask(say("init.ask-password-way"), WAYS[0])
    likely = proposed(way, short(known))
    return likely if way == "keyring" else Keeping(way, ask(say(f"init.ask-password-{way}"), likely.name))


def _set_up(
    desk: Desk, target: Path, known: dict[str, str], keeping: "Keeping", ask: "Ask | None", *, test: bool
) -> list[str]:
    """Logs in, then keeps the password and writes the settings; nothing is written before everything is known."""
    from cli import first_settings

    first_settings.check(first_settings.render(known, keeping.line()), target)
    password = _typed(desk, target, keeping, ask)
    folders: dict[str, str] = {}
    said: list[str] = []
    if test:
        folders, password = _log_in(target, known, keeping, password, ask)
        said = [say("init.logged-in", host=known["host"]), *(f"  {name}: {role}" for name, role in folders.items())]
        said += [] if "sent" in folders.values() else [say("init.no-sent")]
    text = first_settings.render(known, keeping.line(), folders)
    first_settings.check(text, target)
    kept = keeping.keep(password, target.resolve().parent) if password else ""
    first_settings.write(target, text)
    return [*said, say("init.written", file=target), *([kept] if kept else [])]


def _typed(desk: Desk, target: Path, keeping: "Keeping", ask: "Ask | None") -> str | None:
    """The password as somebody types it; None where it lies in its place already, or nobody is asked."""
    if ask is None or (keeping.way == "env" and keeping.name in desk.environ):
        return None
    if keeping.way == "file" and (target.resolve().parent / keeping.name).exists():
        return None
    return str(typer.prompt(say("init.password"), hide_input=True, err=True))


def _log_in(
    target: Path, known: dict[str, str], keeping: "Keeping", password: str | None, ask: "Ask | None"
) -> tuple[dict[str, str], str | None]:
    """The folders of the mailbox, and the password that opened it; the server is asked for again until it does."""
    from cli import first_settings
    from cli.error_words import sentence
    from cli.given import account
    from ingest import credentials, imap
    from notes.errors import MailboxError

    while True:
        settings = first_settings.check(first_settings.render(known, keeping.line()), target)
        box = account(settings.mailboxes[0], settings.folder)
        try:
            found = imap.try_login(box, credentials.fetch(box.secret) if password is None else password)
        except MailboxError as error:
            if ask is None:
                raise
            warn(f"{sentence(error)}\n{say('init.again')}")
            known |= {name: first_settings.asked(name, known[name], ask) for name in first_settings.SERVER}
            password = str(typer.prompt(say("init.password"), hide_input=True, err=True))
        else:
            return {folder: role.value for folder, role in found.items()}, password


def _poll(desk: Desk, target: Path) -> str:
    """The command to go on with, on the settings just written."""
    from cli import typed
    from cli.settings_file import find_file

    program = typed.program(sys.argv[0])
    found = find_file(None, desk.environ)
    here = found is not None and os.path.realpath(found) == os.path.realpath(target)
    return f"{program} {typed.line(*(() if here else ('--config', str(target))), 'poll', '--once')}"
