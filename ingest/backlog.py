"""Whether anything waits to be filed, and what is tidied up when nothing does any more.

Light to load: a poll that finds nothing new needs this much of filing, and is over at once.
"""

from notes.model import Keep
from notes.store import cases, pending, rereading, unfiled
from notes.store.engine import Store


def waits(store: Store) -> bool:
    """Whether there are stored mails to be filed, mails whose writer has become known, or cases whose standing is to be
    worked out. Raises DatabaseError."""
    with store.read() as db:
        filing = pending.count(db) or rereading.under_way(db)
        return bool(filing or cases.outdated(db, 1) or unfiled.known_by_now(db, 1))


def tidy(store: Store, keep: Keep) -> None:
    """Lets go of what is nobody's, but for what is kept of it. Raises DatabaseError."""
    with store.begin() as db:
        unfiled.sweep(db, keep)
    store.scrub()
