"""Passwords: where they are kept, and how they are fetched at the moment they are needed.

A `PasswordSecret` says where; it never holds the password, so it can be printed, logged and compared.
"""

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from notes.errors import MailboxError

KEYRING_SERVICE = "kawari"
_COMMAND_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class EnvSecret:
    """The password is the first line of an environment variable."""

    name: str


@dataclass(frozen=True, slots=True)
class FileSecret:
    """The password is the first line of a file."""

    path: Path


@dataclass(frozen=True, slots=True)
class CommandSecret:
    """The password is the first line a command prints. No shell is involved; words are split as a shell would."""

    command: str


@dataclass(frozen=True, slots=True)
class KeyringSecret:
    """The password is in the system's keyring, under the service `kawari` and this name."""

    name: str


PasswordSecret = EnvSecret | FileSecret | CommandSecret | KeyringSecret


def fetch(secret: PasswordSecret) -> str:
    """The password itself.

    Raises MailboxError `password-env-missing`, `password-file-unreadable`, `password-command-failed`,
    `password-keyring-failed`, `password-keyring-missing` or `password-empty`.
    """
    match secret:
        case EnvSecret(name):
            password = _from_environment(name)
        case FileSecret(path):
            password = _from_file(path)
        case CommandSecret(command):
            password = _from_command(command)
        case KeyringSecret(name):
            password = _from_keyring(name)
    if not password:
        raise MailboxError("password-empty", source=source(secret))
    return password


def source(secret: PasswordSecret) -> str:
    """Where the password is kept, in words fit for a message: never more of a command than its program."""
    match secret:
        case EnvSecret(name):
            return f"${name}"
        case FileSecret(path):
            return str(path)
        case CommandSecret(command):
            return _program(command)
        case KeyringSecret(name):
            return f"keyring {KEYRING_SERVICE}/{name}"


def _from_environment(name: str) -> str:
    try:
        return _first_line(os.environ[name])
    except KeyError:
        raise MailboxError("password-env-missing", name=name) from None


def _from_file(path: Path) -> str:
    try:
        return _first_line(path.expanduser().read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise MailboxError("password-file-unreadable", path=str(path), reason=reason) from None


def _from_command(command: str) -> str:
    """Only the program's name goes into errors: its arguments and output may hold what must stay secret."""
    try:
        done = subprocess.run(  # noqa: S603 - the command is the user's own setting, and no shell reads it
            shlex.split(command), stdout=subprocess.PIPE, timeout=_COMMAND_SECONDS, check=True
        )
        return _first_line(done.stdout.decode("utf-8"))
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:
        raise MailboxError("password-command-failed", program=_program(command), reason=_why(error)) from None


def _why(error: Exception) -> str:
    match error:
        case subprocess.CalledProcessError():
            return f"exit {error.returncode}"
        case subprocess.TimeoutExpired():
            return f"no answer in {error.timeout:.0f} s"
        case UnicodeDecodeError():
            return "not UTF-8"
        case OSError():
            return error.strerror or type(error).__name__
    return "not a command"


def _program(command: str) -> str:
    return command.split(maxsplit=1)[0] if command.strip() else ""


def _from_keyring(name: str) -> str:
    import keyring
    import keyring.errors

    try:
        password = keyring.get_password(KEYRING_SERVICE, name)
    except keyring.errors.KeyringError as error:
        raise MailboxError("password-keyring-failed", name=name, reason=type(error).__name__) from None
    if password is None:
        raise MailboxError("password-keyring-missing", name=name, service=KEYRING_SERVICE)
    return password


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""
