"""Bytes become the characters that the sender saw, whatever their charset was called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.parse import charsets, words

NEC_AND_IBM = b"\x1b$B-!-j|b66\x1b(B"  # ①㈱髙橋 in NEC's row 13 and IBM's rows of ISO-2022-JP


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (NEC_AND_IBM, "iso-2022-jp", "①㈱髙橋"),
        (NEC_AND_IBM, "ISO-2022-JP-MS", "①㈱髙橋"),
        (NEC_AND_IBM, "CP50221", "①㈱髙橋"),
        (b"\x1b(I6E6\x1b(B", "iso-2022-jp", "ｶﾅｶ"),
        (b"\x0e6E6\x0f", "iso-2022-jp", "ｶﾅｶ"),
        (b"\x1b(J\\~\x1b(B", "iso-2022-jp", "\\~"),
        (b"\x1b$B4A;z\n4A;z\x1b(B\n", "iso-2022-jp", "漢字\n漢字\n"),
        (b"\x1b$B!A\x1b(B", "iso-2022-jp", "～"),
        ("①～".encode("cp932"), "Shift_JIS", "①～"),
        ("①髙".encode("cp932"), "x-sjis", "①髙"),
        (b"\xad\xa1\xc0\xb5", "EUC-JP", "①正"),
        ("镕€".encode("gb18030"), "gb2312", "镕€"),
        ("똠".encode("cp949"), "ks_c_5601-1987", "똠"),
        (b"\x93a\x94 \x80", "iso-8859-1", "“a” €"),
        (b"caf\xe9", '"us-ascii"', "café"),
        ("見積".encode("utf-7"), "utf-7", "見積"),
        ("見積".encode("utf-16"), "utf-16", "見積"),
        ("\ufeff見積".encode(), "utf8", "見積"),
    ],
)
def test_a_charset_name_means_its_superset(data: bytes, declared: str, text: str) -> None:
    assert charsets.decode(data, declared) == (text, "")


@pytest.mark.parametrize("codec", ["utf-8", "iso2022_jp", "cp932", "euc_jp"])
@pytest.mark.parametrize("text", ["納期のご確認をお願いいたします。", "お見積り\nABC 123", "株式会社カエデ"])
def test_japanese_without_a_charset_is_guessed(codec: str, text: str) -> None:
    assert charsets.decode(text.encode(codec)).text == text


@pytest.mark.parametrize("text", ["Grüße aus München, das Gerät läuft", "déjà vu à l'été", "Señor Núñez"])
def test_western_text_without_a_charset_is_not_taken_for_japanese(text: str) -> None:
    assert charsets.decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("declared", ["x-nobody", "rot13", "idna", "unicode_escape", "hex", "\x00", "é", "a" * 5000])
def test_a_name_that_is_no_charset_is_guessed_and_said(declared: str) -> None:
    assert charsets.decode("資料です".encode(), declared) == ("資料です", "charset-unknown")


def test_a_charset_that_cannot_be_true_is_guessed_and_said() -> None:
    assert charsets.decode("資料を送ります".encode(), "iso-2022-jp") == ("資料を送ります", "charset-wrong")
    assert charsets.decode("資料を送ります".encode("cp932"), "utf-8") == ("資料を送ります", "charset-wrong")


def test_one_bad_byte_damages_one_character_only() -> None:
    text, defect = charsets.decode("あいうえおかきくけこさしす".encode() + b"\xff" + "せそ".encode(), "utf-8")
    assert (text, defect) == ("あいうえおかきくけこさしす\ufffdせそ", "charset-damaged")


def test_unpaired_surrogates_of_utf_7_are_no_text() -> None:
    assert charsets.decode("+2AA-あ".encode(), "utf-7").text.encode()


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "iso-2022-jp", "shift_jis", "euc-jp", "utf-7", "x"]))
def test_decoding_never_raises_and_gives_text_that_can_be_stored(data: bytes, declared: str | None) -> None:
    charsets.decode(data, declared).text.encode()


@given(st.text(max_size=200))
def test_header_values_never_raise_and_hold_no_control_characters(value: str) -> None:
    assert all(char >= " " for char in words.readable(value))


def test_words_of_one_charset_are_joined_before_decoding() -> None:
    assert words.readable("=?utf-8?B?5pel5py=?= =?utf-8?B?rA==?=") == "日本"
    assert words.readable("=?utf-8?Q?=E6=97=A5=E6?=\r\n =?utf-8?Q?=9C=AC?=") == "日本"


def test_base64_cut_at_no_multiple_of_four_is_joined_before_decoding() -> None:
    assert words.readable("=?utf-8?B?5pel5p?= =?utf-8?B?ys?=") == "日本"


def test_text_beside_encoded_words_keeps_its_spaces() -> None:
    assert words.readable("Re: =?utf-8?Q?=E6=97=A5?= a =?utf-8?Q?=E6=9C=AC?= =?iso-8859-1?Q?_x?=") == "Re: 日 a 本 x"


def test_a_language_in_an_encoded_word_is_no_part_of_its_charset() -> None:
    assert words.readable("=?utf-8*ja?Q?=E6=97=A5?=") == "日"


def test_a_raw_header_is_read_in_the_charset_that_the_body_names() -> None:
    raw = "견적".encode("cp949").decode("ascii", "surrogateescape")
    assert words.readable(raw, "euc-kr") == "견적"


def test_a_raw_header_in_utf_8_is_known_although_the_body_names_another_charset() -> None:
    assert words.readable("日本".encode().decode("ascii", "surrogateescape"), "iso-8859-1") == "日本"


def test_terminal_escapes_and_direction_marks_are_dropped() -> None:
    assert words.readable("=?utf-8?Q?a=1B[31mb=E2=80=AEc?=") == "a[31mbc"
