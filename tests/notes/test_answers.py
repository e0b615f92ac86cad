"""Which questions are still open: those of lists, those passed on, those that an order settles."""

import pytest

from tests.notes.stories import Story


def open_questions(story: Story) -> list[str]:
    return [one.quote for one in story.stands().questions if one.answered_in is None]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "(a) Is the base plate part of it?\n(b) What is your response time?",
            "(a) The plate is part of it.\n(b) Six hours.\n\nThe insurance paper follows by Tuesday.",
        ),
        (
            "下記についてご教示ください。\n(1) 納入までの期間\n(2) 旧機の撤去の可否",
            "(1)は6週間程度、(2)は可能でございます。",
        ),
    ],
)
def test_the_items_of_a_list_are_answered_by_their_letters_and_within_one_line(asked: str, told: str) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", asked)
    assert len(open_questions(story)) == 2
    story.say("ueda", "kita", "4/14 09:00", told)
    assert open_questions(story) == []


def test_what_a_colleague_passed_on_is_answered_in_a_thread_of_its_own() -> None:
    story = Story()
    story.forward("mori", "4/13 10:00", "For you.", "Do you keep filters for seawater?", "4/12 18:00")
    assert len(open_questions(story)) == 1
    story.say("ueda", "kita", "4/13 11:00", "We do keep one, the SW-3.", subject="Your note", answers="")
    assert open_questions(story) == []


def test_who_orders_knows_the_price() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "How much & how quick?")
    story.say("ueda", "kita", "4/13 10:00", "You have my word for tomorrow.")
    story.say("ueda", "kita", "4/14 10:00", "Price list 7 it is.", answers="m1@story.example")
    story.say("kita", "ueda", "4/15 10:00", "PO attached. When will they be here?", answers="m1@story.example")
    assert open_questions(story) == ["When will they be here?"]


@pytest.mark.parametrize(
    "asked", ["and does the store room need clearing first", "the gate is open til 1 on the day, is that ok??"]
)
def test_a_question_in_a_hurry_is_one(asked: str) -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", asked)
    assert open_questions(story) == [asked]


def test_to_ask_for_somebody_at_the_gate_is_no_question() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Ask for Ken at the gate.")
    assert open_questions(story) == []


def test_an_answer_that_waits_for_our_own_return_is_still_to_come() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "試験成績書は先にもらえますか。")
    story.say("ueda", "kita", "4/13 10:00", "成績書は社に戻ってからお送りします。")
    assert len(open_questions(story)) == 1


def test_a_word_that_leads_to_what_is_put_off_answers_nothing() -> None:
    story = Story()
    asked = "Who is on duty that night if it leaks? And does the old pump stay in place afterwards?"
    story.say("kita", "ueda", "4/13 09:00", asked)
    told = (
        "The old pump stays where it is for a month.\n\n"
        "As for the person on the night, the rota is being done this week. You'll have the name by Friday."
    )
    story.say("ueda", "kita", "4/13 10:00", told)
    assert open_questions(story) == ["Who is on duty that night if it leaks?"]


def test_a_yes_in_the_words_of_the_question_answers_it() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "交換後の校正は必要ですか。ポンプの在庫はありますか。")
    story.say("ueda", "kita", "4/13 10:00", "必要です。在庫はメーカーに聞いています。月曜にはお答えします。")
    assert open_questions(story) == ["ポンプの在庫はありますか。"]
