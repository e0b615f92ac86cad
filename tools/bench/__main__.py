"""`python -m tools.bench [--mails N] [--rounds N]`: start-up times, then polling N mails, beside installed peers."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.dovecot import Dovecot, running
from tools.bench import handing, watching
from tools.bench.mails import OURS, generate
from tools.bench.timing import Run, in_turn, run

KAWARI = str(Path(sys.executable).with_name("kawari"))
PYTHON = sys.executable
BARE = "import typer, sqlalchemy as s; s.create_engine('sqlite:///{}').connect().execute(s.text('select 1 from case_'))"


def main() -> None:
    """Prints one line a figure."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--mails", type=int, default=5_000)
    given.add_argument("--rounds", type=int, default=10)
    args = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="kawari-bench-") as folder:
        startup(Path(folder), args.rounds)
    with tempfile.TemporaryDirectory(prefix="kawari-bench-") as folder, running() as server:
        polling(Path(folder), server, args.mails)
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


def polling(folder: Path, server: Dovecot, count: int) -> None:
    """From an empty diary to a filled one, and again with nothing new."""
    user = server.user()
    size = _fill(server, user, count)
    database = folder / "kawari.db"
    settings = folder / "kawari.toml"
    settings.write_text(_settings(server, user, database))
    poll = [KAWARI, "--config", str(settings), "poll", "--once"]
    environ = {"BENCH_PASSWORD": server.password}
    first, again = run(poll, environ), run(poll, environ)
    print(f"{f'kawari poll --once, {count} mails':44} {first.seconds:7.2f} s  {count / first.seconds:.0f} mails/s")
    print(f"{'  peak memory':44} {first.memory / 2**20:7.0f} MB")
    print(f"{'  database / bytes of the mails':44} {database.stat().st_size / size:7.2f}")
    print(f"{'kawari poll --once, nothing new':44} {again.seconds:7.2f} s")
    for name, took in peers(folder, server, user).items():  # whose mails a second mean nothing where nothing is new
        print(f"{name:44} {took.seconds:7.2f} s  {count / took.seconds:.0f} mails/s  {took.memory / 2**20:.0f} MB")


def _fill(server: Dovecot, user: str, count: int) -> int:
    """Delivers the mails to INBOX; returns their bytes."""
    mails = [raw for _, _, raw in generate(count)]
    server.deliver(user, mails)
    return sum(map(len, mails))


def _settings(server: Dovecot, user: str, database: Path) -> str:
    return f"""language = "en"
timezone = "Asia/Tokyo"
database = "sqlite:///{database}"
[organisation]
name = "Hokuto"
domains = ["{OURS}"]
[[staff]]
id = "sato"
name = "Ken Sato"
addresses = ["sato@{OURS}"]
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
    """What else brings the same mailbox to this machine and makes it searchable: mbsync, then notmuch."""
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
        took["mbsync"] = run(["mbsync", "-c", str(rules), "all"])
        took["mbsync, nothing new"] = run(["mbsync", "-c", str(rules), "all"])
    if "mbsync" in took and shutil.which("notmuch"):
        config = folder / "notmuch"
        config.write_text(f"[database]\npath={maildir}\n[new]\nignore=.mbsyncstate;.uidvalidity\n")
        took["notmuch new"] = run(["notmuch", "--config", str(config), "new"])
    return took


if __name__ == "__main__":
    main()
