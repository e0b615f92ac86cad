"""`python -m tools.bench [--mails N] [--from FOLDER --ours DOMAIN] [--rounds N]`: start-up times, then polling N mails,
beside peers.

The mails are generated, or the first N files of a folder, by name, in which `--ours` is our domain.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.dovecot import Dovecot, running
from tools.bench import handing, watching
from tools.bench.mails import OURS, generate
from tools.bench.timing import Run, in_turn, run

MBSYNC, NOTHING, NOTMUCH, MU = "mbsync", "mbsync, nothing new", "notmuch new", "mu index"
GOALS = {NOTMUCH: 0.2, MU: 0.5}
KAWARI = str(Path(sys.executable).with_name("kawari"))
PYTHON = sys.executable
BARE = "import typer, sqlalchemy as s; s.create_engine('sqlite:///{}').connect().execute(s.text('select 1 from case_'))"


def main() -> None:
    """Prints one line a figure."""
    given = argparse.ArgumentParser(description=__doc__)
    ask_for_mails(given)
    given.add_argument("--rounds", type=int, default=10)
    args = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="kawari-bench-") as folder:
        startup(Path(folder), args.rounds)
    with tempfile.TemporaryDirectory(prefix="kawari-bench-") as folder, running() as server:
        polling(Path(folder), server, mails_of(args.mails, args.source), args.ours)
        watching.delivery(Path(folder) / "one", server, KAWARI)
        watching.many(Path(folder) / "many", server, KAWARI)
        handing.lmtp(Path(folder) / "lmtp", KAWARI)


def startup(folder: Path, rounds: int) -> None:
    """What a user waits before anything happens, against bare processes with the same imports."""
    demo = folder / "demo"
    subprocess.run([KAWARI, "demo", "--folder", str(demo)], check=True, capture_output=True)
    settings = ["--config", str(demo / "kawari.toml")]
    listed = json.loads(subprocess.check_output([KAWARI, *settings, "cases", "--json"]))
    key = listed["cases"][0]["key"]
    found = in_turn(
        {
            "import typer": lambda: run([PYTHON, "-c", "import typer"]),
            "kawari --help": lambda: run([KAWARI, "--help"]),
            "import typer, sqlalchemy; one query": lambda: run([PYTHON, "-c", BARE.format(demo / "kawari.db")]),
            "kawari timeline": lambda: run([KAWARI, *settings, "timeline", key]),
        },
        rounds,
    )
    for name, seconds in found.items():
        print(f"{name:44} {seconds:7.3f} s")
    helped, paged = found["kawari --help"] / found["import typer"], found["kawari timeline"]
    print(f"{'kawari --help / import typer':44} {helped:7.2f}    goal 1.3")
    bare = found["import typer, sqlalchemy; one query"]
    print(f"{'kawari timeline / typer + sqlalchemy':44} {paged / bare:7.2f}    goal 1.4")


def ask_for_mails(given: argparse.ArgumentParser) -> None:
    """Adds the options that say which mails are read."""
    given.add_argument("--mails", type=int, default=5_000)
    given.add_argument("--from", type=Path, dest="source", help="a folder of mails, one a file")
    given.add_argument("--ours", default=OURS, help="our domain in those mails")


def mails_of(count: int, source: Path | None) -> list[bytes]:
    """So many mails: generated ones, or the first files of a folder."""
    if source is None:
        return [raw for _, _, raw in generate(count)]
    return [file.read_bytes() for file in sorted(file for file in source.rglob("*") if file.is_file())[:count]]


def polling(folder: Path, server: Dovecot, mails: Sequence[bytes], ours: str = OURS) -> None:
    """From an empty diary to a filled one, and again with nothing new."""
    user, count, size = server.user(), len(mails), sum(map(len, mails))
    server.deliver_many(user, mails)
    os.sync()  # else the first to read them waits for the disk that they are still being written to
    database = folder / "kawari.db"
    settings = folder / "kawari.toml"
    settings.write_text(settings_for(server, user, database, ours))
    poll = [KAWARI, "--config", str(settings), "poll", "--once"]
    environ = {"BENCH_PASSWORD": server.password}
    first, again = run(poll, environ), run(poll, environ)
    print(f"{f'kawari poll --once, {count} mails':44} {first.seconds:7.2f} s  {count / first.seconds:.0f} mails/s")
    print(f"{'  peak memory':44} {first.memory / 2**20:7.0f} MB")
    print(f"{'  database / bytes of the mails':44} {database.stat().st_size / size:7.2f}")
    print(f"{'kawari poll --once, nothing new':44} {again.seconds:7.2f} s")
    beside = peers(folder, server, user)
    for name, took in beside.items():
        print(f"{name:44} {took.seconds:7.2f} s  {took.memory / 2**20:.0f} MB")
    for name, goal in GOALS.items():
        if MBSYNC in beside and name in beside:
            ratio = first.seconds / (beside[MBSYNC].seconds + beside[name].seconds)
            print(f"{f'kawari / {MBSYNC}, then {name}':44} {ratio:7.2f}    goal {goal}")
    if NOTHING in beside:
        print(f"{f'kawari / {MBSYNC}, nothing new':44} {again.seconds / beside[NOTHING].seconds:7.2f}    goal 1.0")


def settings_for(server: Dovecot, user: str, database: Path, ours: str) -> str:
    """Settings of one mailbox of the server."""
    return f"""language = "en"
timezone = "Asia/Tokyo"
database = "sqlite:///{database}"
[organisation]
name = "Hokuto"
domains = ["{ours}"]
[[staff]]
id = "sato"
name = "Ken Sato"
addresses = ["sato@{ours}"]
[[mailbox]]
id = "sato"
owner = "sato"
host = "127.0.0.1"
port = {server.port}
security = "none"
user = "{user}"
password_env = "BENCH_PASSWORD"
folders = {{ "INBOX" = "inbox" }}
"""


def peers(folder: Path, server: Dovecot, user: str) -> dict[str, Run]:
    """What else brings the same mailbox to this machine and makes it searchable: mbsync, then notmuch or mu."""
    took: dict[str, Run] = {}
    maildir = folder / "mail"
    maildir.mkdir()
    if shutil.which("mbsync"):
        rules = folder / "mbsyncrc"
        rules.write_text(
            f"IMAPAccount a\nHost 127.0.0.1\nPort {server.port}\nUser {user}\nPass {server.password}\nSSLType None\n\n"
            f"IMAPStore far\nAccount a\n\nMaildirStore near\nPath {maildir}/\nInbox {maildir}/INBOX\n"
            "SubFolders Verbatim\n\nChannel all\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSyncState *\n"
        )
        took[MBSYNC] = run(["mbsync", "-c", str(rules), "all"])
        took[NOTHING] = run(["mbsync", "-c", str(rules), "all"])
    if MBSYNC in took and shutil.which("notmuch"):
        config = folder / "notmuch"
        config.write_text(f"[database]\npath={maildir}\n[new]\nignore=.mbsyncstate;.uidvalidity\n")
        took[NOTMUCH] = run(["notmuch", "--config", str(config), "new"])
    if MBSYNC in took and shutil.which("mu"):
        home = f"--muhome={folder / 'mu'}"
        run(["mu", "init", home, f"--maildir={maildir}", "--quiet"])
        took[MU] = run(["mu", "index", home, "--quiet"])
    return took


if __name__ == "__main__":
    main()
