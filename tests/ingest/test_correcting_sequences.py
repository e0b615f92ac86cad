"""Any sequence of corrections and undos, with mail arriving in between, ends where a plain replay of it ends."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.reconsider import reconsider
from notes.errors import UsageError
from notes.store import cases, homes
from notes.store.engine import Store, open_store
from tests.ingest import corrected
from tests.ingest.corrected import CONTEXT, MATTERS, US, arrive, letter, piles

KINDS = ("mail", "mail", "merge", "merge", "split", "move", "move", "only", "rename", "close", "undo", "undo", "again")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 30), st.integers(0, 30)), min_size=5, max_size=12)
BEGINNING = (("mail", 1, 0), ("mail", 1, 0), ("mail", 0, 0), ("mail", 0, 1), ("mail", 0, 2))
"""Two matters, and three answers."""


@dataclass
class Plain:
    """What people see, by the words of the manual: mails by number in cases by key, and what each mail answers."""

    above: dict[int, int | None] = field(default_factory=dict)
    home: dict[int, str] = field(default_factory=dict)
    into: dict[str, str] = field(default_factory=dict)
    title: dict[str, str] = field(default_factory=dict)

    def shown(self, key: str) -> str:
        """The case that shows what is at home under a key."""
        while key in self.into:
            key = self.into[key]
        return key

    def piles(self) -> dict[str, set[int]]:
        """Which mails each case shows."""
        found: dict[str, set[int]] = {}
        for mail, key in self.home.items():
            found.setdefault(self.shown(key), set()).add(mail)
        return found

    def with_answers(self, mail: int) -> list[int]:
        """A mail and what answers it in the same case, however far down."""
        here = self.shown(self.home[mail])
        found = [mail]
        for one in found:
            found += [n for n, above in self.above.items() if above == one and self.shown(self.home[n]) == here]
        return found


Event = tuple[str, int, str, str, tuple[int, ...]]
"""What happened: kind, a mail, two keys, and mails that a person took."""


def replay(events: list[Event]) -> Plain:
    """Everything from the beginning."""
    state = Plain()
    for kind, mail, one, other, taken in events:
        if kind == "mail":
            above = taken[0] if taken else None
            state.above[mail] = above
            state.home[mail] = one if above is None else state.home[above]
        elif kind == "merge":
            state.into[one] = other
        elif kind == "rename":
            state.title[one] = other
        elif kind == "only":
            state.home |= dict.fromkeys(taken, one)
        elif kind == "put":
            state.home |= {n: one for each in taken for n in state.with_answers(each)}
    return state


@contextmanager
def empty() -> Iterator[Store]:
    """A diary of its own for each example."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/kawari.db")
        yield store
        store.close()


@dataclass
class Desk:
    """Does a step to the diary, and writes it into the list of what happened."""

    store: Store
    events: list[Event] = field(default_factory=list)
    undoable: list[int] = field(default_factory=list)
    mails: int = 0
    roots: int = 0

    def step(self, kind: str, a: int, b: int) -> None:
        seen = piles(self.store)
        if kind == "mail":
            self._mail(a, b)
        elif kind == "undo" and self.undoable:
            corrected.undo(self.store)
            del self.events[self.undoable.pop()]
        elif kind == "again":
            reconsider(self.store, CONTEXT)
        elif seen and kind not in ("mail", "undo"):
            self._correct(kind, sorted(seen), a, b)

    def _mail(self, a: int, b: int) -> None:
        self.mails += 1
        n = self.mails
        if self.roots < len(MATTERS) and (a % 2 or not self.roots):
            self.roots += 1
            arrive(self.store, letter(n, self.roots - 1))
            self.events.append(("mail", n, f"asagao-{self._numbers()}", "", ()))
        else:
            above = 1 + b % (n - 1)
            arrive(self.store, letter(n, answers=[above], sender=US if a % 3 else corrected.THEM))
            self.events.append(("mail", n, "", "", (above,)))

    def _numbers(self) -> int:
        with self.store.read() as db:
            return max(int(key.rpartition("-")[2]) for key in homes.of(db, [corrected.ref(self.mails)]).values())

    def _correct(self, kind: str, keys: list[str], a: int, b: int) -> None:
        key, mail = keys[b % len(keys)], 1 + a % self.mails
        try:
            event = self._do(kind, key, keys[a % len(keys)], mail)
        except UsageError:
            return
        self.undoable.append(len(self.events))
        self.events.append(event)

    def _do(self, kind: str, key: str, other: str, mail: int) -> Event:
        if kind == "merge":
            corrected.merge(self.store, key, other)
            return ("merge", 0, key, other, ())
        if kind == "split":
            done = corrected.split(self.store, key, mail)
            return ("put", 0, done.made.value["to"], "", (mail,))
        if kind in ("move", "only"):
            corrected.move(self.store, key, mail, only=kind == "only")
            return ("only" if kind == "only" else "put", 0, key, "", (mail,))
        corrected.say(self.store, f"case-{kind}", key, title=f"Called {mail}")
        return ("rename", 0, key, f"Called {mail}", ()) if kind == "rename" else ("close", 0, key, "", ())


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
@example([("split", 22, 0), ("merge", 26, 0), ("move", 0, 0), ("undo", 0, 0)])
def test_any_sequence_of_corrections_and_undos_ends_where_it_should(steps: list[tuple[str, int, int]]) -> None:
    with empty() as store:
        desk = Desk(store)
        for kind, a, b in (*BEGINNING, *steps):
            desk.step(kind, a, b)
        wanted = replay(desk.events)
        assert piles(store) == wanted.piles()
        with store.read() as db:
            titles = {one.case.key: one.case.title for one in cases.held(db)}
        assert {key: titles[key] for key in wanted.title if key in titles} == {
            key: title for key, title in wanted.title.items() if key in titles
        }
        while desk.undoable:
            desk.step("undo", 0, 0)
        assert piles(store) == replay(desk.events).piles()
        assert _alone(desk) == list(piles(store).values())


def _alone(desk: Desk) -> list[set[int]]:
    """What the rules make of the same arrivals when nobody corrects anything."""
    with empty() as store:
        alone = Desk(store)
        for kind, n, _, _, taken in desk.events:
            assert kind == "mail"
            matter = alone.roots
            alone.roots += not taken
            arrive(store, letter(n, answers=taken, sender=corrected.THEM) if taken else letter(n, matter))
        return list(piles(store).values())
