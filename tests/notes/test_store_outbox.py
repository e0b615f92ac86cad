"""Letters to our own people, on both engines: queued with what they tell, taken by one, kept until they are out."""

from datetime import timedelta

from notes.store import outbox
from notes.store.engine import Store
from notes.store.outbox import Outgoing, Post
from tests.notes.stores import MONDAY

LETTER = Outgoing("digest:2026-03-02:taro@ourshop.example", "taro@ourshop.example", "1件", "お知らせ\n")
TOLD = [("promise-due:midori-1", "taro")]


def queued(store: Store, letter: Outgoing = LETTER) -> bool:
    with store.begin() as db:
        return outbox.queue(db, [letter], TOLD, TOLD, MONDAY)


def test_what_was_told_is_queued_once(store: Store) -> None:
    assert queued(store)
    assert not queued(store, Outgoing("another", "x@ourshop.example", "", ""))
    with store.read() as db:
        assert outbox.due(db, MONDAY, 9) == [LETTER]
        assert outbox.told(db, MONDAY) == {TOLD[0]: MONDAY}
        assert outbox.told(db, MONDAY + timedelta(seconds=1)) == {}


def test_one_alone_takes_a_letter_and_nobody_takes_it_again(store: Store) -> None:
    queued(store)
    with store.begin() as db:
        assert outbox.take(db, LETTER.key)
        assert not outbox.take(db, LETTER.key)
        assert outbox.due(db, MONDAY, 9) == []
        assert outbox.post(db) == Post(waiting=0, unsure=1, given_up=0, error=None)
        outbox.sent(db, LETTER.key, MONDAY)
        assert outbox.post(db) == Post(0, 0, 0, None)


def test_what_failed_waits_for_its_time_and_is_given_up_in_the_end(store: Store) -> None:
    queued(store)
    later = MONDAY + timedelta(minutes=1)
    with store.begin() as db:
        outbox.failed(db, LETTER.key, "notify-unreachable", later)
        assert outbox.due(db, MONDAY, 9) == []
        assert [one.tries for one in outbox.due(db, later, 9)] == [1]
        outbox.failed(db, LETTER.key, "notify-refused", None)
        assert outbox.due(db, later, 9) == []
        assert outbox.post(db) == Post(0, 0, 1, "notify-refused")
