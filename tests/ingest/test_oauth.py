"""Signing in with a provider: what is asked, what is granted, and what its refusals mean."""

import socket
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from ingest import oauth
from ingest.grants import App, Flow, Tokens
from ingest.passwords import EnvSecret
from ingest.providers import PROVIDERS
from ingest.refusals import LASTING, UNREACHABLE, refusal
from notes.errors import MailboxError
from tests.ingest.oauth_server import Provider


def no_wait(_seconds: float) -> None:
    """Nobody is in the way of a test."""


def failure_of_refresh(app: App) -> MailboxError:
    with pytest.raises(MailboxError) as raised:
        oauth.refresh(app, Tokens("access", "refresh-0-secret", 0))
    assert "refresh-0-secret" not in str(raised.value)
    return raised.value


# --- a code typed elsewhere ---------------------------------------------------------------------------------------


def test_a_mailbox_is_signed_in_with_a_code() -> None:
    with Provider() as provider:
        app, waits = provider.app(), []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                provider.approve()

        code = oauth.begin_device(app)
        assert (code.url, code.user_code) == (f"{provider.url}/activate", "KWRI-2026")
        assert "device-secret" not in repr(code)
        tokens = oauth.await_device(app, code, wait)
    assert tokens.access.startswith("access-")
    assert tokens.refresh.startswith("refresh-")
    assert "secret" not in repr(tokens)
    assert waits == [0.05, 0.05, 0.05]
    assert provider.requests[0] == {"client_id": app.client_id, "scope": "mail offline_access"}


def test_asked_to_slow_down_it_slows_down() -> None:
    with Provider() as provider:
        waits: list[float] = []
        provider.refuse("slow_down")
        provider.approve()
        oauth.await_device(provider.app(), oauth.begin_device(provider.app()), waits.append)
    assert waits == [0.05, 5.05]


def test_a_provider_that_stumbles_while_somebody_signs_in_is_asked_again() -> None:
    with Provider() as provider:
        provider.refuse("server_error", status=503)
        provider.approve()
        assert oauth.await_device(provider.app(), oauth.begin_device(provider.app()), no_wait).access


def test_a_code_nobody_typed_ends_by_itself() -> None:
    with Provider() as provider:
        code = replace(oauth.begin_device(provider.app()), seconds=0.3, pause=0.1)
        with pytest.raises(MailboxError) as raised:
            oauth.await_device(provider.app(), code, time.sleep)
    assert raised.value.code == "mailbox-sign-in-late"
    assert len(provider.grants("device_code")) == 2


def test_saying_no_is_heard() -> None:
    with Provider() as provider:
        provider.decline()
        with pytest.raises(MailboxError) as raised:
            oauth.await_device(provider.app(), oauth.begin_device(provider.app()), no_wait)
    assert (raised.value.code, raised.value.values["said"]) == ("mailbox-sign-in-declined", "the user said no")


def test_an_app_that_is_not_registered_is_refused_before_anybody_types_anything() -> None:
    with Provider() as provider, pytest.raises(MailboxError) as raised:
        oauth.begin_device(replace(provider.app(), client_id="nobody"))
    assert (raised.value.code, raised.value.values["said"]) == ("mailbox-app-refused", "no app nobody")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://elsewhere.example/activate", "", None, 7])
def test_an_address_that_is_no_https_is_never_shown(url: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with Provider() as provider:
        said = {"device_code": "d", "user_code": "u", "verification_uri": url}
        monkeypatch.setattr(provider, "_device", lambda _form: (200, said))
        with pytest.raises(MailboxError, match="mailbox-provider-strange"):
            oauth.begin_device(provider.app())


def test_a_code_is_shown_without_what_steers_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with Provider() as provider:
        said = {"device_code": "d", "user_code": "A\x1b[2JB\n", "verification_uri": provider.url}
        monkeypatch.setattr(provider, "_device", lambda _form: (200, said))
        assert oauth.begin_device(provider.app()).user_code == "A [2JB"


# --- a browser that comes back ------------------------------------------------------------------------------------


def test_a_browser_brings_a_code_that_only_we_can_use() -> None:
    with Provider() as provider:
        app = replace(provider.app(Flow.BROWSER), asks=(("prompt", "select_account"),))
        begun = oauth.begin_browser(app, 40123)
        asked = parse_qs(urlsplit(begun.url).query)
        assert asked["redirect_uri"] == ["http://127.0.0.1:40123"]
        assert asked["prompt"] == ["select_account"]
        assert asked["scope"] == ["mail offline_access"]
        assert begun.verifier not in begun.url
        came_back = provider.sign_in_at(begun.url)
        stranger = replace(begun, verifier="x" * 64)
        with pytest.raises(MailboxError, match="mailbox-sign-in-refused"):
            oauth.finish_browser(app, stranger, came_back)
        assert oauth.finish_browser(app, begun, provider.sign_in_at(begun.url)).refresh


@pytest.mark.parametrize("came_back", ["", "hello", "/?code=x", "/?code=x&state=other", "/?state=", "/?code=%ff&state"])
def test_an_address_that_is_not_the_answer_to_ours_is_refused(came_back: str) -> None:
    with Provider() as provider:
        begun = oauth.begin_browser(provider.app(Flow.BROWSER), 40123)
        with pytest.raises(MailboxError, match="mailbox-sign-in-refused"):
            oauth.finish_browser(provider.app(Flow.BROWSER), begun, came_back)
    assert provider.requests == []


def test_a_refusal_in_the_browser_is_heard() -> None:
    with Provider() as provider:
        begun = oauth.begin_browser(provider.app(Flow.BROWSER), 40123)
        with pytest.raises(MailboxError, match="mailbox-sign-in-declined"):
            oauth.finish_browser(
                provider.app(Flow.BROWSER), begun, provider.sign_in_at(begun.url, error="access_denied")
            )


# --- refreshing, and an app of its own ----------------------------------------------------------------------------


@pytest.mark.parametrize("rotating", [True, False])
def test_tokens_are_renewed_and_a_refresh_token_stays_unless_there_is_a_new_one(rotating: bool) -> None:
    with Provider(rotating=rotating) as provider:
        _, refresh = provider.grant()
        new = oauth.refresh(provider.app(), Tokens("old", refresh, 0))
        assert new.access != "old"
        assert (new.refresh != refresh) is rotating
        assert oauth.refresh(provider.app(), new).access != new.access


def test_other_scopes_than_those_asked_for_are_no_error() -> None:
    with Provider() as provider:  # it grants `mail`, we ask for offline_access as well, as with Microsoft
        provider.approve()
        assert oauth.await_device(provider.app(), oauth.begin_device(provider.app()), no_wait).access


def test_an_app_gets_tokens_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with Provider() as provider:
        app = replace(provider.app(Flow.APP), secret=EnvSecret("KAWARI_TEST_SECRET"))
        monkeypatch.delenv("KAWARI_TEST_SECRET", raising=False)
        with pytest.raises(MailboxError) as raised:
            oauth.as_app(app)
        assert (raised.value.code, raised.value.values["source"]) == ("mailbox-app-secret", "$KAWARI_TEST_SECRET")
        monkeypatch.setenv("KAWARI_TEST_SECRET", "wrong-app-secret")
        with pytest.raises(MailboxError, match="mailbox-app-refused"):
            oauth.as_app(app)
        monkeypatch.setenv("KAWARI_TEST_SECRET", "app-secret")
        assert oauth.as_app(app).access


def test_a_provider_that_repeats_our_secrets_does_not_get_them_into_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAWARI_TEST_SECRET", "app-secret")
    with Provider() as provider:
        app = replace(provider.app(), secret=EnvSecret("KAWARI_TEST_SECRET"))
        provider.refuse("invalid_grant", "the token refresh-0-secret of app-secret is bad")
        assert failure_of_refresh(app).values["said"] == "the token *** of *** is bad"


# --- what a refusal means -----------------------------------------------------------------------------------------

INACTIVE = (
    "AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2026-05-01 and was "
    "inactive for 90.00:00:00. Trace ID: 1a2b Correlation ID: 3c4d Timestamp: 2026-11-20 08:40:00Z"
)


@pytest.mark.parametrize(
    ("error", "description", "code"),
    [
        ("invalid_grant", "Token has been expired or revoked.", "mailbox-sign-in-ended"),
        ("invalid_grant", INACTIVE, "mailbox-sign-in-ended"),
        (
            "invalid_grant",
            "AADSTS50173: The provided grant has expired due to it being revoked",
            "mailbox-sign-in-ended",
        ),
        ("invalid_grant", "AADSTS50076: you must use multi-factor authentication", "mailbox-sign-in-confirm"),
        ("interaction_required", "AADSTS50079: enroll in MFA", "mailbox-sign-in-confirm"),
        ("interaction_required", "", "mailbox-sign-in-confirm"),
        ("invalid_grant", "AADSTS65001: The user or administrator has not consented", "mailbox-sign-in-consent"),
        ("access_denied", "AADSTS90094: An administrator must grant", "mailbox-sign-in-consent"),
        ("admin_policy_enforced", "", "mailbox-sign-in-consent"),
        ("invalid_grant", "AADSTS53003: blocked by Conditional Access policies", "mailbox-sign-in-policy"),
        ("invalid_grant", "AADSTS50057: The user account is disabled.", "mailbox-sign-in-account"),
        ("invalid_client", "AADSTS7000222: The provided client secret keys are expired", "mailbox-app-refused"),
        ("invalid_client", "AADSTS7000218: must contain client_assertion or client_secret", "mailbox-app-refused"),
        ("unauthorized_client", "AADSTS700016: Application was not found in the directory", "mailbox-app-refused"),
        ("temporarily_unavailable", "", UNREACHABLE),
        ("server_error", "AADSTS90033: A transient error has occurred", UNREACHABLE),
        ("something_new", "Nobody foresaw this.", "mailbox-sign-in-refused"),
    ],
)
def test_a_providers_refusal_says_who_must_do_what(error: str, description: str, code: str) -> None:
    with Provider() as provider:
        provider.refuse(error, description)
        found = failure_of_refresh(provider.app())
    assert found.code == code
    assert (code in LASTING) is (code != UNREACHABLE)
    assert str(found.values["said"]).startswith((description or error)[:60])
    assert "Trace ID" not in str(found.values["said"])


def test_what_is_refused_before_there_was_a_token_has_not_expired() -> None:
    assert refusal("mori", "h", "invalid_grant", "", signed_in=False).code == "mailbox-sign-in-refused"


NO_ANSWERS = [
    b"", b"<html>proxy</html>", b"[]", b"[" * 100_000, b'{"token_type": "x"}', b"\xff\xfe",
    b'{"access_token": 7}', b'{"access_token": "a\\r\\nb"}', b'{"error": 3}',
    b'{"expires_in": "soon", "access_token": "a"}', b'{"expires_in": [], "access_token": "a"}',
    b'{"expires_in": 1e999, "access_token": "a"}', b'{"scope": 5, "access_token": "a"}',
]  # fmt: skip


@pytest.mark.parametrize("body", NO_ANSWERS, ids=lambda body: repr(body[:20]))
def test_an_answer_that_is_none_is_said_so(body: bytes) -> None:
    with Provider() as provider:
        provider.raw = body
        assert failure_of_refresh(provider.app()).code in {"mailbox-provider-strange", "mailbox-sign-in-refused"}


@pytest.mark.parametrize(
    ("status", "code"), [(503, UNREACHABLE), (429, UNREACHABLE), (302, "mailbox-provider-strange")]
)
def test_a_busy_provider_is_no_lasting_failure_and_a_redirect_is_not_followed(status: int, code: str) -> None:
    with Provider() as provider:
        provider.raw, provider.status = b"", status
        found = failure_of_refresh(provider.app())
    assert found.code == code
    assert str(status) in str(found.values["said"])


def test_a_provider_that_is_not_there_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        app = App("mori", "x", Flow.DEVICE, (), f"http://127.0.0.1:{probe.getsockname()[1]}/token")
        found = failure_of_refresh(app)
    assert (found.code, found.values["host"], found.values["said"]) == (UNREACHABLE, "127.0.0.1", "Connection refused")


@pytest.mark.parametrize(
    "url", ["http://login.example/token", "ftp://127.0.0.1/token", "file:///etc/passwd", "", "http://[x"]
)
def test_no_secret_goes_to_an_address_without_tls(url: str) -> None:
    assert failure_of_refresh(App("mori", "x", Flow.DEVICE, (), url)).code == "mailbox-provider-strange"


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_known_provider_has_an_address_for_each_of_its_ways(name: str) -> None:
    one = PROVIDERS[name]
    if name == "generic":
        assert not one.token_url
        return
    assert one.token_url.startswith("https://")
    assert bool(one.device_url) is (Flow.DEVICE in one.flows)
    assert bool(one.auth_url) is (Flow.BROWSER in one.flows)
    assert bool(one.app_scopes) is (Flow.APP in one.flows)
