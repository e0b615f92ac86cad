"""Who a mail is with: the customer, or the reason why there is none.

The conductor asks in three steps. `keys` says what to look up, the store answers with `Known`, `decide` decides.
After a mail was filed, `lessons` says what it taught about its customer, to be found under the next time.

Evidence in order of trust: what the settings leave out; the customer of the thread; configured customers; addresses
and domains known; names (company, person) under which a customer is known. Suppliers and colleagues who write about
a customer's matter are found by `notes.cases`; `CustomerDecision.asks` says whose cases to try.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notes.model import Customer, Direction, Directory, Message

Name = tuple[str, str]
"""A name a customer is known by: kind (`company`, `short`, `person`, `label`) and folded value."""


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
    """

    customer: Customer | None
    new: bool = False
    reason: str = ""
    rule: str = ""
    score: float = 0.0
    asks: tuple[str | None, ...] = ()


def keys(message: Message, directory: Directory) -> Keys:
    """What to look up for a message; at most a few dozen keys, however long the mail is."""
    return Keys(frozenset(), frozenset(), frozenset())


def decide(message: Message, directory: Directory, known: Known, *, thread: Customer | None = None) -> CustomerDecision:
    """The customer of a message; `thread` is the customer of the case of its nearest ancestor."""
    return CustomerDecision(thread, rule="thread", score=1.0, asks=(thread.id,) if thread else ())


def lessons(message: Message, decision: CustomerDecision, directory: Directory) -> Keys:
    """Under which keys `decision.customer` shall be found from now on, after this message was filed with it."""
    return Keys()


def direction(message: Message, directory: Directory) -> Direction:
    """From whom to whom: written by one of us to nobody outside is internal."""
    if not directory.is_ours(message.sender.address):
        return Direction.IN
    outside = any(not directory.is_ours(to.address) for to in (*message.to, *message.cc, *message.bcc))
    return Direction.OUT if outside else Direction.INTERNAL
