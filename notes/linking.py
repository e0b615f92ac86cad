"""Promises against later messages: what keeps them, moves them, repeats them, takes them back.

Evidence in order of trust:

1. the promising side's message to the other side carries the thing out: it hands over what was promised (words, names
   of attachments), answers, or says that it is done; a memo tells of the call or visit;
2. the other side thanks for it or says that it came.

A message that bounced, that only went to colleagues or to a third party, or that puts the matter off, keeps nothing.
Each function looks at one promise and one letter and returns a value; `notes.standing` folds them in order of time.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from notes.due import find_dates
from notes.likeness import Topic, alike, covered, same_words, topic
from notes.model import By, Calendar, Evidence, Kind, Precision, Promise, PromiseFound
from notes.parties import Side
from notes.phrases import Phrases, plain
from notes.said import Letter, Said

LIKE = 0.34
VERY_LIKE = 0.5
CLOCK = re.compile(r"(?<![\d/:.])([01]?\d|2[0-3])(?::|時(?!間))([0-5]\d)?")


class Way(StrEnum):
    """How a promise is carried out."""

    CALL = "call"
    VISIT = "visit"
    DELIVER = "deliver"
    CONTACT = "contact"
    DO = "do"


@dataclass(frozen=True)
class Tracked:
    """A promise on its way, with what was read from its words.

    `condition` is what must come first (empty: nothing), `met_at` when it did; `partly` holds what kept a part of it.
    `waited_for` is the other side's message it answers (or agreed to its new date), since when they wait for it.
    """

    promise: Promise
    way: Way
    topic: Topic
    condition: Topic
    side: Side
    related: frozenset[str]
    waited_for: tuple[datetime, str]
    amounts: frozenset[str] = frozenset()
    met_at: datetime | None = None
    partly: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Neither kept nor withdrawn nor rejected."""
        return not (self.promise.kept or self.promise.withdrawn or self.promise.rejected)

    @property
    def binding(self) -> bool:
        """Open, and not waiting for a condition."""
        return self.is_open and (not self.promise.conditional or self.met_at is not None or bool(self.promise.due.to))

    def kept(self, evidence: Evidence) -> "Tracked":
        """The same promise, kept."""
        return replace(self, promise=replace(self.promise, kept=evidence))


def way_of(text: str, phrases: Phrases) -> Way:
    """How a sentence (in plain form) promises to act: by what its main verb says, else by any word in it."""
    tail = text[-24:] if re.search(r"[\u3040-\u30ff]", text) else text
    for part in (tail, text):
        for way in (Way.CALL, Way.VISIT, Way.DELIVER, Way.CONTACT):
            if phrases.has(f"way-{way}", part):
                return way
    return Way.DO


# --- kept ----------------------------------------------------------------------------------------------------------


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
    cue = said.hands_over or (bool(letter.mail.attachments) and said.states)
    if not cue or said.requests:
        return 0.0
    if tracked.amounts and said.amounts and not tracked.amounts & said.amounts:
        return 0.0
    around = said.topic | letter.names
    likeness = max(alike(tracked.topic, said.topic) if len(said.topic) > 1 else 0.0, covered(tracked.topic, around))
    if not tracked.topic:
        likeness = VERY_LIKE if letter.mail.attachments and _in_thread(tracked, letter) else 0.0
    if likeness < LIKE:
        return 0.0
    extra = 0.15 * bool(letter.mail.attachments) + 0.1 * _in_thread(tracked, letter) + 0.1 * said.does("handing")
    return likeness + extra


def _answered(tracked: Tracked, letter: Letter) -> Evidence | None:
    """A promise to get back is kept by a message with something to say, unless that puts the answer off again."""
    telling = _telling(letter)
    come = letter.best(tracked.condition, [said for said in letter.sentences if said.does("done") and not said.promise])
    if come < LIKE and any(_defers(said) for said in letter.sentences):
        return None
    likeness = max(letter.best(tracked.topic, telling), come)
    related = _in_thread(tracked, letter)
    refused = any(said.puts_off or said.does("negated") for said in letter.sentences) and likeness < LIKE
    if not telling or refused or not (related or likeness >= LIKE):
        return None
    return Evidence(letter.ref, letter.at, round(0.55 + 0.4 * likeness, 2), "answered")


def _telling(letter: Letter) -> list[Said]:
    return [said for said in letter.sentences if said.states or (said.hands_over and not said.requests)]


def _defers(said: Said) -> bool:
    """A promise to answer or send."""
    if said.promise is None or said.promise.conditional:
        return False
    return way_of(said.text, said.phrases) in (Way.CONTACT, Way.DELIVER)


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
        told = done and (letter.any("way-visit") or letter.mail.kind is Kind.MEETING)
        return Evidence(letter.ref, _then(tracked, letter), 0.8, "visited") if told else None
    if tracked.way is Way.DO and letter.best(tracked.topic, done) >= VERY_LIKE:
        return Evidence(letter.ref, _then(tracked, letter), 0.7, "done")
    return None


def _due_came(tracked: Tracked, letter: Letter) -> bool:
    start = tracked.promise.due.start or tracked.promise.due_now
    return start is None or letter.at >= start


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
    late = said.does("delay") if said else False
    return min(due, letter.at) if due and not late else letter.at


def _clock(tracked: Tracked, letter: Letter) -> datetime:
    """The time of day a memo of a call names, on the memo's day, if it lies between the promise and the memo."""
    for found in CLOCK.finditer(letter.opening[:400]):
        moment = letter.at.replace(hour=int(found[1]), minute=int(found[2] or 0), second=0, microsecond=0)
        if tracked.promise.made_at <= moment <= letter.at:
            return moment
    return letter.at


def _in_thread(tracked: Tracked, letter: Letter) -> bool:
    return bool(tracked.related & {letter.ref, *letter.mail.references})


# --- conditions ----------------------------------------------------------------------------------------------------


def condition_of(text: str, phrases: Phrases) -> Topic:
    """What a conditional promise (plain form) waits for."""
    english = phrases.whole["condition-en"].search(text)
    if english:
        comma = text.find(",", english.start())
        stop = comma if comma > 0 else len(text)
        promise = phrases.whole["commit-en"].search(text, english.end())
        return topic(text[english.end() : promise.start() if promise else stop], phrases)
    return topic(text[: phrases.last("condition", text)], phrases)


def without_condition(text: str, phrases: Phrases) -> str:
    """A conditional sentence's main part, where its span of time stands."""
    english = phrases.whole["condition-en"].search(text)
    if english is None:
        return text[phrases.last("condition", text) :]
    promise = phrases.whole["commit-en"].search(text, english.end())
    return text[promise.start() :] if promise else text[: english.start()]


def meets(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter says that what a promise waits for has come."""
    if not tracked.condition or tracked.met_at or letter.ref == tracked.promise.made_in:
        return False
    said_so = [said for said in (*letter.sentences, *letter.inner) if said.states or said.hands_over]
    ours = letter.side is Side.US and not letter.inner
    return any(
        covered(tracked.condition, said.topic | letter.names) >= VERY_LIKE
        for said in said_so
        if not said.requests and (said.does("done") or not ours)
    )


def firm(tracked: Tracked, letter: Letter, calendar: Calendar) -> Tracked:
    """A conditional promise whose condition a letter meets: its span now runs from that moment."""
    promise = tracked.promise
    if promise.due.to is None:
        said = without_condition(plain(promise.quote), letter.phrases)
        spans = [one for one in find_dates(said, said_at=letter.at, calendar=calendar) if one.deadline and one.due.to]
        if spans and letter.phrases.has("span", said):
            promise = replace(promise, due=spans[-1].due, certainty=spans[-1].certainty)
    return replace(tracked, promise=promise, met_at=letter.at)


# --- moved, repeated -------------------------------------------------------------------------------------------------


def moves(tracked: Tracked, found: PromiseFound, letter: Letter) -> float:
    """How surely a later sentence gives an open dated promise a new date, from 0 to 1."""
    now, new = tracked.promise.due_now, found.due.to
    if now is None or new is None or new <= now or letter.ref == tracked.promise.made_in or found.conditional:
        return 0.0
    text = plain(found.quote)
    likeness = _likeness(tracked, text, letter)
    if found.moves:
        return 0.6 + 0.4 * likeness
    if not _same_way(tracked.way, way_of(text, letter.phrases)) or not _excused(tracked, letter):
        return 0.0
    if likeness >= LIKE:
        return 0.5 + 0.5 * likeness
    vague = _no_topic_of_its_own(text, letter) or not tracked.topic
    return 0.5 if vague or letter.phrases.has("delay", text) else 0.0


def repeats(tracked: Tracked, found: PromiseFound, letter: Letter) -> float:
    """How surely a later sentence only says an open promise again, from 0 to 1."""
    text, promise = plain(found.quote), tracked.promise
    if letter.ref == promise.made_in:
        return 0.0
    if same_words(text, plain(promise.quote)):
        return 1.0
    likeness = _likeness(tracked, text, letter)
    way = way_of(text, letter.phrases)
    if found.due.to is None:
        vague = _no_topic_of_its_own(text, letter) and way is tracked.way and tracked.way is Way.CONTACT
        return likeness if likeness >= VERY_LIKE and _same_way(tracked.way, way) else 0.5 * vague
    same_day = promise.due_now is not None and promise.due_now.date() == found.due.to.date()
    return likeness if same_day and likeness >= LIKE and _same_way(tracked.way, way) else 0.0


def _likeness(tracked: Tracked, text: str, letter: Letter) -> float:
    return alike(tracked.topic, topic(text, letter.phrases))


def _no_topic_of_its_own(text: str, letter: Letter) -> bool:
    return len(topic(text, letter.phrases)) < 2


def _same_way(one: Way, other: Way) -> bool:
    """Answers are sent and things are reported: these two count as one way of acting."""
    loose = {Way.DELIVER: Way.CONTACT}
    return loose.get(one, one) is loose.get(other, other)


def _excused(tracked: Tracked, letter: Letter) -> bool:
    return letter.any("delay") or bool(tracked.partly)


def agrees(letter: Letter) -> bool:
    """Whether a letter says yes, in any words, to a new date."""
    said = [one for one in letter.sentences if not one.text.endswith("?")]
    return any(one.does("assent") for one in said) and not any(one.does("refusal") for one in said)


# --- withdrawn -------------------------------------------------------------------------------------------------------


def withdraws(tracked: Tracked, letter: Letter) -> Evidence | None:
    """The customer no longer wants it, or the promising side takes it back."""
    if letter.ref == tracked.promise.made_in:
        return None
    theirs = letter.heard if tracked.promise.by is By.US else letter.sentences
    group = "withdraw" if letter.side is not Side.US else "withdraw-own"
    for said in theirs if letter.side is not Side.US else letter.sentences:
        if said.text.endswith("?") or said.promise or not said.does(group):
            continue
        named = alike(tracked.topic | tracked.condition, said.topic) >= LIKE
        if named or (group == "withdraw" and alike(letter.subject, said.topic) >= VERY_LIKE):
            reason = "no-longer-wanted" if group == "withdraw" else "taken-back"
            return Evidence(letter.ref, letter.at, 0.75, reason)
    return None


def track(
    found: PromiseFound, promise: Promise, letter: Letter, before: Topic, waited: tuple[datetime, str]
) -> Tracked:
    """A newly made promise with what its words tell; `before` is what the sentence before it was about."""
    text = plain(found.quote)
    own = topic(text, letter.phrases)
    condition = condition_of(text, letter.phrases) if found.conditional else frozenset()
    related = frozenset({letter.ref, *letter.mail.references})
    side = letter.side
    if promise.by is By.THEM and side is Side.US:
        side = Side.CUSTOMER
    main = own - condition or own or before
    amounts = Said(text, letter.phrases).amounts
    return Tracked(promise, way_of(text, letter.phrases), main, condition, side, related, waited, amounts)


def retopic(tracked: Tracked, found: PromiseFound, letter: Letter) -> Tracked:
    """A moved promise is about what its latest words name; what was handed over before was a part."""
    own = topic(plain(found.quote), letter.phrases)
    related = tracked.related | {letter.ref, *letter.mail.references}
    return replace(tracked, topic=own if len(own) > 1 else tracked.topic, related=related)


def is_dated(promise: Promise) -> bool:
    """Whether a promise has a date in force."""
    return promise.due_now is not None and promise.due.precision is not Precision.NONE
