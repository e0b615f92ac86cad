"""The one sentence that carries a mail: its promise, its question, its figures, or what it says first."""

import re

from notes.model import Filed, Kind
from notes.sentences import split

LONGEST = 160
"""Characters of a gist; more does not fit a line of the page."""

COURTESY = re.compile(
    r"お世話に|お疲れ|ありがとうございま|お忙しい|恐れ入り|よろしく|申し訳ご|失礼いた|^[^\d、は]{1,20}の\w{1,4}です[。.]?$"
    r"|^(?:thank|thanks|hi|hello|dear|sorry|i'm sorry|good (?:morning|afternoon)|(?:best|kind) regards|i hope)\b",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d")


def carry(mail: Filed) -> str:
    """The sentence that carries `mail`, at most 160 characters; empty when nobody wrote anything in it."""
    found = mail.findings
    if mail.kind not in (Kind.AUTO, Kind.BOUNCE):
        if found.promises:
            return _cut(max(found.promises, key=lambda promise: promise.score).quote)
        if found.questions:
            return _cut(max(found.questions, key=lambda question: question.score).quote)
    inner = mail.forwarded[0].text if mail.forwarded else ""
    return _cut(_telling(mail.new_text) or _telling(inner))


def _telling(text: str) -> str:
    """The first sentence with a figure that is more than courtesy, else the first such sentence, else the first."""
    sentences = [sentence.text for sentence in split(text[:20_000])]
    telling = [sentence for sentence in sentences if not COURTESY.search(sentence) and len(sentence) > 3]
    with_figure = (sentence for sentence in telling if FIGURE.search(sentence))
    return next(with_figure, "") or next(iter(telling or sentences), "")


def _cut(sentence: str) -> str:
    sentence = " ".join(sentence.split())
    return sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 1] + "…"
