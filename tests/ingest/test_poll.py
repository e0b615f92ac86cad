import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from cli.demo.server import serve
from ingest.importing import import_path
from ingest.passwords import EnvSecret, FileSecret
from ingest.poll import poll_once
from notes.model import Role
from notes.store import places
from notes.store.engine import Store, open_store
from tests.dovecot import Dovecot, running, utf7
from tests.ingest.polling import NOW, ROOT, AccountOn, context, cursor, failures, lying, mail, poll, refs, silent

FULL_AT_20_KB = """
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:Mail
  quota_grace = 0
  quota_rule = *:storage=20K
}
"""

# --- on a real server ---------------------------------------------------------------------------------------------


def test_a_mailbox_is_read_in_batches_once_and_then_only_what_is_new(
    dovecot: Dovecot, store: Store, on: AccountOn
) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(300)])
    seen: list[tuple[int, int | None]] = []
    poll_once(store, [on(user)], context(), lambda _box, _folder, done, total: seen.append((done, total)))
    assert seen == [(200, 300), (300, 300)] * 2  # read, then filed
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


MANY = 400
POLLER = """
import sys
from tests.ingest.polling import AccountOn, context, silent
from ingest import poll, portions
from notes.store.engine import open_store

portions.BATCH_MAILS = 20
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
    dovecot.deliver(user, [mail(number) for number in range(MANY)])
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
    assert 60 <= halfway[0] < MANY
    assert halfway[0] == halfway[1]
    assert lying(store, user) == [len(dovecot.flags(user)), MANY]
    with store.read() as db:
        found = [place for ref in refs(store) for place in places.places_of(db, ref)]
    assert sorted(place.uid for place in found) == list(range(1, MANY + 1))
    store.close()


def test_a_poll_that_is_told_to_stop_ends_its_batch_and_keeps_it(dovecot: Dovecot, store: Store, on: AccountOn) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [mail(number) for number in range(250)])
    stop = Event()

    def told(mailbox: str, folder: str, done: int, total: int | None) -> None:
        stop.set()

    poll_once(store, [on(user)], context(), told, stop=stop.is_set)
    assert lying(store, user) == [200, 200]


def test_a_mailbox_that_is_full_is_read_to_the_end_and_goes_on_when_there_is_room(
    dovecot: Dovecot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", dovecot.password)
    with running(FULL_AT_20_KB) as server:
        account = AccountOn(server.port)("mori", {"INBOX": Role.INBOX})
        server.deliver("mori", [mail(1), mail(2, size=18_000)])
        with pytest.raises(AssertionError, match="OVERQUOTA"):
            server.deliver("mori", [mail(3, size=5_000)])
        (result,) = poll(store, account)
        assert (result.new, result.error) == (2, None)
        with server.client("mori") as client:
            client.select()
            client.store("2", "+FLAGS", "\\Deleted")
            client.expunge()
        server.deliver("mori", [mail(3, size=5_000)])
        (result,) = poll(store, account)
        assert (result.new, result.error) == (1, None)
    assert len(refs(store)) == 3
