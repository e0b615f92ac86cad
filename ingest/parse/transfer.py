"""Content-Transfer-Encoding (RFC 2045, section 6) undone, leniently: damage costs the damaged place, not the part."""

import binascii
import re
from collections.abc import Iterator
from io import BytesIO

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(byte for byte in range(256) if byte not in _BASE64)
_PADDING = re.compile(rb"=+\s*")
_PIECE = 1 << 20
"""Characters of base64 that are looked at in one go: a file of sixty megabytes is held once, not five times."""
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)
_UU_NAMES = frozenset(("x-uuencode", "uuencode", "uue", "x-uue"))


def decoded(data: bytes | memoryview, encoding: str, *, text: bool) -> bytes:
    """The bytes a part carries; an encoding nobody knows leaves them as they are. Never raises.

    A base64 group cut short ends a file's bytes before it (RFC 2045 knows whole groups only), a text's after it.
    """
    name = encoding.partition(";")[0].strip(" \t\"'").lower()
    if name == "base64":
        return base64_bytes(data, keep_stump=text)
    if name == "quoted-printable":
        return binascii.a2b_qp(data)
    return uu_bytes(bytes(data)) if name in _UU_NAMES else bytes(data)


def base64_bytes(data: bytes | memoryview, *, keep_stump: bool = True) -> bytes:
    """Base64 with foreign characters skipped, padding supplied; also several padded runs in a row."""
    keep_stump = keep_stump or b"=" in bytes(data[-8:])
    found = BytesIO()
    for start, end in _runs(data):
        rest = b""
        for at in range(start, end, _PIECE):
            useful = rest + bytes(data[at : min(at + _PIECE, end)]).translate(None, _FOREIGN)
            whole = len(useful) - len(useful) % 4
            found.write(binascii.a2b_base64(useful[:whole]))
            rest = useful[whole:]
        if len(rest) > 1 and keep_stump:
            found.write(binascii.a2b_base64(rest + b"=" * (4 - len(rest))))
    return found.getvalue()


def _runs(data: bytes | memoryview) -> Iterator[tuple[int, int]]:
    """Where what lies between paddings begins and ends."""
    start = 0
    for padding in _PADDING.finditer(data):
        yield start, padding.start()
        start = padding.end()
    yield start, len(data)


def uu_bytes(data: bytes) -> bytes:
    """The first uuencoded file in `data` (POSIX uuencode); `data` itself where there is none."""
    begin = _UU_BEGIN.search(data)
    if not begin:
        return data
    pieces = []
    for line in data[begin.end() :].splitlines():
        if line.strip() == b"end":
            break
        pieces.append(_uu_line(line))
    return b"".join(pieces)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # too long for its count: encoders that pad differently
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            return b""
