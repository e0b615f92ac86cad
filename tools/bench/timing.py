"""Whole processes, timed from outside: wall seconds and peak memory."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

COMPILES_ANEW = "PYTHONDONTWRITEBYTECODE"
"""With it every process would compile the sources again, which no user does."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall time in seconds, largest resident memory of it and its children in bytes."""

    seconds: float
    memory: int


def run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end. Raises `CalledProcessError` when it fails."""
    began = time.perf_counter()
    inherited = {name: value for name, value in os.environ.items() if name != COMPILES_ANEW}
    process = subprocess.Popen(
        command, env={**inherited, **(environ or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Run(time.perf_counter() - began, usage.ru_maxrss * 1024)


def in_turn(commands: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, float]:
    """The median wall time of each command over `rounds`, one after the other in every round, after a warm-up."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, start in commands.items():
            took = start().seconds
            if turn:
                seconds[name].append(took)
    return {name: median(values) for name, values in seconds.items()}
