"""Processes that help: what comes out is the same without them, also when one is lost; none outlives its leader."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import workers
from ingest.workers import HERE, PART, Begun, Workers
from notes.store import mails, rereading
from notes.store.engine import open_store
from tools.bench import scale

MANY = range(10 * PART)


def twice(context: int, number: int) -> int:
    """What the processes are given in these tests."""
    return context * number


def process(_context: object, _number: int) -> int:
    """Where it is done; slowly enough for those who start meanwhile to have their share."""
    time.sleep(0.05)
    return os.getpid()


def die_elsewhere(leader: int, number: int) -> int:
    """Is killed, as when memory runs out, wherever it is not the leader's."""
    if os.getpid() != leader:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(_context: object, number: int) -> int:
    """A fault at one item."""
    if number == PART + 3:
        raise ValueError(number)
    return number


def mapped(helped: Workers, work: Callable[[int, int], int], context: int, items: Iterable[int]) -> list[int]:
    """What comes of each item, in order."""
    every = list(items)
    begun = helped.begin(work, context, every)
    return [begun.of(item) for item in every]


def wait_for_the_last(begun: Begun[int, int]) -> None:
    """Until a process is at work on the last items, which come first."""
    until = time.monotonic() + 20
    while not begun.elsewhere[MANY[-1]][0].running():
        assert time.monotonic() < until
        time.sleep(0.01)


def children() -> set[int]:
    """The processes that this one has started and that have not ended."""
    return set(map(int, Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("ascii").split()))


def test_much_is_shared_in_order_and_little_is_done_here() -> None:
    helped = Workers(1)
    try:
        found = mapped(helped, process, 0, MANY)
        assert found[0] == os.getpid() != found[-1]  # from both ends
        assert len(set(found)) == 2
        assert mapped(helped, twice, 0, MANY) == [0 for _ in MANY]  # the context is the one they began with
        assert mapped(helped, process, 0, range(3)) == [os.getpid()] * 3
    finally:
        helped.rest()


def test_what_was_begun_is_taken_and_the_rest_is_done_here() -> None:
    helped = Workers(2)
    try:
        begun = helped.begin(process, 0, MANY)
        wait_for_the_last(begun)
        assert begun.of(MANY[-1]) != os.getpid()
        assert begun.of(len(MANY) + 1) == os.getpid()
    finally:
        helped.rest()
    assert HERE.begin(process, 0, MANY).of(1) == os.getpid()


def test_a_lost_process_loses_nothing() -> None:
    helped = Workers(2)
    try:
        assert mapped(helped, die_elsewhere, os.getpid(), MANY) == list(MANY)
        begun = helped.begin(die_elsewhere, os.getpid(), MANY)
        assert [begun.of(number) for number in MANY] == list(MANY)
    finally:
        helped.rest()


def test_ctrl_c_is_for_the_leader_alone_also_while_others_start() -> None:
    helped, before = Workers(2), children()
    try:
        begun = helped.begin(process, 0, MANY)
        wait_for_the_last(begun)
        started = children() - before  # not the servers of other tests
        assert len(started) == 2
        for other in started:
            os.kill(other, signal.SIGINT)
        assert begun.of(MANY[-1]) != os.getpid()
    finally:
        helped.rest()


def test_what_was_begun_when_all_were_let_go_is_done_here() -> None:
    helped = Workers(2)
    begun = helped.begin(twice, 3, MANY)
    helped.rest()
    assert [begun.of(number) for number in MANY] == [3 * number for number in MANY]


def test_a_fault_comes_back() -> None:
    helped = Workers(2)
    try:
        with pytest.raises(ValueError, match=str(PART + 3)):
            mapped(helped, refuse, 0, MANY)
    finally:
        helped.rest()


def test_no_process_outlives_a_leader_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "leader.py"
    script.write_text(
        "import os, time\n"
        "from ingest.workers import Workers\n"
        "from tests.ingest.test_workers import MANY, mapped, process\n"
        "if __name__ == '__main__':\n"
        "    print(*{*mapped(Workers(2), process, 0, MANY)} - {os.getpid()}, flush=True)\n"
        "    time.sleep(60)\n"
    )
    house = Path(workers.__file__).parents[1]
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=house,
                          env={**os.environ, "PYTHONPATH": str(house)}) as leader:  # fmt: skip
        assert leader.stdout
        helpers = [int(number) for number in leader.stdout.readline().split()]
        leader.kill()
    assert helpers
    until = time.monotonic() + 20
    while any(Path(f"/proc/{number}").exists() for number in helpers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [number for number in helpers if Path(f"/proc/{number}").exists()]


def test_a_diary_is_the_same_whoever_read_it(tmp_path: Path) -> None:
    def filed(name: str, helped: workers.Here) -> tuple[dict[str, str | None], list[object]]:
        store = open_store(f"sqlite:///{tmp_path / name}.db")
        context = replace(scale.CONTEXT, workers=helped)
        scale.poll(store, list(scale.numbered(300)), context)
        with store.read() as db:
            keys = rereading.filed(db)
            said = [mails.of_cases(db, {key for key in keys.values() if key})]
        store.close()
        return keys, said

    assert filed("helped", Workers(2)) == filed("alone", HERE)
