"""Where a case stands at a moment, and what of it we still owe."""

from collections.abc import Iterable
from datetime import datetime

from notes.model import By, CaseState, Held, Holder, Promise

QUIET_AFTER_DAYS = 14
"""A case without a word from either side for this many days is quiet rather than waiting."""


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
