"""The demo's folder: settings, a real IMAP server on loopback for as long as it takes, and the diary polled from it."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cli.demo.server import serve
from cli.demo.story import LOG, Story, load, mailboxes
from cli.desk import Desk
from cli.given import accounts
from ingest.poll import poll_once
from ingest.reading import Progress
from notes.errors import UsageError

MARK = "# Written by kawari demo. The mail server it names runs only while the demo does."


@dataclass(frozen=True, slots=True)
class Filled:
    """A demo whose mails are in the diary: the story and the settings file to go on with."""

    story: Story
    settings: Path


def fill(language: str, folder: Path, progress: Progress) -> Filled:
    """Makes `folder`, serves the story over IMAP and polls it; an earlier demo there is replaced.

    Raises `UsageError` when the folder holds settings that no demo wrote.
    """
    story = load(language)
    settings = folder / "kawari.toml"
    if settings.exists() and not settings.read_text(encoding="utf-8").startswith(MARK):
        raise UsageError("demo-folder-taken", folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("kawari.db*"):
        old.unlink()
    with serve(mailboxes(story)) as server:
        _write_secret(folder / "password", server.password)
        settings.write_text(_settings(story, server.port, folder), encoding="utf-8")
        desk = Desk(str(settings), {})
        store = desk.store(create=True)
        try:
            failed = [
                result.error
                for result in poll_once(store, accounts(desk.settings), desk.context(story.now), progress)
                if result.error
            ]
        finally:
            store.close()
    with suppress(FileNotFoundError):
        (folder / "password").unlink()
    if failed:
        raise failed[0]
    return Filled(story, settings)


def _write_secret(path: Path, secret: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(secret)


def _settings(story: Story, port: int, folder: Path) -> str:
    def quoted(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [
        MARK,
        f"language = {quoted(story.language)}",
        f"timezone = {quoted(story.timezone)}",
        f"holidays = {quoted(story.holidays)}",
        f"database = {quoted(f'sqlite:///{folder.resolve()}/kawari.db')}",
        "",
        "[organisation]",
        *(f"{key} = {quoted(value)}" for key, value in story.organisation.items()),
    ]
    for id_, person in story.staff.items():
        lines += ["", "[[staff]]", f"id = {quoted(id_)}", f"name = {quoted(person['name'])}"]
        lines += [f"addresses = {quoted([person['address']])}"]
    for id_ in (*story.staff, LOG):
        owner = [] if id_ == LOG else [f"owner = {quoted(id_)}"]
        folders = {"INBOX": "log"} if id_ == LOG else {"INBOX": "inbox", "Sent": "sent"}
        lines += ["", "[[mailbox]]", f"id = {quoted(id_)}", *owner, 'host = "127.0.0.1"', f"port = {port}"]
        lines += ['security = "none"', f"user = {quoted(id_)}", 'password_file = "password"']
        lines += ["folders = { " + ", ".join(f"{quoted(f)} = {quoted(r)}" for f, r in folders.items()) + " }"]
    lines += ["", "[log]", f"addresses = {quoted([story.log])}", ""]
    return "\n".join(lines)
