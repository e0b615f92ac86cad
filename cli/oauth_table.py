"""`[mailbox.oauth2]`: its keys, and what they can only say together.

What a provider makes known is imported when such a table is there: most settings have none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notes.errors import SettingsError

if TYPE_CHECKING:
    from ingest.grants import Flow

ANYBODYS = ("organizations", "consumers")
"""Tenants that are nobody's own, beside `ingest.providers.ANY_TENANT`: an app cannot act in them by itself."""


@dataclass(frozen=True)
class OAuth2:
    """One `[mailbox.oauth2]` table: an app registration that may read a mailbox."""

    provider: str
    flow: str | None
    tenant: str | None
    client_id: str
    client_secret_env: str | None
    client_secret_file: str | None
    token_file: str | None
    scopes: tuple[str, ...]
    token_url: str | None
    auth_url: str | None
    device_url: str | None


def check(mailbox: str, given: OAuth2, file: str) -> None:
    """Raises `SettingsError` naming the key that is wrong or missing."""
    from ingest.providers import PROVIDERS

    key, flow, provider = f"mailbox.{mailbox}.oauth2", flow_of(given), PROVIDERS[given.provider]
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


def flow_of(given: OAuth2) -> "Flow":
    """As said, else the provider's usual one; of a provider we do not know, the one it has an address for."""
    from ingest.grants import Flow
    from ingest.providers import PROVIDERS

    if given.flow:
        return Flow(given.flow)
    only_browser = given.provider == "generic" and not given.device_url
    return Flow.BROWSER if only_browser else PROVIDERS[given.provider].flows[0]


def _needed(given: OAuth2, flow: "Flow") -> dict[str, object]:
    """What must be there, by the key that would give it."""
    from ingest.grants import Flow
    from ingest.providers import ANY_TENANT, PROVIDERS

    provider = PROVIDERS[given.provider]
    urls = {Flow.DEVICE: ("device_url",), Flow.BROWSER: ("auth_url",), Flow.APP: ()}[flow]
    needed: dict[str, object] = {name: getattr(given, name) or getattr(provider, name) for name in ("token_url", *urls)}
    needed["scopes"] = given.scopes or provider.scopes
    if flow is Flow.APP or given.provider == "google":  # whose desktop apps have one that is no secret, and need it
        needed["client_secret_env"] = given.client_secret_env or given.client_secret_file
    if flow is Flow.APP and given.provider == "microsoft":
        needed["tenant"] = given.token_url or (given.tenant and given.tenant not in (ANY_TENANT, *ANYBODYS))
    return needed
