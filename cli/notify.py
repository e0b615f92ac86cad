"""Letters about what must be heard of: written in each reader's language, queued, and handed to the mail server.

`kawari check --notify` does it once, `kawari poll` every minute. What is told to whom is decided by `notes.telling`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from cli import moments, words
from cli.columns import wrap
from cli.desk import Desk
from cli.harmless import harmless
from cli.ways_out import common_language, post
from cli.words import say
from notes.errors import SettingsError
from notes.telling import TEAM, Manner, Telling, claims, noted, tellings

if TYPE_CHECKING:
    from cli.heard import Heard
    from cli.settings import Notify
    from notes.absence import Absence
    from notes.store.engine import Store
    from notes.store.outbox import Outgoing

COLUMNS = 72
REMEMBERED = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Done:
    """What telling came to: letters written now, and letters that went out."""

    written: int
    sent: int


def is_set_up(desk: Desk) -> bool:
    """Whether the settings say how to tell anybody."""
    notify = desk.settings.notify
    return bool(notify.host or notify.channels_env or notify.channels_file)


def tell(desk: Desk, store: "Store", now: datetime, heard: "Heard | None" = None) -> Done:
    """Writes letters and answers that are due at `now`, and hands over what waits; `heard`: what was gathered already.

    Raises SettingsError `notify-not-set-up`, DatabaseError.
    """
    from cli import answer
    from ingest.outgoing import send_due

    if not is_set_up(desk):
        raise SettingsError("notify-not-set-up", file=str(desk.file))
    written = _write(desk, store, now, heard) + answer.write(desk, store, now)
    return Done(written, send_due(store, post(desk), now))


def _write(desk: Desk, store: "Store", now: datetime, heard: "Heard | None") -> int:
    """Letters and the note of what they tell, each in one transaction: nobody else tells it, too."""
    from cli.diary import Diary
    from cli.heard import gather
    from notes.store import outbox

    with store.read() as db:
        heard = heard or gather(Diary(db, desk, now, past=False), desk)
        told = outbox.told(db, now - REMEMBERED)
    notify = desk.settings.notify
    team = bool(notify.team or notify.channels_env or notify.channels_file)
    written = 0
    for telling in tellings(heard.alarms, told, manner=manner(notify), calendar=desk.calendar, now=now, team=team):
        letters = _letters(telling, desk, heard.absences, now)
        with store.begin() as db:
            queued = bool(letters) and outbox.queue(db, letters, noted(telling), claims(telling), now)
        written += len(letters) if queued else 0
    return written


def manner(notify: "Notify") -> Manner:
    """When people are told."""
    from cli.setting import hours

    return Manner(time.fromisoformat(notify.digest), timedelta(hours=hours(notify.escalate_after, 8.0) or 0.0))


# --- their words --------------------------------------------------------------------------------------------------


def _letters(telling: Telling, desk: Desk, absences: "Sequence[Absence]", now: datetime) -> "list[Outgoing]":
    """A letter to each address of a reader; to the team also one for its channels."""
    from notes.store.outbox import Outgoing

    person = next((one for one in desk.settings.staff if one.id == telling.to), None)
    language = (person.language if person else None) or common_language(desk)
    with words.speaking(language):
        subject = harmless(_subject(telling, desk, now), one_line=True)
        body = "\n".join(_body(telling, person.name if person else None, desk, absences, now)) + "\n"
    recipients = list(person.addresses[:1]) if person else list(desk.settings.notify.team)
    channels = desk.settings.notify.channels_env or desk.settings.notify.channels_file
    recipients += [""] if telling.to == TEAM and channels else []
    return [Outgoing(f"{telling.key}:{one or 'channels'}", one, subject, body) for one in recipients]


def _subject(telling: Telling, desk: Desk, now: datetime) -> str:
    from cli.render_check import headline

    count = len(telling.alarms)
    if telling.digest:
        return say("notify.subject-digest", day=moments.day(now.astimezone(desk.zone), now.year), n=count)
    names = desk.directory.names
    first = headline(telling.alarms[0], names)
    return say("notify.subject", first=first) if count == 1 else say("notify.subject-more", first=first, n=count - 1)


def _body(
    telling: Telling, name: str | None, desk: Desk, absences: "Sequence[Absence]", now: datetime
) -> Iterator[str]:
    from cli.paper import Paper
    from cli.render_check import block

    paper = Paper(COLUMNS, colour=False, zone=desk.zone, kawari="kawari")
    yield say("notify.dear", name=harmless(name, one_line=True)) if name else say("notify.dear-team")
    yield ""
    intro = "digest" if telling.digest else "team" if telling.to == TEAM else "person"
    yield from wrap(say(f"notify.intro-{intro}"), COLUMNS)
    for alarm in telling.alarms:
        yield ""
        yield from block(alarm, absences, desk.directory, paper, now)
    yield ""
    yield from (line for text in say("notify.foot").split("\n") for line in wrap(text, COLUMNS))
