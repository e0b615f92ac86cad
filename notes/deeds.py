"""What a sentence tells of a deed that was promised: a call made, somebody come, goods on their way, a paper handed
over, an answer given, work done. A memo tells otherwise than a mail to the customer does. A deed is told more or less
plainly: points from 0 to 1, to which `notes.evidence` adds what ties the sentence to a promise.
"""

import re
from collections.abc import Callable

from notes.happened import near, of_its_day, told_on_its_day
from notes.likeness import alike, covered, kinds
from notes.model import Kind
from notes.parts import lacking
from notes.phrases import plain
from notes.said import Letter, Said, Way
from notes.tracking import Act, Tracked

LIKE = 0.3
SAME_THING = 0.5
NOTED, TOLD_THAT_DAY = 0.2, 0.3
MOST_FILES = 20
LISTED = re.compile(
    r"[^:]{1,40}:.*\d|.{0,40}(?:\b(?:number|no\.?|ref(?:erence)?)|番号)(?: is|は).*\d{3}", re.IGNORECASE
)
"""What is told in place of a paper: "carriage: 340", "the tracking number is 4711"."""
JAPANESE = re.compile(r"[\u3040-\u30ff]")
NOT_JA = re.compile(r"ませ[んず]|ない|なかった|ず(?:に)?、")
COPULA = re.compile(r"(?:です|でございます)(?:が|けど)?[。]?$")
SUM = re.compile(r"(?<![A-Za-z\d-])\d[\d,.]*(?:\d{2}|[万千百円])|[一二三四五六七八九十百千]+(?:万|円)")


def plainly(tracked: Tracked, letter: Letter, said: Said) -> float:
    """How plainly a sentence tells the deed that would keep a promise, 0 when it does not."""
    if fulfils_condition(tracked, said):
        return 0.4
    if names_the_date(tracked, letter, said):
        return 0.3
    if (
        said.does("withdraw-own")
        or said.does("withdraw-all")
        or (said.does("withdraw") and not said.does("on-its-way"))
    ):
        return 0.0
    if tracked.condition and said.does("receipt") and alike(tracked.condition, said.topic) >= SAME_THING:
        return 0.0  # what it waited for
    done = tracked.act is Act.WORK and said.does("is-done")  # "Your password is reset, you'll be asked for a new one"
    came = tracked.act is Act.VISIT and said.does("visited")
    done = done or (came and _came_first(said))
    if not (done or tells(said, letter)) or (said.requests and not said.does("handing") and not said.done_first):
        return 0.0
    if tracked.amounts and said.amounts and not tracked.amounts & said.amounts:
        return 0.0
    hands_over = said.does("handing") and bool(letter.mail.attachments)  # "asked me to send you the attached"
    step = said.is_step and not (tracked.is_step or came or hands_over)
    if step or _another_thing(tracked, letter, said):
        return 0.0
    return _DEEDS[tracked.act](tracked, letter, said) or _noted(tracked, letter, said)


def _came_first(said: Said) -> bool:
    """Whether somebody is told to have come, whatever is still being done: 「9時に入り、確認しています」."""
    return said.puts_off and not (said.promise or said.text.endswith("?") or NOT_JA.search(said.text))


def _noted(tracked: Tracked, letter: Letter, said: Said) -> float:
    """A memo that names the very thing when its time has come, and says nothing against it: "Concrete poured 11am"."""
    told = letter.mail.kind in (Kind.NOTE, Kind.MEETING) and tracked.act not in (Act.CALL, Act.ANSWER)
    if not told or not near(tracked, letter):
        return 0.0
    if said.text == plain(letter.mail.subject):
        return 0.0
    about = said.topic | letter.subject if said.topic & tracked.topic else said.topic
    against = said.does("negated") or lacking(said) or said.does("called-off") or said.requests or said.does("call-in")
    kept_out = letter.any("kept-out") or letter.any("not-reached") or letter.any("none-came")
    if told_on_its_day(tracked, letter) and said.states and not (against or kept_out):
        return TOLD_THAT_DAY
    return 0.0 if against else NOTED * (covered(tracked.core or tracked.topic, about) >= SAME_THING)


def fulfils_condition(tracked: Tracked, said: Said) -> bool:
    """ "I'll come back once it is published": "it is out" is the answer, whatever else is still to come."""
    if tracked.act is not Act.ANSWER or said.promise:
        return False
    return said.does("done") and alike(tracked.condition, said.topic) >= LIKE


def names_the_date(tracked: Tracked, letter: Letter, said: Said) -> bool:
    """ "The lead time: we ship on 12 May" promises to ship, and tells the date that was to be told."""
    if not tracked.of_date or tracked.act is not Act.ANSWER:
        return False
    dated = said.promise is not None and said.promise.due.to is not None
    told = dated and said.way not in (Way.CONTACT, Way.CALL)
    return told and (tracked.thread == letter.thread or alike(tracked.topic, said.topic) >= LIKE)


def _another_thing(tracked: Tracked, letter: Letter, said: Said) -> bool:
    """Whether it is a paper of another kind that comes: a catalogue is no quote."""
    nth = _nth(plain(tracked.promise.quote), said)
    given = nth and _nth(f"{said.text} {' '.join(one.name for one in letter.mail.attachments[:MOST_FILES])}", said)
    if given and not nth & given:
        return True
    wanted = kinds(tracked.topic) if tracked.act in (Act.PAPER, Act.GOODS) else None
    if not wanted:
        return False
    given = letter.kinds_handed | kinds(said.topic)
    return bool(given) and not wanted & given


def _nth(text: str, said: Said) -> frozenset[str]:
    """Which of a row of like things a text names: the first proof, the second half."""
    return frozenset(group for group in ("nth-first", "nth-second", "nth-third") if said.phrases.has(group, text))


def _shipped(tracked: Tracked, letter: Letter, said: Said) -> float:
    """Goods are on their way; what sounded like goods was a paper where a file of that name comes."""
    goods = letter.internal or tracked.amounts
    came = not goods and covered(tracked.core or tracked.topic, letter.names) >= SAME_THING
    return 0.3 * (said.hands_over and (said.does("on-its-way") or said.does("visited") or came))


def _worked(tracked: Tracked, letter: Letter, said: Said) -> float:
    terse = (letter.internal and said.does("done-terse")) or said.does("is-done")
    return 0.25 * (said.hands_over or said.does("visited") or terse)


def _handed(tracked: Tracked, letter: Letter, said: Said) -> float:
    """A paper comes with the letter, or is said to have been sent."""
    if letter.internal:
        return 0.2 * said.does("on-its-way")
    if tracked.of_number and said.states and said.does("number"):
        return 0.2
    listed = said.states and LISTED.match(said.text) is not None and alike(tracked.topic, said.topic) >= SAME_THING
    if said.states and said.does("as-promised") and said not in letter.sentences:
        return 0.25  # the subject
    if letter.mail.attachments and said.does("introduction") and alike(tracked.topic, said.topic) >= SAME_THING:
        return 0.25  # "The logo.", and a file
    return 0.25 * said.hands_over or 0.2 * (
        listed or (said.states and bool(letter.mail.attachments) and not said.does("lacking"))
    )


def _told(tracked: Tracked, letter: Letter, said: Said) -> float:
    if letter.internal:
        return 0.3 * said.does("answered-in-memo")
    other = said.hands_over and kinds(said.topic) - tracked.topic and not alike(tracked.topic, said.topic)
    if tracked.of_date and said.states and said.does("dated"):
        return 0.3
    return 0.0 if other else 0.2 * (said.states or (said.hands_over and not said.requests))


def _called(tracked: Tracked, letter: Letter, said: Said) -> float:
    """A memo of a call of ours, or a mail that speaks of one; a mail that tells what the call was to tell will do."""
    if letter.any("not-reached"):
        return 0.0
    if letter.internal:
        rang = letter.phrases.has("call-out", letter.opening) or letter.any("call-out")
        if letter.phrases.has("call-in", letter.opening) and not rang:
            return 0.0
        return 0.5 * (letter.mail.kind is Kind.CALL or rang)
    if any(one.promise and one.way is Way.CALL for one in letter.sentences):
        return 0.0  # the call is still to come
    return 0.4 * said.does("spoke") or 0.1 * (said.states and not said.does("assent"))


def _came(tracked: Tracked, letter: Letter, said: Said) -> float:
    """Told after its moment; before it, or with a condition open, only in plain words."""
    due = tracked.promise.due_now
    that_day = of_its_day(tracked, letter, said) and not said.requests
    passed = that_day or (due is not None and letter.at >= due)
    if said.does("visited") and (
        letter.internal or said.states or said.hands_over or said.does("receipt") or _came_first(said)
    ):
        return 0.4
    if letter.mail.kind is Kind.MEETING and said.states:
        return 0.4
    if letter.internal and not said.does("way-visit"):
        return 0.0
    met = said.does("thanks-now") and not said.does("way-call")
    about = bool(said.topic & tracked.topic) or that_day or letter.closing
    handed = said.hands_over and (about or COPULA.search(said.text) is None)  # 「60日です」 tells of no coming
    return 0.2 * (passed and (handed or said.does("receipt") or met))


_DEEDS: dict[Act, Callable[[Tracked, Letter, Said], float]] = {
    Act.CALL: _called,
    Act.VISIT: _came,
    Act.GOODS: _shipped,
    Act.PAPER: _handed,
    Act.ANSWER: _told,
    Act.WORK: _worked,
}


def tells_sum(said: Said) -> bool:
    """Whether a sentence can tell a sum without naming what it is for: in Japanese it is a figure, or says that nothing
    is charged, or nothing more."""
    return JAPANESE.search(said.text) is None or SUM.search(said.text) is not None or said.does("no-charge")


def tells(said: Said, letter: Letter) -> bool:
    """Whether a sentence can tell of a deed: a memo may tell of one and of a promise in one breath."""
    told = said.does("answered-in-memo") and said.way is not Way.CONTACT
    both = letter.internal and (said.does("visited") or told)
    return not ((said.promise and not both) or said.puts_off or said.text.endswith("?"))
