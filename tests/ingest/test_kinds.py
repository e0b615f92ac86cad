"""Automatic answers, returned mails and mailing to many are told from people's letters."""

import pytest

from ingest.parse.kinds import Look, bulk, is_auto, is_bounce, is_machine, kind
from notes.model import Kind


def look(
    *,
    sender: str = "mori@kaede-kogyo.example",
    name: str = "",
    subject: str = "Quote",
    text: str = "Hello",
    report: str = "",
    status: str = "",
    calendar: str = "",
    **headers: str,
) -> Look:
    values = {key.replace("_", "-"): value for key, value in headers.items()}
    return Look(values.keys(), lambda key: values.get(key, ""), sender, name, subject, text, report, calendar, status)


@pytest.mark.parametrize(
    "mail",
    [
        look(auto_submitted="auto-replied"),
        look(auto_submitted="auto-generated; x=y"),
        look(x_autoreply="yes"),
        look(precedence="auto_reply"),
        look(subject="自動返信：お問い合わせを承りました"),
        look(subject="Re: 【自動応答】営業時間外です"),
        look(subject="不在通知: お見積りの件"),
        look(subject="夏季休業中の不在のお知らせ"),
        look(subject="Automatic reply: Quote"),
        look(subject="Out of Office: Quote"),
        look(subject="Abwesenheitsnotiz"),
        look(text="このメールは自動で返信しております。担当者より改めてご連絡します。"),
        look(text="This is an automated reply. We received your message."),
        look(sender="no-reply@kaede-kogyo.example", text="本メールはシステムより自動送信されています。"),
        look(report="disposition-notification"),
        look(subject="Read: Quote", text="Your message\n\nTo: Mori\nSubject: Quote\n\nwas read on 3/4/2026 10:30 AM."),
        look(subject="開封済み: 見積", text="お送りいただいたメールは 3月4日 10:30 に開封されました。"),
        look(subject="Re: Quote", text="I am currently out of the office until 8 May. For urgent matters call Aya."),
        look(
            subject="Re: 見積",
            text="ただいま出張のため不在にしております。お急ぎの場合は 052-000-1234 までお願いします。",
        ),
        look(subject="AW: Angebot", text="Ich bin bis zum 8. Mai nicht im Büro. In dringenden Fällen hilft Uta Kern."),
        look(calendar="reply"),
    ],
)
def test_an_automatic_answer_is_known(mail: Look) -> None:
    assert kind(mail) is Kind.AUTO


@pytest.mark.parametrize(
    "mail",
    [
        look(x_auto_response_suppress="All"),
        look(auto_submitted="no"),
        look(subject="不在にしていた件のお詫び"),
        look(subject="自動倉庫の見積りについて"),
        look(subject="Re: Automatic door, reply to your question"),
        look(text="※このメールは添付ファイル暗号化システムより自動送信しています。\nパスワード: x"),
        look(in_reply_to="<a@b>", text="ご返信ありがとうございます。\n> このメールは自動返信です。"),
        look(subject="Re: Quote", text="I am out of office on Friday, could we meet on Monday instead?"),
        look(subject="Re: 納期", text="来週は出張のため不在ですので、水曜日までにご回答いただけますか。"),
        look(subject="Read: the new catalogue", text="We have a new catalogue. Have you seen it?"),
        look(subject="Fwd: 受付", text="これを見てください。\nこのメールは自動返信です。"),
    ],
)
def test_a_persons_letter_is_no_automatic_answer(mail: Look) -> None:
    assert not is_auto(mail)


@pytest.mark.parametrize(
    "mail",
    [
        look(report="delivery-status", status="failed"),
        look(report="delivery-status"),
        look(x_failed_recipients="gone@kaede-kogyo.example"),
        look(sender="mailer-daemon@mx.example", subject="Undelivered Mail Returned to Sender"),
        look(sender="mailer-daemon@googlemail.example", subject="Delivery Status Notification (Failure)"),
        look(sender="postmaster@outlook.example", subject="Undeliverable: Quote"),
        look(sender="postmaster@ezweb.example", subject="Mail System Error - Returned Mail"),
        look(sender="mailer-daemon@yahoo.example", subject="Failure Notice", text="Sorry, we were unable to deliver"),
        look(sender="mailer-daemon@mail.example", subject="通知", text="宛先のメールアドレスが存在しません。"),
        look(sender="mail@isp.example", return_path="<>", subject="送信エラー", text="メールを配信できませんでした。"),
        look(sender="x@isp.example", name="Mail Delivery System", subject="配信不能", text="a"),
    ],
)
def test_a_returned_mail_is_known(mail: Look) -> None:
    assert kind(mail) is Kind.BOUNCE


@pytest.mark.parametrize(
    "mail",
    [
        look(subject="Undeliverable goods", text="The parcel could not be delivered."),
        look(subject="不達の件", text="昨日のメールが配信できませんでしたので再送します。"),
        look(report="delivery-status", status="delayed"),
        look(report="delivery-status", status="relayed delivered"),
        look(sender="postmaster@kaede-kogyo.example", subject="DNS の変更について", text="お知らせします。"),
    ],
)
def test_a_letter_about_delivery_is_no_returned_mail(mail: Look) -> None:
    assert not is_bounce(mail)


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        (look(list_unsubscribe="<mailto:x@y.example>", list_id="<a.b>"), "list-unsubscribe"),
        (look(list_id="<team.kaede.example>"), "list-id"),
        (look(precedence="bulk"), "precedence"),
        (look(feedback_id="1:2:3"), "campaign"),
        (look(sender="news@shop.example", text="セール中\n配信停止はこちら"), "marketing"),
        (look(sender="info@shop.example", text="新製品\n配信停止はこちら https://shop.example/u"), "marketing"),
        (look(sender="no-reply@bank.example"), "notification"),
        (
            look(sender="info@bank.example", text="※本メールは送信専用のため、ご返信いただいてもお答えできません。"),
            "notification",
        ),
        (look(), ""),
        (look(in_reply_to="<a@b>", text="了解です。\n> 配信停止はこちら https://shop.example/u"), ""),
        (look(text="メルマガの配信停止をお願いできますか。"), ""),
    ],
)
def test_mailing_to_many_is_known_by_its_code(mail: Look, code: str) -> None:
    assert bulk(mail, Kind.MAIL) == code


def test_precedence_of_an_absence_notice_does_not_make_it_mailing_to_many() -> None:
    assert bulk(look(precedence="bulk"), Kind.AUTO) == ""


@pytest.mark.parametrize(
    "address", ["no-reply@a.example", "noreply-abc@a.example", "shop.noreply@a.example", "scanner@a.example"]
)
def test_an_address_that_nobody_writes_from_is_known(address: str) -> None:
    assert is_machine(address)


@pytest.mark.parametrize(
    "address",
    [
        "noriko@a.example",
        "info@a.example",
        "system@a.example",
        "notomi@a.example",
        "newman@a.example",
        "rootes@a.example",
    ],
)
def test_a_person_or_department_is_no_machine(address: str) -> None:
    assert not is_machine(address)
