"""Lists and tables of what is promised for when, under a line that promises them all:

    We will visit the schools as follows:
    Oak Lane       Mon, Mar 16   8:00 AM

Groups of `notes.phrases`: `plan-intro` (a line that says a plan of ours follows), `not-plan` (of others, or of the
past), `items-follow` ("as follows", 下記), `not-item`. A promise that ends in a colon introduces a list, too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from notes.model import DateFound
from notes.phrases import Phrases, plain
from notes.sentences import Sentence, has_columns

MOST_ITEMS = 30
LONGEST_ROW = 90
LONGEST_INTRO = 120
MOST_WORDS, MOST_SIGNS = 9, 60  # of an item beside its date; what says more is a sentence of its own
DATE = "<date>"
COLON = (":", "：")
NAMES_DAY = re.compile(
    r"\d|[本今明翌来][日週月朝晩夜夕]|夕|昼|あす|あした|あさって|きょう|よう[日び]|ついたち|[曜末週]|days?\b|\b(?:mon|tue|wed|thu|fri)"
    r"|tom+or+ow|tmr|tonight|noon|\be\.?o\.?d|\bhalf (?:past )?[a-z]|\bquarter (?:past|to)\b|ish\b|o'clock"
    r"|\b(?:week|wk|month|fortnight|hour|minute|morning|afternoon|evening|night|overnight|teatime|midday)"
)


def names_day(text: str) -> bool:
    """Whether a text may name a day."""
    return NAMES_DAY.search(text.lower()) is not None


@dataclass(frozen=True, slots=True)
class Schedule:
    """By number of sentence: the items with their dates, the lines that introduce them, and items of other lists, those
    of them that are `foreign`: of others, or of the past."""

    items: dict[int, DateFound] = field(default_factory=dict)
    intros: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()
    foreign: frozenset[int] = frozenset()


def schedule(
    sentences: Sequence[Sentence],
    commits: Callable[[str], bool],
    dates: Callable[[str], Sequence[DateFound]],
    phrases: Phrases,
) -> Schedule:
    """The dated items of lists that we promise. `commits` tells whether a sentence promises, `dates` what days it
    names; both are given it in the form of `phrases.plain`.
    """
    items: dict[int, DateFound] = {}
    intros: set[int] = set()
    others: set[int] = set()
    foreign: set[int] = set()
    for index in range(len(sentences) - 1):
        if index in items or index in others or not _leads(sentences[index], sentences[index + 1], phrases):
            continue
        text = plain(sentences[index].text)
        if len(items) < MOST_ITEMS and _promises(text, commits, phrases):
            below = _items(sentences, index + 1, dates, phrases)
            items |= below
            intros |= {index} if below else set()
        else:
            listed = set(_list(sentences, index + 1))
            others |= listed
            foreign |= listed if phrases.has("not-plan", text) else set()
    return Schedule(items, frozenset(intros), frozenset(others), frozenset(foreign))


def masked(text: str, dates: Sequence[DateFound]) -> str:
    """A text with each date in it written as `<date>`."""
    for found in reversed(dates):
        text = f"{text[: found.start]}{DATE}{text[found.end :]}"
    return text


def _leads(above: Sentence, below: Sentence, phrases: Phrases) -> bool:
    """Whether a line leads to a list or table: by its colon, else by its words."""
    if len(above.text) > LONGEST_INTRO or not _may_be_item(below):
        return False
    if above.text.endswith(COLON):
        return True
    if above.bullet or not (below.bullet or has_columns(below.text) or names_day(below.text)):
        return False
    text = plain(above.text)
    if any(phrases.has(group, text) for group in ("items-follow", "plan-intro")):
        return True
    return not text.endswith(("。", ".")) and phrases.has("not-plan", text)


def _promises(text: str, commits: Callable[[str], bool], phrases: Phrases) -> bool:
    """Whether such a line promises what is listed below it."""
    if phrases.has("not-plan", text):
        return False
    return phrases.has("plan-intro", text) or commits(text.rstrip("".join(COLON)))


def _list(sentences: Sequence[Sentence], first: int) -> Iterator[int]:
    """The items of a list or rows of a table, from a sentence on."""
    bullets = sentences[first].bullet
    for index in range(first, min(first + MOST_ITEMS, len(sentences))):
        if sentences[index].bullet is not bullets or not _may_be_item(sentences[index]):
            return
        yield index


def _may_be_item(sentence: Sentence) -> bool:
    return sentence.bullet or (len(sentence.text) <= LONGEST_ROW and not sentence.text.endswith(("。", "?", "？")))


def _items(
    sentences: Sequence[Sentence], first: int, dates: Callable[[str], Sequence[DateFound]], phrases: Phrases
) -> dict[int, DateFound]:
    """The items with a date, up to a row without one."""
    found: dict[int, DateFound] = {}
    for index in _list(sentences, first):
        text = plain(sentences[index].text)
        dated = None if phrases.has("not-item", text) else _ahead(text, dates(text))
        if dated:
            found[index] = dated
        elif not sentences[index].bullet and index > first:
            break  # the first row may be a table's head
    return found


def _ahead(text: str, dates: Sequence[DateFound]) -> DateFound | None:
    """The day an item names, if it says little else: the first that is not over."""
    rest = masked(text, dates)
    if len(rest.split()) > MOST_WORDS or len(rest) > MOST_SIGNS:
        return None
    return next((one for one in dates if one.due.to and one.deadline), None)
