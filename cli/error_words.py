"""An error in words, in the reader's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cli import words
from cli.harmless import harmless
from cli.words import say
from notes.errors import KawariError

if TYPE_CHECKING:
    from ingest.poll import Notice


_KEPT = frozenset({"mailbox-failed-before", "content-later"})
"""What quotes a failure as the coverage keeps it: `said` begins with its code."""


def sentence(error: KawariError) -> str:
    """An error in words; values that came from a server or a mail are made harmless."""
    return say(f"error.{error.code}", **_values(error.code, error.values))


def noticed(notice: "Notice") -> str:
    """Something to be read by the user though nothing failed, in words."""
    return say(f"notice.{notice.code}", **_values(notice.code, notice.values))


def _values(code: str, values: Mapping[str, object]) -> dict[str, str]:
    worded = {name: _worded(value) for name, value in values.items()}
    if code in _KEPT:
        from cli.render_words import failure

        worded["said"] = failure(str(values["said"]))
    return worded


def _worded(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_worded, value))
    return words.of_system(harmless(str(value)))
