"""What a mail asks about its people, and what the store answers: the keys customers are known by.

A party is somebody outside who takes part in a mail. Names come in kinds: `company` (the whole name's key), `short`
(what people call it), `person` (full names), `called` (one word of those), `label` (words of a domain, or of an address
that borrows them), `sound` (the same as they are spoken, to be found by kana), `local` (the part of an address
before the @) and `phone` (a telephone number, by its last digits).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from unicodedata import normalize

from notes.companies import (
    called,
    company_key,
    free_mail,
    is_full_name,
    labels,
    local_labels,
    parts_of,
    person_key,
    registrable,
    short_names,
    sound,
    words,
)
from notes.mentions import addressed_companies, addressees, introductions, mentions, own_companies
from notes.model import SUGGESTING, Address, Customer, Direction, Directory, Kind, Message
from notes.traits import is_ours, returned_addresses

Name = tuple[str, str]
"""A name a customer is known by: kind and folded value."""

_MOST_PARTIES = 30
_DIALLED = re.compile(r"(?<![\d])[+(]?\d[\d ().\u2010-\u2015-]{7,22}\d(?!\d)")
_SAME_DIGITS, _MOST_DIGITS = 9, 15
"""By so many digits at its end a number is the same with and without its country's and its trunk prefix; the most that
a number has (ITU-T E.164)."""

_MEMO_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Keys:
    """What to look up for a mail, or to remember of a customer: addresses, registrable domains, and names.

    `suggested` are addresses that may be the customer's; whose they are is for a person to say.
    """

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    names: frozenset[Name] = frozenset()
    suggested: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The customers that the store knows under the keys asked for.

    A name may be borne by several customers; one borne by more than eight tells nothing and may be left out.
    `suggested`: whose an address is by names alone. `refused`: ids of the customers that, as people say, an address
    is not of.
    """

    addresses: Mapping[str, Customer] = field(default_factory=dict)
    domains: Mapping[str, Customer] = field(default_factory=dict)
    names: Mapping[Name, tuple[Customer, ...]] = field(default_factory=dict)
    suggested: Mapping[str, Customer] = field(default_factory=dict)
    refused: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerDecision:
    """The customer a mail is with, by which rule and how sure (0 to 1); `new`: not in the store yet.

    `customer` None: `reason` is the code why the mail is unfiled, unless `notes.cases` finds its case.
    `asks`: whose cases to try, as arguments for the store's `candidates`: customer ids, None for anybody's.
    `named`: customers that the mail speaks of; without a customer known, `score` is how sure that naming is.
    """

    customer: Customer | None
    new: bool = False
    reason: str = ""
    rule: str = ""
    score: float = 0.0
    asks: tuple[str | None, ...] = ()
    named: tuple[Customer, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether a person should say if this is the customer."""
        return self.customer is not None and self.rule in SUGGESTING


def keys(message: Message, directory: Directory) -> Keys:
    """What to look up for a message: some hundred keys at most, however long the mail is."""
    parties = parties_of(message, directory)
    names = _names_to_ask(message, directory, parties)
    few = frozenset(name for name in names if name[1] and len(name[1]) < 80)
    first = frozenset(party.address for party in parties[:1])
    return replace(_keys_of_people(message, parties), names=few, suggested=first)


def keys_of_answer(message: Message, directory: Directory) -> Keys:
    """What to look up for a mail that follows one in a case, whose customer it most likely has: no names."""
    return _keys_of_people(message, parties_of(message, directory))


def _keys_of_people(message: Message, parties: Sequence[Address]) -> Keys:
    return Keys(
        frozenset(party.address for party in parties) | frozenset(returned_to(message)),
        frozenset(domain for party in parties if (domain := company_domain(party.address))),
    )


def _names_to_ask(message: Message, directory: Directory, parties: Sequence[Address]) -> set[Name]:
    names = {name for party in parties[:4] for name in names_at(party)}
    for written in names_borne(message, directory, parties):
        names |= company_names(written)
    for written in mentions(message):
        names |= names_written(written)
    return names if parties else names | numbers_written(message)


def numbers_written(message: Message) -> set[Name]:
    """The telephone numbers in what a mail says, as in a memo: "call from 06-1234-5678"."""
    return dialled(f"{message.subject}\n{message.new_text[:_MEMO_LENGTH]}")


def dialled(text: str) -> set[Name]:
    """The telephone numbers in a text, however they are written: `06(1234)5678` and `+81 6-1234-5678` are one."""
    digits = (re.sub(r"\D", "", found) for found in _DIALLED.findall(normalize("NFKC", text)))
    return {("phone", one[-_SAME_DIGITS:]) for one in digits if _SAME_DIGITS < len(one) <= _MOST_DIGITS}


def parties_of(message: Message, directory: Directory) -> tuple[Address, ...]:
    """People outside: the writer, To before Cc, then those of the mails inside it."""
    inside = [who for each in message.forwarded[:3] for who in (each.sender, *each.to, *each.cc)]
    everybody = (message.sender, *message.to, *message.cc, *message.bcc, *inside)
    found = {
        who.address: who for who in reversed(everybody[:200]) if who.address and not is_ours(directory, who.address)
    }
    return tuple(reversed(found.values()))[:_MOST_PARTIES]


def returned_to(message: Message) -> tuple[str, ...]:
    """Addresses in the text of a bounce: whom it did not reach."""
    return returned_addresses(message) if message.kind is Kind.BOUNCE else ()


def company_domain(address: str) -> str:
    """The registrable domain that stands for a company, or an empty string at free-mail providers."""
    domain = address.rpartition("@")[2]
    return "" if not domain or free_mail(domain) else registrable(domain)


def names_borne(message: Message, directory: Directory, parties: Sequence[Address]) -> tuple[str, ...]:
    """How the weightiest party is named: by the writer himself, or by us who write to him."""
    if not parties:
        return ()
    ours = company_key(directory.organisation)
    if parties[0].address == message.sender.address:
        found: Iterable[str] = introductions(message)
    elif direction(message, directory) is Direction.OUT:
        found = (*parts_of(parties[0].name), *addressees(message))
    else:
        found = parts_of(parties[0].name)
    return tuple(name for name in found if company_key(name) != ours)


@lru_cache(maxsize=512)
def names_at(party: Address) -> frozenset[Name]:
    """Names that an address and its display name bear: persons, and what may come from a company's domain."""
    found: set[Name] = {("person", person_key(part)) for part in parts_of(party.name) if is_full_name(part)}
    found |= {("called", word) for part in parts_of(party.name)[:1] for word in called(part)}
    domain = company_domain(party.address)
    borrowed = labels(domain) if domain else local_labels(party.address)
    found |= {("sound", spoken) for label in borrowed if len(spoken := sound(label)) > 3}
    local = party.address.partition("@")[0]
    found |= {("local", local)} if local not in words("roles") else set()
    return frozenset(found | {("label", label) for label in borrowed})


def company_names(name: str) -> set[Name]:
    """What a company may be known by when somebody writes this of it."""
    whole = company_key(name)
    return {(kind, key) for key in (whole, *short_names(name)) for kind in ("company", "short")} if whole else set()


@lru_cache(maxsize=4096)
def names_written(name: str) -> frozenset[Name]:
    """What may be known under these words of a text, of a company or of a person."""
    whole = company_key(name)
    if not whole:
        return frozenset()
    found = company_names(name) | {("person", person_key(name)), ("label", whole)}
    found |= {("called", word) for word in called(name)}
    found |= {("sound", spoken) for key in (whole, *short_names(name)) if len(spoken := _kana(key)) > 3}
    return frozenset(found)


def _kana(text: str) -> str:
    """How a word of kana is spoken; empty for one with other signs."""
    return "" if text.isascii() else sound(text)


def companies_written(message: Message, directory: Directory, parties: Sequence[Address]) -> list[str]:
    """The first party's company as surely written, by its writer or by us over our letter; no person's name."""
    if not parties:
        return []
    if parties[0].address == message.sender.address:
        return own_companies(message)
    if direction(message, directory) is not Direction.OUT:
        return []
    person, ours = person_key(parties[0].name), company_key(directory.organisation)
    found = [(name, company_key(name)) for name in addressed_companies(message)]
    return [name for name, key in found if key and key != ours and key != person]


def known_as(name: str) -> set[Name]:
    whole = company_key(name)
    return {("company", whole), *(("short", each) for each in short_names(name))} if whole else set()


def direction(message: Message, directory: Directory) -> Direction:
    """From whom to whom: written by one of us to nobody outside is internal."""
    if not is_ours(directory, message.sender.address):
        return Direction.IN
    outside = any(not is_ours(directory, to.address) for to in (*message.to, *message.cc, *message.bcc))
    return Direction.OUT if outside else Direction.INTERNAL
