import sys
from pathlib import Path

import pytest
from keyring.errors import NoKeyringError

from ingest.credentials import Secret, fetch, open_to_others, source
from ingest.passwords import CommandSecret, EnvSecret, FileSecret, KeyringSecret
from notes.errors import MailboxError

WORD = "moss-4-heron"


def code(secret: Secret) -> str:
    with pytest.raises(MailboxError) as raised:
        fetch(secret)
    assert WORD not in str(raised.value)
    return raised.value.code


def test_a_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAWARI_MORI", WORD)
    assert fetch(EnvSecret("KAWARI_MORI")) == WORD


def test_a_variable_that_is_not_set_or_empty_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KAWARI_MORI", raising=False)
    assert code(EnvSecret("KAWARI_MORI")) == "password-env-missing"
    monkeypatch.setenv("KAWARI_MORI", "")
    assert code(EnvSecret("KAWARI_MORI")) == "password-empty"


@pytest.mark.parametrize("text", [WORD, f"{WORD}\n", f"{WORD}\r\nuser: mori\n"])
def test_a_password_is_the_first_line_of_a_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "password").write_bytes(text.encode())
    assert fetch(FileSecret(tmp_path / "password")) == WORD


def test_a_password_may_hold_blanks_and_umlauts(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(" schlüssel 鍵 \n".encode())
    assert fetch(FileSecret(tmp_path / "password")) == " schlüssel 鍵 "


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    assert code(FileSecret(tmp_path / "none")) == "password-file-unreadable"
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert code(FileSecret(tmp_path / "binary")) == "password-file-unreadable"
    (tmp_path / "empty").write_bytes(b"")
    assert code(FileSecret(tmp_path / "empty")) == "password-empty"


@pytest.mark.parametrize(("mode", "is_open"), [(0o600, False), (0o400, False), (0o640, True), (0o644, True)])
def test_a_file_others_may_read_is_noticed(tmp_path: Path, mode: int, is_open: bool) -> None:
    path = tmp_path / "password"
    path.write_text(WORD)
    path.chmod(mode)
    assert open_to_others(FileSecret(path)) is is_open


def test_only_files_can_lie_open(tmp_path: Path) -> None:
    assert not open_to_others(EnvSecret("KAWARI_MORI"))
    assert not open_to_others(FileSecret(tmp_path / "none"))


def test_a_password_is_what_a_command_prints() -> None:
    assert fetch(CommandSecret(f"{sys.executable} -c \"print('{WORD}'); print('second line')\"")) == WORD


def test_a_command_is_no_shell_line(tmp_path: Path) -> None:
    assert fetch(CommandSecret(f"echo {WORD} > {tmp_path}/stolen")).startswith(WORD)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    ["no-such-program-anywhere --account mori", "false moss-4-heron", 'echo "unclosed', "", "sh -c 'exit 3'"],
)
def test_a_command_that_fails_is_named_without_its_arguments(command: str) -> None:
    assert code(CommandSecret(command)) == "password-command-failed"


def test_a_password_comes_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("kawari", "mori"): WORD}
    monkeypatch.setattr("keyring.get_password", lambda service, name: kept.get((service, name)))
    assert fetch(KeyringSecret("mori")) == WORD
    assert code(KeyringSecret("sato")) == "password-keyring-missing"


def test_a_machine_without_a_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(service: str, name: str) -> None:
        raise NoKeyringError(f"{service}/{name}")

    monkeypatch.setattr("keyring.get_password", locked)
    assert code(KeyringSecret("mori")) == "password-keyring-failed"


def test_where_a_password_lies_is_said_without_it() -> None:
    secrets: list[Secret] = [EnvSecret("A"), FileSecret(Path("/b")), CommandSecret(f"pass {WORD}"), KeyringSecret("d")]
    assert [source(secret) for secret in secrets] == ["$A", "/b", "pass", "keyring kawari/d"]
