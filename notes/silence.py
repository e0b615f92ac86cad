"""What must be heard of before it is too late, from what a diary holds and a moment: no clock, no database.

Promises of ours near or past their date, customers who wait longer than they are used to, owners from whom nothing has
come for a working morning while somebody counts on them, mailboxes that nobody has read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from notes.absence import Absence, absence_of, standin_of
from notes.alarms import FAILING, Alarm, AlarmCode, Promised, Reason, Urgency, in_order
from notes.handover import Row, overview
from notes.hours import working_hours
from notes.model import Calendar, Case, Coverage, Held, Holder, Precision, Promise
from notes.rhythm import Sent
from notes.spells import Spell
from notes.workdays import shift

PATIENCE = 1.5
"""A customer is worried when it takes so many times as long as it mostly does."""

LONGEST_PATIENCE = 27.0
"""Working hours, three days: beyond that everybody waits too long, however slow we have been."""

UNDATED = 2.0
"""A customer to whom we promised something without a date has a word from us, and waits so many times as long."""

MORNING = 3.0
"""Working hours of today without a mail that make a morning of it."""

LONGEST_SILENCE = 9.0
"""Working hours: a day without a word is too long while somebody counts on it, however seldom the owner writes."""

SHORT = timedelta(hours=3)
"""A promise given for so short a time is reckoned by the clock, whoever works then."""

PRESSING = (AlarmCode.PROMISE_OVERDUE, AlarmCode.PROMISE_DUE_SOON, AlarmCode.ANSWER_OVERDUE, AlarmCode.ANSWER_DUE_SOON)


@dataclass(frozen=True, slots=True)
class Limits:
    """The least that counts. `quiet_after`, `answer_within`, `warn_before`: working hours; `stale_after`: hours."""

    quiet_after: float = 4.0
    answer_within: float = 9.0
    warn_before: float = 4.0
    stale_after: float = 4.0


@dataclass(frozen=True, slots=True)
class Offer:
    """An owner's own automatic reply, sent at `at`, says that they are away for a time."""

    owner: str
    at: datetime
    spell: Spell


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the diary holds at a moment, as far as silence needs it.

    `sent`: each staff id's rhythm; `answered`: by customer id the working hours within which we mostly answer;
    `coverage`: only the mailboxes that are to be read; `unread`: ids of those of which the diary holds nothing;
    `owner_of`: whose each mailbox is.
    """

    held: Sequence[Held]
    absences: Sequence[Absence] = ()
    sent: Mapping[str, Sent] = field(default_factory=dict)
    answered: Mapping[str, float | None] = field(default_factory=dict)
    coverage: Sequence[Coverage] = ()
    unread: Sequence[str] = ()
    owner_of: Mapping[str, str | None] = field(default_factory=dict)
    offers: Sequence[Offer] = ()


def alarms(
    ledger: Ledger, limits: Limits, calendar: Calendar, now: datetime, *, read_by: datetime | None = None
) -> list[Alarm]:
    """Everything that must be heard of at `now`, what must be acted on first in front.

    `read_by`: the moment by which mailboxes should have been read, where it is another one.
    """
    found = [alarm for held in ledger.held for alarm in _of_case(held, ledger, limits, calendar, now)]
    unread = list(_unread(ledger, limits, read_by or now))
    unheard = {one.owner for one in unread if one.since}  # what was never read may have been imported
    found += [one for one in _quiet_owners(ledger, found, limits, calendar, now) if one.owner not in unheard]
    found += [*unread, *offered(ledger.offers, ledger.absences)]
    return in_order([replace(one, standin=standin_of(one.owner, ledger.absences, now)) for one in found])


# --- a case: promises, demands, waiting


def _of_case(held: Held, ledger: Ledger, limits: Limits, calendar: Calendar, now: datetime) -> Iterator[Alarm]:
    """A dated thing owed is told by its date; what has no date, by how long the customer has waited."""
    if held.standing.ball.holder is not Holder.US and held.standing.next_due is None:
        return
    rows = overview("", [held], {}, (), standin=None, calendar=calendar, now=now).rows
    dated = [row for row in rows if row.due]
    for row in dated:
        yield from _by_date(row, limits, calendar, now)
    since = _waits_since(held, dated=bool(dated)) if rows and held.standing.ball.holder is Holder.US else None
    if since:
        usual = ledger.answered.get(held.case.customer.id)
        yield from _waiting(held, since, usual, limits, calendar, now)


def _waits_since(held: Held, *, dated: bool) -> datetime | None:
    """Since when the customer waits without a word from us; None where the date we gave them is what counts.

    Had they a word from us meanwhile, they wait since what they asked after it, else since that word.
    """
    since, said = held.standing.ball.since, held.standing.last_out
    if since is None or said is None or said < since:
        return since
    asked = [one.at for one in held.standing.questions if one.answered_in is None and one.at > said]
    return min(asked, default=None if dated else said)


def _by_date(row: Row, limits: Limits, calendar: Calendar, now: datetime) -> Iterator[Alarm]:
    """A promise, or the moment by which the customer asked for an answer, late or near."""
    due, promise = row.due, row.promise
    if due is None:
        return
    late = due < now
    begins = warned_from(due, _precision(row), limits, calendar)
    if not late and (now < begins or _just_given(promise, begins, calendar, now)):
        return
    if promise is None:
        code = AlarmCode.ANSWER_OVERDUE if late else AlarmCode.ANSWER_DUE_SOON
        key = f"answer-due:{row.case.key}:{due.isoformat()}"
    else:
        code = AlarmCode.PROMISE_OVERDUE if late else AlarmCode.PROMISE_DUE_SOON
        key = f"promise-due:{row.case.key}:{promise.id}:{due.isoformat()}"
    hours = working_hours(due, now, calendar) if late else working_hours(now, due, calendar)
    today = due.astimezone(calendar.zone).date() == now.astimezone(calendar.zone).date()
    near = late or (today and hours <= limits.warn_before)
    yield _alarm(
        row.case,
        key,
        code,
        promise=Promised(promise.id, promise.quote) if promise else None,
        since=due if late else begins,
        due=due,
        reason=Reason(code.value, {"hours": round(hours, 1)}),
        urgency=Urgency.NOW if near else Urgency.TODAY if today else Urgency.SOON,
    )


def _precision(row: Row) -> Precision:
    """How exactly the date in force was given: a move and a demand are kept as moments alone."""
    if row.promise and row.due == row.promise.due.to:
        return row.promise.due.precision
    ends = row.due is not None and row.due.time() >= time(23, 59)
    return Precision.DAY if ends else Precision.MINUTE


def warned_from(due: datetime, precision: Precision, limits: Limits, calendar: Calendar) -> datetime:
    """From when on somebody is warned: for an hour or a part of a day so many working hours before, for a day or more
    since the opening of the last business day before it."""
    local = due.astimezone(calendar.zone)
    if precision in (Precision.MINUTE, Precision.PART_OF_DAY):
        return _hours_before(local, limits.warn_before, calendar)
    return datetime.combine(_business_day_before(local.date(), calendar), calendar.opens, calendar.zone)


def _business_day_before(day: date, calendar: Calendar) -> date:
    """The last business day before a day; a due date on a day off is warned of before that break begins, too."""
    for away in range(1, 40):
        if calendar.is_business_day(shift(day, -away)):
            return shift(day, -away)
    return shift(day, -1)


def _hours_before(moment: datetime, hours: float, calendar: Calendar) -> datetime:
    """The moment from which on there are so many working hours left, to the quarter of an hour."""
    start = moment
    for _ in range(40 * 96):
        if working_hours(start, moment, calendar) >= hours:
            break
        start -= timedelta(minutes=15)
    return start


def _just_given(promise: Promise | None, begins: datetime, calendar: Calendar, now: datetime) -> bool:
    """Whether the word is so fresh that its owner needs no reminder of it: given today, and less than half of the time
    for it is over. "I'll send it this afternoon" is warned of in the middle of that time, not at once."""
    if promise is None or promise.due_now is None:
        return False
    given = max([promise.made_at, *(move.at for move in promise.moves if not move.void)])
    if given < begins or given.astimezone(calendar.zone).date() < now.astimezone(calendar.zone).date():
        return False
    if promise.due_now - given <= SHORT:
        return now - given < (promise.due_now - given) / 2
    whole = working_hours(given, promise.due_now, calendar)
    return working_hours(given, now, calendar) < whole / 2


def _waiting(
    held: Held, since: datetime, usual: float | None, limits: Limits, calendar: Calendar, now: datetime
) -> Iterator[Alarm]:
    """The customer waits for us, longer than they are used to."""
    ball, case = held.standing.ball, held.case
    limit = min(max(limits.answer_within, PATIENCE * (usual or 0.0)), max(limits.answer_within, LONGEST_PATIENCE))
    limit *= UNDATED if ball.reason == "our-promise-open" else 1.0
    waited = working_hours(since, now, calendar)
    if waited < limit:
        return
    figures: dict[str, float | str] = {"hours": round(waited, 1), "limit": round(limit, 1)}
    why = "waiting-promised" if ball.reason == "our-promise-open" else "waiting-usual" if usual else "waiting"
    yield _alarm(
        case,
        f"customer-waiting:{case.key}:{since.isoformat()}",
        AlarmCode.CUSTOMER_WAITING,
        promise=None,
        since=since,
        due=None,
        reason=Reason(why, figures | ({"usual": round(usual, 1)} if usual else {})),
        urgency=Urgency.TODAY,
    )


def _alarm(
    case: Case,
    key: str,
    code: AlarmCode,
    *,
    promise: Promised | None,
    since: datetime | None,
    due: datetime | None,
    reason: Reason,
    urgency: Urgency,
) -> Alarm:
    return Alarm(
        key, code, case.owner, None, case.key, case.customer.name, case.title, promise, since, due, reason, urgency
    )


# --- an owner from whom nothing comes


def _quiet_owners(
    ledger: Ledger, found: Sequence[Alarm], limits: Limits, calendar: Calendar, now: datetime
) -> Iterator[Alarm]:
    """Who has sent nothing for a working morning while somebody counts on them. Who is away is not quiet."""
    today = now.astimezone(calendar.zone)
    if not calendar.is_business_day(today.date()):
        return
    for owner in sorted({one.case.owner for one in ledger.held if one.case.owner}):
        rhythm = ledger.sent.get(owner)
        pressing = [one for one in found if one.owner == owner and _counts_on(one, owner)]
        if rhythm is None or not pressing or absence_of(owner, ledger.absences, now):
            continue
        silent = working_hours(rhythm.last, now, calendar)
        limit = quiet_limit(rhythm, limits)
        lasting = silent >= limit + LONGEST_SILENCE and any(one.code in FAILING for one in pressing)  # since yesterday
        if silent >= limit and (lasting or _missed_morning(rhythm, today, limits, calendar)):
            yield _quiet(owner, rhythm, pressing, (silent, limit), calendar)


def quiet_limit(rhythm: Sent, limits: Limits) -> float:
    """Working hours of silence that are more than this person's usual."""
    return max(limits.quiet_after, min(rhythm.silence or 0.0, LONGEST_SILENCE))


def _missed_morning(rhythm: Sent, now: datetime, limits: Limits, calendar: Calendar) -> bool:
    """Whether nothing went out today for a morning's hours, though by now the day's first mail mostly has."""
    begins = datetime.combine(now.date(), calendar.opens, calendar.zone)
    hours = working_hours(max(begins, rhythm.last), now, calendar)
    begun = now.time() >= (rhythm.begins or calendar.opens)
    return begun and rhythm.last < begins and hours >= min(MORNING, limits.quiet_after)


def _counts_on(alarm: Alarm, owner: str) -> bool:
    """Whether the thing cannot wait for tomorrow: due today or late, or a customer who waits too long."""
    dated = alarm.code in PRESSING and alarm.urgency is not Urgency.SOON
    return alarm.owner == owner and (dated or alarm.code is AlarmCode.CUSTOMER_WAITING)


def _quiet(
    owner: str, rhythm: Sent, pressing: Sequence[Alarm], hours: tuple[float, float], calendar: Calendar
) -> Alarm:
    dues = [one.due for one in pressing if one.due]
    waiting = sum(one.code is AlarmCode.CUSTOMER_WAITING for one in pressing)
    figures: dict[str, float | str] = {
        "hours": round(hours[0], 1),
        "limit": round(hours[1], 1),
        "promises": len(pressing) - waiting,
        "waiting": waiting,
    }
    return _of_no_case(
        key=f"owner-quiet:{owner}:{rhythm.last.isoformat()}",
        code=AlarmCode.OWNER_QUIET,
        owner=owner,
        since=rhythm.last.astimezone(calendar.zone),
        due=min(dues, default=None),
        reason=Reason("owner-quiet-usual" if rhythm.silence is not None else "owner-quiet", figures),
        urgency=Urgency.NOW,
    )


def offered(offers: Sequence[Offer], absences: Sequence[Absence]) -> Iterator[Alarm]:
    """An absence that the owner's own automatic reply tells of, and nobody declared."""
    for one in offers:
        moment = max(one.at, one.spell.since)
        until = one.spell.until.isoformat() if one.spell.until else ""
        if absence_of(one.owner, absences, moment):
            continue
        yield _of_no_case(
            key=f"absence-offered:{one.owner}:{until[:10]}",
            code=AlarmCode.ABSENCE_OFFERED,
            owner=one.owner,
            since=one.at,
            reason=Reason(AlarmCode.ABSENCE_OFFERED.value, {"from": one.spell.since.isoformat(), "until": until}),
            urgency=Urgency.TODAY,
        )


def _of_no_case(
    key: str,
    code: AlarmCode,
    owner: str | None,
    *,
    since: datetime | None,
    due: datetime | None = None,
    reason: Reason,
    urgency: Urgency,
) -> Alarm:
    """What is about a person or a mailbox."""
    return Alarm(key, code, owner, None, None, None, "", None, since, due, reason, urgency)


# --- mailboxes


def _unread(ledger: Ledger, limits: Limits, now: datetime) -> Iterator[Alarm]:
    """A mailbox of which a folder was not read for too long, told once for all of its folders."""
    oldest: dict[str, Coverage] = {}
    for one in ledger.coverage:
        before = oldest.get(one.mailbox)
        if before is None or _read(one) < _read(before):
            oldest[one.mailbox] = one
    for mailbox, one in sorted(oldest.items()):
        hours = (now - one.read_until).total_seconds() / 3600 if one.read_until else None
        if hours is None or hours > limits.stale_after:
            yield _mailbox(mailbox, ledger.owner_of.get(mailbox), one.read_until, hours)
    for mailbox in ledger.unread:
        yield _mailbox(mailbox, ledger.owner_of.get(mailbox), None, None)


def _read(one: Coverage) -> float:
    return one.read_until.timestamp() if one.read_until else 0.0


def _mailbox(mailbox: str, owner: str | None, since: datetime | None, hours: float | None) -> Alarm:
    figures: dict[str, float | str] = {"mailbox": mailbox}
    return _of_no_case(
        key=f"mailbox-unread:{mailbox}:{since.isoformat() if since else 'never'}",
        code=AlarmCode.MAILBOX_UNREAD,
        owner=owner,
        since=since,
        reason=Reason("never", figures) if hours is None else Reason("unread", figures | {"hours": round(hours, 1)}),
        urgency=Urgency.NOW,
    )
