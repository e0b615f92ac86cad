"""A writer's new text read for promises: who will do what by when, in which words.

Words are data (`notes.phrases`); this module knows where they must stand. Groups used here:

* `commit` (Japanese, how a clause ends), `commit-en` (English, anywhere), `commit-dated`, `commit-en-dated` (these only
  together with a date), `not-commit`, `not-commit-en` (the same place, but no promise);
* `never` and `machine` (the whole sentence is none), `offer` ("if you wish"), `condition`, `condition-en` ("once it
  has come");
* `mail-act` with `later` and `now`: "I send you" tells what this mail does unless a later moment is meant;
* `told`, `told-in-memo` (a promise given by mouth and written down), `ask-time` (asks for a later date);
* `by`, `by-before`, `span`, `that-day`, `afterthought` choose among the dates in and beside the sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from notes.due import find_dates
from notes.model import By, Calendar, Certainty, DateFound, Due, Precision, PromiseFound
from notes.phrases import Phrases, Rule, plain
from notes.sentences import Sentence, split

FAR_FROM_ITS_DATE = 40
MOST_READINGS = 5
TOLD_WITH_DATE = ("told-ja", "told-en-now")
MOST_PROMISES = 50
CLAUSE_END = re.compile(
    r"(?<=ますので)[、,]?|(?<=ますが)[、,]?|(?<=ますから)[、,]?|(?<=ますし)[、,]?|(?<=まして)[、,]|(?<=ましたので)[、,]?"
    r"|(?<=ですが)[、,]|(?<=ですので)[、,]?|(?<=ません[がの])で?[、,]?|(?<=ましたが)[、,]|(?<=ところ)[、,]|;"
)
LOOSE_END = re.compile(
    r"(?:[。.!?、,;\s」』]|[(][^()]{0,40}[)]|(?<=す)(?:ので|が|から|けれども?|けど|し|ね|よ|わ|な|ため)|(?<=[いた])ので)+$"
)
JAPANESE_END = re.compile(r"[\u3040-\u9fff]")
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
    sentences = split(text)
    found: list[PromiseFound] = []
    for index, sentence in enumerate(sentences):
        for reading in _readings(plain(sentence.text), phrases):
            dated = _date(sentences, index, reading, said_at, calendar, phrases)
            if dated or not reading.needs_date:
                found.append(_promise(sentence, reading, dated, by, who))
                break
        if len(found) == MOST_PROMISES:
            break
    return tuple(one for at, one in enumerate(found) if not _said_better_next(found, at))


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
    if phrases.find_own("never", text):
        return
    own = phrases.find_own("commit", text)
    if own:
        yield _Reading(own, 0, len(text))
        return
    by_mouth = _by_mouth(text, phrases)
    if by_mouth:
        yield by_mouth
    elif not (phrases.has("never", text) or phrases.has("machine", text)):
        yield from _japanese(text, phrases)
        yield from _english(text, phrases)
        yield from _memo(text, phrases)


def _by_mouth(text: str, phrases: Phrases) -> _Reading | None:
    """A promise told of, or more time asked for."""
    told = phrases.find("told", text)
    if told and not text.endswith("?"):
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
    start = 0
    for end in [*(found.end() for found in CLAUSE_END.finditer(text)), len(text)]:
        tail = LOOSE_END.sub("", text[start:end])
        asked = text[start:end].rstrip().endswith(("?", "か。", "か"))
        if JAPANESE_END.search(tail[-1:]) and not asked:
            reading = _japanese_clause(text, start, start + len(tail), phrases)
            if reading:
                yield reading
        start = end


def _japanese_clause(text: str, start: int, end: int, phrases: Phrases) -> _Reading | None:
    tail = text[start:end]
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
    act, later = phrases.has("mail-act", tail), phrases.has("later", text[:end])
    if act and phrases.has("now", text[:end]):
        return None
    needs = bool(weak) or (act and not later) or (chosen.name == "ja-plain" and not later)
    needs = needs or phrases.has("stand-in", tail)
    main = min(condition, end)
    return _Reading(chosen, main, end, main, needs_date=needs, conditional=bool(condition))


def _english(text: str, phrases: Phrases) -> Iterator[_Reading]:
    """An English sentence promises by words that may stand anywhere in it."""
    if text.endswith("?"):
        return
    for group in ("commit-en", "commit-en-dated"):
        for rule in phrases.groups[group] if phrases.has(group, text) else ():
            readings = (_english_clause(text, found, rule, phrases) for found in rule.pattern.finditer(text))
            yield from islice((one for one in readings if one), MOST_READINGS)


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


def _promise(sentence: Sentence, reading: _Reading, dated: DateFound | None, by: By, who: str) -> PromiseFound:
    score = min(0.98, reading.rule.score + (0.05 if dated else 0.0))
    return PromiseFound(
        quote=sentence.text,
        by=by,
        who=who,
        due=dated.due if dated else NO_DUE,
        certainty=dated.certainty if dated else Certainty.GUESSED,
        conditional=reading.conditional,
        score=round(score, 2),
        rule=reading.rule.name,
        moves=reading.moves,
    )


def _date(
    sentences: Sequence[Sentence],
    index: int,
    reading: _Reading,
    said_at: datetime,
    calendar: Calendar,
    phrases: Phrases,
) -> DateFound | None:
    """The date that belongs to a promise: in its main part, beside it, or where "that day" points."""
    text = plain(sentences[index].text)
    if reading.moves and phrases.has("stretch", text):
        return None
    dates = find_dates(text, said_at=said_at, calendar=calendar)
    start = 0 if phrases.has("same-day", text) and not reading.conditional else reading.start
    chosen = choose(text, dates, start, reading.end, phrases) or choose(text, dates, reading.lead, start, phrases)
    if chosen and reading.conditional and phrases.has("span", text[reading.start : reading.end]):
        return None  # runs from the moment the condition is met
    if chosen or reading.conditional:
        return chosen
    if phrases.has("that-day", text):
        return _pointed_at(sentences, index, said_at, calendar, phrases)
    return _afterthought(sentences, index + 1, said_at, calendar, phrases)


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


def _pointed_at(
    sentences: Sequence[Sentence], index: int, said_at: datetime, calendar: Calendar, phrases: Phrases
) -> DateFound | None:
    """The moment named last before "by then"; before "that day" its whole day."""
    here = plain(sentences[index].text)
    mark = phrases.whole("that-day").search(here)
    before = [plain(sentence.text) for sentence in sentences[max(0, index - 6) : index]]
    for text in (here[: mark.start()] if mark else "", *reversed(before)):
        dates = [
            found for found in find_dates(text, said_at=said_at, calendar=calendar) if found.due.to or found.due.start
        ]
        if dates:
            return replace(dates[-1], deadline=True) if phrases.has("by-then", here) else _whole_day(dates[-1])
    return None


def _whole_day(found: DateFound) -> DateFound | None:
    day = found.due.start or found.due.to
    if day is None:
        return None
    due = Due(day.replace(hour=0, minute=0, second=0), day.replace(hour=23, minute=59, second=59), Precision.DAY)
    return DateFound(found.text, found.start, found.end, due, Certainty.RELATIVE, True)


def _afterthought(
    sentences: Sequence[Sentence], index: int, said_at: datetime, calendar: Calendar, phrases: Phrases
) -> DateFound | None:
    """A date given in the next sentence: 「遅くとも12日までに。」, "By Friday at the latest." """
    if index >= len(sentences) or sentences[index].paragraph != sentences[index - 1].paragraph:
        return None
    text = plain(sentences[index].text)
    if not phrases.has("afterthought", text) or len(text) > 60 or phrases.has("ask-action", text):
        return None
    dates = find_dates(text, said_at=said_at, calendar=calendar)
    return choose(text, dates, 0, len(text), phrases)
