"""A note that a person writes, put into the diary: who says it, what was promised in it."""

from dataclasses import dataclass

from cli import named
from cli.acquaintances import whose_word
from cli.desk import Desk
from ingest import noting
from notes.errors import UsageError
from notes.model import Address, Correction, Filed, Kind, Promise
from notes.store import cases, mails

LONGEST = 100_000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class Written:
    """A note in its case, `n` on its page, with its event in the log and the promises it makes, moves or settles."""

    case: str
    n: int
    note: Filed
    promises: tuple[Promise, ...]
    made: Correction


def find(desk: Desk, case: str) -> str:
    """The key of the case that is meant. Raises `NotFoundError`."""
    store = desk.store()
    try:
        with store.read() as db:
            return named.case(db, [case])
    finally:
        store.close()


def write(desk: Desk, case: str, text: str, *, kind: str, who: str | None, at: str | None) -> Written:
    """Writes a note of a kind (`note`, `call`, `meeting`, `hint`), as of `at` or now.

    Raises `NotFoundError`, `UsageError`: `no-words`, `note-too-long`.
    """
    words = "\n".join(text.replace("\x00", "").splitlines()).strip()
    if not words:
        raise UsageError("no-words")
    if len(words) > LONGEST:
        raise UsageError("note-too-long", most=LONGEST)
    word = whose_word(desk, who, at)
    store = desk.store()
    try:
        with store.begin() as db:
            key = named.case(db, [case])
            sender = _sender(desk, word.who)
            done = noting.write(db, desk.context(desk.now()), key, words, word, kind=Kind(kind), sender=sender)
            page = sorted(mails.of_cases(db, [key])[key], key=lambda mail: (mail.at, mail.ref))
            n, note = next((n, mail) for n, mail in enumerate(page, 1) if mail.ref == done.ref)
            standing = cases.standing(db, key)
            found = tuple(one for one in standing.promises if done.ref in _sources(one))
            return Written(key, n, note, found, done.made)
    finally:
        store.close()


def _sources(one: Promise) -> set[str]:
    """Where a promise was made, said again, given another date or settled."""
    settled = (each.ref for each in (one.kept, one.withdrawn) if each)
    return {one.made_in, *one.also_in, *(each.ref for each in one.moves), *settled}


def _sender(desk: Desk, who: str) -> Address:
    """A staff member with the first of the addresses; another name stands for itself."""
    person = next((one for one in desk.directory.staff if one.id == who), None)
    return Address(person.name, next(iter(person.addresses), "")) if person else Address(who, "")
