"""Reads Japanese days, weeks, months and holidays into pieces; `notes.due.japanese_rules` says by which words."""

import re
from datetime import date

from notes import workdays
from notes.due.japanese_words import DAYS, ERAS, MIXED_DAYS, MONTHS, PARTS, WEEK_PARTS, WEEKS, YEARS, Match
from notes.due.pieces import (
    KANJI,
    Ground,
    Piece,
    day_of,
    month_span,
    monthless,
    named_day,
    number,
    part_piece,
    real_date,
    span_of,
    void,
    week_span,
    weekday_piece,
    whole,
)
from notes.model import Certainty, Precision


def year_of(match: Match, ground: Ground, first: int = 1) -> int | None:
    """The year written before a date: of an era, of our count, or 来年; None where there is none."""
    era, era_year, year, word = match.group(first, first + 1, first + 2, first + 3)
    if era:
        return ERAS[era] + (1 if era_year == "元" else number(era_year))
    if year:
        return int(year)
    return ground.today.year + YEARS[word] if word else None


def month_day(match: Match, ground: Ground) -> Piece | None:
    """12月9日, with a year before it or 7日 as the end of a span."""
    year, month = year_of(match, ground), number(match[5])
    found = named_day(match, ground, year, month, number(match[6]))
    if found and found.days and match[7]:
        first = found.days[0]
        last = real_date(first.year, first.month, number(match[7]))
        if last and last > first:
            return Piece(match.start(), match.end(), days=(first, last), certainty=Certainty.STATED)
    return found


def nearest_month(ground: Ground, year: int | None, month: int) -> date | None:
    """The first day of a month, of this year or the next unless the year is written."""
    if not 1 <= month <= 12 or (year is not None and not 1 <= year <= 9998):
        return None
    here = date(year or ground.today.year, month, 1)
    return here if year or workdays.month_end(here) >= ground.today else here.replace(year=here.year + 1)


def month_part(match: Match, ground: Ground) -> Piece | None:
    """12月中旬, 4月末, 来年3月."""
    start = nearest_month(ground, year_of(match, ground), number(match[5]))
    if not start:
        return None
    return month_span(match, ground, start, PARTS[match[6] or "いっぱい"], yearless=not any(match.group(1, 2, 3, 4)))


def this_month(match: Match, ground: Ground) -> Piece:
    """今月, 来月末, 月末, 月初; a bare part that is over means the next month's."""
    word, part = match[1], PARTS[match[2] or "いっぱい"]
    start = workdays.add_months(ground.today.replace(day=1), MONTHS.get(word, 0))
    found = month_span(match, ground, start, part)
    if word in MONTHS or not found.gone:
        return found
    return month_span(match, ground, workdays.add_months(start, 1), part)


def day_number(match: Match, ground: Ground) -> Piece | None:
    """15日: the next one."""
    day, plain = number(match[1]), ground.plain
    lone = match[1] in KANJI and not (SURE_DAY.match(plain, match.end()) or OF_MONTH.search(plain[: match.start()]))
    stretch = plain.startswith("の間", match.end()) and plain[match.start() - 1 : match.start()] not in ("ら", "~", "-")
    more = MORE_DAYS.search(plain[max(0, match.start() - 3) : match.start()])
    if lone or stretch or more or not 1 <= day <= 31:
        return None
    ahead, behind = monthless(ground, day)
    return Piece(
        match.start(), match.end(), days=whole(ahead), past=whole(behind), day_number=day, certainty=Certainty.STATED
    )


OF_MONTH = re.compile(r"[今来翌同]月の?$")
MORE_DAYS = re.compile(r"(?:もう|あと|残り|約|計|丸|まる)$")
SURE_DAY = re.compile(r"(?:まで|迄|付け?|から|に(?!一|二)|\(|~|、|頃|以降)")


def first_of_month(match: Match, ground: Ground) -> Piece:
    """ついたち: the next first of a month."""
    ahead, behind = monthless(ground, 1)
    return Piece(match.start(), match.end(), days=whole(ahead), past=whole(behind), day_number=1)


def relative_day(match: Match, ground: Ground) -> Piece:
    """本日, 明後日, 昨日."""
    away = DAYS[match[1]]
    return day_of(match, workdays.shift(ground.today, away), gone=away < 0)


def mixed_day(match: Match, ground: Ground) -> Piece:
    """明朝, 今晩: a day and its part; 翌朝 is that of the day named before."""
    away, to = MIXED_DAYS[match[0]]
    later = ground.before if match[0] == "翌朝" and ground.before and ground.before > ground.today else ground.today
    day = day_of(match, workdays.shift(later, away), gone=away < 0 or match[0] == "今朝")
    clock = part_piece(match, to or ground.calendar.closes).clock
    return Piece(match.start(), match.end(), days=day.days, past=day.past, clock=clock, gone=day.gone)


def that_day(match: Match, ground: Ground) -> Piece | None:
    """当日, 翌日: told from the date named last; 翌日 alone is tomorrow, the eve of an event no moment."""
    word = match[1]
    if word.startswith("前"):
        return _eve(match, ground)
    after = ground.plain[max(0, match.start() - 1) : match.start()] == "の"
    if after or not (ground.before or word.startswith("翌")):
        return void(match)
    base = ground.before if ground.before and ground.before >= ground.today else ground.today
    if word.endswith("営業日"):
        return None
    return day_of(match, workdays.shift(base, {"翌日": 1, "翌々日": 2}.get(word, 0)))


EVES = {"前日": -1, "前夜": -1, "前の日": -1, "前の晩": -1, "前々日": -2}


def _eve(match: Match, ground: Ground) -> Piece:
    """前日, 前夜: the day before the one named last, which is still to come; the eve of an unknown day is no moment."""
    days = EVES.get(match[1])
    if days is None or ground.before is None or workdays.shift(ground.before, days) < ground.today:
        return void(match)
    return day_of(match, workdays.shift(ground.before, days))


def week_later(match: Match, ground: Ground) -> Piece | None:
    """その次の定休日: a week after the one named last, or the next weekday after it."""
    if not ground.before:
        return None
    days = 7 if match[1] is None else ("月火水木金土日".index(match[1]) - ground.before.weekday() - 1) % 7 + 1
    return day_of(match, workdays.shift(ground.before, days))


def nth_weekday(match: Match, ground: Ground) -> Piece | None:
    """来月の第2火曜, 今月の最終金曜, 最終営業日."""
    start = _month(match[1] or "", ground)
    number_in_month = -1 if match[3] else number(match[2])
    if match[4].endswith("日") and len(match[4]) > 1:
        day = workdays.nth_workday(start, number_in_month, ground.calendar)
        if day and day < ground.today and not match[1]:
            day = workdays.nth_workday(workdays.add_months(start, 1), number_in_month, ground.calendar)
    else:
        day = workdays.nth_weekday(start, number_in_month, "月火水木金土日".index(match[4]))
    return day_of(match, day) if day else None


def week(match: Match, ground: Ground) -> Piece:
    """今週, 来週前半, 再来週末; 来週明け is that week's first working day."""
    part = WEEK_PARTS[match[2] or "いっぱい"]
    if part == "first":
        weeks = max(WEEKS[match[1]], 1)
        return day_of(match, workdays.workday_from(workdays.monday(ground.today, weeks), ground.calendar), loose=True)
    return week_span(match, ground, WEEKS[match[1]], part)


def bare_week(match: Match, ground: Ground) -> Piece:
    """週明け, 週末, 週半ば, 週内."""
    part = match[1]
    if part == "明け":
        monday = workdays.monday(ground.today, 1)
        return day_of(match, workdays.workday_from(monday, ground.calendar), loose=True)
    if part == "内":
        return week_span(match, ground, 0)
    found = week_span(match, ground, 0, WEEK_PARTS[part])
    late = part not in ("末", "後半") and ground.today.weekday() > 2
    return week_span(match, ground, 1, WEEK_PARTS[part]) if late else found


def after_holidays(match: Match, ground: Ground) -> Piece:
    """連休明け, お盆明け, 年明け: the first working day after that break."""
    word, today, calendar = match[1], ground.today, ground.calendar
    if word in ("年", "正月", "年末年始", "冬休み"):
        year = today.year if (today.month, today.day) < (1, 4) else today.year + 1
        day = workdays.workday_from(date(year, 1, 4), calendar)
        return Piece(match.start(), match.end(), days=(day, day), precision=Precision.WEEK, loose=True)
    if word in ("盆", "夏休み", "夏季休業", "夏季休暇"):
        day = date(today.year + (today > date(today.year, 8, 16)), 8, 16)
        return day_of(match, workdays.workday_from(day, calendar), loose=True)
    if (
        word in ("gw", "ゴールデンウィーク", "大型連休")
        and (today.month, today.day) > (4, 1)
        and today < date(today.year, 5, 6)
    ):
        return day_of(match, workdays.workday_from(date(today.year, 5, 6), calendar), loose=True)
    if word == "休み":
        return day_of(match, workdays.after_break(today, calendar, 2), loose=True)
    if word == "祝日":
        return day_of(match, workdays.after_break(today, calendar, 1), loose=True)
    return day_of(match, workdays.after_break(today, calendar), loose=True)


def year_span(match: Match, ground: Ground) -> Piece:
    """年内, 年末, 来年早々, 今年度中."""
    word, today = match[1], ground.today
    last = date(today.year, 12, 31)
    if word in ("年度末", "年度内", "今年度末", "今年度中", "今年度内", "本年度中", "本年度末", "期末"):
        last = date(today.year + (today.month > 3), 3, 31)
    if word in ("四半期末", "今四半期末", "今四半期中"):
        last = workdays.month_end(date(today.year, (today.month + 2) // 3 * 3, 1))
    start = last if "末" in word else today
    return span_of(match, start, last, Precision.MONTH)


def new_year(match: Match, ground: Ground) -> Piece:
    """来年早々, 年初, 新年早々: as 年明け."""
    day = workdays.workday_from(date(ground.today.year + 1, 1, 4), ground.calendar)
    return span_of(match, day, day, Precision.WEEK)


def feast(match: Match, ground: Ground) -> Piece | None:
    """大晦日, 元日, クリスマス."""
    month, day = {"大晦日": (12, 31), "大みそか": (12, 31), "元日": (1, 1), "元旦": (1, 1), "仕事納め": (12, 28)}.get(
        match[0], (12, 25)
    )
    if match[0].endswith("イブ"):
        day = 24
    return named_day(match, ground, None, month, day)


def first_work(match: Match, ground: Ground) -> Piece:
    """仕事始め: the first working day after New Year."""
    year = ground.today.year + (ground.today > date(ground.today.year, 1, 4))
    return day_of(match, workdays.workday_from(date(year, 1, 4), ground.calendar))


def english_end(match: Match, ground: Ground) -> Piece:
    """EOD, EOW, EOM, as people write them in Japanese, too."""
    if match[1] == "w":
        return week_span(match, ground, 0)
    return day_of(match, ground.today if match[1] == "d" else workdays.month_end(ground.today))


def weekday(match: Match, ground: Ground) -> Piece:
    """月曜日; 次の火曜 is the very next one; (金) counts only beside a date."""
    letter = match[2] or match[3]
    return weekday_piece(match, "月火水木金土日".index(letter), ground, weak=match[2] is None)


def _month(word: str, ground: Ground) -> date:
    """The first day of the month that a word names: 来月, 9月; this month without one."""
    start = workdays.add_months(ground.today.replace(day=1), MONTHS.get(word, 0))
    named = nearest_month(ground, None, number(word[:-1])) if word and word not in MONTHS else None
    return named or start


def nth_week(match: Match, ground: Ground) -> Piece | None:
    """12月第1週, 来月の第3週: Monday to Friday, counted by Fridays."""
    friday = workdays.nth_weekday(_month(match[1], ground), number(match[2]), 4)
    return span_of(match, workdays.monday(friday), friday, Precision.WEEK) if friday else None


def that_week(match: Match, ground: Ground) -> Piece | None:
    """その週の金曜: of the week named last."""
    if not ground.before:
        return None
    return day_of(match, workdays.shift(workdays.monday(ground.before), "月火水木金土日".index(match[1])))


def week_of(match: Match, ground: Ground) -> Piece:
    """の週 after a date: that date's week."""
    return Piece(match.start(), match.end(), week_of=True, weak=True)
