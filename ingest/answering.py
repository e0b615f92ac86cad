"""Who gets a short answer to a mail to the log, saying where it was filed; what a reply to such an answer puts right.

Loops cannot be (RFC 3834, section 2): answered is one of the staff, who is proven to have written, at the address of
From, once a mail, some times an hour; nothing that a program, a list or a mail system wrote; and the answer says of
itself that it is one (`ingest.outgoing`), which no such answer answers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from ingest import correcting, outgoing
from ingest.context import Context
from ingest.correcting import Word
from ingest.filing import read
from ingest.parse.kinds import is_machine
from ingest.parse.mime import Part
from ingest.trusted import Way, is_log, proven, sole_author
from notes.errors import NotFoundError, UsageError
from notes.model import Directory, Kind, Message, Staff
from notes.store import cases, mails, outbox, ways
from notes.store.engine import Connection
from notes.subjects import WRITTEN_KEY, plain

MOST_AN_HOUR = 20
"""Answers to one person; what is more is filed in silence."""

MOST_TEXT = 6_000
_REMEMBERED = 500
_TO_BE_PROVEN = timedelta(hours=1)
_PLAIN_ID = re.compile(r"[!-;=?-~]{1,200}")
_MAILING = frozenset({"bulk", "junk", "list", "auto_reply"})
_QUIET = frozenset({"all", "autoreply"})


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom to answer, the mail that is answered (`ref`, `message`), and the one it is about: that one, or a former one
    that the writer `moved` by replying to the answer to it."""

    to: Staff
    ref: str
    message: Message
    about: str
    moved: bool = False


class Silence(Enum):
    """Why nobody is answered: for good, or so far, for the mail may still be proven."""

    FOR_GOOD = auto()
    SO_FAR = auto()


def consider(db: Connection, context: Context, number: int, ref: str) -> Answer | Silence:
    """Whether a mail in the log is answered, once it is filed or kept aside; changes nothing. Raises DatabaseError."""
    raw = mails.raw(db, ref)
    if raw is None:
        return Silence.FOR_GOOD
    message, given = read(raw), context.directory
    person = addressee(message, ref, raw, given)
    if person is None:
        return Silence.FOR_GOOD
    if not proven(message, raw, [Way(*way) for way in ways.of(db, number)], given, context.authserv_id):
        return Silence.SO_FAR if context.now - message.date < _TO_BE_PROVEN else Silence.FOR_GOOD
    often = outbox.answered(db, person.id, context.now - timedelta(hours=1)) >= MOST_AN_HOUR
    return Silence.FOR_GOOD if often else Answer(person, ref, message, ref)


def put_right(db: Connection, context: Context, answer: Answer, sender: str) -> Answer:
    """Where the mail replies to one of our answers (which come from `sender`) and names a case, the mail that was
    answered is moved there, and the new answer is about that one. Raises DatabaseError."""
    about, word = _answered(db, answer.message, sender), Word(answer.to.id, context.now)
    moved = bool(about) and _move(db, context, answer.message, about, word)
    return replace(answer, about=about, moved=True) if moved else answer


def addressee(message: Message, ref: str, raw: bytes, directory: Directory) -> Staff | None:
    """Who of the staff a mail to the log says to be from, if it is one that may be answered once it is proven.

    A mail without a Message-ID of its own (`ref`: its name in the diary) was not written in a mail program.
    """
    address = message.sender.address
    person = directory.staff_at(address)
    if person is None or is_log(address, directory) or address in directory.ignored_addresses or is_machine(address):
        return None
    if message.kind is not Kind.MAIL or message.bulk or message.message_id != ref or not _PLAIN_ID.fullmatch(ref):
        return None
    headers = Part(raw, 0, len(raw)).headers
    return None if is_automatic(headers) or not sole_author(headers, address) else person


def is_automatic(headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether headers (by lower-case name) say that no person wants an answer: an automatic mail (RFC 3834), a list's
    (RFC 2369, 2919), one without a return path (RFC 5321, section 4.5.5), or one that asks for none (Exchange)."""

    def words(name: str) -> Iterable[str]:
        given = (value for line in headers.get(name, ()) for value in line.casefold().split(","))
        return (value.partition(";")[0].strip() for value in given)

    return (
        any(value != "no" for value in words("auto-submitted"))
        or any(name.startswith("list-") for name in headers)
        or not _MAILING.isdisjoint(words("precedence"))
        or any("@" not in value for value in words("return-path"))
        or not _QUIET.isdisjoint(words("x-auto-response-suppress"))
    )


def named_case(message: Message) -> str:
    """The only case whose key stands in the writer's own words (`#acme-3`); empty where none does, or several."""
    keys = {found[1] for found in WRITTEN_KEY.finditer(plain(message.new_text[:MOST_TEXT]).casefold())}
    return keys.pop() if len(keys) == 1 else ""


def _answered(db: Connection, message: Message, sender: str) -> str:
    """The ref of the mail to the log to whose answer this one replies; empty where it replies to none."""
    named = {*message.in_reply_to, *message.references}
    if not named or not sender:
        return ""
    letters = outbox.answers_to(db, message.sender.address, _REMEMBERED)
    return next((one.answers for one in letters if outgoing.name(one.key, sender) in named), "")


def _move(db: Connection, context: Context, message: Message, about: str, word: Word) -> bool:
    """Puts the mail that was answered into the case that the reply names; says whether it is there now."""
    key = named_case(message)
    try:
        to = cases.get(db, key).key if key else ""
        if to:
            correcting.move(db, context, [about], to, word)
    except NotFoundError:
        return False
    except UsageError as error:
        return error.code == "moved-already"
    return bool(to)


def since(now: datetime) -> datetime:
    """Mail written before is answered no more: it was read late, or all of it for the first time."""
    return now - timedelta(days=1)
