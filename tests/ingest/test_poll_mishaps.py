from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.mailbox import Account
from ingest.poll import poll_once
from ingest.portions import in_batches
from notes.model import Cursor, Place, Role
from notes.store import places
from notes.store.engine import Store, open_store
from tests.ingest.memory import Memory
from tests.ingest.peer import Peer, literal
from tests.ingest.polling import AccountOn, context, cursor, failures, lying, mail, poll, refs, silent

# --- on servers that misbehave ------------------------------------------------------------------------------------


def account_on(peer: Peer, monkeypatch: pytest.MonkeyPatch, *folders: str) -> Account:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "moss-4-heron")
    return AccountOn(peer.port)("peer", dict.fromkeys(folders or ["INBOX"], Role.INBOX))


def test_a_withheld_mail_is_put_aside_and_asked_for_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    withheld = {2}

    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes:
        proper = peer.answer_fetch(tag, words) or b""
        for uid in withheld:
            proper = proper.replace(b" BODY[] " + literal(peer.mails[uid]), b" BODY[] NIL")
        return proper

    with Peer({number: mail(number) for number in (1, 2, 3)}, FETCH=fetch) as peer:
        account = account_on(peer, monkeypatch)
        (result,) = poll(store, account)
        assert (result.mails, result.unreadable, result.error) == (2, 1, None)
        assert cursor(store, "peer") == Cursor(7, 3)
        (result,) = poll(store, account)
        assert (result.mails, result.unreadable) == (0, 0)
        with store.read() as db:
            (waiting,) = places.quarantined(db)
        assert (waiting.place, waiting.reason, waiting.tries) == (Place("peer", "INBOX", 7, 2), "not-delivered", 2)
        withheld.clear()
        (result,) = poll(store, account)
        assert (result.mails, result.new) == (1, 1)
    with store.read() as db:
        assert places.quarantined(db) == []
    assert lying(store, "peer") == [3, 3]


def test_a_withheld_mail_that_is_deleted_is_let_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes:
        answer = peer.answer_fetch(tag, words) or b""
        return answer.replace(b" BODY[] " + literal(mail(2)), b"")

    with Peer({1: mail(1), 2: mail(2)}, FETCH=fetch) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
        del peer.mails[2]
        peer.mails[3] = mail(3)
        poll(store, account)
    with store.read() as db:
        assert places.quarantined(db) == []
    assert lying(store, "peer") == [2, 2]


def test_a_mail_too_large_to_hold_is_listed_and_not_fetched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.reading.MAX_MAIL_BYTES", 5_000)
    with Peer({1: mail(1), 2: mail(2, size=6_000), 3: mail(3)}) as peer:
        (result,) = poll(store, account_on(peer, monkeypatch))
        assert (result.mails, result.unreadable) == (2, 1)
        assert not [line for line in peer.commands(b"BODY") if b" 2 " in line or b"1:3" in line]
    with store.read() as db:
        assert [(one.place.uid, one.reason) for one in places.quarantined(db)] == [(2, "mail-too-large")]


def test_a_mail_too_large_to_hold_that_is_deleted_is_let_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.reading.MAX_MAIL_BYTES", 5_000)
    with Peer({1: mail(1), 2: mail(2, size=6_000), 3: mail(3)}) as peer:
        account = account_on(peer, monkeypatch)
        for expected in (1, 0):
            (result,) = poll(store, account)
            assert result.unreadable == expected
            with store.read() as db:
                assert [(one.place.uid, one.reason) for one in places.quarantined(db)] == [(2, "mail-too-large")]
        del peer.mails[2]
        poll(store, account)
    with store.read() as db:
        assert places.quarantined(db) == []


def test_withheld_mails_are_asked_for_by_their_bytes_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes:
        proper = peer.answer_fetch(tag, words) or b""
        return proper.replace(b" BODY[] {6", b" BODY[] NIL {6") if withheld else proper

    withheld = True
    monkeypatch.setattr("ingest.portions.BATCH_BYTES", 10_000)
    with Peer({number: mail(number, size=6_000) for number in (1, 2, 3)}, FETCH=fetch) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
        with store.read() as db:
            assert [one.reason for one in places.quarantined(db)] == ["not-delivered"] * 3
        withheld = False
        peer.said.clear()
        poll(store, account)
        assert [line.split()[3] for line in peer.commands(b"BODY")] == [b"1", b"2", b"3"]
    assert lying(store, "peer") == [3, 3]


def test_what_was_put_aside_is_listed_once_when_its_folder_is_numbered_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.reading.MAX_MAIL_BYTES", 5_000)
    number = [b"7"]

    def examine(peer: Peer, tag: bytes, words: list[bytes]) -> bytes:
        return (peer.answer_examine(tag, words) or b"").replace(b"UIDVALIDITY 7", b"UIDVALIDITY " + number[0])

    with Peer({1: mail(1), 2: mail(2, size=6_000), 3: b"\0\0"}, EXAMINE=examine) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
        with store.read() as db:
            before = {(one.place.uid, one.reason) for one in places.quarantined(db)}
        number[0] = b"8"
        poll(store, account)
    with store.read() as db:
        after = [(one.place.uidvalidity, one.place.uid, one.reason) for one in places.quarantined(db)]
    assert sorted(after) == sorted((8, *one) for one in before)
    assert [uid for uid, _ in sorted(before)] == [2, 3]


def test_a_connection_lost_in_one_folder_is_told_for_the_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer({1: mail(1)}, FETCH=b"* BYE overloaded\r\n") as peer:
        results = poll(store, account_on(peer, monkeypatch, "INBOX", "Sent"))
    assert [one.error and one.error.code for one in results] == ["mailbox-closed", "mailbox-closed"]
    assert failures(store)[("peer", "Sent")] == "mailbox-closed: overloaded"
    assert cursor(store, "peer") is None


def test_a_list_of_folders_that_is_refused_makes_none_of_them_missing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = []

    def folders(_peer: Peer, tag: bytes, _words: list[bytes]) -> bytes:
        if refused:
            return tag + b" NO [UNAVAILABLE] try later\r\n"
        return b'* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n' + tag + b" OK done\r\n"

    with Peer({1: mail(1)}, LIST=folders) as peer:
        account = replace(account_on(peer, monkeypatch), folders=None)
        poll(store, account)
        refused.append(True)
        results = poll(store, account)
    said = "mailbox-fetch-refused: [UNAVAILABLE] try later"
    assert failures(store) == {("peer", "INBOX"): said, ("peer", "Sent"): said}
    assert [one.error and one.error.code for one in results] == ["mailbox-fetch-refused"] * 2


def test_a_fault_of_ours_at_one_mailbox_keeps_nobody_from_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "moss-4-heron")
    box = Memory()
    box.deliver(mail(1))

    @contextmanager
    def connect(account: Account, password: str) -> Iterator[Memory]:
        if account.id == "odd":
            raise ZeroDivisionError("a word of a mail")
        with box.connect(account, password) as opened:
            yield opened

    accounts = [AccountOn(0)(name, {"INBOX": Role.INBOX}) for name in ("odd", "even")]
    odd, even = poll_once(store, accounts, context(), silent, connect=connect)
    assert (odd.error and odd.error.code, even.mails) == ("mailbox-fault", 1)
    assert failures(store)["odd", "INBOX"] == "mailbox-fault: ZeroDivisionError"


def test_uids_that_jump_by_millions_are_read_in_a_few_commands(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    uids = (5, 70_000, 3_000_000_000, 4_294_967_290)
    with Peer({uid: mail(number) for number, uid in enumerate(uids)}) as peer:
        (result,) = poll(store, account_on(peer, monkeypatch))
        assert result.new == 4
        assert cursor(store, "peer") == Cursor(7, 4_294_967_290)
        assert len(peer.commands(b"FETCH")) < 25


def test_a_uidnext_that_goes_back_hides_no_mail(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer({10: mail(1)}) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
    lie = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 3] ok\r\n$TAG OK done\r\n"
    with Peer({10: mail(1), 11: mail(2)}, EXAMINE=lie) as peer:
        poll(store, replace(account, port=peer.port))
    assert lying(store, "peer") == [2, 2]


def test_a_uidnext_that_lies_too_high_hides_no_mail_that_comes_below_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie = b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 5000] ok\r\n$TAG OK done\r\n"
    with Peer({10: mail(1)}, EXAMINE=lie % 1) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
    with Peer({10: mail(1), 11: mail(2)}, EXAMINE=lie % 2) as peer:
        poll(store, replace(account, port=peer.port))
    assert lying(store, "peer") == [2, 2]


def test_nothing_new_costs_one_look_at_the_last_mail(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer({1: mail(1)}) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
        peer.said.clear()
        poll(store, account)
        assert [line.split(b" ", 1)[1] for line in peer.commands(b"FETCH")] == [b"UID FETCH * (UID)"]
        assert len(peer.commands(b"EXAMINE")) == 1


def test_an_alert_reaches_the_user(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer({1: mail(1)}, greeting=b"* OK [ALERT] Password expires on Friday") as peer:
        (result,) = poll(store, account_on(peer, monkeypatch))
    assert [(one.code, one.values["said"]) for one in result.notices] == [
        ("mailbox-alert", "Password expires on Friday")
    ]


# --- whatever happens to a mailbox ----------------------------------------------------------------------------------


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), st.integers(0, 12)),
        st.tuples(st.just("expunge"), st.integers(0, 12)),
        st.tuples(st.just("withhold"), st.integers(0, 12)),
        st.tuples(st.just("renumber"), st.just(0)),
        st.tuples(st.just("break"), st.integers(1, 8)),
        st.tuples(st.just("poll"), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@example(steps=[("deliver", 0), ("withhold", 0), ("deliver", 1), ("poll", 0), ("poll", 0), ("deliver", 2), ("poll", 0)])
def test_whatever_happens_every_mail_that_stays_is_in_the_diary_once(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "moss-4-heron")
    monkeypatch.setattr("ingest.portions.BATCH_MAILS", 3)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('diary') / 'kawari.db'}")
    box = Memory()
    account = AccountOn(0)("memory", {"INBOX": Role.INBOX})
    for what, number in steps:
        uids = sorted(box.mails)
        match what:
            case "deliver":
                box.deliver(mail(number))
            case "expunge" if number < len(uids):
                del box.mails[uids[number]]
            case "withhold" if number < len(uids):
                box.withheld.add(uids[number])
            case "renumber":
                box.renumber()
            case "break":
                box.breaks = number
            case "poll":
                poll_once(store, [account], context(), silent, connect=box.connect)
    box.breaks = -1
    box.withheld.clear()
    later = context().now + timedelta(days=2)  # what was withheld often is asked for ever less often
    for _ in range(2):
        poll_once(store, [account], replace(context(), now=later), silent, connect=box.connect)
    wanted = {raw.partition(b"Message-ID: <")[2].partition(b">")[0].decode() for raw in box.mails.values()}
    found = refs(store)
    assert wanted <= set(found)
    assert len(found) == len(set(found))
    with store.read() as db:
        assert places.quarantined(db) == []
        held = {
            place.uid for ref in found for place in places.places_of(db, ref) if place.uidvalidity == box.uidvalidity
        }
    assert set(box.mails) <= held
    store.close()


def test_batches_are_limited_by_number_and_by_bytes() -> None:
    assert list(in_batches({1: 4, 2: 4, 3: 4, 4: 20, 5: 1}, count=2, size=10)) == [[1, 2], [3], [4], [5]]
    assert list(in_batches({}, count=2, size=10)) == []
