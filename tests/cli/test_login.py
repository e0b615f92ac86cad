"""`kawari login`: from the command line to a mailbox that can be read, and back when the provider ends it."""

import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import keyring.errors
import pytest

from tests import dovecot as real
from tests.cli.conftest import Done, Kawari
from tests.ingest.oauth_dovecot import dovecot_with
from tests.ingest.oauth_server import CLIENT, Provider

MAIL = b"From: kimura@yamabuki.example\r\nTo: mori@hokuto.example\r\nSubject: pump\r\n\r\nThe pump leaks again.\r\n"

SETTINGS = """
language = "en"
timezone = "Asia/Tokyo"
database = "sqlite:///kawari.db"
[organisation]
domains = ["hokuto.example"]
[[staff]]
id = "mori"
name = "Mori"
addresses = ["mori@hokuto.example"]
[[mailbox]]
id = "mori"
owner = "mori"
host = "127.0.0.1"
port = {port}
security = "none"
user = "mori"
folders = {{ "INBOX" = "inbox" }}
[mailbox.oauth2]
provider = "generic"
client_id = "{client}"
scopes = ["mail", "offline_access"]
token_url = "{url}/token"
device_url = "{url}/device"
auth_url = "{url}/authorize"
{more}
"""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: str) -> None:
        raise keyring.errors.NoKeyringError

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(f"keyring.{name}", none)


def write(folder: Path, provider: Provider, more: str = "", port: int = 9) -> None:
    settings = SETTINGS.format(port=port, client=CLIENT, url=provider.url, more=more)
    (folder / "kawari.toml").write_text(settings)


def nothing_secret(done: Done) -> None:
    assert "-secret" not in done.out + done.err


def test_a_mailbox_is_signed_in_read_lost_and_signed_in_again(
    dovecot: real.Dovecot, bare: Kawari, provider: Provider, tmp_path: Path
) -> None:
    with dovecot_with(provider, tmp_path, "xoauth2 oauthbearer") as server:
        server.deliver("mori", [MAIL])
        write(tmp_path, provider, port=server.port)
        before = bare("poll", "--once")
        assert (before.code, before.err.strip()) == (5, NOT_SIGNED_IN)

        provider.approve()
        done = bare("login", "mori")
        assert done.code == 0, done.err
        assert f"{provider.url}/activate" in done.out
        assert "KWRI-2026" in done.out
        assert "INBOX: inbox" in done.out
        nothing_secret(done)
        (kept,) = (tmp_path / "data" / "kawari" / "tokens").glob("mori-*.json")
        assert kept.stat().st_mode & 0o777 == 0o600
        read = bare("poll", "--once", "--json")
        assert (read.code, read.json["folders"][0]["new"]) == (0, 1)

        provider.revoke()
        ended = bare("poll", "--once")
        assert ended.code == 5
        assert "kawari login mori" in ended.err
        assert "Token has been expired or revoked." in ended.err
        status = bare("status")
        assert "kawari login" in status.out
        assert "Token has been expired or revoked." in " ".join(status.out.split())
        for one in (ended, status, bare("status", "--json"), bare("poll", "--once", "--debug")):
            nothing_secret(one)
        assert b"-secret" not in (tmp_path / "kawari.db").read_bytes()

        for _ in range(3):
            assert bare("poll", "--once").code == 5
        assert bare("login", "mori", "--lang", "ja").code == 0
        assert bare("poll", "--once").code == 0  # the wait that began with the refusals is over


NOT_SIGNED_IN = "Mailbox mori is not signed in on this machine. Run: kawari login mori"


def test_a_browser_on_this_machine_comes_back(
    bare: Kawari, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, provider, 'flow = "browser"\ntoken_file = "keys/mori.token"')

    def browser(url: str) -> bool:
        back = provider.sign_in_at(url)
        threading.Thread(target=lambda: urllib.request.urlopen(back, timeout=5).close()).start()  # noqa: S310 - loopback
        return True

    monkeypatch.setattr("webbrowser.open", browser)
    done = bare("login", "mori", "--no-test", DISPLAY=":0")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1].endswith(str(tmp_path / "keys" / "mori.token"))
    assert (tmp_path / "keys" / "mori.token").stat().st_mode & 0o777 == 0o600
    nothing_secret(done)


def test_a_browser_on_another_machine_ends_at_an_address_that_is_pasted(
    bare: Kawari, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, provider, 'flow = "browser"\ntoken_file = "mori.token"')
    shown: list[str] = []

    def paste(*_: object, **__: object) -> str:
        return provider.sign_in_at(shown[0])

    monkeypatch.setattr("cli.login._show", lambda steps: shown.append(steps[0].split()[-1]))
    monkeypatch.setattr("typer.prompt", paste)
    done = bare("login", "mori", "--no-test", "--paste")
    assert done.code == 0, done.err
    assert "refresh-" in (tmp_path / "mori.token").read_text()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("sato",), 2, "sato"),
        (("mori", "--port", "seven"), 2, "seven"),
        (("mori", "--port", "0"), 2, "0"),
        (("mori", "--port", "8080"), 2, 'flow = "browser"'),
        (("mori", "--paste"), 2, 'flow = "browser"'),
        ((), 2, "MAILBOX"),
    ],
)
def test_what_cannot_be_done_is_said(
    bare: Kawari, provider: Provider, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    write(tmp_path, provider)
    done = bare("login", *words, "--lang", "en")
    assert (done.code, provider.requests) == (code, [])
    assert said in done.err


def test_a_mailbox_with_a_password_has_nothing_to_sign_in_to(bare: Kawari, provider: Provider, tmp_path: Path) -> None:
    write(tmp_path, provider)
    text = (tmp_path / "kawari.toml").read_text()
    (tmp_path / "kawari.toml").write_text(text[: text.index("[mailbox.oauth2]")] + 'password_env = "KAWARI_MORI"\n')
    done = bare("login", "mori")
    assert done.code == 2
    assert "[mailbox.oauth2]" in done.err


@pytest.mark.parametrize(
    ("error", "description", "said"),
    [
        ("access_denied", "AADSTS90094: An administrator of Hokuto must consent", "an administrator"),
        ("invalid_grant", "AADSTS50076: multi-factor authentication is required", "multi-factor"),
        ("invalid_client", "AADSTS7000218: the body must contain client_secret", "client_id"),
        ("expired_token", "the code is old", "in time"),
        ("strange", "Nobody foresaw this.", "Nobody foresaw this."),
    ],
)
def test_the_providers_words_reach_the_user(
    bare: Kawari, provider: Provider, tmp_path: Path, error: str, description: str, said: str
) -> None:
    write(tmp_path, provider)
    provider.refuse(error, description)
    done = bare("login", "mori")
    assert done.code == 5
    assert said in done.err
    assert description.partition(":")[0] in done.err or error == "expired_token"
    assert not (tmp_path / "data").exists()


def test_a_sign_in_that_cannot_be_renewed_is_said_so_at_once(
    bare: Kawari, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, provider)
    provider.approve()
    assert "refresh token" not in bare("login", "mori", "--no-test").err
    short = {"access_token": "access-secret", "token_type": "Bearer", "expires_in": 3600}
    monkeypatch.setattr(provider, "_both", lambda: (200, short))
    done = bare("login", "mori", "--no-test")
    assert done.code == 0
    assert "offline_access" in done.err
    nothing_secret(done)


def test_a_port_that_is_taken_is_said(bare: Kawari, provider: Provider, tmp_path: Path) -> None:
    write(tmp_path, provider, 'flow = "browser"')
    port = provider.url.rpartition(":")[2]
    done = bare("login", "mori", "--port", port)
    assert done.code == 2
    assert port in done.err


def test_ctrl_c_while_waiting_changes_nothing(
    bare: Kawari, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    write(tmp_path, provider)
    monkeypatch.setattr("time.sleep", interrupted)
    done = bare("login", "mori")
    assert done.code == 130
    assert "Traceback" not in done.err
    assert not (tmp_path / "data").exists()


def test_an_app_is_tried_without_anybody_signing_in(
    bare: Kawari, provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, provider, 'flow = "app"\nclient_secret_file = "app.secret"')
    (tmp_path / "app.secret").write_text("app-secret\n")
    done = bare("login", "mori")
    assert done.code == 5  # there is no mail server behind these settings
    assert len(provider.grants("client_credentials")) == 1
    assert "nobody has to sign in" in done.out


def test_tokens_are_removed_on_request(bare: Kawari, provider: Provider, tmp_path: Path) -> None:
    write(tmp_path, provider, 'token_file = "mori.token"')
    provider.approve()
    assert bare("login", "mori", "--no-test").code == 0
    assert (tmp_path / "mori.token").exists()
    assert "removed" in bare("login", "mori", "--forget").out
    assert not (tmp_path / "mori.token").exists()
    assert "no tokens" in bare("login", "mori", "--forget").out
