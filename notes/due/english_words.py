"""The vocabulary of English words of time: names, numbers and what they are worth."""

import re

Match = re.Match[str]
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = (
    r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
)
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
LONG_ORDINALS = "|".join(sorted(ORDINALS, key=len, reverse=True))
DAY_NUMBER = (
    rf"(\d{{1,2}}(?:st|nd|rd|th)?|{LONG_ORDINALS}|twenty[ -]?(?:first|second|third"
    rf"|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[ -]first)"
)
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty-five": 45, "forty": 40, "sixty": 60, "a couple of": 2, "a couple": 2, "couple of": 2, "couple": 2,
}  # fmt: skip
# Minutes before or after an hour, as they are said: "ten to four".
MINUTES = {"five": 5, "ten": 10, "twenty": 20, "twenty-five": 25, "quarter": 15, "a quarter": 15, "half": 30}
# What goes on a day and is named after it: "Monday's first class post" is Monday.
CARRIER = (
    r"(?:[a-z]+ ){0,2}(?:post|mail|van|truck|lorry|run|delivery|collection|courier|flight|ferry|train|boat|sailing|ups"
    r"|fedex|dhl|dpd|load|parcel)\b"
)
HOUR = r"(1[0-2]|[1-9](?!\d)|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
NUMBER = rf"(\d{{1,4}}(?!\d)|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?![a-z]{{2}})"
UP_TO = rf"(?:(?:\d{{1,3}}|{'|'.join(NUMBERS)})\s?(?:-|to|or|~)\s?)?{NUMBER}(?:\s?\(\d{{1,3}}\))?"
UNIT = (
    r"(?:more |full |short |further )?(minute|min|hour|hr|h|day|week|fortnight"
    r"|month|year|(?:business|working|work|week)[ -]?day|business hour|working hour)(?:s' time"
    r"|'s time|s)?(?![a-z])"
)
UNITS = {
    "min": "minute",
    "hr": "hour",
    "h": "hour",
    "fortnight": "week",
    "business hour": "hour",
    "working hour": "hour",
}
WEEK_PARTS = {
    "early": "early", "mid": "mid", "middle": "mid", "the middle of": "mid", "middle of": "mid", "late": "late",
    "later": "late", "end": "", "beginning": "early", "start": "early", "first half": "half",
    "second half": "late", "first part": "half", "sometime": "", "anytime": "", "": "",
}  # fmt: skip
MONTH_PARTS = {
    "early": "early", "mid": "middle", "middle": "middle", "late": "late", "later": "", "end": "end",
    "beginning": "first", "start": "first", "first half": "half", "second half": "late", "first part": "half",
    "sometime": "", "anytime": "", "": "",
}  # fmt: skip
PART = (
    r"(?:(early|mid|middle|late|later|end|beginning|start|first half|second half"
    r"|first part|sometime|anytime)[ -](?:of |in |on )?(?:the )?)?"
)
# "the end of June" by any of these; a day of a month needs one of these before it.
PREPOSITION = re.compile(
    r"\b(?:by|on|before|until|till?|from|to|through|thru|since|after|for|of|than"
    r"|due|between|and|or|around|about|starting|dated|mon|tues?|weds?|thu(?:rs?)?"
    r"|fri|sat|sun|[a-z]{3,6}day)[,.(]? $"
)


def day_value(text: str) -> int:
    """9, 9th, ninth, twenty-first."""
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    if text.startswith("thirt") and text != "thirteenth":
        return 31 if text.endswith("first") else 30
    if text.startswith("twenty"):
        return 21 + ORDINALS.index(text[6:].lstrip(" -"))
    return 1 + ORDINALS.index(text)


def month_value(name: str) -> int:
    """December is 12."""
    return 1 + MONTH_NAMES.index(name[:3])


def full_year(year: str | None) -> int | None:
    """2022 of 2022, 22 or '22."""
    digits = (year or "").lstrip("'")
    return None if not digits else int(digits) if len(digits) > 2 else 2000 + int(digits)
