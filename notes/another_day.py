"""Another day for what was promised: that the other side wishes or asks for one, which, and that we say yes to it."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from notes.likeness import alike, kinds, topic
from notes.linking import LIKE, LONGEST_WAIT, NAMED, WORDS
from notes.model import Calendar, DateFound, PromiseFound
from notes.named_days import dates_in, moments, names_day, names_number, tells_day
from notes.phrases import plain
from notes.said import Letter, Said
from notes.tracking import Act, Tracked

NEEDS_IT = re.compile(r"\b(?:need|want|have|require) (?:it|them|this|that)\b|(?:それ|これ)(?:を|が|は)", re.IGNORECASE)
WISHED = 3
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
NTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)\b|\bthe ({'|'.join(ORDINALS)})\b(?! (?:of|time|one|\w+s)\b)", re.IGNORECASE
)
MOST_DAYS = 8


def asks_for_day(letter: Letter, day: datetime | None, calendar: Calendar) -> bool:
    """Whether the other side names a day in a letter, by date or by number ("the 21st")."""
    if day is None:
        return False
    dates = (one for said in letter.heard for one in moments(said, letter, calendar))
    return any(names_number(said, day) for said in letter.heard) or any(one.date() == day.date() for one in dates)


def asks_instead(letter: Letter, tracked: Tracked, calendar: Calendar) -> bool:
    """Whether the other side, speaking of the day that was promised, asks about another: "Friday I'm away. Would
    Saturday be too much trouble?" """
    due = tracked.promise.due_now
    appointed = tracked.act in (Act.VISIT, Act.CALL, Act.WORK, Act.GOODS)
    if not appointed or day_asked(letter, tracked, calendar) is None:
        return False
    return any(names_day(said.text, due) for said in letter.heard if not said.promise)


def grants_day(letter: Letter, day: datetime, calendar: Calendar) -> bool:
    """Whether a letter says the very day back that was asked for, and not that it will not do: "Then the 27th it shall
    be", 「10/4で差し支えございません」."""
    if any(one.does("refusal") or one.puts_off for one in letter.sentences):
        return False
    for said in letter.sentences:
        if said.promise or said.asks or said.hinders:
            continue
        if tells_day(said, day, letter, calendar):
            return True
    return False


def day_given(found: PromiseFound, letter: Letter, asking: Letter, calendar: Calendar) -> DateFound | None:
    """The day that the other side gave for what we promise by "your deadline", 「期日まで」: that of the sentence that
    names the matter, else the only one in their letter."""
    text = plain(found.quote)
    if asking.thread != letter.thread or not letter.phrases.has("day-of-theirs", text):
        return None
    about, days = topic(text, letter.phrases), dict[DateFound, float]()
    for said in asking.heard:
        for one in dates_in(said.text, asking, calendar):
            if one.due.to and one.due.to > letter.at and one.deadline:
                days[one] = alike(about, said.topic)
    like = [one for one, likeness in days.items() if likeness >= LIKE]
    return like[0] if len(like) == 1 else next(iter(days)) if len(days) == 1 else None


def asked_of(letter: Letter, promised: Sequence[Tracked], calendar: Calendar) -> list[int]:
    """Which of some promises, by number, a letter that asks for another day is about: the only one, else those whose
    day or matter it names."""
    if len(promised) < WORDS:
        return list(range(len(promised)))
    dates = [one for said in letter.heard for one in moments(said, letter, calendar)]
    old = {one.date() for one in dates[:-1]}  # the last is the day asked for
    named = [n for n, one in enumerate(promised) if one.promise.due_now and one.promise.due_now.date() in old]
    return named or [n for n, one in enumerate(promised) if alike(one.topic, letter.asked_about) >= LIKE]


def day_asked(letter: Letter, tracked: Tracked, calendar: Calendar) -> datetime | None:
    """The one day, other than that in force, that the other side asks for in a letter."""
    now = tracked.promise.due_now
    days = set[datetime]()
    for said in letter.heard if now else ():
        asks, needs = said.asks, said.does("needs-by")
        later = {one for one in moments(said, letter, calendar) if one > letter.at} if asks or needs else set()
        days |= {one for one in later if now and one.date() != now.date() and (asks or one.date() < now.date())}
    return days.pop() if len(days) == 1 else None


def wished(
    letter: Letter, tracked: Tracked, calendar: Calendar, offered: Sequence[datetime] = ()
) -> tuple[float, datetime | None]:
    """How plainly, in points, the other side wishes another day for what was promised, and that day: one that it names,
    or one of those that we `offered` in answer, if it named it as well. `WISHED` points are a wish.

    What speaks for it is added up: words for another date or the same hour, that the sentence asks or prefers, that the
    day in force is named and no day gone by, the promise's matter or none by name, and our saying the day back.
    """
    due = tracked.promise.due_now
    if due is None or letter.at <= tracked.promise.made_at:
        return 0.0, None
    to_come = due > letter.at
    old = 2 * (to_come and any(_speaks_of(said, due, letter, calendar) for said in letter.heard))
    best: tuple[float, datetime | None] = 0.0, None
    for said in letter.heard:
        if said.promise or said.does("thanks-now") or said.does("receipt"):
            continue
        echoed = [day for day in offered if day.date() != due.date() and _says_day(said, day, letter, calendar)]
        named = [day for day in _days(said, letter, calendar) if day.date() != due.date()]
        day = max(echoed or named, default=None)
        another = said.does("reschedule") or said.does("same-hour")
        asks = said.asks or said.does("prefers")
        if day is None or not (another or asks):
            continue
        likely = 1 if alike(tracked.topic, said.topic) >= NAMED or len(said.topic) < WORDS else -1
        points = 2 * another + asks + old + likely + bool(echoed)
        best = max(best, (float(points), day), key=lambda one: one[0])
    return best


def _speaks_of(said: Said, day: datetime, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names the day in force, and is not content with it."""
    if said.promise or not _says_day(said, day, letter, calendar):
        return False
    others = [one for one in moments(said, letter, calendar) if one.date() != day.date()]
    return bool(others) or not (said.does("assent") or said.does("thanks") or said.does("as-planned"))


def _says_day(said: Said, day: datetime, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names a day in any words: by its number alone as well."""
    return tells_day(said, day, letter, calendar) or any(number == day.day for number in _numbers(said))


def _numbers(said: Said) -> list[int]:
    """The days of a month that a sentence names by nothing but their number: "the 17th", "the second"."""
    found = NTH.findall(said.text)[:MOST_DAYS]
    return [int(figures) if figures else ORDINALS.index(word.casefold()) + 1 for figures, word in found]


def _days(said: Said, letter: Letter, calendar: Calendar) -> list[datetime]:
    """The moments to come that a sentence names; a bare number is the next day that bears it."""
    named = [one for one in moments(said, letter, calendar) if one > letter.at]
    numbers = _numbers(said)
    end = letter.at.replace(hour=23, minute=59, second=59, microsecond=0)
    ahead = [end + timedelta(days=step) for step in range(1, LONGEST_WAIT + 1)] if numbers else []
    bare = [next((day for day in ahead if day.day == number), None) for number in numbers]
    return [*named, *(day for day in bare if day and day.date() not in {one.date() for one in named})]


def offers(letter: Letter, calendar: Calendar) -> list[datetime]:
    """The days to come that a letter names without asking about them."""
    if letter.any("refusal"):
        return []
    told = [one for one in letter.sentences if not (one.asks or one.hinders or one.promise)]
    return [day for said in told for day in _days(said, letter, calendar)]


def fits(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence that gives a day can be about a promise: it names that, or nothing."""
    if said.hinders:
        return False
    return len(said.topic) < WORDS or alike(tracked.topic, said.topic) >= LIKE


def says_back(sentences: Sequence[Said], letter: Letter, day: datetime, calendar: Calendar) -> bool:
    """Whether somebody answers a new day by saying that day: "Thursday. Not a minute later." """
    if day.date() <= letter.at.astimezone(day.tzinfo).date() or any(one.does("refusal") for one in sentences):
        return False
    said = [one for one in sentences if not (one.promise or one.asks or one.does("reschedule"))]
    return any(tells_day(one, day, letter, calendar) and len(one.topic) <= WORDS for one in said)


def wants_it_sooner(letter: Letter, promised: Sequence[Tracked], calendar: Calendar) -> bool:
    """Whether the other side asks for something by an earlier day than it was promised for."""
    for said in letter.heard if promised else ():
        if not (said.asks or said.does("needs-by")):
            continue
        dates = [one.due.to for one in dates_in(said.text, letter, calendar) if one.deadline]
        for one in promised:
            due = one.promise.due_now
            sooner = due and any(day and letter.at < day and day.date() < due.date() for day in dates)
            meant = len(promised) == 1 and said.does("needs-by") and NEEDS_IT.search(said.text)
            if sooner and (meant or alike(one.topic, said.topic) >= LIKE or kinds(one.topic) & said.topic):
                return True
    return False


def wants_another_day(letter: Letter, dues: Sequence[datetime]) -> bool:
    """Whether the other side asks for another day than was promised: in so many words, by saying of the day (one of
    `dues`) that it will not do, or, once it has come, that the thing has not."""
    heard = letter.heard
    if any((one.does("reschedule") or one.does("sooner")) and one.asks for one in heard):
        return True
    if not dues:
        return False
    if any(one.does("refusal") and any(names_number(one, due) for due in dues) for one in heard):
        return True
    came = any(letter.at.astimezone(due.tzinfo).date() >= due.date() for due in dues)
    return came and any(one.puts_off or one.does("lacking") for one in heard)
