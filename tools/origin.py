"""The origin story played with a moving clock over real servers on loopback: who of us hears of what, and when.

`python -m tools.origin [ja|en]` prints the table. Every mail is appended to its mailbox over IMAP at its time, the
mailboxes are polled, and letters go to an SMTP server that writes down what it gets. Nobody does anything about them
until the customer has written again: then a colleague says that the owner is away.
"""

import imaplib
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cli import words
from cli.app import run
from cli.demo.run import _settings as demo_settings
from cli.demo.server import Folders, serve
from cli.demo.story import Story, load, mailboxes
from cli.desk import Desk
from cli.given import accounts
from cli.notify import tell
from ingest.poll import poll_once
from notes.store.engine import Store

STEP = timedelta(minutes=30)
SECOND_MAIL = "acme-5"
DECLARED_AFTER = timedelta(minutes=48)


@dataclass(frozen=True, slots=True)
class Heard:
    """One letter: when (in the story's zone), to whom, its subject and its words."""

    at: datetime
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Played:
    """What came of the play: every letter in order, and when the customer wrote for the second time."""

    story: Story
    heard: tuple[Heard, ...]
    second_mail: datetime


class _Clocked:
    """An SMTP server's hands: what it gets, with the play's time."""

    def __init__(self) -> None:
        self.now: datetime | None = None
        self.heard: list[Heard] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        if not isinstance(mail, EmailMessage) or self.now is None:
            return "554 no"
        text = str(mail.get_content())
        self.heard += [Heard(self.now, to, str(mail["Subject"]), text) for to in envelope.rcpt_tos]
        return "250 OK"


def play(language: str, folder: Path, step: timedelta = STEP) -> Played:
    """Plays the whole story in `folder`, `step` by step: who heard of what. Needs the extras `demo` and `dev`."""
    story = load(language)
    second = story.mail(SECOND_MAIL)["at"]
    boxes = mailboxes(story)
    empty: dict[str, Folders] = {user: {name: [] for name in folders} for user, folders in boxes.items()}
    with serve(empty) as imap, _smtp() as (inbox, port):
        settings = folder / "kawari.toml"
        (folder / "password").write_text(imap.password, "utf-8")
        settings.write_text(demo_settings(story, imap.port, folder) + _notify(story, port), "utf-8")
        desk = Desk(str(settings), {})
        store = desk.store(create=True)
        try:
            deliveries = sorted(
                ((at, user, name, raw) for user, fs in boxes.items() for name, ms in fs.items() for raw, at in ms),
                key=lambda one: one[0],
            )
            _play(desk, store, inbox, deliveries, (imap.port, imap.password), (story, second, step))
        finally:
            store.close()
    return Played(story, tuple(inbox.heard), second)


def _play(
    desk: Desk,
    store: Store,
    inbox: _Clocked,
    deliveries: list[tuple[datetime, str, str, bytes]],
    server: tuple[int, str],
    told: tuple[Story, datetime, timedelta],
) -> None:
    story, second, step = told
    declared, waiting = False, iter([*deliveries, None])
    following = next(waiting)
    now = deliveries[0][0].astimezone(desk.zone).replace(minute=0)
    while now <= story.now:
        while following and following[0] <= now:
            _deliver(server, *following[1:], following[0])
            following = next(waiting)
        if not declared and now >= second + DECLARED_AFTER:
            at = f"{now:%Y-%m-%dT%H:%M}"
            run(["--config", str(desk.file), "away", story.absent, "--to", story.standin, "--at", at], {})
            declared = True
        failed = [
            one.error
            for one in poll_once(store, accounts(desk.settings), desk.context(now), lambda *_: None)
            if one.error
        ]
        if failed:
            raise failed[0]
        inbox.now = now
        tell(desk, store, now)
        now = (now.astimezone(UTC) + step).astimezone(desk.zone)


def _deliver(server: tuple[int, str], user: str, folder: str, raw: bytes, at: datetime) -> None:
    port, password = server
    with imaplib.IMAP4("127.0.0.1", port, timeout=20) as client:
        client.login(user, password)
        status, said = client.append(folder, "", imaplib.Time2Internaldate(at), raw)
        if status != "OK":
            raise RuntimeError(said)


@contextmanager
def _smtp() -> Iterator[tuple[_Clocked, int]]:
    inbox = _Clocked()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port, server_hostname=secrets.token_hex(4))
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def _notify(story: Story, port: int) -> str:
    domain = story.organisation["domains"][0]
    return (
        f'\n[notify]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        f'sender = "kawari@{domain}"\nteam = ["team@{domain}"]\n'
    )


def table(played: Played) -> str:
    """The letters as a Markdown table, the customer's second mail among them."""
    zone = played.heard[0].at.tzinfo if played.heard else None
    mail = played.story.mail(SECOND_MAIL)
    rows = [(one.at, one.to, one.subject) for one in played.heard]
    rows.append((played.second_mail.astimezone(zone), mail["from"], f"**{mail['subject']}**"))
    rows.sort(key=lambda row: row[0])
    lines = [f"| {at:%a %d %b %H:%M} | {who} | {what.replace('|', '/')} |" for at, who, what in rows]
    return "\n".join(["| when | who | what |", "| --- | --- | --- |", *lines])


if __name__ == "__main__":
    words.choose(chosen := sys.argv[1] if len(sys.argv) > 1 else "en")
    with TemporaryDirectory() as folder:
        print(table(play(chosen, Path(folder))))
