"""Our reader and mail-parser agree on headers, addresses and dates of the mails that both can read.

Both can read a mail whose headers are ASCII and in which mail-parser names no defect; a field, where it is there for
both and neither has damaged a character of it (U+FFFD, escapes, C1 controls). Then Message-ID, subject, sender,
recipients and the moment of writing must be the same, names up to quotes and white space. A date that we doubt is the
server's, and one with a two-digit year is of an obsolete form: these are not compared.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from mailparser import parse_from_bytes  # type: ignore[import-untyped]  # mail-parser ships no types

from ingest.parse import mime, parse
from notes.errors import UnreadableMailError
from notes.model import Address, Message
from tools.accuracy import Figure

_DAMAGED = re.compile("[\ufffd\x1b\x80-\x9f\udc80-\udcff]|=\\?[^?]+\\?[bBqQ]\\?")
_QUOTES = re.compile("[\"'\\\\]")
_YEAR = re.compile(r"\b\d{4}\b")
_ID = re.compile(r"<([^<>\s]+)>")


def figures(corpora: Path) -> list[Figure]:
    """The share of fields on which both agree, over the corpora of raw mails."""
    compared = agreed = 0
    for path in _files(corpora):
        for _field, ours, theirs in fields(path.read_bytes()):
            compared += 1
            agreed += ours == theirs
    return [Figure("readers: fields on which both agree", agreed / max(compared, 1), compared, 0.99)]


def misses(corpora: Path) -> Iterator[str]:
    """One line for each field on which they do not."""
    for path in _files(corpora):
        for field, ours, theirs in fields(path.read_bytes()):
            if ours != theirs:
                yield f"{path.relative_to(corpora)} {field}: {ours!r} / {theirs!r}"


def _files(corpora: Path) -> Iterator[Path]:
    for pattern in ("mikel_mail/**/*.eml", "cpython/msg_*.txt", "mail_iso2022jp/**/*.eml", "mime4j/*/*.msg"):
        yield from sorted((corpora / "parse").glob(pattern))


def fields(raw: bytes) -> list[tuple[str, object, object]]:
    """Name, our reading and mail-parser's of every field that both can read; none for a mail that one cannot."""
    headers = mime.Part(raw, 0, len(raw)).headers
    if not headers or not all(value.isascii() for values in headers.values() for value in values):
        return []
    try:
        ours, theirs = parse(raw), parse_from_bytes(raw)
    except (UnreadableMailError, ValueError, TypeError, LookupError, AttributeError):
        return []
    if theirs.has_defects:
        return []
    pairs = ((name, one, other) for name, one, other in _pairs(ours, theirs) if one and other)
    return [(name, one, other) for name, one, other in pairs if not _DAMAGED.search(f"{one}{other}")]


def _pairs(ours: Message, theirs: Any) -> Iterator[tuple[str, object, object]]:
    yield "message-id", ours.message_id, _first_id(theirs.message_id)
    yield "subject", _plain(ours.subject), _plain(theirs.subject)
    yield "from", _people((ours.sender,)), _given(theirs.from_[:1])
    yield "to", _people(ours.to), _given(theirs.to)
    yield "cc", _people(ours.cc), _given(theirs.cc)
    if not ours.date_doubtful and theirs.date and _YEAR.search(str(theirs.message.get("date", ""))):
        yield "date", ours.date.timestamp(), theirs.date.replace(tzinfo=theirs.date.tzinfo or UTC).timestamp()


def _first_id(value: object) -> str:
    found = _ID.search(value) if isinstance(value, str) else None
    return found[1] if found else ""


def _people(addresses: Iterable[Address]) -> list[tuple[str, str]]:
    return [("" if one.name.lower() == one.address else _plain(one.name), one.address) for one in addresses]


def _given(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for name, address in pairs:
        if "@" in address:
            found.setdefault(address.lower(), "" if name == address else _plain(name))
    return [(name, address) for address, name in found.items()]


def _plain(text: object) -> str:
    """Without quotes; nothing for a header that stands twice, which mail-parser gives as a list."""
    return " ".join(_QUOTES.sub(" ", text).split()) if isinstance(text, str) else ""
