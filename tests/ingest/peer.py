"""An IMAP server that misbehaves on purpose: every command's answer can be replaced, the rest is done properly.

    with Peer(mails={1: b"..."}, FETCH=lambda peer, tag, words: b"* BYE tired\r\n") as peer: ...

An answer is bytes or a function giving bytes. The connection is closed after an answer with `* BYE`, or when the answer
is None; `Silence` keeps it open and says nothing.
"""

import re
import socket
import threading
from collections.abc import Callable, Mapping
from types import TracebackType

Answer = bytes | None
Handler = Callable[["Peer", bytes, list[bytes]], Answer]
SILENCE = b""


def literal(mail: bytes) -> bytes:
    """A mail as an IMAP literal."""
    return b"{%d}\r\n%s" % (len(mail), mail)


class Peer:
    """Serves one connection after the other on loopback. `said` holds every command line it got."""

    def __init__(
        self,
        mails: Mapping[int, bytes] | None = None,
        greeting: bytes = b"* OK ready",
        capabilities: bytes = b"IMAP4rev1",
        **handlers: Answer | Handler,
    ) -> None:
        self.mails = dict(mails or {})
        self.greeting = greeting
        self.capabilities = capabilities
        self.said: list[bytes] = []
        self._handlers = handlers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> "Peer":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        socket.create_connection(("127.0.0.1", self.port)).close()  # wakes the accept
        self._thread.join(5)
        self._listener.close()

    def commands(self, name: bytes) -> list[bytes]:
        """The command lines that hold this word."""
        return [line for line in self.said if name in line]

    def _serve(self) -> None:
        while not self._closing.is_set():
            connection, _ = self._listener.accept()
            with connection:
                connection.settimeout(10)
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(self.greeting + b"\r\n")
        lines = connection.makefile("rb")
        for line in lines:
            self.said.append(line.rstrip())
            tag, *words = line.split() or [b""]
            answer = self._answer(tag, words)
            if answer is None:
                return
            connection.sendall(answer)
            if b"* BYE" in answer:
                return

    def _answer(self, tag: bytes, words: list[bytes]) -> Answer:
        first, *rest = words or [b""]  # what TLS says in its first words is no command
        name = rest[0] if first.upper() == b"UID" and rest else first
        command = "LAST" if words[1:3] == [b"FETCH", b"*"] else name.decode("ascii", "replace").upper()
        handler = self._handlers.get(command, getattr(type(self), f"answer_{command.lower()}", None))
        if callable(handler):
            answer: Answer = handler(self, tag, words)
            return answer
        if command in self._handlers and handler is not None:
            return handler.replace(b"$TAG", tag)
        return handler if command in self._handlers else tag + b" OK done\r\n"

    # --- the proper answers

    def answer_capability(self, tag: bytes, _words: list[bytes]) -> Answer:
        """CAPABILITY."""
        return b"* CAPABILITY %s\r\n%s OK done\r\n" % (self.capabilities, tag)

    def answer_logout(self, tag: bytes, _words: list[bytes]) -> Answer:
        """LOGOUT."""
        return b"* BYE bye\r\n%s OK done\r\n" % tag

    def answer_list(self, tag: bytes, _words: list[bytes]) -> Answer:
        """LIST: INBOX alone."""
        return b'* LIST () "/" INBOX\r\n%s OK done\r\n' % tag

    def answer_examine(self, tag: bytes, _words: list[bytes]) -> Answer:
        """EXAMINE."""
        state = (len(self.mails), max(self.mails, default=0) + 1)
        return b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT %d] ok\r\n" % state + tag + b" OK done\r\n"

    def answer_fetch(self, tag: bytes, words: list[bytes]) -> Answer:
        """UID FETCH of sizes or bodies."""
        body = any(b"BODY.PEEK" in word for word in words)
        lines = [self.line(number, uid, body=body) for number, uid in enumerate(sorted(self.mails), 1)]
        wanted = [line for line, uid in zip(lines, sorted(self.mails), strict=True) if uid in asked(self, words[2])]
        return b"".join(wanted) + tag + b" OK done\r\n"

    def answer_last(self, tag: bytes, words: list[bytes]) -> Answer:
        """UID FETCH of the last mail's UID: an answer of its own, so that FETCH may be replaced without it."""
        return self.answer_fetch(tag, words)

    def line(self, number: int, uid: int, *, body: bool) -> bytes:
        """One FETCH answer."""
        mail = self.mails[uid]
        items = b"BODY[] " + literal(mail) if body else b"RFC822.SIZE %d" % len(mail)
        date = b' INTERNALDATE "02-Mar-2026 09:00:00 +0900"' if body else b""
        return b"* %d FETCH (UID %d%s %s)\r\n" % (number, uid, date, items)


def asked(peer: Peer, sequence: bytes) -> set[int]:
    """The UIDs of a sequence set that exist; `*` is the highest, also in front of a range (RFC 3501, section 6.4.8)."""
    highest = max(peer.mails, default=0)
    found: set[int] = set()
    for part in sequence.decode().split(","):
        ends = [highest if end == "*" else int(end) for end in re.split(":", part)]
        found |= {uid for uid in peer.mails if min(ends) <= uid <= max(ends)}
    return found
