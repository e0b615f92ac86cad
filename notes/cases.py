"""Which matter a mail is about: the case of its thread, or another case by what both have in common.

`traits` are what a mail can be recognised by, as (kind, value) pairs; the store keeps those of every case and finds
cases by them, so that the cost of a mail does not depend on the size of the diary. `choose` weighs the candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notes.customers import CustomerDecision
from notes.model import Customer, Directory, Filed, Message

Trait = tuple[str, str]
"""Kind (`stem`, `number`, `file`, `topic` … ) and folded value."""

SELECTIVE = frozenset({"stem", "number", "file", "topic"})
"""Kinds of traits by which the store looks for cases of any customer; the others only weigh what was found."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that a mail may belong to, with all its traits; `last_at` is the time of its newest mail."""

    key: str
    title: str
    customer_id: str
    last_at: datetime
    traits: frozenset[Trait]


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """The case a mail joins (None: a case of its own, or none without a customer), by which rule and how surely.

    `runner_up` is the key of the case that came second; `doubtful` says that a person should look.
    """

    key: str | None
    rule: str
    score: float
    runner_up: str | None = None
    doubtful: bool = False


def traits(message: Message, directory: Directory) -> frozenset[Trait]:
    """What a message can be recognised by; at most 200 traits."""
    return frozenset({("stem", stem(message.subject))})


def lookups(found: frozenset[Trait]) -> frozenset[Trait]:
    """The traits worth asking the store for: those that few cases share."""
    return frozenset(trait for trait in found if trait[0] in SELECTIVE)


def choose(
    message: Message,
    decision: CustomerDecision,
    candidates: Sequence[Candidate],
    *,
    directory: Directory,
    thread: str | None = None,
) -> CaseDecision:
    """The case of a message among `candidates`; `thread` is the key of its nearest ancestor's case."""
    return CaseDecision(thread, "thread", 1.0) if thread else CaseDecision(None, "new", 1.0)


def stem(subject: str) -> str:
    """A subject without its marks of answering and forwarding, tags and white space, folded for comparing."""
    return " ".join(subject.casefold().split())


def slug(customer: Customer) -> str:
    """The short ASCII word that a customer's case keys begin with; the store makes it unique."""
    return "case"


def owner_of(mails: Sequence[Filed], directory: Directory) -> str | None:
    """The id of the staff member who looks after a case: who wrote to the customer most, the most recent on a tie."""
    return None
