"""Words to be found by: one tokenizer for every engine, the query that a person types, and the sentence of a hit.

A token is a word of letters and digits, or two neighbouring Chinese, Japanese or Korean characters: `請求書` gives
`請求`, `求書` and, at the end of the run, `書`. A wanted word is a phrase of tokens, so it is found wherever it stands
in a longer one; words of an alphabet are found by their beginning, too.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from notes.sentences import split

MOST_TOKENS = 10_000
"""Tokens of one text that are kept; a mail that says more is no letter."""

MOST_BYTES = 150_000
"""Of one text's tokens in UTF-8: PostgreSQL takes a megabyte for the four texts of a mail with their positions."""

LONGEST_TEXT = 400_000
LONGEST_QUERY = 1_000
MOST_WANTED = 30
LONGEST_TOKEN = 60
_FRESH, _HALF_LIFE_DAYS = 1.0, 90
"""A mail of today counts up to twice as much as an old one, a mail of ninety days ago half of that more."""

PREFIX_FROM = 3
"""Letters of a word from which its beginning is enough."""

_CJK_SPANS = (
    ("\u3005", "\u3007"),
    ("\u3040", "\u30ff"),
    ("\u31f0", "\u31ff"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uac00", "\ud7af"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)
_CJK = "".join(f"{first}-{last}" for first, last in _CJK_SPANS)
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_LINE_END, _BLANK = (r"[ \t\n]", r"(?:(?<=\n)|(?<!\n)[ \t]*\n)[ \t\u3000]*"), (r"[ \u3000]", r"[ \u3000]*")
"""What may stand between two characters: its first sign, and the rest."""
_PIECE = re.compile(r'(-?)(?:([^\W\d_]{2,12})[:：])?("[^"]*"?|「[^」]*」?|[^\s"]+)')

FIELDS = {
    "from": "from",
    "to": "to",
    "customer": "customer",
    "case": "case",
    "before": "before",
    "after": "after",
    "has": "has",
    "promise": "promise",
    "差出人": "from",
    "宛先": "to",
    "客先": "customer",
    "顧客": "customer",
    "案件": "case",
    "以前": "before",
    "以後": "after",
    "約束": "promise",
}
"""What may stand before a colon, and what it means; anything else there is a word like others."""

ATTACHMENT, OPEN = ("attachment", "attachments", "添付"), ("open", "未了", "未完了")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A phrase of tokens; `begins`: the last one may go on. `field` is `from`, `to` or empty for anywhere."""

    tokens: tuple[str, ...]
    words: str
    begins: bool = False
    field: str = ""
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: phrases that must all be there, and conditions. `before` and `after` are as typed.

    `unknown` are values of `has:` and `promise:` that mean nothing.
    """

    wanted: tuple[Wanted, ...] = ()
    customer: str = ""
    case: str = ""
    before: str = ""
    after: str = ""
    attachment: bool = False
    promise_open: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for: words to leave out alone find nothing either."""
        conditions = (self.customer, self.case, self.before, self.after, self.attachment, self.promise_open)
        return not any(conditions) and all(one.unwanted for one in self.wanted)


@cache
def _gap(first: str, rest: str) -> "re.Pattern[str]":
    """What stands between two characters that are written without it. Compiled when met: classes this wide cost 6 ms
    each, and few queries have lines."""
    return re.compile(rf"{first}(?<=[{_CJK}]{first}){rest}(?=[{_CJK}])")


def _is_cjk(character: str) -> bool:
    return character >= _CJK_SPANS[0][0] and any(first <= character <= last for first, last in _CJK_SPANS)


def fold(text: str) -> str:
    """A text as it is compared: compatibility forms and case folded, hard-wrapped Japanese lines joined."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()
    return _gap(*_LINE_END).sub("", folded) if "\n" in folded and not folded.isascii() else folded


def tokens(text: str) -> list[str]:
    """A text's tokens in order, as they are stored."""
    found: list[str] = []
    left = MOST_BYTES
    for run in _RUN.finditer(fold(text)):
        pairs = _pairs(run.group(), ends=True)[: MOST_TOKENS - len(found)]
        left -= len("".join(pairs).encode())
        if left < 0 or not pairs:
            break
        found += pairs
    return found


def _pairs(run: str, *, ends: bool) -> list[str]:
    """A word as it is; a run of characters as pairs, its last character alone behind them if the run `ends` there."""
    if not _is_cjk(run[0]):
        return [run[:LONGEST_TOKEN]]
    pairs = [run[n : n + 2] for n in range(len(run) - 1)]
    return [*pairs, run[-1]] if ends or not pairs else pairs


def parse(text: str) -> Query:
    """A query as typed: words, `"a phrase"`, `-unwanted`, and `from:` `to:` `customer:` `case:` `before:` `after:`
    `has:attachment` `promise:open`, or their Japanese names."""
    wanted: list[Wanted] = []
    said: dict[str, str] = {}
    flags: list[tuple[str, str]] = []
    for minus, before_colon, raw in list(_PIECE.findall(text[:LONGEST_QUERY]))[:MOST_WANTED]:
        field = FIELDS.get(unicodedata.normalize("NFKC", before_colon).casefold(), "")
        value = raw.strip('"「」')
        if field in ("customer", "case", "before", "after"):
            said[field] = value
        elif field in ("has", "promise"):
            flags.append((field, value.casefold()))
        else:
            words = value if field or not before_colon else f"{before_colon}:{value}"
            wanted += _wanted(words, field, quoted=raw[0] in '"「', unwanted=bool(minus))
    has = [value for field, value in flags if field == "has"]
    promised = [value for field, value in flags if field == "promise"]
    return Query(
        wanted=tuple(wanted),
        attachment=any(value in ATTACHMENT for value in has),
        promise_open=any(value in OPEN for value in promised),
        unknown=tuple(
            f"{field}:{value}" for field, value in flags if value not in {"has": ATTACHMENT, "promise": OPEN}[field]
        ),
        **said,
    )


def _wanted(words: str, field: str, *, quoted: bool, unwanted: bool) -> Iterator[Wanted]:
    folded = fold(words)
    runs = _RUN.findall(_gap(*_BLANK).sub("", folded) if " " in folded else folded)
    if not runs:
        return
    phrase = [token for run in runs[:-1] for token in _pairs(run, ends=True)] + _pairs(runs[-1], ends=False)
    last = phrase[-1]
    begins = len(last) == 1 if _is_cjk(last[0]) else not quoted and len(phrase) == 1 and len(last) >= PREFIX_FROM
    yield Wanted(tuple(phrase), folded, begins, field, unwanted)


def in_order(found: Iterable[tuple[int, float, datetime]]) -> list[int]:
    """Numbers of hits, given with rank and moment, in the order to be shown: a new one before an old one as good."""
    every = list(found)
    newest = max((at for _, _, at in every), default=None)
    if newest is None:
        return []

    def worth(one: tuple[int, float, datetime]) -> float:
        _, rank, at = one
        return float(rank * (1 + _FRESH * 0.5 ** ((newest - at).days / _HALF_LIFE_DAYS)))

    return [number for number, _, _ in sorted(every, key=worth, reverse=True)]


def sentence(texts: Iterable[str], query: Query) -> str:
    """The sentence of these texts that holds most of the wanted words, the first of several; empty without a hit."""
    best, most = "", 0
    for text in texts:
        for each in split(text):
            found = len(hits(each.text, query))
            if found > most:
                best, most = each.text, found
    return best


def hits(text: str, query: Query) -> tuple[str, ...]:
    """The wanted words that a text holds, folded."""
    folded = fold(text)
    return tuple(one.words for one in query.wanted if not one.unwanted and one.field == "" and _holds(folded, one))


def _holds(folded: str, one: Wanted) -> bool:
    if any(map(_is_cjk, one.words)):
        return "".join(one.words.split()) in "".join(folded.split())
    ending = "" if one.begins else r"(?!\w)"
    return re.search(rf"(?<!\w){re.escape(one.words)}{ending}", folded) is not None


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where in a text folded words stand, as start and end, not overlapping; for a text that folding keeps as long."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if len(folded) != len(text):
        return []
    found = sorted((match.start(), match.end()) for word in words for match in re.finditer(re.escape(word), folded))
    kept: list[tuple[int, int]] = []
    for start, end in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
