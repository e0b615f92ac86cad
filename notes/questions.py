"""A customer's new text read for questions: sentences that want an answer or information, quoted.

The rule's code tells how a question can be settled, which `notes.linking` needs: `ask-info` wants an answer,
`ask-when` a date (a dated promise answers it), `ask-work` a deed (a promise covers it), `ask-item` is one of a list,
`ask-memo` was put by mouth and written down by a colleague, `ask-again` presses for what is open already.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from notes.model import Calendar, QuestionFound
from notes.phrases import Phrases, plain
from notes.sentences import Sentence, split
from notes.wanted import only_says_when, wanted_by

MOST_QUESTIONS = 30
LONGEST_CONTEXT = 120
SHORT, FEW_WORDS = 8, 4
POINTS_BACK = re.compile(r"\b(?:it|that|this|they|them|those|these|one|so)\b", re.IGNORECASE)
MOST_DATED = 600
NO_QUESTIONS = ("not-question", "machine", "ask-time")


def ask(
    text: str, *, phrases: Phrases, said_at: datetime | None = None, calendar: Calendar | None = None
) -> tuple[QuestionFound, ...]:
    """The questions of a text, in order. Items of a list count each, the sentence that only points at them does not;
    nor does one that only says by when, if something else is asked. With `said_at` (aware, in the writer's zone) and
    `calendar` they tell by when an answer is wanted.
    """
    sentences = split(text)
    items = _items(sentences, phrases)
    found = _asked(sentences, items, phrases)
    bare = {index for index in found if index not in items and only_says_when(plain(sentences[index].text), phrases)}
    asked = {index: one for index, one in found.items() if index not in bare} or found
    if asked and said_at is not None and calendar is not None:
        asked = _dated(asked, sentences, said_at, calendar, phrases)
    return tuple(asked.values())


def _asked(sentences: Sequence[Sentence], items: frozenset[int], phrases: Phrases) -> dict[int, QuestionFound]:
    found = ((index, _question(sentences, index, items, phrases)) for index in range(len(sentences)))
    return dict(islice(((index, one) for index, one in found if one), MOST_QUESTIONS))


def _dated(
    asked: dict[int, QuestionFound],
    sentences: Sequence[Sentence],
    said_at: datetime,
    calendar: Calendar,
    phrases: Phrases,
) -> dict[int, QuestionFound]:
    """Each question with the moment named in it; else with that of the sentences beside that ask nothing else."""
    moments = {
        index: wanted_by(plain(sentence.text), said_at=said_at, calendar=calendar, phrases=phrases)
        for index, sentence in enumerate(sentences[:MOST_DATED])
    }
    common = min((at for index, at in moments.items() if at and index not in asked), default=None)
    return {index: replace(one, wanted=moments.get(index) or common) for index, one in asked.items()}


def _question(
    sentences: Sequence[Sentence], index: int, items: frozenset[int], phrases: Phrases
) -> QuestionFound | None:
    """The sentence at `index` as a question; too short to be understood alone, with the one before it."""
    sentence = sentences[index]
    folded = plain(sentence.text)
    if index in items:
        return QuestionFound(sentence.text, 0.75, _kind(folded, phrases, "ask-item"))
    question = read_sentence(sentence, phrases)
    if question is None or (items and phrases.has("items-above", folded)):
        return None
    return replace(question, quote=_with_context(sentences, index).text)


def _with_context(sentences: Sequence[Sentence], index: int) -> Sentence:
    """A question too short to be understood alone ("Where is it?") together with the sentence before it."""
    this = sentences[index]
    if index == 0 or sentences[index - 1].paragraph != this.paragraph:
        return this
    before = sentences[index - 1]
    if before.text.endswith((",", "?", "？")) or len(before.text) > _room_for_context(this.text):
        return this
    between = " " if this.text.isascii() else ""
    return Sentence(f"{before.text}{between}{this.text}", this.paragraph, this.bullet)


def _room_for_context(text: str) -> float:
    """How long the sentence before may be: most where the question says "it", none where it can stand alone."""
    words = len(text.split())
    if len(text) <= SHORT or (text.isascii() and words <= 2):
        return LONGEST_CONTEXT
    if not text.isascii() or words > FEW_WORDS:
        return 0
    return LONGEST_CONTEXT if POINTS_BACK.search(text) else 1.5 * len(text)


def read_sentence(sentence: Sentence, phrases: Phrases) -> QuestionFound | None:
    """A sentence as a question, or None."""
    folded = plain(sentence.text)
    own = phrases.find_own("ask-info", folded) if phrases.own else None
    if own and not phrases.find_own("not-question", folded):
        return QuestionFound(sentence.text, own.score, _kind(folded, phrases, "ask-info"))
    rule = phrases.find("ask-info", folded)
    memo = None if rule else phrases.find("ask-memo", folded)
    found = rule or memo
    if found is None or any(phrases.has(group, folded) for group in NO_QUESTIONS):
        return None
    return QuestionFound(sentence.text, found.score, "ask-memo" if memo else _kind(folded, phrases, "ask-info"))


def _kind(folded: str, phrases: Phrases, otherwise: str) -> str:
    if phrases.has("nudge", folded):
        return "ask-again"
    if phrases.has("ask-when", folded):
        return "ask-when"
    if phrases.has("ask-work", folded) and not phrases.has("ask-able", folded):
        return "ask-work"
    return otherwise


def _items(sentences: Sequence[Sentence], phrases: Phrases) -> frozenset[int]:
    """Which list items ask: real questions, and numbered items when a sentence beside them asks for answers."""
    bullets = [index for index, sentence in enumerate(sentences) if sentence.bullet]
    if not bullets:
        return frozenset()
    asking = {index for index in bullets if _asks(plain(sentences[index].text), phrases)}
    others = [plain(sentence.text) for sentence in sentences if not sentence.bullet]
    pointing = any(_points_at_items(text, phrases) for text in others)
    if pointing:
        asking |= {index for index in bullets if re.match(r"[(（]?[\d①-⑳]", sentences[index].text.strip())}
    return frozenset(asking)


def _points_at_items(text: str, phrases: Phrases) -> bool:
    """Whether a sentence wants answers to what is listed: "we report the results below" wants none."""
    wanted = phrases.has("items-above", text) and phrases.has("answer-wanted", text)
    return wanted and not phrases.has("tells-below", text)


def _asks(text: str, phrases: Phrases) -> bool:
    return phrases.has("ask-info", text) and not phrases.has("not-question", text)
