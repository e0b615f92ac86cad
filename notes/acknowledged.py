"""What the other side says of a promise: that it came, that it worked, thanks for it."""

from notes.deeds import tells
from notes.happened import near, then
from notes.likeness import alike
from notes.model import By, Evidence
from notes.parties import Side
from notes.rivals import Rivals
from notes.said import Letter, Said
from notes.tracking import Act, Tracked

LIKE = 0.3


def acknowledged(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """The other side says that it came, or thanks for it."""
    ours = tracked.promise.by is By.US
    due = tracked.promise.due_now
    if tracked.promise.partly and due and letter.at < due:
        return None  # thanks for the part that came
    if letter.side is not (Side.CUSTOMER if ours else Side.US) and not letter.internal:
        return None
    spoken = letter.heard if ours else letter.told
    heard = [said for said in spoken if tells(said, letter) and not said.does("withdraw")]
    for said in heard:
        if _acknowledges(tracked, letter, said, rivals) if ours else _was_heard(tracked, letter, said, rivals):
            return Evidence(letter.ref, then(tracked, letter, said), 0.75, "confirmed-by-other-side")
    return None


def _acknowledges(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals) -> bool:
    """Whether a sentence of the customer's says that a promise of ours was kept."""
    thanked, came = said.does("thanks-now"), said.does("receipt")
    likeness = alike(tracked.topic, said.topic)
    if tracked.act is Act.VISIT:
        told = said.does("visited") or (came and said.does("way-visit-thanks")) or thanked
        return _due_came(tracked, letter) and (told or (likeness >= LIKE and letter.any("thanks-now") and said.states))
    seen = likeness >= LIKE and near(tracked, letter) and (said.does("praise") or said.does("visited"))
    if seen and tracked.act in (Act.WORK, Act.GOODS, Act.PAPER):
        return True
    answered = tracked.act is Act.ANSWER and said.does("thanks") and said.does("way-contact")
    if tracked.act is Act.CALL and not letter.internal and said.does("spoke"):
        return True
    if not (came or thanked or (answered and near(tracked, letter))):
        return False
    if tracked.act is Act.CALL:
        return said.does("way-call") and not letter.internal
    if likeness >= LIKE:
        return True
    if answered:
        return not rivals.outdone and not letter.any("awaits")
    if came and tracked.act in (Act.GOODS, Act.WORK) and near(tracked, letter) and rivals.alone:
        return tracked.thread == letter.thread and not letter.any("not-yet")
    return False


def _was_heard(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals) -> bool:
    """Whether a sentence of ours says that what others promised has come or been told."""
    likeness = alike(tracked.topic, said.topic)
    if said.does("receipt") and likeness >= LIKE:
        return True
    named = bool(tracked.names & said.topic) or letter.internal or (tracked.side is Side.OTHER and rivals.alone)
    return (
        said.does("heard-from")
        and named
        and (likeness >= LIKE or tracked.act in (Act.CALL, Act.ANSWER) or said.does("way-contact"))
    )


def _due_came(tracked: Tracked, letter: Letter) -> bool:
    due = tracked.promise.due_now
    start = tracked.promise.due.start if not tracked.promise.moves else None
    if start or due is None:
        return start is None or letter.at >= start
    return letter.at.astimezone(due.tzinfo).date() >= due.date()
