"""The structure of a raw mail (RFC 2045, 2046): a tree of parts with readable names and decoded contents.

The standard library splits the bytes; names and contents are decoded here, because it believes what charset names say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from functools import cached_property
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

from ingest import charsets, transfer, words

MAX_DEPTH = 30
MAX_PARTS = 2_000
MAX_WORK = 4_000_000
"""Lines times nesting: the standard library holds every line against every open boundary."""
MAX_NESTING = 150
"""Open boundaries at which the standard library is still far from its recursion limit."""
MAX_PARAMETERS = 8_000
"""Characters of a Content-Type or Content-Disposition value that are read."""


class Tree(Message):
    """The standard library's part, with its body as it stood in the mail: `get_payload` would already decode it."""

    @property
    def undecoded(self) -> bytes:
        """The body's bytes in their transfer encoding; nothing for a part that has children."""
        payload = self._payload
        return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""

    @property
    def parts(self) -> list["Tree"]:
        """The parts inside."""
        payload = self._payload
        return payload if isinstance(payload, list) else []


class Part:
    """One part of a mail: its headers by lower-case name, raw, in order; its children; its decoded content."""

    def __init__(self, tree: Tree, depth: int = 0) -> None:
        self.tree = tree
        self.depth = depth
        self.headers: dict[str, list[str]] = {}
        for name, value in tree.raw_items():
            self.headers.setdefault(name.lower(), []).append(value)

    def header(self, name: str) -> str:
        """The first raw value of a header, empty when there is none."""
        values = self.headers.get(name)
        return str(values[0]) if values else ""

    @cached_property
    def _content_type(self) -> tuple[str, Mapping[str, str]]:
        return parameters(self.header("content-type"))

    @cached_property
    def _disposition(self) -> tuple[str, Mapping[str, str]]:
        return parameters(self.header("content-disposition"))

    @cached_property
    def type(self) -> str:
        """The media type, lower case; `text/plain` where none is given or it makes no sense (RFC 2045, section 5.2)."""
        given = self._content_type[0]
        if given.count("/") == 1 and not given.startswith("/") and not given.endswith("/"):
            return given
        if self.tree.is_multipart():
            return self.tree.get_content_type()
        return (
            "text/plain"
            if given in ("", "text", "plain") or "content-type" not in self.headers
            else "application/octet-stream"
        )

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
    def children(self) -> list["Part"]:
        """The parts inside, of a multipart or message/rfc822."""
        return [Part(child, self.depth + 1) for child in self.tree.parts]

    @cached_property
    def content(self) -> bytes:
        """The decoded bytes; of a message/rfc822 the inner mail, of a multipart nothing."""
        if self.tree.parts:
            return _inner_mail(self) if self.type.startswith("message/") else b""
        return transfer.decoded(self.tree.undecoded, self.header("content-transfer-encoding"))

    def text(self, hint: str | None = None) -> charsets.Decoded:
        """The content as text with `\\n` line ends."""
        found = charsets.decode(self.content, self.charset, hint=hint)
        return found._replace(text=line_ends(found.text)) if "\r" in found.text else found


@dataclass(frozen=True, slots=True)
class Structure:
    """A mail's tree, and the codes of what kept it from being read in full."""

    root: Part
    defects: tuple[str, ...] = ()


_NESTS = re.compile(rb"boundary|message/(?:rfc822|global)", re.IGNORECASE)


def structure(raw: bytes) -> Structure:
    """Splits a mail into parts. A mail nested so deeply that splitting it takes seconds gives its headers only."""
    nesting = min(len(_NESTS.findall(raw)), MAX_NESTING + 1)
    if nesting <= MAX_NESTING and raw.count(b"\n") * nesting <= MAX_WORK:
        return Structure(Part(message_from_bytes(raw, _class=Tree)))
    return Structure(Part(BytesHeaderParser(_class=Tree).parsebytes(raw[:1_000_000])), ("too-deep",))


def walk(root: Part) -> Iterator[Part]:
    """Every part within the limits, parents first, in order; the root too."""
    stack, seen = [root], 0
    while stack and seen < MAX_PARTS:
        part = stack.pop()
        seen += 1
        yield part
        if part.depth < MAX_DEPTH:
            stack.extend(reversed(part.children))


def _inner_mail(part: Part) -> bytes:
    """The bytes of an attached mail, or of a report's blocks of fields."""
    return b"\n".join(_bytes_of(child.tree) for child in part.children)


def _bytes_of(tree: Tree) -> bytes:
    try:
        return tree.as_bytes()
    except (UnicodeError, ValueError, TypeError, LookupError, RecursionError):  # what cannot be written as it was read
        return tree.undecoded


def inner_root(part: Part) -> Part | None:
    """The mail inside a message/rfc822; also where the sender encoded it, although RFC 2046, section 5.2.1 forbids that."""
    if not part.children:
        return None
    root = part.children[0]
    encoding = part.header("content-transfer-encoding").strip().lower()
    if root.headers or encoding not in ("base64", "quoted-printable"):
        return root
    return structure(transfer.decoded(root.tree.undecoded, encoding)).root


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
    data = b"".join(
        unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogateescape") for encoded, text in pieces
    )
    return words.clean(words.decode_words(charsets.decode(data, charset or None).text))
