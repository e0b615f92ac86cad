"""What a sentence of ours that names a day leans to, where no word of it commits.

People promise in more ways than can be listed: "With you by half ten.", "Week 21: controller at your door.",
「木曜10時、レーザー持参。」. They have in common a day to come, and several weak signs: it goes towards the reader,
it is of ours, it moves, it is fixed. Others speak against it: others do it, it cannot be done, it is over, it is a
price's or an office's day. The signs are data (group `leans` of `notes.phrases`): each has a weight, below zero where
it speaks against a promise, and counts once, in its own language (`en-`, `ja-`); what weighs enough is taken for a
promise, not a very sure one.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from notes.commitments import JAPANESE, LOOSE_END
from notes.model import By, DateFound
from notes.phrases import Phrases, Rule

LEANS = "leans"
IN_JAPANESE, IN_ENGLISH = "ja-", "en-"
WORLD = ("ja-comes", "ja-event", "ja-habit")
NO_DEED, UNLIKELY = ("not-commit", "not-commit-dated"), -0.6
"""How a Japanese sentence ends that tells of a state or a courtesy; that speaks against it, too."""
ENOUGH = 0.5
TOWARDS_US, ENOUGH_OF_THEIRS = ("en-towards-you", "en-carried", "en-pays"), 0.65
"""Days that others name are mostly wishes: what they say must go to us, and more must speak for it."""
SURE = 0.55
LONGEST = 400
MOST_CLAUSES = 5
MARK = "#"
CLAUSE = re.compile(
    r"(?:;|(?<!\b[Rr][Ee]):) | [-–—] |(?<!\d), (?:and |but |so |then )?"
    r"|\s(?:and|but|so) (?=(?:the|I|we|our|your|it|that|you)\b)"
)


def leaning(text: str, phrases: Phrases, by: By = By.US) -> Rule | None:
    """What makes a clause with a day to come a promise, or None; its dates are `marked`."""
    if phrases.has("never", text):
        return None
    signs = _signs(text, phrases)
    if by is By.THEM and not _goes_to_us(signs):
        return None
    enough = ENOUGH if by is By.US else ENOUGH_OF_THEIRS
    return Rule(LEANS, SURE, "") if _weight(signs, text, phrases) >= enough else None


def _signs(text: str, phrases: Phrases) -> list[Rule]:
    """The signs that a clause bears, of its own language."""
    foreign = IN_ENGLISH if JAPANESE.search(text) else IN_JAPANESE
    return [rule for rule in phrases.all_of(LEANS, text) if not rule.name.startswith(foreign)]


def _goes_to_us(signs: Sequence[Rule]) -> bool:
    return any(rule.name in TOWARDS_US for rule in signs)


def _weight(signs: Sequence[Rule], text: str, phrases: Phrases) -> float:
    weight = sum(rule.score for rule in signs)
    return round(weight + (_ending(text, phrases) if JAPANESE.search(text) else 0), 2)


def _ending(text: str, phrases: Phrases) -> float:
    """What the end of a Japanese sentence says against a promise."""
    end = LOOSE_END.sub("", text)
    return UNLIKELY if any(phrases.has(group, end) for group in NO_DEED) else 0


def is_of_the_world(clause: str, phrases: Phrases) -> bool:
    """Whether a Japanese clause with any verb tells more of what happens than of what we do: 「20日に便が出ます」."""
    own = re.split("[、,]", clause.rstrip("、, "))[-1]
    signs = [rule for rule in phrases.all_of(LEANS, own) if rule.name.startswith(IN_JAPANESE)]
    happens = any(rule.name in WORLD for rule in signs)
    return happens and sum(rule.score for rule in signs if rule.score > 0 or rule.name in WORLD) < 0


def may_lean(text: str, phrases: Phrases, by: By) -> bool:
    """Whether a sentence (in the form of `phrases.plain`) is looked at: no question, no machine's, no offer,
    nothing reported; of others one that goes to us."""
    if len(text) > LONGEST or text.endswith(("?", "か。", "か")):
        return False
    if by is By.THEM and not _goes_to_us(_signs(text, phrases)):
        return False
    return not any(phrases.has(group, text) for group in ("machine", "offer", "reported"))


def clauses(text: str, begin: int = 0) -> Iterator[tuple[int, int]]:
    """Where the clauses of an English sentence begin and end, the whole of it first: what is over, or what others do,
    may stand beside what we do. What stands before `begin` is no promise."""
    yield begin, len(text)
    if JAPANESE.search(text):
        return
    cuts = [cut.end() for cut in islice(CLAUSE.finditer(text, begin), MOST_CLAUSES)]
    if cuts:
        yield from pairwise([begin, *cuts, len(text)])


def marked(text: str, dates: Sequence[DateFound]) -> str:
    """An English sentence with signs for the letters of its dates, so that "May" is no "may"; all else stays where it
    is."""
    if JAPANESE.search(text):
        return text
    for one in dates:
        text = text[: one.start] + MARK * (one.end - one.start) + text[one.end :]
    return text
