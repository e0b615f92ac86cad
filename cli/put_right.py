"""What a person decides about cases, written into the diary, and taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli import named
from cli.acquaintances import whose_word
from cli.desk import Desk
from ingest import correcting, noting
from ingest.context import Context
from ingest.correcting import Done, Word
from notes.errors import NotFoundError, UsageError
from notes.model import Correction, Held
from notes.stands import owed
from notes.store import cases, corrections, mails

if TYPE_CHECKING:
    from notes.store.engine import Connection

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done, the cases concerned as they are now, and how many promises of ours are open in them; the words of
    the promise that it was about, if it was about one."""

    done: Done
    held: tuple[Held, ...]
    owed: int = 0
    quote: str = ""


def merge(desk: Desk, case: str, into: str, word: Word, *, across: bool) -> Outcome:
    """Raises `NotFoundError`, `UsageError`, as all of these do."""

    def act(db: "Connection", context: Context) -> Done:
        return correcting.merge(db, context, named.case(db, [case]), named.case(db, [into]), word, across=across)

    return _change(desk, act)


def split(desk: Desk, case: str, messages: Sequence[str], word: Word, *, title: str | None) -> Outcome:
    """`messages` may be numbers of that case's page."""
    called = "" if title is None else _title(title)

    def act(db: "Connection", context: Context) -> Done:
        key = named.case(db, [case])
        refs = [named.message(db, _numbered(key, one)) for one in messages]
        return correcting.split(db, context, key, list(dict.fromkeys(refs)), word, title=called)

    return _change(desk, act)


def move(desk: Desk, messages: Sequence[str], case: str, word: Word, *, only: bool) -> Outcome:
    """Puts mails into a case."""

    def act(db: "Connection", context: Context) -> Done:
        refs = [named.message(db, one) for one in messages]
        return correcting.move(db, context, list(dict.fromkeys(refs)), named.case(db, [case]), word, only=only)

    return _change(desk, act)


def rename(desk: Desk, case: str, title: Sequence[str], word: Word) -> Outcome:
    """Says what a case is called."""
    return _say(desk, "case-rename", case, word, title=_title(" ".join(title)))


def assign(desk: Desk, case: str, staff: Sequence[str], word: Word) -> Outcome:
    """Says who looks after a case; nobody: whom the mails say."""
    said = " ".join(staff).strip()
    return _say(desk, "case-assign", case, word, owner=named.staff(desk.directory, said) if said else "")


def close(desk: Desk, case: str, word: Word, *, closed: bool) -> Outcome:
    """Closes a case, or opens it again."""

    def act(db: "Connection", context: Context) -> Done:
        key = named.case(db, [case])
        if bool(cases.get(db, key).closed_at) is closed:
            raise UsageError("closed-already" if closed else "open-already", case=key)
        return correcting.say(db, context, "case-close" if closed else "case-reopen", key, {}, word)

    return _change(desk, act)


def undo(desk: Desk, who: str | None, at: str | None, *, dry_run: bool) -> Outcome:
    """Takes the last correction in force back, or (`dry_run`) only says which it is."""
    word = whose_word(desk, who, at)
    store = desk.store()
    try:
        with store.begin() as db:
            last = corrections.latest(db)
            if last is None:
                raise NotFoundError("nothing-to-undo")
            quote = _quote(db, last)
            if dry_run:
                return Outcome(Done(last, (), ()), (), quote=quote)
            done = correcting.undo(db, desk.context(desk.now()), word)
            outcome = Outcome(done, _held(db, done.cases), quote=quote)
        store.scrub()  # mail that is nobody's again
        return outcome
    finally:
        store.close()


def _say(desk: Desk, kind: str, case: str, word: Word, **value: str) -> Outcome:
    return _change(desk, lambda db, context: correcting.say(db, context, kind, named.case(db, [case]), value, word))


def _change(desk: Desk, act: "Callable[[Connection, Context], Done]") -> Outcome:
    store = desk.store()
    try:
        with store.begin() as db:
            done = act(db, desk.context(desk.now()))
            held = _held(db, done.cases)
            return Outcome(done, held, sum(len(owed(one.standing.promises)) for one in held))
    finally:
        store.close()


def _held(db: "Connection", keys: Sequence[str]) -> tuple[Held, ...]:
    return tuple(cases.of_keys(db, keys))


def _quote(db: "Connection", made: Correction) -> str:
    """The words of the promise or the note that a correction is about."""
    from notes.store import promises

    try:
        if made.kind in noting.KINDS:
            return mails.get(db, made.target)[0].new_text
        return promises.find(db, made.target)[0].quote if made.kind.startswith("promise-") else ""
    except NotFoundError:
        return ""


def _numbered(key: str, words: str) -> str:
    number = words.removeprefix("#")
    return f"{key}#{number}" if number.isascii() and number.isdigit() else words


def _title(text: str) -> str:
    title = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not title or len(title) > LONGEST_TITLE:
        raise UsageError("bad-title", given=title[:40], most=LONGEST_TITLE)
    return title
