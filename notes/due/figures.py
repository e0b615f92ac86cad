"""Dates and times written in figures, the same in both languages: 2022-12-09, 12/9(金), 9.12.2022, 17:00.

What is no date (telephone and part numbers, versions, prices, fractions) is told by the signs around it.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

from notes.due.pieces import Clock, Ground, Piece, Rule, clock_piece, named_day, real_date, skip, whole
from notes.model import Certainty

Match = re.Match[str]

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# 1/2 of something is no second of January unless something says so.
FRACTIONS = frozenset({(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (1, 6), (1, 8), (3, 8), (1, 10)})
SAYS_DATE = re.compile(
    r"\s?(?:\((?:[月火水木金土日]|mon|tue|wed|thu|fri|sat|sun)|まで|迄|付|着|以降"
    r"|頃|ごろ|中に|午前|午後|朝|夕|~|-\s?\d{1,2}/|から\d|に(?![減縮な分し薄圧下])"
    r"|の(?:午|朝|夕|\d)|\s\d{1,2}(?::\d\d|時|\s?[ap]\.?m))"
)
LED = re.compile(
    r"\b(?:by|on|before|until|till|due|from|to|since|mon(?:day)?|tues?(?:day)?"
    r"|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)[,.]?\s?\(?$"
)
UNIT_AFTER = re.compile(
    r"\s?(?:inch|インチ|\"|of\b|cup|page|ページ|%|個|枚|件|倍|以上|以下|サイズ|size|mm|cm|kg|名|人|回|台|本)"
)
COUNTED_BEFORE = re.compile(r"(?:page|part|step|slide|section|p\.|item|phase|no\.?|ref\.?|version|ver\.?|#|v)\s?\(?$")


def iso(match: Match, ground: Ground) -> Piece | None:
    """2022-12-09, 2022/12/9, 2022.12.9, also with a time and zone (ISO 8601)."""
    day = real_date(int(match[1]), int(match[3]), int(match[5])) if match[2] == match[4] else None
    if not day:
        return None
    found = Piece(match.start(), match.end(), days=(day, day), past=(day, day), certainty=Certainty.STATED)
    if match[6] is None:
        return found
    timed = clock_piece(match, int(match[6]), int(match[7]))
    if not timed:
        return None
    return Piece(
        match.start(),
        match.end(),
        days=found.days,
        past=found.past,
        clock=timed.clock,
        zone=offset(match[8]),
        certainty=Certainty.STATED,
    )


def era(match: Match, ground: Ground) -> Piece | None:
    """R7.6.30: the seventh year of Reiwa (2019 is its first), H for Heisei (1989)."""
    year = {"r": 2018, "h": 1988}[match[1]] + int(match[2])
    return named_day(match, ground, year, int(match[3]), int(match[4]))


def offset(text: str | None) -> timezone | None:
    """Z or +09:00."""
    if not text:
        return None
    if text == "z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone(sign * timedelta(hours=hours, minutes=minutes)) if hours < 24 and minutes < 60 else None


def year_last(match: Match, ground: Ground) -> Piece | None:
    """12/9/2022, 09.12.2022, 12/9/22; in Japanese 22/12/9."""
    one, sign, two, year = int(match[1]), match[2], int(match[3]), match[5]
    if sign != match[4] or (len(year) == 2 and sign != "/"):
        return None
    if len(year) == 2 and JAPANESE.search(ground.plain) and one > 12:
        return named_day(match, ground, 2000 + one, two, int(year))
    month, day = (two, one) if day_leads(ground, one, two, always=sign == ".") else (one, two)
    return named_day(match, ground, int(year) if len(year) == 4 else 2000 + int(year), month, day)


def day_leads(ground: Ground, one: int, two: int, *, always: bool = False) -> bool:
    """Whether the first of two numbers is the day: told by their size, else by the writer's part of the world."""
    if one > 12 or two > 12:
        return one > 12
    return always or (ground.day_first and not JAPANESE.search(ground.plain))


def month_and_day(match: Match, ground: Ground) -> Piece | None:
    """12/9, 12/9~11: month first in Japanese and American mail, day first in European mail."""
    one, two = int(match[1]), int(match[2])
    before, after = (
        ground.plain[max(0, match.start() - 12) : match.start()],
        ground.plain[match.end() : match.end() + 12],
    )
    if UNIT_AFTER.match(after) or COUNTED_BEFORE.search(before):
        return None
    japanese = bool(JAPANESE.search(ground.plain))
    if (one, two) in FRACTIONS and not (SAYS_DATE.match(after) or (not japanese and LED.search(before))):
        return None
    month, day = (two, one) if day_leads(ground, one, two) else (one, two)
    found = named_day(match, ground, None, month, day)
    if not (found and found.days and match[3]):
        return found
    first = found.days[0]
    last = real_date(first.year, first.month, int(match[3]))
    days = whole(first, last) if last and last > first else found.days
    return Piece(match.start(), match.end(), days=days, past=found.past, certainty=Certainty.STATED)


def dotted(match: Match, ground: Ground) -> Piece | None:
    """26.09. as German writers put it, after a word that wants a date."""
    if not LED.search(ground.plain[: match.start()]):
        return None
    return named_day(match, ground, None, int(match[2]), int(match[1]))


def clock(match: Match, ground: Ground) -> Piece | None:
    """17:00, 5:30 pm, 午後3:30."""
    half_day = {"午前": "am", "am": "am", "a": "am", "pm": "pm", "午後": "pm", "夜": "pm", "夕": "pm", "p": "pm"}.get(
        match[1] or (match[4] or "")[:1], ""
    )
    return clock_piece(
        match, int(match[2]), int(match[3]), half_day, half=len(match[2]) == 1 and not JAPANESE.search(ground.plain)
    )


def exact(at: datetime) -> Clock:
    """A time of day to the minute."""
    return Clock(at.time(), at.time())


RULES: tuple[Rule, ...] = (
    Rule(r"(?<![a-z\d])([rh])(\d{1,2})[./](\d{1,2})[./](\d{1,2})(?![\d./])", era),
    Rule(r"\d{9,}", skip),
    Rule(
        r"(?<![a-z\d_./])(?<![a-z]-)(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})(?![\d/]|[-.]\d)"
        r"(?:t(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,6})?)?(z|[+-]\d{2}:?\d{2})?)?",
        iso,
    ),
    Rule(r"(?<![a-z\d_./:+])(?<![a-z\d]-)(\d{1,2})([/.-])(\d{1,2})([/.-])(\d{4}|\d{2})(?![\d/]|[-.:]\d)", year_last),
    Rule(
        r"(?!am|pm|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{2,}-?\d[a-z\d.-]{0,30}"
        r"|\+\d[\d\s()-]{6,20}|(?<![\d/])\d{1,5}(?:-\d{1,5}){2,8}|(?<![\d/])0\d{1,4}-\d{2,4}(?:-\d+)?"
        r"|(?<![\d/])\d{3,}-\d{2,}|\d{1,6}(?:\.\d{1,6}){2,8}|[$¥€£]\s?\d[\d,.]{0,20}"
        r"|\d{1,3}(?:,\d{3}){1,6}|(?<![\d/])\d{1,8}(?:\.\d{1,4})?\s?(?:%|円|ドル|usd"
        r"|eur|gbp|jpy)",
        skip,
    ),
    Rule(
        r"(?<![a-z\d_./$])(?<!\d:)(?<![a-z]-)(\d{1,2})/(\d{1,2})(?![\d/]|[.-]\d{4}|[b-oq-z]|[ap](?!m))"
        r"(?:\s?(?:\([月火水木金土日祝・]+\))?\s?[~-]\s?(\d{1,2})(?![\d/:時]))?",
        month_and_day,
    ),
    Rule(r"(?<![a-z\d_./-])([0-3]?\d)\.([01]?\d)\.(?!\d)", dotted),
    Rule(
        r"(午前|午後|夜|夕|(?<![a-z])[ap]m)?の?\s?(?<![\d.:/])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:]*\d)(?:\s?([ap])\.?m\b\.?)?",
        clock,
    ),
)
FIRST = r"[\d午夜夕+$¥€£a-z]"
