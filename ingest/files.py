"""Mails in files: one `.eml` or `.msg`, an mbox, a Maildir, or a folder of these. One at a time, whatever the size.

mbox as written by most programs (RFC 4155): a `From ` line after an empty one begins a mail, and `From ` inside a mail
is escaped as `>From ` (mboxo), or with one more `>` (mboxrd).
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path

from ingest.parse import dates
from ingest.parse.outlook import MAGIC
from notes.errors import UsageError
from notes.model import Place, RawMail, Role, Via

MAX_MAIL_BYTES = 256 * 1024 * 1024
_HEAD_BYTES = 8_192
_MAX_LINE = 65_536
_MAX_HEADER = 262_144
_MAX_FIELDS = 1_000
_MAX_FILES = 5_000_000
# A `From ` line carries a time of day and a year; a sentence that begins with "From " does not.
_SEPARATOR = re.compile(
    rb"From .{0,300}\b\d{1,2}:\d\d.{0,30}\b(?:19|20)\d\d\b|From .{0,300}\b(?:19|20)\d\d-\d\d-\d\dT\d\d:"
)
_ASCTIME = re.compile(rb"\b([A-Za-z]{3}) {1,2}(\d{1,2}) (\d\d):(\d\d)(?::(\d\d))?(?: [+-]\d{4}| [A-Z]{3,4})? (\d{4})\b")
_MONTHS = (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec")
_ESCAPED = re.compile(rb">+From ")
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]{0,3}:")
_KNOWN_FIELDS = frozenset(
    b"from to cc subject date message-id received return-path delivered-to mime-version content-type reply-to sender "
    b"references in-reply-to x-mailer x-mozilla-status x-original-to envelope-to dkim-signature".split()
)
_MAIL_SUFFIXES = frozenset({".eml", ".mbox", ".mbx", ".msg"})


@dataclass(frozen=True, slots=True)
class FileMail:
    """A mail found in a file: a name to call it by, its bytes, and when it arrived, where the file says so.

    `saved`: when the file was last written.
    """

    label: str
    raw: bytes
    arrived: datetime | None = None
    saved: datetime | None = None


def mails(path: Path) -> Iterator[FileMail]:
    """All mails in a file or folder, in the order of names.

    What is asked for by name is given even if it does not look like a mail; in a folder, only what does.
    Raises UsageError `path-missing`, `path-unreadable`, `file-empty`, `file-too-large` or `folder-without-mail`.
    """
    with _failures_named(path):
        if not path.exists():
            raise UsageError("path-missing", path=str(path))
        if not path.is_dir():
            yield from _in_file(path)
            return
        found = False
        for file in mail_files(path):
            for mail in _in_file(file):
                found = True
                yield mail
        if not found:
            raise UsageError("folder-without-mail", path=str(path))


def raw_mails(path: Path, mailbox: str, folder: str, role: Role) -> Iterator[RawMail]:
    """The mails of a file or folder, placed where the user says they belong.

    Their UID is made from their bytes, so that reading them again finds them known. Where nothing in a mail says when
    it was written, the time when its file was written stands for its arrival. Raises UsageError as `mails` does, and
    `file-no-mail` for a single file without anything of a mail.
    """
    if path.is_file() and path.stat().st_size and not _looks_like_mail(path, fields=1):
        raise UsageError("file-no-mail", path=str(path))
    for mail in mails(path):
        place = Place(mailbox, folder, 0, _uid_of(mail.raw))
        arrived = mail.arrived or (None if _says_when(mail.raw) else mail.saved)
        yield RawMail(place, role, mail.raw, arrived, Via.IMPORT)


def mail_files(folder: Path) -> Iterator[Path]:
    """The files that hold mail: those of a Maildir, or all under a plain folder that look like a mail or an mbox."""
    if _is_maildir(folder):
        for part in ("cur", "new"):
            if (folder / part).is_dir():
                yield from (path for path in sorted((folder / part).iterdir()) if _is_plain(path))
        return
    for path in islice(_walk(folder), _MAX_FILES):
        if path.parent.name in ("cur", "new") or path.suffix.lower() in _MAIL_SUFFIXES or _looks_like_mail(path):
            yield path


def _walk(folder: Path) -> Iterator[Path]:
    """Plain files, in order of names; nothing hidden or empty, no links, and not what a Maildir is still writing."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "tmp")
        yield from (path for name in sorted(files) if _is_plain(path := Path(parent, name)))


def _is_plain(path: Path) -> bool:
    return not path.name.startswith(".") and path.is_file() and not path.is_symlink() and path.stat().st_size > 0


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() or (folder / "new").is_dir()


def _looks_like_mail(path: Path, *, fields: int = 2) -> bool:
    """Whether it begins as an mbox does, as `.msg` files do, or with a header that has this many fields mails have."""
    with _failures_named(path), path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"From ") or (fields == 1 and head.startswith(MAGIC)):
        return True
    found: set[bytes] = set()
    for line in head.splitlines()[:200]:
        field = _FIELD.match(line[:200])
        if not line.strip():
            break
        if field:
            found.add(field[1].lower())
    return len(found & _KNOWN_FIELDS) >= fields


def _in_file(path: Path) -> Iterator[FileMail]:
    with _failures_named(path), path.open("rb") as file:
        if file.peek(5)[:5] == b"From ":
            for number, (raw, arrived) in enumerate(_split(file), 1):
                yield FileMail(f"{path}#{number}", raw, arrived, _saved(path))
            return
        raw = file.read(MAX_MAIL_BYTES + 1)
    if not raw:
        raise UsageError("file-empty", path=str(path))
    if len(raw) > MAX_MAIL_BYTES:
        raise UsageError("file-too-large", path=str(path), limit=MAX_MAIL_BYTES)
    yield FileMail(str(path), raw, _delivered(path), _saved(path))


def _split(file: BufferedReader) -> Iterator[tuple[bytes, datetime | None]]:
    """The mails of an mbox, unescaped, each with the time of its `From ` line."""
    separator = file.readline(_MAX_LINE)
    mail = bytearray()
    after_empty = False
    for line, following in _with_following(file):
        if after_empty and _SEPARATOR.match(line) and _begins_header(following):
            yield _finished(mail), _envelope_date(separator)
            separator, mail = line, bytearray()
        else:
            mail += line[1:] if _ESCAPED.match(line) else line
        after_empty = line in (b"\n", b"\r\n")
    yield _finished(mail), _envelope_date(separator)


def _with_following(file: BufferedReader) -> Iterator[tuple[bytes, bytes]]:
    line = file.readline(_MAX_LINE)
    while line:
        following = file.readline(_MAX_LINE)
        yield line, following
        line = following


def _begins_header(line: bytes) -> bool:
    return bool(_FIELD.match(line) or _ESCAPED.match(line))


def _finished(mail: bytearray) -> bytes:
    """Without the empty line that belongs to the next `From ` line."""
    for end in (b"\r\n\r\n", b"\n\n"):
        if mail.endswith(end):
            return bytes(mail[: -len(end) // 2])
    return bytes(mail)


def _envelope_date(line: bytes) -> datetime | None:
    """The arrival time in a `From ` line, which is UTC (RFC 4155, appendix A)."""
    match = _ASCTIME.search(line[:600])
    if not match or match[1].lower() not in _MONTHS:
        return None
    try:
        day, hour, minute, second, year = (int(part or 0) for part in match.groups()[1:])
        return datetime(year, _MONTHS.index(match[1].lower()) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _delivered(path: Path) -> datetime | None:
    """The arrival time in the name of a Maildir's file, `1767225600.M1P2.host:2,S`."""
    seconds = path.name.partition(".")[0]
    if path.parent.name not in ("cur", "new") or not re.fullmatch(r"\d{9,10}", seconds, re.ASCII):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _says_when(raw: bytes) -> bool:
    """Whether a header of the mail holds a time that can be read: in Date, or behind a hop in Received."""
    head = raw[:_MAX_HEADER].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = re.sub(rb"\n[ \t]+", b" ", head).splitlines()[:_MAX_FIELDS]
    fields = (line[:_MAX_LINE].partition(b":") for line in lines)
    values = [value.decode("latin-1") for name, _, value in fields if name.strip().lower() in (b"date", b"received")]
    moments = (dates.read(value.rpartition(";")[2].strip()) for value in values)
    return any(moment and moment.year >= dates.EARLIEST for moment in moments)


def _saved(path: Path) -> datetime | None:
    """When a file was last written; None for a time before there was mail, which archives write into their files."""
    moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return moment if moment.year >= dates.EARLIEST else None


def _uid_of(raw: bytes) -> int:
    """63 bits, for a signed column."""
    return int.from_bytes(hashlib.sha256(raw).digest()[:8]) >> 1


@contextmanager
def _failures_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        named = str(error.filename or path)
        raise UsageError("path-unreadable", path=named, reason=error.strerror or type(error).__name__) from error
