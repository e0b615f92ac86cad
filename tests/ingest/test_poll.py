import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path
from threading import Event, Timer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.demo.server import serve
from ingest.credentials import EnvSecret, FileSecret
from ingest.importing import import_path
from ingest.mailbox import Account, Security
from ingest.poll import FolderResult, in_batches, poll_forever, poll_once
from ingest.receive import Context
from notes.model import Calendar, Cursor, Directory, Place, Role, Staff
from notes.phrases import load
from notes.store import places
from notes.store.engine import Store, open_store
from tests.dovecot import Dovecot, utf7
from tests.ingest.memory import Memory
from tests.ingest.peer import Peer, literal

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def mail(number: int, *, size: int = 0) -> bytes:
    """Mail number so-and-so of a customer; every number is another mail in another thread."""
    return (
        f"From: Ren Kimura <kimura@yamabuki.example>\r\nTo: mori@hokuto.example\r\nSubject: Pump {number}\r\n"
        f"Date: Mon, 2 Mar 2026 09:{number // 60 % 60:02}:{number % 60:02} +0900\r\n"
        f"Message-ID: <pump-{number}@yamabuki.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nPump number {number} leaks.\r\n{'drip ' * (size // 5)}\r\n"
    ).encode()


def context() -> Context:
    people = (Staff("mori", "Aoi Mori", ("mori@hokuto.example",)), Staff("sato", "Ken Sato", ("sato@hokuto.example",)))
    directory = Directory(organisation="Hokuto", domains=frozenset({"hokuto.example"}), staff=people)
    calendar = Calendar(UTC, clock(9), clock(18), lambda day: day.weekday() >= 5)
    return Context(directory, calendar, load(), NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
    yield opened
    opened.close()


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, dovecot: Dovecot) -> "AccountOn":
    """Makes accounts on the real server."""
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", dovecot.password)
    return AccountOn(dovecot.port)


@dataclass(frozen=True)
class AccountOn:
    port: int

    def __call__(self, user: str, folders: Mapping[str, Role] | None = None) -> Account:
        secret = EnvSecret("KAWARI_TEST_PASSWORD")
        return Account(user, "mori", "127.0.0.1", self.port, Security.NONE, user, secret, folders)


def silent(mailbox: str, folder: str, done: int, total: int | None) -> None:
    """Shows nothing."""


def poll(store: Store, *accounts: Account) -> list[FolderResult]:
    return poll_once(store, accounts, context(), silent)


def lying(store: Store, mailbox: str, folder: str = "INBOX") -> list[int]:
    """How many mails of the diary lie in a folder, and how many there are in all."""
    with store.read() as db:
        coverage = {(one.mailbox, one.folder): one.messages for one in places.coverage(db)}
    return [coverage.get((mailbox, folder), 0), len(refs(store))]


def refs(store: Store) -> list[str]:
    with store.read() as db:
        return [one for (one,) in db.exec_driver_sql("SELECT ref FROM message ORDER BY ref")]


def cursor(store: Store, mailbox: str, folder: str = "INBOX") -> Cursor | None:
    with store.read() as db:
        return places.cursor(db, mailbox, folder)


def failures(store: Store) -> dict[tuple[str, str], str | None]:
    with store.read() as db:
        return {(one.mailbox, one.folder): one.error for one in places.coverage(db)}


# --- on a real server ---------------------------------------------------------------------------------------------


def test_a_mailbox_is_read_in_batches_once_and_then_only_what_is_new(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(300)])
    seen: list[tuple[int, int | None]] = []
    poll_once(store, [on(user)], context(), lambda _box, _folder, done, total: seen.append((done, total)))
    assert seen == [(200, 300), (300, 300)]
    assert lying(store, user) == [300, 300]
    dovecot.deliver(user, [mail(300)])
    assert [(one.mails, one.new) for one in poll(store, on(user))] == [(1, 1)]
    assert [(one.mails, one.new) for one in poll(store, on(user))] == [(0, 0)]
    assert lying(store, user) == [301, 301]


def test_flags_are_the_same_before_and_after(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(5)])
    before = dovecot.flags(user)
    poll(store, on(user))
    assert dovecot.flags(user) == before
    assert len(before) == 5


def test_the_same_mail_in_two_mailboxes_and_in_a_file_is_one_message(
    dovecot: Dovecot, store: Store, on: AccountOn, tmp_path: Path
) -> None:
    one, two = dovecot.user(), dovecot.user()
    dovecot.deliver(one, [mail(1)])
    dovecot.deliver(two, [mail(1)], "Sent")
    poll(store, on(one), on(two))
    (tmp_path / "exported.eml").write_bytes(mail(1).replace(b"\r\n", b"\n"))
    result = import_path(store, tmp_path / "exported.eml", one, "Old", Role.INBOX, context(), silent)
    assert (result.mails, result.new) == (1, 0)
    assert refs(store) == ["pump-1@yamabuki.example"]
    with store.read() as db:
        lies = places.places_of(db, "pump-1@yamabuki.example")
    assert {(place.mailbox, place.folder) for place in lies} == {(one, "INBOX"), (two, "Sent"), (one, "Old")}


def test_folders_with_foreign_names_are_found_and_read_with_their_role(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(1)], utf7("送信済み"))
    results = {one.folder: (one.role, one.new) for one in poll(store, on(user))}
    assert results == {"INBOX": (Role.INBOX, 0), "送信済み": (Role.SENT, 1)}


def test_a_folder_made_anew_is_read_again_and_nothing_doubles(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    account = on(user, {"Projects": Role.INBOX})
    dovecot.deliver(user, [mail(number) for number in range(1, 6)], "Projects")
    poll(store, account)
    before = cursor(store, user, "Projects")
    with dovecot.client(user) as client:
        client.delete("Projects")
    time.sleep(1.1)  # Dovecot's UIDVALIDITY is a time in seconds
    dovecot.deliver(user, [mail(number) for number in range(3, 9)], "Projects")
    (result,) = poll(store, account)
    after = cursor(store, user, "Projects")
    assert before
    assert after
    assert before.uidvalidity != after.uidvalidity
    assert (result.mails, result.new) == (6, 3)
    assert lying(store, user, "Projects") == [8, 8]


def test_mails_deleted_on_the_server_stay_in_the_diary_and_stop_nothing(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(3)])
    poll(store, on(user))
    dovecot.deliver(user, [mail(number) for number in range(3, 6)])
    with dovecot.client(user) as client:
        client.select()
        client.store("2,4,6", "+FLAGS", "\\Deleted")
        client.expunge()
    poll(store, on(user))
    poll(store, on(user))
    assert [ref.split("@")[0] for ref in refs(store)] == ["pump-0", "pump-1", "pump-2", "pump-4"]


def test_one_mailbox_that_fails_does_not_stop_the_others(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    first, last = dovecot.user(), dovecot.user()
    dovecot.deliver(first, [mail(1)])
    dovecot.deliver(last, [mail(2)])
    wrong = replace(on("wrong"), secret=EnvSecret("KAWARI_NOT_SET"))
    gone = replace(on("gone"), port=1, folders={"INBOX": Role.INBOX, "Sent": Role.SENT})
    results = poll(store, on(first), wrong, gone, on(last))
    codes = {(one.mailbox, one.folder): one.error and one.error.code for one in results}
    assert codes == {
        (first, "INBOX"): None,
        ("wrong", "INBOX"): "password-env-missing",
        ("gone", "INBOX"): "mailbox-refused",
        ("gone", "Sent"): "mailbox-refused",
        (last, "INBOX"): None,
    }
    assert failures(store) == codes
    assert {one.error.exit_code for one in results if one.error} == {5}
    assert len(refs(store)) == 2


def test_a_missing_folder_does_not_stop_its_mailbox_and_is_forgiven_once_it_is_there(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(1)])
    account = on(user, {"Gesendet": Role.SENT, "INBOX": Role.INBOX})
    results = poll(store, account)
    assert [(one.folder, one.error and one.error.code, one.new) for one in results] == [
        ("Gesendet", "mailbox-folder-missing", 0),
        ("INBOX", None, 1),
    ]
    with dovecot.client(user) as client:
        client.create("Gesendet")
    poll(store, account)
    assert failures(store) == {(user, "Gesendet"): None, (user, "INBOX"): None}


def test_a_wrong_password_is_written_down_in_the_servers_words(
    dovecot: Dovecot, store: Store, on: AccountOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "not-the-password")
    poll(store, on("mori"))
    (error,) = failures(store).values()
    assert error == "mailbox-wrong-password: [AUTHENTICATIONFAILED] Authentication failed."


def test_a_password_file_that_others_may_read_is_said(
    dovecot: Dovecot, store: Store, on: AccountOn, tmp_path: Path
) -> None:
    path = tmp_path / "password"
    path.write_text(dovecot.password)
    path.chmod(0o644)
    (result,) = poll(store, replace(on(dovecot.user()), secret=FileSecret(path)))
    assert [(notice.code, notice.values["source"]) for notice in result.notices] == [("password-file-open", str(path))]


def test_a_mail_that_cannot_be_parsed_is_kept_and_the_rest_goes_on(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(1), b"\x00\x01\x02 this is no mail", mail(2)])
    (result,) = poll(store, on(user))
    assert result.error is None
    assert result.mails == 3
    assert {"pump-1@yamabuki.example", "pump-2@yamabuki.example"} <= set(refs(store))
    with store.read() as db:
        kept = [places.quarantined_mail(db, one.place) for one in places.quarantined(db)]
    assert len(kept) + len(refs(store)) == 3


def test_the_demos_server_is_polled_like_any_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mails = [(mail(number), NOW) for number in range(250)]
    with serve({"mori": {"INBOX": mails[:240], "送信済みアイテム": mails[230:]}}) as server:
        monkeypatch.setenv("KAWARI_TEST_PASSWORD", server.password)
        results = poll(store, AccountOn(server.port)("mori"))
        again = poll(store, AccountOn(server.port)("mori"))
    assert [(one.folder, one.mails, one.new) for one in results] == [("INBOX", 240, 240), ("送信済みアイテム", 20, 10)]
    assert [one.mails for one in again] == [0, 0]
    assert lying(store, "mori") == [240, 250]


POLLER = """
import sys
from tests.ingest.test_poll import AccountOn, context, silent
from ingest import poll
from notes.store.engine import open_store

poll.BATCH_MAILS = 20
url, port, user = sys.argv[1:]

def told(mailbox, folder, done, total):
    print(done, flush=True)

poll.poll_once(open_store(url), [AccountOn(int(port))(user)], context(), told)
"""


@pytest.mark.parametrize("pause", [0.0, 0.004, 0.02])
def test_a_poll_killed_between_two_batches_goes_on_where_it_was(
    dovecot: Dovecot, on: AccountOn, tmp_path: Path, pause: float
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(120)])
    url = f"sqlite:///{tmp_path / 'kawari.db'}"
    open_store(url).close()
    command = [sys.executable, "-c", POLLER, url, str(on.port), user]
    for batches in (1, 2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout
            for _ in range(batches):
                assert process.stdout.readline()
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
    store = open_store(url)
    halfway = lying(store, user)
    poll(store, on(user))
    assert 60 <= halfway[0] < 120
    assert halfway[0] == halfway[1]
    assert lying(store, user) == [len(dovecot.flags(user)), 120]
    with store.read() as db:
        found = [place for ref in refs(store) for place in places.places_of(db, ref)]
    assert sorted(place.uid for place in found) == list(range(1, 121))
    store.close()


def test_a_poll_that_is_told_to_stop_ends_its_batch_and_keeps_it(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(250)])
    stop = Event()

    def told(mailbox: str, folder: str, done: int, total: int | None) -> None:
        stop.set()

    poll_once(store, [on(user)], context(), told, stop=stop.is_set)
    assert lying(store, user) == [200, 200]


def test_a_poller_polls_until_it_is_stopped() -> None:
    stop, polls = Event(), list[int]()

    def report(results: Sequence[FolderResult]) -> None:
        polls.append(len(results))
        if len(polls) == 3:
            Timer(0.05, stop.set).start()

    begun = time.monotonic()
    poll_forever(list, seconds=0.01, stop=stop, report=report)
    assert len(polls) >= 3
    assert time.monotonic() - begun < 5


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
    monkeypatch.setattr("ingest.poll.MAX_MAIL_BYTES", 5_000)
    with Peer({1: mail(1), 2: mail(2, size=6_000), 3: mail(3)}) as peer:
        (result,) = poll(store, account_on(peer, monkeypatch))
        assert (result.mails, result.unreadable) == (2, 1)
        assert not [line for line in peer.commands(b"BODY") if b" 2 " in line or b"1:3" in line]
    with store.read() as db:
        assert [(one.place.uid, one.reason) for one in places.quarantined(db)] == [(2, "mail-too-large")]


def test_a_connection_lost_in_one_folder_is_told_for_the_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer({1: mail(1)}, FETCH=b"* BYE overloaded\r\n") as peer:
        results = poll(store, account_on(peer, monkeypatch, "INBOX", "Sent"))
    assert [one.error and one.error.code for one in results] == ["mailbox-closed", "mailbox-closed"]
    assert failures(store)[("peer", "Sent")] == "mailbox-closed: overloaded"
    assert cursor(store, "peer") is None


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


def test_nothing_new_costs_no_fetch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer({1: mail(1)}) as peer:
        account = account_on(peer, monkeypatch)
        poll(store, account)
        peer.said.clear()
        poll(store, account)
        assert peer.commands(b"FETCH") == []
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
def test_whatever_happens_every_mail_that_stays_is_in_the_diary_once(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "moss-4-heron")
    monkeypatch.setattr("ingest.poll.BATCH_MAILS", 3)
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
    for _ in range(2):
        poll_once(store, [account], context(), silent, connect=box.connect)
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
