"""A store on each engine: whatever holds on one must hold on the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from notes.store.engine import Store, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database that does not exist yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'diary' / 'kawari.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open, empty diary."""
    opened = open_store(store_url)
    yield opened
    opened.close()
