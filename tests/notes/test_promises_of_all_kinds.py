"""Promises as people of all trades write them, kind by kind, each beside what only looks like one."""

from datetime import datetime
from pathlib import Path

import pytest

from notes.model import By, PromiseFound
from notes.phrases import load
from notes.promises import detect
from tests.notes.stories import CALENDAR, TOKYO

SENTENCES = Path(__file__).with_name("promises_of_all_kinds.txt")


def lines(*kinds: str) -> list[str]:
    """The sentences of some kinds."""
    found: dict[str, list[str]] = {}
    for line in SENTENCES.read_text("utf-8").splitlines():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            here.append(line)
    return [line for kind in kinds or found for line in found[kind]]


KINDS = (
    "fragments",
    "casual",
    "long-winded",
    "colleagues",
    "conditions",
    "told",
    "simple-present",
    "everyday",
    "date-apart",
    "labels",
    "acts",
    "terse",
    "waits",
    "memos",
    "arranged",
    "told and given",
    "settled, sent, entered",
)


def found(text: str, by: By = By.US) -> tuple[PromiseFound, ...]:
    """What is detected in a text written on Tuesday, 10 March 2026, at 10:00."""
    said_at = datetime(2026, 3, 10, 10, tzinfo=TOKYO)
    return detect(text, said_at=said_at, by=by, who="a@b.example", calendar=CALENDAR, phrases=load())


@pytest.mark.parametrize("line", lines(*KINDS))
def test_it_is_a_promise_with_its_date(line: str) -> None:
    text, _, wanted = line.partition(" | ")
    promises = found(text.strip())
    assert promises, text
    if wanted:
        dues = [f"{one.due.to:%m-%d %H:%M}" if one.due.to else "-" for one in promises]
        assert wanted.strip() in dues, (text, dues)


@pytest.mark.parametrize("line", lines("conditions"))
def test_what_waits_for_something_is_conditional(line: str) -> None:
    assert any(one.conditional for one in found(line.partition(" | ")[0])), line


@pytest.mark.parametrize("line", lines(*(f"{kind}: none" for kind in KINDS if kind != "date-apart")))
def test_it_is_none(line: str) -> None:
    assert not found(line), line


@pytest.mark.parametrize("line", lines("theirs"))
def test_others_promise_too(line: str) -> None:
    text, _, wanted = line.partition(" | ")
    (promise,) = found(text, By.THEM)
    assert not wanted or (promise.due.to and f"{promise.due.to:%m-%d %H:%M}" == wanted)


@pytest.mark.parametrize("line", lines("theirs: none"))
def test_what_others_want_is_no_promise_of_theirs(line: str) -> None:
    assert not found(line, By.THEM), line


LISTS = [
    ("I'll send you:\n- the quote by Tuesday\n- the drawing by Friday", ["03-17", "03-13"]),
    (
        "Here's what you'll get from us:\n1. Quote - Thursday\n2. Drawings - Friday\n3. Certificate - 19 March",
        ["03-12", "03-13", "03-19"],
    ),
    ("以下の日程でお送りいたします。\n・見積書　3/12(木)\n・図面　　3/13(金)", ["03-12", "03-13"]),
    ("弊社の今後の予定です。\n1) 部材手配　3/12\n2) 施工　3/18\n3) 完了報告　3/19", ["03-12", "03-18", "03-19"]),
    ("お届け予定は次のとおりです。\n1階　　3月16日（月）午前\n2階　　3月17日（火）午前", ["03-16", "03-17"]),
    (
        "We will visit the schools as follows:\n\nOak Lane   Mon, Mar 16 8:00 AM\nHill Street   Wed, Mar 18 8:00 AM",
        ["03-16", "03-18"],
    ),
    (
        "Here's how we'll do it:\n\nOak Lane      Mon, Mar 16   8:00 AM\nHill Street   Wed, Mar 18   8:00 AM",
        ["03-16", "03-18"],
    ),
    ("下記のとおりお約束いたします。\n①回答書：3/13\n②現品の返却：3/19", ["03-13", "03-19"]),
    (
        "今後は下記の日程でご提出申し上げます。\n\n"
        "１．作業員名簿　　　３月１３日（金）\n２．養生範囲図　　　３月１７日（火）",
        ["03-13", "03-17"],
    ),
    ("Our side will deliver the following:\n* test plan (Thu)\n* test report (19 March)", ["03-12", "03-19"]),
    ("こちらで進めること：\n- 原因調査　木曜まで\n- 代替品の手配　本日中", ["03-12", "03-10"]),
]


@pytest.mark.parametrize(("text", "days"), LISTS)
def test_every_item_of_a_list_of_promises_is_one(text: str, days: list[str]) -> None:
    promises = found(text)
    assert [one.due.to and f"{one.due.to:%m-%d}" for one in promises] == days
    assert all(one.quote in text.split("\n") or one.quote in text for one in promises)


@pytest.mark.parametrize(
    "text",
    [
        "Please send us:\n- the signed form by Tuesday\n- the deposit by Friday",
        "必要書類は以下のとおりです。\n・申込書　3/12まで\n・印鑑証明　3/13まで",
        "お手数ですが、下記をお送りください。\n・写真　3/12まで\n・図面　3/13まで",
        "Agenda for Friday:\n- budget 10:00\n- staffing 10:30",
        "納品実績は以下のとおりです。\n・1回目　3月3日\n・2回目　3月6日",
        "休業日のお知らせ\n・3月20日\n・3月21日",
        "We delivered as follows:\n- 20 units on 2 March\n- 30 units on 6 March",
        "You asked for:\n- the quote by Tuesday\n- the drawing by Friday",
        "We need from you:\n- floor plan by Thursday\n- keys by Friday",
        "Here's what we need:\n- towels by Friday\n- soap by Monday",
        "Our wishes:\n- delivery on Friday\n- assembly on Monday",
        "Here's what happened:\n- Monday 9:00 pump failed\n- Tuesday 10:00 fuse blown",
        "Opening times:\nThursday  10:00-18:00\nFriday  10:00-20:00",
        "Minutes:\n1. Quote discussed, Friday 13 March next meeting",
        "営業日のご案内\n・3/12 通常営業\n・3/13 17時まで",
        "お客様にご用意いただくもの：\n・申請書　3/12まで\n・写真　3/13まで",
        "今回のご注文内容は以下のとおりです。\n・机　2台　3/17希望\n・椅子　4脚　3/18希望",
        "打合せ候補は以下のとおりです。\n・3/17 10時\n・3/18 14時",
        "以下の日程で研修を受講します。\n・3/17 安全教育\n・3/18 実技",
        "候補日は以下です。\n・3/17 14時\n・3/18 10時",
    ],
)
def test_a_list_of_other_things_holds_no_promise(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("見積は明日お送りし、図面は金曜にお届けします。", ["03-11", "03-13"]),
        ("I'll send the quote tomorrow and we'll fit the pump on Friday.", ["03-11", "03-13"]),
        ("We'll ship ten on Thursday; the rest will follow on Monday.", ["03-12", "03-16"]),
        ("部品は木曜に発送しますので、金曜に取り付けに伺います。", ["03-12", "03-13"]),
        ("下図は3/18(水)に、清書は4/1(水)にお出しいたします。", ["03-18", "04-01"]),
        ("封筒は3/16(月)に、伝票は3/24(火)に、それぞれお届けいたします。", ["03-16", "03-24"]),
        ("図面は木曜に、見積書は来週火曜にお送りします。", ["03-12", "03-17"]),
        ("1階は3/16、2階は3/17に施工いたします。", ["03-16", "03-17"]),
        ("今日中に写真をお送りし、現物は金曜にお返しします。", ["03-10", "03-13"]),
        ("The flyers ship Thursday and the banners ship Monday.", ["03-12", "03-16"]),
        ("I'll send the quote Thursday and the drawings Monday.", ["03-12", "03-16"]),
        ("We'll deliver the first pallet on Friday and the second on Tuesday.", ["03-13", "03-17"]),
        ("You'll have the menu tomorrow and the seating plan by Thursday.", ["03-11", "03-12"]),
        ("I'll send the quote on Thursday and Colin will ring you on Friday.", ["03-12", "03-13"]),
        ("We deliver the pump on Thursday and you get the invoice on Friday.", ["03-12", "03-13"]),
        (
            "I'll get a draft to you Wednesday, two references on Thursday, and Ann will ring you on Friday.",
            ["03-11", "03-12", "03-13"],
        ),
    ],
)
def test_two_deeds_with_a_day_each_are_two_promises(text: str, days: list[str]) -> None:
    assert [one.due.to and f"{one.due.to:%m-%d}" for one in found(text)] == days


@pytest.mark.parametrize(
    "text",
    [
        "I'll check tomorrow and get back to you.",
        "明日確認し、ご連絡いたします。",
        "明日の会議で諮り、木曜にご回答いたします。",
    ],
)
def test_steps_towards_one_deed_are_one_promise(text: str) -> None:
    assert len(found(text)) == 1


def test_a_deed_before_a_condition_is_a_promise_of_its_own() -> None:
    first, second = found("本日中に電子申請を行い、完了次第、受付票をお送りいたします。")
    assert first.due.to
    assert f"{first.due.to:%m-%d}" == "03-10"
    assert not first.conditional
    assert second.due.to is None
    assert second.conditional


@pytest.mark.parametrize(
    "text",
    [
        "3/16(月)から3/18(水)まで作業いたします。",
        "3/16(月)か3/17(火)にお伺いします。",
        "3/12(木)に会議がありますので、13日にお送りします。",
        "I'll check on Thursday and call you Friday.",
        "We'll be there between Monday and Wednesday.",
        "I'll send it Thursday or Friday.",
        "先週木曜にお話しした件、金曜に回答いたします。",
        "13日(金)のご依頼分は、17日(火)に発送いたします。",
        "The pump leaves here on Thursday, you will have it on Friday.",
        "I'll ring you on Thursday and then we'll see whether Friday works.",
    ],
)
def test_two_days_are_not_always_two_deeds(text: str) -> None:
    assert len(found(text)) == 1


def test_the_day_may_follow_what_is_made() -> None:
    (promise,) = found("説明資料は新人の方向けにお作りいたします。来週、遅くとも19日(木)にはお届けいたします。")
    assert promise.due.to
    assert f"{promise.due.to:%m-%d}" == "03-19"


def test_a_table_with_a_head_is_a_list_too() -> None:
    text = (
        "4月分の予定は下表のとおりです。\n\n"
        "項目\t予定\n試算表（案）\t3/16(月) 15時まで\n納付書\t3/18(水)\n給与支給日\t3/25(水)"
    )
    assert [one.due.to and f"{one.due.to:%m-%d %H:%M}" for one in found(text)] == ["03-16 15:00", "03-18 23:59"]


def test_a_list_below_a_word_of_thanks_is_ours() -> None:
    text = "ありがとうございます。K-4489、承りました。\n\n・見積：3/13中\n・サンプル：3/17(火)発送"
    assert [one.due.to and f"{one.due.to:%m-%d}" for one in found(text)] == ["03-13", "03-17"]
