"""First readings, which begin with the newest mail, and mails at which the server hangs up."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from ingest import poll as polling
from ingest import portions
from ingest.mailbox import Account
from ingest.poll import FolderResult, poll_once
from ingest.reading import NOT_DELIVERED
from ingest.since import Since, since
from notes.model import Cursor, Place, Role
from notes.store import places
from notes.store.engine import Store, open_store
from tests.dovecot import Dovecot
from tests.ingest.peer import Peer, literal
from tests.ingest.polling import NOW, ROOT, AccountOn, context, cursor, lying, mail, poll, refs, silent
from tests.ingest.watched import filed, until, watched

HUNG_UP = "mail-breaks-connection"


def read_at(store: Store, account: Account, now: datetime) -> list[FolderResult]:
    return poll_once(store, [account], replace(context(), now=now), silent)


def partition(store: Store) -> set[frozenset[str]]:
    """Which mails are in a case together."""
    with store.read() as db:
        rows = db.exec_driver_sql("SELECT ref, case_key FROM message WHERE case_key IS NOT NULL").all()
    keys = {key for _, key in rows}
    return {frozenset(ref for ref, key in rows if key == one) for one in keys}


# --- newest first ---------------------------------------------------------------------------------------------------


def test_the_newest_mails_are_filed_before_the_older_ones_are_read(
    dovecot: Dovecot, store: Store, on: AccountOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "NEWEST_FIRST", 40)
    monkeypatch.setattr(polling, "SOON_READ", 10)
    monkeypatch.setattr(portions, "BATCH_MAILS", 20)
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(150)])
    account = on(user, {"INBOX": Role.INBOX})
    steps: list[tuple[str, int, int]] = []

    def told(mailbox: str, folder: str, done: int, total: int | None) -> None:
        steps.append((mailbox, done, len(refs(store))))

    results = poll_once(store, [account], context(), told)
    first_filing = next(step for step in steps if not step[0])
    assert first_filing == ("", 40, 40)
    assert [(one.mails, one.new) for one in results] == [(150, 150)]
    assert cursor(store, user) == Cursor(cursor(store, user).uidvalidity, 150)  # type: ignore[union-attr]
    in_order = open_store(f"sqlite:///{tmp_path / 'in-order.db'}")
    monkeypatch.setattr(polling, "SOON_READ", 1_000)
    poll(in_order, account)
    assert partition(store) == partition(in_order)
    in_order.close()


def test_a_poller_that_stays_files_the_newest_first_and_in_the_end_all(
    dovecot: Dovecot, store: Store, on: AccountOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "SOON_READ", 10)
    monkeypatch.setattr("ingest.watch.NEWEST_FIRST", 30)
    users = [dovecot.user(), dovecot.user()]
    for number, user in enumerate(users):
        dovecot.deliver(user, [mail(1_000 * number + each) for each in range(90)])
    with watched(store, [on(user, {"INBOX": Role.INBOX}) for user in users]):
        until(lambda: filed(store) == 180)


def test_a_first_reading_goes_on_below_what_was_read_while_new_mail_comes_above(
    dovecot: Dovecot, store: Store, on: AccountOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "BATCH_MAILS", 10)
    user = dovecot.user()
    account = on(user, {"INBOX": Role.INBOX})
    dovecot.deliver(user, [mail(number) for number in range(50)])
    batches = iter(range(100))
    poll_once(store, [account], context(), silent, stop=lambda: next(batches) > 4)
    before = cursor(store, user)
    assert before
    assert 1 < before.first_uid <= 41
    assert before.last_uid == 50
    with store.read() as db:
        assert not places.coverage(db)[0].complete
    dovecot.deliver(user, [mail(50)])
    (result,) = poll(store, account)
    assert result.mails == 51 - (51 - before.first_uid)
    assert cursor(store, user) == Cursor(before.uidvalidity, 51)
    assert lying(store, user) == [51, 51]


def test_mail_is_read_as_far_back_as_the_settings_say_and_further_when_they_change(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    for year in (2020, 2023, 2025):
        dovecot.deliver(user, [mail(year)], at=datetime(year, 6, 1, tzinfo=UTC))
    account = replace(on(user, {"INBOX": Role.INBOX}), since=since("2 years"))
    poll(store, account)
    assert len(refs(store)) == 1
    dovecot.deliver(user, [mail(1)], at=datetime(2026, 3, 8, tzinfo=UTC))
    assert [one.mails for one in poll(store, account)] == [1]
    further = replace(account, since=Since(months=48))
    assert [one.mails for one in poll(store, further)] == [1]
    assert [one.mails for one in poll(store, account)] == [0]
    assert [one.mails for one in poll(store, replace(account, since=None))] == [1]
    assert lying(store, user) == [4, 4]


KILLED = int(os.environ.get("KAWARI_TEST_KILLS", "12"))
"""A hundred were tried, too; a dozen a run are enough to notice."""

POLLER = """
import sys
from ingest import poll, portions, workers
from notes.store.engine import open_store
from tests.ingest.polling import AccountOn, context, silent

portions.BATCH_MAILS, poll.NEWEST_FIRST, poll.SOON_READ = 10, 40, 10
workers.FEW, workers.PART = 10, 5
url, port, user = sys.argv[1:]
store = open_store(url)
print("ready", flush=True)
helped = context(helped=workers.Workers(2))
poll.poll_once(store, [AccountOn(int(port))(user)], helped, silent)
print("done", flush=True)
"""


def test_a_first_reading_killed_at_any_moment_loses_and_doubles_nothing(
    dovecot: Dovecot, on: AccountOn, tmp_path: Path
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(250)])
    url = f"sqlite:///{tmp_path / 'kawari.db'}"
    open_store(url).close()
    chance = Random(7)  # noqa: S311 - repeatable, not secret
    for _ in range(KILLED):
        command = [sys.executable, "-c", POLLER, url, str(on.port), user]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.random() * 2.5)
            process.send_signal(signal.SIGKILL)
    store = open_store(url)
    poll(store, on(user))
    assert lying(store, user) == [250, 250]
    assert filed(store) == 250
    with store.read() as db:
        found = [place.uid for ref in refs(store) for place in places.places_of(db, ref)]
        assert places.quarantined(db) == []
    assert sorted(found) == list(range(1, 251))
    store.close()


# --- mails at which the server hangs up -------------------------------------------------------------------------------


class HangsUp(Peer):
    """Ends the connection in the middle of these mails."""

    poison: frozenset[int] = frozenset()

    def answer_fetch(self, tag: bytes, words: list[bytes]) -> bytes | None:
        answer = super().answer_fetch(tag, words) or b""
        asked_for_it = any(b"(UID %d " % uid in answer and b"BODY[]" in answer for uid in self.poison)
        return answer[: len(answer) // 2] + b"\r\n* BYE overrun\r\n" if asked_for_it else answer


def on_peer(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "moss-4-heron")
    return AccountOn(peer.port)("peer", {"INBOX": Role.INBOX})


def aside(store: Store) -> list[tuple[int, str, int]]:
    with store.read() as db:
        return [(one.place.uid, one.reason, one.tries) for one in places.quarantined(db)]


def test_a_mail_at_which_the_server_hangs_up_is_left_out_after_three_tries_and_the_rest_comes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HangsUp({number: mail(number) for number in range(1, 61)}) as peer:
        peer.poison = frozenset({31})
        account = on_peer(peer, monkeypatch)
        (result,) = poll(store, account)
        assert (result.mails, result.unreadable, result.error) == (59, 1, None)
        alone = [line for line in peer.commands(b"BODY") if b"FETCH 31 " in line]
        assert len(alone) == 3
        assert aside(store) == [(31, HUNG_UP, 3)]
        assert cursor(store, "peer") == Cursor(7, 60)

        logins = len(peer.commands(b"LOGIN"))
        read_at(store, account, NOW + timedelta(minutes=5))
        assert len(peer.commands(b"LOGIN")) == logins + 1
        assert aside(store) == [(31, HUNG_UP, 3)]
        peer.mails[61] = mail(61)
        (result,) = read_at(store, account, NOW + timedelta(minutes=11))
        assert (result.new, result.error) == (1, None)
        assert aside(store) == [(31, HUNG_UP, 4)]
        peer.poison = frozenset()
        read_at(store, account, NOW + timedelta(days=1))
    assert aside(store) == []
    assert lying(store, "peer") == [61, 61]


@pytest.mark.parametrize("before", [0, 9], ids=["a first reading", "new mail"])
@pytest.mark.parametrize("after", [0, 9], ids=["the newest", "in between"])
def test_so_are_several_of_them_side_by_side(
    store: Store, monkeypatch: pytest.MonkeyPatch, before: int, after: int
) -> None:
    with HangsUp({number: mail(number) for number in range(1, 10)}) as peer:
        account = on_peer(peer, monkeypatch)
        if before:
            poll(store, account)
        peer.mails |= {number: mail(number) for number in range(10, 13 + after)}
        peer.poison = frozenset({10, 11, 12})
        (result,) = poll(store, account)
        assert result.error is None
        assert sorted(aside(store)) == [(uid, HUNG_UP, 3) for uid in (10, 11, 12)]
        assert lying(store, "peer") == [9 + after, 9 + after]
        peer.poison = frozenset()
        read_at(store, account, NOW + timedelta(days=1))
    assert aside(store) == []
    assert lying(store, "peer") == [12 + after, 12 + after]


def test_such_a_mail_that_is_the_only_new_one_does_not_stop_its_folder(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HangsUp({1: mail(1)}) as peer:
        account = on_peer(peer, monkeypatch)
        poll(store, account)
        peer.mails[2] = mail(2)
        peer.poison = frozenset({2})
        poll(store, account)
        assert aside(store) == [(2, HUNG_UP, 3)]
        peer.mails[3] = mail(3)
        assert [one.new for one in poll(store, account)] == [1]
    assert cursor(store, "peer") == Cursor(7, 3)


def test_a_server_that_hangs_up_at_every_mail_puts_none_aside(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with HangsUp({number: mail(number) for number in range(1, 41)}) as peer:
        peer.poison = frozenset(range(1, 41))
        account = on_peer(peer, monkeypatch)
        (result,) = poll(store, account)
        assert result.error
        assert result.error.code == "mailbox-closed"
        assert aside(store) == []
        peer.poison = frozenset()
        poll(store, account)
    assert lying(store, "peer") == [40, 40]


def test_a_withheld_mail_at_which_the_server_hangs_up_later_does_not_stop_its_mailbox(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Withholds(HangsUp):
        def answer_fetch(self, tag: bytes, words: list[bytes]) -> bytes | None:
            answer = super().answer_fetch(tag, words) or b""
            return answer if self.poison else answer.replace(b" BODY[] " + literal(mail(2)), b" BODY[] NIL")

    with Withholds({number: mail(number) for number in (1, 2, 3)}) as peer:
        account = on_peer(peer, monkeypatch)
        poll(store, account)
        assert aside(store) == [(2, NOT_DELIVERED, 1)]
        peer.poison = frozenset({2})
        peer.mails[4] = mail(4)
        (result,) = poll(store, account)
        assert (result.new, result.error) == (1, None)
        assert aside(store)[0][:2] == (2, HUNG_UP)


def test_a_server_that_hangs_up_because_it_is_asked_too_much_is_not_asked_again_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = b"* BYE [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)\r\n"

    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        return limited if b"BODY.PEEK[])" in words else peer.answer_fetch(tag, words)

    with Peer({number: mail(number) for number in range(1, 41)}, FETCH=fetch) as peer:
        (result,) = poll(store, on_peer(peer, monkeypatch))
        assert len(peer.commands(b"LOGIN")) == 1
    assert result.error
    assert result.error.code == "mailbox-closed"


def test_what_is_gone_when_it_is_asked_for_again_is_let_go(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with HangsUp({1: mail(1), 2: mail(2)}) as peer:
        account = on_peer(peer, monkeypatch)
        peer.poison = frozenset({2})
        poll(store, account)
        assert aside(store) == [(2, HUNG_UP, 3)]
        del peer.mails[2]
        read_at(store, account, NOW + timedelta(hours=1))
    assert aside(store) == []


def test_a_mailbox_another_poller_reads_is_left_to_it(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    account = on(user, {"INBOX": Role.INBOX})
    with watched(store, [account]):
        until(lambda: cursor(store, user))
        (result,) = poll(store, account)
        assert [notice.code for notice in result.notices] == ["mailbox-read-elsewhere"]
        assert result.error is None


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux's /proc")
def test_a_mail_of_sixty_megabytes_takes_less_than_300_of_memory(
    dovecot: Dovecot, on: AccountOn, tmp_path: Path
) -> None:
    user = dovecot.user()
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVoxMjM0NTY3ODkwQUJDREVGR0hJSktMTU5PUFFSU1RV\r\n"
    head = mail(1).replace(b"Content-Type: text/plain; charset=utf-8", b"Content-Type: multipart/mixed; boundary=b")
    parts = b"--b\r\nContent-Type: text/plain\r\n\r\nhere\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\n"
    large = (
        head + parts + b"Content-Transfer-Encoding: base64\r\n\r\n" + line * (60_000_000 // len(line)) + b"--b--\r\n"
    )
    dovecot.deliver(user, [mail(2), large, mail(3)])
    url = f"sqlite:///{tmp_path / 'kawari.db'}"
    told = "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
    command = [sys.executable, "-c", POLLER + told, url, str(on.port), user]
    said = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, check=True).stdout.split()
    assert int(said[-1]) < 300 * 1024
    store = open_store(url)
    assert lying(store, user) == [3, 3]
    with store.read() as db:
        assert places.places_of(db, "pump-1@yamabuki.example") == [
            Place(user, "INBOX", cursor(store, user).uidvalidity, 2)  # type: ignore[union-attr]
        ]
    store.close()
