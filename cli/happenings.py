"""What a poller that stays tells: a line an event on stderr, in words or as JSON; counts, never subjects or addresses.

The journal of systemd stamps its lines itself; anywhere else each line begins with the moment.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from cli.desk import Desk
from cli.error_words import noticed, sentence
from cli.harmless import harmless
from cli.words import say
from ingest.watching import Code, Happening

WARNINGS = frozenset({Code.LOST, Code.ELSEWHERE, Code.DATABASE_LOST})


class Teller:
    """Writes happenings to stderr. `clear` is called before: a bar may be drawn there."""

    def __init__(self, desk: Desk, clear: Callable[[], None], *, as_json: bool) -> None:
        self._desk = desk
        self._clear = clear
        self._as_json = as_json
        self._stamped = "JOURNAL_STREAM" not in desk.environ

    def __call__(self, happening: Happening) -> None:
        """Tells one."""
        self._clear()
        now = self._desk.now()
        events = [record(happening, now.tzinfo)] if happening.code is not Code.READ else list(records(happening))
        for event in events:
            self.say(event, now)

    def fault(self, text: str) -> None:
        """Tells a fault of the program as an event among the others."""
        self._clear()
        self.say(event("fault", text, warning=True), self._desk.now())

    def say(self, event: dict[str, Any], now: datetime) -> None:
        """Writes one event; `text` is its sentence."""
        if self._as_json:
            line = json.dumps({"at": now.isoformat(timespec="seconds"), **event}, ensure_ascii=False)
        else:
            line = f"{now:%Y-%m-%d %H:%M:%S} {event['text']}" if self._stamped else event["text"]
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def event(code: str, text: str, *, warning: bool = False, **values: Any) -> dict[str, Any]:
    """An event as `--log-json` gives it."""
    return {"level": "warning" if warning else "info", "event": code, **values, "text": text}


def record(happening: Happening, zone: tzinfo | None) -> dict[str, Any]:
    """A mailbox, a folder of it, or the diary, that is lost or back; moments in `zone`, as the line's own."""
    code = happening.code.value
    values: dict[str, Any] = {"mailbox": happening.mailbox}
    if happening.error:
        said = sentence(happening.error)
        values["error"] = happening.error.code
        if happening.until:
            until = happening.until.astimezone(zone)
            values["retry_at"] = until.isoformat(timespec="seconds")
            said = say("happening.lost-until", said=said, at=f"{until:%Y-%m-%d %H:%M:%S}")
        return event(code, said, warning=True, **values)
    values |= {"folder": happening.folder} if happening.folder else {}
    named = {"mailbox": happening.mailbox, "folder": happening.folder, "holder": happening.holder}
    text = say(f"happening.{code}", **{name: harmless(value, one_line=True) for name, value in named.items()})
    return event(code, text, warning=happening.code in WARNINGS, **values)


def records(happening: Happening) -> Iterator[dict[str, Any]]:
    """What a poll brought: a line for each folder that has news, and one for each thing to be read by the user."""
    from cli import render_lists

    for one in happening.results:
        place = {"mailbox": one.mailbox, "folder": one.folder}
        for notice in one.notices:
            yield event(notice.code, noticed(notice), warning=True, mailbox=one.mailbox)
        if one.error:
            yield event("folder-failed", sentence(one.error), warning=True, error=one.error.code) | place
        elif one.mails or one.unreadable:
            counts = {"mails": one.mails, "new": one.new, "unreadable": one.unreadable}
            yield event("read", render_lists.results([one])[0]) | place | counts
