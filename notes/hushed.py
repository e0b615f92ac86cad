"""Of what nobody wants to hear for a while, or at all: read from what people said, the later word beats the earlier."""

from collections.abc import Iterable
from datetime import datetime

from notes.model import Correction

HUSH, HEAR = "alarm-hush", "alarm-hear"
KINDS = (HUSH, HEAR)
"""`target`: a case's key, a promise's or a customer's id. `HUSH` has a value `until` (ISO time; empty: for good)."""


def hushed(log: Iterable[Correction], now: datetime) -> dict[str, datetime | None]:
    """The targets that are hushed at `now`, and until when (None: until somebody wants to hear again)."""
    found: dict[str, datetime | None] = {}
    for one in log:
        found.pop(one.target, None)
        if one.kind == HUSH:
            until = one.value.get("until")
            found[one.target] = datetime.fromisoformat(until) if until else None
    return {target: until for target, until in found.items() if until is None or now < until}
