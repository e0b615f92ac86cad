"""A text as sentences: hard-wrapped lines joined again, bullets and sentence ends told apart.

Japanese mail is wrapped in mid-word and joins without a space; Latin text joins with one. A line that closes a
predicate without a full stop (「…です」, a salutation, a bullet) ends its sentence all the same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MOST_LINES = 5_000
LONGEST_LINE = 2_000
LONGEST_SENTENCE = 1_500
NOT_WRAPPED = 60  # columns; where no line is longer, every line was ended by its writer
RAGGED = 8  # columns by which hand-wrapped lines differ

MINUS = r"[-−‐–](?=[\d.,]{1,8}\s?(?:[℃°%％度円VAWNKm~～〜]|から|dB|deg|bar|h?Pa|to\b))"
BULLET = re.compile(
    rf"[ \t\u3000]*(?:(?!{MINUS})[-−‐–*・•●○◆◇■□▪▼▶※→]|[①-⑳㈠-㈩❶-❿](?![はをがのもにでと])"
    r"|[(（]?\d{1,2}[.)）．、](?!\d)|[(（]?[a-zA-Zア-ン][)）.](?!\w)|\d[ \u3000]|[一二三四五六七八九十][、.．]"
    r"|[(（][いろはにほへと][)）])"
    r"[ \t\u3000]*(?=\S)"
)
WRAPPED_JA = re.compile(r"(?:[、,，をにがはのでともへや]|から|まで|ので|より|して|って|[一-龠ァ-ヶー])$")
LABELLED = re.compile(r"[ \t\u3000]*[^\s:：。、][^:：。、]{0,11}[:：](?!//)[ \t\u3000]*\S")
COLUMNS = re.compile(r"[^\s.!?。:：](?:\t|\u3000{2,}| {3,})[ \t\u3000]*[^\s]")  # a row of a table
NARROW_COLUMNS = re.compile(r"[^\x00-\x7f、。，．！？：\u3000] {2,}\S")  # of an HTML table; no blanks part words
QUOTED = re.compile(r"[ \t\u3000]*[>＞|]")
RULE = re.compile(r"[\s\-=_*~━─＝＊+★☆◆◇■□#.。:・゜]{4,}")
STOPS, CLOSING = tuple("。.!?！？…:：；;"), "'\"」』）)]"
CLOSED_PREDICATE = re.compile(
    r"(?:です|ます|ました|でした|ません|ください|下さい|さい|ますか|様|さま|さん|御中|殿|各位|まで|拝)$"
)
SPOKEN_END = re.compile(
    r"(?:(?:です|ます|ました|でした|ません|だ|た)(?:よ?ね|けど)[ぇえー〜]*|っす|[ですた](?:\^\^|[♪☆★♡〜]+|w+|[(（]?笑[)）]?)|(?:ます|です|ました|でした)よ)$"
)
"""How those end a line who write no full stops, of whom the line below goes on with nothing."""
SALUTATION = re.compile(r"^(?:[A-Z][\w.'’-]*[ ]?){1,4},$|^[A-Z][a-z]+(?: [a-z]+){0,2},$")
NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]*\.?){0,2}")
SHORT_FORMS = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|No|Nos|St|Inc|Ltd|Co|Corp|vs|etc|e\.g|i\.e|approx|ext|Tel|tel|dept|Fig|Rev|Ver|cf"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)"
    r"|(?:^|[A-Z][a-z]+ )[A-Z]|^[(（]?\d{1,2})\.$"
)
# Both begin with the sign itself, so that nothing else of a line is tried.
FULL_STOP = r"(?<=[^.])[。！？!?]*['\"”」』）)]*|(?<=[^\s.]\.)['\"”)]?(?=\s+[\"'“(]?[A-Z0-9\u3040-\u9fff])"
BREAK = re.compile(rf"[。！？!?.](?:{FULL_STOP})")
BREAK_SMALL = re.compile(rf"[。！？!?.](?:{FULL_STOP}|(?<=[^\s.]\.)(?<!\.m\.)(?<!\b[ap]m\.)(?=\s+[a-z]))")
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence without line ends. `paragraph` counts blank lines before it; `bullet`: it is an item of a list."""

    text: str
    paragraph: int
    bullet: bool = False


@lru_cache(maxsize=2)
def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order. Quoted lines (`>`) and rules are left out; lengths and counts are bounded.

    A text is read for promises, and at once again for questions.
    """
    return tuple(
        Sentence(piece, paragraph, bullet) for line, paragraph, bullet in _joined_lines(text) for piece in _pieces(line)
    )


def has_columns(line: str) -> bool:
    """Whether a line may be a row of a table."""
    wide = "\t" in line or "  " in line or "\u3000\u3000" in line
    return wide and (COLUMNS.search(line) is not None or NARROW_COLUMNS.search(line) is not None)


def _joined_lines(text: str) -> list[tuple[str, int, bool]]:
    """Wrapped lines put together: text, paragraph number, whether it is a bullet."""
    done: list[tuple[str, int, bool]] = []
    current, bullet, paragraph, last = "", False, 0, ""
    lines = [raw[:LONGEST_LINE].rstrip() for raw in text.split("\n")[:MOST_LINES]]
    width = max(map(len, lines))
    unstopped = width <= NOT_WRAPPED and not any(stop in text for stop in "。．")
    for line in lines:
        blank = not line.strip() or bool(RULE.fullmatch(line)) or bool(QUOTED.match(line))
        if current and (
            blank
            or _ends_before(current, line, bullet)
            or _was_ended(current, last, line, width)
            or (unstopped and _is_whole(last))
        ):
            done.append((current, paragraph, bullet))
            current = ""
        if blank:
            paragraph += 1
        elif current:
            current = _join(current, line.strip())
        else:
            current, bullet = line.strip(), bool(BULLET.match(line))
        last = line
    if current:
        done.append((current, paragraph, bullet))
    return done


def _ends_before(current: str, line: str, bullet: bool) -> bool:
    """Whether a joined line is complete before the next one."""
    if len(current) > LONGEST_SENTENCE or current.rstrip(CLOSING).endswith(STOPS) or SALUTATION.match(current):
        return True
    if BULLET.match(line) or LABELLED.match(line) or LABELLED.match(current):
        return True
    if has_columns(line) or has_columns(current):
        return True
    if current.endswith(("、", ",", "，")):
        return False
    return _is_japanese(current) and (
        bool(CLOSED_PREDICATE.search(current) or (SPOKEN_END.search(current) and line[:1] not in "うね"))
        or (bullet and line[:1] not in " \t\u3000")
    )


def _was_ended(current: str, last: str, line: str, width: int) -> bool:
    """Whether a Latin line ends because its writer wanted it: the next word would have had room on it. Small letters
    go on with a sentence, except with those who write none but small ones.
    """
    if _is_japanese(current) or current.endswith(","):
        return False
    if NAME.fullmatch(line.strip()):
        return True
    small = current[:1].islower()
    if line.lstrip()[:1].islower() and not small:
        return False
    room = width - (0 if small else RAGGED)
    return width <= NOT_WRAPPED or len(last.strip()) + 1 + len(line.split()[0]) <= room


def _is_whole(line: str) -> bool:
    """Whether a Japanese line of somebody who writes no full stops says all it says: it ends in no particle."""
    return _is_japanese(line) and WRAPPED_JA.search(line) is None


def _is_japanese(text: str) -> bool:
    return not text.isascii() and JAPANESE.search(text) is not None


def _join(left: str, right: str) -> str:
    latin = left[-1:].isascii() and right[:1].isascii()
    return f"{left} {right}" if latin else left + right


def _pieces(line: str) -> list[str]:
    """A joined line cut after its full stops; abbreviations, list numbers and quoted speech 「…」 stay whole."""
    pieces, start = [], 0
    for found in (BREAK_SMALL if line[:1].islower() else BREAK).finditer(line):
        piece = line[start : found.end()]
        inside = piece.count("「") > piece.count("」")
        if inside or (found.group()[0] == "." and SHORT_FORMS.search(piece.strip())):
            continue
        pieces.append(piece.strip())
        start = found.end()
    pieces.append(line[start:].strip())
    return [piece[:LONGEST_SENTENCE] for piece in pieces if piece]
