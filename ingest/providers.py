"""Providers of OAuth 2 whose addresses, scopes and habits are known, so that settings need not name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ingest.grants import Flow

ANY_TENANT: Final = "common"
"""Microsoft's word for every organisation and every private account."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider is asked, `{tenant}` to be filled in, and for what. The first of `flows` is the usual one."""

    token_url: str
    auth_url: str
    device_url: str
    scopes: tuple[str, ...]
    app_scopes: tuple[str, ...]
    flows: tuple[Flow, ...]
    redirect_host: str
    asks: tuple[tuple[str, str], ...]


_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"

PROVIDERS: Final[Mapping[str, Provider]] = {
    # Microsoft takes any port for `http://localhost`, which is the redirect address its portal registers.
    "microsoft": Provider(
        token_url=f"{_MICROSOFT}/token",
        auth_url=f"{_MICROSOFT}/authorize",
        device_url=f"{_MICROSOFT}/devicecode",
        scopes=("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access"),
        app_scopes=("https://outlook.office365.com/.default",),
        flows=(Flow.DEVICE, Flow.BROWSER, Flow.APP),
        redirect_host="localhost",
        asks=(("prompt", "select_account"),),
    ),
    # Google's device flow grants no mail scope, and it gives a refresh token only when asked for consent again.
    "google": Provider(
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        auth_url="https://accounts.google.com/o/oauth2/v2/auth",
        device_url="",
        scopes=("https://mail.google.com/",),
        app_scopes=(),
        flows=(Flow.BROWSER,),
        redirect_host="127.0.0.1",
        asks=(("access_type", "offline"), ("prompt", "select_account consent")),
    ),
    "generic": Provider("", "", "", (), (), (Flow.DEVICE, Flow.BROWSER, Flow.APP), "127.0.0.1", ()),
}
