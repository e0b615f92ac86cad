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
