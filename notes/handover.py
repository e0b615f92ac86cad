"""What an owner owes, in the order in which a stand-in should act. Values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from notes.between import Returned, Wish
from notes.hours import working_hours
from notes.model import Ball, Calendar, Case, CaseState, Coverage, Held, Hint, Holder, Person, Promise, Question
from notes.stands import owed, state_of

FAR = 1e12
"""Seconds beyond every date: what is added to stand behind all that is not so."""
SOON_DAYS = 3
"""A promise due within this many calendar days after today is due soon; a later one waits its turn behind customers."""


class RowState(StrEnum):
    """Why a row stands where it stands."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do: a promise owed, or a case in which the customer waits or nobody has written for long.

    `due` is the last moment in force: of the promise, or the one the customer named for an answer.
    `reach` is who at the customer can be rung up where the telephone of `contact` is not known.
    `waited` are the working hours since the ball came to us, 0.0 when it is not with us.
    `told`: to whom a memo says that the promise was made, a name. `returned`: our last words, where they came back.
    """

    case: Case
    state: RowState
    due: datetime | None
    promise: Promise | None
    contact: Person | None
    ball: Ball
    waited: float
    last_in: datetime | None
    last_out: datetime | None
    unanswered: int
    hints: tuple[Hint, ...] = ()
    reach: Person | None = None
    told: str = ""
    returned: tuple[Returned, ...] = ()
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything `owner` owes as of `as_of`, soonest to act first, then what is quiet, then what was read at all.

    `doubts`: how many mails of these cases are in doubt, by a code of `timeline.NotKnown` or `second-hand`; None where
    nobody counted.
    """

    as_of: datetime
    owner: str
    standin: str | None
    rows: tuple[Row, ...]
    coverage: tuple[Coverage, ...]
    doubts: Mapping[str, int] | None = None

    def count(self, *states: RowState) -> int:
        """How many rows are in one of these states."""
        return sum(row.state in states for row in self.rows)


def overview(
    owner: str,
    held: Iterable[Held],
    contacts: Mapping[str, Person],
    coverage: Sequence[Coverage],
    *,
    standin: str | None,
    calendar: Calendar,
    now: datetime,
) -> Overview:
    """The handover of `owner` from the cases they hold; `contacts` gives each case key's person at the customer."""
    rows = [row for one in held for row in _rows(one, contacts.get(one.case.key), calendar, now)]
    rows.sort(key=lambda row: _order(row, calendar, now))
    return Overview(as_of=now, owner=owner, standin=standin, rows=tuple(rows), coverage=tuple(coverage))


def _rows(one: Held, contact: Person | None, calendar: Calendar, now: datetime) -> list[Row]:
    state = state_of(one, now)
    if state is CaseState.CLOSED:
        return []
    promises = owed(one.standing.promises)
    demand = _demand(one.standing.questions, promises, now)
    found: list[tuple[Promise | None, datetime | None]] = [(promise, promise.due_now) for promise in promises]
    if demand and not any(promise.due_now and _covers(promise.due_now, demand, now) for promise in promises):
        found.insert(0, (None, demand))
    if not found and _worth_a_row(one, state):
        found = [(None, None)]
    return [_row(one, promise, due, contact, calendar, now) for promise, due in found]


def _covers(due: datetime, demand: datetime, now: datetime) -> bool:
    """Whether a promise is to be kept before the hour asked for; a broken one is no answer to a later demand."""
    return due <= demand and (due >= now or demand < now)


def _worth_a_row(one: Held, state: CaseState) -> bool:
    """A finished exchange needs nothing; one that waits for us, or for them too long, does."""
    return one.standing.ball.holder is Holder.US or (
        state in (CaseState.QUIET, CaseState.WAITING) and one.standing.ball.holder is Holder.THEM
    )


def _demand(questions: Iterable[Question], promises: Sequence[Promise], now: datetime) -> datetime | None:
    """The earliest moment by which the customer wants an answer still owed.

    A date that we gave after the question, in a promise or by moving one, is the one that counts since then, until it
    has passed unkept and the customer's is still to come.
    """
    given = [moment for p in promises if p.due_now for moment in (p.made_at, *(move.at for move in p.moves))]
    last_given = max(given, default=None)
    broken = all(p.due_now < now for p in promises if p.due_now)
    return min(
        (
            q.wanted
            for q in questions
            if q.wanted
            and q.answered_in is None
            and ((broken and q.wanted >= now) or not last_given or q.at >= last_given)
        ),
        default=None,
    )


def _row(
    one: Held, promise: Promise | None, due: datetime | None, contact: Person | None, calendar: Calendar, now: datetime
) -> Row:
    standing = one.standing
    ours = standing.ball.holder is Holder.US and standing.ball.since
    return Row(
        case=one.case,
        state=_state(one, due, calendar, now),
        due=due,
        promise=promise,
        contact=contact,
        ball=standing.ball,
        waited=working_hours(standing.ball.since, now, calendar) if ours and standing.ball.since else 0.0,
        last_in=standing.last_in,
        last_out=standing.last_out,
        unanswered=sum(question.answered_in is None for question in standing.questions),
    )


def _state(one: Held, due: datetime | None, calendar: Calendar, now: datetime) -> RowState:
    if due is None:
        return RowState.WAITING if one.standing.ball.holder is Holder.US else RowState.QUIET
    if due < now:
        return RowState.OVERDUE
    today = now.astimezone(calendar.zone).date()
    day = due.astimezone(calendar.zone).date()
    if day == today:
        return RowState.TODAY
    return RowState.SOON if day <= today + timedelta(days=SOON_DAYS) else RowState.WAITING


def _order(row: Row, calendar: Calendar, now: datetime) -> tuple[int, float, str]:
    """The order to act in.

    First what can still be kept today at a set hour, by the hour; then what is broken already, oldest first, but before
    it what the customer still asks for; then what is due in the course of today; then soon; then customers who wait,
    longest first; then later dates; then the rest.
    """
    due = row.due.timestamp() if row.due else 0.0
    if row.state is RowState.TODAY and _has_an_hour(row, calendar):
        # Behind an hour that a customer names stands something that happens then; our own hour can be talked about.
        return (0, due, f"{row.promise is not None:d} {row.case.key}")
    if row.state in (RowState.OVERDUE, RowState.TODAY, RowState.SOON):
        calm = row.state is RowState.OVERDUE and not row.unanswered  # broken, but nobody has asked for it yet
        return ({RowState.OVERDUE: 1, RowState.TODAY: 2, RowState.SOON: 3}[row.state], calm * FAR + due, row.case.key)
    if row.state is RowState.WAITING and row.due is None:
        return (4, -row.waited, row.case.key)
    if row.state is RowState.WAITING:
        return (5, due, row.case.key)
    return (6, row.case.last_at.timestamp(), row.case.key)


def _has_an_hour(row: Row, calendar: Calendar) -> bool:
    """Whether the due moment lies within the day rather than at its end."""
    return row.due is not None and row.due.astimezone(calendar.zone).time() <= calendar.closes
