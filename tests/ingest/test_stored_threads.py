"""Threads as the diary keeps them are what is connected by ids, whatever names whatever, in whatever order it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ingest.receive import catch_up, receive
from notes.model import Place, RawMail
from notes.store import schema
from notes.store.engine import Store, open_store
from tests.ingest.corrected import CONTEXT, THEM, US, letter, ref

SEEN, NAMED = 9, 13
"""Mails there are, and mails that may be named: the others nobody has seen."""

ancestors = st.lists(st.integers(1, NAMED), max_size=4).map(tuple)
piles = st.dictionaries(st.integers(1, SEEN), ancestors, min_size=1)
"""What each mail names, truly or not: itself, mails that answer it, what was never written."""


def connected(pile: Mapping[int, Sequence[int]]) -> set[frozenset[str]]:
    """The oracle: union-find over all ids."""
    root = {number: number for number in range(1, NAMED + 1)}

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for number, named in pile.items():
        for other in named:
            root[find(other)] = find(number)
    groups: dict[int, set[str]] = {}
    for number in pile:
        groups.setdefault(find(number), set()).add(ref(number))
    return {frozenset(group) for group in groups.values()}


def kept(store: Store) -> set[frozenset[str]]:
    """The threads in the diary."""
    groups: dict[int | None, set[str]] = {}
    mail = schema.message.c
    with store.read() as db:
        for name, thread in db.execute(select(mail.ref, mail.thread_id)):
            groups.setdefault(thread, set()).add(name)
    assert None not in groups
    return {frozenset(group) for group in groups.values()}


def mail(number: int, named: Sequence[int], copy: int) -> RawMail:
    """Mail `number`; its copies lie at other places."""
    made = letter(number, number % 4, answers=named, sender=US if number % 3 == 0 else THEM)
    return replace(made, place=Place("mori", made.place.folder, 1, 100 * copy + number))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(piles, st.data())
def test_the_diary_keeps_what_is_connected_as_one_thread(
    tmp_path: Path, pile: dict[int, tuple[int, ...]], data: st.DataObject
) -> None:
    arrivals = data.draw(st.permutations([*pile, *data.draw(st.lists(st.sampled_from(sorted(pile)), max_size=3))]))
    copies = dict.fromkeys(pile, 0)
    path = tmp_path / "kawari.db"
    path.unlink(missing_ok=True)
    store = open_store(f"sqlite:///{path}")
    waiting = list(arrivals)
    while waiting:
        size, later = data.draw(st.integers(1, 5)), data.draw(st.booleans())
        batch = []
        for number in waiting[:size]:
            copies[number] += 1
            batch.append(mail(number, pile[number], copies[number]))
        del waiting[:size]
        receive(store, batch, CONTEXT, None, later=later)
        if later and data.draw(st.booleans()):
            catch_up(store, CONTEXT)
    catch_up(store, CONTEXT)
    found = kept(store)
    store.close()
    assert found == connected(pile)
