"""The origin story as real mail: read from story_<lang>.toml, written in the formats of the clients its people use.

Every mail is quoted by the ones that answer it, as their client does it, so that kawari is shown at its real work.
"""

import tomllib
from base64 import encodebytes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime, formataddr
from html import escape
from importlib import resources
from typing import Any

from cli.demo.clients import quote_header

LOG = "log"
Mailboxes = dict[str, dict[str, list[tuple[bytes, datetime]]]]


@dataclass(frozen=True, slots=True)
class Story:
    """A story as read from its file: tables of people (by id) and mails in order of time."""

    language: str
    timezone: str
    holidays: str
    now: datetime
    absent: str
    standin: str
    log: str
    organisation: Mapping[str, Any]
    people: Mapping[str, Mapping[str, Any]]
    mails: tuple[Mapping[str, Any], ...]

    @property
    def staff(self) -> dict[str, Mapping[str, Any]]:
        """Those whose mailboxes are read."""
        return {id_: person for id_, person in self.people.items() if person.get("staff")}

    def mail(self, id_: str) -> Mapping[str, Any]:
        """The mail of that id."""
        return next(mail for mail in self.mails if mail["id"] == id_)


def load(language: str) -> Story:
    """The story in Japanese (`ja`) or English (`en`)."""
    text = resources.files("cli.demo").joinpath(f"story_{language}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    mails = tuple(sorted(data.pop("mail"), key=lambda mail: mail["at"]))
    return Story(mails=mails, **data)


def mailboxes(story: Story) -> Mailboxes:
    """Every mail where a mail server would have put it: mailbox id → folder → (raw bytes, time of arrival)."""
    boxes: Mailboxes = {id_: {"INBOX": [], "Sent": []} for id_ in story.staff}
    boxes[LOG] = {"INBOX": []}
    for mail in story.mails:
        raw = write(story, mail)
        for receiver in (*mail["to"], *mail.get("cc", ())):
            if receiver in boxes:
                boxes[receiver]["INBOX"].append((raw, mail["at"]))
        if mail["from"] in story.staff:
            boxes[mail["from"]]["Sent"].append((raw, mail["at"]))
    return boxes


def write(story: Story, mail: Mapping[str, Any]) -> bytes:
    """One mail as bytes with CRLF line ends (RFC 5322), in the charset and with the quotes of the sender's client."""
    sender = story.people[mail["from"]]
    charset = _charset(story.language, sender["client"])
    text = _text(story, mail, sender)
    body = _body(text, charset, sender["client"])
    if mail.get("attachments"):
        whole = MIMEMultipart("mixed", boundary=f"=_{mail['id']}_mixed")
        whole.attach(body)
        for name in mail["attachments"]:
            part = MIMEApplication(f"%PDF-1.4\n% {mail['id']}\n".encode(), "pdf")
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
            whole.attach(part)
        body = whole
    _put_headers(body, story, mail, charset)
    return body.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _charset(language: str, client: str) -> str:
    if language == "ja" and client in ("outlook", "becky", "newsletter"):
        return "iso-2022-jp"
    return "utf-8"


def _text(story: Story, mail: Mapping[str, Any], sender: Mapping[str, Any]) -> str:
    parts = [mail["text"].strip("\n"), sender["signature"]]
    if answered := mail.get("answers"):
        parts.append("\n" + _quoted(story, story.mail(answered), sender["client"]))
    if forwarded := mail.get("forwards"):
        inner = story.mail(forwarded)
        written = _text(story, inner, story.people[inner["from"]])
        parts.append(f"\n{_header_of(story, inner, 'forward')}\n\n{written}")
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _quoted(story: Story, mail: Mapping[str, Any], client: str) -> str:
    inner = _text(story, mail, story.people[mail["from"]])
    header = _header_of(story, mail, client)
    if client == "outlook":
        return f"{header}\n\n{inner}"
    return header + "\n" + "\n".join(f"> {line}".rstrip() for line in inner.splitlines())


def _header_of(story: Story, mail: Mapping[str, Any], client: str) -> str:
    sender = story.people[mail["from"]]
    to = [_address(story, who) for who in mail["to"]]
    return quote_header(
        client,
        story.language,
        name=sender["name"],
        address=sender["address"],
        to=to,
        subject=mail["subject"],
        at=mail["at"],
    )


def _address(story: Story, who: str) -> tuple[str, str]:
    if who == LOG:
        return ("", story.log)
    return (story.people[who]["name"], story.people[who]["address"])


def _body(text: str, charset: str, client: str) -> MIMENonMultipart | MIMEMultipart:
    if client == "gmail":
        both = MIMEMultipart("alternative", boundary="000000000000gm")
        both.attach(_part(text, "plain", charset))
        both.attach(_part('<div dir="ltr">' + escape(text).replace("\n", "<br>\n") + "</div>", "html", charset))
        return both
    if client == "newsletter":
        return _part("<html><body>" + escape(text).replace("\n", "<br>\n") + "</body></html>", "html", charset)
    return _part(text, "plain", charset)


def _part(text: str, subtype: str, charset: str) -> MIMENonMultipart:
    part = MIMENonMultipart("text", subtype, charset=charset)
    if charset == "iso-2022-jp":
        part["Content-Transfer-Encoding"] = "7bit"
        part.set_payload(text.encode("iso-2022-jp").decode("ascii"))
    else:
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(encodebytes(text.encode(charset)).decode("ascii"))
    return part


def _put_headers(message: Any, story: Story, mail: Mapping[str, Any], charset: str) -> None:
    def written(people: Sequence[tuple[str, str]]) -> str:
        return ", ".join(formataddr(person, charset) for person in people)

    sender = story.people[mail["from"]]
    message["From"] = written([_address(story, mail["from"])])
    message["To"] = written([_address(story, who) for who in mail["to"]])
    if mail.get("cc"):
        message["Cc"] = written([_address(story, who) for who in mail["cc"]])
    message["Subject"] = Header(mail["subject"], charset, header_name="Subject")
    message["Date"] = format_datetime(mail["at"])
    message["Message-ID"] = _id(story, mail)
    answered = mail.get("answers")
    if answered:
        message["In-Reply-To"] = _id(story, story.mail(answered))
        message["References"] = " ".join(_ancestors(story, mail))
    if sender["client"] == "newsletter":
        message["List-Unsubscribe"] = f"<https://{sender['address'].partition('@')[2]}/unsubscribe>"
        message["Precedence"] = "bulk"


def _ancestors(story: Story, mail: Mapping[str, Any]) -> list[str]:
    ids: list[str] = []
    while answered := mail.get("answers"):
        mail = story.mail(answered)
        ids.insert(0, _id(story, mail))
    return ids


def _id(story: Story, mail: Mapping[str, Any]) -> str:
    domain = story.people[mail["from"]]["address"].partition("@")[2]
    return f"<{mail['at']:%Y%m%d%H%M}.{mail['id']}@{domain}>"
