"""Mail that the mail server hands over, by pipe (`kawari receive`) or LMTP: into the log, on the disk, answered."""

import hashlib
from collections.abc import Iterable

from ingest.context import Context
from ingest.parse import parse
from ingest.receive import Report, receive
from ingest.trusted import BY_SERVER, is_log
from notes.model import Message, Place, RawMail, Role, Via
from notes.store.engine import Store

MAX_BYTES = 50 * 1024 * 1024
MAILBOX = "log"


def deliver(store: Store, raw: bytes, recipients: Iterable[str], context: Context, *, returned: bool = False) -> Report:
    """Files a mail as one of the log's. `recipients` are those of the envelope; where the mail does not name them, a
    Bcc line says so, for `log+acme-3@…` names a case. `returned`: the envelope has no sender, which a Return-Path line
    says (RFC 5321, section 4.4).

    The mail is stored when this returns, also where it cannot be filed. Raises UnreadableMailError for what is no mail,
    and DatabaseError.
    """
    blind = _blind(recipients, parse(raw, internaldate=context.now), context)
    above = [b"Return-Path: <>\r\n"] if returned else []
    whole = b"".join([*above, *(f"Bcc: <{one}>\r\n".encode() for one in blind), raw])
    uid = int.from_bytes(hashlib.sha256(whole).digest()[:8]) >> 1  # 63 bits, for a signed column
    place = Place(MAILBOX, BY_SERVER, 0, uid)
    return receive(store, [RawMail(place, Role.LOG, whole, context.now, Via.LOG)], context, None)


def _blind(recipients: Iterable[str], message: Message, context: Context) -> list[str]:
    """Addresses of the log in the envelope that the mail does not name."""
    named = {one.address for one in (*message.to, *message.cc, *message.bcc)}
    given = dict.fromkeys(one.strip().strip("<>").lower() for one in recipients)
    return [one for one in given if one.isascii() and is_log(one, context.directory) and one not in named]
