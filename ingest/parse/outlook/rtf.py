"""Compressed rich text (MS-OXRTFCP) as text, or as the HTML that Outlook wrapped into it (MS-OXRTFEX)."""

import re
import struct

from ingest.parse import charsets

MAX_RTF = 4_000_000
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING = 4096
_TOKEN = re.compile(
    rb"\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\([^A-Za-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\", re.DOTALL
)
_FONT = re.compile(rb"\\f(\d{1,5})[^;{}]{0,200}?\\fcharset(\d{1,3})")
_CODEPAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_FONT_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254"}
_FONT_CHARSETS |= {177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr fldinst "
    b"themedata datastore generator listtable listoverridetable xmlnstbl".split()
)
_SIGNS = {b"par": "\n", b"line": "\n", b"sect": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"emdash": "—"}
_SIGNS |= {b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}
_MAX_DEPTH = 500


def text_of(packed: bytes) -> tuple[str, str]:
    """The text and its media type (`text/plain` or `text/html`); empty where nothing can be read."""
    rich = unpacked(packed)
    if b"\\rtf" not in rich[:200]:
        return "", ""
    wraps_html = b"\\fromhtml" in rich[:2_000]
    return _Reader(rich, wraps_html).read(), "text/html" if wraps_html else "text/plain"


def unpacked(packed: bytes) -> bytes:
    """Rich text out of its compression (MS-OXRTFCP, section 3.1.3), at most `MAX_RTF` bytes."""
    if len(packed) < 16:
        return b""
    size, kind = struct.unpack_from("<II", packed, 4)
    if kind == 0x414C454D:
        return packed[16 : 16 + min(size, MAX_RTF)]
    return _inflated(packed, min(size, MAX_RTF)) if kind == 0x75465A4C else b""


def _inflated(packed: bytes, size: int) -> bytes:
    ring = bytearray(_DICTIONARY.ljust(_RING, b"\x00"))
    at, out, position = len(_DICTIONARY), bytearray(), 16
    while position < len(packed) and len(out) < size:
        control, position = packed[position], position + 1
        for bit in range(8):
            if position + (control >> bit & 1) >= len(packed):
                return bytes(out)
            if control >> bit & 1:
                token, position = packed[position] << 8 | packed[position + 1], position + 2
                start, length = token >> 4, (token & 15) + 2
                if start == at:
                    return bytes(out)
                for step in range(length):
                    ring[at] = ring[(start + step) % _RING]
                    out.append(ring[at])
                    at = (at + 1) % _RING
            else:
                ring[at] = packed[position]
                out.append(packed[position])
                at, position = (at + 1) % _RING, position + 1
    return bytes(out)


class _Reader:
    """Walks over the tokens of rich text; a group's state is put on a stack, not on Python's."""

    def __init__(self, rich: bytes, wraps_html: bool) -> None:
        found = _CODEPAGE.search(rich[:2_000])
        self._rich = rich
        self._wraps_html = wraps_html
        self._charset = f"cp{int(found[1])}" if found else "cp1252"
        self._fonts = {int(font): _FONT_CHARSETS.get(int(name), "") for font, name in _FONT.findall(rich[:100_000])}
        self._out: list[str] = []
        self._bytes = bytearray()
        self._hidden = False
        self._font = ""
        self._skip = 0
        self._stack: list[tuple[bool, str]] = []

    def read(self) -> str:
        for token in _TOKEN.finditer(self._rich):
            code, word, number, sign, brace, text = token.groups()
            if code:
                self._write(bytes((int(code, 16),)))
            elif text:
                self._write(text)
            elif word:
                self._word(word.lower(), int(number) if number else None)
            elif brace:
                self._brace(brace)
            elif sign:
                self._sign(sign)
        self._flush()
        return "".join(self._out)

    def _write(self, data: bytes) -> None:
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        if not self._hidden:
            self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            self._out.append(charsets.decode(bytes(self._bytes), self._font or self._charset).text)
            self._bytes.clear()

    def _say(self, text: str) -> None:
        if not self._hidden:
            self._flush()
            self._out.append(text)

    def _brace(self, brace: bytes) -> None:
        self._flush()
        if brace == b"{" and len(self._stack) < _MAX_DEPTH:
            self._stack.append((self._hidden, self._font))
        elif brace == b"}" and self._stack:
            self._hidden, self._font = self._stack.pop()

    def _sign(self, sign: bytes) -> None:
        if sign in b"\\{}":
            self._write(sign)
        elif sign == b"~":
            self._say(" ")
        elif sign == b"*":
            self._flush()
            self._hidden = True
        elif sign in b"\r\n":
            self._word(b"par", None)

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"htmltag" and self._wraps_html:
            self._hidden = False
        elif word == b"htmlrtf" and self._wraps_html:
            self._flush()
            self._hidden = number != 0
        elif word in _HIDDEN:
            self._flush()
            self._hidden = True
        elif word == b"f" and number is not None:
            self._flush()
            self._font = self._fonts.get(number, "")
        elif word == b"u" and number is not None:
            self._say(_letter(number))
            self._skip = 1
        elif word in _SIGNS and not (self._wraps_html and word == b"par" and self._hidden):
            self._say(_SIGNS[word])


def _letter(number: int) -> str:
    number &= 0xFFFF
    return "\ufffd" if 0xD800 <= number < 0xE000 else chr(number)
