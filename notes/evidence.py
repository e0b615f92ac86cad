"""What keeps a promise.

A promise is kept by a message that carries it out or tells that it was carried out, or by the other side's saying so.
Which sentences can do that follows from the promise's act (a call, a visit, goods, a paper, an answer, work). What ties
such a sentence to this promise is then added up, and `ENOUGH` points are a fulfilment:

* the deed itself, by how plainly it is told (`notes.deeds`);
* likeness of what the two are about, `LIKENESS` at most;
* the same thread; a moment near the due date; words that close ("as promised", 「お待たせ」); a file; the promise being
  the only one of its kind that is open. Another open promise that the message is more about takes points away.

A message that bounced, that only went to colleagues or to a third party, or that puts the matter off, keeps nothing.
Each function looks at one promise and one letter and returns a value; `notes.standing` folds them in order of time.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from notes.acknowledged import acknowledged
from notes.answers import Asked
from notes.deeds import fulfils_condition, names_the_date, plainly, tells_sum
from notes.happened import BY, moment_of, near, told_on_its_day
from notes.likeness import alike, covered, topic
from notes.model import Evidence, Kind
from notes.parties import Side
from notes.parts import Part, missing
from notes.phrases import plain
from notes.rivals import Rivals
from notes.said import Letter, Said, Way
from notes.tracking import WORDS, Act, Tracked

ENOUGH = 0.5
LIKENESS = 0.45
THREAD, NEAR, RECENT, CLOSING, FILE, ALONE = 0.25, 0.15, 0.1, 0.2, 0.15, 0.1
OUTDONE = -0.35
LIKE = 0.3
VERY_LIKE = 0.5
CORE = 0.6
SEVERAL = 2
NUMBERS = re.compile(r"(?<![\d/:-])\d{2,6}(?![\d/:月日時分-])")
FRESH = timedelta(days=4)
REASONS = {
    Act.CALL: "called",
    Act.VISIT: "visited",
    Act.GOODS: "delivered",
    Act.PAPER: "delivered",
    Act.ANSWER: "answered",
    Act.WORK: "done",
}
DRAFT = "kind-draft"
HANDED_OVER = ("delivered", "answered")
ALL_ANSWERED = 0.8


@dataclass(frozen=True, slots=True)
class Proof:
    """What a letter does for a promise: keeps it by `evidence`; or a part of it, and `left` is still owed, in words."""

    evidence: Evidence | None = None
    left: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


def prove(tracked: Tracked, letter: Letter, rivals: Rivals, asked: Sequence[Asked], answered: Collection[int]) -> Proof:
    """What a letter does for an open promise; `answered` are the numbers of those in `asked` that it answers."""
    if DRAFT in tracked.topic:
        letter = letter.with_drafts()
    found = evidence(tracked, letter, rivals)
    now = tracked.questions & frozenset(answered)
    still = [asked[number] for number in sorted(tracked.questions - now) if asked[number].is_open]
    if still and (now or (found and tracked.promise.partly)):
        return Proof(left=tuple(one.question.quote for one in still))
    if now and not found:
        found = Evidence(letter.ref, letter.at, ALL_ANSWERED, REASONS[Act.ANSWER])
    left = missing(tracked.parts, letter) if found and found.reason in HANDED_OVER else ()
    return Proof(left=tuple(one.words for one in left), parts=left) if left else Proof(found)


def evidence(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    """By what a letter keeps an open promise as a whole, or None."""
    if letter.ref == tracked.promise.made_in or letter.mail.kind in (Kind.AUTO, Kind.BOUNCE, Kind.HINT):
        return None
    if _too_early(tracked, letter):
        return None
    if letter.mail.kind is Kind.FORWARD and letter.passed_on_by(tracked.promise.who):
        passed_on = letter.inside(tracked.side)
        later = passed_on.at > tracked.promise.made_at  # else it may be the very mail that promises
        return _carried_out(tracked, passed_on, rivals) if later else None
    if _by_helper(tracked, letter):
        return _helped(tracked, letter)
    found = _carried_out(tracked, letter, rivals) if _by_its_side(tracked, letter) else None
    return found or acknowledged(tracked, letter, rivals)


def _by_its_side(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter is the promising party's, to the other side or told among us."""
    if letter.side is not tracked.side or letter.mail.kind is Kind.FORWARD:
        return False
    if letter.side is Side.OTHER:
        return letter.mail.sender.domain == tracked.promise.who.rpartition("@")[2]
    return letter.side is not Side.US or letter.reached or letter.internal


def _by_helper(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter comes from a third party that a promise says will do it: 「白鳥便からの直送といたします」."""
    if letter.side is not Side.OTHER or tracked.side is not Side.US or tracked.act not in (Act.GOODS, Act.PAPER):
        return False
    company = letter.mail.contact.company if letter.mail.contact else ""
    theirs = topic(f"{letter.mail.sender.name} {company}", letter.phrases)
    named = (said.topic for said in letter.sentences if said.does("introduction"))
    return any(alike(tracked.topic, one) >= VERY_LIKE for one in (theirs, *named))


def _helped(tracked: Tracked, letter: Letter) -> Evidence | None:
    """By what such a letter tells that the thing has been delivered when it was due, in the number promised."""
    numbers = frozenset(NUMBERS.findall(plain(tracked.promise.quote)))
    for said in letter.telling if near(tracked, letter) else ():
        given = frozenset(NUMBERS.findall(said.text))
        if (
            said.hands_over
            and (said.does("on-its-way") or said.does("visited"))
            and (not numbers or not given or numbers & given)
        ):
            return Evidence(letter.ref, moment_of(tracked, letter, said), ENOUGH, REASONS[Act.GOODS])
    return None


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
    if first is promise.due_now and BY.search(plain(promise.quote)):
        return False
    return letter.at.astimezone(first.tzinfo).date() < first.date()


# --- carried out --------------------------------------------------------------------------------------------------


def _carried_out(tracked: Tracked, letter: Letter, rivals: Rivals) -> Evidence | None:
    if (not tracked.parts and _defers(tracked, letter)) or (
        tracked.act in (Act.VISIT, Act.GOODS) and letter.any("called-off")
    ):
        return None
    if rivals.shadowed and len(letter.mail.attachments) < SEVERAL and not letter.any("many"):
        return None
    tie = _tie(tracked, letter, rivals)
    best, by = 0.0, None
    for said in (*letter.reported, *(letter.files if tracked.act is Act.PAPER and not letter.internal else ())):
        deed = plainly(tracked, letter, said)
        if not deed:
            continue
        likeness = _likeness(tracked, letter, said)
        if _bound(tracked, letter, said, likeness, rivals) and deed + tie + LIKENESS * likeness > best:
            best, by = deed + tie + LIKENESS * likeness, said
    if by is None or best < ENOUGH:
        return None
    score = round(min(0.99, best), 2)
    return Evidence(letter.ref, moment_of(tracked, letter, by), score, REASONS[tracked.act])


def _likeness(tracked: Tracked, letter: Letter, said: Said) -> float:
    """How much what is told is what was promised."""
    around = said.topic | letter.names
    if tracked.thread != letter.thread and not letter.mail.references:
        around |= letter.subject  # "As-builts", and nothing in it but "here you go"
    likeness = max(alike(tracked.topic, said.topic) if len(said.topic) > 1 else 0.0, covered(tracked.topic, around))
    if tracked.core and covered(tracked.core, around) >= VERY_LIKE:
        likeness = max(likeness, CORE)
    if tracked.around and not any(_puts_it_off(tracked, one) for one in letter.sentences):
        likeness = max(likeness, tracked.likeness(around))
    if (tracked.of_sum and said.does("sum")) or (tracked.of_number and said.does("number")):
        likeness = max(likeness, CORE)
    if tracked.of_date and said.does("dated") and alike(tracked.topic | tracked.condition, letter.subject) >= LIKE:
        likeness = max(likeness, LIKE)
    if tracked.condition and tracked.act is Act.ANSWER:
        likeness = max(likeness, alike(tracked.condition, said.topic))
    return likeness


def _bound(tracked: Tracked, letter: Letter, said: Said, likeness: float, rivals: Rivals) -> bool:
    """Whether anything at all ties a deed to this promise rather than to another matter of the case."""
    if likeness >= LIKE:
        return True
    same, soon = tracked.thread == letter.thread, near(tracked, letter)
    if rivals.alone and told_on_its_day(tracked, letter):
        return True
    match tracked.act:
        case Act.ANSWER:
            by_mouth = letter.mail.kind is Kind.CALL and not (tracked.core and tracked.core - letter.whole)
            if tracked.of_sum and not by_mouth and not (letter.mail.attachments or tells_sum(said)):
                return False
            if said.phrases.has("other-means", plain(tracked.promise.quote)):
                return False
            return (same or (soon and rivals.alone and (letter.closing or by_mouth))) and not _refuses(letter)
        case Act.PAPER:
            another = said.does("document") and not likeness and tracked.core and not tracked.around
            fits = same and (soon or letter.closing) and rivals.alone
            return bool(letter.mail.attachments) and fits and not another
        case Act.CALL:
            return (same and soon) or letter.internal or said.does("spoke")
        case Act.VISIT:
            return same or said.does("visited")
    return (same or letter.internal) and soon and rivals.alone and (letter.closing or said.does("visited"))


def _tie(tracked: Tracked, letter: Letter, rivals: Rivals) -> float:
    """What ties a letter to a promise beside its words."""
    fresh = tracked.promise.due_now is None and letter.at - tracked.promise.made_at < FRESH
    carries = tracked.act in (Act.PAPER, Act.ANSWER) and bool(letter.mail.attachments)
    return (
        THREAD * (tracked.thread == letter.thread)
        + NEAR * near(tracked, letter)
        + RECENT * fresh
        + CLOSING * letter.closing
        + FILE * carries
        + ALONE * rivals.alone
        + OUTDONE * rivals.outdone
    )


def _refuses(letter: Letter) -> bool:
    """Whether a letter says that it has no answer."""
    told = (said for said in letter.sentences if not (said.requests or said.text.endswith("?")))
    return any(said.puts_off or said.does("negated") or said.does("no-answer") for said in told)


def _defers(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter says of this very thing that it comes later, or of an answer that it is to follow."""
    if letter.internal or any(fulfils_condition(tracked, said) for said in letter.sentences):
        return False
    if letter.proposes and tracked.act in (Act.ANSWER, Act.CALL) and not letter.closing:
        return letter.best(tracked.topic, letter.telling) < LIKE
    if any(_puts_off(said) and alike(tracked.topic, said.topic) >= VERY_LIKE for said in letter.sentences):
        return tracked.many or not (tracked.act is Act.ANSWER and letter.best(tracked.topic, letter.telling) > LIKE)
    if tracked.act not in (Act.ANSWER, Act.CALL):
        return False
    waiting = tracked.many or any(said.puts_off for said in letter.sentences)
    deferring = [said for said in letter.sentences if said.defers and not names_the_date(tracked, letter, said)]
    return any(said.way is Way.CONTACT or waiting or not letter.telling for said in deferring)


def _puts_it_off(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence says of the thing, or of nothing by name, that it is not there yet."""
    return said.does("not-yet") and (len(said.topic) < WORDS or tracked.likeness(said.topic) > 0)


def _puts_off(said: Said) -> bool:
    return said.puts_off or bool(said.promise and said.promise.moves)
