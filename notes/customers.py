"""Who a mail is with: the customer, or the reason why there is none.

The conductor asks in three steps. `keys` says what to look up, the store answers with `Known`, `decide` decides.
After a mail was filed, `lessons` says what it taught about its customer, to be found under the next time.

Evidence in order of trust: what the settings leave out; the customer of the thread; configured customers; addresses
and domains known; people of a customer among the recipients; the names a writer bears (company, person, what an
address borrows from a domain). Whoever is unknown after that is a new customer, unless he only wants to sell.
Suppliers and colleagues who write about a customer's matter are found by `notes.cases`: `CustomerDecision.asks` says
whose cases to try.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from notes.companies import (
    company_key,
    free_mail,
    is_full_name,
    labels,
    local_labels,
    parts_of,
    person_key,
    registrable,
    short_names,
    slug,
)
from notes.mentions import addressed_companies, addressees, introductions, mentions, own_companies
from notes.model import Address, Customer, Direction, Directory, Kind, Message
from notes.threads import ancestors
from notes.traits import answers, is_ours, phrases, plain, returned_addresses, said

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
    "keys",
    "lessons",
    "registrable",
]

Name = tuple[str, str]
"""A name a customer is known by: kind (`company`, `short`, `person`, `label`) and folded value."""

_MOST_PARTIES = 30
_MOST_ASKED = 3
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
class Keys:
    """What to look up for a mail, or to remember of a customer: addresses, registrable domains, and names."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    names: frozenset[Name] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """The customers that the store knows under the keys asked for.

    A name may be borne by several customers; one borne by more than eight tells nothing and may be left out.
    """

    addresses: Mapping[str, Customer] = field(default_factory=dict)
    domains: Mapping[str, Customer] = field(default_factory=dict)
    names: Mapping[Name, tuple[Customer, ...]] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """A mail with all that is known about it, and the people outside who take part, the weightiest first."""

    message: Message
    directory: Directory
    known: Known
    thread: Customer | None
    direction: Direction
    parties: tuple[Address, ...]


# --- what to look up ---------------------------------------------------------------------------------------------


def keys(message: Message, directory: Directory, *, followed: bool = False) -> Keys:
    """What to look up for a message: some hundred keys at most, however long the mail is.

    `followed`: its nearest ancestor is in a case, whose customer it most likely has; names need no looking up then.
    """
    parties = _parties(message, directory)
    names = set() if followed else _names_to_ask(message, directory, parties)
    return Keys(
        frozenset(party.address for party in parties) | frozenset(_returned(message)),
        frozenset(domain for party in parties if (domain := _domain(party.address))),
        frozenset(name for name in names if name[1] and len(name[1]) < 80),
    )


def _names_to_ask(message: Message, directory: Directory, parties: Sequence[Address]) -> set[Name]:
    names = {name for party in parties[:4] for name in _names_of(party)}
    for written in (*_own_names(message, directory, parties), *mentions(message)):
        names |= _company_names(written)
    return names


def _parties(message: Message, directory: Directory) -> tuple[Address, ...]:
    """People outside: the writer, To before Cc, then those of the mails inside it."""
    inside = [who for each in message.forwarded[:3] for who in (each.sender, *each.to, *each.cc)]
    everybody = (message.sender, *message.to, *message.cc, *message.bcc, *inside)
    found = {
        who.address: who for who in reversed(everybody[:200]) if who.address and not is_ours(directory, who.address)
    }
    return tuple(reversed(found.values()))[:_MOST_PARTIES]


def _returned(message: Message) -> tuple[str, ...]:
    """Addresses in the text of a bounce: whom it did not reach."""
    return returned_addresses(message) if message.kind is Kind.BOUNCE else ()


def _domain(address: str) -> str:
    """The registrable domain that stands for a company, or an empty string at free-mail providers."""
    domain = address.rpartition("@")[2]
    return "" if not domain or free_mail(domain) else registrable(domain)


def _own_names(message: Message, directory: Directory, parties: Sequence[Address]) -> tuple[str, ...]:
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


def _names_of(party: Address) -> set[Name]:
    """Names that an address and its display name bear: persons, and what may come from a company's domain."""
    found: set[Name] = {("person", person_key(part)) for part in parts_of(party.name) if is_full_name(part)}
    domain = _domain(party.address)
    borrowed = labels(domain) if domain else local_labels(party.address)
    return found | {("label", label) for label in borrowed} | {("local", party.address.partition("@")[0])}


def _company_names(name: str) -> set[Name]:
    """What a company may be known by when somebody writes this of it."""
    whole = company_key(name)
    return {(kind, key) for key in (whole, *short_names(name)) for kind in ("company", "short")} if whole else set()


# --- deciding ----------------------------------------------------------------------------------------------------


def decide(message: Message, directory: Directory, known: Known, *, thread: Customer | None = None) -> CustomerDecision:
    """The customer of a message; `thread` is the customer of the case of its nearest ancestor."""
    asked = _Asked(
        message,
        directory,
        _with_configured(known, directory),
        thread,
        direction(message, directory),
        _parties(message, directory),
    )
    for judge in (_left_out, _of_thread, _of_machine, _of_party, _by_names, _inside, _unsolicited):
        decision = judge(asked)
        if decision:
            return decision
    return _stranger(asked)


def _left_out(asked: _Asked) -> CustomerDecision | None:
    """What the settings leave out: by its writer, or because everybody outside is left out."""
    parties = [asked.message.sender] if asked.direction is Direction.IN else asked.parties
    out = [_ignored(party.address, asked.directory) for party in parties]
    return CustomerDecision(None, reason="ignored", rule="ignored", score=1.0) if out and all(out) else None


def _ignored(address: str, directory: Directory) -> bool:
    domain = address.rpartition("@")[2]
    parents = {domain.split(".", n)[-1] for n in range(domain.count(".") + 1)}
    return address in directory.ignored_addresses or not parents.isdisjoint(directory.ignored_domains)


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
        return _answering(asked, [each for address in _returned(message) if (each := _customer_at(address, asked))])
    automatic = message.kind is Kind.AUTO or message.sender.address.partition("@")[0] in _MACHINES
    if not automatic and not message.bulk:
        return None
    if asked.direction is not Direction.IN:
        return _unfiled("automatic") if automatic and asked.direction is Direction.INTERNAL else None
    writer = asked.known.addresses.get(message.sender.address)
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
    if _ignored(address, asked.directory):
        return None
    return asked.known.addresses.get(address) or asked.known.domains.get(_domain(address))


def _by_names(asked: _Asked) -> CustomerDecision | None:
    """An unknown party who bears a known customer's names: enough of them, and no other customer as many."""
    if not asked.parties:
        return None
    points = _bearers(asked)
    if not points:
        return None
    ranked = sorted(points.items(), key=lambda item: (-item[1], item[0].id))
    if ranked[0][1] < 0.7 or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - 0.15):
        return None
    return _found(ranked[0][0], "names", round(min(ranked[0][1], 0.95), 2))


def _bearers(asked: _Asked) -> dict[Customer, float]:
    """How much speaks for each customer whose names the first party bears."""
    party = asked.parties[0]
    own = {name for each in _own_names(asked.message, asked.directory, asked.parties) for name in _company_names(each)}
    people = _names_of(party)
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
    """Whether the domain is a customer's but for one or two letters."""
    from rapidfuzz.distance import OSA

    domain = _domain(address)
    return bool(domain) and any(0 < OSA.distance(domain, each, score_cutoff=2) <= 2 for each in customer.domains)


def _inside(asked: _Asked) -> CustomerDecision | None:
    """Mail among ourselves: the log's with the customer it names, other mail only where a case is found for it."""
    if asked.direction is not Direction.INTERNAL or asked.parties:
        return None
    named, sure = _named(asked)
    asks = (*(customer.id for customer in named), None)
    logged = any(
        is_log(to.address, asked.directory) for to in (*asked.message.to, *asked.message.cc, *asked.message.bcc)
    )
    if logged and sure and len(named) == 1:
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


def _named(asked: _Asked) -> tuple[tuple[Customer, ...], bool]:
    """Customers a mail speaks of, the most telling first, and whether the first is named by its whole name."""
    points: dict[Customer, float] = {}
    for number, written in enumerate(mentions(asked.message)):
        for name in _company_names(written):
            for customer in asked.known.names.get(name, ()):
                weight = (1.0 if name[0] == "company" else _telling(name[1], asked)) - number / 200
                points[customer] = max(points.get(customer, 0.0), weight)
    ranked = sorted(points, key=lambda customer: (-points[customer], customer.id))[:_MOST_ASKED]
    return tuple(ranked), bool(ranked) and points[ranked[0]] > 0.7


def _telling(short: str, asked: _Asked) -> float:
    """How much a short name tells: more when it is long and only one customer bears it (星野 is a family name too)."""
    alone = len(asked.known.names.get(("short", short), ())) == 1
    return 0.9 if alone and len(short) >= (5 if short.isascii() else 3) else 0.5


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
    asks = (*(customer.id for customer in named), None)
    customer = _new_customer(asked)
    return CustomerDecision(customer, new=True, rule="new", score=1.0 if sure else 0.5, asks=asks, named=named)


def _namesakes(asked: _Asked) -> list[Customer]:
    """Customers with a person of the stranger's full name: he may write from home, if the matter agrees."""
    people = sorted(name for name in _names_of(asked.parties[0]) if name[0] == "person")
    return [customer for name in people for customer in asked.known.names.get(name, ())]


def _found(customer: Customer, rule: str, score: float) -> CustomerDecision:
    return CustomerDecision(customer, rule=rule, score=score, asks=(customer.id,))


def _unfiled(reason: str, asks: tuple[str | None, ...] = ()) -> CustomerDecision:
    return CustomerDecision(None, reason=reason, rule=reason, score=1.0, asks=asks)


# --- customers of the settings -----------------------------------------------------------------------------------


def _with_configured(known: Known, directory: Directory) -> Known:
    """What the store knows, overruled by the customers of the settings."""
    if not directory.customers:
        return known
    configured = _configured(directory.customers)
    free = {address: each for address, each in known.addresses.items() if _domain(address) not in configured.domains}
    return Known(
        {**free, **configured.addresses},
        {**known.domains, **configured.domains},
        {**known.names, **configured.names},
    )


@lru_cache(maxsize=8)
def _configured(customers: tuple[Customer, ...]) -> Known:
    named: dict[Name, tuple[Customer, ...]] = {}
    for customer in customers:
        for name in (
            *_known_as(customer.name),
            *(("label", each) for domain in customer.domains for each in labels(domain)),
        ):
            named[name] = (*named.get(name, ()), customer)
    return Known(
        {address: customer for customer in customers for address in customer.addresses},
        {registrable(domain): customer for customer in customers for domain in customer.domains},
        named,
    )


# --- what a filed mail teaches -----------------------------------------------------------------------------------


def lessons(message: Message, decision: CustomerDecision, directory: Directory) -> Keys:
    """Under which keys `decision.customer` shall be found from now on, after this message was filed with it.

    Only parties of the customer's own address or domain, or recognised by name, teach: not a supplier in its thread.
    """
    customer = decision.customer
    if not customer:
        return Keys()
    parties = _parties(message, directory)
    own = [party for party in parties if _belongs(party.address, customer)]
    if decision.rule in ("names", "new") and parties and parties[0] not in own:
        own.insert(0, parties[0])
    makeshift = {company_key(part) for party in parties[:4] for part in (party.name, *parts_of(party.name))}
    names = set() if company_key(customer.name) in makeshift else _known_as(customer.name)
    for party in own:
        names |= _names_of(party)
    if own and parties and own[0] == parties[0]:
        for written in _companies_only(message, directory, parties):
            names |= _known_as(written)
    sure = decision.score >= 0.75 or decision.new
    return Keys(
        frozenset(party.address for party in own if sure or _belongs(party.address, customer)),
        frozenset(),
        frozenset(name for name in names if name[1] and len(name[1]) < 80),
    )


def _belongs(address: str, customer: Customer) -> bool:
    return address in customer.addresses or _domain(address) in customer.domains


def _known_as(name: str) -> set[Name]:
    whole = company_key(name)
    return {("company", whole), *(("short", each) for each in short_names(name))} if whole else set()


def _companies_only(message: Message, directory: Directory, parties: Sequence[Address]) -> list[str]:
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


def _new_customer(asked: _Asked) -> Customer:
    party = asked.parties[0]
    domain = _domain(party.address)
    domains, addresses = ((domain,), (party.address,)) if domain else ((), (party.address,))
    name = _title(asked, domain)
    return Customer(slug(name, domains, addresses), name, domains, addresses)


def _title(asked: _Asked, domain: str) -> str:
    """What to call a new customer: its company as written, the display name, or the domain."""
    companies = _companies_only(asked.message, asked.directory, asked.parties)
    return companies[0] if companies else asked.parties[0].name or domain or asked.parties[0].address


def better_name(customer: Customer, message: Message, directory: Directory) -> str | None:
    """A company's name in a mail, for a customer who has only a makeshift one: a person's, a domain, a short name."""
    parties = _parties(message, directory)
    if not parties or not _belongs(parties[0].address, customer):
        return None
    known = company_key(customer.name)
    makeshift = {company_key(part) for part in (parties[0].name, *parts_of(parties[0].name))}
    makeshift |= {company_key(name) for name in (*customer.domains, *customer.addresses)}
    for name in _companies_only(message, directory, parties):
        short = {company_key(name), *short_names(name)}
        if company_key(name) != known and (known in makeshift or known in short):
            return name
    return None


def direction(message: Message, directory: Directory) -> Direction:
    """From whom to whom: written by one of us to nobody outside is internal."""
    if not is_ours(directory, message.sender.address):
        return Direction.IN
    outside = any(not is_ours(directory, to.address) for to in (*message.to, *message.cc, *message.bcc))
    return Direction.OUT if outside else Direction.INTERNAL
