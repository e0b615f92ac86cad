"""Short answers to mail to the log (`log.reply`): where it was filed, what it did, and how to put that right."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from cli import words
from cli.columns import cut, wrap
from cli.desk import Desk, warn
from cli.paper import Paper
from cli.render_words import coded, name_of, one_line
from cli.words import say
from notes.errors import KawariError
from notes.model import Filed, Kind

if TYPE_CHECKING:
    from ingest.answering import Answer
    from ingest.context import Context
    from notes.store.engine import Connection, Store

COLUMNS = 72
MOST_AT_ONCE = 50
MOST_SUBJECT = 80
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2}")


def hand_over(desk: Desk, store: "Store", now: datetime) -> None:
    """Writes the answers that wait and hands letters over that are due. What fails is said and tried again later: it is
    never the mail's fault that was taken in."""
    from cli.error_words import sentence
    from ingest.faults import told

    try:
        _hand_over(desk, store, now)
    except KawariError as error:
        warn(sentence(error))
    except Exception as error:  # noqa: BLE001 - the mail is stored, and the mail server must not bring it again
        told("not-answered", error)


def _hand_over(desk: Desk, store: "Store", now: datetime) -> None:
    if not desk.settings.log.reply:
        return
    from cli.ways_out import post
    from ingest.outgoing import send_due

    write(desk, store, now)
    send_due(store, post(desk), now)


def write(desk: Desk, store: "Store", now: datetime) -> int:
    """Queues an answer to each mail in the log that gets one and has none; says how many. Raises DatabaseError."""
    if not desk.settings.log.reply:
        return 0
    from ingest.answering import since
    from notes.store import outbox

    context = desk.context(now)
    with store.read() as db:
        waiting = outbox.unanswered(db, since(now), MOST_AT_ONCE)
    return sum(_write_safely(desk, store, context, number, ref) for number, ref in waiting)


def _write_safely(desk: Desk, store: "Store", context: "Context", number: int, ref: str) -> bool:
    """A mail at which answering breaks gets no answer, and keeps nobody else's back."""
    from ingest.faults import told

    try:
        return _write_one(desk, store, context, number, ref)
    except KawariError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is: one mail must not silence the others
        told("not-answered", error)
    with store.begin() as db:
        _look_at(db, ref, context.now)
    return False


def _look_at(db: "Connection", ref: str, now: datetime) -> bool:
    """Notes that a mail was looked at; False where somebody did already."""
    from notes.store import outbox

    return outbox.queue(db, [], [], [(f"{outbox.ANSWER}{ref}", outbox.NOBODY)], now)


def _write_one(desk: Desk, store: "Store", context: "Context", number: int, ref: str) -> bool:
    """In one transaction with the note that the mail was looked at: several of us answer it once."""
    from ingest.answering import Silence, consider, put_right
    from notes.store import outbox

    now, key = context.now, f"{outbox.ANSWER}{ref}"
    with store.begin() as db:
        answer = consider(db, context, number, ref)
        if answer is Silence.SO_FAR or not _look_at(db, ref, now) or isinstance(answer, Silence):
            return False
        answer = put_right(db, context, answer, desk.settings.notify.sender)
        with words.speaking(_language(answer, desk)):
            subject, body = _subject(db, answer), "\n".join(_body(db, answer, desk, now)) + "\n"
        letter = outbox.Outgoing(key, answer.message.sender.address, subject, body)
        return outbox.queue(db, [letter], [(key, answer.to.id)], [], now)


def _language(answer: "Answer", desk: Desk) -> str:
    """The one that the settings give the writer, else that of the writer's own words, else the faces'."""
    from cli.ways_out import common_language

    own = answer.message.new_text
    written = "ja" if JAPANESE.search(own) else "en" if LETTERS.search(own) else None
    chosen = next((one.language for one in desk.settings.staff if one.id == answer.to.id), None)
    return chosen or written or common_language(desk)


# --- its words ----------------------------------------------------------------------------------------------------


def _subject(db: "Connection", answer: "Answer") -> str:
    from notes.store import mails

    mail, key, _ = mails.get(db, answer.about)
    subject = cut(one_line(mail.subject), MOST_SUBJECT)
    return say("answer.subject", case=key, subject=subject) if key else say("answer.subject-aside", subject=subject)


def _body(db: "Connection", answer: "Answer", desk: Desk, now: datetime) -> Iterator[str]:
    from notes.store import mails

    paper = Paper(COLUMNS, colour=False, zone=desk.zone, kawari="kawari")
    mail, key, reason = mails.get(db, answer.about)
    yield say("notify.dear", name=one_line(answer.to.name))
    yield ""
    yield from _where(db, answer, mail, key, reason, paper, now)
    yield from _done(db, mail, key, desk, paper, now)
    yield ""
    yield from (line for text in say("answer.correct").split("\n") for line in wrap(text, COLUMNS))
    command = ("case", "move", mail.ref) if key else ("unfiled", mail.ref, "--to")
    yield f"  {paper.command(*command)} {say('answer.case')}"
    yield ""
    yield from say("answer.foot").split("\n")


def _where(
    db: "Connection", answer: "Answer", mail: Filed, key: str | None, reason: str, paper: Paper, now: datetime
) -> Iterator[str]:
    from notes.store import cases

    what = _what(mail, paper, now)
    if key is None:
        yield from wrap(say("answer.aside", what=what, why=coded("unfiled", reason.partition(": ")[0])), COLUMNS)
        return
    case = cases.get(db, key)
    yield from wrap(say("answer.moved" if answer.moved else "answer.filed", what=what), COLUMNS)
    yield from wrap(f"  {key}  {one_line(case.title)}  ({one_line(case.customer.name)})", COLUMNS)


def _what(mail: Filed, paper: Paper, now: datetime) -> str:
    """A call, a note, our own mail; of a forward the mail that it forwards."""
    if mail.kind is Kind.FORWARD and mail.forwarded:
        inner = mail.forwarded[0]
        subject, when = cut(one_line(inner.subject), MOST_SUBJECT), paper.when(inner.date, now)
        return say("answer.forward", who=name_of(inner.sender), when=when, subject=subject)
    kind = say("answer.mail") if mail.kind is Kind.MAIL else say(f"kind.{mail.kind}")
    return say("answer.what", kind=kind, subject=cut(one_line(mail.subject), MOST_SUBJECT))


def _done(db: "Connection", mail: Filed, key: str | None, desk: Desk, paper: Paper, now: datetime) -> Iterator[str]:
    """What its tags did, or did not; and what was read as promised in it."""
    from cli.render_decisions import sentence
    from cli.render_words import due_words
    from notes.corrected import in_force
    from notes.store import cases, corrections

    names = desk.directory.names
    quotes = {one.id: one.quote for one in cases.standing(db, key).promises} if key else {}
    made = [one for one in in_force(corrections.made_at(db, mail.at)) if one.value.get("said_in") == mail.ref]
    if made:
        yield from ("", say("answer.tags"))
    for one in made:
        quote = quotes.get(one.target) or one.value["written"]
        yield from _item(sentence(one, quote, names, paper, now))
    if any(one.kind != corrections.UNCLEAR for one in made):
        yield from (say("decided.undo"), f"  {paper.command('undo')}")
    if mail.findings.promises:
        yield from ("", say("answer.promises"))
    for found in mail.findings.promises:
        quote, due = one_line(found.quote), due_words(found.due.to, paper, now)
        yield from _item(say("answer.promise", by=say(f"by.{found.by}"), quote=quote, due=due))


def _item(text: str) -> Iterator[str]:
    first, *rest = wrap(text, COLUMNS - 4)
    yield f"  - {first}"
    yield from (f"    {line}" for line in rest)
