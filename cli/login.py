"""`kawari login`: signs a mailbox in with its provider (OAuth 2), keeps the tokens, and tries them on the server."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, warn
from cli.words import say

if TYPE_CHECKING:
    from ingest.grants import SignIn, Tokens
    from ingest.mailbox import Account

Mailbox = Annotated[str, typer.Argument(metavar="MAILBOX", show_default=False, help=say("option.login-mailbox"))]
Paste = Annotated[bool, typer.Option("--paste", help=say("option.login-paste"))]
Port = Annotated[str | None, typer.Option("--port", metavar="PORT", help=say("option.login-port"))]
NoTest = Annotated[bool, typer.Option("--no-test", help=say("option.login-no-test"))]
Forget = Annotated[bool, typer.Option("--forget", help=say("option.login-forget"))]

BROWSER_SECONDS = 15 * 60.0
HIGHEST_PORT = 65535


def login(
    ctx: typer.Context,
    mailbox: Mailbox,
    paste: Paste = False,
    port: Port = None,
    no_test: NoTest = False,
    forget: Forget = False,
) -> None:
    """Shows where to sign in, waits until somebody has, keeps what the provider gives, and logs in with it once."""
    from cli.given import accounts
    from ingest import tokens
    from ingest.grants import Flow, SignIn
    from notes.errors import UsageError

    desk = desk_of(ctx)
    account = accounts(desk.settings, [mailbox])[0]
    sign_in = account.secret
    if not isinstance(sign_in, SignIn):
        raise UsageError("login-no-oauth2", mailbox=mailbox)
    if forget:
        put([say("login.forgotten" if tokens.forget(sign_in) else "login.nothing-kept", mailbox=mailbox)])
        return
    if sign_in.app.flow is Flow.APP:
        put([say("login.app", mailbox=mailbox)])
    else:
        granted = _granted(desk, sign_in, _number(port), paste=paste)
        put([say("login.kept", mailbox=mailbox, where=tokens.keep(sign_in, granted))])
        if not granted.refresh:
            warn(say("login.not-renewed", mailbox=mailbox))
    if not no_test:
        put(_tried(account, sign_in))
    _end_waits(desk, mailbox)


def _end_waits(desk: Desk, mailbox: str) -> None:
    """A poller that was refused before waits for hours; where there is a diary, it is told there to try now."""
    from notes.errors import DatabaseError, DatabaseVersionError
    from notes.store import leases

    with suppress(DatabaseError, DatabaseVersionError):
        store = desk.store()
        try:
            with store.aside() as db:
                leases.try_now(db, mailbox)
        finally:
            store.close()


def _number(port: str | None) -> int:
    """The port to listen on; 0 lets the system choose. Raises `UsageError`."""
    from notes.errors import UsageError

    if port is None:
        return 0
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= HIGHEST_PORT):
        raise UsageError("bad-port", given=port)
    return int(port)


def _granted(desk: Desk, sign_in: "SignIn", port: int, *, paste: bool) -> "Tokens":
    from ingest.grants import Flow
    from notes.errors import UsageError

    if sign_in.app.flow is Flow.BROWSER:
        return _pasted(sign_in, port) if paste else _in_browser(desk, sign_in, port)
    if paste or port:
        raise UsageError("login-no-browser", mailbox=sign_in.app.mailbox)
    return _with_code(sign_in)


def _with_code(sign_in: "SignIn") -> "Tokens":
    """Somebody types a code into any browser, on any machine (RFC 8628)."""
    from cli.countdown import Countdown
    from ingest import oauth

    code = oauth.begin_device(sign_in.app)
    _show([say("login.open", url=code.url), say("login.type-code", typed=code.user_code), _as_whom(sign_in)])
    with Countdown(code.seconds) as countdown:
        return oauth.await_device(sign_in.app, code, countdown.wait)


def _in_browser(desk: Desk, sign_in: "SignIn", port: int) -> "Tokens":
    """The browser of this machine comes back to a port on loopback, or through a tunnel from another machine."""
    from cli.countdown import Countdown
    from ingest import loopback, oauth
    from notes.errors import MailboxError, UsageError

    try:
        way = loopback.open_way_back(port)
    except OSError as error:
        raise UsageError("port-taken", port=port, reason=error.strerror or "") from None
    with way:
        begun = oauth.begin_browser(sign_in.app, way.port)
        _show([say("login.open", url=begun.url), _as_whom(sign_in), say("login.elsewhere", port=way.port)])
        _open_browser(desk, begun.url)
        with Countdown(BROWSER_SECONDS) as countdown:
            came_back = way.wait(begun.state, _page(), BROWSER_SECONDS, countdown.draw)
    if not came_back:
        raise MailboxError("mailbox-sign-in-late", mailbox=sign_in.app.mailbox, host="", said="")
    return oauth.finish_browser(sign_in.app, begun, came_back)


def _pasted(sign_in: "SignIn", port: int) -> "Tokens":
    """A browser on another machine finds nobody at the address it comes back to; it is shown, and pasted here."""
    from ingest import oauth

    begun = oauth.begin_browser(sign_in.app, port or HIGHEST_PORT)
    _show([say("login.open", url=begun.url), _as_whom(sign_in), say("login.then-paste", redirect=begun.redirect)])
    came_back = str(typer.prompt(say("login.address"), err=True)).strip()
    return oauth.finish_browser(sign_in.app, begun, came_back)


def _show(steps: list[str]) -> None:
    """At once, also through a pipe: somebody has to act on it."""
    put([f"{number}. {step}" for number, step in enumerate(steps, 1)])
    sys.stdout.flush()


def _as_whom(sign_in: "SignIn") -> str:
    return say("login.as", user=sign_in.user)


def _open_browser(desk: Desk, url: str) -> None:
    """Only where there is a screen: elsewhere Python would start a browser inside this terminal."""
    import webbrowser

    if sys.platform in ("darwin", "win32") or desk.environ.get("DISPLAY") or desk.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(url)


def _page() -> str:
    from html import escape

    return f"<!doctype html><meta charset=utf-8><title>kawari</title><p>{escape(say('login.page'))}"


def _tried(account: "Account", sign_in: "SignIn") -> list[str]:
    """Logs in as a poll does, which also shows whether it is the right person's account."""
    from ingest import credentials, imap

    folders = imap.try_login(account, credentials.fetch(sign_in))
    found = {name: role.value for name, role in (account.folders or folders).items()}
    return [say("init.logged-in", host=account.host), *(f"  {name}: {role}" for name, role in found.items())]
