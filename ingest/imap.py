"""A mailbox on an IMAP server (RFC 3501), read and never written: EXAMINE, and `BODY.PEEK[]`.

The one exception is `ImapMailbox.append_draft`, for the draft that a user asks for.

imapclient connects, logs in, lists and opens folders. Fetching goes through the imaplib connection under it, with a
parse of our own (`ingest.fetched`): imapclient's is slower by half, and gives up a whole batch for one damaged answer.
"""

import base64
import imaplib
import re
import selectors
import socket
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from io import BufferedReader
from typing import cast

import imapclient  # type: ignore[import-untyped]  # has annotations, but does not say so with a py.typed
from imapclient import imap_utf7, response_parser

from ingest import patience, sasl, tokens
from ingest.fetched import Answer, Item, answers, uid_set
from ingest.folders import Listed, roles
from ingest.grants import SignIn
from ingest.mailbox import Account, Fetched, FolderState, Mailbox, Security, Waker, is_loopback
from notes.errors import MailboxError
from notes.model import Role

CONNECT_SECONDS = 15.0
READ_SECONDS = 60.0
_CLOSE_SECONDS = 3.0
_MAX_SAID = 300
# Response codes (RFC 5530, RFC 9051) that blame the server, which says them of a single mail that it cannot read, too.
_AT_FAULT = re.compile(r"\[(SERVERBUG|CONTACTADMIN)\b", re.IGNORECASE)
_ALERT = re.compile(rb"\S+ (?:OK|NO|BAD|BYE|PREAUTH) \[ALERT\]\s*(.*)", re.IGNORECASE | re.DOTALL)
# What OpenSSL says of a certificate (X509_verify_cert_error_string): its number, and our word for it.
_CERTIFICATES = {9: "mailbox-tls-too-early", 10: "mailbox-tls-expired"}
_CERTIFICATES |= dict.fromkeys((62, 64), "mailbox-tls-other-name")
_QUOTABLE = re.compile(r"[!#-\[\]-~]{1,400}")
_EXISTS = re.compile(rb"\* \d{1,10} EXISTS\b", re.IGNORECASE)
_IMAPLIBS_OWN = re.compile(r"^command: [A-Z]+ => ")
# Everything a server can do to imaplib, imapclient and the socket: refuse, hang up, and answer nonsense.
_FAILURES = (OSError, imaplib.IMAP4.error, ValueError, TypeError, KeyError, IndexError, OverflowError, MemoryError)


@contextmanager
def connect(account: Account, password: str, *, seconds: float = READ_SECONDS) -> Iterator["ImapMailbox"]:
    """A logged-in mailbox; no answer may take longer than `seconds`.

    Raises MailboxError, whose code says what failed: `mailbox-plain-refused`, `mailbox-ca-file-unreadable`,
    `mailbox-unknown-host`, `mailbox-refused`, `mailbox-timeout`, `mailbox-unreachable`, `mailbox-tls-untrusted`,
    `mailbox-tls-expired`, `mailbox-tls-too-early`, `mailbox-tls-other-name`, `mailbox-tls-failed`,
    `mailbox-no-starttls`, `mailbox-wrong-password`, `mailbox-login-refused`, `mailbox-closed`, `mailbox-protocol`;
    with a token also `mailbox-no-oauth`, `mailbox-token-refused`, and what `ingest.tokens` raises.
    """
    if account.security is Security.NONE and not is_loopback(account.host):
        raise MailboxError("mailbox-plain-refused", mailbox=account.id, host=account.host)
    context = None if account.security is Security.NONE else _tls(account)
    with _failures_named(account):
        client = _open(account, context, seconds)
    try:
        mailbox = ImapMailbox(account, client)
        mailbox.log_in(password)
        yield mailbox
    finally:
        _close(client)


def find_folders(mailbox: Mailbox, *, log: bool = False) -> dict[str, Role]:
    """The folders to read when the settings name none, with their roles."""
    return roles(mailbox.listing(), log=log)


def try_login(account: Account, password: str) -> dict[str, Role]:
    """Logs in and out again; the folders that would be read. Raises MailboxError as `connect` does."""
    with connect(account, password) as mailbox:
        return find_folders(mailbox, log=account.owner is None)


class ImapMailbox:
    """A connection to one account; fulfils `ingest.mailbox.Mailbox`. Made by `connect`."""

    def __init__(self, account: Account, client: imapclient.IMAPClient) -> None:
        self._account = account
        self._client = client
        self._wire: imaplib.IMAP4 = client._imap
        self._alerts: list[str] = []
        self._idles = True
        self._hear(self._wire.welcome)
        self._listen()

    def log_in(self, password: str) -> None:
        """SASL PLAIN where the server offers it, because LOGIN carries ASCII only (RFC 3501, section 6.2.3); with an
        access token as the password, what the server offers for one."""
        if isinstance(self._account.secret, SignIn):
            self._log_in_with_token(self._account.secret, password)
            return
        user = self._account.user
        plain = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        with _failures_named(self._account, plain, _escaped(password), password):
            try:
                if self._client.has_capability("AUTH=PLAIN"):
                    self._client.plain_login(self._account.user, password)
                else:
                    if not (self._account.user + password).isascii():
                        self._wire._mode_utf8()  # no standard way is left; most servers take UTF-8
                    self._client.login(self._account.user, password)
            except imapclient.exceptions.LoginError as error:
                if isinstance(error.__context__, imaplib.IMAP4.abort):
                    raise error.__context__ from None
                said = _said(error, plain, _escaped(password), password)
                code = "mailbox-login-refused" if _is_for_now(said) else "mailbox-wrong-password"
                raise MailboxError(code, **_where(self._account), user=self._account.user, said=said) from None

    def _log_in_with_token(self, sign_in: SignIn, token: str) -> None:
        """A token that is refused before its time is renewed once: it may have been revoked with all others."""
        mechanism = sasl.chosen(self._client.has_capability)
        if mechanism is None:
            raise MailboxError("mailbox-no-oauth", **_where(self._account))
        said = self._refusal(mechanism, token)
        if said and not _is_for_now(said):
            said = self._refusal(mechanism, tokens.renewed(sign_in, instead_of=token))
        if said:
            code = "mailbox-login-refused" if _is_for_now(said) else "mailbox-token-refused"
            raise MailboxError(code, **_where(self._account), user=self._account.user, said=said)

    def _refusal(self, mechanism: str, token: str) -> str:
        """What the server says against a token; empty when it lets us in."""
        bearer = sasl.Bearer(mechanism, self._account.user, self._account.host, self._account.port, token)
        secrets = (base64.b64encode(replace(bearer)(b"")).decode(), token)
        with _failures_named(self._account, *secrets):
            try:
                self._wire.authenticate(mechanism, bearer)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                refused = _said(error, *secrets) or mechanism
                return f"{refused} ({_said(bearer.refusal)})" if bearer.refusal else refused
            return ""

    def listing(self) -> list[Listed]:
        """See `Mailbox.listing`. Names that are not modified UTF-7 (RFC 3501, section 5.1.3) are left out.

        Raises MailboxError `mailbox-fetch-refused`: without a list, folders would look as if they were gone.
        """
        with _failures_named(self._account):
            extended = {b"SPECIAL-USE", b"LIST-EXTENDED"} <= set(self._capabilities())
            ask = ('""', '"*"', "RETURN", "(SPECIAL-USE)") if extended else ('""', '"*"')
            status, data = self._wire._simple_command("LIST", *ask)
            if status != "OK":
                raise self._refused(_said(data[0] if data else ""))
            _, lines = self._wire._untagged_response(status, data, "LIST")
            return list(_listed(line for line in lines if line is not None))

    def examine(self, folder: str) -> FolderState:
        """See `Mailbox.examine`. UIDNEXT is not believed: where it lies too high, mail comes below it later.

        Raises MailboxError `mailbox-folder-missing`, `mailbox-folder-refused` or `mailbox-fetch-refused`.
        """
        with _failures_named(self._account):
            try:
                said = self._client.select_folder(folder, readonly=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                raise self._folder_error(folder, _said(error)) from None
            last = self._highest_uid() if said[b"EXISTS"] else 0
            return FolderState(said[b"UIDVALIDITY"], last, said[b"EXISTS"])

    def sizes(self, first: int, last: int, since: datetime | None = None) -> dict[int, int]:
        """See `Mailbox.sizes`. Raises MailboxError `mailbox-fetch-refused`."""
        with _failures_named(self._account):
            items = "(UID RFC822.SIZE INTERNALDATE)" if since else "(UID RFC822.SIZE)"
            status, found, said = self._ask(f"{first}:{last}", items)
        if status != "OK":
            raise self._refused(said)
        # A range in which nothing is left is answered by some servers as if it ended in `*`: with the last mail.
        there = [found[uid] for uid in sorted(found) if first <= uid <= last]
        return {
            one.uid: one.size or 0 for one in there if not (since and one.internaldate) or one.internaldate >= since
        }

    def fetch(self, uids: Sequence[int]) -> list[Fetched]:
        """See `Mailbox.fetch`. What a batch did not bring is asked for alone: one bad mail spoils no other.

        A fault of the server is a mail's own when another mail came, or none was asked for; otherwise it is refused.
        """
        found, said = self._bodies(uids) if uids else ({}, "")
        missing = [uid for uid in uids if uid not in found]
        if not missing:
            return [_fetched(found[uid]) for uid in uids]
        there = self.sizes(missing[0], missing[-1])
        for uid in missing:
            if uid in there:
                alone, said = self._bodies([uid])
                found |= alone
        if not found and len(there.keys() & set(missing)) > 1 and _AT_FAULT.search(said):
            raise self._refused(said)
        return [_fetched(found.get(uid, Answer(uid))) for uid in uids if uid in found or uid in there]

    def find(self, message_id: str) -> list[int]:
        """See `Mailbox.find`. What cannot stand in a quoted string (RFC 3501, section 9) is not asked for."""
        if not _QUOTABLE.fullmatch(message_id):
            return []
        with _failures_named(self._account):
            status, data = self._wire.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
        if status != "OK":
            raise self._refused(_said(data[0] if data else ""))
        return sorted(int(uid) for line in data if isinstance(line, bytes) for uid in line.split() if uid.isdigit())

    def append_draft(self, folder: str, raw: bytes) -> None:
        """Puts a mail into a folder, flagged \\Draft (RFC 3501, section 6.3.11). No contract of the poller's.

        Raises MailboxError `mailbox-draft-refused`.
        """
        with _failures_named(self._account):
            try:
                self._client.append(folder, raw, (imapclient.DRAFT,))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as error:
                said = _said(error)
                raise MailboxError("mailbox-draft-refused", **_where(self._account), folder=folder, said=said) from None

    def reports(self) -> bool:
        """See `Mailbox.reports`."""
        with _failures_named(self._account):
            return self._idles and bool(self._client.has_capability("IDLE"))

    def wait(self, seconds: float, waker: Waker) -> bool:
        """See `Mailbox.wait`: IDLE (RFC 2177), ended by DONE whatever the server says first."""
        with _failures_named(self._account):
            tag = self._wire._command("IDLE")
            heard = self._lines_until(tag)
            if self._wire.tagged_commands.get(tag):
                self._idles = False  # offered, and refused
                return False
            if not _tells_new(heard) and not self._has_more():
                _wait_for([self._wire.sock, waker], seconds)
            self._wire.send(b"DONE\r\n")
            heard += self._lines_until(tag)
            return _tells_new(heard)

    def alerts(self) -> list[str]:
        """See `Mailbox.alerts`."""
        heard, self._alerts = self._alerts, []
        return heard

    def _bodies(self, uids: Sequence[int]) -> tuple[dict[int, Answer], str]:
        """The answers that hold a mail, and what the server said against it. An empty one is none: servers give it for
        what they cannot read."""
        with _failures_named(self._account):
            status, found, said = self._ask(uid_set(uids), "(UID INTERNALDATE BODY.PEEK[])")
        if status != "OK" and patience.is_asked_too_much(said):
            raise self._refused(said)
        return {uid: answer for uid, answer in found.items() if answer.raw}, said

    def _ask(self, uids: str, items: str) -> tuple[str, dict[int, Answer], str]:
        """Status, answers by UID, and the server's words if it refused."""
        try:
            status, data = self._wire.uid("FETCH", uids, items)
        except imaplib.IMAP4.error as error:
            if " BAD " not in (said := _said(error)):
                raise
            return "BAD", {}, said
        if status != "OK":
            given = self._wire.untagged_responses.pop("FETCH", [])  # imaplib leaves them there after a NO
            return status, answers(given), _said(data[0] if data else "")
        return status, answers(data), ""

    def _lines_until(self, tag: bytes) -> list[bytes]:
        """What the server says until the end of a command, or until it invites us to go on."""
        heard: list[bytes] = []
        while (line := self._wire._get_response()) is not None and not self._wire.tagged_commands.get(tag):
            heard.append(line)
        return heard

    def _has_more(self) -> bool:
        """Whether more was read from the socket than was looked at: no wait for the socket would end for it."""
        sock, read = self._wire.sock, cast(BufferedReader, self._wire.file)
        seconds = sock.gettimeout()
        sock.setblocking(False)
        try:
            return bool(read.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            sock.settimeout(seconds)

    def _highest_uid(self) -> int:
        status, found, said = self._ask("*", "(UID)")
        if status != "OK":
            raise self._refused(said)
        return max(found, default=0)

    def _refused(self, said: str) -> MailboxError:
        return MailboxError("mailbox-fetch-refused", **_where(self._account), said=said)

    def _folder_error(self, folder: str, said: str) -> MailboxError:
        try:
            names = sorted(listed.name for listed in self.listing())
        except MailboxError as error:
            if error.code != "mailbox-fetch-refused":
                raise
            names = [folder]
        if folder in names or folder.upper() == "INBOX":
            return MailboxError("mailbox-folder-refused", mailbox=self._account.id, folder=folder, said=said)
        shown = ", ".join(names[:30])
        return MailboxError("mailbox-folder-missing", mailbox=self._account.id, folder=folder, folders=shown)

    def _capabilities(self) -> list[bytes]:
        _, data = self._wire.capability()
        return [word for line in data if line for word in line.upper().split()]

    def _listen(self) -> None:
        """An alert may come with any answer (RFC 3501, section 7.1), also where no other word of it is looked at."""
        read = self._wire.readline

        def overheard() -> bytes:
            line = read()
            self._hear(line)
            return line

        self._wire.readline = overheard  # type: ignore[method-assign]  # nothing else sees every line

    def _hear(self, line: bytes) -> None:
        alert = _ALERT.match(line)
        said = _said(alert[1]) if alert else ""
        if said and said not in self._alerts:
            self._alerts.append(said)


def _open(account: Account, context: ssl.SSLContext | None, seconds: float) -> imapclient.IMAPClient:
    client = imapclient.IMAPClient(
        account.host,
        account.port,
        ssl=account.security is Security.TLS,
        ssl_context=context,
        timeout=imapclient.SocketTimeout(min(CONNECT_SECONDS, seconds), seconds),
    )
    _keep_alive(client.socket())
    client._imap.debug = 0  # imapclient sets 5, which formats every literal twice for a log nobody reads
    if account.security is Security.STARTTLS:
        try:
            client.starttls(context)
        except BaseException:
            with suppress(*_FAILURES):  # whatever closing says, the first failure is the one to tell
                client.shutdown()
            raise
    return client


def _wait_for(readable: Sequence[Waker], seconds: float) -> None:
    with selectors.DefaultSelector() as selector:
        for one in readable:
            selector.register(one.fileno(), selectors.EVENT_READ)
        selector.select(seconds)


def _tells_new(lines: Iterable[bytes]) -> bool:
    return any(_EXISTS.match(line) for line in lines)


def _keep_alive(sock: socket.socket) -> None:
    """Lets the system find out within minutes that the other end is gone, though nothing is sent for hours."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _close(client: imapclient.IMAPClient) -> None:
    with suppress(*_FAILURES):
        client.socket().settimeout(_CLOSE_SECONDS)
        client.logout()
    with suppress(*_FAILURES):
        client.shutdown()


def _tls(account: Account) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=account.ca_file.expanduser() if account.ca_file else None)
    except OSError as error:  # ssl.SSLError is one
        reason = error.strerror or type(error).__name__
        raise MailboxError(
            "mailbox-ca-file-unreadable", mailbox=account.id, path=str(account.ca_file), reason=reason
        ) from None


@contextmanager
def _failures_named(account: Account, *secrets: str) -> Iterator[None]:
    """Turns failures into errors of ours. A server may repeat what it was told: `secrets` are struck out."""
    try:
        yield
    except _FAILURES as error:
        raise _named(account, error, secrets) from error


def _where(account: Account) -> dict[str, object]:
    return {"mailbox": account.id, "host": account.host, "port": account.port}


def _named(account: Account, error: BaseException, secrets: Sequence[str] = ()) -> MailboxError:
    """What went wrong, in the order in which the classes contain each other: a certificate error is an OSError too."""
    where = _where(account)
    match error:
        case ssl.SSLCertVerificationError():
            code = _CERTIFICATES.get(error.verify_code, "mailbox-tls-untrusted")
            return MailboxError(code, **where, reason=_said(error.verify_message))
        case ssl.SSLError():
            return MailboxError("mailbox-tls-failed", **where, reason=_said(error.reason or error))
        case socket.gaierror():
            return MailboxError("mailbox-unknown-host", **where, reason=_said(error.strerror))
        case TimeoutError():
            return MailboxError("mailbox-timeout", **where)
        case ConnectionRefusedError():
            return MailboxError("mailbox-refused", **where)
        case imapclient.exceptions.CapabilityError():
            return MailboxError("mailbox-no-starttls", **where)
        case imaplib.IMAP4.abort() | ConnectionError():
            return MailboxError("mailbox-closed", **where, said=_said(error, *secrets))
        case OSError():
            return MailboxError("mailbox-unreachable", **where, reason=_said(error.strerror or error))
    said = _said(error, *secrets)
    if said.upper().startswith("* BYE"):  # a greeting (RFC 3501, section 7.1.5)
        return MailboxError("mailbox-closed", **where, said=said[len("* BYE") :].strip())
    return MailboxError("mailbox-protocol", **where, said=said)


def _said(text: object, *secrets: str) -> str:
    """A server's words, fit to be shown: one line, no secrets, no control characters, capped."""
    if isinstance(text, BaseException) and text.args:
        text = text.args[0]
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    said = str(text)
    for secret in filter(None, secrets):  # before anything is cut off: half a secret would not be found
        said = said.replace(secret, "***")
    plain = re.sub(r"^b(['\"])(.*)\1$", r"\2", _IMAPLIBS_OWN.sub("", said[: 4 * _MAX_SAID]), flags=re.DOTALL)
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())[:_MAX_SAID]


def _is_for_now(said: str) -> bool:
    """Whether a login was refused for another reason than what it was tried with."""
    return patience.is_asked_too_much(said) or bool(_AT_FAULT.search(said))


def _escaped(password: str) -> str:
    """As it stands in a quoted string (RFC 3501, section 4.3), the way imaplib sends it with LOGIN."""
    return password.replace("\\", "\\\\").replace('"', '\\"')


def _listed(lines: Iterable[Item]) -> Iterator[Listed]:
    for line in _joined(lines):
        try:
            flags, delimiter, name = response_parser.parse_response(line)
            raw = str(name).encode() if isinstance(name, int) else name  # a folder named by a number
            decoded = imap_utf7.decode(raw)
        except (imaplib.IMAP4.error, ValueError, TypeError):
            continue
        if imap_utf7.encode(decoded) == raw:
            lower = frozenset(flag.decode("ascii", "replace").lower() for flag in flags if isinstance(flag, bytes))
            yield Listed(decoded, (delimiter or b"").decode("ascii", "replace"), lower)


def _joined(lines: Iterable[Item]) -> Iterator[list[Item]]:
    """One list for each answer: a name may come as a literal, which imaplib gives apart."""
    whole: list[Item] = []
    for line in lines:
        whole.append(line)
        if not isinstance(line, tuple):
            yield whole
            whole = []
    if whole:
        yield whole


def _fetched(answer: Answer) -> Fetched:
    return Fetched(answer.uid, answer.internaldate, answer.raw)
