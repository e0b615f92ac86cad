"""Faults at single mails, told on stderr while mail is read: what broke and where in our code, no word of a mail."""

import logging
from collections.abc import Callable

from cli.words import say
from ingest.faults import LOG

AGAIN = ("poller", "filing", "minutes")
"""The threads of a poller, which go on after a fault: no mail is left aside."""


class _Teller(logging.Handler):
    """An error in a sentence; the way that led to it as it is, for whoever mends it."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        super().__init__()
        self._warn = warn

    def emit(self, record: logging.LogRecord) -> None:
        """Tells one."""
        text = record.getMessage()
        code = "notice.fault-again" if getattr(record, "station", "") in AGAIN else "notice.fault"
        self._warn(say(code, where=text) if record.levelno >= logging.ERROR else f"  {text}")


def listen(warn: Callable[[str], None], *, debug: bool) -> None:
    """Has faults told by `warn` from now on; with `debug` also the way through our code that led to them."""
    LOG.setLevel(logging.DEBUG if debug else logging.ERROR)
    LOG.propagate = False
    for handler in [one for one in LOG.handlers if isinstance(one, _Teller)]:
        LOG.removeHandler(handler)
    LOG.addHandler(_Teller(warn))
