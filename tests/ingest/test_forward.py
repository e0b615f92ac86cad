"""Forwards unwrapped: who wrote, to whom, when, and what the forwarder wrote above."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingest.body import divide
from ingest.body.printed import moment, people
from ingest.forward import unwrap
from notes.model import Address, Forwarded
from tests.ingest.golden import golden

TOKYO = ZoneInfo("Asia/Tokyo")
MAILS = [*golden("forward"), *golden("body")]


@pytest.mark.parametrize(("name", "text", "subject", "sender", "expected"), MAILS, ids=[case[0] for case in MAILS])
def test_a_golden_mail_holds_its_forwards(
    name: str, text: str, subject: str, sender: Address, expected: dict[str, Any]
) -> None:
    found = [
        {
            "from": mail.sender.address,
            "from_name": mail.sender.name,
            "to": [{"name": person.name, "address": person.address} for person in mail.to],
            "cc": [{"name": person.name, "address": person.address} for person in mail.cc],
            "date": mail.date.isoformat() if mail.date else None,
            "subject": mail.subject,
            "text": mail.text,
            "above": mail.above,
        }
        for mail in unwrap(divide(text, subject, sender), subject, zone=TOKYO)
    ]
    assert found == expected["forwarded"]


def attached(**changes: Any) -> Forwarded:
    values: dict[str, Any] = {"sender": Address("", "oka@higashi.example"), "to": (), "cc": (), "date": None}
    return Forwarded(**{**values, "subject": "納期", "text": "いつですか。", "above": "", **changes})


def test_an_attached_mail_gets_what_was_written_above_it() -> None:
    text = "ご対応ください。\n小西"
    (found,) = unwrap(divide(text, "Fwd: 納期"), "Fwd: 納期", zone=TOKYO, already=(attached(),))
    assert found.above == text


def test_a_forward_inside_an_attached_mail_is_found() -> None:
    inner = (
        "確認願います。\n\n---------- Forwarded message ---------\nFrom: 古賀 <koga@sekkei.example>\n"
        "Date: 2022年3月8日(火) 11:05\nSubject: 図面\nTo: 岡\n\n差し替えます。"
    )
    chain = unwrap((), "Fwd: 図面", zone=TOKYO, already=(attached(subject="Fwd: 図面", text=inner),))
    assert [mail.sender.address for mail in chain] == ["oka@higashi.example", "koga@sekkei.example"]
    assert chain[1].above == "確認願います。"
    assert chain[1].text == "差し替えます。"


def test_a_reply_holds_no_forward() -> None:
    text = "はい。\n\n-----Original Message-----\nFrom: oka@higashi.example\nSubject: 納期\n\nいつですか。"
    assert unwrap(divide(text, "Re: 納期"), "Re: 納期", zone=TOKYO) == ()


def test_a_chain_without_end_stops() -> None:
    text = "---------- Forwarded message ---------\nFrom: a@b.example\nSubject: Fwd: x\n\n" * 5000
    assert len(unwrap(divide(text, "Fwd: x"), "Fwd: x", zone=TOKYO)) <= 10


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2011年12月8日木曜日 9:18", "2011-12-08T09:18:00+09:00"),
        ("2022年12月5日(月) 午後5:53", "2022-12-05T17:53:00+09:00"),
        ("2020/01/05 午前12:10", "2020-01-05T00:10:00+09:00"),
        ("令和元年5月7日 10:00", "2019-05-07T10:00:00+09:00"),
        ("11/12/08", "2011-12-08T00:00:00+09:00 時刻なし"),
        ("2019/5/8, Wed 18:22", "2019-05-08T18:22:00+09:00"),
        ("2020-01-01 (水) 10:00:00 (GMT+09:00)", "2020-01-01T10:00:00+09:00"),
        ("2022年12月5日 10:00:00 JST", "2022-12-05T10:00:00+09:00"),
        ("Mon, 05 Dec 2022 10:00:00 -0500", "2022-12-05T10:00:00-05:00"),
        ("Monday, December 5, 2022 10:00 AM", "2022-12-05T10:00:00+09:00"),
        ("Tue, Sep 4, 2012 at 1:35 PM", "2012-09-04T13:35:00+09:00"),
        ("02/10/2023 4:52 PM EST", "2023-02-10T16:52:00-05:00"),
        ("28/10/2021 12:46", "2021-10-28T12:46:00+09:00"),
        ("17 août 2022 à 09:06:24 UTC+2", "2022-08-17T09:06:24+02:00"),
        ("Dienstag, 25. November 2014 14:59", "2014-11-25T14:59:00+09:00"),
        ("mardi 2 novembre 2021, 09:26:50", "2021-11-02T09:26:50+09:00"),
        ("26. lokakuuta 2021 klo 14.25.08 UTC+3", "2021-10-26T14:25:08+03:00"),
        ("st 27. 10. 2021 v 9:31", "2021-10-27T09:31:00+09:00"),
        ("2 ноября 2021 г., 09:26:50", "2021-11-02T09:26:50+09:00"),
    ],
)
def test_a_printed_date_is_read_in_the_forwarders_zone_unless_it_names_one(printed: str, iso: str) -> None:
    expected = iso.removesuffix(" 時刻なし")
    if iso != expected:
        printed = f"納期 on {printed}"
    found = moment(printed, TOKYO)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize("printed", ["", "昨日", "10:00", "31/31/2020", "2020年13月45日", "9" * 500])
def test_what_names_no_day_is_no_date(printed: str) -> None:
    assert moment(printed, TOKYO) is None


def test_a_named_offset_wins_over_the_zone() -> None:
    assert moment("December 5, 2022 at 10:00:00 AM GMT+9", UTC) == datetime(
        2022, 12, 5, 10, tzinfo=timezone(timedelta(hours=9))
    )


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("岡 由紀 [mailto:Oka@Higashi.example]", [("岡 由紀", "oka@higashi.example")]),
        ("<oka@higashi.example>, 村井 <m@minami.example>", [("", "oka@higashi.example"), ("村井", "m@minami.example")]),
        ("岡 由紀; 保全グループ", [("岡 由紀", ""), ("保全グループ", "")]),
        ("Lind, Bo <bo@nord.example>; x@nord.example", [("Lind, Bo", "bo@nord.example"), ("", "x@nord.example")]),
        ("\"'Lind, Bo'\" <bo@nord.example>", [("Lind, Bo", "bo@nord.example")]),
        ("bo@nord.example <bo@nord.example>", [("", "bo@nord.example")]),
        ("岡 由紀/営業部/HIGASHI@HIGASHI", [("岡 由紀", "")]),
        (
            "Bo Lind<mailto:bo@nord.example> <bo@nord.example<mailto:bo@nord.example>> "
            "on behalf of t@nord.example<mailto:t@nord.example>",
            [("Bo Lind", "bo@nord.example")],
        ),
        ("", []),
    ],
)
def test_printed_people_are_read(printed: str, expected: list[tuple[str, str]]) -> None:
    assert [(person.name, person.address) for person in people(printed)] == expected
