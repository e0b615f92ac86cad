"""What a FETCH answer says (RFC 3501, section 7.4.2), read from the lines and literals imaplib collects.

Written for servers at their worst: attributes in any order, unasked answers between, NIL for a body, impossible dates.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MAX_HEAD = 2_000
_UID = re.compile(rb"[( ]UID (\d{1,10})\b", re.IGNORECASE)
_SIZE = re.compile(rb"[( ]RFC822\.SIZE (\d{1,18})\b", re.IGNORECASE)
_BODY_LITERAL = re.compile(rb"[( ]BODY\[\] ?~?\{\d{1,18}\}$", re.IGNORECASE)
_BODY_QUOTED = re.compile(rb'[( ]BODY\[\] "((?:[^"\\]|\\.){0,2000})"', re.IGNORECASE)
_INTERNALDATE = re.compile(
    rb'INTERNALDATE "([ \d]?\d)-([A-Z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"', re.IGNORECASE
)

Item = bytes | tuple[bytes, bytes] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one mail's answers said together; None for what was not said."""

    uid: int
    size: int | None = None
    internaldate: datetime | None = None
    raw: bytes | None = None


def answers(data: Iterable[Item]) -> dict[int, Answer]:
    """The answers by UID. Several for one mail are laid over each other; those that name no UID are left out."""
    found: dict[int, Answer] = {}
    for line in _lines(data):
        answer = _read(line)
        if answer is None:
            continue
        before = found.get(answer.uid, answer)
        said = {name: value for name in ("size", "internaldate", "raw") if (value := getattr(answer, name)) is not None}
        found[answer.uid] = replace(before, **said)
    return found


def uid_set(uids: Sequence[int]) -> str:
    """Ascending UIDs as a sequence set: `1:200,207`. Never with `*`, which also means the last mail before a range."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and runs[-1][1] == uid - 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)


def _lines(data: Iterable[Item]) -> Iterator[list[Item]]:
    """One list for each answer: (text, literal) pairs and the text that ends it."""
    line: list[Item] = []
    for item in data:
        line.append(item)
        if not isinstance(item, tuple):
            yield line
            line = []


def _read(line: Sequence[Item]) -> Answer | None:
    heads = [(item[0] if isinstance(item, tuple) else item or b"")[:_MAX_HEAD] for item in line]
    uid = _first(_UID, heads)
    if uid is None:
        return None
    size = _first(_SIZE, heads)
    return Answer(int(uid[1]), int(size[1]) if size else None, _date(_first(_INTERNALDATE, heads)), _body(line))


def _first(pattern: re.Pattern[bytes], heads: Iterable[bytes]) -> re.Match[bytes] | None:
    return next((match for head in heads if (match := pattern.search(head))), None)


def _body(line: Sequence[Item]) -> bytes | None:
    for item in line:
        if isinstance(item, tuple):
            if _BODY_LITERAL.search(item[0][-_MAX_HEAD:]):
                return item[1]
        elif item and (quoted := _BODY_QUOTED.search(item[: 2 * _MAX_HEAD])):
            return re.sub(rb"\\(.)", rb"\1", quoted[1])
    return None


def _date(match: re.Match[bytes] | None) -> datetime | None:
    """`%b` of strptime would read months in the user's language, so they are looked up here."""
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = (part.decode("ascii") for part in match.groups())
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-offset if sign == "-" else offset) if offset else UTC
        number = _MONTHS.index(month.lower()) + 1
        return datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:
        return None
