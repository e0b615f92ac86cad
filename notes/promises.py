"""A writer's new text read for promises: who will do what by when, in which words.

What a sentence commits to is told by `notes.commitments`, lists and tables by `notes.schedules`; here each gets its
date and its score. Groups of `notes.phrases` used here:

* `span`, `that-day`, `day-after`, `eve`, `by-then`, `same-day`, `stretch`, `afterthought` choose among the dates in and
  beside the sentence, `by` and `by-before` mark the one that is meant; `said`: where the telling of a promise begins or
  ends;
* `bare`, `not-bare`: notes without a verb ("Quote: Friday"), in which `<date>` stands for a date; `label`, `not-label`:
  those whose noun is not known for a deed;
* `thing-dated`, `thing-dated-last`: "the quote Thursday and the drawings Monday", one verb for several things and days;
* `leans` (`notes.leaning`): signs that a dated sentence without a word that commits is a promise;
* `hedge` makes a promise less sure; `step` is on the way to a deed and none itself; `among-us` concerns nobody outside.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice, pairwise

from notes.commitments import JAPANESE, MOST_CLAUSES, Reading, is_their_own, readings
from notes.due import find_dates
from notes.leaning import clauses, is_of_the_world, leaning, marked, may_lean
from notes.model import By, Calendar, Certainty, DateFound, Due, Precision, PromiseFound
from notes.phrases import Phrases, Rule, plain
from notes.schedules import Schedule, masked, names_day, schedule
from notes.sentences import Sentence, split

MOST_PROMISES = 50
DOUBTED = ("ja-plain", "ja-kana")
"""Any verb at all: what else its clause says may tell that it is no deed of ours."""
OFFERED = "ja-can-give"
MOST_DATED = 600
LONGEST_NOTE = 70
TWO_DEEDS = re.compile(
    r"ますので[、,]|(?<=[りけえいび一-龠])し[、,]|; |,? and (?:then )?(?=(?:I|we|the|our|your)\b)"
    r"|, so (?=(?:I|we|you|the|it|that|\w+day)\b)"
)
STEM = re.compile(r"(?<=[いきしちにびみりえけせてねべめれ])(?<!通り)(?<!限り)(?<!とおり)[、,]")
SAYS_ONLY_WHEN = re.compile(r"[^をがは]*(?:(?<=[にで])は[^をがは]*)?(?<=[しきりぎび])ます[。.]?")
NAMES_THING = re.compile(r"^(?!.*(?:連絡|回答|報告|返事)).*[をは]")
HOUR_ALONE = re.compile(r"(?:午[前後]|朝|夕方?|夜|お?昼)?の?\s?\d{1,2}(?:時(?:半|\d{1,2}分)?|:\d\d)(?:頃|ごろ)?")
PART_ALONE = re.compile("朝(?:一番?|いち|イチ|のうち)?|午前中?|夕方|昼前?|午後")
SUITS = re.compile(
    r"(?<=[日)月火水木金土曜週])(?:でしたら|なら|であれば|で(?:よろし|宜し|よ|問題な|差し?支えな)ければ)[、,]"
)
DAY_AS_TOPIC = re.compile(r"(?<=[日)曜])(?:は|には|も)(?=[^。]{2})")
THAT_DAYS = re.compile(r"(?:その|当|同)日(?:の|、|は)?(?:うちの)?$")
OUR_END = re.compile(r"(?:終わり|でき|出来上がり|仕上がり|完了し?|済み|まとまり|完成し?|揃い|整い)次第")
NO_DUE = Due()
DATED, HEDGED, SUREST = 0.05, 0.1, 0.98


def detect(
    text: str, *, said_at: datetime, by: By, who: str, calendar: Calendar, phrases: Phrases
) -> tuple[PromiseFound, ...]:
    """The promises in a writer's new text (signature, greeting and quotes already left out), in order.

    `said_at` is aware and in the writer's zone: dates are reckoned from it. A user's own words beat ours.
    """
    view = _Text(split(text), said_at, calendar, phrases)
    plan = schedule(view.sentences, lambda text: _commits(text, phrases), view.dates, phrases)
    found: list[PromiseFound] = []
    last: list[PromiseFound] = []
    for index in range(len(view.sentences)):
        last = _in_sentence(view, index, plan, by, who) or _leaning(view, index, plan, by, who, last)
        found += last
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
    for reading in readings(text, view.phrases):
        dated = _date(view, index, reading)
        if by is By.THEM and (reading.rule.name == OFFERED or is_their_own(text, reading, view.phrases)):
            continue
        if by is By.US and reading.rule.name in DOUBTED and is_of_the_world(text[: reading.end], view.phrases):
            continue
        if dated is None and (index in plan.intros or (reading.needs_date and not _waits(text, reading, view.phrases))):
            continue
        made = _promise(view, sentence.text, reading, dated, by, who)
        return _several(view, made) or [made]
    if index in plan.items:
        return [_promise(view, sentence.text, Reading(PLANNED, 0, len(text)), plan.items[index], by, who)]
    return _note(view, sentence.text, who) if by is By.US and index not in plan.others else []


PLANNED = Rule("planned", 0.75, "")


def _commits(text: str, phrases: Phrases) -> bool:
    return next(readings(text, phrases), None) is not None


def _waits(text: str, reading: Reading, phrases: Phrases) -> bool:
    """Whether it says how long after a condition is met: "once it is paid, it ships the next day"."""
    return reading.conditional and phrases.has("span", text[reading.start : reading.end])


def _several(view: _Text, made: PromiseFound) -> list[PromiseFound]:
    """The promises of a sentence that holds more than one."""
    return _by_one_verb(view, made) or _two_deeds(view, made) or _deed_before_condition(view, made)


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


def _by_one_verb(view: _Text, made: PromiseFound) -> list[PromiseFound]:
    """Each thing with its day: 「初校は18日に、再校は1日にお出しします」, "the quote Thursday and the rest Monday"."""
    parts = _parts(view, made.quote)
    if len(parts) < 2 or made.conditional:
        return []
    dated = [_last_day(view, part) for part in parts]
    if any(one is None for one in dated):
        return []
    return [replace(made, quote=part, due=one.due) for part, one in zip(parts, dated, strict=True) if one]


def _parts(view: _Text, text: str) -> list[str]:
    """A sentence cut behind each thing that has its day."""
    ends, start = [0], 0
    for cut in islice(re.finditer(r"[、,，]|\s(?=and\s)", text), MOST_CLAUSES):
        if _matches(view, "thing-dated", text[start : cut.end()]):
            ends.append(start := cut.end())
    if not _matches(view, "thing-dated-last", text[start:]):
        ends = ends[:1] if view.dates(plain(text[start:])) else ends[:-1]  # 「…それぞれお届けします」
    return [text[one:two].strip() for one, two in pairwise([*ends, len(text)])]


def _matches(view: _Text, group: str, part: str) -> bool:
    text = plain(part)
    return view.phrases.has(group, masked(text, view.dates(text)))


def _last_day(view: _Text, part: str) -> DateFound | None:
    text = plain(part)
    return choose(text, view.dates(text), 0, len(text), view.phrases)


def _deed_before_condition(view: _Text, made: PromiseFound) -> list[PromiseFound]:
    """「本日中に申請を行い、受理され次第、控えをお送りします」: a deed of its own, and one that waits."""
    if not made.conditional:
        return []
    for cut in islice(STEM.finditer(made.quote), MOST_CLAUSES):
        first, rest = made.quote[: cut.start()], made.quote[cut.end() :]
        if view.phrases.has("condition", plain(first)):
            return []
        one = _half(view, f"{first}ます", made)
        if view.phrases.has("step", plain(first)):
            return [replace(made, due=one.due, conditional=False)] if one and OUR_END.match(plain(rest)) else []
        if one:
            return [replace(one, quote=made.quote[: cut.end()]), replace(made, quote=rest)]
    return []


def _finished(cut: str) -> str:
    """The end of the first half as the end of a sentence."""
    return "ます" if cut.startswith("ます") else "します" if cut.startswith("し") else ""


def _half(view: _Text, text: str, whole: PromiseFound) -> PromiseFound | None:
    half = replace(view, sentences=(Sentence(text, 0),))
    for reading in readings(plain(text), view.phrases):
        dated = _date(half, 0, reading)
        if dated and not reading.conditional:
            return _promise(view, text, reading, dated, whole.by, whole.who)
    return None


def _note(view: _Text, text: str, who: str) -> list[PromiseFound]:
    """What we note down without a verb: "Quote: Friday", 「図面→木曜」. Others' notes may be wishes."""
    bare = plain(text).rpartition("; ")[2]
    dates = view.dates(bare) if len(bare) <= LONGEST_NOTE and names_day(bare) else ()
    rule = _noted(bare, dates, view.phrases) if dates else None
    if rule is None or any(view.phrases.has(group, plain(text)) for group in ("not-bare", "never", "machine")):
        return []
    dated = choose(bare, dates, 0, len(bare), view.phrases)
    return [_promise(view, text, Reading(rule, 0, len(bare)), dated, By.US, who)] if dated else []


def _noted(text: str, dates: Sequence[DateFound], phrases: Phrases) -> Rule | None:
    """What makes a note of ours one of a deed: a noun known for it, else any label that names nothing else."""
    note = masked(text, dates)
    rule = phrases.find("bare", note)
    if rule is None and (rule := phrases.find("label", note)) and phrases.has("not-label", text):
        return None
    return rule


def _leaning(
    view: _Text, index: int, plan: Schedule, by: By, who: str, above: Sequence[PromiseFound]
) -> list[PromiseFound]:
    """What no word commits to, with a day to come: "With you by Friday noon." Others' days are wishes or needs, and a
    day said again is that of the promise `above`."""
    quote, phrases = view.sentences[index].text, view.phrases
    text = plain(quote)
    if index in plan.foreign or not names_day(text) or not may_lean(text, phrases, by):
        return []
    dates = _of_their_days(text, [_begins(one, view.said_at) for one in view.dates(text)])
    signs = marked(text, dates)
    for start, end in clauses(signs):
        dated = choose(text, dates, start, end, phrases)
        ahead = dated is not None and dated.due.to is not None and dated.due.to > view.said_at
        waits = dated is None and phrases.has("span", text[start:end])
        rule = _rule(view, signs[start:end], by) if ahead or waits else None
        if rule and not any(dated and one.due == dated.due for one in above):
            reading = Reading(rule, start, end, conditional=_has_condition(text, phrases))
            made = _promise(view, quote, reading, dated and _of_day_above(view, index, dated), by, who)
            return _by_one_verb(view, made) or [made]
    return []


def _rule(view: _Text, clause: str, by: By) -> Rule | None:
    """What makes a clause lean to a promise, as a whole or, where each thing has its day, in one of its parts."""
    if whole := leaning(clause, view.phrases, by):
        return whole
    parts = _parts(view, clause) if by is By.US and JAPANESE.search(clause) else []
    return next(filter(None, (leaning(plain(part), view.phrases) for part in parts)), None) if len(parts) > 1 else None


def _has_condition(text: str, phrases: Phrases) -> bool:
    return phrases.has("condition" if JAPANESE.search(text) else "condition-en", text)


def _said_better_next(found: Sequence[PromiseFound], at: int) -> bool:
    """One promise: "Let me check. You'll hear from me by noon.", 「お作りします。12日にはお届けします」."""
    after = found[at + 1] if at + 1 < len(found) else None
    if after is None or after.due.to is None or found[at].due.to is not None or found[at].conditional:
        return False
    if found[at].rule == "en-let-me":
        return after.rule in ("en-will", "en-you-have")
    return bool(NAMES_THING.search(found[at].quote) and SAYS_ONLY_WHEN.fullmatch(after.quote))


def concerns_outside(found: PromiseFound, phrases: Phrases) -> bool:
    """Whether what a colleague writes down for himself is owed to somebody outside: asking one's boss is not."""
    return not phrases.has("among-us", plain(found.quote))


def was_told(found: PromiseFound) -> bool:
    """Whether a colleague writes down what the customer was promised by mouth: in talk among us only this counts."""
    return found.rule.startswith("told-")


def _promise(view: _Text, quote: str, reading: Reading, dated: DateFound | None, by: By, who: str) -> PromiseFound:
    return PromiseFound(
        quote=quote,
        by=by,
        who=who,
        due=dated.due if dated else NO_DUE,
        certainty=dated.certainty if dated else Certainty.GUESSED,
        conditional=reading.conditional,
        score=_sureness(reading, plain(quote), dated=dated is not None, phrases=view.phrases),
        rule=reading.rule.name,
        moves=reading.moves,
    )


def _sureness(reading: Reading, text: str, *, dated: bool, phrases: Phrases) -> float:
    """How surely a sentence is a promise: by its words, more with a day, less if it hedges or waits for something."""
    score = reading.rule.score + (DATED if dated else 0)
    score -= HEDGED * (phrases.has("hedge", text) + reading.conditional)
    return round(min(SUREST, max(0.0, score)), 2)


def _date(view: _Text, index: int, reading: Reading) -> DateFound | None:
    """The date that belongs to a promise: in its main part, beside it, or where "that day" points."""
    text, phrases = plain(view.sentences[index].text), view.phrases
    if reading.moves and phrases.has("stretch", text):
        return None
    if reading.rule.name.startswith("told-") and (told := _told(view, text)):
        return told
    dates = _of_their_days(text, [_begins(one, view.said_at) for one in view.dates(text)])
    start = 0 if phrases.has("same-day", text) and not reading.conditional else reading.start
    chosen = choose(text, dates, start, reading.end, phrases)
    chosen = chosen and _of_day_above(view, index, chosen)
    if chosen is None and not reading.conditional and phrases.has("day-after", text[reading.start : reading.end]):
        return _day_after(view, index)
    chosen = chosen or choose(text, dates, reading.lead, start, phrases)
    if chosen and reading.conditional and phrases.has("span", text[reading.start : reading.end]):
        return None  # runs from the moment the condition is met
    if chosen or (reading.conditional and not phrases.has("eve", text)):
        return chosen
    if phrases.has("that-day", text):
        return _pointed_at(view, index)
    if phrases.has("eve", text) and (eve := _eve(view, index, reading)):
        return eve
    return _afterthought(view, index + 1)


def _of_their_days(text: str, dates: Sequence[DateFound]) -> tuple[DateFound, ...]:
    """In English an hour without a day is one of the day named before it: "You're booked for the 27th, I'm there at
    nine"."""
    if JAPANESE.search(text):
        return tuple(dates)
    every: list[DateFound] = []
    for one in dates:
        day = next((other for other in reversed(every) if not other.hour_only), None)
        every.append(_on(one, day) if one.hour_only and day else one)
    return tuple(every)


def _on(hour: DateFound, day: DateFound) -> DateFound:
    whole, to, start = day.due.to, hour.due.to, hour.due.start
    if whole is None or to is None or day.due.precision is not Precision.DAY or not day.deadline:
        return hour
    away = whole.date() - to.date()
    return replace(hour, due=replace(hour.due, to=to + away, start=start + away if start else None))


def _begins(found: DateFound, said_at: datetime) -> DateFound:
    """Work that is to be done from an hour on is due at that hour: 「21時から行います」."""
    due = found.due
    if due.to is None and due.start is not None and due.start >= said_at and due.precision is Precision.MINUTE:
        return replace(found, due=replace(due, to=due.start), deadline=True)
    return found


def _of_day_above(view: _Text, index: int, found: DateFound) -> DateFound:
    """「3日に伺います。17時には終わる予定です。」: an hour alone is one of the day that the sentence before names,
    or the day that suits: 「10日でよろしければ、8時半から」; the hour by which something is sent is today's.
    """
    here = plain(view.sentences[index].text)
    before = here[: found.start]
    if THAT_DAYS.search(before) and (HOUR_ALONE.fullmatch(found.text) or PART_ALONE.fullmatch(found.text)):
        return _on_day_pointed_at(view, index, found)
    if not HOUR_ALONE.fullmatch(found.text) or here.startswith("まで", found.end) or view.phrases.has("mail-act", here):
        return found
    suits = SUITS.search(before) or DAY_AS_TOPIC.search(before)
    above = here[: suits.end()] if suits else _above(view, index)
    days = {day for one in view.dates(above) if (day := _day_of(one))}
    if len(days) != 1:
        return found
    return _moved_to(view, found, max(days))


def _on_day_pointed_at(view: _Text, index: int, found: DateFound) -> DateFound:
    """「その日の夕方」: of the day named last."""
    day = _pointed_at(view, index)
    there = _day_of(day) if day else None
    return _moved_to(view, found, there) if there else found


def _moved_to(view: _Text, found: DateFound, day: date) -> DateFound:
    """An hour as one of another day to come."""
    if day <= view.said_at.date() or found.due.to is None:
        return found
    step = day - found.due.to.date()
    start = found.due.start and found.due.start + step
    return replace(found, due=replace(found.due, start=start, to=found.due.to + step))


def _above(view: _Text, index: int) -> str:
    """The sentence before, of the same paragraph."""
    before = view.sentences[index - 1] if index else None
    return plain(before.text) if before and before.paragraph == view.sentences[index].paragraph else ""


def _eve(view: _Text, index: int, reading: Reading) -> DateFound | None:
    """「10日の9時に搬出します。中止のときは前夜の20時までに電話します。」: counted from the day named last above."""
    text = plain(view.sentences[index].text)
    named = (one for above in view.sentences[max(0, index - 3) : index] for one in view.dates(plain(above.text)))
    last = next((day for one in reversed([*named]) if (day := _day_of(one))), None)
    if last is None:
        return None
    dates = find_dates(text, said_at=view.said_at, calendar=view.calendar, before=last)
    return choose(text, dates, reading.lead, reading.end, view.phrases)


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
    if japanese or marked:
        return pick[-1]
    return next((one for one in pick if _is_hour_of(one, pick[0])), pick[0])


def _is_hour_of(found: DateFound, day: DateFound) -> bool:
    """Whether a moment is an hour of a whole day: "Friday is free, so I'll come at nine"."""
    hour, whole = found.due, day.due
    if not (hour.to and whole.to) or whole.precision is not Precision.DAY or hour.precision is not Precision.MINUTE:
        return False
    return hour.to.date() == whole.to.date()


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


def _day_after(view: _Text, index: int) -> DateFound | None:
    """The day after the one named last, in the sentence itself or in the one before: "The jury sits on the 3rd. You'll
    hear from us the day after." """
    here = plain(view.sentences[index].text)
    mark = view.phrases.whole("day-after").search(here)
    above = plain(view.sentences[index - 1].text) if index else ""
    named = [one for text in (here[: mark.start()] if mark else "", above) for one in reversed(view.dates(text))]
    found = next((day for day in map(_whole_day, named) if day), None)
    if found is None or found.due.start is None or found.due.to is None or found.due.to < view.said_at:
        return None
    step = timedelta(days=1)
    return replace(found, due=replace(found.due, start=found.due.start + step, to=found.due.to + step))


def _day_of(found: DateFound) -> date | None:
    moment = found.due.to or found.due.start
    return moment.date() if moment else None


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
