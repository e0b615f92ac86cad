"""The poller that stays, on Dovecot and on servers that misbehave."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from ingest import imap, patience, watch
from ingest.mailbox import Account, FolderState
from ingest.poll import poll_once
from ingest.reading import HUNG_UP
from ingest.watching import Code, Filing, Rest, hung, slept, what_to_file
from notes.model import Role
from notes.store import leases, places, unfiled
from notes.store.engine import Store, open_store
from tests.dovecot import Dovecot
from tests.ingest.peer import SILENCE, Peer
from tests.ingest.polling import AccountOn, context, cursor, failures, lying, mail, poll, refs, silent
from tests.ingest.test_unfiled import LET_IN, PRIVATE
from tests.ingest.watched import Watched, filed, until, watched

# --- what is decided ------------------------------------------------------------------------------------------------


def test_the_first_filing_waits_for_slow_mailboxes_but_not_for_ever() -> None:
    assert what_to_file(greeted=False, seconds=1, reading_older=True) is Filing.WAIT
    assert what_to_file(greeted=False, seconds=61, reading_older=True) is Filing.RECENT
    assert what_to_file(greeted=True, seconds=1, reading_older=True) is Filing.RECENT
    assert what_to_file(greeted=True, seconds=1, reading_older=False) is Filing.ALL


def test_a_machine_that_slept_and_a_clock_that_was_set_are_noticed() -> None:
    assert slept(3_600, 5)
    assert slept(-3_600, 5)
    assert not slept(30.2, 30)


def test_a_thread_that_gives_no_sign_of_life_is_noticed() -> None:
    assert hung({"sato": 0.0, "mori": 1_900.0}, 2_000.0) == ["sato"]


def test_a_server_that_cries_wolf_is_left_alone_for_longer_and_one_that_was_silent_is_not() -> None:
    rest = Rest()
    assert [rest.after(0.01, brought=False) for _ in range(12)][-3:] == [51.2, 60.0, 60.0]
    assert rest.after(0.01, brought=True) == 0
    assert rest.after(0.01, brought=False) == 0.1
    assert rest.after(30, brought=False) == 0


# --- on a real server -----------------------------------------------------------------------------------------------


def test_new_mail_is_in_its_case_long_before_the_next_poll(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(3)])
    with watched(store, [on(user, {"INBOX": Role.INBOX})]):
        until(lambda: filed(store) == 3)
        time.sleep(0.3)
        dovecot.deliver(user, [mail(3)])
        until(lambda: filed(store) == 4)  # in a minute at most; polls are five minutes apart
        dovecot.deliver(user, [mail(4), mail(5)])
        until(lambda: filed(store) == 6)
    assert lying(store, user) == [6, 6]


def test_folders_that_do_not_report_are_read_at_the_interval(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    account = replace(on(user, {"INBOX": Role.INBOX, "Sent": Role.SENT}), interval=0.3)
    dovecot.deliver(user, [mail(1)], "Sent")
    with watched(store, [account]):
        until(lambda: lying(store, user, "Sent")[0] == 1)
        dovecot.deliver(user, [mail(2)], "Sent")
        until(lambda: lying(store, user, "Sent")[0] == 2)


def test_a_folder_made_anew_under_a_running_poller_is_read_again_and_nothing_doubles(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    account = replace(on(user, {"Projects": Role.INBOX}), interval=0.3)
    dovecot.deliver(user, [mail(number) for number in range(1, 6)], "Projects")
    with watched(store, [account]):
        until(lambda: len(refs(store)) == 5)
        before = cursor(store, user, "Projects")
        time.sleep(1.1)  # Dovecot's UIDVALIDITY is a time in seconds
        with dovecot.client(user) as client:
            client.delete("Projects")
        dovecot.deliver(user, [mail(number) for number in range(3, 9)], "Projects")
        until(lambda: len(refs(store)) == 8)
        until(lambda: cursor(store, user, "Projects") != before)
    assert lying(store, user, "Projects") == [8, 8]


def test_a_renamed_folder_is_told_once_each_time_and_once_when_it_is_back(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    account = replace(on(user, {"Old": Role.INBOX, "Sent": Role.SENT}), interval=0.2)
    dovecot.deliver(user, [mail(1)], "Old")
    dovecot.deliver(user, [mail(2)], "Sent")
    with watched(store, [account]) as run:
        until(lambda: len(refs(store)) == 2)
        with dovecot.client(user) as client:
            client.rename("Old", "New")
        until(lambda: failures(store)[user, "Old"])
        dovecot.deliver(user, [mail(3)], "Sent")
        until(lambda: len(refs(store)) == 3)
        with dovecot.client(user) as client:
            client.rename("New", "Old")
        until(lambda: failures(store)[user, "Old"] is None)
        until(lambda: run.codes() == [Code.FOLDER_BACK])
        with dovecot.client(user) as client:
            client.rename("Old", "New")
        until(lambda: failures(store)[user, "Old"])
        until(lambda: len(told_errors(run)) == 2)
    assert told_errors(run) == ["mailbox-folder-missing", "mailbox-folder-missing"]
    assert [one.folder for one in run.told if one.code is Code.FOLDER_BACK] == ["Old"]


def told_errors(run: Watched) -> list[str]:
    return [result.error.code for one in run.told for result in one.results if result.error]


def test_mails_expunged_while_others_come_stop_nothing(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    with watched(store, [on(user, {"INBOX": Role.INBOX})]):
        for number in range(12):
            dovecot.deliver(user, [mail(number)])
            if number % 3 == 2:
                until(lambda first=number - 2: f"pump-{first}@yamabuki.example" in refs(store))
                with dovecot.client(user) as client:
                    client.select()
                    client.store("1", "+FLAGS", "\\Deleted")
                    client.expunge()
        until(lambda: {f"pump-{number}@yamabuki.example" for number in range(4, 12)} <= set(refs(store)))
    assert len(refs(store)) == len(set(refs(store)))


@pytest.fixture(params=["sqlite", "postgresql"])
def two_stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    one, other = open_store(url), open_store(url)
    yield one, other
    one.close()
    other.close()


def test_two_pollers_share_the_mailboxes_and_one_goes_on_when_the_other_ends(
    dovecot: Dovecot, two_stores: tuple[Store, Store], on: AccountOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_HELD_ELSEWHERE_SECONDS", 0.2)
    one, other = two_stores
    users = [dovecot.user() for _ in range(4)]
    for number, user in enumerate(users):
        dovecot.deliver(user, [mail(100 * number + each) for each in range(10)])
    accounts = [on(user, {"INBOX": Role.INBOX}) for user in users]
    with watched(other, accounts) as second:
        with watched(one, accounts) as first:
            until(lambda: filed(one) == 40)
            until(lambda: first.codes().count(Code.ELSEWHERE) + second.codes().count(Code.ELSEWHERE) == 4)
        until(lambda: second.codes().count(Code.OURS) == second.codes().count(Code.ELSEWHERE))
        for number, user in enumerate(users):
            dovecot.deliver(user, [mail(100 * number + 50)])
        until(lambda: filed(other) == 44)
    read = sum(result.mails for run in (first, second) for one in run.told for result in one.results)
    assert read == 44
    assert len(refs(one)) == 44


# --- on servers that misbehave ------------------------------------------------------------------------------------


IDLES = b"IMAP4rev1 IDLE"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_PASSING", patience._Waits(0.05, 0.1))


def on_peer(peer: Peer, monkeypatch: pytest.MonkeyPatch, interval: float = 300) -> Account:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "moss-4-heron")
    return replace(AccountOn(peer.port)("peer", {"INBOX": Role.INBOX}), interval=interval)


@pytest.mark.usefixtures("quick")
def test_a_mailbox_that_is_lost_is_told_once_and_once_when_it_is_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = [False]

    def examine(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        return b"* BYE maintenance\r\n" if down[0] else peer.answer_examine(tag, words)

    with Peer({1: mail(1)}, EXAMINE=examine) as peer, watched(store, [on_peer(peer, monkeypatch, 0.1)]) as run:
        until(lambda: filed(store) == 1)
        down[0] = True
        until(lambda: run.codes() == [Code.LOST])
        asked = len(peer.commands(b"EXAMINE"))
        until(lambda: len(peer.commands(b"EXAMINE")) > asked + 3)
        assert run.codes() == [Code.LOST]
        assert failures(store)["peer", "INBOX"] == "mailbox-closed: maintenance"
        down[0] = False
        peer.mails[2] = mail(2)
        until(lambda: filed(store) == 2)
        assert run.codes() == [Code.LOST, Code.BACK]
        with store.read() as db:
            assert leases.trouble(db, "peer") is None


def test_a_wrong_password_is_tried_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"$TAG NO [AUTHENTICATIONFAILED] wrong\r\n"
    with Peer({1: mail(1)}, LOGIN=refusal) as peer, watched(store, [on_peer(peer, monkeypatch, 0.05)]) as run:
        until(lambda: run.codes() == [Code.LOST])
        time.sleep(0.5)
        assert len(peer.commands(b"LOGIN")) == 1
        assert run.told[0].until
        error = run.told[0].error
        assert error
        assert error.code == "mailbox-wrong-password"


def test_a_poller_that_waits_for_hours_tries_at_once_when_somebody_who_mended_it_asks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [True]

    def login(_: Peer, tag: bytes, __: list[bytes]) -> bytes:
        return tag + (b" NO [AUTHENTICATIONFAILED] wrong\r\n" if wrong[0] else b" OK done\r\n")

    monkeypatch.setattr(watch, "_LOOK_SECONDS", 0.1)
    with Peer({1: mail(1)}, LOGIN=login) as peer:
        account = on_peer(peer, monkeypatch, 0.05)
        with watched(store, [account]) as run:
            until(lambda: run.codes() == [Code.LOST])
            wrong[0] = False
            (left,) = poll_once(store, [account], context(), silent)
            (asked,) = poll_once(store, [account], context(), silent, insist=True)
            until(lambda: run.codes() == [Code.LOST, Code.BACK])
            until(lambda: filed(store) == 1)
    assert [left.notices[0].code, asked.notices[0].code] == ["mailbox-read-elsewhere", "mailbox-asked-elsewhere"]


def test_what_a_poller_learned_of_failures_the_next_one_knows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = b"$TAG NO [AUTHENTICATIONFAILED] wrong\r\n"
    with Peer({1: mail(1)}, LOGIN=refusal) as peer:
        for _ in range(6):
            with watched(store, [on_peer(peer, monkeypatch, 0.05)]) as run:
                until(lambda told=run: Code.LOST in told.codes())
        assert len(peer.commands(b"LOGIN")) == 3


@pytest.mark.parametrize("greeting", [b"* BYE too many connections", b"* NO go away", b"HTTP/1.1 400 Bad Request"])
@pytest.mark.usefixtures("quick")
def test_a_refused_greeting_is_waited_out(store: Store, monkeypatch: pytest.MonkeyPatch, greeting: bytes) -> None:
    with Peer({1: mail(1)}, greeting=greeting) as peer, watched(store, [on_peer(peer, monkeypatch)]) as run:
        until(lambda: run.codes() == [Code.LOST])
        peer.greeting = b"* OK ready"
        with store.aside() as db:
            leases.note_trouble(db, "peer", None)
        until(lambda: filed(store) == 1 or run.codes() == [Code.LOST, Code.BACK] or b"BYE too" in greeting)


def test_idle_that_is_offered_and_refused_is_replaced_by_polling(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = Peer({1: mail(1)}, capabilities=IDLES, IDLE=b"$TAG NO not today\r\n")
    with refusing as peer, watched(store, [on_peer(peer, monkeypatch, 0.1)]) as run:
        until(lambda: filed(store) == 1)
        peer.mails[2] = mail(2)
        until(lambda: filed(store) == 2)
        assert run.codes() == []


def idling(peer: Peer, tag: bytes, _words: list[bytes]) -> bytes:
    """Says at once that there is a new mail, if there is one that was not said yet."""
    peer.idle_tag = tag  # type: ignore[attr-defined]
    return b"+ idling\r\n* 1 EXISTS\r\n" if len(peer.mails) > 1 and len(peer.commands(b"IDLE")) < 3 else b"+ idling\r\n"


def done(peer: Peer, _tag: bytes, _words: list[bytes]) -> bytes:
    return peer.idle_tag + b" OK idle done\r\n"  # type: ignore[attr-defined, no-any-return]


def test_what_is_reported_while_idle_begins_is_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Idling(Peer):
        def _answer(self, tag: bytes, words: list[bytes]) -> bytes | None:
            return done(self, tag, words) if tag == b"DONE" else super()._answer(tag, words)

    with Idling({1: mail(1), 2: mail(2)}, capabilities=IDLES, IDLE=idling) as peer:
        with watched(store, [on_peer(peer, monkeypatch)]) as run:
            until(lambda: len(peer.commands(b"IDLE")) >= 3)
            until(lambda: filed(store) == 2)  # by another thread
        assert run.codes() == []


def test_a_server_that_reports_mail_it_has_not_is_asked_ever_less_often(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crying(Peer):
        def _answer(self, tag: bytes, words: list[bytes]) -> bytes | None:
            return done(self, tag, words) if tag == b"DONE" else super()._answer(tag, words)

    def idle(peer: Peer, tag: bytes, _words: list[bytes]) -> bytes:
        peer.idle_tag = tag  # type: ignore[attr-defined]
        return b"+ idling\r\n* %d EXISTS\r\n" % len(peer.mails)

    with Crying({1: mail(1)}, capabilities=IDLES, IDLE=idle) as peer, watched(store, [on_peer(peer, monkeypatch)]):
        until(lambda: len(peer.commands(b"IDLE")) == 3)
        time.sleep(2)
        assert len(peer.commands(b"IDLE")) <= 8
        peer.mails[2] = mail(2)
        until(lambda: filed(store) == 2)


@pytest.mark.usefixtures("quick")
def test_a_connection_that_fell_silent_is_given_up_and_made_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = partial(imap.connect, seconds=0.3)
    deaf_to_done = type(
        "Deaf", (Peer,), {"_answer": lambda s, t, w: SILENCE if t == b"DONE" else Peer._answer(s, t, w)}
    )
    deaf = deaf_to_done({1: mail(1)}, capabilities=IDLES, IDLE=b"+ idling\r\n")
    with deaf as peer, watched(store, [on_peer(peer, monkeypatch, 0.2)], connect) as run:
        until(lambda: len(peer.commands(b"LOGIN")) >= 3)
        peer.mails[2] = mail(2)
        until(lambda: filed(store) == 2)
        assert Code.LOST in run.codes()


def test_a_silent_connection_that_ends_is_no_news(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_STEADY_SECONDS", 0.0)
    hangs_up = Peer({1: mail(1)}, capabilities=IDLES, IDLE=b"+ idling\r\n* BYE autologout\r\n")
    with hangs_up as peer, watched(store, [on_peer(peer, monkeypatch, 0.2)]) as run:
        until(lambda: len(peer.commands(b"LOGIN")) >= 3)
        assert run.codes() == []


def test_a_connection_that_ends_while_it_waits_is_made_anew_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_STEADY_SECONDS", 0.0)
    ends = Peer({1: mail(1)}, capabilities=IDLES, IDLE=b"+ idling\r\n* BYE autologout\r\n")
    with ends as peer, watched(store, [on_peer(peer, monkeypatch)]):
        until(lambda: len(peer.commands(b"LOGIN")) >= 3)  # polls are five minutes apart


def test_a_mail_at_which_the_server_hangs_up_again_is_no_failure_of_its_mailbox(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_AFTER_BROKEN_SECONDS", 0.1)

    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        answer = peer.answer_fetch(tag, words) or b""
        return b"* BYE overrun\r\n" if b"(UID 2 INTERNALDATE" in answer else answer

    with Peer({number: mail(number) for number in (1, 2, 3)}, FETCH=fetch) as peer:
        account = on_peer(peer, monkeypatch, 0.1)
        poll(store, account)
        with store.begin() as db:
            assert places.ask_again(db, [HUNG_UP]) == 1  # as `kawari doctor` does
        with watched(store, [account]) as run:
            until(lambda: len(peer.commands(b"LOGIN")) > 8)
        assert run.codes() == []
    with store.read() as db:
        assert [one.tries for one in places.quarantined(db)] == [3]
        assert leases.trouble(db, "peer") is None


def test_a_wanted_mail_at_which_the_server_hangs_up_does_not_end_the_waiting_for_new_mail(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs_up = []

    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        answer = peer.answer_fetch(tag, words) or b""
        return b"* BYE overrun\r\n" if hangs_up and b"(UID 1 INTERNALDATE" in answer else answer

    with Peer({1: PRIVATE}, capabilities=IDLES, FETCH=fetch, IDLE=b"+ idling\r\n") as peer:
        account = on_peer(peer, monkeypatch)
        poll(store, account)
        peer.mails[2] = LET_IN
        poll(store, account)
        with store.read() as db:
            assert unfiled.wanted(db, 1)
        hangs_up.append(True)
        peer.mails[3] = mail(3)
        with watched(store, [account]) as run:
            until(lambda: peer.commands(b"IDLE"))
            until(lambda: filed(store) == 3)
        assert (run.codes(), run.notices()) == ([], ["content-later"])
        assert len(peer.commands(b"LOGIN")) == 4


def test_an_alert_is_told_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    alert = b"* OK [ALERT] Password expires on Friday\r\n$TAG OK done\r\n"
    with Peer({1: mail(1)}, LOGIN=alert) as peer, watched(store, [on_peer(peer, monkeypatch, 0.1)]) as run:
        until(lambda: len(peer.commands(b"LOGIN")) >= 4)
        assert run.notices() == ["mailbox-alert"]


def test_mail_that_comes_before_the_server_was_asked_to_report_is_read_at_once(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(1)])
    looks = count(1)

    @contextmanager
    def connect(account: Account, password: str) -> Iterator[imap.ImapMailbox]:
        with imap.connect(account, password) as mailbox:
            examine = mailbox.examine

            def delivered_first(folder: str) -> FolderState:
                if next(looks) == 2:  # the first look was for the poll; this one is before IDLE
                    dovecot.deliver(user, [mail(2)])
                return examine(folder)

            mailbox.examine = delivered_first  # type: ignore[method-assign]  # a server in which mail comes just then
            yield mailbox

    with watched(store, [on(user, {"INBOX": Role.INBOX})], connect):
        until(lambda: filed(store) == 2)
    assert next(looks) > 2
