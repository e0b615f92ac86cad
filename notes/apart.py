"""What keeps two matters of one customer apart: other numbers, one of several alike, a subject alike but for a word.

And when a reply has turned to another matter: its subject is a new one, and its text agrees.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from notes.candidates import Candidate, shape
from notes.model import Message
from notes.profiles import Profile, Trait
from notes.subjects import answers, opens_another, plain, renamed, stem
from notes.threads import ancestors
from notes.traits import items, numbers, said, topics, words


def told_apart(subject: str, case: Candidate) -> bool:
    """Whether a subject names a number, a model or one of several alike, and the case's subjects name others only.

    `取扱説明書（TS-300）` after `取扱説明書（TS-200）`; not if the case speaks of it in any of its texts.
    """
    mine = subject_ids(subject)
    if not mine or not case.traits.isdisjoint(mine):
        return False
    theirs = {trait for value in case.stems for trait in subject_ids(value)}
    return any(_kind(one) == _kind(other) for one in mine for other in theirs)


def named_alike(subject: str, named: Collection[Trait], case: Candidate) -> bool:
    """Whether a mail names a number or model, in its subject or anywhere, that stands in one of the case's subjects."""
    mine = {trait for trait in (*subject_ids(subject), *named) if trait[0] != "item"}
    return bool(mine) and any(mine & subject_ids(value) for value in case.stems)


@lru_cache(maxsize=2048)
def subject_ids(subject: str) -> frozenset[Trait]:
    """Numbers and models in a stem, and ones of several alike."""
    return frozenset((*numbers(subject.upper()), *items(subject)))


@lru_cache(maxsize=2048)
def named_words(subject: str) -> frozenset[Trait]:
    """The words of a subject as traits of a text."""
    return frozenset(("word", word) for word in topics(subject))


def _kind(trait: Trait) -> tuple[str, str | int, int]:
    kind, value = trait
    return ("item", value.rstrip("0123456789"), 0) if kind == "item" else ("number", *shape(value))


def numbers_differ(mine: frozenset[str], case: Candidate) -> bool:
    """Whether a document number of a mail is of a kind (same letters, same length) of which the case has others."""
    if not mine or mine & case.of_kind("number"):
        return False
    return any(shape(value) in case.shapes for value in mine)


def items_differ(mine: frozenset[str], case: Candidate, subject: Collection[str]) -> bool:
    """Whether mail and case name different ones of several alike, one of them in its subject: `Lift 1` and `Lift 2`."""
    if not mine or mine & case.of_kind("item"):
        return False
    kinds = {value.rstrip("0123456789") for value in case.of_kind("item")}
    alike = {word for value in mine if (word := value.rstrip("0123456789")) in kinds}
    return any(word in subject or word in case.of_kind("topic") for word in alike)


def sibling(subject: str, case: Candidate) -> float:
    """How much a subject is like one of the case's but for a word (1.0) or a number (1.5) on each side."""
    mine = tokens(subject)
    alike = [theirs for value in case.stems if _siblings(mine, theirs := tokens(value))]
    counted = any(all(word.isdigit() for word in mine ^ theirs) for theirs in alike)
    return (1.5 if counted else 1.0) if alike else 0.0


def _siblings(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    words = frozenset(word for word in mine | theirs if not word.isdigit())
    alike = len(mine & theirs & words) >= max(2, 0.45 * len(words))
    return alike and bool(mine - theirs) and bool(theirs - mine)


@lru_cache(maxsize=2048)
def tokens(text: str) -> frozenset[str]:
    """The words, numbers and pairs of kanji of a subject; 様 and the like left out."""
    return frozenset(re.findall(r"[a-z]+|\d+|[ァ-ヺー]+|[一-鿿々]{1,2}", text)) - {"様", "殿", "件", "御中"}


# --- turning to another matter -----------------------------------------------------------------------------------


def may_turn(message: Message) -> bool:
    """Whether a reply's looks allow that it is about something else: a new subject, or words that open a matter.

    Cheap: most replies go on, and need no look at their case.
    """
    if not ancestors(message) or not stem(message.subject):
        return False
    return renamed(message.subject) or not answers(message.subject) or opens_another(message.subject, said(message))


def turned(message: Message, case: Candidate) -> bool:
    """Whether a reply left the matter of its case: its subject is new there, and its text agrees.

    Where the writer says so (`別件ですが`), a subject with one new word is enough; else nothing that the subject names
    may have been spoken of, and next to nothing of what the text says.
    """
    if renamed(message.subject):
        return True
    subject, text = stem(message.subject), said(message)
    if ("stem", subject) in case.traits:
        return False
    named = named_words(subject)
    if told_apart(subject, case):
        return True
    opened = opens_another(message.subject, text)
    if opened and not named <= case.traits:
        return not _is_alike(subject, case)
    if not opened and (answers(message.subject) or not named or not case.traits.isdisjoint(named)):
        return False
    return _is_foreign(f"{subject}\n{text}", case.traits)


def _is_alike(subject: str, case: Candidate) -> bool:
    """Whether one subject only adds to the other: 【再送】, a ticket's number, a customer's name."""
    mine = tokens(subject)
    return any(mine >= theirs or mine <= theirs for value in case.stems if (theirs := tokens(value)))


_FOREIGN = 0.2
"""Of what a mail says, how much its case may have spoken of when the mail is about something else."""
_FEWEST_WORDS = 4


def _is_foreign(text: str, case: Profile) -> bool:
    mine = {("word", word) for word in words(text[:3000])}
    if len(mine) < _FEWEST_WORDS or any(trait in case for trait in numbers(plain(text[:3000]))):
        return False
    return sum(trait in case for trait in mine) <= _FOREIGN * len(mine)
