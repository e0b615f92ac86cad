"""A diary, and accounts on the real server, for the tests of the way in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from notes.store.engine import Store, open_store
from tests.dovecot import Dovecot
from tests.ingest.polling import AccountOn


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
    yield opened
    opened.close()


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, dovecot: Dovecot) -> AccountOn:
    """Makes accounts on the real server."""
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", dovecot.password)
    return AccountOn(dovecot.port)
