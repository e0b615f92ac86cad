"""What a search finds: the query as typed, its names and dates understood, and the mails, notes and customers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cli import moments, named
from notes.errors import UsageError
from notes.model import Customer, PromiseState
from notes.search import Query, fold, in_order, parse, sentence
from notes.store import cases, customers, search
from notes.store.search import Hit, Scope

if TYPE_CHECKING:
    from cli.diary import Diary

WEIGHED = 400
"""Hits that are weighed by their age, too, and looked through for open promises."""

MOST_CUSTOMERS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as it is shown: the sentence in which it was found, its number on its case's page, its customer."""

    hit: Hit
    sentence: str
    number: int | None
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was found for `typed`; `more`: there are hits beyond those listed."""

    typed: str
    query: Query
    customers: tuple[Customer, ...]
    lines: tuple[Line, ...]
    more: bool


def typed(words: Sequence[str]) -> str:
    """The query of a command line: a word with blanks in it was a phrase to the shell, and is one to us."""
    return " ".join(_as_phrase(word) if " " in word.strip() and len(words) > 1 else word for word in words)


def _as_phrase(word: str) -> str:
    field, colon, value = word.partition(":")
    return f'{field}:"{value}"' if colon and " " not in field else f'"{word}"'


def find(diary: "Diary", words: str, limit: int) -> Lookup:
    """Hits for a query, best first. Raises `UsageError` for one that asks nothing, `NotFoundError` for its names."""
    query = parse(words)
    if query.unknown:
        raise UsageError("bad-condition", given=query.unknown)
    if query.is_empty:
        raise UsageError("no-words-to-find")
    found = search.find(diary.db, query, _scope(diary, query), WEIGHED)
    ids = in_order((one.id, one.rank, one.at) for one in found) if any(one.rank for one in found) else _ids(found)
    chosen = list(_first(_open_ones(diary, ids) if query.promise_open else iter(ids), limit + 1))
    return Lookup(words, query, _customers(diary, query), _lines(diary, query, chosen[:limit]), len(chosen) > limit)


def _ids(found: Sequence[search.Found]) -> list[int]:
    return [one.id for one in found]


def _first(ids: Iterator[int], count: int) -> Iterator[int]:
    for _, number in zip(range(count), ids, strict=False):
        yield number


def _scope(diary: "Diary", query: Query) -> Scope:
    before = _moment(diary, query.before)
    if diary.past:
        before = min(before, diary.now) if before else diary.now
    return Scope(
        customer=named.customer(diary.db, query.customer) if query.customer else None,
        case=named.case(diary.db, [query.case]) if query.case else None,
        before=before,
        after=_moment(diary, query.after),
        attachment=query.attachment,
    )


def _moment(diary: "Diary", words: str) -> datetime | None:
    """The first moment of a day; `before:` and `after:` mean it alike."""
    if not words:
        return None
    moment = moments.read(words, diary.desk.zone)
    return moment.replace(hour=0, minute=0, second=0) if len(words) == len("YYYY-MM-DD") else moment


def _open_ones(diary: "Diary", ids: Sequence[int]) -> Iterator[int]:
    """Those in which a promise was made that is neither kept nor withdrawn."""
    owed: dict[str, set[str]] = {}
    for number, hit in sorted(search.hits(diary.db, ids).items(), key=lambda item: ids.index(item[0])):
        if hit.case and hit.case not in owed:
            owed[hit.case] = set(_owed_in(diary, hit.case))
        if hit.case and hit.ref in owed[hit.case]:
            yield number


def _owed_in(diary: "Diary", key: str) -> Iterator[str]:
    for promise in diary.standing(key).promises:
        if not promise.rejected and promise.state(diary.now) in (PromiseState.OPEN, PromiseState.OVERDUE):
            yield from (promise.made_in, *promise.also_in)


def _customers(diary: "Diary", query: Query) -> tuple[Customer, ...]:
    """Customers whose names hold all the words."""
    wanted = [one.words for one in query.wanted if not one.unwanted and not one.field]
    if not wanted:
        return ()
    names = customers.names(diary.db)
    found = [id_ for id_, name in names.items() if all(word in fold(f"{id_} {name}") for word in wanted)]
    return tuple(customers.by_id(diary.db, found[:MOST_CUSTOMERS]).values())


def _lines(diary: "Diary", query: Query, ids: Sequence[int]) -> tuple[Line, ...]:
    hits = search.hits(diary.db, ids)
    keys = sorted({hit.case for hit in hits.values() if hit.case})
    numbers, owners = search.numbers(diary.db, keys), cases.customers_of(diary.db, keys)
    return tuple(
        Line(hit, _sentence(hit, query), numbers.get(hit.ref), owners.get(hit.case or ""))
        for hit in (hits[number] for number in ids if number in hits)
    )


def _sentence(hit: Hit, query: Query) -> str:
    texts = [hit.new_text, *(inner.text for inner in hit.forwarded)]
    files = [one.name for one in hit.attachments]
    return sentence(texts, query) or sentence(files, query)
