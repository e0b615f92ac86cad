"""`.msg` files (MS-OXMSG): an item's properties as streams of a compound file, read with olefile."""

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from ingest.parse.outlook import mapi
from ingest.parse.outlook.mapi import File, Item, Properties, Value

if TYPE_CHECKING:
    from olefile import OleFileIO  # type: ignore[import-untyped]  # olefile ships no types

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_CONTENT = 64 * 1024 * 1024
"""Bytes read of one stream; a larger attachment is listed without its content."""
MAX_ENTRIES = 20_000
_FIXED = "__properties_version1.0"
_STREAM = "__substg1.0_"
_HEAD_OF_MAIL, _HEAD_OF_INNER, _HEAD_OF_OTHERS = 32, 24, 8
_LONG, _TIME = 0x03, 0x40
_INNER_MAIL = "__substg1.0_3701000D"
Path = Sequence[str]


def mail_of_msg(raw: bytes) -> bytes:
    """The mail in a `.msg` file as RFC 5322 has it; empty for other or damaged compound files."""
    from olefile import OleFileIO  # few mails are such files

    try:
        with OleFileIO(BytesIO(raw)) as ole:
            reader = _Reader(ole)
            return mapi.as_mail(reader.item((), _HEAD_OF_MAIL)) if reader.is_mail else b""
    except Exception:  # noqa: BLE001 - on damaged files olefile raises whatever comes up: OSError, IndexError, MemoryError …
        return b""


class _Reader:
    """One open compound file. Its entries are listed once, by the storage they lie in."""

    def __init__(self, ole: "OleFileIO") -> None:
        self._ole = ole
        self._within: dict[tuple[str, ...], list[str]] = {}
        self._left = MAX_CONTENT
        for path in ole.listdir(streams=True, storages=True)[:MAX_ENTRIES]:
            self._within.setdefault(tuple(path[:-1]), []).append(path[-1])

    @property
    def is_mail(self) -> bool:
        """Whether it is an Outlook item, and not a text or a table."""
        return _FIXED in self._within.get((), ())

    def item(self, path: tuple[str, ...], head: int, depth: int = 0) -> Item:
        """The item in a storage, with its recipients and attachments."""
        properties = self._properties(path, head)
        codepage = _codepage(properties)
        storages = self._within.get(path, [])
        recipients = [(*path, name) for name in storages if name.startswith("__recip_version1.0_")]
        files = [(*path, name) for name in storages if name.startswith("__attach_version1.0_")]
        return Item(
            properties,
            [self._properties(one, _HEAD_OF_OTHERS, codepage) for one in recipients[: mapi.MAX_FILES]],
            [self._file(one, depth, codepage) for one in files[: mapi.MAX_FILES]],
        )

    def _file(self, path: tuple[str, ...], depth: int, codepage: int) -> File:
        properties = self._properties(path, _HEAD_OF_OTHERS, codepage)
        if _INNER_MAIL in self._within.get(path, ()) and depth < mapi.MAX_INNER:
            return File(properties, inner=self.item((*path, _INNER_MAIL), _HEAD_OF_INNER, depth + 1))
        content = properties.get(mapi.FILE_DATA)
        return File(properties, content if isinstance(content, bytes) else b"")

    def _properties(self, path: tuple[str, ...], head: int, codepage: int = 0) -> Properties:
        """Numbers and times from the one stream that holds those, texts and bytes from a stream each."""
        names = self._within.get(path, ())
        found: dict[int, Value] = {}
        if _FIXED in names:
            found |= _fixed(self._bytes((*path, _FIXED)), head)
        codepage = codepage or _codepage(found)
        for name in names:
            if name.startswith(_STREAM) and len(name) == len(_STREAM) + 8:
                number, kind = name[len(_STREAM) : -4], name[-4:].upper()
                if kind in ("001E", "001F", "0102"):
                    found[int(number, 16)] = _text(self._bytes((*path, name)), kind, codepage)
        return found

    def _bytes(self, path: tuple[str, ...]) -> bytes:
        size = self._ole.get_size(list(path))
        if size > self._left:
            return b""
        self._left -= size
        with self._ole.openstream(list(path)) as stream:
            return bytes(stream.read())


def _fixed(data: bytes, head: int) -> dict[int, Value]:
    """Section 2.4.2: type, number, flags, value, sixteen bytes each."""
    found: dict[int, Value] = {}
    for position in range(head, min(len(data), MAX_ENTRIES * 16) - 15, 16):
        kind, number, _flags, value = struct.unpack_from("<HHIQ", data, position)
        if kind == _LONG:
            found[number] = value & 0xFFFFFFFF
        elif kind == _TIME and (at := mapi.moment_of(value)):
            found[number] = at
    return found


def _text(data: bytes, kind: str, codepage: int) -> Value:
    if kind == "0102":
        return data
    return data.decode("utf-16-le", "replace") if kind == "001F" else mapi.decoded(data, codepage)


def _codepage(properties: Properties) -> int:
    found = (properties.get(number) for number in reversed(mapi.CODEPAGES))
    return next((value for value in found if isinstance(value, int)), 0)
