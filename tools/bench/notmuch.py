"""notmuch beside kawari: the mails of a generated diary as a Maildir, indexed, searched and shown."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from notes.model import Address

IN_ONE_FOLDER = 10_000


class Peer:
    """A Maildir of at most `most` mails, and notmuch's index of it."""

    def __init__(self, folder: Path, most: int) -> None:
        self._mail, self._config, self._left = folder / "mail", folder / "notmuch", most
        self._config.write_text(f"[database]\npath={self._mail}\n")

    def put(self, mails: Sequence[Mapping[str, Any]]) -> None:
        """Writes mails, given as rows of the store, until there are enough."""
        for row in mails[: self._left]:
            number = row["id"]
            box = self._mail / str(number // IN_ONE_FOLDER)
            if not box.exists():
                for part in ("cur", "new", "tmp"):
                    (box / part).mkdir(parents=True)
            (box / "cur" / f"{number}:2,S").write_bytes(_as_mail(row))
        self._left -= len(mails[: self._left])

    def index(self) -> None:
        """Reads the Maildir. Raises `CalledProcessError`."""
        subprocess.run([*self._command("new"), "--quiet"], check=True, capture_output=True)

    def commands(self, words: Mapping[str, Sequence[str]], shown: str) -> dict[str, list[str]]:
        """A search for each of `words`, by name, and the thread of the Message-ID `shown` with all its texts."""
        found = {
            f"notmuch search, {name}": self._command("search", "--limit=20", *each) for name, each in words.items()
        }
        return found | {"notmuch show of the same 200 mails": self._command("show", "--entire-thread", f"id:{shown}")}

    def _command(self, *words: str) -> list[str]:
        return ["notmuch", "--config", str(self._config), *words]


def installed() -> bool:
    """Whether there is a notmuch to compare with."""
    return shutil.which("notmuch") is not None


def _as_mail(row: Mapping[str, Any]) -> bytes:
    before = " ".join(f"<{one}>" for one in row["references"])
    head = {
        "From": _people([row["sender"]]),
        "To": _people(row["to"]),
        "Subject": row["subject"],
        "Date": format_datetime(row["at"]),
        "Message-ID": f"<{row['message_id']}>",
        "References": before,
        "Content-Type": "text/plain; charset=utf-8",
    }
    lines = "".join(f"{name}: {value}\n" for name, value in head.items() if value)
    return f"{lines}\n{row['new_text']}\n".encode()


def _people(people: Iterable[Address]) -> str:
    return ", ".join(f"{one.name} <{one.address}>" for one in people)
