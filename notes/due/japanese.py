"""Japanese words of time: rules as data, each with the small function that reads its match into a piece.

Patterns meet folded text: half-width digits and signs, lower-case Latin letters (`notes.due.fold`).
"""

import re
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

from notes import workdays
from notes.due.pieces import (
    DAY_END,
    FIRST_THING,
    KANJI,
    NOON,
    Ground,
    Piece,
    clock_piece,
    day_of,
    later,
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

Match = re.Match[str]

# A numeral, and a span of two of which the later counts (2、3日, 1〜2週間).
N = r"(?<![\d./])(?:\d{1,4}|[一二三四五六七八九十〇]{1,4})"
UP_TO_N = rf"(?:{N}\s?(?:~|-|、|,|・|から|か)?\s?)??({N})"
DIGITS = r"(?<![\d./-])(\d{1,4}|[一二三四五六七八九十〇]{1,4})"
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988}
YEARS = {"今年": 0, "本年": 0, "来年": 1, "翌年": 1, "再来年": 2, "昨年": -1, "去年": -1, "一昨年": -2}
YEAR = (
    rf"(?:(?:(令和|平成|昭和|(?<![a-z])[rh])\s?(\d{{1,2}}|元|[一二三四五六七八九十]{{1,3}})\s?年"
    rf"|(?<!\d)(\d{{4}})\s?年|({'|'.join(YEARS)})の?)\s?)"
)
PARTS = {
    "上旬": "early", "初旬": "early", "前半": "half", "半ば": "middle", "なかば": "middle", "中頃": "middle",
    "中ごろ": "middle",
    "中旬": "mid", "下旬": "late", "後半": "late", "末日": "end", "末": "end", "晦日": "end", "初め": "first",
    "始め": "first",
    "はじめ": "first", "初頭": "first", "頭": "first", "早々": "first", "初": "first", "いっぱい": "", "一杯": "",
    "内": "",
}  # fmt: skip
PART = "|".join(PARTS)
WEEK_PARTS = {
    "前半": "half", "初め": "early", "始め": "early", "はじめ": "early", "頭": "early", "あたま": "early",
    "アタマ": "early",
    "早々": "early", "早め": "early", "半ば": "mid", "なかば": "mid", "中頃": "mid", "中ごろ": "mid",
    "後半": "late", "末": "weekend",
    "いっぱい": "", "一杯": "", "明け": "first",
}  # fmt: skip
WEEKS = {
    "今週": 0, "本週": 0, "来週": 1, "翌週": 1, "次週": 1, "再来週": 2, "さ来週": 2, "さらいしゅう": 2,
    "翌々週": 2, "先週": -1, "前週": -1, "先々週": -2,
}  # fmt: skip
MONTHS = {
    "今月": 0,
    "当月": 0,
    "本月": 0,
    "来月": 1,
    "翌月": 1,
    "再来月": 2,
    "翌々月": 2,
    "先月": -1,
    "前月": -1,
    "先々月": -2,
}
DAYS = {
    "本日": 0, "今日": 0, "きょう": 0, "明日": 1, "あした": 1, "あす": 1, "明後日": 2, "あさって": 2,
    "明々後日": 3, "しあさって": 3,
    "昨日": -1, "きのう": -1, "一昨日": -2, "おととい": -2, "一両日": 1, "両日": 1, "今日明日": 1, "本日明日": 1,
    "明日明後日": 2, "明日あさって": 2,
}  # fmt: skip
MIXED_DAYS = {
    "明朝一番": (1, FIRST_THING), "明朝一": (1, FIRST_THING), "明朝いちばん": (1, FIRST_THING),
    "明朝": (1, NOON), "今朝": (0, NOON), "翌朝": (1, NOON), "今晩": (0, DAY_END), "今夜": (0, DAY_END),
    "今夕": (0, None),
    "明晩": (1, DAY_END), "明夜": (1, DAY_END), "明夕": (1, None), "昨夜": (-1, DAY_END), "昨晩": (-1, DAY_END),
    "ゆうべ": (-1, DAY_END),
}  # fmt: skip
UNITS = {
    "営業日": "workday", "稼働日": "workday", "稼動日": "workday", "平日": "workday", "就業日": "workday",
    "日": "day", "日間": "day",
    "週間": "week", "週": "week", "年": "year", "年間": "year", "時間": "hour", "分": "minute", "分間": "minute",
}  # fmt: skip
MONTH_UNIT = r"(?:か|ヶ|カ|ヵ|箇|ケ|ヵ|個|ヶ)月(?:間)?"
UNIT = rf"(営業日|稼[働動]日|平日|就業日|日間?|週間?|{MONTH_UNIT}|年間?|時間|分間?)"
# What an unknown day stands before: a count from it cannot be dated (到着後3日以内, いただいてから2営業日以内).
COUNTED_FROM = re.compile(
    r"(?:後|のち|から|より|以降|以後|次第|際は?|[てで]|ときは?|時は?|場合は?|たら"
    r"|れば|なら)[、,\s]*(?:約|およそ|おおむね|概ね|遅くとも|最短|最長|最大)?$"
)
NOW = re.compile(r"(?:今|本日|今日|これ|只今|ただいま|現在)(?:から|より)[、,\s]?(?:約|およそ)?$")
SELF = r"(?:(?:今|本日|今日|これ|只今|ただいま)(?:から|より|後)\s?、?)?"


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
    start = workdays.add_months(ground.today.replace(day=1), MONTHS[word] if word in MONTHS else 0)
    found = month_span(match, ground, start, part)
    if word in MONTHS or not found.gone:
        return found
    return month_span(match, ground, workdays.add_months(start, 1), part)


def day_number(match: Match, ground: Ground) -> Piece | None:
    """15日: the next one."""
    day, plain = number(match[1]), ground.plain
    lone = match[1] in KANJI and not SURE_DAY.match(plain, match.end())
    stretch = plain.startswith("の間", match.end()) and plain[match.start() - 1 : match.start()] not in ("ら", "~", "-")
    more = MORE_DAYS.search(plain[max(0, match.start() - 3) : match.start()])
    if lone or stretch or more or not 1 <= day <= 31:
        return None
    ahead, behind = monthless(ground, day)
    return Piece(
        match.start(), match.end(), days=whole(ahead), past=whole(behind), day_number=day, certainty=Certainty.STATED
    )


MORE_DAYS = re.compile(r"(?:もう|あと|残り|約|計|丸|まる)$")
JOINED_NUMBERS = re.compile(r"[~、,・\-から]|[一二三四五六七八九]{2}")


def during_day(match: Match, ground: Ground) -> Piece | None:
    """13日中: the thirteenth, but 3日中 is within three days unless the third is near."""
    ahead, _ = monthless(ground, number(match[1])) if number(match[1]) <= 31 else (None, None)
    near = ahead and (ahead - ground.today).days <= 7
    return day_number(match, ground) if near or number(match[1]) > 7 else later(match, ground, number(match[1]), "day")


SURE_DAY = re.compile(r"(?:まで|迄|付け?|から|に(?!一|二)|\(|~|、|頃|以降)")


def count(match: Match, ground: Ground) -> Piece | None:
    """3日以内, 2営業日後; nothing where it is counted from an event."""
    written = match[2]
    unit = UNITS.get(written, "month")
    before = ground.plain[max(0, match.start() - 24) : match.start()]
    if COUNTED_FROM.search(before) and not NOW.search(before):
        inclusive = 1 if written == "日間" and match[4] not in ("以内", "後") else 0
        counted = None if unit in ("hour", "minute") else (min(number(match[1]), 999) - inclusive, unit)
        return replace(void(match), count=counted)
    if written == "日" and match[4] == "中" and not JOINED_NUMBERS.search(match[0]):
        return during_day(match, ground)
    if written in ("日", "年") and match[4].startswith("で"):
        return None
    value = number(match[1])
    if match[3]:
        return later(match, ground, value * 60 + 30, "minute") if unit == "hour" else later(match, ground, value, unit)
    return later(match, ground, value, unit)


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


def relative_day(match: Match, ground: Ground) -> Piece:
    """本日, 明後日, 昨日."""
    away = DAYS[match[1]]
    return day_of(match, workdays.shift(ground.today, away), gone=away < 0)


def mixed_day(match: Match, ground: Ground) -> Piece:
    """明朝, 今晩: a day and its part."""
    away, to = MIXED_DAYS[match[0]]
    day = day_of(match, workdays.shift(ground.today, away), gone=away < 0 or match[0] == "今朝")
    clock = part_piece(match, to or ground.calendar.closes).clock
    return Piece(match.start(), match.end(), days=day.days, past=day.past, clock=clock, gone=day.gone)


def that_day(match: Match, ground: Ground) -> Piece | None:
    """当日, 翌日: told from the date named last; 翌日 alone is tomorrow, the eve of an event no moment."""
    word = match[1]
    if word.startswith("前"):
        return void(match)
    after = ground.plain[max(0, match.start() - 1) : match.start()] == "の"
    if after or not (ground.before or word.startswith("翌")):
        return void(match)
    base = ground.before if ground.before and ground.before >= ground.today else ground.today
    if word.endswith("営業日"):
        return None
    return day_of(match, workdays.shift(base, {"翌日": 1, "翌々日": 2}.get(word, 0)))


def nth_weekday(match: Match, ground: Ground) -> Piece | None:
    """来月の第2火曜, 今月の最終金曜, 最終営業日."""
    start = workdays.add_months(ground.today.replace(day=1), MONTHS.get(match[1] or "", 0))
    number_in_month = -1 if match[3] else number(match[2])
    if match[4].endswith("日") and len(match[4]) > 1:
        day = workdays.nth_workday(start, number_in_month, ground.calendar)
        if day and day < ground.today and not match[1]:
            day = workdays.nth_workday(workdays.add_months(start, 1), number_in_month, ground.calendar)
    else:
        day = workdays.nth_weekday(start, number_in_month, "月火水木金土日".index(match[4]))
    return day_of(match, day) if day else None


def next_workday(match: Match, ground: Ground) -> Piece:
    """翌営業日, 翌々営業日; the one after an event names no moment."""
    if ground.plain[max(0, match.start() - 1) : match.start()] == "の":
        before = ground.plain[max(0, match.start() - 3) : match.start() - 1]
        if before not in ("本日", "今日"):
            return void(match)
    steps = 2 if "々" in match[0] else 1
    return day_of(match, workdays.add_workdays(ground.today, steps, ground.calendar))


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


def weekday(match: Match, ground: Ground) -> Piece:
    """月曜日; 次の火曜 is the very next one; (金) counts only beside a date."""
    letter = match[2] or match[3]
    return weekday_piece(match, "月火水木金土日".index(letter), ground, weak=match[2] is None)


HALF_DAYS = {
    "午前": "am", "am": "am", "朝": "am", "早朝": "am", "明朝": "am", "午後": "pm", "pm": "pm", "夕方": "pm",
    "夕": "pm", "夜": "pm", "晩": "pm", "深夜": "pm", "夜中": "pm",
}  # fmt: skip


def clock(match: Match, ground: Ground) -> Piece | None:
    """17時, 午後3時半, 十時; a bare kanji hour needs company."""
    before, hour, minute, half_past = match.group(1, 2, 3, 4)
    value = number(hour)
    if value > 24:
        return None
    lone = not (hour[0].isdecimal() or before or half_past or minute or SURE_HOUR.match(ground.plain, match.end()))
    minutes = 30 if half_past else number(minute) if minute else 0
    half_day = HALF_DAYS.get(before or "", "")
    night = before in NIGHT and value < 5
    return clock_piece(match, value, minutes, "" if night else half_day, half=not (night or hour.startswith("0")), weak=lone)


NIGHT = ("夜", "晩", "深夜", "未明", "夜中")
SURE_HOUR = re.compile(r"(?:頃|ごろ)?(?:まで|に(?!的)|から|以降|頃|ごろ|、|~)")


def part(match: Match, ground: Ground) -> Piece:
    """午前中, 夕方, 朝一, 営業時間内."""
    word = match[0]
    closes = ground.calendar.closes
    if word == "始業":
        return part_piece(match, ground.calendar.opens)
    for words, to in PART_ENDS:
        if word in words:
            return part_piece(
                match, to or closes, close=to is None and word not in ("午後", "午後中"), weak=word in WEAK
            )
    return part_piece(match, closes, Precision.DAY, close=True)


PART_ENDS: tuple[tuple[frozenset[str], time | None], ...] = (
    (frozenset({"朝一番", "朝一", "朝いち", "朝イチ", "早朝", "朝方", "一番", "始業後", "始業"}), FIRST_THING),
    (frozenset({"午前中", "午前", "am", "午前便", "朝", "朝のうち", "昼前", "昼", "お昼", "午前一", "昼一"}), NOON),
    (frozenset({"午後一番", "午後一", "午後いち", "午後イチ", "昼休み明け"}), time(13)),
    (frozenset({"昼過ぎ", "午後早め", "午後早く", "お昼過ぎ", "昼すぎ"}), time(14)),
    (frozenset({"夜", "晩", "深夜", "夜間", "夜中"}), DAY_END),
    (frozenset({"午後", "午後中", "pm", "午後便", "夕方", "夕刻", "夕", "午後遅く", "夕方便"}), None),
)
WEAK = frozenset({"朝", "昼", "夜", "晩", "夕", "一番", "夜間", "午前", "始業"})
ZONES = {
    "日本": "Asia/Tokyo", "東京": "Asia/Tokyo", "米国東部": "America/New_York", "東部": "America/New_York",
    "太平洋標準": "America/Los_Angeles", "太平洋": "America/Los_Angeles", "米国西部": "America/Los_Angeles",
    "中国": "Asia/Shanghai", "英国": "Europe/London", "ドイツ": "Europe/Berlin", "中央ヨーロッパ": "Europe/Berlin",
    "韓国": "Asia/Seoul", "シンガポール": "Asia/Singapore",
}  # fmt: skip


def zone(match: Match, ground: Ground) -> Piece:
    """日本時間, 米国東部時間."""
    return Piece(match.start(), match.end(), zone=ZoneInfo(ZONES[match[1]]), weak=True)


def nth_week(match: Match, ground: Ground) -> Piece | None:
    """12月第1週, 来月の第3週: Monday to Friday, counted by Fridays."""
    month = match[1]
    start = workdays.add_months(ground.today.replace(day=1), MONTHS.get(month, 0))
    if month not in MONTHS:
        start = nearest_month(ground, None, number(month.rstrip("月"))) or start
    friday = workdays.nth_weekday(start, number(match[2]), 4)
    return span_of(match, workdays.monday(friday), friday, Precision.WEEK) if friday else None


def week_of(match: Match, ground: Ground) -> Piece:
    """の週 after a date: that date's week."""
    return Piece(match.start(), match.end(), week_of=True, weak=True)


def nothing(match: Match, ground: Ground) -> Piece:
    """毎週月曜, 四日市: no moment."""
    return void(match)


def skip(match: Match, ground: Ground) -> None:
    """Words that only look like a moment and take nothing along."""
