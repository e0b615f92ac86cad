"""Where a writer's text ends and the signature begins. In doubt there is no signature: nothing is cut."""

import re
from collections.abc import Sequence

from ingest.body.courtesies import closing, is_mobile_footer, named_closing
from ingest.body.lines import is_rule, is_titled_rule
from ingest.body.roles import split_roles, title_in

_MAX_SIGNATURE = 15
_ITEM = re.compile(r"(?:[・*•-]|\d{1,2}[.)）、．])[ \u3000]|[・•①-⑳]")
_PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[ ()-]{0,2})?(?:\(\d{1,5}\) ?-?|\d{1,5}\)? ?[ .‐–-] ?)(?:\(?\d{1,"
    r"5}\)?[ .‐–-]{1,3}){1,4}\d{2,7}(?![\d/:])"
)
_CONTACT = re.compile(
    r"〒 ?\d|(?:tel|fax|phone|mobile|cell|mob|e-?mail|mail|url|web|電話|携帯|直通|内線|代表|住所|ＴＥＬ|"
    r"ＦＡＸ|Ｔｅｌ|Ｆａｘ|telefon|tél|direct|office|ph|ext|x)[ 　]{0,3}[.:：/／)]|"
    r"(?:tel|fax|ＴＥＬ|ＦＡＸ|電話|携帯)[/／ 　(（.]*\+?[\d０-９(]|(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
    r"https?://|www\.\w|\bx-?\d{4,5}\b",
    re.I,
)
_COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|[（(][株有][）)]|[㈱㈲]|法人|\b(?:Inc|Ltd|LLC|LLP|GmbH|AG|Corp|Corporation|"
    r"Co|plc|S\.?A\.?|B\.?V\.?|Oy|AB|KK|K\.K|Company|Limited|Group|Services|Networks)\b\.?",
)
_SENTENCE = re.compile(
    r"[。！？!?]\Z|(?:です|ます|ました|ません|ください|下さい|でしょうか|だった|である)[。、．.]?\Z|、\Z"
)
_ADDRESS_LINE = re.compile(
    r"[都道府県].{1,12}[市区町村郡]|\d+[-‐–−]\d+[-‐–−]\d+|\b(?:Street|St|Road|Rd|Avenue|Ave|Suite|Floor|Blvd|"
    r"Box|Strasse|Straße|Building)\b\.?|\b[A-Z]{2} +\d{5}\b",
    re.I,
)
_NAME = re.compile(
    r"[-–~* ]*(?:[A-ZÀ-Ý][\w'’-]*\.?|[A-Z]\.|[a-z]{2,3}|/|&|and)(?: +(?:[A-ZÀ-Ý][\w'’-]*\.?|[A-Z]\.|de|van|"
    r"von|der|la|al|&|and|\"[A-Z]\w+\"|\([A-Z]\w+\))){0,3}[,.]?\Z"
)
_JA_NAME = re.compile(r"[一-龥々ヶ髙﨑]{1,4}[ 　]{0,3}[一-龥々ぁ-んァ-ヶー]{0,4}(?:[ 　]*[（(][^）)]{1,20}[）)])?\Z")
_ANNOUNCED = re.compile(
    r"下記|以下|送付先|納品先|納入先|送り先|配送先|お届け先|届け先|設置場所|住所|連絡先|宛て|[:：]\Z|"
    r"\b(?:below|following|ship to|deliver to|address|contact|reach)\b",
    re.I,
)
_ON_BEHALF = re.compile(r"(?:i\. ?[AV]\.|ppa\.?|p\. ?p\.|p\. ?o\.) +(?=[A-ZÀ-Ý])")
_NOT_NAMES = (
    "yes no ok okay done sure agreed approved fyi hi hello hey thoughts great perfect good attached see noted "
    "confirmed received "
    "please nope yep correct right exactly nice cool super wow sorry congratulations understood accepted rejected"
)
_NOT_A_NAME = frozenset(_NOT_NAMES.split())
_JA_NOT_A_NAME = re.compile(
    r"以上|承知|了解|不可|可能|至急|追伸|添付|敬具|草々|記|済|未定|なし|同上|完了|別紙|下記|備考|合計|予定|"
    r"確認|送付|報告|連絡|件"
)


_DASHES = ("--", "—", "--\xad", "- --", "__", "---", "‐‐", "ーー", "－－", "––")


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
    while rule and end and (is_rule(lines[end - 1]) or lines[end - 1] in _DASHES):
        stop = end = end - 1
    for find in (_dashed, _ruled, _unruled) if last else (_dashed, _ruled):
        start, found = find(lines, end, sender)
        if found:
            return (start if found.startswith("sig-name") else _name_above(lines, start, sender)), found
    return (stop, rule) if rule else (len(lines), "")


def _name_above(lines: Sequence[str], start: int, sender: str) -> int:
    """A signature by hand over the one that the client adds: `Viele Grüße / Uta`, then `-- `."""
    end = start
    while end and not lines[end - 1]:
        end -= 1
    above, found = _name_only(lines, end, sender) if end else (start, "")
    return above if found else start


def evidence(line: str) -> bool:
    """Whether a line holds a telephone number, an address or the like."""
    return bool(_CONTACT.search(line) or _PHONE.search(line))


def _dashed(lines: Sequence[str], end: int, _sender: str) -> tuple[int, str]:
    """`-- ` (RFC 3676, section 4.3), as typed: `--`, `—`, `__`."""
    for start in range(max(0, end - _MAX_SIGNATURE - 6), end):
        if lines[start] in _DASHES and _short(lines, start + 1, end):
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
    rules = [i for i in range(max(0, end - _MAX_SIGNATURE - 8), end) if is_rule(lines[i]) or is_titled_rule(lines[i])]
    if not rules:
        return end, ""
    closed = rules[-1] == end - 1 and len(rules) > 1
    opens = rules[:-1] if closed else rules
    bottom = end - 1 if closed else end
    if not _signs(lines, opens[-1], bottom) or not (closed or _introduced(lines, opens[-1], end, sender)):
        return end, ""
    return _first_rule(lines, opens), "sig-ruled" if closed else "sig-under-rule"


def _first_rule(lines: Sequence[str], opens: Sequence[int]) -> int:
    """Where a block of several ruled parts begins; a table or a text over it is no part of it."""
    start = opens[-1]
    for earlier in reversed(opens[:-1]):
        part = [line for line in lines[earlier + 1 : start] if not is_rule(line)]
        if not all(part) or any(_SENTENCE.search(line) or _wordy(line) for line in part):
            break
        if part and not _signs(lines, earlier, start):
            break
        start = earlier
    return start


def _introduced(lines: Sequence[str], rule: int, end: int, sender: str) -> bool:
    first = next((line for line in lines[rule + 1 : end] if line), "")
    return is_titled_rule(lines[rule]) or (bool(first) and _introduces(first, sender))


def _introduces(line: str, sender: str) -> bool:
    """Whether a line under a rule can be a signature's first, and not a table's."""
    named = _is_name(line) or _known(line, sender) or evidence(line) or _COMPANY.search(line)
    return bool(named) or not (any(map(str.isdigit, line)) or _wordy(line))


def _signs(lines: Sequence[str], start: int, end: int) -> bool:
    texts = [line for line in lines[start:end] if line and not is_rule(line)]
    if not 0 < len(texts) <= _MAX_SIGNATURE or sum(bool(_SENTENCE.search(line)) for line in texts) > len(texts) // 3:
        return False
    if sum(map(_wordy, texts)) > len(texts) // 2:
        return False
    return any(evidence(line) or _COMPANY.search(line) or _ADDRESS_LINE.search(line) for line in texts)


def _unruled(lines: Sequence[str], end: int, sender: str) -> tuple[int, str]:
    """Company, name, telephone in the last paragraph or two, without any separator; or a closing and a name."""
    start = _shrink(lines, _paragraph(lines, end), end)
    block = [line for line in lines[start:end] if line]
    if block and _stands_apart(lines, start, len(block), sender) and _personal(block, sender):
        return _with_names_above(lines, start, sender), "sig-block"
    return _name_only(lines, end, sender)


def _paragraph(lines: Sequence[str], end: int) -> int:
    start = end
    while start > max(0, end - _MAX_SIGNATURE) and lines[start - 1] and _may_sign(lines[start - 1]):
        start -= 1
    return start


def _may_sign(line: str) -> bool:
    return len(line) <= 90 and not _SENTENCE.search(line) and not closing(line) and not _ITEM.match(line)


def _shrink(lines: Sequence[str], start: int, end: int) -> int:
    """Begin with a line that can be a person's: a block that hangs on a sentence is part of the text."""
    while start < end and (not lines[start] or _wordy(lines[start])):
        start += 1
    return start


def _wordy(line: str) -> bool:
    lower = sum(word[:1].islower() for word in line.split())
    return (lower > 3 and not evidence(line)) or lower > 6 or line.endswith((":", "："))


def _stands_apart(lines: Sequence[str], start: int, size: int, sender: str) -> bool:
    """Whether something is written above, and the block does not go on with it."""
    if size == sum(map(bool, lines)):
        return False
    said = next((line for line in reversed(lines[:start]) if line), "")
    if lines[start - 1].endswith((":", "：")):
        return False  # the address that the text gives, be it the writer's own
    if _ANNOUNCED.search(said) and not any(_known(line, sender) for line in lines[start : start + size]):
        return False
    above = lines[start - 1]
    ended = not above or bool(closing(above) or _SENTENCE.search(above)) or above.endswith(".")
    return ended or _known(lines[start], sender)


def _personal(block: Sequence[str], sender: str) -> bool:
    """Whether a block has a way to reach somebody or a title, and a name, a company or the sender in it."""
    first = block[0]
    named = any(_is_name(part) for part in (first, first.split(" - ")[0], first.split("  ")[0]))
    known = any(_known(line, sender) for line in block[:3])
    reach = any(map(evidence, block))
    if reach:
        return (
            named or known or any(_COMPANY.search(line) for line in block) or (len(block) > 1 and _is_japanese(block))
        )
    titled = any(title_in(part) for line in block[:4] for part in split_roles(line))
    company = any(_COMPANY.search(line) for line in block)
    if len(block) == 1:
        return titled and company and known and not _wordy(first)
    signed = company and _only_sender(first, sender)
    return (titled or signed) and (known or named) and not any(map(_wordy, block))


def _is_japanese(block: Sequence[str]) -> bool:
    bare = [_PHONE.sub("", line).strip(" \u3000") for line in block]
    names = (part for line in bare for part in (line, *re.split(r"[ \u3000]{2,}|\t", line)))
    return any(_JA_NAME.match(part) and not _JA_NOT_A_NAME.search(part) for part in names)


def _known(line: str, sender: str) -> bool:
    """Whether a line is about the sender: holds the name, or a part of it as a word."""
    squeezed = re.sub(r"\s", "", sender)
    if squeezed and squeezed in re.sub(r"\s", "", line):
        return True
    words = set(re.findall(r"[^\W\d_]{2,}", sender.casefold()))
    return bool(words & set(re.findall(r"[^\W\d_]{2,}", line[:60].casefold())))


def _is_name(line: str) -> bool:
    line = _ON_BEHALF.sub("", line.strip())
    if not line or len(line) > 40:
        return False
    if line[0] >= "\u3000":
        return bool(_JA_NAME.match(line)) and not _JA_NOT_A_NAME.search(line)
    words = {word.strip(".,").casefold() for word in line.split()}
    return bool(_NAME.match(line)) and not words & _NOT_A_NAME and not line.islower()


def _with_names_above(lines: Sequence[str], start: int, sender: str) -> int:
    """`Tom`, or name and company, over a blank line over `Tom Fallon / Coordinator …` belongs to the signature."""
    above = start
    while above > 0 and not lines[above - 1]:
        above -= 1
    top = above
    while top > 0 and lines[top - 1] and above - top < 4 and not closing(lines[top - 1]):
        top -= 1
    names = lines[top:above]
    if above == start or not names or (top > 0 and lines[top - 1] and not closing(lines[top - 1])):
        return _under_closing(lines, above, start, sender)
    fits = _is_name(names[0]) and all(_may_sign(line) and len(line) <= 40 for line in names)
    return (
        top
        if fits and top > 0 and (len(names) == 1 or _known(names[0], sender))
        else _under_closing(lines, above, start, sender)
    )


def _under_closing(lines: Sequence[str], above: int, start: int, sender: str) -> int:
    """`Thanks,` `Tom` and then the block: the name under the closing is signed, too."""
    if 1 < above < start and _is_name(lines[above - 1]) and closing(lines[above - 2] or "-"):
        return above - 1
    return start


def _name_only(lines: Sequence[str], end: int, sender: str) -> tuple[int, str]:
    """One to three short lines under a closing, or the sender's name that stands alone at the end."""
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
    if above >= 0 and closing(lines[above]) and (_is_name(block[0]) or _known(block[0], sender)):
        return start, "sig-name"
    last = lines[end - 1]
    if named_closing(last):
        return end - 1, "sig-name"
    if end < 2 or not any(lines[: end - 1]):
        return end, ""
    dashed = last[0] in "-–~/" and _is_name(last.strip("-–~/ ")) and not lines[end - 2]
    return (end - 1, "sig-name") if dashed or _only_sender(last, sender) else (end, "")


def _only_sender(line: str, sender: str) -> bool:
    """Whether a short line is the sender's name or a part of it and nothing else: `Ben`, `佐藤`, `BT 3-1587`."""
    bare = re.sub(r"[\W\d_]+", " ", line).strip().casefold()
    if not bare or len(line) > 40:
        return False
    words = set(re.findall(r"[^\W\d_]+", sender.casefold()))
    japanese = bare[0] >= "\u3000" and len(bare) <= 8 and re.sub(r"\s", "", sender).startswith(bare.replace(" ", ""))
    said = set(bare.split())
    return japanese or (bool(words) and (said <= words or (bool(said & words) and _is_name(line))))
