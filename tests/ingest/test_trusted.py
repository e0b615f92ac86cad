"""Whether a mail to the log is believed: what a stranger may write into a mail, and what only the server writes."""

import pytest

from ingest.receive import read
from ingest.trusted import BY_SERVER, STRANGER, UNVERIFIED, Way, doubt, proven, vouched
from notes.model import Directory, Role, Staff

OURS = Directory(
    domains=frozenset({"tsubame.example"}),
    staff=(Staff("mori", "Aya Mori", ("mori@tsubame.example",)),),
    log_addresses=frozenset({"log@tsubame.example"}),
    log_senders=frozenset({"mori@tsubame.example", "branch.example"}),
)
MX = "mx.tsubame.example"
POLLED = (Way(Role.LOG, "INBOX", 7),)
PASSED = f"Authentication-Results: {MX}; dmarc=pass header.from=tsubame.example\r\n"
MAIL = (
    "From: Aya Mori <mori@tsubame.example>\r\nTo: log@tsubame.example\r\nSubject: memo\r\n"
    "Date: Mon, 02 Mar 2026 10:00:00 +0900\r\nMessage-ID: <m1@tsubame.example>\r\n\r\n12/9 x\r\n"
)
FORGED = MAIL.replace("Subject", "X-Mailer: evil\r\nSubject")


def verdict(above: str, mail: str = MAIL, ways: tuple[Way, ...] = POLLED, authserv_id: str = MX) -> str:
    raw = (above + mail).encode("utf-8", "surrogateescape")
    return doubt(read(raw), raw, ways, OURS, authserv_id)


@pytest.mark.parametrize(
    "results",
    [
        "dmarc=pass header.from=tsubame.example",
        "dmarc=pass (p=none dis=none) header.from=tsubame.example",
        "spf=fail smtp.mailfrom=list.example; dkim=pass header.d=tsubame.example",
        "dkim=pass header.i=@mail.tsubame.example header.s=a",
        "spf=pass smtp.mailfrom=mori@tsubame.example",
        "spf=pass smtp.mailfrom=bounces.tsubame.example; dmarc=none header.from=tsubame.example",
        'dkim=pass reason="good; signature" header.d=TSUBAME.example',
        "dkim=fail header.d=tsubame.example; dkim=pass header.d=tsubame.example",
        "dkim=pass\r\n\t(2048-bit; key (nested) \\) ok)\r\n header.d=tsubame.example",
    ],
)
def test_what_the_server_vouches_for_is_believed(results: str) -> None:
    assert verdict(f"Authentication-Results: {MX}; {results}\r\n") == ""
    assert verdict(f"Received: from a by {MX}\r\nAuthentication-Results: {MX.upper()} 1;\r\n {results}\r\n") == ""


@pytest.mark.parametrize(
    "results",
    [
        "none",
        "",
        "dmarc=fail header.from=tsubame.example",
        "dmarc=pass header.from=evil.example",
        "dmarc=pass",
        "dmarc=passed header.from=tsubame.example",
        "dkim=pass header.d=evil.example",
        "dkim=pass header.d=tsubame.example.evil.example",
        "dkim=pass header.d=eviltsubame.example",
        "dkim=pass header.d=example",
        "dkim=pass header.d=evil.example header.i=@tsubame.example",
        "dkim=pass header.d=evil.example header.d=tsubame.example",
        "spf=pass smtp.helo=tsubame.example",
        "spf=pass smtp.mailfrom=mori@tsubame.example@evil.example",
        "spf=pass smtp.mailfrom=evil.example (dmarc=pass header.from=tsubame.example)",
        'spf=fail smtp.mailfrom="x; dmarc=pass header.from=tsubame.example; y"@evil.example',
        'dkim=fail reason="; dkim=pass header.d=tsubame.example" header.d=evil.example',
        "dkim=neutral (bad \\) ; dkim=pass header.d=tsubame.example) header.d=x.example",
        "dmarc=pass header.from=tsubame.example; dmarc=fail header.from=tsubame.example",
        "dkim=pass header.d=tsubame.example; dmarc=fail header.from=tsubame.example",
        "dmarc=pass header.from=tsubame.example (no end",
        'dmarc=pass header.from=tsubame.example "no end',
        "iprev=pass policy.iprev=tsubame.example",
    ],
)
def test_what_the_server_does_not_say_is_not_believed(results: str) -> None:
    assert verdict(f"Authentication-Results: {MX}; {results}\r\n") == UNVERIFIED


@pytest.mark.parametrize(
    "above",
    [
        "",
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=tsubame.example\r\n",
        f"X-Authentication-Results: {MX}; dmarc=pass header.from=tsubame.example\r\n",
        f"ARC-Authentication-Results: i=1; {MX}; dmarc=pass header.from=tsubame.example\r\n",
        f"Authentication-Results: {MX}.evil.example; dmarc=pass header.from=tsubame.example\r\n",
        f"Authentication-Results: evil.example {MX}; dmarc=pass header.from=tsubame.example\r\n",
        f"Authentication-Results: {MX} evil; dmarc=pass header.from=tsubame.example\r\n",
        f"Authentication-Results: ({MX}); dmarc=pass header.from=tsubame.example\r\n",
        f"Authentication-Results: {MX}; none\r\n{PASSED}",
        f"Authentication-Results: {MX}; dmarc=fail header.from=tsubame.example\r\nReceived: from b by a\r\n{PASSED}",
        f'Authentication-Results: {MX}; spf=fail smtp.mailfrom="a\r\n{PASSED}',
        f"Authentication-Results: {MX}; spf=fail smtp.mailfrom={'a' * 30_000}\r\n{PASSED}",
        f"Authentication-Results: other.example; spf=pass ((((\r\n{PASSED}",
    ],
)
def test_what_a_stranger_wrote_under_the_servers_name_is_not_believed(above: str) -> None:
    assert verdict(above, FORGED) == UNVERIFIED


def test_a_header_with_a_blank_before_its_colon_is_nobodys_word() -> None:
    assert verdict(PASSED.replace("Results:", "Results :")) == UNVERIFIED
    assert verdict(PASSED + PASSED.replace("Results:", "Results\t:")) == UNVERIFIED


def test_results_of_another_server_above_do_not_hide_those_of_ours() -> None:
    assert verdict(f"Authentication-Results: inner.example; none\r\n{PASSED}") == ""


@pytest.mark.parametrize(
    "mail",
    [
        MAIL.replace("From:", "From: x@evil.example\r\nFrom:"),
        MAIL.replace("To:", "From: x@evil.example\r\nTo:"),
        MAIL.replace("<mori@tsubame.example>\r\nTo", "<mori@tsubame.example>, x@evil.example\r\nTo"),
        MAIL.replace("From:", "Sender:"),
    ],
)
def test_two_authors_are_no_author(mail: str) -> None:
    assert verdict(PASSED, mail) in {UNVERIFIED, STRANGER}


def test_a_stranger_is_not_believed_however_well_proven() -> None:
    mail = MAIL.replace("mori@tsubame.example>\r\nTo", "x@evil.example>\r\nTo")
    proven = f"Authentication-Results: {MX}; dmarc=pass header.from=evil.example\r\n"
    assert verdict(proven, mail) == STRANGER
    assert verdict("", mail, (Way(Role.LOG, BY_SERVER, 0),), "") == STRANGER
    named = mail.replace("Aya Mori", '"mori@tsubame.example"')
    assert verdict(PASSED, named) == STRANGER


def test_a_forward_inside_a_strangers_mail_speaks_for_nobody() -> None:
    inner = PASSED + MAIL
    outer = (
        "From: x@evil.example\r\nTo: log@tsubame.example\r\nSubject: Fwd: memo\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n'
        f"{inner}\r\n--b--\r\n"
    )
    assert verdict("", outer) == STRANGER
    assert verdict("", outer.replace("x@evil.example", "mori@tsubame.example", 1)) == UNVERIFIED
    assert not vouched(outer.encode(), "mori@tsubame.example", MX)


def test_a_senders_domain_of_the_settings_may_write() -> None:
    mail = MAIL.replace("mori@tsubame.example>\r\nTo", "kimura@branch.example>\r\nTo")
    assert verdict(f"Authentication-Results: {MX}; dmarc=pass header.from=branch.example\r\n", mail) == ""
    assert verdict(PASSED, mail) == UNVERIFIED


@pytest.mark.parametrize(
    ("ways", "authserv_id", "expected"),
    [
        (POLLED, "", ""),
        ((Way(Role.LOG, BY_SERVER, 0),), "", ""),
        ((Way(Role.LOG, BY_SERVER, 0),), MX, ""),
        ((Way(Role.SENT, "Sent", 3), *POLLED), MX, ""),
        ((Way(Role.LOG, "INBOX", 0),), MX, ""),
        ((Way(Role.INBOX, "INBOX", 7),), MX, UNVERIFIED),
        (POLLED, MX, UNVERIFIED),
    ],
)
def test_the_way_by_which_a_mail_came_counts(ways: tuple[Way, ...], authserv_id: str, expected: str) -> None:
    assert verdict("", MAIL, ways, authserv_id) == expected


def test_a_customers_mail_in_a_colleagues_mailbox_is_no_matter_of_the_log() -> None:
    mail = MAIL.replace("mori@tsubame.example>\r\nTo", "ito@asagao.example>\r\nTo")
    assert verdict("", mail, (Way(Role.INBOX, "INBOX", 7), *POLLED)) == ""
    assert verdict("", mail) == STRANGER


def test_a_mail_that_was_not_sent_to_the_log_is_not_judged() -> None:
    assert verdict("", MAIL.replace("To: log@", "To: kudo@"), (Way(Role.INBOX, "INBOX", 7),)) == ""
    tagged = MAIL.replace("To: log@", "To: LOG+acme-3@")
    assert verdict("", tagged, (Way(Role.INBOX, "INBOX", 7),)) == UNVERIFIED


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("", ""),
        ("Authentication-Results: any.example; dmarc=fail header.from=tsubame.example\r\n", UNVERIFIED),
        (  # Microsoft 365 writes no id
            "Authentication-Results: spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=evil.example; dkim=none;\r\n"
            " dmarc=fail action=oreject header.from=tsubame.example;compauth=fail reason=000\r\n",
            UNVERIFIED,
        ),
        ("Authentication-Results: any.example; spf=fail smtp.mailfrom=tsubame.example\r\n", ""),
        (f"{PASSED}Authentication-Results: any.example; dmarc=fail header.from=tsubame.example\r\n", ""),
        ("Authentication-Results: any.example; dmarc=fail (((\r\n", ""),
    ],
)
def test_without_an_id_only_a_denial_on_top_counts(above: str, expected: str) -> None:
    assert verdict(above, MAIL, POLLED, "") == expected


def test_without_an_id_others_than_ours_are_kept_aside_where_only_the_log_has_their_mail() -> None:
    mail = MAIL.replace("mori@tsubame.example>\r\nTo", "ito@asagao.example>\r\nTo")
    assert verdict("", mail, POLLED, "") == STRANGER
    assert verdict("", mail, (Way(Role.INBOX, "INBOX", 7), *POLLED), "") == ""
    colleague = MAIL.replace("mori@tsubame.example>\r\nTo", "unlisted@tsubame.example>\r\nTo")
    assert verdict("", colleague, POLLED, "") == ""


@pytest.mark.parametrize(
    ("above", "ways", "authserv_id", "expected"),
    [
        ("", POLLED, "", False),
        (PASSED, POLLED, "", False),
        (PASSED, POLLED, MX, True),
        ("", POLLED, MX, False),
        ("", (Way(Role.SENT, "Sent", 3), *POLLED), "", True),
        ("", (Way(Role.LOG, BY_SERVER, 0),), "", True),
        ("", (Way(Role.LOG, "INBOX", 0),), "", True),
    ],
)
def test_what_is_proven(above: str, ways: tuple[Way, ...], authserv_id: str, expected: bool) -> None:
    raw = (above + MAIL).encode()
    assert proven(read(raw), raw, ways, OURS, authserv_id) is expected


def test_a_long_header_takes_no_time() -> None:
    hostile = f"Authentication-Results: {'(' * 10_000}{')' * 10_000}\r\n" * 50
    assert verdict(hostile, FORGED) == UNVERIFIED
