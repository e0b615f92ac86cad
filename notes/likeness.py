"""What a sentence is about, as a set of pieces that can be compared: two-character pieces of kanji and katakana words,
stems of Latin words, codes with digits, and the kind of paper or thing (`kind-…` in notes/phrases: "quote", 見積書 and
estimate.pdf are one). Words that say nothing about the matter (`stop`) are left out.
"""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from notes.phrases import KIND, Phrases, plain

WORD = re.compile(
    r"[\u3400-\u9fff々]{2,}|[\u3400-\u9fff](?=[をはがのにでともや、。.\s(（]|$)|[\u3400-\u9fff](?=[えしりきいみびちけせめれ]{1,2}(?:[はをがのもで、。(（]|$))|[\u30a1-\u30faー]{2,}|[a-zA-Z][a-zA-Z0-9-]+|(?<![\d.,:])\d{1,3}[A-Z]+(?![a-zA-Z])|[a-zA-Z]*\d[\w-]{3,}"
)
TAIL = re.compile(r"(?<=[\u3400-\u9fff])[えきぎけげしせちてみめりれ](?=[\u3400-\u9fff])")
PARTS_OF_NAMES = re.compile(r"_|(?<=[a-z])(?=[A-Z])|\.\w{2,4}\b")
SHORTENED = re.compile(r"'(?:ll|re|ve|s|d|m|t)\b", re.IGNORECASE)
COMPOUND = re.compile(r"\b([a-zA-Z]{2,})-([a-zA-Z]{2,})\b")
STEM = re.compile(r"(?:ing|ed|es|s|e|ly)$")
LONGEST = 2_000
SAME_WORDS = 82

Topic = frozenset[str]


def topic(text: str, phrases: Phrases) -> Topic:
    """The pieces of a text that name its matter; at most `LONGEST` characters are looked at."""
    whole = plain(text[:LONGEST])
    bare = TAIL.sub("", phrases.without("stop", SHORTENED.sub(" ", whole)))
    pieces = set(phrases.kinds(whole))
    pieces.update(_stem(f"{one}{two}".casefold()) for one, two in COMPOUND.findall(whole))  # as-builts, asbuilt.pdf
    for word in WORD.findall(bare):
        if word[0].isascii():
            pieces.add(_stem(word.casefold()))
        elif len(word) == 1:
            pieces.add(word)
        else:
            pieces.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(piece for piece in pieces if piece)


def of_names(names: Iterable[str], phrases: Phrases) -> Topic:
    """What files are about, by their names: "RevQuote_v2.pdf" is about a quote."""
    return topic(apart(names), phrases)


def apart(names: Iterable[str]) -> str:
    """The words in names of files, without their endings."""
    return PARTS_OF_NAMES.sub(" ", " ".join(names))


def kinds(of: Topic) -> Topic:
    """The kinds of papers and things in a topic."""
    return frozenset(piece for piece in of if piece.startswith(KIND))


def _stem(word: str) -> str:
    return word if any(letter.isdigit() for letter in word) else STEM.sub("", word)[:7]


def covered(wanted: Topic, given: Topic) -> float:
    """How much of `wanted` is named in `given`, from 0 to 1; 0 when nothing is wanted."""
    return len(wanted & given) / len(wanted) if wanted else 0.0


def alike(one: Topic, other: Topic) -> float:
    """How much of the smaller is named in the larger, from 0 to 1."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def same_words(one: str, other: str) -> bool:
    """Whether two sentences say the same in nearly the same words, order aside."""
    return fuzz.token_set_ratio(one, other) >= SAME_WORDS if " " in one else fuzz.ratio(one, other) >= SAME_WORDS
