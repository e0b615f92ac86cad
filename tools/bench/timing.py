"""Whole processes, timed from outside: wall seconds and peak memory."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

COMPILES_ANEW = "PYTHONDONTWRITEBYTECODE"
"""With it every process would compile the sources again, which no user does."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall time in seconds; the most that it and its children had resident together, in bytes.

    Pages that processes share are counted once: in equal parts for each (proc(5), Pss).
    """

    seconds: float
    memory: int


def run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end. Raises `CalledProcessError` when it fails."""
    began = time.perf_counter()
    inherited = {name: value for name, value in os.environ.items() if name != COMPILES_ANEW}
    process = subprocess.Popen(
        command, env={**inherited, **(environ or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    over, peak = Event(), [0]
    watcher = Thread(target=_watch, args=(process.pid, over, peak))
    watcher.start()
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Run(seconds, peak[0] or usage.ru_maxrss * 1024)


def _watch(pid: int, over: Event, peak: list[int]) -> None:
    """Looks ten times a second how much a process and its children have resident."""
    while not over.wait(0.1):
        peak[0] = max(peak[0], _resident(pid))


def _resident(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(one) for thread in threads for one in (thread / "children").read_text("ascii").split()]
    except OSError:  # it ended meanwhile
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own * 1024 + sum(map(_resident, children))


def in_turn(commands: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, float]:
    """The median wall time of each command over `rounds`, one after the other in every round, after a warm-up."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, start in commands.items():
            took = start().seconds
            if turn:
                seconds[name].append(took)
    return {name: median(values) for name, values in seconds.items()}
