"""Which of our mails a bounce returns, for whom, and whether for good.

A delivery report (RFC 3464) says it field by field. Without one the letter of the mail system does: those of qmail,
Exim, Postfix, sendmail and Exchange, of Gmail, Microsoft 365, docomo, au, SoftBank and Yahoo! JAPAN name the recipient
in their first lines, and the reason beside or below.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.parse import addresses, words
from ingest.parse.mime import Part
from notes.model import Bounce

_FIELD = re.compile(
    r"^[ \t>]{0,8}(?:X-)?(?:Original-)?Message-I[Dd][ \t]*:[ \t]*\n?[ \t]*(<[^<>\n]{1,500}>)",
    re.MULTILINE | re.IGNORECASE,
)
MAX_SEARCHED = 200_000
MAX_RECIPIENTS = 100
MAX_SAID = 300
_MAX_LINES = 80
_MAX_LINE = 500


def refs(root: Part, inner: list[Part], reports: list[Part], text: str) -> tuple[str, ...]:
    """The Message-IDs of the returned mails, without brackets; those of carried mails before those referred to."""
    carried = [mail.header("message-id") for part in inner for mail in part.children]
    for part in reports:
        carried.extend(_FIELD.findall(part.content[:MAX_SEARCHED].decode("latin-1").replace("\r", "")))
    carried.extend(_FIELD.findall(text[:MAX_SEARCHED]))
    own = addresses.message_id(root.header("message-id"))
    found = tuple(ref for ref in addresses.ids(carried) if ref != own)
    return found or addresses.ids((*root.headers.get("in-reply-to", ()), *root.headers.get("references", ())[-1:]))


# --- the report --------------------------------------------------------------------------------------------------


class Refusal(NamedTuple):
    """One recipient's fields in a delivery report (RFC 3464, section 2.3); empty where absent."""

    recipient: str
    action: str
    status: str
    said: str


_REPORT_FIELD = re.compile(
    r"^([A-Za-z-]{1,40})[ \t]*:[ \t]*([^\n]{0,2000}(?:\n[ \t]+[^\n]{0,500}){0,10})", re.MULTILINE
)
_TYPE = re.compile(r"\A\s*[A-Za-z0-9-]{1,20}\s*;\s*")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")


def refusals(reports: list[Part]) -> list[Refusal]:
    """The recipients of delivery reports, whatever became of them."""
    found: list[Refusal] = []
    for part in reports:
        if part.type.endswith("delivery-status"):
            text = part.content[:MAX_SEARCHED].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
            found += filter(None, map(_refusal, re.split(r"\n[ \t]*\n", text)))
    return found[:MAX_RECIPIENTS]


def _refusal(group: str) -> Refusal | None:
    fields: dict[str, str] = {}
    for name, value in _REPORT_FIELD.findall(group):
        fields.setdefault(name.lower(), " ".join(value.split()))
    recipient = _bare(fields.get("original-recipient") or fields.get("final-recipient", ""))
    action = fields.get("action", "").lower()
    if not recipient and not action:
        return None
    said = _TYPE.sub("", fields.get("diagnostic-code", ""))
    return Refusal(recipient, action, fields.get("status", "").partition(" ")[0], words.readable(said)[:MAX_SAID])


def _bare(recipient: str) -> str:
    """`rfc822;aki@example.jp` without its type; xtext (RFC 3461, section 4) undone."""
    bare = _TYPE.sub("", recipient).strip("<> ")
    return _XTEXT.sub(lambda code: chr(int(code[1], 16)), bare).lower() if "@" in bare else ""


def actions(reports: list[Part]) -> str:
    """The actions of a delivery report (section 2.3.3), lower case, in one line: `failed`, `delayed` …"""
    return " ".join(one.action for one in refusals(reports) if one.action)


# --- to whom, and why ----------------------------------------------------------------------------------------------


def bounces(
    root: Part, inner: list[Part], reports: list[Part], text: str, returned: Sequence[str]
) -> tuple[Bounce, ...]:
    """The recipients whom the mail did not reach: of a report those that failed, else those whom the letter names."""
    ref = returned[0] if returned else ""
    failed = [one for one in refusals(reports) if one.recipient and one.action in ("failed", "")]
    letter = _letter(text)
    if failed:
        found = {one.recipient: (one.status, one.said or _reason(letter, one.recipient)) for one in failed}
    else:
        named = _named(root, letter) or _to(inner)
        found = {recipient: ("", _reason(letter, recipient)) for recipient in named}
    whole = "\n".join(letter)
    return tuple(
        Bounce(ref, recipient, _permanent(status, said, whole), said)
        for recipient, (status, said) in list(found.items())[:MAX_RECIPIENTS]
    )


_ADDRESS = re.compile(r"[A-Za-z0-9._%+'=/-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_RETURNED_PART = re.compile(
    r"\W*(?:-{2,}.{0,80}|.{0,30}(?:copy of (?:the|your) message|original message|message headers? follows?|"
    r"returned message|undelivered message).{0,40}|"
    r"(?:received|return-path|message-id|from|subject|reporting-mta): .{0,200}|"
    r".{0,20}(?:元の|オリジナルの?)(?:メッセージ|メール).{0,30})\Z",
    re.IGNORECASE,
)
_RECIPIENTS_FOLLOW = re.compile(r"-{2,} ?(?:the following addresses|transcript of session)", re.IGNORECASE)
_NO_RECIPIENT = re.compile(
    r"postmaster|mailer-?daemon|help ?desk|support@|contact|administrator|管理者|問い?合わせ|reporting|"
    r"generated by|return-path|\Afrom\b|\A差出人|\A送信者",
    re.IGNORECASE,
)


def _letter(text: str) -> list[str]:
    """What the mail system has to say: the lines over the returned mail."""
    lines: list[str] = []
    for raw in text[:MAX_SEARCHED].split("\n")[:_MAX_LINES]:
        line = raw[:_MAX_LINE].strip()
        if lines and _RETURNED_PART.match(line) and not _RECIPIENTS_FOLLOW.search(line):
            break
        lines.append(line)
    return lines


def _named(root: Part, letter: Sequence[str]) -> list[str]:
    """The recipients of X-Failed-Recipients (Exim, Gmail), else the addresses in the letter but our own."""
    given = root.headers.get("x-failed-recipients", ())
    if given:
        return [one.address for one in addresses.read(given)]
    ours = {one.address for name in ("to", "from") for one in addresses.read(root.headers.get(name, ()))}
    found: dict[str, None] = {}
    for line in letter:
        for match in _ADDRESS.finditer(line):
            address = match[0].strip(".'").lower()
            if address not in ours and not _NO_RECIPIENT.search(line[: match.end()]):
                found[address] = None
    return list(found)


def _to(inner: list[Part]) -> list[str]:
    """The recipient of the returned mail, if it had only one."""
    people = [
        one.address for part in inner for mail in part.children for one in addresses.read(mail.headers.get("to", ()))
    ]
    return people if len(people) == 1 else []


_SAYS_WHY = re.compile(
    r"\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b|unknown|not found|no such|does not exist|doesn't|rejected|refused|"
    r"denied|blocked|full|quota|timed? ?out|couldn't|invalid|disabled|inactive|spam|"
    r"ありません|存在しません|見つかりません|不明|"
    r"拒否|容量|いっぱい|超え|制限|ブロック|迷惑|無効",
    re.IGNORECASE,
)


def _reason(letter: Sequence[str], recipient: str) -> str:
    """The line that says why: beside the recipient's address or behind it, else the first that gives any reason."""
    at = next((n for n, line in enumerate(letter) if recipient in line.lower()), 0)
    for line in (*letter[at : at + 8], *letter):
        bare = re.sub(re.escape(recipient), "", line, flags=re.IGNORECASE)
        if _SAYS_WHY.search(bare):
            return line.removeprefix(f"<{recipient}>:").strip()[:MAX_SAID]
    return ""


_FULL = re.compile(
    r"mailbox (?:is )?full|over ?quota|quota exceeded|exceeded? .{0,30}(?:quota|storage)|"
    r"storage .{0,20}(?:full|exceed)|"
    r"容量|いっぱい|満杯|受信できる(?:上限|容量)",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(
    r"temporar|timed? ?out|try again|connection refused|could not be reached|not responding|greylist|too many|"
    r"rate limit|retry time|queue|expired|一時的|しばらく|時間をおいて|応答が(?:ない|ありません)|混み合って",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")


def _permanent(status: str, said: str, letter: str) -> bool:
    """RFC 3463: class 4 may pass, class 5 not; a full mailbox (x.2.2) may be emptied. Without a code the words say."""
    if _FULL.search(said):
        return False
    for place in (status, said):
        found = _STATUS.search(place)
        if found:
            return found[1] == "5" and (found[2], found[3]) != ("2", "2")
        code = _CODE.search(place)
        if code:
            return code[1] == "5"
    return not (_FOR_NOW.search(said) or _FULL.search(letter) or (not said and _FOR_NOW.search(letter)))


# --- mere delays -----------------------------------------------------------------------------------------------------

_DELAY = re.compile(
    r"warning message only|do not need to resend|not need to (?:resend|re-send)|"
    r"will (?:keep|continue) (?:trying|retrying)|"
    r"will (?:be )?(?:retry|try again|retried)|(?:has been|is|was) delayed|delivery (?:is |has been )?delayed|"
    r"has not yet been delivered|still (?:being )?(?:trying|retried)|delivery attempts will continue|"
    r"(?:配信|配送|送信|配達)(?:が|は)?(?:遅延|遅れて)|再送を(?:試み|続け)|引き続き(?:再送|再試行|配信を試)|再試行(?:を続け|します|されます)",
    re.IGNORECASE,
)


def is_delay(subject: str, text: str) -> bool:
    """Whether a mail system only says that it is still trying."""
    return bool(_DELAY.search(subject) or _DELAY.search("\n".join(_letter(text))))
