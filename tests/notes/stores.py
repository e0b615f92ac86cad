"""What the store tests share: a store on each engine, and mails made by hand."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

from notes.model import (
    Address,
    Attachment,
    Contact,
    Customer,
    Forwarded,
    Kind,
    Message,
    Place,
    RawMail,
    Role,
    Via,
    Zone,
    ZoneKind,
)

TOKYO = timezone(timedelta(hours=9))
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=TOKYO)
HANA = Address("森 花", "hana@midori.example")
TARO = Address("Taro Ueda", "taro@ourshop.example")
MIDORI = Customer("midori", "みどり商事", ("midori.example",), ("hana@midori.example",))


def message(
    ref: str, text: str = "見積をお願いします。", *, at: datetime = MONDAY, message_id: str | None = ""
) -> Message:
    """A mail from Hana; `message_id` defaults to the ref."""
    return Message(
        ref=ref,
        message_id=ref if message_id == "" else message_id,
        in_reply_to=("parent@midori.example",),
        references=("root@midori.example", "parent@midori.example"),
        sender=HANA,
        to=(TARO,),
        cc=(),
        bcc=(),
        date=at,
        date_doubtful=False,
        subject="見積の件 ①㈱髙",
        kind=Kind.MAIL,
        text=text,
        digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        zones=(Zone(ZoneKind.NEW, text, "rest"), Zone(ZoneKind.QUOTE, "> a\n> b", "mark")),
        forwarded=(
            Forwarded(
                HANA, (TARO,), (), at, "元の件名", "本文", "上", (Attachment("a.pdf", "application/pdf", 3, "00"),)
            ),
        ),
        attachments=(Attachment("図面.pdf", "application/pdf", 12, "ab"),),
        contact=Contact(name="森 花", phone="03-0000-0000"),
    )


def raw(
    uid: int, *, mailbox: str = "taro", folder: str = "INBOX", role: Role = Role.INBOX, data: bytes = b""
) -> RawMail:
    """Bytes at a place."""
    place = Place(mailbox, folder, 7, uid)
    return RawMail(
        place, role, data or b"Subject: %d\r\n\r\nx" % uid, datetime(2026, 3, 2, tzinfo=UTC), Via(role.value)
    )
