"""The page of one case: what a stand-in reads before answering. Values only; `cli` turns them into text or JSON."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from notes.gist import carry
from notes.hours import working_hours
from notes.model import (
    SUGGESTING,
    Address,
    Ball,
    By,
    Calendar,
    Case,
    CaseState,
    Contact,
    Customer,
    Direction,
    Directory,
    Filed,
    Forwarded,
    Held,
    Holder,
    Joined,
    Kind,
    Owned,
    Person,
    Promise,
    Question,
)
from notes.sentences import squeezed
from notes.told import Told, told

QUIET_AFTER_DAYS = 14
"""A case without a word from either side for this many days is quiet rather than waiting."""

DOUBTFUL_BELOW = 0.7
"""Below this score a message's place in its case is named on the page as a doubt."""

LOST_LETTERS = "charset-damaged"
"""The defect of a mail some of whose letters no charset could read."""

BRACKETS = re.compile(r"[(（][^()（）]{0,80}[)）]")
BY_MACHINE = frozenset({Kind.AUTO, Kind.BOUNCE})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `n` counts from 1 in order of time; `gist` is the sentence that carries the mail."""

    n: int
    mail: Filed
    gist: str
    promises: tuple[str, ...]
    original: Forwarded | None


@dataclass(frozen=True, slots=True)
class Hint:
    """How a customer is to be treated, in the words of `sender`: the note `ref` in the case of key `case`."""

    text: str
    at: datetime
    sender: Address
    ref: str
    case: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something the page cannot say: a reason code and what it is about."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page of a case says, as things stood at `as_of`. `owners`: who looked after it, in order."""

    as_of: datetime
    case: Case
    state: CaseState
    people: tuple[Person, ...]
    ball: Ball
    ball_hours: float
    promises: tuple[Promise, ...]
    questions: tuple[Question, ...]
    told: tuple[Told, ...]
    entries: tuple[Entry, ...]
    also_open: tuple[str, ...]
    not_known: tuple[NotKnown, ...]
    owners: tuple[Owned, ...] = ()
    hints: tuple[Hint, ...] = ()

    def number(self, ref: str | None) -> int | None:
        """The timeline number of a message, None when it is not on this page."""
        return next((entry.n for entry in self.entries if entry.mail.ref == ref), None)

    def last(self, direction: Direction) -> Entry | None:
        """The last words between us and the customer: the newest entry a person of that side wrote to the other.

        What a supplier wrote, or was written, is none of it.
        """
        others = _not_theirs(self.people)
        wrote = (e for e in reversed(self.entries) if e.mail.direction is direction and e.mail.kind not in BY_MACHINE)
        return next((e for e in wrote if e.mail.new_text.strip() and _between(e.mail, others)), None)


def page(
    held: Held,
    mails: Sequence[Filed],
    *,
    also_open: Sequence[str],
    not_known: Sequence[NotKnown],
    directory: Directory,
    calendar: Calendar,
    now: datetime,
    settled: Container[str] = (),
    owners: Sequence[Owned] = (),
    hints: Sequence[Hint] = (),
) -> Page:
    """Builds the page of `held` from its messages as of `now` (zone-aware).

    `also_open` are keys of other open cases of the same customer; `not_known` is what the reading itself left open
    (folders unread, mails in quarantine); doubts about this case's own messages are added here. `settled`: refs of
    mails that a person put where they are. `hints` are those about the customer, from whichever case.
    """
    in_order = sorted(mails, key=lambda mail: (mail.at, mail.ref))
    standing = held.standing
    shown = tuple(promise for promise in standing.promises if not promise.rejected)
    ball = standing.ball
    who = people(in_order, held.case.customer, directory)
    return Page(
        as_of=now,
        case=held.case,
        state=state_of(held, now),
        people=who,
        ball=ball,
        ball_hours=working_hours(ball.since, now, calendar) if ball.since else 0.0,
        promises=shown,
        questions=tuple(question for question in standing.questions if question.answered_in is None),
        told=told(in_order, _not_theirs(who)),
        entries=tuple(_entry(n, mail, shown) for n, mail in enumerate(in_order, 1)),
        also_open=tuple(also_open),
        not_known=(*not_known, *doubts(in_order, held.case, directory, settled)),
        owners=tuple(owners),
        hints=tuple(hints),
    )


def state_of(held: Held, now: datetime) -> CaseState:
    """Open while we must act or owe something; waiting for the customer; quiet when nobody has written for long."""
    standing = held.standing
    if held.case.closed_at and held.case.closed_at <= now:
        return CaseState.CLOSED
    if standing.ball.holder is Holder.US or owed(standing.promises):
        return CaseState.OPEN
    if (now - held.case.last_at).days >= QUIET_AFTER_DAYS or standing.ball.holder is Holder.NOBODY:
        return CaseState.QUIET
    return CaseState.WAITING


def owed(promises: Iterable[Promise]) -> tuple[Promise, ...]:
    """Of these, ours that are neither kept nor withdrawn, the one due first in front, those without a date last."""
    still = [p for p in promises if p.by is By.US and p.is_open]
    return tuple(sorted(still, key=lambda p: (p.due_now is None, p.due_now or p.made_at)))


def _not_theirs(who: Sequence[Person]) -> frozenset[str]:
    """Addresses of whom the customer hears nothing: ours, and where the customer's people are known, all others."""
    known = any(one.role == "customer" for one in who)
    return frozenset(one.address for one in who if one.role == "staff" or (known and one.role == "other"))


def _between(mail: Filed, others: Container[str]) -> bool:
    """Whether somebody beyond us and these `others` wrote the mail or got it; also of a memo, which names nobody."""
    outside = (mail.sender,) if mail.direction is Direction.IN else (*mail.to, *mail.cc)
    return not outside or any(one.address not in others for one in outside)


def people(mails: Iterable[Filed], customer: Customer, directory: Directory) -> tuple[Person, ...]:
    """Everybody who wrote or was written to, in order of appearance; what signatures say, newest wins.

    Signatures of mails inside mails count, too, at the time when these were written.
    The role is `staff` for ours, `customer` for the customer's own people and those who bear its names, `other` for
    anybody else.
    """
    mails = list(mails)
    likely = {mail.sender.address for mail in mails if mail.joined.customer_rule in SUGGESTING}
    found: dict[str, Person] = {}
    signed: list[tuple[datetime, str, Contact]] = []
    for mail in mails:
        for who in (mail.sender, *mail.to, *mail.cc, *(inner.sender for inner in mail.forwarded)):
            if who.address and who.address not in directory.log_addresses:
                known = found.get(who.address)
                if known is None or (who.name and not known.name):
                    role = _role(who, customer, directory)
                    likely_role = "customer" if role == "other" and who.address in likely else role
                    found[who.address] = Person(who.name, who.address, likely_role)
        for writer, at, contact in _signatures(mail):
            signed.append((at, writer.address, contact))
    for _, address, contact in sorted(signed, key=itemgetter(0)):
        if address in found:
            found[address] = _with(found[address], contact)
    return tuple(_as_elsewhere(one, found.values()) for one in found.values())


def _as_elsewhere(person: Person, known: Iterable[Person]) -> Person:
    """A customer's person without a signature, as signed in mail from another address of theirs.

    The same full name at the same customer is the same person, unless two of that name sign with different numbers.
    """
    name = _full_name(person)
    if person.phone or person.role != "customer" or not name:
        return person
    same = [one for one in known if one.role == "customer" and one.phone and _full_name(one) == name]
    if len({re.sub(r"\D", "", one.phone or "") for one in same}) != 1:
        return person
    signed = same[-1]
    return replace(
        person,
        phone=signed.phone,
        title=person.title or signed.title,
        company=person.company or signed.company,
        department=person.department or signed.department,
    )


def _full_name(person: Person) -> str:
    """A name for comparing, without what stands in brackets; empty where it is no more than a family name."""
    name = BRACKETS.sub("", person.name or "").strip()
    return squeezed(name) if len(name.split()) > 1 or (len(name) > 2 and not name.isascii()) else ""


def contact(mails: Sequence[Filed], who: Iterable[Person]) -> tuple[Person | None, Person | None]:
    """Whom to ask for at the customer, and who there can be rung up where that one's telephone is not known.

    Of `who` (as `people` tells them) it is who wrote last of the customer's people, else of those outside. `mails` are
    in order of time.
    """
    outside = [one for one in who if one.role != "staff"]
    found = {one.address: one for one in [one for one in outside if one.role == "customer"] or outside}
    writers = dict.fromkeys(mail.sender.address for mail in reversed(mails))
    in_order = [found[one] for one in writers if one in found]
    in_order += [one for one in found.values() if one not in in_order]
    first = next(iter(in_order), None)
    by_phone = next((one for one in in_order if one.phone), None)
    return first, None if first and first.phone else by_phone


def _signatures(mail: Filed) -> Iterator[tuple[Address, datetime, Contact]]:
    if mail.contact:
        yield mail.sender, mail.at, mail.contact
    for inner in mail.forwarded:
        if inner.contact:
            yield inner.sender, inner.date or mail.at, inner.contact


def _role(who: Address, customer: Customer, directory: Directory) -> str:
    if directory.is_ours(who.address):
        return "staff"
    domain = who.domain
    theirs = who.address in customer.addresses or any(domain == d or domain.endswith(f".{d}") for d in customer.domains)
    return "customer" if theirs else "other"


def _with(person: Person, contact: Contact) -> Person:
    return replace(
        person,
        name=person.name or contact.name,
        phone=contact.phone or person.phone,
        title=contact.title or person.title,
        company=contact.company or person.company,
        department=(contact.department or person.department) if contact.department != contact.title else None,
    )


def _entry(n: int, mail: Filed, promises: Sequence[Promise]) -> Entry:
    inner = mail.forwarded[0] if mail.forwarded else None
    made = tuple(p.id for p in promises if mail.ref == p.made_in or mail.ref in p.also_in)
    return Entry(n=n, mail=mail, gist=carry(mail), promises=made, original=inner)


def doubts(
    mails: Iterable[Filed], case: Case, directory: Directory, settled: Container[str] = ()
) -> Iterator[NotKnown]:
    """What is doubtful about mails of a case, whether it is theirs, when they were written, what they say."""
    for mail in mails:
        doubtful = doubtful_case(mail.joined, case.key) or guessed(mail, case.customer, directory)
        if doubtful and mail.ref not in settled:
            yield NotKnown("doubtful-join", mail.ref)
        if mail.date_doubtful:
            yield NotKnown("doubtful-date", mail.ref)
        if LOST_LETTERS in mail.defects:
            yield NotKnown("undecodable", mail.ref)


def second_hand(mail: Filed) -> bool:
    """Whether what a mail says is known only from somebody who forwarded it."""
    return mail.kind is Kind.FORWARD and bool(mail.forwarded)


def doubtful_case(joined: Joined, key: str) -> bool:
    """Whether a person should look if the mail belongs to the case of this key rather than to another."""
    by_rule = joined.rule not in ("", "person", "note") and joined.runner_up != key
    return by_rule and (joined.score < DOUBTFUL_BELOW or (joined.doubtful and joined.customer_rule not in SUGGESTING))


def guessed(mail: Filed, customer: Customer, directory: Directory) -> bool:
    """Whether only names tie the mail to the customer, and no person has confirmed its address since."""
    if mail.joined.customer_rule not in SUGGESTING:
        return False
    outside = (who for who in (mail.sender, *mail.to, *mail.cc) if not directory.is_ours(who.address))
    first = next(outside, None)
    return first is None or _role(first, customer, directory) != "customer"
