"""Letters to our own people handed to a mail server (SMTP, RFC 5321) or to the team's channels (apprise).

The letter is marked as handed over at the last moment, when the server has accepted sender and recipient and only its
words are still to be sent. Who is killed before it tries again; who is killed after it does not, so that nobody is told
twice. Nothing goes to an address outside the organisation: that is looked at here, whatever the settings say.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from ingest import credentials
from ingest.mailbox import Security, is_loopback
from ingest.passwords import PasswordSecret
from notes.errors import KawariError, MailboxError, NotifyError
from notes.model import Directory
from notes.store import outbox
from notes.store.engine import Store
from notes.store.outbox import Outgoing

SECONDS = 30.0
MOST_AT_ONCE = 50
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
MOST_TRIES = 30
SUBJECT = 200
ADDRESS = re.compile(r"[^@\s<>,;:\"()]{1,64}@[^@\s<>,;:\"()]{1,255}")
LASTING = frozenset({"notify-outside", "notify-refused", "notify-mail-channel"})
"""What trying again does not mend."""

ANSWERED = frozenset({"notify-refused", "notify-deferred", "notify-channel-failed"})
"""What says that a letter did not arrive, even at the last moment; a connection that ends then says nothing."""

MAIL_SCHEME = re.compile(r"mailtos?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server that takes our letters. Without `user` nobody logs in. Replies to answers go to `reply_to`."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    secret: PasswordSecret | None = None
    ca_file: Path | None = None
    reply_to: str = ""


class Carrier(Protocol):
    """Hands one letter over; calls `taken` at the last moment, and leaves it where that is False."""

    def __call__(self, letter: Outgoing, taken: Callable[[], bool], now: datetime) -> None:
        """Raises NotifyError."""
        ...


def send_due(store: Store, carry: Carrier, now: datetime) -> int:
    """Hands over what is due, each letter once; what fails is noted, and tried again ever less often. Says how many
    letters are out. Raises DatabaseError."""
    with store.read() as db:
        letters = outbox.due(db, now, MOST_AT_ONCE)
    return sum(_send(store, carry, letter, now) for letter in letters)


def inside(address: str, directory: Directory) -> bool:
    """Whether an address is one of ours: of our domains, or of one of the staff."""
    if not ADDRESS.fullmatch(address):
        return False
    plain = address.lower()
    return plain.partition("@")[2] in directory.domains or any(plain in one.addresses for one in directory.staff)


@dataclass(frozen=True, slots=True)
class Post:
    """The two ways out: by mail, and for letters without a recipient by the team's channels (apprise URLs)."""

    directory: Directory
    relay: Relay | None
    channels: PasswordSecret | None = None

    def __call__(self, letter: Outgoing, taken: Callable[[], bool], now: datetime) -> None:
        """Raises NotifyError."""
        if not letter.recipient:
            _announce(_urls(self.channels), letter, taken)
        elif not inside(letter.recipient, self.directory):
            raise NotifyError("notify-outside", address=letter.recipient)
        elif self.relay is None:
            raise NotifyError("notify-no-server")
        else:
            _mail(self.relay, letter, taken, now)


def wait_after(tries: int) -> timedelta | None:
    """How long a letter waits after so many vain tries, None when it is given up (after a day)."""
    return None if tries >= MOST_TRIES else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries, 10))


def name(key: str, sender: str) -> str:
    """The Message-ID, without brackets, of the letter of this key: it follows from the key, so that a second copy,
    should there ever be one, is known as such."""
    return f"{sha256(key.encode()).hexdigest()[:32]}.kawari@{sender.rpartition('@')[2]}"


def wire(letter: Outgoing, sender: str, now: datetime, reply_to: str = "") -> bytes:
    """A letter as the bytes of a mail; an answer stands in the thread of what it answers.

    `email` would break a long Message-ID into encoded words, which no reader puts together: these lines are ours.
    """
    ids = [f"{header}: <{letter.answers}>\r\n" for header in ("In-Reply-To", "References") if letter.answers]
    return "".join(ids).encode() + _message(letter, sender, now, reply_to).as_bytes(policy=policy.SMTP)


def _message(letter: Outgoing, sender: str, now: datetime, reply_to: str) -> EmailMessage:
    """Automatic by RFC 3834, so that nobody's absence answers it."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, letter.recipient
    mail["Subject"] = " ".join(letter.subject.split())[:SUBJECT]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{name(letter.key, sender)}>"
    mail["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.answers and reply_to:
        mail["Reply-To"] = reply_to
    mail.set_content(letter.body, cte="7bit" if letter.body.isascii() else "base64")  # not every server takes 8 bits
    return mail


def _send(store: Store, carry: Carrier, letter: Outgoing, now: datetime) -> bool:
    handed = False

    def taken() -> bool:
        nonlocal handed
        with store.begin() as db:
            handed = outbox.take(db, letter.key)
        return handed

    try:
        carry(letter, taken, now)
    except KawariError as error:
        if not handed or error.code in ANSWERED:
            wait = None if error.code in LASTING else wait_after(letter.tries + 1)
            with store.begin() as db:
                outbox.failed(db, letter.key, error.code, now + wait if wait else None)
        return False
    if handed:
        with store.begin() as db:
            outbox.sent(db, letter.key, now)
    return handed


# --- by mail ------------------------------------------------------------------------------------------------------


def _mail(relay: Relay, letter: Outgoing, taken: Callable[[], bool], now: datetime) -> None:
    mail = wire(letter, relay.sender, now, relay.reply_to)
    with _failures_named(relay), _open(relay) as server:
        server.ehlo_or_helo_if_needed()
        _accepted(*server.mail(relay.sender))
        _accepted(*server.rcpt(letter.recipient))
        if taken():
            _accepted(*server.data(mail))


def _open(relay: Relay) -> smtplib.SMTP:
    """A connection, safe and logged in."""
    if relay.security is Security.NONE and not is_loopback(relay.host):
        raise NotifyError("notify-plain-refused", host=relay.host)
    context = ssl.create_default_context(cafile=str(relay.ca_file) if relay.ca_file else None)
    if relay.security is Security.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS)
    try:
        if relay.security is Security.STARTTLS:
            server.starttls(context=context)
        if relay.user and relay.secret:
            server.login(relay.user, credentials.fetch(relay.secret))
    except BaseException:
        server.close()
        raise
    return server


def _accepted(code: int, said: bytes) -> None:
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, said)


@contextmanager
def _failures_named(relay: Relay) -> Iterator[None]:
    """What a server or a network does, as ours. The server's own words are left out: they may quote the letter."""
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise NotifyError("notify-wrong-password", host=relay.host, user=relay.user or "") from None
    except smtplib.SMTPResponseException as error:
        code = "notify-refused" if 500 <= error.smtp_code < 600 else "notify-deferred"
        raise NotifyError(code, host=relay.host, answer=error.smtp_code) from None
    except MailboxError as error:
        raise NotifyError(error.code, **error.values) from None
    except (OSError, smtplib.SMTPException, UnicodeError, ValueError) as error:
        raise NotifyError("notify-unreachable", host=relay.host, reason=type(error).__name__) from None


# --- by the team's channels ---------------------------------------------------------------------------------------


def _urls(secret: PasswordSecret | None) -> list[str]:
    """The channels' URLs, which are secrets: nothing of them goes into an error."""
    if secret is None:
        raise NotifyError("notify-no-channel")
    try:
        urls = credentials.fetch(secret).split()
    except MailboxError as error:
        raise NotifyError(error.code, **error.values) from None
    if any(MAIL_SCHEME.match(url) for url in urls):
        raise NotifyError("notify-mail-channel")
    return urls


def _announce(urls: Sequence[str], letter: Outgoing, taken: Callable[[], bool]) -> None:
    """The team has heard when one of its channels has."""
    try:
        from apprise import Apprise
    except ImportError:
        raise NotifyError("notify-no-apprise") from None
    channels = [Apprise() for _ in urls]
    if not all(channel.add(url) for channel, url in zip(channels, urls, strict=True)):
        raise NotifyError("notify-bad-channel")
    if not taken():
        return
    heard = [channel.notify(title=letter.subject[:SUBJECT], body=letter.body) for channel in channels]
    if not any(heard):
        raise NotifyError("notify-channel-failed")
