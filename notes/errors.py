"""Errors that carry their words' code and the exit code; `cli.app` is the one place where they become text.

A code names a sentence in the catalogs of `cli/locale`; the values fill it. So `notes` and `ingest` speak no language.
"""

from typing import ClassVar


class KawariError(Exception):
    """Something a person can act on.

    `code` names the sentence (its catalog key), `values` fill it. Values are shown to the user: never put a secret or
    the text of a mail into them.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}"


class UsageError(KawariError):
    """The command's words cannot be carried out as they stand."""

    exit_code = 2


class SettingsError(KawariError):
    """A settings file or environment variable that cannot be used; names the key, the file and what is allowed."""

    exit_code = 2


class DatabaseVersionError(KawariError):
    """The database is older or newer than this program."""

    exit_code = 3


class DatabaseError(KawariError):
    """The database cannot be opened or written; names the URL without its password."""

    exit_code = 1


class NotFoundError(KawariError):
    """No case, customer, message or promise of that name, or several; `values["candidates"]` lists them as text."""

    exit_code = 4


class MailboxError(KawariError):
    """A mailbox that cannot be reached or refuses; names the mailbox, and what the server said."""

    exit_code = 5


class NotifyError(KawariError):
    """A letter to our own people that did not get out; names the server, never the letter's words."""

    exit_code = 5


class UnreadableMailError(KawariError):
    """Bytes that are no mail, or that cannot be read as one; the raw bytes are kept with `code` as the reason."""
