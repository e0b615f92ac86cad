"""The page of one case: what a stand-in reads before answering. Values only; `cli` turns them into text or JSON."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from notes.between import Returned, Wish, last, returned, strangers, wish
from notes.doubts import NotKnown, doubts
from notes.gist import carry
from notes.hours import working_hours
from notes.model import (
    Ball,
    Calendar,
    Case,
    CaseState,
    Direction,
    Directory,
    Filed,
    Forwarded,
    Held,
    Hint,
    Owned,
    Person,
    Promise,
    Question,
)
from notes.people import people
from notes.stands import state_of
from notes.told import Told, told


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `n` counts from 1 in order of time; `gist` is the sentence that carries the mail."""

    n: int
    mail: Filed
    gist: str
    promises: tuple[str, ...]
    original: Forwarded | None


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
    returned: tuple[Returned, ...] = ()
    wish: Wish | None = None

    def number(self, ref: str | None) -> int | None:
        """The timeline number of a message, None when it is not on this page."""
        return next((entry.n for entry in self.entries if entry.mail.ref == ref), None)

    def last(self, direction: Direction) -> Entry | None:
        """The last words between us and the customer: see `between.last`."""
        mails = [entry.mail for entry in self.entries if entry.mail.new_text.strip()]
        found = last(mails, direction, strangers(self.people))
        return next((entry for entry in self.entries if entry.mail is found), None)


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
    others = strangers(who)
    return Page(
        as_of=now,
        case=held.case,
        state=state_of(held, now),
        people=who,
        ball=ball,
        ball_hours=working_hours(ball.since, now, calendar) if ball.since else 0.0,
        promises=shown,
        questions=tuple(question for question in standing.questions if question.answered_in is None),
        told=told(in_order, others),
        entries=tuple(_entry(n, mail, shown) for n, mail in enumerate(in_order, 1)),
        also_open=tuple(also_open),
        not_known=(*not_known, *doubts(in_order, held.case, directory, settled)),
        owners=tuple(owners),
        hints=tuple(hints),
        returned=returned(in_order),
        wish=wish(in_order, others),
    )


def _entry(n: int, mail: Filed, promises: Sequence[Promise]) -> Entry:
    inner = mail.forwarded[0] if mail.forwarded else None
    made = tuple(p.id for p in promises if mail.ref == p.made_in or mail.ref in p.also_in)
    return Entry(n=n, mail=mail, gist=carry(mail), promises=made, original=inner)
