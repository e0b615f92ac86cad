"""Who may write into the log, and whether a mail is from whom it says: pure, for a From header is anybody's to write.

A memo or forward is believed only of a colleague (the staff's addresses or `log.senders`), and only where the mail
server vouches for it: it handed the mail over itself (`kawari receive`, `kawari lmtp`), keeps it among sent mail, or
says in the Authentication-Results header of its own id (RFC 8601) that DMARC passed for the domain of From, or DKIM or
SPF of a domain aligned with it (RFC 7489, section 3.1: of the same registrable domain).

Only the topmost header of that id counts: a server writes above what it was given, and what a stranger wrote under the
server's name stands below. Nothing below a damaged one is looked at, for it may be the server's, damaged by a stranger.

Where nobody said which id is the server's, From is believed as far as filing goes, unless the topmost header of any id
says that DMARC failed. What decides something (tags) or is answered must be proven (`proven`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.parse import addresses
from ingest.parse.mime import Part
from notes.companies import registrable
from notes.model import Directory, Kind, Message, Role

STRANGER = "log-stranger"
UNVERIFIED = "log-unverified"
DOUBTS = frozenset({STRANGER, UNVERIFIED})
"""Why a mail to the log is kept aside: not by one who may write there; not proven to be by whom it says."""

BY_SERVER = "(mail server)"
"""The folder of mail that the mail server hands over."""

MAX_VALUE = 20_000
"""Characters of a header that is read at all."""

_FAILED = frozenset({"fail", "permerror"})
_ODDLY_NAMED = re.compile(rb"^authentication-results[ \t]{1,20}:", re.IGNORECASE | re.MULTILINE)
_MOST_HEADERS = 200_000


@dataclass(frozen=True, slots=True)
class Way:
    """A place in which a mail was seen; `uidvalidity` is 0 for what was handed over or imported."""

    role: Role
    folder: str
    uidvalidity: int


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found (RFC 8601, section 2.2): `dmarc`, `pass`, `{"header.from": "…"}`, all in lower case."""

    method: str
    result: str
    properties: Mapping[str, str]


def doubt(message: Message, raw: bytes, ways: Iterable[Way], directory: Directory, authserv_id: str) -> str:
    """Why a mail that was sent to the log is not believed, one of `DOUBTS`; empty where it is, or was not sent there.

    Where `authserv_id` names no receiving server, polled mail of ours is believed until a server denies it. What a
    person imported is believed, and a stranger's mail that lies in a colleague's mailbox, too, is no matter of the log.
    """
    seen, sender = _Seen.of(ways), message.sender.address
    if seen.known or (not seen.logged and not to_log(message, directory)):
        return ""
    if not may_write(sender, directory):
        outside = not directory.is_ours(sender)
        harmless = seen.inbox if outside else not (authserv_id or seen.handed_over)
        return "" if harmless else STRANGER
    if seen.handed_over:
        return ""
    believed = vouched(raw, sender, authserv_id) if authserv_id else not denied(raw)
    return "" if believed else UNVERIFIED


def proven(message: Message, raw: bytes, ways: Iterable[Way], directory: Directory, authserv_id: str) -> bool:
    """Whether a mail to the log is believed for more than its From: it was handed over, lies among sent mail, was
    imported by a person, or the server of `authserv_id` vouches for it."""
    ways = tuple(ways)
    seen = _Seen.of(ways)
    grounds = seen.known or seen.handed_over or bool(authserv_id)
    return grounds and not doubt(message, raw, ways, directory, authserv_id)


@dataclass(frozen=True, slots=True)
class _Seen:
    """By which ways a mail came. `known`: it lies among sent mail, or a person imported it."""

    logged: bool
    inbox: bool
    handed_over: bool
    known: bool

    @classmethod
    def of(cls, ways: Iterable[Way]) -> "_Seen":
        ways = tuple(ways)
        roles = {way.role for way in ways}
        imported = any(way.uidvalidity == 0 and way.folder != BY_SERVER for way in ways)
        return cls(
            logged=Role.LOG in roles,
            inbox=Role.INBOX in roles,
            handed_over=any(way.folder == BY_SERVER for way in ways),
            known=imported or Role.SENT in roles,
        )


def to_log(message: Message, directory: Directory) -> bool:
    """Whether a mail is addressed to the log, also as `log+acme-3@…`."""
    return any(is_log(one.address, directory) for one in (*message.to, *message.cc, *message.bcc))


def is_log(address: str, directory: Directory) -> bool:
    """Whether an address (lower case) is the log's, with or without a case's key behind a plus."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in directory.log_addresses


def may_write(address: str, directory: Directory) -> bool:
    """Whether an address is a colleague's, or one of `log.senders`, or of a domain there."""
    listed = {address, address.rpartition("@")[2]} & directory.log_senders
    return bool(address and (listed or directory.staff_at(address)))


def may_tag(message: Message, role: Role, directory: Directory) -> bool:
    """Whether a mail is one to the log, of its kind, by a writer whose tags count where the mail is believed."""
    logged = role is Role.LOG or to_log(message, directory)
    return logged and message.kind is Kind.MAIL and not message.bulk and may_write(message.sender.address, directory)


def vouched(raw: bytes, sender: str, authserv_id: str) -> bool:
    """Whether the server of that id says that a mail is from the domain of `sender`, its only author."""
    root = Part(raw, 0, len(raw))
    # RFC 5322, section 4.5 has a blank before the colon: a server that takes away what strangers wrote may leave that.
    if not sole_author(root.headers, sender) or _ODDLY_NAMED.search(raw, 0, _MOST_HEADERS):
        return False
    domain = sender.rpartition("@")[2]
    found = _of_server(root.headers.get("authentication-results", ()), authserv_id)
    dmarc = [one for one in found if one.method == "dmarc"]
    if any(one.result in _FAILED for one in dmarc):
        return False
    if any(one.result == "pass" and one.properties.get("header.from") == domain for one in dmarc):
        return True
    return any(one.result == "pass" and _aligned(_checked_domain(one), domain) for one in found)


def sole_author(headers: Mapping[str, Sequence[str]], address: str) -> bool:
    """Whether one From header (by lower-case name) names this address and no other."""
    given = headers.get("from", ())
    return len(given) == 1 and [one.address for one in addresses.read(given, None)] == [address]


def denied(raw: bytes) -> bool:
    """Whether the topmost Authentication-Results header, of whatever id, says that DMARC failed: nobody forges that.

    Microsoft 365 writes no id in front of its results, so they are looked for in the first segment, too.
    """
    values = Part(raw, 0, len(raw)).headers.get("authentication-results", ())
    segments = _segments(values[0][:MAX_VALUE]) if values else []
    results = [one for one in map(_result, segments) if one]
    return any(one.method == "dmarc" and one.result == "fail" for one in results)


def server(raw: bytes) -> str:
    """The id in the topmost Authentication-Results header; empty where there is none, or it says none."""
    values = Part(raw, 0, len(raw)).headers.get("authentication-results", ())
    segments = _segments(values[0]) if values and len(values[0]) <= MAX_VALUE else []
    named = segments and _is_whole(segments) and "=" not in segments[0][0]
    return segments[0][0].lower() if named else ""


def _of_server(headers: Iterable[str], authserv_id: str) -> tuple[Result, ...]:
    """What the topmost header of that id says; nothing if it is damaged."""
    for value in headers:
        segments = _segments(value) if len(value) <= MAX_VALUE else []
        if not segments:
            return ()  # it may be the server's
        if segments[0] and segments[0][0].lower() == authserv_id.lower():
            results = tuple(filter(None, map(_result, segments[1:])))
            return results if _is_whole(segments) else ()
    return ()


def _is_whole(segments: list[list[str]]) -> bool:
    """Behind the id stands nothing but a version (RFC 8601, section 2.2)."""
    return len(segments[0]) == 1 or (len(segments[0]) == 2 and segments[0][1].isdigit())


def _result(words: list[str]) -> Result | None:
    """`dkim=pass header.d=acme.example`; None for anything else, and where a property is said in two ways."""
    method, equals, result = words[0].partition("=") if words else ("", "", "")
    if not equals:
        return None
    properties: dict[str, str] = {}
    for word in words[1:]:
        name, _, value = word.lower().partition("=")
        if properties.setdefault(name, value) != value:
            return None
    return Result(method.partition("/")[0].lower(), result.lower(), properties)


def _checked_domain(one: Result) -> str:
    """The domain that a passed check of DKIM or SPF stands for."""
    said = one.properties
    if one.method == "dkim":
        return said.get("header.d") or said.get("header.i", "").rpartition("@")[2]
    return said.get("smtp.mailfrom", "").rpartition("@")[2] if one.method == "spf" else ""


def _aligned(checked: str, domain: str) -> bool:
    return bool(checked and domain) and registrable(checked) == registrable(domain)


def _segments(value: str) -> list[list[str]]:
    """A header's words between its semicolons, without comments, quoted strings as part of their word.

    Nothing where a comment or a quoted string has no end.
    """
    segments: list[list[str]] = [[]]
    word, comment, quoted, escaped = "", 0, False, False
    for char in value:
        if escaped:
            escaped, word = False, word if comment else word + char
        elif char == "\\" and (comment or quoted):
            escaped = True
        elif char == '"' and not comment:
            quoted = not quoted
        elif quoted:
            word += char
        elif char in "()":
            comment = max(0, comment + (1 if char == "(" else -1))
        elif not comment and (char == ";" or char.isspace()):
            segments[-1] += [word] if word else []
            segments += [[]] if char == ";" else []
            word = ""
        elif not comment:
            word += char
    segments[-1] += [word] if word else []
    return [] if comment or quoted or escaped else segments
