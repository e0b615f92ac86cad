"""Which matter a mail is about: the case of its thread, or another case by what both have in common.

The conductor's way: `traits` of the mail; the store's candidates by `lookups` for each of `CustomerDecision.asks`;
then `choose`. A mail whose decision has neither case nor customer is unfiled with `CustomerDecision.reason`.
Candidates are only needed where `is_open` says so: most mails follow their thread. Then the thread's case is needed
too, for a reply that looks like turning to something else is held against it (`notes.apart.turned`).

A case's key written by a person decides; else the points of `notes.weighing`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notes import apart, companies
from notes.candidates import Candidate
from notes.customers import CustomerDecision
from notes.model import Customer, Directory, Kind, Message
from notes.profiles import COMMON, Trait
from notes.subjects import renamed, stem
from notes.traits import quoted, traits
from notes.weighing import THRESHOLDS, Weighed, bearers, company, crossed, read, weigh

__all__ = ["Candidate", "CaseDecision", "Trait", "choose", "is_open", "lookups", "slug", "stem", "traits"]

SELECTIVE = frozenset({"key", "stem", "number", "model", "file", "line"})
"""Kinds of traits by which the store looks for cases of any customer; the others only weigh what was found."""

NOTHING: Mapping[Trait, int] = {}
_DOUBT = 1.2
"""Points over the threshold, or ahead of the runner-up, that make a decision sure."""


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """The case a mail joins (None: a case of its own, or none without a customer), by which rule and how surely.

    `runner_up` is the key of the case that came second; `doubtful` says that a person should look.
    `runner_up_score` is half where the points would just have been enough.
    """

    key: str | None
    rule: str
    score: float
    runner_up: str | None = None
    doubtful: bool = False
    runner_up_score: float = 0.0


def lookups(message: Message, found: frozenset[Trait], customer: str | None) -> frozenset[Trait]:
    """What to ask the store for among one customer's cases, or (None) among all: there only what few cases share."""
    if customer is not None:
        return found | quoted(message) | crossed(message, found)
    asked = {trait for trait in found | crossed(message, found) if trait[0] in SELECTIVE}
    asked |= quoted(message) | company(message)
    return frozenset(asked | {("word", value) for kind, value in found if kind == "topic"})


def is_open(message: Message, thread: str | None) -> bool:
    """Whether candidates are needed: there is no thread's case to follow, or the writer may have turned to another."""
    return thread is None or (message.kind not in (Kind.AUTO, Kind.BOUNCE) and apart.may_turn(message))


def choose(
    message: Message,
    decision: CustomerDecision,
    candidates: Sequence[Candidate],
    *,
    directory: Directory,
    thread: str | None = None,
    found: frozenset[Trait] | None = None,
    borne: Mapping[Trait, int] = NOTHING,
) -> CaseDecision:
    """The case of a message among `candidates`; `thread` is the key of its nearest ancestor's case.

    `found` are the message's traits, if the caller has them already; `borne` says how many cases bear one, where there
    are more than the candidates: what many bear tells little, and what more than `COMMON` bear nothing.
    """
    found = traits(message, directory) if found is None else found
    written = next((each.key for each in candidates if ("key", each.key) in found), None)
    if written:
        return CaseDecision(written, "addressed", 1.0)
    if thread and not _leaves(message, thread, candidates):
        return CaseDecision(thread, "thread", 1.0)
    common = frozenset(trait for trait, number in borne.items() if number > COMMON)
    mail = read(message, decision, directory, found, common)
    others = [each for each in candidates if each.key != thread]
    bearing = bearers(mail, others) | Counter(borne)
    weighed = sorted(
        (weigh(mail, each, decision, bearing) for each in others),
        key=lambda each: (-each.points, -each.candidate.last_at.timestamp(), each.candidate.key),
    )
    return _decide(weighed, THRESHOLDS[mail.writer])


def _leaves(message: Message, thread: str, candidates: Sequence[Candidate]) -> bool:
    """Whether a reply left its thread's case; where that is not at hand, only if its subject says so."""
    if not is_open(message, thread):
        return False
    case = next((each for each in candidates if each.key == thread), None)
    return apart.turned(message, case) if case else renamed(message.subject)


def _decide(weighed: Sequence[Weighed], threshold: float) -> CaseDecision:
    if not weighed:
        return CaseDecision(None, "first", 1.0)
    best, second = weighed[0], weighed[1] if len(weighed) > 1 else None
    margin = best.points - second.points if second else math.inf
    over = best.points - threshold
    runner_up = second.candidate.key if second else None
    if over < 0:
        return CaseDecision(None, "new", _sure(-over), best.candidate.key, -over < _DOUBT, _sure(over))
    doubtful = min(over, margin) < _DOUBT
    next_best = _sure(second.points - threshold) if second else 0.0
    return CaseDecision(best.candidate.key, best.rule, _sure(min(over, margin)), runner_up, doubtful, next_best)


def _sure(points: float) -> float:
    """Points of distance as a probability-like score between a half and one."""
    return round(1 / (1 + math.exp(-max(-20.0, min(points, 20.0)) / 1.5)), 3)


def slug(customer: Customer) -> str:
    """The short ASCII word that a customer's case keys begin with; the store makes it unique."""
    return companies.slug(customer.name, customer.domains, customer.addresses)
