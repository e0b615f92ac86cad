"""Lines put together and taken apart: wrapped Japanese and English, bullets, salutations."""

from notes.sentences import split


def texts(text: str) -> list[str]:
    """The sentences' words alone."""
    return [sentence.text for sentence in split(text)]


def test_a_wrapped_japanese_line_is_joined_without_a_space() -> None:
    assert texts("下記の部品を再手配して\nいただけますでしょうか。") == [
        "下記の部品を再手配していただけますでしょうか。"
    ]


def test_a_wrapped_english_line_is_joined_with_a_space() -> None:
    text = "We will send the revised drawings together with\nthe price list tomorrow. Thanks!"
    assert texts(text) == ["We will send the revised drawings together with the price list tomorrow.", "Thanks!"]


def test_a_predicate_without_a_full_stop_ends_its_sentence() -> None:
    assert texts("花水木の北です\n部品が届きません\n至急ご連絡ください") == [
        "花水木の北です",
        "部品が届きません",
        "至急ご連絡ください",
    ]


def test_a_salutation_stands_alone() -> None:
    assert texts("Hi Susumu,\nThe pump works again.") == ["Hi Susumu,", "The pump works again."]
    assert texts("北様\nお世話になっております。") == ["北様", "お世話になっております。"]


def test_bullets_and_numbered_items_stand_alone() -> None:
    assert [(one.text, one.bullet) for one in split("質問です。\n1. 色は選べますか\n② 納期\n・価格")] == [
        ("質問です。", False),
        ("1. 色は選べますか", True),
        ("② 納期", True),
        ("・価格", True),
    ]


def test_a_labelled_row_is_no_part_of_the_row_above() -> None:
    assert texts("図番 : AB-12\n数量 : 20個") == ["図番 : AB-12", "数量 : 20個"]


def test_abbreviations_and_numbers_do_not_end_a_sentence() -> None:
    assert texts("Mr. Ueda will call at 9.30 a.m. on Friday. Please wait.") == [
        "Mr. Ueda will call at 9.30 a.m. on Friday.",
        "Please wait.",
    ]


def test_a_full_stop_inside_quoted_speech_ends_nothing() -> None:
    assert len(texts("先方は「承知しました。進めます」と言っていました。")) == 1


def test_quotes_and_rules_are_left_out_and_paragraphs_counted() -> None:
    found = split("一行目です。\n> 引用です。\n-----\n二行目です。\n\n三行目です。")
    assert [one.text for one in found] == ["一行目です。", "二行目です。", "三行目です。"]
    assert len({one.paragraph for one in found}) == 3


def test_a_line_without_end_is_cut() -> None:
    assert max(len(one) for one in texts("a" * 100_000)) <= 2_000


def test_a_minus_sign_before_a_measure_is_no_bullet() -> None:
    assert [one.bullet for one in split("-10℃です。\n-5 V.\n- 10 pieces\n-20~60℃")] == [False, False, True, False]


def test_in_a_text_of_short_lines_every_line_was_ended_by_its_writer() -> None:
    text = "Fair enough\nNeed tags on the new ones this time, can you do that\nPete"
    assert texts(text) == text.split("\n")


def test_who_writes_small_letters_only_ends_lines_and_sentences_all_the_same() -> None:
    text = (
        "went by the shop at 11:15. counted 34 of 70 plants dead or dying. the roots\n"
        "are wet. took some pictures\n"
        "told him ada would say by the end of this week whether it is money or new\n"
        "plants\nnot the other shop"
    )
    assert texts(text)[2:] == [
        "the roots are wet.",
        "took some pictures",
        "told him ada would say by the end of this week whether it is money or new plants",
        "not the other shop",
    ]


def test_a_japanese_line_with_two_blanks_in_it_is_a_row() -> None:
    rows = ["品名  数量", "椅子  60脚", "机 大  20台"]
    assert texts("\n".join(rows)) == rows
    assert texts("納期の件ですが、  来週の水曜\nまでお待ちいただけますか。") == [
        "納期の件ですが、  来週の水曜までお待ちいただけますか。"
    ]


def test_a_spoken_ending_closes_a_line_without_a_full_stop() -> None:
    text = "鍵は明日返しときますね\n領収書は後でいいので写真もらえます?"
    assert texts(text) == ["鍵は明日返しときますね", "領収書は後でいいので写真もらえます?"]
    assert texts("明日お送りしますよ\nうお願いします。") == ["明日お送りしますようお願いします。"]
