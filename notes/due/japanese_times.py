"""Reads Japanese counts from now (3営業日以内), times of day and zones into pieces."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from notes import workdays
from notes.due.japanese import day_number
from notes.due.japanese_words import (
    COUNTED_FROM,
    HALF_DAYS,
    LATER_TODAY,
    NIGHT,
    NOW,
    PART_ENDS,
    UNITS,
    WEAK,
    ZONES,
    Match,
)
from notes.due.pieces import Ground, Piece, clock_piece, day_of, later, monthless, number, part_piece, void
from notes.model import Precision

# 10日でよろしければ: the tenth, not within ten days.
SUITS = re.compile(
    "よろし|宜し|よけれ|問題|大丈夫|承知|了解|確定|お願い|お?受け|承り|結構"
    "|押さえ|いかが|どう|調整|予約|差し?支|構い|都合|ok"
)
ABOUT_DAY = ("中", *(f"{mark}{word}" for mark in ("", "を") for word in ("目途", "目処", "めど")))
ABOUT_SO_MANY = re.compile("ほど|程|くらい|ぐらい|前後")
MOST_DAYS_GIVEN = 9
EARLIEST_NOON = 7
JOINED_NUMBERS = re.compile(r"[~、,・\-から]|[一二三四五六七八九]{2}")


def during_day(match: Match, ground: Ground) -> Piece | None:
    """13日中: the thirteenth, but 3日中 is within three days unless the third is near."""
    ahead, _ = monthless(ground, number(match[1])) if number(match[1]) <= 31 else (None, None)
    near = ahead and (ahead - ground.today).days <= 7
    return day_number(match, ground) if near or number(match[1]) > 7 else later(match, ground, number(match[1]), "day")


def count(match: Match, ground: Ground) -> Piece | None:
    """3日以内, 2営業日後; nothing where it is counted from an event."""
    written = match[2]
    unit = UNITS.get(written, "month")
    before = ground.plain[max(0, match.start() - 24) : match.start()]
    if written == "日間" and before.endswith("日の"):
        return None
    if COUNTED_FROM.search(before) and not (NOW.search(before) or _is_day_of_month(match, before)):
        inclusive = 1 if written == "日間" and match[4] not in ("以内", "後") else 0
        counted = None if unit in ("hour", "minute") else (min(number(match[1]), 999) - inclusive, unit)
        return replace(void(match), count=counted)
    if written == "日" and match[4] in ABOUT_DAY and not JOINED_NUMBERS.search(match[0]):
        return during_day(match, ground)
    if written == "日" and match[4] == "で" and SUITS.match(ground.plain, match.end()):
        day = day_number(match, ground)
        return day and replace(day, end=match.end() - 1)
    about = ABOUT_SO_MANY.search(match[0]) or JOINED_NUMBERS.search(match[0])
    if written in ("日", "年") and match[4].startswith("で") and not about:
        return None
    value = number(match[1])
    if match[3]:
        return later(match, ground, value * 60 + 30, "minute") if unit == "hour" else later(match, ground, value, unit)
    return later(match, ground, value, unit)


def _is_day_of_month(match: Match, before: str) -> bool:
    """「調べておりまして、17日中に」: a new clause, and more days than anybody counts."""
    clause = before.endswith(("て、", "で、", "ら、"))
    return clause and match[2] == "日" and match[4] == "中" and number(match[1]) > MOST_DAYS_GIVEN


def given(match: Match, ground: Ground) -> Piece | None:
    """調査に3日ください: three days from now; what is asked for the tenth or later is that day."""
    if match[2] == "日" and number(match[1]) > MOST_DAYS_GIVEN:
        return day_number(match, ground)
    unit = UNITS.get(match[2], "month")
    return replace(piece, end=match.end(4)) if (piece := later(match, ground, number(match[1]), unit)) else None


def half(match: Match, ground: Ground) -> Piece | None:
    """半日以内, 半月後, 半年以内."""
    unit, value = {"日": ("day", 0), "時間": ("minute", 30), "月": ("day", 15), "年": ("month", 6)}[match[1]]
    return later(match, ground, value, unit) if value else day_of(match, ground.today)


def ago(match: Match, ground: Ground) -> Piece | None:
    """3日前: behind us; before an event (納品の3日前まで) it names no moment."""
    event = ground.plain[max(0, match.start() - 1) : match.start()] in ("の", "日") or match[3]
    unit = UNITS.get(match[2], "month")
    if event or unit in ("minute", "hour", "workday"):
        return void(match)
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[unit] * number(match[1])
    return day_of(match, workdays.shift(ground.today, -min(days, 36500)), gone=True)


def next_workday(match: Match, ground: Ground) -> Piece:
    """翌営業日, 翌々営業日; the one after an event names no moment."""
    if ground.plain[max(0, match.start() - 1) : match.start()] == "の":
        before = ground.plain[max(0, match.start() - 3) : match.start() - 1]
        if before not in ("本日", "今日"):
            return void(match)
    steps = 2 if "々" in match[0] else 1
    return day_of(match, workdays.add_workdays(ground.today, steps, ground.calendar))


def clock(match: Match, ground: Ground) -> Piece | None:
    """17時, 午後3時半, 十時; a bare kanji hour needs company."""
    before, hour, minute, half_past = match.group(1, 2, 3, 4)
    value = number(hour)
    if value > 24:
        return None
    lone = not (hour[0].isdecimal() or before or half_past or minute or SURE_HOUR.match(ground.plain, match.end()))
    minutes = 30 if half_past else number(minute) if minute else 0
    half_day = HALF_DAYS.get(before or "", "")
    if before in ("昼", "お昼"):
        half_day = "pm" if value < EARLIEST_NOON else ""  # 昼2時, but 昼11時半
    night = before in NIGHT and value < 5
    return clock_piece(
        match, value, minutes, "" if night else half_day, half=not (night or hour.startswith("0")), weak=lone
    )


SURE_HOUR = re.compile(r"(?:頃|ごろ)?(?:まで|に(?!的)|から|以降|頃|ごろ|、|~)")


def part(match: Match, ground: Ground) -> Piece:
    """午前中, 夕方, 朝一, 営業時間内."""
    word = match[0]
    closes = ground.calendar.closes
    if word == "始業":
        return part_piece(match, ground.calendar.opens)
    weak = word in WEAK and not (word in LATER_TODAY and match.string.startswith("まで", match.end()))
    for words, to in PART_ENDS:
        if word in words:
            return part_piece(match, to or closes, close=to is None and word not in ("午後", "午後中"), weak=weak)
    return part_piece(match, closes, Precision.DAY, close=True)


def zone(match: Match, ground: Ground) -> Piece:
    """日本時間, 米国東部時間."""
    return Piece(match.start(), match.end(), zone=ZoneInfo(ZONES[match[1]]), weak=True)
