"""A writer's new text read for promises: who will do what by when, in which words.

Words are data (`notes.phrases`); this module knows where they must stand. Groups used here:

* `commit` (Japanese, how a clause ends), `commit-en` (English, anywhere), `commit-dated`, `commit-en-dated` (these only
  together with a date), `not-commit`, `not-commit-en` (the same place, but no promise);
* `never` and `machine` (the whole sentence is none), `offer` ("if you wish"), `condition`, `condition-en` ("once it
  has come");
* `mail-act` with `later` and `now`: "I send you" tells what this mail does unless a later moment is meant;
* `told`, `told-in-memo` (a promise given by mouth and written down; `said`: where the telling of it begins or ends;
  `their-word`: the other side's), `ask-time` (asks for a later date);
* `bare`, `not-bare`: notes without a verb ("Quote: Friday"), in which `<date>` stands for a date;
* `by`, `by-before`, `span`, `that-day`, `afterthought` choose among the dates in and beside the sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice

from notes.due import find_dates
from notes.model import By, Calendar, Certainty, DateFound, Due, Precision, PromiseFound
from notes.phrases import Phrases, Rule, plain
from notes.schedules import NAMES_DAY, Schedule, masked, schedule
from notes.sentences import Sentence, split

FAR_FROM_ITS_DATE = 40
MOST_READINGS = 5
TOLD_WITH_DATE = ("told-ja", "told-en-now")
MOST_PROMISES = 50
MOST_DATED = 600
LONGEST_NOTE = 70
CLAUSE_END = re.compile(
    r"(?<=ますので)[、,]?|(?<=ますが)[、,]?|(?<=ますから)[、,]?|(?<=ますし)[、,]?|(?<=まして)[、,]|(?<=ましたので)[、,]?"
    r"|(?<=ですが)[、,]|(?<=ですので)[、,]?|(?<=ません[がの])で?[、,]?|(?<=ましたが)[、,]|(?<=ところ)[、,]|;"
    r"|(?<=ございますので)[、,]?|(?<=(?:ました|ります|します)うえで)[、,]|(?<=ますんで)[、,]?|(?<=[うくすつぬむぶぐる](?:ので|から|んで))[、,]"
)
LOOSE_END = re.compile(
    r"(?:[。.!?、,;\s」』~〜ー♪☆★^…]|[(][^()]{0,40}[)]|うえで"
    r"|(?<=す)(?:ので|んで|が|から|けれども?|けど|し|ね|よ|わ|な|ため|[ねよわな]ー|ー)|(?<=[いた])ので)+$"
)
DRAWN = re.compile(r"まー+す")
JAPANESE = re.compile(r"[\u3040-\u9fff]")
LATIN = re.compile("[A-Za-z]{2}")
# Where a main clause of an English sentence can begin, behind one that leads up to it.
MAIN_CLAUSE = re.compile(r"; |: | - |, (?:and |but |so |then )?|(?<=\w) (?:and|but|so) (?=(?:the|I|we|our|your)\b)")
MOST_CLAUSES = 4
TWO_DEEDS = re.compile(r"ますので[、,]|(?<=[りけえいび一-龠])し[、,]|; |,? and (?:then )?(?=(?:I|we|the|our|your)\b)")
NO_DUE = Due()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence taken as a promise: its date stands between `start` and `end`, else between `lead` and `start`."""

    rule: Rule
    start: int
    end: int
    lead: int = 0
    needs_date: bool = False
    conditional: bool = False
    moves: bool = False


def detect(
    text: str, *, said_at: datetime, by: By, who: str, calendar: Calendar, phrases: Phrases
) -> tuple[PromiseFound, ...]:
    """The promises in a writer's new text (signature, greeting and quotes already left out), in order.

    `said_at` is aware and in the writer's zone: dates are reckoned from it. A user's own words beat ours.
    """
    view = _Text(tuple(split(text)), said_at, calendar, phrases)
    plan = schedule(view.sentences, lambda text: _commits(text, phrases), view.dates, phrases)
    found: list[PromiseFound] = []
    for index in range(len(view.sentences)):
        found += _in_sentence(view, index, plan, by, who)
        if len(found) >= MOST_PROMISES:
            break
    return tuple(one for at, one in enumerate(found) if not _said_better_next(found, at))


@dataclass(frozen=True, slots=True)
class _Text:
    """What is read, and what dates in it are reckoned from."""

    sentences: tuple[Sentence, ...]
    said_at: datetime
    calendar: Calendar
    phrases: Phrases
    _known: dict[str, tuple[DateFound, ...]] = field(default_factory=dict)

    def dates(self, text: str) -> tuple[DateFound, ...]:
        """The dates named in a piece of the text, in the form of `phrases.plain`; in a mail without end not all."""
        if text not in self._known:
            if len(self._known) >= MOST_DATED:
                return ()
            self._known[text] = find_dates(text, said_at=self.said_at, calendar=self.calendar)
        return self._known[text]


def _in_sentence(view: _Text, index: int, plan: Schedule, by: By, who: str) -> list[PromiseFound]:
    """The promises of one sentence: none, one, or two deeds with a day each."""
    sentence = view.sentences[index]
    text = plain(sentence.text)
    for reading in _readings(text, view.phrases):
        dated = _date(view, index, reading)
        if dated is None and (index in plan.intros or (reading.needs_date and not _waits(text, reading, view.phrases))):
            continue
        made = _promise(sentence.text, reading, dated, by, who)
        return _two_deeds(view, made) or [made]
    if index in plan.items:
        return [_promise(sentence.text, _Reading(PLANNED, 0, len(text)), plan.items[index], by, who)]
    return _note(view, sentence.text, who) if by is By.US and index not in plan.others else []


PLANNED = Rule("planned", 0.75, "")


def _commits(text: str, phrases: Phrases) -> bool:
    return next(_readings(text, phrases), None) is not None


def _waits(text: str, reading: _Reading, phrases: Phrases) -> bool:
    """Whether it says how long after a condition is met: "once it is paid, it ships the next day"."""
    return reading.conditional and phrases.has("span", text[reading.start : reading.end])


def _two_deeds(view: _Text, made: PromiseFound) -> list[PromiseFound]:
    """ "We ship ten on Thursday; the rest follows on Monday" is two promises, if either half names its day. The first
    keeps the whole sentence as its quote.
    """
    text = made.quote
    if made.due.to is None or made.conditional or view.phrases.has("step", plain(text)):
        return []
    for cut in islice(TWO_DEEDS.finditer(text), MOST_CLAUSES):
        one = _half(view, f"{text[: cut.start()]}{_finished(cut[0])}", made)
        two = _half(view, text[cut.end() :], made)
        if one and two and one.due != two.due and made.due in (one.due, two.due):
            return [replace(one, quote=text), two]
    return []


def _finished(cut: str) -> str:
    """The end of the first half as the end of a sentence."""
    return "ます" if cut.startswith("ます") else "します" if cut.startswith("し") else ""


def _half(view: _Text, text: str, whole: PromiseFound) -> PromiseFound | None:
    half = replace(view, sentences=(Sentence(text, 0),))
    for reading in _readings(plain(text), view.phrases):
        dated = _date(half, 0, reading)
        if dated and not reading.conditional:
            return _promise(text, reading, dated, whole.by, whole.who)
    return None


def _note(view: _Text, text: str, who: str) -> list[PromiseFound]:
    """What we note down without a verb: "Quote: Friday", 「図面→木曜」. Others' notes may be wishes."""
    bare = plain(text).rpartition("; ")[2]
    dates = view.dates(bare) if len(bare) <= LONGEST_NOTE and NAMES_DAY.search(bare) else ()
    rule = view.phrases.find("bare", masked(bare, dates)) if dates else None
    if rule is None or any(view.phrases.has(group, plain(text)) for group in ("not-bare", "never", "machine")):
        return []
    dated = choose(bare, dates, 0, len(bare), view.phrases)
    return [_promise(text, _Reading(rule, 0, len(bare)), dated, By.US, who)] if dated else []


def _said_better_next(found: Sequence[PromiseFound], at: int) -> bool:
    """ "Let me check. You'll hear from me by noon." is one promise."""
    after = found[at + 1] if at + 1 < len(found) else None
    soft = found[at].rule == "en-let-me" and found[at].due.to is None
    return soft and after is not None and after.due.to is not None and after.rule in ("en-will", "en-you-have")


def concerns_outside(found: PromiseFound, phrases: Phrases) -> bool:
    """Whether what a colleague writes down for himself is owed to somebody outside: asking one's boss is not."""
    return not phrases.has("among-us", plain(found.quote))


def was_told(found: PromiseFound) -> bool:
    """Whether a colleague writes down what the customer was promised by mouth: in talk among us only this counts."""
    return found.rule.startswith("told-")


def _readings(text: str, phrases: Phrases) -> Iterator[_Reading]:
    """What a sentence (in the form of `phrases.plain`) can commit to, likeliest first: the first that finds the date
    it needs counts. A user's own words beat ours.
    """
    if phrases.own and phrases.find_own("never", text):
        return
    own = phrases.find_own("commit", text) if phrases.own else None
    if own:
        yield _Reading(own, 0, len(text))
        return
    by_mouth = _by_mouth(text, phrases)
    if by_mouth:
        yield by_mouth
        return
    for one in chain(_japanese(text, phrases), _english(text, phrases), _memo(text, phrases)):
        if phrases.has("never", text) or phrases.has("machine", text):
            return
        yield one


def _by_mouth(text: str, phrases: Phrases) -> _Reading | None:
    """A promise told of, or more time asked for."""
    told = phrases.find("told", text)
    if told and not (text.endswith("?") or phrases.has("their-word", text)):
        return _Reading(told, 0, len(text), needs_date=told.name in TOLD_WITH_DATE)
    asked = phrases.find("ask-time", text)
    if asked and not phrases.has("offer", asked.pattern.sub(" ", text)):
        return _Reading(asked, 0, len(text), needs_date=True, moves=True)
    return None


def _memo(text: str, phrases: Phrases) -> Iterator[_Reading]:
    rule = phrases.find("told-in-memo", text)
    if rule:
        yield _Reading(rule, 0, len(text), needs_date=True)


def _japanese(text: str, phrases: Phrases) -> Iterator[_Reading]:
    """A Japanese sentence promises by how one of its clauses ends."""
    if not JAPANESE.search(text):
        return
    start = 0
    for end in [*(found.end() for found in CLAUSE_END.finditer(text)), len(text)]:
        tail = LOOSE_END.sub("", DRAWN.sub("ます", text[start:end]))
        asked = text[start:end].rstrip().endswith(("?", "か。", "か"))
        if JAPANESE.search(tail[-1:]) and not asked:
            reading = _japanese_clause(text, start, tail, phrases)
            if reading:
                yield reading
        start = end


def _japanese_clause(text: str, start: int, tail: str, phrases: Phrases) -> _Reading | None:
    end = start + len(tail)
    rule = phrases.find("commit", tail)
    if rule and phrases.has("not-commit", tail):
        rule = None
    weak = None if rule or phrases.has("not-commit-dated", tail) else phrases.find("commit-dated", tail)
    chosen = rule or weak
    if chosen is None:
        return None
    span = phrases.has("span", tail)
    if phrases.has("offer", text[:end]) and not span:
        return None
    condition = phrases.last("condition", text[:end])
    act, later = phrases.has("mail-act", tail), bool(condition) or phrases.has("later", text[:end])
    if act and phrases.has("now", text[:end]):
        return None
    needs = bool(weak) or (act and not later) or (chosen.name == "ja-plain" and not later)
    needs = needs or phrases.has("stand-in", tail)
    main = min(condition, end)
    return _Reading(chosen, main, end, main, needs_date=needs, conditional=bool(condition))


def _english(text: str, phrases: Phrases) -> Iterator[_Reading]:
    """An English sentence promises by words that may stand anywhere in it, or begin one of its clauses."""
    if text.endswith("?") or not LATIN.search(text):
        return
    yield from _english_from(text, 0, phrases, ("commit-en", "commit-en-dated"))
    if phrases.has("offer", text):
        return
    for cut in islice(MAIN_CLAUSE.finditer(text), MOST_CLAUSES if NAMES_DAY.search(text) else 0):
        yield from _english_from(text, cut.end(), phrases, ("commit-en-dated",))


def _english_from(text: str, begin: int, phrases: Phrases, groups: Sequence[str]) -> Iterator[_Reading]:
    """The readings of a sentence from its sign `begin` on; a date must then stand there, too."""
    part = text[begin:]
    for group in groups:
        for rule in phrases.all_of(group, part):
            found = (_english_clause(part, one, rule, phrases) for one in rule.pattern.finditer(part))
            for one in islice((one for one in found if one), MOST_READINGS):
                yield one if not begin else _moved(one, begin, text, phrases)


def _moved(one: _Reading, begin: int, text: str, phrases: Phrases) -> _Reading:
    """A reading of a clause as one of its sentence, which may begin with a condition."""
    waits = one.conditional or phrases.has("condition-en", text[:begin])
    start = one.start + begin
    return replace(one, start=start, end=one.end + begin, lead=begin, conditional=waits)


def _english_clause(text: str, found: re.Match[str], rule: Rule, phrases: Phrases) -> _Reading | None:
    if phrases.has("not-commit-en", text[found.start() : found.end() + 40]) or phrases.has("offer", text):
        return None
    weak = rule in phrases.groups.get("commit-en-dated", ())
    start, end, conditional = found.start(), len(text), False
    condition = phrases.whole("condition-en").search(text)
    if condition:
        conditional = True
        weak = weak or phrases.has("condition-of-yours", text)
        end = condition.start() if condition.start() > found.start() else end
    lead = start if conditional or start >= FAR_FROM_ITS_DATE else 0
    return _Reading(rule, start, end, lead, needs_date=weak, conditional=conditional)


def _promise(quote: str, reading: _Reading, dated: DateFound | None, by: By, who: str) -> PromiseFound:
    score = min(0.98, reading.rule.score + (0.05 if dated else 0.0))
    return PromiseFound(
        quote=quote,
        by=by,
        who=who,
        due=dated.due if dated else NO_DUE,
        certainty=dated.certainty if dated else Certainty.GUESSED,
        conditional=reading.conditional,
        score=round(score, 2),
        rule=reading.rule.name,
        moves=reading.moves,
    )


def _date(view: _Text, index: int, reading: _Reading) -> DateFound | None:
    """The date that belongs to a promise: in its main part, beside it, or where "that day" points."""
    text, phrases = plain(view.sentences[index].text), view.phrases
    if reading.moves and phrases.has("stretch", text):
        return None
    if reading.rule.name.startswith("told-") and (told := _told(view, text)):
        return told
    dates = view.dates(text)
    start = 0 if phrases.has("same-day", text) and not reading.conditional else reading.start
    chosen = choose(text, dates, start, reading.end, phrases) or choose(text, dates, reading.lead, start, phrases)
    if chosen and reading.conditional and phrases.has("span", text[reading.start : reading.end]):
        return None  # runs from the moment the condition is met
    if chosen or reading.conditional:
        return chosen
    if phrases.has("that-day", text):
        return _pointed_at(view, index)
    return _afterthought(view, index + 1)


def _told(view: _Text, text: str) -> DateFound | None:
    """The date in what somebody was told: the telling is past, the promise is not."""
    said = view.phrases.whole("said").search(text)
    if said is None:
        return None
    part = text[: said.start()] if JAPANESE.search(said[0]) else text[said.end() :]
    return choose(part, view.dates(part), 0, len(part), view.phrases)


def choose(text: str, dates: Sequence[DateFound], start: int, end: int, phrases: Phrases) -> DateFound | None:
    """Of the deadlines named between `start` and `end`: one marked "by", else in Japanese the last, else the first."""
    inside = [found for found in dates if found.due.to and start <= found.start < end and _may_bind(text, found)]
    marked = [found for found in inside if _marked(text, found, phrases)]
    pick = marked or inside
    if not pick:
        return None
    japanese = bool(re.search(r"[\u3040-\u30ff]", text))
    return pick[-1] if japanese or marked else pick[0]


def _may_bind(text: str, found: DateFound) -> bool:
    """A deadline; or the day that closes an English clause, whatever else the sentence speaks of."""
    closes = text[found.end : found.end + 1] in ("", ".", ";", ",") and text[: found.start].endswith(" on ")
    return found.deadline or (closes and found.due.precision is not Precision.NONE)


def _marked(text: str, found: DateFound, phrases: Phrases) -> bool:
    after, before = text[found.end : found.end + 16], text[max(0, found.start - 16) : found.start]
    return phrases.has("by", after) or phrases.has("by-before", before) or phrases.has("by", f" {found.text[-3:]}")


def _pointed_at(view: _Text, index: int) -> DateFound | None:
    """The moment named last before "by then"; before "that day" its whole day."""
    here = plain(view.sentences[index].text)
    mark = view.phrases.whole("that-day").search(here)
    before = [plain(sentence.text) for sentence in view.sentences[max(0, index - 6) : index]]
    for text in (here[: mark.start()] if mark else "", *reversed(before)):
        dates = [found for found in view.dates(text) if found.due.to or found.due.start]
        if dates:
            by_then = view.phrases.has("by-then", here)
            return replace(dates[-1], deadline=True) if by_then else _whole_day(dates[-1])
    return None


def _whole_day(found: DateFound) -> DateFound | None:
    day = found.due.start or found.due.to
    if day is None:
        return None
    due = Due(day.replace(hour=0, minute=0, second=0), day.replace(hour=23, minute=59, second=59), Precision.DAY)
    return DateFound(found.text, found.start, found.end, due, Certainty.RELATIVE, True)


def _afterthought(view: _Text, index: int) -> DateFound | None:
    """A date given in the next sentence: 「遅くとも12日までに。」, "By Friday at the latest." """
    sentences = view.sentences
    if index >= len(sentences) or sentences[index].paragraph != sentences[index - 1].paragraph:
        return None
    text = plain(sentences[index].text)
    if len(text) > 60 or view.phrases.has("ask-action", text):
        return None
    dates = view.dates(text)
    if not dates or not view.phrases.has("afterthought", masked(text, dates)):
        return None
    return choose(text, dates, 0, len(text), view.phrases)
