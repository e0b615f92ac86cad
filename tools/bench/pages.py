"""`python -m tools.bench.pages [--mails N] [--beside N] [--rounds N]`: pages and search in a large diary, whole
processes, beside notmuch on the first N mails of it.

The diary is written straight into the store: what matters here is what a page costs to read, not how the mails came in.
One case has 200 mails, one owner 300 cases in which somebody must act.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import text

from notes.model import (
    Address,
    Ball,
    By,
    Certainty,
    Direction,
    Due,
    Findings,
    Holder,
    Joined,
    Kind,
    Precision,
    Promise,
    Role,
    Standing,
    Via,
)
from notes.store import schema, search
from notes.store.engine import Store, open_store
from tools.bench.diary import OURS, SENTENCES, SENTENCES_EN, THINGS, THINGS_EN
from tools.bench.notmuch import Peer, installed
from tools.bench.timing import in_turn, run

KAWARI = str(Path(sys.executable).with_name("kawari"))
BARE = "import typer, sqlalchemy as s; s.create_engine('sqlite:///{}').connect().execute(s.text('select 1 from case_'))"
START = datetime(2020, 1, 6, tzinfo=UTC)
YEARS = timedelta(days=2_150)
"""In which the mails are written, however many they are: none of them is of tomorrow."""

LONG_CASE, OPEN_CASES, CUSTOMERS = 200, 300, 5_000
BUSY, OTHERS = "sato", ("mori", "ueda", "kato")
GOAL = 1.5
SOUGHT = {"Japanese": ("センサー", "在庫"), "English": ("bearing", "photo")}
BATCH = 2_000


def main() -> None:
    """Prints one line a figure."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--mails", type=int, default=100_000)
    given.add_argument("--beside", type=int, default=100_000, help="mails that notmuch gets, too")
    given.add_argument("--rounds", type=int, default=10)
    args = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="kawari-pages-") as folder:
        began = time.perf_counter()
        peer = Peer(Path(folder), args.beside) if installed() else None
        settings = fill(Path(folder), args.mails, peer)
        print(f"{f'{args.mails} mails written into a store':44} {time.perf_counter() - began:7.0f} s")
        if peer:
            peer.index()
            print(f"{f'the first {min(args.mails, args.beside)} of them indexed by notmuch':44}")
        measure(Path(folder), settings, args.rounds, peer)


def measure(folder: Path, settings: Path, rounds: int, peer: Peer | None) -> None:
    """Each page beside notmuch and beside a bare process that imports typer and SQLAlchemy and runs one query."""
    ours = [KAWARI, "--config", str(settings)]
    commands = {
        "import typer, sqlalchemy; one query": [sys.executable, "-c", BARE.format(folder / "kawari.db")],
        "timeline of a case of 200 mails": [*ours, "timeline", "c0-1"],
        "handover of an owner with 300 open cases": [*ours, "handover", BUSY],
        **{f"search, {name}": [*ours, "search", *words] for name, words in SOUGHT.items()},
        **(peer.commands(SOUGHT, "1@bench.example") if peer else {}),
    }
    found = in_turn({name: partial(run, command) for name, command in commands.items()}, rounds)
    bare = found.pop("import typer, sqlalchemy; one query")
    print(f"{'import typer, sqlalchemy; one query':44} {bare:7.3f} s")
    for name, seconds in found.items():
        judged = f"  {seconds / bare:5.2f}    goal {GOAL}" if "notmuch" not in name else ""
        print(f"{name:44} {seconds:7.3f} s{judged}")


def fill(folder: Path, count: int, peer: Peer | None = None) -> Path:
    """Writes the diary and its settings, and for a `peer` its mails; returns the settings."""
    store = open_store(f"sqlite:///{folder / 'kawari.db'}")
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    with store.begin() as db:
        rows = [{"id": f"c{n}", "name": f"株式会社{n}商事", "cases": 0, "merged_into": None} for n in range(CUSTOMERS)]
        db.execute(schema.customer.insert(), rows)
    batch: list[tuple[dict[str, object], list[dict[str, object]]]] = []
    for case in _cases(chance, count):
        batch.append(case)
        if sum(len(mails) for _, mails in batch) > BATCH:
            _write(store, batch, peer)
            batch = []
    _write(store, batch, peer)
    with store.begin() as db:
        db.execute(text("ANALYZE"))
    store.close()
    settings = folder / "kawari.toml"
    staff = "".join(
        f'[[staff]]\nid = "{one}"\nname = "{one}"\naddresses = ["{one}@{OURS}"]\n' for one in (BUSY, *OTHERS)
    )
    settings.write_text(
        f'language = "ja"\ntimezone = "Asia/Tokyo"\ndatabase = "sqlite:///{folder / "kawari.db"}"\n'
        f'[organisation]\nname = "Hokuto"\ndomains = ["{OURS}"]\n{staff}'
    )
    return settings


def _write(store: Store, batch: list[tuple[dict[str, object], list[dict[str, object]]]], peer: Peer | None) -> None:
    if not batch:
        return
    with store.begin() as db:
        db.execute(schema.case.insert(), [case for case, _ in batch])
        mails = [mail for _, mails in batch for mail in mails]
        db.execute(schema.message.insert(), mails)
        places = [
            {
                "mailbox": "all",
                "folder": "INBOX",
                "uidvalidity": 1,
                "uid": mail["id"],
                "role": Role.INBOX,
                "via": Via.INBOX,
                "message_id": mail["id"],
            }
            for mail in mails
        ]
        db.execute(schema.place.insert(), places)
        search.index(db, [int(str(mail["id"])) for mail in mails])
    if peer:
        peer.put(mails)


def _cases(chance: random.Random, count: int) -> Iterator[tuple[dict[str, object], list[dict[str, object]]]]:
    """Cases with their mails: the long one, those that wait for the busy owner, then some of four mails on average."""
    number = made = 0
    while made < count:
        length = LONG_CASE if number == 0 else 1 + int(chance.expovariate(1 / 3))
        waits = number <= OPEN_CASES
        owner = BUSY if waits or number % 7 == 0 else OTHERS[number % len(OTHERS)]
        key = f"c{number % CUSTOMERS}-{number // CUSTOMERS + 1}"
        began = START + made * YEARS / count
        mails = [
            _mail(chance, made + n + 1, n, key, number, owner, began + timedelta(hours=7 * n)) for n in range(length)
        ]
        yield _case(key, number, owner, mails, waits=waits), mails
        made += length
        number += 1


def _case(key: str, number: int, owner: str, mails: list[dict[str, object]], *, waits: bool) -> dict[str, object]:
    last = mails[-1]
    at = last["at"]
    ref = str(last["ref"])
    promise = Promise(
        id=f"p{number:05}"[-6:],
        by=By.US,
        who=f"{owner}@{OURS}",
        quote="見積書を11/24までにお送りいたします。",
        due=Due(None, datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC), Precision.DAY),
        certainty=Certainty.STATED,
        conditional=False,
        made_in=ref,
        made_at=at,  # type: ignore[arg-type] # a datetime, in a row of mixed values
        score=0.9,
        rule="ja-will",
    )
    ball = Ball(Holder.US if waits else Holder.NOBODY, at if waits else None, ref, "asked")  # type: ignore[arg-type] # as above
    standing = Standing((promise,) if waits else (), (), ball, at, at)  # type: ignore[arg-type] # as above
    return {
        "key": key,
        "customer_id": f"c{number % CUSTOMERS}",
        "title": str(last["subject"]),
        "ruled_title": str(last["subject"]),
        "owner": owner,
        "standin": None,
        "opened_at": mails[0]["at"],
        "last_at": at,
        "messages": len(mails),
        "closed_at": None,
        "merged_into": None,
        "standing": standing,
        "stale": False,
        "active": waits,
    }


def _mail(
    chance: random.Random, id_: int, n: int, key: str, number: int, owner: str, at: datetime
) -> dict[str, object]:
    japanese = number % 5 < 3
    things, sentences = (THINGS, SENTENCES) if japanese else (THINGS_EN, SENTENCES_EN)
    words = [chance.choice(things) for _ in range(3)]
    lines = [
        sentence.format(*words, n=chance.randint(1, 300), m=chance.randint(1, 12), d=chance.randint(1, 28))
        for sentence in chance.sample(sentences, 5)
    ]
    them, us = Address("田中 一", f"tanaka@firm{number % CUSTOMERS}.example"), Address(owner, f"{owner}@{OURS}")
    ours = n % 2 == 1
    return {
        "id": id_,
        "ref": f"{id_}@bench.example",
        "message_id": f"{id_}@bench.example",
        "digest": str(id_),
        "kind": Kind.MAIL,
        "sender": us if ours else them,
        "to": (them,) if ours else (us,),
        "cc": (),
        "at": at,
        "offset": 32_400,
        "date_doubtful": False,
        "subject": f"{words[0]} {number}",
        "new_text": "\n".join(lines),
        "hidden_lines": 4,
        "references": (f"{id_ - 1}@bench.example",) if n else (),
        "forwarded": (),
        "attachments": (),
        "contact": None,
        "bulk": "",
        "bounced": (),
        "defects": (),
        "thread_id": None,
        "case_key": key,
        "ruled_key": key,
        "home_key": key,
        "direction": Direction.OUT if ours else Direction.IN,
        "findings": Findings(),
        "joined": Joined("thread", 1.0),
        "reason": "",
        "stripped": False,
        "wanted": False,
    }


if __name__ == "__main__":
    main()
