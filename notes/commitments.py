"""What a sentence can commit its writer to. Whether it does, its date decides (`notes.promises`).

Words are data (`notes.phrases`); this module knows where they must stand. Groups used here:

* `commit` (Japanese, how a clause ends), `commit-en` (English, anywhere), `commit-dated`, `commit-en-dated` (these only
  together with a date), `not-commit`, `not-commit-en` (the same place, but no promise);
* `never`, `machine` and `reported` (the whole sentence is none), `offer` ("if you wish"), `condition`, `condition-en`
  ("once it has come");
* `sooner-if`: "by noon, sooner if I can", which waits for nothing; `unless-objected`: "on Friday unless you'd rather
  not", which holds until somebody objects;
* `mail-act` with `later`, `now` and `now-perhaps`: "I send you" tells what this mail does unless a later moment is
  meant;
* `our-case`: what may befall the deed itself, a condition and no offer; `own-step`: a step of our own on the way;
* `go-ahead`: "if it is fine with you", a condition where a day is named;
* `their-own`, `asks-before-it`, `asks-you-to-move`: what a customer does for himself, what he wants before, and what he
  wants us to do later;
* `told`, `told-in-memo` (a promise given by mouth and written down; `their-word`: the other side's), `ask-time` (asks
  for a later date).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from notes.phrases import Phrases, Rule
from notes.schedules import names_day

FAR_FROM_ITS_DATE = 40
MOST_READINGS = 5
MOST_CLAUSES = 4
AND_WILL = "en-and-will"
"""What stands before its verb is another deed, with a day of its own."""
TOLD_WITH_DATE = ("told-ja", "told-en-now")
STATED = "(?<=[きぎしちにびみりえけげせぜてねべめれ]ます)"
"""Behind a verb that states what is done: at a comma there a clause ends, 「送ります、代金は結構です」."""
CLAUSE_END = re.compile(
    r"(?:(?<=ますので)|(?<=ますんで)|(?<=ますが)|(?<=ますから)|(?<=ますし)|(?<=ましたので)|(?<=ですので))[、,]?"
    rf"|(?:{STATED}|(?<=まして)|(?<=ですが)|(?<=ましたが)|(?<=ところ)|(?<=(?:ました|ります|します)うえで))[、,]"
    r"|(?<=[うくすつぬむぶぐる](?:ので|から|んで))[、,]|(?<=ません[がの])で?[、,]?|;"
)
LOOSE_END = re.compile(
    r"(?:[。.!?、,;\s」』~〜ー♪☆★^…]|[(][^()]{0,40}[)]|うえで"
    r"|(?<=す)(?:ので|んで|が|から|けれども?|けど|し|ね|よ|わ|な|ため|[ねよわな]ー|ー)|(?<=[いた])ので)+$"
)
DRAWN = re.compile(r"まー+す|まっ(?:せ|さ|す)(?![ぁ-んァ-ヶ一-龠])")
JAPANESE = re.compile(r"[\u3040-\u9fff]")
LATIN = re.compile("[A-Za-z]{2}")
# Where a main clause of an English sentence can begin, behind one that leads up to it.
MAIN_CLAUSE = re.compile(r"; |: | - |, (?:and |but |so |then )?|(?<=\w) (?:and|but|so) (?=(?:the|I|we|our|your)\b)")

OWN_CLAUSE = re.compile(r"[,;:] (?:and |but |so |then )?| [-–—] | (?:and|but) ")
VOW = re.compile(
    r"(?:you have (?:my|our) word|I promise|we promise|rest assured|be assured)\b[^,;]{0,12}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence taken as a promise: its date stands between `start` and `end`, else between `lead` and `start`."""

    rule: Rule
    start: int
    end: int
    lead: int = 0
    needs_date: bool = False
    conditional: bool = False
    moves: bool = False


def readings(text: str, phrases: Phrases) -> Iterator[Reading]:
    """What a sentence (in the form of `phrases.plain`) can commit to, likeliest first: the first that finds the date
    it needs counts. A user's own words beat ours.
    """
    if phrases.own and phrases.find_own("never", text):
        return
    text = phrases.blanked("unless-objected", text)
    own = phrases.find_own("commit", text) if phrases.own else None
    if own:
        yield Reading(own, 0, len(text))
        return
    by_mouth = _by_mouth(text, phrases)
    if by_mouth:
        yield by_mouth
        return
    for one in chain(_memo(text, phrases), _japanese(text, phrases), _english(text, phrases)):
        if any(phrases.has(group, text) for group in ("never", "machine", "reported")):
            return
        yield one


def is_their_own(text: str, reading: Reading, phrases: Phrases) -> bool:
    """Whether what the other side will do is no deed for us: their own meeting, or why they want something by then."""
    clause, rest = text[: reading.end], text[reading.end :]
    if phrases.has("their-own", clause) or (reading.moves and phrases.has("asks-you-to-move", text)):
        return True
    return reading.rule.name == "ja-plain" and phrases.has("asks-before-it", rest)


def _by_mouth(text: str, phrases: Phrases) -> Reading | None:
    """A promise told of, or more time asked for."""
    told = phrases.find("told", text)
    if told and not (text.endswith("?") or phrases.has("their-word", text)):
        return Reading(told, 0, len(text), needs_date=told.name in TOLD_WITH_DATE)
    asked = phrases.find("ask-time", text)
    if asked and not phrases.has("offer", asked.pattern.sub(" ", text)):
        return Reading(asked, 0, len(text), needs_date=True, moves=True)
    return None


def _memo(text: str, phrases: Phrases) -> Iterator[Reading]:
    rule = phrases.find("told-in-memo", text)
    if rule:
        yield Reading(rule, 0, len(text), needs_date=True)


def _japanese(text: str, phrases: Phrases) -> Iterator[Reading]:
    """A Japanese sentence promises by how one of its clauses ends."""
    if not JAPANESE.search(text):
        return
    start = 0
    for end in [*(found.end() for found in CLAUSE_END.finditer(text)), len(text)]:
        tail = LOOSE_END.sub("", DRAWN.sub("ます", text[start:end]))
        asked = text[start:end].rstrip().endswith(("?", "か。", "か"))
        if JAPANESE.search(tail[-1:]) and not asked:
            reading = _japanese_clause(text, start, tail, phrases)
            if reading:
                yield reading
        start = end


def _japanese_clause(text: str, start: int, tail: str, phrases: Phrases) -> Reading | None:
    end = start + len(tail)
    rule = phrases.find("commit", tail)
    if rule and phrases.has("not-commit", tail):
        rule = None
    weak = None if rule or phrases.has("not-commit-dated", tail) else phrases.find("commit-dated", tail)
    chosen = rule or weak
    if chosen is None:
        return None
    span = phrases.has("span", tail)
    if phrases.has("offer", phrases.blanked("our-case", text[:end])) and not span:
        return None
    condition = max(phrases.last("our-case", text[:end]), _condition(text[:end], phrases))
    act, later = phrases.has("mail-act", tail), bool(condition) or phrases.has("later", text[:end])
    if act and phrases.has("now", text[:end]):
        return None
    now, politely = act and phrases.has("now-perhaps", text[:end]), phrases.last("go-ahead", text[:end])
    needs = bool(weak) or now or (not later and (act or chosen.name == "ja-plain"))
    needs = needs or bool(politely) or phrases.has("stand-in", tail) or phrases.has("for-the-absent", text[:end])
    condition = max(condition, politely)
    main = min(condition, end)
    return Reading(chosen, main, end, main, needs_date=needs, conditional=bool(condition))


def _condition(text: str, phrases: Phrases) -> int:
    """Where the last condition of a text ends, or 0. That we are back at our desk is none where a day is named."""
    if names_day(text):
        text = phrases.blanked("own-step", text)
    return phrases.last("condition", text)


def _english(text: str, phrases: Phrases) -> Iterator[Reading]:
    """An English sentence promises by words that may stand anywhere in it, or begin one of its clauses."""
    if text.endswith("?") or not LATIN.search(text):
        return
    text = phrases.blanked("sooner-if", text)
    yield from _english_from(text, 0, phrases, ("commit-en", "commit-en-dated"))
    if phrases.has("offer", text):
        return
    for cut in islice(MAIN_CLAUSE.finditer(text), MOST_CLAUSES if names_day(text) else 0):
        yield from _english_from(text, cut.end(), phrases, ("commit-en-dated",))


def _english_from(text: str, begin: int, phrases: Phrases, groups: Sequence[str]) -> Iterator[Reading]:
    """The readings of a sentence from its sign `begin` on; a date must then stand there, too."""
    part = text[begin:]
    for group in groups:
        for rule in phrases.all_of(group, part):
            found = (_english_clause(part, one, rule, phrases) for one in rule.pattern.finditer(part))
            for one in islice((one for one in found if one), MOST_READINGS):
                yield one if not begin else _moved(one, begin, text, phrases)


def _lead(text: str, start: int) -> int:
    """From where on a day that stands before the sign is its own: in a long sentence only in its own clause, and all of
    it where nothing but a vow follows ("credit note on Friday, you have my word")."""
    if start < FAR_FROM_ITS_DATE or VOW.match(text, start):
        return 0
    return max((cut.end() for cut in OWN_CLAUSE.finditer(text, 0, start)), default=start)


def _moved(one: Reading, begin: int, text: str, phrases: Phrases) -> Reading:
    """A reading of a clause as one of its sentence, which may begin with a condition."""
    waits = one.conditional or phrases.has("condition-en", text[:begin])
    start = one.start + begin
    return replace(one, start=start, end=one.end + begin, lead=begin, conditional=waits)


def _english_clause(text: str, found: re.Match[str], rule: Rule, phrases: Phrases) -> Reading | None:
    if phrases.has("not-commit-en", text[found.start() : found.end() + 40]) or phrases.has("offer", text):
        return None
    weak = rule in phrases.groups.get("commit-en-dated", ())
    start, end, conditional = found.start(), len(text), False
    condition = phrases.whole("condition-en").search(text)
    if condition:
        conditional = True
        weak = weak or phrases.has("condition-of-yours", text)
        end = condition.start() if condition.start() > found.start() else end
    lead = start if conditional else _lead(text, start)
    if rule.name == AND_WILL:
        start = min(found.end(), end)
    return Reading(rule, start, end, lead, needs_date=weak, conditional=conditional)
