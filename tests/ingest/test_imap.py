import base64
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ingest import imap
from ingest.fetched import Item, answers, uid_set
from ingest.folders import Listed, drafts, roles
from ingest.mailbox import Account, Security
from ingest.passwords import EnvSecret
from notes.errors import MailboxError
from notes.model import Role
from tests.dovecot import Dovecot, utf7
from tests.ingest.peer import SILENCE, Peer, literal
from tests.ingest.peer import asked as asked_for

SECRET = "moss-4-heron"
MAIL = b"From: kimura@yamabuki.example\r\nSubject: pump %d\r\n\r\nThe pump leaks again.\r\n"


def account(port: int, security: Security = Security.NONE, user: str = "mori") -> Account:
    return Account("mori", "mori", "127.0.0.1", port, security, user, EnvSecret("UNUSED"))


@contextmanager
def inbox_of(peer: Peer) -> Iterator[imap.ImapMailbox]:
    with imap.connect(account(peer.port), SECRET, seconds=2) as mailbox:
        mailbox.examine("INBOX")
        yield mailbox


def failure(account: Account, password: str = SECRET) -> MailboxError:
    with pytest.raises(MailboxError) as raised, imap.connect(account, password, seconds=1):
        pass
    return raised.value


# --- connections --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", list(Security))
def test_mail_is_read_over_tls_starttls_and_plain_on_loopback(dovecot: Dovecot, security: Security) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [MAIL % 1])
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    with imap.connect(replace(account(port, security, user), ca_file=dovecot.ca_file), dovecot.password) as mailbox:
        state = mailbox.examine("INBOX")
        assert (state.last_uid, state.messages) == (1, 1)
        assert [mail.raw for mail in mailbox.fetch([1])] == [MAIL % 1]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_nobody_vouches_for_is_refused_with_the_reason(dovecot: Dovecot, security: Security) -> None:
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    error = failure(account(port, security), dovecot.password)
    assert error.code == "mailbox-tls-untrusted"
    assert "self-signed" in str(error.values["reason"])


def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot) -> None:
    elsewhere = replace(account(dovecot.tls_port, Security.TLS), host="127.0.0.2", ca_file=dovecot.ca_file)
    assert failure(elsewhere).code in {"mailbox-tls-untrusted", "mailbox-refused"}


def test_plain_text_off_loopback_is_refused_before_a_byte_is_sent() -> None:
    error = failure(replace(account(143), host="imap.yamabuki.example"))
    assert (error.code, error.values["host"]) == ("mailbox-plain-refused", "imap.yamabuki.example")


def test_a_wrong_password_is_said_and_not_repeated(dovecot: Dovecot) -> None:
    error = failure(account(dovecot.port), "not-the-password")
    assert error.code == "mailbox-wrong-password"
    assert "Authentication failed" in str(error.values["said"])
    assert "not-the-password" not in repr(error)


def test_a_password_with_umlauts_goes_through_sasl_plain(dovecot: Dovecot) -> None:
    assert failure(account(dovecot.port), "schlüssel-鍵").code == "mailbox-wrong-password"


def test_a_password_with_umlauts_is_tried_where_there_is_no_sasl() -> None:
    with Peer() as peer, imap.connect(account(peer.port), 'schlüssel "鍵"', seconds=2):
        assert 'schlüssel \\"鍵\\"'.encode() in peer.said[-1]


def test_an_echoed_password_is_struck_out() -> None:
    with Peer(LOGIN=lambda _peer, tag, words: tag + b" NO cannot do " + b" ".join(words) + b"\r\n") as peer:
        error = failure(account(peer.port), "hunter2-hunter2")
    assert error.code == "mailbox-wrong-password"
    assert "hunter2" not in str(error)


class Repeating(Peer):
    """Says goodbye, or nonsense, with what it was told."""

    def _answer(self, tag: bytes, words: list[bytes]) -> bytes | None:
        match [word.upper() for word in words[:1]]:
            case []:
                return tag + b" what?\r\n"
            case [b"AUTHENTICATE"]:
                return b"+ \r\n"
            case [b"LOGIN"]:
                return b"* BYE I know no " + b" ".join(words) + b"\r\n"
        return super()._answer(tag, words)


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1", b"IMAP4rev1 AUTH=PLAIN"])
@pytest.mark.parametrize("password", ["hunter2-hunter2", 'hunter2"back\\slash'])
def test_what_a_server_repeats_while_it_hangs_up_is_struck_out(capabilities: bytes, password: str) -> None:
    with Repeating(capabilities=capabilities) as peer:
        error = failure(account(peer.port), password)
    assert error.code == "mailbox-closed"
    assert "hunter2" not in str(error)
    assert base64.b64encode(f"\0mori\0{password}".encode()).decode() not in str(error)
    assert "***" in str(error)


def test_an_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(replace(account(993, Security.TLS), host="no-such-host.invalid"))
    assert (error.code, error.values["host"]) == ("mailbox-unknown-host", "no-such-host.invalid")


def test_a_closed_port_is_a_refusal() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        assert failure(account(probe.getsockname()[1])).code == "mailbox-refused"


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert failure(account(mute.getsockname()[1])).code == "mailbox-timeout"


def test_a_server_that_falls_silent_after_login_is_given_up() -> None:
    with (
        Peer({1: MAIL % 1}, EXAMINE=SILENCE) as peer,
        pytest.raises(MailboxError, match="mailbox-timeout"),
        imap.connect(account(peer.port), SECRET, seconds=0.5) as mailbox,
    ):
        mailbox.examine("INBOX")


def test_a_server_without_tls_fails_the_handshake_with_a_reason() -> None:
    with Peer() as peer:
        error = failure(account(peer.port, Security.TLS))
    assert error.code == "mailbox-tls-failed"
    assert error.values["reason"]


def test_a_server_without_starttls_gets_no_password() -> None:
    with Peer() as peer:
        assert failure(account(peer.port, Security.STARTTLS)).code == "mailbox-no-starttls"
        assert peer.commands(b"LOGIN") == []


def test_a_greeting_that_skips_the_login_cannot_skip_the_encryption() -> None:
    with Peer(greeting=b"* PREAUTH welcome", capabilities=b"IMAP4rev1 STARTTLS") as peer:
        assert failure(account(peer.port, Security.STARTTLS)).code.startswith("mailbox-")
        assert peer.commands(b"EXAMINE") == []


@pytest.mark.parametrize("greeting", [b"* BYE too many connections", b"\xff\xfe\x00", b"HTTP/1.1 400 Bad Request"])
def test_a_refused_or_senseless_greeting_is_an_error_of_ours(greeting: bytes) -> None:
    with Peer(greeting=greeting) as peer:
        error = failure(account(peer.port))
    assert error.code in {"mailbox-closed", "mailbox-protocol"}
    if b"BYE" in greeting:
        assert (error.code, error.values["said"]) == ("mailbox-closed", "too many connections")


def test_a_login_refused_for_now_is_not_called_a_wrong_password() -> None:
    with Peer(LOGIN=b"$TAG NO [UNAVAILABLE] come back later\r\n") as peer:
        error = failure(account(peer.port))
    assert (error.code, error.values["said"]) == ("mailbox-login-refused", "[UNAVAILABLE] come back later")


@pytest.mark.parametrize(
    "said",
    [
        "[ALERT] Too many simultaneous connections. (Failure)",
        "Server Unavailable. 15",
        "Temporary authentication failure.",
        "Request is throttled. Suggested Backoff Time: 299910 milliseconds",
    ],
)
def test_nor_is_one_that_is_refused_for_now_in_words(said: str) -> None:
    with Peer(LOGIN=f"$TAG NO {said}\r\n".encode()) as peer:
        error = failure(account(peer.port))
    assert (error.code, error.values["said"]) == ("mailbox-login-refused", said)


def test_a_goodbye_during_login_is_a_closed_connection() -> None:
    with Peer(LOGIN=b"* BYE shutting down\r\n") as peer:
        assert failure(account(peer.port)).code == "mailbox-closed"


def test_a_missing_certificate_file_is_named(tmp_path: Path) -> None:
    error = failure(replace(account(993, Security.TLS), ca_file=tmp_path / "none.pem"))
    assert (error.code, error.values["path"]) == ("mailbox-ca-file-unreadable", str(tmp_path / "none.pem"))


def test_nothing_secret_and_no_mail_is_logged(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [MAIL % 1])
    with caplog.at_level(logging.DEBUG), imap.connect(account(dovecot.port, user=user), dovecot.password) as mailbox:
        mailbox.examine("INBOX")
        mailbox.fetch([1])
    assert dovecot.password not in caplog.text
    assert "pump" not in caplog.text


def test_alerts_of_the_server_are_passed_on() -> None:
    full = b"* OK [ALERT] Your mailbox is nearly full\r\n$TAG OK done\r\n"
    with (
        Peer(greeting=b"* OK [ALERT] Maintenance on Sunday", LOGIN=full) as peer,
        imap.connect(account(peer.port), SECRET, seconds=2) as mailbox,
    ):
        assert mailbox.alerts() == ["Maintenance on Sunday", "Your mailbox is nearly full"]
        assert mailbox.alerts() == []


@pytest.mark.parametrize("status", ["OK", "NO", "BAD"])
def test_an_alert_is_heard_with_whatever_it_comes(status: str) -> None:
    listed = f'* LIST () "/" INBOX\r\n* {status} [ALERT] as aside\r\n$TAG OK [ALERT] at the end\r\n'.encode()
    with (
        Peer({1: b"Subject: * OK [ALERT] of a mail\r\n\r\n* OK [ALERT] of a mail\r\n"}, LIST=listed) as peer,
        imap.connect(account(peer.port), SECRET, seconds=2) as mailbox,
    ):
        mailbox.listing()
        mailbox.examine("INBOX")
        assert mailbox.fetch([1])
        assert mailbox.alerts() == ["as aside", "at the end"]


def test_escape_sequences_of_a_server_do_not_reach_the_screen() -> None:
    with Peer(LOGIN=b"$TAG NO \x1b[2J\x07gone\r\n") as peer:
        assert "\x1b" not in str(failure(account(peer.port)).values["said"])


# --- folders ------------------------------------------------------------------------------------------------------


def test_folders_are_found_by_flag_and_by_name_on_a_real_server(dovecot: Dovecot) -> None:
    user = dovecot.user()
    with dovecot.client(user) as client:
        for name in ("Gesendet", utf7("送信済み"), "Archive", "Drafts"):
            client.create(name)
    found = imap.try_login(account(dovecot.port, user=user), dovecot.password)
    assert found == {"INBOX": Role.INBOX, "Gesendet": Role.SENT, "送信済み": Role.SENT}


def test_of_the_logs_mailbox_only_the_inbox_is_read() -> None:
    assert roles([Listed("Sent", "/", frozenset({"\\sent"}))], log=True) == {"INBOX": Role.LOG}


@pytest.mark.parametrize(
    "name",
    ["Sent", "sent-mail", "Sent Items", "INBOX/Sent", "[Gmail]/送信済みメール", "Gesendete Elemente",
     "Éléments envoyés", "Elementos enviados", "Posta inviata", "Отправленные", "已发送邮件", "보낸편지함"],
)  # fmt: skip
def test_known_names_of_the_sent_folder_are_recognised(name: str) -> None:
    assert roles([Listed(name, "/", frozenset())]) == {"INBOX": Role.INBOX, name: Role.SENT}


@pytest.mark.parametrize("name", ["Projects/Sent", "Outbox", "Sentinel", "Entwürfe", "INBOX/Archive/Sent"])
def test_other_folders_are_left_alone(name: str) -> None:
    assert roles([Listed(name, "/", frozenset())]) == {"INBOX": Role.INBOX}


def test_a_folder_that_cannot_be_opened_is_not_chosen() -> None:
    assert roles([Listed("Sent", "/", frozenset({"\\noselect"}))]) == {"INBOX": Role.INBOX}


def test_a_list_with_damaged_and_literal_names_is_read_as_far_as_it_goes() -> None:
    listing = (
        b'* LIST (\\Noselect) "." INBOX\r\n* LIST () "." "&AAA-&/"\r\n* LIST () NIL {4}\r\nSent\r\n'
        b'* LIST () "." 2026\r\n* LIST (\r\n* LIST () "." "&j!"\r\n$TAG OK done\r\n'
    )
    with Peer(LIST=listing) as peer, imap.connect(account(peer.port), SECRET, seconds=2) as mailbox:
        names = [listed.name for listed in mailbox.listing()]
    assert "Sent" in names
    assert "2026" in names


def test_a_missing_folder_is_named_with_those_there_are(dovecot: Dovecot) -> None:
    user = dovecot.user()
    with dovecot.client(user) as client:
        client.create("Sent")
    with imap.connect(account(dovecot.port, user=user), dovecot.password) as mailbox:
        with pytest.raises(MailboxError) as raised:
            mailbox.examine("Gesendetes")
        mailbox.examine("Sent")
    assert raised.value.code == "mailbox-folder-missing"
    assert raised.value.values["folder"] == "Gesendetes"
    assert "Sent" in str(raised.value.values["folders"])


# --- fetching -----------------------------------------------------------------------------------------------------


def test_reading_marks_moves_and_deletes_nothing(dovecot: Dovecot) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [MAIL % number for number in range(3)])
    with dovecot.client(user) as client:
        client.select()
        client.store("2", "+FLAGS", "\\Flagged")
    before = dovecot.flags(user)
    with imap.connect(account(dovecot.port, user=user), dovecot.password) as mailbox:
        state = mailbox.examine("INBOX")
        mailbox.fetch(list(mailbox.sizes(1, state.last_uid)))
    assert dovecot.flags(user) == before
    assert not any(b"Seen" in line for line in before)


def test_the_arrival_time_keeps_its_offset(dovecot: Dovecot) -> None:
    user = dovecot.user()
    arrived = datetime(2026, 3, 2, 18, 0, tzinfo=timezone(timedelta(hours=9)))
    dovecot.deliver(user, [MAIL % 1], at=arrived)
    with imap.connect(account(dovecot.port, user=user), dovecot.password) as mailbox:
        mailbox.examine("INBOX")
        assert mailbox.fetch([1])[0].internaldate == arrived


def test_mails_expunged_meanwhile_are_left_out(dovecot: Dovecot) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [MAIL % number for number in range(5)])
    with imap.connect(account(dovecot.port, user=user), dovecot.password) as mailbox:
        mailbox.examine("INBOX")
        assert list(mailbox.sizes(1, 5)) == [1, 2, 3, 4, 5]
        with dovecot.client(user) as client:
            client.select()
            client.store("2:3", "+FLAGS", "\\Deleted")
            client.expunge()
        assert [mail.uid for mail in mailbox.fetch([1, 2, 3, 4, 5]) if mail.raw] == [1, 4, 5]


def test_a_range_behind_the_last_mail_is_empty(dovecot: Dovecot) -> None:
    user = dovecot.user()
    dovecot.deliver(user, [MAIL % 1])
    with imap.connect(account(dovecot.port, user=user), dovecot.password) as mailbox:
        mailbox.examine("INBOX")
        assert mailbox.sizes(2, 2**32 - 1) == {}


def test_a_server_that_answers_with_the_last_mail_instead_is_not_believed() -> None:
    wrong = b"* 3 FETCH (UID 3 RFC822.SIZE 40)\r\n$TAG OK done\r\n"
    with Peer({3: MAIL % 3}, FETCH=wrong) as peer, inbox_of(peer) as mailbox:
        assert mailbox.sizes(4, 9) == {}


@pytest.mark.parametrize("uidnext", [b"", b"* OK [UIDNEXT 5] ok\r\n", b"* OK [UIDNEXT 5000] ok\r\n"])
def test_a_folder_is_asked_for_its_last_mail_whatever_its_uidnext_says(uidnext: bytes) -> None:
    state = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n" + uidnext + b"$TAG OK done\r\n"
    with (
        Peer({3: MAIL % 3, 9: MAIL % 9}, EXAMINE=state) as peer,
        imap.connect(account(peer.port), SECRET, seconds=2) as mailbox,
    ):
        assert mailbox.examine("INBOX").last_uid == 9


def test_a_server_that_does_not_say_what_the_last_mail_is_was_not_read() -> None:
    with (
        Peer({3: MAIL % 3}, LAST=b"$TAG NO [UNAVAILABLE] later\r\n") as peer,
        pytest.raises(MailboxError, match="mailbox-fetch-refused"),
        inbox_of(peer),
    ):
        pass


@pytest.mark.parametrize(
    "body", [b"", b" BODY[] NIL", b' BODY[] ""', b" BODY[] {0}\r\n"], ids=["missing", "nil", "empty", "empty literal"]
)
def test_a_mail_that_is_listed_but_not_handed_over_is_known_and_spoils_no_other(body: bytes) -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes:
        proper = peer.answer_fetch(tag, words)
        assert proper is not None
        damaged = b" BODY[] " + literal(peer.mails[2])
        return proper.replace(damaged, body)

    with Peer({1: MAIL % 1, 2: MAIL % 2, 3: MAIL % 3}, FETCH=fetch) as peer, inbox_of(peer) as mailbox:
        assert [mail.raw for mail in mailbox.fetch([1, 2, 3])] == [MAIL % 1, None, MAIL % 3]


@pytest.mark.parametrize("refusal", [b"NO cannot read one of these", b"BAD internal error"])
def test_one_refused_mail_does_not_take_its_batch_along(refusal: bytes) -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        if b"BODY.PEEK[])" in words and words[2] in (b"1:3", b"2"):
            return tag + b" " + refusal + b"\r\n"
        return peer.answer_fetch(tag, words)

    with Peer({1: MAIL % 1, 2: MAIL % 2, 3: MAIL % 3}, FETCH=fetch) as peer, inbox_of(peer) as mailbox:
        assert [mail.raw for mail in mailbox.fetch([1, 2, 3])] == [MAIL % 1, None, MAIL % 3]


def test_a_server_that_is_busy_is_not_taken_for_unreadable_mail() -> None:
    with (
        Peer({1: MAIL % 1}, FETCH=b"$TAG NO [INUSE] busy\r\n") as peer,
        inbox_of(peer) as mailbox,
        pytest.raises(MailboxError, match="mailbox-fetch-refused"),
    ):
        mailbox.fetch([1])


@pytest.mark.parametrize("said", [b"BAD Request is throttled. Suggested Backoff Time: 9 ms", b"NO Server Busy. 5"])
def test_nor_is_one_that_says_so_in_words(said: bytes) -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        return tag + b" " + said + b"\r\n" if b"BODY.PEEK[])" in words else peer.answer_fetch(tag, words)

    with (
        Peer({1: MAIL % 1, 2: MAIL % 2}, FETCH=fetch) as peer,
        inbox_of(peer) as mailbox,
        pytest.raises(MailboxError, match="mailbox-fetch-refused"),
    ):
        mailbox.fetch([1, 2])
    assert len(peer.commands(b"BODY")) == 1


@pytest.mark.parametrize(
    ("bad", "asked", "came"),
    [
        ({2}, [1, 2, 3], [True, False, True]),
        ({2}, [2], [False]),
        ({1, 2, 3}, [1, 2, 3], None),
    ],
    ids=["one of three", "the only one", "all"],
)
def test_a_fault_of_the_server_at_one_mail_is_that_mails_own(
    bad: set[int], asked: list[int], came: list[bool] | None
) -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes | None:
        hit = b"BODY.PEEK[])" in words and bad & asked_for(peer, words[2])
        return tag + b" NO [SERVERBUG] Internal error\r\n" if hit else peer.answer_fetch(tag, words)

    with Peer({number: MAIL % number for number in (1, 2, 3)}, FETCH=fetch) as peer, inbox_of(peer) as mailbox:
        if came is None:
            with pytest.raises(MailboxError, match="mailbox-fetch-refused"):
                mailbox.fetch(asked)
        else:
            assert [mail.raw is not None for mail in mailbox.fetch(asked)] == came


@pytest.mark.parametrize(
    "answer",
    [
        b"* BYE over quota\r\n",
        b"* 1 FETCH (UID 1 BODY[] {500}\r\nonly this* BYE",
        b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\n* BYE",
        b"* 1 FETCH (UID 1 BODY[] {8000000000}\r\n* BYE",
        b"nonsense\r\n",
        b"x" * 2_000_000 + b"\r\n",
        None,
    ],
    ids=["bye", "cut in a literal", "impossible literal", "huge literal", "nonsense", "endless line", "hung up"],
)
def test_a_connection_that_ends_in_the_middle_is_an_error_of_ours(answer: bytes | None) -> None:
    with (
        Peer({1: MAIL % 1}, FETCH=answer) as peer,
        inbox_of(peer) as mailbox,
        pytest.raises(MailboxError) as raised,
    ):
        mailbox.fetch([1])
    assert raised.value.code in {"mailbox-closed", "mailbox-protocol"}


def test_unasked_answers_between_the_mails_do_no_harm() -> None:
    def fetch(peer: Peer, tag: bytes, words: list[bytes]) -> bytes:
        noise = b"* 1 FETCH (FLAGS (\\Seen))\r\n* 2 EXISTS\r\n* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 7 EXPUNGE\r\n"
        return noise + (peer.answer_fetch(tag, words) or b"").replace(tag, noise + tag)

    with Peer({1: MAIL % 1, 2: MAIL % 2}, FETCH=fetch) as peer, inbox_of(peer) as mailbox:
        assert [mail.raw for mail in mailbox.fetch([1, 2])] == [MAIL % 1, MAIL % 2]


# --- FETCH answers, read without a server ------------------------------------------------------------------------


def test_attributes_are_read_in_any_order() -> None:
    data: list[Item] = [(b"1 (BODY[] {3}", b"abc"), b' INTERNALDATE " 2-Mar-2026 09:00:00 -0130" UID 5 RFC822.SIZE 3)']
    (answer,) = answers(data).values()
    assert (answer.uid, answer.size, answer.raw) == (5, 3, b"abc")
    assert answer.internaldate == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", [b"31-Feb-2026 09:00:00 +0000", b"02-Foo-2026 09:00:00 +0000", b"rubbish", b"02-Mar-2026 09:00:00 +9999"]
)
def test_an_impossible_arrival_time_is_no_time(date: bytes) -> None:
    (answer,) = answers([(b'1 (UID 5 INTERNALDATE "%s" BODY[] {3}' % date, b"abc"), b")"]).values()
    assert (answer.internaldate, answer.raw) == (None, b"abc")


def test_answers_without_a_uid_are_nobodys() -> None:
    assert answers([None, b"", b"1 (FLAGS ())", (b"2 (BODY[] {1}", b"x"), b")"]) == {}


def test_uids_are_asked_for_in_ranges_and_never_with_a_star() -> None:
    assert uid_set([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"
    assert uid_set([]) == ""


def test_a_hostile_answer_is_read_in_no_time() -> None:
    hostile: list[Item] = [b"1 (" + b'BODY[] "\\' * 200_000, b"(UID " * 200_000, b"9" * 100_000]
    assert answers(hostile) == {}


def test_a_home_folder_in_the_certificates_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "HOME", str(tmp_path))
    error = failure(replace(account(993, Security.TLS), ca_file=Path("~/none.pem")))
    assert error.code == "mailbox-ca-file-unreadable"


def test_drafts_go_where_the_server_says_else_where_mail_programs_put_them() -> None:
    flagged = Listed("Elsewhere", "/", frozenset({"\\drafts"}))
    named, below = Listed("下書き", "/", frozenset()), Listed("Projects/Drafts", "/", frozenset())
    assert drafts([named, flagged]) == "Elsewhere"
    assert drafts([below, named]) == "下書き"
    assert drafts([Listed("[Gmail]/Drafts", "/", frozenset())]) == "[Gmail]/Drafts"
    assert drafts([below, Listed("Drafts", "/", frozenset({"\\noselect"}))]) is None
