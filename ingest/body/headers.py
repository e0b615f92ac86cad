"""Header blocks that clients print over a quoted or forwarded mail: `From: … / Sent: …`, `差出人: … / 送信日時: …`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.body.clients import FIELDS, LABELS

_MAX_LINES = 60
_NOTES_DATE = re.compile(
    r"(?:\d{4}/\d\d?/\d\d?|\d\d?/\d\d?/\d{4})[ T　]+(?:午前|午後)? ?\d\d?:\d\d(?::\d\d)?(?: ?[AP]M)?\Z"
)
_TO_THE_MINUTE = re.compile(r"(?:19|20)\d\d.{1,12}\d\W{0,2}[:.時]\W?\d\d|\d[:.時]\d\d.{1,30}(?:19|20)\d\d")
_BARE_LABELS = frozenset(("to", "cc", "bcc", "subject", "件名", "宛先", "sent by"))
_STARTS = frozenset(word[0] for word in FIELDS) | frozenset("*_")


@dataclass(frozen=True, slots=True)
class Block:
    """A printed header: lines `start` to `end` (exclusive), and its fields `from`, `to`, `cc`, `date`, `subject`."""

    start: int
    end: int
    fields: dict[str, str]

    @property
    def convincing(self) -> bool:
        """Whether this can stand without a separator line: a form in a letter may have a From and a To, too."""
        fields = self.fields
        if "from" not in fields:
            return "date" in fields and "@" in fields.get("to", "") and any(c.isdigit() for c in fields["date"])
        if len(fields) < 2 or not ("date" in fields or "to" in fields or "subject" in fields):
            return False
        addressed = "@" in fields["from"] or "@" in fields.get("to", "")
        to_the_minute = "to" in fields and bool(_TO_THE_MINUTE.search(fields.get("date", "")))
        return ("subject" in fields and len(fields) >= 3) or (addressed and "date" in fields) or to_the_minute


def field_at(line: str) -> tuple[str, str] | None:
    """The field and value of one printed header line; bold stars and full-width colons are allowed."""
    if line[:1].casefold() not in _STARTS:
        return None
    head, colon, _ = line[:40].partition(":")
    table, tab, _ = line[:40].partition("\t")
    if tab and table.casefold() in FIELDS:
        return FIELDS[table.casefold()], line[len(table) + 1 :].strip()  # Lotus Notes sets its header as a table
    wide, wide_colon, _ = line[:40].partition("：")
    if wide_colon and (not colon or len(wide) < len(head)):
        head, colon = wide, wide_colon
    if not colon:
        return None
    label = head.strip(" \t*_\u3000\xa0[").casefold().replace("ｃ", "c")
    field = FIELDS.get(label) or FIELDS.get(label.replace("\u3000", "").replace(" ", ""))
    if not field:
        return None
    return field, line[len(head) + 1 :].strip(" \t*\u3000\xa0")


def block_at(plain: Sequence[str], start: int) -> Block | None:
    """The header block whose first line is `start`, None when that line is no header line.

    One blank line between header lines is allowed (HTML paragraphs), and so are values that go on in the next line.
    """
    first = field_at(plain[start])
    if first is None:
        return None
    fields: dict[str, str] = {first[0]: first[1]}
    last, end, index = first[0], start + 1, start + 1
    while index < min(len(plain), start + _MAX_LINES):
        line = plain[index]
        found = field_at(line)
        if found and (found[0] == "other" or found[0] not in fields):
            last, end = found[0], index + 1
            fields[last] = found[1]
        elif not line:
            if index != end or index + 1 >= len(plain) or not _goes_on(plain[index + 1], fields, last):
                break
        elif index == end and _continues(plain, index, fields, last):
            fields[last] = f"{fields[last]} {line}".strip()
            end = index + 1
        else:
            break
        index += 1
    fields.pop("other", None)
    return Block(start, end, fields)


def _goes_on(line: str, fields: dict[str, str], last: str) -> bool:
    found = field_at(line)
    return found is not None and found[0] not in fields and (last != "subject" or len(fields) < 3)


def _continues(plain: Sequence[str], index: int, fields: dict[str, str], last: str) -> bool:
    """Whether an unlabelled line still belongs to the value above it."""
    value = fields.get(last, "")
    if last in ("to", "cc", "from", "other") and (
        value.endswith((",", ";", "<", "[mailto:")) or plain[index][0] in "<["
    ):
        return True
    if last == "subject" and len(fields) > 3:
        return False
    if value == "" and last in ("to", "from") and "@" in plain[index]:
        return True
    following = field_at(plain[index + 1]) if index + 1 < len(plain) else None
    return bool(following and following[0] not in fields)


def notes_block_at(plain: Sequence[str], start: int) -> Block | None:
    """Lotus Notes: a line with the sender, one with the date, then To, cc and Subject, values beside or below them."""
    if start + 2 >= len(plain) or len(plain[start]) > 120:
        return None
    at = start + 1 if plain[start + 1] else start + 2
    if not plain[at][:1].isdigit() or not _NOTES_DATE.match(plain[at]):
        return None
    fields = {"from": re.sub(r"\ASent by: ", "", plain[start]).replace("-----", ""), "date": plain[at]}
    end, waiting = at + 1, ""
    for index in range(at + 1, min(len(plain), at + 24)):
        line = plain[index]
        found = field_at(line) or ((FIELDS[line.casefold()], "") if line.casefold() in _BARE_LABELS else None)
        if found:
            fields[found[0]], end, waiting = found[1], index + 1, found[0]
        elif line and waiting:
            fields[waiting], end = f"{fields[waiting]} {line}".strip(), index + 1
        elif line:
            break
        if fields.get("subject"):
            break
    fields.pop("other", None)
    return Block(start, end, fields) if "to" in fields and "subject" in fields else None


def one_line_block(line: str) -> dict[str, str]:
    """Yahoo! Mail's forward without line ends between its fields: `From: … To: … Cc: … Sent: … Subject: …`."""
    spans: list[tuple[str, int, int]] = []
    position = 0
    for field in ("from", "to", "cc", "date", "subject"):
        found = _INLINE[field].search(line, position)
        if found and (field != "cc" or len(spans) == 2):
            spans.append((field, found.start(), found.end()))
            position = found.end()
    ends = [*(start for _, start, _ in spans[1:]), len(line)][: len(spans)]
    fields = {field: line[end:stop].strip() for (field, _, end), stop in zip(spans, ends, strict=True)}
    return fields if {"from", "to", "subject"} <= fields.keys() else {}


def _inline(field: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word.title()) + "|" + re.escape(word.capitalize()) for word in LABELS[field])
    before = "" if field in ("date", "subject") else r"(?<![^\W\d_])"
    colon = r" ?[:：]?(?=\s)" if field in ("cc", "subject") else r" ?[:：]"
    return re.compile(f"{before}(?:{words}|{field.upper()}){colon}")


_INLINE = {field: _inline(field) for field in ("from", "to", "cc", "date", "subject")}
