"""What passed between us and the customer: the last words of each side, what never arrived, how to reach them."""

import re
import tomllib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from notes.model import Direction, Filed, Kind, Person
from notes.undelivered import lost

BY_MACHINE = frozenset({Kind.AUTO, Kind.BOUNCE})
TALKS = (Kind.CALL, Kind.MEETING)
LONGEST_TEXT = 20_000
LONGEST_WISH = 300


@dataclass(frozen=True, slots=True)
class Returned:
    """A mail of ours that its `bounce` gave back."""

    mail: Filed
    bounce: Filed


@dataclass(frozen=True, slots=True)
class Wish:
    """How the customer wants to be reached, in the words of the mail `ref`: "tomorrow" counts from `at`."""

    quote: str
    ref: str
    at: datetime


def strangers(who: Iterable[Person]) -> frozenset[str]:
    """Addresses of whom the customer hears nothing: ours, and where the customer's people are known, all others."""
    everybody = list(who)
    known = any(one.role == "customer" for one in everybody)
    return frozenset(one.address for one in everybody if one.role == "staff" or (known and one.role == "other"))


def last(mails: Sequence[Filed], direction: Direction, others: Container[str]) -> Filed | None:
    """The newest of these mails, in order of time, that a person of that side wrote to the other and that arrived.

    What a supplier (`others`: see `strangers`) wrote, or was written, is none of it.
    """
    came_back = lost(mails)
    wrote = (one for one in reversed(mails) if one.direction is direction and one.kind not in BY_MACHINE)
    return next((one for one in wrote if one.ref not in came_back and _between(one, others)), None)


def _between(mail: Filed, others: Container[str]) -> bool:
    """Whether somebody beyond us and these `others` wrote the mail or got it; also of a memo, which names nobody."""
    outside = (mail.sender,) if mail.direction is Direction.IN else (*mail.to, *mail.cc)
    return not outside or any(one.address not in others for one in outside)


def returned(mails: Sequence[Filed]) -> tuple[Returned, ...]:
    """Our mails, in order of time, that came back and after which nothing else of ours reached anybody outside."""
    bounces = {ref: mail for mail in mails for ref in mail.bounced}
    found: list[Returned] = []
    for mail in mails:
        if mail.kind in TALKS:
            found = []
        elif mail.direction is Direction.OUT and mail.kind not in BY_MACHINE:
            found = [*found, Returned(mail, bounces[mail.ref])] if mail.ref in bounces else []
    return tuple(found)


def wish(mails: Sequence[Filed], others: Container[str]) -> Wish | None:
    """How the customer asked to be reached in their newest mail, as long as nothing of ours has reached them since."""
    heard, said = last(mails, Direction.IN, others), last(mails, Direction.OUT, others)
    if heard is None or (said and said.at > heard.at):
        return None
    text = heard.new_text[:LONGEST_TEXT]
    if not _calls().search(text):
        return None
    from notes.sentences import split  # its patterns cost a page 20 ms, and few mails get here

    sentences = (one.text for one in split(text))
    found = next((one for one in sentences if _calls().search(one) and not _courtesies().search(one)), "")
    return Wish(found[:LONGEST_WISH], heard.ref, heard.at) if found else None


def addressee(memo: Filed, who: Iterable[Person]) -> Person | None:
    """Whom of the customer's people a memo is about: the one whom its words name, if it is one alone."""
    text = f"{memo.subject}\n{memo.new_text[:LONGEST_TEXT]}"
    named = [one for one in who if one.role == "customer" and one.name and _names(text, one.name)]
    return named[0] if len({one.name for one in named}) == 1 else None


def _names(text: str, name: str) -> bool:
    """Whether a text bears a part of a name: a Latin one as a word, `山田` wherever it stands."""
    parts = [part for part in re.split(r"[\s\u3000・,.]+", name)[:6] if len(part) > (2 if part.isascii() else 1)]
    latin = (re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE) for part in parts if part.isascii())
    return any(part in text for part in parts if not part.isascii()) or any(latin)


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads(files("notes.phrases").joinpath("reaching.toml").read_text(encoding="utf-8"))


@cache
def _calls() -> "re.Pattern[str]":
    return re.compile("|".join(_words()["wanted"]), re.IGNORECASE)


@cache
def _courtesies() -> "re.Pattern[str]":
    return re.compile("|".join(_words()["courtesy"]), re.IGNORECASE)
