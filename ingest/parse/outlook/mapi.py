"""The properties of an Outlook item (MS-OXPROPS) and their writing as MIME: `.msg` and TNEF are two wrappings of them.

What comes out is read like any other mail, so there is one way to understand a text, a name or an attachment.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

from ingest.parse import charsets
from ingest.parse.outlook import rtf

MAX_FILES = 2_000
MAX_INNER = 10
"""Mails within mails within mails: deeper ones are left out."""

Value = bytes | str | int | datetime
Properties = Mapping[int, Value]

BODY, HTML, RTF = 0x1000, 0x1013, 0x1009
SUBJECT, HEADERS, MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x0037, 0x007D, 0x1035, 0x1039, 0x1042
SUBMITTED, DELIVERED = 0x0039, 0x0E06
CODEPAGES = (0x3FDE, 0x3FFD)
SHOWN_TO, SHOWN_CC = 0x0E04, 0x0E03
RECIPIENT_TYPE, DISPLAY_NAME = 0x0C15, 0x3001
FILE_NAMES, FILE_TYPE, FILE_DATA = (0x3707, 0x3704, 0x3001), 0x370E, 0x3701
_SENDER_NAMES, _SENDER_ADDRESSES = (0x0042, 0x0C1A), (0x5D02, 0x5D01, 0x0065, 0x0C1F)
_RECIPIENT_ADDRESSES = (0x39FE, 0x3003)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CODECS = {65001: "utf-8", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 51932: "euc-jp"}
_CODECS |= {28591: "iso-8859-1", 20127: "us-ascii", 1200: "utf-16-le", 54936: "gb18030", 20932: "euc-jp"}


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; `inner` is the item where a mail is attached to the mail."""

    properties: Properties
    content: bytes = b""
    inner: "Item | None" = None


@dataclass(frozen=True, slots=True)
class Item:
    """A mail as Outlook keeps it."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    files: Sequence[File] = field(default_factory=list)


def charset_of(codepage: int) -> str:
    """The charset that a Windows code page is called by in mail."""
    return _CODECS.get(codepage, f"cp{codepage}")


def moment_of(ticks: int) -> datetime | None:
    """A FILETIME (100 ns since 1601, MS-DTYP 2.3.3) in UTC."""
    try:
        return _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def text_of(properties: Properties, *ids: int) -> str:
    """The first of these properties that is a text and not empty, on one line."""
    for number in ids:
        value = properties.get(number)
        if isinstance(value, str) and value.strip():
            return " ".join(value.replace("\x00", "").split())
    return ""


def as_mail(item: Item) -> bytes:
    """The item as a mail (RFC 5322): the headers it came with where it has kept them, the missing ones made."""
    given = item.properties.get(HEADERS)
    kept = _kept(given) if isinstance(given, str) else []
    present = {line.partition(":")[0].lower() for line in kept}
    made = [f"{name}: {value}" for name, value in _made(item) if value and name.lower() not in present]
    return "\r\n".join((*kept, *made, "MIME-Version: 1.0", "")).encode("utf-8", "replace") + as_parts(item)


def as_parts(item: Item) -> bytes:
    """Body and attachments as one MIME entity; empty where there are none."""
    parts = [*_texts(item.properties), *map(_file, item.files[:MAX_FILES])]
    if not parts:
        return b"\r\n"
    line = hashlib.sha256(b"".join(parts)).hexdigest().encode()  # no part can hold what is made from it
    opened = b"".join(b"\r\n--" + line + b"\r\n" + part for part in parts)
    return b'Content-Type: multipart/mixed; boundary="' + line + b'"\r\n' + opened + b"\r\n--" + line + b"--\r\n"


def _kept(headers: str) -> list[str]:
    """The headers of the mail's transport without those about its MIME form, which Outlook did not keep."""
    kept: list[str] = []
    for line in headers.replace("\x00", "").replace("\r\n", "\n").split("\n"):
        if line[:1] in (" ", "\t"):
            if kept:
                kept[-1] += "\r\n" + line
        elif ":" in line:
            kept.append(line)
    return [each for each in kept if not each.lower().startswith(("content-", "mime-version"))]


def _made(item: Item) -> Iterable[tuple[str, str]]:
    properties = item.properties
    sent = properties.get(SUBMITTED) or properties.get(DELIVERED)
    yield "From", _mailbox(text_of(properties, *_SENDER_NAMES), _address(properties, _SENDER_ADDRESSES))
    for kind, name, shown in ((1, "To", SHOWN_TO), (2, "Cc", SHOWN_CC), (3, "Bcc", 0)):
        people = (one for one in item.recipients if one.get(RECIPIENT_TYPE, 1) == kind)
        listed = [_mailbox(text_of(one, DISPLAY_NAME), _address(one, _RECIPIENT_ADDRESSES)) for one in people]
        yield name, ", ".join(filter(None, listed)) or text_of(properties, shown).replace(";", ",")
    yield "Subject", text_of(properties, SUBJECT)
    yield "Date", format_datetime(sent) if isinstance(sent, datetime) else ""
    yield "Message-ID", text_of(properties, MESSAGE_ID)
    yield "In-Reply-To", text_of(properties, IN_REPLY_TO)
    yield "References", text_of(properties, REFERENCES)


def _address(properties: Properties, numbers: Sequence[int]) -> str:
    """The SMTP address; `/O=EXAMPLE/OU=…` of Exchange is none."""
    found = (text_of(properties, number) for number in numbers)
    return next((text for text in found if "@" in text and " " not in text), "")


def _mailbox(name: str, address: str) -> str:
    if not address:
        return f'"{_bare(name)}"' if name else ""
    return address if name in ("", address) else f'"{_bare(name)}" <{address}>'


def _bare(name: str) -> str:
    return name.replace('"', "").replace("\\", "")


def _texts(properties: Properties) -> list[bytes]:
    """The body: its text, and its HTML where there is no text; last the rich text in which Outlook hides either."""
    plain, page = properties.get(BODY), properties.get(HTML)
    if isinstance(plain, str) and plain.strip():
        return [_part("text/plain; charset=utf-8", plain.encode("utf-8", "replace"))]
    if isinstance(page, str) and page.strip():
        return [_part("text/html; charset=utf-8", page.encode("utf-8", "replace"))]
    if isinstance(page, bytes) and page.strip(b"\x00 \r\n"):
        codepage = next((one for number in CODEPAGES if isinstance(one := properties.get(number), int)), 0)
        return [_part(f"text/html; charset={charset_of(codepage)}" if codepage else "text/html", page)]
    packed = properties.get(RTF)
    text, kind = rtf.text_of(packed) if isinstance(packed, bytes) else ("", "")
    return [_part(f"{kind}; charset=utf-8", text.encode("utf-8", "replace"))] if text.strip() else []


def _file(one: File) -> bytes:
    if one.inner:
        return _part("message/rfc822", as_mail(one.inner))
    name = text_of(one.properties, *FILE_NAMES)
    kind = text_of(one.properties, FILE_TYPE)
    sensible = kind.isascii() and kind.count("/") == 1 and not set(kind) & set(' ;,"')
    kind = kind if sensible and not kind.startswith(("multipart/", "message/")) else "application/octet-stream"
    disposition = f"attachment; filename*=utf-8''{quote(name, safe='')}" if name else "attachment"
    return _part(kind, one.content, f"Content-Disposition: {disposition}\r\n")


def _part(kind: str, content: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\n{more}Content-Transfer-Encoding: binary\r\n\r\n"
    return head.encode("ascii", "replace") + content


def decoded(data: bytes, codepage: int) -> str:
    """An 8-bit string property."""
    return charsets.decode(data.rstrip(b"\x00"), charset_of(codepage) if codepage else None).text
