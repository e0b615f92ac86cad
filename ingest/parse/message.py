"""From a raw mail to a `Message`: headers, structure, text, kind. The conductor of the rooms that read one mail.

mail-parser reads dates and unusual addresses, and judges damaged mails; structure, charsets, encoded words and text are
our own, because mail-parser damages Japanese and gives up where people still read (docs/decisions.md).
Division of the text into zones, forwards inside it and signatures are for other stations.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.parse import addresses, dates, kinds, mime, outlook, parts, returned, strict, words
from ingest.parse.mime import Part
from notes.errors import UnreadableMailError
from notes.model import Address, Attachment, Forwarded, Kind, Message

MAX_BYTES = 64 * 1024 * 1024
MAX_HEAD = 1024 * 1024
"""Bytes that are read of a mail over `MAX_BYTES`: its headers and the beginning of its structure."""
MAX_LINES = 100_000
MAX_TEXT = 8_000_000
MAX_FORWARDS = 100

_KNOWN = frozenset((
    "from", "to", "cc", "bcc", "subject", "date", "message-id", "received", "return-path", "sender", "reply-to",
    "mime-version", "content-type", "in-reply-to", "references", "delivered-to", "resent-from", "resent-to",
    "resent-date", "x-mailer", "user-agent", "content-transfer-encoding",
))  # fmt: skip
_PGP = re.compile(r"^-----BEGIN PGP (SIGNED )?MESSAGE-----[ \t]*$", re.MULTILINE)


def parse(raw: bytes, *, internaldate: datetime | None = None) -> Message:
    """Reads one mail. `internaldate` is the server's arrival time, used where the Date header cannot be true.

    Zones, contact and inline forwards are left empty; attached mails are in `forwarded`, outermost first.
    Raises UnreadableMailError(`not-a-mail`) for bytes without a single mail header.
    """
    root, defects = _opened(raw)
    found = parts.sort(root)
    hint = parts.hint_of(root, found)
    text, text_defects = parts.text_of(found, hint)
    text, cut = _within_limits(text)
    sender, sender_defects = _sender(root, hint)
    subject = words.readable(root.header("subject"), hint)
    date = root.header("date")
    claimed = dates.read(date)
    written = dates.written(date, claimed, dates.received(root.headers.get("received", ())), internaldate)
    look = _look(root, found, sender, subject, text, hint)
    kind = kinds.kind(look)
    digest = _digest(sender, claimed.astimezone(UTC).isoformat() if claimed else date, subject, text)
    message_id = addresses.message_id(root.header("message-id"))
    bounced = returned.refs(root, found.inner, found.reports, text) if kind is Kind.BOUNCE else ()
    defects = [*defects, *text_defects, *cut, *sender_defects, *_parts_defects(root, found, text)]
    defects += [written.defect] if written.defect else []
    defects += strict.defects(raw) if defects and mime.longest_header(root) <= strict.MAX_HEADER else []
    return Message(
        ref=message_id or f"kawari-{digest[:16]}",
        message_id=message_id,
        in_reply_to=addresses.ids(root.headers.get("in-reply-to", ())),
        references=addresses.ids(root.headers.get("references", ())),
        sender=sender,
        to=addresses.read(root.headers.get("to", ()), hint),
        cc=addresses.read(root.headers.get("cc", ()), hint),
        bcc=addresses.read(root.headers.get("bcc", ()), hint),
        date=written.at,
        date_doubtful=bool(written.defect),
        subject=subject,
        kind=kind,
        text=text,
        digest=digest,
        forwarded=_forwarded(found.inner, written.at) if kind is Kind.MAIL else (),
        attachments=_listed(found, len(raw)),
        bulk=kinds.bulk(look, kind),
        bounced=bounced,
        defects=tuple(dict.fromkeys(defects)),
        bounces=returned.bounces(root, found.inner, found.reports, text, bounced) if kind is Kind.BOUNCE else (),
    )


def attachments(raw: bytes) -> Iterator[tuple[Attachment, bytes]]:
    """The attachments of a mail with their decoded contents, in the order of `Message.attachments`.

    Their names come from the sender: a caller who saves them takes no path from a name.
    Raises UnreadableMailError(`not-a-mail`).
    """
    root, _defects = _opened(raw)
    yield from parts.attachments(parts.sort(root))


def reply_to(raw: bytes) -> tuple[Address, ...]:
    """Where a mail's writer wants answers to go (RFC 5322, section 3.6.2); empty where the header says nothing.

    Raises UnreadableMailError(`not-a-mail`).
    """
    root, _defects = _opened(raw)
    return addresses.read(root.headers.get("reply-to", ()))


def html_of(raw: bytes) -> str:
    """The HTML of a mail's body as its sender wrote it, decoded and not made harmless; empty where there is none.

    Raises UnreadableMailError(`not-a-mail`).
    """
    root, _defects = _opened(raw)
    found = parts.sort(root)
    return parts.html_of(found, parts.hint_of(root, found))


# --- opening -------------------------------------------------------------------------------------------------------

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _opened(raw: bytes) -> tuple[Part, list[str]]:
    """The mail's tree, and the codes of what kept it from being read in full."""
    defects = []
    if raw.startswith(outlook.MAGIC):
        raw = outlook.mail_of_msg(raw)
    if len(raw) > MAX_BYTES:
        raw, defects = raw[:MAX_HEAD], ["too-large"]
    raw = _usual_line_ends(raw.removeprefix(_BYTE_ORDER_MARK).lstrip(b"\r\n"))
    root = Part(raw, 0, len(raw))
    if not _KNOWN.intersection(root.headers):
        raise UnreadableMailError("not-a-mail")
    return root, defects


def _usual_line_ends(raw: bytes) -> bytes:
    """CR alone (old Macintosh files) and CR CR LF (files converted twice) as line ends that parsers know."""
    if b"\n" not in raw:
        return raw.replace(b"\r", b"\n")
    return raw.replace(b"\r\r\n", b"\r\n") if b"\r\r\n" in raw[:2_000] else raw


def _within_limits(text: str) -> tuple[str, list[str]]:
    if len(text) <= MAX_TEXT and text.count("\n") < MAX_LINES:
        return text.replace("\x00", ""), []
    return "\n".join(text[:MAX_TEXT].replace("\x00", "").split("\n", MAX_LINES)[:MAX_LINES]), ["text-cut"]


# --- headers -------------------------------------------------------------------------------------------------------


def _sender(root: Part, hint: str | None) -> tuple[Address, list[str]]:
    """Who wrote it: From, else the next best header (RFC 5322, section 3.6.2)."""
    for name in ("from", "sender", "resent-from", "reply-to", "return-path"):
        found = addresses.read(root.headers.get(name, ()), hint)
        if found:
            return found[0], [] if name == "from" else ["from-missing"]
    return Address(words.readable(root.header("from"), hint), ""), ["from-missing"]


def _look(root: Part, found: parts.Sorted, sender: Address, subject: str, text: str, hint: str | None) -> kinds.Look:
    return kinds.Look(
        names=root.headers.keys(),
        header=lambda name: words.readable(value, hint) if (value := root.header(name)) else "",
        sender=sender.address,
        sender_name=sender.name,
        subject=subject,
        text=text,
        report=_report(root, found),
        calendar=found.calendars[0].parameter("method").lower() if found.calendars else "",
        status=returned.actions(found.reports),
    )


def _report(root: Part, found: parts.Sorted) -> str:
    """What a mail reports on (RFC 6522), also where a gateway has taken its multipart/report apart."""
    if root.type == "multipart/report":
        return root.parameter("report-type").lower()
    receipt = any(part.type == "message/disposition-notification" for part in found.reports)
    return "disposition-notification" if receipt else ""


def _digest(sender: Address, date: str, subject: str, text: str) -> str:
    """The identity of the content. `date` is the header's, not the arrival's, which differs from mailbox to mailbox."""
    fields = (" ".join(field.split()) for field in (sender.address, date, subject, text))
    return hashlib.sha256("\x00".join(fields).encode("utf-8", "replace")).hexdigest()


# --- what is inside ------------------------------------------------------------------------------------------------


def _listed(found: parts.Sorted, size: int) -> tuple[Attachment, ...]:
    """The attachments; of a mail that was not read to its end only names and types are true."""
    if size > MAX_BYTES:
        return tuple(Attachment(part.name, part.type, 0, "") for part in found.attached)
    return tuple(attachment for attachment, _content in parts.attachments(found))


def _forwarded(inner: list[Part], at: datetime) -> tuple[Forwarded, ...]:
    """Attached mails, and the mails attached to those, in the order in which a reader meets them."""
    found: list[Forwarded] = []
    stack = list(reversed(inner))
    while stack and len(found) < MAX_FORWARDS:
        children = stack.pop().children
        if not children or not children[0].headers:
            continue
        root = children[0]
        inside = parts.sort(root)
        stack.extend(reversed(inside.inner))
        found.append(_inner(root, inside))
    return tuple(found)


def _inner(root: Part, inside: parts.Sorted) -> Forwarded:
    hint = parts.hint_of(root, inside)
    text, _defects = parts.text_of(inside, hint)
    return Forwarded(
        sender=_sender(root, hint)[0],
        to=addresses.read(root.headers.get("to", ()), hint),
        cc=addresses.read(root.headers.get("cc", ()), hint),
        date=dates.read(root.header("date")),
        subject=words.readable(root.header("subject"), hint),
        text=_within_limits(text)[0],
        above="",
        attachments=tuple(attachment for attachment, _content in parts.attachments(inside)),
    )


# --- what is wrong -------------------------------------------------------------------------------------------------

_NAMED = {
    "application/pgp-encrypted": "pgp-encrypted",
    "application/pgp-signature": "pgp-signed",
    "application/pkcs7-signature": "smime-signed",
    "application/x-pkcs7-signature": "smime-signed",
}
_OPAQUE = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_OPAQUE_NAMES = (".p7m", ".p7z")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier id-signedData (RFC 5652, section 5.1), with which a signed message begins."""


def _parts_defects(root: Part, found: parts.Sorted, text: str) -> list[str]:
    """Parts that cannot be read here, named as what they are; and inline PGP."""
    codes = [code for part in found.attached if (code := _named(part))]
    pgp = _PGP.search(text) if "-----BEGIN PGP" in text else None
    if pgp:
        codes.append("pgp-signed" if pgp[1] else "pgp-encrypted")
    every = list(mime.walk(root))
    if len(every) >= mime.MAX_PARTS:
        codes.append("too-many-parts")
    for part in every:
        codes += part.damage
        if part.is_tnef:
            codes.append("tnef")
        if part.depth >= mime.MAX_DEPTH and part.type.startswith(_NESTING):
            codes.append("too-deep")
    return codes


_NESTING = ("multipart/", "message/rfc822")


def _named(part: Part) -> str:
    if part.type in _OPAQUE or part.name.lower().endswith(_OPAQUE_NAMES):
        signed = part.parameter("smime-type").lower().startswith("signed") or _SIGNED_DATA in part.content[:100]
        return "smime-signed-opaque" if signed else "smime-encrypted"
    if part.type == "application/octet-stream" and part.name.lower().endswith((".pgp", ".gpg")):
        return "pgp-encrypted"
    return _NAMED.get(part.type, "")
