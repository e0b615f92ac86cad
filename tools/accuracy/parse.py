"""Raw mails of other projects: none may raise or lose a character; parts' bytes must be those that mime4j finds.

Files without any header field are no mails; two of mime4j's and one of CPython's are refused as such and not counted.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from xml.etree import ElementTree as Xml

from ingest.parse import mime, parse
from notes.errors import UnreadableMailError
from notes.model import Message
from tools.accuracy import Figure

_MAILS = ("mikel_mail/**/*.eml", "cpython/msg_*.txt", "mail_iso2022jp/**/*.eml", "mime4j/*/*.msg")
_BODIES = ("text-body", "binary-body")


def figures(corpora: Path) -> list[Figure]:
    """Mails read, mails without U+FFFD, parts with the right bytes."""
    mails = list(_mails(corpora))
    readings = [(path, _read(path)) for path in mails]
    read = sum(reading is not None for _path, reading in readings)
    whole = sum(reading is None or not _lost(path, reading) for path, reading in readings)
    right, asked = _parts_right(corpora)
    return [
        Figure("parse: mails read", read / max(len(mails), 1), len(mails), 1.0),
        Figure("parse: mails without a lost character", whole / max(len(mails), 1), len(mails), 1.0),
        Figure("parse: mime4j parts with equal bytes", right / max(asked, 1), asked, 0.97),
    ]


def misses(corpora: Path) -> Iterator[str]:
    """One line for each mail or part that counts against a figure."""
    for path in _mails(corpora):
        reading = _read(path)
        if reading is None:
            yield f"unreadable {path.relative_to(corpora)}"
        elif _lost(path, reading):
            yield f"U+FFFD {path.relative_to(corpora)} {reading.defects}"
    for truth in sorted(corpora.glob("parse/mime4j/*/*_decoded.xml")):
        right, asked = _right_of(truth)
        if right < asked:
            yield f"parts {truth.relative_to(corpora)} {right} of {asked}"


def _mails(corpora: Path) -> Iterator[Path]:
    for pattern in _MAILS:
        yield from (path for path in sorted((corpora / "parse").glob(pattern)) if _is_mail(path.read_bytes()))


def _is_mail(raw: bytes) -> bool:
    return bool(mime.Part(raw, 0, len(raw)).headers)


def _read(path: Path) -> Message | None:
    try:
        return parse(path.read_bytes())
    except UnreadableMailError:
        return None


def _lost(path: Path, reading: Message) -> bool:
    """Whether a character is lost that was not lost before: some mails bring U+FFFD with them."""
    return "\ufffd" in _all_text(reading) and "\ufffd".encode() not in path.read_bytes()


def _all_text(reading: Message) -> str:
    names = (reading.sender.name, *(address.name for address in (*reading.to, *reading.cc)))
    return "\n".join((reading.text, reading.subject, *names, *(attached.name for attached in reading.attachments)))


def _parts_right(corpora: Path) -> tuple[int, int]:
    counts = [_right_of(truth) for truth in corpora.glob("parse/mime4j/*/*_decoded.xml")]
    return sum(right for right, _asked in counts), sum(asked for _right, asked in counts)


def _right_of(truth: Path) -> tuple[int, int]:
    """How many of a mail's leaf parts have the wanted bytes, in order, and how many there are."""
    bodies = [node.get("name") or "" for node in Xml.parse(truth).iter() if node.tag in _BODIES]  # noqa: S314  our own file
    wanted = [(truth.parent / name).read_bytes() for name in bodies]
    raw = truth.with_name(truth.name.replace("_decoded.xml", ".msg")).read_bytes()
    if not _is_mail(raw):
        return 0, 0
    got = [part.content for part in mime.walk(mime.Part(raw, 0, len(raw))) if not part.children]
    keys = [_folded(content) for content in wanted], [_folded(content) for content in got]
    same = SequenceMatcher(None, *keys, autojunk=False).get_matching_blocks()
    return sum(block.size for block in same), len(wanted)


def _folded(content: bytes) -> bytes:
    """Line ends as LF: mime4j keeps those of the file, which a checkout may have changed."""
    return content.replace(b"\r\n", b"\n")
