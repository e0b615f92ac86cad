"""A writer of compound files (MS-CFB) for tests: enough of the format for a `.msg` file, whole sectors only."""

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Union

SECTOR = 512
MINI = 64
CUTOFF = 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NOBODY = 0xFFFFFFFF

Tree = Mapping[str, Union[bytes, "Tree"]]


class _Writer:
    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.mini = bytearray()
        self.minifat: list[int] = []
        self.entries: list[bytearray] = []

    def large(self, data: bytes) -> int:
        """Puts data into sectors; the first one's number."""
        if not data:
            return END
        first = len(self.sectors)
        pieces = [data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR)]
        self.sectors += pieces
        self.fat += [first + n + 1 for n in range(len(pieces) - 1)] + [END]
        return first

    def small(self, data: bytes) -> int:
        """Puts data into mini sectors."""
        if not data:
            return END
        first = len(self.minifat)
        count = -(-len(data) // MINI)
        self.mini += data.ljust(count * MINI, b"\0")
        self.minifat += [first + n + 1 for n in range(count - 1)] + [END]
        return first

    def entry(self, name: str, kind: int, start: int, size: int) -> int:
        told = name.encode("utf-16-le") + b"\0\0"
        self.entries.append(
            bytearray(
                struct.pack(
                    "<64sHBBIII16sIQQIQ", told, len(told), kind, 1, NOBODY, NOBODY, NOBODY, b"", 0, 0, 0, start, size
                )
            )
        )
        return len(self.entries) - 1

    def children(self, tree: Tree) -> int:
        """Entries of a storage as a chain to the right; the first one's number."""
        before, first = None, NOBODY
        for name, inside in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
            if isinstance(inside, bytes):
                put = self.small if len(inside) < CUTOFF else self.large
                number = self.entry(name, 2, put(inside), len(inside))
            else:
                number = self.entry(name, 1, 0, 0)
                self.entries[number][76:80] = struct.pack("<I", self.children(inside))
            if before is None:
                first = number
            else:
                self.entries[before][72:76] = struct.pack("<I", number)
            before = number
        return first


def compound_file(tree: Tree) -> bytes:
    """The bytes of a file with these streams and storages."""
    writer = _Writer()
    root = writer.entry("Root Entry", 5, 0, 0)
    writer.entries[root][76:80] = struct.pack("<I", writer.children(tree))
    writer.entries[root][116:128] = struct.pack("<IQ", writer.large(bytes(writer.mini)), len(writer.mini))
    directory = writer.large(b"".join(writer.entries))
    minifat = writer.large(b"".join(struct.pack("<I", each) for each in writer.minifat))
    mini_sectors = -(-len(writer.minifat) * 4 // SECTOR)
    count = 1
    while count * (SECTOR // 4) < len(writer.fat) + count:
        count += 1
    first = len(writer.sectors)
    table = [*writer.fat, *[FAT] * count]
    table += [FREE] * (count * SECTOR // 4 - len(table))
    packed = struct.pack(f"<{len(table)}I", *table)
    header = struct.pack(
        "<8s16sHHHHH6s9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, count, directory, 0, CUTOFF,
        minifat, mini_sectors, END, 0,
    )  # fmt: skip
    places = [first + n for n in range(count)]
    header += struct.pack("<109I", *places, *[FREE] * (109 - count))
    return header + b"".join(writer.sectors) + packed


def properties(
    texts: Mapping[int, str | bytes], numbers: Mapping[int, int | datetime] | None = None, head: int = 8
) -> Tree:
    """The streams of an item's or attachment's properties, texts as Unicode."""
    fixed = bytearray(head)
    for number, value in (numbers or {}).items():
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
            fixed += struct.pack("<HHIQ", 0x40, number, 6, ticks)
        else:
            fixed += struct.pack("<HHIQ", 0x03, number, 6, value)
    streams: dict[str, bytes] = {"__properties_version1.0": bytes(fixed)}
    for number, text in texts.items():
        kind, data = ("0102", text) if isinstance(text, bytes) else ("001F", text.encode("utf-16-le"))
        streams[f"__substg1.0_{number:04X}{kind}"] = data
    return streams
