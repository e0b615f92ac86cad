"""A case's standing: a pure forward fold, with what people decided on top."""

import pytest

from notes.model import Correction, Kind, PromiseState
from notes.standing import MOST_OPEN, promise_id, stand
from tests.bounded import bounded
from tests.notes.stories import CALENDAR, DIRECTORY, Story, at


def one_promise() -> Story:
    """A story with one open promise, due on 15 April."""
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "お見積書は4/15(水)までにお送りいたします。")
    return story


def decided(kind: str, target: str, day: str = "4/14 09:00", **value: str) -> Correction:
    """A correction by Mori."""
    return Correction(1, at(day), "mori", kind, target, value)


def test_an_id_is_six_letters_and_follows_the_words_not_their_wrapping() -> None:
    made = promise_id("a@b.example", "明日お送りいたします。")
    assert len(made) == 6
    assert not set(made) & set("il1o0")
    assert made == promise_id("a@b.example", "明日お送り\nいたします。")
    assert made != promise_id("c@d.example", "明日お送りいたします。")


def test_the_order_of_arrival_does_not_matter() -> None:
    story = one_promise()
    story.say("ueda", "kita", "4/15 10:00", "お見積書を添付いたします。", files=("御見積書.pdf",))
    there = stand(story.mails, (), directory=DIRECTORY, calendar=CALENDAR)
    back = stand(story.mails[::-1], (), directory=DIRECTORY, calendar=CALENDAR)
    assert there == back


def test_nothing_learned_later_changes_what_was_known_before() -> None:
    story = one_promise()
    before = story.stands()
    story.say("ueda", "kita", "4/15 10:00", "お見積書を添付いたします。", files=("御見積書.pdf",))
    assert stand(story.mails[:1], (), directory=DIRECTORY, calendar=CALENDAR) == before
    assert story.stands().promises[0].made_at == before.promises[0].made_at


def test_a_person_keeps_moves_withdraws_and_rejects() -> None:
    story = one_promise()
    target = story.stands().promises[0].id
    kept = story.stands(decided("promise-keep", target)).promises[0]
    assert kept.kept is not None
    assert (kept.kept.ref, kept.kept.reason, kept.confirmed) == ("person:mori", "person", True)
    moved = story.stands(decided("promise-move", target, to="2026-04-20T12:00:00+09:00")).promises[0]
    assert moved.due_now == at("4/20 12:00")
    withdrawn = story.stands(decided("promise-withdraw", target)).promises[0]
    assert withdrawn.state(at("4/20 09:00")) is PromiseState.WITHDRAWN
    standing = story.stands(decided("promise-reject", target))
    assert standing.promises[0].rejected
    assert standing.next_due is None
    assert standing.ball.holder.value != "us"


def test_a_rejected_sentence_is_rejected_wherever_it_is_said_again() -> None:
    story = one_promise()
    target = story.stands().promises[0].id
    story.say("ueda", "kita", "4/15 10:00", "お見積書を添付いたします。", files=("御見積書.pdf",))
    story.say("ueda", "kita", "4/16 10:00", "お見積書は4/15(水)までにお送りいたします。")
    rejected = story.stands(decided("promise-reject", target)).promises
    assert all(one.rejected for one in rejected)


def test_an_unknown_target_changes_nothing() -> None:
    story = one_promise()
    assert story.stands(decided("promise-keep", "zzzzzz")) == story.stands()


def test_a_suppliers_promise_is_theirs_and_its_question_not_the_customers() -> None:
    story = one_promise()
    story.say("supplier", "ueda", "4/13 12:00", "We will ship the pump on Thursday. Is the address right?", answers="")
    standing = story.stands()
    assert [one.by.value for one in standing.promises] == ["us", "them"]
    assert standing.questions == ()


def test_automatic_replies_and_bounces_promise_nothing() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "4/20以降に順次ご返信いたします。", kind=Kind.AUTO)
    assert story.stands().promises == ()
    assert story.stands().last_in is None


def test_a_question_is_answered_by_an_answer_and_not_by_a_promise_of_one() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "校正の周期は1年と考えてよろしいでしょうか。")
    story.say("ueda", "kita", "4/13 10:00", "確認して折り返しご連絡いたします。")
    assert story.stands().questions[0].answered_in is None
    answer = story.say("ueda", "kita", "4/14 10:00", "校正の周期は2年で問題ございません。")
    assert story.stands().questions[0].answered_in == answer


def test_a_question_in_a_forward_and_one_told_in_a_memo_count() -> None:
    story = Story()
    story.forward("mori", "4/15 09:00", "届いていました。", "Could you send me the signed form?", "4/13 18:00")
    story.say("mori", "log", "4/15 10:00", "Midori rang. Wants to know if the old pump can go.", kind=Kind.CALL)
    assert len(story.stands().questions) == 2


def test_a_long_case_stands_quickly() -> None:
    story = Story()
    for number in range(200):
        day = f"{4 + number // 56}/{1 + (number // 2) % 28} {9 + number % 8}:00"
        who, to = ("ueda", "kita") if number % 2 else ("kita", "ueda")
        story.say(
            who,
            to,
            day,
            f"図面{number}番を9月{1 + number % 28}日までにお送りいたします。\n価格{number}はいくらですか。",
        )
    story.stands()
    with bounded():
        story.stands()


def test_a_case_of_years_still_takes_promises_and_questions() -> None:
    story = Story()
    for number in range(MOST_OPEN + 1):
        month, day = 1 + number // 28, 1 + number % 28
        story.say("kita", "ueda", f"{month}/{day} 09:00", f"図面{number}番はいつ届きますか。")
        story.say("ueda", "kita", f"{month}/{day} 10:00", f"図面{number}番を本日中にお送りいたします。")
        story.say(
            "ueda", "kita", f"{month}/{day} 16:00", f"図面{number}番をお送りいたします。", files=(f"図面{number}.pdf",)
        )
    story.say("kita", "ueda", "12/1 09:00", "見積書はいつ届きますか。")
    story.say("ueda", "kita", "12/1 10:00", "見積書を12月10日までにお送りいたします。")
    stands = story.stands()
    assert stands.promises[-1].quote == "見積書を12月10日までにお送りいたします。"
    assert stands.questions[-1].quote == "見積書はいつ届きますか。"
    assert sum(one.is_open for one in stands.promises) == 1


def test_a_price_promised_on_the_telephone_is_still_asked_for() -> None:
    story = Story()
    story.forward(
        "mori", "4/15 09:00", "電話で、金額は21日に出しますと言った。", "下取りはいくらになりますか？", "4/14 18:00"
    )
    assert [one.quote for one in story.stands().questions if one.answered_in is None] == [
        "下取りはいくらになりますか？"
    ]


def test_what_is_quoted_below_a_forwarded_mail_is_not_its_writers_word() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "検査表は17日までにお送りします。")
    ordered = "ポンプを1台追加で注文いたします。"
    quoted = "差出人: 北 みどり\n送信日時: 2026年4月10日 9:00\n宛先: 上田 進\n\n前回の検査表、確かに届きました。"
    story.forward(
        "mori", "4/15 11:00", "追加注文です。", f"{ordered}\n\n-----Original Message-----\n{quoted}", "4/15 9:00"
    )
    assert story.stands().promises[0].kept is None


def test_what_the_writer_of_a_forwarded_mail_says_counts() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "検査表は17日までにお送りします。")
    story.forward("mori", "4/17 11:00", "ご参考です。", "検査表、確かに届きました。", "4/17 9:00")
    assert story.stands().promises[0].kept is not None


@pytest.mark.parametrize(
    ("said", "withdrawn"),
    [
        ("The broker has gone silent. And forget the steel version, the works won't make fewer than ten.", True),
        ("We checked with the works. The steel version is off the table.", True),
        ("Don't forget the steel version, it's worth waiting for.", False),
        ("Before I forget the name: the steel version is called S4.", False),
    ],
)
def test_what_is_called_off_in_so_many_words_is_not_done_by_what_else_is_told(said: str, withdrawn: bool) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Can you price the housings?")
    story.say("ueda", "kita", "4/13 10:00", "I'll throw in a steel version by Friday as well.")
    story.say("ueda", "kita", "4/14 10:00", said)
    (promise,) = story.stands().promises
    assert (promise.withdrawn is not None) is withdrawn


@pytest.mark.parametrize(
    ("first", "is_open"),
    [
        ("1) asked the works for the drawing, you'll get the figure by noon Wednesday", True),
        ("1. I've checked with our lab. You'll have the figure on Wednesday.", True),
        ("1. It's 340 mm over all. You'll have the drawing on Wednesday.", False),
        ("1. Asked the works, they say 340 mm.", False),
    ],
)
def test_an_item_that_only_tells_who_was_asked_answers_nothing(first: str, is_open: bool) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "1. What is the length of the pump?\n2. Do bolts come with it?")
    story.say("ueda", "kita", "4/13 10:00", f"2) no, bolts are by you\n{first}\n\nEnjoy the weekend!")
    one, two = story.stands().questions
    assert (one.answered_in is None) is is_open
    assert two.answered_in is not None


def test_who_would_rather_not_guess_has_not_answered() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Is the hatch on the left or on the right?")
    story.say("ueda", "kita", "4/13 10:00", "Depends on the shaft, and I don't want to guess. I'll measure on Friday.")
    assert story.stands().questions[0].answered_in is None
