"""What one of ours writes into a mail for the diary itself: `#due 12/9 17:00`, `#done`, `#owner suzuki`, `#hint …`.

A tag is a number sign (also the full-width one) at the beginning of a line or behind a space, followed by one of the
words of the groups `tag-…` in `notes/phrases`; it holds down to the next tag or the end of its line. Other words behind
a number sign are text. Whether a writer may say such things is not known here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from notes.due import find_dates
from notes.model import By, Calendar, Due, Filed, Forwarded, Kind, Promise
from notes.phrases import Phrases
from notes.squeezed import squeezed

MOST = 20
LONGEST_LINE = 500
_SIGNS = ("#", "＃")
_SAME_MINUTE = timedelta(seconds=59)
_SIGN = re.compile(r"(?<![^\s。、!)」])#\s?")
_EDGES = " \t\u3000:：=、。,."


class Ask(StrEnum):
    """What a tag asks for."""

    DUE = "due"
    DONE = "done"
    OWNER = "owner"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: what it asks, the words behind it, and the whole of it as it was written."""

    ask: Ask
    words: str
    written: str


@dataclass(frozen=True, slots=True)
class Meant:
    """The promise that a tag is about; several where the words fit several equally well, none where none is open."""

    among: tuple[Promise, ...]

    @property
    def promise(self) -> Promise | None:
        """The one promise meant."""
        return self.among[0] if len(self.among) == 1 else None


def read(text: str, phrases: Phrases) -> tuple[Tag, ...]:
    """The tags of a text, in order."""
    found: list[Tag] = []
    for line in _lines(text):
        found += [tag for tag, _, _ in _tags(line, phrases)]
        if len(found) >= MOST:
            break
    return tuple(found[:MOST])


def without(text: str, phrases: Phrases) -> str:
    """A text without its tags; a line that holds nothing else is gone."""
    if not any(sign in text for sign in _SIGNS):
        return text
    kept = []
    for line in text.split("\n"):
        first = next((start for _, start, _ in _tags(line, phrases)), None)
        rest = line if first is None else line[:first].rstrip()
        kept += [rest] if first is None or rest else []
    return "\n".join(kept)


def due_of(tag: Tag, said_at: datetime, calendar: Calendar) -> tuple[Due, str]:
    """The date that a tag names, reckoned from the moment of writing, and its words but for the date."""
    dates = find_dates(tag.words, said_at=said_at, calendar=calendar)
    named = next((one for one in dates if one.due.to), None)
    if named is None:
        return Due(), tag.words
    return named.due, f"{tag.words[: named.start]} {tag.words[named.end :]}".strip(_EDGES)


def meant(ask: Ask, words: str, promises: Iterable[Promise], mail: Filed, others: Iterable[Filed]) -> Meant:
    """Which of our promises the tag of a mail is about: one that its words name, else one the mail itself is about,
    else the only one that is open. `others`: the mails of its case, one of which it may forward."""
    ours = [one for one in promises if one.by is By.US and not one.rejected]
    still = [one for one in ours if one.is_open]
    settled = [one for one in ours if ask is Ask.DONE and one.kept and one.kept.ref == mail.ref]
    named = _named(words, [*settled, *still])
    if named:
        return Meant((named,))
    about = _originals(mail, others)
    if ask is Ask.DUE or mail.kind is Kind.FORWARD:
        about |= {mail.ref}
    here = [one for one in still if about & {one.made_in, *one.also_in}]
    return Meant(tuple(settled or here or still))


def _named(words: str, promises: Iterable[Promise]) -> Promise | None:
    """The promise whose id stands in the words, else the only one in whose own words they stand."""
    listed = list(promises)
    tokens = set(re.findall(r"[a-z0-9]+", words.casefold()))
    by_id = [one for one in listed if one.id in tokens]
    wanted = squeezed(words).casefold().strip(_EDGES)
    telling = len(wanted) > 1 and not re.fullmatch(r"[ぁ-ゖー]+", wanted)
    by_words = [one for one in listed if telling and wanted in squeezed(one.quote).casefold()]
    found = by_id or by_words
    return found[0] if len(found) == 1 else None


def _originals(mail: Filed, others: Iterable[Filed]) -> set[str]:
    """Refs of the mails that a mail forwards, where the diary holds them: of the same writer and minute."""
    return {other.ref for inner in mail.forwarded for other in others if _is(inner, other)}


def _is(inner: Forwarded, other: Filed) -> bool:
    near = inner.date is not None and abs(other.at - inner.date) <= _SAME_MINUTE
    return near and bool(inner.sender.address) and inner.sender.address == other.sender.address


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if any(sign in line for sign in _SIGNS))


def _tags(line: str, phrases: Phrases) -> list[tuple[Tag, int, int]]:
    """The tags of a line with where each begins and ends in it."""
    if not any(sign in line for sign in _SIGNS):
        return []
    text, places = _folded(line[:LONGEST_LINE])
    begun = [(found.start(), *_ask(text[found.end() :], phrases)) for found in _SIGN.finditer(text)]
    known = [(start, len(text) - len(rest), ask) for start, ask, rest in begun if ask]
    ends = [*(start for start, _, _ in known), len(text)][1:]
    return [
        (
            Tag(ask, line[places[named] : places[end]].strip(_EDGES), line[places[start] : places[end]].strip()),
            places[start],
            places[end],
        )
        for (start, named, ask), end in zip(known, ends, strict=False)
    ]


def _ask(rest: str, phrases: Phrases) -> tuple[Ask | None, str]:
    """What the word behind a number sign asks for, and what follows it."""
    for ask in Ask:
        found = phrases.whole(f"tag-{ask}").match(rest)
        if found and not re.match(r"[A-Za-z0-9][A-Za-z0-9_-]", rest[found.end() - 1 : found.end() + 1]):
            return ask, rest[found.end() :]
    return None, rest


def _folded(line: str) -> tuple[str, list[int]]:
    """A line in compatibility form (NFKC), and for each of its characters where it stands in the line."""
    letters = [(part, at) for at, char in enumerate(line) for part in unicodedata.normalize("NFKC", char)]
    return "".join(part for part, _ in letters), [*(at for _, at in letters), len(line)]
