"""What a sentence of ours that names a day leans to, where no word of it commits.

People promise in more ways than can be listed: "With you by half ten.", "Week 21: controller at your door.",
「木曜10時、レーザー持参。」. What they have in common is a day to come, and several weak signs: it goes towards the reader,
it is of ours, it moves, it is fixed. Others speak against it: others do it, it cannot be done, it is over, it is a
price's or an office's day. The signs are data (group `leans` of `notes.phrases`): each has a weight, below zero where
it speaks against a promise, and counts once; what weighs enough is taken for a promise, not a very sure one.
"""

from notes.phrases import Phrases, Rule

LEANS = "leans"
ENOUGH = 0.5
SURE = 0.55
LONGEST = 300
REFUSED = ("never", "machine", "offer")


def leaning(text: str, phrases: Phrases) -> Rule | None:
    """What makes a sentence (in the form of `phrases.plain`) with a day to come a promise of ours, or None."""
    if len(text) > LONGEST or text.endswith("?"):
        return None
    if weight(text, phrases) < ENOUGH or any(phrases.has(group, text) for group in REFUSED):
        return None
    return Rule(LEANS, SURE, "")


def weight(text: str, phrases: Phrases) -> float:
    """The sum of a sentence's signs."""
    return round(sum(rule.score for rule in phrases.all_of(LEANS, text)), 2)
