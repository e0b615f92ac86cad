"""One POST to a provider of OAuth 2, and its answer: over TLS (plain on loopback only), in time, no redirects."""

import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from ipaddress import ip_address
from typing import IO
from urllib.parse import urlsplit

from ingest.refusals import UNREACHABLE, readable
from notes.errors import MailboxError

_SECONDS = 15.0
_MAX_BYTES = 1024 * 1024
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Whoever redirects a request that holds secrets does not get it."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Never."""


def post(mailbox: str, url: str, form: str) -> str:
    """The answer's body, to a form in `application/x-www-form-urlencoded`; also of an answer that refuses (status 4xx).

    Raises MailboxError `mailbox-provider-unreachable` when trying again may help, `mailbox-provider-strange` when the
    address is none to send secrets to.
    """
    if not is_safe(url):
        raise MailboxError("mailbox-provider-strange", mailbox=mailbox, host=host(url), said="no https")
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(url, form.encode("ascii"), headers)  # noqa: S310 - is_safe looked at the scheme
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=_SECONDS) as answer:
            return _text(answer)
    except urllib.error.HTTPError as error:
        with error:
            return _refused(mailbox, url, error)
    except (OSError, HTTPException, ValueError) as error:
        raise MailboxError(UNREACHABLE, mailbox=mailbox, host=host(url), said=_reason(error)) from None


def is_safe(url: str) -> bool:
    """Whether a secret may be sent there: https, or this machine."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
    except ValueError:
        return False
    return bool(name) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(name)))


def host(url: str) -> str:
    """The server's name, for a message."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _refused(mailbox: str, url: str, error: urllib.error.HTTPError) -> str:
    if error.code in _BUSY or error.code < 400:
        code = UNREACHABLE if error.code in _BUSY else "mailbox-provider-strange"
        raise MailboxError(code, mailbox=mailbox, host=host(url), said=readable(f"HTTP {error.code} {error.reason}"))
    try:
        return _text(error)
    except (OSError, HTTPException) as failed:
        raise MailboxError(UNREACHABLE, mailbox=mailbox, host=host(url), said=_reason(failed)) from None


def _text(answer: IO[bytes]) -> str:
    return answer.read(_MAX_BYTES).decode("utf-8", "replace")


def _reason(error: Exception) -> str:
    """What the system says; never the request."""
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, ssl.SSLCertVerificationError):
        return readable(inner.verify_message)
    if isinstance(inner, TimeoutError):
        return "timed out"
    return readable(str(getattr(inner, "strerror", None) or type(inner).__name__))
