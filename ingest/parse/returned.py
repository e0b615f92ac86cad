"""Which of our mails a bounce returns: from the mail or headers it carries, else from what it refers to (RFC 3464)."""

import re

from ingest.parse import addresses
from ingest.parse.mime import Part

_FIELD = re.compile(
    r"^[ \t>]{0,8}(?:X-)?(?:Original-)?Message-I[Dd][ \t]*:[ \t]*\n?[ \t]*(<[^<>\n]{1,500}>)",
    re.MULTILINE | re.IGNORECASE,
)
_ACTION = re.compile(rb"^Action[ \t]*:[ \t]*([A-Za-z]{1,20})", re.MULTILINE | re.IGNORECASE)
MAX_SEARCHED = 200_000


def refs(root: Part, inner: list[Part], reports: list[Part], text: str) -> tuple[str, ...]:
    """The Message-IDs of the returned mails, without brackets; those of carried mails before those referred to."""
    carried = [mail.header("message-id") for part in inner for mail in part.children]
    for part in reports:
        carried.extend(_FIELD.findall(part.content[:MAX_SEARCHED].decode("latin-1").replace("\r", "")))
    carried.extend(_FIELD.findall(text[:MAX_SEARCHED]))
    own = addresses.message_id(root.header("message-id"))
    found = tuple(ref for ref in addresses.ids(carried) if ref != own)
    return found or addresses.ids((*root.headers.get("in-reply-to", ()), *root.headers.get("references", ())[-1:]))


def actions(reports: list[Part]) -> str:
    """The actions of a delivery report (RFC 3464, section 2.3.3), lower case, in one line: `failed`, `delayed` …"""
    fields = (_ACTION.findall(part.content[:MAX_SEARCHED]) for part in reports if part.type.endswith("delivery-status"))
    return " ".join(action.decode("ascii").lower() for found in fields for action in found)
