"""Customers as text and as JSON: what they are known by, what waits for a person's word, and what one did."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cli import typed
from cli.acquaintances import Changed, Listed
from cli.as_json import iso
from cli.columns import flow, pad, wrap
from cli.paper import Paper
from cli.render_words import one_line, rule_words
from cli.words import say
from notes.model import Correction
from notes.store.customers import Suggestion
from notes.store.decided_customers import listed as entries
from notes.store.writers import Writer

MOST_ADDRESSES = 4
"""Addresses shown of each customer in a list of several."""


def listed(customers: Sequence[Listed], paper: Paper, *, whole: bool) -> list[str]:
    """A paragraph a customer; `whole`: all of its addresses."""
    lines: list[str] = []
    for one in customers:
        lines += ["", *_customer(one, paper, whole=whole)] if lines else _customer(one, paper, whole=whole)
    return lines or [say("customer.none")]


def _customer(one: Listed, paper: Paper, *, whole: bool) -> Iterator[str]:
    customer = one.customer
    count = say("customer.cases", n=one.cases, open=one.open)
    head = flow((f"{customer.id}  {one_line(customer.name)}", count), paper.columns)
    yield from (paper.paint(line, "bold") for line in head)
    yield from _field("customer.domains", customer.domains, paper)
    shown = customer.addresses if whole else customer.addresses[:MOST_ADDRESSES]
    for n, address in enumerate(shown):
        yield from _field("customer.addresses" if n == 0 else None, _person(address, one.people), paper)
    if len(shown) < len(customer.addresses):
        rest = say("customer.more", n=len(customer.addresses) - len(shown))
        yield from _field(None, (rest, paper.command("customer", "list", customer.id)), paper)
    yield from _field("customer.aliases", customer.aliases, paper)
    yield from _field("customer.merged", one.merged, paper)
    for each in one.suggestions:
        yield from _suggestion(each, one, paper)


def _field(title: str | None, parts: Sequence[str], paper: Paper) -> Iterator[str]:
    wide = int(say("customer.field-columns"))
    for n, line in enumerate(flow(map(one_line, parts), paper.columns - wide - 4)):
        yield f"  {pad(say(title) if title and n == 0 else '', wide)}  {line}"


def _person(address: str, people: Mapping[str, Writer]) -> tuple[str, ...]:
    """An address and who is behind it, as far as mails and signatures say."""
    who = people.get(address)
    contact = who.contact if who else None
    told = (contact.company, contact.department, contact.title, contact.phone) if contact else ()
    return tuple(part for part in (address, who.name if who else "", *dict.fromkeys(told)) if part)


def _suggestion(each: Suggestion, one: Listed, paper: Paper) -> Iterator[str]:
    why = say("customer.because", reason=rule_words(each.rule))
    yield from _field("customer.perhaps", (*_person(each.address, one.people), why), paper)
    for verb in ("alias", "unalias"):
        command = paper.command(*_command(verb, each))
        yield f"    {pad(say(f'customer.{verb}'), int(say('customer.verb-columns')))} {command}"


def _command(verb: str, each: Suggestion) -> tuple[str, ...]:
    """A stranger's address that looks like an option is none."""
    return ("customer", verb, each.customer, *(["--"] if each.address.startswith("-") else []), each.address)


def changed(done: Changed, paper: Paper) -> list[str]:
    """What a person said, what was filed for it, and how to take it back."""
    told = [say("decided.done", what=sentence(made)) for made in done.told.made]
    lines = [line for text in told for line in wrap(text, paper.columns)]
    for ref, key in done.told.filed.items():
        lines += wrap(say("customer.filed", ref=one_line(ref), case=key), paper.columns)
    again = [made for made in done.told.made if made.kind == "customer-unalias"]
    if again:
        lines += [*wrap(say("customer.stays"), paper.columns), f"  {paper.command('reconsider', '--dry-run')}"]
    return [*lines, say("customer.undo"), f"  {paper.command('undo')}"]


def sentence(made: Correction) -> str:
    """A correction about a customer in words."""
    value = made.value
    what = ", ".join(one_line(each) for name in ("addresses", "domains", "names") for each in entries(value, name))
    former = ", ".join(dict.fromkeys(line.partition(" ")[0] for line in entries(value, "from")))
    moved = made.kind == "customer-alias" and bool(former)
    return say(
        f"decision.{made.kind}{'-from' if moved else ''}",
        customer=made.target,
        into=value.get("into", ""),
        what=what,
        former=one_line(former),
        name=one_line(value.get("name", "")),
    )


def as_json(customers: Sequence[Listed], now: datetime) -> dict[str, Any]:
    """`customer list`."""
    return {"as_of": iso(now), "customers": [_customer_json(one) for one in customers]}


def _customer_json(one: Listed) -> dict[str, Any]:
    customer = one.customer
    return {
        "id": customer.id,
        "name": customer.name,
        "domains": list(customer.domains),
        "addresses": list(customer.addresses),
        "aliases": list(customer.aliases),
        "merged": list(one.merged),
        "cases": one.cases,
        "open": one.open,
        "people": [_writer_json(one.people[each]) for each in customer.addresses if each in one.people],
        "suggestions": [
            {
                "address": each.address,
                "rule": each.rule,
                "who": _writer_json(one.people[each.address]) if each.address in one.people else None,
                "confirm": f"kawari {typed.line(*_command('alias', each))}",
                "refuse": f"kawari {typed.line(*_command('unalias', each))}",
            }
            for each in one.suggestions
        ],
    }


def _writer_json(who: Writer) -> dict[str, Any]:
    contact = who.contact
    return {
        "address": who.address,
        "name": who.name,
        "company": contact.company or None if contact else None,
        "department": contact.department or None if contact else None,
        "title": contact.title or None if contact else None,
        "phone": contact.phone or None if contact else None,
        "messages": who.mails,
    }


def changed_json(done: Changed) -> dict[str, Any]:
    """A correction about customers."""
    customer = done.customer
    return {
        "customer": {
            "id": customer.id,
            "name": customer.name,
            "domains": list(customer.domains),
            "addresses": list(customer.addresses),
            "aliases": list(customer.aliases),
        },
        "corrections": [
            {
                "id": made.id,
                "at": iso(made.at),
                "who": made.who,
                "kind": made.kind,
                "target": made.target,
                "value": dict(made.value),
            }
            for made in done.told.made
        ],
        "filed": [{"ref": ref, "case": key} for ref, key in done.told.filed.items()],
    }
