"""What a mailbox is opened with: a password (`ingest.passwords`), or an access token where somebody has signed in with
OAuth 2 (`ingest.tokens`). A `Secret` says where it is and never holds it."""

import stat
from pathlib import Path

from ingest import passwords
from ingest.grants import SignIn
from ingest.passwords import FileSecret, PasswordSecret

Secret = PasswordSecret | SignIn


def fetch(secret: Secret) -> str:
    """The password itself, or an access token. Raises what `ingest.passwords.fetch` and `ingest.tokens` raise."""
    if isinstance(secret, SignIn):
        from ingest import tokens

        return tokens.access_token(secret)
    return passwords.fetch(secret)


def open_to_others(secret: Secret) -> bool:
    """Whether the password, or the tokens, lie in a file that its group or everybody may read."""
    path = secret.path if isinstance(secret, FileSecret) else _tokens(secret) if isinstance(secret, SignIn) else None
    try:
        return path is not None and bool(path.expanduser().stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))
    except OSError:
        return False


def source(secret: Secret) -> str:
    """Where the password is kept, in words fit for a message: never more of a command than its program."""
    if isinstance(secret, SignIn):
        path = _tokens(secret)
        return str(path) if secret.file or path.exists() else f"kawari login {secret.app.mailbox}"
    return passwords.source(secret)


def _tokens(sign_in: SignIn) -> Path:
    from ingest import tokens

    return tokens.file_of(sign_in)
