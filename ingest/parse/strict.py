"""What mail-parser, imported only here, is asked for: dates, addresses of unusual form, what is wrong with a mail.

It reads these by the letter of the RFCs and gives evidence. Text, names and structure are not asked of it: it damages
Japanese, and ends a header at its first odd line (docs/decisions.md).
"""

import logging
import re
from datetime import datetime, timedelta

from mailparser import parse_from_bytes  # type: ignore[import-untyped]  # mail-parser ships no types
from mailparser.dates import parse_mail_date  # type: ignore[import-untyped]
from mailparser.utils import get_addresses  # type: ignore[import-untyped]

MAX_BYTES = 1024 * 1024
MAX_LINES = 20_000
MAX_NESTS = 60
MAX_HEADER = 20_000
"""Larger, longer and deeper mails are not judged: the standard library under mail-parser needs seconds for them."""

# mail-parser warns about mail content; with no handler Python would print that to the terminal.
logging.getLogger("mailparser").addHandler(logging.NullHandler())

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OUR_OWN = frozenset(("charset-decode", "date-header"))
_NESTS = re.compile(rb"boundary|message/rfc822", re.IGNORECASE)


def moment(value: str) -> tuple[datetime, timedelta] | None:
    """The moment of an RFC 5322 date-time (in UTC) and the offset it was written with; None when it is not one."""
    found = parse_mail_date(value)
    return (found.value, timedelta(hours=float(found.timezone))) if found.value else None


def mailboxes(value: str) -> list[tuple[str, str]]:
    """The (name, address) pairs of an address header's value, ambiguous ones left out."""
    return [(name, address) for name, address in get_addresses(value) if "@" in address]


def defects(raw: bytes) -> list[str]:
    """What is wrong with a mail, as codes made of mail-parser's categories; `unjudged` when it fails itself."""
    if len(raw) > MAX_BYTES or raw.count(b"\n") > MAX_LINES or len(_NESTS.findall(raw)) > MAX_NESTS:
        return []
    try:
        categories = sorted(parse_from_bytes(raw).defects_categories)
    except Exception:  # noqa: BLE001 - on damaged mails mail-parser raises whatever comes up, and its word is not needed
        return ["unjudged"]
    codes = (_WORD_START.sub("-", name.removesuffix("Defect")).lower() for name in categories)
    return [code for code in codes if code not in _OUR_OWN]
