"""Which matter a mail is about: the case of its thread, or another case by what both have in common.

The conductor's way: `traits` of the mail; the store's candidates by `lookups` for each of `CustomerDecision.asks`;
then `choose`. A mail whose decision has neither case nor customer is unfiled with `CustomerDecision.reason`.
Candidates are only needed where `is_open` says so: most mails follow their thread.

Evidence within one customer, in order of trust: the case's key written by a person; quoted lines that we hold; the
subject's stem; document numbers; attachments; the words of the subject; models, sums, days, people, words in common;
nearness in time. Numbers of one kind that differ, subjects that are alike but for a word, and phrases that open a
matter speak against it. Weights are points; `THRESHOLDS` says how many are asked for, by who writes.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from notes import companies
from notes.customers import CustomerDecision
from notes.mentions import own_companies
from notes.model import Customer, Direction, Directory, Filed, Kind, Message
from notes.subjects import answers, phrases, plain, renamed, stem
from notes.threads import ancestors
from notes.traits import Trait, is_ours, numbers, quoted, said, topics, traits

__all__ = [
    "Candidate",
    "CaseDecision",
    "Trait",
    "choose",
    "is_open",
    "lookups",
    "mailbox_owner",
    "owner_of",
    "slug",
    "stem",
    "traits",
]

SELECTIVE = frozenset({"key", "stem", "number", "model", "file", "line"})
"""Kinds of traits by which the store looks for cases of any customer; the others only weigh what was found."""

THRESHOLDS = {"customer": 4.8, "memo": 3.0, "outsider": 5.5, "logged": 4.4, "internal": 6.5}
"""Points needed to join: of a known customer's mail; of a memo that surely names its customer; of anybody else's.

What somebody puts into the log is about some customer's matter, other talk among us most often is not.
"""

NAMED = {"outsider": 3.5, "logged": 4.5, "internal": 5.5}
"""Points for the cases of a customer whom the mail names without being his; a short name counts for less."""

_DOUBT = 1.2
"""Points over the threshold, or ahead of the runner-up, that make a decision sure."""

_ROUND = 20
"""Days after which the same subject, written anew, is the next round of a thing that comes round."""

_TELLING, _TOLD, _HINTED = ("quote", "stem", "number", "file", "spoken-of"), 2.5, 1.5
_HINTS = ("topic", "item", "model", "amount", "day", "words")
"""Evidence so strong is asked for, one piece of it, of mail that names nobody. Of those who talk like a supplier, and
of colleagues, hints add up to such evidence too, fewer of them of those who surely supply us; but two customers may
well have the same trouble.
"""

_YOUR_CUSTOMER = re.compile(
    r"\byour (?:[a-z]{2,14} ){0,2}"
    r"(?:customer|client|end.?user|buyer|guest|designer|contractor|installer|dealer|account)s?\b"
    r"|(?:貴社|御社|そちら)の?(?:お客様|お客さま|お客さん|客先|顧客|ユーザー|得意先)|(?:お客様|客先|エンドユーザー)(?:名|向け)"
)
_USUAL_WORDS = 250
"""Different words in a case of some ten mails."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that a mail may belong to, with its traits; `last_at` is the time of its newest mail."""

    key: str
    title: str
    customer_id: str
    last_at: datetime
    traits: frozenset[Trait]


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


@dataclass(frozen=True, slots=True)
class _Mail:
    """What of a mail is weighed, made once for all candidates."""

    traits: frozenset[Trait]
    topics: frozenset[Trait]
    own: frozenset[Trait]
    quoted: frozenset[Trait]
    against: frozenset[Trait]
    tokens: frozenset[str]
    stem: str
    answers: bool
    linked: bool
    writer: str
    company: frozenset[Trait]
    supplies: int
    cues: float
    at: datetime


@dataclass(frozen=True, slots=True)
class _Weighed:
    candidate: Candidate
    points: float
    rule: str


def lookups(message: Message, found: frozenset[Trait], customer: str | None) -> frozenset[Trait]:
    """What to ask the store for among one customer's cases, or (None) among all: there only what few cases share."""
    if customer is not None:
        return found | quoted(message)
    asked = {trait for trait in found if trait[0] in SELECTIVE} | quoted(message) | _company(message)
    return frozenset(asked | {("word", value) for kind, value in found if kind == "topic"})


def is_open(message: Message, thread: str | None) -> bool:
    """Whether candidates are needed: there is no thread's case to follow, or the writer turned to another matter."""
    return thread is None or renamed(message.subject)


def choose(
    message: Message,
    decision: CustomerDecision,
    candidates: Sequence[Candidate],
    *,
    directory: Directory,
    thread: str | None = None,
    found: frozenset[Trait] | None = None,
) -> CaseDecision:
    """The case of a message among `candidates`; `thread` is the key of its nearest ancestor's case.

    `found` are the message's traits, if the caller has them already.
    """
    found = traits(message, directory) if found is None else found
    written = next((each.key for each in candidates if ("key", each.key) in found), None)
    if written:
        return CaseDecision(written, "addressed", 1.0)
    if thread and not is_open(message, thread):
        return CaseDecision(thread, "thread", 1.0)
    mail = _read(message, decision, directory, found)
    others = [each for each in candidates if each.key != thread]
    bearers = Counter(trait for each in others for trait in each.traits & (mail.traits | mail.topics))
    weighed = sorted(
        (_weigh(mail, each, decision, bearers) for each in others),
        key=lambda each: (-each.points, -each.candidate.last_at.timestamp(), each.candidate.key),
    )
    return _decide(weighed, THRESHOLDS[mail.writer])


def _decide(weighed: Sequence[_Weighed], threshold: float) -> CaseDecision:
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


def _writer(message: Message, decision: CustomerDecision, directory: Directory) -> str:
    """Who writes, as a key of `THRESHOLDS`."""
    if decision.customer and not decision.new:
        return "memo" if decision.rule == "named" else "customer"
    if decision.reason == "log-unknown":
        return "logged"
    return "internal" if is_ours(directory, message.sender.address) else "outsider"


# --- weighing ----------------------------------------------------------------------------------------------------


def _read(message: Message, decision: CustomerDecision, directory: Directory, found: frozenset[Trait]) -> _Mail:
    subject, text = plain(message.subject[:400]), said(message)
    spoken = f"{subject}\n{text}".casefold()
    own, against = _names(message, decision, directory), _excluded(text)
    writer = _writer(message, decision, directory)
    supplies = _supplies(message, spoken) if decision.new else 0
    named = {("word", word) for word in topics(subject)} | set(numbers(stem(subject).upper()))
    sent = {("day", f"{message.date:%m-%d}")}
    return _Mail(
        traits=frozenset(trait for trait in found | sent if trait[1] not in own) - against,
        topics=frozenset(trait for trait in named if trait[1] not in own),
        own=frozenset(("word", word) for word in own),
        quoted=quoted(message),
        against=against,
        tokens=frozenset(_tokens(stem(subject))),
        stem=stem(subject),
        answers=answers(subject),
        linked=bool(ancestors(message)),
        writer=writer,
        company=_company(message) if decision.new else frozenset(),
        supplies=supplies,
        cues=_cues(message, spoken, decision, directory) + min(2.5, 0.5 + supplies) * bool(supplies),
        at=message.date,
    )


def _names(message: Message, decision: CustomerDecision, directory: Directory) -> frozenset[str]:
    """Words that name the parties and so tell nothing about the matter."""
    people = (message.sender, *message.to[:10], *message.cc[:10])
    names = [who.name for who in people] + [person.name for person in directory.staff] + [directory.organisation]
    names += [each.name for each in (*decision.named, *((decision.customer,) if decision.customer else ()))]
    return frozenset(word for name in names for word in topics(name.casefold()))


def _company(message: Message) -> frozenset[Trait]:
    """The words by which a writer's own company is told from others; its trade is one of them if little else is."""
    for name in own_companies(message):
        whole = frozenset(topics(name.casefold()))
        bare = whole - set(companies.words("trades_en"))
        told = bare if sum(map(len, bare)) > (5 if name.isascii() else 3) else whole
        if sum(map(len, told)) > (5 if name.isascii() else 3):
            return frozenset(("word", word) for word in told)
    return frozenset()


def _supplies(message: Message, spoken: str) -> int:
    """How many signs there are of one who delivers to us: he sells, speaks of our customer, of stock and lead times."""
    contact = message.contact
    post = f"{contact.title} {contact.department}".casefold() if contact else ""
    sells = any(word in post for word in phrases("sells"))
    talk = sum(phrase in spoken for phrase in phrases("supplies"))
    return sells + bool(_YOUR_CUSTOMER.search(spoken)) + min(2, talk)


def _excluded(text: str) -> frozenset[Trait]:
    """Numbers that are only named to say that this is another matter: `先日のOK-1021とは別件で`."""
    clauses = re.split(r"[、。\n!?;]|\. ", text)
    others = [
        clause[:300] for clause in clauses[:200] if re.search(r"とは別|別件|not about|unlike|separate from", clause)
    ]
    return frozenset(numbers("\n".join(others)))


def _cues(message: Message, text: str, decision: CustomerDecision, directory: Directory) -> float:
    """Points for phrases that go on with a matter or open one, and for who writes from where."""
    subject, _, _ = text.partition("\n")
    points = min(3.0, sum(1.0 + (phrase in subject) for phrase in phrases("continues") if phrase in text))
    points -= min(3.0, sum(1.5 for phrase in phrases("opens") if phrase in text))
    known = decision.customer is not None and not decision.new
    if known and decision.rule not in ("address", "domain", "configured", "suggested"):
        points += 1.5
    if known and is_ours(directory, message.sender.address):
        points += 1.0
    return points


_MOST = {
    "number": (4.0, 8.0),
    "model": (1.5, 3.0),
    "file": (4.0, 6.0),
    "item": (2.5, 4.0),
    "amount": (0.9, 2.7),
    "day": (0.7, 2.1),
}


def _weigh(mail: _Mail, candidate: Candidate, decision: CustomerDecision, bearers: Mapping[Trait, int]) -> _Weighed:
    """One candidate's points; `bearers` says how many candidates bear a trait: what many bear tells little."""
    shared: dict[str, float] = {}
    for trait in mail.traits & candidate.traits:
        shared[trait[0]] = shared.get(trait[0], 0.0) + 1 / math.sqrt(bearers[trait])
    lines = len(mail.quoted & candidate.traits)
    parts = {
        "quote": min(8.0, 3.0 + lines) if lines else 0.0,
        "stem": 5.0 if ("stem", mail.stem) in candidate.traits and len(mail.stem) > 1 else 0.0,
        "topic": 4.0 * _coverage(mail, candidate, bearers),
        **{kind: min(most, each * shared.get(kind, 0.0)) for kind, (each, most) in _MOST.items()},
        "spoken-of": 3.5 if mail.company and mail.company <= candidate.traits else 0.0,
        "people": min(1.5, shared.get("person", 0.0)),
        "words": _words(mail, candidate, bearers),
    }
    points = sum(parts.values()) + mail.cues + _nearness(mail, candidate) - _objections(mail, candidate, parts)
    if any(customer.id == candidate.customer_id for customer in decision.named):
        points += NAMED.get(mail.writer, 0.0) * (1.0 if decision.score > 0.7 else 0.7)
    elif mail.writer in NAMED and _told(mail, parts) < (_TOLD if mail.supplies < 2 else _HINTED):
        points -= 4.0
    return _Weighed(candidate, points, max(parts, key=lambda part: parts[part]))


def _told(mail: _Mail, parts: Mapping[str, float]) -> float:
    hints = sum(parts[part] for part in _HINTS) if mail.supplies else parts["topic"] + parts["item"]
    return max(
        *(parts[part] for part in _TELLING), hints if mail.supplies or mail.writer in ("internal", "logged") else 0.0
    )


def _coverage(mail: _Mail, candidate: Candidate, bearers: Mapping[Trait, int]) -> float:
    """How much of what the subject names was spoken of in the case: in a subject fully, else for three quarters.

    Of a subject that names nothing (`Urgent`), how much of what the case is called is spoken of in the mail.
    """
    if not mail.topics:
        title = {("word", word) for word in topics(candidate.title)} - mail.own
        return 0.75 * len(title & mail.traits) / len(title) if title else 0.0
    found = mail.topics & candidate.traits
    said = (
        (1.0 if trait[0] != "word" or ("topic", trait[1]) in candidate.traits else 0.75) / math.sqrt(bearers[trait])
        for trait in found
    )
    return sum(said) / len(mail.topics)


def _words(mail: _Mail, candidate: Candidate, bearers: Mapping[Trait, int]) -> float:
    """Words in common; one that stood in a subject of the case counts more. A long case shares some with any mail."""
    points = size = 0.0
    for trait in candidate.traits:
        if trait[0] == "word":
            size += 1
            if trait in mail.traits:
                points += (1.0 if ("topic", trait[1]) in candidate.traits else 0.3) / bearers[trait]
    return min(3.0, points * min(1.0, _USUAL_WORDS / max(size, 1.0)))


def _nearness(mail: _Mail, candidate: Candidate) -> float:
    gap = abs((mail.at - candidate.last_at).total_seconds()) / 86_400
    return next(
        (points for most, points in ((3, 1.0), (8, 0.7), (31, 0.3), (90, 0.0), (365, -1.0)) if gap <= most), -2.5
    )


def _objections(mail: _Mail, candidate: Candidate, parts: dict[str, float]) -> float:
    """Points against: other numbers of the same kind, a subject alike but for a word, a subject that comes round."""
    points = 0.0
    if _numbers_differ(mail, candidate):
        points += 4.0
    if _items_differ(mail, candidate):
        points += 2.5
    if not parts["stem"] and any(
        _siblings(mail.tokens, _tokens(value)) for kind, value in candidate.traits if kind == "stem"
    ):
        points += 3.0
    if mail.answers and not parts["stem"] and not parts["quote"]:
        points += 3.0 if mail.linked else 1.5
    if parts["stem"] and not mail.answers and abs((mail.at - candidate.last_at).days) > _ROUND:
        points += parts["stem"] + parts["topic"]
    return points


def _numbers_differ(mail: _Mail, candidate: Candidate) -> bool:
    """Whether the mail names a document number of a kind (same letters, same length) of which the case has others."""
    mine = {value for kind, value in mail.traits if kind == "number"}
    theirs = {value for kind, value in candidate.traits if kind == "number"}
    if not mine or mine & theirs:
        return False
    kinds = {_shape(value) for value in theirs}
    return any(_shape(value) in kinds for value in mine)


def _items_differ(mail: _Mail, candidate: Candidate) -> bool:
    """Whether mail and case name different ones of several alike, one of them in its subject: `Lift 1` and `Lift 2`."""
    mine = {value for kind, value in mail.traits if kind == "item"}
    theirs = {value for kind, value in candidate.traits if kind == "item"}
    if not mine or mine & theirs:
        return False
    subjects = {value for kind, value in mail.topics | candidate.traits if kind == "topic"} | mail.tokens
    kinds = {value.rstrip("0123456789") for value in theirs}
    return any(word in kinds and word in subjects for value in mine if (word := value.rstrip("0123456789")))


def _shape(number: str) -> tuple[str, int]:
    letters = re.match(r"[A-Z]*", number)
    head = letters.group() if letters else ""
    return (head, len(number)) if head else (number, 0)


def _siblings(mine: frozenset[str], theirs: Iterable[str]) -> bool:
    """Whether two subjects are alike but for a word or number on each side: two matters told apart by it."""
    other = frozenset(theirs)
    return len(mine & other) >= max(2, 0.45 * len(mine | other)) and bool(mine - other) and bool(other - mine)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+|[ァ-ヺー]+|[一-鿿々]{1,2}", text)


# --- names and owners --------------------------------------------------------------------------------------------


def slug(customer: Customer) -> str:
    """The short ASCII word that a customer's case keys begin with; the store makes it unique."""
    return companies.slug(customer.name, customer.domains, customer.addresses)


def owner_of(mails: Sequence[Filed], directory: Directory) -> str | None:
    """The id of the staff member who looks after a case: who wrote to the customer most, the most recent on a tie.

    Where nobody has written to the customer yet, the staff member to whom the customer wrote last.
    """
    written: dict[str, tuple[int, float]] = {}
    asked: str | None = None
    for mail in sorted(mails, key=lambda each: each.at):
        if mail.kind in (Kind.AUTO, Kind.BOUNCE):
            continue
        writer = directory.staff_at(mail.sender.address)
        if mail.direction is Direction.OUT and writer:
            written[writer.id] = (written.get(writer.id, (0, 0.0))[0] + 1, mail.at.timestamp())
        elif mail.direction is Direction.IN:
            reader = next((staff for to in (*mail.to, *mail.cc) if (staff := directory.staff_at(to.address))), None)
            asked = reader.id if reader else asked
    return max(written, key=lambda who: written[who]) if written else asked


def mailbox_owner(mails: Sequence[Filed], directory: Directory) -> str | None:
    """Whose mailbox a case lies in, where nobody of ours has written: a mailbox often bears its owner's id."""
    people = {person.id for person in directory.staff}
    found = [mailbox for mail in mails for mailbox in mail.mailboxes if mailbox in people]
    return max(found, key=found.count, default=None)
