"""A list of words written as a tree matches what the list matched, and where."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from notes.phrases import load
from notes.phrases.wordlists import as_trees
from tests.notes.test_promises import COMMITS, NEAR_MISSES

WORDS = st.text("abn'", min_size=1, max_size=4)


def test_shipped_lists_match_the_same() -> None:
    rules = [one for rules in load().groups.values() for rule in rules for one in rule.each if as_trees(one) != one]
    assert rules
    for words in rules:
        for text in (*COMMITS, *NEAR_MISSES):
            assert _found(as_trees(words), text) == _found(words, text), words


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=10, max_size=14), st.lists(WORDS))
def test_any_list_matches_the_same(words: list[str], text: list[str]) -> None:
    pattern = rf"\b(?:{'|'.join(words)})\b"
    assert _found(as_trees(pattern), " ".join(text)) == _found(pattern, " ".join(text))


def test_short_lists_stay_and_long_ones_branch_off() -> None:
    assert as_trees(r"\b(?:one|two)\b") == r"\b(?:one|two)\b"
    many = "ab|abc|b|c|d|e|f|g|h|i"
    assert as_trees(rf"x \b(?:{many})\b") == r"x \b(?:ab(?:c)?|b|c|d|e|f|g|h|i)\b"


def _found(words: str, text: str) -> list[tuple[int, int]]:
    return [one.span() for one in re.finditer(words, text, re.IGNORECASE)]
