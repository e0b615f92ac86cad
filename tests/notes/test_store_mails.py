"""Mails once in, each with its places; notes; finding by ref."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from notes.errors import NotFoundError
from notes.model import (
    Address,
    By,
    Certainty,
    Direction,
    Due,
    Findings,
    Joined,
    Kind,
    Place,
    Precision,
    PromiseFound,
    Role,
    Via,
)
from notes.store import cases, customers, mails, pending, places, threads, unfiled
from notes.store.engine import Store
from tests.notes.stores import HANA, MIDORI, MONDAY, TARO, TOKYO, message, raw

PROMISE = PromiseFound(
    "明日までに送ります。",
    By.US,
    TARO.address,
    Due(None, MONDAY, Precision.DAY),
    Certainty.RELATIVE,
    False,
    0.9,
    "ja-made",
)


def _file(store: Store, number: int) -> str:
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        key = cases.open_case(db, MIDORI, "見積", MONDAY)
        findings = Findings(promises=(PROMISE,))
        filing = mails.Filing(number, threads.create(db), key, Kind.MAIL, Direction.IN, findings, Joined("thread", 1.0))
        mails.file(db, [filing])
    return key


def test_a_mail_comes_back_as_it_was_filed(store: Store) -> None:
    mail = message("a@midori.example")
    with store.begin() as db:
        (stored,) = mails.add(db, [(mail, raw(1, data=b"Subject: x\r\n\r\n\x00\xff"))])
    key = _file(store, stored.id)
    with store.read() as db:
        (filed,) = mails.of_cases(db, [key])[key]
        assert mails.raw(db, filed.ref) == b"Subject: x\r\n\r\n\x00\xff"
        assert mails.get(db, filed.ref) == (filed, key, "")
        assert mails.cases_of(db, [filed.ref, "other"]) == {filed.ref: key}
        assert places.places_of(db, filed.ref) == [Place("taro", "INBOX", 7, 1)]
    assert (filed.ref, filed.sender, filed.to, filed.subject) == (mail.ref, HANA, (TARO,), mail.subject)
    assert (filed.at, filed.at.utcoffset()) == (MONDAY, TOKYO.utcoffset(None))
    assert (filed.new_text, filed.hidden_lines) == (mail.text, 2)
    assert filed.references == ("root@midori.example", "parent@midori.example")
    assert (filed.forwarded, filed.attachments, filed.contact) == (mail.forwarded, mail.attachments, mail.contact)
    assert (filed.direction, filed.via, filed.mailboxes) == (Direction.IN, Via.INBOX, ("taro",))
    assert filed.findings == Findings(promises=(PROMISE,))


def test_the_same_mail_in_two_mailboxes_is_one_message_with_two_places(store: Store) -> None:
    mail = message("a@midori.example")
    again = (mail, raw(5, mailbox="jiro", folder="Sent", role=Role.SENT, data=b"Received: elsewhere\r\n\r\nx"))
    with store.begin() as db:
        first, second = mails.add(db, [(mail, raw(1)), again])
        (third,) = mails.add(db, [again])
    assert (first.new, second.new, third.new) == (True, False, False)
    assert first.id == second.id == third.id
    key = _file(store, first.id)
    with store.read() as db:
        (filed,) = mails.of_cases(db, [key])[key]
        assert filed.mailboxes == ("jiro", "taro")
        assert len(places.places_of(db, mail.ref)) == 2


def test_a_message_id_used_again_for_other_content_is_another_message(store: Store) -> None:
    one, two = message("a@midori.example", "一"), message("a@midori.example", "二")
    with store.begin() as db:
        stored = mails.add(db, [(one, raw(1)), (two, raw(2)), (one, raw(3))])
        again = mails.add(db, [(two, raw(4)), (one, raw(5))])
    assert [item.ref for item in stored] == [
        "a@midori.example",
        f"a@midori.example~{two.digest[:8]}",
        "a@midori.example",
    ]
    assert [item.new for item in stored] == [True, True, False]
    assert [item.id for item in again] == [stored[1].id, stored[0].id]
    with store.read() as db:
        assert mails.get(db, stored[1].ref)[0].defects == ("message-id-reused",)


def test_mails_without_message_id_are_told_apart_by_their_digest(store: Store) -> None:
    one, two = message("kawari-1", "一", message_id=None), message("kawari-2", "二", message_id=None)
    with store.begin() as db:
        stored = mails.add(db, [(one, raw(1)), (two, raw(2)), (one, raw(3))])
    assert [item.new for item in stored] == [True, True, False]


def test_nul_lone_surrogates_and_endless_ids_are_no_danger(store: Store) -> None:
    mail = replace(message("x" * 5000), subject="a\0b\ud800c", references=("\0", "y" * 5000))
    with store.begin() as db:
        (stored,) = mails.add(db, [(mail, raw(1))])
        (again,) = mails.add(db, [(mail, raw(2))])
        threads.link(db, {mail.ref: threads.create(db)})
        assert threads.by_reference(db, [mail.ref]).keys() == {mail.ref}
    assert (stored.new, again.new) == (True, False)
    with store.read() as db:
        assert mails.get(db, stored.ref)[0].subject == "a�b?c"


def test_dates_at_the_ends_of_time_are_kept_in_range(store: Store) -> None:
    early = replace(message("early", "1"), date=MONDAY.replace(year=1, month=1, day=1))
    late = replace(message("late", "2"), date=MONDAY.replace(year=9999, month=12, day=31))
    with store.begin() as db:
        mails.add(db, [(early, raw(1)), (late, raw(2))])
    with store.read() as db:
        assert mails.get(db, "early")[0].at.year == 1
        assert mails.get(db, "late")[0].at.year == 9999


def test_unfiled_mails_are_listed_newest_first_with_their_reason_those_not_filed_yet_are_not(store: Store) -> None:
    news = [replace(message(f"n{day}", str(day)), date=MONDAY + timedelta(days=day)) for day in range(4)]
    with store.begin() as db:
        stored = mails.add(db, [(mail, raw(uid)) for uid, mail in enumerate(news)])
        filings = [
            mails.Filing(item.id, threads.create(db), None, Kind.MAIL, Direction.IN, Findings(), Joined("", 0), "bulk")
            for item in stored[:3]
        ]
        mails.file(db, filings)
    with store.read() as db:
        assert [(item.ref, item.reason) for item in unfiled.listed(db, 2)] == [("n2", "bulk"), ("n1", "bulk")]
        assert [item.ref for item in pending.to_be_filed(db, 9)] == ["n3"]


def test_large_mails_are_filed_a_few_at_a_time_but_at_least_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "_MOST_BYTES", 1_000)
    sizes = {1: 2_000, 2: 300, 3: 300, 4: 600, 5: 300}
    with store.begin() as db:
        for uid, size in sizes.items():
            mail = replace(message(f"m{uid}", str(uid)), date=MONDAY + timedelta(days=uid))
            mails.add(db, [(mail, raw(uid, data=os.urandom(size)))])
    took = []
    for _ in range(3):
        with store.begin() as db:
            waiting = pending.to_be_filed(db, 9)
            for one in waiting:
                pending.give_up(db, one.id, "bulk")
        took.append([one.ref for one in waiting])
    assert took == [["m1"], ["m2", "m3"], ["m4", "m5"]]


@pytest.mark.parametrize("data", [b"\0" * 70_000, os.urandom(70_000)])
def test_the_size_of_a_mail_that_waits_is_told_without_unpacking_all_of_it(store: Store, data: bytes) -> None:
    with store.begin() as db:
        mails.add(db, [(message("a"), raw(1, data=data))])
        (waiting,) = pending.to_be_filed(db, 9)
    assert waiting.packed
    assert waiting.raw == data
    assert [waiting.is_within(most) for most in (1, 69_999, 70_000, 1 << 30)] == [False, False, True, True]


def test_bytes_that_are_packed_already_are_stored_as_they_are(store: Store) -> None:
    here, there = raw(1, data=b"one"), raw(2, data=b"two")
    with store.begin() as db:
        packed = {here.place: mails.compressed(b"packed before")}
        mails.add(db, [(message("a", "1"), here), (message("b", "2"), there)], packed)
        assert [mails.raw(db, ref) for ref in ("a", "b")] == [b"packed before", b"two"]


def test_the_original_of_a_forward_is_known_by_its_writer_and_minute(store: Store) -> None:
    with store.begin() as db:
        mails.add(db, [(replace(message("a"), date=MONDAY + timedelta(seconds=40)), raw(1))])
        assert mails.holds(db, HANA, MONDAY)
        assert mails.holds(db, Address(HANA.name, ""), MONDAY)
        assert not mails.holds(db, TARO, MONDAY)
        assert not mails.holds(db, HANA, MONDAY + timedelta(minutes=2))
        assert not mails.holds(db, HANA, None)


def test_what_waits_in_a_thread_says_whether_it_was_logged(store: Store) -> None:
    log = raw(1, mailbox="log", role=Role.LOG)
    with store.begin() as db:
        stored = mails.add(db, [(message("a", "1"), raw(2)), (message("b", "2"), log), (message("b", "2"), raw(3))])
        thread = threads.create(db)
        for number in {item.id for item in stored}:
            mails.file(
                db, [mails.Filing(number, thread, None, Kind.MAIL, Direction.IN, Findings(), Joined("", 0), "internal")]
            )
        found = pending.of_thread(db, thread)
    assert [(item.ref, item.at, item.role) for item in found] == [("a", MONDAY, Role.INBOX), ("b", MONDAY, Role.LOG)]


def test_a_ref_is_found_with_brackets_by_a_unique_beginning_and_not_by_one_of_several(store: Store) -> None:
    with store.begin() as db:
        mails.add(db, [(message("ab1@x.example", "1"), raw(1)), (message("ab2@x.example", "2"), raw(2))])
    with store.read() as db:
        assert mails.find(db, " <ab1@x.example> ") == "ab1@x.example"
        assert mails.find(db, "ab2") == "ab2@x.example"
        for words, code in (("ab", "message-ambiguous"), ("zz", "message-not-found"), ("%", "message-not-found")):
            with pytest.raises(NotFoundError) as caught:
                mails.find(db, words)
            assert caught.value.code == code


def test_a_note_is_written_once_and_read_like_a_mail(store: Store) -> None:
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        key = cases.open_case(db, MIDORI, "見積", MONDAY)
        findings = Findings(promises=(PROMISE,))
        refs = [
            mails.add_note(
                db,
                case=key,
                kind=Kind.CALL,
                sender=Address("", "t@ourshop.example"),
                at=MONDAY,
                text="電話あり",
                findings=findings,
            )
            for _ in range(2)
        ]
    assert refs[0] == refs[1]
    assert refs[0].startswith("note-")
    with store.read() as db:
        (filed,) = mails.of_cases(db, [key])[key]
        assert (filed.kind, filed.new_text, filed.at, filed.findings) == (Kind.CALL, "電話あり", MONDAY, findings)
        assert mails.raw(db, filed.ref) is None
