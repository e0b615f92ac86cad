"""When a reply is about another matter than the mail that it answers."""

import pytest

from notes.cases import Candidate, CaseDecision, choose, is_open, traits
from notes.customers import CustomerDecision
from notes.model import Address, Customer, Kind, Message, Zone, ZoneKind
from notes.profiles import Profile
from tests.notes.letters import MORI, OURS, letter

ONO = Address("小野 圭", "ono@kaede.example")
KAEDE = Customer("kaede", "かえで精工株式会社", ("kaede.example",), ("ono@kaede.example",))
OF_THREAD = CustomerDecision(KAEDE, rule="thread", score=1.0, asks=("kaede",))

PUMP = letter(
    "1",
    ONO,
    MORI,
    subject="循環ポンプの見積依頼",
    text="循環ポンプ2台の見積をお願いします。図番は KD-4410 です。4/22に立会検査があります。",
)
OFFER = letter(
    "2",
    ONO,
    MORI,
    subject="Quote for two circulation pumps",
    text="Please quote two circulation pumps, drawing KD-4410. The inspection is on 22 April.",
)


def case(*mails: Message, key: str = "kaede-1") -> Candidate:
    found = frozenset(trait for mail in mails for trait in traits(mail, OURS))
    return Candidate(key, mails[0].subject, "kaede", max(mail.date for mail in mails), Profile.of(found))


def follow(mail: Message, *cases: Candidate) -> CaseDecision:
    """What becomes of a reply in the first of these cases."""
    return choose(mail, OF_THREAD, cases, directory=OURS, thread=cases[0].key)


def reply(to: Message, subject: str, text: str, **other: object) -> Message:
    return letter("9", ONO, MORI, subject=subject, text=text, hours=70, in_reply_to=(to.ref,), **other)  # type: ignore[arg-type]  # a test's own words


TURNED = [
    # The writer says so, and the subject is a new one.
    (PUMP, "食堂の空調の異音", "別件です。食堂の空調から音がします。見に来てもらえますか。"),
    (PUMP, "事務所移転のお知らせ", "別件で恐縮ですが、来月事務所を移転します。"),
    (PUMP, "Re: 食堂の空調", "お世話になっております。小野です。\n別件ですが、食堂の空調が動きません。"),
    (PUMP, "【別件】請求書の宛名変更", "請求書の宛名を変えていただけますか。"),
    (PUMP, "照明の交換", "話は変わりますが、廊下の照明を替えたいです。"),
    (PUMP, "床暖房", "件名を変えました。床暖房の相談です。"),
    (PUMP, "除雪の依頼", "このメールに返信する形で失礼します。駐車場の除雪をお願いできますか。"),
    (PUMP, "給湯器 見てほしい", "ところで給湯器なんですが、お湯がぬるいです。"),
    (PUMP, "安全弁の見積依頼", "別の件で、安全弁5個の見積もお願いします。"),
    (OFFER, "Leaking boiler in hall 3", "Different topic: the boiler in hall 3 is leaking since this morning."),
    (
        OFFER,
        "RE: Change of invoice address",
        "Hi,\non another note, please change our invoice address.",
    ),
    (OFFER, "Staircase lights", "Another question: can you replace the lights in the staircase?"),
    (OFFER, "Safety valves", "Unrelated to the below. We need five safety valves for the brewery."),
    (OFFER, "heating", "something else - the heating in the canteen has failed"),
    (OFFER, "Fire doors", "While I have you, could someone look at the fire doors?"),
    (OFFER, "Quote for safety valves", "Separate request, could you also quote five safety valves?"),
    # The writer does not say so: an old mail was only taken as an envelope.
    (PUMP, "駐車場の白線", "駐車場の白線が薄くなったので引き直しを検討しています。費用はいくらですか。"),
    (PUMP, "屋上防水工事の日程", "屋上防水工事は来月何日から始まりますか。住民に掲示を出します。"),
    (OFFER, "Lift alarm", "The alarm in the goods lift goes off every night. Who can come and stop it?"),
    (OFFER, "Christmas opening hours", "Will your workshop be staffed between Christmas and New Year for emergencies?"),
    # One of several alike.
    (
        letter("3", ONO, MORI, subject="取扱説明書の翻訳（TS-200）", text="TS-200の説明書を訳してください。"),
        "取扱説明書の翻訳（TS-300）",
        "続いてこちらもお願いします。84頁です。",
    ),
    (
        letter("4", ONO, MORI, subject="Boiler 1 inspection", text="When can you inspect boiler 1?"),
        "Boiler 2 inspection",
        "Same again please for this one.",
    ),
]


@pytest.mark.parametrize(("first", "subject", "text"), TURNED)
def test_a_reply_with_a_new_subject_whose_text_agrees_is_another_matter(
    first: Message, subject: str, text: str
) -> None:
    mail = reply(first, subject, text)
    assert is_open(mail, "kaede-1")
    assert follow(mail, case(first)).key is None


WENT_ON = [
    # Marks, tags, numbers and names added to the subject, or taken from it.
    (PUMP, "循環ポンプの見積依頼", "まだでしょうか。"),
    (PUMP, "【再送】循環ポンプの見積依頼", "先日のメールを再送します。届いていますか。"),
    (PUMP, "【至急】循環ポンプの見積依頼", "別件の打合せが入ったので、今日中にお願いします。"),
    (PUMP, "循環ポンプの見積依頼（かえで精工）", "社名を入れておきます。どうぞよろしく。"),
    (PUMP, "[#20418] 循環ポンプの見積依頼", "受付番号を付けました。担当者よりご連絡します。"),
    (PUMP, "循環ポンプの見積依頼 #20418", "受付番号を件名に付けてご返信ください。"),
    (PUMP, "循環ポンプの見積依頼（2回目）", "返事がないのでもう一度送ります。"),
    (PUMP, "かえで精工様 循環ポンプの見積依頼", "別件ですが、来週は休みです。"),
    (PUMP, "循環ポンプ", "小野です。いつごろになりますか。"),
    (OFFER, "Quote for two circulation pumps", "Any news?"),
    (OFFER, "[Ticket 20418] Quote for two circulation pumps", "We have opened a ticket for you."),
    (OFFER, "SECOND REQUEST: Quote for two circulation pumps", "By the way, I will be away on Friday."),
    (OFFER, "Quote for two circulation pumps - Kaede Precision", "Added our name so that you find it."),
    (OFFER, "circulation pumps", "Any chance of an answer today? One more thing, is the seal included?"),
    # An answering mark, and no word of turning: most people who do that go on.
    (PUMP, "Re: 日程の変更", "検査の日を変えてください。"),
    (OFFER, "RE: new date", "Let us do it a week later."),
    # An aside in the same subject.
    (PUMP, "Re: 循環ポンプの見積依頼", "別件ですが、食堂の空調も見てもらえますか。"),
    (OFFER, "Re: Quote for two circulation pumps", "On another note, the boiler in hall 3 is leaking."),
    # A new subject, but the text is about the same.
    (PUMP, "立会検査の日程", "検査は4/22の10時でお願いします。ポンプはそれまでに届きますか。"),
    (PUMP, "KD-4410の件", "図面を差し替えました。"),
    (OFFER, "inspection date", "The inspection of the pumps moved to 24 April."),
    (OFFER, "good news", "Board approved KD-4410, please go ahead."),
    # A new subject and hardly a word: nothing tells that it is another matter.
    (PUMP, "ありがとうございます", "助かります。"),
    (PUMP, "了解", "承知しました。"),
    (OFFER, "ok", "fine with me"),
    (OFFER, "Thanks!", "Much appreciated."),
]


@pytest.mark.parametrize(("first", "subject", "text"), WENT_ON)
def test_a_reply_with_a_touched_up_subject_or_the_same_talk_goes_on(first: Message, subject: str, text: str) -> None:
    assert follow(reply(first, subject, text), case(first)).key == "kaede-1"


def test_what_is_quoted_below_does_not_keep_a_reply_that_turned() -> None:
    zones = (
        Zone(ZoneKind.NEW, "別件です。食堂の空調から音がします。\n", "test"),
        Zone(ZoneKind.QUOTE, "> 循環ポンプ2台の見積をお願いします。図番は KD-4410 です。", "test"),
    )
    assert follow(reply(PUMP, "食堂の空調の異音", "", zones=zones), case(PUMP)).key is None


def test_a_reply_that_turned_finds_the_case_it_speaks_of() -> None:
    valve = letter("5", ONO, MORI, subject="安全弁の交換時期", text="ボイラー室の安全弁を交換してください。")
    mail = reply(PUMP, "安全弁の交換時期", "別件です。安全弁の交換はいつになりますか。")
    assert follow(mail, case(PUMP), case(valve, key="kaede-2")).key == "kaede-2"


def test_automatic_answers_never_turn() -> None:
    assert not is_open(reply(PUMP, "ただいま不在です", "別件は山田まで。", kind=Kind.AUTO), "kaede-1")


def test_without_its_case_at_hand_a_reply_only_leaves_when_its_subject_says_so() -> None:
    mail = reply(PUMP, "食堂の空調の異音", "別件です。")
    assert choose(mail, OF_THREAD, [], directory=OURS, thread="kaede-1").key == "kaede-1"
