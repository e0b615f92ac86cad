"""Text from mails made harmless for a terminal: the one boundary between a stranger's characters and our screen."""

import re

LONGEST = 20_000

DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls: escapes, carriage returns, bells
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # bidirectional overrides and isolates, invisible signs
    "\u2028\u2029\ud800-\udfff\U000e0000-\U000e007f]"  # other line ends, lone surrogates, tags
)
"""Everything that could move a cursor, reorder a line or hide. Tab and line feed stay."""

_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
FLOOD = re.compile(f"({_MARK}{{4}}){_MARK}+")
"""More marks on one letter than any language writes: they would cover the lines around."""


def disarmed(text: str) -> str:
    """`text` with each dangerous character shown as `�` (carriage returns dropped before a line end).

    Of the marks on one letter four are left.
    """
    return FLOOD.sub(r"\1", DANGEROUS.sub("\ufffd", text.replace("\r\n", "\n")))


def harmless(text: str, *, one_line: bool = False) -> str:
    """`text` cut at 20,000 characters and disarmed.

    `one_line` also folds every white space into one blank: for subjects, names and other cells of a line.
    """
    safe = disarmed(text[:LONGEST])
    return " ".join(safe.split()) if one_line else safe.expandtabs(4)
