"""Where mails are: their homes as `notes.placing` works them out, and the case that took a home over.

A key may have been taken over: by the rules or by a person who moved all its mails, then it is a name and no home any
more; or in a merge by hand, then it stays the home of its mails and keeps its traits.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, select, update

from notes.model import Findings
from notes.placing import PUTS, Placed, pins
from notes.store import corrections, schema
from notes.store.schema import Was
from notes.store.sql import chunks
from notes.store.values import keyable

_MAIL = schema.message.c
_CASE = schema.case.c
_LONGEST_WAY = 100

ABOUT_CASES = ("case-merge", "case-rename", "case-assign", "case-close", "case-reopen")
"""Corrections after which the mails of a case stay where they are when the diary is read again."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What people put in order: keys of cases (also of those that took them over), and where they put mails, by ref."""

    cases: frozenset[str]
    mails: Mapping[str, str]


NOTHING_FIXED = Fixed(frozenset(), {})


def fixed(db: Connection) -> Fixed:
    """What no rule may move."""
    made = corrections.of_kinds(db, ABOUT_CASES)
    named = {one.target for one in made} | {one.value["into"] for one in made if "into" in one.value}
    return Fixed(frozenset(named | set(living(db, named).values())), pinned(db))


def pinned(db: Connection) -> dict[str, str]:
    """Where people put mails, by ref."""
    return pins(corrections.of_kinds(db, PUTS))


def living(db: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The case that shows what is at home under each of these keys: itself, or the last that took it over."""
    return _last(db, keys, _taken_over())


def homes(db: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The key under which the rules go on with each of these: itself, if need be of a case merged by hand."""
    return _last(db, keys, _taken_over_by_rules())


def merged_by_hand(db: Connection) -> set[str]:
    """The keys of cases that a person merged into others."""
    return {one.target for one in corrections.of_kinds(db, ("case-merge",))}


def keeps_traits() -> ColumnElement[bool]:
    """Whether a case has traits to be found and weighed by."""
    profile = schema.case_profile.c
    return exists().where(profile.case_key == _CASE.key)


def asleep() -> ColumnElement[bool]:
    """Whether the rules do not find a case, for the diary is filed anew and the mail that opened it still waits."""
    former = schema.former.c
    return exists().where(former.kind == Was.ASLEEP, former.value == _CASE.key)


@cache
def _taken_over() -> Select[str, str | None]:
    these = _CASE.key.in_(bindparam("keys", expanding=True))
    return select(_CASE.key, _CASE.merged_into).where(these, _CASE.merged_into.is_not(None))


@cache
def _taken_over_by_rules() -> Select[str, str | None]:
    return _taken_over().where(~keeps_traits())


def _last(db: Connection, keys: Iterable[str], taken_over: Select[str, str | None]) -> dict[str, str]:
    """Where the chain of those that took over ends, for each of these keys."""
    found = {key: key for key in keys}
    for _ in range(_LONGEST_WAY):
        into: dict[str, str] = {}
        for chunk in chunks(set(found.values())):
            rows = db.execute(taken_over, {"keys": chunk})
            into |= {key: str(other) for key, other in rows if key != other}
        if not into:
            break
        found = {key: into.get(end, end) for key, end in found.items()}
    return found


def of(db: Connection, refs: Iterable[str]) -> dict[str, str]:
    """The home of each of these mails that has one."""
    by_key = {keyable(ref): ref for ref in refs}
    found: dict[str, str] = {}
    for chunk in chunks(by_key):
        query = select(_MAIL.ref, _MAIL.home_key).where(_MAIL.ref.in_(chunk), _MAIL.home_key.is_not(None))
        found |= {by_key[ref]: str(key) for ref, key in db.execute(query)}
    return found


def ruled(db: Connection, refs: Iterable[str]) -> dict[str, str]:
    """The case that the rules chose for each of these mails."""
    found: dict[str, str] = {}
    for chunk in chunks(refs):
        query = select(_MAIL.ref, _MAIL.ruled_key).where(_MAIL.ref.in_(chunk), _MAIL.ruled_key.is_not(None))
        found |= {ref: str(key) for ref, key in db.execute(query)}
    return found


def threads_of(db: Connection, refs: Iterable[str]) -> list[Placed]:
    """All mails of the threads of these, and these, oldest first."""
    found: dict[int, Placed] = {}
    order: dict[int, tuple[object, int]] = {}
    columns = (_MAIL.id, _MAIL.ref, _MAIL.references, _MAIL.bounced, _MAIL.joined, _MAIL.ruled_key, _MAIL.at)
    for chunk in chunks(dict.fromkeys(refs)):
        theirs = select(_MAIL.thread_id).where(_MAIL.ref.in_(chunk), _MAIL.thread_id.is_not(None))
        query = select(*columns).where(_MAIL.ref.in_(chunk) | _MAIL.thread_id.in_(theirs))
        for row in db.execute(query):
            above = dict.fromkeys(map(keyable, (*row.bounced, *row.references[::-1])))
            above.pop(row.ref, None)
            found[row.id] = Placed(row.ref, tuple(above), row.joined.rule, row.ruled_key)
            order[row.id] = (row.at, row.id)
    return [found[number] for number in sorted(found, key=order.__getitem__)]


def held(db: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The home of each mail and note that these cases show, by ref."""
    found: dict[str, str] = {}
    for chunk in chunks(keys):
        query = select(_MAIL.ref, _MAIL.home_key).where(_MAIL.case_key.in_(chunk), _MAIL.home_key.is_not(None))
        found |= {ref: str(key) for ref, key in db.execute(query)}
    return found


def at_home(db: Connection, key: str) -> list[str]:
    """The refs of the mails and notes that are at home under a key, oldest first."""
    return list(db.scalars(select(_MAIL.ref).where(_MAIL.home_key == key).order_by(_MAIL.at, _MAIL.id)))


def put(db: Connection, homes: Mapping[str, str | None]) -> None:
    """Gives mails a home, by ref, and the case that shows it; None: they are nobody's again, and say nothing."""
    shown = living(db, {key for key in homes.values() if key})
    rows = [{"row": ref, "home": key, "shown": shown.get(key or "")} for ref, key in homes.items()]
    if not rows:
        return
    statement = update(schema.message).where(_MAIL.ref == bindparam("row"))
    db.execute(statement.values(home_key=bindparam("home"), case_key=bindparam("shown")), rows)
    for chunk in chunks(ref for ref, key in homes.items() if key is None):
        db.execute(update(schema.message).where(_MAIL.ref.in_(chunk)).values(findings=Findings()))


def show(db: Connection, keys: Iterable[str]) -> None:
    """Lets what is at home under these keys, and under those that they took over, be shown where it belongs now."""
    for key, case in living(db, below(db, keys)).items():
        moved = (_MAIL.home_key == key) & (_MAIL.case_key != case)
        db.execute(update(schema.message).where(moved).values(case_key=case))


def below(db: Connection, keys: Iterable[str]) -> set[str]:
    """These keys and all that are names for them."""
    found = set(keys)
    new = set(found)
    while new:
        taken = [select(_CASE.key).where(_CASE.merged_into.in_(chunk)) for chunk in chunks(new)]
        new = {key for query in taken for key in db.scalars(query)} - found
        found |= new
    return found


def move(db: Connection, key: str, into: str) -> None:
    """Lets all that is at home under one key, and all that the rules chose it for, be so under another."""
    db.execute(update(schema.message).where(_MAIL.ruled_key == key).values(ruled_key=into))
    at_home = _MAIL.home_key == key
    values = {"home_key": into, "case_key": living(db, [into])[into]}
    db.execute(update(schema.message).where(at_home).values(values))


def unfile(db: Connection, thread: int, key: str, but: Container[str]) -> list[str]:
    """Takes a thread's mails out of a case, to be filed anew; `but` these refs stay. Returns the refs taken out."""
    theirs = db.scalars(select(_MAIL.ref).where(_MAIL.thread_id == thread, _MAIL.home_key == key))
    refs = [ref for ref in theirs if ref not in but]
    for chunk in chunks(refs):
        db.execute(update(schema.message).where(_MAIL.ref.in_(chunk)).values(home_key=None, case_key=None))
    return refs


def shows_nothing(db: Connection, key: str) -> bool:
    """Whether nothing is at home under a key, nor under those that it took over."""
    return all(is_empty(db, each) for each in below(db, [key]))


def is_empty(db: Connection, key: str) -> bool:
    """Whether a case is the home of neither mail nor note."""
    return db.execute(select(_MAIL.id).where(_MAIL.home_key == key).limit(1)).first() is None
