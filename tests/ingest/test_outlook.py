"""Mails in Outlook's own forms: `.msg` files and `winmail.dat`."""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import files, parse
from ingest.parse.outlook import MAGIC, mail_of_msg, parts_of_tnef, rtf
from ingest.receive import read
from notes.errors import UnreadableMailError
from notes.model import Address, Kind, Role
from tests.ingest.compound import compound_file, properties

SENT = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 30

INNER = {
    **properties(
        {0x0037: "Torque values", 0x1000: "21 Nm, dry.", 0x0C1A: "Uta Kern", 0x5D01: "uta@kern.example"}, head=24
    ),
}
MSG = {
    **properties(
        {
            0x001A: "IPM.Note",
            0x0037: "RE: 軸受の納期について",
            0x1000: "三輪様\r\n\r\n7月3日に発送いたします。\r\n\r\n富田 彩\r\nTEL 052-000-1234\r\n",
            0x0042: "富田 彩",
            0x0065: "/O=TOMITA/CN=AYA",
            0x5D02: "Aya@tomita-bearing.example",
            0x1035: "<20260304.7@tomita-bearing.example>",
        },
        {0x0039: SENT},
        head=32,
    ),
    "__recip_version1.0_#00000000": properties({0x3001: "三輪 誠", 0x39FE: "miwa@hokuto.example"}, {0x0C15: 1}),
    "__recip_version1.0_#00000001": properties({0x3001: "購買", 0x3003: "kobai@hokuto.example"}, {0x0C15: 2}),
    "__attach_version1.0_#00000000": properties({0x3707: "図面 A-7.pdf", 0x370E: "application/pdf", 0x3701: PDF}),
    "__attach_version1.0_#00000001": {**properties({0x3001: "Torque values"}), "__substg1.0_3701000D": INNER},
}


def test_an_outlook_file_is_read_like_any_mail() -> None:
    mail = read(compound_file(MSG))
    assert (mail.subject, mail.sender) == ("RE: 軸受の納期について", Address("富田 彩", "aya@tomita-bearing.example"))
    assert (mail.to, mail.cc) == (
        (Address("三輪 誠", "miwa@hokuto.example"),),
        (Address("購買", "kobai@hokuto.example"),),
    )
    assert (mail.date, mail.ref, mail.kind) == (SENT, "20260304.7@tomita-bearing.example", Kind.MAIL)
    assert "7月3日に発送いたします。" in mail.new_text
    assert mail.contact
    assert mail.contact.phone == "052-000-1234"
    assert [(one.name, one.type, one.size) for one in mail.attachments][:1] == [
        ("図面 A-7.pdf", "application/pdf", len(PDF))
    ]
    assert mail.forwarded[0].sender == Address("Uta Kern", "uta@kern.example")
    assert mail.forwarded[0].text == "21 Nm, dry."


def test_an_attachment_of_an_outlook_file_comes_out_whole() -> None:
    contents = [content for one, content in parse.attachments(compound_file(MSG)) if one.name]
    assert contents == [PDF]


def test_the_headers_an_outlook_file_has_kept_are_the_ones_that_count() -> None:
    headers = (
        "Received: from a.example by b.example; Wed, 4 Mar 2026 10:30:02 +0900\r\n"
        "From: =?utf-8?b?5a+M55Sw?= <aya@tomita-bearing.example>\r\nDate: Wed, 4 Mar 2026 10:30:00 +0900\r\n"
        "Subject: kept\r\nReferences: <a@b.example>\r\n <c@d.example>\r\n"
        "Content-Type: multipart/mixed;\r\n boundary=gone\r\n"
    )
    mail = read(compound_file({**MSG, **properties({0x007D: headers, 0x1000: "Text."}, head=32)}))
    assert (mail.sender.name, mail.subject, mail.date.isoformat()) == ("富田", "kept", "2026-03-04T10:30:00+09:00")
    assert mail.references == ("a@b.example", "c@d.example")
    assert mail.text == "Text."


def test_html_in_an_outlook_file_is_read_in_its_code_page() -> None:
    html = "<p>納品書を<b>お送り</b>します。</p>".encode("cp932")
    mail = read(compound_file(properties({0x0037: "x", 0x1013: html}, {0x3FDE: 932}, head=32)))
    assert mail.text == "納品書をお送りします。"


def test_rich_text_is_read_where_there_is_nothing_else() -> None:
    rich = rb"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fnil\fcharset128 MS;}}\f0 \'94\'5b\'8a\'fa\par Due {\b May} 3\par}"
    packed = struct.pack("<IIII", len(rich) + 12, len(rich), 0x414C454D, 0) + rich
    mail = read(compound_file(properties({0x0037: "x", 0x1009: packed}, head=32)))
    assert mail.text == "納期\nDue May 3"


def test_compressed_rich_text_that_wraps_html_gives_the_html() -> None:
    # MS-OXRTFCP, section 4.1: the specification's own example
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232 0af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    rich = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Gr\'fc\'dfe\htmlrtf\par}\htmlrtf0"
        rb"{\*\htmltag72 </p>}}"
    )
    assert rtf.text_of(struct.pack("<IIII", len(rich) + 12, len(rich), 0x414C454D, 0) + rich) == (
        "<p>Grüße</p>",
        "text/html",
    )


@pytest.mark.parametrize("cut", [8, 600, 1_500, 3_000])
def test_a_damaged_outlook_file_is_no_mail_and_raises_nothing_else(cut: int) -> None:
    raw = compound_file(MSG)[:cut]
    assert raw.startswith(MAGIC)
    if not mail_of_msg(raw):
        with pytest.raises(UnreadableMailError):
            read(raw)


def test_an_outlook_file_is_found_in_a_folder_and_imported_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "order.msg").write_bytes(compound_file(MSG))
    (tmp_path / "table.xls").write_bytes(compound_file({"Workbook": b"x" * 100}))
    (found,) = files.raw_mails(tmp_path, "miwa", "INBOX", Role.INBOX)
    assert found.raw == compound_file(MSG)
    (one,) = files.raw_mails(tmp_path / "order.msg", "miwa", "INBOX", Role.INBOX)
    assert read(one.raw).subject == "RE: 軸受の納期について"


# --- winmail.dat -----------------------------------------------------------------------------------------------------


def attribute(name: int, data: bytes, level: int = 1, kind: int = 6) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def mapi(values: Iterable[tuple[int, int, bytes]]) -> bytes:
    listed = list(values)
    packed = b"".join(
        struct.pack("<HHII", kind, number, 1, len(data)) + data + b"\0" * (-len(data) % 4)
        for number, kind, data in listed
    )
    return struct.pack("<I", len(listed)) + packed


def tnef(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x9007, struct.pack("<II", 932, 0)) + b"".join(attributes)


LETTER = tnef(
    attribute(0x9003, mapi([(0x1000, 0x1F, "見積書を添付します。\0".encode("utf-16-le"))])),
    attribute(0x9002, bytes(14), level=2),
    attribute(0x8010, "見積.pdf\0".encode("cp932"), level=2),
    attribute(0x800F, PDF, level=2),
    attribute(0x9005, mapi([(0x3707, 0x1F, "見積書 2026-03.pdf\0".encode("utf-16-le"))]), level=2),
    attribute(0x9002, bytes(14), level=2),
    attribute(0x800F, b"plain", level=2),
    attribute(0x8010, b"note.txt\0", level=2),
)
HEAD = b"From: a@b.example\nDate: Wed, 4 Mar 2026 10:30:00 +0900\nSubject: x\nMIME-Version: 1.0\n"
WITH_TEXT = (
    HEAD
    + b'Content-Type: multipart/mixed; boundary="z"\n\n--z\nContent-Type: text/plain\n\n%b\n--z\n'
    + b'Content-Type: application/ms-tnef; name="winmail.dat"\n\n'
)


def test_what_is_in_a_winmail_dat_is_shown_as_if_it_lay_in_the_mail() -> None:
    mail = parse.parse(WITH_TEXT % b"See the quote." + LETTER + b"\n--z--\n")
    assert [(one.name, one.size) for one in mail.attachments] == [("見積書 2026-03.pdf", len(PDF)), ("note.txt", 5)]
    assert mail.text == "See the quote."
    assert mail.defects == ("tnef",)


def test_the_text_of_a_winmail_dat_counts_where_the_mail_has_none() -> None:
    assert parse.parse(WITH_TEXT % b"" + LETTER + b"\n--z--\n").text == "見積書を添付します。"
    assert parse.parse(HEAD + b"Content-Type: application/ms-tnef\n\n" + LETTER).text == "見積書を添付します。"


def test_a_mail_in_a_winmail_dat_is_a_mail_inside() -> None:
    inner = bytes(16) + tnef(
        attribute(0x9003, mapi([(0x37, 0x1F, "Old".encode("utf-16-le")), (0x1000, 0x1E, "品切れ".encode("cp932"))]))
    )
    outer = tnef(attribute(0x9002, bytes(14), level=2), attribute(0x9005, mapi([(0x3701, 0x0D, inner)]), level=2))
    mail = parse.parse(WITH_TEXT % b"Look." + outer + b"\n--z--\n")
    assert [(one.subject, one.text) for one in mail.forwarded] == [("Old", "品切れ")]


def test_damaged_tnef_stays_an_attachment() -> None:
    mail = parse.parse(WITH_TEXT % b"Hello." + b"\x78\x9f\x3e\x22\n--z--\n")
    assert [one.name for one in mail.attachments] == ["winmail.dat"]
    for end in range(0, len(LETTER), 97):
        parts_of_tnef(LETTER[:end] + b"\xff" * 9)
