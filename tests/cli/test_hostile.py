"""What strangers put into mails to move a cursor, turn text round, flood a page or write into a file: every format."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli.conftest import Kawari

KEY = "asagao-1"
FLOOD = "é" + "\u0301" * 3_000
HOSTILE = (
    "When\x1b[2J do you \u202edeliver\u2066, and\u200b\u200d\u200b why \x9b31m not?\n"
    f"Can you {FLOOD} tell us?\n=cmd|' /C calc'!A0\n<script>steal()</script> [x](http://spy.example)\n"
    "END:VEVENT\nBEGIN:VALARM\n"
)
INVISIBLE = set("\x1b\x9b\x07\u202e\u2066\u200b")
"""Nothing of this reaches a page, in whatever format."""


@pytest.fixture
def hostile(kawari: Kawari, tmp_path: Path) -> Kawari:
    """The small diary with a mail that tries all of it, in its subject, text and the names of its files."""
    mail = EmailMessage()
    mail["Message-ID"], mail["Date"] = "<h2@asagao.example>", "Thu, 05 Mar 2026 10:00:00 +0900"
    mail["From"], mail["To"] = "Hana Ito <ito@asagao.example>", "Aya Mori <mori@tsubame.example>"
    mail["In-Reply-To"] = "<a2@tsubame.example>"
    mail["Subject"] = f"=SUM(1) \x1b[31m\u202e{'long ' * 2_000}<b>"
    mail.set_content(HOSTILE)
    mail.add_attachment(b"x", maintype="text", subtype="plain", filename="../../\u202eevil\x1b.txt")
    (tmp_path / "hostile.eml").write_bytes(mail.as_bytes())
    assert kawari("import", "hostile.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    said = "I send it\r\nEND:VEVENT\nBEGIN:VALARM \x1b[31m \u202e=1+1 <script>steal()</script>"
    assert kawari("promise", "add", KEY, said, "--who", "mori", "--due", "2026-03-09 12:00").code == 0
    return kawari


@pytest.mark.parametrize(
    "command",
    [
        ("timeline", KEY),
        ("handover", "mori"),
        ("search", "deliver"),
        ("show", f"{KEY}#4"),
        ("promise", "list"),
    ],
)
def test_text_bears_no_control_and_no_flood(hostile: Kawari, command: tuple[str, ...]) -> None:
    done = hostile(*command)
    assert done.code == 0, done.err
    assert not INVISIBLE & set(done.out)
    assert "\u0301" * 5 not in done.out
    if command[0] != "show":  # the whole mail is the whole mail
        assert "long " * 200 not in done.out.replace("\n", "")


@pytest.mark.parametrize("form", ["html", "md"])
def test_a_page_to_hand_over_bears_none_either(hostile: Kawari, form: str) -> None:
    assert hostile("export", KEY, "--format", form, "-o", f"case.{form}").code == 0
    page = Path(f"case.{form}").read_text("utf-8")
    assert not INVISIBLE & set(page)
    assert "\u0301" * 5 not in page
    assert "<script>" not in page
    assert "[x](http://spy" not in page or form == "html"  # where it is no link


def test_a_calendar_is_not_written_into(hostile: Kawari) -> None:
    assert hostile("export", KEY, "--format", "ics", "-o", "case.ics").code == 0
    data = Path("case.ics").read_bytes()
    calendar = Calendar.from_ical(data)
    events = [event for event in calendar.walk("VEVENT") if "BEGIN:VALARM" in str(event["DESCRIPTION"])]
    assert len(events) == 1
    assert data.count(b"\nBEGIN:VEVENT") == data.count(b"\nEND:VEVENT") == len(calendar.walk("VEVENT"))
    assert not INVISIBLE & set(data.decode())
