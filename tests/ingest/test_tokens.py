"""Tokens on this machine: kept for nobody else's eyes, renewed in time, and never lost."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import keyring.errors
import pytest

from ingest import credentials, tokens
from ingest.grants import Flow, SignIn, Tokens
from ingest.passwords import EnvSecret
from notes.errors import MailboxError
from tests.ingest.oauth_server import Provider

ROOT = Path(__file__).parents[2]


def signed_in(provider: Provider, folder: Path, *, left: float = 3600) -> SignIn:
    """A mailbox somebody signed in, its access token good for `left` seconds more."""
    sign_in = SignIn(provider.app(), "mori", folder, folder / "mori.token")
    tokens.keep(sign_in, Tokens(*provider.grant(), time.time() + left))
    return sign_in


def failure(sign_in: SignIn) -> MailboxError:
    with pytest.raises(MailboxError) as raised:
        credentials.fetch(sign_in)
    assert "-secret" not in str(raised.value)
    return raised.value


class Ring(dict[tuple[str, str], str]):
    """A keyring in memory; `closed` names the error it fails with."""

    closed: type[Exception] | None = None

    def read(self, service: str, name: str) -> str | None:
        self._open()
        return self.get((service, name))

    def set(self, service: str, name: str, text: str) -> None:
        self._open()
        self[service, name] = text

    def delete(self, service: str, name: str) -> None:
        self._open()
        if (service, name) not in self:
            raise keyring.errors.PasswordDeleteError
        del self[service, name]

    def _open(self) -> None:
        if self.closed:
            raise self.closed


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    ring = Ring()
    monkeypatch.setattr("keyring.get_password", ring.read)
    monkeypatch.setattr("keyring.set_password", ring.set)
    monkeypatch.setattr("keyring.delete_password", ring.delete)
    return ring


# --- when a token is renewed --------------------------------------------------------------------------------------


def test_a_good_token_is_used_without_asking(tmp_path: Path) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path)
        assert credentials.fetch(sign_in) == credentials.fetch(sign_in)
        assert provider.requests == []


@pytest.mark.parametrize("left", [60, 0, -86400])
def test_a_token_that_ends_soon_is_renewed_and_the_new_refresh_token_kept(tmp_path: Path, left: float) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path, left=left)
        old = json.loads((tmp_path / "mori.token").read_text())
        assert credentials.fetch(sign_in) != old["access_token"]
        new = json.loads((tmp_path / "mori.token").read_text())
        assert new["refresh_token"] != old["refresh_token"]
        assert new["expires_at"] > time.time() + 3000
        assert len(provider.grants("refresh_token")) == 1


def test_a_token_refused_before_its_time_is_renewed_once_for_all(tmp_path: Path) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path)
        refused = credentials.fetch(sign_in)
        new = tokens.renewed(sign_in, instead_of=refused)
        assert new != refused
        assert tokens.renewed(sign_in, instead_of=refused) == new  # another connection, refused with the same one
        assert len(provider.grants("refresh_token")) == 1


def test_nobody_signed_in_is_said_with_the_command_to_type(tmp_path: Path) -> None:
    with Provider() as provider:
        error = failure(SignIn(provider.app(), "mori", tmp_path, tmp_path / "none.token"))
    assert (error.code, error.values["mailbox"]) == ("mailbox-sign-in-missing", "mori")


def test_a_revoked_sign_in_is_lasting_and_what_was_kept_stays(tmp_path: Path) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path, left=0)
        before = (tmp_path / "mori.token").read_text()
        provider.revoke()
        error = failure(sign_in)
    assert (error.code, error.values["said"]) == ("mailbox-sign-in-ended", "Token has been expired or revoked.")
    assert (tmp_path / "mori.token").read_text() == before


def test_a_provider_that_is_down_costs_no_token(tmp_path: Path) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path, left=0)
        provider.refuse("server_error", status=503)
        assert failure(sign_in).code == "mailbox-provider-unreachable"
        assert credentials.fetch(sign_in)


def test_a_provider_that_grants_no_refresh_token_needs_a_person_again(tmp_path: Path) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path)
        tokens.keep(sign_in, Tokens("access", "", 0))
        assert failure(sign_in).code == "mailbox-sign-in-ended"


def test_an_app_of_its_own_needs_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAWARI_TEST_SECRET", "app-secret")
    with Provider() as provider:
        app = replace(provider.app(Flow.APP), secret=EnvSecret("KAWARI_TEST_SECRET"))
        sign_in = SignIn(app, "mori", tmp_path)
        assert credentials.fetch(sign_in) == credentials.fetch(sign_in)
        assert len(provider.grants("client_credentials")) == 1


# --- several at once ----------------------------------------------------------------------------------------------

FETCH = """
import sys
from pathlib import Path
from ingest import credentials
from ingest.grants import SignIn
from ingest.grants import App, Flow
url, file = sys.argv[1:]
app = App("mori", "kawari-test-app", Flow.DEVICE, ("mail",), url)
sys.stdin.readline()
print(credentials.fetch(SignIn(app, "mori", Path(file).parent, Path(file))))
"""


def test_processes_that_renew_at_once_ask_once_and_lose_nothing(tmp_path: Path) -> None:
    with Provider(delay=0.3) as provider:
        sign_in = signed_in(provider, tmp_path, left=0)
        command = [sys.executable, "-c", FETCH, sign_in.app.token_url, str(sign_in.file)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        running = [subprocess.Popen(command, cwd=ROOT, text=True, **pipes) for _ in range(4)]
        for one in running:
            assert one.stdin
            one.stdin.write("\n")
            one.stdin.flush()
        said = [one.communicate(timeout=30)[0].strip() for one in running]
        assert len(set(said)) == 1
        assert said[0].startswith("access-")
        assert len(provider.grants("refresh_token")) == 1
        provider.seconds = 0
        assert tokens.renewed(sign_in, instead_of=said[0]) != said[0]  # what was kept is the token in force


def test_threads_that_renew_at_once_ask_once(tmp_path: Path) -> None:
    with Provider(delay=0.2) as provider:
        sign_in = signed_in(provider, tmp_path, left=0)
        found: list[str] = []
        threads = [threading.Thread(target=lambda: found.append(credentials.fetch(sign_in))) for _ in range(5)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(found) == 5
        assert len(set(found)) == 1
        assert len(provider.grants("refresh_token")) == 1


def test_a_process_killed_while_it_renews_holds_nobody_up_and_leaves_a_whole_file(tmp_path: Path) -> None:
    with Provider(delay=30) as provider:
        sign_in = signed_in(provider, tmp_path, left=0)
        before = (tmp_path / "mori.token").read_text()
        command = [sys.executable, "-c", FETCH, sign_in.app.token_url, str(sign_in.file)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) as process:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
            while not provider.grants("refresh_token"):
                time.sleep(0.02)
            process.kill()
        assert (tmp_path / "mori.token").read_text() == before
        provider.delay = 0
        assert credentials.fetch(sign_in).startswith("access-")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mori.token.lock", "mori.token"]


def test_where_the_new_token_cannot_be_kept_the_old_one_is_not_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path, left=0)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            error = failure(sign_in)
        assert (error.code, error.values["said"]) == ("mailbox-tokens-unusable", "No space left on device")
        assert provider.requests == []
        assert credentials.fetch(sign_in)


# --- where tokens are ---------------------------------------------------------------------------------------------


def test_a_file_of_tokens_is_for_its_owner_alone(tmp_path: Path) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path / "deep" / "down")
    assert sign_in.file
    assert sign_in.file.stat().st_mode & 0o777 == 0o600
    assert sign_in.file.parent.stat().st_mode & 0o777 == 0o700
    assert not credentials.open_to_others(sign_in)
    sign_in.file.chmod(0o644)
    assert credentials.open_to_others(sign_in)
    assert "-secret" not in repr(sign_in) + credentials.source(sign_in)


@pytest.mark.parametrize(
    "text",
    [
        "", "no json", "[]", "{}", '{"access_token": 1, "refresh_token": "x", "expires_at": 0}',
        '{"access_token": "a", "refresh_token": "x", "expires_at": 1' + 400 * "0" + "}",
    ],
)  # fmt: skip
def test_a_damaged_file_is_said_so_and_signing_in_again_mends_it(tmp_path: Path, text: str) -> None:
    with Provider() as provider:
        sign_in = signed_in(provider, tmp_path)
        (tmp_path / "mori.token").write_text(text)
        error = failure(sign_in)
        assert (error.code, error.values["path"]) == ("mailbox-tokens-unusable", str(sign_in.file))
        tokens.keep(sign_in, Tokens(*provider.grant(), time.time() + 3600))
        assert credentials.fetch(sign_in)


def test_the_keyring_is_the_usual_place(tmp_path: Path, ring: Ring) -> None:
    with Provider() as provider:
        sign_in = SignIn(provider.app(), "mori", tmp_path)
        where = tokens.keep(sign_in, Tokens(*provider.grant(), 0))
        assert where.startswith("keyring kawari/mori-")
        old = dict(ring)
        assert credentials.fetch(sign_in).startswith("access-")
        assert list(ring) == list(old)
        assert ring != old
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


@pytest.mark.parametrize("closed", [keyring.errors.NoKeyringError, keyring.errors.KeyringLocked, OSError])
def test_without_a_keyring_a_file_in_the_data_folder_takes_its_place(
    tmp_path: Path, ring: Ring, closed: type[Exception]
) -> None:
    ring.closed = closed
    with Provider() as provider:
        sign_in = SignIn(provider.app(), "mori", tmp_path / "tokens")
        where = Path(tokens.keep(sign_in, Tokens(*provider.grant(), 0)))
        assert where.parent == tmp_path / "tokens"
        assert where.stat().st_mode & 0o777 == 0o600
        assert credentials.fetch(sign_in).startswith("access-")
        assert not credentials.open_to_others(sign_in)
        where.chmod(0o644)
        assert credentials.open_to_others(sign_in)
        assert credentials.source(sign_in) == str(where)
        ring.closed = None
        assert tokens.keep(sign_in, Tokens(*provider.grant(), 0)).startswith("keyring")
        assert not where.exists()


def test_a_locked_keyring_is_said_so_and_no_keyring_means_nobody_signed_in(tmp_path: Path, ring: Ring) -> None:
    with Provider() as provider:
        sign_in = SignIn(provider.app(), "mori", tmp_path)
        ring.closed = keyring.errors.KeyringLocked
        assert failure(sign_in).code == "password-keyring-failed"
        ring.closed = keyring.errors.NoKeyringError
        assert failure(sign_in).code == "mailbox-sign-in-missing"


def test_another_user_or_app_under_the_same_id_has_tokens_of_its_own(tmp_path: Path, ring: Ring) -> None:
    with Provider() as provider:
        mine = SignIn(provider.app(), "mori", tmp_path)
        tokens.keep(mine, Tokens(*provider.grant(), time.time() + 3600))
        for other in (replace(mine, user="sato"), replace(mine, app=replace(mine.app, client_id="another"))):
            assert failure(other).code == "mailbox-sign-in-missing"
    assert len(ring) == 1


@pytest.mark.parametrize("in_file", [True, False])
def test_tokens_can_be_forgotten(tmp_path: Path, ring: Ring, in_file: bool) -> None:
    with Provider() as provider:
        sign_in = SignIn(provider.app(), "mori", tmp_path, tmp_path / "mori.token" if in_file else None)
        assert not tokens.forget(sign_in)
        tokens.keep(sign_in, Tokens(*provider.grant(), 0))
        assert tokens.forget(sign_in)
        assert failure(sign_in).code == "mailbox-sign-in-missing"
    assert not ring
