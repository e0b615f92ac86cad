"""Nothing is said to a server whose certificate is not good, and the reason is told in words."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli import words
from cli.error_words import sentence
from ingest import imap
from ingest.mailbox import Account, Security
from ingest.passwords import EnvSecret
from notes.errors import MailboxError
from tests.ingest.certificates import issue, shown
from tests.ingest.peer import Peer

SECRET = "moss-4-heron"


def moment(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


def account(port: int, authority: Path | None = None, security: Security = Security.TLS) -> Account:
    return Account("mori", "mori", "127.0.0.1", port, security, "mori", EnvSecret("UNUSED"), ca_file=authority)


def failure(of: Account) -> MailboxError:
    with pytest.raises(MailboxError) as raised, imap.connect(of, SECRET, seconds=3):
        pass
    return raised.value


def test_a_good_certificate_is_taken(tmp_path: Path) -> None:
    certificate = issue(tmp_path, starts=moment(-1), ends=moment(1))
    with shown(certificate) as server:
        with imap.connect(account(server.port, certificate.authority), SECRET, seconds=3):
            pass
        assert SECRET.encode() in server.said


@pytest.mark.parametrize(
    ("starts", "ends", "names", "code", "english", "japanese"),
    [
        (-30, -1, "IP:127.0.0.1", "mailbox-tls-expired", "has expired", "期限切れ"),
        (1, 30, "IP:127.0.0.1", "mailbox-tls-too-early", "not valid yet", "まだ有効になっていません"),
        (-1, 30, "DNS:other.example", "mailbox-tls-other-name", "is not for 127.0.0.1", "のものではありません"),
    ],
)  # fmt: skip
def test_a_bad_certificate_is_refused_and_the_reason_said(
    tmp_path: Path, starts: int, ends: int, names: str, code: str, english: str, japanese: str
) -> None:
    certificate = issue(tmp_path, starts=moment(starts), ends=moment(ends), names=names)
    with shown(certificate) as server:
        error = failure(account(server.port, certificate.authority))
        assert server.said == b""
    assert error.code == code
    for language, said in (("ja", japanese), ("en", english)):
        words.choose(language)
        assert said in sentence(error)


def test_a_certificate_of_nobody_we_know_is_refused(tmp_path: Path) -> None:
    with shown(issue(tmp_path, starts=moment(-1), ends=moment(1))) as server:
        error = failure(account(server.port))
        assert server.said == b""
    assert error.code == "mailbox-tls-untrusted"
    assert error.values["reason"]


def test_starttls_taken_out_on_the_way_is_refused() -> None:
    with Peer(capabilities=b"IMAP4rev1 AUTH=PLAIN") as peer:  # what a man in the middle lets through
        assert failure(account(peer.port, security=Security.STARTTLS)).code == "mailbox-no-starttls"
        assert SECRET.encode() not in b"".join(peer.said)
        assert peer.commands(b"AUTHENTICATE") == peer.commands(b"LOGIN") == []


def test_starttls_promised_and_then_refused_sends_no_password() -> None:
    with Peer(capabilities=b"IMAP4rev1 STARTTLS AUTH=PLAIN", STARTTLS=b"$TAG NO not today\r\n") as peer:
        assert failure(account(peer.port, security=Security.STARTTLS)).code.startswith("mailbox-")
        assert peer.commands(b"AUTHENTICATE") == peer.commands(b"LOGIN") == []


def test_what_comes_in_plain_text_behind_starttls_is_not_believed(tmp_path: Path) -> None:
    """Answers sent ahead of the handshake (CVE-2011-0411) must not be taken for answers inside it."""
    certificate = issue(tmp_path, starts=moment(-1), ends=moment(1))
    with shown(certificate, b"* OK [ALERT] call 0900-1234\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n") as server:
        own = account(server.port, certificate.authority, Security.STARTTLS)
        with imap.connect(own, SECRET, seconds=3) as mailbox:
            assert mailbox.alerts() == []
        assert b"LOGIN" in server.said
        assert b"AUTHENTICATE" not in server.said
