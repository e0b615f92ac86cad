"""A writer's new text read for promises: who will do what by when, in which words.

What a sentence commits to is told by `notes.commitments`, lists and tables by `notes.schedules`, by which day by
`notes.promised_day`; here each gets its score. Groups of `notes.phrases` used here:

* `bare`, `not-bare`: notes without a verb ("Quote: Friday"), in which `<date>` stands for a date; `label`, `not-label`:
  those whose noun is not known for a deed;
* `thing-dated`, `thing-dated-last`: "the quote Thursday and the drawings Monday", one verb for several things and days;
* `leans` (`notes.leaning`): signs that a dated sentence without a word that commits is a promise;
* `bargain`: what the reader does first, and gets something for ("a yes by Friday means it is up on Monday");
* `hedge` makes a promise less sure; `step` is on the way to a deed and none itself; `among-us` concerns nobody outside.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice, pairwise

from notes.commitments import JAPANESE, MOST_CLAUSES, Reading, is_their_own, readings
from notes.due import find_dates
from notes.leaning import clauses, is_of_the_world, leaning, marked, may_lean
from notes.model import By, Calendar, Certainty, DateFound, Due, PromiseFound
from notes.phrases import Phrases, Rule, plain
from notes.promised_day import Text, choose, dates_in, due_day, of_day_above
from notes.schedules import Schedule, masked, names_day, schedule
from notes.sentences import Sentence, split

MOST_PROMISES = 50
DOUBTED = ("ja-plain", "ja-kana")
"""Any verb at all: what else its clause says may tell that it is no deed of ours."""
OFFERED = "ja-can-give"
LONGEST_NOTE = 70
MOST_DEEDS = 8
TWO_DEEDS = re.compile(
    r"ますので[、,]|(?<=[りけえいび一-龠])し[、,]|; |,? and (?:then )?(?=(?:I|we|he|she|you|the|our|your)\b)"
    r"|,? and (?=[A-Z][a-z]+(?:'ll| will| is| comes| brings| calls| rings| fits| visits| does| collects| delivers)\b)"
    r"|, (?=(?:I|we|you|he|she)(?:'ll|'re| will| get| have)\b)"
    r"|,? and (?=(?:on |by |before |from )?(?:next |this )?(?:\w{3,6}day|tomorrow)(?: [a-z]+)? (?:I|we|you)\b)"
    r"|, so (?=(?:I|we|you|the|it|that|\w+day)\b)"
)
STEM = re.compile(r"(?<=[いきしちにびみりえけせてねべめれ])(?<!通り)(?<!限り)(?<!とおり)[、,]")
SAYS_ONLY_WHEN = re.compile(r"[^をがは]*(?:(?<=[にで])は[^をがは]*)?(?<=[しきりぎび])ます[。.]?")
NAMES_THING = re.compile(r"^(?!.*(?:連絡|回答|報告|返事)).*[をは]")
ONLY_ARRIVES = re.compile(
    r"(?:(?<=に)は|[^をがはも。、])*(?:(?:着き|届き|到着(?:いた|致)?し)ます|(?:着|到着)(?:の?(?:見込み|予定))?(?:です|でございます))[ねよ]?[。.]?"
    r"|(?:you(?:'ll| will| should)? (?:have|get|receive) (?:it|them|that|everything)"
    r"|(?:it|they|that)(?:'ll| will| should) (?:be (?:with|at)|arrive|reach|land|get to|come))\b.*"
)
AFTER_DEED = re.compile(
    r"([一-龠ァ-ヶー]{2,6}?)(?:を?終え|が?終わっ|完了)?(?:後|のあと|した(?:後|あと)|して|て)?(?:から)?(?:、)?(?=\d{1,2}(?:営業日|日|週間))"
)
SENDS = re.compile(r"発送|出荷|送[りる付]|積[みむ載]|投函|[出載乗]せ|出し")
OUR_END = re.compile(r"(?:終わり|でき|出来上がり|仕上がり|完了し?|済み|まとまり|完成し?|揃い|整い)次第")
NO_DUE = Due()
DATED, HEDGED, SUREST = 0.05, 0.1, 0.98


def detect(
    text: str, *, said_at: datetime, by: By, who: str, calendar: Calendar, phrases: Phrases
) -> tuple[PromiseFound, ...]:
    """The promises in a writer's new text (signature, greeting and quotes already left out), in order.

    `said_at` is aware and in the writer's zone: dates are reckoned from it. A user's own words beat ours.
    """
    view = Text(split(text), said_at, calendar, phrases)
    plan = schedule(view.sentences, lambda text: _commits(text, phrases), view.dates, phrases)
    found: list[PromiseFound] = []
    last: list[PromiseFound] = []
    for index in range(len(view.sentences)):
        last = _in_sentence(view, index, plan, by, who) or _leaning(view, index, plan, by, who, last)
        found += last
        if len(found) >= MOST_PROMISES:
            break
    kept = [one for at, one in enumerate(found) if not (_said_better_next(found, at) or _arrives(found, at))]
    return tuple(_counted_from(one, kept, view) for one in kept)


def _in_sentence(view: Text, index: int, plan: Schedule, by: By, who: str) -> list[PromiseFound]:
    """The promises of one sentence: none, one, or two deeds with a day each."""
    sentence = view.sentences[index]
    text = plain(sentence.text)
    for reading in readings(text, view.phrases):
        dated = due_day(view, index, reading)
        if by is By.THEM and (reading.rule.name == OFFERED or is_their_own(text, reading, view.phrases)):
            continue
        if by is By.US and reading.rule.name in DOUBTED and is_of_the_world(text[: reading.end], view.phrases):
            continue
        if dated is None and (index in plan.intros or (reading.needs_date and not _waits(text, reading, view.phrases))):
            continue
        made = _promise(view, sentence.text, reading, dated, by, who)
        return _several(view, made) or [made]
    if index in plan.items:
        return [_promise(view, sentence.text, Reading(PLANNED, 0, len(text)), plan.items[index], by, who)]
    return _note(view, sentence.text, who) if by is By.US and index not in plan.others else []


PLANNED = Rule("planned", 0.75, "")


def _commits(text: str, phrases: Phrases) -> bool:
    return next(readings(text, phrases), None) is not None


def _waits(text: str, reading: Reading, phrases: Phrases) -> bool:
    """Whether it says how long after a condition is met: "once it is paid, it ships the next day"."""
    return reading.conditional and phrases.has("span", text[reading.start : reading.end])


def _several(view: Text, made: PromiseFound) -> list[PromiseFound]:
    """The promises of a sentence that holds more than one."""
    return _by_one_verb(view, made) or _two_deeds(view, made) or _deed_before_condition(view, made)


def _two_deeds(view: Text, made: PromiseFound) -> list[PromiseFound]:
    """ "We ship ten on Thursday; the rest follows on Monday" is two promises, if either part names its day."""
    text = made.quote
    if made.due.to is None or made.conditional or view.phrases.has("step", plain(text)):
        return []
    return _two_halves(view, made) if JAPANESE.search(text) else _deeds(view, made)


def _two_halves(view: Text, made: PromiseFound) -> list[PromiseFound]:
    """Of a Japanese sentence the first keeps the whole as its quote, for its end is in the second."""
    text = made.quote
    for cut in islice(TWO_DEEDS.finditer(text), MOST_CLAUSES):
        one = _half(view, f"{text[: cut.start()]}{_finished(cut[0])}", made)
        two = _half(view, text[cut.end() :], made)
        if two and ONLY_ARRIVES.fullmatch(plain(two.quote)):
            return [replace(made, due=two.due)]
        if one and two and one.due != two.due and made.due in (one.due, two.due):
            return [replace(one, quote=text), two]
    return []


def _deeds(view: Text, made: PromiseFound) -> list[PromiseFound]:
    """The deeds of an English sentence, each with a day of its own; what is none belongs to the one before it, or to
    the first. Where the last only tells when the thing arrives, there is one, due then."""
    text, begin = made.quote, 0
    cuts = [cut.span() for cut in islice(TWO_DEEDS.finditer(text), MOST_DEEDS)]
    found: list[PromiseFound] = []
    for end, after in [*cuts, (len(text), len(text))] if cuts else []:
        one = _half(view, text[begin:end], made)
        if one and found and ONLY_ARRIVES.fullmatch(plain(one.quote)):
            return [replace(made, due=one.due)] if len(found) == 1 else []
        if one and all(one.due != before.due for before in found):
            found.append(one)
        if found:
            begin = after
    if len(found) < 2 or all(made.due != one.due for one in found):
        return []
    return [part for one in found for part in _by_one_verb(view, one) or [one]]


def _by_one_verb(view: Text, made: PromiseFound) -> list[PromiseFound]:
    """Each thing with its day: 「初校は18日に、再校は1日にお出しします」, "the quote Thursday and the rest Monday"."""
    parts = _parts(view, made.quote)
    if len(parts) < 2 or made.conditional:
        return []
    dated = [_last_day(view, part) for part in parts]
    if any(one is None for one in dated):
        return []
    return [replace(made, quote=part, due=one.due) for part, one in zip(parts, dated, strict=True) if one]


def _parts(view: Text, text: str) -> list[str]:
    """A sentence cut behind each thing that has its day."""
    ends, start = [0], 0
    for cut in islice(re.finditer(r"[、,，]|\s(?=and\s)", text), MOST_CLAUSES):
        if _matches(view, "thing-dated", text[start : cut.end()]):
            ends.append(start := cut.end())
    if not _matches(view, "thing-dated-last", text[start:]):
        ends = ends[:1] if view.dates(plain(text[start:])) else ends[:-1]  # 「…それぞれお届けします」
    return [text[one:two].strip() for one, two in pairwise([*ends, len(text)])]


def _matches(view: Text, group: str, part: str) -> bool:
    text = plain(part)
    return view.phrases.has(group, masked(text, view.dates(text)))


def _last_day(view: Text, part: str) -> DateFound | None:
    text = plain(part)
    return choose(text, view.dates(text), 0, len(text), view.phrases)


def _deed_before_condition(view: Text, made: PromiseFound) -> list[PromiseFound]:
    """「本日中に申請を行い、受理され次第、控えをお送りします」: a deed of its own, and one that waits."""
    if not made.conditional:
        return []
    for cut in islice(STEM.finditer(made.quote), MOST_CLAUSES):
        first, rest = made.quote[: cut.start()], made.quote[cut.end() :]
        if view.phrases.has("condition", plain(first)):
            return []
        one = _half(view, f"{first}ます", made)
        if view.phrases.has("step", plain(first)):
            return [replace(made, due=one.due, conditional=False)] if one and OUR_END.match(plain(rest)) else []
        if one:
            return [replace(one, quote=made.quote[: cut.end()]), replace(made, quote=rest)]
    return []


def _finished(cut: str) -> str:
    """The end of the first half as the end of a sentence."""
    return "ます" if cut.startswith("ます") else "します" if cut.startswith("し") else ""


def _half(view: Text, text: str, whole: PromiseFound) -> PromiseFound | None:
    half = replace(view, sentences=(Sentence(text, 0),))
    for reading in readings(plain(text), view.phrases):
        dated = due_day(half, 0, reading)
        if dated and not reading.conditional:
            return _promise(view, text, reading, dated, whole.by, whole.who)
    leant = None if JAPANESE.search(text) else _leant(half, 0, whole.by, whole.who)
    return leant if leant and not leant.conditional else None


def _note(view: Text, text: str, who: str) -> list[PromiseFound]:
    """What we note down without a verb: "Quote: Friday", 「図面→木曜」. Others' notes may be wishes."""
    bare = plain(text).rpartition("; ")[2]
    dates = view.dates(bare) if len(bare) <= LONGEST_NOTE and names_day(bare) else ()
    rule = _noted(bare, dates, view.phrases) if dates else None
    if rule is None or any(view.phrases.has(group, plain(text)) for group in ("not-bare", "never", "machine")):
        return []
    dated = choose(bare, dates, 0, len(bare), view.phrases)
    return [_promise(view, text, Reading(rule, 0, len(bare)), dated, By.US, who)] if dated else []


def _noted(text: str, dates: Sequence[DateFound], phrases: Phrases) -> Rule | None:
    """What makes a note of ours one of a deed: a noun known for it, else any label that names nothing else."""
    note = masked(text, dates)
    rule = phrases.find("bare", note)
    if rule is None and (rule := phrases.find("label", note)) and phrases.has("not-label", text):
        return None
    return rule


def _leaning(
    view: Text, index: int, plan: Schedule, by: By, who: str, above: Sequence[PromiseFound]
) -> list[PromiseFound]:
    """What no word commits to, with a day to come: "With you by Friday noon." Others' days are wishes or needs, and a
    day said again is that of the promise `above`."""
    made = None if index in plan.foreign else _leant(view, index, by, who, above)
    return (_by_one_verb(view, made) or _two_deeds(view, made) or [made]) if made else []


def _leant(view: Text, index: int, by: By, who: str, above: Sequence[PromiseFound] = ()) -> PromiseFound | None:
    quote, phrases = view.sentences[index].text, view.phrases
    text = plain(quote)
    if not names_day(text) or not may_lean(text, phrases, by):
        return None
    dates = dates_in(view, index)
    signs = marked(text, dates)
    bargain = phrases.last("bargain", signs)
    for start, end in clauses(signs, bargain):
        dated = choose(text, dates, start, end, phrases)
        ahead = dated is not None and dated.due.to is not None and dated.due.to > view.said_at
        waits = dated is None and phrases.has("span", text[start:end])
        rule = _rule(view, signs[start:end], by) if ahead or waits else None
        dated = dated and of_day_above(view, index, dated)
        if rule and not any(dated and one.due == dated.due for one in above):
            reading = Reading(rule, start, end, conditional=bool(bargain) or _has_condition(text, phrases))
            return _promise(view, quote, reading, dated, by, who)
    return None


def _rule(view: Text, clause: str, by: By) -> Rule | None:
    """What makes a clause lean to a promise, as a whole or, where each thing has its day, in one of its parts."""
    if whole := leaning(clause, view.phrases, by):
        return whole
    parts = _parts(view, clause) if by is By.US and JAPANESE.search(clause) else []
    return next(filter(None, (leaning(plain(part), view.phrases) for part in parts)), None) if len(parts) > 1 else None


def _has_condition(text: str, phrases: Phrases) -> bool:
    return phrases.has("condition" if JAPANESE.search(text) else "condition-en", text)


def _said_better_next(found: Sequence[PromiseFound], at: int) -> bool:
    """One promise: "Let me check. You'll hear from me by noon.", 「お作りします。12日にはお届けします」."""
    after = found[at + 1] if at + 1 < len(found) else None
    if after is None or after.due.to is None or found[at].due.to is not None or found[at].conditional:
        return False
    if found[at].rule == "en-let-me":
        return after.rule in ("en-will", "en-you-have")
    return bool(NAMES_THING.search(found[at].quote) and SAYS_ONLY_WHEN.fullmatch(after.quote))


def _counted_from(one: PromiseFound, others: Sequence[PromiseFound], view: Text) -> PromiseFound:
    """A span that runs from a deed promised beside it runs from its day: 「調査は19日です。調査後5営業日で…」"""
    text = plain(one.quote)
    after = AFTER_DEED.search(text) if one.due.to is None and view.phrases.has("span", text) else None
    deed = next((o.due.to for o in others if after and o.due.to and after[1] in plain(o.quote)), None)
    if after is None or deed is None:
        return one
    dates = find_dates(text[after.end() :], said_at=deed, calendar=view.calendar)
    dated = next((found for found in dates if found.due.to and found.deadline), None)
    return replace(one, due=dated.due, certainty=Certainty.RELATIVE) if dated else one


def _arrives(found: Sequence[PromiseFound], at: int) -> bool:
    """Whether a sentence only tells when what the promise before sends gets there: 「発送します。翌日着です。」"""
    before = found[at - 1] if at else None
    sent = before is not None and before.due.to is not None and SENDS.search(before.quote)
    return bool(sent and ONLY_ARRIVES.fullmatch(plain(found[at].quote)))


def concerns_outside(found: PromiseFound, phrases: Phrases) -> bool:
    """Whether what a colleague writes down for himself is owed to somebody outside: asking one's boss is not."""
    return not phrases.has("among-us", plain(found.quote))


def was_told(found: PromiseFound) -> bool:
    """Whether a colleague writes down what the customer was promised by mouth: in talk among us only this counts."""
    return found.rule.startswith("told-")


def _promise(view: Text, quote: str, reading: Reading, dated: DateFound | None, by: By, who: str) -> PromiseFound:
    return PromiseFound(
        quote=quote,
        by=by,
        who=who,
        due=dated.due if dated else NO_DUE,
        certainty=dated.certainty if dated else Certainty.GUESSED,
        conditional=reading.conditional,
        score=_sureness(reading, plain(quote), dated=dated is not None, phrases=view.phrases),
        rule=reading.rule.name,
        moves=reading.moves,
    )


def _sureness(reading: Reading, text: str, *, dated: bool, phrases: Phrases) -> float:
    """How surely a sentence is a promise: by its words, more with a day, less if it hedges or waits for something."""
    score = reading.rule.score + (DATED if dated else 0)
    score -= HEDGED * (phrases.has("hedge", text) + reading.conditional)
    return round(min(SUREST, max(0.0, score)), 2)
