"""Addresses and dates as clients print them in header blocks: for people, in their language, not as RFC 5322 has it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from notes.model import Address

_MAX_VALUE = 4000
_MAX_PEOPLE = 200
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,80}@[\w-]{1,80}(?:\.[\w-]{1,80}){1,8}")
_NOTES_NAME = re.compile(r"([^/@<>]{1,60})(?:/[^/@<> ][^/@<>]*)+(?:@\S+)?\Z")
_QUOTES = "\"'“”„«»‚‘’「」『』 \t\u3000\xa0"

_MONTHS = {
    1: "jan,ene,gen,янв,січ,oca,tammi,sty,led,sij,ian",
    2: "feb,fév,fev,фев,лют,şub,helmi,lut,úno,velj,febr",
    3: "mar,mär,mrz,mrt,maart,maalis,мар,бер,bře,ožu,már",
    4: "apr,abr,avr,апр,кві,nis,huhti,kwi,dub,tra,ápr",
    5: "may,mai,maj,mei,mag,май,мая,тра,touko,kvě,svi,máj",
    6: "jun,juin,giu,июн,чер,haz,kesä,cze,čer,jún,iun,lipanj,lipnja",
    7: "jul,juil,lug,июл,лип,tem,heinä,lip,červenec,července,júl,iul,srpanj,srpnja",
    8: "aug,ago,aoû,aou,авг,сер,ağu,elo,sie,srp,kol",
    9: "sep,set,сен,вер,eyl,syys,wrz,zář,ruj,sze",
    10: "oct,okt,ott,out,окт,жов,eki,loka,paź,říj",
    11: "nov,ноя,лис,kas,marras,lis,stu,noi",
    12: "dec,dic,dez,déc,дек,гру,ara,joulu,gru,pro",
}
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split(",")}
_LONGEST = max(map(len, _MONTH_OF))

_ZONES = {
    name: minutes
    for minutes, names in {
        540: "jst kst", 480: "sgt hkt", 330: "ist", 180: "eest msk мск trt", 120: "cest mesz selč eet",
        60: "cet mez seč bst west", 0: "utc gmt wet", -240: "edt", -300: "est cdt", -360: "cst mdt",
        -420: "mst pdt", -480: "pst akdt", -540: "akst", -600: "hst", 600: "aest", 660: "aedt",
    }.items()
    for name in names.split()
}  # fmt: skip
"""Minutes east of UTC of the zone names that clients print."""

_YMD = re.compile(r"((?:19|20)\d\d) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2})")
_DMY = re.compile(r"(?<!\d)(\d{1,2})[./-] ?(\d{1,2})[./-] ?((?:19|20)?\d\d)(?!\d)")
_REIWA = re.compile(r"(?:令和|平成|R|H)\s?(\d{1,2}|元)[年./](\d{1,2})[月./](\d{1,2})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d:.+-])(\d{1,2})(?:st|nd|rd|th)?(?![\d:]|[.:]\d\d)")
_TIME = re.compile(
    r"(?P<before>午前|午後|[AaPp]\.?[Mm]\.?)? ?(?<![\d+])(?P<h>\d{1,"
    r"2})(?:[:.時h] ?(?P<m>\d{2})(?:[:.分] ?(?P<s>\d{2}))?)分?(?!\d)\s?(?P<after>[AaPp]\.?[Mm]\b\.?)?"
)
_OFFSET = re.compile(
    r"(?:(?:UTC|GMT) ?(?P<sign1>[+-])(?P<h1>\d{1,2})(?::?(?P<m1>\d{2}))?|"
    r"(?<![\d./-])(?P<sign2>[+-])(?P<h2>\d{2}):?(?P<m2>\d{2}))(?!\d)"
)
_NAMED = re.compile(r"(?<![^\W\d_])([A-ZМСКŠČ]{3,4}|[A-Z]{2,3}[Čč])(?![^\W\d_])")


def people(value: str) -> tuple[Address, ...]:
    """The people of a printed From, To or Cc: `Name <a@b>; Name [mailto:a@b], "Last, First" <a@b>`, bare names too.

    Addresses are lower case; a name that only repeats the address is left out.
    """
    found: list[Address] = []
    pending = ""
    for part, divider in _parts(value[:_MAX_VALUE]):
        text = f"{pending}, {part}" if pending else part
        pending = ""
        if _MAIL.search(text) or divider == ";":
            found.append(_person(text))
        else:
            pending = text
    if pending:
        found.extend(
            _person(name) for name in (pending.split(", ") if not found or pending.count(",") > 1 else [pending])
        )
    return tuple(person for person in found if person.name or person.address)[:_MAX_PEOPLE]


def _parts(value: str) -> Iterator[tuple[str, str]]:
    """The value cut at commas and semicolons outside double quotes and angle brackets."""
    start, quoted, depth = 0, False, 0
    for index, char in enumerate(value):
        if char == '"':
            quoted = not quoted
        elif char in "<[" and not quoted:
            depth += 1
        elif char in ">]" and not quoted:
            depth = max(0, depth - 1)
        elif (char in ",;、；" and not quoted and not depth) or (
            char == "," and depth and _MAIL.search(value[start:index])
        ):
            yield value[start:index].strip(), ";" if char in ";；" else ","
            start = index + 1
    yield value[start:].strip(), ";"


def _person(text: str) -> Address:
    text = re.sub(r"(?i)\s*\b(?:on behalf of|im auftrag von|の代理で送信)\b.*\Z", "", text) or text
    mail, notes = _MAIL.search(text), _NOTES_NAME.match(text)
    if notes and not mail:
        return Address(notes[1].strip(_QUOTES), "")
    if not mail:
        return Address(text.strip(_QUOTES + "<>[]"), "")
    name = re.split(r"[<\[(]\s*(?:mailto:)?\s*(?=[^<\[(]*@)", text, maxsplit=1)[0]
    if mail.start() == 0 or mail[0] in name:
        name = text[mail.end() :] if mail.start() == 0 else name.replace(mail[0], "")
        name = re.sub(r"<[^>]*>?|\[[^\]]*\]?|mailto:", "", name).strip(" ()<>")
    name = name.strip(_QUOTES).strip("<>[]").strip(_QUOTES)
    address = mail[0].strip(".'").lower()
    return Address("" if name.casefold() == address else name, address)


def moment(value: str, zone: tzinfo) -> datetime | None:
    """The moment a client printed, aware; in `zone` unless the text names an offset. None where it names no day.

    Read are RFC 5322 dates, `2011年12月8日(木) 午後5:53`, `2011/12/08 9:18`, `Monday, December 5, 2022 10:00 AM`,
    `28/10/2021 12:46` (month first only with AM/PM), `17 août 2022 à 09:06:24 UTC+2` and the like in other languages.
    """
    value = value[:200].replace("\u200e", "").replace("\u200f", "").strip()
    if re.match(r"[A-Za-z]{3},? \d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", value):
        try:
            return parsedate_to_datetime(value)
        except ValueError:
            return None
    day, rest = _day(value)
    if day is None:
        return None
    hour, minute, second = _time(rest)
    try:
        return datetime(*day, hour, minute, second, tzinfo=_zone(value, zone))
    except ValueError:
        return None


def _day(value: str) -> tuple[tuple[int, int, int] | None, str]:
    """Year, month, day, and the text without them."""
    found = _YMD.search(value)
    if found:
        return (int(found[1]), int(found[2]), int(found[3])), value[: found.start()] + " " + value[found.end() :]
    found = _REIWA.search(value)
    if found:
        base = 2018 if found[0][0] in "令R" else 1988
        return (base + (1 if found[1] == "元" else int(found[1])), int(found[2]), int(found[3])), value[found.end() :]
    day, rest = _worded_day(value)
    found = None if day else _DMY.search(value)
    if found:
        return _ambiguous(found, value), value[: found.start()] + " " + value[found.end() :]
    return day, rest


def _ambiguous(found: re.Match[str], value: str) -> tuple[int, int, int]:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if year < 32 and re.search(r"[ぁ-んァ-ヶ一-龥]", value):
        return first + 2000, second, year  # 11/12/08: Japanese clients begin with the year
    american = second > 12 or (first <= 12 and bool(re.search(r"\d ?[AP]M\b", value)))
    month, day = (first, second) if american else (second, first)
    return (year + 2000 if year < 100 else year), month, day


def _worded_day(value: str) -> tuple[tuple[int, int, int] | None, str]:
    year = _YEAR.search(value)
    if not year:
        return None, value
    rest = value[: year.start()] + "  " + value[year.end() :]
    month = next((m for word in re.findall(r"[^\W\d_]{3,}", rest) if (m := _month(word.casefold()))), 0)
    day = _DAY.search(rest)
    if not month or not day:
        return None, value
    return (int(year[1]), month, int(day[1])), rest[: day.start()] + "  " + rest[day.end() :]


def _month(word: str) -> int:
    """The month a word names; weekday names that begin alike (`Marts`, `mardi`, `martes`) are told apart."""
    if word.startswith(("mardi", "marted", "martes", "marț", "marti")):
        return 0
    return next(
        (_MONTH_OF[word[:size]] for size in range(min(len(word), _LONGEST), 2, -1) if word[:size] in _MONTH_OF), 0
    )


def _time(text: str) -> tuple[int, int, int]:
    found = _TIME.search(_OFFSET.sub(" ", text))
    if not found:
        return 0, 0, 0
    hour = int(found["h"])
    half = (found["before"] or found["after"] or "").lower()
    if half.startswith(("午後", "p")) and hour < 12:
        hour += 12
    elif half.startswith(("午前", "a")) and hour == 12:
        hour = 0
    return hour, int(found["m"] or 0), int(found["s"] or 0)


def _zone(value: str, zone: tzinfo) -> tzinfo:
    found = _OFFSET.search(value)
    if found:
        sign = -1 if (found["sign1"] or found["sign2"]) == "-" else 1
        minutes = int(found["h1"] or found["h2"]) * 60 + int(found["m1"] or found["m2"] or 0)
        return timezone(timedelta(minutes=sign * minutes)) if minutes < 24 * 60 else zone
    for name in _NAMED.findall(value):
        if name.casefold() in _ZONES:
            return timezone(timedelta(minutes=_ZONES[name.casefold()]))
    return zone
