from dataclasses import replace

import pytest

from notes.between import addressee, last, returned, strangers, wish
from notes.model import Direction, Filed, Kind, Person
from tests.notes.test_timeline import OURS, YAMADA, mail, page_of

CUSTOMER = Person("山田 浩", YAMADA.address, "customer")
SUPPLIER = replace(YAMADA, name="仕入 太郎", address="taro@supplier.example")
PEOPLE = (CUSTOMER, Person(SUPPLIER.name, SUPPLIER.address, "other"), Person(OURS.name, OURS.address, "staff"))


def sent(ref: str, day: int) -> Filed:
    return mail(ref, "お送りします。", day=day, sender=OURS, to=YAMADA, direction=Direction.OUT)


def bounce(ref: str, day: int, *lost: str) -> Filed:
    return replace(mail(ref, "届きません。", day=day, kind=Kind.BOUNCE), bounced=lost)


def test_last_words_are_the_customers_and_not_a_suppliers() -> None:
    mails = (mail("theirs", "どうですか。", day=10), mail("supplier", "出荷しました。", day=12, sender=SUPPLIER))
    found = last(mails, Direction.IN, strangers(PEOPLE))
    assert found
    assert found.ref == "theirs"


def test_what_came_back_is_told_until_something_of_ours_arrives() -> None:
    lost = (sent("answer", 10), bounce("back", 11, "answer"))
    assert [(one.mail.ref, one.bounce.ref) for one in returned(lost)] == [("answer", "back")]
    assert last(lost, Direction.OUT, strangers(PEOPLE)) is None
    assert returned((*lost, sent("again", 12))) == ()
    assert returned((*lost, mail("call", "電話で伝えた。", day=12, kind=Kind.CALL, direction=Direction.INTERNAL))) == ()
    assert page_of(*lost).returned == returned(lost)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("いつもお世話になっております。\n15時までにお電話ください。", "15時までにお電話ください。"),
        (
            "明日は外出しますので、携帯にご連絡いただけますと幸いです。",
            "明日は外出しますので、携帯にご連絡いただけますと幸いです。",
        ),
        ("Hi,\nplease call me at 15:00.\nBest", "please call me at 15:00."),
        ("Best to ring my cell on Monday, or call after 2 pm.", "Best to ring my cell on Monday, or call after 2 pm."),
        ("お電話いただきありがとうございました。", ""),
        ("ご不明な点がございましたらお電話ください。", ""),
        ("If you have any questions, call me.", ""),
        ("I will call my boss.", ""),
    ],
)
def test_how_the_customer_wants_to_be_reached(text: str, wanted: str) -> None:
    found = wish((sent("before", 9), mail("asked", text, day=10)), strangers(PEOPLE))
    assert (found.quote if found else "") == wanted


def test_a_wish_to_be_called_is_over_once_we_wrote() -> None:
    assert wish((mail("asked", "15時までにお電話ください。", day=10), sent("answer", 11)), strangers(PEOPLE)) is None


@pytest.mark.parametrize(
    ("words", "name"),
    [("山田様より電話。明日までに回答と伝えた。", "山田 浩"), ("電話あり。彼に明日までと伝えた。", None)],
)
def test_a_memo_names_whom_it_is_about(words: str, name: str | None) -> None:
    found = addressee(mail("memo", words, kind=Kind.CALL, sender=OURS), PEOPLE)
    assert (found and found.name) == name


def test_two_people_in_a_memo_are_nobody_for_sure() -> None:
    other = Person("鈴木 薫", "suzuki@acme.example", "customer")
    assert addressee(mail("memo", "山田様と鈴木様と打合せ。", kind=Kind.MEETING), (*PEOPLE, other)) is None
    assert (
        addressee(mail("memo", "Told Hiro he'll have it.", kind=Kind.CALL), (replace(CUSTOMER, name="Hiroshi Y"),))
        is None
    )
