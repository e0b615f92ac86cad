"""A diary with a log, for the tests of mail that a mail server hands over."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from tests.cli import diaries
from tests.cli.diaries import TOKYO

LOG = '\n[log]\naddresses = ["log@tsubame.example"]\n'
KAWARI = (sys.executable, "-c", "from cli.app import main; main()")
MORI = "Aya Mori <mori@tsubame.example>"
HANA = "Hana Ito <ito@asagao.example>"


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=TOKYO)


def prepare(folder: Path) -> None:
    """Settings with a log in a folder that holds the small diary's mails."""
    settings = folder / "kawari.toml"
    settings.write_text(settings.read_text("utf-8") + LOG, "utf-8")


def memo(ref: str, text: str, *, to: str = "log@tsubame.example", sender: str = MORI, subject: str = "TEL") -> bytes:
    return diaries.mail(ref, sender, to, at(6, 10), subject, text)


def forward(ref: str) -> bytes:
    """Mori forwards a mail of Hana's that reached a colleague only."""
    text = (
        "Please file this.\n\n-------- Forwarded Message --------\nSubject: Pump P-7 leaks\n"
        "Date: Thu, 5 Mar 2026 17:00:00 +0900\nFrom: Hana Ito <ito@asagao.example>\n"
        "To: Jun Kudo <kudo@tsubame.example>\n\nThe pump P-7 leaks more and more. When will you repair the pump?\n"
    )
    return diaries.mail(ref, MORI, "log@tsubame.example", at(6, 9), "Fwd: Pump P-7 leaks", text)


def receive(folder: Path, raw: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    """`kawari receive` as a mail server starts it."""
    return subprocess.run([*KAWARI, "receive", *args], input=raw, cwd=folder, capture_output=True, timeout=60)
