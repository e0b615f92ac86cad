"""Who must act next, since when and why."""

import pytest

from notes.model import Ball, Holder, Kind
from tests.notes.stories import Story, at


def ball(story: Story) -> Ball:
    """The ball after all mails of a story."""
    return story.stands().ball


def test_nothing_said_is_nobodys() -> None:
    assert ball(Story()).holder is Holder.NOBODY


def test_an_unanswered_question_is_ours_since_it_was_asked() -> None:
    story = Story()
    asked = story.say("kita", "ueda", "4/13 09:00", "保証期間は何年でしょうか。")
    story.say("kita", "ueda", "4/14 09:00", "至急ご回答をお願いいたします。")
    assert ball(story) == Ball(Holder.US, at("4/13 09:00"), asked, "question-open")


def test_an_open_promise_of_ours_is_ours_though_we_wrote_last() -> None:
    story = Story()
    asked = story.say("kita", "ueda", "4/13 09:00", "見積をお願いいたします。")
    story.say("ueda", "kita", "4/13 10:00", "4/20(月)までにお見積書をお送りいたします。")
    assert (ball(story).holder, ball(story).because) == (Holder.US, asked)


def test_what_waited_for_their_order_is_ours_since_they_ordered() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "見積をお願いいたします。")
    story.say(
        "ueda",
        "kita",
        "4/14 10:00",
        "お見積書を添付いたします。ご注文をいただきましたら、3営業日以内に納期をご連絡いたします。",
        files=("御見積書.pdf",),
    )
    ordered = story.say("kita", "ueda", "4/16 09:00", "お見積書のとおり注文いたします。")
    assert ball(story) == Ball(Holder.US, at("4/16 09:00"), ordered, "our-promise-open")


def test_what_we_sent_is_theirs_to_answer() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "見積をお願いいたします。")
    sent = story.say("ueda", "kita", "4/13 10:00", "お見積書を添付いたします。", files=("御見積書.pdf",))
    assert ball(story) == Ball(Holder.THEM, at("4/13 10:00"), sent, "we-wrote-last")


def test_thanks_end_the_matter() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "証明書を添付いたします。", files=("証明書.pdf",))
    story.say("kita", "ueda", "4/13 11:00", "証明書を受領いたしました。ありがとうございました。")
    assert (ball(story).holder, ball(story).reason) == (Holder.NOBODY, "they-thanked")


def test_our_question_is_theirs() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "ポンプの調子が悪いです。")
    story.say("ueda", "kita", "4/13 10:00", "型番を教えていただけますか。")
    assert (ball(story).holder, ball(story).reason) == (Holder.THEM, "we-asked")


def test_their_promise_is_theirs() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "型紙は今週中に郵送します。")
    assert (ball(story).holder, ball(story).reason) == (Holder.THEM, "their-promise-open")


def test_a_condition_that_waits_for_them_leaves_the_ball_with_them() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Could you send me a quote for 20 seats?")
    story.say(
        "ueda",
        "kita",
        "4/13 10:00",
        "The quote is attached. Once we have your PO we'll set up the seats within two business days.",
        files=("quote.pdf",),
    )
    assert ball(story).holder is Holder.THEM


def test_a_customer_who_cancels_leaves_it_with_nobody() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "4/20(月)までに増設のお見積書をお送りいたします。")
    story.say("kita", "ueda", "4/14 10:00", "増設は中止となりました。お見積りは不要です。")
    story.say("ueda", "kita", "4/14 11:00", "承知いたしました。またお声がけいただけましたら幸いです。")
    assert ball(story).holder is Holder.NOBODY


def test_machines_and_suppliers_pass_no_ball() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "図面をお願いいたします。")
    story.say("ueda", "kita", "4/13 10:00", "図面を添付いたします。", files=("図面.pdf",))
    before = ball(story)
    story.say("kita", "ueda", "4/13 10:01", "休暇をいただいております。", kind=Kind.AUTO)
    story.say("supplier", "ueda", "4/13 12:00", "Our price list is attached.", files=("prices.pdf",), answers="")
    assert ball(story) == before


@pytest.mark.parametrize("said", ["got em both. thx", "Got everything, cheers", "Got both of them, thank you!"])
def test_a_receipt_in_a_few_words_ends_the_matter(said: str) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Please send the two certificates.")
    story.say("ueda", "kita", "4/13 10:00", "Both are attached.", files=("certificates.pdf",))
    story.say("kita", "ueda", "4/13 11:00", said)
    assert ball(story).holder is Holder.NOBODY


def test_words_are_no_deed_what_they_asked_us_to_do_stays_ours() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "When can your man look at the pump?")
    story.say("ueda", "kita", "4/13 10:00", "Mori, second week of May, mornings.")
    assert ball(story).holder is Holder.US
    story.say("kita", "ueda", "4/13 11:00", "ok thanks")
    assert ball(story).holder is Holder.US
    story.say("kita", "ueda", "5/12 11:00", "Thanks for coming, it runs like new.")
    assert ball(story).holder is Holder.NOBODY


def test_who_answers_a_day_with_that_day_has_agreed_to_come() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Could it be the 21st instead?")
    story.say("ueda", "kita", "4/13 10:00", "21st 3pm, in the diary")
    assert ball(story).holder is Holder.US


@pytest.mark.parametrize(
    ("wanted", "given", "files"),
    [
        ("How long may we keep the spare pump?", "All of May, it goes elsewhere after that.", ()),
        ("Could you send us the logger file?", "here it is", ("log.csv",)),
        ("Please change the name on the bill.", "Invoice 553 attached, with the new name on it.", ("553.pdf",)),
        ("校正証明書をお願いいたします。", "証明書ができましたので、お納めください。", ("校正証明書.pdf",)),
    ],
)
def test_what_gives_them_all_they_wanted_ends_the_matter(wanted: str, given: str, files: tuple[str, ...]) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", wanted)
    story.say("ueda", "kita", "4/13 10:00", given, files=files)
    assert ball(story).holder is Holder.NOBODY


def test_what_they_have_to_decide_is_theirs_also_after_we_answered_what_they_asked_of_it() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Could you quote us for a pump?")
    story.say("ueda", "kita", "4/13 10:00", "Our quotation is attached.", files=("quotation.pdf",))
    story.say("kita", "ueda", "4/14 10:00", "Does that include the hoses?")
    story.say("ueda", "kita", "4/14 11:00", "The hoses are included.")
    assert ball(story).holder is Holder.THEM


@pytest.mark.parametrize(
    ("said", "holder"),
    [
        ("替えの部品が見つかりましたら、すぐにお知らせします。", Holder.US),
        ("ご注文をいただきましたら、すぐに手配いたします。", Holder.THEM),
        ("見本をお送りいただけますか。見本が届きましたら、納期をご連絡します。", Holder.THEM),
    ],
)
def test_what_is_bound_to_happen_without_them_is_ours_to_watch(said: str, holder: Holder) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "ポンプの部品が割れました。")
    story.say("ueda", "kita", "4/13 10:00", f"価格は3,000円です。{said}")
    assert ball(story).holder is holder


def test_thanks_with_a_good_report_end_the_matter_and_with_trouble_do_not() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "一度見に来ていただけますか。")
    story.say("ueda", "kita", "4/13 10:00", "土曜の朝8時、二人。")
    report = "土曜は朝からありがとうございました。すっかり静かになり、皆も喜んでおりました。"
    story.say("kita", "ueda", "4/20 09:00", report)
    assert ball(story).holder is Holder.NOBODY
    story.say("kita", "ueda", "4/21 09:00", "昨日はありがとうございました。今朝また止まりました。")
    assert ball(story).holder is Holder.US


def test_who_calls_off_and_will_say_more_has_the_ball() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "4/20(月)までにお見積書をお送りいたします。")
    story.say("kita", "ueda", "4/14 10:00", "お見積りは不要となりました。結論は5月中旬になる見込みです。")
    assert ball(story).holder is Holder.THEM


def test_what_they_will_do_at_their_own_place_brings_us_nothing() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "The certificate is attached.", files=("certificate.pdf",))
    story.say("kita", "ueda", "4/13 11:00", "Received with thanks. We will close the deviation on our side.")
    assert ball(story).holder is Holder.NOBODY
