"""An error in words, in the reader's language."""

from cli import words
from cli.harmless import harmless
from cli.words import say
from notes.errors import KawariError


def sentence(error: KawariError) -> str:
    """An error in words; values that came from a server or a mail are made harmless."""
    return say(f"error.{error.code}", **{name: _worded(value) for name, value in error.values.items()})


def _worded(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_worded, value))
    return words.of_system(harmless(str(value)))
