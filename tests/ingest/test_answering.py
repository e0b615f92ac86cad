"""Who is answered on a mail to the log: one of the staff, and nothing that could answer back by itself."""

import pytest

from ingest.answering import addressee, is_automatic, named_case
from ingest.receive import read
from notes.model import Directory, Staff

OURS = Directory(
    domains=frozenset({"tsubame.example"}),
    staff=(
        Staff("mori", "Aya Mori", ("mori@tsubame.example",)),
        Staff("log", "The log", ("log@tsubame.example", "no-reply@tsubame.example", "kawari@tsubame.example")),
    ),
    log_addresses=frozenset({"log@tsubame.example"}),
    log_senders=frozenset({"tsubame.example"}),
    ignored_addresses=frozenset({"kawari@tsubame.example"}),
)
MAIL = (
    "From: Aya Mori <mori@tsubame.example>\r\nTo: log@tsubame.example\r\nSubject: TEL\r\n"
    "Date: Mon, 02 Mar 2026 10:00:00 +0900\r\nMessage-ID: <m1@tsubame.example>\r\n\r\nHe called.\r\n"
)


def answered(mail: str, ref: str = "m1@tsubame.example") -> str:
    raw = mail.encode()
    person = addressee(read(raw), ref, raw, OURS)
    return person.id if person else ""


@pytest.mark.parametrize("above", ["", "Auto-Submitted: no\r\n", "Return-Path: <mori@tsubame.example>\r\n",
                                   "Precedence: normal\r\n", "X-Auto-Response-Suppress: OOF, DR\r\n"])  # fmt: skip
def test_a_colleague_is_answered(above: str) -> None:
    assert answered(above + MAIL) == "mori"


@pytest.mark.parametrize(
    "above",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated; owner-email=\"x@tsubame.example\"\r\n",
        "auto-submitted: AUTO-NOTIFIED (by rule)\r\n",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-replied\r\n",
        "Auto-Submitted: something-new\r\n",
        "List-Id: <staff.tsubame.example>\r\n",
        "List-Post: <mailto:staff@tsubame.example>\r\n",
        "List-Something-New: x\r\n",
        "Precedence: bulk\r\n",
        "Precedence: LIST\r\n",
        "Precedence: junk\r\n",
        "Precedence: auto_reply\r\n",
        "Return-Path: <>\r\n",
        "Return-Path: <MAILER-DAEMON>\r\n",
        "Return-Path: < >\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "X-Auto-Response-Suppress: DR, AutoReply\r\n",
        "From: x@evil.example\r\n",
    ],
)  # fmt: skip
def test_what_a_program_or_a_list_wrote_is_not_answered(above: str) -> None:
    assert answered(above + MAIL) == ""


@pytest.mark.parametrize(
    "sender",
    [
        "log@tsubame.example",
        "log+kiku-1@tsubame.example",
        "kawari@tsubame.example",
        "no-reply@tsubame.example",
        "MAILER-DAEMON@tsubame.example",
        "unlisted@tsubame.example",
        "ito@asagao.example",
        "mori@tsubame.example>, Eve <eve@evil.example",
        "",
    ],
)
def test_nobody_but_a_person_of_the_staff_is_answered(sender: str) -> None:
    assert answered(MAIL.replace("mori@tsubame.example>\r\nTo", f"{sender}>\r\nTo", 1)) == ""


def test_a_mail_without_a_name_of_its_own_is_not_answered() -> None:
    assert answered(MAIL.replace("Message-ID", "X-Id")) == ""
    assert answered(MAIL, ref="m1@tsubame.example-2") == ""
    assert answered(MAIL.replace("<m1@", "<m1\u3042@"), ref="m1\u3042@tsubame.example") == ""


def test_an_absence_notice_without_any_header_is_not_answered() -> None:
    body = "I am out of the office until Monday. In urgent cases please call my colleague.\r\n"
    assert answered(MAIL.replace("TEL", "Automatic reply: filed").replace("He called.\r\n", body)) == ""


def test_headers_of_odd_shapes_are_read() -> None:
    assert not is_automatic({"auto-submitted": [" No ; x=y"], "precedence": [""], "return-path": ["<a@b.example>"]})
    assert is_automatic({"return-path": [" <> "]})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("#kiku-1\r\n", "kiku-1"),
        ("これは ＃kiku-1 です。\r\n", "kiku-1"),
        ("#Kiku-1\r\n\r\n> Filed: a call. It is in #asagao-1\r\n", "kiku-1"),
        ("#kiku-1 and #asagao-1\r\n", ""),
        ("thanks\r\n", ""),
        ("see https://x.example/#kiku-1\r\n", ""),
    ],
)
def test_a_reply_names_a_case_in_its_own_words(text: str, key: str) -> None:
    mail = MAIL.replace("He called.\r\n", text).replace(
        "Subject", "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nSubject"
    )
    assert named_case(read(mail.encode())) == key
