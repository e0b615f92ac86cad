"""Telling, killed at any moment: nothing twice, nothing lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.conftest import Inbox, Kawari
from tests.cli.test_notify import at, set_up, told
from tests.ingest.polling import ROOT

TELL = """
from datetime import datetime
from cli.desk import Desk
from cli.notify import tell
desk = Desk({settings!r}, {{}})
tell(desk, desk.store(), datetime.fromisoformat({at!r}))
"""


def test_killed_at_any_moment_it_tells_nothing_twice_and_loses_nothing(
    kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    chance = random.Random(7)  # noqa: S311 - moments, no secrets
    for hours in range(8, 20):
        program = TELL.format(settings=str(tmp_path / "kawari.toml"), at=at(hours + 0.5).isoformat())
        process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.4, 1.2))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
    told(tmp_path, at(81))  # on Monday morning; on a slow machine none of the others came so far
    post = kawari("status", "--json").json["letters"]
    ids = [(to, str(mail["Message-ID"])) for to, mail in box.mails]
    assert len(ids) == len(set(ids))
    assert (post["waiting"], post["given_up"]) == (0, 0)
    assert box.mails or post["unsure"]
