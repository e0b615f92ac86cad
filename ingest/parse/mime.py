"""The structure of a raw mail (RFC 2045, 2046): a tree of parts with readable names and decoded contents.

A reader of our own, because the standard library's (which mail-parser uses) loses what people can still read: it ends
a header at its first odd line, wants boundaries and colons exactly as the RFC has them, does not open encoded inner
mails, and takes seconds for deep nesting. This one cuts slices out of the bytes, level by level, only where asked.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from ingest.parse import charsets, outlook, transfer, words

MAX_DEPTH = 30
MAX_PARTS = 2_000
MAX_HEADERS = 5_000
MAX_PARAMETERS = 8_000
"""Characters of a Content-Type or Content-Disposition value that are read."""

INNER_MAILS = frozenset(("message/rfc822", "message/global", "message/news"))
_LEAVES = frozenset(("text/plain", "text/html"))
_TNEF = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
_TNEF_NAMES = frozenset(("winmail.dat", "win.dat"))
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)\n?")
_ODD_LINE = re.compile(rb"[^\n]*(?:\n[ \t][^\n]*)*\n?")
_BLANK = re.compile(rb"\r?(?:\n|\Z)")
_SIGN = re.compile(rb"\S")
_ENVELOPE = re.compile(rb">?From [^\n]*\n")


class Part:
    """One part of a mail: a slice of its bytes.

    `headers` holds raw values by lower-case name, in order, with bytes above ASCII as surrogate escapes. `damage` are
    codes of what is wrong with its form. Its children and content are cut out when they are asked for.
    """

    def __init__(self, raw: bytes, start: int, end: int, depth: int = 0, default: str = "text/plain") -> None:
        self._raw = raw
        self._end = end
        self._default = default
        self.depth = depth
        self.headers: dict[str, list[str]] = {}
        self.damage: list[str] = []
        self._body = self._read_headers(start)

    def _read_headers(self, position: int) -> int:
        """Fills `headers`; where the body begins. An odd line is skipped if fields follow it, else it is the body."""
        envelope = _ENVELOPE.match(self._raw, position, self._end)
        position = envelope.end() if envelope else position
        match, headers, count = _FIELD.match, self.headers, 0
        while position < self._end:
            field = match(self._raw, position, self._end)
            if field:
                count += 1
                position = field.end()
                if count <= MAX_HEADERS:
                    name = field[1].decode("ascii").lower()
                    value = field[2].decode("ascii", "surrogateescape").strip()
                    if name in headers:
                        headers[name].append(value)
                    else:
                        headers[name] = [value]
                continue
            blank = _BLANK.match(self._raw, position, self._end)
            if blank:
                return blank.end()
            line = _ODD_LINE.match(self._raw, position, self._end)
            after = line.end() if line else self._end
            self.damage.append("header-malformed")
            if not _FIELD.match(self._raw, after, self._end):
                return position
            position = after
        return self._end

    def header(self, name: str) -> str:
        """The first raw value of a header, empty when there is none."""
        values = self.headers.get(name)
        return values[0] if values else ""

    @cached_property
    def _content_type(self) -> tuple[str, Mapping[str, str]]:
        return parameters(self.header("content-type"))

    @cached_property
    def _disposition(self) -> tuple[str, Mapping[str, str]]:
        return parameters(self.header("content-disposition"))

    @cached_property
    def type(self) -> str:
        """The media type, lower case; the default where none is given or it makes no sense (RFC 2045, section 5.2)."""
        given = self._content_type[0]
        main, slash, sub = given.partition("/")
        if main and slash and sub and "/" not in sub:
            return given
        return self._default if given in ("", "text", "plain", "text/") else "application/octet-stream"

    @property
    def charset(self) -> str | None:
        """The charset the part declares."""
        return self._content_type[1].get("charset") or None

    def parameter(self, name: str) -> str:
        """A parameter of the Content-Type, empty when absent."""
        return self._content_type[1].get(name, "")

    @property
    def disposition(self) -> str:
        """`inline`, `attachment`, another word, or empty (RFC 2183)."""
        return self._disposition[0]

    @cached_property
    def name(self) -> str:
        """The file name, decoded, without control characters; empty when none is given.

        It may hold path separators: whoever saves a file takes no path from it.
        """
        given = (self._disposition[1].get("filename", ""), self._content_type[1].get("name", ""))
        return next((name for name in given if name and "\ufffd" not in name), given[0] or given[1])

    @cached_property
    def is_tnef(self) -> bool:
        """Whether this is Outlook's own form of a mail (`winmail.dat`), whatever type it is sent as."""
        return self.type in _TNEF or (self.type.startswith("application/") and self.name.lower() in _TNEF_NAMES)

    @cached_property
    def children(self) -> list["Part"]:
        """The parts of a multipart, the mail inside a message/rfc822, what TNEF holds; none below the depth limit."""
        if self.depth >= MAX_DEPTH or self.type in _LEAVES:
            return []
        if self.type in INNER_MAILS:
            return [Part(self.content, 0, len(self.content), self.depth + 1)]
        if self.is_tnef:
            inside = outlook.parts_of_tnef(self.content)
            return [Part(inside, 0, len(inside), self.depth + 1)] if inside else []
        if not self.type.startswith("multipart/"):
            return []
        default = "message/rfc822" if self.type == "multipart/digest" else "text/plain"
        return [Part(self._raw, start, end, self.depth + 1, default) for start, end in self._slices()]

    def _slices(self) -> list[tuple[int, int]]:
        """Where the parts between the boundary lines lie; what is wrong with those goes into `damage`."""
        for boundary in (self._declared_boundary, self._declared_boundary.rstrip(), self._evident_boundary()):
            slices, closed = _between(self._raw, self._body, self._end, boundary) if boundary else ([], False)
            if slices:
                if not closed and len(slices) < MAX_PARTS:
                    self.damage.append("close-boundary-not-found")
                return slices
        self.damage.append("start-boundary-not-found")
        return []

    @property
    def _declared_boundary(self) -> bytes:
        return self.parameter("boundary").encode("utf-8", "surrogateescape")

    def _evident_boundary(self) -> bytes:
        """The boundary that the body uses where the header's is missing or another."""
        found = _EVIDENT.search(self._raw, max(self._body - 1, 0), self._end)
        return found[1] if found else b""

    @cached_property
    def content(self) -> bytes:
        """The decoded bytes of the part; those of a multipart are the undecoded ones, boundaries included."""
        data = memoryview(self._raw)[self._body : self._end]
        if self.type.startswith("multipart/"):
            return bytes(data)
        is_text = self.type.startswith(("text/", "message/"))
        return transfer.decoded(data, self.header("content-transfer-encoding"), text=is_text)

    @property
    def is_blank(self) -> bool:
        """Whether it is white space and nothing else, as it was sent."""
        return self._body < self._end and _SIGN.search(self._raw, self._body, self._end) is None

    def text(self, hint: str | None = None) -> charsets.Decoded:
        """The content as text with `\\n` line ends."""
        found = charsets.decode(self.content, self.charset, hint=hint)
        return found._replace(text=line_ends(found.text)) if "\r" in found.text else found


_EVIDENT = re.compile(rb"\n--([^\s-][^\r\n]{0,200}|-[^\r\n]{1,200})[ \t]*\r?\nContent-[A-Za-z-]{1,40}:", re.IGNORECASE)


def _between(raw: bytes, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """The slices between delimiter lines (RFC 2046, section 5.1.1), and whether the closing one was found.

    What follows the boundary on its line is ignored if white space parts it; a longer boundary is another one.
    """
    delimiter = b"\n--" + boundary
    slices: list[tuple[int, int]] = []
    begun = -1
    found = start - 1 if raw.startswith(delimiter[1:], start) else raw.find(delimiter, max(start - 1, 0), end)
    while found >= 0 and len(slices) < MAX_PARTS:
        after = found + len(delimiter)
        closing = raw[after : after + 2] == b"--"
        if raw[after + 2 * closing : after + 2 * closing + 1] in (b"\n", b"\r", b" ", b"\t", b""):
            if begun >= 0:
                slices.append((min(begun, found + 1), max(_before_line_end(raw, found), begun)))
            if closing:
                return slices, True
            line_end = raw.find(b"\n", after, end)
            begun = line_end + 1 if line_end >= 0 else end
        found = raw.find(delimiter, max(after - 1, 0), end)
    if begun >= 0:
        slices.append((begun, end))
    return slices, False


def _before_line_end(raw: bytes, line_feed: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    return line_feed - 1 if line_feed > 0 and raw[line_feed - 1 : line_feed] == b"\r" else line_feed


def walk(root: Part) -> Iterator[Part]:
    """Every part within the limits, parents first, in order; the root too."""
    stack, seen = [root], 0
    while stack and seen < MAX_PARTS:
        part = stack.pop()
        seen += 1
        yield part
        stack.extend(reversed(part.children))


def longest_header(root: Part) -> int:
    """Characters of the longest header value of any part."""
    values = (value for part in walk(root) for given in part.headers.values() for value in given)
    return max(map(len, values), default=0)


def line_ends(text: str) -> str:
    """CRLF, and CR alone, as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- parameters of a header ----------------------------------------------------------------------------------------

_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_QUOTED_PAIR = re.compile(r'\\(["\\])')
_NONE: Mapping[str, str] = MappingProxyType({})
_PERCENT_TEXT = re.compile(r"(?:[\w.() +-]|%[0-9A-Fa-f]{2})+")


def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """A header value `main; name=value; …`: the main word in lower case, and the decoded parameters.

    Reads RFC 2231 (continuations, charsets), RFC 2047 inside values although forbidden, and raw 8-bit names.
    """
    if ";" not in value:
        return value.strip().lower(), _NONE
    return _remembered(value) if len(value) < _USUAL_LENGTH else _parameters(value)


_USUAL_LENGTH = 300


@lru_cache(maxsize=512)  # most parts say what others said
def _remembered(value: str) -> tuple[str, Mapping[str, str]]:
    return _parameters(value)


def _parameters(value: str) -> tuple[str, Mapping[str, str]]:
    value = words.unfolded(value[:MAX_PARAMETERS])
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bool, str]]] = {}
    for name, given in _PARAMETER.findall(value):
        key, star, rest = name.lower().partition("*")
        if not star:
            plain.setdefault(key, _unquoted(given))
            continue
        number = rest.rstrip("*")
        index = int(number) if number.isdecimal() and len(number) < 5 else 0
        extended.setdefault(key, {}).setdefault(index, (rest.endswith("*") or not rest, _unquoted(given)))
    found = {key: _plain_value(text) for key, text in plain.items()}
    for key, segments in extended.items():
        found[key] = _extended_value([segments[index] for index in sorted(segments)])
    return value.partition(";")[0].strip().lower(), found


def _unquoted(given: str) -> str:
    given = given.strip()
    if len(given) > 1 and given[0] == given[-1] == '"':
        return _QUOTED_PAIR.sub(r"\1", given[1:-1])
    return given.strip('"')


def _plain_value(text: str) -> str:
    if "%" in text and _PERCENT_TEXT.fullmatch(text):  # web mailers escape like a URL and do not say so
        unescaped = unquote_to_bytes(text)
        if not unescaped.isascii():
            return words.clean(charsets.decode(unescaped).text)
    return words.clean(words.decode_words(text))


def _extended_value(segments: list[tuple[bool, str]]) -> str:
    """RFC 2231, sections 3 and 4: the first encoded segment begins with charset'language'."""
    charset = ""
    first_is_encoded, first = segments[0]
    if first_is_encoded and first.count("'") >= 2:
        charset, _language, first = first.split("'", 2)
    pieces = [(first_is_encoded, first), *segments[1:]]
    runs = (("".join(text for _encoded, text in run), encoded) for encoded, run in groupby(pieces, key=itemgetter(0)))
    data = b"".join(unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace") for text, encoded in runs)
    return words.clean(words.decode_words(charsets.decode(data, charset or None).text))
