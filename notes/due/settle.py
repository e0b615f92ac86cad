"""From a piece to a due date: the span it means in its setting, in the writer's zone, and whether it can be due."""

import re
from dataclasses import replace
from datetime import date, datetime, time, tzinfo

from notes import workdays
from notes.due.marks import Mark, Setting, Tense
from notes.due.pieces import DAY_END, Clock, Ground, Piece
from notes.model import Due, Precision

# In days: a date without a year is rather one lately gone than one so far ahead, unless the sentence tells of what is
# to come.
LATELY, SOON = 60, 200
THE_END_OF = re.compile(r"(?:the )?(?:very )?end of\b")


def settle(piece: Piece, setting: Setting, ground: Ground) -> tuple[Due, bool]:
    """The span a piece means in its setting, and whether it can be a due date."""
    piece = _looked_back(piece, setting, ground)
    due = _span(piece, setting, ground)
    if setting.mark is Mark.BEFORE:
        due = _before(piece, due, ground)
    if setting.mark is Mark.AFTER or (setting.mark is Mark.FROM and not piece.spans):
        return _open_ended(due), False
    ahead = due.to is not None and due.to >= ground.said
    told = (
        setting.tense is Tense.PAST
        and setting.mark is not Mark.BY
        and piece.days is not None
        and piece.days[1] <= ground.today
    )
    return due, ahead and setting.mark is not Mark.MENTION and not piece.gone and not told


def _looked_back(piece: Piece, setting: Setting, ground: Ground) -> Piece:
    """A date without its year, month or week lies behind in a sentence about the past, or if it was just now."""
    if not (piece.past and piece.days and piece.past != piece.days) or setting.mark is Mark.BY:
        return piece
    since = (ground.today - piece.past[0]).days
    until = (piece.days[0] - ground.today).days
    yearless = piece.weekday is None and piece.day_number is None
    if setting.tense is Tense.PAST:
        return piece if yearless and since > abs(until) else replace(piece, days=piece.past, gone=True)
    lately = yearless and since <= LATELY and until > SOON and setting.tense is Tense.OPEN
    return replace(piece, days=piece.past, gone=True) if lately else piece


def _span(piece: Piece, setting: Setting, ground: Ground) -> Due:
    mark = setting.mark
    zone = piece.zone or ground.said.tzinfo
    if piece.moment:
        return Due(None, piece.moment, piece.precision)
    clock = piece.clock
    if clock and clock.half:
        clock = _office_hour(clock)
    if not piece.days:
        return _today(clock, setting, ground, zone) if clock else Due()
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


def _today(clock: Clock, setting: Setting, ground: Ground, zone: tzinfo | None) -> Due:
    """A time without a day: today's, or if that is over and something is to come, tomorrow's."""
    day = ground.said.astimezone(zone).date() if zone else ground.today
    due = _timed(day, day, clock, setting.mark, ground, zone)
    if due.to and due.to < ground.said and (setting.mark is Mark.BY or setting.tense is Tense.COMING):
        tomorrow = workdays.shift(day, 1)
        due = _timed(tomorrow, tomorrow, clock, setting.mark, ground, zone)
    if due.start and due.precision is Precision.PART_OF_DAY:
        due = replace(due, start=None)
    return due


def _before(piece: Piece, due: Due, ground: Ground) -> Due:
    """Before Friday is Thursday at the latest; before noon, or before the end of a month or week, is that itself."""
    if (
        piece.clock
        or not piece.days
        or not due.to
        or (piece.precision is Precision.MONTH and piece.days[0] == piece.days[1])
    ):
        return due
    if THE_END_OF.match(ground.plain, piece.start):
        return replace(due, start=None)
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
