"""The dates a text names, reckoned from the moment it was written: what a promise is due by.

Rules are data (`japanese_rules`, `english_rules`, `figures`); each match becomes a piece, neighbours are joined
joined (`notes.due.join`), the words around say how the moment is meant (`notes.due.marks`), and here the piece becomes
a span in the writer's zone. Nothing vague ("soon", 折り返し, 近日中) gives a date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from notes import workdays
from notes.due import english_rules, figures, japanese_rules, join, marks
from notes.due.fold import Folded, fold
from notes.due.marks import Mark, Setting
from notes.due.pieces import DAY_END, Clock, Ground, Piece, Rule
from notes.model import Calendar, DateFound, Due, Precision

RULES: tuple[Rule, ...] = (*figures.RULES, *japanese_rules.RULES, *english_rules.RULES)


def _one_pattern() -> "re.Pattern[str]":
    """All rules in one, tried in order at each sign that can begin one of theirs; English ones at a word's start only."""
    named = [f"(?P<r{index}>{rule.pattern})" for index, rule in enumerate(RULES)]
    first, second = len(figures.RULES), len(figures.RULES) + len(japanese_rules.RULES)
    rooms = (
        rf"(?={figures.FIRST})(?:{'|'.join(named[:first])})",
        rf"(?={japanese_rules.FIRST})(?:{'|'.join(named[first:second])})",
        rf"(?<![a-z])(?={english_rules.FIRST})(?:{'|'.join(named[second:])})",
    )
    return re.compile("|".join(rooms))


PATTERN = _one_pattern()
# A message of another time has no date to count from.
FIRST_YEAR, LAST_YEAR = 1900, 9900
# More words of time than a sentence has: the rest of it is not read.
MOST_MATCHES = 60
# Writers who put the day first in 4/11, by their hours from UTC: Europe and Africa, India, Australia and New Zealand.
DAY_FIRST = ((-1.0, 4.0), (5.5, 5.5), (9.5, 9.5), (10.0, 13.0))
SLASHED = re.compile(r"(?<![a-z\d_./])(\d{1,2})/(\d{1,2})(?![\d/])")


def find_dates(
    text: str, *, said_at: datetime, calendar: Calendar, reader_zone: tzinfo | None = None
) -> tuple[DateFound, ...]:
    """Every moment or span named in `text`, in order, dated from `said_at` (aware, in the writer's zone).

    Where the writer's offset is our own, our zone is taken, so that summer time is kept. `reader_zone` is what "your
    time" means; without it that is our zone in a mail of others, and left out of account in one of ours.
    `start` and `end` of a `DateFound` are positions in `text`.
    """
    if not FIRST_YEAR <= said_at.year <= LAST_YEAR:
        return ()
    folded = fold(text)
    ground = _ground(folded, said_at, calendar, reader_zone)
    found: list[DateFound] = []
    for start, end in folded.sentences():
        here = replace(ground, plain=folded.plain[start:end], original=folded.original[start:end])
        for date_found in _in_sentence(here, folded, text, start):
            found.append(date_found)
            last = date_found.due.to or date_found.due.start
            ground = replace(ground, before=last.date() if last else ground.before)
    return tuple(found)


def _ground(folded: Folded, said_at: datetime, calendar: Calendar, reader: tzinfo | None) -> Ground:
    ours = said_at.astimezone(calendar.zone)
    home = ours.utcoffset() == said_at.utcoffset()
    hours = (said_at.utcoffset() or timedelta()).total_seconds() / 3600
    day_first = any(low <= hours <= high for low, high in DAY_FIRST)
    for one, two in SLASHED.findall(folded.plain[:20_000]):
        if (int(one) > 12) != (int(two) > 12) and min(int(one), int(two)) > 0 and max(int(one), int(two)) <= 31:
            day_first = int(one) > 12
            break
    return Ground(ours if home else said_at, calendar, day_first, reader or (None if home else calendar.zone))


def _in_sentence(ground: Ground, folded: Folded, text: str, offset: int) -> Iterator[DateFound]:
    for piece in join.join(list(_pieces(ground)), ground):
        setting = marks.read(ground.plain, piece.start, piece.end)
        start = folded.place(offset + piece.start)
        end = folded.place(offset + piece.end - 1) + 1
        due, deadline = settle(piece, setting, ground)
        yield DateFound(text[start:end], start, end, due, piece.certainty, deadline)


def _pieces(ground: Ground) -> Iterator[Piece]:
    position = 0
    for _ in range(MOST_MATCHES):
        match = PATTERN.search(ground.plain, position)
        if not match:
            return
        position = max(match.end(), position + 1)
        rule = RULES[int((match.lastgroup or "r0")[1:])]
        inner = rule.regex.match(ground.plain, match.start())
        piece = rule.build(inner, ground) if inner else None
        if piece:
            position = max(piece.end, position)
            ground = replace(ground, before=piece.days[1]) if piece.days else ground
            yield piece


# --- from piece to due -------------------------------------------------------------------------------------------


def settle(piece: Piece, setting: Setting, ground: Ground) -> tuple[Due, bool]:
    """The span a piece means in its setting, and whether it can be a due date."""
    piece = _looked_back(piece, setting, ground)
    due = _span(piece, setting.mark, ground)
    if setting.mark is Mark.BEFORE:
        due = _before(piece, due, ground)
    if setting.mark is Mark.AFTER or (setting.mark is Mark.FROM and not piece.spans):
        return _open_ended(due), False
    ahead = due.to is not None and due.to.date() >= ground.today
    told = setting.past and setting.mark is not Mark.BY and piece.days is not None and piece.days[1] <= ground.today
    return due, ahead and setting.mark is not Mark.MENTION and not piece.gone and not told


def _looked_back(piece: Piece, setting: Setting, ground: Ground) -> Piece:
    """In a sentence about the past, a date without its year, month or week lies behind."""
    behind = (setting.past and setting.mark is not Mark.BY) or (setting.mark is Mark.FROM and setting.past)
    if not (behind and piece.past and piece.days and piece.past != piece.days):
        return piece
    farther = abs((piece.past[0] - ground.today).days) > abs((piece.days[0] - ground.today).days)
    if piece.weekday is None and piece.day_number is None and farther:
        return piece
    return replace(piece, days=piece.past, gone=True)


def _span(piece: Piece, mark: Mark, ground: Ground) -> Due:
    zone = piece.zone or ground.said.tzinfo
    if piece.moment:
        return Due(None, piece.moment, piece.precision)
    clock = piece.clock
    if clock and clock.half:
        clock = _office_hour(clock)
    if not piece.days:
        return _today(clock, mark, ground, zone) if clock else Due()
    first, last = piece.days
    if clock:
        return _timed(first, last, clock, mark, ground, zone)
    start = _at(first, time(), zone) if _starts(piece, mark, ground) else None
    return Due(start, _at(last, DAY_END, zone), piece.precision)


def _starts(piece: Piece, mark: Mark, ground: Ground) -> bool:
    """Whether a day or span has a beginning: not one that is only a limit."""
    if (
        piece.precision is Precision.WEEK
        or piece.spans
        or (piece.days and piece.days[0] != piece.days[1] and not piece.loose)
    ):
        return True
    return mark is not Mark.BY and not piece.flow and piece.days is not None and piece.days[0] != ground.today


def _office_hour(clock: Clock) -> Clock:
    """3 is 15 o'clock in business."""
    if not 1 <= clock.to.hour <= 6:
        return clock
    to = clock.to.replace(hour=clock.to.hour + 12)
    return replace(clock, to=to, start=clock.start and to)


def _timed(first: date, last: date, clock: Clock, mark: Mark, ground: Ground, zone: tzinfo | None) -> Due:
    to = _at(last, clock.to, zone)
    if clock.close and last == ground.today and to < ground.said:
        to = _at(last, DAY_END, zone)
    start = _at(first, clock.start, zone) if clock.start else None
    if mark is Mark.BY and first == last and clock.start == clock.to:
        start = None
    if not clock.start and mark is not Mark.BY and clock.precision is Precision.PART_OF_DAY:
        start = _at(first, time(), zone)
    if first != last and start is None:
        start = _at(first, time(), zone)
    return Due(start, to, clock.precision)


def _today(clock: Clock, mark: Mark, ground: Ground, zone: tzinfo | None) -> Due:
    """A time without a day: its next coming; a business close that is over means the day's end."""
    day = ground.said.astimezone(zone).date() if zone else ground.today
    due = _timed(day, day, clock, mark, ground, zone)
    if due.to and due.to < ground.said:
        due = _timed(*(workdays.shift(day, 1),) * 2, clock, mark, ground, zone)
    if due.start and due.precision is Precision.PART_OF_DAY:
        due = replace(due, start=None)
    return due


def _before(piece: Piece, due: Due, ground: Ground) -> Due:
    """Before Friday is Thursday at the latest; before noon, or before the end of the month, is that itself."""
    if (
        piece.clock
        or not piece.days
        or not due.to
        or (piece.precision is Precision.MONTH and piece.days[0] == piece.days[1])
    ):
        return due
    last = max(workdays.shift(piece.days[0], -1), ground.today)
    return Due(None, _at(last, DAY_END, due.to.tzinfo), Precision.DAY)


def _open_ended(due: Due) -> Due:
    """From a moment on: no last moment is named."""
    if not due.to:
        return due
    timed = due.precision is Precision.MINUTE
    start = due.start or (due.to if timed else datetime.combine(due.to.date(), time(), due.to.tzinfo))
    return Due(start, None, due.precision)


def _at(day: date, moment: time, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, moment, zone)


# --- choosing ----------------------------------------------------------------------------------------------------


def choose(found: Sequence[DateFound], text: str) -> DateFound | None:
    """The date a sentence promises by: of its possible due dates the first marked as a limit (まで, by), else the first."""
    able = [date_found for date_found in found if date_found.deadline]
    plain = fold(text).plain if able else ""
    if len(plain) != len(text):
        return able[0] if able else None
    limits = (item for item in able if marks.read(plain, item.start, item.end).mark in (Mark.BY, Mark.BEFORE))
    return next(limits, able[0] if able else None)
