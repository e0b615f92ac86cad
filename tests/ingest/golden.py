"""Golden mails: `tests/mails/<name>.eml` beside `<name>.json`, the part of `inspect mail` that is held against it."""

import email
import email.policy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from notes.model import Address

MAILS = Path(__file__).parents[1] / "mails"


def golden(kind: str) -> Iterator[tuple[str, str, str, Address, dict[str, Any]]]:
    """Name, body text, subject and sender of each mail of a kind (`body`, `forward`), and what must be read in it."""
    for path in sorted(MAILS.glob(f"{kind}-*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        writer = message["From"].addresses[0]
        text = message.get_content().replace("\r\n", "\n")
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        yield path.stem, text, str(message["Subject"]), Address(writer.display_name, writer.addr_spec), expected
