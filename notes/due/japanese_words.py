"""The vocabulary of Japanese words of time: names, numerals and what they are worth."""

import re
from datetime import time

from notes.due.pieces import DAY_END, FIRST_THING, NOON

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
    "今週": 0, "本週": 0, "来週": 1, "翌週": 1, "次週": 1, "次の週": 1, "再来週": 2, "さ来週": 2, "さらいしゅう": 2,
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
    r"(?:後|のち|から|より|以降|以後|次第|際は?|て|[んい]で|ときは?|時は?|場合は?|たら"
    r"|れば|なら)[、,\s]*(?:約|およそ|おおむね|概ね|遅くとも|最短|最長|最大)?$"
)
NOW = re.compile(
    r"(?:今|本日|今日|これ|只今|ただいま|現在)(?:から|より)[、,\s]?(?:約|およそ)?$"
    r"|(?:見|調べ|確かめ|聞い|考え|まとめ|急い|探し|当たっ|あたっ|作っ|直し"
    r"|(?:確認|相談|準備|整理|計算|調査|手配|検討|修正|用意|精査)(?:を)?(?:いた|致)?し)(?:まし)?て[、,\s]*(?:約|およそ|遅くとも)?$"
)
SELF = r"(?:(?:今|本日|今日|これ|只今|ただいま)(?:から|より|後)\s?、?)?"
HALF_DAYS = {
    "午前": "am", "am": "am", "朝": "am", "早朝": "am", "明朝": "am", "午後": "pm", "pm": "pm", "夕方": "pm",
    "夕": "pm", "夜": "pm", "晩": "pm", "深夜": "pm", "夜中": "pm",
}  # fmt: skip
NIGHT = ("夜", "晩", "深夜", "未明", "夜中")
PART_ENDS: tuple[tuple[frozenset[str], time | None], ...] = (
    (frozenset({"朝一番", "朝一", "朝いち", "朝イチ", "早朝", "朝方", "一番", "始業後", "始業"}), FIRST_THING),
    (frozenset({"午前中", "午前", "am", "午前便", "朝", "朝のうち", "昼前", "昼", "お昼", "午前一", "昼一"}), NOON),
    (frozenset({"午後一番", "午後一", "午後いち", "午後イチ", "昼休み明け"}), time(13)),
    (frozenset({"昼過ぎ", "午後早め", "午後早く", "お昼過ぎ", "昼すぎ"}), time(14)),
    (frozenset({"夜", "晩", "深夜", "夜間", "夜中"}), DAY_END),
    (frozenset({"午後", "午後中", "pm", "午後便", "夕方", "夕刻", "夕", "午後遅く", "夕方便"}), None),
)
WEAK = frozenset({"朝", "昼", "夜", "晩", "夕", "一番", "夜間", "午前", "始業"})
LATER_TODAY = frozenset({"昼", "夕", "夜", "晩"})
"""Weak ones that mean the day of writing where a promise is to be kept by then: 昼までに."""
ZONES = {
    "日本": "Asia/Tokyo", "東京": "Asia/Tokyo", "米国東部": "America/New_York", "東部": "America/New_York",
    "太平洋標準": "America/Los_Angeles", "太平洋": "America/Los_Angeles", "米国西部": "America/Los_Angeles",
    "中国": "Asia/Shanghai", "英国": "Europe/London", "ドイツ": "Europe/Berlin", "中央ヨーロッパ": "Europe/Berlin",
    "韓国": "Asia/Seoul", "シンガポール": "Asia/Singapore",
}  # fmt: skip
