"""When a promise was kept: by the message itself, or before it where the message only tells of it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from notes.likeness import alike
from notes.model import Kind, Precision
from notes.named_days import names_day
from notes.phrases import plain
from notes.said import Letter, Said
from notes.tracking import Act, Tracked

CLOCK = re.compile(r"(?<![\d/:.])([01]?\d|2[0-3])(?::|時(?!間))([0-5]\d|半)?(?!\d)")
BY = re.compile(r"までに|(?<!come )(?<!drop )(?<!stop )(?<!swing )\b(?:by|before|no later than|within)\b")

DAY = timedelta(days=1)
ON_THE_WAY, BY_CARRIER = timedelta(days=4), timedelta(days=8)
A_WEEK = timedelta(days=7)
NEARLY = timedelta(hours=36)
NOON, EARLY = 12, 7


def near(tracked: Tracked, letter: Letter) -> bool:
    due = tracked.promise.due_now
    return due is not None and letter.at >= due - NEARLY


def is_appointed(tracked: Tracked) -> bool:
    """Whether it takes place at a time, rather than being done by one: a visit, or work "on Saturday morning"."""
    promise = tracked.promise
    if tracked.act is Act.VISIT:
        return True
    timed = promise.due.precision in (Precision.MINUTE, Precision.PART_OF_DAY)
    return tracked.act is Act.WORK and timed and BY.search(plain(promise.quote)) is None


def of_its_day(tracked: Tracked, letter: Letter, said: Said) -> bool:
    """Whether a sentence speaks of the day for which something was promised, once it has come: "today" on that day,
    "yesterday" on the next, its weekday or number within a week."""
    due = tracked.promise.due_now
    if due is None:
        return False
    at = letter.at.astimezone(due.tzinfo)
    start = tracked.promise.due.start if not tracked.promise.moves else None
    first, last = (start or due).date(), due.date()
    if not first <= at.date() <= (due + A_WEEK).date():
        return False
    if said.does("today"):
        return at.date() <= last
    if said.does("yesterday"):
        return first <= (at - DAY).date() <= last
    return names_day(said.text, due)


def told_on_its_day(tracked: Tracked, letter: Letter) -> bool:
    """Whether one of us notes something for the file on the very day of an appointment, once its hour has come."""
    due = tracked.promise.due_now
    if due is None or letter.mail.kind not in (Kind.NOTE, Kind.MEETING) or not is_appointed(tracked):
        return False
    at = letter.at.astimezone(due.tzinfo)
    start = tracked.promise.due.start if not tracked.promise.moves else None
    return at.date() == due.date() and at >= (start or min(due, at))


def moment_of(tracked: Tracked, letter: Letter, said: Said) -> datetime:
    """When it was kept: by the letter itself, or before it where the letter only tells of it."""
    if tracked.act is Act.CALL:
        return _appointed(tracked, _clock(tracked, letter, letter.opening[:400]))
    due = tracked.promise.due_now
    if tracked.act in (Act.VISIT, Act.WORK) and said.does("done") and not said.does("yesterday"):
        clock = _clock(tracked, letter, said.text, letter.at)
        if clock != letter.at and not (is_appointed(tracked) and said.does("ended")):
            return _appointed(tracked, clock)
    if is_appointed(tracked) or letter.internal or (due and said.does("done") and _earlier(tracked, due, said)):
        return then(tracked, letter, said)
    return letter.at


def _earlier(tracked: Tracked, due: datetime, said: Said) -> bool:
    return _yesterday(tracked, said) or _on_its_day(due, said)


def _yesterday(tracked: Tracked, said: Said) -> bool:
    """Whether it was yesterday, by the part of the sentence that names the matter: 「昨日忘れ、今朝出荷」"""
    if not said.does("yesterday") or said.does("undone"):
        return False
    parts = [replace(said, text=part) for part in re.split(r"、|, ", said.text) if part]
    return max(parts, key=lambda part: alike(tracked.topic, part.topic), default=said).does("yesterday")


def _on_its_day(due: datetime, said: Said) -> bool:
    """Whether something told of happened on the day it was due: 「10日に発送済み」, but not "instead of the 10th"."""
    another = said.does("as-promised") or said.does("reschedule") or said.does("undone")
    return names_day(said.text, due) and not another


def then(tracked: Tracked, letter: Letter, said: Said) -> datetime:
    """When something told of afterwards happened: at its due moment when that has passed and nobody calls it late."""
    due = tracked.promise.due_now
    if due is None or said.does("late"):
        return letter.at
    if _was_under_way(tracked, letter, said, due):
        return min(due, letter.at)
    if _on_its_day(due, said):
        return min(due, letter.at)
    if _yesterday(tracked, said):
        late = due.date() < (letter.at - DAY).astimezone(due.tzinfo).date()
        return letter.at - DAY if late else min(due, letter.at)
    same_day = letter.at.astimezone(due.tzinfo).date() == due.date()
    if same_day or said.does("today"):
        otherwise = min(due, letter.at) if same_day else letter.at
        if same_day and is_appointed(tracked) and said.does("ended"):
            return otherwise  # the hour it names is when it was over
        return min(letter.at, _appointed(tracked, _clock(tracked, letter, said.text, otherwise)))
    return min(due, letter.at)


def _was_under_way(tracked: Tracked, letter: Letter, said: Said, due: datetime) -> bool:
    """Whether what was to be sent by a day, and is there soon after, must have been sent in time."""
    there = said.does("receipt") and not said.does("on-its-way") and not letter.mail.attachments
    sent = there and tracked.act in (Act.GOODS, Act.PAPER) and tracked.is_sent
    longest = BY_CARRIER if said.phrases.has("sent-by", plain(tracked.promise.quote)) else ON_THE_WAY
    return sent and due < letter.at <= due + longest


def _clock(tracked: Tracked, letter: Letter, text: str, otherwise: datetime | None = None) -> datetime:
    """The time of day a report names, on the report's day, if it lies between the promise and the report."""
    for found in CLOCK.finditer(text):
        minute = 30 if found[2] == "半" else int(found[2] or 0)
        for hour in _hours(int(found[1])):
            moment = letter.at.replace(hour=hour, minute=minute, second=0, microsecond=0)
            if tracked.promise.made_at <= moment <= letter.at:
                return moment
    return otherwise or letter.at


def _hours(said: int) -> tuple[int, ...]:
    """The hours of the day that a clock may mean, the likelier one first: nobody comes at 2:40 in the night."""
    if said >= NOON:
        return (said,)
    return (said, said + NOON) if said >= EARLY else (said + NOON, said)


def _appointed(tracked: Tracked, moment: datetime) -> datetime:
    """ "At 2 pm" is kept at five past."""
    due = tracked.promise.due_now
    exact = tracked.promise.due.start == tracked.promise.due.to or tracked.act is Act.VISIT
    meant = due is not None and exact and due <= moment <= due + timedelta(minutes=30)
    return due if meant and due else moment
