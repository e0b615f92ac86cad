"""What somebody tells the diary by hand: a note, a call, a meeting, or a hint on how a customer is to be treated.

A note is read as a memo by mail is: what was told to the customer in it counts as promised. Writing it is an event in
the log of corrections, by which a hint is found, and `undo` takes it away again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest import study
from ingest.context import Context
from ingest.filing import stand_again
from notes.model import Address, Correction, Direction, Findings, Kind, Message, PromiseFound, Zone, ZoneKind
from notes.store import corrections, hints, homes, mails

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from notes.store.engine import Connection

NOTE = "note-add"
KINDS = (NOTE, hints.HINT)
"""Corrections that wrote something down: `target` is its ref, value `case` the key it was written under, `kind`."""


@dataclass(frozen=True, slots=True)
class Word:
    """Whose decision, and when: a staff id or name, and an aware moment."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """The ref of what was written, and the event in the log."""

    ref: str
    made: Correction


def write(
    db: Connection,
    context: Context,
    key: str,
    text: str,
    word: Word,
    *,
    kind: Kind = Kind.NOTE,
    sender: Address,
    promised: PromiseFound | None = None,
    source: Mapping[str, str] | None = None,
) -> Noted:
    """Writes a note into a case as of `word.at`; the same words of the same moment only once.

    What was promised in it is found as in memos by mail, unless it is given (`promised`), and the case's standing
    worked out again. A hint promises nothing. `source` goes into the event's value.
    """
    findings = Findings((promised,) if promised else ())
    if kind is not Kind.HINT and not promised:
        findings = _findings(text, word, kind, sender, context)
    ref = mails.add_note(db, case=key, kind=kind, sender=sender, at=word.at, text=text, findings=findings)
    event = hints.HINT if kind is Kind.HINT else NOTE
    known = next((one for one in corrections.of(db, [ref]) if one.kind in KINDS), None)
    value = {"case": key, "kind": kind.value, **(source or {})}
    made = known or corrections.append(db, at=word.at, who=word.who, kind=event, target=ref, value=value)
    stand_again(db, [key], context)
    return Noted(ref, made)


def take_back(db: Connection, context: Context, made: Correction, _: Mapping[str, str]) -> set[str]:
    """Takes a note out of the diary whose event is in force no more; returns the key of the case that showed it."""
    held = mails.cases_of(db, [made.target])
    mails.drop_note(db, made.target)
    touched = set(homes.living(db, held.values()).values())
    stand_again(db, sorted(touched), context)
    return touched


def _findings(text: str, word: Word, kind: Kind, sender: Address, context: Context) -> Findings:
    memo = Message(
        ref="",
        message_id=None,
        in_reply_to=(),
        references=(),
        sender=sender,
        to=(),
        cc=(),
        bcc=(),
        date=word.at,
        date_doubtful=False,
        subject="",
        kind=kind,
        text=text,
        digest="",
        zones=(Zone(ZoneKind.NEW, text, "note"),),
    )
    return study.findings(memo, kind, Direction.INTERNAL, context.calendar, context.phrases)
