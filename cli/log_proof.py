"""Whether the log is polled and nobody said which server vouches for its mail: told by `kawari status` and `doctor`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.columns import wrap
from cli.desk import Desk
from cli.harmless import harmless
from cli.words import say
from notes.model import Coverage, Role

if TYPE_CHECKING:
    from notes.store.engine import Connection

LOOKED_AT = 20
"""The latest mails in the log that are asked which server they name."""


@dataclass(frozen=True, slots=True)
class Unproven:
    """From is believed in the polled log. `server`: the id on top of all its latest mails, empty where they differ."""

    server: str


def unproven(db: "Connection", desk: Desk, coverage: Iterable[Coverage]) -> Unproven | None:
    """None where the log is not polled, or `log.authserv_id` is set."""
    from ingest.trusted import server
    from notes.store import ways

    if desk.settings.log.authserv_id or not any(one.role is Role.LOG for one in coverage):
        return None
    named = {server(raw) for raw in ways.latest_in_log(db, LOOKED_AT)}
    return Unproven(named.pop() if len(named) == 1 else "")


def lines(found: Unproven | None, columns: int) -> list[str]:
    """What it means, and what to set."""
    if found is None:
        return []
    seen = [say("log.server", server=harmless(found.server, one_line=True))] if found.server else []
    return ["", *(line for text in (say("log.unproven"), *seen) for line in wrap(text, columns))]


def as_json(found: Unproven | None) -> dict[str, Any]:
    """`{"log": {"from_believed": true, "server": …}}`."""
    return {"log": {"from_believed": found is not None, "server": (found and found.server) or None}}
