"""A mail server on this machine that takes letters to our own people, and the settings that name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socket import socket

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Inbox:
    """Takes every mail; `answers` are what it says to the next ones instead of 250."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails += [(one, mail) for one in envelope.rcpt_tos]
        return "250 OK"

    def to(self) -> list[str]:
        return [to for to, _ in self.mails]


@contextmanager
def letterbox() -> Iterator[tuple[Inbox, int]]:
    """What arrives, and the port."""
    handler = Inbox()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def set_up(folder: Path, port: int, more: str = 'team = ["team@tsubame.example"]') -> None:
    settings = folder / "kawari.toml"
    notify = (
        f'[notify]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "kawari@tsubame.example"\n{more}\n'
    )
    settings.write_text(f"{settings.read_text('utf-8')}\n{notify}", "utf-8")
