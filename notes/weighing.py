"""How much speaks for a mail to be about a case's matter: points, from what both have in common and what does not fit.

Evidence in order of trust: quoted lines that we hold; the subject's stem; document numbers; attachments; the words of
the subject; models, sums, days, people, words in common; nearness in time. Numbers of one kind that differ, subjects
that are alike but for a word (`notes.apart`), and phrases that open a matter speak against it. `THRESHOLDS` says how
many points are asked for, by who writes.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from notes import apart, companies
from notes.candidates import Candidate
from notes.customers import CustomerDecision, direction
from notes.mentions import own_companies
from notes.model import Customer, Direction, Directory, Message
from notes.profiles import Profile, Trait
from notes.subjects import answers, phrases, plain, stem
from notes.threads import ancestors
from notes.traits import bare_numbers, is_ours, numbers, quoted, said, topics

THRESHOLDS = {"customer": 4.8, "memo": 3.0, "outsider": 5.0, "logged": 4.4, "internal": 6.5}
"""Points needed to join: of a known customer's mail; of a memo that surely names its customer; of anybody else's.

What somebody puts into the log is about some customer's matter, other talk among us most often is not.
"""

NAMED = {"outsider": 3.5, "logged": 4.5, "internal": 5.5}
"""Points for the cases of a customer whom the mail names without being his; a short name counts for less."""

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

_SUBJECTS = 5
"""Different subjects in a case from which on what may be common by chance tells less and less: where nearly all that a
customer speaks of was spoken of, any mail of theirs finds something, and the case would grow with every one."""

_BY_CHANCE = ("topic", "amount", "day", "people", "words")


@dataclass(frozen=True, slots=True)
class Mail:
    """What of a mail is weighed, made once for all candidates. `own`: words that name its parties.

    `against`: numbers only named to say that this is about something else. `heads`: ids of customers its subject names.
    `crossed`: its numbers, as they may be known by more or less of a label. `numbers` and `items`: of its traits.
    `named`: its numbers and models. `subject`: what its subject names, plain. `telling`: topics that few cases bear.
    `quoted`: the fingerprints of lines. `company`: words. `compared`: what is looked for in every candidate.
    """

    traits: frozenset[Trait]
    profile: Profile
    compared: Profile
    numbers: frozenset[str]
    items: frozenset[str]
    named: frozenset[Trait]
    topics: frozenset[Trait]
    telling: frozenset[Trait]
    subject: frozenset[str]
    own: frozenset[Trait]
    quoted: frozenset[str]
    against: frozenset[Trait]
    stem: str
    answers: bool
    linked: bool
    writer: str
    crossed: frozenset[Trait]
    company: frozenset[str]
    supplies: int
    cues: float
    heads: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with its points; `rule` is the kind of evidence that gave most of them."""

    candidate: Candidate
    points: float
    rule: str


# --- the mail ----------------------------------------------------------------------------------------------------


def read(
    message: Message,
    decision: CustomerDecision,
    directory: Directory,
    found: frozenset[Trait],
    common: frozenset[Trait] = frozenset(),
) -> Mail:
    """A mail made ready for weighing; `found` are its traits, `common` those that tell nothing, for many cases bear
    them."""
    subject, text = plain(message.subject[:400]), said(message)
    spoken = f"{subject}\n{text}".casefold()
    own, against = _names(message, decision, directory), _excluded(text)
    supplies = _supplies(message, spoken, directory) if decision.new else 0
    named = {("word", word) for word in topics(subject)} | set(numbers(stem(subject).upper()))
    sent = {("day", f"{message.date:%m-%d}")}
    traits = frozenset(trait for trait in found | sent if trait[1] not in own) - against - common
    topics_ = frozenset(trait for trait in named if trait[1] not in own)
    crossed_ = crossed(message, found) - against
    profile = Profile.of(traits)
    return Mail(
        traits=traits,
        profile=profile,
        compared=profile.plus(Profile.of(topics_ | crossed_)),
        numbers=profile.of_kind("number"),
        items=profile.of_kind("item"),
        named=frozenset(trait for trait in traits if trait[0] in ("number", "model")),
        topics=topics_,
        telling=topics_ - common,
        subject=frozenset(value for _, value in topics_) | apart.tokens(stem(subject)),
        own=frozenset(("word", word) for word in own),
        quoted=Profile.of(quoted(message) - common).of_kind("line"),
        against=against,
        stem=stem(subject),
        answers=answers(subject),
        linked=bool(ancestors(message)),
        writer=_writer(message, decision, directory),
        crossed=crossed_,
        company=_company(message, decision, directory),
        supplies=supplies,
        cues=_cues(message, spoken, decision, directory) + min(2.5, 0.5 + supplies) * bool(supplies),
        heads=frozenset(each.id for each in decision.named if _is_named(each, subject)),
        at=message.date,
    )


def _writer(message: Message, decision: CustomerDecision, directory: Directory) -> str:
    """Who writes, as a key of `THRESHOLDS`."""
    if decision.customer and not decision.new:
        return "memo" if decision.rule == "named" else "customer"
    if decision.reason == "log-unknown":
        return "logged"
    return "internal" if direction(message, directory) is Direction.INTERNAL else "outsider"


def _names(message: Message, decision: CustomerDecision, directory: Directory) -> frozenset[str]:
    """Words that name the parties and so tell nothing about the matter."""
    people = (message.sender, *message.to[:10], *message.cc[:10])
    names = [who.name for who in people] + [person.name for person in directory.staff] + [directory.organisation]
    names += [each.name for each in (*decision.named, *((decision.customer,) if decision.customer else ()))]
    return frozenset(word for name in names for _, word in apart.named_words(name.casefold()))


def _is_named(customer: Customer, subject: str) -> bool:
    """Whether a subject names a customer, by what people call it."""
    text = re.sub(r"\s+", "", stem(subject))
    return any(name in text for name in (companies.company_key(customer.name), *companies.short_names(customer.name)))


def _company(message: Message, decision: CustomerDecision, directory: Directory) -> frozenset[str]:
    """The words of the company of somebody new: the writer's own, or where we write to them theirs.

    Our own company's words are in our every mail, and so in every case: they tell nothing of whom we write to.
    """
    if not decision.new or decision.customer is None:
        return frozenset()
    if direction(message, directory) is not Direction.OUT:
        return Profile.of(company(message)).of_kind("word")
    return next((_label(domain) for domain in decision.customer.domains), frozenset())


def company(message: Message) -> frozenset[Trait]:
    """The words by which a writer's own company is told from others; its trade is one of them if little else is.

    Where he does not name it, the word of his domain: `sales@inkwise.example`.
    """
    for name in own_companies(message):
        whole = frozenset(topics(name.casefold()))
        bare = whole - set(companies.words("trades_en"))
        told = bare if sum(map(len, bare)) > (5 if name.isascii() else 3) else whole
        if sum(map(len, told)) > (5 if name.isascii() else 3):
            return frozenset(("word", word) for word in told)
    return frozenset(("word", label) for label in _label(message.sender.domain))


def _label(domain: str) -> frozenset[str]:
    """The word of a company's domain, where it is long enough to be nobody else's."""
    label = "" if companies.free_mail(domain) else companies.registrable(domain).partition(".")[0]
    return frozenset({label}) if len(label) > 5 and label.isalpha() else frozenset()


def crossed(message: Message, found: frozenset[Trait]) -> frozenset[Trait]:
    """A mail's numbers as a case may know them that heard them with a label, or without: `your 5502`, offer 5502."""
    bare = {("number", value) for value in bare_numbers(plain(f"{message.subject[:400]}\n{said(message)}"))}
    other = {"number": "model", "model": "number"}
    return frozenset(bare | {(other[kind], value) for kind, value in found if kind in other}) - found


def _supplies(message: Message, spoken: str, directory: Directory) -> int:
    """How many signs there are of one who delivers to us: he sells, speaks of our customer, of stock and lead times.

    Or that we order from him.
    """
    if is_ours(directory, message.sender.address):
        return min(2, sum(phrase in spoken for phrase in phrases("purchases")))
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
    if known and decision.rule not in ("address", "domain", "configured"):
        points += 1.5
    if known and is_ours(directory, message.sender.address):
        points += 1.0
    return points


# --- the mail and a case -----------------------------------------------------------------------------------------

_MOST = {
    "number": (4.0, 8.0),
    "model": (1.5, 3.0),
    "file": (4.0, 6.0),
    "item": (2.5, 4.0),
    "amount": (0.9, 2.7),
    "day": (0.5, 1.5),
}
"""Points for one trait in common, and at most, by kind."""
_NAMED_ALIKE, _CROSSED = 2.5, 3.0
"""Points for a number or model that stands in the case's subject; for one that is known by more or less of a label."""


def bearers(mail: Mail, candidates: Sequence[Candidate]) -> Counter[Trait]:
    """How many candidates bear a trait of the mail's: what many bear tells little."""
    return Counter(trait for each in candidates for trait in each.traits.shared(mail.compared))


def weigh(mail: Mail, candidate: Candidate, decision: CustomerDecision, borne: Mapping[Trait, int]) -> Weighed:
    """One candidate's points; `borne` is what `bearers` says."""
    parts = _parts(mail, candidate, borne)
    points = sum(parts.values()) + mail.cues + _nearness(mail, candidate) - _objections(mail, candidate, parts)
    if any(customer.id == candidate.customer_id for customer in decision.named):
        sure = decision.score > 0.7 or candidate.customer_id in mail.heads
        points += NAMED.get(mail.writer, 0.0) * (1.0 if sure else 0.7)
    elif mail.writer in NAMED and _told(mail, parts) < (_TOLD if mail.supplies < 2 else _HINTED):
        points -= 4.0
    return Weighed(candidate, points, max(parts, key=lambda part: parts[part]))


def _parts(mail: Mail, candidate: Candidate, borne: Mapping[Trait, int]) -> dict[str, float]:
    """Points for what a mail and a case have in common, by kind of evidence."""
    common = candidate.traits.shared(mail.profile)
    shared: dict[str, float] = {}
    for trait in common:
        shared[trait[0]] = shared.get(trait[0], 0.0) + 1 / math.sqrt(borne[trait])
    again = sum(_CROSSED / math.sqrt(borne[trait]) for trait in mail.crossed if trait in candidate.traits)
    lines = len(mail.quoted & candidate.of_kind("line"))
    parts = {
        "quote": min(8.0, 3.0 + lines) if lines else 0.0,
        "stem": 5.0 if mail.stem in candidate.of_kind("stem") and len(mail.stem) > 1 else 0.0,
        "topic": 4.0 * max(_coverage(mail, candidate, borne), _CALLED * _called(mail, candidate, borne)),
        **{kind: min(most, each * shared.get(kind, 0.0)) for kind, (each, most) in _MOST.items()},
        "spoken-of": 3.5 if mail.company and mail.company <= candidate.of_kind("word") else 0.0,
        "people": min(1.5, shared.get("person", 0.0)),
        "words": _words(common, candidate, borne),
    }
    parts["number"] += again + (_NAMED_ALIKE if apart.named_alike(mail.stem, mail.named, candidate) else 0.0)
    subjects = len(candidate.of_kind("stem"))
    if subjects > _SUBJECTS:
        parts |= {kind: parts[kind] * _SUBJECTS / subjects for kind in _BY_CHANCE}
    return parts


def _told(mail: Mail, parts: Mapping[str, float]) -> float:
    hints = sum(parts[part] for part in _HINTS) if mail.supplies else parts["topic"] + parts["item"]
    return max(
        *(parts[part] for part in _TELLING), hints if mail.supplies or mail.writer in ("internal", "logged") else 0.0
    )


def _coverage(mail: Mail, candidate: Candidate, borne: Mapping[Trait, int]) -> float:
    """How much of what the subject names was spoken of in the case: in a subject fully, else for three quarters.

    Of a subject that names nothing (`Urgent`), how much of what the case is called is spoken of in the mail.
    """
    if not mail.topics:
        title = apart.named_words(candidate.title) - mail.own
        return 0.75 * len(title & mail.traits) / len(title) if title else 0.0
    spoken_of = candidate.of_kind("topic")
    told = (
        (1.0 if trait[0] != "word" or trait[1] in spoken_of else 0.75) / math.sqrt(borne[trait])
        for trait in mail.telling
        if trait in candidate.traits
    )
    return sum(told) / len(mail.topics)


_CALLED = 0.6
"""How much it counts that a mail's text speaks of what the case is called, against its subject doing so."""


def _called(mail: Mail, candidate: Candidate, borne: Mapping[Trait, int]) -> float:
    """How much of one of the case's subjects the mail speaks of.

    A very long case bears the words of its subjects also where its traits no longer tell all (`traits.joined`).
    """
    best = 0.0
    for value in candidate.stems:
        named = apart.named_words(value)
        if told := named & mail.traits:
            points = sum(1 / math.sqrt(max(borne[trait], 1)) for trait in told)
            best = max(best, points / max(len(named - mail.own), 1.5))
    return best


def _words(common: Iterable[Trait], candidate: Candidate, borne: Mapping[Trait, int]) -> float:
    """Words in common; one that stood in a subject of the case counts more. A long case shares some with any mail."""
    spoken_of = candidate.of_kind("topic")
    points = sum((1.0 if trait[1] in spoken_of else 0.3) / borne[trait] for trait in common if trait[0] == "word")
    return min(3.0, points * min(1.0, _USUAL_WORDS / max(len(candidate.of_kind("word")), 1))) if points else 0.0


def _nearness(mail: Mail, candidate: Candidate) -> float:
    gap = abs((mail.at - candidate.last_at).total_seconds()) / 86_400
    return next(
        (points for most, points in ((3, 1.0), (8, 0.7), (31, 0.3), (90, 0.0), (365, -1.0)) if gap <= most), -2.5
    )


def _objections(mail: Mail, candidate: Candidate, parts: Mapping[str, float]) -> float:
    """Points against: other numbers of the same kind, a subject alike but for a word, a subject that comes round."""
    points = 0.0
    if apart.numbers_differ(mail.numbers, candidate):
        points += 4.0
    if apart.items_differ(mail.items, candidate, mail.subject):
        points += 2.5
    if not parts["stem"]:
        points += apart.sibling(mail.stem, candidate) * (3.0 + 0.3 * parts["topic"])
        points += 3.0 if apart.told_apart(mail.stem, candidate) else 0.0
    if mail.answers and not parts["stem"] and not parts["quote"]:
        points += 3.0 if mail.linked else 1.5
    if parts["stem"] and not mail.answers and abs((mail.at - candidate.last_at).days) > _ROUND:
        points += parts["stem"] + parts["topic"]
    return points
