"""The page of one case: what a stand-in reads before answering. Values only; `cli` turns them into text or JSON."""

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
from notes.told import Told, told

QUIET_AFTER_DAYS = 14
"""A case without a word from either side for this many days is quiet rather than waiting."""

DOUBTFUL_BELOW = 0.7
"""Below this score a message's place in its case is named on the page as a doubt."""

LOST_LETTERS = "charset-damaged"
"""The defect of a mail some of whose letters no charset could read."""

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
        """The last words of one side: the newest entry a person of that side wrote."""
        wrote = (e for e in reversed(self.entries) if e.mail.direction is direction and e.mail.kind not in BY_MACHINE)
        return next((e for e in wrote if e.mail.new_text.strip()), None)


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
        not_known=(*not_known, *_doubts(in_order, held.case, directory, settled)),
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
    return tuple(found.values())


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


def _doubts(mails: Sequence[Filed], case: Case, directory: Directory, settled: Container[str]) -> Iterable[NotKnown]:
    for mail in mails:
        doubtful = doubtful_case(mail.joined, case.key) or guessed(mail, case.customer, directory)
        if doubtful and mail.ref not in settled:
            yield NotKnown("doubtful-join", mail.ref)
        if mail.date_doubtful:
            yield NotKnown("doubtful-date", mail.ref)
        if LOST_LETTERS in mail.defects:
            yield NotKnown("undecodable", mail.ref)


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
