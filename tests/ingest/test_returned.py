"""Which of our mails came back, from whom, and for good or not: reports, and letters of mail systems."""

import pytest

from ingest import parse
from notes.model import Bounce, Kind, Message

DAEMON = "MAILER-DAEMON@mx.hokuto.example"


def letter(text: str, subject: str = "Returned mail", sender: str = DAEMON, headers: str = "") -> Message:
    head = f"From: {sender}\nTo: miwa@hokuto.example\nSubject: {subject}\n{headers}"
    head += "Date: Wed, 4 Mar 2026 10:30:00 +0900\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    return parse.parse((head + text).encode())


def report(
    groups: str, text: str = "It did not arrive.", returned: str = "Message-ID: <our.7@hokuto.example>\n"
) -> Message:
    return parse.parse(
        (
            f"From: {DAEMON}\nTo: miwa@hokuto.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"
            "Date: Wed, 4 Mar 2026 10:30:00 +0900\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="z"\n'
            f"\n--z\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--z\nContent-Type: message/delivery-status\n\n"
            f"Reporting-MTA: dns; mx.hokuto.example\n\n{groups}\n--z\nContent-Type: message/rfc822\n\n{returned}"
            "From: miwa@hokuto.example\nTo: orders@kern.example\nSubject: Quote\n\nHello\n--z--\n"
        ).encode()
    )


def test_a_report_names_each_recipient_with_status_and_reason() -> None:
    mail = report(
        "Final-Recipient: rfc822; Orders@kern.example\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <orders@kern.example>:\n Recipient address rejected: User unknown\n\n"
        "Original-Recipient: rfc822;uta+2Bsales@kern.example\nFinal-Recipient: rfc822;box7@kern.example\n"
        "Action: failed\n"
        "Status: 4.4.7\nDiagnostic-Code: smtp; 421 4.4.7 Delivery time expired\n\n"
        "Final-Recipient: rfc822; max@kern.example\nAction: failed\nStatus: 5.2.2\n\n"
        "Final-Recipient: rfc822; ina@kern.example\nAction: delayed\nStatus: 4.2.2\n"
    )
    ref = "our.7@hokuto.example"
    assert mail.bounced == (ref,)
    assert mail.bounces[:2] == (
        Bounce(
            ref,
            "orders@kern.example",
            True,
            "550 5.1.1 <orders@kern.example>: Recipient address rejected: User unknown",
        ),
        Bounce(ref, "uta+sales@kern.example", False, "421 4.4.7 Delivery time expired"),
    )
    assert [(one.recipient, one.permanent) for one in mail.bounces[2:]] == [("max@kern.example", False)]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_delay_or_success_is_no_bounce(action: str) -> None:
    mail = report(f"Final-Recipient: rfc822; a@kern.example\nAction: {action}\nStatus: 4.4.1\n")
    assert (mail.kind, mail.bounces, mail.bounced) == (Kind.AUTO, (), ())


QMAIL = """Hi. This is the qmail-send program at mx.hokuto.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<orders@kern.example>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 no mailbox here by that name
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <miwa@hokuto.example>
Message-ID: <our.7@hokuto.example>
To: orders@kern.example, other@kern.example
"""
POSTFIX = """This is the mail system at host mx.hokuto.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

<orders@kern.example>: host mx.kern.example[192.0.2.7] said: 452 4.2.2 The
    email account is over quota (in reply to RCPT TO command)
"""
SENDMAIL = """The original message was received at Wed, 4 Mar 2026 10:29:58 +0900
from pc7.hokuto.example [192.0.2.9]

   ----- The following addresses had permanent fatal errors -----
<orders@kern.example>
    (reason: 550 Unknown user)

   ----- Transcript of session follows -----
... while talking to mx.kern.example.:
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  orders@kern.example
    SMTP error from remote mail server after RCPT TO:<orders@kern.example>:
    550 no such user
"""
GMAIL_JA = """アドレス不明

メールは orders@kern.example に配信されませんでした。アドレスが見つからないか、受信できません。

リモートサーバーからの応答:
550 5.1.1 The email account that you tried to reach does not exist.
"""
M365 = """Your message to orders@kern.example couldn't be delivered.
orders wasn't found at kern.example.
miwa\tOffice 365\torders
Action Required\t\tRecipient
Unknown To address
"""
EXCHANGE_JA = """次の受信者またはグループへの配信に失敗しました:

orders@kern.example
受信者の電子メール システムでこの電子メール アドレスが見つかりませんでした。
#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##
"""
FULL_JA = """次の宛先へのメールを送信できませんでした。
宛先: orders@kern.example
理由: 受信者のメールボックスの容量がいっぱいです。
"""
AU = """Each of the following recipients was rejected by a remote mail server.
The reasons given by the server are included to help you determine why
each recipient was rejected.

    Recipient: <orders@kern.example>
    Reason:    <orders@kern.example>... User Unknown
"""
DOCOMO = """次のあて先へのメッセージはエラーのため送信できませんでした。
送信先メールアドレスが見つかりません。
 <orders@kern.example>
"""
YAHOO = """Message from mx.hokuto.example.
Unable to deliver message to the following address(es).

<orders@kern.example>:
This user doesn't have an account here (orders@kern.example) [-9]

--- Original message follows.
"""
SOFTBANK = """お客様が送信したメールは下記の理由で相手先に届きませんでした。
【宛先】orders@kern.example
【理由】550 Invalid recipient: orders@kern.example
"""


@pytest.mark.parametrize(
    ("text", "subject", "permanent", "said"),
    [
        pytest.param(QMAIL, "failure notice", True, "550 5.1.1 no mailbox", id="qmail"),
        pytest.param(POSTFIX, "Undelivered Mail Returned to Sender", False, "452 4.2.2", id="postfix"),
        pytest.param(SENDMAIL, "Returned mail: see transcript for details", True, "550 Unknown user", id="sendmail"),
        pytest.param(EXIM, "Mail delivery failed: returning message to sender", True, "550 no such user", id="exim"),
        pytest.param(GMAIL_JA, "Delivery Status Notification (Failure)", True, "550 5.1.1", id="gmail-ja"),
        pytest.param(M365, "Undeliverable: Quote", True, "couldn't be delivered", id="m365"),
        pytest.param(EXCHANGE_JA, "配信不能: 見積の件", True, "見つかりません", id="exchange-ja"),
        pytest.param(FULL_JA, "配信エラーのお知らせ", False, "いっぱい", id="full-ja"),
        pytest.param(AU, "Undeliverable mail", True, "User Unknown", id="au"),
        pytest.param(DOCOMO, "メール送信エラー", True, "見つかりません", id="docomo"),
        pytest.param(YAHOO, "Failure Notice", True, "doesn't have an account", id="yahoo-japan"),
        pytest.param(SOFTBANK, "メールが届きませんでした", True, "550 Invalid recipient", id="softbank"),
    ],
)
def test_a_mail_systems_letter_names_the_recipient_and_the_reason(
    text: str, subject: str, permanent: bool, said: str
) -> None:
    mail = letter(text, subject)
    assert mail.kind is Kind.BOUNCE
    assert [(one.recipient, one.permanent) for one in mail.bounces] == [("orders@kern.example", permanent)]
    assert said in mail.bounces[0].said


def test_a_bounce_is_tied_to_the_mail_that_it_returns() -> None:
    assert [one.ref for one in letter(QMAIL, "failure notice").bounces] == ["our.7@hokuto.example"]


def test_the_header_of_failed_recipients_wins_over_the_letter() -> None:
    mail = letter(
        "Something went wrong. Ask help@mx.example", headers="X-Failed-Recipients: a@kern.example, b@kern.example\n"
    )
    assert [one.recipient for one in mail.bounces] == ["a@kern.example", "b@kern.example"]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "THIS IS A WARNING MESSAGE ONLY.\nYOU DO NOT NEED TO RESEND IT.\nCould not deliver to a@kern.example",
            "x",
        ),
        ("Delivery to a@kern.example was delayed. We will keep trying.", "Warning: could not send message"),
        ("一時的な問題のため a@kern.example への配信が遅れています。引き続き再送を試みます。", "メール配信の状況"),
    ],
)
def test_a_mail_system_that_is_still_trying_returns_nothing(text: str, subject: str) -> None:
    mail = letter(text, subject)
    assert (mail.kind, mail.bounces) == (Kind.AUTO, ())
