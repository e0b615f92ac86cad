"""Golden mails: what `<name>.json` says of `<name>.eml` is what kawari reads in it. A nasty mail is two files here.

The JSON holds the keys of `inspect mail` that matter for the mail; in lists of objects, too, only the keys given count.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.receive import read
from notes.model import Address, Attachment, Contact, Forwarded, Message

MAILS = Path(__file__).parent.parent / "mails"


@pytest.mark.parametrize("name", sorted(path.stem for path in MAILS.glob("*.json")))
def test_a_golden_mail_is_read_as_its_json_says(name: str) -> None:
    wanted = json.loads((MAILS / f"{name}.json").read_text(encoding="utf-8"))
    told = _told(read((MAILS / f"{name}.eml").read_bytes()))
    assert _cut_to(told, wanted) == wanted


def _told(mail: Message) -> dict[str, Any]:
    return {
        "ref": mail.ref,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "from": _address(mail.sender),
        "to": [_address(one) for one in mail.to],
        "cc": [_address(one) for one in mail.cc],
        "date": mail.date.isoformat(),
        "date_doubtful": mail.date_doubtful,
        "subject": mail.subject,
        "kind": mail.kind.value,
        "bulk": mail.bulk,
        "bounced": list(mail.bounced),
        "zones": [{"kind": zone.kind.value, "text": zone.text, "rule": zone.rule} for zone in mail.zones],
        "new_text": mail.new_text,
        "text": mail.text,
        "forwarded": [_forwarded(one) for one in mail.forwarded],
        "attachments": [_attachment(one) for one in mail.attachments],
        "contact": _contact(mail.contact),
        "defects": list(mail.defects),
    }


def _address(one: Address) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _attachment(one: Attachment) -> dict[str, Any]:
    return {"name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256}


def _contact(one: Contact | None) -> dict[str, str] | None:
    fields = ("name", "phone", "title", "department", "company")
    return {field: getattr(one, field) for field in fields} if one else None


def _forwarded(one: Forwarded) -> dict[str, Any]:
    return {
        "from": one.sender.address,
        "from_name": one.sender.name,
        "to": [_address(who) for who in one.to],
        "cc": [_address(who) for who in one.cc],
        "date": one.date.isoformat() if one.date else None,
        "subject": one.subject,
        "text": one.text,
        "above": one.above,
        "attachments": [_attachment(file) for file in one.attachments],
    }


def _cut_to(told: Any, wanted: Any) -> Any:
    """What was read, cut to the keys that the JSON speaks of; a line end at the end of a text does not count."""
    if isinstance(told, str) and isinstance(wanted, str) and told.rstrip("\n") == wanted.rstrip("\n"):
        return wanted
    if isinstance(told, dict) and isinstance(wanted, dict):
        return {key: _cut_to(told[key], wanted[key]) for key in wanted}
    if isinstance(told, list) and isinstance(wanted, list) and len(told) == len(wanted):
        return [_cut_to(one, other) for one, other in zip(told, wanted, strict=True)]
    return told
