"""What people decide about cases, acted on: an event in the log of corrections, and what follows worked out anew.

Nothing is written over that the rules said, so `undo` is the same as any other correction: the log changes, and the
mails concerned are placed again (`notes.placing`), with all that arrived since.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest import acquainting, noting
from ingest.context import Context
from ingest.filing import bare, read, stand_again
from ingest.noting import Word as Word
from ingest.receive import file_all
from notes import cases as matters
from notes import customers as whose
from notes import placing
from notes.corrected import UNDO
from notes.errors import NotFoundError, UsageError
from notes.model import Content, Correction, Direction
from notes.store import cases, corrections, decided_customers, homes, mails, pending, promises, unfiled
from notes.store import traits as stored_traits
from notes.store.engine import Connection

_Made = tuple[str, str, Mapping[str, str]]
"""A correction's kind, target and value."""

ABOUT_PROMISES = ("promise-keep", "promise-move", "promise-withdraw", "promise-confirm", "promise-reject")


@dataclass(frozen=True, slots=True)
class Done:
    """What a correction did. `moved`: refs of the mails that another case shows now, or none; `cases`: keys of the
    cases that changed, without those that are names for others now."""

    made: Correction
    moved: tuple[str, ...]
    cases: tuple[str, ...]


def merge(db: Connection, context: Context, key: str, into: str, word: Word, *, across: bool = False) -> Done:
    """Lets one case show all that another shows, whose key stays good as a name for it.

    Raises UsageError: `merge-with-itself`, and `merge-across` where the customers differ and `across` is not said.
    """
    if key == into:
        raise UsageError("merge-with-itself", case=key)
    of = cases.customers_of(db, [key, into])
    if of[key].id != of[into].id and not across:
        raise UsageError("merge-across", case=key, customer=of[key].name, into=into, other=of[into].name)
    before = mails.cases_of(db, homes.held(db, [key]))
    made = _append(db, "case-merge", key, {"into": into}, word)
    return _done(db, made, before, _merge(db, context, key, into))


def split(db: Connection, context: Context, key: str, refs: Sequence[str], word: Word, *, title: str = "") -> Done:
    """Makes a case of its own of these mails of a case and of the answers to them.

    Raises UsageError: `not-in-case`, and `split-everything` where nothing would stay.
    """
    shown = homes.held(db, [key])
    for ref in refs:
        if ref not in shown:
            raise UsageError("not-in-case", ref=ref, case=key)
    rows = homes.threads_of(db, refs)
    taken = placing.answers(rows, refs, shown)
    if len(taken) == len(shown):
        raise UsageError("split-everything", case=key)
    first = mails.get(db, taken[0])[0]
    named = title.strip() or bare(first.subject)
    new = cases.open_case(db, cases.customers_of(db, [key])[key], named, first.at)
    value = {"to": new, "refs": "\n".join(taken), "title": named}
    return _put(db, context, rows, ("case-split", key, value), word)


def move(db: Connection, context: Context, refs: Sequence[str], to: str, word: Word, *, only: bool = False) -> Done:
    """Puts mails into a case, with the answers to them that are where they are; `only` these. Unfiled ones are filed.

    Raises UsageError: `moved-already` where all of them are in that case, `ignored-by-settings` for what is left out.
    """
    for ref in refs:
        may_be_filed(db, context, ref)
    rows = homes.threads_of(db, refs)
    held = mails.cases_of(db, {*refs, *(row.ref for row in rows)})
    going = [ref for ref in dict.fromkeys(refs) if held.get(ref) != to]
    if not going:
        raise UsageError("moved-already", refs=list(refs), case=to)
    beside = {held.get(ref) for ref in going}
    among = [row.ref for row in rows if held.get(row.ref) in beside]
    taken = going if only else placing.answers(rows, going, among)
    value = {"to": to, "refs": "\n".join(taken), "from": "\n".join(sorted(key for key in beside if key))}
    if only:
        value["stay"] = "\n".join(f"{key} {ref}" for ref, key in _staying(db, rows, taken, to).items())
    return _put(db, context, rows, ("case-move", taken[0], value), word)


def may_be_filed(db: Connection, context: Context, ref: str) -> None:
    """Raises UsageError `ignored-by-settings`: the settings' `[ignore]` beats people, too. Of a mail that we sent, only
    its reason may be left to tell."""
    mail, _, reason = mails.get(db, ref)
    entry = whose.left_out_by(mail, context.directory)
    if entry or (reason == "ignored" and mail.content is not Content.WHOLE and mail.direction is not Direction.IN):
        raise UsageError("ignored-by-settings", ref=ref, entry=entry or "[ignore]")


def say(db: Connection, context: Context, kind: str, key: str, value: Mapping[str, str], word: Word) -> Done:
    """Says of a case what it is called, who looks after it, that it is closed or open: kinds of `homes.ABOUT_CASES`."""
    made = _append(db, kind, key, value, word)
    stand_again(db, [key], context)
    return Done(made, (), (key,))


def undo(db: Connection, context: Context, word: Word) -> Done:
    """Takes the last correction in force back, whatever it is about. Raises NotFoundError `nothing-to-undo`."""
    last = corrections.latest(db)
    if last is None:
        raise NotFoundError("nothing-to-undo")
    before = _Before(homes.pinned(db), mails.cases_of(db, _concerned(db, last)))
    _append(db, UNDO, str(last.id), {}, word)
    again = next((act for kinds, act in AGAIN if last.kind in kinds), None)
    return _done(db, last, before.cases, again(db, context, last, before.pins) if again else ())


@dataclass(frozen=True, slots=True)
class _Before:
    """Where people had put mails, and which case showed the mails concerned."""

    pins: Mapping[str, str]
    cases: Mapping[str, str]


def _append(db: Connection, kind: str, target: str, value: Mapping[str, str], word: Word) -> Correction:
    return corrections.append(db, at=word.at, who=word.who, kind=kind, target=target, value=value)


def _concerned(db: Connection, made: Correction) -> list[str]:
    """Refs of the mails that a correction may have moved."""
    refs = placing.listed(made, "refs")
    keys = homes.living(db, [key for key in (made.value.get("into"), made.value.get("to")) if key])
    placed = made.kind == "case-merge" or made.kind in placing.PUTS
    shown = homes.held(db, keys.values()) if placed else {}
    return list(dict.fromkeys([*refs, *shown, *(row.ref for row in homes.threads_of(db, refs))]))


def _done(db: Connection, made: Correction, before: Mapping[str, str], touched: Iterable[str]) -> Done:
    after = mails.cases_of(db, before.keys())
    moved = [ref for ref in before if before[ref] != after.get(ref, "")]
    return Done(made, tuple(moved), tuple(sorted(set(homes.living(db, touched).values()))))


# --- merging and putting


def _merge(db: Connection, context: Context, key: str, into: str) -> set[str]:
    cases.keep_traits(db, key)
    cases.take_over(db, key, into)
    homes.show(db, [key])
    stand_again(db, [into], context)
    return {into}


def _put(db: Connection, context: Context, rows: Sequence[placing.Placed], made: _Made, word: Word) -> Done:
    """Writes a correction down that puts mails somewhere, and places them."""
    refs = {row.ref for row in rows} | set(made[2]["refs"].split("\n"))
    pins, before = homes.pinned(db), dict.fromkeys(refs, "") | mails.cases_of(db, refs)
    event = _append(db, *made, word)
    return _done(db, event, before, _place(db, context, rows, pins, made[2]["to"]))


def _place(
    db: Connection, context: Context, rows: Sequence[placing.Placed], pins: Mapping[str, str], to: str | None
) -> set[str]:
    """Gives mails their homes after the log changed; `pins` held before. Returns the keys of the cases concerned."""
    was, now = placing.homes(rows, pins), placing.homes(rows, homes.pinned(db))
    changed = {ref: home for ref, home in now.items() if home != was[ref]}
    left = homes.of(db, changed)
    homes.put(db, changed)
    followed = {row.ref for row in rows if row.rule == placing.FOLLOWS}
    unread = [ref for ref, home in changed.items() if (ref not in left if home else ref in followed)]
    keys = set(left.values()) | {home for home in changed.values() if home}
    _settle(db, keys, to or next((home for home in changed.values() if home), None))
    _weigh_again(db, context, keys)
    filed = file_all(db, pending.anew(db, unread), context)
    stand_again(db, sorted(keys | filed), context)
    return keys | filed


def _steps(into: Mapping[str, str], key: str) -> int:
    """How many names lead from a key to the case that shows what is at home under it."""
    steps = 0
    while key in into and steps < len(into):
        key, steps = into[key], steps + 1
    return steps


def _settle(db: Connection, keys: Iterable[str], to: str | None) -> None:
    """Makes names of keys under which nothing is at home any more (`to`: for what took it), and cases of the others;
    those that people made names for others last, when the others are what they will be."""
    by_hand = {one.target: one.value["into"] for one in corrections.of_kinds(db, ("case-merge",))}
    for key in sorted(keys, key=lambda key: (_steps(by_hand, key), key)):
        if key in by_hand:
            cases.take_over(db, key, homes.living(db, [by_hand[key]])[by_hand[key]])
        elif homes.shows_nothing(db, key):
            cases.take_over(db, key, to or key)
        else:
            cases.wake(db, key)
    homes.show(db, keys)


def _weigh_again(db: Connection, context: Context, keys: Iterable[str]) -> None:
    """What cases are found and weighed by, from the mails that are at home in them."""
    traits: dict[str, frozenset[matters.Trait]] = {}
    for key in keys:
        traits[key] = frozenset()
        for ref in homes.at_home(db, key):
            raw = mails.raw(db, ref)
            if raw is not None:
                traits[key] |= matters.traits(read(raw), context.directory)
    stored_traits.put(db, {key: found for key, found in traits.items() if not homes.is_empty(db, key)})
    stored_traits.forget(db, [key for key in traits if homes.is_empty(db, key)])


def _staying(db: Connection, rows: Sequence[placing.Placed], taken: Sequence[str], to: str) -> dict[str, str]:
    """The homes of mails that would go along by themselves, for they follow one of those taken."""
    pins = homes.pinned(db)
    was, now = placing.homes(rows, pins), placing.homes(rows, pins | dict.fromkeys(taken, to))
    return {ref: home for ref, home in was.items() if home and now[ref] != home and ref not in taken}


# --- taking back


def _place_back(db: Connection, context: Context, made: Correction, pins: Mapping[str, str]) -> set[str]:
    rows = homes.threads_of(db, placing.pins([made]))
    touched = _place(db, context, rows, pins, None)
    if made.kind == "case-split":
        new = made.value["to"]  # what else came into it goes where the mails that were split off are
        home = next(iter(homes.of(db, placing.listed(made, "refs")).values()), made.target)
        cases.merge(db, home, [new])
        touched = {*touched, home} - {new}
        stand_again(db, sorted(touched), context)
    unfiled.sweep(db, context.keep)
    return touched


def _part(db: Connection, context: Context, made: Correction, _: Mapping[str, str]) -> set[str]:
    """Wakes a merged case; one whose mails all went elsewhere in the meantime stays a name for where they are."""
    if not homes.is_empty(db, made.target):
        cases.wake(db, made.target)
    homes.show(db, [made.target])
    touched = {made.target, made.value["into"]}
    stand_again(db, sorted(touched), context)
    return touched


def _stand(db: Connection, context: Context, made: Correction, _: Mapping[str, str]) -> set[str]:
    stand_again(db, [made.target], context)
    return {made.target}


def _stand_by_promise(db: Connection, context: Context, made: Correction, _: Mapping[str, str]) -> set[str]:
    touched = promises.cases_of(db, made.target)
    stand_again(db, sorted(touched), context)
    return touched


def _customers(db: Connection, context: Context, made: Correction, _: Mapping[str, str]) -> set[str]:
    return set(acquainting.take_back(db, context, made))


_Again = Callable[[Connection, Context, Correction, Mapping[str, str]], set[str]]

AGAIN: Sequence[tuple[Container[str], _Again]] = (
    (placing.PUTS, _place_back),
    (("case-merge",), _part),
    (homes.ABOUT_CASES, _stand),
    (ABOUT_PROMISES, _stand_by_promise),
    (decided_customers.KINDS, _customers),
    (noting.KINDS, noting.take_back),
)
"""For kinds of corrections, how to work out anew what follows once one of them is taken back: from the log as it is.

Given are the correction and where people had put mails before; returned are the keys of the cases concerned.
"""
