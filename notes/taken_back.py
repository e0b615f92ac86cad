"""What takes a promise back: the other side no longer wants it, or the promising side cannot keep it."""

import re
from collections.abc import Collection
from dataclasses import replace

from notes.another_day import wants_another_day
from notes.likeness import alike, topic
from notes.model import By, Evidence, Kind
from notes.named_days import names_day
from notes.parties import Side
from notes.rivals import Rivals
from notes.said import REASON, Letter, Said, Way
from notes.tracking import ABOUT, Tracked

LIKE = 0.3
HEAD = re.compile(r"(?!.{0,10}(?:いただ|頂|もら|必要))([^、。はも]{1,10})[はも]")
OBJECT = re.compile(r"\b(?:the|those|these|your|our|an?) ((?:[\w'-]+ ?){1,2})", re.IGNORECASE)
VERY_LIKE = 0.5


def withdraws(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """The other side no longer wants it, or the promising side takes it back. A third party, which was promised
    nothing, has no say."""
    if letter.ref == tracked.promise.made_in or (letter.side is Side.OTHER and letter.thread != tracked.thread):
        return None
    own = letter.side is Side.US and letter.mail.kind is not Kind.FORWARD
    theirs = letter.heard if tracked.promise.by is By.US else letter.sentences
    group = "withdraw-own" if own else "withdraw"
    for said in letter.sentences if own else theirs:
        asks = said.text.endswith(("?", "か", "か。")) and not said.does("withdraw-wish")
        groups = [group, "withdraw-own"] if letter.side is tracked.side else [group]
        clause = _clause(said, groups)
        if asks or clause is None:
            continue
        if said.does("withdraw-all") or _any_about(tracked, letter, clause, rivals, own=own):
            reason = "taken-back" if own else "no-longer-wanted"
            return Evidence(letter.ref, letter.at, 0.75, reason)
    return None


def _clause(said: Said, groups: Collection[str]) -> Said | None:
    """The part of a sentence that calls off: "no visit, but please send the quote" is about the visit. None where
    nothing is called off, or only in the breath of a promise."""
    if not said.may_call_off:
        return None
    return next((part for part in said.breaths if any(part.does(group) for group in (*groups, "withdraw-all"))), None)


def _any_about(tracked: Tracked, letter: Letter, clause: Said, rivals: Rivals, *, own: bool) -> bool:
    """Whether what is called off is this promise, its reason told or not: "..., so please cancel"."""
    if _of_another_thing(tracked, letter, clause):
        return False
    bare = replace(clause, text=REASON.split(clause.text)[-1])
    first = replace(clause, text=clause.text.split(",")[0])
    parts = [clause, bare] + [first] * (first.does("withdraw") and first.text != clause.text)
    return any(_is_about(tracked, letter, said, rivals, own=own) for said in parts)


def _is_about(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals, *, own: bool) -> bool:
    """Whether what is called off is this promise: named there, or by the subject, or the only one of the thread."""
    if alike(tracked.topic | tracked.condition, said.topic) >= LIKE:
        return True
    due = tracked.promise.due_now
    if own:
        return tracked.way in (Way.VISIT, Way.CALL) and tracked.thread == letter.thread and names_day(said.text, due)
    same = tracked.thread == letter.thread and rivals.alone
    comes = rivals.alone and tracked.way in (Way.VISIT, Way.CALL)
    way, day = said.way is tracked.way, names_day(said.text, due)
    if comes and ((way and day) or (same and (way or day))):
        return True
    named = topic(said.phrases.without("withdraw", said.text), said.phrases)
    if any(alike(other, named) >= LIKE for other in rivals.others) or _asks_for_another_day(tracked, letter):
        return False
    return alike(letter.subject, said.topic) >= VERY_LIKE or (
        same and len(named) < 2 and not _another_thing(tracked, said)
    )


def _asks_for_another_day(tracked: Tracked, letter: Letter) -> bool:
    """Whether the other side asks for another day for what it promised: what it calls off beside that is another."""
    due = tracked.promise.due_now if tracked.way in (Way.VISIT, Way.CALL) else None
    return due is not None and letter.side is not tracked.side and wants_another_day(letter, [due])


def _another_thing(tracked: Tracked, said: Said) -> bool:
    """Whether what is called off is another thing, by its first words (「赤は不要です」) or its object ("don't bother
    with the booklets")."""
    head = HEAD.match(said.text) or OBJECT.search(said.text)
    named = topic(head[1], said.phrases) if head else frozenset[str]()
    return bool(named) and not tracked.likeness(named)


def _of_another_thing(tracked: Tracked, letter: Letter, said: Said) -> bool:
    """Whether it says what it is about, and that is neither the promise's matter nor the thread's."""
    named = ABOUT.search(said.text)
    about = topic(named[1], said.phrases) if named else frozenset()
    known = tracked.topic | tracked.condition | letter.subject | frozenset().union(*tracked.around)
    return bool(about) and not about & known


def falls_with(tracked: Tracked, gone: Tracked) -> bool:
    """Whether a promise waits for what was promised with it and is now called off: no bill after no visit."""
    together = tracked.promise.made_in == gone.promise.made_in and tracked.promise.by is gone.promise.by
    return together and tracked.promise.conditional and alike(tracked.condition, gone.topic) >= LIKE
