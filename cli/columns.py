"""Columns of a terminal: how wide text is when a full-width character takes two places, cut and wrapped by that."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from unicodedata import category, east_asian_width

WIDE = frozenset("WF")
ELLIPSIS = "…"
NO_LINE_START = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】,.)]}>!?:;…ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
"""Characters a Japanese line does not begin with (kinsoku)."""

NO_LINE_END = frozenset("（「『【［〔｛〈《“‘([{")
"""Characters a line does not end with."""

MOST_TAKEN = 4
MOST_LETTERS = 20


def width(text: str) -> int:
    """Columns that `text` takes; combining marks take none."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(char: str) -> int:
    if category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in WIDE else 1


def cut(text: str, columns: int) -> str:
    """`text` in at most `columns`, its loss marked by `…`."""
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for char in text:
        used += _width(char)
        if used > columns:
            break
        kept.append(char)
    return "".join(kept).rstrip() + ELLIPSIS


def pad(text: str, columns: int) -> str:
    """`text` cut or filled with blanks to exactly `columns`."""
    short = cut(text, columns)
    return short + " " * (columns - width(short))


def wrap(text: str, columns: int) -> list[str]:
    """The lines of `text`, each at most `columns` wide: broken at blanks, and between any two full-width characters.

    A character that may not begin a line takes those before it along, one that may not end it goes down with the next.
    """
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, columns)]


def _wrapped(paragraph: str, columns: int) -> list[str]:
    if width(paragraph) <= columns:
        return [paragraph.rstrip()]
    lines, line, used = [], "", 0
    for piece in _pieces(paragraph):
        if line and used + width(piece.rstrip()) > columns:
            taken = _taken_along(line, piece)
            lines.append(line[: len(line) - taken].rstrip())
            line = (line[len(line) - taken :] + piece).lstrip()
            used = width(line)
        else:
            line += piece
            used += width(piece)
        while used > columns and width(line.rstrip()) > columns:
            head = _head(line, columns)
            lines.append(head)
            line = line[len(head) :]
            used = width(line)
    return [*lines, line.rstrip()]


def _taken_along(line: str, piece: str) -> int:
    """How many characters of a full line go down with `piece`, so that the next line begins with one that may, and this
    one ends so."""
    taken, first = 0, piece[0]
    while first in NO_LINE_START and taken < min(MOST_TAKEN, len(line) - 1):
        taken += 1
        first = line[-taken]
    while 0 < taken < min(MOST_LETTERS, len(line) - 1) and _is_letter(line[-taken]) and _is_letter(line[-taken - 1]):
        taken += 1
    while taken < min(MOST_LETTERS, len(line) - 1) and line[-taken - 1] in NO_LINE_END:
        taken += 1
    return taken


def _is_letter(char: str) -> bool:
    """Whether a character belongs to a word or figure that is not broken: `04:17`."""
    return char.isascii() and char != " "


def _pieces(text: str) -> Iterator[str]:
    """What must stay together: a word with the blanks after it, or one full-width character."""
    word = ""
    for char in text:
        if _width(char) == 2:
            if word:
                yield word
                word = ""
            yield char
        elif char == " ":
            word += char
        else:
            if word.endswith(" "):
                yield word
                word = ""
            word += char
    if word:
        yield word


def _head(line: str, columns: int) -> str:
    used = 0
    for n, char in enumerate(line):
        used += _width(char)
        if used > columns:
            return line[: max(n, 1)]
    return line


def flow(parts: Iterable[str], columns: int, between: str = " · ") -> list[str]:
    """Facts one after the other, broken between two of them rather than within one."""
    lines: list[str] = []
    for part in parts:
        if lines and width(lines[-1]) + width(between) + width(part) <= columns:
            lines[-1] += between + part
        else:
            lines += wrap(part, columns)
    return lines


def table(rows: Iterable[tuple[str, ...]], widths: tuple[int, ...]) -> list[str]:
    """Rows in columns, two blanks between them; the last column is not filled up."""
    return ["  ".join(pad(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]
