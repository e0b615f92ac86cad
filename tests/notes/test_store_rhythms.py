"""Who sent when, and what our own automatic replies say: as the store tells it."""

from dataclasses import replace
from datetime import timedelta

from notes.absence import AWAY, standin_of
from notes.model import Direction, Findings, Joined, Kind
from notes.rhythm import Exchange
from notes.store import absences, cases, corrections, customers, mails, places, rhythms, threads
from notes.store.engine import Store
from tests.notes.stores import MIDORI, MONDAY, TARO, message, raw

NOW = MONDAY + timedelta(days=1)


def fill(store: Store) -> None:
    """A question, our answer an hour later, an automatic reply of ours, and an answer of tomorrow."""
    sent = [
        (message("asked", "見積を"), Kind.MAIL, Direction.IN),
        (replace(message("told", "承知", at=MONDAY + timedelta(hours=1)), sender=TARO), Kind.MAIL, Direction.OUT),
        (replace(message("auto", "不在です", at=MONDAY + timedelta(hours=2)), sender=TARO), Kind.AUTO, Direction.OUT),
        (replace(message("later", "明日", at=NOW + timedelta(hours=1)), sender=TARO), Kind.MAIL, Direction.OUT),
    ]
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        key = cases.open_case(db, MIDORI, "見積", MONDAY)
        stored = mails.add(db, [(one, raw(number)) for number, (one, _, _) in enumerate(sent, 1)])
        rows = zip(stored, sent, strict=True)
        found = [
            mails.Filing(item.id, threads.create(db), key, kind, direction, Findings(), Joined("new", 1.0))
            for item, (_, kind, direction) in rows
        ]
        mails.file(db, found)


def test_what_people_sent_by_then_is_told_without_automatic_replies(store: Store) -> None:
    fill(store)
    with store.read() as db:
        assert rhythms.sent(db, NOW) == [(TARO.address, MONDAY + timedelta(hours=1))]
        assert rhythms.sent(db, NOW + timedelta(days=200)) == []


def test_mails_between_us_and_a_customer_tell_how_fast_we_answer(store: Store) -> None:
    fill(store)
    with store.read() as db:
        found = rhythms.exchanges(db, [MIDORI.id, "other"], NOW)
    assert {who: sorted(mails, key=lambda one: one.at) for who, mails in found.items()} == {
        MIDORI.id: [Exchange(MONDAY, Direction.IN), Exchange(MONDAY + timedelta(hours=1), Direction.OUT)]
    }


def test_our_own_automatic_replies_are_told_with_their_words(store: Store) -> None:
    fill(store)
    with store.read() as db:
        assert rhythms.own_replies(db, NOW) == [(TARO.address, MONDAY + timedelta(hours=2), "不在です")]
        assert rhythms.own_replies(db, NOW + timedelta(days=60)) == []
        assert places.filled(db, ["taro", "hana"]) == {"taro"}


def test_an_absence_counts_from_when_it_was_declared_until_it_is_taken_back(store: Store) -> None:
    value = {"to": "hana", "since": MONDAY.isoformat(), "until": ""}
    with store.begin() as db:
        made = corrections.append(db, at=MONDAY, who="taro", kind=AWAY, target="taro", value=value)
    with store.read() as db:
        assert standin_of("taro", absences.declared(db), NOW) == "hana"
        assert absences.declared(db, MONDAY - timedelta(minutes=1)) == ()
    with store.begin() as db:
        corrections.append(db, at=NOW, who="taro", kind="undo", target=str(made.id))
        assert absences.declared(db) == ()
