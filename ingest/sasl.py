"""Logging in with a token: which mechanism, and what is said in it (SASL, RFC 4422)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MECHANISMS: Final = ("OAUTHBEARER", "XOAUTH2")
"""The standard (RFC 7628) before what Google and Microsoft had before it."""


def chosen(offers: Callable[[str], bool]) -> str | None:
    """The mechanism to log in with, of those the server offers."""
    return next((one for one in MECHANISMS if offers(f"AUTH={one}")), None)


@dataclass(slots=True)
class Bearer:
    """Answers a server's challenges. `refusal` is what the server said about the token, where it said anything."""

    mechanism: str
    user: str
    host: str
    port: int
    token: str = field(repr=False)
    refusal: str = ""
    _asked: bool = False

    def __call__(self, challenge: bytes) -> bytes:
        """The first challenge is empty; a second one is a refusal, to be acknowledged before the server's NO."""
        if self._asked:
            self.refusal = _status(challenge)
            return b"\x01" if self.mechanism == "OAUTHBEARER" else b""
        self._asked = True
        return (self._standard() if self.mechanism == "OAUTHBEARER" else self._older()).encode()

    def _standard(self) -> str:
        """RFC 7628, section 3.1, with the user as RFC 5801, section 4 escapes it."""
        user = self.user.replace("=", "=3D").replace(",", "=2C")
        where = f"host={self.host}\x01port={self.port}\x01"
        return f"n,a={user},\x01{where}auth=Bearer {self.token}\x01\x01"

    def _older(self) -> str:
        """https://developers.google.com/workspace/gmail/imap/xoauth2-protocol"""
        return f"user={self.user}\x01auth=Bearer {self.token}\x01\x01"


def _status(challenge: bytes) -> str:
    """`invalid_token`, or a number as in HTTP."""
    try:
        return str(json.loads(challenge[:10_000])["status"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
