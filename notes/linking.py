"""Promises against later sentences that promise again: a new date for an old one, the same again, consent to it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from notes.likeness import alike, covered, same_words, topic
from notes.model import By, Calendar, Certainty, DateFound, Due, Precision, Promise, PromiseFound
from notes.named_days import latest_day, names_day, names_number, tells_day, to_the_minute, whole_day
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
PRONOUN = re.compile(
    r"(?:^|\b(?:so|but|and),? )(?:it|they|that)(?:'ll| will| should)\b|^(?:それ|そちら|こちら)(?:は|が|も)",
    re.IGNORECASE,
)
RESULT = re.compile(r",? so (?!that\b)|; | and ", re.IGNORECASE)
TODAY = re.compile(r"\btoday\b|今日|本日", re.IGNORECASE)
UNTIL = re.compile(r"\b(?:until|till|since)\b", re.IGNORECASE)
BRIEF_EN, BRIEF_JA = 60, 30
WORDS = 2  # "it", "a proper answer": fewer name nothing
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
    another = finer or _another(tracked, letter, now, new, earlier=invited or said.does("sooner"))
    if not another or _stays(found, said) or (invited and _refuses_day(found, said)):
        return 0.0
    amounts = _amounts(said, letter)
    if tracked.amounts and amounts and not tracked.amounts & amounts and not _splits(tracked, said):
        return 0.0
    alikeness = _alikeness(tracked, said, letter, moved=found.moves)
    asked = _asks(found, said, letter) or (
        alone and (_is_rest(tracked, said) or _is_late(tracked, letter, now, kept=kept))
    )
    named = finer or _names_old_day(tracked, found, said, letter, now)
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


def _names_old_day(tracked: Tracked, found: PromiseFound, said: Said, letter: Letter, now: datetime) -> bool:
    """Whether a sentence gives its day in place of the one in force, which is named in whatever words."""
    instead = _stands_in(found, said, letter, now) or _not_today(said, letter, now)
    return names_number(said, now) or instead or _hours_later(tracked, found, letter, now)


def _is_rest(tracked: Tracked, said: Said) -> bool:
    """Whether a sentence is of the rest of what comes in pieces."""
    return said.does("rest") and tracked.act in (Act.GOODS, Act.PAPER, Act.WORK)


def _is_late(tracked: Tracked, letter: Letter, now: datetime, *, kept: bool) -> bool:
    """Whether the day in force has come, and a letter to the other side, in its thread, brings nothing: the day that it
    names is another one."""
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
        return new.time() != given.time() and whole_day(given) and new > now
    if earlier and given is None and letter.at < new and new.date() < now.date():
        return True
    return new > now and (given is None or new > given)


def _names_the_hour(tracked: Tracked, found: PromiseFound, said: Said, letter: Letter) -> bool:
    """Whether a sentence says at what hour what was to be done on a day, or in a part of one, is done on that day."""
    now, new = _before(tracked, letter), found.due.to
    if now is None or new is None or not to_the_minute(found.due) or new == now:
        return False
    rough = now.time() in ROUGH and not (to_the_minute(tracked.promise.due) and not tracked.promise.moves)
    same = tracked.thread == letter.thread and tracked.act in (Act.VISIT, Act.GOODS, Act.CALL, Act.WORK)
    return rough and same and _same_way(tracked.way, said.way) and new.date() == now.date() and new > letter.at


def _hours_later(tracked: Tracked, found: PromiseFound, letter: Letter, now: datetime) -> bool:
    """Whether a letter that is sorry names a later hour of the very day for whom somebody waits at an hour."""
    new = found.due.to
    if new is None or not (to_the_minute(found.due) and to_the_minute(tracked.promise.due)):
        return False
    waits = tracked.act in (Act.VISIT, Act.CALL, Act.WORK) and tracked.thread == letter.thread
    return waits and letter.any("delay") and new.date() == now.date() and new > now


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


def _ends_today(found: DateFound, letter: Letter) -> bool:
    """ "Not today" names no other day, nor does a moment that has gone by: "called her at 3:30"."""
    due = found.due.to
    if due is not None and due <= letter.at:
        return True
    return due is not None and whole_day(due) and due.date() <= letter.at.astimezone(due.tzinfo).date()


def _only_denies(said: Said, found: DateFound, due: datetime) -> bool:
    """ "The 15th won't be possible any more" names the day in force, and no other."""
    same = found.due.to is not None and found.due.to.date() == due.date() and whole_day(found.due.to)
    return same and (said.puts_off or said.does("negated") or said.does("refusal"))


def dated_latest(found: PromiseFound, letter: Letter, calendar: Calendar, *, pressed: bool) -> PromiseFound:
    """A sentence that moves a promise, with the latest day it names ("to Friday the 24th, before noon"); so where a
    letter that puts off, or whose writer was `pressed` for another day, names what follows from a step ("I'll ring
    them Monday, so Tuesday is when you'll have it")."""
    text = plain(found.quote)
    late = pressed or any(one.puts_off or one.does("lacking") for one in letter.sentences)
    steps = late and RESULT.search(text)
    latest = latest_day(text, letter, calendar) if found.moves or steps else None
    if latest is None or latest.due.to is None or (found.due.to and latest.due.to.date() <= found.due.to.date()):
        return found
    return replace(found, due=latest.due, certainty=latest.certainty)


def at_the_same_hour(day: datetime | None, promise: Promise, *, said: bool) -> datetime | None:
    """A new day with the hour that was promised, where somebody `said` that the hour stays: "Friday, same time"."""
    old = promise.due_now
    rough = old is not None and old.time() in ROUGH and not to_the_minute(promise.due)
    if not said or day is None or old is None or not whole_day(day) or rough:
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
        latest = latest_day(said.text, letter, calendar)
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
    latest = latest_day(said.text, letter, calendar) if meant else None
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
        if latest := latest_day(said.text, letter, calendar):
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
        brief = any(tells_day(before, due, letter, calendar) for due in dues)
    hindered = [said] * said.puts_off + [before] * (before is not None and brief and before.hinders)
    return any(_is_of(one, tracked, letter, calendar) for one in hindered if one for tracked in promised)


def _stays(found: PromiseFound, said: Said) -> bool:
    """Whether what it speaks of takes place as arranged: "the check tomorrow as planned, the repair on Friday"."""
    return said.does("as-planned") and not (found.moves or said.does("reschedule"))


def _hindered_by_another(said: Said, letter: Letter) -> bool:
    """Whether a sentence just before one says what came in between: "The wholesaler let us down, ..."."""
    before = letter.before(said)
    return before is not None and not before.promise and before.hinders


def _refuses_day(found: PromiseFound, said: Said) -> bool:
    """Whether it only says of a day that was asked for that it will not do: "I'm afraid Thursday won't be possible"."""
    return found.rule == PROPOSAL and said.hinders and not ONLY_THEN.search(said.text)


def _stands_in(found: PromiseFound, said: Said, letter: Letter, now: datetime) -> bool:
    """Whether a sentence names another day right after one that says of the day in force that it will not do."""
    before = letter.before(said) if found.rule == PROPOSAL else None
    return before is not None and before.hinders and names_day(before.text, now)


def _is_of(said: Said, tracked: Tracked, letter: Letter, calendar: Calendar) -> bool:
    """Whether a sentence names a promise's matter, or the day in force."""
    due = tracked.promise.due_now
    return due is not None and (alike(tracked.topic, said.topic) >= LIKE or tells_day(said, due, letter, calendar))


def more_time(said: Said, due: datetime, calendar: Calendar) -> Due | None:
    """A date in force put off by the days or weeks that a sentence asks for; business days where it says so."""
    asked = said.phrases.whole("more-time").search(said.text)
    if asked is None or not (said.asks or said.does("reschedule")):
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
