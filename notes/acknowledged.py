"""What the other side says of a promise: that it came, that it worked, thanks for it."""

import re
from datetime import timedelta

from notes.deeds import tells
from notes.happened import near, of_its_day, then
from notes.likeness import alike, covered
from notes.model import By, Evidence
from notes.parties import Side
from notes.parts import lacking
from notes.phrases import plain
from notes.rivals import Rivals
from notes.said import Letter, Said
from notes.schedules import names_day
from notes.tracking import Act, Tracked

LIKE = 0.3
HALF = 0.5
CONTENT = 3
SOON = timedelta(days=4)
POINTS_BACK = re.compile(r"\b(?:it|them|these|those)\b", re.IGNORECASE)

IT_CAME = re.compile(
    r"(?:hi|hello|dear|hey)?(?: ?[\w.'-]+,)? ?(?:it|they|all|everything)(?:'s|'re|s)?(?: has| have| is| are)? "
    r"(?:\w+ )?(?:came|come|arrived|turned up|here|landed|reached)\b",
    re.IGNORECASE,
)


def acknowledged(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """The other side says that it came, or thanks for it."""
    ours = tracked.promise.by is By.US
    due = tracked.promise.due_now
    if due and letter.at < due and (tracked.promise.partly or letter.any("rest")) and not _counts_all(tracked, letter):
        return None  # thanks for the part that came
    if letter.side is not (Side.CUSTOMER if ours else Side.US) and not letter.internal:
        return None
    if letter.internal and _still_to_do(tracked, letter):
        return None
    spoken = letter.heard if ours else letter.told
    thanked = next((said for said in spoken if ours and _thanks_for_the_day(tracked, letter, said, rivals)), None)
    if thanked:
        return Evidence(letter.ref, then(tracked, letter, thanked), 0.75, "confirmed-by-other-side")
    heard = [said for said in spoken if tells(said, letter) and not (said.does("withdraw") or said.does("none-came"))]
    for said in heard:
        if _acknowledges(tracked, letter, said, rivals) if ours else _was_heard(tracked, letter, said, rivals):
            return Evidence(letter.ref, then(tracked, letter, said), 0.75, "confirmed-by-other-side")
    well = _went_well(tracked, letter, rivals) if ours and not letter.internal else None
    return Evidence(letter.ref, then(tracked, letter, well), 0.6, "confirmed-by-other-side") if well else None


def _went_well(tracked: Tracked, letter: Letter, rivals: Rivals) -> Said | None:
    """The sentence by which a customer, soon after somebody was to come, bring or do something, is content with it, as
    signs add up: thanks, praise, something told as done, the matter named; who waits or asks when is not."""
    due = tracked.promise.due_now
    act = tracked.act in (Act.VISIT, Act.WORK, Act.GOODS)
    if due is None or not act or tracked.thread != letter.thread or not rivals.alone or not _due_came(tracked, letter):
        return None
    if letter.at > due + SOON or any(_waits(one) for one in letter.sentences):
        return None
    told = [one for one in letter.sentences if one.states and tells(one, letter) and not one.does("handing")]
    best = max(told, key=lambda one: _gladness(tracked, one), default=None)
    glad = 2 * (letter.any("thanks") or letter.any("thanks-now"))
    return best if best and _gladness(tracked, best) and glad + _gladness(tracked, best) >= CONTENT else None


def _gladness(tracked: Tracked, said: Said) -> int:
    seen = said.does("done") or said.does("receipt") or said.does("visited")
    return 2 * said.does("praise") + seen + (tracked.likeness(said.topic) >= LIKE)


def _waits(said: Said) -> bool:
    """Whether somebody still waits, presses, or takes back."""
    groups = ("none-came", "withdraw", "reschedule", "ask-when", "nudge", "lacking", "agreed-now")
    return said.puts_off or any(said.does(group) for group in groups)


def _still_to_do(tracked: Tracked, letter: Letter) -> bool:
    """Whether a colleague says on which day he will do it: what came then came to us ("The part is here, I'm fitting it
    on Friday"). Promises among us are no findings, so his words are looked at."""
    return any(
        (said.does("commit-en") or said.does("commit-en-dated"))
        and names_day(said.text)
        and (tracked.likeness(said.topic) >= LIKE or POINTS_BACK.search(said.text))
        for said in letter.sentences
    )


def _counts_all(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter names all the quantities that were promised: a rest it speaks of is another promise's."""
    named = frozenset[str]().union(*(said.amounts for said in letter.sentences))
    return bool(tracked.amounts) and tracked.amounts <= named


def _acknowledges(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals) -> bool:
    """Whether a sentence of the customer's says that a promise of ours was kept."""
    likeness = tracked.likeness(said.topic)
    meant = said.topic & tracked.topic
    if meant and meant <= tracked.beside and tracked.act in (Act.PAPER, Act.ANSWER):
        return False  # what came when this was promised
    if not tracked.binding and _of_the_rest(tracked, said):
        return False
    if _thanks_for(tracked, letter, said, likeness):
        return True
    match tracked.act:
        case Act.VISIT:
            brought = _brings(tracked, said) and said.does("receipt") and likeness >= LIKE
            return _due_came(tracked, letter) and (brought or _saw_us(letter, said, likeness))
        case Act.CALL:
            return not letter.internal and _was_called(said)
        case Act.ANSWER:
            return _was_answered(tracked, letter, said, rivals, likeness)
    return _has_it(tracked, letter, said, rivals, likeness)


def _thanks_for_the_day(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals) -> bool:
    """A customer who gives thanks for the very day on which somebody was to come, or tells that somebody came: "Thanks
    for Saturday", 「今朝はご苦労さまでした」."""
    about = covered(tracked.core or tracked.topic, letter.subject) >= HALF
    here = tracked.thread == letter.thread or about or tracked.promise.rule.startswith("told-")
    comes = tracked.act in (Act.VISIT, Act.WORK) and here and not letter.internal
    if comes and (_thanks_for_another(tracked, said, rivals) or _complains_of(tracked, letter)):
        return False
    thanks = said.does("thanks-now") or (said.does("thanks") and said.does("done"))
    if not comes or said.does("none-came") or not (thanks or (said.does("visited") and said.states)):
        return False
    return of_its_day(tracked, letter, said) and not (said.promise or said.requests)


def _thanks_for_another(tracked: Tracked, said: Said, rivals: Rivals) -> bool:
    """Whether what they give thanks for is another promise's: "Thanks for the cups" is about no straws."""
    if tracked.likeness(said.topic) >= LIKE:
        return False
    return any(alike(topic, said.topic) >= LIKE for topic in rivals.others)


def _complains_of(tracked: Tracked, letter: Letter) -> bool:
    """Whether they say of the very thing that it is not there."""
    missed = (one for one in letter.sentences if one.puts_off or one.does("lacking") or one.does("none-came"))
    return any(alike(tracked.topic, one.topic) >= HALF for one in missed)


def _brings(tracked: Tracked, said: Said) -> bool:
    """Whether somebody comes to bring something: who has it saw him, or found it at the door."""
    return said.phrases.has("brings", plain(tracked.promise.quote))


def _saw_us(letter: Letter, said: Said, likeness: float) -> bool:
    thanked = said.does("thanks-now") or (said.does("receipt") and said.does("way-visit-thanks"))
    return said.does("visited") or thanked or (likeness >= LIKE and letter.any("thanks-now") and said.states)


def _was_called(said: Said) -> bool:
    """They speak of our call, or thank for it; that none came is no call."""
    if said.does("negated") or lacking(said) or said.requests:
        return False
    rung = said.does("call-in") or said.does("receipt") or said.does("thanks-now")
    return said.does("spoke") or (said.does("way-call") and rung)


def _was_answered(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals, likeness: float) -> bool:
    thanked = said.does("thanks") and said.does("way-contact")
    came = said.does("receipt") or said.does("thanks-now")
    if came and likeness >= LIKE:
        return True
    if not tracked.binding:
        return False  # thanks for what was said, not for what is to come once something else has come
    return thanked and (came or near(tracked, letter)) and not rivals.outdone and not letter.any("awaits")


def _has_it(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals, likeness: float) -> bool:
    """They have the thing, praise it or saw it done; "it arrived" will do where nothing else could be meant."""
    soon = near(tracked, letter)
    if tracked.amounts and said.amounts and not tracked.amounts & said.amounts:
        return False
    if likeness >= LIKE:
        told = said.does("receipt") or said.does("thanks-now")
        return told or (soon and (said.does("praise") or said.does("visited")))
    alone = tracked.thread == letter.thread and rivals.alone and not letter.any("not-yet")
    meant = tracked.act in (Act.GOODS, Act.WORK) or not (said.topic - tracked.topic) or IT_CAME.match(said.text)
    return said.does("receipt") and bool(meant) and soon and alone


def _of_the_rest(tracked: Tracked, said: Said) -> bool:
    """Whether a promise is of the rest, and what came is not: the first five boxes are not the other five."""
    rest = said.phrases.has("rest", plain(tracked.promise.quote))
    return rest and not (said.does("rest") or said.does("many") or said.does("all-came"))


def _thanks_for(tracked: Tracked, letter: Letter, said: Said, likeness: float) -> bool:
    """A customer who speaks of the thing when it was due, gives thanks, and has nothing to say against it."""
    if letter.internal or not _due_came(tracked, letter) or likeness < LIKE or not said.states:
        return False
    against = any(
        one.does("negated") or lacking(one) or one.does("but") or one.requests or one.does("awaits")
        for one in letter.sentences
    )
    return letter.any("thanks") and not against


def _was_heard(tracked: Tracked, letter: Letter, said: Said, rivals: Rivals) -> bool:
    """Whether a sentence of ours says that what others promised has come or been told."""
    likeness = tracked.likeness(said.topic)
    if tracked.amounts and said.amounts and not tracked.amounts & said.amounts:
        return False
    same = bool(tracked.amounts & said.amounts) and near(tracked, letter)  # "Sixty came": the sixty that were due
    if said.does("receipt") and (likeness >= LIKE or same or covered(tracked.core, said.topic) >= HALF):
        return True
    if letter.internal and said.does("visited") and likeness >= LIKE and near(tracked, letter):
        return True  # "Geoff came past and left the bottles with me"
    named = bool(tracked.names & said.topic) or letter.internal or (tracked.side is Side.OTHER and rivals.alone)
    return (
        said.does("heard-from")
        and named
        and (
            likeness >= LIKE
            or tracked.act in (Act.CALL, Act.ANSWER)
            or (said.does("way-contact") and tracked.act is not Act.PAPER)
        )
    )


def _due_came(tracked: Tracked, letter: Letter) -> bool:
    due = tracked.promise.due_now
    start = tracked.promise.due.start if not tracked.promise.moves else None
    if start or due is None:
        return start is None or letter.at >= start
    return letter.at.astimezone(due.tzinfo).date() >= due.date()
