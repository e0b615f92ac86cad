"""What a filed mail teaches about its customer: under which keys to find it the next time, and a better name for it.

What only names tie to a customer teaches nothing: it is remembered as a suggestion, until a person confirms it.
"""

from notes.companies import company_key, free_mail, parts_of, short_names
from notes.known import (
    CustomerDecision,
    Keys,
    Name,
    companies_written,
    company_domain,
    dialled,
    direction,
    known_as,
    names_at,
    parties_of,
)
from notes.model import Address, Customer, Direction, Directory, Kind, Message


def lessons(message: Message, decision: CustomerDecision, directory: Directory) -> Keys:
    """Under which keys `decision.customer` shall be found from now on, after this message was filed with it.

    Only parties of the customer's own address or domain teach, and the first one of a new customer: not a supplier in
    its thread, nor somebody who is only recognised by name.
    """
    customer = decision.customer
    if not customer:
        return Keys()
    parties = parties_of(message, directory)
    own = [party for party in parties if _belongs(party.address, customer)]
    if decision.rule == "new" and parties and parties[0] not in own:
        own.insert(0, parties[0])
    makeshift = {company_key(part) for party in parties[:4] for part in (party.name, *parts_of(party.name))}
    names = set() if company_key(customer.name) in makeshift else known_as(customer.name)
    for party in own:
        names |= names_at(party) | _numbers_of(party, message)
    if own and parties and own[0] == parties[0]:
        for written in companies_written(message, directory, parties):
            names |= known_as(written)
    return Keys(
        frozenset(party.address for party in own),
        frozenset(),
        frozenset(name for name in names if name[1] and len(name[1]) < 80),
        frozenset(party.address for party in parties[:1] if decision.doubtful and party not in own),
    )


def _numbers_of(party: Address, message: Message) -> set[Name]:
    """The telephone number in the signature of somebody who wrote the mail, or one inside it."""
    signed = [(message.sender, message.contact), *((one.sender, one.contact) for one in message.forwarded[:3])]
    numbers = (dialled(contact.phone) for who, contact in signed if contact and who.address == party.address)
    return set[Name]().union(*numbers)


def guest(message: Message, customer: Customer, directory: Directory) -> str | None:
    """The address of a writer at a free-mail provider who takes part in a case of `customer`: perhaps its own person.

    A company's domain would speak for itself: suppliers and partners take part, too.
    """
    writer = message.sender
    if message.kind in (Kind.AUTO, Kind.BOUNCE) or direction(message, directory) is not Direction.IN:
        return None
    return writer.address if free_mail(writer.domain) and not _belongs(writer.address, customer) else None


def better_name(customer: Customer, message: Message, directory: Directory) -> str | None:
    """A company's name in a mail, for a customer who has only a makeshift one: a person's, a domain, a short name."""
    parties = parties_of(message, directory)
    if not parties or not _belongs(parties[0].address, customer):
        return None
    known = company_key(customer.name)
    others = [name for name in companies_written(message, directory, parties) if company_key(name) != known]
    if not others:
        return None
    makeshift = {company_key(part) for part in (parties[0].name, *parts_of(parties[0].name))}
    makeshift |= {company_key(name) for name in (*customer.domains, *customer.addresses)}
    return next((name for name in others if known in makeshift or known in short_names(name)), None)


def _belongs(address: str, customer: Customer) -> bool:
    return address in customer.addresses or company_domain(address) in customer.domains
