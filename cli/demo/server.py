"""A real IMAP server on loopback, filled with given mails: pymap, in a thread of this process, with its mail in memory.

Used by `kawari demo` and by tests. Needs the extra `demo`.
"""

import asyncio
import secrets
import socket
import ssl
import threading
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

Folders = Mapping[str, Sequence[tuple[bytes, datetime]]]
_LOOPBACK = "127.0.0.1"
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, in plain text on loopback, and the password of every user: made for this one run."""

    host: str
    port: int
    password: str


@contextmanager
def serve(mailboxes: Mapping[str, Folders]) -> Iterator[Server]:
    """Runs a server until the block ends: user → folder → mails with their times of arrival. Every user has an INBOX.

    Raises OSError when nothing can listen on loopback, and whatever pymap raises while it is filled.
    """
    with socket.create_server((_LOOPBACK, 0)) as listener:
        # pymap answers in small pieces; without this each would wait 40 ms for the client's acknowledgement
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = Server(_LOOPBACK, listener.getsockname()[1], secrets.token_urlsafe(18))
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="demo-imap", daemon=True)
        thread.start()
        running = _running(listener, server, mailboxes)
        try:
            asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(_SECONDS)
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(running.__aexit__(None, None, None), loop).result(_SECONDS)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(_SECONDS)
            loop.close()


class _Config(Config):
    @property
    def greeting(self) -> bytes:
        """pymap's own greeting asks DNS for this machine's name, at every connection."""
        return b"kawari demo"


@asynccontextmanager
async def _running(listener: socket.socket, server: Server, mailboxes: Mapping[str, Folders]) -> AsyncIterator[None]:
    config = _config()
    login = Login(config)
    for user, folders in mailboxes.items():
        login.users_dict[user] = UserMetadata(config, user, password=server.password)
        config.set_cache[user] = (await _filled(folders), FilterSet())
    answer = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(login, config))
    async with await asyncio.start_server(answer, sock=listener):
        yield


def _config() -> _Config:
    """No TLS, and nothing read from the environment; passwords are compared as they are, since they are made here."""
    return _Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host=_LOOPBACK,
        port=0,
        demo_data=False,
        demo_user="",
        demo_password="",
        tls_enabled=False,
        ssl_context=ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
        reject_dnsbl=False,
    )


async def _filled(folders: Folders) -> MailboxSet:
    mailboxes = MailboxSet()
    for name, mails in folders.items():
        if name.upper() != "INBOX":
            await mailboxes.add_mailbox(name)
        folder = await mailboxes.get_mailbox(name)
        for raw, arrived in mails:
            await folder.append(AppendMessage(raw, arrived))
    return mailboxes
