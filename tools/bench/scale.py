"""`python -m tools.bench.scale [--mails N] [--database URL]`: what a mail costs in a small diary and in a large one.

The mails come in ten polls, each read, stored, and then filed in the order of writing; then one at a time, as on any
day, into the diary of the first tenth and into the whole one.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from datetime import time as hour
from itertools import islice
from pathlib import Path
from statistics import median

from ingest.context import Context
from ingest.importing import in_batches
from ingest.receive import receive
from ingest.reconsider import file_in_order
from notes.model import Calendar, Directory, Place, RawMail, Role, Staff, Via
from notes.phrases import load
from notes.store import rereading
from notes.store.engine import Store, open_store
from tools.bench import diary

PARTS = 10
SINGLES = 200
GOAL = 1.3
MAILBOX = "all"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds a mail, for reading and storing, and for filing with its standings."""

    read: float
    file: float

    @property
    def total(self) -> float:
        """Both."""
        return self.read + self.file


def main() -> None:
    """Prints a line a tenth and the figures."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--mails", type=int, default=100_000)
    given.add_argument("--database", default="", help="an empty one; default: SQLite in a temporary folder")
    args = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="kawari-scale-") as folder:
        store = open_store(args.database or f"sqlite:///{Path(folder) / 'kawari.db'}")
        measure(store, args.mails)
        store.close()


def measure(store: Store, count: int) -> None:
    """Fills the diary and prints what it took."""
    mails_ = numbered(count + 2 * SINGLES)
    tenths: list[Took] = []
    singles: list[float] = []
    print(f"{'tenth':>5} {'read+store ms':>14} {'file ms':>9} {'total ms':>9} {'mails/s':>9}")
    for number in range(PARTS):
        took = poll(store, list(islice(mails_, count // PARTS)))
        tenths.append(took)
        times = f"{took.read * 1e3:14.2f} {took.file * 1e3:9.2f} {took.total * 1e3:9.2f}"
        print(f"{number + 1:5} {times} {1 / took.total:9.0f}", flush=True)
        if number in (0, PARTS - 1):
            singles.append(_one_at_a_time(store, list(islice(mails_, SINGLES))))
    _report(tenths, singles)
    _judge(store, count)


def _report(tenths: Sequence[Took], singles: Sequence[float]) -> None:
    first, last = tenths[0], tenths[-1]
    for name, ratio in (
        ("a mail of the last tenth / of the first", last.total / first.total),
        ("  filing alone", last.file / first.file),
        ("one new mail, whole diary / a tenth of it", singles[1] / singles[0]),
    ):
        print(f"{name:44} {ratio:7.2f}    goal {GOAL}")
    print(f"{'one new mail, a tenth / whole diary':44} {singles[0] * 1e3:7.1f} {singles[1] * 1e3:.1f} ms")
    print(f"{'all mails, read, stored and filed':44} {PARTS / sum(one.total for one in tenths):7.0f} mails/s")
    print(f"{'peak memory':44} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")


def poll(store: Store, part: Sequence[RawMail], context: Context | None = None) -> Took:
    """Reads, stores and files some mails; seconds of this process alone."""
    context = context or CONTEXT
    began = time.process_time()
    for batch in in_batches(part):
        receive(store, batch, context, None, later=True)
    stored = time.process_time()
    file_in_order(store, context, progress=lambda done: None)
    filed = time.process_time()
    return Took((stored - began) / len(part), (filed - stored) / len(part))


def _one_at_a_time(store: Store, part: Sequence[RawMail]) -> float:
    """The median of a poll's seconds that brings one mail."""
    return median(poll(store, [mail]).total for mail in part)


def numbered(count: int) -> Iterator[RawMail]:
    """So many mails, each with a place of its own."""
    for number, mail in enumerate(diary.mails(count)):
        role = Role.SENT if mail.folder == "Sent" else Role.INBOX
        yield RawMail(Place(MAILBOX, mail.folder, 1, number + 1), role, mail.raw, mail.at, Via(role.value))


def _judge(store: Store, count: int) -> None:
    """Whether the cases are the matters that were written (B-cubed): a fast diary must be a right one, too."""
    matters = {str(number): mail.matter for number, mail in enumerate(diary.mails(count))}
    together: dict[tuple[str, int], int] = {}
    cases: dict[str, int] = {}
    sizes: dict[int, int] = {}
    with store.read() as db:
        stored = rereading.filed(db)
    filed = [
        (key, matters[number]) for ref, key in stored.items() if key and (number := ref.partition(".")[0]) in matters
    ]
    for key, matter in filed:
        together[key, matter] = together.get((key, matter), 0) + 1
        cases[key] = cases.get(key, 0) + 1
        sizes[matter] = sizes.get(matter, 0) + 1
    precision = sum(n * n / cases[key] for (key, _), n in together.items()) / len(filed)
    recall = sum(n * n / sizes[matter] for (_, matter), n in together.items()) / len(filed)
    print(f"{'cases against matters: precision, recall':44} {precision:7.3f} {recall:.3f}   {len(cases)} cases")


def _weekend(day: date) -> bool:
    return day.weekday() > 4


CONTEXT = Context(
    Directory(
        "北斗システム株式会社",
        frozenset({diary.OURS}),
        tuple(Staff(id_, name, (f"{id_}@{diary.OURS}",)) for id_, name in diary.STAFF),
    ),
    Calendar(timezone(timedelta(hours=9)), hour(9), hour(18), _weekend),
    load(),
    diary.START + 200_000 * diary.STEP,
)

if __name__ == "__main__":
    main()
