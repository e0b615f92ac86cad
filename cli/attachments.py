"""Attachments saved under names of ours: no path from a mail is ever a path on this machine."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from notes.errors import UsageError

LONGEST_NAME = 120
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]')
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def save(raw: bytes, folder: Path) -> Iterator[Path]:
    """Writes every attachment of a mail into `folder`, made when missing; an existing file is never written over.

    Raises `UsageError` when the folder cannot be written.
    """
    from ingest.parse import attachments

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for n, (part, content) in enumerate(attachments(raw), 1):
            yield _write(folder, safe_name(part.name, n), content)
    except OSError as error:
        raise UsageError(
            "folder-unwritable", path=str(folder), reason=error.strerror or type(error).__name__
        ) from error


def safe_name(name: str, number: int) -> str:
    """A file name made from what a mail calls its attachment; `attachment-<number>` when nothing is left of it."""
    last = re.split(r"[\\/]", name[:1000])[-1]
    plain = NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", last)).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = plain, ""
    stem = stem[: LONGEST_NAME - len(suffix)].rstrip(". ") if stem else ""
    if not stem.strip("_") or stem.casefold() in RESERVED:
        stem = f"attachment-{number}"
    return f"{stem}.{suffix}" if suffix else stem


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Creates a file under `name`, or `name-2`, `name-3` … where one is there already; links are not followed."""
    stem, dot, suffix = name.rpartition(".")
    for n in range(1, 10_000):
        path = folder / (name if n == 1 else f"{stem}-{n}.{suffix}" if dot else f"{name}-{n}")
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path
    raise UsageError("folder-full", path=str(folder), name=name)
