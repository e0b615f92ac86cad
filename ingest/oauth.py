"""Getting tokens from a provider of OAuth 2, the four ways: a code typed elsewhere (RFC 8628), a browser that comes
back to this machine (RFC 8252 with PKCE, RFC 7636), a refresh token, and the app's own credentials.

oauthlib writes the requests and reads the answers; the one POST under them is ours (`ingest.provider_http`).
"""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from oauthlib.oauth2 import BackendApplicationClient, Client, DeviceClient, OAuth2Error, WebApplicationClient

from ingest import passwords
from ingest.grants import App, Tokens
from ingest.provider_http import host, is_safe, post
from ingest.refusals import UNREACHABLE, readable, refusal
from notes.errors import MailboxError

_HTTPS: Final = "https://localhost/"
"""oauthlib takes https addresses only, and ours may be of this machine: it is given the part behind the `?`."""
_USUAL_SECONDS: Final = 3600.0
_USUAL_PAUSE: Final = 5.0
_SLOWER: Final = 5.0
_MOST_SECONDS: Final = 3600.0
_LONGEST_PAUSE: Final = 60.0
_LONGEST: Final = 64 * 1024
_NONSENSE: Final = (ValueError, TypeError, AttributeError, OverflowError)
"""What oauthlib does over an `expires_in` that is no number and a `scope` that is no text."""
_SECRETS: Final = frozenset({"client_secret", "code", "code_verifier", "device_code", "refresh_token"})


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What to show: `url` to open and `user_code` to type there; good for `seconds`. `pause`: seconds between asks."""

    url: str
    user_code: str
    seconds: float
    pause: float
    device_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InBrowser:
    """A sign-in begun: `url` to open in a browser, and what its way back must fit."""

    url: str
    redirect: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin_device(app: App) -> DeviceCode:
    """Asks for a code to type. Raises MailboxError, as everything here does: a code of `ingest.refusals`."""
    form = urlencode({"client_id": app.client_id, "scope": " ".join(app.scopes), **_secret(app)})
    said = _object(app, app.device_url, post(app.mailbox, app.device_url, form))
    if "error" in said:
        raise _refused(app, form, str(said["error"]), said.get("error_description"))
    url = said.get("verification_uri") or said.get("verification_url")  # Google's name is older than the RFC's
    if not (isinstance(url, str) and is_safe(url) and said.get("user_code") and said.get("device_code")):
        raise _strange(app, app.device_url, "user_code, device_code, verification_uri")
    seconds, pause = _number(said.get("expires_in"), 900.0), _number(said.get("interval"), _USUAL_PAUSE)
    shown = (readable(url), readable(str(said["user_code"])))
    return DeviceCode(*shown, min(seconds, _MOST_SECONDS), min(pause, _LONGEST_PAUSE), str(said["device_code"]))


def await_device(app: App, code: DeviceCode, wait: Callable[[float], None]) -> Tokens:
    """Asks again and again, after `wait(seconds)` each time, until somebody has signed in or the code has ended."""
    client = DeviceClient(app.client_id)
    form = client.prepare_request_body(code.device_code, include_client_id=True, **_secret(app))
    pause, ends = code.pause, time.monotonic() + code.seconds
    while time.monotonic() + pause < ends:
        wait(pause)
        try:
            return _granted(app, client, form)
        except OAuth2Error as error:
            if error.error not in ("authorization_pending", "slow_down"):
                raise _refused(app, form, error.error, error.description) from None
            pause += _SLOWER if error.error == "slow_down" else 0
        except MailboxError as error:
            if error.code != UNREACHABLE:
                raise
            pause = min(2 * pause, _LONGEST_PAUSE)
    raise MailboxError("mailbox-sign-in-late", mailbox=app.mailbox, said="expired_token")


def begin_browser(app: App, port: int) -> InBrowser:
    """The address to open; the browser comes back to `port` of this machine."""
    client = WebApplicationClient(app.client_id)
    state, verifier = secrets.token_urlsafe(32), client.create_code_verifier(64)
    redirect = f"http://{app.redirect_host}:{port}"
    asked = client.prepare_request_uri(
        _HTTPS,
        redirect_uri=redirect,
        scope=list(app.scopes),
        state=state,
        code_challenge=client.create_code_challenge(verifier, "S256"),
        code_challenge_method="S256",
        **dict(app.asks),
    )
    url = f"{app.auth_url}{'&' if '?' in app.auth_url else '?'}{asked.removeprefix(f'{_HTTPS}?')}"
    return InBrowser(url, redirect, state, verifier)


def finish_browser(app: App, begun: InBrowser, came_back: str) -> Tokens:
    """Tokens for the address at which the browser came back."""
    client = WebApplicationClient(app.client_id)
    form = query = came_back.partition("?")[2].partition("#")[0]
    try:
        answer = client.parse_request_uri_response(f"{_HTTPS}?{query}", state=begun.state)
        more = {"redirect_uri": begun.redirect, "code_verifier": begun.verifier, **_secret(app)}
        form = client.prepare_request_body(answer["code"], include_client_id=True, **more)
        return _granted(app, client, form)
    except OAuth2Error as error:
        raise _refused(app, form, error.error, error.description) from None


def refresh(app: App, tokens: Tokens) -> Tokens:
    """New tokens for old ones; the refresh token stays the same where the provider gives no new one."""
    client = WebApplicationClient(app.client_id)
    form = client.prepare_refresh_body(refresh_token=tokens.refresh, client_id=app.client_id, **_secret(app))
    try:
        return _granted(app, client, form, tokens.refresh)
    except OAuth2Error as error:
        raise _refused(app, form, error.error, error.description, signed_in=True) from None


def as_app(app: App) -> Tokens:
    """Tokens for the app itself."""
    client = BackendApplicationClient(app.client_id)
    form = client.prepare_request_body(scope=list(app.scopes), include_client_id=True, **_secret(app))
    try:
        return _granted(app, client, form)
    except OAuth2Error as error:
        raise _refused(app, form, error.error, error.description) from None


def _granted(app: App, client: Client, form: str, old_refresh: str = "") -> Tokens:
    """Raises OAuth2Error when the provider refuses."""
    body = post(app.mailbox, app.token_url, form)
    _object(app, app.token_url, body)
    # Without the scopes asked for: oauthlib raises when others are granted, and Microsoft never lists offline_access.
    try:
        said = client.parse_request_body_response(body)
    except _NONSENSE:
        raise _strange(app, app.token_url, "expires_in, scope") from None
    access, renewed = _token(said.get("access_token")), _token(said.get("refresh_token") or old_refresh)
    if not access:
        raise _strange(app, app.token_url, "access_token")
    return Tokens(access, renewed, time.time() + _number(said.get("expires_in"), _USUAL_SECONDS))


def _token(value: Any) -> str:
    """A token as it is; empty for what is none. What cannot be printed could end a line of the login."""
    return (
        value if isinstance(value, str) and len(value) <= _LONGEST and value.isascii() and value.isprintable() else ""
    )


def _secret(app: App) -> dict[str, str]:
    """The client secret as a form's field. Raises MailboxError `mailbox-app-secret`."""
    if app.secret is None:
        return {}
    try:
        return {"client_secret": passwords.fetch(app.secret)}
    except MailboxError:
        raise MailboxError("mailbox-app-secret", mailbox=app.mailbox, source=passwords.source(app.secret)) from None


def _object(app: App, url: str, body: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise _strange(app, url, "JSON")
    return said


def _strange(app: App, url: str, missing: str) -> MailboxError:
    return MailboxError("mailbox-provider-strange", mailbox=app.mailbox, host=host(url), said=f"no {missing}")


def _refused(app: App, form: str, error: object, description: object, *, signed_in: bool = False) -> MailboxError:
    """The refusal in our words; should the provider repeat a secret of the form, it is struck out."""
    said = str(description or "")
    for name, value in parse_qsl(form):
        if name in _SECRETS:
            said = said.replace(value, "***")
    return refusal(app.mailbox, host(app.token_url), str(error), said, signed_in=signed_in)


def _number(value: Any, otherwise: float) -> float:
    """A positive number, which some providers write as text."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return otherwise
    return number if 0 < number < 10**9 else otherwise
