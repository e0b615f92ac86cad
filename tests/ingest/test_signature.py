"""Signatures: name, telephone, title, department, company."""

from typing import Any

import pytest

from ingest.body import divide
from ingest.signature import read
from notes.model import Address, Contact, Zone, ZoneKind
from tests.ingest.golden import golden

MAILS = [*golden("body"), *golden("forward")]


@pytest.mark.parametrize(("name", "text", "subject", "sender", "expected"), MAILS, ids=[case[0] for case in MAILS])
def test_a_golden_mail_has_its_contact(
    name: str, text: str, subject: str, sender: Address, expected: dict[str, Any]
) -> None:
    contact = read(divide(text, subject, sender), sender)
    keys = ("name", "phone", "title", "department", "company")
    assert (contact and {key: getattr(contact, key) for key in keys}) == expected["contact"]


def contact(signature: str, name: str = "村井 健太") -> Contact | None:
    return read((Zone(ZoneKind.SIGNATURE, signature, "sig-ruled"),), Address(name, "murai@minami.example"))


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (
            "みなみ産業株式会社\n　第二営業部 営業一課 係長　村井 健太（むらい けんた）\n"
            "　Tel. 03-1234-5678（直通）／Fax. 03-1234-5679\n　Mobile: 090-1234-5678",
            Contact("村井 健太", "03-1234-5678", "係長", "第二営業部 営業一課", "みなみ産業株式会社"),
        ),
        (
            "㈱みなみ産業　総務部長　村井健太\nＴＥＬ：０３－１２３４－５６７８",
            Contact("村井 健太", "03-1234-5678", "総務部長", "総務部", "㈱みなみ産業"),
        ),
        ("(有)みなみ 専務 村井 健太\nTEL0229-12-3355", Contact("村井 健太", "0229-12-3355", "専務", "", "(有)みなみ")),
        (
            "購買課 課長 村井 健太\nTEL 022-123-7300(内線 214)",
            Contact("村井 健太", "022-123-7300", "課長", "購買課", ""),
        ),
        ("みなみ産業(株) 営業二課\n村井 健太", Contact("村井 健太", "", "営業二課", "営業二課", "みなみ産業(株)")),
        ("女将 村井 健太\nFAX 0772-12-0319\n電話 0772-12-0318", Contact("村井 健太", "0772-12-0318", "女将", "", "")),
        (
            "みなみ産業株式会社\n購買部 課長\n村井 健太\nTel.03-1234-5678 / Fax.03-1234-5679",
            Contact("村井 健太", "03-1234-5678", "課長", "購買部", "みなみ産業株式会社"),
        ),
        (
            "みなみ産業株式会社 館林工場\n資材課 村井 健太\nMob.090-1234-5678",
            Contact("村井 健太", "090-1234-5678", "資材課", "資材課", "みなみ産業株式会社"),
        ),
        (
            "みなみ産業株式会社 札幌営業所\n村井 健太\nTEL 011-123-4567",
            Contact("村井 健太", "011-123-4567", "札幌営業所", "札幌営業所", "みなみ産業株式会社"),
        ),
        (
            "みなみ産業株式会社 www.minami.03-1234-5678.example\n営業二課 村井 健太",
            Contact("村井 健太", "", "営業二課", "営業二課", "みなみ産業株式会社"),
        ),
        ("村井 健太\nFAX 0772-12-0319\n携帯 090-1234-5678", Contact("村井 健太", "090-1234-5678", "", "", "")),
    ],
)
def test_a_japanese_signature_is_read(signature: str, expected: Contact) -> None:
    assert contact(signature) == expected


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        (
            "Anna Lopez\nVP of Operations\nSouth Ridge Foods, LLC\nOffice: (312) 555-0142 | Cell: (312) 555-0143",
            Contact("Anna Lopez", "(312) 555-0142", "VP of Operations", "", "South Ridge Foods, LLC"),
        ),
        (
            "Anna Lopez | Head of Procurement | South Ridge Foods Ltd\nm: +44 7700 900123 t: +44 20 7946 0123",
            Contact("Anna Lopez", "+44 20 7946 0123", "Head of Procurement", "", "South Ridge Foods Ltd"),
        ),
        (
            "Anna Lopez\nAccounts Payable, South Ridge Foods, Inc.\n312-555-0142",
            Contact("Anna Lopez", "312-555-0142", "Accounts Payable", "Accounts Payable", "South Ridge Foods, Inc."),
        ),
        (
            "Anna Lopez\nEinkaufsleiterin\nSüdwerk GmbH & Co. KG\nTelefon: 0711 1234-56",
            Contact("Anna Lopez", "0711 1234-56", "Einkaufsleiterin", "", "Südwerk GmbH & Co. KG"),
        ),
    ],
)
def test_a_western_signature_is_read(signature: str, expected: Contact) -> None:
    assert contact(signature, "Anna Lopez") == expected


@pytest.mark.parametrize(
    "line",
    ["〒123-4567 東京都", "2011/12/08", "10:00-18:00", "https://x.example/03-1234-5678", "+1 23", "No. 12-34-56"],
)
def test_what_is_no_telephone_number_is_none(line: str) -> None:
    found = contact(f"みなみ産業株式会社\n{line}")
    assert found is not None
    assert found.phone == ""


def test_a_device_signs_nobody() -> None:
    assert (
        read((Zone(ZoneKind.SIGNATURE, "iPhoneから送信", "mobile-footer"),), Address("村井", "m@minami.example"))
        is None
    )


def test_the_signature_in_a_quote_is_not_the_writers() -> None:
    assert read((Zone(ZoneKind.QUOTE, "岡\nTEL 03-1234-5678", "mark"),), Address("村井", "m@minami.example")) is None


@pytest.mark.parametrize(
    "footer",
    [
        "CONFIDENTIAL: This message is intended only for the addressee.",
        "Private & Confidential - this e-mail is for the named recipient.",
        "NOTICE: This email and its attachments may be read by the addressee only.",
        "Any unauthorised use of this message is strictly prohibited.",
        "The information transmitted is intended only for the person to whom it is addressed.",
    ],
)
def test_a_lawyers_line_under_a_signature_hides_nothing_of_it(footer: str) -> None:
    sender = Address("Ines Okoro", "okoro@east.example")
    text = f"The seals came today.\n\nInes Okoro\nQuality Engineer II\nEast Foods\nOffice: 330-555-0190\n\n{footer}"
    found = read(divide(text, "Seals", sender), sender)
    assert found is not None
    assert (found.phone, found.title) == ("330-555-0190", "Quality Engineer II")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Order Management", "Order Management"),
        ("Facilities & Maintenance", "Facilities & Maintenance"),
        ("Client Services", "Client Services"),
        ("Planning House", ""),
        ("Returns to sender", ""),
    ],
)
def test_a_line_that_is_a_department_is_the_title_where_there_is_none(line: str, title: str) -> None:
    found = contact(f"Ines Okoro\n{line}\nEast Foods Ltd\n330-555-0190", "Ines Okoro")
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    ("name", "signature", "title"),
    [
        ("Aino Laine", "Aino Laine\nLaboratoriopäivystäjä\nEast Foods Oy\n+358 9 000 0000", "Laboratoriopäivystäjä"),
        ("Laine, Aino", "Aino Laine\nYdin | East Foods Oy\n330-555-0190", "Ydin"),
        ("Ewa Nowicka", "Ewa Nowicka\nDział Jakości\nMinami Sp. z o.o.\n330-555-0190", "Dział Jakości"),
        ("Ines Okoro", "Ines Okoro\nMinami Trading\n330-555-0190", ""),
        ("Ines Okoro", "Ines Okoro\nRiver Court\nEast Foods Ltd\n330-555-0190", ""),
        ("村井 健太", "みなみ酒造場\n杜氏 村井 健太\n電話 072-123-0077", "杜氏"),
        ("村井 健太", "みなみ産業(株) 品管 村井 健太\nTEL 072-123-9871", "品管"),
        ("村井 健太", "みなみ産業 検査室 村井\nTEL 072-123-9871", "検査室"),
        ("村井 健太", "南産業 村井 健太\nTEL 072-123-9871", ""),
    ],
)
def test_what_stands_where_a_position_stands_is_one(name: str, signature: str, title: str) -> None:
    found = contact(signature, name)
    assert found is not None
    assert found.title == title


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("Joy Tran", "Please send a new bill.\n\nJoy Tran\nBought Ledger\nEast Foods Ltd", "Bought Ledger"),
        ("村井 健太", "価格は了解です。\n\nみなみ産業(株) 製造部長 村井 健太", "製造部長"),
        ("Sommer, Uta", "Please confirm.\n\ni.A. Uta Sommer\nPrüfwesen\n\nEast GmbH\nTel.: 0711 000 3150", "Prüfwesen"),
    ],
)
def test_a_name_with_its_company_under_the_text_signs_it(name: str, text: str, title: str) -> None:
    sender = Address(name, "who@minami.example")
    found = read(divide(text, "Bill", sender), sender)
    assert found is not None
    assert found.title == title
