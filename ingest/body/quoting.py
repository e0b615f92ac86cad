"""Where a body stops being its writer's: quote marks, the lines clients print over a quote, and forwarded mails.

`scan` walks once over the lines. An opening that nothing marked follows hides all the rest (top-posting: Outlook
prints the old mail without marks); one that marked lines follow hides just these, so that answers between quoted
lines and below them stay new.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.body import clients
from ingest.body.headers import Block, block_at, notes_block_at, one_line_block
from ingest.body.lines import Lines, is_rule, is_titled_rule
from notes.model import ZoneKind

Mark = tuple[ZoneKind, str]
"""What a line is, and the rule that said so."""

_MAX_ATTRIBUTION = 6
_DIGIT = re.compile(r"\d")
_HAS_YEAR = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_HAS_TIME = re.compile(r"\d{1,2}[:.時h] ?\d{2}")
_ATTRIBUTED = re.compile(r"@[\w.-]{2,}[>)）\]]*(?:>>)? ?(?:のメール|さん)?[:：]\Z")
_SOMEBODY = re.compile(r"さん|様|氏|<[^<>\s]+@")
_DATE_THEN_ADDRESS = re.compile(
    r"\A[\W_]*(?:on )?\d{2,4}[年./-]\d\d?[月./-]\d{1,4}.{0,120}<[^<>\s]+@[^<>\s]+>:?\Z", re.I
)
_SPEAKS = "|".join(re.escape(verb) for verb in sorted(clients.WROTE, key=len, reverse=True))
_VERBS = re.compile(rf"(?:\b|(?<=[^\x00-\x7f]))(?:{_SPEAKS})(?![a-z])", re.I)
_FINAL_VERBS = tuple(verb.casefold() for verb in clients.WROTE)
_TAIL = 40
"""Characters at the end of a line in which its verb is looked for."""
_LAST_OF_ATTRIBUTION = frozenset(":：>-eた)）0123456789")
_DASHED = re.compile(r"\s*[-_=*—–~]{2,}\s*(?P<core>[^-_=*—–~].*?)\s*[-_=*—–~]{2,}\s*(?P<rest>.*)\Z")
_PREFIX = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*|【[^】]{1,20}】\s*)?([^\W\d_]{1,12})\.?\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,2})?\s*[:：]"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines `start` to `end` (exclusive) that announce somebody else's mail.

    `forward`: a separator that only forwards have. `block` is a printed header, `said` a line as `On … wrote:`.
    """

    start: int
    end: int
    rule: str
    forward: bool = False
    block: Block | None = None
    said: str = ""


def is_forward(subject: str) -> bool:
    """Whether the subject's outermost prefix is that of a forward, in any language of the clients."""
    found = _PREFIX.match(subject[:200])
    return bool(found and found[1].casefold() in clients.FORWARD_PREFIXES) or subject.lstrip().startswith(
        ("転送", "(Fwd)", "[Fwd")
    )


def bare_subject(subject: str) -> str:
    """The subject without its outermost prefix."""
    found = _PREFIX.match(subject[:200])
    known = found and found[1].casefold() in (*clients.FORWARD_PREFIXES, *clients.REPLY_PREFIXES)
    return subject[found.end() :].strip() if found and known else subject.strip()


def opening_at(lines: Lines, index: int) -> Opening | None:
    """The opening that begins in this line, which is not blank."""
    line = lines.plain[index]
    if not line[0].isalnum() or line[-1] in ":：" or line[:9].casefold() == "forwarded":
        separator = _separator(line)
        opening = _after_separator(lines, index, separator) if separator else None
        if opening:
            return opening
        if is_rule(line):
            return _under_rule(lines, index)
    if ":" in line[:40] or "：" in line[:40]:
        block = block_at(lines.plain, index)
        if block and block.convincing:
            return Opening(index, block.end, "header-block", block=block)
    notes = notes_block_at(lines.plain, index)
    if notes:
        return Opening(index, notes.end, "notes-header", block=notes)
    return _attribution(lines, index) if _may_begin(line) else None


def _separator(line: str) -> str:
    """`forward`, `original`, `wrote` (Lotus Notes names the writer) or nothing."""
    core = line.strip(" \t-_=*—–>:：#~+<\u3000").casefold()
    drawn = len(core) + 2 < len(line)
    if core in clients.FORWARDED and (drawn or line.endswith((":", "："))):
        return "forward"
    if not drawn and not core.startswith("forwarded by "):
        return ""
    if core in clients.ORIGINAL:
        return "original"
    if len(core) < 150 and any(word in core for word in clients.FORWARDERS):
        return "forward"
    if core.endswith((" wrote", "作成")) and not _DIGIT.search(core):
        return "wrote"
    dashed = _DASHED.match(line) if line[0] in "-_=*—" else None
    if dashed and dashed["rest"]:
        inner = dashed["core"].casefold()
        return "forward" if inner in clients.FORWARDED else "original" if inner in clients.ORIGINAL else ""
    return ""


def _after_separator(lines: Lines, index: int, kind: str) -> Opening | None:
    dashed = _DASHED.match(lines.plain[index])
    if dashed and dashed["rest"]:
        fields = one_line_block(dashed["rest"])
        if fields:
            return Opening(index, index + 1, f"{kind}-line", kind == "forward", block=Block(index, index + 1, fields))
    after = lines.next_text(index + 1)
    while after < len(lines) and after < index + 6 and (is_rule(lines.plain[after]) or _separator(lines.plain[after])):
        kind = "forward" if "forward" in (kind, _separator(lines.plain[after])) else kind
        after = lines.next_text(after + 1)
    if after < len(lines):
        block = block_at(lines.plain, after)
        block = block if block and len(block.fields) > 1 else notes_block_at(lines.plain, after)
        if block:
            return Opening(index, block.end, f"{kind}-separator", kind == "forward", block=block)
        said = _attribution(lines, after) if _may_begin(lines.plain[after]) else None
        if said:
            return Opening(index, said.end, f"{kind}-separator", kind == "forward", said=said.said)
    return None if kind == "wrote" else Opening(index, index + 1, f"{kind}-separator", kind == "forward")


def _under_rule(lines: Lines, index: int) -> Opening | None:
    """What opens a quote under a rule (Outlook, Zoho) takes the rule with it, unless that closes a signature."""
    after = lines.next_text(index + 1)
    if lines.plain[index] in lines.plain[max(0, index - 15) : index]:
        return None
    if after >= len(lines) or after > index + 2 or lines.quoted[after] != lines.quoted[index]:
        return None
    block = block_at(lines.plain, after)
    if block and block.convincing:
        return Opening(index, block.end, "ruled-header-block", block=block)
    closes = any(is_rule(line) or is_titled_rule(line) for line in lines.plain[max(0, index - 15) : index])
    said = _attribution(lines, after) if not closes and _may_begin(lines.plain[after]) else None
    return Opening(index, said.end, said.rule, said=said.said) if said and said.rule == "attribution" else None


def _attribution(lines: Lines, index: int) -> Opening | None:
    """`On … wrote:`, `2011年12月8日 9:18 山田 <…>:`, `(2011/12/08 9:18), 山田 wrote:`: in one to four lines."""
    joined, used = "", 0
    for end in range(index, min(len(lines), index + _MAX_ATTRIBUTION)):
        line = lines.plain[end]
        if not line:
            following = lines.next_text(end)
            if used and not _unfinished(joined) and not (following < len(lines) and lines.plain[following][0] == "<"):
                break
            continue
        if lines.quoted[end] != lines.quoted[index] and not _unfinished(joined):
            break
        joined, used = f"{joined} {line}" if joined else line, used + 1
        if len(joined) > 400:
            return None
        found = _attributes(joined, lines, end + 1) if line[-1] in _LAST_OF_ATTRIBUTION else ""
        if found:
            return Opening(index, end + 1, found, said=joined)
        if used == 4 or (line.endswith((".", "。", "!", "?", "？")) and not line[-4:-1].isalpha()):
            break
    return None


def _unfinished(joined: str) -> bool:
    """Gmail and Polymail break the line inside the address."""
    return joined.endswith("<") or (joined.count("<") > joined.count(">"))


def _may_begin(line: str) -> bool:
    return line[-1] in ":：" or bool(_DIGIT.search(line)) or "wrote" in line


def _attributes(joined: str, lines: Lines, after: int) -> str:
    """`attribution` when sure, `weak-attribution` when marked lines must follow to believe it, else nothing."""
    ended = joined[-1] in ":：" or joined.endswith("--") or (joined.endswith("wrote") and ">" in joined)
    following = lines.next_text(after) if ended or joined[-1] in _LAST_OF_ATTRIBUTION else len(lines)
    marked = following < len(lines) and (lines.quoted[following] or lines.plain[following].startswith("|"))
    if not ended and not marked:
        return ""
    spoken = _speaks(joined)
    if not (spoken and marked) and not _DIGIT.search(joined):
        return ""
    dated = bool(_HAS_YEAR.search(joined) or (_HAS_TIME.search(joined) and (spoken or _VERBS.search(joined))))
    if dated and ended and (spoken or _ATTRIBUTED.search(joined) or (_VERBS.search(joined) and joined.count(":") < 6)):
        return "attribution" if len(joined) < 300 else ""
    said = spoken or (_HAS_TIME.search(joined) and len(joined) < 80 and _SOMEBODY.search(joined))
    if marked and ((spoken and ended) or _DATE_THEN_ADDRESS.match(joined) or (dated and said)):
        return "weak-attribution"
    return ""


def _speaks(joined: str) -> bool:
    """Whether a line ends with a verb of writing, a colon or dashes behind it."""
    return joined[-_TAIL:].rstrip(" -").rstrip(":：").rstrip(" \u3000").casefold().endswith(_FINAL_VERBS)


# --- the walk ----------------------------------------------------------------------------------------------------


def scan(lines: Lines, subject: str) -> list[Mark | None]:
    """What each line is, None where the writer's own text stands (and on blank lines around it).

    `subject` tells a forward from a reply; with an empty one a printed header block counts as forwarded.
    """
    marks: list[Mark | None] = [None] * len(lines)
    forwarding = is_forward(subject)
    last_quoted = max((i for i, marked in enumerate(lines.quoted) if marked), default=-1)
    index, fresh = 0, True
    while index < len(lines):
        if not lines.plain[index]:
            marks[index] = (ZoneKind.QUOTE, "mark") if lines.quoted[index] else None
            index += 1
            continue
        opening = opening_at(lines, index) if fresh or not lines.quoted[index] else None
        if opening and (opening.forward or forwarding or (not subject and opening.block)):
            index = _forwarded(marks, lines, opening, last_quoted)
        elif opening:
            index = _quoted_under(marks, lines, opening)
        else:
            fresh = not lines.quoted[index]
            if lines.quoted[index]:
                marks[index] = (ZoneKind.QUOTE, "mark")
            elif _wrapped(lines, index):
                marks[index], fresh = (ZoneKind.QUOTE, "wrapped"), False
            index += 1
            continue
        fresh = False
    return marks


def _wrapped(lines: Lines, index: int) -> bool:
    """The end of a quoted line that a client broke without marking it: short, between marked lines, no sentence."""
    if not 0 < index < len(lines) - 1 or not (lines.quoted[index - 1] and lines.quoted[index + 1]):
        return False
    line, above = lines.plain[index], lines.plain[index - 1]
    torn = " " not in line and "http" in above and not line[0].isupper() and line.isascii()
    return torn or (len(line) <= 25 and line[0].islower() and len(above) >= 60 and above[-1].isalnum())


def _forwarded(marks: list[Mark | None], lines: Lines, opening: Opening, last_quoted: int) -> int:
    """Marks the forwarded mail: to the end, or as far as marked lines go where the mail itself is marked."""
    after = lines.next_text(opening.end)
    marked = after < len(lines) and lines.quoted[after] and last_quoted >= after
    end = last_quoted + 1 if marked else min(forward_end(lines, opening.end) + 1, len(lines))
    for index in range(opening.start, end):
        marks[index] = (ZoneKind.FORWARDED, opening.rule)
    return end


def forward_end(lines: Lines, start: int) -> int:
    """The line by which Becky! ends a forwarded mail, or the number of lines."""
    for index in range(start, len(lines)):
        line = lines.plain[index]
        if line.startswith("--") and line.strip("- \t").casefold() in clients.FORWARD_ENDS:
            return index
    return len(lines)


def _quoted_under(marks: list[Mark | None], lines: Lines, opening: Opening) -> int:
    """Marks the opening, and the rest of the mail with it where nothing else marks the quote."""
    for index in range(opening.start, opening.end):
        marks[index] = (ZoneKind.QUOTE_HEADER, opening.rule)
    after = lines.next_text(opening.end)
    if after >= len(lines) or lines.quoted[after]:
        return opening.end
    end = after
    while end < len(lines) and lines.plain[end].startswith("|"):
        end += 1
    end = end if end > after else len(lines)
    for index in range(opening.end, end):
        marks[index] = (ZoneKind.QUOTE, "after-" + opening.rule)
    return end


def of_forward(lines: Sequence[Mark | None]) -> tuple[int, int]:
    """The first run of forwarded lines, start and end; (0, 0) without one."""
    start = next((i for i, mark in enumerate(lines) if mark and mark[0] is ZoneKind.FORWARDED), -1)
    if start < 0:
        return 0, 0
    end = start
    while end < len(lines) and (mark := lines[end]) and mark[0] is ZoneKind.FORWARDED:
        end += 1
    return start, end
