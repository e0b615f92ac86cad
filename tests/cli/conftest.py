"""A diary filled once a module, and `kawari` as a function."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.app import run
from tests.cli import diaries
from tests.cli.letterbox import Inbox, letterbox


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Kawari = Callable[..., Done]


@pytest.fixture
def bare(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kawari:
    """`kawari` in an empty folder, without settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def call(*args: str, **environ: str) -> Done:
        capfd.readouterr()
        code = run(args, {"XDG_CONFIG_HOME": str(tmp_path / "none")} | environ)
        return Done(code, *capfd.readouterr())

    return call


@pytest.fixture
def kawari(bare: Kawari, tmp_path: Path) -> Kawari:
    """`kawari` in the folder of a small diary."""
    diaries.write(tmp_path)
    for folder in ("INBOX", "Sent"):
        done = bare("import", folder, "--mailbox", "mori", "--folder", folder)
        assert done.code == 0, done.err
    return bare


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """A mail server that takes letters, and its port."""
    with letterbox() as running:
        yield running
