"""`kawari snooze`, `mute` and `unmute`: of which case, promise or customer nobody is told for a while, or at all."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json
from cli.options import AsJson, At, Who
from cli.words import say

if TYPE_CHECKING:
    from notes.model import Correction
    from notes.store.engine import Connection

Target = Annotated[list[str], typer.Argument(metavar="CASE|PROMISE", show_default=False, help=say("option.hush"))]
Any_ = Annotated[
    list[str], typer.Argument(metavar="CASE|PROMISE|CUSTOMER", show_default=False, help=say("option.hush-any"))
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help=say("option.snooze-until"))]


def snooze(
    ctx: typer.Context,
    target: Target,
    until: Until = None,
    who: Who = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Lets nobody be told of a case or a promise until some moment, else until the next business morning."""
    desk = desk_of(ctx)
    moment = _until(desk, until, at)
    _say(desk, " ".join(target), who, at, until=moment, as_json=as_json)


def mute(ctx: typer.Context, target: Any_, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Lets nobody be told of a case, a promise or a customer any more."""
    _say(desk_of(ctx), " ".join(target), who, at, until=None, as_json=as_json)


def unmute(ctx: typer.Context, target: Any_, who: Who = None, at: At = None, as_json: AsJson = False) -> None:
    """Lets people be told again."""
    _say(desk_of(ctx), " ".join(target), who, at, again=True, as_json=as_json)


def _until(desk: Desk, words: str | None, at: str | None) -> datetime:
    """Raises UsageError `no-date-found`, and `snooze-past` for a moment that is over."""
    from notes import spells
    from notes.errors import UsageError
    from notes.telling import next_opening

    now = desk.now(at)
    if words is None:
        return next_opening(now.astimezone(desk.calendar.zone), desk.calendar)
    moment = spells.end(words, now, desk.calendar)
    if moment is None:
        raise UsageError("no-date-found", given=words)
    if moment <= now:
        raise UsageError("snooze-past", given=words)
    return moment


def _say(
    desk: Desk,
    words: str,
    who: str | None,
    at: str | None,
    *,
    until: datetime | None = None,
    again: bool = False,
    as_json: bool,
) -> None:
    from cli.acquaintances import whose_word
    from cli.as_json import correction
    from cli.render_hushed import told
    from notes.hushed import HEAR, HUSH
    from notes.store import corrections

    word = whose_word(desk, who, at)
    store = desk.store()
    try:
        with store.begin() as db:
            kind, value = (HEAR, {}) if again else (HUSH, {"until": until.isoformat() if until else ""})
            target = _target(db, words)
            made: Correction = corrections.append(db, at=word.at, who=word.who, kind=kind, target=target, value=value)
    finally:
        store.close()
    if as_json:
        put_json(correction(made))
    else:
        put(told(made, desk.paper, word.at))


def _target(db: "Connection", words: str) -> str:
    """A promise by its id, a case by its key, a customer by its id or address, else the case that the words mean."""
    from cli import named
    from notes.errors import NotFoundError
    from notes.store import cases, customers, promises

    try:
        return promises.find(db, words)[0].id
    except NotFoundError:
        pass
    try:
        return cases.get(db, words).key
    except NotFoundError:
        known = customers.by_id(db, [words]) or customers.owners(
            db, [(kind, words.lower()) for kind in customers.OWNED]
        )
        return named.customer(db, words) if known else named.case(db, [words])
