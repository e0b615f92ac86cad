"""What keeps a promise, and what takes it back.

A promise is kept by a message that carries it out or tells that it was carried out, or by the other side's saying so.
Which sentences can do that follows from the promise's act (a call, a visit, goods, a paper, an answer, work). What ties
such a sentence to this promise is then added up, and `ENOUGH` points are a fulfilment:

* the deed itself, by how plainly it is told (`_deed`);
* likeness of what the two are about, `LIKENESS` at most;
* the same thread; a moment near the due date; words that close ("as promised", 「お待たせ」); a file; the promise being
  the only one of its kind that is open. Another open promise that the message is more about takes points away.

A message that bounced, that only went to colleagues or to a third party, or that puts the matter off, keeps nothing.
Each function looks at one promise and one letter and returns a value; `notes.standing` folds them in order of time.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notes.likeness import alike, covered
from notes.model import By, Evidence, Kind
from notes.parties import Side
from notes.said import Letter, Said, Way
from notes.tracking import Act, Tracked

ENOUGH = 0.5
LIKENESS = 0.45
THREAD, NEAR, RECENT, CLOSING, FILE, ALONE = 0.25, 0.15, 0.1, 0.2, 0.15, 0.1
OUTDONE = -0.35
LIKE = 0.3
VERY_LIKE = 0.5
CORE = 0.6
NEARLY = timedelta(hours=36)
FRESH = timedelta(days=4)
REASONS = {
    Act.CALL: "called",
    Act.VISIT: "visited",
    Act.GOODS: "delivered",
    Act.PAPER: "delivered",
    Act.ANSWER: "answered",
    Act.WORK: "done",
}
CLOCK = re.compile(r"(?<![\d/:.])([01]?\d|2[0-3])(?::|時(?!間))([0-5]\d|半)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Rivals:
    """A promise among the others open on its side: the only one of its act, or one that a letter is less about."""

    alone: bool = True
    outdone: bool = False


def compare(tracked: Sequence[Tracked], letter: Letter) -> dict[int, Rivals]:
    """For the number of each open promise how it stands among the others of its side and act, before a letter."""
    groups: dict[tuple[By, Act], list[int]] = {}
    for index, one in enumerate(tracked):
        if one.is_open:
            groups.setdefault((one.promise.by, one.act), []).append(index)
    found: dict[int, Rivals] = {}
    for group in groups.values():
        named = {index: alike(tracked[index].topic, letter.whole) for index in group}
        most = max(named.values())
        for index in group:
            found[index] = Rivals(alone=len(group) == 1, outdone=named[index] < most and most >= LIKE)
    return found


def evidence(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """By what a letter keeps an open promise, or None."""
    if letter.ref == tracked.promise.made_in or letter.mail.kind in (Kind.AUTO, Kind.BOUNCE, Kind.HINT):
        return None
    if _too_early(tracked, letter):
        return None
    found = _carried_out(tracked, letter, rivals) if _by_its_side(tracked, letter) else None
    return found or _confirmed(tracked, letter, rivals)


def _by_its_side(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter is the promising party's, to the other side or told among us."""
    if letter.side is not tracked.side or letter.mail.kind is Kind.FORWARD:
        return False
    if letter.side is Side.OTHER:
        return letter.mail.sender.domain == tracked.promise.who.rpartition("@")[2]
    return letter.side is not Side.US or letter.reached or letter.internal


def _too_early(tracked: Tracked, letter: Letter) -> bool:
    """Whether an appointment's day has not come; an unmet condition without a date only bars work and visits."""
    if tracked.act not in (Act.VISIT, Act.CALL, Act.WORK):
        return False
    promise = tracked.promise
    moved = bool(promise.moves)
    first = (None if moved else promise.due.start) or promise.due_now
    if first is None:
        return promise.conditional and tracked.met_at is None
    if tracked.act is not Act.VISIT and (first is promise.due_now or not first):
        return False
    return letter.at.astimezone(first.tzinfo).date() < first.date()


# --- carried out --------------------------------------------------------------------------------------------------


def _carried_out(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    if _defers(tracked, letter) or (tracked.act in (Act.VISIT, Act.GOODS) and letter.any("called-off")):
        return None
    tie = _tie(tracked, letter, rivals)
    best, by = 0.0, None
    for said in letter.reported:
        deed = _deed(tracked, letter, said)
        if not deed:
            continue
        likeness = _likeness(tracked, letter, said)
        if _bound(tracked, letter, said, likeness, rivals) and deed + tie + LIKENESS * likeness > best:
            best, by = deed + tie + LIKENESS * likeness, said
    if by is None or best < ENOUGH:
        return None
    score = round(min(0.99, best), 2)
    return Evidence(letter.ref, _moment(tracked, letter, by), score, REASONS[tracked.act])


def _deed(tracked: Tracked, letter: Letter, said: Said) -> float:
    """How plainly a sentence tells the deed that would keep a promise, 0 when it does not."""
    if _fulfils_condition(tracked, said):
        return 0.4
    if not _tells(said, letter) or (said.requests and not said.does("handing") and not said.done_first):
        return 0.0
    if tracked.amounts and said.amounts and not tracked.amounts & said.amounts:
        return 0.0
    if said.does("step") and not tracked.is_step:
        return 0.0
    return _DEEDS[tracked.act](tracked, letter, said)


def _fulfils_condition(tracked: Tracked, said: Said) -> bool:
    """ "I'll come back once it is published": "it is out" is the answer, whatever else is still to come."""
    if tracked.act is not Act.ANSWER or said.promise:
        return False
    return said.does("done") and alike(tracked.condition, said.topic) >= LIKE


def _shipped(tracked: Tracked, letter: Letter, said: Said) -> float:
    return 0.3 * (said.hands_over and (said.does("on-its-way") or said.does("visited")))


def _worked(tracked: Tracked, letter: Letter, said: Said) -> float:
    terse = letter.internal and said.does("done-terse")
    return 0.25 * (said.hands_over or said.does("visited") or terse)


def _handed(tracked: Tracked, letter: Letter, said: Said) -> float:
    """A paper comes with the letter, or is said to have been sent."""
    if letter.internal:
        return 0.2 * said.does("on-its-way")
    return 0.25 * said.hands_over or 0.2 * (said.states and bool(letter.mail.attachments))


def _told(tracked: Tracked, letter: Letter, said: Said) -> float:
    if letter.internal:
        return 0.3 * said.does("answered-in-memo")
    return 0.2 * (said.states or (said.hands_over and not said.requests))


def _called(tracked: Tracked, letter: Letter, said: Said) -> float:
    """A memo of a call of ours, or a mail that speaks of one; a mail that tells what the call was to tell will do."""
    if letter.internal:
        if letter.phrases.has("call-in", letter.opening) and not letter.phrases.has("call-out", letter.opening):
            return 0.0
        if letter.any("not-reached"):
            return 0.0
        return 0.5 * (letter.mail.kind is Kind.CALL or letter.phrases.has("call-out", letter.opening))
    return 0.4 * said.does("spoke") or 0.1 * said.states


def _came(tracked: Tracked, letter: Letter, said: Said) -> float:
    """Told after its moment; before it, or with a condition open, only in plain words."""
    due = tracked.promise.due_now
    passed = due is not None and letter.at >= due
    if said.does("visited") and (letter.internal or said.states or said.hands_over or said.does("receipt")):
        return 0.4
    if letter.mail.kind is Kind.MEETING and said.states:
        return 0.4
    if letter.internal and not said.does("way-visit"):
        return 0.0
    return 0.2 * (passed and (said.hands_over or said.does("receipt")))


_DEEDS: dict[Act, Callable[[Tracked, Letter, Said], float]] = {
    Act.CALL: _called,
    Act.VISIT: _came,
    Act.GOODS: _shipped,
    Act.PAPER: _handed,
    Act.ANSWER: _told,
    Act.WORK: _worked,
}


def _likeness(tracked: Tracked, letter: Letter, said: Said) -> float:
    """How much what is told is what was promised."""
    around = said.topic | letter.names
    likeness = max(alike(tracked.topic, said.topic) if len(said.topic) > 1 else 0.0, covered(tracked.topic, around))
    if tracked.core and covered(tracked.core, around) >= VERY_LIKE:
        likeness = max(likeness, CORE)
    if tracked.condition and tracked.act is Act.ANSWER:
        likeness = max(likeness, alike(tracked.condition, said.topic))
    return likeness


def _bound(tracked: Tracked, letter: Letter, said: Said, likeness: float, rivals: Rivals) -> bool:
    """Whether anything at all ties a deed to this promise rather than to another matter of the case."""
    if likeness >= LIKE:
        return True
    same, near = tracked.thread == letter.thread, _near(tracked, letter)
    match tracked.act:
        case Act.ANSWER:
            return (same or (near and rivals.alone and letter.closing)) and not _refuses(letter)
        case Act.PAPER:
            return bool(letter.mail.attachments) and same and (near or letter.closing) and rivals.alone
        case Act.CALL:
            return (same and near) or letter.internal or said.does("spoke")
        case Act.VISIT:
            return same or said.does("visited")
    return (same or letter.internal) and near and rivals.alone and (letter.closing or said.does("visited"))


def _tie(tracked: Tracked, letter: Letter, rivals: Rivals) -> float:
    """What ties a letter to a promise beside its words."""
    fresh = tracked.promise.due_now is None and letter.at - tracked.promise.made_at < FRESH
    carries = tracked.act in (Act.PAPER, Act.ANSWER) and bool(letter.mail.attachments)
    return (
        THREAD * (tracked.thread == letter.thread)
        + NEAR * _near(tracked, letter)
        + RECENT * fresh
        + CLOSING * letter.closing
        + FILE * carries
        + ALONE * rivals.alone
        + OUTDONE * rivals.outdone
    )


def _near(tracked: Tracked, letter: Letter) -> bool:
    due = tracked.promise.due_now
    return due is not None and letter.at >= due - NEARLY


def _refuses(letter: Letter) -> bool:
    """Whether a letter says that it has no answer."""
    return any(said.puts_off or said.does("negated") or said.does("no-answer") for said in letter.sentences)


def _defers(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter says of this very thing that it comes later, or of an answer that it is to follow."""
    if letter.internal or any(_fulfils_condition(tracked, said) for said in letter.sentences):
        return False
    if any(_puts_off(said) and alike(tracked.topic, said.topic) >= VERY_LIKE for said in letter.sentences):
        return tracked.many or not (tracked.act is Act.ANSWER and letter.best(tracked.topic, letter.telling) > LIKE)
    if tracked.act not in (Act.ANSWER, Act.CALL):
        return False
    waiting = tracked.many or any(said.puts_off for said in letter.sentences)
    deferring = [said for said in letter.sentences if said.defers]
    return any(said.way is Way.CONTACT or waiting or not letter.telling for said in deferring)


def _puts_off(said: Said) -> bool:
    return said.puts_off or bool(said.promise and said.promise.moves)


# --- confirmed ----------------------------------------------------------------------------------------------------


def _confirmed(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """The other side says that it came, or thanks for it."""
    ours = tracked.promise.by is By.US
    due = tracked.promise.due_now
    if tracked.partly and due and letter.at < due:
        return None  # thanks for the part that came
    if letter.side is not (Side.CUSTOMER if ours else Side.US) and not letter.internal:
        return None
    spoken = letter.heard if ours else letter.told
    heard = [said for said in spoken if _tells(said, letter) and not said.does("withdraw")]
    for said in heard:
        if _acknowledges(tracked, letter, said, rivals) if ours else _was_heard(tracked, letter, said):
            return Evidence(letter.ref, _then(tracked, letter, said), 0.75, "confirmed-by-other-side")
    return None


def _tells(said: Said, letter: Letter) -> bool:
    """Whether a sentence can tell of a deed: a memo may tell of one and of a promise in one breath."""
    told = said.does("answered-in-memo") and said.way is not Way.CONTACT
    both = letter.internal and (said.does("visited") or told)
    return not ((said.promise and not both) or said.puts_off or said.text.endswith("?"))


def _acknowledges(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals) -> bool:
    """Whether a sentence of the customer's says that a promise of ours was kept."""
    thanked, came = said.does("thanks-now"), said.does("receipt")
    likeness = alike(tracked.topic, said.topic)
    if tracked.act is Act.VISIT:
        told = said.does("visited") or (came and said.does("way-visit-thanks")) or thanked
        return _due_came(tracked, letter) and (told or (likeness >= LIKE and letter.any("thanks-now") and said.states))
    seen = likeness >= LIKE and _near(tracked, letter) and (said.does("praise") or said.does("visited"))
    if seen and tracked.act in (Act.WORK, Act.GOODS, Act.PAPER):
        return True
    answered = tracked.act is Act.ANSWER and said.does("thanks") and said.does("way-contact")
    if not (came or thanked or (answered and _near(tracked, letter))):
        return False
    if tracked.act is Act.CALL:
        return said.does("way-call") and not letter.internal
    if likeness >= LIKE:
        return True
    if answered:
        return not rivals.outdone and not letter.any("awaits")
    if came and tracked.act in (Act.GOODS, Act.WORK) and _near(tracked, letter) and rivals.alone:
        return tracked.thread == letter.thread and not letter.any("not-yet")
    return False


def _was_heard(tracked: Tracked, letter: Letter, said: Said) -> bool:
    """Whether a sentence of ours says that what others promised has come or been told."""
    likeness = alike(tracked.topic, said.topic)
    if said.does("receipt") and likeness >= LIKE:
        return True
    named = bool(tracked.names & said.topic) or letter.internal
    return said.does("heard-from") and named and (likeness >= LIKE or tracked.act in (Act.CALL, Act.ANSWER))


def _due_came(tracked: Tracked, letter: Letter) -> bool:
    due = tracked.promise.due_now
    start = tracked.promise.due.start if not tracked.promise.moves else None
    if start or due is None:
        return start is None or letter.at >= start
    return letter.at.astimezone(due.tzinfo).date() >= due.date()


# --- when ---------------------------------------------------------------------------------------------------------


def _moment(tracked: Tracked, letter: Letter, said: Said) -> datetime:
    """When it was kept: by the letter itself, or before it where the letter only tells of it."""
    if tracked.act is Act.CALL:
        return _appointed(tracked, _clock(tracked, letter, letter.opening[:400]))
    if tracked.act is Act.VISIT or letter.internal:
        return _then(tracked, letter, said)
    return letter.at


def _then(tracked: Tracked, letter: Letter, said: Said) -> datetime:
    """When something told of afterwards happened: at its due moment when that has passed and nobody calls it late."""
    due = tracked.promise.due_now
    told = letter.internal or letter.side is Side.US
    if due is None or said.does("late"):
        return letter.at
    if letter.at.astimezone(due.tzinfo).date() == due.date() or (told and said.does("today")):
        return min(letter.at, _appointed(tracked, _clock(tracked, letter, said.text, min(due, letter.at))))
    return min(due, letter.at)


def _clock(tracked: Tracked, letter: Letter, text: str, otherwise: datetime | None = None) -> datetime:
    """The time of day a report names, on the report's day, if it lies between the promise and the report."""
    for found in CLOCK.finditer(text):
        minute = 30 if found[2] == "半" else int(found[2] or 0)
        moment = letter.at.replace(hour=int(found[1]), minute=minute, second=0, microsecond=0)
        if tracked.promise.made_at <= moment <= letter.at:
            return moment
    return otherwise or letter.at


def _appointed(tracked: Tracked, moment: datetime) -> datetime:
    """ "At 2 pm" is kept at five past."""
    due = tracked.promise.due_now
    exact = tracked.promise.due.start == tracked.promise.due.to or tracked.act is Act.VISIT
    meant = due is not None and exact and due <= moment <= due + timedelta(minutes=30)
    return due if meant and due else moment


# --- taken back ---------------------------------------------------------------------------------------------------


def withdraws(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """The other side no longer wants it, or the promising side takes it back."""
    if letter.ref == tracked.promise.made_in:
        return None
    own = letter.side is Side.US and letter.mail.kind is not Kind.FORWARD
    theirs = letter.heard if tracked.promise.by is By.US else letter.sentences
    group = "withdraw-own" if own else "withdraw"
    for said in letter.sentences if own else theirs:
        if said.text.endswith("?") or said.promise or not (said.does(group) or said.does("withdraw-all")):
            continue
        if said.does("withdraw-all") or _is_about(tracked, letter, said, rivals, own=own):
            reason = "taken-back" if own else "no-longer-wanted"
            return Evidence(letter.ref, letter.at, 0.75, reason)
    return None


def _is_about(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals, *, own: bool) -> bool:
    """Whether what is called off is this promise: named there, or by the subject, or the only one of the thread."""
    if alike(tracked.topic | tracked.condition, said.topic) >= LIKE:
        return True
    if own:
        return False
    same = tracked.thread == letter.thread and rivals.alone
    return alike(letter.subject, said.topic) >= VERY_LIKE or (same and len(said.topic) < 2)
