"""Who is on which side in a case: we, the customer, or a third party such as a supplier.

The customer is given by name, domains and addresses where they are known; else it is the outside domain that takes part
most. People who appear in one mail with the customer's, who share their display name or the first word of their domain
(acme.example, acme-osaka.example), who answer in a thread with them, or write from a free-mail address, are on the
customer's side too. Anyone else is a third party.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notes.companies import free_mail
from notes.model import SUGGESTING, Address, Customer, Direction, Directory, Filed

SHORT_WORD = 4
COMMON = frozenset({"info", "mail", "office", "sales", "contact", "support", "admin", "team", "shop", "service"})
SECOND_LEVEL = frozenset({"co", "ne", "or", "ac", "go", "com", "org", "net", "gr", "lg"})


class Side(StrEnum):
    """On which side of a case somebody stands."""

    US = "us"
    CUSTOMER = "customer"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Parties:
    """The sides of one case."""

    directory: Directory
    customers: frozenset[str]

    def side(self, address: str) -> Side:
        """The side of an address (lower case)."""
        if self.directory.is_ours(address):
            return Side.US
        return Side.CUSTOMER if address in self.customers else Side.OTHER

    def reaches_customer(self, mail: Filed) -> bool:
        """Whether a mail of ours goes to somebody on the customer's side."""
        return any(to.address in self.customers for to in (*mail.to, *mail.cc))


def know(mails: Sequence[Filed], directory: Directory, customer: Customer | None = None) -> Parties:
    """The sides of a case, from its mails and what is known of its customer."""
    groups = [_outsiders(mail, directory) for mail in mails]
    everyone = {person.address: person for group in groups for person in group}
    mine = {address for address in everyone if customer and _belongs(address, customer)}
    if not mine:
        mine = _most_present(groups)
    mine |= _akin(mine, everyone.values())
    for _ in range(2):  # a friend's friend, no further
        names = {_name(everyone[address]) for address in mine} - {""}
        stems = {_stem(address) for address in mine} - {""}
        mine |= {person.address for group in groups if _meets(group, mine) for person in group}
        mine |= {a for a, person in everyone.items() if _name(person) in names or _stem(a) in stems}
        mine |= _answering(mails, mine, directory)
    return Parties(directory, frozenset(mine))


def _akin(mine: set[str], everyone: Iterable[Address]) -> set[str]:
    """Of a customer known by private addresses only: who bears a word of one in the own address or name."""
    if not mine or not all(free_mail(address.rpartition("@")[2]) for address in mine):
        return set()
    words = {word for address in mine for word in _words(address.partition("@")[0])}
    companies = (person for person in everyone if not free_mail(person.domain))
    return {person.address for person in companies if words & _words(person.address)}


def _words(address: str) -> set[str]:
    """The words of four letters and more in an address, its ending left out."""
    return set(re.findall(r"[a-z]{4,}", address.rpartition(".")[0])) - COMMON


def _answering(mails: Sequence[Filed], mine: set[str], directory: Directory) -> set[str]:
    """Outsiders who write from a private address, under the customer's names, or in a thread that it is part of."""
    threads = {mail.ref for mail in mails if mail.sender.address in mine or {to.address for to in mail.to} & mine}
    return {
        mail.sender.address
        for mail in mails
        if mail.direction is Direction.IN and not directory.is_ours(mail.sender.address)
        if free_mail(mail.sender.domain) or mail.joined.customer_rule in SUGGESTING or threads & set(mail.references)
    }


def _outsiders(mail: Filed, directory: Directory) -> list[Address]:
    inside = [inner.sender for inner in mail.forwarded[:1]]
    people = inside if mail.direction is Direction.INTERNAL or inside else [mail.sender, *mail.to, *mail.cc]
    return [person for person in people if person.address and not directory.is_ours(person.address)]


def _belongs(address: str, customer: Customer) -> bool:
    domain = address.rpartition("@")[2]
    return address in customer.addresses or any(domain == own or domain.endswith(f".{own}") for own in customer.domains)


def _most_present(groups: Sequence[Sequence[Address]]) -> set[str]:
    """The addresses of the domain that takes part in most mails, the earlier one of equals."""
    counts = Counter(person.domain for group in groups for person in {one.domain: one for one in group}.values())
    if not counts:
        return set()
    domain = counts.most_common(1)[0][0]
    return {person.address for group in groups for person in group if person.domain == domain}


def _meets(group: Sequence[Address], mine: set[str]) -> bool:
    return len(group) > 1 and any(person.address in mine for person in group)


def _name(person: Address) -> str:
    """A display name bare of titles, company words in brackets and order: 'Yamada Taro' is 'Taro Yamada'."""
    words = re.findall(r"[a-z]{2,}|[\u3400-\u9fff々ァ-ヶぁ-ん]{2,}", re.sub(r"[(（].*", "", person.name.casefold()))
    return " ".join(sorted(words)) if sum(map(len, words)) > 2 else ""


def _stem(address: str) -> str:
    """The first word of a company's domain; nothing for short words, which many share."""
    labels = address.rpartition("@")[2].split(".")
    own = [label for label in labels[:-1] if label not in SECOND_LEVEL]
    word = own[-1].split("-")[0] if own and "-" in own[-1] else (own[-1] if own else "")
    return word if len(word) > SHORT_WORD and not free_mail(".".join(labels)) else ""
