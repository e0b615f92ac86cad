"""The diary read again: every mail filed anew, in the order in which they were written, by the present rules.

Decisions see only what was written before, so any order of arrival ends in the same cases. What a person decided stays:
notes and mails where a person put them, all mails of a case that a person merged, renamed, assigned or closed. Cases
and customers keep their keys where the mail that began them begins one again; a key that is no longer needed stays good
as a name for the case that took over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ingest.backlog import tidy
from ingest.context import Context
from ingest.receive import FILED_AT_ONCE, Queue, catch_up, file_all, stand_some
from notes.store import pending, rereading, search, unfiled
from notes.store.engine import Connection, Store

_LATE = timedelta(days=1)
_WORTH = 50
"""So many mails are read again for each one that came late."""


@dataclass(frozen=True, slots=True)
class Refiled:
    """A mail that went elsewhere: its ref, and the keys of the cases (None: unfiled) in which it was and is."""

    ref: str
    before: str | None
    after: str | None


class _Stopped(Exception):  # noqa: N818 - no error
    """Filing anew was told to stop, and left everything as it was."""


def reconsider(
    store: Store,
    context: Context,
    *,
    dry_run: bool = False,
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Refiled, ...]:
    """Files everything anew that no person fixed, all or nothing, and says what changed, or (`dry_run`) would change.

    Mails are read some hundred at a time; of all of them only refs and keys are held. `stop` is asked between them:
    once true, everything is left as it was. Raises DatabaseError.
    """

    def go_on(done: int) -> None:
        if stop():
            raise _Stopped
        progress(done)

    try:
        with store.begin() as db, db.begin_nested() as attempt:
            changes = _reconsider(db, context, go_on)
            if dry_run:
                attempt.rollback()
    except _Stopped:
        return ()
    store.scrub()
    return changes


def file_in_order(
    store: Store, context: Context, *, stop: Callable[[], bool] = lambda: False, progress: Callable[[int], None]
) -> None:
    """Files the mails that wait for it; the whole diary anew when so many of them are late that it is worth it.

    That, too, some hundred at a time, each for good: told to stop or killed in between, it goes on from there the next
    time. Meanwhile cases are shown as they were (`notes.store.rereading`).
    """
    if not stop():
        with store.begin() as db:
            if _is_worth_it(db):
                rereading.forget(db)
    catch_up(store, context, stop=stop, progress=progress)
    if not stop():
        with store.begin() as db:
            if rereading.settle(db):
                search.purge(db)
            pending.put_back(db, unfiled.known_by_now(db, FILED_AT_ONCE))
        catch_up(store, context, stop=stop)
    context.workers.rest()
    tidy(store, context.keep)


def _is_worth_it(db: Connection) -> bool:
    """Asked in the transaction that acts on it: another poller may have begun meanwhile."""
    late, filed = pending.late(db, _LATE)
    return late * _WORTH > filed and not rereading.under_way(db)


def file_recent(
    store: Store, context: Context, *, stop: Callable[[], bool] = lambda: False, progress: Callable[[int], None]
) -> None:
    """Files those that wait and are not late: while older mail is still being read, which is filed when all is in."""
    with store.read() as db:
        newest = pending.newest_filed(db)
    catch_up(store, context, stop=stop, progress=progress, since=newest and newest - _LATE)


def _reconsider(db: Connection, context: Context, progress: Callable[[int], None]) -> tuple[Refiled, ...]:
    before = rereading.filed(db)
    rereading.forget(db)
    done = 0
    queue = Queue(context)
    while waiting := queue.next(db):
        file_all(db, waiting, context, queue.begun)
        done += len(waiting)
        progress(done)
    rereading.settle(db)
    while stand_some(db, context):
        progress(done)
    unfiled.sweep(db, context.keep)
    changes = tuple(
        Refiled(ref, before.get(ref), after) for ref, after in rereading.filed(db).items() if before.get(ref) != after
    )
    if any(one.after is None for one in changes):
        search.purge(db)
    return changes
