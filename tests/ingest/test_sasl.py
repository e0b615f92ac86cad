"""Logging in with an access token: a real Dovecot that asks the provider about it, and a scripted peer for the rest."""

import base64
import logging
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import credentials, imap, tokens
from ingest.grants import SignIn, Tokens
from ingest.mailbox import Account, Security
from ingest.sasl import Bearer, chosen
from notes.errors import MailboxError
from tests import dovecot as real
from tests.ingest.oauth_dovecot import dovecot_with
from tests.ingest.oauth_server import Provider
from tests.ingest.peer import Answer, Peer

MAIL = b"From: kimura@yamabuki.example\r\nSubject: pump\r\n\r\nThe pump leaks again.\r\n"


def signed_in(provider: Provider, folder: Path) -> SignIn:
    sign_in = SignIn(provider.app(), provider.user, folder, folder / "mori.token")
    tokens.keep(sign_in, Tokens(*provider.grant(), time.time() + 3600))
    return sign_in


def account(port: int, sign_in: SignIn, host: str = "127.0.0.1") -> Account:
    return Account("mori", "mori", host, port, Security.NONE, sign_in.user, sign_in)


def log_in(of: Account) -> None:
    with imap.connect(of, credentials.fetch(of.secret), seconds=10):
        pass


def failure(of: Account) -> MailboxError:
    with pytest.raises(MailboxError) as raised:
        log_in(of)
    assert "-secret" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("mechanisms", ["xoauth2", "oauthbearer", "xoauth2 oauthbearer"])
def test_dovecot_lets_a_token_in_and_a_revoked_one_is_renewed(
    dovecot: real.Dovecot, tmp_path: Path, mechanisms: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Provider() as provider, dovecot_with(provider, tmp_path, mechanisms) as server:
        server.deliver("mori", [MAIL])
        box = account(server.port, signed_in(provider, tmp_path))
        with imap.connect(box, credentials.fetch(box.secret)) as mailbox:
            assert mailbox.examine("INBOX").messages == 1
            assert [mail.raw for mail in mailbox.fetch([1])] == [MAIL]
        assert provider.grants("refresh_token") == []
        provider.revoke_access()
        log_in(box)
        assert len(provider.grants("refresh_token")) == 1
        assert provider.introspected[-1] == credentials.fetch(box.secret)
        provider.revoke()
        error = failure(box)
        assert (error.code, error.values["mailbox"]) == ("mailbox-sign-in-ended", "mori")
    assert "-secret" not in caplog.text


def test_dovecot_refuses_the_token_of_somebody_else_with_its_words(dovecot: real.Dovecot, tmp_path: Path) -> None:
    with Provider(user="sato") as provider, dovecot_with(provider, tmp_path, "oauthbearer") as server:
        other = replace(account(server.port, signed_in(provider, tmp_path)), user="mori")
        error = failure(other)
    assert error.code == "mailbox-token-refused"
    assert error.values["user"] == "mori"
    assert "Authentication failed" in str(error.values["said"])
    assert "invalid_token" in str(error.values["said"])


class Gate(Peer):
    """Asks for a token and answers it with `verdicts`, one after the other: words of a NO, or empty for OK."""

    def __init__(self, *verdicts: str, offers: bytes = b"AUTH=XOAUTH2", status: bytes = b'{"status":"400"}') -> None:
        super().__init__(capabilities=b"IMAP4rev1 " + offers)
        self.verdicts, self.status = list(verdicts), status
        self.given: list[bytes] = []
        self._tag = b""
        self._refusing = False

    def _answer(self, tag: bytes, words: list[bytes]) -> Answer:
        if words and words[0].upper() == b"AUTHENTICATE":
            self._tag = tag
            return b"+ \r\n"
        if self._tag and not words:
            return self._judged(tag)
        return super()._answer(tag, words)

    def _judged(self, line: bytes) -> Answer:
        self.given.append(base64.b64decode(line))
        if self.verdicts[0] and not self._refusing:
            self._refusing = True
            return b"+ " + base64.b64encode(self.status) + b"\r\n"
        tag, said = self._tag, self.verdicts.pop(0).encode()
        self._tag, self._refusing = b"", False
        return b"%s NO %s\r\n" % (tag, said) if said else tag + b" OK in\r\n"


def test_the_older_mechanism_says_what_google_and_microsoft_expect(tmp_path: Path) -> None:
    with Provider() as provider, Gate("") as peer:
        sign_in = signed_in(provider, tmp_path)
        log_in(account(peer.port, sign_in))
        assert peer.given == [f"user=mori\x01auth=Bearer {credentials.fetch(sign_in)}\x01\x01".encode()]


def test_the_standard_mechanism_is_taken_first_and_names_the_server(tmp_path: Path) -> None:
    with Provider() as provider, Gate("", offers=b"AUTH=XOAUTH2 AUTH=OAUTHBEARER") as peer:
        sign_in = signed_in(provider, tmp_path)
        log_in(account(peer.port, sign_in))
        where = f"host=127.0.0.1\x01port={peer.port}"
        assert peer.given == [f"n,a=mori,\x01{where}\x01auth=Bearer {credentials.fetch(sign_in)}\x01\x01".encode()]
        assert peer.commands(b"AUTHENTICATE OAUTHBEARER")


def test_a_refusal_is_acknowledged_as_each_mechanism_wants_it() -> None:
    standard, older = (Bearer(name, "a=b,c", "h", 993, "t") for name in ("OAUTHBEARER", "XOAUTH2"))
    assert standard(b"").startswith(b"n,a=a=3Db=2Cc,\x01")
    assert (standard(b'{"status":"invalid_token"}'), standard.refusal) == (b"\x01", "invalid_token")
    assert older(b"") == b"user=a=b,c\x01auth=Bearer t\x01\x01"
    assert (older(b'{"status":"401"}'), older.refusal) == (b"", "401")
    for nonsense in (b"", b"x", b"[]", b"[" * 9_000, b"\xff"):
        assert standard(nonsense) == b"\x01"
        assert standard.refusal == ""


def test_a_token_refused_once_is_renewed_on_the_same_connection(tmp_path: Path) -> None:
    with Provider() as provider, Gate("AUTHENTICATE failed.", "") as peer:
        log_in(account(peer.port, signed_in(provider, tmp_path)))
        first, acknowledged, second = peer.given
        assert acknowledged == b""
        assert first != second
        assert len(provider.grants("refresh_token")) == 1


def test_a_fresh_token_refused_as_well_is_said_in_the_servers_words(tmp_path: Path) -> None:
    with Provider() as provider, Gate("AUTHENTICATE failed.", "[AUTHENTICATIONFAILED] IMAP is disabled") as peer:
        error = failure(account(peer.port, signed_in(provider, tmp_path)))
    assert error.code == "mailbox-token-refused"
    assert error.values["said"] == "[AUTHENTICATIONFAILED] IMAP is disabled (400)"


def test_a_server_too_busy_for_a_login_costs_no_token(tmp_path: Path) -> None:
    with Provider() as provider, Gate("[UNAVAILABLE] try later") as peer:
        error = failure(account(peer.port, signed_in(provider, tmp_path)))
        assert error.code == "mailbox-login-refused"
        assert provider.grants("refresh_token") == []


def test_a_server_that_takes_no_tokens_never_sees_one(tmp_path: Path) -> None:
    with Provider() as provider, Peer(capabilities=b"IMAP4rev1 AUTH=PLAIN") as peer:
        assert failure(account(peer.port, signed_in(provider, tmp_path))).code == "mailbox-no-oauth"
        assert peer.commands(b"AUTHENTICATE") == []


def test_a_connection_cut_during_the_login_is_a_closed_connection(tmp_path: Path) -> None:
    with Provider() as provider, Peer(capabilities=b"IMAP4rev1 AUTH=XOAUTH2", AUTHENTICATE=b"* BYE tired\r\n") as peer:
        assert failure(account(peer.port, signed_in(provider, tmp_path))).code == "mailbox-closed"


def test_what_is_chosen_is_what_is_offered() -> None:
    assert chosen({"AUTH=XOAUTH2", "AUTH=PLAIN"}.__contains__) == "XOAUTH2"
    assert chosen({"AUTH=XOAUTH2", "AUTH=OAUTHBEARER"}.__contains__) == "OAUTHBEARER"
    assert chosen({"AUTH=PLAIN"}.__contains__) is None
