"""The log of a poller: a line an event, in words, all of its moments in one zone, and with `--log-json` nothing but
JSON."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli import words
from cli.desk import Desk
from cli.error_words import noticed, sentence
from cli.faults import listen
from cli.happenings import Teller, record
from ingest.faults import told
from ingest.poll import Notice
from ingest.watching import Code, Happening
from notes.errors import MailboxError
from tests.cli.conftest import Kawari

TOKYO = ZoneInfo("Asia/Tokyo")
LOST = Happening(
    Code.LOST,
    "mori",
    error=MailboxError("mailbox-closed", mailbox="mori", host="h", port=143, said=""),
    until=datetime(2026, 11, 27, 20, 19, 5, tzinfo=UTC),
)


def test_the_next_try_is_said_in_the_zone_of_the_line() -> None:
    event = record(LOST, TOKYO)
    assert event["retry_at"] == "2026-11-28T05:19:05+09:00"
    assert event["text"].endswith("2026-11-28 05:19:05")


def test_a_fault_is_an_event_too_and_no_mail_was_left_aside_for_it() -> None:
    lines: list[str] = []
    listen(lines.append, debug=False)
    told("poller", ValueError())
    told("not-filed", ValueError())
    assert "status" not in lines[0]
    assert "status" in lines[1]


def test_a_fault_is_json_where_the_log_is(bare: Kawari, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    listen(Teller(Desk(None, {}), lambda: None, as_json=True).fault, debug=False)
    told("poller", ValueError())
    assert json.loads(capfd.readouterr().err)["event"] == "fault"


def test_once_keeps_to_json_when_asked_to(bare: Kawari, tmp_path: Path) -> None:
    (tmp_path / "kawari.toml").write_text(SETTINGS)
    done = bare("poll", "--once", "--log-json")
    assert done.code == 5
    (event,) = [json.loads(line) for line in done.err.splitlines()]
    assert (event["level"], event["error"]) == ("warning", "password-env-missing")
    assert (event["mailbox"], event["folder"]) == ("mori", "INBOX")


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "利用者かパスワードが違います"), ("en", "wrong user or password")]
)
def test_a_failure_that_is_quoted_is_quoted_in_words(language: str, said: str) -> None:
    words.choose(language)
    kept = "mailbox-wrong-password: [AUTHENTICATIONFAILED] wrong"
    for text in (
        sentence(MailboxError("mailbox-failed-before", mailbox="sato", said=kept)),
        noticed(Notice("content-later", {"mailbox": "sato", "said": kept})),
    ):
        assert "mailbox-wrong-password" not in text
        assert f"{said} ([AUTHENTICATIONFAILED] wrong)" in text


SETTINGS = """
language = "en"
database = "sqlite:///kawari.db"
[[mailbox]]
id = "mori"
host = "127.0.0.1"
port = 9
security = "none"
user = "mori"
password_env = "KAWARI_NOBODYS"
folders = { "INBOX" = "log" }
"""
