"""What a person decides about promises, written into the diary: a correction, or a note that holds a new promise."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cli import moments, named
from cli.desk import Desk
from ingest.receive import stand_again
from notes.due import find_dates
from notes.errors import NotFoundError, UsageError
from notes.model import Address, By, Certainty, Due, Findings, Kind, Precision, Promise, PromiseFound
from notes.standing import promise_id
from notes.store import cases, corrections, mails, promises

if TYPE_CHECKING:
    from notes.store.engine import Connection

BY_HAND = "person"
"""The rule of a promise that a person wrote down."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The promise as it stands after a decision, and its case's key."""

    case: str
    promise: Promise


def about(
    desk: Desk, kind: str, promise: str, *, who: str, at: datetime, evidence: str | None, date: str | None
) -> Decided:
    """Appends a decision of `kind` about the promise whose id begins so. Raises `NotFoundError`, `UsageError`."""
    store = desk.store()
    try:
        with store.begin() as db:
            found, key = promises.find(db, promise)
            value = {"evidence": named.message(db, evidence)} if evidence else {}
            if date is not None:
                value["to"] = _moment(desk, date, at).isoformat()
            corrections.append(db, at=at, who=who, kind=kind, target=found.id, value=value)
            return _after(desk, db, found.id, key)
    finally:
        store.close()


def add(desk: Desk, case: str, quote: str, *, due: str | None, by: str, who: str, said_at: datetime) -> Decided:
    """Writes a note with the promise into a case; the date from `due`, else from the words themselves."""
    if not quote.strip():
        raise UsageError("no-words")
    when = read_due(desk, due, said_at) if due else _due_in(desk, quote, said_at)
    address = _address(desk, who)
    certainty = Certainty.STATED if when.to else Certainty.GUESSED
    found = PromiseFound(
        quote=" ".join(quote.split()),
        by=By(by),
        who=address.address,
        due=when,
        certainty=certainty,
        conditional=False,
        score=1.0,
        rule=BY_HAND,
    )
    store = desk.store()
    try:
        with store.begin() as db:
            key = named.case(db, [case])
            findings = Findings(promises=(found,))
            ref = mails.add_note(
                db, case=key, kind=Kind.NOTE, sender=address, at=said_at, text=found.quote, findings=findings
            )
            return _after(desk, db, promise_id(ref, found.quote), key)
    finally:
        store.close()


def _after(desk: Desk, db: "Connection", id_: str, key: str) -> Decided:
    stand_again(db, [key], desk.context(desk.now()))
    standing = cases.standing(db, key)
    promise = next((one for one in standing.promises if one.id == id_), None)
    if promise is None:
        raise NotFoundError("promise-not-found", words=id_, candidates="")
    return Decided(key, promise)


def _address(desk: Desk, who: str) -> Address:
    """The staff member of that id or name; another name stands for itself."""
    person = next((one for one in desk.directory.staff if who in (one.id, one.name, *one.addresses)), None)
    return Address(person.name, person.addresses[0]) if person and person.addresses else Address(who, "")


def _moment(desk: Desk, words: str, said_at: datetime) -> datetime:
    to = read_due(desk, words, said_at).to
    if to is None:
        raise UsageError("no-date-found", given=words)
    return to


def read_due(desk: Desk, words: str, said_at: datetime) -> Due:
    """A date as ISO, `YYYY-MM-DD HH:MM`, or in words. Raises `UsageError` when there is none."""
    try:
        moment = moments.read(words, desk.zone)
    except UsageError:
        found = _due_in(desk, words, said_at)
        if found.to is None:
            raise UsageError("no-date-found", given=words) from None
        return found
    whole_day = len(words.strip()) == len("YYYY-MM-DD")
    start = moment.replace(hour=0, minute=0, second=0) if whole_day else moment
    return Due(start, moment, Precision.DAY if whole_day else Precision.MINUTE)


def _due_in(desk: Desk, words: str, said_at: datetime) -> Due:
    dates = find_dates(words, said_at=said_at, calendar=desk.calendar)
    return next((one.due for one in dates if one.deadline and one.due.to), Due())
