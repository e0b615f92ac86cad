"""What a customer asks: questions, requests for information, items of a list; and what only looks like one."""

from datetime import datetime
from pathlib import Path

import pytest

from notes.phrases import load
from notes.questions import ask
from tests.notes.stories import CALENDAR, TOKYO


def test_a_users_own_words_ask() -> None:
    own = load({"mine.toml": '[ask-info.mine]\nwords = ["入稿可否のほど"]\n[not-question.mine]\nwords = ["社内用"]'})
    assert [one.quote for one in ask("入稿可否のほど。", phrases=own)] == ["入稿可否のほど。"]
    assert not ask("社内用：入稿可否のほど。", phrases=own)


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
        "この値段は送料込みですか。",
        "取り付けはいつ頃お願いできますか。",
        "在庫、まだありますかね",
        "なぜ2回請求が来ているのか、説明してください。",
        "こちらで用意するものはありますでしょうか。",
        "契約書の第5条の意味をご説明いただけますか。",
        "保証は何年つくのでしょうか？",
        "同じ色でもう少し小さいものはないですか。",
        "カードで払えますか？",
        "領収書の宛名を変更することは可能でしょうか。",
        "現在の進捗をお知らせください。",
        "この前の件ですが、その後いかがでしょうか。",
        "1個から注文できるか教えて下さい",
        "請求書の宛先は本社でよろしいでしょうか。",
        "工事中は水が使えなくなるのでしょうか。",
        "Do you do this in oak as well?",
        "Have you had a chance to look at my drawings?",
        "Whose fault is that?",
        "Not sure which size we need. What do you suggest?",
        "Can somebody tell me where my order is?",
        "Please explain the extra charge on invoice 881.",
        "I need to know if it's safe to turn it back on.",
        "Is the warranty still valid?",
        "and how about the old one, do you take it away",
        "Could we pay in two instalments?",
        "I am wondering whether the pump would be strong enough.",
        "We would like to understand why the price went up.",
        "Your price includes fitting, correct?",
        "Please provide a breakdown of the costs.",
        "Any update on the sofa?",
        "What are you going to do about it",
        "Need tags on the new ones this time, can you do that",
        "Please also state whether delivery by June 28 is possible.",
        "Kindly indicate which of the two colours is in stock.",
        "We'd be grateful if you could confirm the price.",
        "Could you let me know whether the blue one is still made.",
        "I was wondering how long the repair takes.",
        "when will the driver be here",
        "how much for fifty",
        "Any chance of getting it a day earlier?",
        "Do let me know what it would cost.",
        "Might I ask what the minimum order is?",
        "I'd appreciate a quote for twelve of them.",
        "She asked whether the old pump can stay.",
        "It would be good to know if you deliver on Saturdays.",
        "Please quote for 40 chairs.",
        "納期はいつ頃になりますか",
        "これって保証はききますか？",
        "単価はおいくらでしょう。",
        "在庫の有無をお聞かせ願えますか。",
        "色違いがあるかどうか教えてもらえると助かります。",
        "貴社のご見解を賜りたく存じます。",
        "送料がいくらになるか、お伺いしたくご連絡しました。",
        "修理と交換のどちらが安いか知りたいです。",
        "先日の件、どうなりました？",
        "サイズはどうすればいいですか。",
        "見積もってもらえますか。",
        "20個だといくらになるか見積りください。",
        "部品はまだ作っていらっしゃいますでしょうか。",
        "15時に変えられますか。",
        "取り付けは自分たちでもできるものなのでしょうか。",
        "使用上の注意点などあれば、お教え願います。",
        "部品表をいただくことはできますか。",
        "(1) -10℃での動作保証値を教えてください。",
        "(1) What do you guarantee at -10 degrees?",
        "Would 14:00 suit you?",
        "Is there any way to speed this up?",
        "What's the lead time on these?",
        "御社では対応可能か、ご確認いただけますでしょうか。",
        "型番が変わったのか確認したいのですが。",
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
        "いつもご丁寧なご対応をありがとうございます。",
        "お返事をお待ちしております。",
        "先ほどお電話でお話ししたとおりです。",
        "何卒ご容赦ください。",
        "お振込みは完了しております。",
        "ご不便をおかけしますが、ご理解のほどお願いいたします。",
        "どうぞお大事になさってください。",
        "お手数をおかけしますが、どうぞよろしくお願い申し上げます。",
        "誰に聞いても同じ答えでした。",
        "何時でも構いません。",
        "ご連絡いただきありがとうございます。",
        "お知らせありがとうございます。",
        "見積書を確かに受け取りました。",
        "I don't know what happened.",
        "I wonder no longer, it came today.",
        "Tell your driver thanks from me.",
        "We know how busy you are.",
        "What a mess, but we will manage.",
        "Would love to see it one day.",
        "How kind of you.",
        "That is what we asked for.",
        "No questions from our side.",
        "Your answer helped a lot.",
        "Please confirm receipt of this request.",
        "The directors always want to know.",
        "Please acknowledge receipt.",
        "Who knows?",
        "Can you believe it?",
        "Hope you had a nice weekend?",
        "Fair enough?",
        "受領のご連絡をお願いいたします。",
        "本メールを受け取られましたらご一報ください。",
        "お元気でいらっしゃいますか。",
        "ご査収のほどお願い申し上げます。",
        "ご確認のほどよろしくお願いいたします。",
        "お気軽にお問い合わせください。",
        "何かありましたらお知らせください。",
        "暑い日が続きますが、いかがお過ごしでしょうか。",
        "以上、よろしくお願いいたします。",
        "Please find the order attached.",
        "Please let me know if anything is unclear.",
        "Feel free to call if you have questions.",
        "Thanks for asking what we needed.",
        "I asked Bea what she thought.",
        "来月からは別の者が担当いたしますので、お見知りおきください。",
        "お手すきの折にご覧いただけますと幸いです。",
        "ご都合のよい時にお立ち寄りください。",
        "How are things?",
        "What a week!",
        "What we need is a new pump.",
        "When the parts arrive, call us.",
        "Where possible, use the lift.",
    ],
)
def test_courtesy_and_reports_ask_nothing(sentence: str) -> None:
    assert asked(sentence) == []


def test_items_of_a_list_count_and_the_sentence_that_points_at_them_does_not() -> None:
    text = "下記3点につきましてご回答をお願いいたします。\n1) 保証期間\n2) 消費電力\n3) 色は選べるか"
    assert asked(text) == ["1) 保証期間", "2) 消費電力", "3) 色は選べるか"]


def test_a_list_of_what_is_told_asks_nothing() -> None:
    text = "確認の結果を下記のとおりご報告いたします。\n1) 表面　傷なし\n2) 塗装　むら\n再検査の日をご教示ください。"
    assert asked(text) == ["再検査の日をご教示ください。"]


def test_a_request_that_names_its_matter_before_a_comma_is_no_bare_one() -> None:
    text = "社員証ケースにつきまして、お見積りを頂戴したく存じます。\n箔押しにした場合の差額もお示しください。"
    assert asked(text) == text.split("\n")


def test_a_question_too_short_to_be_understood_brings_the_sentence_before() -> None:
    assert asked("The report has not come. Where is it?") == ["The report has not come. Where is it?"]


def test_what_a_caller_wanted_to_know_is_found_in_a_memo() -> None:
    (found,) = ask("Midori rang. She wants to know if the old pump can be thrown away.", phrases=load())
    assert found.rule == "ask-memo"


def test_pressing_for_an_answer_is_told_from_asking() -> None:
    assert ask("至急ご回答をお願いいたします。", phrases=load())[0].rule == "ask-again"
    assert ask("Any news on the offer?", phrases=load())[0].rule == "ask-again"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Do you have the blue ones? Our broker needs it by noon.", "2026-03-10 12:00"),
        ("在庫はありますか？\n3/18(水)までにご回答いただけますと助かります。", "2026-03-18 23:59"),
        ("納期を本日中に教えてください。", "2026-03-10 23:59"),
        ("明日の13時の会議の前に、単価をお知らせください。", "2026-03-11 13:00"),
        ("Could you tell me by noon on Wednesday whether the price holds?", "2026-03-11 12:00"),
        ("Can you deliver by Friday?", None),
        ("3/27までに納品いただけますか。", None),
        ("18日の10時に別の業者が来るので、それより前に教えてください。\n工事は要りますか。", "2026-03-18 10:00"),
        ("Is the part in stock? Please let me know today.", "2026-03-10 23:59"),
        ("Deadline 30 March. Where are the reports?", "2026-03-30 23:59"),
        ("By Friday, please tell me how many you have.", "2026-03-13 23:59"),
        ("We need an answer by 5 pm tomorrow. Does the offer include freight?", "2026-03-11 17:00"),
        ("ご多忙のところ恐縮ですが、可否につきまして木曜の午前中にご返答いただけますでしょうか。", "2026-03-12 12:00"),
        ("お見積りを金曜までにいただけますか。", "2026-03-13 23:59"),
        ("色は選べますか。明日の朝までに返事をもらえると助かります。", "2026-03-11 12:00"),
        ("至急ご回答ください。", None),
        ("何日までにお返事すればよろしいですか。", None),
        ("Please advise before Thursday noon. What is the lead time?", "2026-03-12 12:00"),
        ("期限は3/20です。単価を教えてください。", "2026-03-20 23:59"),
        (
            "Quotes must be in my hands by 9:00 AM on Tuesday, March 17. Is June 28 possible?",
            "2026-03-17 09:00",
        ),
        ("LとMは3/18(水)までにお返事します。Mサイズは1袋に何尾入りますか?", None),
        ("Lは3/18(水)までにご返答いただけますか。", "2026-03-18 23:59"),
        ("We will get back to you by Friday on the price. How many are in a box?", None),
        ("We will need an answer by Friday. How many are in a box?", "2026-03-13 23:59"),
        ("15時までの会議が終わり次第お電話ください。在庫はありますか。", None),
        ("15時まで会議なので夕方にお電話ください。在庫はありますか。", None),
        ("在庫はありますか。15時までのご回答をお願いします。", "2026-03-10 15:00"),
        ("明日は15時から会議です。正午までに納期を教えてください。", "2026-03-10 12:00"),
        ("What's the price for ten? Thanks, and I'd need to know by Monday.", "2026-03-16 23:59"),
    ],
)
def test_the_moment_by_which_an_answer_is_wanted_is_the_one_named_with_it(text: str, wanted: str | None) -> None:
    (found,) = ask(text, phrases=load(), said_at=datetime(2026, 3, 10, 10, tzinfo=TOKYO), calendar=CALENDAR)
    assert (f"{found.wanted:%Y-%m-%d %H:%M}" if found.wanted else None) == wanted


def test_numbered_questions_with_a_minus_sign_are_each_found() -> None:
    text = "(1) -10℃での動作保証値を教えてください。\n(2) 6面のうち2面を先に納めていただけますか。"
    assert len(asked(text)) == 2


def test_a_request_that_only_says_by_when_counts_alone_but_not_beside_a_question() -> None:
    assert asked("本日中にご回答をお願いいたします。") == ["本日中にご回答をお願いいたします。"]
    assert asked("在庫はありますか。\n本日中にご回答をお願いいたします。") == ["在庫はありますか。"]


def sentences(kind: str) -> list[str]:
    """The sentences of a kind in the file beside this one."""
    text = Path(__file__).with_name("questions_of_all_kinds.txt").read_text("utf-8")
    below = text.split(f"[{kind}]\n")[1].split("\n[")[0]
    return [line for line in below.splitlines() if line]


@pytest.mark.parametrize("sentence", sentences("asked"))
def test_people_ask_in_many_ways(sentence: str) -> None:
    assert asked(sentence), sentence


@pytest.mark.parametrize("sentence", sentences("none"))
def test_and_say_much_that_only_looks_like_asking(sentence: str) -> None:
    assert not asked(sentence), sentence


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("I have no number for the meeting. Where are we?", "Where are we?"),
        ("The cover broke. Is it covered?", "The cover broke. Is it covered?"),
        ("The blue one. How much?", "The blue one. How much?"),
        ("needs to be in before friday, we fill the tanks saturday. would thursday work?", "would thursday work?"),
    ],
)
def test_the_sentence_before_comes_along_where_it_is_pointed_at(text: str, quote: str) -> None:
    assert asked(text) == [quote]
