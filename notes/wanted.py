"""By when a question's answer is wanted: "let me know by noon on Wednesday", 「本日中にご回答ください」.

A date counts only where it stands with the answering ("tell me by Friday"), not with what is asked about ("can you
deliver by Friday?"), what the writer does until then (「15時までの会議が終わり次第」), or when the writer will answer
("we will get back to you by Friday"). Words are the groups `answer-by` (Japanese: what follows the date; English: what
precedes it), `answer-before-that`, `need-by`, `own-answer`, `by-first`, `answer-please` and `asked-for` of
`notes.phrases`.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from notes.due import find_dates
from notes.model import Calendar, DateFound
from notes.phrases import Phrases

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
LONGEST = 400
SAYS_WHEN = ("need-by", "answer-by", "by-first", "answer-before-that")


def wanted_by(text: str, *, said_at: datetime, calendar: Calendar, phrases: Phrases) -> datetime | None:
    """The last moment that a sentence (in the form of `phrases.plain`) names for an answer, or None."""
    text = text[:LONGEST]
    if not any(phrases.may_have(group, text) for group in SAYS_WHEN):
        return None
    dates = [found for found in find_dates(text, said_at=said_at, calendar=calendar) if found.due.to]
    moments = [found.due.to for found in dates if found.due.to and _for_the_answer(text, found, phrases)]
    moments += _before_that(text, dates, phrases)
    return min((moment for moment in moments if moment >= said_at), default=None)


def only_says_when(text: str, phrases: Phrases) -> bool:
    """Whether a sentence asks for an answer and tells nothing of what about."""
    text = text[:LONGEST]
    if not JAPANESE.search(text):
        return phrases.has("answer-please", text) and not phrases.has("asked-for", text)
    verb = phrases.whole("answer-please").search(text)
    if verb is None:
        return False
    *reasons, clause = re.split(r"[、,]", text[: verb.start()])
    return not phrases.has("asked-for", clause) and all(phrases.has("reason", reason) for reason in reasons)


def _for_the_answer(text: str, found: DateFound, phrases: Phrases) -> bool:
    before, after = text[: found.start], text[found.end :]
    if phrases.has("need-by", before):
        return not phrases.has("own-answer", before)
    if JAPANESE.search(text):
        return phrases.has("answer-by", found.text[-1] + after) or phrases.has("answer-by", after)
    return phrases.has("by-first", before) and (phrases.has("ask-info", text) or phrases.has("please-after", after))


def _before_that(text: str, dates: Sequence[DateFound], phrases: Phrases) -> list[datetime]:
    """18日に会議があるので、それより前に教えてください: the date named before "that"."""
    that = phrases.whole("answer-before-that").search(text)
    named = [found.due.to for found in dates if found.due.to and that and found.end <= that.start()]
    return named[-1:]
