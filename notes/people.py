"""Who is who in a case: its people with what their signatures say, and whom to ask for at the customer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

from notes.model import SUGGESTING, Address, Contact, Customer, Directory, Filed, Person
from notes.squeezed import squeezed

BRACKETS = re.compile(r"[(（][^()（）]{0,80}[)）]")


def people(mails: Iterable[Filed], customer: Customer, directory: Directory) -> tuple[Person, ...]:
    """Everybody who wrote or was written to, in order of appearance; what signatures say, newest wins.

    Signatures of mails inside mails count, too, at the time when these were written.
    The role is `staff` for ours, `customer` for the customer's own people and those who bear its names, `other` for
    anybody else.
    """
    mails = list(mails)
    likely = {mail.sender.address for mail in mails if mail.joined.customer_rule in SUGGESTING}
    found: dict[str, Person] = {}
    signed: list[tuple[datetime, str, Contact]] = []
    for mail in mails:
        for who in (mail.sender, *mail.to, *mail.cc, *(inner.sender for inner in mail.forwarded)):
            if who.address and who.address not in directory.log_addresses:
                known = found.get(who.address)
                if known is None or (who.name and not known.name):
                    role = role_of(who, customer, directory)
                    likely_role = "customer" if role == "other" and who.address in likely else role
                    found[who.address] = Person(who.name, who.address, likely_role)
        for writer, at, contact in _signatures(mail):
            signed.append((at, writer.address, contact))
    for _, address, contact in sorted(signed, key=itemgetter(0)):
        if address in found:
            found[address] = _with(found[address], contact)
    return tuple(_as_elsewhere(one, found.values()) for one in found.values())


def _as_elsewhere(person: Person, known: Iterable[Person]) -> Person:
    """A customer's person without a signature, as signed in mail from another address of theirs.

    The same full name at the same customer is the same person, unless two of that name sign with different numbers.
    """
    name = _full_name(person)
    if person.phone or person.role != "customer" or not name:
        return person
    same = [one for one in known if one.role == "customer" and one.phone and _full_name(one) == name]
    if len({re.sub(r"\D", "", one.phone or "") for one in same}) != 1:
        return person
    signed = same[-1]
    return replace(
        person,
        phone=signed.phone,
        title=person.title or signed.title,
        company=person.company or signed.company,
        department=person.department or signed.department,
    )


def _full_name(person: Person) -> str:
    """A name for comparing, without what stands in brackets; empty where it is no more than a family name."""
    name = BRACKETS.sub("", person.name or "").strip()
    return squeezed(name) if len(name.split()) > 1 or (len(name) > 2 and not name.isascii()) else ""


def contact(mails: Sequence[Filed], who: Iterable[Person]) -> tuple[Person | None, Person | None]:
    """Whom to ask for at the customer, and who there can be rung up where that one's telephone is not known.

    Of `who` (as `people` tells them) it is who wrote last of the customer's people, else of those outside. `mails` are
    in order of time.
    """
    outside = [one for one in who if one.role != "staff"]
    found = {one.address: one for one in [one for one in outside if one.role == "customer"] or outside}
    writers = dict.fromkeys(mail.sender.address for mail in reversed(mails))
    in_order = [found[one] for one in writers if one in found]
    in_order += [one for one in found.values() if one not in in_order]
    first = next(iter(in_order), None)
    by_phone = next((one for one in in_order if one.phone), None)
    return first, None if first and first.phone else by_phone


def _signatures(mail: Filed) -> Iterator[tuple[Address, datetime, Contact]]:
    if mail.contact:
        yield mail.sender, mail.at, mail.contact
    for inner in mail.forwarded:
        if inner.contact:
            yield inner.sender, inner.date or mail.at, inner.contact


def role_of(who: Address, customer: Customer, directory: Directory) -> str:
    if directory.is_ours(who.address):
        return "staff"
    domain = who.domain
    theirs = who.address in customer.addresses or any(domain == d or domain.endswith(f".{d}") for d in customer.domains)
    return "customer" if theirs else "other"


def _with(person: Person, contact: Contact) -> Person:
    return replace(
        person,
        name=person.name or contact.name,
        phone=contact.phone or person.phone,
        title=contact.title or person.title,
        company=contact.company or person.company,
        department=(contact.department or person.department) if contact.department != contact.title else None,
    )
