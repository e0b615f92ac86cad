"""`kawari draft`: a stand-in's mail in the thread, into the Drafts folder or a file. kawari itself never sends it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.desk import Desk, desk_of, put, put_json, warn
from cli.options import AsJson, At, CaseWords
from cli.words import say
from notes.errors import MailboxError, NotFoundError, UsageError

if TYPE_CHECKING:
    from cli.diary import Diary, Sheet
    from cli.drafted import Drafted
    from notes.model import Due, Promise, Staff

STDOUT = "-"

Grace = Annotated[bool, typer.Option("--grace", help=say("option.grace"))]
NewDate = Annotated[str | None, typer.Option("--date", metavar="TIME", help=say("option.grace-date"))]
From = Annotated[str | None, typer.Option("--from", metavar="STAFF", help=say("option.from"))]
PromiseOption = Annotated[str | None, typer.Option("--promise", metavar="ID", help=say("option.draft-promise"))]
Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help=say("option.draft-output"))]


def draft(
    ctx: typer.Context,
    case: CaseWords,
    grace: Grace = False,
    date: NewDate = None,
    from_: From = None,
    promise: PromiseOption = None,
    output: Output = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Writes a reply with the facts filled in and the gaps marked; a person completes and sends it."""
    from cli import named
    from cli.diary import open_diary
    from cli.drafted import drafted
    from cli.render_page import proposal

    desk = desk_of(ctx)
    if output == STDOUT and as_json:
        raise UsageError("draft-one-output")
    if date is not None and not grace:
        raise UsageError("draft-date-alone")
    with open_diary(desk, at) as diary:
        sheet = diary.sheet(named.case(diary.db, case))
        sender = _sender(desk, diary, sheet, from_)
        owed = _owed(sheet, promise)
        new = _date(diary, date)
        made = drafted(diary, sheet, sender, grace=grace, date=new, promise=owed, file=output is not None)
        hint = proposal(sheet.page, desk.calendar) if grace and new is None else ""
    if output == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.raw)
        return
    if output:
        from cli.private_file import write

        write(Path(output), made.raw)
        saved = {"file": output}
    else:
        saved = _append(desk, made, case)
    if as_json:
        put_json(_as_json(made, saved, grace=grace, hint=hint))
    else:
        put([*_told(made, saved, hint), *_also_owed(sheet, made)])


def _sender(desk: Desk, diary: "Diary", sheet: "Sheet", given: str | None) -> "Staff":
    """Who writes: who was named, else who stands in for the owner. Raises `NotFoundError`, `UsageError`."""
    from cli import named

    who = named.staff(desk.directory, given) if given else sheet.page.case.standin
    person = next((one for one in desk.directory.staff if one.id == who and one.addresses), None)
    if person is None:
        listed = "\n".join(f"  --from {one.id}  {one.name}" for one in desk.directory.staff)
        raise UsageError("draft-from-whom", candidates=listed)
    return person


def _date(diary: "Diary", words: str | None) -> "Due | None":
    """The new date. Raises `UsageError` where it names none, or one that is past."""
    from cli.decide import read_due

    if words is None:
        return None
    found = read_due(diary.desk, words, diary.now)
    if found.to is None or found.to <= diary.now:
        raise UsageError("draft-date-past", given=words)
    return found


def _owed(sheet: "Sheet", given: str | None) -> "Promise | None":
    """The promise that the mail is about: the one named, else the first still owed. Raises `NotFoundError`."""
    from notes.replying import first_owed

    if given is None:
        return first_owed(sheet.page)
    found = [one for one in sheet.page.promises if one.by == "us" and one.id.startswith(given)]
    if len(found) != 1:
        listed = "\n".join(f"  {one.id}  {' '.join(one.quote.split())}" for one in sheet.page.promises)
        raise NotFoundError("promise-not-found", words=given, candidates=listed)
    return found[0]


def _append(desk: Desk, made: "Drafted", case: list[str]) -> dict[str, str]:
    """Into the writer's Drafts. What failed is said with the way that needs no mailbox."""
    from cli.given import accounts
    from ingest.drafts import save

    who = made.ground.sender.id
    boxes = [one.id for one in desk.settings.mailboxes if one.owner == who]
    name = f"{made.ground.case}.eml"
    if not boxes:
        raise UsageError("draft-no-mailbox", staff=who, file=name)
    try:
        folder = save(accounts(desk.settings, boxes[:1])[0], made.raw)
    except MailboxError:
        warn(say("draft.instead", command=desk.paper.command("draft", *case, "--from", who, "-o", name)))
        raise
    return {"mailbox": boxes[0], "folder": folder}


def _told(made: "Drafted", saved: dict[str, str], hint: str) -> list[str]:
    from cli.render_words import one_line

    based = made.ground
    people = {"To": based.to, "Cc": based.cc}
    lines = [
        say("draft.written", path=saved["file"]) if "file" in saved else say("draft.saved", **_plain(saved)),
        f"  From: {one_line(based.sender.name)} <{based.sender.addresses[0]}>",
        *(f"  {name}: {', '.join(one_line(one.address) for one in who)}" for name, who in people.items() if who),
        f"  Subject: {one_line(based.subject)}",
        say("draft.gaps", n=made.gaps) if made.gaps else say("draft.no-gaps"),
    ]
    if based.promise and not based.in_writing:
        lines.append(say("draft.not-quoted", words=one_line(based.promise.quote), id=based.promise.id))
    if hint:
        lines.append(say("draft.hint", date=hint))
    return lines


def _also_owed(sheet: "Sheet", made: "Drafted") -> list[str]:
    """Other promises of the case that a mail to the customer had better not forget."""
    from cli.render_words import one_line
    from notes.model import By

    about = made.ground.promise.id if made.ground.promise else None
    others = [one for one in sheet.page.promises if one.by is By.US and one.is_open and one.id != about]
    return [say("draft.also-owed", id=one.id, words=one_line(one.quote)) for one in others]


def _plain(saved: dict[str, str]) -> dict[str, str]:
    from cli.render_words import one_line

    return {name: one_line(value) for name, value in saved.items()}


def _as_json(made: "Drafted", saved: dict[str, str], *, grace: bool, hint: str) -> dict[str, object]:
    from cli import as_json as contract
    from notes.model import Address

    based = made.ground
    return {
        "case": based.case,
        "kind": "grace" if grace else "answer",
        "from": contract.address(Address(based.sender.name, based.sender.addresses[0])),
        "to": contract.addresses(based.to),
        "cc": contract.addresses(based.cc),
        "subject": based.subject,
        "answers": based.answered.ref,
        "in_reply_to": based.in_reply_to,
        "references": list(based.references),
        "language": based.language,
        "promise": based.promise.id if based.promise else None,
        "gaps": made.gaps,
        "date_hint": hint or None,
        "text": made.text,
        "saved": saved,
    }
