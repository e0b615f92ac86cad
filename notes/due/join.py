"""Puts pieces that stand side by side together: week + weekday + time, date + weekday, from one moment to another.

First neighbours that say the same moment more closely ("tomorrow (Tue 11/22) by 5 pm", 来週の木曜17時), then spans.
Where a date and its weekday disagree, the date is trusted.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time

from notes import workdays
from notes.due import marks
from notes.due.pieces import Clock, Ground, Piece, count_on
from notes.model import Certainty, Precision

TOPIC = r"(?:なら|でしたら|だったら|やったら|やと)(?![うぐ])"
FILLER = re.compile(
    rf"(?: instead\b(?! of\b))?(?:[\s,、()の・は:@]|中の|までの|{TOPIC})*(?:(?:at|on|by|of|in|the|before|until|till"
    r"|around|about|no later than|for|close|from|between)\s)*\(?"
)
EVE = re.compile(r"(?:前日|前々日|当日|翌日)の")
CLOSE = re.compile(r"[\s(]*(?:i\.?e\.?,? |that is,? )?")
SPAN = re.compile(r"[)\s]*(?:~|-|から|より|to|until|till|through|thru)\s*(?:the |on |at |about )?")
CHOICE = re.compile(r"[)\s,、]*(?:or|か|または|又は|もしくは|ないし|あるいは)(?: on| by| the)*\s*")
MOVED_TO = re.compile(r"\)?(?:[へに](?:変更|延期|ずら|繰|後ろ倒|前倒|リスケ|振|移)|へ|に(?:ご)?(?:変更|延期))")
MOVED_FROM = re.compile(
    r"\b(?:mov|postpon|chang|push|reschedul|shift|delay|slip|brought|bring)[a-z]*\b[^.]{0,40}\bfrom $"
)
LONGEST_GAP = 24
# 明日7日、午前の診療が終わられる12時半に: words that only describe the hour, no clause of their own.
DESCRIBED = re.compile(r"[)\s]*(?:[、,に]|の(?=[^。、]*[るた]))[^。、,;]{1,30}[るたの](?:直後|直前|後|前|頃|ころ)?の?")
# Monday, before your first bell at 7:30; Thursday, before the shift starts at six.
DESCRIBED_EN = re.compile(
    r",? ?(?:before|by|ahead of|in time for) (?:(?:the|your|our|my|his|her|their) )?[^.,;\d]{2,30} (?:at|around|about) "
)
# The fitting is set for 4 May: we start at 8:30.
LED_TO_EN = re.compile(r"[ a-z,()'-]{0,30}: [ a-z,()'-]{2,60}\b(?:at|from|around|about|by|before|between) ")
# Friday is free, so I'll come by at ten; I'm free on Friday, so I'll come by at ten.
GOES_THEN = (
    r"[,;]? (?:- )?(?:so|and|then)(?: then)? (?:i|we|he|she|they|you|(?:our |my |the )?[a-z]+)"
    r"(?:'ll|'m|'re| will| can| could| am| are| is| shall) [a-z .'&-]{1,60}\b(?:at|from|around|about|by|before) "
)
SUITS_EN = re.compile(
    r"(?:'s| is| looks| would be| will be|'ll be)?(?: (?:still|also|wide|all|perfectly|quite|just))?"
    r" (?:open|free|clear|fine|good|great|ok|okay|perfect|possible|best|available|works|suits|will do|it is)"
    r"(?: (?:for|with|on|at) [a-z' ]{1,30}?| (?:me|us|him|her|them|everyone|everybody)\b[a-z ]{0,20}?)?" + GOES_THEN
)
FREE_EN = re.compile(
    r"\b(?:free|open|available|suits?|works?|can do|could do|go with|going with|take|make it) (?:on )?$"
)
THEN_EN = re.compile(r"(?: open| free| clear| available)?" + GOES_THEN)
DENIED_EN = re.compile(r"(?:\bnot|n't|\bnever|\bno longer|\bno)\b[^,;.]{0,20}$")
OWN_CLAUSE = re.compile(r"ます|ました|です|でした|まで|迄|から|以降|たら|れば|ので|けど|[がはも]$")
LONGEST_DESCRIPTION = 40
# 明日メーカーに確かめて、夕方までに: a step on that day, and the hour of what follows.
STEP_JA = re.compile(
    r"[、,]?(?:中に|に)?[^。、がはも]{1,20}[てで][、,]"
    r"|[、,]?(?:[祝休平]日|[土日]曜|休み|急|朝早く|早い時間|遅い時間|夜分)(?:です|だ|や|ではあります|ではございます)(?:が|けど|けれど)[、,]?"
)

Joiner = Callable[[Piece, Piece, Ground], Piece | None]


def join(pieces: Sequence[Piece], ground: Ground) -> list[Piece]:
    """All that the sentence's pieces say together; pieces that mean nothing alone are dropped."""
    nearer = _fold(pieces, ground, beside)
    spans = _fold(nearer, ground, spanning)
    told = [piece for piece in spans if not (piece.weak or piece.void)]
    return _in_led_clauses(_fold(told, ground, described, gap=LONGEST_DESCRIPTION), ground)


def _fold(pieces: Sequence[Piece], ground: Ground, joiner: Joiner, gap: int = LONGEST_GAP) -> list[Piece]:
    """Join from left to right as long as neighbours go together."""
    done: list[Piece] = []
    for piece in pieces:
        near = done and piece.start - done[-1].end <= gap
        joined = joiner(done[-1], piece, ground) if near else None
        if joined:
            done[-1] = joined
        else:
            done.append(piece)
    return done


def beside(one: Piece, two: Piece, ground: Ground) -> Piece | None:
    """One moment told by two neighbours, or None where they are two moments."""
    gap = ground.plain[one.end : two.start]
    if counted := _counted(one, two, gap, ground):
        return counted
    if not FILLER.fullmatch(gap):
        return None
    if one.void and two.days and EVE.match(ground.plain, one.start):
        return replace(two, start=one.start)  # 前日の16日
    if one.void or two.void:
        return replace(one, end=two.end, void=True, count=None)
    if one.moment or two.moment:
        return _moment(one, two)
    if one.week_of or two.week_of:
        return _week_of(one, two, ground)
    days = _days(one, two, gap, ground)
    clock = _clock(one.clock, two.clock)
    if days is None or (one.clock and two.clock and not clock):
        return None
    return replace(
        days,
        start=one.start,
        end=two.end,
        clock=clock,
        zone=two.zone or one.zone,
        weak=one.weak and two.weak,
        flow=days.flow and not clock,
    )


def _counted(one: Piece, two: Piece, gap: str, ground: Ground) -> Piece | None:
    """12/1から5営業日以内, within 30 days of 1 March: counted from the day beside it."""
    day, counting = (one, two) if two.count else (two, one)
    if not counting.count or not day.days or day.count or not (FROM_JA if two.count else FROM_EN).fullmatch(gap):
        return None
    last = count_on(day.days[0], *counting.count, ground.calendar)
    return replace(day, start=one.start, end=two.end, days=(last, last), past=None, weekday=None, loose=False)


FROM_JA = re.compile(r"\)?\s?(?:から|より|の)(?:起算して)?、?\s?")
FROM_EN = re.compile(r" (?:from|after|of|following) (?:the )?")


def _moment(one: Piece, two: Piece) -> Piece | None:
    """A moment reckoned to the minute takes only an idle neighbour along."""
    idle = two if one.moment else one
    return None if idle.days or idle.clock else replace(one if one.moment else two, start=one.start, end=two.end)


def _week_of(one: Piece, two: Piece, ground: Ground) -> Piece | None:
    """12/12の週, the week of 12 December: Monday to Friday of it; the weekend of the 27th: its end."""
    day = two if one.week_of else one
    if not day.days or day.loose:
        return None
    first = workdays.monday(day.days[0])
    weekend = "end " in ground.plain[one.start : two.end]
    days = (workdays.shift(first, 5), workdays.shift(first, 6)) if weekend else (first, workdays.shift(first, 4))
    return replace(day, start=one.start, end=two.end, days=days, precision=Precision.WEEK, loose=True, weak=False)


def _days(one: Piece, two: Piece, gap: str, ground: Ground) -> Piece | None:
    """Of two neighbours the one whose days count, narrowed by the other; None where they name different days."""
    if not two.days:
        return one if one.days or not two.clock else two if not one.clock else replace(one, clock=None)
    if not one.days:
        return two if _time_first(one, gap) else None
    if two.loose and not one.loose:
        return (
            replace(two, loose=False, days=_pick(two, one.weekday), past=None, precision=Precision.DAY)
            if _only_weekday(one)
            else one
        )
    if one.loose and not two.loose:
        return _narrow(one, two)
    if one.loose and two.loose:
        return two if one.precision is not two.precision or CLOSE.fullmatch(gap) else None
    if _only_weekday(one) or _only_weekday(two):
        return _with_weekday(one, two)
    if one.days == two.days:
        return two if two.certainty is Certainty.STATED else one
    return two if CLOSE.fullmatch(gap) and two.certainty is not one.certainty else None


def _time_first(one: Piece, gap: str) -> bool:
    """Whether a time may stand before its day: "5pm today"; in Japanese only with nothing between."""
    return one.clock is None or not re.search(r"[、・(は]", gap)


def _only_weekday(piece: Piece) -> bool:
    return piece.weekday is not None


def _with_weekday(one: Piece, two: Piece) -> Piece | None:
    """A date with its weekday: the date counts. Two weekdays are two days."""
    if _only_weekday(one) and _only_weekday(two):
        return two if one.weekday == two.weekday else None
    return two if _only_weekday(one) else one


def _narrow(span: Piece, exact: Piece) -> Piece:
    """An exact day in a week or month named before it: 来週の木曜, 来月10日, 連休明けの7日."""
    if exact.weekday is not None:
        return replace(exact, days=_pick(span, exact.weekday), past=None, weekday=None, gone=span.gone)
    if exact.day_number and span.days and span.precision is Precision.MONTH:
        day = min(exact.day_number, workdays.month_end(span.days[0]).day)
        found = span.days[0].replace(day=day)
        return replace(exact, days=(found, found), past=None, gone=span.gone)
    return exact


def _pick(span: Piece, weekday: int | None) -> tuple[date, date] | None:
    """The weekday in a span: of its week, or the first one from its only day on."""
    if not span.days or weekday is None:
        return span.days
    first, last = span.days
    if span.precision is Precision.WEEK and first != last:
        day = workdays.shift(workdays.monday(first), weekday)
    else:
        day = workdays.shift(first, (weekday - first.weekday()) % 7)
    return day, day


def _clock(one: Clock | None, two: Clock | None) -> Clock | None:
    """A part of the day and an hour: the hour, morning or afternoon as the part says."""
    if not (one and two):
        return one or two
    if one.precision is Precision.MINUTE and two.precision is Precision.MINUTE:
        return two if one == two else None
    exact, part = (one, two) if one.precision is Precision.MINUTE else (two, one)
    if exact.precision is not Precision.MINUTE:
        return min(one, two, key=lambda clock: clock.to)
    return _afternoon(exact) if exact.half and part.to > time(12) else replace(exact, half=False)


def _afternoon(clock: Clock) -> Clock:
    """The same hour twelve hours later."""
    if clock.to.hour >= 12:
        return replace(clock, half=False)
    to = clock.to.replace(hour=clock.to.hour + 12)
    return replace(clock, to=to, start=clock.start and to, half=False)


def described(one: Piece, two: Piece, ground: Ground) -> Piece | None:
    """A day and, after words that describe it, its hour; a part of the day between is theirs."""
    gap = ground.plain[one.end : two.start]
    step = STEP_JA.fullmatch(gap) is not None and not one.gone and _is_plain(one, ground)
    hour = two.clock and not two.days and (step or two.clock.precision is Precision.MINUTE)
    exact = one.clock and one.clock.precision is Precision.MINUTE
    if not (hour and one.days and one.days[0] == one.days[1]) or exact or one.moment or one.spans:
        return None
    if not step and not DESCRIBED_EN.fullmatch(gap) and (not DESCRIBED.fullmatch(gap) or OWN_CLAUSE.search(gap)):
        return None
    return replace(one, end=two.end, clock=two.clock, zone=two.zone or one.zone)


def _is_plain(piece: Piece, ground: Ground) -> bool:
    """Whether a moment is neither a limit nor a mere mention."""
    return marks.read(ground.plain, piece.start, piece.end).mark is marks.Mark.AT


def _in_led_clauses(pieces: Sequence[Piece], ground: Ground) -> list[Piece]:
    """The hour of a clause is that of the day before it where a colon ties them ("on for Friday: we start at nine"), or
    where the day suits and the clause follows from it ("Friday is free, so I'll come at nine")."""
    done: list[Piece] = []
    for piece in pieces:
        done.append(_on_day_of(done[-1], piece, ground) if done else piece)
    return done


def _leads_to(plain: str, one: Piece, two: Piece) -> bool:
    gap = plain[one.end : two.start]
    if LED_TO_EN.fullmatch(gap) or SUITS_EN.fullmatch(gap):
        return True
    free = FREE_EN.search(plain[: one.start]) or re.match(" (?:open|free|clear|available)", gap)
    return bool(free and THEN_EN.fullmatch(gap)) and not DENIED_EN.search(plain[: one.start])


def _on_day_of(one: Piece, two: Piece, ground: Ground) -> Piece:
    exact = two.clock and not two.days and not two.moment and two.clock.precision is Precision.MINUTE
    known = one.days and one.days[0] == one.days[1] and not (one.clock or one.gone or one.loose)
    if not (exact and known) or not _leads_to(ground.plain, one, two):
        return two
    setting = marks.read(ground.plain, one.start, one.end)
    if setting.mark is not marks.Mark.AT or setting.tense is marks.Tense.PAST:
        return two
    return replace(two, days=one.days, past=one.past, certainty=one.certainty)


# --- spans -------------------------------------------------------------------------------------------------------


def spanning(one: Piece, two: Piece, ground: Ground) -> Piece | None:
    """From one moment to another, or one of two: in time until the later."""
    gap = ground.plain[one.end : two.start]
    if one.void or two.void or one.weak or two.weak or one.moment or two.moment:
        return None
    between = gap.strip() == "and" and ground.plain[: one.start].endswith("between ")
    if not (SPAN.fullmatch(gap) or CHOICE.fullmatch(gap) or between):
        return None
    if MOVED_TO.match(ground.plain, two.end) or MOVED_FROM.search(ground.plain[: one.start]):
        return None
    return _clock_span(one, two) if two.clock and not two.days else _day_span(one, two)


def _clock_span(one: Piece, two: Piece) -> Piece | None:
    """10:00-12:00, also with a day before: 明日午前10時から12時."""
    if not (one.clock and two.clock):
        return None
    first, last = one.clock, two.clock
    if last.half and last.to < first.to:
        last = _afternoon(last)
    if first.half and not last.half and first.to.hour + 12 <= last.to.hour:
        first = _afternoon(first)
    both_half = first.half and last.half and first.to.hour < 7
    if both_half:
        first, last = _afternoon(first), _afternoon(last)
    clock = replace(last, start=first.to, half=False)
    return replace(one, end=two.end, clock=clock, zone=two.zone or one.zone, spans=True)


def _day_span(one: Piece, two: Piece) -> Piece | None:
    """Monday to Wednesday, 12/5〜12/7, 10:00-12:00 on Friday."""
    if not two.days:
        return None
    if not one.days:
        start = one.clock.to if one.clock else None
        clock = replace(two.clock, start=start) if two.clock and start else two.clock
        return replace(two, start=one.start, clock=clock, spans=True) if one.clock and two.clock else None
    first, last = one.days[0], two.days[1]
    if last < first and one.past and one.past[0] <= last:
        first = one.past[0]  # a span that has begun: 10/1〜11/7, written in between
    while last < first:
        step = _next(two, last)
        if step <= last:
            return None
        last = step
    clock = two.clock and replace(two.clock, start=one.clock.to if one.clock else None)
    return replace(
        two,
        start=one.start,
        days=(first, last),
        past=None,
        clock=clock,
        weekday=None,
        spans=True,
        gone=two.gone and one.gone,
    )


def _next(piece: Piece, day: date) -> date:
    """The following day that the same words can mean."""
    if piece.weekday is not None:
        return workdays.shift(day, 7)
    if piece.day_number:
        return workdays.add_months(day, 1)
    return workdays.add_months(day, 12) if piece.past != piece.days else day
