"""What OAuth 2 (RFC 6749) is spoken in here: the app that asks, how somebody signs in, the tokens granted."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.passwords import PasswordSecret


class Flow(StrEnum):
    """How a mailbox is signed in: with a code typed into any browser (RFC 8628), in a browser that comes back to this
    machine (RFC 8252, with PKCE), or as the app itself, with nobody signing in (RFC 6749, section 4.4)."""

    DEVICE = "device"
    BROWSER = "browser"
    APP = "app"


@dataclass(frozen=True, slots=True)
class App:
    """An app registered with a provider, as it signs in one mailbox. `mailbox` is named in errors.

    `secret` says where the client secret is, None where the app has none. `asks` are further parameters of the request
    in the browser. `redirect_host` is the name of this machine that the provider has registered.
    """

    mailbox: str
    client_id: str
    flow: Flow
    scopes: tuple[str, ...]
    token_url: str
    auth_url: str = ""
    device_url: str = ""
    secret: "PasswordSecret | None" = None
    redirect_host: str = "127.0.0.1"
    asks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """Tokens are in `file`; where that is None, in the system's keyring, or else in a file in `folder`."""

    app: App
    user: str
    folder: Path
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider granted. `expires_at` is when `access` ends, in seconds since 1970; `refresh` may be empty."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: float
