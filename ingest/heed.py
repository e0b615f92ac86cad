"""What `notes.silence` looks at, gathered from the diary: for `kawari check`, and for whoever watches all the time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from notes import rhythm, spells
from notes.absence import Absence
from notes.model import Calendar, Coverage, Directory, Held, Holder
from notes.silence import Ledger, Offer
from notes.store import places, rhythms
from notes.store.engine import Connection

_FOLDER_GONE = "mailbox-folder-missing"


def gather(
    db: Connection,
    held: Sequence[Held],
    declared: Sequence[Absence],
    mailboxes: Mapping[str, str | None],
    folders: Mapping[str, Collection[str]],
    *,
    directory: Directory,
    calendar: Calendar,
    now: datetime,
) -> Ledger:
    """The ledger of a moment. `held`: the cases that matter; `mailboxes`: the settings' ids, and whose they are;
    `folders`: those that the settings name, of mailboxes of which they do."""
    asking = {one.case.customer.id for one in held if one.standing.ball.holder is Holder.US}
    coverage = _in_force([one for one in places.coverage(db, counted=False) if one.mailbox in mailboxes], folders)
    read = {one.mailbox for one in coverage} | places.filled(db, mailboxes)  # who imports reads in their own time
    return Ledger(
        held=held,
        absences=declared,
        sent=_sent(db, directory, calendar, now),
        answered={
            who: rhythm.answer_hours(mails, calendar) for who, mails in rhythms.exchanges(db, asking, now).items()
        },
        coverage=coverage,
        unread=[one for one in mailboxes if one not in read],
        owner_of=mailboxes,
        offers=offers(rhythms.own_replies(db, now), directory, calendar, now),
    )


def _in_force(coverage: Sequence[Coverage], folders: Mapping[str, Collection[str]]) -> list[Coverage]:
    """Without folders that the settings name no more, or that have another name now: nobody reads them, and nobody is
    to hear so for ever.

    While none of those named instead was looked at, the former ones tell how old the last reading is.
    """
    there = [one for one in coverage if not _has_another_name(one, coverage)]
    named = [one for one in there if one.folder in folders.get(one.mailbox, (one.folder,))]
    begun = {one.mailbox for one in named}
    return [*named, *(one for one in there if one.mailbox not in begun)]


def _has_another_name(gone: Coverage, coverage: Sequence[Coverage]) -> bool:
    """Whether a folder is gone and its mailbox has another one of its role, which is read."""
    there = (one for one in coverage if one.mailbox == gone.mailbox and one.role is gone.role)
    return gone.error == _FOLDER_GONE and any(one.read_until and not one.error for one in there)


def _sent(db: Connection, directory: Directory, calendar: Calendar, now: datetime) -> dict[str, rhythm.Sent]:
    """Each staff id's rhythm."""
    moments: dict[str, list[datetime]] = {}
    for address, at in rhythms.sent(db, now):
        person = directory.staff_at(address)
        if person:
            moments.setdefault(person.id, []).append(at)
    return {who: found for who, all_ in moments.items() if (found := rhythm.sent(all_, calendar))}


def offers(
    replies: Iterable[tuple[str, datetime, str]], directory: Directory, calendar: Calendar, now: datetime
) -> list[Offer]:
    """What the newest automatic reply of each of our people says of their absence, where it is not over.

    `replies`: writer's address, moment and new text of each, oldest first.
    """
    found: dict[str, Offer] = {}
    for address, at, text in replies:
        person, said_at = directory.staff_at(address), at.astimezone(calendar.zone)
        spell = spells.offered(text, said_at, calendar) if person else None
        if person and spell and (spell.until is None or spell.until > now):
            found[person.id] = Offer(person.id, said_at, spell)
    return list(found.values())
