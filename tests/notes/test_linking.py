"""Promises followed to their end, in small stories: kept, moved, said again, withdrawn, or still open."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notes.model import Evidence, Kind, Promise, PromiseState
from tests.notes.stories import Story, at


def only(story: Story) -> Promise:
    """The one promise of a story."""
    (promise,) = story.stands().promises
    return promise


def kept(promise: Promise) -> Evidence:
    """The evidence of a kept promise."""
    assert promise.kept is not None
    return promise.kept


def test_a_document_sent_in_time_keeps_the_promise() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "北様\nお見積書は4/15(水)までにお送りいたします。")
    sent = story.say("ueda", "kita", "4/15 17:00", "北様\nお見積書を添付いたします。", files=("御見積書.pdf",))
    promise = only(story)
    assert (kept(promise).ref, kept(promise).reason) == (sent, "delivered")
    assert promise.state(at("4/20 09:00")) is PromiseState.KEPT


def test_a_colleague_can_keep_it_and_late_is_late() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "I'll send you the test report by Tuesday.")
    sent = story.say(
        "mori", "kita", "4/15 09:00", "Sorry for the delay. The test report is attached.", files=("report.pdf",)
    )
    assert kept(only(story)).ref == sent
    assert only(story).state(at("4/16 09:00")) is PromiseState.KEPT_LATE


def test_an_answer_that_bounced_keeps_nothing() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "I'll send you the test report by Tuesday.")
    lost = story.say("ueda", "kita", "4/14 09:00", "The test report is attached.", files=("report.pdf",))
    story.say("mori", "ueda", "4/14 09:01", "Delivery failed.", kind=Kind.BOUNCE, bounced=(lost,))
    assert only(story).state(at("4/16 09:00")) is PromiseState.OVERDUE


def test_talk_among_colleagues_delivers_nothing() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "修正版の図面は4/15(水)までにお送りいたします。")
    story.say("mori", "ueda", "4/14 10:00", "修正版の図面を添付します。確認してください。", files=("図面.pdf",))
    assert only(story).kept is None


def test_a_visit_happened_when_it_was_due() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 09:20", "明日14日の10時にお伺いいたします。")
    memo = story.say(
        "mori", "log", "4/14 12:00", "北様 10:00から点検。基板の故障。", kind=Kind.MEETING, subject="訪問メモ"
    )
    assert kept(only(story)) == Evidence(memo, at("4/14 10:00"), kept(only(story)).score, "visited")


def test_a_customers_thanks_for_coming_keeps_a_visit() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 11:00", "4/21(火)13時に御社へ伺います。")
    thanks = story.say("kita", "ueda", "4/21 17:00", "本日はご足労いただきありがとうございました。")
    assert (kept(only(story)).ref, kept(only(story)).at) == (thanks, at("4/21 13:00"))


def test_a_call_is_kept_by_the_memo_of_it_and_five_minutes_are_no_delay() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 09:10", "I'll call you at 2 pm.")
    memo = story.say("mori", "log", "4/13 14:30", "Called Midori at 14:05. The main valve leaks.", kind=Kind.CALL)
    assert kept(only(story)).ref == memo
    assert only(story).state(at("4/13 15:00")) is PromiseState.KEPT


def test_a_call_that_comes_in_is_not_our_call_back() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 09:10", "午前中に折り返しお電話いたします。")
    story.say(
        "mori", "log", "4/13 11:00", "北様から電話あり。折り返しがないとのこと。", kind=Kind.CALL, subject="電話メモ"
    )
    assert only(story).kept is None


def test_goods_are_not_delivered_by_a_file() -> None:
    story = Story()
    story.say("ueda", "kita", "4/6 10:00", "フィルター20個は4/10(金)に発送いたします。")
    story.say("ueda", "kita", "4/7 10:00", "フィルターの図面です。", files=("フィルター.pdf",))
    assert only(story).kept is None
    sent = story.say("ueda", "kita", "4/10 17:00", "フィルター20個、先ほど発送しました。")
    assert kept(only(story)).ref == sent


def test_another_quantity_is_another_delivery() -> None:
    story = Story()
    story.say(
        "ueda",
        "kita",
        "4/6 10:00",
        "We will ship the first 20 units on Friday. The other 12 units will follow on 4 May.",
    )
    story.say("ueda", "kita", "4/10 10:00", "The 20 units left our warehouse today.")
    assert [bool(one.kept) for one in story.stands().promises] == [True, False]


def test_asked_for_a_day_of_grace_and_granted() -> None:
    story = Story()
    story.say("ueda", "kita", "4/14 11:00", "I'll send the proof over by Thursday noon.")
    moving = story.say(
        "ueda", "kita", "4/16 11:30", "Sorry, there was trouble. Can I get it to you by Friday 10 am instead?"
    )
    yes = story.say("kita", "ueda", "4/16 12:00", "No worries, Friday is okay.")
    (move,) = only(story).moves
    assert (move.ref, move.to, move.agreed_in) == (moving, at("4/17 10:00"), yes)
    story.say("ueda", "kita", "4/17 09:40", "Here you go, proof attached.", files=("proof.pdf",))
    assert only(story).state(at("4/18 09:00")) is PromiseState.KEPT


@pytest.mark.parametrize(
    "said",
    [
        "Our old telephone line stays open for three weeks after every move.",
        "We keep the old pump for two weeks after a change, in case you want it back.",
    ],
)
def test_days_counted_from_something_else_move_nothing(said: str) -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "We'll move your mailboxes on Friday, 24 April.")
    story.say("kita", "ueda", "4/14 10:00", "Fine. What becomes of the old one?")
    story.say("ueda", "kita", "4/14 11:00", said)
    assert story.stands().promises[0].moves == ()


def test_a_move_that_bounced_is_void() -> None:
    story = Story()
    story.say("ueda", "kita", "4/6 10:00", "4/10(金)に部品を納品いたします。")
    lost = story.say("ueda", "kita", "4/9 10:00", "申し訳ございません。納品を4/14(火)に変更させてください。")
    story.say("mori", "ueda", "4/9 10:01", "不達", kind=Kind.BOUNCE, bounced=(lost,))
    (move,) = only(story).moves
    assert move.void
    assert only(story).due_now == at("4/10 23:59").replace(second=59)


def test_partly_answered_stays_open_until_the_rest_comes() -> None:
    story = Story()
    story.say(
        "kita", "ueda", "4/13 09:00", "下記についてご回答をお願いいたします。\n1) 保証期間\n2) 消費電力\n3) 対応電圧"
    )
    story.say("ueda", "kita", "4/13 10:00", "3点とも4/15(水)までにご回答いたします。")
    story.say(
        "ueda",
        "kita",
        "4/15 17:00",
        "保証期間は2年です。消費電力は800Wです。\n対応電圧はメーカーに確認中ですので、明後日17日までお待ちください。",
    )
    assert only(story).kept is None
    assert only(story).due_now == at("4/17 23:59").replace(second=59)
    rest = story.say("ueda", "kita", "4/17 11:00", "お待たせいたしました。対応電圧は100Vと200Vの両方でございます。")
    assert kept(only(story)).ref == rest


def test_the_same_promise_said_again_is_one_promise() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "ご質問の件は4/20(月)までにご回答いたします。")
    again = story.say(
        "ueda", "kita", "4/14 10:00", "ご質問の件は4/20(月)までにご回答いたします。よろしくお願いいたします。"
    )
    assert only(story).also_in == (again,)


def test_a_customer_who_no_longer_wants_it_withdraws_it() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "増設のお見積書は4/20(月)までにお送りいたします。")
    off = story.say("kita", "ueda", "4/14 10:00", "増設は来年度に見送りとなりました。お見積りは不要です。")
    withdrawn = only(story).withdrawn
    assert withdrawn is not None
    assert withdrawn.ref == off


def test_a_conditional_promise_becomes_firm_when_the_condition_is_met() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "改訂図を受け取ってから2営業日以内に、お見積書をお出しいたします。")
    assert only(story).due.to is None
    story.say("kita", "ueda", "4/28 10:00", "改訂図をお送りします。", files=("改訂図.pdf",))
    assert only(story).due_now == at("5/1 23:59").replace(second=59)  # 30 April is off


def test_their_promise_is_kept_by_what_they_send() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "仕様書は本日中にお送りします。")
    sent = story.say("kita", "ueda", "4/13 16:00", "仕様書です。ご確認ください。", files=("仕様書.pdf",))
    assert kept(only(story)).ref == sent


def test_a_soft_promise_is_not_kept_by_a_second_promise() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "Let me look into it and come back to you.")
    story.say("ueda", "kita", "4/14 10:00", "Apologies for the silence. You'll get a proper answer from me by Friday.")
    soft, dated = story.stands().promises
    assert (soft.kept, soft.due.to, dated.due.to is not None) == (None, None, True)


def test_a_promise_made_by_mouth_is_found_in_the_memo_and_confirmed_later() -> None:
    story = Story()
    memo = story.say(
        "mori", "log", "4/13 14:30", "北様に電話。部品が入荷。明日の午前中にお届けしますと伝えた。", kind=Kind.CALL
    )
    promise = only(story)
    assert (promise.made_in, promise.who) == (memo, "mori@aozora.example")
    story.say("kita", "ueda", "4/15 09:00", "昨日の朝、部品が届きました。ありがとうございました。")
    assert kept(only(story)).at == at("4/14 12:00")


def test_a_promise_in_a_forwarded_mail_is_dated_from_the_original() -> None:
    story = Story()
    story.forward("mori", "4/15 09:00", "北様からsupport宛に届いたものです。", "資料は明日お送りします。", "4/13 18:00")
    promise = only(story)
    assert (promise.by.value, promise.made_at) == ("them", at("4/13 18:00"))
    assert promise.due.to == at("4/14 23:59").replace(second=59)


def test_noon_your_time_is_the_readers_noon() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "When do we get the result?")
    story.mails[0] = replace(story.mails[0], at=at("4/13 10:00").astimezone(ZoneInfo("America/Los_Angeles")))
    story.say("ueda", "kita", "4/13 12:00", "I'll get back to you by noon Friday your time.")
    assert only(story).due_now == datetime(2026, 4, 17, 12, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_the_hour_named_later_is_when_the_day_was_promised_for() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "4/16(木)に取り付けに伺います。")
    named = story.say("ueda", "kita", "4/14 10:00", "16日の15時に伺います。")
    (move,) = only(story).moves
    assert (move.ref, move.to) == (named, at("4/16 15:00"))


def test_an_hour_for_another_deed_on_the_same_day_is_a_promise_of_its_own() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "4/16(木)に取り付けに伺います。")
    story.say("ueda", "kita", "4/14 10:00", "お見積書は16日の15時にお送りします。")
    assert len(story.stands().promises) == 2


def test_a_customer_who_asks_for_another_day_promises_nothing() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "The 20th clashes with our audit, can we have the 22nd instead?")
    assert story.stands().promises == ()


@pytest.mark.parametrize(
    ("promised", "said", "to"),
    [
        (
            "We'll move your mail on Friday at 21:00.",
            "Friday is off. New date: Monday 20 April, same time.",
            "4/20 21:00",
        ),
        ("We'll visit you on Friday at 10:30.", "We must postpone to Tuesday 21 April, the same slot.", "4/21 10:30"),
        ("We'll visit you on Friday at 10:30.", "We must postpone to Tuesday 21 April.", "4/21 23:59"),
        ("We'll visit you on Friday.", "We must postpone to Tuesday 21 April, same time.", "4/21 23:59"),
        ("We'll visit you on Friday at 10:30.", "We must postpone to Tuesday 21 April at 9:00.", "4/21 09:00"),
    ],
)
def test_a_day_that_moves_keeps_its_hour_where_they_say_so(promised: str, said: str, to: str) -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", promised)
    story.say("ueda", "kita", "4/15 11:00", said)
    (move,) = only(story).moves
    assert move.to is not None
    assert f"{move.to.month}/{move.to.day} {move.to:%H:%M}" == to


def test_a_yes_to_another_day_keeps_the_hour_that_was_to_stay() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "We'll deliver the boiler on Friday at 10:30.")
    story.say("kita", "ueda", "4/14 10:00", "Could you please push it to Tuesday, 21 April, same time?")
    story.say("ueda", "kita", "4/14 11:00", "No problem, that works for us.")
    (move,) = only(story).moves
    assert move.to == at("4/21 10:30")


@pytest.mark.parametrize(
    ("who", "said", "moved"),
    [
        ("kita", "I'm afraid we can't get the drawings to you before Friday noon.", True),
        ("boss", "I'm afraid we can't get the drawings to you before Friday noon.", True),
        ("boss", "The council meets Friday noon and nobody can cut the ribbon before that.", False),
    ],
)
def test_a_colleague_of_theirs_moves_a_promise_only_by_its_matter(who: str, said: str, moved: bool) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "I'll send you the drawings on Wednesday.")
    story.say(who, "ueda", "4/15 19:00", said)
    assert bool(only(story).moves) is moved
