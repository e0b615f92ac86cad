"""What one poll brings is filed alike in whatever order it came; what many polls bring, once it is read again.

As long as all is kept: of what was nobody's at first, and is only headers since, less can be told.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ingest.context import Context
from ingest.receive import receive
from ingest.reconsider import file_in_order, reconsider
from notes import phrases
from notes.model import Calendar, Keep, Place, RawMail, Role, Via
from notes.store import cases, mails
from notes.store.engine import Store, open_store
from tests.notes.matters import START, STORIES, Story

TOLD = [STORIES[number] for number in (0, 1, 12)]
ORDERS = st.sampled_from(TOLD).flatmap(lambda story: st.tuples(st.just(story), st.permutations(range(len(story.mail)))))


@contextmanager
def empty() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/kawari.db")
        yield store
        store.close()


def context(story: Story) -> Context:
    calendar = Calendar(ZoneInfo("UTC"), time(9), time(18), lambda day: day.weekday() > 4)
    return Context(story.directory, calendar, phrases.load(), START + timedelta(days=30), Keep.ALL)


def raw(story: Story, number: int) -> RawMail:
    told, ids = story.mail[number], list(story.people)
    role = Role.LOG if told["to"] == "log" else Role.SENT if told["from"] in ids else Role.INBOX
    box = "log" if role is Role.LOG else next(who for who in (told["from"], told["to"], ids[0]) if who in ids)
    arrived = START + timedelta(hours=told["hours"])
    return RawMail(Place(box, role.value, 1, number + 1), role, story.raw(number), arrived, Via(role))


def bring(store: Store, story: Story, numbers: Iterable[int]) -> None:
    """One poll: what is new is stored as it comes, and filed at the end."""
    for number in numbers:
        receive(store, [raw(story, number)], context(story), None, later=True)
    file_in_order(store, context(story), progress=lambda done: None)


def piles(store: Store) -> set[frozenset[str]]:
    with store.read() as db:
        keys = [held.case.key for held in cases.held(db)]
        return {frozenset(mail.ref for mail in filed) for filed in mails.of_cases(db, keys).values() if filed}


def filed_in_one_poll(story: Story, numbers: Sequence[int]) -> set[frozenset[str]]:
    with empty() as store:
        bring(store, story, numbers)
        return piles(store)


@cache
def wanted(domain: str) -> set[frozenset[str]]:
    """The cases of a story whose mails came in the order of writing."""
    story = next(each for each in TOLD if each.domain == domain)
    return filed_in_one_poll(story, range(len(story.mail)))


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(ORDERS)
def test_any_order_within_a_poll_gives_the_same_cases(drawn: tuple[Story, Sequence[int]]) -> None:
    story, order = drawn
    assert filed_in_one_poll(story, order) == wanted(story.domain)


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(ORDERS, st.integers(1, 13))
def test_any_two_polls_give_the_same_cases_once_they_are_read_again(
    drawn: tuple[Story, Sequence[int]], cut: int
) -> None:
    story, order = drawn
    with empty() as store:
        bring(store, story, order[:cut])
        bring(store, story, order[cut:])
        reconsider(store, context(story))
        assert piles(store) == wanted(story.domain)
