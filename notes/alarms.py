"""What somebody must hear of before it is too late: values that name the thing, whose it is, and why it is said.

The same thing keeps the same `key` while it lasts, so that whoever tells it can tell it once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AlarmCode(StrEnum):
    """What kind of thing it is."""

    PROMISE_OVERDUE = "promise-overdue"
    PROMISE_DUE_SOON = "promise-due-soon"
    ANSWER_OVERDUE = "answer-overdue"
    ANSWER_DUE_SOON = "answer-due-soon"
    CUSTOMER_WAITING = "customer-waiting"
    OWNER_QUIET = "owner-quiet"
    ABSENCE_OFFERED = "absence-offered"
    MAILBOX_UNREAD = "mailbox-unread"


class Urgency(StrEnum):
    """When somebody must act: it is late already or will be within hours, in the course of the day, or soon."""

    NOW = "now"
    TODAY = "today"
    SOON = "soon"


URGENCIES = tuple(Urgency)
FAILING = frozenset(
    {
        AlarmCode.PROMISE_OVERDUE,
        AlarmCode.ANSWER_OVERDUE,
        AlarmCode.CUSTOMER_WAITING,
        AlarmCode.OWNER_QUIET,
        AlarmCode.MAILBOX_UNREAD,
    }
)
"""Something is overdue, quiet or not read; the others only warn."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise an alarm is about: its id, and its words as they were written."""

    id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is said: a code of `cli/locale`'s `alarm-reason.*` and the figures of its sentence.

    Hours are working hours, those of a mailbox hours of the clock.
    """

    code: str
    figures: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that must be heard of. `owner` and `standin` are staff ids; `standin` is set while the owner is away.

    `since`: from when on it was so; `due`: the last moment in time. Both zone-aware. `case` is a key, `customer` a
    name; both are None for what is about a person or a mailbox.
    """

    key: str
    code: AlarmCode
    owner: str | None
    standin: str | None
    case: str | None
    customer: str | None
    title: str
    promise: Promised | None
    since: datetime | None
    due: datetime | None
    reason: Reason
    urgency: Urgency


def in_order(alarms: list[Alarm]) -> list[Alarm]:
    """What must be acted on first in front: by urgency, then by the due moment, then by how long it has been so."""

    def rank(one: Alarm) -> tuple[int, bool, float, str]:
        moment = one.due or one.since
        return URGENCIES.index(one.urgency), moment is None, moment.timestamp() if moment else 0.0, one.key

    return sorted(alarms, key=rank)
