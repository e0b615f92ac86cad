"""Promises against later sentences that promise again: a new date for an old one, the same again, consent to it."""

from notes.likeness import alike, same_words, topic
from notes.model import PromiseFound
from notes.phrases import plain
from notes.said import Letter
from notes.tracking import Tracked, Way, way_of

LIKE = 0.34
VERY_LIKE = 0.5


def moves(tracked: Tracked, found: PromiseFound, letter: Letter) -> float:
    """How surely a later sentence gives an open dated promise a new date, from 0 to 1."""
    now, new = tracked.promise.due_now, found.due.to
    if now is None or new is None or new <= now or letter.ref == tracked.promise.made_in or found.conditional:
        return 0.0
    text = plain(found.quote)
    likeness = _likeness(tracked, text, letter)
    if found.moves:
        return 0.6 + 0.4 * likeness
    if not _same_way(tracked.way, way_of(text, letter.phrases)) or not _excused(tracked, letter):
        return 0.0
    if likeness >= LIKE:
        return 0.5 + 0.5 * likeness
    vague = _no_topic_of_its_own(text, letter) or not tracked.topic
    return 0.5 if vague or letter.phrases.has("delay", text) else 0.0


def repeats(tracked: Tracked, found: PromiseFound, letter: Letter) -> float:
    """How surely a later sentence only says an open promise again, from 0 to 1."""
    text, promise = plain(found.quote), tracked.promise
    if letter.ref == promise.made_in:
        return 0.0
    if same_words(text, plain(promise.quote)):
        return 1.0
    likeness = _likeness(tracked, text, letter)
    way = way_of(text, letter.phrases)
    if found.due.to is None:
        vague = _no_topic_of_its_own(text, letter) and way is tracked.way and tracked.way is Way.CONTACT
        return likeness if likeness >= VERY_LIKE and _same_way(tracked.way, way) else 0.5 * vague
    same_day = promise.due_now is not None and promise.due_now.date() == found.due.to.date()
    return likeness if same_day and likeness >= LIKE and _same_way(tracked.way, way) else 0.0


def _likeness(tracked: Tracked, text: str, letter: Letter) -> float:
    return alike(tracked.topic, topic(text, letter.phrases))


def _no_topic_of_its_own(text: str, letter: Letter) -> bool:
    return len(topic(text, letter.phrases)) < 2


def _same_way(one: Way, other: Way) -> bool:
    """Answers are sent and things are reported: these two count as one way of acting."""
    loose = {Way.DELIVER: Way.CONTACT}
    return loose.get(one, one) is loose.get(other, other)


def _excused(tracked: Tracked, letter: Letter) -> bool:
    return letter.any("delay") or bool(tracked.partly)


def hands_part(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter that gives a new date already hands over a part."""
    return any(said.hands_over and alike(tracked.topic, said.topic) >= LIKE for said in letter.sentences)


def agrees(letter: Letter) -> bool:
    """Whether a letter says yes, in any words, to a new date."""
    said = [one for one in letter.sentences if not one.text.endswith("?")]
    return any(one.does("assent") for one in said) and not any(one.does("refusal") for one in said)
