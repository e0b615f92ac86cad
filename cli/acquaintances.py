"""Customers for a face: what there is to list of them, and what a person says of them, read from a command's words."""

import getpass
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import TYPE_CHECKING

from cli import named
from cli.desk import Desk
from ingest import acquainting
from ingest.acquainting import Known, Told
from ingest.correcting import Word
from notes.companies import free_mail, registrable
from notes.errors import NotFoundError, UsageError
from notes.model import CaseState, Customer, Directory
from notes.stands import state_of
from notes.store import customers, writers
from notes.store.customers import Suggestion
from notes.store.writers import Writer

if TYPE_CHECKING:
    from cli.diary import Diary
    from notes.store.engine import Connection

_ADDRESS = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\"]{1,190}")
_DOMAIN = re.compile(r"(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_][\w-]{1,62}")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer with the number of its cases and of the open ones, the ids of those merged into it, and suggestions.

    `people` are the writers behind its addresses, by address, and behind suggested ones.
    """

    customer: Customer
    cases: int
    open: int
    merged: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]
    people: Mapping[str, Writer]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a person said of customers, and the customer concerned as it is now."""

    customer: Customer
    told: Told


def of_diary(diary: "Diary", customer: str | None, *, waiting: bool) -> list[Listed]:
    """Every customer, by id, or one; `waiting`: only those of whom somebody should confirm or refuse something."""
    db = diary.db
    suggested: dict[str, list[Suggestion]] = {}
    for one in customers.suggestions(db):
        suggested.setdefault(one.customer, []).append(one)
    shown = [one for one in customers.all(db) if customer in (None, one.id) and (one.id in suggested or not waiting)]
    held = diary.held(customer=customer)
    every = Counter(one.case.customer.id for one in held)
    still = Counter(one.case.customer.id for one in held if state_of(one, diary.now) is not CaseState.CLOSED)
    merged = customers.merged(db)
    asked = {address for one in shown for address in one.addresses}
    people = writers.of(db, sorted(asked | {each.address for one in shown for each in suggested.get(one.id, ())}))
    return [
        Listed(
            one,
            every[one.id],
            still[one.id],
            tuple(id_ for id_, root in merged.items() if root == one.id),
            tuple(suggested.get(one.id, ())),
            people,
        )
        for one in shown
    ]


def merge(desk: Desk, customer: str, into: str, who: str | None, at: str | None) -> Changed:
    """Says that a customer is another one. Raises `NotFoundError`, `UsageError`."""
    word = whose_word(desk, who, at)

    def act(db: "Connection", goes: Customer) -> Told:
        stays = customers.by_id(db, [named.customer(db, into)])
        return acquainting.merge(db, desk.context(desk.now()), goes, next(iter(stays.values())), word)

    return _change(desk, customer, act)


def alias(desk: Desk, customer: str, given: Sequence[str], who: str | None, at: str | None) -> Changed:
    """Says that a customer has these addresses, domains and names. Raises `NotFoundError`, `UsageError`."""
    word, known = whose_word(desk, who, at), _known(given)
    _may_be_given(known, desk.directory)
    return _change(desk, customer, lambda db, one: acquainting.alias(db, desk.context(desk.now()), one, known, word))


def unalias(desk: Desk, customer: str, given: Sequence[str], who: str | None, at: str | None) -> Changed:
    """Says that a customer does not have these. Raises `NotFoundError`, also for what it does not have."""
    word, known = whose_word(desk, who, at), _known(given)

    def act(db: "Connection", one: Customer) -> Told:
        _has(db, one, known)
        return acquainting.unalias(db, desk.context(desk.now()), one, known, word)

    return _change(desk, customer, act)


def rename(desk: Desk, customer: str, name: Sequence[str], who: str | None, at: str | None) -> Changed:
    """Says what a customer is called. Raises `NotFoundError`, `UsageError`."""
    word, called = whose_word(desk, who, at), _name(" ".join(name))
    return _change(desk, customer, lambda db, one: acquainting.rename(db, desk.context(desk.now()), one, called, word))


def _change(desk: Desk, words: str, act: "Callable[[Connection, Customer], Told]") -> Changed:
    store = desk.store()
    try:
        with store.begin() as db:
            id_ = named.customer(db, words)
            told = act(db, customers.by_id(db, [id_])[id_])
            return Changed(customers.by_id(db, [id_])[id_], told)
    finally:
        store.close()


def whose_word(desk: Desk, who: str | None, at: str | None) -> Word:
    """A staff member by id or name, another name as it stands; without one the login name."""
    person = next((one for one in desk.directory.staff if who in (one.id, one.name, *one.addresses)), None)
    return Word(person.id if person else who or _login(), desk.now(at))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _known(given: Iterable[str]) -> Known:
    """Words of a command as addresses, domains (as somebody registered them) and names."""
    known = Known()
    for each in given:
        text = each.strip()
        address = parseaddr(text)[1].lower() if "@" in text else ""
        if "@" in text:
            if not _ADDRESS.fullmatch(address):
                raise UsageError("bad-address", given=each)
            known = replace(known, addresses=(*known.addresses, address))
        elif _DOMAIN.fullmatch(text):
            known = replace(known, domains=(*known.domains, registrable(text.lower())))
        else:
            known = replace(known, names=(*known.names, _name(text)))
    return Known(*(tuple(dict.fromkeys(some)) for some in (known.addresses, known.domains, known.names)))


def _name(text: str) -> str:
    name = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not name or len(name) > _LONGEST_NAME:
        raise UsageError("bad-name", given=name[:40], most=_LONGEST_NAME)
    return name


def _may_be_given(known: Known, directory: Directory) -> None:
    """Whether the settings leave these to customers, and whether a domain is a company's."""
    for kind, value in known.owned:
        ours = directory.is_ours(value if kind == "address" else f"x@{value}")
        if ours:
            raise UsageError("alias-ours", given=value)
        if kind == "domain" and free_mail(value):
            raise UsageError("alias-free-mail", given=value)
        domain = value.rpartition("@")[2]
        parents = {domain.split(".", n)[-1] for n in range(domain.count(".") + 1)}
        if value in directory.ignored_addresses or not parents.isdisjoint(directory.ignored_domains):
            raise UsageError("alias-ignored", given=value)


def _has(db: "Connection", customer: Customer, known: Known) -> None:
    """Whether a customer has these, or may have them as far as rules say."""
    suggested = {one.address for one in customers.suggestions(db) if one.customer == customer.id}
    had = {*customer.addresses, *customer.domains, *customer.aliases, *suggested}
    for value in (*known.addresses, *known.domains, *known.names):
        inside = "@" in value and registrable(value.rpartition("@")[2]) in customer.domains
        if value not in had and not inside:
            listed = "\n".join(f"  {each}" for each in sorted(had)[: named.MOST_LISTED])
            raise NotFoundError("not-the-customers", given=value, customer=customer.id, candidates=listed)
