"""Mail by LMTP (RFC 2033) from the mail server on this machine: accepted means that it is on the disk.

Every recipient gets an answer of its own, as the RFC wants it. What a later try may cure is answered with 4xx, so that
the mail stays with the mail server: a database that is busy, full or away, a fault of ours, the end of the service.
"""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from signal import SIGINT, SIGTERM

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from ingest.context import Context
from ingest.delivery import MAX_BYTES, deliver
from ingest.faults import told
from ingest.trusted import is_log
from notes.errors import KawariError, UnreadableMailError, UsageError
from notes.store.engine import Store

LONGEST_LINE = 1024 * 1024
IDLE_SECONDS = 300.0
SOCKET_MODE = 0o660
MOST_RECIPIENTS = 100

NO_SENDER = "<>"
"""A null return path, as aiosmtpd has it."""

STORED = "250 2.0.0 Ok: stored"
NO_MAIL = "554 5.6.0 Not a mail"
NOT_THE_LOG = "550 5.1.1 Not an address of the log"
TOO_MANY = "452 4.5.3 Too many recipients"
TRY_AGAIN = "451 4.3.0 Not stored, try again later"
CLOSING = "421 4.3.2 Shutting down"


class Service:
    """Takes mail in, one after the other. `context` is made anew for every mail, for it holds the moment; `report` is
    told of errors. `afterwards` is called when mail was stored and answered for, in a thread of its own: it may take
    long, and does not raise."""

    def __init__(
        self,
        store: Store,
        context: Callable[[], Context],
        report: Callable[[KawariError], None],
        afterwards: Callable[[], None],
    ) -> None:
        self._store = store
        self._context = context
        self._directory = context().directory
        self._report = report
        self._writer = ThreadPoolExecutor(1, "lmtp")
        self._afterwards = afterwards
        self._later = ThreadPoolExecutor(1, "lmtp-later")
        self._asked = False
        self._open: set[asyncio.Transport] = set()
        self._busy = 0
        self.closing = False

    # --- what aiosmtpd calls

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Only the log is at home here."""
        if not is_log(address.lower(), self._directory):
            return NOT_THE_LOG
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answers when the mail is stored, or when it is clear that it is not."""
        if self.closing:
            return CLOSING
        self._busy += 1
        try:
            content = envelope.original_content or b""
            loop = asyncio.get_running_loop()
            returned = envelope.mail_from == NO_SENDER
            said = await loop.run_in_executor(self._writer, self._store_one, content, envelope.rcpt_tos, returned)
        finally:
            self._busy -= 1
        if said == STORED and not (self._asked or self.closing):
            self._asked = True
            self._later.submit(self._look_after)
        return said

    def _look_after(self) -> None:
        self._asked = False  # what is stored from now on asks again
        self._afterwards()

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is no reason to give a mail back."""
        told("lmtp", error)
        return TRY_AGAIN

    def _store_one(self, content: bytes, recipients: list[str], returned: bool) -> str:
        try:
            deliver(self._store, content, recipients, self._context(), returned=returned)
        except UnreadableMailError:
            return NO_MAIL
        except KawariError as error:
            self._report(error)
            return TRY_AGAIN
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail server keeps the mail
            told("not-filed", error)
            return TRY_AGAIN
        return STORED

    # --- coming and going

    def connection(self) -> asyncio.Protocol:
        """A new conversation."""
        return _Conversation(self)

    async def close(self) -> None:
        """Lets the mail in hand be stored and answered, then hangs up."""
        self.closing = True
        while self._busy:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)  # the answer is on its way
        for transport in list(self._open):
            transport.close()
        self._writer.shutdown()
        self._later.shutdown()


class _Conversation(LMTP):
    """LMTP as aiosmtpd has it, with an answer for every recipient."""

    line_length_limit = LONGEST_LINE

    def __init__(self, service: Service) -> None:
        super().__init__(
            service,
            hostname="localhost",
            ident="kawari LMTP",
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            timeout=IDLE_SECONDS,
            loop=asyncio.get_running_loop(),
        )
        self._service = service
        self._answers = 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembers whom to hang up on."""
        super().connection_made(transport)
        if isinstance(transport, asyncio.Transport):
            self._service._open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forgets them."""
        if isinstance(self.transport, asyncio.Transport):
            self._service._open.discard(self.transport)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """After the final dot there is one answer a recipient (RFC 2033, section 4.2)."""
        self._answers = len(self.envelope.rcpt_tos) if self.envelope else 1
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 1

    async def push(self, status: str | bytes) -> None:
        """Says a line; what answers a mail, as often as it has recipients."""
        text = status.decode("ascii", "replace") if isinstance(status, bytes) else status
        final = not text.startswith(("354", "501", "503"))
        for _ in range(self._answers if final else 1):
            await super().push(text)


Bound = Callable[[asyncio.AbstractEventLoop, Callable[[], asyncio.Protocol]], Awaitable[asyncio.Server]]


def on_port(host: str, port: int) -> Bound:
    """Listens on an address of loopback. Raises UsageError(`lmtp-not-loopback`)."""
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise UsageError("lmtp-not-loopback", given=host)
    return lambda loop, made: loop.create_server(made, "127.0.0.1" if host == "localhost" else host, port)


def on_socket(path: Path) -> Bound:
    """Listens on a socket that its owner and group may use. What a killed service left behind is taken away.

    Raises UsageError(`lmtp-socket-taken`) for one where somebody answers, and for anything else of that name.
    """

    async def bind(loop: asyncio.AbstractEventLoop, made: Callable[[], asyncio.Protocol]) -> asyncio.Server:
        if await _taken(path):
            raise UsageError("lmtp-socket-taken", path=str(path))
        path.unlink(missing_ok=True)
        before = os.umask(0o777 & ~SOCKET_MODE)  # from its first moment on
        try:
            return await loop.create_unix_server(made, str(path))
        finally:
            os.umask(before)

    return bind


async def _taken(path: Path) -> bool:
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            return True
    except FileNotFoundError:
        return False
    with suppress(OSError):
        _, writer = await asyncio.open_unix_connection(str(path))
        writer.close()
        return True
    return False


async def serve(service: Service, bind: Bound, ready: Callable[[str], None]) -> None:
    """Listens until SIGTERM or SIGINT; `ready` is told where. A socket is gone afterwards."""
    loop = asyncio.get_running_loop()
    end = asyncio.Event()
    for number in (SIGTERM, SIGINT):
        loop.add_signal_handler(number, end.set)
    server = await bind(loop, service.connection)
    name = server.sockets[0].getsockname()
    try:
        ready(name if isinstance(name, str) else f"{name[0]}:{name[1]}")
        await end.wait()
    finally:
        server.close()
        await service.close()
        if isinstance(name, str):
            Path(name).unlink(missing_ok=True)
