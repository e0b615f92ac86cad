"""The log of a poller: a line an event, all of its moments in one zone, and with `--log-json` nothing but JSON."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cli.happenings import record
from ingest.watching import Code, Happening
from notes.errors import MailboxError

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
