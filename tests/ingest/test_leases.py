"""Who is known to be gone, and how leases are given back."""

import os
import socket
import subprocess
import sys
import time

from ingest.leases import Leases, is_gone
from notes.store.engine import Store


def test_a_process_of_this_machine_that_ended_is_gone(store: Store) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    ours = Leases(store).holder
    assert not is_gone(ours)
    assert is_gone(ours.replace(f":{os.getpid()}:", f":{ended.pid}:"))


def test_a_process_of_another_machine_of_the_same_name_is_not() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not is_gone(f"{socket.gethostname()}:{ended.pid}:0123456789ab:1f0c9a2b")
    assert not is_gone(f"{socket.gethostname()}:{ended.pid}:1f0c9a2b")  # as it was written before


def test_a_writer_that_takes_long_keeps_nobody_from_ending(store: Store) -> None:
    with store.begin():
        began = time.monotonic()
        with Leases(store):
            pass
        assert time.monotonic() - began < 3
