"""Reads hostile mails for a while: `python -m tools.fuzz [SECONDS] [FOLDER]`, FOLDER holding corpora/ for more seeds.

Every input is at most 1 MB. Fails on an exception other than UnreadableMailError, on one that takes more than two
seconds of this process, and on one that takes more than 300 MB; the input is then kept as `fuzz-failure.eml`.
"""

import resource
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from ingest.files import FileMail, mails
from ingest.receive import read
from notes.errors import KawariError, UnreadableMailError
from tools.fuzz.cases import LARGEST, cases

MAX_SECONDS = 2.0
MAX_MEMORY = 300 * 1024 * 1024
BATCH = 100
MAX_SEEDS = 3_000
KEPT = Path("fuzz-failure.eml")
TESTS = Path(__file__).parents[2] / "tests" / "mails"


class Trial:
    """Counts, and remembers the slowest input and what was wrong with the first bad one."""

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
        self.slowest = 0.0
        self.slowest_raw = b""
        self.failure = ""
        self._peak = _peak()

    def read(self, raw: bytes) -> None:
        """One case. Exceptions are hypothesis's to shrink; slowness and greed would not be the same again."""
        began = time.process_time()
        try:
            read(raw)
        except UnreadableMailError:
            pass
        except Exception:
            KEPT.write_bytes(raw)
            raise
        took = time.process_time() - began
        self.count += 1
        self.bytes += len(raw)
        if took > self.slowest:
            self.slowest, self.slowest_raw = took, raw
        grown, self._peak = _peak() - self._peak, max(self._peak, _peak())
        if took > MAX_SECONDS:
            self._fail(raw, f"took {took:.1f} s")
        if grown > MAX_MEMORY:
            self._fail(raw, f"took {grown / 1e6:.0f} MB")

    def _fail(self, raw: bytes, why: str) -> None:
        if not self.failure:
            KEPT.write_bytes(raw)
            self.failure = why


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def seeds(folder: Path | None) -> list[bytes]:
    """The tests' mails, and those of the corpora."""
    found: list[bytes] = []
    for place in (TESTS, *([folder / "corpora"] if folder and (folder / "corpora").is_dir() else [])):
        for path in sorted(place.rglob("*")):
            if path.suffix in (".eml", ".msg") and len(found) < MAX_SEEDS:
                found += (mail.raw[:LARGEST] for mail in _in(path))
    return found


def _in(path: Path) -> list[FileMail]:
    try:
        return list(mails(path))
    except KawariError:
        return []


def main(seconds: float, folder: Path | None) -> int:
    """Runs batches of hypothesis until the time is over; 1 when something was found."""
    known, trial = seeds(folder), Trial()
    began, batch = time.monotonic(), 0
    while not trial.failure and time.monotonic() - began < seconds:
        batch += 1
        try:
            _run(trial, known, batch, began + seconds)
        except Exception as error:  # noqa: BLE001 - whatever a mail makes the reader raise is what is looked for
            print(f"{type(error).__name__}: {error}\nThe input is in {KEPT}.", file=sys.stderr)
            return 1
    print(
        f"{trial.count} cases, {trial.bytes / 1e6:.0f} MB from {len(known)} seeds in {time.monotonic() - began:.0f} s"
    )
    print(f"slowest: {trial.slowest:.2f} s for {len(trial.slowest_raw)} bytes: {trial.slowest_raw[:120]!r}…")
    print(f"peak memory of the process: {_peak() / 1e6:.0f} MB")
    if trial.failure:
        print(f"FAILED: an input {trial.failure}; it is in {KEPT}.", file=sys.stderr)
    return 1 if trial.failure else 0


def _run(trial: Trial, known: list[bytes], batch: int, until: float) -> None:
    @seed(batch + int(time.time()))
    @settings(
        max_examples=BATCH,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(known))
    def attempt(raw: bytes) -> None:
        if time.monotonic() < until:
            trial.read(raw)

    attempt()


if __name__ == "__main__":
    given_seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    sys.exit(main(given_seconds, Path(sys.argv[2]) if len(sys.argv) > 2 else None))
