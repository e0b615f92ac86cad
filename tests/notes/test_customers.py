"""Who a mail is with."""

from dataclasses import replace

import pytest

from notes.customers import CustomerDecision, Keys, Known, better_name, decide, direction, guest, keys, lessons
from notes.known import dialled
from notes.model import Address, Customer, Direction, Directory, Forwarded, Kind, Message
from tests.notes.letters import ABE, LOG, MORI, OURS, START, letter

ONO = Address("小野 圭", "ono@kaede.example")
KAEDE = Customer("kaede", "かえで精工株式会社", ("kaede.example",), ("ono@kaede.example",))
HERON = Customer("heron", "Blue Heron Tools Ltd", ("blue-heron.example",), ("ada@blue-heron.example",))
DAI = Customer("dai", "大和印刷株式会社", ("daiwa-print.example",), ("sato@daiwa-print.example",))


def world(*customers: Customer, mail: Message, directory: Directory = OURS) -> Known:
    """What a store would answer that has met these customers by their own mail."""
    learnt: dict[tuple[str, str], tuple[Customer, ...]] = {}
    for customer in customers:
        own = letter("first", Address("", customer.addresses[0]), MORI, company=customer.name)
        for name in lessons(own, CustomerDecision(customer, rule="address", score=1.0), directory).names:
            learnt[name] = (*learnt.get(name, ()), customer)
    asked = keys(mail, directory)
    return Known(
        {address: each for each in customers for address in each.addresses if address in asked.addresses},
        {domain: each for each in customers for domain in each.domains if domain in asked.domains},
        {name: bearers for name, bearers in learnt.items() if name in asked.names},
    )


def who(
    mail: Message, *customers: Customer, thread: Customer | None = None, directory: Directory = OURS
) -> CustomerDecision:
    return decide(mail, directory, world(*customers, mail=mail, directory=directory), thread=thread)


def test_a_writer_is_known_by_address_then_by_domain() -> None:
    assert who(letter("1", ONO, MORI), KAEDE).customer == KAEDE
    other = who(letter("1", Address("", "new@mail.kaede.example"), MORI), KAEDE)
    assert (other.customer, other.rule) == (KAEDE, "domain")


def test_customers_of_the_settings_come_first() -> None:
    configured = replace(OURS, customers=(Customer("k", "かえで", ("kaede.example",)),))
    assert (
        who(letter("1", ONO, MORI), replace(KAEDE, id="old"), directory=configured).customer == configured.customers[0]
    )


def test_somebody_new_is_a_customer_by_domain_and_at_free_mail_by_address() -> None:
    new = who(letter("1", ONO, MORI, subject="配管の件", text="見積をお願いします。"))
    assert new.new
    assert new.customer
    assert new.customer.domains == ("kaede.example",)
    private = who(letter("1", Address("", "ono.k@gmail.com"), MORI, subject="配管の件"))
    assert private.customer
    assert private.customer.domains == ()
    assert private.customer.addresses == ("ono.k@gmail.com",)


def test_a_new_customers_name_is_that_of_the_signature() -> None:
    new = who(letter("1", ONO, MORI, company="かえで精工株式会社"))
    assert new.customer
    assert new.customer.name == "かえで精工株式会社"


def test_our_own_people_and_the_log_are_no_customers() -> None:
    for to in (ABE, LOG, Address("", "log+kaede-3@hokuto.example"), Address("", "info@sub.hokuto.example")):
        mail = letter("1", MORI, to, subject="棚卸", text="月末です。")
        assert direction(mail, OURS) is Direction.INTERNAL
        assert who(mail, KAEDE).customer is None


def test_ignore_wins_over_the_thread_and_the_settings() -> None:
    ignoring = replace(OURS, ignored_domains=frozenset({"kaede.example"}), customers=(KAEDE,))
    found = who(letter("1", ONO, MORI), KAEDE, thread=KAEDE, directory=ignoring)
    assert (found.customer, found.reason, found.asks) == (None, "ignored", ())


def test_an_answer_is_with_the_customer_of_its_thread_whoever_writes() -> None:
    partner = letter("1", Address("", "x@partner.example"), MORI, subject="Re: 配管")
    assert who(partner, KAEDE, thread=KAEDE).customer == KAEDE


def test_an_old_mail_used_as_an_envelope_for_another_customer_is_with_that_customer() -> None:
    mail = letter("1", Address("", "ada@blue-heron.example"), MORI, subject="New pumps")
    assert who(mail, KAEDE, HERON, thread=KAEDE).customer == HERON


def test_we_write_to_the_customer_in_to_before_the_one_in_cc() -> None:
    mail = letter("1", MORI, Address("", "ada@blue-heron.example"), cc=(ONO,))
    assert who(mail, KAEDE, HERON).customer == HERON


def test_an_unknown_partner_with_the_customer_in_cc_writes_about_the_customers_matter() -> None:
    mail = letter("1", Address("", "x@partner.example"), MORI, cc=(ONO,))
    found = who(mail, KAEDE)
    assert (found.customer, found.rule) == (KAEDE, "recipient")
    assert "x@partner.example" not in lessons(mail, found, OURS).addresses


@pytest.mark.parametrize("bulk", ["list-id", "list-unsubscribe", "precedence"])
def test_mail_to_many_is_unfiled_unless_a_known_person_sends_it(bulk: str) -> None:
    assert who(letter("1", Address("", "news@trade.example"), MORI, bulk=bulk)).reason == "bulk"
    assert who(letter("1", Address("", "news@kaede.example"), MORI, bulk=bulk), KAEDE).reason == "bulk"
    assert who(letter("1", ONO, MORI, bulk=bulk), KAEDE).customer == KAEDE
    assert who(letter("1", Address("", "x@lists.example"), MORI, bulk=bulk), KAEDE, thread=KAEDE).customer == KAEDE


def test_automatic_mail_of_strangers_is_unfiled() -> None:
    assert who(letter("1", Address("", "status@cloud.example"), MORI, kind=Kind.AUTO)).reason == "automatic"
    assert who(letter("1", Address("", "noreply@cloud.example"), MORI)).reason == "automatic"
    assert who(letter("1", Address("", "scanner@hokuto.example"), MORI, kind=Kind.AUTO)).reason == "automatic"


def test_an_automatic_answer_waits_for_the_mail_it_answers() -> None:
    answer = letter("1", ONO, MORI, kind=Kind.AUTO, in_reply_to=("ours",), subject="自動応答: 配管")
    found = who(answer, KAEDE)
    assert (found.customer, found.reason, found.asks) == (None, "automatic", ("kaede",))
    assert who(answer, KAEDE, thread=KAEDE).customer == KAEDE


def test_a_bounce_asks_for_cases_of_whom_it_did_not_reach() -> None:
    bounce = letter(
        "1", Address("", "mailer-daemon@hokuto.example"), MORI, kind=Kind.BOUNCE, text="<ono@kaede.example>: full"
    )
    assert who(bounce, KAEDE).asks == ("kaede",)


def test_a_cold_letter_is_unfiled_and_a_first_enquiry_is_not() -> None:
    seller = Address("", "kim@grow-leads.example")
    cold = letter(
        "1", seller, MORI, subject="Quick question", text="I help companies like yours. Worth a chat this week?"
    )
    assert who(cold).reason == "unsolicited"
    offer = letter(
        "1", seller, MORI, subject="集客に関するご提案", text="突然のご連絡失礼いたします。無料で診断いたします。"
    )
    assert who(offer).reason == "unsolicited"
    for pitch in (
        "We help firms like yours get more qualified leads. Does Thursday suit for a demo?",
        "Agencies like yours lose half their prospects. We fill your pipeline, no fee upfront.",
    ):
        assert who(letter("1", seller, MORI, subject="for Mori", text=pitch)).reason == "unsolicited"
    asking = "We are one of those small firms like yours. Could we see a quick demo of your pumps on Thursday?"
    assert who(letter("1", seller, MORI, subject="Demo", text=asking)).new
    enquiry = letter(
        "1", seller, MORI, subject="Pump for our plant", text="Could you quote two pumps? We need them in May."
    )
    assert who(enquiry).new


def test_a_private_address_is_a_known_customers_when_its_writer_says_so() -> None:
    mail = letter(
        "1", Address("", "k.ono.private@gmail.com"), MORI, text="かえで精工の小野です。\n出先から失礼します。"
    )
    found = who(mail, KAEDE, DAI)
    assert (found.customer, found.rule) == (KAEDE, "names")
    learnt = lessons(mail, found, OURS)
    assert learnt.suggested == {"k.ono.private@gmail.com"}
    assert not learnt.addresses
    assert found.doubtful


def test_a_private_address_that_borrows_the_companys_domain_and_a_name_is_the_customers() -> None:
    mail = letter(
        "1", Address("Ada Brook", "ada.blueheron@gmail.com"), MORI, text="Ada from Blue Heron here, on my phone."
    )
    assert who(mail, HERON).customer == HERON


def test_a_name_alone_never_joins_two_companies() -> None:
    first = replace(KAEDE, addresses=("sato@kaede.example",))
    mail = letter("1", Address("佐藤 浩", "sato.hiroshi@gmail.com"), MORI, text="佐藤です。")
    assert who(mail, first, DAI).new


def test_a_misspelt_domain_is_the_customers() -> None:
    mail = letter(
        "1",
        MORI,
        Address("大和印刷 佐藤様", "sato@daiwa-prnt.example"),
        text="大和印刷株式会社\n佐藤様\n\nお世話になります。",
    )
    found = who(mail, DAI)
    assert (found.customer, found.rule) == (DAI, "names")


def test_a_memo_to_the_log_is_with_the_customer_it_names() -> None:
    memo = letter("1", MORI, LOG, subject="電話メモ", text="かえで精工の小野様より電話。明日折り返し。")
    assert who(memo, KAEDE, DAI).customer == KAEDE
    english = letter("1", MORI, LOG, subject="Phone", text="Ada from Blue Heron called about the pumps.")
    assert who(english, HERON, KAEDE).customer == HERON


@pytest.mark.parametrize(
    "written", ["06-1234-5678", "06(1234)5678", "０６－１２３４－５６７８", "+81 6 1234 5678", "0612345678"]
)
def test_a_telephone_number_is_the_same_however_it_is_written(written: str) -> None:
    assert dialled(f"TEL {written} 至急") == {("phone", "612345678")}


@pytest.mark.parametrize("written", ["12/9 17:00", "2026-03-02", "ORD-326595", "1234-5678", "1234567890123456"])
def test_dates_and_short_or_endless_numbers_are_no_telephones(written: str) -> None:
    assert dialled(written) == set()


def test_a_customer_that_a_memo_only_denies_is_not_named() -> None:
    memo = letter("1", MORI, LOG, subject="Phone", text="James (Carter Outdoor, not Blue Heron Tools) called.")
    assert HERON not in who(memo, HERON).named


def test_a_forward_into_the_log_is_with_the_writer_of_the_mail_inside() -> None:
    inside = Forwarded(ONO, (MORI,), (), START, "配管", "見積はまだですか。", "")
    assert who(letter("1", ABE, LOG, subject="Fwd: 配管", forwarded=(inside,)), KAEDE).customer == KAEDE


def test_internal_mail_asks_for_cases_of_the_customers_it_names_and_of_anybody() -> None:
    found = who(letter("1", ABE, MORI, subject="大和印刷さんの刷版", text="刷版が届きました。"), DAI, KAEDE)
    assert (found.customer, found.reason, found.asks) == (None, "internal", ("dai", None))


def test_a_suppliers_mail_asks_for_cases_of_the_customer_it_names() -> None:
    found = who(letter("1", Address("", "biz@line.example"), MORI, text="大和印刷様の回線は3,300円です。"), DAI)
    assert found.new
    assert found.asks == ("dai", None)


def test_a_company_name_takes_the_place_of_a_makeshift_one() -> None:
    makeshift = replace(KAEDE, name="小野 圭")
    mail = letter("1", ONO, MORI, company="かえで精工株式会社")
    assert better_name(makeshift, mail, OURS) == "かえで精工株式会社"
    assert better_name(KAEDE, mail, OURS) is None
    assert (
        better_name(makeshift, letter("2", Address("", "x@line.example"), MORI, company="回線株式会社"), OURS) is None
    )


def test_only_what_is_the_customers_own_is_learnt() -> None:
    supplier = letter("1", Address("", "x@partner.example"), MORI, cc=(ONO,), company="部品商事株式会社")
    learnt = lessons(supplier, CustomerDecision(KAEDE, rule="thread", score=1.0), OURS)
    assert ("company", "部品商事") not in learnt.names
    assert lessons(supplier, CustomerDecision(None), OURS) == Keys()


def test_looking_up_is_bounded_however_long_the_mail() -> None:
    crowd = tuple(Address(f"{n} 様", f"u{n}@c{n}.example") for n in range(2000))
    mail = letter("1", ONO, *crowd, text="星野様、" * 50_000)
    found = keys(mail, OURS)
    assert len(found.addresses) + len(found.domains) + len(found.names) < 400


def test_a_namesake_of_a_customers_person_is_somebody_new_whose_matter_is_looked_for_there() -> None:
    mail = letter(
        "1", Address("佐藤 浩", "sato.h@gmail.com"), MORI, subject="刷版", text="佐藤です。刷版はまだですか。"
    )
    known = Known(names={("person", "佐藤浩"): (DAI,)})
    found = decide(mail, OURS, known)
    assert found.new
    assert found.asks == ("dai", None)


SWALLOW = Customer("tsubame", "Nonaka", (), ("tsubame.honey.nonaka@gmail.com",))
LANE = Customer("lane", "Harriet Lane", (), ("lanecottage@outlook.com",))
RIVER = Customer("river", "川沿い", ("kawazoi-shika.example",), ("uketsuke@kawazoi-shika.example",))


def met(*first: tuple[Customer, Message], mail: Message) -> Known:
    """What a store would answer that has filed these mails."""
    learnt: dict[tuple[str, str], tuple[Customer, ...]] = {}
    for customer, own in first:
        for name in lessons(own, CustomerDecision(customer, rule="address", score=1.0), OURS).names:
            learnt[name] = (*learnt.get(name, ()), customer)
    return Known(names={name: learnt[name] for name in keys(mail, OURS).names if name in learnt})


@pytest.mark.parametrize(
    ("customer", "sender", "subject", "text"),
    [
        (SWALLOW, "Nonaka", "電話メモ つばめ養蜂 野中様", "10時、つばめ養蜂さんから。瓶が届かないそうです。"),
        (SWALLOW, "Nonaka", "ツバメはちみつさん来店", "瓶の色を変えたいとのこと。"),
        (LANE, "Harriet Lane", "Harriet Lane phoned", "wants the roof looked at before the rain"),
        (LANE, "Harriet Lane", "Site visit", "Met Harriet at Lane Cottage, two slates are gone."),
        (LANE, "Harriet Lane", "Lane Cottage", "went round at noon, all dry now"),
        (RIVER, "野村 美里", "川沿いDC コントラ", "川沿いデンタルさんで預かりました。受付の野村さんに説明済みです。"),
        (RIVER, "野村 美里", "訪問", "川沿いデンタルクリニック様を訪問。ほぼ決まりです。"),
    ],
)
def test_a_memo_may_name_a_customer_by_person_shop_or_the_sound_of_its_address(
    customer: Customer, sender: str, subject: str, text: str
) -> None:
    own = letter("first", Address(sender, customer.addresses[0]), MORI, text="よろしく。")
    memo = letter("1", ABE, LOG, subject=subject, text=text)
    known = met((customer, own), (DAI, letter("f", Address("佐藤 浩", DAI.addresses[0]), MORI)), mail=memo)
    assert decide(memo, OURS, known).customer == customer


def test_a_family_name_of_two_customers_is_neithers() -> None:
    memo = letter("1", ABE, LOG, subject="電話", text="佐藤様から電話。折り返しを希望。")
    first = letter("f", Address("佐藤 浩", DAI.addresses[0]), MORI)
    second = letter("g", Address("佐藤 恵", KAEDE.addresses[0]), MORI)
    found = decide(memo, OURS, met((DAI, first), (KAEDE, second), mail=memo))
    assert found.customer is None
    assert set(found.named) == {DAI, KAEDE}


def test_a_colleagues_name_names_no_customer() -> None:
    own = letter("f", Address("森 二郎", DAI.addresses[0]), MORI)
    memo = letter("1", ABE, LOG, subject="連絡", text="森さんが明日休みです。")
    assert decide(memo, OURS, met((DAI, own), mail=memo)).named == ()


def test_a_slip_in_a_free_mail_address_is_its_owners_and_a_number_is_no_slip() -> None:
    slip = letter("1", MORI, Address("", "tsubame.honey.nonaka@gmai1.example"), text="野中様")
    known = Known(names={("local", "tsubame.honey.nonaka"): (SWALLOW,)})
    assert decide(slip, OURS, known).customer == SWALLOW
    shop = Customer("shop12", "Shop 12", ("shop12.example",), ("kim@shop12.example",))
    other = letter("2", Address("", "kim@shop13.example"), MORI)
    assert decide(other, OURS, Known(names={("local", "kim"): (shop,)})).new


def test_an_offices_address_tells_nothing_about_its_people() -> None:
    office = letter("1", Address("", "info@heron.example"), MORI)
    assert not [name for name in keys(office, OURS).names if name[0] == "local"]


def test_what_only_names_tie_to_a_customer_teaches_nothing() -> None:
    mail = letter("1", Address("佐藤 大", "dai.home@gmail.com"), MORI, company="かえで精工株式会社")
    found = who(mail, KAEDE)
    assert found.rule == "names"
    learnt = lessons(mail, found, OURS)
    assert learnt.suggested == {"dai.home@gmail.com"}
    assert not any(word in ("佐藤大", "dai.home", "佐藤") for _, word in learnt.names)
    assert better_name(KAEDE, mail, OURS) is None


def test_a_suggestion_files_later_mail_but_gives_way_to_what_the_mail_says() -> None:
    home = Address("", "dai.home@gmail.com")
    plain = letter("1", home, MORI, text="写真です。")
    suggested = Known(suggested={home.address: KAEDE})
    found = decide(plain, OURS, suggested)
    assert (found.customer, found.rule, found.doubtful) == (KAEDE, "suggested", True)
    copied = letter("1", home, MORI, cc=(Address("", "ada@blue-heron.example"),))
    known = replace(suggested, domains={"blue-heron.example": HERON})
    assert (decide(copied, OURS, known).customer, decide(copied, OURS, known).rule) == (HERON, "recipient")
    said = letter("1", home, MORI, company=HERON.name)
    named = replace(world(HERON, mail=said), suggested={home.address: KAEDE})
    assert decide(said, OURS, named).customer == HERON


def test_what_people_refused_is_no_customers_by_address_domain_names_or_suggestion() -> None:
    mail = letter("1", ONO, MORI, company=KAEDE.name, subject="配管", text="かえで精工の小野です。")
    known = replace(world(KAEDE, mail=mail), refused={ONO.address: frozenset({"kaede"})})
    found = decide(mail, OURS, known)
    assert found.new
    assert found.named == ()
    assert decide(mail, OURS, replace(known, suggested={ONO.address: KAEDE})).new
    configured = replace(OURS, customers=(KAEDE,))
    assert decide(mail, configured, known).customer == KAEDE


def test_a_writer_at_free_mail_in_a_customers_case_may_be_its_own_person_and_a_company_speaks_for_itself() -> None:
    assert guest(letter("1", Address("", "x@gmail.com"), MORI), KAEDE, OURS) == "x@gmail.com"
    assert guest(letter("1", Address("", "x@parts.example"), MORI), KAEDE, OURS) is None
    assert guest(letter("1", ONO, MORI), KAEDE, OURS) is None
    assert guest(letter("1", MORI, Address("", "x@gmail.com")), KAEDE, OURS) is None
    assert guest(letter("1", Address("", "x@gmail.com"), MORI, kind=Kind.AUTO), KAEDE, OURS) is None
