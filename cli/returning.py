"""What happened while an owner was away, read from the diary (`kawari handover OWNER --since`)."""

from datetime import datetime

from cli.diary import Diary
from notes.errors import UsageError
from notes.model import Filed, Held, Staff
from notes.owners import assigned, owners
from notes.returned import Returned, returned
from notes.store import corrections, mails

AWAY = "away"
"""Says: since the beginning of the last absence."""


def since(diary: Diary, owner: Staff, words: str) -> datetime:
    """The moment that `--since` means. Raises `UsageError` where it is none, lies ahead, or no absence is known."""
    from cli import moments

    if words != AWAY:
        found = moments.read(words, diary.desk.zone)
    else:
        begun = [one.since for one in diary.absences if one.owner == owner.id and one.since <= diary.now]
        if not begun:
            raise UsageError("no-absence-known", staff=owner.name)
        found = max(begun)
    if found > diary.now:
        raise UsageError("since-to-come", given=words)
    return found


def rows(diary: Diary, owner: Staff, from_: datetime) -> tuple[Returned, ...]:
    """The cases of an owner, then or now, in which something happened or is owed."""
    held = [one for one in diary.held() if one.case.last_at >= from_ or one.case.owner == owner.id]
    filed = mails.of_cases(diary.db, [one.case.key for one in held])
    until = {key: [mail for mail in all_ if mail.at <= diary.now] for key, all_ in filed.items()}
    known = [(one, until[one.case.key], _owner_at(diary, one, until[one.case.key], from_)) for one in held]
    return returned(owner, from_, known, diary.now)


def _owner_at(diary: Diary, held: Held, filed: list[Filed], at: datetime) -> str | None:
    """Who looked after a case at a moment; of one that began later, who does now."""
    before = [mail for mail in filed if mail.at <= at]
    if not before:
        return held.case.owner
    found = owners(before, diary.desk.directory, held.case.customer)
    made = corrections.of(diary.db, [held.case.key], at)
    known = assigned(found, made, held.case.key)
    return known[-1].who if known else None
