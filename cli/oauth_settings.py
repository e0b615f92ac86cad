"""`[mailbox.oauth2]`: what its keys can only say together, and what of it a provider makes known."""

from pathlib import Path
from typing import TYPE_CHECKING

from ingest.grants import App, Flow
from ingest.providers import ANY_TENANT, PROVIDERS
from notes.errors import SettingsError

if TYPE_CHECKING:
    from cli.settings import MailboxEntry, OAuth2
    from ingest.credentials import PasswordSecret, SignIn

ANYBODYS = (ANY_TENANT, "organizations", "consumers")
"""Tenants that are nobody's own: an app cannot act in them by itself."""


def check(mailbox: str, given: "OAuth2", file: str) -> None:
    """Raises `SettingsError` naming the key that is wrong or missing."""
    key, flow, provider = f"mailbox.{mailbox}.oauth2", _flow(given), PROVIDERS[given.provider]
    if flow not in provider.flows:
        allowed = ", ".join(provider.flows)
        raise SettingsError("oauth2-flow", key=key, file=file, given=flow, provider=given.provider, allowed=allowed)
    if given.tenant and given.provider != "microsoft":
        raise SettingsError("oauth2-tenant", key=key, file=file)
    if given.client_secret_env and given.client_secret_file:
        raise SettingsError("oauth2-secret-twice", key=key, file=file)
    for name, there in _needed(given, flow).items():
        if not there:
            raise SettingsError("oauth2-needs", key=key, file=file, needed=name, provider=given.provider, flow=flow)


def sign_in(box: "MailboxEntry", folder: Path) -> "SignIn":
    """How a mailbox is signed in; `folder` is the settings file's."""
    from platformdirs import user_data_path

    from ingest.credentials import SignIn

    if box.oauth2 is None:
        raise SettingsError("password-nowhere", mailbox=box.id)
    named = box.oauth2.token_file
    file = folder / Path(named).expanduser() if named else None
    return SignIn(
        _app(box.id, box.oauth2, folder), box.user, user_data_path("kawari", appauthor=False) / "tokens", file
    )


def _app(mailbox: str, given: "OAuth2", folder: Path) -> App:
    provider, flow = PROVIDERS[given.provider], _flow(given)
    tenant = given.tenant or ANY_TENANT
    return App(
        mailbox=mailbox,
        client_id=given.client_id,
        flow=flow,
        scopes=given.scopes or (provider.app_scopes if flow is Flow.APP else provider.scopes),
        token_url=given.token_url or provider.token_url.format(tenant=tenant),
        auth_url=given.auth_url or provider.auth_url.format(tenant=tenant),
        device_url=given.device_url or provider.device_url.format(tenant=tenant),
        secret=_secret(given, folder),
        redirect_host=provider.redirect_host,
        asks=provider.asks,
    )


def _flow(given: "OAuth2") -> Flow:
    """As said, else the provider's usual one; of a provider we do not know, the one it has an address for."""
    if given.flow:
        return Flow(given.flow)
    only_browser = given.provider == "generic" and not given.device_url
    return Flow.BROWSER if only_browser else PROVIDERS[given.provider].flows[0]


def _needed(given: "OAuth2", flow: Flow) -> dict[str, object]:
    """What must be there, by the key that would give it."""
    provider = PROVIDERS[given.provider]
    urls = {Flow.DEVICE: ("device_url",), Flow.BROWSER: ("auth_url",), Flow.APP: ()}[flow]
    needed: dict[str, object] = {name: getattr(given, name) or getattr(provider, name) for name in ("token_url", *urls)}
    needed["scopes"] = given.scopes or provider.scopes
    if flow is Flow.APP or given.provider == "google":  # whose desktop apps have one that is no secret, and need it
        needed["client_secret_env"] = given.client_secret_env or given.client_secret_file
    if flow is Flow.APP and given.provider == "microsoft":
        needed["tenant"] = given.token_url or (given.tenant and given.tenant not in ANYBODYS)
    return needed


def _secret(given: "OAuth2", folder: Path) -> "PasswordSecret | None":
    from ingest.credentials import EnvSecret, FileSecret

    if given.client_secret_file:
        return FileSecret(folder / Path(given.client_secret_file).expanduser())
    return EnvSecret(given.client_secret_env) if given.client_secret_env else None
