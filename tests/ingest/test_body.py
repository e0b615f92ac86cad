"""Zones of a body: what is new, what is quoted, what is courtesy, what is signed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.body import divide
from notes.model import Address, Zone, ZoneKind
from tests.bounded import bounded
from tests.ingest.golden import golden

WRITER = Address("村井 健太", "murai@minami.example")
BODIES = [*golden("body"), *golden("forward")]


def kinds(zones: tuple[Zone, ...], kind: ZoneKind) -> str:
    return "\n".join(zone.text for zone in zones if zone.kind is kind).strip()


def new(text: str, subject: str = "Re: 納期", sender: Address = WRITER) -> str:
    return kinds(divide(text, subject, sender), ZoneKind.NEW)


@pytest.mark.parametrize(("name", "text", "subject", "sender", "expected"), BODIES, ids=[case[0] for case in BODIES])
def test_a_golden_mail_has_its_zones(
    name: str, text: str, subject: str, sender: Address, expected: dict[str, Any]
) -> None:
    found = [{"kind": z.kind.value, "rule": z.rule, "text": z.text} for z in divide(text, subject, sender)]
    assert found == expected["zones"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "> はい",
                ">>",
                "-- ",
                "----------",
                "明日伺います。",
                "差出人: 岡 <oka@h.example>",
                "件名: 納期",
                "From: a@b.example",
                "Subject: x",
                "On 2011/12/08 9:18, Oka wrote:",
                "Begin forwarded message:",
                "TEL 03-0000-0000",
                "岡様",
                "よろしくお願いいたします。",
                "Kind regards,",
                "-----Original Message-----",
                " \t",
                "| x",
                "<",
                "2011/12/08 09:18",
            ]
        )
        | st.text(max_size=30),
        max_size=25,
    ),
    st.sampled_from(["", "Re: x", "Fw: x"]),
)
def test_every_line_is_in_exactly_one_zone(lines: list[str], subject: str) -> None:
    text = "\n".join(lines)
    assert "\n".join(zone.text for zone in divide(text, subject, WRITER)) == text


HEADS = {
    "becky": "On Thu, 08 Dec 2011 09:18:00 +0900\n岡 由紀 <oka@higashi.example> wrote:\n\n> {}",
    "gmail": "2011年12月8日(木) 9:18 岡 由紀 <oka@higashi.example>:\n\n> {}",
    "gmail, address wrapped": "2022年12月5日(月) 10:00 ひがし工業 岡 <\noka@higashi.example>:\n\n> {}",
    "gmail without time": "2011/12/8 岡 由紀 <oka@higashi.example>\n\n> {}",
    "thunderbird old": "(2011/12/08 9:18), 岡 由紀 wrote:\n> {}",
    "thunderbird": "On 2019/05/08 18:22, 岡 由紀 wrote:\n> {}",
    "roundcube": "2024-03-05 09:12 に 岡 由紀 さんは書きました:\n> {}",
    "iphone": "2020/01/05 午後5:12、岡 由紀 <oka@higashi.example>のメール：\n\n> {}",
    "ios old": "On 2011/12/08, at 9:18, 岡 由紀 <oka@higashi.example> wrote:\n\n> {}",
    "no date at all": "岡さんは書きました：\n| {}",
    "no colon": "Thu, 08 Dec 2011 09:18:00 +0900 に 岡 さんは書きました\n> {}",
    "full-width marks": "＞ {}",
    "eudora": "At 10:00 AM 2011/12/08, 岡 wrote:\n> {}",
    "wanderlust": 'In message "納期" on 11/12/08, 岡 <oka@higashi.example> writes:\n> {}',
    "outlook": "________________________________\n差出人: 岡 由紀\n"
    "送信日時: 2013年4月5日 9:12\n宛先: 村井\n件名: 納期\n"
    "\n{}",
    "outlook without rule": "差出人: 岡 由紀 <oka@higashi.example>\n送信日時: 2022年12月5日 10:00\n宛先: 村井\n"
    "件名: 納期\n\n{}",
    "outlook bold": "*差出人:* 岡\n*送信日時:* 2024年3月5日 9:12\n*宛先:* 村井\n*件名:* 納期\n\n{}",
    "outlook classic": "-----元のメッセージ-----\n差出人： 岡\n送信日時： 2011年12月8日 9:18\n"
    "宛先： 村井\n件名： 納期\n\n{}",
    "outlook express": "----- Original Message ----- \nFrom: 岡\nTo: 村井\nSent: Thursday, December 08,"
    " 2011 9:18 AM\nSubject: 納期\n\n{}",
    "notes": "岡 由紀 <oka@higashi.example>\n2011/12/08 09:18\n\n宛先\t村井 <murai@minami.example>\ncc\n"
    "件名\tRe: 納期\n\n{}",
    "notes wrote": "-----岡 由紀/HIGASHI wrote: -----\n宛先: 村井\n"
    "差出人: 岡 由紀/HIGASHI\n日付: 2011/12/08 09:18AM\n"
    "件名: 納期\n\n{}",
    "yahoo": "----- Original Message -----\nFrom: 岡 <oka@higashi.example>\nTo: m@minami.example\nDate: 2019/5/8,"
    " Wed 18:22\n\n> {}",
    "yahoo new": "2022年12月5日月曜日 10:00:00 JST、岡 由紀 <oka@higashi.example> のメール:\n\n{}",
    "groupware": "岡由紀さんの書き込み 2012/03/04 10:00\n\n> {}",
    "french": "Le lun. 5 déc. 2022 à 10:00, Jean Petit <jean@sud.example> a écrit :\n\n> {}",
    "german": "Am 05.12.2022 um 10:00 schrieb Hans Klein:\n> {}",
    "italian": "Il giorno lun 5 dic 2022 alle ore 10:00 Anna Rossi <anna@sud.example> ha scritto:\n\n> {}",
    "spanish": "El lun, 5 dic 2022 a las 10:00, Ana (<ana@sud.example>) escribió:\n\n> {}",
    "windows mail": "От: Анна\n"
    "Отправлено: \u200eчетверг, 26\u200e \u200eиюня\u200e \u200e2014\u200e г. 15\u200e:\u200e05\n"
    "Кому: M\n\n{}",
    "polish outlook": "Od: Jan Kot <jan@sud.example>\nWysłano: środa, 1 marca 2023 12:00\nDo: M\nTemat: Termin\n\n{}",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_the_quote_of_each_client_is_no_new_text(head: str) -> None:
    text = f"岡様\n\n明日お送りします。\n\n{head.format('ご確認ください。')}\n"
    assert new(text) == "明日お送りします。"


def test_answers_between_quoted_lines_stay_new_and_in_order() -> None:
    text = "On 2019/05/08 18:22, 岡 wrote:\n> 納期は\n来週です。\n> 価格は\n据え置きです。\n"
    assert new(text) == "来週です。\n据え置きです。"


def test_a_quoted_line_torn_by_the_client_is_still_quoted() -> None:
    text = (
        "Fine.\n\nOn 5 Jan 2020, Bo Lind wrote:\n> see https://higashi.example/a/very/long/address\n_id=77\n> thanks\n"
    )
    assert new(text) == "Fine."


@pytest.mark.parametrize(
    "line",
    [
        "On Monday the auditor wrote: nothing.",
        "From: Yokohama\nTo: Oslo\nDate: 24 March",
        "件名: 工事のご案内\n日時: 3月10日 10:00",
        ">>> 本日限り <<<",
        ">From the desk of the chairman",
    ],
)
def test_text_that_only_looks_like_a_quote_stays_new(line: str) -> None:
    assert line in new(f"岡様\n\n{line}\n詳細は明日お送りします。\n")


@pytest.mark.parametrize(
    "signature",
    [
        "-- \n村井 健太\nみなみ産業株式会社",
        "＊＊＊＊＊＊＊＊＊\n㈱みなみ産業　総務部長　村井健太\nＴＥＬ：０３－００００－５６７８\n＊＊＊＊＊＊＊＊＊",
        "◇◆◇◆◇◆◇◆\n みなみ産業株式会社\n 村井 健太\n◇◆◇◆◇◆◇◆",
        "---- みなみ産業株式会社 --------------\n技術本部 村井 健太\nTEL 03-0000-5678\n"
        "--------------------------------------",
        "====================\nみなみ産業株式会社\n村井 健太\n--------------------\nTEL 03-0000-5678\n"
        "====================",
        "みなみ産業　村井\nTEL:03-0000-5678",
        "株式会社みなみ\n代表取締役　村井 健太\n〒999-0000 大阪市北区西町0-0\nTEL (06)0000-5678",
        "村井",
        "Androidから送信",
    ],
)
@pytest.mark.parametrize(
    "quote", ["", "\n\nOn Thu, 08 Dec 2011 09:18:00 +0900\n岡 <oka@higashi.example> wrote:\n> 納期は\n"]
)
def test_a_signature_is_not_new_text(signature: str, quote: str) -> None:
    zones = divide(f"岡様\n\n明日の10時に伺います。\n\n{signature}{quote}", "Re: 納期", WRITER)
    assert kinds(zones, ZoneKind.NEW) == "明日の10時に伺います。"
    assert kinds(zones, ZoneKind.SIGNATURE) == signature.strip()


@pytest.mark.parametrize(
    "end",
    [
        "下記へお送りください。\n\n株式会社みなみ 第二倉庫\n〒999-0000 東京都中央区東町0-0-0\nTEL 03-0000-5678",
        "担当は以下です。\n\n佐々木 090-0000-2222\n田島 090-0000-3333",
        "--------------------\n品名   数量\n部品A  10\n--------------------",
        "ご連絡のほど、よろしくお願いいたします。",
        "・3/4(月) 工場 10:00\n・3/5(火) 本社",
        "Sent from my desk, it takes a minute.",
    ],
)
def test_in_doubt_nothing_is_cut(end: str) -> None:
    assert new(f"岡様\n\nお世話になっております。\n来週の件です。\n\n{end}\n") == f"来週の件です。\n\n{end}"


@pytest.mark.parametrize(
    "line",
    [
        "岡様",
        "いつもお世話になっております。みなみ産業の村井です。",
        "お疲れ様です。",
        "Hi James,",
        "Dear all,",
        "ひがし工業 御中",
    ],
)
def test_a_line_that_only_greets_is_a_greeting(line: str) -> None:
    zones = divide(f"{line}\n\n明日伺います。")
    assert [(zone.kind, zone.text) for zone in zones] == [
        (ZoneKind.GREETING, f"{line}\n"),
        (ZoneKind.NEW, "明日伺います。"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "お世話になっております。見積の件、明日お送りします。",
        "Hi James, can you call me?",
        "Morning meeting",
        "納品は明日です。",
    ],
)
def test_a_greeting_with_more_in_the_line_is_new(line: str) -> None:
    assert new(f"{line}\nよろしく") == line or line in new(f"{line}\n以上の件です")


def test_a_banner_over_the_text_ends_where_the_text_begins() -> None:
    zones = divide("【社外メール】このメールは社外から送信されています。\n岡様\n\n午後伺います。\n")
    assert [zone.kind for zone in zones] == [ZoneKind.BANNER, ZoneKind.GREETING, ZoneKind.NEW]


def test_a_confidentiality_notice_within_the_text_is_text() -> None:
    text = "Please add this:\n\nThis email is confidential and may contain secrets.\n\nThen send it."
    assert new(text) == text


def test_the_subject_tells_a_forward_from_a_reply() -> None:
    text = (
        "ご対応ください。\n\n差出人: 岡 <oka@higashi.example>\n送信日時: 2022年12月5日 10:00\n宛先: 村井\n"
        "件名: 納期\n\nいつですか。\n"
    )
    assert kinds(divide(text, "FW: 納期"), ZoneKind.FORWARDED).startswith("差出人")
    assert kinds(divide(text, "RE: 納期"), ZoneKind.QUOTE) == "いつですか。"
    assert kinds(divide(text, "Re: FW: 納期"), ZoneKind.QUOTE) == "いつですか。"


HOSTILE = {
    "one long line": "a " * 500_000,
    "marks in one line": ">" * 1_000_000,
    "marked lines": ">\n" * 100_000,
    "deep marks": "\n".join(">" * depth + " x" for depth in range(1000)),
    "attributions that never end": "On 1 Jan 2020 10:00 a <a@b.example\n" * 28_000,
    "open brackets": "On 1 Jan 2020 <\n" * 60_000,
    "header lines": "From: a@b.example\n" * 55_000,
    "separators": "---- Forwarded message ----\n" * 35_000,
    "rules": "-----\n" * 100_000,
    "telephones": "TEL 03-1234-5678\n" * 55_000,
    "answers": "> q\nanswer\n" * 80_000,
    "greetings": "お世話になっております" * 30_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_megabyte_is_read_in_bounded_time(text: str) -> None:
    with bounded():
        divide(text, "Re: x", WRITER)


@pytest.mark.parametrize(
    "above",
    [
        "",
        "Hallo,\n\nhier der Termin.\n\n-- \nUta Kern\nTel. +49 30 1234567",
        "Yes.\n\nOn 6 May 2024 10:00, A wrote:\n> When?",
    ],
)
def test_an_invitation_is_neither_signature_nor_quote(above: str) -> None:
    told = "METHOD: REQUEST\nSUMMARY: Kick-off\nDTSTART: 2024-01-22 09:00 +01:00\nLOCATION: Raum 5"
    text = f"{above}\n{told}" if above else told
    zones = divide(text)
    assert zones[-1] == Zone(ZoneKind.NEW, told, "invitation")
    assert "\n".join(zone.text for zone in zones) == text
