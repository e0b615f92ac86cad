"""Alarms in words: what it is, whose, why, and the command to run next; and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cli import moments
from cli.as_json import iso
from cli.columns import wrap
from cli.next_step import next_command
from cli.paper import Paper
from cli.render_absence import span
from cli.render_words import due_words, one_line, staff_name
from cli.words import say
from notes.absence import Absence, absence_of
from notes.alarms import Alarm, AlarmCode, Urgency
from notes.model import Directory

STYLE = {Urgency.NOW: "alarm", Urgency.TODAY: "yellow", Urgency.SOON: "bold"}


def lines(
    alarms: Sequence[Alarm], absences: Sequence[Absence], directory: Directory, paper: Paper, now: datetime
) -> list[str]:
    """All alarms, a block each."""
    title = say("check.title", now=f"{moments.day_and_clock(now, 0)} {moments.offset(now)}")
    found = [paper.heading(title)]
    for alarm in alarms:
        found += ["", *block(alarm, absences, directory, paper, now)]
    return found if alarms else [*found, say("check.none")]


def block(
    alarm: Alarm, absences: Sequence[Absence], directory: Directory, paper: Paper, now: datetime
) -> Iterator[str]:
    """One alarm: what it is, why, the promise's words, whose it is, and the command to run next."""
    names = directory.names
    yield from (paper.paint(line, STYLE[alarm.urgency]) for line in wrap(headline(alarm, names), paper.columns))
    told = [reason(alarm, names, paper, now)]
    if alarm.promise:
        told.append(say("page.quote", quote=one_line(alarm.promise.quote)))
    told.append(_whose(alarm, absences, names, now))
    yield from (f"  {line}" for text in told if text for line in wrap(text, paper.columns - 2))
    yield f"  {say('check.run', command=paper.command(*next_command(alarm, directory)))}"


def headline(alarm: Alarm, names: Mapping[str, str]) -> str:
    """What it is, and about which case, person or mailbox."""
    about = f"{alarm.case} · {alarm.customer} · {alarm.title}" if alarm.case else staff_name(names, alarm.owner)
    if alarm.code is AlarmCode.MAILBOX_UNREAD:
        about = str(alarm.reason.figures["mailbox"])
    return f"{say(f'alarm.{alarm.code}')}: {one_line(about)}"


def reason(alarm: Alarm, names: Mapping[str, str], paper: Paper, now: datetime) -> str:
    """Why it is said, in a sentence."""
    figures = {name: f"{n:g}" if isinstance(n, float) else one_line(str(n)) for name, n in alarm.reason.figures.items()}
    if alarm.code is AlarmCode.ABSENCE_OFFERED:
        until = figures["until"]
        begins = datetime.fromisoformat(figures["from"])
        figures["span"] = span(begins, datetime.fromisoformat(until) if until else None, paper, now)
    return say(
        f"alarm-reason.{alarm.reason.code}",
        since=paper.when(alarm.since, now),
        due=due_words(alarm.due, paper, now) if alarm.due else "",
        owner=staff_name(names, alarm.owner),
        **figures,
    )


def _whose(alarm: Alarm, absences: Sequence[Absence], names: Mapping[str, str], now: datetime) -> str:
    if alarm.code in (AlarmCode.OWNER_QUIET, AlarmCode.ABSENCE_OFFERED):
        return ""
    if alarm.owner is None:
        return say("check.no-owner") if alarm.case else ""
    owner = staff_name(names, alarm.owner)
    if absence_of(alarm.owner, absences, now) is None:
        return say("check.owner", owner=owner)
    code = "check.owner-away" if alarm.standin else "check.owner-nobody"
    return say(code, owner=owner, standin=staff_name(names, alarm.standin))


def as_json(alarms: Sequence[Alarm], now: datetime, directory: Directory) -> dict[str, Any]:
    """All alarms; `next`: the words of the command to run."""
    return {"as_of": iso(now), "alarms": [_alarm(one) | {"next": list(next_command(one, directory))} for one in alarms]}


def _alarm(one: Alarm) -> dict[str, Any]:
    return {
        "key": one.key,
        "code": one.code.value,
        "owner": one.owner,
        "standin": one.standin,
        "case": one.case,
        "customer": one.customer,
        "title": one.title,
        "promise": {"id": one.promise.id, "quote": one.promise.quote} if one.promise else None,
        "since": iso(one.since),
        "due": iso(one.due),
        "reason": {"code": one.reason.code, **one.reason.figures},
        "urgency": one.urgency.value,
    }
