"""A promise on its way: what was read from its words to judge later messages by, and the condition it may wait for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from notes.commitments import JAPANESE, STATED
from notes.due import find_dates
from notes.likeness import Topic, alike, covered, kinds, topic
from notes.model import By, Calendar, Certainty, Due, Evidence, Precision, Promise, PromiseFound
from notes.parties import Side
from notes.parts import Part, named_in
from notes.phrases import Phrases, plain
from notes.said import BECAUSE, MEMOS, Letter, Said, Way


class Act(StrEnum):
    """What a promise is kept by: a call, somebody's coming, goods, a paper or file, something told, work done."""

    CALL = "call"
    VISIT = "visit"
    GOODS = "goods"
    PAPER = "paper"
    ANSWER = "answer"
    WORK = "work"


HANDED = (Act.GOODS, Act.PAPER, Act.ANSWER)
MET = 0.5
MEANT, AROUND = 0.5, 0.5
WORDS = 2
NUMBER = re.compile(r"\d{3,}|[A-Z]-?\d")
OBJECT_EN = re.compile(
    r"(?:will|'ll|going to) \w+ (?:you |him |her |them |over )?(.{3,60}?)"
    r"(?= (?:by|on|to|for|at|in|from|with|this|next|tomorrow|today|before|within|over|as|and|once|when)\b|[.,;]|$)"
)
VERB_EN = re.compile(r"\b(?:will|'ll|going to) (?:\w+ly |also |then |now )?(\w+)")
WITH_EN = re.compile(
    r"\bback (?:to (?:you|him|her|them) )?with (.{3,40}?)"
    r"(?= (?:by|on|for|before|tomorrow|today|next|this|as|once)\b|[.,;]|$)"
)
SUBJECT_EN = re.compile(
    r"(?:^|, )(?:the|your|our|this|an?|all|both) (.{3,40}?) "
    r"(?:will|'ll|should|is|are|goes|ships|leaves|arrives|follows|comes)\b",
    re.IGNORECASE,
)
FRAGMENT = re.compile(r"(?:[\w'-]+ ){1,4}(?:by|on|before|for|at) (?:[\w:.'-]+ ?){1,4}[.!]?$")
ABOUT = re.compile(r"([^、。]{1,24}?)(?:につきまして|については|に関しまして|に関して|の件)")
BARE = re.compile(r"(?:[:→⇒\t]|->| - ).*\d")
CLAUSES = re.compile(f"{STATED}[、,]")
TO_YOU = re.compile(r"^(?:(?:an?|the|your|our|all) )?(?:[\w'-]+ ){1,4}(?:to|with|over to|back to) you\b", re.IGNORECASE)
LEADING = re.compile(
    r"(?:and |but |so )?(?:it|they|ones?|both|these|those)(?: of \w+)?(?: will| should| goes| go|'ll)\b", re.IGNORECASE
)
VERB = re.compile(r"(?:ます|です|した|する|れる)|\b(?:will|shall|is|are)\b|'ll\b")
OBJECT = re.compile(r"([^、。はをがもでにの ]{1,16})[はを](?!じめ|ず)")


@dataclass(frozen=True)
class Tracked:
    """A promise on its way, with what was read from its words.

    `condition` is what must come first (empty: nothing), `met_at` when it did; `parts` are the things it owes,
    `questions` the numbers of those it is to answer.
    `around` is what the sentence before it, the subject and the message it answers name, where its own words name next
    to nothing; `follows`
    is the id of the promise that waited for the letter in which this one was made.
    `beside` is what came with the message in which it was made, and is no part of it.
    `waited_for` is the other side's message it answers (or agreed to its new date), since when they wait for it.
    """

    promise: Promise
    way: Way
    act: Act
    topic: Topic
    condition: Topic
    side: Side
    thread: str
    waited_for: tuple[datetime, str]
    waits: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    names: Topic = frozenset()
    core: Topic = frozenset()
    many: bool = False
    asks_back: bool = False
    is_step: bool = False
    of_date: bool = False
    of_sum: bool = False
    of_number: bool = False
    is_sent: bool = False
    beside: Topic = frozenset()
    met_at: datetime | None = None
    parts: tuple[Part, ...] = ()
    questions: frozenset[int] = frozenset()
    around: tuple[Topic, ...] = ()
    follows: str = ""

    @property
    def is_open(self) -> bool:
        """Neither kept nor withdrawn nor rejected."""
        return self.promise.is_open

    @property
    def binding(self) -> bool:
        """Open, and not waiting for a condition."""
        return self.is_open and (not self.promise.conditional or self.met_at is not None or bool(self.promise.due.to))

    def likeness(self, about: Topic) -> float:
        """How much something is about it; half as much where only what it leaves unsaid is named."""
        waits = bool(self.condition) and self.met_at is None
        meant = not waits and any(alike(around, about) >= MEANT for around in self.around)
        return max(alike(self.topic, about), AROUND * meant)

    def kept(self, evidence: Evidence) -> "Tracked":
        """The same promise, kept."""
        return replace(self, promise=replace(self.promise, kept=evidence, left=()))

    def kept_in_part(self, ref: str, left: tuple[str, ...], parts: tuple[Part, ...] = ()) -> "Tracked":
        """The same promise with a part of it kept by a message."""
        partly = tuple(dict.fromkeys((*self.promise.partly, ref)))
        return replace(self, promise=replace(self.promise, partly=partly, left=left), parts=parts or self.parts)


def track(
    found: PromiseFound,
    promise: Promise,
    letter: Letter,
    before: Topic,
    waited: tuple[datetime, str],
    wanted: Topic = frozenset(),
) -> Tracked:
    """A newly made promise with what its words tell; `before` is what the sentence before it was about, `wanted` what
    the other side asked for in the message that it answers."""
    text = plain(found.quote)
    own = topic(text, letter.phrases)
    condition = condition_of(text, letter.phrases) if found.conditional else frozenset()
    side = letter.side
    if promise.by is By.THEM and side is Side.US:
        side = Side.CUSTOMER
    deed = (found.conditional and without_condition(text, letter.phrases)) or _told_deed(found, text, letter.phrases)
    said = Said(deed, letter.phrases)
    core = _core(text, letter.phrases)
    act = _bare(said) or _act(said, core)
    main = own - condition or own or before
    main = _without_verb(main, text, letter.phrases) if act is Act.WORK else main
    asks_back = any(one.requests for one in letter.sentences if not (one.polite or one.promise or one.does("let-us")))
    return Tracked(
        promise,
        said.way,
        act,
        main,
        condition,
        side,
        letter.thread,
        waited,
        _waits(text, letter.phrases) if found.conditional else frozenset(),
        said.amounts,
        topic(letter.mail.sender.name, letter.phrases),
        core,
        said.does("many"),
        asks_back,
        said.does("step-act"),
        said.does("date-info"),
        said.does("sum-info"),
        said.does("number-info"),
        said.does("sends") and not said.does("arrives"),
        beside=_came_with(letter),
        parts=named_in(said.text if said.text in text else text, letter.phrases) if act in HANDED else (),
        around=(before, letter.subject, wanted) if _names_little(said.text, letter.phrases) else (),
    )


def _told_deed(found: PromiseFound, text: str, phrases: Phrases) -> str:
    """What somebody was told that is done, less the telling: 「1日に交換に行くと伝えた」 promises to come."""
    said = phrases.whole("said").search(text) if found.rule.startswith("told-") else None
    told = said is not None and JAPANESE.search(said[0]) and text[: said.start()]
    return told or CLAUSES.split(text)[0]


def _came_with(letter: Letter) -> Topic:
    """What a letter that brings files hands over."""
    if not letter.mail.attachments or letter.internal:
        return frozenset()
    return letter.names.union(*(one.topic for one in letter.sentences if one.does("handing") and one.hands_over))


def _names_little(text: str, phrases: Phrases) -> bool:
    """Whether a promise leaves unsaid what it is about: "the file" names nothing, nor does "one goes in the post"."""
    return len(topic(phrases.without("generic", text), phrases)) < WORDS or LEADING.match(text) is not None


def _without_verb(words: Topic, text: str, phrases: Phrases) -> Topic:
    """An English promise's matter is what is acted upon: things that are fixed have no more in common than that."""
    verb = VERB_EN.search(text)
    return words - topic(verb[1], phrases) or words if verb else words


def _act(said: Said, core: Topic) -> Act:
    """By its verb; what is sent is a paper where one is named, else information where that is named, else goods."""
    if said.way is Way.DELIVER and (kinds(core) or not said.topic):
        return Act.PAPER
    fixed = {Way.CALL: Act.CALL, Way.VISIT: Act.VISIT, Way.CONTACT: Act.ANSWER, Way.DO: Act.WORK}
    if said.way in fixed:
        return fixed[said.way]
    if said.phrases.has("information", BECAUSE.split(said.text)[-1]) and not said.does("document"):
        return Act.ANSWER  # what is told, and not what the reason names: 「在庫がございますので、…」
    return Act.GOODS if said.does("way-goods") else Act.PAPER


def _bare(said: Said) -> Act | None:
    """A line of a list, or a part of a sentence, without a verb (「見積：11/18」「初校は3/18に、」, "figures to you by
    noon") acts by what it names: a paper, something told."""
    part = BARE.search(said.text) or said.text.endswith(("、", ",")) or TO_YOU.search(said.text)
    short = said.text.isascii() and FRAGMENT.match(said.text)
    if said.way is not Way.DO or not (part or short) or VERB.search(said.text):
        return None
    if kinds(said.topic) or said.does("document"):
        return Act.PAPER
    return Act.ANSWER if said.does("information") else None


def _core(text: str, phrases: Phrases) -> Topic:
    """What a promise acts on: in Japanese what it is about (〜については), else the noun before the last は or を, in
    English what follows the verb, else what stands before it."""
    nouns = OBJECT.findall(text) or WITH_EN.findall(text) or OBJECT_EN.findall(text) or SUBJECT_EN.findall(text)
    about = ABOUT.findall(text)
    if about and not kinds(topic(nouns[-1], phrases) if nouns else frozenset()):
        return topic(about[-1], phrases)
    return topic(nouns[-1], phrases) if nouns else frozenset()


def retopic(tracked: Tracked, found: PromiseFound, letter: Letter) -> Tracked:
    """A moved promise is about what its latest words name; what was handed over before was a part."""
    own = topic(plain(found.quote), letter.phrases)
    if len(own) < WORDS or found.moves:
        return tracked
    return replace(tracked, topic=own, core=_core(plain(found.quote), letter.phrases))


def condition_of(text: str, phrases: Phrases) -> Topic:
    """What a conditional promise (plain form) waits for; nothing by name when it only says "when it arrives"."""
    words = condition_text(text, phrases)
    named = phrases.without("generic", phrases.without("when-arrived", words))
    return topic(words, phrases) if topic(named, phrases) else frozenset()


def condition_text(text: str, phrases: Phrases) -> str:
    """The words of a condition."""
    english = phrases.whole("condition-en").search(text)
    if english:
        comma = text.find(",", english.start())
        stop = comma if comma > 0 else len(text)
        promise = phrases.whole("commit-en").search(text, english.end())
        return text[english.end() : promise.start() if promise else stop]
    return text[: phrases.last("condition", text)]


def _waits(text: str, phrases: Phrases) -> frozenset[str]:
    """Of what kind a condition is: something arrives, a third party answers, the customer says yes; else gives it."""
    words = condition_text(text, phrases)
    groups = ("when-arrived", "when-answered", "when-agreed", "when-given", "when-told")
    found = frozenset(group for group in groups if phrases.has(group, words))
    return found - {"when-given", "when-told"} if "when-agreed" in found and "when-told" not in found else found


def without_condition(text: str, phrases: Phrases) -> str:
    """A conditional sentence's main part, where its span of time stands."""
    english = phrases.whole("condition-en").search(text)
    if english is None:
        return text[phrases.last("condition", text) :]
    promise = phrases.whole("commit-en").search(text, english.end())
    if promise:
        return text[promise.start() :]
    comma = text.find(",", english.end())
    return text[comma + 1 :] if comma > 0 else text[: english.start()]


def meets(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter says that what a promise waits for has come: in its words, or by what kind of thing it is."""
    if not tracked.promise.conditional or tracked.met_at or letter.ref == tracked.promise.made_in:
        return False
    if _is_to_come(tracked, letter):
        return False
    return _names_condition(tracked, letter) or any(
        wait(tracked, letter) for wait in (_arrived, _answered, _agreed, _given)
    )


def _is_to_come(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter promises what is waited for, for a later day: "the artwork reaches you on Friday"."""
    sent = [said for said in letter.sentences if said.promise and said.promise.due.to and said.way is Way.DELIVER]
    return any(covered(tracked.condition, said.topic) >= MET for said in sent)


def _arrived(tracked: Tracked, letter: Letter) -> bool:
    """Something came in: told by anybody, of the thing or of nothing else by name."""
    if "when-arrived" not in tracked.waits or (letter.side is not Side.US and not letter.mail.attachments):
        return False
    about = tracked.condition | tracked.topic
    return any(
        said.does("receipt")
        and (_tells(said) or _was_told(said))
        and (alike(about, said.topic) > 0 or _unnamed(tracked, said))
        for said in letter.reported
    )


def _was_told(said: Said) -> bool:
    """Whether a memo tells in one breath what came and what was promised then."""
    return said.promise is not None and said.promise.rule.startswith("told-")


def _unnamed(tracked: Tracked, said: Said) -> bool:
    """Whether a promise waits for "it", and somebody says, not by way of thanks, that something came."""
    return not tracked.condition and not said.does("gratitude")


def _answered(tracked: Tracked, letter: Letter) -> bool:
    """The third party that was asked has answered."""
    if "when-answered" not in tracked.waits or letter.side is not Side.OTHER:
        return False
    if letter.phrases.has("date-info", condition_text(plain(tracked.promise.quote), letter.phrases)) and any(
        said.promise and said.promise.due.to and said.way is not Way.CONTACT for said in letter.sentences
    ):
        return True  # the date that was to be found out
    return bool(letter.telling) and not any(said.puts_off or said.defers for said in letter.sentences)


def _agreed(tracked: Tracked, letter: Letter) -> bool:
    """The customer said yes, or ordered."""
    if "when-agreed" not in tracked.waits or letter.side is not _asked_side(tracked) or tracked.thread != letter.thread:
        return False
    yes = any((said.does("agreed-now") or said.does("says-yes")) and not said.promise for said in letter.sentences)
    return yes and not letter.any("refusal")


def _asked_side(tracked: Tracked) -> Side:
    """Whose yes a promise waits for: the customer's for ours, ours for anybody else's."""
    return Side.CUSTOMER if tracked.side is Side.US else Side.US


def _given(tracked: Tracked, letter: Letter) -> bool:
    """The customer sent or told what they were asked for: something comes with their mail, or it names a number; where
    word of theirs is enough, they say anything."""
    if not tracked.waits & {"when-given", "when-told"}:
        return False
    if letter.side is not Side.CUSTOMER or tracked.thread != letter.thread:
        return False
    told = [said for said in letter.sentences if _tells(said) and not said.requests]
    if "when-told" in tracked.waits and any(said.states and not said.does("negated") for said in told):
        return True
    return bool(letter.mail.attachments) or any(
        said.does("handing") or said.does("on-its-way") or (said.states and NUMBER.search(said.text)) for said in told
    )


def _tells(said: Said) -> bool:
    return not (said.promise or said.puts_off or said.text.endswith("?"))


def _names_condition(tracked: Tracked, letter: Letter) -> bool:
    if not tracked.condition:
        return False
    ours = letter.side is Side.US and not letter.inner and letter.mail.kind not in MEMOS
    return any(
        covered(tracked.condition, said.topic | letter.names) >= MET
        for said in letter.news
        if not said.requests and (said.does("done") or not ours)
    )


def firm(tracked: Tracked, letter: Letter, calendar: Calendar) -> Tracked:
    """A conditional promise whose condition a letter meets: its span now runs from that moment."""
    promise = tracked.promise
    if promise.due.to is None:
        promise_text = plain(promise.quote)
        said = without_condition(promise_text, letter.phrases)
        spans = [one for one in find_dates(said, said_at=letter.at, calendar=calendar) if one.deadline and one.due.to]
        if spans and letter.phrases.has("span", said):
            promise = replace(promise, due=spans[-1].due, certainty=spans[-1].certainty)
        elif letter.phrases.has("next-day", said):
            promise = replace(promise, due=_next_business_day(letter.at, calendar), certainty=Certainty.RELATIVE)
        elif letter.phrases.has("same-day", promise_text):
            day = letter.at.replace(hour=23, minute=59, second=59, microsecond=0)
            promise = replace(promise, due=Due(None, day, Precision.DAY), certainty=Certainty.RELATIVE)
    since = (letter.at, letter.ref) if letter.side is Side.CUSTOMER else tracked.waited_for
    return replace(tracked, promise=promise, met_at=letter.at, waited_for=since)


def _next_business_day(after: datetime, calendar: Calendar) -> Due:
    """The first working day after a moment, as a whole day; a fortnight is looked through at most."""
    days = [(after + timedelta(days=one)).replace(hour=23, minute=59, second=59, microsecond=0) for one in range(1, 15)]
    return Due(None, next((day for day in days if calendar.is_business_day(day.date())), days[0]), Precision.DAY)


def carries_on(made: Tracked, others: Sequence[Tracked], letter: Letter) -> str:
    """The id of the promise to come or work that waited for the letter in which this one was made, or nothing: "once
    the valve is here we'll swap it" and then "the valve is here, Tom comes on Monday" are kept by one deed."""
    acts = (Act.WORK, Act.VISIT)
    waited = (one for one in others if one.met_at == letter.at and one.is_open and one.promise.by is made.promise.by)
    return next((one.promise.id for one in waited if one.act in acts and made.act in acts), "")
