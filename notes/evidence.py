"""What keeps a promise, and what takes it back.

Evidence in order of trust:

1. the promising side's message to the other side carries the thing out: it hands over what was promised (words, names
   of attachments), answers, or says that it is done; a memo tells of the call or visit;
2. the other side thanks for it or says that it came.

A message that bounced, that only went to colleagues or to a third party, or that puts the matter off, keeps nothing.
Each function looks at one promise and one letter and returns a value; `notes.standing` folds them in order of time.
"""

import re
from datetime import datetime, timedelta

from notes.likeness import alike, covered
from notes.model import By, Evidence, Kind
from notes.parties import Side
from notes.said import Letter, Said, Way
from notes.tracking import Tracked

LIKE = 0.3
VERY_LIKE = 0.5
CORE = 0.6
CLOCK = re.compile(r"(?<![\d/:.])([01]?\d|2[0-3])(?::|時(?!間))([0-5]\d)?")


def evidence(tracked: Tracked, letter: Letter) -> Evidence | None:
    """By what a letter keeps an open promise, or None."""
    if letter.ref == tracked.promise.made_in or letter.mail.kind in (Kind.AUTO, Kind.BOUNCE, Kind.HINT):
        return None
    ours = tracked.promise.by is By.US
    if letter.side is tracked.side and (not ours or letter.reached or letter.internal):
        found = _carried_out(tracked, letter)
        if found:
            return found
    return _confirmed(tracked, letter, letter.heard if ours else letter.told)


def _carried_out(tracked: Tracked, letter: Letter) -> Evidence | None:
    if tracked.promise.by is By.US and letter.internal:
        return _told_in_memo(tracked, letter)
    if tracked.way is Way.CALL and not letter.any("way-call"):
        return None
    if tracked.way is Way.VISIT:
        return _visited(tracked, letter)
    if tracked.way is Way.CONTACT:
        return _answered(tracked, letter)
    return _handed_over(tracked, letter)


def _handed_over(tracked: Tracked, letter: Letter) -> Evidence | None:
    """The thing itself comes, or is said to be done."""
    if _puts_off(tracked, letter):
        return None
    best = max((_handing_score(tracked, letter, said) for said in letter.sentences), default=0.0)
    return Evidence(letter.ref, letter.at, round(min(1.0, best), 2), "delivered") if best >= VERY_LIKE else None


def _handing_score(tracked: Tracked, letter: Letter, said: Said) -> float:
    if said.requests or not _may_hand_over(tracked, letter, said):
        return 0.0
    if tracked.amounts and said.amounts and not tracked.amounts & said.amounts:
        return 0.0
    around = said.topic | letter.names
    likeness = max(alike(tracked.topic, said.topic) if len(said.topic) > 1 else 0.0, covered(tracked.topic, around))
    if tracked.core and covered(tracked.core, around) >= VERY_LIKE:
        likeness = max(likeness, CORE)
    if not tracked.topic:
        likeness = VERY_LIKE if letter.mail.attachments and (tracked.thread == letter.thread) else 0.0
    if likeness < LIKE:
        return 0.0
    extra = 0.15 * bool(letter.mail.attachments) + 0.1 * (tracked.thread == letter.thread) + 0.1 * said.does("handing")
    return likeness + extra


def _may_hand_over(tracked: Tracked, letter: Letter, said: Said) -> bool:
    """Whether a sentence can be the handing over itself: goods are not handed over by a file."""
    if tracked.goods:
        return said.hands_over and said.does("on-its-way")
    return said.hands_over or (bool(letter.mail.attachments) and said.states)


def _answered(tracked: Tracked, letter: Letter) -> Evidence | None:
    """A promise to get back is kept by a message with something to say, unless that puts the answer off again."""
    telling = letter.telling
    come = letter.best(tracked.condition, [said for said in letter.sentences if said.does("done") and not said.promise])
    if come < LIKE and _defers(tracked, letter):
        return None
    likeness = max(letter.best(tracked.topic, telling), come)
    related = tracked.thread == letter.thread
    refused = any(said.puts_off or said.does("negated") for said in letter.sentences) and likeness < LIKE
    if come >= LIKE:
        return Evidence(letter.ref, letter.at, round(0.55 + 0.4 * likeness, 2), "answered")
    if not telling or refused or not (related or likeness >= LIKE):
        return None
    return Evidence(letter.ref, letter.at, round(0.55 + 0.4 * likeness, 2), "answered")


def _defers(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter promises the answer again: a delivery promised beside full answers does not."""
    deferring = [said for said in letter.sentences if said.defers]
    waiting = tracked.many or any(said.puts_off for said in letter.sentences)
    return any(said.way is Way.CONTACT or waiting or not letter.telling for said in deferring)


def _puts_off(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter says of this very thing that it comes later."""
    return any(
        alike(tracked.topic, said.topic) >= VERY_LIKE and (said.puts_off or (said.promise and said.promise.moves))
        for said in letter.sentences
    )


def _visited(tracked: Tracked, letter: Letter) -> Evidence | None:
    """A visit is told of after its moment by thanks or report."""
    due = tracked.promise.due_now
    if due and letter.at < due - timedelta(hours=12):
        return None
    told = any(said.does("receipt") or (said.hands_over and said.does("way-visit")) for said in letter.sentences)
    return Evidence(letter.ref, _then(tracked, letter), 0.7, "visited") if told else None


def _told_in_memo(tracked: Tracked, letter: Letter) -> Evidence | None:
    """A colleague's note of a call, a visit or a deed done; colleagues cannot deliver or answer among themselves."""
    opening = letter.opening
    if tracked.way is Way.CALL:
        if letter.phrases.has("call-in", opening) and not letter.phrases.has("call-out", opening):
            return None
        called = letter.mail.kind is Kind.CALL or letter.phrases.has("call-out", opening)
        return Evidence(letter.ref, _clock(tracked, letter), 0.8, "called") if called else None
    done = [said for said in letter.sentences if said.hands_over or said.does("done")]
    if tracked.way is Way.VISIT and _due_came(tracked, letter):
        told = letter.any("way-visit") and (done or letter.mail.kind is Kind.MEETING) and not letter.any("called-off")
        return Evidence(letter.ref, _then(tracked, letter), 0.8, "visited") if told else None
    if tracked.way is Way.DO and letter.best(tracked.topic, done) >= VERY_LIKE:
        return Evidence(letter.ref, _then(tracked, letter), 0.7, "done")
    return None


def _due_came(tracked: Tracked, letter: Letter) -> bool:
    due = tracked.promise.due_now
    start = tracked.promise.due.start if not tracked.promise.moves else None
    if start or due is None:
        return start is None or letter.at >= start
    return letter.at.astimezone(due.tzinfo).date() >= due.date()


def _confirmed(tracked: Tracked, letter: Letter, heard: tuple[Said, ...]) -> Evidence | None:
    """The other side says that it came, or thanks for it."""
    due = tracked.promise.due_now
    if tracked.partly and due and letter.at < due:
        return None  # thanks for the part that came
    expected = Side.US if tracked.promise.by is By.THEM else Side.CUSTOMER
    if letter.side is not expected and not letter.internal:
        return None
    for said in heard:
        if said.promise or said.puts_off or not said.does("receipt"):
            continue
        if _names_it(tracked, letter, said):
            return Evidence(letter.ref, _then(tracked, letter, said), 0.75, "confirmed-by-other-side")
    return None


def _names_it(tracked: Tracked, letter: Letter, said: Said) -> bool:
    if tracked.way is Way.VISIT:
        return said.does("way-visit-thanks") and _due_came(tracked, letter)
    if tracked.way is Way.CALL:
        return said.does("way-call") and not letter.internal
    if tracked.way is Way.CONTACT and said.does("way-contact") and said.does("thanks"):
        return True
    return alike(tracked.topic, said.topic) >= LIKE


def _then(tracked: Tracked, letter: Letter, said: Said | None = None) -> datetime:
    """When something told of afterwards happened: at its due moment when that has passed and nobody calls it late."""
    due = tracked.promise.due_now
    late = said.does("late") if said else False
    return min(due, letter.at) if due and not late else letter.at


def _clock(tracked: Tracked, letter: Letter) -> datetime:
    """The time of day a memo of a call names, on the memo's day, if it lies between the promise and the memo."""
    for found in CLOCK.finditer(letter.opening[:400]):
        moment = letter.at.replace(hour=int(found[1]), minute=int(found[2] or 0), second=0, microsecond=0)
        if tracked.promise.made_at <= moment <= letter.at:
            return _appointed(tracked, moment)
    return _appointed(tracked, letter.at)


def _appointed(tracked: Tracked, moment: datetime) -> datetime:
    """ "At 2 pm" is kept at five past."""
    due = tracked.promise.due
    meant = due.to is not None and due.start == due.to and due.to <= moment <= due.to + timedelta(minutes=30)
    return due.to if meant and due.to else moment


def withdraws(tracked: Tracked, letter: Letter) -> Evidence | None:
    """The customer no longer wants it, or the promising side takes it back."""
    if letter.ref == tracked.promise.made_in:
        return None
    theirs = letter.heard if tracked.promise.by is By.US else letter.sentences
    group = "withdraw" if letter.side is not Side.US else "withdraw-own"
    for said in theirs if letter.side is not Side.US else letter.sentences:
        if said.text.endswith("?") or said.promise or not (said.does(group) or said.does("withdraw-all")):
            continue
        named = alike(tracked.topic | tracked.condition, said.topic) >= LIKE
        if (
            named
            or said.does("withdraw-all")
            or (group == "withdraw" and alike(letter.subject, said.topic) >= VERY_LIKE)
        ):
            reason = "no-longer-wanted" if group == "withdraw" else "taken-back"
            return Evidence(letter.ref, letter.at, 0.75, reason)
    return None
