"""A draft made from the diary: its ground, its letter, and the mail as bytes (RFC 5322) for a mail program to open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.utils import format_datetime
from secrets import token_hex
from typing import TYPE_CHECKING

from cli.diary import Diary
from cli.harmless import harmless
from cli.letter import Habit, Letter, habit
from ingest.body.courtesies import closing
from ingest.parse import reply_to
from ingest.parse.kinds import is_machine
from ingest.receive import read
from notes.errors import NotFoundError, UnreadableMailError
from notes.model import Address, Direction, Due, Filed, Kind, Message, Promise, Staff, ZoneKind
from notes.replying import Ground, answerable, ground, language
from notes.store import mails

if TYPE_CHECKING:
    from cli.diary import Sheet

SAMPLES = 10
"""Mails of the writer's own in which a signature is looked for."""
LONGEST_SIGNATURE = 20
"""Lines; more is no signature."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft: what it rests on, its text, the places left to fill, and its bytes."""

    ground: Ground
    text: str
    gaps: int
    raw: bytes


def drafted(
    diary: Diary, sheet: "Sheet", sender: Staff, *, grace: bool, date: Due | None, promise: Promise | None, file: bool
) -> Drafted:
    """Makes the draft of a case; `file`: one to be opened from an .eml.

    Raises `NotFoundError` where it has no mail to answer, or nobody to answer to.
    """
    desk, page = diary.desk, sheet.page
    answered = answerable(page, is_machine, promise if grace else None)
    if answered is None:
        raise NotFoundError("draft-no-mail", case=page.case.key)
    message = _message(diary, answered.ref)
    based = ground(
        page,
        answered,
        desk.directory,
        sender,
        reply_to=_wanted(diary, answered),
        references=message.references or message.in_reply_to if message else answered.references,
        promise=promise,
        machine=is_machine,
    )
    if not based.to:
        raise NotFoundError("draft-nobody", case=page.case.key)
    signature, signed_off = _signature(diary, sender, based.language)
    letter = Letter(
        ground=based,
        organisation=desk.directory.organisation or sender.addresses[0].rpartition("@")[2],
        zone=desk.zone,
        now=diary.now,
        signature=signature,
        signed_off=signed_off,
        quoted=_quoted(answered, message),
        habit=_habit(diary, [entry.mail for entry in page.entries]),
        grace=grace,
        date=date,
    )
    text = letter.text
    return Drafted(based, text, letter.gaps, as_mail(based, text, desk.now(), file=file))


def as_mail(based: Ground, text: str, now: datetime, *, file: bool) -> bytes:
    """The mail, plain text in UTF-8. `X-Unsent` makes Outlook open a file as a draft; it is sent by nobody here."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = _mailboxes([Address(based.sender.name, based.sender.addresses[0])])
    mail["To"] = _mailboxes(based.to)
    if based.cc:
        mail["Cc"] = _mailboxes(based.cc)
    mail["Subject"] = harmless(based.subject, one_line=True)
    mail["Date"] = format_datetime(now)
    if file:
        mail["X-Unsent"] = "1"
    mail.set_content(text, charset="utf-8")
    return _ids(based, now) + mail.as_bytes()


def _ids(based: Ground, now: datetime) -> bytes:
    """The headers of the thread, an id a line: `email` breaks an id that is longer than a line into encoded words."""
    domain = based.sender.addresses[0].rpartition("@")[2]
    lines = [f"Message-ID: <{now:%Y%m%d%H%M%S}.{token_hex(8)}@{domain}>"]
    if based.in_reply_to:
        lines.append(f"In-Reply-To: <{based.in_reply_to}>")
        lines.append("References: " + "\r\n ".join(f"<{one}>" for one in based.references))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii", "replace")


def _mailboxes(people: Iterable[Address]) -> tuple[Mailbox, ...]:
    """Addresses for a header; a name that no header can hold is left out, an address that none can hold with it."""
    found = []
    for who in people:
        local, _, domain = who.address.rpartition(
            "@"
        )  # parts: phones write from `a..b@`, which is no address by the book
        try:
            found.append(Mailbox(harmless(who.name, one_line=True)[:200], username=local, domain=domain))
        except (ValueError, IndexError, MessageError):
            continue
    return tuple(found)


def _message(diary: Diary, ref: str) -> Message | None:
    """A mail read again from its bytes; None where the diary has them no more."""
    data = mails.raw(diary.db, ref)
    try:
        return read(data) if data else None
    except UnreadableMailError:
        return None


def _wanted(diary: Diary, answered: Filed) -> tuple[Address, ...]:
    data = mails.raw(diary.db, answered.ref)
    return reply_to(data) if data and answered.direction is Direction.IN else ()


def _quoted(answered: Filed, message: Message | None) -> str:
    """What is quoted: the whole mail; of a forward, the mail inside."""
    if answered.kind is Kind.FORWARD and answered.forwarded:
        return answered.forwarded[0].text
    return message.text if message else answered.new_text


def _habit(diary: Diary, written: Sequence[Filed]) -> Habit:
    """How our last mail in the case quotes."""
    ours = [mail for mail in reversed(written) if mail.direction is Direction.OUT and mail.kind is Kind.MAIL]
    for mail in ours[:SAMPLES]:
        message = _message(diary, mail.ref)
        if message and any(zone.kind is ZoneKind.QUOTE for zone in message.zones):
            return habit([zone.text for zone in message.zones], [zone.kind for zone in message.zones])
    return Habit()


def _signature(diary: Diary, sender: Staff, spoken: str) -> tuple[str, bool]:
    """The writer's own signature in that language, and whether it begins with a closing; empty: there is none."""
    for ref in mails.sent_by(diary.db, sender.addresses, SAMPLES):
        message = _message(diary, ref)
        if message is None or language([message.new_text]) != spoken:
            continue
        signed = "\n".join(zone.text.strip("\n") for zone in message.zones if zone.kind is ZoneKind.SIGNATURE)
        if signed.strip() and signed.count("\n") < LONGEST_SIGNATURE:
            return signed, _is_closing(signed)
    return "", False


def _is_closing(signed: str) -> bool:
    first = next((line for line in signed.split("\n") if line.strip()), "")
    return bool(first.strip() and closing(first.strip()))
