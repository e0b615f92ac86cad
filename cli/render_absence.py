"""An absence in words: after the command that declares or ends it, in the log of decisions, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cli import moments
from cli.as_json import correction, iso
from cli.columns import wrap
from cli.paper import Paper
from cli.render_words import staff_name
from cli.words import say
from notes.absence import AWAY, Absence
from notes.model import Correction, Directory

if TYPE_CHECKING:
    from cli.whereabouts import Whereabouts


def told(found: "Whereabouts", directory: Directory, paper: Paper) -> list[str]:
    """What was said, what the stand-in takes over, and what to run next."""
    names = directory.names
    said = [say("decided.done", what=sentence(found.made, names, paper, found.at)), *_follows(found, names)]
    lines = [line for text in said for line in wrap(text, paper.columns)]
    if found.made.kind == AWAY and found.standin:
        lines += [say("absence.next"), f"  {paper.command('handover', found.made.target, '--to', found.standin)}"]
    return [*lines, say("decided.undo"), f"  {paper.command('undo')}"]


def listed(rows: Sequence[tuple[Absence, str | None]], directory: Directory, paper: Paper, now: datetime) -> list[str]:
    """Who is away and will be, a line each; with each absence who stands in after all (None: nobody)."""
    names = directory.names
    told = [
        say(
            "absence.line" if standin else "absence.line-nobody",
            owner=staff_name(names, one.owner),
            standin=staff_name(names, standin),
            when=span(one.since, one.until, paper, now),
            who=staff_name(names, one.declared_by),
        )
        for one, standin in sorted(rows, key=lambda row: (row[0].since, row[0].owner))
    ]
    return [line for text in told or [say("absence.none")] for line in wrap(text, paper.columns)]


def _follows(found: "Whereabouts", names: Mapping[str, str]) -> Iterator[str]:
    """Who stands in after all, and how much that is; while the owner is there again, what is theirs again."""
    owner, chosen = found.made.target, found.absence.standin
    if not found.away:
        yield say("absence.again", owner=staff_name(names, owner), cases=found.cases, owed=found.owed)
    elif found.standin is None:
        yield say("absence.nobody", standin=staff_name(names, chosen), owner=staff_name(names, owner))
    else:
        if found.standin != chosen:
            yield say("absence.chain", away=staff_name(names, chosen), standin=staff_name(names, found.standin))
        yield say("absence.covers", standin=staff_name(names, found.standin), cases=found.cases, owed=found.owed)


def sentence(made: Correction, names: Mapping[str, str], paper: Paper, now: datetime) -> str:
    """A declaration in a few words; `names`: of staff, by id."""
    since = datetime.fromisoformat(made.value["since"])
    owner = staff_name(names, made.target)
    if made.kind != AWAY:
        return say("decision.absence-back", owner=owner, since=moment(since, paper, now))
    until = datetime.fromisoformat(made.value["until"]) if made.value.get("until") else None
    when = span(since, until, paper, now)
    return say("decision.absence-away", owner=owner, standin=staff_name(names, made.value.get("to")), when=when)


def span(since: datetime, until: datetime | None, paper: Paper, now: datetime) -> str:
    """`Thu 26 Nov to Fri 4 Dec`: the last day of an absence is the one before its end at midnight."""
    if until is None:
        return say("absence.from", since=moment(since, paper, now))
    local = until.astimezone(paper.zone)
    last = moments.day(local - timedelta(seconds=1), now.year) if local.time() == time() else moment(until, paper, now)
    return say("absence.from-to", since=moment(since, paper, now), until=last)


def moment(one: datetime, paper: Paper, now: datetime) -> str:
    """A day where it begins, else with the hour."""
    local = one.astimezone(paper.zone)
    return moments.day(local, now.year) if local.time() == time() else moments.day_and_clock(local, now.year)


def absence(one: Absence) -> dict[str, Any]:
    """An absence as JSON."""
    return {
        "owner": one.owner,
        "standin": one.standin,
        "from": iso(one.since),
        "until": iso(one.until),
        "declared_by": one.declared_by,
        "declared_at": iso(one.declared_at),
    }


def as_json(found: "Whereabouts") -> dict[str, Any]:
    """What was said (`away`, `back`); `standin`: who it is after all, as of the absence's beginning."""
    return {
        "correction": correction(found.made),
        "absence": absence(found.absence),
        "away": found.away,
        "standin": found.standin,
        "cases": found.cases,
        "owed": found.owed,
    }
