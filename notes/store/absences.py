"""Absences as the log of corrections holds them: declared and taken back like any other word of a person."""

from datetime import datetime

from sqlalchemy import Connection

from notes.absence import KINDS, Absence, absences
from notes.store import corrections


def declared(db: Connection, until: datetime | None = None) -> tuple[Absence, ...]:
    """What was declared and is in force, in the order of declaration. `until`: what had been declared at that moment;
    one whose beginning lies ahead of it is among them."""
    return absences(corrections.of_kinds(db, KINDS, until))
