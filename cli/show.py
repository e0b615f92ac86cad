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
from notes.errors import NotFoundError

if TYPE_CHECKING:
    from cli.diary import Diary
    from notes.model import Filed, Message

MessageRef = Annotated[str, typer.Argument(metavar="MESSAGE", show_default=False, help=say("option.message"))]
Raw = Annotated[bool, typer.Option("--raw", help=say("option.raw"))]
Headers = Annotated[bool, typer.Option("--headers", help=say("option.headers"))]
New = Annotated[bool, typer.Option("--new", help=say("option.new"))]
Folder = Annotated[str | None, typer.Option("--attachments", metavar="DIR", help=say("option.attachments"))]


def show(
    ctx: typer.Context,
    message: MessageRef,
    new: New = False,
    headers: Headers = False,
    raw: Raw = False,
    attachments: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Shows a mail as it was read, or its bytes."""
    from cli import named
    from cli.diary import open_diary
    from notes.store import mails

    desk = desk_of(ctx)
    with open_diary(desk) as diary:
        ref = named.message(diary.db, message)
        data = mails.raw(diary.db, ref)
        if data is None and (raw or headers or attachments):
            raise _without_bytes(diary, ref)
        if raw:
            sys.stdout.buffer.write(data or b"")
        elif headers:
            from cli.render_mail import head

            put(head(data or b""))
        elif attachments:
            _save(data or b"", Path(attachments), as_json=as_json)
        else:
            _print(diary, ref, data, desk.paper, new=new, as_json=as_json)


def _print(diary: "Diary", ref: str, data: bytes | None, paper: Paper, *, new: bool, as_json: bool) -> None:
    from cli import as_json as contract
    from cli import render_mail
    from cli.render_lists import why
    from cli.render_words import one_line
    from notes.store import cases, mails, places

    filed, key, reason = mails.get(diary.db, ref)
    message = _message(filed, data)
    customer = cases.get(diary.db, key).customer.name if key else None
    lies = places.places_of(diary.db, ref)
    if as_json:
        put_json(contract.shown(message, key, customer, lies, filed.content, reason))
        return
    place = say("show.filed", case=key, customer=one_line(customer or "")) if key else say("show.unfiled")
    because = f" ({why(reason)})" if reason and not key else ""
    put(render_mail.shown(message, f"{place}{because}", lies, filed.content, paper, folded=new))


def _without_bytes(diary: "Diary", ref: str) -> NotFoundError:
    """A note never had any; of the mail of nobody only the headers are kept."""
    from notes.model import Content
    from notes.store import mails

    content = mails.get(diary.db, ref)[0].content
    return NotFoundError("note-has-no-bytes" if content is Content.WHOLE else "content-not-kept", ref=ref)


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
