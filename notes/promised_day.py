"""Of the dates in and beside a sentence that promises, the one by which it does.

Groups of `notes.phrases` used here: `span`, `that-day`, `day-after`, `eve`, `by-then`, `same-day`, `stretch` and
`afterthought` choose among them, `hour-for-it` settles the hour of a day, `by` and `by-before` mark the one that is
meant; `said`: where the telling of a promise begins or ends.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from notes.commitments import JAPANESE, Reading
from notes.due import find_dates
from notes.model import Calendar, Certainty, DateFound, Due, Precision
from notes.phrases import Phrases, plain
from notes.schedules import masked, names_day
from notes.sentences import Sentence

MOST_DATED = 600
HOUR_ALONE = re.compile(r"(?:午[前後]|朝|夕方?|夜|お?昼)?の?\s?\d{1,2}(?:時(?:半|\d{1,2}分)?|:\d\d)(?:頃|ごろ)?")
PART_ALONE = re.compile("朝(?:一番?|いち|イチ|のうち)?|午前中?|夕方|昼前?|午後")
DAY_AS_TOPIC = re.compile(r"(?<=[日)曜])(?:は|には|も)(?=[^。]{2})")
THAT_DAYS = re.compile(r"(?:その|当|同)日(?:の|、|は)?(?:うちの)?$")
MOST_ABOVE = 6
STEM = 4
EMPTY = frozenset(
    ("that", "this", "have", "been", "your", "with", "from", "they", "he's", "which", "whic", "were", "when")
)
EVENT_MARK = "later"
COUNTED = re.compile(
    r"\b(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|fourteen|fifteen|couple of)"
    r" (?:working |business )?(?:days?|weeks?|months?|fortnight)(?:' time)? (?P<after>after|from|of|on from|following)"
    r" (?P<event>(?:the|our|my|his|her|its|I|we|he|she|they|it)\b[^.,;:!?]{2,60})",
    re.IGNORECASE,
)
"""So long after what is told above; that something of the reader's comes first is no event but a condition."""
DONE_BY_US = re.compile(
    r"^(?:(?:I|we|he|she|they)(?:'ve|'s|'re| have| has| are| is)?"
    r" (?!(?:paid|signed|approved|confirmed|ordered|agreed|decided|accepted|replied|answered)\b)(?:\w+ed|been|gone"
    r"|come|there"
    r"|left|done|round|sent|built|cut|laid|seen|taken|torn|shipped)|(?:the|our|my|his|her) (?:visit|survey|fitting"
    r"|call))\b",
    re.IGNORECASE,
)
"""What is plainly ours, whatever the words above call it."""
POINTS_BACK = re.compile(
    r"\b(?:later|after(?: that| this)?(?=[.,;!)]|$| (?:you|we|I|it|at|and)\b)|thereafter|afterwards"
    r"|that (?:same )?(?:day|morning"
    r"|afternoon|evening|night)|the (?:next|following) (?:day|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|the (?:mon|tues|wednes|thurs|fri|satur|sun)day(?: before)?)\b|\bafter[.,;!]",
    re.IGNORECASE,
)
SUITS = re.compile(
    r"(?<=[日)月火水木金土曜週])(?:でしたら|なら|であれば|で(?:よろし|宜し|よ|問題な|差し?支えな)ければ)[、,]"
)


@dataclass(frozen=True, slots=True)
class Text:
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


def due_day(view: Text, index: int, reading: Reading) -> DateFound | None:
    """The date that belongs to a promise: in its main part, beside it, or where "that day" points."""
    text, phrases = plain(view.sentences[index].text), view.phrases
    if reading.moves and phrases.has("stretch", text):
        return None
    if reading.rule.name.startswith("told-") and (told := _told(view, index, text)):
        return told
    dates = dates_in(view, index)
    counted = next((one for one in dates if one.text.endswith(EVENT_MARK)), None)
    if counted and not any(reading.start <= one.start < counted.start for one in dates if one.due.to):
        return counted
    start = 0 if phrases.has("same-day", text) and not reading.conditional else reading.start
    chosen = choose(text, dates, start, reading.end, phrases)
    chosen = chosen and _at_the_hour(view, index + 1, of_day_above(view, index, chosen))
    if chosen is None and not reading.conditional and phrases.has("day-after", text[reading.start : reading.end]):
        return _day_after(view, index)
    chosen = chosen or choose(text, dates, reading.lead, start, phrases) or _from_then(view, text, dates, reading)
    if chosen and reading.conditional and phrases.has("span", text[reading.start : reading.end]):
        return None  # runs from the moment the condition is met
    if chosen or (reading.conditional and not phrases.has("eve", text)):
        return chosen
    if phrases.has("that-day", text):
        return _pointed_at(view, index)
    if phrases.has("eve", text) and (eve := _eve(view, index, reading)):
        return eve
    return _afterthought(view, index + 1)


def dates_in(view: Text, index: int) -> tuple[DateFound, ...]:
    """The dates of a sentence. In English an hour without a day is one of the day named before it: "You're booked for
    the 27th, I'm there at nine"; and "a week later", "on the Friday" are reckoned from the day named last above."""
    text = plain(view.sentences[index].text)
    if JAPANESE.search(text):
        return tuple(_begins(one, view.said_at) for one in view.dates(text))
    dates = [_begins(one, view.said_at) for one in _reckoned(view, index, text)]
    every: list[DateFound] = []
    for one in dates:
        day = next((other for other in reversed(every) if not other.hour_only), None)
        every.append(_on(one, day) if one.hour_only and day else one)
    return tuple(every)


def _reckoned(view: Text, index: int, text: str) -> tuple[DateFound, ...]:
    """The dates of an English sentence, those that point back reckoned from what stands above."""
    dates = view.dates(text)
    if not index:
        return dates
    if (event := COUNTED.search(text)) and (counted := _after_event(view, index, text, event)):
        return (*dates, counted)
    if POINTS_BACK.search(text) and (day := _day_above(view, index)):
        return find_dates(text, said_at=view.said_at, calendar=view.calendar, before=day)
    return dates


def _after_event(view: Text, index: int, text: str, event: re.Match[str]) -> DateFound | None:
    """ "We measure on the 3rd. Two days after the measuring …": counted from the day of what is told above."""
    stems = {word[:STEM].lower() for word in re.findall(r"[A-Za-z]{4,}", event["event"])} - EMPTY
    day = _day_above(view, index, stems) if stems else None
    day = day or (_day_above(view, index) if DONE_BY_US.search(event["event"]) else None)
    if day is None:
        return None
    counting = f"{text[: event.start('after')]}{EVENT_MARK}"
    found = find_dates(counting, said_at=view.said_at, calendar=view.calendar, before=day)
    return next((one for one in found if one.text.endswith(EVENT_MARK) and one.due.to), None)


def _day_above(view: Text, index: int, stems: Collection[str] = ()) -> date | None:
    """The day to come that was named last above, in a sentence that speaks of one of the `stems`, if there are any."""
    for above in reversed(view.sentences[max(0, index - MOST_ABOVE) : index]):
        text = plain(above.text)
        dates = (one for one in view.dates(text) if one.due.precision not in (Precision.WEEK, Precision.MONTH))
        days = [day for one in dates if (day := _day_of(one)) and day > view.said_at.date()]
        if days and (not stems or any(stem in text.lower() for stem in stems)):
            return days[-1]
    return None


def _from_then(view: Text, text: str, dates: Sequence[DateFound], reading: Reading) -> DateFound | None:
    """ "We lend you one from the 29th": what begins on a day is due on it."""
    if JAPANESE.search(text):
        return None
    inside = (one for one in dates if reading.start <= one.start < reading.end and one.due.to is None)
    found = next((one for one in inside if one.due.start and one.due.start >= view.said_at), None)
    opens = found and OPENS.search(text[: found.start])
    return replace(_whole_day(found) or found, deadline=True) if found and opens else None


OPENS = re.compile(r"\b(?:from|as of|starting(?: on)?|beginning(?: on)?) (?:the )?$")


def _on(hour: DateFound, day: DateFound) -> DateFound:
    if day.due.to is None or day.due.precision is not Precision.DAY or not day.deadline:
        return hour
    return _moved_to(hour, day.due.to.date())


def _moved_to(hour: DateFound, day: date) -> DateFound:
    """An hour as one of another day."""
    to, start = hour.due.to, hour.due.start
    if to is None:
        return hour
    away = day - to.date()
    return replace(hour, due=replace(hour.due, to=to + away, start=start + away if start else None))


def _begins(found: DateFound, said_at: datetime) -> DateFound:
    """Work that is to be done from an hour on is due at that hour: 「21時から行います」."""
    due = found.due
    if due.to is None and due.start is not None and due.start >= said_at and due.precision is Precision.MINUTE:
        return replace(found, due=replace(due, to=due.start), deadline=True)
    return found


def of_day_above(view: Text, index: int, found: DateFound) -> DateFound:
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
    return _if_to_come(view, found, max(days))


def _on_day_pointed_at(view: Text, index: int, found: DateFound) -> DateFound:
    """「その日の夕方」: of the day named last."""
    day = _pointed_at(view, index)
    there = _day_of(day) if day else None
    return _if_to_come(view, found, there) if there else found


def _if_to_come(view: Text, found: DateFound, day: date) -> DateFound:
    """An hour as one of another day, if that is still to come."""
    return _moved_to(found, day) if day > view.said_at.date() else found


def _above(view: Text, index: int) -> str:
    """The sentence before, of the same paragraph."""
    before = view.sentences[index - 1] if index else None
    return plain(before.text) if before and before.paragraph == view.sentences[index].paragraph else ""


def _eve(view: Text, index: int, reading: Reading) -> DateFound | None:
    """「10日の9時に搬出します。中止のときは前夜の20時までに電話します。」: counted from the day named last above."""
    text = plain(view.sentences[index].text)
    named = (one for above in view.sentences[max(0, index - 3) : index] for one in view.dates(plain(above.text)))
    last = next((day for one in reversed([*named]) if (day := _day_of(one))), None)
    if last is None:
        return None
    dates = find_dates(text, said_at=view.said_at, calendar=view.calendar, before=last)
    return choose(text, dates, reading.lead, reading.end, view.phrases)


def _told(view: Text, index: int, text: str) -> DateFound | None:
    """The date in what somebody was told: the telling is past, the promise is not."""
    said = view.phrases.whole("said").search(text)
    if said is None:
        return None
    begin = 0 if JAPANESE.search(said[0]) else said.end()
    part = text[begin:] if begin else text[: said.start()]
    found = choose(part, view.dates(part), 0, len(part), view.phrases)
    return found and of_day_above(view, index, replace(found, start=found.start + begin, end=found.end + begin))


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


def _pointed_at(view: Text, index: int) -> DateFound | None:
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


def _day_after(view: Text, index: int) -> DateFound | None:
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


def _at_the_hour(view: Text, index: int, day: DateFound) -> DateFound:
    """A day with the hour that the next sentence settles: 「火曜に行けます。13時ということで。」"""
    whole = day.due.to is not None and day.due.precision is Precision.DAY and day.deadline
    if not whole or index >= len(view.sentences):
        return day
    text = plain(view.sentences[index].text)
    hours = [one for one in view.dates(text) if HOUR_ALONE.fullmatch(one.text)] if names_day(text) else []
    if len(hours) != 1 or not view.phrases.has("hour-for-it", masked(text, hours)):
        return day
    return _if_to_come(view, replace(hours[0], deadline=True), day.due.to.date()) if day.due.to else day


def _afterthought(view: Text, index: int) -> DateFound | None:
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
