"""Promises against later sentences that promise again: a new date for an old one, the same again, consent to it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import zip_longest

from notes.due import find_dates
from notes.likeness import alike, covered, kinds, same_words, topic
from notes.model import By, Calendar, Certainty, DateFound, Due, Precision, Promise, PromiseFound
from notes.phrases import plain
from notes.said import Letter, Said, Way, by_of
from notes.tracking import Act, Tracked

LIKE = 0.34
VERY_LIKE = 0.5
MOVED, NAMED = 0.6, 0.3
PROPOSAL = "another-date"
SAID_AGAIN = 0.7
SHORTLY = timedelta(days=2)
ROUGH = (time(23, 59, 59), time(12), time(18), time(10))
"""The hours that a day, a morning, an afternoon, and "first thing" end with, when nobody named one."""

NUMBERS = {word: at for at, word in enumerate(["one", "two", "three", "four", "five"], 1)}
NUMBERS |= (
    {word: at for at, word in enumerate("一二三四五六七", 1)} | {str(at): at for at in range(1, 10)} | {"couple": 2}
)
LONGEST_WAIT = 30
LONGEST_AMOUNT = 12
WEEKDAYS_JA, WEEKDAYS_EN = "月火水木金土日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PRONOUN = re.compile(
    r"(?:^|\b(?:so|but|and),? )(?:it|they|that)(?:'ll| will| should)\b|^(?:それ|そちら|こちら)(?:は|が|も)",
    re.IGNORECASE,
)
RESULT = re.compile(r",? so (?!that\b)|; | and ", re.IGNORECASE)
NEEDS_IT = re.compile(r"\b(?:need|want|have|require) (?:it|them|this|that)\b|(?:それ|これ)(?:を|が|は)", re.IGNORECASE)
TODAY = re.compile(r"\btoday\b|今日|本日", re.IGNORECASE)
UNTIL = re.compile(r"\b(?:until|till|since)\b", re.IGNORECASE)
BRIEF_EN, BRIEF_JA = 60, 30
WORDS = 2  # "it", "a proper answer": fewer name nothing
WISHED = 3
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
NTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)\b|\bthe ({'|'.join(ORDINALS)})\b(?! (?:of|time|one|\w+s)\b)", re.IGNORECASE
)
MOST_DAYS = 8
ONLY_THEN = re.compile(
    r"\b(?:before|until|till|instead|rather|but|only|next|earliest)\b|以降|まで|より|なく|[、,;]", re.IGNORECASE
)


def moves(
    tracked: Tracked, found: PromiseFound, said: Said, letter: Letter, *, alone: bool, kept: bool, invited: bool
) -> float:
    """How surely a later sentence gives an open dated promise a new date, from 0 to 1.

    What speaks for it is added up: words that name another date or a delay, a matter alike, the same way of acting, the
    same thread, the old date named or run out, that the other side asked for another day (`invited`), and that no other
    dated promise of the side is open (`alone`). A letter by which the promise is `kept` as a whole moves it only by
    naming it.
    """
    now, new = _before(tracked, letter), found.due.to
    if now is None or new is None or letter.ref == tracked.promise.made_in or found.conditional:
        return 0.0
    finer = _names_the_hour(tracked, found, said, letter)
    if (
        _stays(found, said)
        or (invited and _refuses_day(found, said))
        or not (finer or _another(tracked, letter, now, new, earlier=invited or said.does("sooner")))
    ):
        return 0.0
    amounts = _amounts(said, letter)
    if tracked.amounts and amounts and not tracked.amounts & amounts and not _splits(tracked, said):
        return 0.0
    alikeness = _alikeness(tracked, said, letter, moved=found.moves)
    asked = _asks(found, said, letter) or (alone and (_is_rest(tracked, said) or _is_late(tracked, letter, now, kept=kept)))
    named = finer or _names(said, now) or _stands_in(found, said, letter, now) or _not_today(said, letter, now)
    named = named or _hours_later(tracked, found, letter, now)
    if said.does("is-done") and not (asked or named):
        return 0.0
    same = _same_deed(tracked, said) or (found.rule == PROPOSAL and said.way is Way.DO)
    bare = invited and alone and not said.topic  # "Yes, we can do Thursday."
    if not (asked or named or same or bare or (invited and alikeness >= NAMED)):
        return 0.0
    if tracked.act is not Act.PAPER and _answers_in_full(tracked, said, letter):
        return 0.0
    tells_date = tracked.of_date and said.way is not Way.CONTACT and not letter.any("delay")
    answers = found.rule == PROPOSAL and tracked.act in (Act.ANSWER, Act.CALL) and said.way in (Way.DO, Way.DELIVER)
    tells_date = tells_date or (answers and not letter.any("delay"))
    if not (asked or named) and (tells_date or (found.rule == PROPOSAL and alikeness < NAMED)):
        return 0.0
    if (
        kept
        and not tracked.many
        and not (found.moves and alone and alikeness)
        and (alikeness < NAMED or (not (asked or named) and _hands_like(tracked, said, letter)))
    ):
        return 0.0  # it came: what is promised beside it is another; more time, though, is asked for what is still owed
    putting_off = asked or named or letter.any("delay") or letter.any("reschedule") or bool(tracked.promise.partly)
    putting_off = putting_off or any(one.puts_off or one.does("lacking") for one in letter.sentences)
    partly = letter.ref in tracked.promise.partly
    plainly = same or named or bare or letter.any("delay") or said.text.endswith(("?", "か。"))
    plainly = plainly or (said.does("reschedule") and _hindered_by_another(said, letter))
    plainly = plainly and not _anothers_word(tracked, found)
    if not (alikeness or tracked.amounts & amounts or (alone and (putting_off or invited) and plainly)):
        return 0.0
    points = 0.3 * (asked or invited) or 0.2 * putting_off
    points += 0.2 * named + 0.2 * partly + alikeness + 0.15 * same + 0.15 * alone
    points += 0.3 * bool(tracked.amounts & amounts)
    points += 0.1 * (tracked.thread == letter.thread) + 0.1 * (letter.at >= now - SHORTLY)
    return min(1.0, points) if points >= MOVED else 0.0


def _is_rest(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence is of the rest of what comes in pieces."""
    return said.does("rest") and tracked.act in (Act.GOODS, Act.PAPER, Act.WORK)


def _is_late(tracked: Tracked, letter: Letter, now: datetime, *, kept: bool) -> bool:
    """Whether the day in force has come, and a letter to the other side, in its thread, brings nothing: what it names is
    another day."""
    came = letter.at.astimezone(now.tzinfo).date() >= now.date()
    brings = kept or bool(letter.mail.attachments) or any(one.hands_over for one in letter.sentences)
    return came and tracked.thread == letter.thread and not (brings or letter.internal)


def _not_today(said: Said, letter: Letter, now: datetime) -> bool:
    """Whether a sentence names today, which is the day in force: "Thursday instead of today"."""
    return TODAY.search(said.text) is not None and letter.at.astimezone(now.tzinfo).date() == now.date()


def _amounts(said: Said, letter: Letter) -> frozenset[str]:
    """The quantities that a sentence is about: those it names, else those that the sentence before says are not there
    yet."""
    before = None if said.amounts else letter.before(said)
    return before.amounts if before and (before.puts_off or before.does("lacking")) else said.amounts


def _splits(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence puts off the rest of what was promised: "ten of the 25 now, the other fifteen on Friday"."""
    whole = max(map(_number, tracked.amounts), default=0)
    return bool(said.amounts) and said.does("rest") and all(0 < _number(one) < whole for one in said.amounts)


def _number(amount: str) -> int:
    return int(amount[:LONGEST_AMOUNT] or 0)


def _anothers_word(tracked: Tracked, found: PromiseFound) -> bool:
    """Whether a colleague of the one who promised us something speaks: of other things it moves nothing."""
    return found.by is By.THEM and found.who.casefold() != tracked.promise.who.casefold()


def _spoken_of(said: Said, letter: Letter) -> Said | None:
    """The sentence before one that names nothing itself, and is about that."""
    return letter.before(said) if len(said.topic) < WORDS or PRONOUN.search(said.text) else None


def _asks(found: PromiseFound, said: Said, letter: Letter) -> bool:
    """Whether a sentence names another date as such; "expect it Monday" does when the one before it puts off."""
    if found.moves or said.does("reschedule"):
        return True
    before = _spoken_of(said, letter)
    return before is not None and (before.does("reschedule") or before.puts_off or before.does("lacking"))


def _before(tracked: Tracked, letter: Letter) -> datetime | None:
    """The date in force before a letter spoke."""
    moved = [move.to for move in tracked.promise.moves if not move.void and move.to and move.ref != letter.ref]
    return moved[-1] if moved else tracked.promise.due.to


def _another(tracked: Tracked, letter: Letter, now: datetime, new: datetime, *, earlier: bool) -> bool:
    """Whether a date is later than the one in force (or `earlier`, if that may be), and no worse than what the same
    letter gave before."""
    if new <= letter.at:
        return False
    given = next((move.to for move in tracked.promise.moves if move.ref == letter.ref and move.to), None)
    if given and given.date() == new.date():
        return new.time() != given.time() and _whole_day(given) and new > now
    if earlier and given is None and letter.at < new and new.date() < now.date():
        return True
    return new > now and (given is None or new > given)


def _names_the_hour(tracked: Tracked, found: PromiseFound, said: Said, letter: Letter) -> bool:
    """Whether a sentence says at what hour what was to be done on a day, or in a part of one, is done on that day."""
    now, new = _before(tracked, letter), found.due.to
    if now is None or new is None or not _to_the_minute(found.due) or new == now:
        return False
    rough = now.time() in ROUGH and not (_to_the_minute(tracked.promise.due) and not tracked.promise.moves)
    same = tracked.thread == letter.thread and tracked.act in (Act.VISIT, Act.GOODS, Act.CALL, Act.WORK)
    return rough and same and _same_way(tracked.way, said.way) and new.date() == now.date() and new > letter.at


def _hours_later(tracked: Tracked, found: PromiseFound, letter: Letter, now: datetime) -> bool:
    """Whether a letter that is sorry names a later hour of the very day for whom somebody waits at an hour."""
    new = found.due.to
    if new is None or not (_to_the_minute(found.due) and _to_the_minute(tracked.promise.due)):
        return False
    waits = tracked.act in (Act.VISIT, Act.CALL, Act.WORK) and tracked.thread == letter.thread
    return waits and letter.any("delay") and new.date() == now.date() and new > now


def _to_the_minute(due: Due) -> bool:
    return due.precision is Precision.MINUTE


def _whole_day(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (23, 59)


def _alikeness(tracked: Tracked, said: Said, letter: Letter, *, moved: bool) -> float:
    """Up to 0.4 for a like matter; a sentence that names next to nothing ("you'll get it") is about what the one before
    it names, else may be about anything. Where a sentence asks for another day (`moved`), the asking names nothing."""
    if said.does("rest") and letter.ref in tracked.promise.partly:
        return NAMED
    before = _spoken_of(said, letter)
    own = topic(said.phrases.without("reschedule", said.text), said.phrases) if moved else said.topic
    if len(own) < WORDS:
        before = letter.before(said)
    for about in (own, before.topic if before else frozenset[str]()):
        likeness = alike(tracked.topic, about) or (tracked.likeness(about) if tracked.promise.partly else 0.0)
        named = any(piece[0].isdigit() for piece in tracked.topic & about)  # "the 8D" is that report
        if named or likeness >= LIKE or (tracked.core and covered(tracked.core, about) >= VERY_LIKE):
            return NAMED + 0.1 * likeness
    return 0.2 if len(own) < WORDS or not tracked.topic else 0.0


def names_day(text: str, day: datetime | None) -> bool:
    """Whether a text names a day by its number or weekday: 「11日の予定でしたが」, "not the 11th", 「金曜は」."""
    if day is None:
        return False
    number = rf"(?<![0-9]){day.day}(?:日|st|nd|rd|th)\b|(?<![0-9]){day.day}日"
    return re.search(rf"{number}|{WEEKDAYS_JA[day.weekday()]}曜|\b{WEEKDAYS_EN[day.weekday()]}", text) is not None


def _names(said: Said, due: datetime) -> bool:
    """Whether a sentence names the old day by its number."""
    return re.search(rf"(?<![0-9]){due.day}(?:(?:st|nd|rd|th)\b|日|じゃ|では?[、は]|まで)", said.text) is not None


def _latest(text: str, letter: Letter, calendar: Calendar) -> DateFound | None:
    """The latest day a sentence names: the new one, where the old one is named as well."""
    dates = [one for one in find_dates(text, said_at=letter.at, calendar=calendar) if one.due.to]
    return max(dates, key=lambda one: (one.due.to or letter.at).date(), default=None)


def _ends_today(found: DateFound, letter: Letter) -> bool:
    """ "Not today" names no other day, nor does a moment that has gone by: "called her at 3:30"."""
    due = found.due.to
    if due is not None and due <= letter.at:
        return True
    return due is not None and _whole_day(due) and due.date() <= letter.at.astimezone(due.tzinfo).date()


def _only_denies(said: Said, found: DateFound, due: datetime) -> bool:
    """ "The 15th won't be possible any more" names the day in force, and no other."""
    same = found.due.to is not None and found.due.to.date() == due.date() and _whole_day(found.due.to)
    return same and (said.puts_off or said.does("negated") or said.does("refusal"))


def dated_latest(found: PromiseFound, letter: Letter, calendar: Calendar, *, pressed: bool) -> PromiseFound:
    """A sentence that moves a promise, with the latest day it names ("to Friday the 24th, before noon"); so where a
    letter that puts off, or whose writer was `pressed` for another day, names what follows from a step ("I'll ring
    them Monday, so Tuesday is when you'll have it")."""
    text = plain(found.quote)
    late = pressed or any(one.puts_off or one.does("lacking") for one in letter.sentences)
    steps = late and RESULT.search(text)
    latest = _latest(text, letter, calendar) if found.moves or steps else None
    if latest is None or latest.due.to is None or (found.due.to and latest.due.to.date() <= found.due.to.date()):
        return found
    return replace(found, due=latest.due, certainty=latest.certainty)


def at_the_same_hour(day: datetime | None, promise: Promise, *, said: bool) -> datetime | None:
    """A new day with the hour that was promised, where somebody `said` that the hour stays: "Friday, same time"."""
    old = promise.due_now
    rough = old is not None and old.time() in ROUGH and not _to_the_minute(promise.due)
    if not said or day is None or old is None or not _whole_day(day) or rough:
        return day
    return old.replace(year=day.year, month=day.month, day=day.day)


def proposals(letter: Letter, calendar: Calendar, promised: Sequence[Tracked]) -> tuple[PromiseFound, ...]:
    """Sentences of a letter that name another date without promising it: they move a promise and make none. More time
    ("one more day") is counted from the date in force of the last of the dated promises `promised`.
    """
    due = promised[-1].promise.due_now if promised else None
    if due is None:
        return ()
    found = []
    for said in letter.sentences:
        if said.promise or said.does("asks-you") or (said.does("withdraw") and not said.does("reschedule")):
            continue
        named = said.does("reschedule") or said.does("will-be") or said.does("more-time")
        named = named or any(_is_rest(one, said) for one in promised)
        if not (named or _later_matter(said, letter, promised, calendar) or in_place(said, letter, promised, calendar)):
            continue
        latest = _latest(said.text, letter, calendar)
        if latest and (_ends_today(latest, letter) or _only_denies(said, latest, due)):
            continue
        new = latest.due if latest else more_time(said, due, calendar)
        certainty = latest.certainty if latest else Certainty.RELATIVE
        if new:
            who = letter.mail.sender.address
            found.append(PromiseFound(said.text, by_of(letter.side), who, new, certainty, False, 0.5, PROPOSAL))
    return tuple(found)


def _later_matter(said: Said, letter: Letter, promised: Sequence[Tracked], calendar: Calendar) -> bool:
    """Whether a sentence, when a promise is about to run out, names that very thing and a later day: "The credit note
    needs his signature, he is back on the 7th, so the 8th"."""
    if said.text.endswith("?") or letter.mail.attachments or said.does("visited"):
        return False
    owed = [one for one in promised if one.act not in (Act.ANSWER, Act.CALL)]
    ends = [one for one in owed if (due := one.promise.due_now) and letter.at >= due - SHORTLY]
    meant = [one for one in ends if covered(one.core or one.topic, said.topic) >= VERY_LIKE]
    latest = _latest(said.text, letter, calendar) if meant else None
    if latest is None or latest.due.to is None or latest.hour_only:
        return False
    dues = [due for one in meant if (due := one.promise.due_now)]
    return all(latest.due.to > due and latest.due.to.day != due.day for due in dues)


def reported(letter: Letter, calendar: Calendar, promised: Sequence[Tracked]) -> tuple[PromiseFound, ...]:
    """Other dates that a colleague says that others named for what they promised: 「発送は21日に変更とのこと」."""
    found = []
    for said in letter.sentences if promised else ():
        if said.promise or not (said.does("theirs-reported") and said.does("reschedule")):
            continue
        if latest := _latest(said.text, letter, calendar):
            who = _nearest(said, letter, promised).promise.who
            found.append(PromiseFound(said.text, By.THEM, who, latest.due, latest.certainty, False, 0.5, PROPOSAL))
    return tuple(found)


def _nearest(said: Said, letter: Letter, promised: Sequence[Tracked]) -> Tracked:
    """The promise that a sentence, and the one before it, is most about; the last of several."""
    before = letter.before(said)
    about = said.topic | (before.topic if before else frozenset())
    return max(reversed(promised), key=lambda one: alike(one.topic, about))


def in_place(said: Said, letter: Letter, promised: Sequence[Tracked], calendar: Calendar) -> bool:
    """Whether a sentence may name the day in place of one that it, or the sentence before it, says will not do: "Can't
    do tomorrow. Next best is Tuesday the 12th." What will not do is a promise's matter, or the day it was promised for.
    """
    if said.does("as-planned") or said.does("visited") or UNTIL.search(said.text):
        return False
    before = letter.before(said)
    brief = len(said.text) <= (BRIEF_EN if said.text.isascii() else BRIEF_JA)
    dues = [one.promise.due_now for one in promised if one.promise.due_now]
    if before is not None and not brief:
        brief = any(_tells_day(before, due, letter, calendar) for due in dues)
    hindered = [said] * said.puts_off + [before] * (before is not None and brief and _hinders(before))
    return any(_is_of(one, tracked, letter, calendar) for one in hindered if one for tracked in promised)


def _stays(found: PromiseFound, said: Said) -> bool:
    """Whether what it speaks of takes place as arranged: "the check tomorrow as planned, the repair on Friday"."""
    return said.does("as-planned") and not (found.moves or said.does("reschedule"))


def _hindered_by_another(said: Said, letter: Letter) -> bool:
    """Whether a sentence just before one says what came in between: "The wholesaler let us down, ..."."""
    before = letter.before(said)
    return before is not None and not before.promise and _hinders(before)


def _refuses_day(found: PromiseFound, said: Said) -> bool:
    """Whether it only says of a day that was asked for that it will not do: "I'm afraid Thursday won't be possible"."""
    return found.rule == PROPOSAL and _hinders(said) and not ONLY_THEN.search(said.text)


def _stands_in(found: PromiseFound, said: Said, letter: Letter, now: datetime) -> bool:
    """Whether a sentence names another day right after one that says of the day in force that it will not do."""
    before = letter.before(said) if found.rule == PROPOSAL else None
    return before is not None and _hinders(before) and names_day(before.text, now)


def _hinders(said: Said) -> bool:
    return said.puts_off or any(said.does(group) for group in ("lacking", "negated", "refusal", "late"))


def _is_of(said: Said, tracked: Tracked, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names a promise's matter, or the day in force."""
    due = tracked.promise.due_now
    return due is not None and (alike(tracked.topic, said.topic) >= LIKE or _tells_day(said, due, letter, calendar))


def _tells_day(said: Said, day: datetime, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names a very day: by number or weekday, or in any words of time."""
    return names_day(said.text, day) or any(one.date() == day.date() for one in _moments(said, letter, calendar))


def _moments(said: Said, letter: Letter, calendar: Calendar) -> list[datetime]:
    """The moments up to which the dates of a sentence reach, in order."""
    dates = find_dates(said.text, said_at=letter.at, calendar=calendar)
    followed = zip_longest(dates, dates[1:])
    apart = [one for one, after in followed if one and not _in_apposition(one, after, said)]
    return [day for one in apart if (day := one.due.to or (one.due.start if _to_the_minute(one.due) else None))]


def _in_apposition(one: DateFound, after: DateFound | None, said: Said) -> bool:
    """Whether a date only says of the one after it which it is: 「一週間あとの19日」."""
    return after is not None and said.text[one.end : after.start] in ("の", "、", "の、")


def more_time(said: Said, due: datetime, calendar: Calendar) -> Due | None:
    """A date in force put off by the days or weeks that a sentence asks for; business days where it says so."""
    asked = said.phrases.whole("more-time").search(said.text)
    if asked is None or not (_asks_something(said) or said.does("reschedule")):
        return None
    words = asked.groupdict()
    count = next((n for word, n in NUMBERS.items() if word in (words["n"] or words["number"]).casefold()), 1)
    unit = words["unit"] or words["length"]
    if unit.startswith(("週", "week")):
        return Due(None, due + timedelta(weeks=count), Precision.DAY)
    day = due
    for _ in range(LONGEST_WAIT):
        day += timedelta(days=1)
        count -= calendar.is_business_day(day.date()) or not unit.startswith(("営業", "business", "working"))
        if not count:
            break
    return Due(None, day, Precision.DAY)


def repeats(tracked: Tracked, found: PromiseFound, said: Said, letter: Letter) -> float:
    """How surely a later sentence only says an open promise again, from 0 to 1."""
    promise, new = tracked.promise, found.due.to
    if letter.ref == promise.made_in:
        return 0.0
    same_day = new is None or (promise.due_now is not None and promise.due_now.date() == new.date())
    likeness = alike(tracked.topic, said.topic)
    if same_day and same_words(said.text, plain(promise.quote)) and (likeness or not said.topic):
        return 1.0
    same = _same_way(tracked.way, said.way)
    nothing = len(said.topic) < WORDS and not (said.topic - tracked.topic)
    if new is not None:
        if same_day and (same or Way.DO in (said.way, tracked.way)) and nothing:
            return SAID_AGAIN
        return likeness if same_day and same and likeness >= LIKE else 0.0
    vague = len(said.topic) < WORDS and said.way is tracked.way and tracked.way is Way.CONTACT
    return likeness if same and likeness >= VERY_LIKE else 0.5 * vague


def _answers_in_full(tracked: Tracked, said: Said, letter: Letter) -> bool:
    """Whether the letter says what there is to say, so that what it promises to send is something else."""
    if tracked.way is not Way.CONTACT or said.way is not Way.DELIVER or alike(tracked.topic, said.topic) >= LIKE:
        return False
    return bool(letter.telling) and not tracked.many and not any(said.puts_off for said in letter.sentences)


def _same_way(one: Way, other: Way) -> bool:
    """Answers are sent and things are reported: these two count as one way of acting."""
    loose = {Way.DELIVER: Way.CONTACT}
    return loose.get(one, one) is loose.get(other, other)


def _same_deed(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence acts as a promise does; goods are also brought by hand."""
    brought = tracked.way is Way.DELIVER and said.way in (Way.VISIT, Way.DO) and said.does("brings")
    return brought or _same_way(tracked.way, said.way)


def _hands_like(tracked: Tracked, said: Said, letter: Letter) -> bool:
    """Whether another sentence of a letter hands over what was promised, and this one speaks of no rest."""
    others = (one for one in letter.sentences if one.text != said.text and one.hands_over)
    return not said.does("rest") and any(alike(tracked.topic, one.topic) >= LIKE for one in others)


def hands_part(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter that gives a new date already hands over a part."""
    return any(said.hands_over and alike(tracked.topic, said.topic) >= LIKE for said in letter.sentences)


def hands_it(tracked: Tracked, found: PromiseFound, letter: Letter) -> bool:
    """Whether a letter that seems to promise again ("here I send you the proof") brings the very thing."""
    return found.due.to is None and covered(tracked.core or tracked.topic, letter.names) >= VERY_LIKE


def hands_again(found: PromiseFound, said: Said, letter: Letter) -> bool:
    """Whether a sentence that says "once more" and no later moment sends what comes with the letter: 「改めて報告書を
    お送りします」 with that report."""
    if found.due.to or found.conditional or not said.does("once-more"):
        return False
    if not said.phrases.has("mail-act", said.text.rstrip("。.")):
        return False
    later = said.phrases.has("later", said.phrases.without("once-more", said.text))
    return not later and covered(said.topic, letter.names) >= VERY_LIKE


def agrees(sentences: Sequence[Said]) -> bool:
    """Whether somebody says yes, in any words, to a new date."""
    said = [one for one in sentences if not one.text.endswith("?")]
    return any(one.does("assent") for one in said) and not any(one.does("refusal") for one in said)


def asks_for_day(letter: Letter, day: datetime | None, calendar: Calendar) -> bool:
    """Whether the other side names a day in a letter, by date or by number ("the 21st")."""
    if day is None:
        return False
    dates = (one for said in letter.heard for one in _moments(said, letter, calendar))
    return any(_names(said, day) for said in letter.heard) or any(one.date() == day.date() for one in dates)


def _asks_something(said: Said) -> bool:
    return said.requests or said.text.endswith(("?", "か。")) or said.does("asks-bluntly")


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
        if said.promise or _asks_something(said) or _hinders(said):
            continue
        if _tells_day(said, day, letter, calendar):
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
        for one in find_dates(said.text, said_at=asking.at, calendar=calendar):
            if one.due.to and one.due.to > letter.at and one.deadline:
                days[one] = alike(about, said.topic)
    like = [one for one, likeness in days.items() if likeness >= LIKE]
    return like[0] if len(like) == 1 else next(iter(days)) if len(days) == 1 else None


def asked_of(letter: Letter, promised: Sequence[Tracked], calendar: Calendar) -> list[int]:
    """Which of some promises, by number, a letter that asks for another day is about: the only one, else those whose
    day or matter it names."""
    if len(promised) < WORDS:
        return list(range(len(promised)))
    dates = [one for said in letter.heard for one in _moments(said, letter, calendar)]
    old = {one.date() for one in dates[:-1]}  # the last is the day asked for
    named = [n for n, one in enumerate(promised) if one.promise.due_now and one.promise.due_now.date() in old]
    return named or [n for n, one in enumerate(promised) if alike(one.topic, letter.asked_about) >= LIKE]


def day_asked(letter: Letter, tracked: Tracked, calendar: Calendar) -> datetime | None:
    """The one day, other than that in force, that the other side asks for in a letter."""
    now = tracked.promise.due_now
    days = set[datetime]()
    for said in letter.heard if now else ():
        asks, needs = _asks_something(said), said.does("needs-by")
        later = {one for one in _moments(said, letter, calendar) if one > letter.at} if asks or needs else set()
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
        asks = _asks_something(said) or said.does("prefers")
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
    others = [one for one in _moments(said, letter, calendar) if one.date() != day.date()]
    return bool(others) or not (said.does("assent") or said.does("thanks") or said.does("as-planned"))


def _says_day(said: Said, day: datetime, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names a day in any words: by its number alone as well."""
    return _tells_day(said, day, letter, calendar) or any(number == day.day for number in _numbers(said))


def _numbers(said: Said) -> list[int]:
    """The days of a month that a sentence names by nothing but their number: "the 17th", "the second"."""
    found = NTH.findall(said.text)[:MOST_DAYS]
    return [int(figures) if figures else ORDINALS.index(word.casefold()) + 1 for figures, word in found]


def _days(said: Said, letter: Letter, calendar: Calendar) -> list[datetime]:
    """The moments to come that a sentence names; a bare number is the next day that bears it."""
    moments = [one for one in _moments(said, letter, calendar) if one > letter.at]
    end = letter.at.replace(hour=23, minute=59, second=59, microsecond=0)
    ahead = [end + timedelta(days=step) for step in range(1, LONGEST_WAIT + 1)] if _numbers(said) else []
    bare = [next((day for day in ahead if day.day == number), None) for number in _numbers(said)]
    return [*moments, *(day for day in bare if day and day.date() not in {one.date() for one in moments})]


def offers(letter: Letter, calendar: Calendar) -> list[datetime]:
    """The days to come that a letter names without asking about them."""
    if letter.any("refusal"):
        return []
    told = [one for one in letter.sentences if not (_asks_something(one) or _hinders(one) or one.promise)]
    return [day for said in told for day in _days(said, letter, calendar)]


def fits(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence that gives a day can be about a promise: it names that, or nothing."""
    if _hinders(said):
        return False
    return len(said.topic) < WORDS or alike(tracked.topic, said.topic) >= LIKE


def says_back(sentences: Sequence[Said], letter: Letter, day: datetime, calendar: Calendar) -> bool:
    """Whether somebody answers a new day by saying that day: "Thursday. Not a minute later." """
    if day.date() <= letter.at.astimezone(day.tzinfo).date() or any(one.does("refusal") for one in sentences):
        return False
    said = [one for one in sentences if not (one.promise or _asks_something(one) or one.does("reschedule"))]
    return any(_tells_day(one, day, letter, calendar) and len(one.topic) <= WORDS for one in said)


def wants_it_sooner(letter: Letter, promised: Sequence[Tracked], calendar: Calendar) -> bool:
    """Whether the other side asks for something by an earlier day than it was promised for."""
    for said in letter.heard if promised else ():
        if not (_asks_something(said) or said.does("needs-by")):
            continue
        dates = [one.due.to for one in find_dates(said.text, said_at=letter.at, calendar=calendar) if one.deadline]
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
    if any((one.does("reschedule") or one.does("sooner")) and _asks_something(one) for one in heard):
        return True
    if not dues:
        return False
    if any(one.does("refusal") and any(_names(one, due) for due in dues) for one in heard):
        return True
    came = any(letter.at.astimezone(due.tzinfo).date() >= due.date() for due in dues)
    return came and any(one.puts_off or one.does("lacking") for one in heard)
