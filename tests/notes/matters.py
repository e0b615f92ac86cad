"""The stories of `matters.toml` as mails."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from notes.model import Directory, Staff

START = datetime(2025, 5, 12, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """Our organisation, its domain, people (id and name), the log's address, and what was written."""

    name: str
    domain: str
    log: str
    people: dict[str, str]
    mail: list[dict[str, Any]]

    @property
    def directory(self) -> Directory:
        """Who belongs to us."""
        staff = tuple(Staff(id_, name, (f"{id_}@{self.domain}",)) for id_, name in self.people.items())
        return Directory(self.name, frozenset({self.domain}), staff, frozenset({self.log}))

    def raw(self, number: int) -> bytes:
        """A mail as it is sent."""
        told, message = self.mail[number], EmailMessage()
        message["Message-ID"], message["Subject"] = f"<{number}@story.example>", told["subject"]
        message["From"], message["To"] = self._address(told["from"]), self._address(told["to"])
        message["Date"] = format_datetime(START + timedelta(hours=told["hours"]))
        if "answers" in told:
            message["In-Reply-To"] = message["References"] = f"<{told['answers']}@story.example>"
        message.set_content(told["text"])
        if "attached" in told:
            content = told["attached"].encode() * 400
            message.add_attachment(content, maintype="application", subtype="pdf", filename=told["attached"])
        return message.as_bytes()

    def _address(self, who: str) -> str:
        names = {id_: f"{name} <{id_}@{self.domain}>" for id_, name in self.people.items()}
        return self.log if who == "log" else names.get(who, who)


STORIES = [Story(**one) for one in tomllib.loads((Path(__file__).parent / "matters.toml").read_text("utf-8"))["story"]]
