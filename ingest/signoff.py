"""Where a writer's text ends and the signature begins. In doubt there is no signature: nothing is cut."""

import re
from collections.abc import Sequence

from ingest.courtesies import closing, is_mobile_footer, named_closing
from ingest.lines import is_rule

_MAX_SIGNATURE = 15
_PHONE = re.compile(
    r"(?<![\d.,/-])(?:\+\d{1,3}[ ()-]{0,2})?\(?\d{1,5}\)?[ .‐–-]{1,3}\(?\d{1,5}\)?[ .‐–-]{1,3}\d{2,5}(?: \d{2,4}){0,3}(?![\d/:])"
)
_CONTACT = re.compile(
    r"〒 ?\d|(?:tel|fax|phone|mobile|cell|mob|e-?mail|mail|url|web|電話|携帯|直通|内線|代表|住所|ＴＥＬ|ＦＡＸ|Ｔｅｌ|Ｆａｘ|telefon|tél|direct|office|ph|ext|x)[ 　]{0,3}[.:：/／)]|"
    r"(?:tel|fax|ＴＥＬ|ＦＡＸ|電話|携帯)[/／ 　(（.]*\+?[\d０-９(]|(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://|www\.\w|\bx-?\d{4,5}\b",
    re.I,
)
_COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|[（(][株有][）)]|[㈱㈲]|法人|\b(?:Inc|Ltd|LLC|LLP|GmbH|AG|Corp|Corporation|Co|plc|S\.?A\.?|B\.?V\.?|Oy|AB|KK|K\.K|Company|Limited|Group|Services|Networks)\b\.?",
)
_SENTENCE = re.compile(
    r"[。！？!?]\Z|(?:です|ます|ました|ません|ください|下さい|でしょうか|だった|である)[。、．.]?\Z|、\Z"
)
_ADDRESS_LINE = re.compile(
    r"[都道府県].{1,12}[市区町村郡]|\d+[-‐–−]\d+[-‐–−]\d+|\b(?:Street|St|Road|Rd|Avenue|Ave|Suite|Floor|Blvd|Box|Strasse|Straße|Building)\b\.?|\b[A-Z]{2} +\d{5}\b",
    re.I,
)
_NAME = re.compile(
    r"[-–~* ]*(?:[A-ZÀ-Ý][\w'’-]*\.?|[A-Z]\.|[a-z]{2,3}|/|&|and)(?: +(?:[A-ZÀ-Ý][\w'’-]*\.?|[A-Z]\.|de|van|von|der|la|al|&|and|\"[A-Z]\w+\"|\([A-Z]\w+\))){0,3}[,.]?\Z"
)
_JA_NAME = re.compile(r"[一-龥々ヶ髙﨑]{1,4}[ 　]{0,3}[一-龥々ぁ-んァ-ヶー]{0,4}(?:[ 　]*[（(][^）)]{1,20}[）)])?\Z")
_NOT_A_NAME = frozenset(
    "yes no ok okay done sure agreed approved fyi hi hello hey thoughts great perfect good attached see noted confirmed received "
    "please nope yep correct right exactly nice cool super wow sorry congratulations understood accepted rejected".split()
)
_JA_NOT_A_NAME = re.compile(
    r"以上|承知|了解|不可|可能|至急|追伸|添付|敬具|草々|記|済|未定|なし|同上|完了|別紙|下記|備考|合計|予定|確認|送付|報告|連絡|件"
)


def signature_start(lines: Sequence[str], *, last: bool, sender: str = "") -> tuple[int, str]:
    """The line of a run of unquoted text where its signature begins, and the rule; (number of lines, "") without one.

    `lines` are stripped. `last`: a header or the end of the mail follows, so that weaker signs are believed, too.
    `sender` is the writer's display name where it is known.
    """
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    stop, rule = end, ""
    while end and (is_mobile_footer(lines[end - 1]) or not lines[end - 1]):
        stop, rule = (end - 1, "mobile-footer") if lines[end - 1] else (stop, rule)
        end -= 1
    for find in (_dashed, _ruled) if not last else (_dashed, _ruled, _unruled):
        start, found = find(lines, end, sender)
        if found:
            return start, found
    return (stop, rule) if rule else (len(lines), "")


def evidence(line: str) -> bool:
    """Whether a line holds a telephone number, an address or the like."""
    return bool(_CONTACT.search(line) or _PHONE.search(line))


def _dashed(lines: Sequence[str], end: int, sender: str) -> tuple[int, str]:
    """`-- ` (RFC 3676, section 4.3), as typed: `--`, `—`, `__`."""
    for start in range(max(0, end - _MAX_SIGNATURE - 6), end):
        if lines[start] in ("--", "—", "--­", "- --", "__", "---", "‐‐", "ーー", "－－", "––") and _short(
            lines, start + 1, end
        ):
            return start, "sig-dashes"
    return end, ""


def _short(lines: Sequence[str], start: int, end: int) -> bool:
    texts = [line for line in lines[start:end] if line]
    return (
        0 < len(texts) <= _MAX_SIGNATURE
        and all(len(line) < 200 for line in texts)
        and sum(len(line) > 100 for line in texts) < 3
    )


def _ruled(lines: Sequence[str], end: int, sender: str) -> tuple[int, str]:
    """A block between two rules, or under one, that ends the text and holds at least one sign of a person."""
    rules = [i for i in range(max(0, end - _MAX_SIGNATURE - 8), end) if is_rule(lines[i])]
    if not rules:
        return end, ""
    if rules[-1] == end - 1:
        opens = rules[:-1]
        for start in reversed(opens):
            if _signs(lines, start + 1, end - 1):
                return _with_outer_rule(rules, start, lines), "sig-ruled"
        return end, ""
    start = rules[-1]
    if _signs(lines, start + 1, end):
        for earlier in reversed(rules[:-1]):
            if _signs(lines, earlier + 1, end) and start - earlier < 8:
                start = earlier
        return start, "sig-under-rule"
    return end, ""


def _with_outer_rule(rules: Sequence[int], start: int, lines: Sequence[str]) -> int:
    return start - 1 if start - 1 in rules else start


def _signs(lines: Sequence[str], start: int, end: int) -> bool:
    texts = [line for line in lines[start:end] if line and not is_rule(line)]
    if not 0 < len(texts) <= _MAX_SIGNATURE or sum(bool(_SENTENCE.search(line)) for line in texts) > len(texts) // 3:
        return False
    return any(evidence(line) or _COMPANY.search(line) or _ADDRESS_LINE.search(line) for line in texts)


def _unruled(lines: Sequence[str], end: int, sender: str) -> tuple[int, str]:
    """Company, name, telephone in the last paragraph or two, without any separator; or a closing and a name."""
    start = end
    while start > max(0, end - _MAX_SIGNATURE) and lines[start - 1] and _may_sign(lines[start - 1]):
        start -= 1
    start = _shrink(lines, start, end)
    block = [line for line in lines[start:end] if line]
    if block and any(map(evidence, block)) and _personal(block, lines, start, sender):
        return _with_name_above(lines, start, sender), "sig-block"
    return _name_only(lines, end, sender)


def _may_sign(line: str) -> bool:
    return (
        len(line) <= 90
        and not _SENTENCE.search(line)
        and not closing(line)
        and not re.match(r"[・*•\d]+[.)）、]? ", line)
    )


def _shrink(lines: Sequence[str], start: int, end: int) -> int:
    """Begin with a line that can be a person's: a block that hangs on a sentence is part of the text."""
    while start < end and (not lines[start] or _wordy(lines[start])):
        start += 1
    return start


def _wordy(line: str) -> bool:
    words = line.split()
    lower = sum(word[:1].islower() for word in words)
    return (lower > 3 and not evidence(line)) or lower > 6 or line.endswith((":", "："))


def _personal(block: Sequence[str], lines: Sequence[str], start: int, sender: str) -> bool:
    """Whether the block stands apart and has a name, a company or the sender in it."""
    apart = (
        start == 0
        or not lines[start - 1]
        or bool(closing(lines[start - 1]))
        or bool(_SENTENCE.search(lines[start - 1]))
    )
    if start == 0 and len([line for line in lines if line]) == len(block):
        return False
    first = block[0]
    named = _is_name(first, sender) or _is_name(first.split(" - ")[0].split("  ")[0], sender)
    return apart and (
        named
        or any(_COMPANY.search(line) for line in block)
        or _known(block, sender)
        or (len(block) > 1 and _is_ja(block))
    )


def _is_ja(block: Sequence[str]) -> bool:
    return any(_JA_NAME.match(part) for line in block for part in re.split(r"[ 　]{2,}|\t", line)) or len(block) > 2


def _known(block: Sequence[str], sender: str) -> bool:
    parts = [part for part in re.split(r"[\s,]+", sender.casefold()) if len(part) > 1]
    return any(part in line.casefold() for part in parts for line in block[:3])


def _is_name(line: str, sender: str) -> bool:
    line = line.strip()
    if not line or len(line) > 40:
        return False
    if line[0] >= "\u3000":
        return bool(_JA_NAME.match(line)) and not _JA_NOT_A_NAME.search(line)
    words = {word.strip(".,").casefold() for word in line.split()}
    return bool(_NAME.match(line)) and not words & _NOT_A_NAME and not line.islower()


def _with_name_above(lines: Sequence[str], start: int, sender: str) -> int:
    """`Tom` over a blank line over `Tom Fallon / Coordinator …` is the signature's first line."""
    above = start - 1
    while above > 0 and not lines[above]:
        above -= 1
    if 0 < above < start - 1 and _is_name(lines[above], sender) and (not lines[above - 1] or closing(lines[above - 1])):
        return above
    return start


def _name_only(lines: Sequence[str], end: int, sender: str) -> tuple[int, str]:
    """One to three short lines under a closing, or a name that stands alone as the last paragraph."""
    start = end
    while (
        start > max(0, end - 3) and lines[start - 1] and not closing(lines[start - 1]) and len(lines[start - 1]) <= 50
    ):
        start -= 1
    block = lines[start:end]
    if not block:
        return end, ""
    above = start - 1
    while above >= 0 and not lines[above]:
        above -= 1
    if above >= 0 and closing(lines[above]) and (_is_name(block[0], sender) or _known(block, sender)):
        return start, "sig-name"
    if named_closing(lines[end - 1]):
        return end - 1, "sig-name"
    alone = end >= 2 and (not lines[end - 2] or bool(_SENTENCE.search(lines[end - 2])) or lines[end - 2].endswith("."))
    if above >= 0 and alone and _is_name(lines[end - 1], sender):
        return end - 1, "sig-name"
    return end, ""
