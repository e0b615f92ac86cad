"""What a sentence of ours that names a day leans to, where no word of it commits.

People promise in more ways than can be listed: "With you by half ten.", "Week 21: controller at your door.",
「木曜10時、レーザー持参。」. They have in common a day to come, and several weak signs: it goes towards the reader,
it is of ours, it moves, it is fixed. Others speak against it: others do it, it cannot be done, it is over, it is a
price's or an office's day. The signs are data (group `leans` of `notes.phrases`): each has a weight, below zero where
it speaks against a promise, and counts once; what weighs enough is taken for a promise, not a very sure one.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from notes.model import DateFound
from notes.phrases import Phrases, Rule

LEANS = "leans"
ENOUGH = 0.5
SURE = 0.55
LONGEST = 400
MOST_CLAUSES = 5
MARK = "#"
CLAUSE = re.compile(
    r"(?:;|(?<!\b[Rr][Ee]):) | [-–—] |(?<!\d), (?:and |but |so |then )?"
    r"|\s(?:and|but|so) (?=(?:the|I|we|our|your|it|that|you)\b)"
    r"|(?<=[すたでがのらし])[、,]"
)


def leaning(text: str, phrases: Phrases) -> Rule | None:
    """What makes a clause with a day to come a promise of ours, or None; its dates are `marked`."""
    if phrases.has("never", text) or weight(text, phrases) < ENOUGH:
        return None
    return Rule(LEANS, SURE, "")


def weight(text: str, phrases: Phrases) -> float:
    """The sum of a clause's signs."""
    return round(sum(rule.score for rule in phrases.all_of(LEANS, text)), 2)


def may_lean(text: str, phrases: Phrases) -> bool:
    """Whether a sentence (in the form of `phrases.plain`) is looked at: no question, no machine's, no offer."""
    asked = text.endswith(("?", "か。", "か"))
    return len(text) <= LONGEST and not asked and not any(phrases.has(group, text) for group in ("machine", "offer"))


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where the clauses of a sentence begin and end, the whole of it first: what is over, or what others do, may stand
    beside what we do."""
    cuts = [cut.end() for cut in islice(CLAUSE.finditer(text), MOST_CLAUSES)]
    yield 0, len(text)
    if cuts:
        yield from pairwise([0, *cuts, len(text)])


def marked(text: str, dates: Sequence[DateFound]) -> str:
    """A sentence with signs for the letters of its dates, so that "May" is no "may"; all else stays where it is."""
    for one in dates:
        text = text[: one.start] + MARK * (one.end - one.start) + text[one.end :]
    return text
