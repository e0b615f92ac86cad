"""`kawari show`: one mail in full, and its attachments saved under names of ours."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import desk_of, put, put_json
from cli.options import AsJson
from cli.paper import Paper
from cli.words import say

if TYPE_CHECKING:
    from cli.diary import Diary
    from notes.model import Filed, Message

MessageRef = Annotated[str, typer.Argument(metavar="MESSAGE", show_default=False, help=say("option.message"))]
Raw = Annotated[bool, typer.Option("--raw", help=say("option.raw"))]
Folder = Annotated[str | None, typer.Option("--attachments", metavar="DIR", help=say("option.attachments"))]


def show(
    ctx: typer.Context, message: MessageRef, raw: Raw = False, attachments: Folder = None, as_json: AsJson = False
) -> None:
    """Shows a mail as it was read, or its bytes."""
    from cli import named
    from cli.diary import open_diary
    from notes.store import mails

    desk = desk_of(ctx)
    with open_diary(desk) as diary:
        ref = named.message(diary.db, message)
        data = mails.raw(diary.db, ref)
        if raw:
            sys.stdout.buffer.write(data or b"")
        elif attachments:
            _save(data or b"", Path(attachments), as_json=as_json)
        else:
            _print(diary, ref, data, desk.paper, as_json=as_json)


def _print(diary: "Diary", ref: str, data: bytes | None, paper: Paper, *, as_json: bool) -> None:
    from cli import as_json as contract
    from cli import render_mail
    from notes.store import cases, mails, places

    filed, key, _ = mails.get(diary.db, ref)
    message = _message(filed, data)
    customer = cases.get(diary.db, key).customer.name if key else None
    lies = places.places_of(diary.db, ref)
    if as_json:
        put_json(contract.shown(message, key, customer, lies))
    else:
        put(render_mail.shown(message, key, customer, lies, paper, diary.now))


def _message(filed: "Filed", data: bytes | None) -> "Message":
    """The mail read again from its bytes, under the ref and date the diary knows; a note is what the diary holds."""
    from ingest.receive import read
    from notes.model import Message, Zone, ZoneKind

    if data:
        return replace(read(data), ref=filed.ref, date=filed.at, date_doubtful=filed.date_doubtful, kind=filed.kind)
    return Message(
        ref=filed.ref,
        message_id=None,
        in_reply_to=(),
        references=filed.references,
        sender=filed.sender,
        to=filed.to,
        cc=filed.cc,
        bcc=(),
        date=filed.at,
        date_doubtful=filed.date_doubtful,
        subject=filed.subject,
        kind=filed.kind,
        text=filed.new_text,
        digest="",
        zones=(Zone(ZoneKind.NEW, filed.new_text, "note"),),
    )


def _save(data: bytes, folder: Path, *, as_json: bool) -> None:
    from cli.attachments import save

    saved = [str(path) for path in save(data, folder)]
    if as_json:
        put_json({"saved": saved})
    else:
        put([say("show.saved", path=path) for path in saved] or [say("show.no-attachments")])
