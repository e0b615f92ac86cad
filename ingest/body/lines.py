"""A mail body as lines that rules may look at: capped, quote marks counted and taken off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CAP = 1000
"""No rule sees more characters of a line than this; what a line says of its kind, it says in its beginning."""

_BLANKS = "\ufeff\u200b \t\r\u3000\xa0"
_MARK_SIGNS = (">", "＞")
_MARKS = re.compile(r"[ \t\u3000]{0,3}(?:[>＞][ \t]?)+")
_DRAWN = re.compile(r"(?:[\W_ー]{4,}|(?:[oO0xXvV][-=.*~・_ ]?){6,})\Z")
_ORNAMENT = re.compile(r"[^\w\s。．.、,…・!！?？'\"]|[_oO0xXー]")
_TITLED = re.compile(r"[^\w\s]{4,}[ \u3000]?(.{1,40}?)[ \u3000]?[^\w\s]{4,}\Z")


@dataclass(frozen=True, slots=True)
class Lines:
    """Equally long columns over a body's lines: as written, capped without quote marks, and whether marked."""

    raw: Sequence[str]
    plain: Sequence[str]
    quoted: Sequence[bool]

    def __len__(self) -> int:
        return len(self.raw)

    def next_text(self, index: int) -> int:
        """The first line from `index` on that is not blank, or the number of lines."""
        while index < len(self.plain) and not self.plain[index]:
            index += 1
        return index


def look(text: str) -> Lines:
    """The lines of a decoded body (line ends are `\\n`)."""
    raw = text.split("\n")
    plain: list[str] = []
    quoted: list[bool] = []
    for line in raw:
        bare = line[:CAP].strip(_BLANKS)
        marked = bare[:1] in _MARK_SIGNS
        if marked:
            bare, marked = unmark(line[:CAP])
        plain.append(bare)
        quoted.append(marked)
    return Lines(raw, plain, quoted)


def unmark(line: str) -> tuple[str, bool]:
    """A line stripped of white space and of the marks `>` and `＞` before it, and whether there were any.

    `>From ` is how mbox files escape a line, `>>> text <<<` an ornament: neither is a quote.
    """
    bare = line.strip(_BLANKS)
    if not bare.startswith((">", "＞")) or bare.startswith(">From ") or bare.endswith("<<"):
        return bare, False
    marks = _MARKS.match(line) or _MARKS.match(bare)
    return bare[len(bare) - len(line[marks.end() :].lstrip()) :].strip() if marks else bare, True


def unquote(line: str) -> str:
    """A whole line without one level of quote mark and the space after it."""
    return re.sub(r"\A[ \t]{0,3}[>＞] ?", "", line, count=1)


def is_rule(line: str) -> bool:
    """Whether a stripped line is drawn, not written: a rule of dashes, stars, boxes and the like, four or more."""
    return len(line) >= 4 and bool(_DRAWN.match(line)) and len(_ORNAMENT.findall(line)) >= 3


def is_titled_rule(line: str) -> bool:
    """Whether a rule has a few words in it: `----- 株式会社山田製作所 -----`."""
    return len(line) >= 10 and not line[0].isalnum() and bool(_TITLED.match(line))
