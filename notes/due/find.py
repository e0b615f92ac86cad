"""The dates a text names, reckoned from the moment it was written: what a promise is due by.

Rules are data (`japanese_rules`, `english_rules`, `figures`); each match becomes a piece, neighbours are joined
(`join`), the words around say how the moment is meant (`marks`), and the piece becomes a span in the writer's zone
(`settle`). Nothing vague ("soon", 折り返し, 近日中) gives a date.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from notes.due import english_rules, figures, japanese_rules, join, marks, settle
from notes.due.fold import Folded, fold
from notes.due.marks import Mark
from notes.due.pieces import Ground, Piece, Rule
from notes.model import Calendar, DateFound

RULES: tuple[Rule, ...] = (*figures.RULES, *japanese_rules.RULES, *english_rules.RULES)


def _one_pattern() -> "re.Pattern[str]":
    """All rules in one, tried in order at each sign that can begin one; English ones at a word's start only."""
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
    text: str, *, said_at: datetime, calendar: Calendar, reader_zone: tzinfo | None = None, before: date | None = None
) -> tuple[DateFound, ...]:
    """Every moment or span named in `text`, in order, dated from `said_at` (aware, in the writer's zone).

    Where the writer's offset is our own, our zone is taken, so that summer time is kept. `reader_zone` is what "your
    time" means; without it that is our zone in a mail of others, and left out of account in one of ours.
    `before` is the day named last before the text: 前日 is the day before it.
    `start` and `end` of a `DateFound` are positions in `text`.
    """
    if not FIRST_YEAR <= said_at.year <= LAST_YEAR:
        return ()
    folded = fold(text)
    sentences = list(folded.sentences())
    if not sentences:
        return ()
    ground = replace(_ground(folded, said_at, calendar, reader_zone), before=before)
    found: list[DateFound] = []
    for start, end in sentences:
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
        end = folded.place(offset + _trimmed(ground.plain, piece) - 1) + 1
        due, deadline = settle.settle(piece, setting, ground)
        yield DateFound(text[start:end], start, end, due, piece.certainty, deadline, piece.is_hour_only)


def _trimmed(plain: str, piece: Piece) -> int:
    """The end of a piece's words without the sentence's point, and with the bracket that they open."""
    words = plain[piece.start : piece.end]
    if words.endswith(".") and not words.endswith(("m.", "d.", "b.", "p.")):
        return piece.end - 1
    return piece.end + (words.count("(") > words.count(")") and plain.startswith(")", piece.end))


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
            ground = replace(ground, before=piece.days[1]) if piece.days and not piece.weak else ground
            yield piece


def choose(found: Sequence[DateFound], text: str) -> DateFound | None:
    """The date a sentence promises by: of its possible due dates the first limit (まで, by), else the first."""
    able = [date_found for date_found in found if date_found.deadline]
    plain = fold(text).plain if able else ""
    if len(plain) != len(text):
        return able[0] if able else None
    limits = (item for item in able if marks.read(plain, item.start, item.end).mark in (Mark.BY, Mark.BEFORE))
    return next(limits, able[0] if able else None)
