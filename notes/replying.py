"""What a stand-in's mail to the customer rests on: the mail it answers, who gets it, in whose language, which facts.

Values only. What the mail says is `cli.letter`'s; nothing here is sent anywhere.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from notes.between import BY_MACHINE
from notes.model import Address, Direction, Directory, Filed, Kind, Person, Promise, Question, Staff
from notes.squeezed import squeezed
from notes.stands import owed
from notes.timeline import Page
from notes.told import Told

MOST_QUESTIONS = 10
MOST_TOLD = 5
MOST_RECIPIENTS = 50
MOST_REFERENCES = 30
"""Ids of a References header: the first, and the latest. More say nothing more, and lines have an end."""
LONGEST_SAMPLE = 5_000
LATEST_SAMPLES = 5
JAPANESE_SHARE = 0.1
"""A text with at least this share of kana among its letters is Japanese, whatever English it names."""

_KANA = re.compile("[\u3041-\u30ff]")
_REPLY = re.compile(
    r"^(?:(?:re|aw|sv|antw|ref|rif)\s{0,2}(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s{0,2}[:：]|返信\s{0,2}[:：])\s{0,10}",
    re.IGNORECASE,
)
_PRINTABLE = re.compile(r"[!-~]{1,64}@[A-Za-z0-9.-]{1,255}")
Machine = Callable[[str], bool]
"""Whether an address is one that no person reads."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a draft rests on. `answered` is the mail it answers; `to` and `cc` are without us who write and the log.

    `language` is `ja` or `en`, the customer's. `promise` is the one to apologise for, or the first still owed;
    `in_writing`: it was made in a mail to the customer. What memos say is for ours alone and never quoted to them.
    """

    case: str
    answered: Filed
    sender: Staff
    owner: Staff | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    references: tuple[str, ...]
    in_reply_to: str | None
    language: str
    contact: Person | None
    company: str
    questions: tuple[Question, ...]
    promise: Promise | None
    in_writing: bool
    told: tuple[Told, ...]


def answerable(page: Page, machine: Machine, promise: Promise | None = None) -> Filed | None:
    """The mail that a stand-in answers: the customer's last one; after it, ours with the `promise` to apologise for.

    A mail that only reached us as a forward counts where there is no other. None: the case has no mail to answer.
    """
    mails = [entry.mail for entry in page.entries if entry.mail.kind is Kind.MAIL]
    theirs = [mail for mail in mails if mail.direction is Direction.IN and not machine(mail.sender.address)]
    customers = {one.address for one in page.people if one.role == "customer"}
    last = next((mail for mail in reversed(theirs) if mail.sender.address in customers), None)
    last = last or (theirs[-1] if theirs else None)
    made_in = promise.made_in if promise else None
    made = next((mail for mail in mails if mail.ref == made_in and mail.direction is Direction.OUT), None)
    if made and (last is None or last.at < made.at):
        return made
    ours = [mail for mail in mails if mail.direction is Direction.OUT]
    forwards = [entry.mail for entry in page.entries if entry.mail.kind is Kind.FORWARD and entry.mail.forwarded]
    return last or (forwards[-1] if forwards else None) or (ours[-1] if ours else None)


def ground(
    page: Page,
    answered: Filed,
    directory: Directory,
    sender: Staff,
    *,
    reply_to: Sequence[Address],
    references: Sequence[str],
    promise: Promise | None,
    machine: Machine,
) -> Ground:
    """All a draft needs. `reply_to` and `references` are the answered mail's own headers."""
    written = {entry.mail.ref for entry in page.entries if _to_customer(entry.mail)}
    owner = next((one for one in directory.staff if one.id == page.case.owner), None)
    to, cc = recipients(answered, directory, sender, owner, reply_to=reply_to, machine=machine)
    inner = answered.forwarded[0] if answered.kind is Kind.FORWARD and answered.forwarded else None
    chain = thread(references, None if inner else answered.ref)
    return Ground(
        case=page.case.key,
        answered=answered,
        sender=sender,
        owner=owner,
        to=to,
        cc=cc,
        subject=reply_subject(inner.subject if inner and inner.subject else answered.subject),
        references=chain,
        in_reply_to=chain[-1] if chain else None,
        language=language_of(page),
        contact=next((one for one in page.people if to and one.address == to[0].address), None),
        company=page.case.customer.name,
        questions=tuple(one for one in page.questions if _their_words(one, page))[:MOST_QUESTIONS],
        promise=promise,
        in_writing=promise is not None and promise.made_in in written,
        told=tuple(one for one in page.told if one.quote and one.told_in in written)[-MOST_TOLD:],
    )


def recipients(
    answered: Filed,
    directory: Directory,
    sender: Staff,
    owner: Staff | None,
    *,
    reply_to: Sequence[Address] = (),
    machine: Machine,
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """To and Cc of an answer to all (RFC 5322, section 3.6.3); of a mail of ours, the same people once more.

    The owner reads along. Left out: who writes, the log, addresses of machines, and what cannot be an address.
    """

    def wanted(who: Address) -> bool:
        own = who.address in sender.addresses or who.address in directory.log_addresses
        return not own and not machine(who.address) and _PRINTABLE.fullmatch(who.address) is not None

    inner = answered.forwarded[0] if answered.kind is Kind.FORWARD and answered.forwarded else None
    if inner:
        first, others = [inner.sender], [*inner.to, *inner.cc, answered.sender]
    elif answered.direction is Direction.OUT:
        first, others = list(answered.to), [answered.sender, *answered.cc]
    else:
        chosen = [who for who in reply_to if wanted(who) and not directory.is_ours(who.address)]
        first, others = chosen or [answered.sender], [*answered.to, *answered.cc]
    reads_along = [Address(owner.name, owner.addresses[0])] if owner and owner.addresses else []
    to = _each_once(filter(wanted, first))
    taken = {who.address for who in to}
    held = set(owner.addresses) if owner else set()
    if held & {who.address for who in (*first, *others)}:
        reads_along = []
    cc = _each_once(who for who in (*others, *reads_along) if wanted(who) and who.address not in taken)
    return (to, cc) if to else (cc[:1], cc[1:]) if _outside(cc, directory) else ((), cc)


def thread(references: Sequence[str], answered: str | None) -> tuple[str, ...]:
    """The References of an answer (RFC 5322, section 3.6.4): the answered mail's own, and its id last."""
    ids = [one for one in dict.fromkeys(references) if one != answered and re.fullmatch(r"[!-;=?-~]{1,400}", one)]
    kept = ids if len(ids) < MOST_REFERENCES else [ids[0], *ids[-MOST_REFERENCES + 2 :]]
    named = answered is not None and re.fullmatch(r"[!-;=?-~]{1,400}@[!-;=?-~]{1,400}", answered)
    return (*kept, answered) if named and answered else tuple(kept)


def reply_subject(subject: str) -> str:
    """A subject with `Re:` in front, once, however often others put theirs."""
    rest = " ".join(subject[:1_000].split())
    for _ in range(20):
        shorter = _REPLY.sub("", rest)
        if shorter == rest:
            break
        rest = shorter
    return f"Re: {rest}".rstrip()


def language_of(page: Page) -> str:
    """`ja` or `en`: what the customer writes; where they wrote nothing, what we write to them."""
    mails = [entry.mail for entry in page.entries if entry.mail.kind not in BY_MACHINE]
    customers = {one.address for one in page.people if one.role == "customer"}
    theirs = [mail.new_text for mail in mails if mail.sender.address in customers]
    inside = [one.text for mail in mails for one in mail.forwarded if one.sender.address in customers]
    ours = [mail.new_text for mail in mails if mail.direction is Direction.OUT]
    for texts in (theirs, inside, ours):
        said = [text for text in texts if text.strip()]
        if said:
            return language(said[-LATEST_SAMPLES:])
    return language([page.case.title])


def language(texts: Iterable[str]) -> str:
    """`ja` where a share of the letters is kana, else `en`."""
    sample = "".join(text[:LONGEST_SAMPLE] for text in texts)
    letters = sum(char.isalpha() for char in sample)
    return "ja" if letters and len(_KANA.findall(sample)) / letters >= JAPANESE_SHARE else "en"


def first_owed(page: Page) -> Promise | None:
    """Our promise that comes first: the one due soonest, then those without a date."""
    return next(iter(owed(page.promises)), None)


def _their_words(question: Question, page: Page) -> bool:
    """Whether the customer wrote the question: what a memo or a colleague says of it is no quotation."""
    mail = next((entry.mail for entry in page.entries if entry.mail.ref == question.asked_in), None)
    if mail is None or mail.kind is Kind.MAIL:
        return mail is not None and mail.direction is Direction.IN
    return any(squeezed(question.quote) in squeezed(inner.text) for inner in mail.forwarded)


def _to_customer(mail: Filed) -> bool:
    return mail.kind is Kind.MAIL and mail.direction is Direction.OUT


def _each_once(people: Iterable[Address]) -> tuple[Address, ...]:
    return tuple({who.address: who for who in people}.values())[:MOST_RECIPIENTS]


def _outside(people: Sequence[Address], directory: Directory) -> bool:
    return bool(people) and not directory.is_ours(people[0].address)
