"""What was told the customer: prices, quantities, dates, versions, files sent. Who stands in must not say otherwise.

A figure is a number with what makes it one (`notes/phrases/figures.toml`); it is shown in the sentence that gives it.
Only mail of ours that reached the customer counts, and what a memo says of a talk with them.
"""

import re
import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from notes.model import Direction, Filed, Kind
from notes.sentences import split
from notes.squeezed import squeezed
from notes.undelivered import lost

MOST_TOLD = 30
LONGEST_SENTENCE = 300
_TALKS = (Kind.CALL, Kind.MEETING)
_NUMBER = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,3})?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    r"(?<![\d/.-])(?:\d{4}[-/.年]\s?)?\d{1,2}[/月]\s?\d{1,2}日?(?![\d/])|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?![a-z])|\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b",
    re.IGNORECASE,
)
_NO_LETTER = r"(?![A-Za-z])"
_ASKS = re.compile(
    r"(?:[?？]|でしょうか|ますか|ください|下さい|いただけ|頂け|願い)[。.]?$|^(?:could|can|would|please)\b",
    re.IGNORECASE,
)

_SAID = re.compile(
    r"(?:伝え|お答え|回答し|説明し|案内し|提示し|連絡し|話し)(?:た|て|済)"
    r"|\b(?:told|quoted|offered|confirmed|said) (?:him|her|them|we|it|the)\b",
    re.IGNORECASE,
)
"""In a memo: what we said, and not what we heard."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as written; `kind` is `price`, `quantity`, `share`, `span`, `version`, `date` or `file`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of ours with its figures, or the files of a mail (then `quote` is empty). `told_in` is the ref."""

    quote: str
    told_in: str
    at: datetime
    figures: tuple[Figure, ...]


def told(mails: Sequence[Filed], suppliers: Container[str] = ()) -> tuple[Told, ...]:
    """What these mails and memos, oldest first, gave the customer; what was said twice stands where it was last.

    `suppliers`: addresses of people outside who are not the customer's.
    """
    returned = lost(mails)
    latest: dict[str, Told] = {}
    for mail in reversed(mails):
        if mail.ref not in returned and _reaches(mail, suppliers) and len(latest) < MOST_TOLD:
            for one in reversed(list(_in_mail(mail))):
                latest.setdefault(squeezed(one.quote) or one.told_in, one)
    return tuple(reversed(latest.values()))[-MOST_TOLD:]


def _reaches(mail: Filed, suppliers: Container[str]) -> bool:
    """What a supplier was told, the customer was not."""
    written = mail.kind is Kind.MAIL and mail.direction is Direction.OUT
    return (written and any(one.address not in suppliers for one in (*mail.to, *mail.cc))) or mail.kind in _TALKS


def _in_mail(mail: Filed) -> Iterator[Told]:
    for sentence in split(mail.new_text):
        text = sentence.text[:LONGEST_SENTENCE]
        if not any(char.isdigit() for char in text) or _ASKS.search(text.strip()):
            continue
        if mail.kind in _TALKS and not _SAID.search(text):
            continue
        found = _figures(text)
        if found:
            yield Told(sentence.text, mail.ref, mail.at, found)
    if mail.attachments and mail.kind is Kind.MAIL:
        yield Told("", mail.ref, mail.at, tuple(Figure("file", one.name or one.type) for one in mail.attachments))


def _figures(text: str) -> tuple[Figure, ...]:
    found: dict[int, Figure] = {}
    for kind, pattern in _patterns().items():
        for match in pattern.finditer(text):
            number = next(n for n in range(match.start(), match.end()) if text[n].isdigit())
            found.setdefault(number, Figure(kind, match.group().strip().rstrip(".")))
    return tuple(found[start] for start in sorted(found))


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, "re.Pattern[str]"]:
    words = tomllib.loads(files("notes.phrases").joinpath("figures.toml").read_text(encoding="utf-8"))
    found = {kind: re.compile(_alternatives(rule), re.IGNORECASE) for kind, rule in words.items()}
    return {"date": _DATE, **found}


def _alternatives(rule: Mapping[str, Sequence[str]]) -> str:
    """A number with one of the words before it, or after it; a word of letters ends where the letters end."""
    before, after = (sorted(rule.get(side, ()), key=len, reverse=True) for side in ("before", "after"))
    parts = []
    if before:
        parts.append(rf"(?<![A-Za-z\d])(?:{'|'.join(map(re.escape, before))})\s?(?:{_NUMBER})(?:\.\d{{1,3}}){{0,2}}版?")
    if after:
        ends = "|".join(
            re.escape(word) + (_NO_LETTER if word[-1].isascii() and word[-1].isalpha() else "") for word in after
        )
        parts.append(rf"(?<![\d,.A-Za-z-])(?:{_NUMBER})\s?(?:{ends})")
    return "|".join(parts)
