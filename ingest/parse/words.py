"""Header values as people should read them: unfolded, encoded words (RFC 2047) decoded, raw 8-bit bytes guessed.

Stricter decoders fail on what Japanese mail does daily: a word split inside a character or inside a base64 group, a
fold in the middle of a word, words inside quoted strings, raw ISO-2022-JP or Shift_JIS bytes in a header.
"""

import binascii
import re

from ingest.parse import charsets, transfer

MAX_VALUE = 100_000
"""Characters of a header value that are read; the rest of a longer one is hostile or useless."""

ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?((?:[^?]|\?(?!=))*)(?:\?=|$)")
_BETWEEN_WORDS = re.compile(r"[ \t\r\n]*")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_LINE_END = re.compile(r"[\r\n]+[ \t]*")
_NOT_ASCII = re.compile("[\udc80-\udcff\x1b]")


def readable(value: str, hint: str | None = None) -> str:
    """An unstructured header value (raw, bytes as surrogate escapes) as one line of clean text.

    `hint` is the charset that the mail's body names, for raw 8-bit bytes. Control and direction characters are dropped.
    """
    return clean(decode_words(unfolded(value, hint), hint))


def unfolded(value: str, hint: str | None = None) -> str:
    """The value on one line (RFC 5322, section 2.2.3), raw bytes in it decoded, encoded words untouched."""
    value = value[:MAX_VALUE]
    if _NOT_ASCII.search(value):
        value = charsets.decode(value.encode("utf-8", "surrogateescape"), hint=hint).text
    if "\n" in value or "\r" in value:
        value = _LINE_END.sub(" ", value)
    return value.strip()


def clean(text: str) -> str:
    """Without control characters, which terminals obey, and without direction marks, which hide what is written."""
    return _CONTROL.sub(lambda run: " " if run[0].isspace() else "", text).strip() if _CONTROL.search(text) else text


def decode_words(value: str, hint: str | None = None) -> str:
    """A value with its encoded words decoded; neighbours of one charset are joined as bytes before decoding."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    run: list[re.Match[str]] = []
    end = 0
    for word in ENCODED_WORD.finditer(value):
        between = value[end : word.start()]
        if run and (between.strip(" \t") or _charset(word) != _charset(run[0])):
            pieces.append(_decoded_run(run, hint))
            run = []
        if (not pieces and not run) or between.strip(" \t"):
            pieces.append(between)
        run.append(word)
        end = word.end()
    if run:
        pieces.append(_decoded_run(run, hint))
    return "".join((*pieces, value[end:]))


def _charset(word: re.Match[str]) -> str:
    return word[1].partition("*")[0].lower()  # RFC 2231, section 5: a language may follow


def _decoded_run(words: list[re.Match[str]], hint: str | None) -> str:
    charset = _charset(words[0])
    joined = charsets.decode(_joined(words), charset, hint=hint)
    if joined.defect in ("", "charset-unknown") or len(words) == 1:
        return joined.text
    return "".join(charsets.decode(_content(word[2], word[3]), charset, hint=hint).text for word in words)


def _joined(words: list[re.Match[str]]) -> bytes:
    """The bytes of neighbouring words; base64 cut at other than a multiple of four is joined before decoding."""
    if all(word[2] in "bB" for word in words) and any(len(word[3].strip()) % 4 for word in words[:-1]):
        return _content("b", "".join(word[3] for word in words))
    return b"".join(_content(word[2], word[3]) for word in words)


def _content(encoding: str, text: str) -> bytes:
    """The bytes of one encoded word; white space of a bad fold and missing padding do no harm."""
    if encoding in "qQ":
        return binascii.a2b_qp(text.replace("\t", " ").encode("utf-8", "replace"), header=True)
    return transfer.base64_bytes(text.encode("ascii", "ignore"))
