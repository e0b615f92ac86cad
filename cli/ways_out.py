"""By which ways letters of ours leave, and in which language where nobody said: what the settings say of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from cli import words
from cli.desk import Desk

if TYPE_CHECKING:
    from cli.settings import Notify
    from ingest.outgoing import Post, Relay
    from ingest.passwords import PasswordSecret

PORTS = {"tls": 465, "starttls": 587, "none": 25}


def common_language(desk: Desk) -> str:
    """The language of letters to those of whom the settings name none."""
    chosen = desk.settings.language
    return chosen if chosen in words.LANGUAGES else words.language()


def post(desk: Desk) -> "Post":
    """The ways out."""
    from ingest.outgoing import Post
    from ingest.passwords import EnvSecret, FileSecret

    notify, folder = desk.settings.notify, desk.settings.folder
    channels: PasswordSecret | None = EnvSecret(notify.channels_env) if notify.channels_env else None
    if notify.channels_file:
        channels = FileSecret(folder / Path(notify.channels_file).expanduser())
    return Post(desk.directory, _relay(notify, folder, next(iter(desk.settings.log.addresses), "")), channels)


def _relay(notify: "Notify", folder: Path, log: str) -> "Relay | None":
    from cli.given import password_of
    from ingest.mailbox import Security
    from ingest.outgoing import Relay

    if not notify.host:
        return None
    return Relay(
        host=notify.host,
        port=notify.port or PORTS[notify.security],
        security=Security(notify.security),
        sender=notify.sender,
        user=notify.user,
        secret=password_of(notify, folder, "notify"),
        ca_file=folder / Path(notify.ca_file).expanduser() if notify.ca_file else None,
        reply_to=log,
    )
