"""Which matter a mail is about."""

from collections.abc import Sequence

import pytest

from notes.cases import Candidate, CaseDecision, choose, is_open, lookups, slug, stem, traits
from notes.customers import CustomerDecision
from notes.model import (
    Address,
    Attachment,
    Customer,
    Forwarded,
    Message,
    Zone,
    ZoneKind,
)
from notes.profiles import COMMON, Profile
from notes.traits import MOST_OF_A_CASE
from tests.bounded import bounded
from tests.notes.letters import ABE, LOG, MORI, OURS, START, letter

ONO = Address("小野 圭", "ono@kaede.example")
KAEDE = Customer("kaede", "かえで精工株式会社", ("kaede.example",), ("ono@kaede.example",))
KNOWN = CustomerDecision(KAEDE, rule="address", score=1.0, asks=("kaede",))


def case(key: str, *mails: Message, customer: str = "kaede") -> Candidate:
    found = frozenset(trait for mail in mails for trait in traits(mail, OURS)) | {("key", key)}
    return Candidate(key, mails[0].subject, customer, max(mail.date for mail in mails), Profile.of(found))


def put(
    mail: Message, *cases: Candidate, decision: CustomerDecision = KNOWN, thread: str | None = None
) -> CaseDecision:
    return choose(mail, decision, cases, directory=OURS, thread=thread)


PUMP = letter(
    "1",
    ONO,
    MORI,
    subject="循環ポンプの見積依頼",
    text="循環ポンプ2台の見積をお願いします。図番は KD-4410 です。4/22に立会検査があります。",
)
VALVE = letter(
    "2", ONO, MORI, subject="安全弁の交換時期について", text="ボイラー室の安全弁の交換時期を教えてください。", hours=20
)
QUOTED_PUMP = letter("3", ONO, MORI, subject="循環ポンプの見積", text="循環ポンプ2台の見積です。", hours=50)
FOLLOW_UP = letter(
    "3", ONO, MORI, subject="ポンプの件、その後いかがでしょうか", text="循環ポンプの見積はまだでしょうか。", hours=50
)


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: RE: Fwd: 返信: 転送: ポンプ", "ポンプ"),
        ("RE2: Re[3]: AW: SV: pump", "pump"),
        ("【至急】【要返信】ポンプの件", "ポンプの件"),
        ("Re: [pumps:0123] [Ticket#4711] Leak", "leak"),
        ("自動返信: ポンプ", "ポンプ"),
        ("【ポンプ】漏れ", "【ポンプ】漏れ"),
        ("急ぎのお願い RE: ポンプの見積", "ポンプの見積"),
        ("Invoice (was: Pump)", "invoice"),
        ("ＰＵＭＰ　漏れ", "pump 漏れ"),
        ("Re:", ""),
        ("", ""),
    ],
)
def test_a_stem_is_the_subject_without_marks_and_tags(subject: str, bare: str) -> None:
    assert stem(subject) == bare


def test_a_reply_with_a_changed_subject_stays_in_its_case() -> None:
    mail = letter("3", ONO, MORI, subject="Re: 日程の変更", text="変更をお願いします。", in_reply_to=("1",))
    assert put(mail, thread="kaede-1") == CaseDecision("kaede-1", "thread", 1.0)


def test_a_reply_whose_writer_renames_it_is_another_matter() -> None:
    mail = letter(
        "3",
        ONO,
        MORI,
        subject="請求書の住所 (was: 循環ポンプ)",
        text="請求書の住所を直してください。",
        in_reply_to=("1",),
    )
    assert is_open(mail, "kaede-1")
    assert put(mail, case("kaede-1", PUMP), thread="kaede-1").key is None
    answer = letter("4", MORI, ONO, subject="Re: 請求書の住所 (was: 循環ポンプ)", in_reply_to=("3",))
    assert not is_open(answer, "kaede-2")


def test_the_first_mail_of_a_customer_opens_a_case() -> None:
    assert put(PUMP).key is None


def test_another_matter_of_the_same_person_opens_a_case() -> None:
    assert put(VALVE, case("kaede-1", PUMP)).key is None


def test_a_new_thread_about_the_same_thing_joins() -> None:
    found = put(FOLLOW_UP, case("kaede-1", PUMP), case("kaede-2", VALVE))
    assert (found.key, found.runner_up) == ("kaede-1", "kaede-2")


def test_a_case_in_which_all_was_spoken_of_does_not_draw_every_mail_in() -> None:
    about_all = case("kaede-1", PUMP)
    for number in range(40):
        about_all = about_all.joined(Profile.of([("stem", f"件 {number}")]), PUMP.date)
    assert put(QUOTED_PUMP, about_all).key is None
    assert put(QUOTED_PUMP, about_all, case("kaede-2", PUMP)).key == "kaede-2"


def test_what_very_many_cases_bear_tells_nothing() -> None:
    usual = [trait for trait in traits(QUOTED_PUMP, OURS) if trait[0] in ("word", "topic", "amount")]
    rare, few, many = (
        choose(QUOTED_PUMP, KNOWN, [case("kaede-1", PUMP)], directory=OURS, borne=dict.fromkeys(usual, number))
        for number in (1, 4, COMMON + 1)
    )
    assert (rare.key, many.key, many.runner_up) == ("kaede-1", None, "kaede-1")
    assert (few.key, rare.score > few.score) == ("kaede-1", True)


def test_a_document_number_joins() -> None:
    mail = letter("3", ONO, MORI, subject="検査の日程", text="図番KD-4410の検査は4/22でお願いします。", hours=100)
    assert put(mail, case("kaede-1", PUMP), case("kaede-2", VALVE)).key == "kaede-1"


def test_the_same_subject_with_another_number_stays_apart() -> None:
    mail = letter(
        "3",
        ONO,
        MORI,
        subject="循環ポンプ見積依頼の件",
        text="先日のKD-4410とは別件です。図番は KD-4452 です。",
        hours=40,
    )
    assert put(mail, case("kaede-1", PUMP)).key is None


def test_subjects_alike_but_for_a_word_stay_apart() -> None:
    first = letter(
        "1", ONO, MORI, subject="Quote: 3 pumps for Leeds", text="Can you quote three pumps, delivered to Leeds?"
    )
    other = letter(
        "2", ONO, MORI, subject="Quote: 3 pumps for Hull", text="The same again, but to Hull please.", hours=30
    )
    assert put(other, case("kaede-1", first)).key is None


def test_a_subject_that_comes_round_every_month_is_a_new_matter() -> None:
    first = letter("1", ONO, MORI, subject="定期点検の日程", text="今月の点検の日程をお知らせください。")
    again = letter("2", ONO, MORI, subject="定期点検の日程", text="点検の日程をお知らせください。", hours=24 * 60)
    assert put(again, case("kaede-1", first)).key is None


def test_quoted_lines_that_we_hold_join_a_mail_that_lost_its_references() -> None:
    quote = Zone(
        ZoneKind.QUOTE, "> 循環ポンプ2台の見積をお願いします。図番は KD-4410 です。4/22に立会検査があります。", "test"
    )
    mail = letter(
        "3", ONO, MORI, subject="承知しました", zones=(Zone(ZoneKind.NEW, "承知しました。", "test"), quote), hours=9
    )
    found = put(mail, case("kaede-1", PUMP), case("kaede-2", VALVE))
    assert (found.key, found.rule) == ("kaede-1", "quote")


def test_the_same_attachment_joins() -> None:
    drawing = Attachment("drawing.pdf", "application/pdf", 40_000, "ab" * 32)
    first = letter("1", ONO, MORI, subject="図面をお送りします", text="図面です。", attachments=(drawing,))
    mail = letter("2", ONO, MORI, subject="送付", text="先日の図面を再送します。", attachments=(drawing,), hours=30)
    assert put(mail, case("kaede-1", first), case("kaede-2", VALVE)).key == "kaede-1"


def test_a_file_is_known_by_its_name_without_version_and_only_if_it_says_something() -> None:
    def named(*names: str) -> set[str]:
        files = tuple(Attachment(name, "application/pdf", 100, "") for name in names)
        return {value for kind, value in traits(letter("1", ONO, MORI, attachments=files), OURS) if kind == "file"}

    assert named("Layout plan v2.pdf", "Layout plan_3.pdf", "設備配置図面案.pdf") == {"layout plan", "設備配置図面案"}
    assert named("invoice_1593.pdf") == {"invoice_1593"}
    assert (
        named("Invoice 17.pdf", "Purchase Order.pdf", "screenshot.png", "IMG_20240312.jpg", "2024-03-12.pdf") == set()
    )


def test_a_password_mail_joins_the_mail_it_opens() -> None:
    mail = letter(
        "3", ONO, MORI, subject="【パスワードのお知らせ】循環ポンプの見積依頼", text="パスワード: x7", hours=0.1
    )
    assert put(mail, case("kaede-1", PUMP)).key == "kaede-1"


def test_a_case_key_written_by_a_person_beats_everything() -> None:
    mail = letter("3", MORI, Address("", "log+kaede-2@hokuto.example"), subject="循環ポンプの見積依頼")
    assert put(mail, case("kaede-1", PUMP), case("kaede-2", VALVE), thread="kaede-1").key == "kaede-2"
    tagged = letter("4", MORI, LOG, subject="[kaede-2] 循環ポンプの見積依頼")
    assert put(tagged, case("kaede-1", PUMP), case("kaede-2", VALVE)).rule == "addressed"


@pytest.mark.parametrize(
    ("subject", "text"),
    [("TEL", "#kaede-2 の件で入電。"), ("電話 ＃kaede-2", "折り返し希望。"), ("Call", "They rang (#KAEDE-2).")],
)
def test_a_key_in_a_memos_words_beats_everything_too(subject: str, text: str) -> None:
    memo = letter("9", MORI, LOG, subject=subject, text=text, hours=30)
    assert put(memo, case("kaede-1", PUMP), case("kaede-2", VALVE)) == CaseDecision("kaede-2", "addressed", 1.0)


def test_a_key_in_a_strangers_words_is_none() -> None:
    mail = letter("9", ONO, MORI, subject="#kaede-2", text="#kaede-2", hours=30)
    assert ("key", "kaede-2") not in traits(mail, OURS)


def test_memos_that_only_say_how_somebody_was_met_are_not_one_matter() -> None:
    memo = letter("8", MORI, LOG, subject="TEL", text="循環ポンプの件。", hours=30)
    assert not [kind for kind, _ in traits(memo, OURS) if kind == "stem"]


def test_a_memo_that_names_its_customer_finds_the_matter_it_speaks_of() -> None:
    memo = letter(
        "3", MORI, LOG, subject="電話メモ", text="かえで精工の小野様。安全弁は来月交換で了解とのこと。", hours=60
    )
    named = CustomerDecision(KAEDE, rule="named", score=0.8, asks=("kaede",), named=(KAEDE,))
    assert put(memo, case("kaede-1", PUMP), case("kaede-2", VALVE), decision=named).key == "kaede-2"


def test_a_suppliers_mail_finds_the_matter_and_a_strangers_does_not() -> None:
    outsider = Address("", "sales@parts.example")
    stranger = CustomerDecision(Customer("parts", "部品"), new=True, rule="new", score=0.5, asks=(None,))
    supply = letter(
        "3", outsider, MORI, subject="循環ポンプ KD-4410 の納期", text="循環ポンプ2台は在庫から出荷できます。", hours=30
    )
    assert put(supply, case("kaede-1", PUMP), case("kaede-2", VALVE), decision=stranger).key == "kaede-1"
    other = letter("4", outsider, MORI, subject="工場見学のお願い", text="工場を見学できますか。", hours=30)
    assert put(other, case("kaede-1", PUMP), case("kaede-2", VALVE), decision=stranger).key is None


def test_a_stranger_who_inquires_is_no_supplier_though_he_speaks_as_one_in_the_trade() -> None:
    outsider = Address("", "m.ogawa@iwaki-seiyaku.example")
    stranger = CustomerDecision(Customer("iwaki", "岩城製薬"), new=True, rule="new", score=0.5, asks=(None,))
    for subject, text in (
        ("循環ポンプの更新に係るご照会", "下記についてご教示賜りたくお願い申し上げます。ポンプの更新に要する費用"),
        ("設備更新についてのご照会", "ポンプの見積の提出と仕様の改訂につき、ご教示ください。"),
    ):
        asking = letter("3", outsider, MORI, subject=subject, text=text, hours=30)
        assert put(asking, case("kaede-1", PUMP), case("kaede-2", VALVE), decision=stranger).key is None


def test_colleagues_private_talk_finds_no_case() -> None:
    chat = letter("3", ABE, MORI, subject="歓迎会", text="4/22の歓迎会に出られますか。", hours=30)
    internal = CustomerDecision(None, reason="internal", rule="internal", asks=(None,), score=0.5)
    assert put(chat, case("kaede-1", PUMP), case("kaede-2", VALVE), decision=internal).key is None


def test_a_forward_is_known_by_the_mail_inside() -> None:
    inside = Forwarded(ONO, (MORI,), (), START, PUMP.subject, PUMP.text, "")
    mail = letter(
        "3", ABE, LOG, subject="Fwd: 循環ポンプの見積依頼", text="対応をお願いします。", forwarded=(inside,), hours=3
    )
    assert put(mail, case("kaede-1", PUMP), case("kaede-2", VALVE)).key == "kaede-1"


def test_a_close_call_is_doubtful() -> None:
    mail = letter("3", ONO, MORI, subject="お願い", text="よろしくお願いします。", hours=21)
    assert put(mail, case("kaede-1", PUMP), case("kaede-2", VALVE)).key is None
    again = letter("4", ONO, MORI, subject="その後いかがでしょうか", text="ポンプと安全弁はまだ届きません。", hours=21)
    assert put(again, case("kaede-1", PUMP), case("kaede-2", VALVE)).doubtful


def test_a_case_of_thousands_of_mails_is_still_known_by_its_subject() -> None:
    of_years = case("kaede-1", PUMP)
    for first in (0, MOST_OF_A_CASE - len(of_years.traits)):
        words = Profile.of(("word", f"w{number}") for number in range(first, first + MOST_OF_A_CASE - 100))
        of_years = of_years.joined(words, PUMP.date)
    assert ("word", "循環") not in of_years.traits
    mail = letter("3", ONO, MORI, subject="循環ポンプの見積依頼", text="循環ポンプの見積はまだでしょうか。", hours=30)
    assert put(mail, of_years).key == "kaede-1"


def test_the_order_of_candidates_does_not_matter() -> None:
    mail = letter("3", ONO, MORI, subject="ポンプの件", text="まだでしょうか。", hours=50)
    cases = [case("kaede-1", PUMP), case("kaede-2", VALVE)]
    assert put(mail, *cases) == put(mail, *reversed(cases))


def test_traits_are_bounded_and_hostile_text_costs_little() -> None:
    texts: Sequence[str] = (
        "KD-1234 " * 100_000,
        "a" * 1_000_000,
        "見積No." * 100_000,
        "1-" * 300_000,
        "[" * 100_000,
        "\u3000" * 300_000,
    )
    for text in texts:
        mail = letter("x", ONO, MORI, subject=text, text=text)
        with bounded():
            found = traits(mail, OURS)
            assert len(found) <= 300


def test_only_selective_traits_are_looked_up_among_everybodys_cases() -> None:
    found = traits(PUMP, OURS)
    kinds = {kind for kind, _ in lookups(PUMP, found, None)}
    assert kinds <= {"key", "stem", "number", "model", "file", "line", "word"}
    assert lookups(PUMP, found, "kaede") >= found


def test_a_slug_is_made_of_the_domain() -> None:
    assert slug(KAEDE) == "kaede"


def test_a_suppliers_answer_speaks_through_what_it_quotes() -> None:
    quote = Zone(ZoneKind.QUOTE, "> 循環ポンプ KD-4410 の納期を教えてください。", "test")
    mail = letter(
        "3",
        Address("", "s@parts.example"),
        MORI,
        subject="Re: ご照会",
        zones=(Zone(ZoneKind.NEW, "来週です。", "test"), quote),
    )
    assert ("number", "KD4410") in traits(mail, OURS)


def test_telephone_numbers_and_dates_are_no_document_numbers() -> None:
    text = "Tel 555-010-7781, 03-0000-6101, +46 60 000 11 40, 携帯 090-0000-8812, 2024-05-03"
    mail = letter("3", ONO, MORI, subject="hello", text=text)
    assert not [trait for trait in traits(mail, OURS) if trait[0] in ("number", "model")]


STRANGER = CustomerDecision(Customer("parts", "部品"), new=True, rule="new", score=0.5, asks=(None,))


@pytest.mark.parametrize(
    ("one", "other", "subject", "text", "right"),
    [
        (
            "Boiler 1 - Ferry Lane",
            "Boiler 2 - Ferry Lane",
            "Ferry Lane boiler 2",
            "Looked at it today, pump is dead.",
            1,
        ),
        ("Boiler 1 - Ferry Lane", "Boiler 2 - Ferry Lane", "pump for Ferry 1", "The pump for boiler no. 1 is here.", 0),
        ("2号機の異音", "3号機の異音", "3号機 部品入荷", "3号機の部品が届きました。", 1),
        ("釜2番の漏れ", "釜3番の漏れ", "部品の連絡", "2番釜のパッキンが届きました。", 0),
    ],
)
def test_one_of_several_alike_is_told_by_its_number(one: str, other: str, subject: str, text: str, right: int) -> None:
    cases = [
        case(f"kaede-{n}", letter(str(n), ONO, MORI, subject=title, text=f"{title}: please have a look."))
        for n, title in enumerate((one, other))
    ]
    memo = letter("9", ABE, LOG, subject=subject, text=text, hours=30)
    nobody = CustomerDecision(None, reason="log-unknown", rule="internal", score=0.5, asks=(None,))
    assert put(memo, *cases, decision=nobody).key == f"kaede-{right}"


def test_an_old_subject_in_brackets_is_that_of_another_matter() -> None:
    mail = letter("3", ONO, MORI, subject="請求書の宛名（RE: 循環ポンプの見積依頼）", in_reply_to=("1",))
    assert stem(mail.subject) == "請求書の宛名"
    assert is_open(mail, "kaede-1")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("来ない", "ポンプ、まだなんだけど。いつ来るの?"),
        ("ポンプの納期", "4/22にお届けの予定でしたが、25日に変えさせてください。"),
        ("pump", "you said the pump would be here on Monday. still nothing"),
        ("Where is it", "The pump hasn't arrived, nobody has called me."),
    ],
)
def test_a_short_mail_that_asks_what_became_of_it_goes_on_with_the_matter(subject: str, text: str) -> None:
    first = letter(
        "1", ONO, MORI, subject="ポンプ / pump", text="ポンプ2台、4/22までに。 Two pumps by 22 April please."
    )
    assert put(letter("3", ONO, MORI, subject=subject, text=text, hours=60), case("kaede-1", first)).key == "kaede-1"


@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nthe seal you asked about is in stock, lead time three days.",
        "お世話になっております。\nお電話でいただきましたシールですが、在庫がございます。",
    ],
)
def test_a_supplier_of_whom_we_spoke_finds_the_matter(text: str) -> None:
    asked = letter("1", ONO, MORI, subject="ポンプの水漏れ", text="シールから水が漏れます。")
    told = letter("2", MORI, ONO, subject="Re: ポンプの水漏れ", text="Kestrel Seals 社に問い合わせます。", hours=2)
    supply = letter(
        "3",
        Address("Ian", "ian@kestrel.example"),
        MORI,
        subject="シール",
        text=text,
        company="Kestrel Seals Ltd",
        hours=30,
    )
    found = put(supply, case("kaede-1", asked, told), case("kaede-2", VALVE), decision=STRANGER)
    assert found.key == "kaede-1"


@pytest.mark.parametrize(
    ("first", "told", "subject", "text"),
    [
        ("Offer 5502 to your RFQ 88134", "Offer attached.", "price", "Can you do better on 5502?"),
        ("RFQ 88134 bearings", "Please quote.", "phone call", "On 88134 they take 3 % off."),
        ("御見積書2025-051", "お見積りをお送りします。", "2025-051の件", "値引きはできませんか。"),
        ("Pump manual HP-60", "Please translate it.", "time in June?", "Could you do a manual (HP-60) for us?"),
        ("同窓会懇親会の件", "120名でお見積りをお願いします。", "人数変更", "懇親会ですが、135名になりそうです。"),
        ("Bearing failed", "A bearing on the kiln failed.", "kiln bearings", "when will the bearings come?"),
        ("納品の日程", "二十三日の午前に制服をお届けします。", "制服", "23日は何時ごろになりますか。"),
    ],
)
def test_a_mail_is_tied_by_what_it_calls_the_matter_in_passing(first: str, told: str, subject: str, text: str) -> None:
    begun = letter("1", ONO, MORI, subject=first, text=told)
    assert put(letter("3", ONO, MORI, subject=subject, text=text, hours=40), case("kaede-1", begun)).key == "kaede-1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Party wall - 14 Mill Lane", "Party wall - 22 Mill Lane"),
        ("取扱説明書の翻訳（TS-200）", "取扱説明書の翻訳（TS-300）"),
        ("校正依頼（ノギス 24本）", "校正依頼（マイクロメータ 10本）"),
        ("Pool pump 1 noisy", "Pool pump 2 noisy"),
        ("10月分ご請求について", "11月分ご請求について"),
        ("特許明細書の英訳（P-2231）", "特許明細書の英訳（P-2240）"),
        ("Translation HP-40", "Translation HP-60"),
    ],
)
def test_subjects_of_one_pattern_are_as_many_matters(one: str, other: str) -> None:
    begun = letter("1", ONO, MORI, subject=one, text="お願いします。 Please have a look.")
    again = letter("2", ONO, MORI, subject=other, text="こちらもお願いします。 This one as well, please.", hours=26)
    assert put(again, case("kaede-1", begun)).key is None


def test_a_supplier_whom_an_order_of_ours_is_to_is_not_a_new_customer() -> None:
    asked = letter("1", ONO, MORI, subject="循環ポンプの水漏れ", text="循環ポンプのシールから水が漏れます。")
    order = letter(
        "2",
        ABE,
        Address("", "order@parts.example"),
        subject="循環ポンプ用シールの手配",
        text="循環ポンプのシールの手配をお願いします。納期をお知らせください。",
        hours=20,
    )
    assert put(order, case("kaede-1", asked), decision=STRANGER).key == "kaede-1"


def test_our_own_companys_words_tell_nothing_of_whom_we_write_to() -> None:
    asked = letter("1", ONO, MORI, subject="meter readings", text="The meter drifts.")
    told = letter("2", MORI, ONO, subject="Re: meter readings", text="Harbour Instruments will look at it.", hours=2)
    reader = Address("Pete", "pete@wharfside.example")
    first = letter(
        "3", MORI, reader, subject="Loan meter 0117", text="It was due back.", company="Harbour Instruments Ltd"
    )
    new = CustomerDecision(
        Customer("wharfside", "Pete", ("wharfside.example",)), new=True, rule="new", score=0.5, asks=(None,)
    )
    assert put(first, case("kaede-1", asked, told), decision=new).key is None
