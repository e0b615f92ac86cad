"""The tokens of OAuth 2 on this machine: kept in the system's keyring or in a file (0600), renewed in time, never lost.

    access_token ─ still good? ─yes→ it
                       │no: lock → read again (somebody else renewed it?) → ask the provider → keep → unlock

A provider that rotates refresh tokens takes the old one away while it gives the new one, so one process at a time asks,
and the new one is kept before anything else happens.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from ingest.filelock import locked
from ingest.grants import Flow, SignIn, Tokens
from ingest.passwords import KEYRING_SERVICE
from notes.errors import MailboxError

_EARLY_SECONDS: Final = 120.0
"""How long before its end a token is renewed: a login and the clocks' difference must fit in."""


def access_token(sign_in: SignIn) -> str:
    """A token that is good for two minutes at least.

    Raises MailboxError `mailbox-sign-in-missing` when nobody has signed in, `mailbox-tokens-unusable`, and what
    `ingest.oauth` raises.
    """
    kept = _load(sign_in)
    return kept.access if kept and _is_good(kept) else renewed(sign_in)


def renewed(sign_in: SignIn, *, instead_of: str = "") -> str:
    """A new token; `instead_of` is one that the mail server refuses although its time has not come."""
    with _locked(sign_in):
        kept = _load(sign_in)
        if kept and _is_good(kept) and kept.access != instead_of:
            return kept.access
        new = _ask(sign_in, kept)
        _save(sign_in, new)
        return new.access


def keep(sign_in: SignIn, tokens: Tokens) -> str:
    """Keeps what a sign-in gave, in the place of whatever was there; says where. Raises `mailbox-tokens-unusable`."""
    with _locked(sign_in):
        if sign_in.file is None and _to_keyring(sign_in, tokens):
            file_of(sign_in).unlink(missing_ok=True)
            return f"keyring {KEYRING_SERVICE}/{_name(sign_in)}"
        _to_file(sign_in, tokens)
        return str(file_of(sign_in))


def forget(sign_in: SignIn) -> bool:
    """Removes what is kept; whether there was anything."""
    with _locked(sign_in):
        was_kept = file_of(sign_in).exists()
        file_of(sign_in).unlink(missing_ok=True)
        return (sign_in.file is None and _out_of_keyring(sign_in)) or was_kept


def _ask(sign_in: SignIn, kept: Tokens | None) -> Tokens:
    from ingest import oauth

    if sign_in.app.flow is Flow.APP:
        return oauth.as_app(sign_in.app)
    if kept is None:
        raise MailboxError("mailbox-sign-in-missing", mailbox=sign_in.app.mailbox)
    if not kept.refresh:
        raise MailboxError("mailbox-sign-in-ended", mailbox=sign_in.app.mailbox, host="", said="no refresh_token")
    _save(sign_in, kept)  # a full disk or a locked keyring must be found out before the old token is taken away
    return oauth.refresh(sign_in.app, kept)


def _is_good(tokens: Tokens) -> bool:
    return time.time() < tokens.expires_at - _EARLY_SECONDS


def _name(sign_in: SignIn) -> str:
    """Says whose tokens they are: another user or another app under the same mailbox id has others."""
    whose = "\0".join((sign_in.user, sign_in.app.client_id, sign_in.app.token_url))
    return f"{sign_in.app.mailbox}-{hashlib.sha256(whose.encode()).hexdigest()[:8]}"


def file_of(sign_in: SignIn) -> Path:
    """Where tokens are if no keyring keeps them."""
    return sign_in.file or sign_in.folder / f"{_name(sign_in)}.json"


@contextmanager
def _locked(sign_in: SignIn) -> Iterator[None]:
    """One at a time, among processes and threads; also for the keyring, which knows no locks."""
    path = file_of(sign_in)
    with ExitStack() as held:
        with _failures_named(sign_in):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            held.enter_context(locked(path.with_name(f".{path.name}.lock")))
        yield


def _load(sign_in: SignIn) -> Tokens | None:
    """What is kept: in the file if there is one, else in the keyring."""
    with _failures_named(sign_in):
        try:
            return _read(file_of(sign_in).read_text("utf-8"))
        except FileNotFoundError:
            return None if sign_in.file else _from_keyring(sign_in)


def _save(sign_in: SignIn, tokens: Tokens) -> None:
    """Where it was kept before; what an app gets for itself is worth no keyring."""
    in_file = sign_in.file is not None or file_of(sign_in).exists() or sign_in.app.flow is Flow.APP
    if in_file:
        _to_file(sign_in, tokens)
    elif not _to_keyring(sign_in, tokens):
        raise MailboxError("password-keyring-failed", name=_name(sign_in), reason="set_password")


def _to_file(sign_in: SignIn, tokens: Tokens) -> None:
    """Whole or not at all, and for nobody else's eyes from its first byte."""
    path = file_of(sign_in)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with _failures_named(sign_in):
        beside.unlink(missing_ok=True)  # left by a process of this number that was killed; the lock is ours
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(_written(tokens))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _from_keyring(sign_in: SignIn) -> Tokens | None:
    import keyring
    import keyring.errors

    try:
        text = keyring.get_password(KEYRING_SERVICE, _name(sign_in))
    except keyring.errors.NoKeyringError:
        return None
    except keyring.errors.KeyringError as error:
        raise MailboxError("password-keyring-failed", name=_name(sign_in), reason=type(error).__name__) from None
    return _read(text) if text is not None else None


def _to_keyring(sign_in: SignIn, tokens: Tokens) -> bool:
    """False where there is no keyring, it is locked, or it takes no text as long as this (Windows)."""
    import keyring
    import keyring.errors

    try:
        keyring.set_password(KEYRING_SERVICE, _name(sign_in), _written(tokens))
    except (keyring.errors.KeyringError, OSError):
        return False
    return True


def _out_of_keyring(sign_in: SignIn) -> bool:
    import keyring
    import keyring.errors

    with suppress(keyring.errors.KeyringError):
        keyring.delete_password(KEYRING_SERVICE, _name(sign_in))
        return True
    return False


def _written(tokens: Tokens) -> str:
    kept = {"access_token": tokens.access, "refresh_token": tokens.refresh, "expires_at": tokens.expires_at}
    return json.dumps(kept) + "\n"


def _read(text: str) -> Tokens:
    kept: dict[str, Any] = json.loads(text)
    access, refresh = kept["access_token"], kept["refresh_token"]
    if not all(isinstance(one, str) and re.fullmatch(r"[ -~]*", one) for one in (access, refresh)):
        raise ValueError
    return Tokens(access, refresh, float(kept["expires_at"]))


@contextmanager
def _failures_named(sign_in: SignIn) -> Iterator[None]:
    """A file or an entry that cannot be used; never a word of what is in it."""
    try:
        yield
    except (OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or "no tokens in it"
        raise MailboxError(
            "mailbox-tokens-unusable", mailbox=sign_in.app.mailbox, path=str(file_of(sign_in)), said=reason
        ) from None
