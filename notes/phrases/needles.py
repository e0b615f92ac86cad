"""What a text must hold for a pattern to match at all: one of a few strings, found far faster than the pattern.

A mail has a thousand sentences and a group of words a hundred ways to say something; nearly all of them are ruled out
by their not holding "will", 「ます」 or the like. The strings follow from the pattern itself, so nobody keeps them.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from re import _constants as code  # type: ignore[attr-defined]  # the parser under re.compile, without stubs
from re import _parser  # type: ignore[attr-defined]  # see above
from typing import Any

from ahocorasick_rs import AhoCorasick

MOST = 400
PLAIN = re.compile("[a-z0-9 ]")
Needles = frozenset[str]


class Index:
    """Some patterns, by what they need: tells in one pass over a text which of them it may match."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._always: list[int] = []
        wanting: dict[str, list[int]] = {}
        for number, words in enumerate(patterns):
            found = needles(words)
            if found is None:
                self._always.append(number)
            for one in found or ():
                wanting.setdefault(one, []).append(number)
        self._wanting = list(wanting.values())
        self._needles = AhoCorasick(list(wanting))

    def may_match(self, text: str) -> list[int]:
        """The numbers of the patterns that a text may match, in order."""
        held = self._needles.find_matches_as_indexes(text.lower(), overlapping=True)
        if not held:
            return self._always
        return sorted({*self._always, *chain.from_iterable(self._wanting[needle] for needle, _, _ in held)})


def needles(words: str) -> Needles | None:
    """Strings in lower case of which every text matching a pattern (case ignored) holds one; None: there are none."""
    return _fewest(_needed(_parser.parse(words)))


def _needed(nodes: Iterable[tuple[Any, Any]]) -> Needles | None:
    """The most telling of what the parts of a sequence need."""
    best: Needles | None = None
    run = ""
    for kind, value in nodes:
        if kind is code.LITERAL:
            run += chr(value).lower()
            continue
        best = _better(_better(best, frozenset({run}) if run else None), _of(kind, value))
        run = ""
    return _better(best, frozenset({run}) if run else None)


def _of(kind: Any, value: Any) -> Needles | None:
    """What one part needs that is no letter."""
    if kind is code.SUBPATTERN:
        return _needed(value[-1])
    if kind is code.BRANCH:
        return _any_of(_needed(branch) for branch in value[1])
    if kind in (code.MAX_REPEAT, code.MIN_REPEAT) and value[0] > 0:
        return _needed(value[2])
    if kind is code.ASSERT:
        return _needed(value[1])
    if kind is code.IN and all(one is code.LITERAL for one, _ in value):
        return frozenset(chr(sign).lower() for _, sign in value)
    return None


def _any_of(branches: Iterable[Needles | None]) -> Needles | None:
    found: set[str] = set()
    for branch in branches:
        if branch is None:
            return None
        found |= branch
    return frozenset(found)


def _better(one: Needles | None, two: Needles | None) -> Needles | None:
    if one is None or two is None:
        return two if one is None else one
    return max(one, two, key=_telling)


def _telling(found: Needles) -> tuple[int, int]:
    """How rare the commonest of some strings is, by its length; Japanese and punctuation signs count as two letters."""
    return min(sum(1 if PLAIN.match(sign) else 2 for sign in one) for one in found), -len(found)


def _fewest(found: Needles | None) -> Needles | None:
    """Without those that hold another; None where they are too many, or one is a mere letter or space."""
    if not found:
        return None
    few = frozenset(one for one in found if not any(other in one for other in found if other != one))
    return few if len(few) <= MOST and _telling(few)[0] > 1 else None
