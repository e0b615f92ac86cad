"""TNEF (`winmail.dat`, MS-OXTNEF): what Outlook sends to people whom it believes to use Outlook, too."""

import struct
from collections.abc import Iterator

from ingest.parse.outlook import mapi
from ingest.parse.outlook.mapi import File, Item, Value

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 20_000
MAX_VALUES = 20_000
_BODY, _MAPI, _CODEPAGE = 0x800C, 0x9003, 0x9007
_NEW_FILE, _FILE_TITLE, _FILE_DATA, _FILE_MAPI = 0x9002, 0x8010, 0x800F, 0x9005
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING8, _UNICODE, _BINARY, _OBJECT, _LONG, _TIME = 0x1E, 0x1F, 0x102, 0x0D, 0x03, 0x40
_MANY = 0x1000
_IID = 16
"""An object's bytes begin with the id of its interface."""


def parts_of_tnef(data: bytes) -> bytes:
    """Text and attachments as one MIME entity; empty for bytes that are no TNEF, or hold nothing to read."""
    item = _item(data, 0)
    return mapi.as_parts(item) if item and (item.files or item.properties) else b""


def _item(data: bytes, depth: int) -> Item | None:
    if not data.startswith(SIGNATURE) or depth > mapi.MAX_INNER:
        return None
    codepage = 0
    properties: dict[int, Value] = {}
    files: list[tuple[dict[int, Value], list[bytes]]] = []
    for name, value in _attributes(data):
        if name == _CODEPAGE and len(value) >= 4:
            codepage = int.from_bytes(value[:4], "little")
        elif name == _BODY:
            properties.setdefault(mapi.BODY, mapi.decoded(value, codepage))
        elif name == _MAPI:
            properties |= dict(_properties(value, codepage))
        elif name == _NEW_FILE and len(files) < mapi.MAX_FILES:
            files.append(({}, []))
        elif files and name == _FILE_TITLE:
            files[-1][0].setdefault(mapi.FILE_NAMES[1], mapi.decoded(value, codepage))
        elif files and name == _FILE_DATA:
            files[-1][1].append(value)
        elif files and name == _FILE_MAPI:
            files[-1][0].update(_properties(value, codepage))
    return Item(properties, (), [_file(told, contents, depth) for told, contents in files])


def _file(properties: dict[int, Value], contents: list[bytes], depth: int) -> File:
    data = properties.get(mapi.FILE_DATA)
    data = data if isinstance(data, bytes) else b""
    inner = _item(data[_IID:], depth + 1) if data[_IID:].startswith(SIGNATURE) else None
    return File(properties, contents[0] if contents else data, inner)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes (section 2.1.3): level, name, type, length, bytes, checksum. Ends where the bytes do."""
    position = len(SIGNATURE) + 2
    for _ in range(MAX_ATTRIBUTES):
        if position + 9 > len(data):
            return
        name, _kind, length = struct.unpack_from("<HHI", data, position + 1)
        position += 9
        yield name, data[position : position + length]
        position += length + 2


def _properties(data: bytes, codepage: int) -> Iterator[tuple[int, Value]]:
    """The MAPI properties of an attribute (section 2.1.3.4), those of one value that is of use here."""
    if len(data) < 4:
        return
    position = 4
    for _ in range(min(int.from_bytes(data[:4], "little"), MAX_VALUES)):
        if position + 4 > len(data):
            return
        kind, number = struct.unpack_from("<HH", data, position)
        position += 4
        if number >= 0x8000:
            position = _after_name(data, position)
        values, position = _values(data, position, kind)
        if values and number < 0x8000 and (value := _value(values[0], kind, codepage)) is not None:
            yield number, value


def _after_name(data: bytes, position: int) -> int:
    """Past the name of a named property: a number, or a text."""
    kind, length = _number(data, position + 16), _number(data, position + 20)
    return position + 24 + (_padded(length) if kind == 1 else 0)


def _values(data: bytes, position: int, kind: int) -> tuple[list[bytes], int]:
    """The values of a property, and where the next one begins."""
    base = kind & ~_MANY
    size = _SIZES.get(base)
    if size:
        count = 1
        if kind & _MANY:
            count, position = min(_number(data, position), MAX_VALUES), position + 4
        return [data[position : position + size]], position + count * size
    values = []
    count, position = min(_number(data, position), MAX_VALUES), position + 4
    for _ in range(count):
        if position + 4 > len(data):
            break
        length = _number(data, position)
        values.append(data[position + 4 : position + 4 + length])
        position += 4 + _padded(length)
    return values, position


def _value(data: bytes, kind: int, codepage: int) -> Value | None:
    if kind == _STRING8:
        return mapi.decoded(data, codepage)
    if kind == _UNICODE:
        return data.decode("utf-16-le", "replace").rstrip("\x00")
    if kind in (_BINARY, _OBJECT):
        return data
    if kind == _TIME and len(data) == 8:
        return mapi.moment_of(int.from_bytes(data, "little"))
    return int.from_bytes(data[:4], "little") if kind == _LONG else None


def _number(data: bytes, position: int) -> int:
    return int.from_bytes(data[position : position + 4], "little")


def _padded(length: int) -> int:
    return length + -length % 4
