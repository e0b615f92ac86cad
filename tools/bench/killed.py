"""`python -m tools.bench.killed [--mails N] [--from FOLDER --ours DOMAIN] [--times K] [--longest SECONDS]`: a first
reading that is killed again and again at random moments, and then let through; at the end every mail must be in the
diary once, and filed. For kills to reach the filing of many mails, let them come later.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.dovecot import Dovecot, running
from tools.bench.__main__ import KAWARI, ask_for_mails, mails_of, settings_for

SEED = 7
COUNTS = {
    "mails of the server that are in the diary": "select count(distinct uid) from place",
    "places": "select count(*) from place",
    "mails in the diary": "select count(*) from message",
    "different mails": "select count(distinct message_id || digest) from message",
    "mails that are filed": "select count(*) from message where thread_id is not null",
}


def main() -> None:
    """Prints how far it had come at each tenth kill, and the counts at the end. Exits 1 when one is wrong."""
    given = argparse.ArgumentParser(description=__doc__)
    ask_for_mails(given)
    given.add_argument("--times", type=int, default=100)
    given.add_argument("--longest", type=float, default=8.0, help="seconds until a kill at most")
    args = given.parse_args()
    mails = mails_of(args.mails, args.source)
    with tempfile.TemporaryDirectory(prefix="kawari-killed-") as folder, running() as server:
        wrong = killed(Path(folder), server, mails, args.ours, args.times, args.longest)
    raise SystemExit(1 if wrong else 0)


def killed(folder: Path, server: Dovecot, mails: Sequence[bytes], ours: str, times: int, longest: float) -> list[str]:
    """Kills so often, lets it through, and says which counts are wrong."""
    user = server.user()
    server.deliver_many(user, mails)
    database, settings = folder / "kawari.db", folder / "kawari.toml"
    settings.write_text(settings_for(server, user, database, ours))
    command = [KAWARI, "--config", str(settings), "poll", "--once"]
    environ = {**os.environ, "BENCH_PASSWORD": server.password}
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    for number in range(1, times + 1):
        with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(longest * chance.random())
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        if number % 10 == 0:
            print(f"{number:4} kills: {_counts(database)}", flush=True)
    subprocess.run(command, env=environ, check=True)
    subprocess.run([KAWARI, "--config", str(settings), "doctor"], env=environ, check=True)
    found = _counts(database)
    for name, count in found.items():
        print(f"{name:44} {count:8}    of {len(mails)}")
    return [name for name, count in found.items() if count != len(mails)]


def _counts(database: Path) -> dict[str, int]:
    if not database.exists():
        return {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        try:
            return {name: db.execute(query).fetchone()[0] for name, query in COUNTS.items()}
        except sqlite3.OperationalError:  # killed before its tables were made
            return {}


if __name__ == "__main__":
    main()
