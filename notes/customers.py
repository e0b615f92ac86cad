"""Who a mail is with: the customer, or the reason why there is none.

The conductor asks in three steps. `keys` says what to look up, the store answers with `Known`, `decide` decides.
After a mail was filed, `lessons` says what it taught about its customer, to be found under the next time.

Evidence in order of trust: what the settings leave out; the customer of the thread; configured customers; addresses
and domains known; people of a customer among the recipients; the names a writer bears (company, person, what an
address borrows from a domain). Whoever is unknown after that is a new customer, unless he only wants to sell.
Suppliers and colleagues who write about a customer's matter are found by `notes.cases`: `CustomerDecision.asks` says
whose cases to try.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from notes.companies import called, company_key, free_mail, labels, registrable, slug
from notes.known import (
    CustomerDecision,
    Keys,
    Known,
    Name,
    companies_written,
    company_domain,
    company_names,
    direction,
    keys,
    keys_of_answer,
    known_as,
    names_at,
    names_borne,
    names_written,
    numbers_written,
    parties_of,
    returned_to,
)
from notes.lessons import better_name, guest, lessons
from notes.mentions import mentions
from notes.model import Address, Customer, Direction, Directory, Filed, Kind, Message
from notes.subjects import answers, phrases, plain
from notes.threads import ancestors
from notes.traits import said

__all__ = [
    "CustomerDecision",
    "Keys",
    "Known",
    "Name",
    "better_name",
    "company_key",
    "decide",
    "direction",
    "free_mail",
    "guest",
    "keys",
    "keys_of_answer",
    "left_out_by",
    "lessons",
    "registrable",
]

_MOST_ASKED = 3
_NAMED_ENOUGH, _AHEAD = 0.7, 0.15
"""Points that make names decide, and by how many they must beat the next customer's."""

_MACHINES = (
    "noreply",
    "no-reply",
    "donotreply",
    "do-not-reply",
    "mailer-daemon",
    "postmaster",
    "notification",
    "notifications",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A mail with all that is known about it, and the people outside who take part, the weightiest first."""

    message: Message
    directory: Directory
    known: Known
    thread: Customer | None
    direction: Direction
    parties: tuple[Address, ...]


def decide(message: Message, directory: Directory, known: Known, *, thread: Customer | None = None) -> CustomerDecision:
    """The customer of a message; `thread` is the customer of the case of its nearest ancestor."""
    asked = _Asked(
        message,
        directory,
        _with_configured(known, directory),
        thread,
        direction(message, directory),
        parties_of(message, directory),
    )
    for judge in (_left_out, _of_thread, _of_machine, _of_party, _by_names, _inside, _unsolicited):
        decision = judge(asked)
        if decision:
            return decision
    return _stranger(asked)


def _left_out(asked: _Asked) -> CustomerDecision | None:
    """What the settings leave out: by its writer, or because everybody outside is left out."""
    parties = [asked.message.sender] if asked.direction is Direction.IN else asked.parties
    out = [ignored_by(party.address, asked.directory) for party in parties]
    return CustomerDecision(None, reason="ignored", rule="ignored", score=1.0) if out and all(out) else None


def ignored_by(address: str, directory: Directory) -> str | None:
    """The entry of the settings' `[ignore]` that leaves an address out, an address or a domain; None: there is none."""
    if address in directory.ignored_addresses:
        return address
    domain = address.rpartition("@")[2]
    parents = (domain.split(".", n)[-1] for n in range(domain.count(".") + 1))
    return next((parent for parent in parents if parent in directory.ignored_domains), None)


def left_out_by(mail: Filed, directory: Directory) -> str | None:
    """The entry of `[ignore]` that leaves a stored mail out: its writer's, or that of everybody outside it went to."""
    outside = [mail.sender.address] if mail.direction is Direction.IN else [who.address for who in (*mail.to, *mail.cc)]
    entries = [ignored_by(address, directory) for address in outside if not directory.is_ours(address)]
    return entries[0] if entries and all(entries) else None


def _of_thread(asked: _Asked) -> CustomerDecision | None:
    """The customer of the mail answered, unless an old mail was only taken as an envelope for another customer."""
    if not asked.thread:
        return None
    others = [customer for party in asked.parties if (customer := _customer_at(party.address, asked))]
    strayed = others and all(customer.id != asked.thread.id for customer in others)
    if strayed and not answers(asked.message.subject) and asked.message.kind not in (Kind.AUTO, Kind.BOUNCE):
        return None
    return _found(asked.thread, "thread", 1.0)


def _of_machine(asked: _Asked) -> CustomerDecision | None:
    """Bounces and automatic answers wait for the mail they answer, or are found a case where they belong.

    Other automatic mail is a known writer's or nobody's; mail to many only counts when a known person sends it.
    """
    message = asked.message
    if message.kind is Kind.BOUNCE:
        return _answering(asked, [each for address in returned_to(message) if (each := _customer_at(address, asked))])
    automatic = message.kind is Kind.AUTO or message.sender.address.partition("@")[0] in _MACHINES
    if not automatic and not message.bulk:
        return None
    if asked.direction is not Direction.IN:
        return _unfiled("automatic") if automatic and asked.direction is Direction.INTERNAL else None
    writer = _known_at(message.sender.address, asked)
    if automatic and not message.bulk:
        writer = writer or _customer_at(message.sender.address, asked)
    if automatic and (ancestors(message) or answers(message.subject)):
        return _answering(asked, [writer] if writer else [])
    return _found(writer, "address", 0.9) if writer else _unfiled("automatic" if automatic else "bulk")


def _answering(asked: _Asked, customers: Sequence[Customer]) -> CustomerDecision:
    return _unfiled("automatic", asks=tuple(dict.fromkeys(each.id for each in customers)) or (None,))


def _of_party(asked: _Asked) -> CustomerDecision | None:
    """A party known by address or domain: the writer or first recipient, then anybody else who takes part."""
    for number, party in enumerate(asked.parties):
        customer = _customer_at(party.address, asked)
        if customer:
            first = "address" if party.address in asked.known.addresses else "domain"
            return _found(customer, first if number == 0 else "recipient", 1.0 if number == 0 else 0.85)
    return None


def _customer_at(address: str, asked: _Asked) -> Customer | None:
    if ignored_by(address, asked.directory):
        return None
    of_domain = asked.known.domains.get(company_domain(address))
    return _known_at(address, asked) or (of_domain if of_domain and _may_be(of_domain, address, asked) else None)


def _known_at(address: str, asked: _Asked) -> Customer | None:
    customer = asked.known.addresses.get(address)
    return customer if customer and _may_be(customer, address, asked) else None


def _may_be(customer: Customer, address: str, asked: _Asked) -> bool:
    """Whether nobody said that the address is not this customer's; the settings' customers are above that."""
    return customer in asked.directory.customers or customer.id not in asked.known.refused.get(address, ())


def _by_names(asked: _Asked) -> CustomerDecision | None:
    """An unknown party who bears a known customer's names: enough of them, and no other customer as many.

    Failing that, one who did so in an earlier mail: a suggestion, as long as no person confirms it.
    """
    if not asked.parties:
        return None
    address = asked.parties[0].address
    points = {customer: sum_ for customer, sum_ in _bearers(asked).items() if _may_be(customer, address, asked)}
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0].id))
    lead = ranked[0][1] - (ranked[1][1] if len(ranked) > 1 else 0.0) if ranked else 0.0
    if ranked and ranked[0][1] >= _NAMED_ENOUGH and lead >= _AHEAD:
        return _found(ranked[0][0], "names", round(min(ranked[0][1], 0.95), 2))
    earlier = asked.known.suggested.get(address)
    if not earlier or ignored_by(address, asked.directory) or not _may_be(earlier, address, asked):
        return None
    return _found(earlier, "suggested", _NAMED_ENOUGH)


def _bearers(asked: _Asked) -> dict[Customer, float]:
    """How much speaks for each customer whose names the first party bears."""
    party = asked.parties[0]
    own = {name for each in names_borne(asked.message, asked.directory, asked.parties) for name in company_names(each)}
    people = names_at(party)
    points: dict[Customer, float] = {}
    for weight, names in (
        (0.85, {name for name in own if name[0] == "company"}),
        (0.45, {name for name in own if name[0] == "short"}),
        (0.4, {name for name in people if name[0] == "person"}),
        (0.45, {name for name in people if name[0] == "label"}),
        (0.35, {name for name in people if name[0] == "local"}),
    ):
        for customer in {each for name in names for each in asked.known.names.get(name, ())}:
            points[customer] = points.get(customer, 0.0) + weight
    for customer in points:
        points[customer] += 0.4 if _misspelt(party.address, customer) else 0.0
    return points


def _misspelt(address: str, customer: Customer) -> bool:
    """Whether an address is the customer's but for one or two letters of the domain, at free-mail providers too."""
    from rapidfuzz.distance import OSA

    if not company_domain(address):
        return False
    local, _, domain = address.rpartition("@")
    label = domain.partition(".")[0]
    same = [each.rpartition("@")[2] for each in customer.addresses if each.startswith(f"{local}@")]
    pairs = [
        *((domain, each) for each in (*customer.domains, *same)),
        *((label, each.partition(".")[0]) for each in same),
    ]
    return any(0 < OSA.distance(one, other, score_cutoff=2) <= 2 and not _counted(one, other) for one, other in pairs)


def _counted(one: str, other: str) -> bool:
    """Whether two words differ in a number: shop12 is not a misspelt shop13."""
    mine, theirs = (re.sub(r"\D", "", each) for each in (one, other))
    return bool(mine and theirs) and mine != theirs


def _inside(asked: _Asked) -> CustomerDecision | None:
    """Mail among ourselves: the log's with the customer it names, other mail only where a case is found for it."""
    if asked.direction is not Direction.INTERNAL or asked.parties:
        return None
    named, sure = _named(asked)
    asks = (*(customer.id for customer in named), None)
    logged = any(
        is_log(to.address, asked.directory) for to in (*asked.message.to, *asked.message.cc, *asked.message.bcc)
    )
    if logged and sure:
        return CustomerDecision(named[0], rule="named", score=0.8, asks=(named[0].id,), named=named)
    return CustomerDecision(
        None,
        reason="log-unknown" if logged else "internal",
        rule="internal",
        score=1.0 if sure else 0.5,
        asks=asks,
        named=named,
    )


def is_log(address: str, directory: Directory) -> bool:
    """Whether an address is the log's, with or without `+case`."""
    local, _, domain = address.partition("@")
    return address in directory.log_addresses or f"{local.partition('+')[0]}@{domain}" in directory.log_addresses


_WEIGHTS = {"company": 1.0, "person": 0.9, "label": 0.75, "short": 0.5, "sound": 0.75, "called": 0.45, "phone": 0.9}
"""How surely a word of a text means the customer who is known under it; several kinds for one customer add up."""


def _named(asked: _Asked) -> tuple[tuple[Customer, ...], bool]:
    """Customers a mail speaks of, the most telling first, and whether the first is surely meant and none as likely.

    A word by which one of us is called, too, tells nothing.
    """
    ours = {word for person in asked.directory.staff for word in called(person.name)}
    points: dict[Customer, dict[str, float]] = {}
    for place, written in enumerate(mentions(asked.message)):
        for name in names_written(written):
            for customer in () if name[1] in ours else asked.known.names.get(name, ()):
                weight = _telling(name, asked) - place / 200
                kinds = points.setdefault(customer, {})
                kinds[name[0]] = max(kinds.get(name[0], 0.0), weight)
    for number in () if asked.parties else numbers_written(asked.message):
        for customer in asked.known.names.get(number, ()):
            points.setdefault(customer, {})["phone"] = _telling(number, asked)
    sums = {customer: 1.0 - prod(1.0 - weight for weight in kinds.values()) for customer, kinds in points.items()}
    ranked = sorted(sums, key=lambda customer: (-sums[customer], customer.id))[:_MOST_ASKED]
    lead = sums[ranked[0]] - (sums[ranked[1]] if len(ranked) > 1 else 0.0) if ranked else 0.0
    return tuple(ranked), lead > 0.15 and sums[ranked[0]] > 0.7


def _telling(name: Name, asked: _Asked) -> float:
    """How much a name tells: a short one more when it is long and only one customer's (星野 is a family name too)."""
    kind, word = name
    alone = len(asked.known.names.get(name, ())) == 1
    if kind == "short" and alone and len(word) >= (5 if word.isascii() else 3):
        return 0.9
    return _WEIGHTS.get(kind, 0.0) * (1.0 if alone or kind == "company" else 0.8)


def _unsolicited(asked: _Asked) -> CustomerDecision | None:
    """A cold letter: from outside, by nobody known, in no thread, with two or more phrases of those who sell."""
    message = asked.message
    if asked.direction is not Direction.IN or answers(message.subject):
        return None
    subject, text = plain(message.subject[:400]).casefold(), said(message)[:4000].casefold()
    points = sum(phrase in text or phrase in subject for phrase in phrases("pitch"))
    points += any(phrase in subject for phrase in phrases("pitch_subjects"))
    return _unfiled("unsolicited") if points > 1 else None


def _stranger(asked: _Asked) -> CustomerDecision:
    """Somebody new: a customer of his own, unless cases say that he writes about another customer's matter."""
    if not asked.parties:
        return _unfiled("no-address")
    named, sure = _named(asked)
    named = tuple(dict.fromkeys((*named, *_namesakes(asked))))[:_MOST_ASKED]
    named = tuple(each for each in named if _may_be(each, asked.parties[0].address, asked))
    asks = (*(customer.id for customer in named), None)
    customer = _new_customer(asked)
    return CustomerDecision(customer, new=True, rule="new", score=1.0 if sure else 0.5, asks=asks, named=named)


def _namesakes(asked: _Asked) -> list[Customer]:
    """Customers with a person of the stranger's full name: he may write from home, if the matter agrees."""
    people = sorted(name for name in names_at(asked.parties[0]) if name[0] == "person")
    return [customer for name in people for customer in asked.known.names.get(name, ())]


def _found(customer: Customer, rule: str, score: float) -> CustomerDecision:
    return CustomerDecision(customer, rule=rule, score=score, asks=(customer.id,))


def _unfiled(reason: str, asks: tuple[str | None, ...] = ()) -> CustomerDecision:
    return CustomerDecision(None, reason=reason, rule=reason, score=1.0, asks=asks)


def _with_configured(known: Known, directory: Directory) -> Known:
    """What the store knows, overruled by the customers of the settings."""
    if not directory.customers:
        return known
    configured = _configured(directory.customers)
    free = {
        address: each for address, each in known.addresses.items() if company_domain(address) not in configured.domains
    }
    return Known(
        {**free, **configured.addresses},
        {**known.domains, **configured.domains},
        {**known.names, **configured.names},
        known.suggested,
        known.refused,
    )


@lru_cache(maxsize=8)
def _configured(customers: tuple[Customer, ...]) -> Known:
    named: dict[Name, tuple[Customer, ...]] = {}
    for customer in customers:
        for name in (
            *known_as(customer.name),
            *(("label", each) for domain in customer.domains for each in labels(domain)),
        ):
            named[name] = (*named.get(name, ()), customer)
    return Known(
        {address: customer for customer in customers for address in customer.addresses},
        {registrable(domain): customer for customer in customers for domain in customer.domains},
        named,
    )


def _new_customer(asked: _Asked) -> Customer:
    party = asked.parties[0]
    domain = company_domain(party.address)
    domains, addresses = ((domain,), (party.address,)) if domain else ((), (party.address,))
    name = _title(asked, domain)
    return Customer(slug(name, domains, addresses), name, domains, addresses)


def _title(asked: _Asked, domain: str) -> str:
    """What to call a new customer: its company as written, the display name, or the domain."""
    companies = companies_written(asked.message, asked.directory, asked.parties)
    return companies[0] if companies else asked.parties[0].name or domain or asked.parties[0].address
