from hypothesis import given
from hypothesis import strategies as st

from cli.columns import cut, flow, pad, width, wrap
from cli.harmless import harmless
from cli.render_words import titled
from tests.bounded import bounded


def test_full_width_characters_take_two_columns_and_marks_none() -> None:
    assert (width("abc"), width("日本"), width("ｱ"), width("e\u0301"), width("👩")) == (3, 4, 1, 1, 2)


def test_cutting_never_exceeds_the_columns_and_marks_the_loss() -> None:
    assert cut("見積書の件", 10) == "見積書の件"
    assert cut("見積書の件", 9) == "見積書の…"
    assert pad("見積", 6) == "見積  "


def test_japanese_breaks_anywhere_but_not_before_a_full_stop() -> None:
    assert wrap("来週までに回答します。", 20) == ["来週までに回答しま", "す。"]
    assert wrap("本日中に発送いたします", 10) == ["本日中に発", "送いたしま", "す"]
    assert wrap("本日中に。", 8) == ["本日中", "に。"]


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("please answer by noon", 13) == ["please answer", "by noon"]
    assert wrap("https://example.org/a/very/long/address", 12)[0] == "https://exam"


def test_facts_are_broken_between_and_not_within() -> None:
    assert flow(["due Friday", "stated", "score 0.9"], 20) == ["due Friday · stated", "score 0.9"]


@given(st.text(max_size=300), st.integers(10, 120))
def test_no_line_is_wider_than_asked(text: str, columns: int) -> None:
    assert all(width(line) <= columns for line in wrap(harmless(text), columns))


@given(st.text(max_size=300), st.integers(2, 120))
def test_cells_have_exactly_their_width(text: str, columns: int) -> None:
    assert width(pad(harmless(text, one_line=True), columns)) == columns


def test_what_could_move_a_cursor_or_turn_a_line_is_shown_harmlessly() -> None:
    shown = harmless("a\x1b[2Jb\rc\u202egpj.exe\x07\x9b31m\u2066x\u200bz")
    assert not set(shown) & set("\x1b\r\u202e\x07\x9b\u2066\u200b")
    assert harmless("one\r\ntwo\tthree") == "one\ntwo three"
    assert harmless("one\r\n two", one_line=True) == "one two"


def test_a_hostile_line_costs_no_time() -> None:
    with bounded():
        wrap(harmless("あ" * 1_000_000), 80)
        wrap(harmless("a" * 1_000_000), 80)


def test_a_figure_before_a_closing_bracket_stays_whole() -> None:
    assert wrap("取り消しました（11/26(木) 04:17）。", 30) == ["取り消しました（11/26(木)", "04:17）。"]
    assert wrap("あいう04:17）", 12) == ["あいう", "04:17）"]


def test_an_opening_bracket_does_not_end_a_line() -> None:
    assert wrap("キーはそのままです（rootによる）", 20) == ["キーはそのままです", "（rootによる）"]
    assert "".join(wrap("「" * 6, 4)) == "「" * 6


def test_a_subject_of_ten_thousand_characters_is_a_few_lines_of_a_page() -> None:
    assert width(titled("X" * 10_000)) == 240
    assert titled("約束" * 5_000).endswith("…")
    assert titled("HC-20の件") == "HC-20の件"
