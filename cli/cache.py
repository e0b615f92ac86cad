"""Small things kept between two runs, because making them imports heavy libraries. Losing them costs only time."""

import os
from collections.abc import Callable
from pathlib import Path


def kept(name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes kept under `name` in the user's cache folder; made and kept when they are not there.

    The name must change whenever what it was made from changes.
    """
    path = _folder() / name
    try:
        return path.read_bytes()
    except OSError:
        made = make()
        _keep(path, made)
        return made


def stamp(path: Path) -> str:
    """A file's size and time of change: part of the name of what was made from it."""
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _folder() -> Path:
    """The platform's cache folder by the XDG rules; `platformdirs` knows more platforms, at 6 ms an import."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "kawari"


def _keep(path: Path, made: bytes) -> None:
    """Written beside and renamed into place, so that nobody ever reads half a file."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.write_bytes(made)
        beside.replace(path)
    except OSError:
        return
