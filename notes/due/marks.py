"""What the words around a moment say about it: a last moment, a beginning, a mere mention, or something past.

The rules look at a few words before and after; nothing here reckons.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from notes.due.english_words import CARRIER
from notes.due.figures import JAPANESE


class Mark(StrEnum):
    """How a moment is meant."""

    AT = "at"
    BY = "by"
    BEFORE = "before"
    AFTER = "after"
    FROM = "from"
    MENTION = "mention"


class Tense(StrEnum):
    """Whether the sentence tells of something past, of something to come, or of neither."""

    PAST = "past"
    COMING = "coming"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a moment is meant, and what the sentence around it tells of."""

    mark: Mark
    tense: Tense


def read(plain: str, start: int, end: int) -> Setting:
    """The setting of the moment at `start` to `end` of a folded sentence."""
    before, after = plain[max(0, start - 60) : start], plain[end : end + 60]
    japanese = bool(JAPANESE.search(before[-12:] + after[:12] + plain[start:end]))
    mark = _japanese(before, after) if japanese else _english(before, after, plain[start:end])
    if (REST_JA if japanese else REST_EN).search(after[:14] if japanese else plain):
        mark = Mark.MENTION
    if _in_condition(plain, start, end, japanese):
        mark = Mark.MENTION
    if HOURS.search(before) or RECURRING.search(before):
        mark = Mark.MENTION
    return Setting(mark, _tense_japanese(plain[end:]) if japanese else _tense_english(plain, start, end))


def _in_condition(plain: str, start: int, end: int, japanese: bool) -> bool:
    """Whether the moment belongs to a condition (金曜までにご発注いただければ, if you order by Friday)."""
    if japanese:
        found = PREDICATE_JA.search(plain[end : end + 60])
        return bool(found and found["condition"])
    clauses = CLAUSE.split(COURTESY.sub("", plain[:start]))
    return bool(CONDITION.search(clauses[-1]))


# --- Japanese: marks follow the moment ---------------------------------------------------------------------------

BY_JA = re.compile(
    r"[)\s]*(?:頃|ごろ|くらい|ぐらい|前後|あたり|辺り)?(?:に?は)?の?(?:まで|迄"
    r"|中(?![旬止断国央部心古間学小途規])|じゅう|締切|締め切り|〆|必着|厳守|期限"
    r"|納期|着(?:で|に|予定)|を?(?:目途|目処|めど|目標|目安|期日|期限))"
)
AFTER_JA = re.compile(r"[)\s]*(?:頃|ごろ)?(?:以降|以後|過ぎ|すぎ|より後|よりあと|の翌|の前日|の後)")
FROM_JA = re.compile(r"[)\s]*(?:頃|ごろ)?(?:から|より|以来)")
STARTS_JA = re.compile(
    r"[)\s]*(?:頃|ごろ)?(?:から|より)[^。、]{0,16}(?:開始|着手|始め|スタート|取りかか|取り掛か|稼働|入りま)"
)
MENTION_JA = re.compile(
    r"[)\s]*(?:付(?!き合|け?(?:にて|で)[^。、]{0,8}(?:お?送|郵送|発送|送付|発行|提出|差し|お?出し|回答|通知|投函))|発行|現在|時点|締め?の|生まれ|号|分の|開催|以来|当時"
    r"|発売|創業|設立|改訂|版|発送分|お?受領|受付|ご?依頼|ご?発注|受注|送信|着信"
    r"|受信|撮影|更新)"
)
NOUN_JA = re.compile(
    r"[)\s]*の(?![午朝夕昼夜正早遅営定]|[^。、\d]{0,6}便|速達|書留|ゆうパック|集荷|配達|配送|トラック|うち|内|\d|始業|終業|段階|方|はず|予定"
    r"|便|間|週|前半|後半|中|ところ|とお|時間|お?昼|出荷|納品|発送|着|到着|便"
    r"|回答|ご回答|あいだ|見込|お届|お?渡し|引き?渡し|納入|期限|締|〆|対応|提出|ど[こっちれ]|いずれ|一番|ほう)[^。、]{1,24}"
)
UNTIL_NOUN_JA = re.compile(
    r"の[^。、]{1,12}?(?:まで|迄|に間に合|の前(?:まで)?に)|に[^。、]{1,12}[うくすつぬむるぐ]前(?:まで)?に"
)
PREDICATE_JA = re.compile(
    r"(?P<past>まし?た(?!ら)|でした|ませんでした|いただいた|頂いた|(?<!っきり)(?<!っかり)(?<!っちり)(?<!んと)した(?![いらくが])"
    r"|った(?![らりく])|いた(?![だしらくい])|れた|えた|せた|[たの](?:とおり|通り)"
    r"|おりまして|だいており|頂いており|ところ、)"
    r"|(?P<condition>(?<!でき)(?<!であ)(?<!ろし)(?:(?:けれ|れ)ば(?!と(?:存じ|思|考え))|たら(?!せ|ず|な[いくけ]|れ)|場合|際[はに、]"
    r"|ますと(?=、)|なら(?!び))|次第)"
    r"|(?P<coming>ます|ません|です|ください|下さい|予定|たい|お願い|よう|べく|る[。と]|る$|可能|必要|でしょう|する)"
)
# What is decided or arranged is still to come.
DECIDED_JA = re.compile(
    r"(?:こと|運び|段取り|手はず|手筈)[とに](?:(?:いた|致)?し|なり)ました"
    r"|(?<=[でにを])(?:承り|(?:確定|決定|手配|予約|調整|お?約束|確保)(?:(?:いた|致)?し|させていただき)|決まり|押さえ|お受けし)(?:まし)?た"
    r"|(?<=[にへで])(?:延び|のび|延ばし|ずれ(?:込み|こみ)?|変更(?:(?:いた|致)?し|させていただき|(?:と|に)?なり)|変わり|組み(?:直し|なおし)|振り替え)(?:て(?:しまい|おり|い))?(?:まし)?た"
    r"|^[^。]{0,8}(?:空け|確保(?:いた|致)?し|取り)(?:まし|ておき(?:まし)?)た"
)
STATE_JA = re.compile(r"(?:て|で)(?:おり|い|ござい)ます$|ございます$")
REST_JA = re.compile(r"休業|休暇|不在|お休み|休み|休ん|休む|欠勤|休診|定休|休館|有休|土日|外出|出張(?!所)")
EXPIRY_JA = re.compile(
    r"(?:有効期[限間]|保証期[限間]|契約期間|契約満了|満期|誕生日|創立|会期|開催[日期]"
    r"|対象期間|集計期間|撮影日|発行日|作成日|受信日|送信日|注文日|発注日|ご?依頼日"
    r"|更新日)[はが:\s(]*$"
)
# 25日の会議のあと、その足で: that very day.
SAME_DAY_JA = re.compile(
    r"[)\s]*の[^。、\d]{1,16}(?:の?(?:あと|後)|終了後|明け|終わり|帰り)(?:に|で)?、?"
    r"(?:その(?:足|場|日|まま)|そのまま|すぐ|ただちに|直ちに|当日|同日|即日|寄)"
)
RECURRING = re.compile(r"(?:毎[日週月年朝晩]|\b(?:every|each))[^。,、]{0,12}$")
HOURS = re.compile(
    r"(?:営業時間|平日|受付時間|業務時間|診療時間|開館時間|対応時間|時間帯|定休日|営業日"
    r"|(?:opening|office|business|working|support) hours|hours|(?:are|is|'re|stays?|we) open)(?:は|:|\s"
    r"|are|is|from|が|（|\()*[^。.、,]{0,20}$"
)


def _japanese(before: str, after: str) -> Mark:
    if EXPIRY_JA.search(before):
        return Mark.MENTION
    if BY_JA.match(after):
        return Mark.BY
    if AFTER_JA.match(after):
        return Mark.AFTER
    if STARTS_JA.match(after):
        return Mark.AT
    if FROM_JA.match(after):
        return Mark.FROM
    if UNTIL_NOUN_JA.match(after):
        return Mark.BY
    if SAME_DAY_JA.match(after):
        return Mark.AT
    if MENTION_JA.match(after) or NOUN_JA.match(after):
        return Mark.MENTION
    return Mark.AT


def _tense_japanese(after: str) -> Tense:
    after = DECIDED_JA.sub("ます", after[:120])
    found = PREDICATE_JA.search(after)
    if found and found["past"]:
        return Tense.PAST
    lasting = found and STATE_JA.search(after[: found.end()])
    return Tense.COMING if found and found["coming"] not in (None, "です") and not lasting else Tense.OPEN


# --- English: marks go before the moment -------------------------------------------------------------------------

ABOUT = r"(?:the |about |around |roughly |approximately |at the latest |early |end of |\()*"
BY_EN = re.compile(
    rf"\b(?:by|until|till?|no later than|not later than|on or before|due(?: on"
    rf"| by| date)?:?|deadline(?: is)?:?|up to|within|the latest) {ABOUT}$"
)
BEFORE_EN = re.compile(rf"\b(?:before|prior to|ahead of|earlier than) {ABOUT}$")
AFTER_EN = re.compile(rf"\b(?:after|on or after|no earlier than|not before|beyond|not until|past) {ABOUT}$")
FROM_EN = re.compile(rf"\b(?:from|since|as of|as from|starting(?: on)?|beginning(?: on)?|effective) {ABOUT}$")
STARTS_EN = re.compile(r"\b(?:start|begin|commence|resume|go live)\w*\b[^.,;]{0,20}? ?(?:from|on) (?:the )?$")
THING = (
    r"(?:meeting|call|visit|order|e-?mail|invoice|delivery|demo|workshop|training"
    r"|letter|message|note|quote|shipment|session|conference|webinar|report|release"
    r"|build|version|statement|event|appointment|chat|conversation|discussion"
    r"|edition|issue|newsletter|minutes|talk|review|sync)s?"
)
MENTION_EN = re.compile(
    rf"(?:\b(?:dated|of|{THING} (?:from|of)|posted|created|born|issued|wrote on"
    rf"|sent on|written on|(?:valid|good)(?: [a-z ]{1, 20})? (?:until|till|through)|expir\w+ (?:on|at)?|as per"
    rf"|re:|valid from) (?:the )?)$"
)
OF_THING = re.compile(
    r"(?:end|middle|start|beginning|half|part|week|close|most|rest|later|instead|course"
    r"|morning|afternoon|evening|day|monday|tuesday|wednesday|thursday|friday) of (?:the )?$"
)
NAMED_THING = re.compile(rf"(?:'s?)? (?:\w+ )?{THING}\b")
ARTICLE = re.compile(r"\b(?:the|our|your|my|this|a|that|an) $")
REST_EN = re.compile(
    r"\b(?:out of (?:the )?office|on (?:annual )?leave|on holiday|on vacation"
    r"|(?:am|is|are|be) (?:away|closed|off)|office is closed)\b"
)
COMING_EN = re.compile(
    r"\b(?:will|won't|shall|going to|gonna|plan\w*|expect\w*|aim\w*|hop(?:e|ing)"
    r"|intend\w*|should|would|could|can|may|might|must|needs?|want|please|let me"
    r"|let's|to be|due|able to|target\w*|am|is|are|promise|schedul\w+|owe|give)\b"
    r"|'(?:ll|d|re|m)\b"
)
PAST_EN = re.compile(
    r"\b(?:was|were|had|did|didn't|wrote|sent|spoke|met|said|told|went|came|got"
    r"|gave|took|made|left|paid|bought|thought|felt|heard|rose|fell|grew|began"
    r"|broke|spent|held|chose|thank(?:s| you)"
    r"|(?<!the )(?<!our )(?<!your )(?<!an )(?<!a )(?<!my )[a-z]{2,}ed)\b"
)
# A clause with a subject and a verb of its own: what the others tell of is not its time.
PRESENT_EN = re.compile(r"^\s*(?:that )?(?:i|we|you|he|she|it|they|the \w+|our \w+) [a-z]+")
COURTESY = re.compile(
    r"\bif (?:possible|not sooner|need be|necessary)\b"
    r"|\b(?:mind|okay|ok|fine|alright|all right|acceptable|possible) if\b"
)
CONDITION = re.compile(r"\b(?:if|unless|once|whenever|when|provided|assuming|whether|as soon as)\b")
PLANNED_EN = re.compile(
    r"\b(?:(?:mov|postpon|chang|push|reschedul|shift|delay|slipp|brought)[a-z]* [^.;]{0,40}\bto"
    r"|(?:re)?(?:schedul|book|plann|arrang|confirm|fix|promis|pencil|pencill|slott)ed\b[^.,;]{0,30} (?:for|by)|set for"
    r"|put [\w ]{1,16} (?:in|down) (?:for|on)|(?:cleared|blocked|kept|reserved|freed|saved|set aside|held)(?: up"
    r"| out| off)?"
    r"(?: all of| the whole of)?) (?:the )?$"
)
CLAUSE = re.compile(r"[,;:]|\b(?:and|but|so|which|because|although|though)\b")


OWNED = re.compile(rf"'s? (?!time\b|{CARRIER})[a-z]")
BEFORE_THING = re.compile(r"\b(?:by|before|ahead of|in time for) (?:the |our |your |my )?$")


def _english(before: str, after: str, moment: str) -> Mark:
    if BEFORE_THING.search(before) and NAMED_THING.match(after):
        return Mark.BY
    if OWNED.match(after) or (ARTICLE.search(before) and NAMED_THING.match(after)):
        return Mark.MENTION
    if moment.startswith("the ") and re.match(rf" {THING}\b", after):
        return Mark.MENTION
    if MENTION_EN.search(before) and not OF_THING.search(before):
        return Mark.MENTION
    if STARTS_EN.search(before):
        return Mark.AT
    for mark, words in ((Mark.AFTER, AFTER_EN), (Mark.BY, BY_EN), (Mark.BEFORE, BEFORE_EN), (Mark.FROM, FROM_EN)):
        if words.search(before):
            return mark
    return Mark.AFTER if re.match(r" (?:and later|or later|onwards?|and beyond|at the earliest)\b", after) else Mark.AT


def _tense_english(plain: str, start: int, end: int) -> Tense:
    """What the clause of the moment tells of, or the sentence if the clause has no verb."""
    if PLANNED_EN.search(plain[:start]):
        return Tense.COMING
    plain = f"{plain[:start]}{' ' * (end - start)}{plain[end:]}"
    edges = [0, *(match.end() for match in CLAUSE.finditer(plain, 0, start))]
    stop = CLAUSE.search(plain, end)
    clause = plain[edges[-1] : stop.start() if stop else len(plain)]
    for text in (clause, plain[end:], plain):
        if COMING_EN.search(text):
            return Tense.COMING
        if PAST_EN.search(text):
            return Tense.PAST
        if PRESENT_EN.search(text):
            return Tense.OPEN
    return Tense.OPEN
