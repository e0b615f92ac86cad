"""Promises against later sentences that promise again: a new date for an old one, the same again, consent to it."""

from notes.likeness import alike, same_words
from notes.model import PromiseFound
from notes.phrases import plain
from notes.said import Letter, Said, Way
from notes.tracking import Tracked

LIKE = 0.34
VERY_LIKE = 0.5
WORDS = 2  # "it", "a proper answer": fewer name nothing


def moves(tracked: Tracked, found: PromiseFound, said: Said, letter: Letter) -> float:
    """How surely a later sentence gives an open dated promise a new date, from 0 to 1."""
    now, new = tracked.promise.due_now, found.due.to
    if now is None or new is None or new <= now or letter.ref == tracked.promise.made_in or found.conditional:
        return 0.0
    likeness = alike(tracked.topic, said.topic)
    if found.moves:
        return 0.6 + 0.4 * likeness
    if not _same_way(tracked.way, said.way) or not (letter.any("delay") or tracked.partly):
        return 0.0
    if likeness >= LIKE:
        return 0.5 + 0.5 * likeness
    if tracked.way is Way.CONTACT and said.way is Way.DELIVER and _answers_in_full(tracked, letter):
        return 0.0
    vague = len(said.topic) < WORDS or not tracked.topic
    return 0.5 if vague or said.does("delay") else 0.0


def repeats(tracked: Tracked, found: PromiseFound, said: Said, letter: Letter) -> float:
    """How surely a later sentence only says an open promise again, from 0 to 1."""
    promise, new = tracked.promise, found.due.to
    if letter.ref == promise.made_in:
        return 0.0
    same_day = new is None or (promise.due_now is not None and promise.due_now.date() == new.date())
    if same_day and same_words(said.text, plain(promise.quote)):
        return 1.0
    likeness = alike(tracked.topic, said.topic) if _same_way(tracked.way, said.way) else 0.0
    if new is not None:
        return likeness if same_day and likeness >= LIKE else 0.0
    vague = len(said.topic) < WORDS and said.way is tracked.way and tracked.way is Way.CONTACT
    return likeness if likeness >= VERY_LIKE else 0.5 * vague


def _answers_in_full(tracked: Tracked, letter: Letter) -> bool:
    """Whether the letter says what there is to say, so that what it promises to send is something else."""
    return bool(letter.telling) and not tracked.many and not any(said.puts_off for said in letter.sentences)


def _same_way(one: Way, other: Way) -> bool:
    """Answers are sent and things are reported: these two count as one way of acting."""
    loose = {Way.DELIVER: Way.CONTACT}
    return loose.get(one, one) is loose.get(other, other)


def hands_part(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter that gives a new date already hands over a part."""
    return any(said.hands_over and alike(tracked.topic, said.topic) >= LIKE for said in letter.sentences)


def agrees(letter: Letter) -> bool:
    """Whether a letter says yes, in any words, to a new date."""
    said = [one for one in letter.sentences if not one.text.endswith("?")]
    return any(one.does("assent") for one in said) and not any(one.does("refusal") for one in said)
