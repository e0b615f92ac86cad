"""What people decide about customers, acted on: an event in the log of corrections, and what follows from it.

Decisions lie over what the rules learned (`notes.store.decided_customers`), so cases, keys and what was learned stay
whose they were, and taking one back gives everything back. Of nobody's mail, what comes from an address that became a
customer's is filed now; the event names it, so that it is nobody's again when the decision is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.context import Context
from ingest.filing import stand_again
from ingest.receive import file_all
from notes.errors import UsageError
from notes.model import Correction, Customer
from notes.store import cases, corrections, customers, decided_customers, homes, mails, pending, threads, unfiled
from notes.store.customers import Row

if TYPE_CHECKING:
    from ingest.noting import Word
    from notes.store.engine import Connection

MERGE, ALIAS, UNALIAS, RENAME = "customer-merge", "customer-alias", "customer-unalias", "customer-rename"


@dataclass(frozen=True, slots=True)
class Told:
    """What was decided; `filed`: refs of mails that were nobody's until then, with the keys of their cases."""

    made: tuple[Correction, ...]
    filed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """By what a customer is known or not: addresses, registrable domains, and names as people write them."""

    addresses: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def owned(self) -> list[Row]:
        """What only one customer has."""
        return [("address", each) for each in self.addresses] + [("domain", each) for each in self.domains]

    def value(self) -> dict[str, str]:
        """As a correction keeps it."""
        lists = {"addresses": self.addresses, "domains": self.domains, "names": self.names}
        return {name: "\n".join(entries) for name, entries in lists.items() if entries}


def merge(db: Connection, context: Context, customer: Customer, into: Customer, word: Word) -> Told:
    """Says that two customers are one, `into`. Raises UsageError: `customer-same`, `customer-in-settings`."""
    if customer.id == into.id:
        raise UsageError("customer-same", customer=customer.id)
    _may_change(customer, context)
    return _decide(db, context, MERGE, customer.id, {"into": into.id, "name": customer.name}, word)


def alias(db: Connection, context: Context, customer: Customer, known: Known, word: Word) -> Told:
    """Says that a customer is also known by these. What another one has moves; one who has nothing else is merged.

    Raises UsageError `alias-in-settings` where the settings give it to another customer.
    """
    had = customers.owners(db, known.owned)
    others = customers.by_id(db, {id_ for id_ in had.values() if id_ != customer.id})
    for row in known.owned:
        _not_of_settings(row, customer, context)
    whole = [other for other in others.values() if _has_nothing_else(other, known) and _is_learned(other, context)]
    told = [merge(db, context, other, customer, word) for other in whole]
    moved = {row: id_ for row, id_ in had.items() if id_ in others and others[id_] not in whole}
    kept = [row[1] for row, id_ in had.items() if id_ in others and others[id_] in whole]
    left = Known(
        tuple(each for each in known.addresses if each not in kept),
        tuple(each for each in known.domains if each not in kept),
        known.names,
    )
    if left.value():
        former = {"from": "\n".join(f"{id_} {value}" for (_, value), id_ in moved.items())} if moved else {}
        told.append(_decide(db, context, ALIAS, customer.id, left.value() | former, word))
    return _together(told)


def unalias(db: Connection, context: Context, customer: Customer, known: Known, word: Word) -> Told:
    """Says that these are not the customer's. Raises UsageError `alias-in-settings` where the settings say they are."""
    for kind, value in known.owned:
        if any(value in _of(one, kind) for one in context.directory.customers if one.id == customer.id):
            raise UsageError("alias-in-settings", given=value, customer=customer.id)
    return _decide(db, context, UNALIAS, customer.id, known.value(), word)


def rename(db: Connection, context: Context, customer: Customer, name: str, word: Word) -> Told:
    """Says what a customer is called. Raises UsageError `customer-in-settings`."""
    _may_change(customer, context)
    return _decide(db, context, RENAME, customer.id, {"name": name, "from": customer.name}, word)


def take_back(db: Connection, context: Context, made: Correction) -> tuple[str, ...]:
    """Makes what people decided about customers hold without this decision, which is in force no more by the log.

    Returns the keys of the cases whose customer changed or whose mails are nobody's again.
    """
    before = _cases_of(db, made)
    decided_customers.replay(db, corrections.of_kinds(db, decided_customers.KINDS))
    emptied = _nobodys_again(db, context, decided_customers.listed(made.value, "filed"))
    touched = sorted({*before, *_cases_of(db, made), *emptied})
    stand_again(db, touched, context)
    return tuple(touched)


def _decide(db: Connection, context: Context, kind: str, target: str, value: Mapping[str, str], word: Word) -> Told:
    made = Correction(0, word.at, word.who, kind, target, value)
    before = _cases_of(db, made)
    decided_customers.apply(db, made)
    filed = _file_nobodys(db, context, made) if kind in (MERGE, ALIAS) else {}
    kept = dict(value) | ({"filed": "\n".join(filed)} if filed else {})
    made = corrections.append(db, at=word.at, who=word.who, kind=kind, target=target, value=kept)
    stand_again(db, sorted({*before, *_cases_of(db, made)}), context)
    return Told((made,), filed)


def _file_nobodys(db: Connection, context: Context, made: Correction) -> dict[str, str]:
    """Files the mails of the customer's new addresses that were nobody's; returns those that are in a case now."""
    known = decided_customers.owned(made.value)
    addresses, domains = ([value for kind, value in known if kind == wanted] for wanted in ("address", "domain"))
    refs = unfiled.written_by(db, addresses, domains) if known else []
    waiting = pending.anew(db, refs)
    pending.put_back(db, [one.id for one in waiting])
    stand_again(db, sorted(file_all(db, waiting, context)), context)
    return mails.cases_of(db, refs)


def _nobodys_again(db: Connection, context: Context, refs: Sequence[str]) -> set[str]:
    """Files mails anew that only a decision had filed, unless a person put them where they are; returns their cases."""
    put = homes.pinned(db)
    again = [ref for ref in refs if ref not in put]
    held = homes.of(db, again)
    waiting = pending.anew(db, held)
    homes.put(db, dict.fromkeys(held))
    pending.put_back(db, [one.id for one in waiting])
    empty = [key for key in sorted(set(held.values())) if homes.is_empty(db, key)]
    threads.out_of_cases(db, empty)
    touched = set(held.values()) | file_all(db, waiting, context)
    cases.drop(db, [key for key in empty if homes.is_empty(db, key)])
    return touched


def _cases_of(db: Connection, made: Correction) -> set[str]:
    """The cases of the customers that a decision is about."""
    former = (line.partition(" ")[0] for line in decided_customers.listed(made.value, "from"))
    ids = {made.target, made.value.get("into", ""), *(former if made.kind == ALIAS else ())}
    known = {one.id for one in customers.by_id(db, ids - {""}).values()}
    return {key for id_ in known for key in cases.shown_of(db, id_)}


def _together(told: Iterable[Told]) -> Told:
    made: list[Correction] = []
    filed: dict[str, str] = {}
    for one in told:
        made += one.made
        filed |= one.filed
    return Told(tuple(made), filed)


def _may_change(customer: Customer, context: Context) -> None:
    if not _is_learned(customer, context):
        raise UsageError("customer-in-settings", customer=customer.id)


def _is_learned(customer: Customer, context: Context) -> bool:
    """Whether the settings say nothing of a customer: they stay above all."""
    return all(customer.id != configured.id for configured in context.directory.customers)


def _not_of_settings(row: Row, customer: Customer, context: Context) -> None:
    kind, value = row
    for configured in context.directory.customers:
        if configured.id != customer.id and value in _of(configured, kind):
            raise UsageError("alias-in-settings", given=value, customer=configured.id)


def _of(customer: Customer, kind: str) -> tuple[str, ...]:
    return customer.addresses if kind == "address" else customer.domains


def _has_nothing_else(other: Customer, known: Known) -> bool:
    return {*other.addresses, *other.domains} <= {*known.addresses, *known.domains}
