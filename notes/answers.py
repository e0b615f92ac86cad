"""The customer's questions against our later messages: which of them really answer.

A promise to answer closes nothing; a request for work is covered by a promise, a question for a date by a dated one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notes.deeds import tells_sum
from notes.likeness import Topic, alike, kinds, topic
from notes.model import By, Calendar, Kind, Question, QuestionFound
from notes.named_days import names_day
from notes.parties import Side
from notes.parts import lacking
from notes.phrases import plain
from notes.promises import was_told
from notes.said import Letter, Said, Way
from notes.tracking import Act, Tracked
from notes.wanted import wanted_by

LIKE = 0.4
NAMED = 0.3
SAME = 0.6
FIGURE = re.compile(r"\d[\d,.]{2,}\d|\d{3,}|[月火水木金土日]曜|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
ITEM = re.compile(r"\W{0,2}(\d{1,2})(?:[).:、]|\s|(?=[^\W\d]))\s*(?=\D)")
LETTERED = re.compile(r"\W{0,2}(?:\(([a-hいろはにほへとアイウエオ甲乙丙丁])\)|([a-h])[).](?=\s))", re.IGNORECASE)
INLINE = re.compile(r"\((\d{1,2}|[a-hいろはにほへとアイウエオ甲乙丙丁])\)", re.IGNORECASE)
LETTERS = ("abcdefgh", "いろはにほへと", "アイウエオ", "甲乙丙丁")
BEYOND = 100
LONGEST_ITEM, SAID_BACK = 400, 10


@dataclass(frozen=True)
class Asked:
    """A question on its way: its rule, matter and thread, its number among those asked in the same message, and the
    number that it bears itself in a list (0: none).

    `passed_on` where a colleague forwarded it: who answers begins a thread of his own. `replied`: we wrote to it since.
    """

    question: Question
    rule: str
    topic: Topic
    thread: str
    number: int
    item: int = 0
    asked_back: bool = False
    passed_on: bool = False
    replied: bool = False

    @property
    def is_open(self) -> bool:
        """Not answered yet."""
        return self.question.answered_in is None

    def answered(self, ref: str) -> "Asked":
        """The same question, answered."""
        return replace(self, question=replace(self.question, answered_in=ref))


def hear(found: QuestionFound, letter: Letter, number: int) -> Asked:
    """A question as it is asked."""
    question = Question(found.quote, letter.ref, letter.at, wanted=found.wanted)
    text = plain(found.quote)
    about = topic(text, letter.phrases)
    passed_on = letter.mail.kind is Kind.FORWARD
    return Asked(question, found.rule, about, letter.thread, number, item_of(text), passed_on=passed_on)


def turn(asked: Asked, letter: Letter) -> Asked:
    """The question after a letter that leaves it open: whether it waits for what we asked back, promising nothing."""
    if not in_its_thread(asked, letter) or letter.internal:
        return asked
    if letter.side is Side.CUSTOMER:
        return replace(asked, asked_back=False)
    if letter.side is not Side.US or not letter.reached:
        return asked
    asked = replace(asked, replied=True)
    if any(said.promise for said in letter.sentences):
        return asked
    back = any(
        said.text.endswith("?") or said.does("ask-info") or said.does("needs-input") for said in letter.sentences
    )
    return replace(asked, asked_back=back)


def in_its_thread(asked: Asked, letter: Letter) -> bool:
    """Whether a letter is in a question's thread, or to the customer since a colleague passed the question on."""
    return asked.thread == letter.thread or (asked.passed_on and not letter.internal)


def wanted_in(letter: Letter, calendar: Calendar) -> datetime | None:
    """The earliest moment by which the customer wants something in a letter; "your time" is ours."""
    found = []
    for said in letter.sentences if letter.side is Side.CUSTOMER else ():
        moment = wanted_by(said.text, said_at=letter.at, calendar=calendar, phrases=letter.phrases)
        if moment:
            found.append(moment.replace(tzinfo=calendar.zone) if said.does("your-time") else moment)
    return min(found, default=None)


def asked_again(new: Asked, others: list[Asked]) -> bool:
    """Whether a question only repeats an open one."""
    mail = new.question.asked_in
    for other in others:
        if not other.is_open or (other.question.asked_in == mail and "ask-item" in (other.rule, new.rule)):
            continue
        if new.topic and alike(new.topic, other.topic) >= SAME:
            return True
    return False


def owed(tracked: Tracked, asked: Sequence[Asked]) -> frozenset[int]:
    """The numbers of the open questions that a promise to answer is about: those it names, all of its thread where it
    says so, and those of the mail it answers where it names none of them."""
    if tracked.act not in (Act.ANSWER, Act.CALL) or tracked.promise.by is not By.US:
        return frozenset()
    there = {
        n for n, one in enumerate(asked) if one.is_open and one.thread == tracked.thread and one.rule != "ask-work"
    }
    just_asked = {n for n in there if asked[n].question.asked_in == tracked.waited_for[1]}
    named = {n for n in there if alike(tracked.topic, asked[n].topic) >= LIKE}
    item = item_of(plain(tracked.promise.quote))
    numbered = {n for n in just_asked if item and asked[n].item == item}
    return frozenset(there if tracked.many else numbered or named or just_asked)


def settled_by(asked: Asked, tracked: Tracked) -> bool:
    """Whether a promise of ours, now kept, was of the very thing that the customer asked for before."""
    before = asked.thread == tracked.thread and asked.question.at <= tracked.promise.made_at
    return before and tracked.promise.by is By.US and bool(kinds(asked.topic) & tracked.topic)


def answers(asked: Asked, letter: Letter, beside: Sequence[Topic] = ()) -> bool:
    """Whether a letter of ours answers a question; `beside`: what others of its message are about."""
    if letter.side is not Side.US or letter.ref == asked.question.asked_in or letter.mail.kind is Kind.FORWARD:
        return letter.ref == asked.question.asked_in and _answered_above(asked, letter)
    if letter.internal:
        return _answered_by_mouth(asked, letter)
    if not letter.reached:
        return False
    if kinds(asked.topic) & letter.names and _concerns(asked, letter):
        return True  # the very thing comes with it
    telling = _telling(asked, letter)
    pending = [said for said in letter.sentences if _puts_off(said)]
    item = _numbered(letter).get(asked.item)
    if item is not None and in_its_thread(asked, letter):
        later = any(said.promise for said in item)
        told = [said for said in item if not (_is_pending(said) or (later and (said.is_step or said.has_asked)))]
        return any(said.states or said.hands_over or said.deed or _dates(asked, said) or _terms(said) for said in told)
    if _confirms(asked, letter, len(beside)):
        return True
    if asked.rule == "ask-when" and any(_dates(asked, said) for said in letter.sentences):
        return _concerns(asked, letter)
    if asked.rule == "ask-work" and _takes_on(letter):
        return _concerns(asked, letter)
    if not telling or not _concerns(asked, letter) or _leaves_out(asked, telling, letter):
        return False
    return _despite(asked, letter, telling, pending, beside) if pending else not _refused(asked, letter, telling)


def beside(asked: Asked, others: Sequence[Asked]) -> list[Topic]:
    """What the other open questions of a question's message are about."""
    mail = asked.question.asked_in
    return [one.topic for one in others if one is not asked and one.is_open and one.question.asked_in == mail]


def _answered_above(asked: Asked, letter: Letter) -> bool:
    """Whether somebody who forwards a question has called and told what there is to say; a promise told on the
    telephone says when or that something is done, and answers nothing else."""
    if not letter.phrases.has("call-out", letter.opening):
        return False
    promises = [said.promise for said in letter.sentences if said.promise]
    promised = asked.rule != "ask-info" and any(was_told(one) for one in promises)
    promised = promised or (asked.rule == "ask-when" and any(one.due.to for one in promises))
    return promised or any(said.does("answered-in-memo") and not said.promise for said in letter.sentences)


def _numbered(letter: Letter) -> dict[int, list[Said]]:
    """The sentences under each number of a letter that answers by numbers; empty where fewer than two stand in it."""
    items: dict[int, list[Said]] = {}
    current: list[Said] = []
    for said in letter.sentences:
        number = item_of(said.text)
        if number:
            current = items.setdefault(number, [])
        current.append(said)
        for marker in INLINE.findall(said.text[:LONGEST_ITEM]):  # "(1) takes a week, (2) is in stock"
            if _number(marker) != number:
                items.setdefault(_number(marker), []).append(said)
    return items if len(items) > 1 else {}


def _is_pending(said: Said) -> bool:
    return _puts_off(said) or said.puts_off or said.does("reschedule") or said.does("will-answer")


def item_of(text: str) -> int:
    """The number at the head of a list's item (plain form), 0 where there is none."""
    found = ITEM.match(text)
    if found:
        return int(found[1])
    lettered = LETTERED.match(text)
    return _number(lettered[1] or lettered[2]) if lettered else 0


def _number(marker: str) -> int:
    """What an item of a list is numbered by: a figure, or a letter, which counts from beyond all figures."""
    if marker.isdecimal():
        return int(marker)
    row = next(row for row, letters in enumerate(LETTERS) if marker.casefold() in letters)
    return BEYOND * (row + 1) + LETTERS[row].index(marker.casefold())


def _confirms(asked: Asked, letter: Letter, open_beside: int) -> bool:
    """Whether a letter says yes to what was asked, or promises the very day that the question names."""
    if not in_its_thread(asked, letter):
        return False
    yes_or_no = not letter.phrases.has("wh", plain(asked.question.quote))
    for said in letter.sentences:
        near = not open_beside or alike(asked.topic, said.topic) >= NAMED
        if said.does("says-yes") and yes_or_no and near and not any(_is_pending(one) for one in letter.sentences):
            return True
        due = said.promise.due.to if said.promise else None
        if due and said.way is not Way.CONTACT and names_day(plain(asked.question.quote), due):
            return True
    return False


def _dates(asked: Asked, said: Said) -> bool:
    """A dated promise of the thing itself; one to get back by some day does not say when the thing comes."""
    if said.promise is None or said.promise.due.to is None:
        return False
    return said.way is not Way.CONTACT or alike(asked.topic, said.topic) >= LIKE


def _terms(said: Said) -> bool:
    """Whether it says what follows once something is given: "three proofs, five days after we have the copy"."""
    return said.promise is not None and said.promise.conditional and said.way is not Way.CONTACT


def _takes_on(letter: Letter) -> bool:
    """Whether a letter says yes to work or a proposal, by a promise or in words; to call with an answer is neither."""
    promised = [said for said in letter.sentences if said.promise]
    if any(_will_answer(said) for said in promised):
        return any(not _will_answer(said) for said in promised)
    return bool(promised) or any(said.does("assent") and not said.does("negated") for said in letter.sentences)


def _will_answer(said: Said) -> bool:
    bare = said.way is Way.CONTACT and not said.topic  # 「ご返答は月曜に差し上げます」
    return said.way is Way.CALL or bare or said.does("will-answer")


def _telling(asked: Asked, letter: Letter) -> list[Said]:
    """What tells something: no step on the way to an answer, nor a "cannot" beside a promise of one.

    A deed promised is an answer, unless it was a figure or a date that was asked for. That something "isn't affected"
    tells nobody who, how or when.
    """
    later = any(said.promise and not said.deed for said in letter.sentences)
    told = [said for said in letter.telling if not (later and (said.does("negated") or said.is_step or said.has_asked))]
    if letter.phrases.has("wh", plain(asked.question.quote)):
        told = [said for said in told if not said.does("denies")]
    deeds = [said for said in letter.sentences if said.deed]
    if letter.phrases.has("information", plain(asked.question.quote)):
        deeds = [said for said in deeds if alike(asked.topic, said.topic) >= NAMED]
    short = [said for said in letter.sentences if said.echoes(asked.topic)]
    return told + deeds + short


def _puts_off(said: Said) -> bool:
    """A promise to answer or send, or word that the answer is not there yet."""
    if said.promise:
        asks_others = said.way is Way.CONTACT and said.does("when-answered")
        return not said.deed and (not said.promise.conditional or asks_others or said.does("after-our-own"))
    return said.puts_off


def _leaves_out(asked: Asked, telling: list[Said], letter: Letter) -> bool:
    """Whether a letter tells something, and not what the question asks for."""
    return _rest_is_to_come(asked, telling, letter) or _tells_no_sum(asked, telling, letter)


def _rest_is_to_come(asked: Asked, telling: list[Said], letter: Letter) -> bool:
    """Whether something that the question names is only spoken of as not there yet, or to be answered later."""
    pending = (one for one in letter.sentences if lacking(one) and not (one.promise and one.way is not Way.CONTACT))
    late = frozenset[str]().union(*(one.topic for one in pending))
    told = frozenset[str]().union(*(one.topic for one in telling if not lacking(one) or one.deed))
    return bool((asked.topic & late) - told)


def _tells_no_sum(asked: Asked, telling: list[Said], letter: Letter) -> bool:
    """Whether a sum was asked for, and nothing told is one or speaks of it."""
    if letter.mail.attachments or not letter.phrases.has("sum-asked", plain(asked.question.quote)):
        return False
    return not any(tells_sum(said) or alike(asked.topic, said.topic) >= NAMED for said in telling)


def is_final(asked: Asked, letter: Letter) -> bool:
    """Whether a letter leaves no answer to a question for later; that another thing is to come leaves none open."""
    late = [said for said in letter.sentences if _puts_off(said) or said.does("lacking")]
    another = all(said.deed or (said.promise and said.promise.due.to and _another(asked, said)) for said in late)
    return letter.internal or another


def _another(asked: Asked, said: Said) -> bool:
    """Whether a sentence names something, and nothing that a question does."""
    return said.way is Way.DELIVER and bool(said.topic) and not alike(asked.topic, said.topic)


def _despite(asked: Asked, letter: Letter, telling: list[Said], pending: list[Said], beside: Sequence[Topic]) -> bool:
    """Whether a letter that puts something off answers this question all the same."""
    put_off = max((alike(asked.topic, said.topic) for said in pending), default=0.0)
    plainly = [said for said in telling if not (said.promise or said.does("negated"))]
    told = max((alike(asked.topic, said.topic) for said in plainly), default=0.0)
    if any(_takes_up(asked, said) for said in plainly) or any(_says_back(asked, said) for said in letter.sentences):
        return True
    if any(said.deed and said.way is Way.VISIT and _asks_to_come(asked, said) for said in telling):
        return True
    if told >= LIKE and (told >= put_off or any(said.does("affirms") for said in plainly)):
        return True
    if asked.rule == "ask-work" and any(_will_answer(said) for said in pending):
        return False
    promised = [said for said in pending if said.promise]
    # "As for the cover, that is with the works. You'll have it on Friday": the first leads to what is put off.
    leading = {before.text for said in promised if (before := letter.before(said))}
    sure = [said for said in plainly if not (said.does("delay") or said.does("stand-in") or said.text in leading)]
    sure = [said for said in sure if not _of_another(said, asked, beside)]
    return bool(beside) and put_off < LIKE and asked.number <= min(len(sure), len(beside))


def _of_another(said: Said, asked: Asked, beside: Sequence[Topic]) -> bool:
    """Whether a sentence is about another question of the same message."""
    others = max((alike(one, said.topic) for one in beside), default=0.0)
    return others >= LIKE and others > alike(asked.topic, said.topic)


def _asks_to_come(asked: Asked, said: Said) -> bool:
    """Whether a question is for somebody's coming."""
    return Said(plain(asked.question.quote), said.phrases).way is Way.VISIT


def _says_back(asked: Asked, said: Said) -> bool:
    """Whether a few Japanese words only say yes in those of the question: 「必要ですか」, 「必要です。」."""
    few = len(said.text) <= SAID_BACK and not said.text.isascii() and bool(said.topic) and said.topic <= asked.topic
    return few and not (said.promise or said.puts_off or said.requests or said.does("wh") or said.does("ask-info"))


def _takes_up(asked: Asked, said: Said) -> bool:
    """Whether a sentence plainly answers: yes or no to the thing asked, why to a why, or what holds for its figure."""
    question = plain(asked.question.quote)
    yes_or_no = not said.phrases.has("wh", question)
    if yes_or_no and said.does("affirms") and asked.topic & said.topic:
        return True
    if said.phrases.has("asks-why", question) and said.does("because"):
        return True
    return yes_or_no and bool(set(FIGURE.findall(question)) & set(FIGURE.findall(said.text)))


def _refused(asked: Asked, letter: Letter, telling: list[Said]) -> bool:
    """Whether all that concerns the question is that we cannot say."""
    told = max((alike(asked.topic, said.topic) for said in telling), default=0.0)
    unable = [said for said in letter.sentences if said.puts_off and alike(asked.topic, said.topic) >= LIKE]
    no_answer = any(said.does("no-answer") and not alike(asked.topic, said.topic) for said in letter.sentences)
    return told < LIKE and (bool(unable) or no_answer)


def _concerns(asked: Asked, letter: Letter) -> bool:
    """Whether a letter belongs to the question's thread or names its matter."""
    if in_its_thread(asked, letter):
        return True
    return any(alike(asked.topic, said.topic) >= LIKE for said in letter.sentences)


def _answered_by_mouth(asked: Asked, letter: Letter) -> bool:
    return any(
        said.does("answered-in-memo") and alike(asked.topic, said.topic) >= LIKE and not said.promise
        for said in letter.sentences
    )


def drops(asked: Asked, letter: Letter) -> bool:
    """Whether the customer says that a question is settled or no longer wanted."""
    if letter.side is not Side.CUSTOMER or letter.ref == asked.question.asked_in:
        return False
    if _ordered(asked, letter):
        return True
    return any(
        (said.does("withdraw") or said.does("settled"))
        and not said.text.endswith("?")
        and (alike(asked.topic, said.topic) >= NAMED or alike(letter.subject, asked.topic) >= LIKE)
        for said in letter.sentences
    )


def _ordered(asked: Asked, letter: Letter) -> bool:
    """Whether the customer orders, after we wrote, what they had asked the price or the time of: they know it now."""
    if not asked.replied or not in_its_thread(asked, letter):
        return False
    wanted = letter.phrases.has("before-ordering", plain(asked.question.quote))
    return wanted and any(said.does("agreed-now") and not said.text.endswith("?") for said in letter.sentences)
