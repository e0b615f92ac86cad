"""When to try again what failed: a mailbox, or a single mail. Functions of what happened and now; nothing waits here.

Three kinds of failure: the network's and the server's pass (seconds to minutes); a server that is asked too
much is left alone for longer; and what no retry mends, like a wrong password, is tried so seldom that no account is
locked.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ingest import refusals
from notes.store.leases import Trouble

LASTING: Final[frozenset[str]] = refusals.LASTING | {
    "mailbox-wrong-password", "mailbox-plain-refused", "mailbox-no-starttls", "mailbox-ca-file-unreadable",
    "mailbox-tls-untrusted", "mailbox-tls-expired", "mailbox-tls-too-early", "mailbox-tls-other-name",
    "password-env-missing", "password-file-unreadable", "password-keyring-missing", "password-nowhere",
    "password-empty",
}  # fmt: skip
"""Failures that somebody has to mend."""

FREE_TRIES: Final = 3
"""So often in a row somebody who asks for a poll may be refused before the waiting holds for him, too."""

_THROTTLED = re.compile(
    r"\[(?:UNAVAILABLE|LIMIT|OVERQUOTA|INUSE)\b|too many|throttl|rate.?limit|exceeded .{0,40}\blimit"
    r"|\bserver (?:is )?(?:unavailable|busy)|temporary authentication|temporarily (?:locked|blocked|disabled)",
    re.IGNORECASE,
)
"""Codes, and the words of servers that give none: of Exchange, Gmail, old Dovecots."""


@dataclass(frozen=True, slots=True)
class _Waits:
    first: float
    longest: float


_PASSING = _Waits(10, 900)
_ASKED_TOO_MUCH = _Waits(300, 3_600)
_MENDED_BY_PEOPLE = _Waits(900, 6 * 3_600)
_MAIL_FIRST = timedelta(minutes=10)
_MAIL_LONGEST = timedelta(days=1)


def after_failure(before: Trouble | None, error: str, now: datetime, chance: float) -> Trouble:
    """What is noted when a mailbox failed again: each wait is twice the last one, up to the longest of its kind.

    `error` is a code, and after `: ` what was said. `chance` (0 to 1) spreads the tries of many over a quarter more or
    less. Another kind of failure than before begins anew.
    """
    failures = before.failures + 1 if before and _waits(before.error) == _waits(error) else 1
    waits = _waits(error)
    seconds = min(waits.longest, waits.first * 2 ** min(failures - 1, 30)) * (0.75 + chance / 2)
    return Trouble(failures, error, now, now + timedelta(seconds=seconds))


def wait_left(trouble: Trouble | None, now: datetime, *, asked: bool) -> timedelta:
    """How long a mailbox is still to be left alone. `asked`: somebody wants it read now, by `--once` or by a start.

    A wait that began in the future, or is longer than any, was noted by a clock that was set back since: it is over.
    """
    none = timedelta()
    if trouble is None or now < trouble.at or trouble.retry_at <= now:
        return none
    if trouble.retry_at - now > timedelta(seconds=1.25 * _waits(trouble.error).longest):
        return none
    if asked and (not is_lasting(trouble.error) or trouble.failures < FREE_TRIES):
        return none
    return trouble.retry_at - now


def is_lasting(error: str) -> bool:
    """Whether somebody has to mend it."""
    return error.partition(":")[0] in LASTING


def is_asked_too_much(said: str) -> bool:
    """Whether a server's words mean that it wants to be left alone for a while."""
    return bool(_THROTTLED.search(said[:1_000]))


def mail_is_due(tries: int, last: datetime, now: datetime) -> bool:
    """Whether to ask again for a mail that the server did not hand over: thrice at once, then ever less often."""
    if tries < FREE_TRIES or now < last:
        return True
    return now - last >= min(_MAIL_LONGEST, _MAIL_FIRST * (1 << min(tries - FREE_TRIES, 12)))


def _waits(error: str) -> _Waits:
    if is_lasting(error):
        return _MENDED_BY_PEOPLE
    return _ASKED_TOO_MUCH if is_asked_too_much(error) else _PASSING
