"""A fault of the program at one mail: which it was and where, so that it can be mended; never a word of the mail.

The text of an exception may quote the mail, so neither the log nor the diary holds it: only its class, and the places
in our own code.
"""

import logging
import traceback
from pathlib import Path

LOG = logging.getLogger("kawari")
"""Every fault is logged as an error, the way that led to it as debugging."""

LOG.addHandler(logging.NullHandler())
_HOUSE = Path(__file__).resolve().parents[1]
_ROOMS = frozenset({"notes", "ingest", "cli"})


def told(code: str, error: BaseException) -> str:
    """Logs a fault; returns `code: KeyError, notes/due.py:120`, for the diary to keep as the reason."""
    way = _way(error)
    where = f"{type(error).__name__}, {way[-1] if way else '?'}"
    LOG.error("%s", where, extra={"station": code})
    LOG.debug("%s", " < ".join(reversed(way)))
    return f"{code}: {where}"


def _way(error: BaseException) -> list[str]:
    """Where in our code it passed, the innermost place last."""
    steps = traceback.extract_tb(error.__traceback__)
    files = ((Path(step.filename), step.lineno) for step in steps)
    ours = ((file.relative_to(_HOUSE), line) for file, line in files if file.is_relative_to(_HOUSE))
    return [f"{file.as_posix()}:{line}" for file, line in ours if file.parts[0] in _ROOMS]
