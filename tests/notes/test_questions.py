"""What a customer asks: questions, requests for information, items of a list; and what only looks like one."""

import pytest

from notes.phrases import load
from notes.questions import ask


def asked(text: str) -> list[str]:
    """The questions' words."""
    return [one.quote for one in ask(text, phrases=load())]


@pytest.mark.parametrize(
    "sentence",
    [
        "保証期間は何年でしょうか。",
        "在庫はありますか？",
        "単価を教えてください。",
        "お見積りをお願いいたします。",
        "納期を早めていただくことは可能でしょうか。",
        "どちらの色が合うか、ご教示いただけますと助かります。",
        "来週の工事は予定どおりですか",
        "Is the matte paper still available?",
        "Please let us know whether the dates are fine.",
        "Could you send me the signed form?",
        "We need to know how many people can use it.",
    ],
)
def test_a_sentence_that_wants_an_answer_is_found(sentence: str) -> None:
    assert asked(sentence) == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "お世話になっております。",
        "ご不明な点がございましたらお知らせください。",
        "お見積りのご依頼、ありがとうございます。",
        "ご検討のほどよろしくお願いいたします。",
        "Let me know if you have any questions.",
        "How are you?",
        "図面を拝受いたしました。",
        "We received the parcel.",
    ],
)
def test_courtesy_and_reports_ask_nothing(sentence: str) -> None:
    assert asked(sentence) == []


def test_items_of_a_list_count_and_the_sentence_that_points_at_them_does_not() -> None:
    text = "下記3点につきましてご回答をお願いいたします。\n1) 保証期間\n2) 消費電力\n3) 色は選べるか"
    assert asked(text) == ["1) 保証期間", "2) 消費電力", "3) 色は選べるか"]


def test_a_question_too_short_to_be_understood_brings_the_sentence_before() -> None:
    assert asked("The report has not come. Where is it?") == ["The report has not come. Where is it?"]


def test_what_a_caller_wanted_to_know_is_found_in_a_memo() -> None:
    (found,) = ask("Midori rang. She wants to know if the old pump can be thrown away.", phrases=load())
    assert found.rule == "ask-memo"


def test_pressing_for_an_answer_is_told_from_asking() -> None:
    assert ask("至急ご回答をお願いいたします。", phrases=load())[0].rule == "ask-again"
    assert ask("Any news on the offer?", phrases=load())[0].rule == "ask-again"
