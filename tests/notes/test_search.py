"""Tokens, queries and the sentence of a hit."""

import pytest

from notes.search import MOST_TOKENS, Wanted, hits, parse, sentence, spans, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("請求書", ["請求", "求書", "書"]),
        ("請", ["請"]),
        ("Invoice No. HK-5521", ["invoice", "no", "hk", "5521"]),
        ("ｻｰﾊﾞｰ①", ["サー", "ーバ", "バー", "ー", "1"]),
        ("納\n期は", ["納期", "期は", "は"]),
        ("mori@midori.example", ["mori", "midori", "example"]),
        ("snake_case", ["snake", "case"]),
        ("Größe café", ["grösse", "café"]),
        ("", []),
    ],
)
def test_a_text_is_words_and_pairs_of_characters(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_a_mail_of_endless_words_gives_no_more_than_can_be_kept() -> None:
    assert len(tokens("請求" * 200_000)) == MOST_TOKENS
    assert max(map(len, tokens("a" * 10_000))) < 100


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("請求書", Wanted(("請求", "求書"), "請求書")),
        ("請", Wanted(("請",), "請", begins=True)),
        ("invoice", Wanted(("invoice",), "invoice", begins=True)),
        ("no", Wanted(("no",), "no")),
        ('"invoice"', Wanted(("invoice",), "invoice")),
        ('"last year"', Wanted(("last", "year"), "last year")),
        ("「請求書 5521」", Wanted(("請求", "求書", "書", "5521"), "請求書 5521")),
        ("-draft", Wanted(("draft",), "draft", begins=True, unwanted=True)),
        ("from:tanaka", Wanted(("tanaka",), "tanaka", begins=True, field="from")),
        ("差出人：田中", Wanted(("田中",), "田中", field="from")),
        ("10:30", Wanted(("10", "30"), "10:30")),
        ("Re:見積", Wanted(("re", "見積"), "re:見積")),
    ],
)
def test_a_word_of_a_query_is_a_phrase_of_tokens(typed: str, wanted: Wanted) -> None:
    assert parse(typed).wanted == (wanted,)


def test_conditions_are_told_from_words() -> None:
    query = parse(
        'customer:acme case:acme-3 before:2026-12-01 after:"2026-11-01 09:00" has:attachment promise:open 納期'
    )
    assert (query.customer, query.case, query.before, query.after) == (
        "acme",
        "acme-3",
        "2026-12-01",
        "2026-11-01 09:00",
    )
    assert query.attachment
    assert query.promise_open
    assert [one.words for one in query.wanted] == ["納期"]


def test_conditions_have_japanese_names() -> None:
    query = parse("客先:みどり 以後:2026-11-01 約束:未了")
    assert (query.customer, query.after, query.promise_open) == ("みどり", "2026-11-01", True)


def test_a_condition_of_no_meaning_is_named() -> None:
    assert parse("has:money promise:kept x").unknown == ("has:money", "promise:kept")


@pytest.mark.parametrize("typed", ["", "   ", "-draft", "!!!", '""'])
def test_what_asks_for_nothing_is_empty(typed: str) -> None:
    assert parse(typed).is_empty


def test_the_sentence_of_a_hit_is_the_one_with_most_wanted_words() -> None:
    text = "お世話になっております。請求書の件です。請求書の宛名を変更してください。"
    assert sentence([text], parse("請求書 宛名")) == "請求書の宛名を変更してください。"
    assert sentence(["We sent it.", "The invoices were late."], parse("invoice")) == "The invoices were late."
    assert sentence(["Nothing here."], parse("invoice")) == ""


def test_a_short_latin_word_is_not_found_inside_another() -> None:
    assert hits("notable", parse("no")) == ()
    assert hits("No. 5", parse("no")) == ("no",)


def test_spans_of_hits_do_not_overlap() -> None:
    assert spans("Invoice 請求書 invoice", ["invoice", "請求", "請求書"]) == [(0, 7), (8, 10), (12, 19)]
