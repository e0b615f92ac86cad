"""A case as an mbox file (RFC 4155; `From ` lines quoted as in mboxrd), to be opened by any mail program.

Mails are their own bytes; a note, which never was a mail, is written as one.
"""

import re
from collections.abc import Iterator
from datetime import UTC
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from cli.harmless import harmless
from notes.model import Filed
from notes.store import mails
from notes.timeline import Page

if TYPE_CHECKING:
    from cli.diary import Diary

FROM = re.compile(rb"^(>*From )", re.MULTILINE)


def mbox(diary: "Diary", page: Page) -> Iterator[bytes]:
    """One mail after the other, oldest first."""
    for entry in page.entries:
        raw = mails.raw(diary.db, entry.mail.ref) or _as_mail(entry.mail)
        sender = b"".join(entry.mail.sender.address.encode("ascii", "replace").split()) or b"MAILER-DAEMON"
        moment = entry.mail.at.astimezone(UTC).ctime().encode()
        body = FROM.sub(rb">\1", raw.replace(b"\r\n", b"\n"))
        yield b"From " + sender + b" " + moment + b"\n" + body.rstrip(b"\n") + b"\n\n"


def _as_mail(note: Filed) -> bytes:
    """What a person wrote into the diary."""
    mail = EmailMessage()
    mail["From"] = harmless(note.sender.address or note.sender.name or "kawari", one_line=True)
    mail["Date"] = format_datetime(note.at)
    mail["Subject"] = harmless(note.subject, one_line=True) or str(note.kind)
    mail["Message-ID"] = f"<{note.ref}@kawari.invalid>"
    mail.set_content(harmless(note.new_text))
    return mail.as_bytes()
