"""What a text must hold for a pattern to match at all: one of a few strings, found far faster than the pattern.

A mail has a thousand sentences and a group of words a hundred ways to say something; nearly all of them are ruled out
by their not holding "will", 「ます」 or the like. The strings follow from the pattern itself, so nobody keeps them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from re import _constants as code  # type: ignore[attr-defined]  # the parser under re.compile, without stubs
from re import _parser  # type: ignore[attr-defined]  # see above
from typing import Any

from ahocorasick_rs import AhoCorasick

MOST = 400
PLAIN = re.compile("[a-z0-9 ]")
Needles = frozenset[str]


class Index:
    """Patterns in groups, by what they need: tells in one pass over a text which of them it may match."""

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        wanting: dict[str, dict[str, list[int]]] = {}
        always: dict[str, list[int]] = {}
        for group, each in patterns.items():
            for number, words in enumerate(each):
                found = needles(words)
                if found is None:
                    always.setdefault(group, []).append(number)
                for one in found or ():
                    wanting.setdefault(one, {}).setdefault(group, []).append(number)
        self._always = always
        self._wanting = list(wanting.values())
        self._groups = [frozenset(groups) for groups in self._wanting]
        self._needles = AhoCorasick(list(wanting))

    def found(self, text: str) -> "Found":
        """What a text holds of all that the patterns need."""
        hits = {needle for needle, _, _ in self._needles.find_matches_as_indexes(text.lower(), overlapping=True)}
        groups = frozenset(self._always).union(*(self._groups[needle] for needle in hits))
        return Found(groups, [self._wanting[needle] for needle in hits], self._always)


@dataclass(frozen=True, slots=True)
class Found:
    """The groups of which a text may match a pattern, and which those are."""

    groups: frozenset[str]
    _wanting: Sequence[Mapping[str, Sequence[int]]]
    _always: Mapping[str, Sequence[int]]

    def numbers(self, group: str) -> list[int]:
        """The numbers of the patterns of a group that the text may match, in order."""
        found = [wanting[group] for wanting in (self._always, *self._wanting) if group in wanting]
        return sorted(set(chain.from_iterable(found)))


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
