"""Letters to our own people, on both engines: queued with what they tell, taken by one, kept until they are out."""

from dataclasses import replace
from datetime import timedelta

from notes.model import Direction, Findings, Joined, Kind, Place, RawMail, Role, Via
from notes.store import mails, outbox, threads, ways
from notes.store.engine import Store
from notes.store.outbox import ANSWER, NOBODY, Outgoing, Post
from tests.notes.stores import MONDAY, message

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


def arrives(store: Store, uid: int, via: Via = Via.LOG, *, days: int = 0, waits: bool = False, ref: str = "") -> str:
    """A mail in the log or elsewhere, kept aside unless it still `waits` to be filed."""
    mail = message(ref or f"m{uid}@midori.example", f"{uid}", at=MONDAY - timedelta(days=days))
    role = Role.LOG if via is Via.LOG else Role.INBOX
    place = RawMail(Place("log", "INBOX", 7, uid), role, b"raw", MONDAY, via)
    with store.begin() as db:
        (stored,) = mails.add(db, [(mail, place)])
        if not waits:
            thread = threads.create(db)
            aside = mails.Filing(
                stored.id, thread, None, Kind.MAIL, Direction.IN, Findings(), Joined("", 0.0), "log-unknown"
            )
            mails.file(db, [aside])
    return stored.ref


def test_each_mail_to_the_log_is_looked_at_once_for_an_answer(store: Store) -> None:
    first, second = arrives(store, 1), arrives(store, 2)
    arrives(store, 3, Via.INBOX)
    arrives(store, 4, days=2)
    arrives(store, 5, waits=True)
    arrives(store, 6, ref=f"{'x' * 300}@midori.example")
    since = MONDAY - timedelta(days=1)
    with store.read() as db:
        assert [ref for _, ref in outbox.unanswered(db, since, 9)] == [first, second]
        assert len(outbox.unanswered(db, since, 1)) == 1
    key = f"{ANSWER}{first}"
    letter = replace(LETTER, key=key)
    with store.begin() as db:
        assert outbox.queue(db, [], [], [(key, NOBODY)], MONDAY)
        assert outbox.queue(db, [letter], [(key, "taro")], [], MONDAY)
        assert not outbox.queue(db, [], [], [(key, NOBODY)], MONDAY)
        assert outbox.queue(db, [], [], [(f"{ANSWER}{second}", NOBODY)], MONDAY)
    with store.read() as db:
        assert outbox.unanswered(db, since, 9) == []
        assert [outbox.answered(db, who, MONDAY) for who in ("taro", "jiro")] == [1, 0]
        assert outbox.answered(db, "taro", MONDAY + timedelta(seconds=1)) == 0
        assert [one.answers for one in outbox.answers_to(db, LETTER.recipient, 9)] == [first]
        assert outbox.answers_to(db, "jiro@ourshop.example", 9) == []


def test_what_only_a_poll_of_the_log_brought_is_unproven(store: Store) -> None:
    polled, twice = arrives(store, 1), arrives(store, 2)
    elsewhere = arrives(store, 3, Via.INBOX)
    again = RawMail(Place("taro", "Sent", 7, 9), Role.SENT, b"raw", MONDAY, Via.SENT)
    with store.begin() as db:
        mails.add(db, [(message(twice, "2"), again)])
        assert ways.unproven(db, [polled, twice, elsewhere, "gone"]) == [polled]
        assert ways.latest_in_log(db, 1) == [b"raw"]
