"""`[mailbox.oauth2]` as the app and the sign-in that `ingest` takes: what of it a provider makes known."""

from pathlib import Path
from typing import TYPE_CHECKING

from cli.oauth_table import flow_of
from ingest.grants import App, Flow, SignIn
from ingest.providers import ANY_TENANT, PROVIDERS
from notes.errors import SettingsError

if TYPE_CHECKING:
    from cli.oauth_table import OAuth2
    from cli.settings import MailboxEntry
    from ingest.passwords import PasswordSecret


def sign_in(box: "MailboxEntry", folder: Path) -> SignIn:
    """How a mailbox is signed in; `folder` is the settings file's."""
    from platformdirs import user_data_path

    if box.oauth2 is None:
        raise SettingsError("password-nowhere", mailbox=box.id)
    named = box.oauth2.token_file
    file = folder / Path(named).expanduser() if named else None
    return SignIn(
        _app(box.id, box.oauth2, folder), box.user, user_data_path("kawari", appauthor=False) / "tokens", file
    )


def _app(mailbox: str, given: "OAuth2", folder: Path) -> App:
    provider, flow = PROVIDERS[given.provider], flow_of(given)
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


def _secret(given: "OAuth2", folder: Path) -> "PasswordSecret | None":
    from ingest.passwords import EnvSecret, FileSecret

    if given.client_secret_file:
        return FileSecret(folder / Path(given.client_secret_file).expanduser())
    return EnvSecret(given.client_secret_env) if given.client_secret_env else None
