"""Values as the JSON contract writes them: every key present, null or empty where nothing is known, codes untranslated.

Times are ISO 8601 with the offset they were written with; keys may be added, never renamed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from notes.between import Returned, Wish
from notes.handover import Overview, Row
from notes.model import (
    Address,
    Attachment,
    Ball,
    Bounce,
    Contact,
    Content,
    Correction,
    Coverage,
    DateFound,
    Due,
    Evidence,
    Forwarded,
    Held,
    Hint,
    Joined,
    Message,
    Move,
    Person,
    Place,
    Promise,
    PromiseFound,
    Question,
    Unfiled,
)
from notes.placing import listed
from notes.stands import state_of
from notes.timeline import Entry, Page
from notes.told import Told

if TYPE_CHECKING:
    from cli.diary import Sheet
    from cli.refile import Refiled
    from ingest.poll import FolderResult
    from notes.store.outbox import Post
    from notes.store.places import Quarantined
    from notes.store.unfiled import Nobodys

Json = dict[str, Any]


def iso(moment: datetime | None) -> str | None:
    """A moment, or null."""
    return moment.isoformat() if moment else None


def address(who: Address) -> Json:
    """A name and an address."""
    return {"name": who.name, "address": who.address}


def addresses(people: Iterable[Address]) -> list[Json]:
    """Several of them."""
    return [address(who) for who in people]


def attachment(one: Attachment) -> Json:
    """What is known of an attachment without opening it."""
    return {"name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256}


def contact(one: Contact | None) -> Json | None:
    """What a signature says."""
    if one is None:
        return None
    names = ("name", "phone", "title", "department", "company")
    return {name: getattr(one, name) or None for name in names}


def forwarded(one: Forwarded) -> Json:
    """A mail inside a mail."""
    return {
        "from": one.sender.address,
        "from_name": one.sender.name,
        "to": addresses(one.to),
        "cc": addresses(one.cc),
        "date": iso(one.date),
        "subject": one.subject,
        "text": one.text,
        "above": one.above,
        "attachments": [attachment(part) for part in one.attachments],
        "contact": contact(one.contact),
    }


def bounce(one: Bounce) -> Json:
    """A recipient whom a mail of ours did not reach."""
    return {"ref": one.ref or None, "recipient": one.recipient, "permanent": one.permanent, "said": one.said or None}


def mail(message: Message, file: str | None) -> Json:
    """A mail as it was read (`inspect mail`, `show`)."""
    return {
        "file": file,
        "ref": message.ref,
        "message_id": message.message_id,
        "in_reply_to": list(message.in_reply_to),
        "references": list(message.references),
        "from": address(message.sender),
        "to": addresses(message.to),
        "cc": addresses(message.cc),
        "date": iso(message.date),
        "date_doubtful": message.date_doubtful,
        "subject": message.subject,
        "kind": message.kind.value,
        "zones": [{"kind": zone.kind.value, "text": zone.text, "rule": zone.rule} for zone in message.zones],
        "new_text": message.new_text,
        "text": message.text,
        "forwarded": [forwarded(one) for one in message.forwarded],
        "attachments": [attachment(one) for one in message.attachments],
        "contact": contact(message.contact),
        "bulk": message.bulk or None,
        "bounces": [bounce(one) for one in message.bounces],
        "defects": list(message.defects),
    }


def shown(
    message: Message, case: str | None, customer: str | None, places: Iterable[Place], content: Content, reason: str
) -> Json:
    """A mail of the diary (`show`). `reason`: why it is in no case."""
    lies = [{"mailbox": one.mailbox, "folder": one.folder, "uid": one.uid} for one in places]
    kept = {"content": content.value, "reason": None if case else reason}
    return mail(message, None) | {"case": case, "customer": customer, "places": lies} | kept


def due(one: Due) -> Json:
    """A due date as first given."""
    return {"from": iso(one.start), "to": iso(one.to), "precision": one.precision.value}


def date_found(one: DateFound) -> Json:
    """A moment named in a text."""
    return {"text": one.text, "start": one.start, "end": one.end, **due(one.due)}


def promise_found(one: PromiseFound) -> Json:
    """A promise found in a text."""
    return {
        "quote": one.quote,
        "by": one.by.value,
        "due": due(one.due),
        "certainty": one.certainty.value,
        "conditional": one.conditional,
        "score": one.score,
        "rule": one.rule,
    }


def text_found(name: Any, promises: Iterable[PromiseFound], dates: Iterable[DateFound]) -> Json:
    """What a text says (`inspect text`)."""
    return {
        "id": name,
        "promises": [promise_found(one) for one in promises],
        "dates": [date_found(one) for one in dates],
    }


def evidence(one: Evidence | None) -> Json | None:
    """Why a promise counts as kept or withdrawn."""
    return {"ref": one.ref, "at": iso(one.at), "score": one.score, "reason": one.reason} if one else None


def move(one: Move) -> Json:
    """A later date given to a promise. `void`: it never reached the other side."""
    return {"to": iso(one.to), "in": one.ref, "agreed_in": one.agreed_in, "void": one.void}


def promise(one: Promise, now: datetime) -> Json:
    """A promise as it stands at `now`."""
    return {
        "id": one.id,
        "by": one.by.value,
        "who": one.who,
        "quote": one.quote,
        "due": due(one.due),
        "due_now": iso(one.due_now),
        "certainty": one.certainty.value,
        "conditional": one.conditional,
        "made_in": one.made_in,
        "made_at": iso(one.made_at),
        "also_in": list(one.also_in),
        "partly_in": list(one.partly),
        "left": list(one.owed),
        "state": one.state(now).value,
        "evidence": evidence(one.withdrawn or one.kept),
        "moves": [move(each) for each in one.moves],
        "confirmed": one.confirmed,
        "rejected": one.rejected,
    }


def promises(listed: Iterable[tuple[str, Promise]], now: datetime) -> Json:
    """The promise log: case key and promise (`promise list`)."""
    return {"as_of": iso(now), "promises": [{"case": key, **promise(one, now)} for key, one in listed]}


def question(one: Question) -> Json:
    """A question the customer still waits on."""
    return {"quote": one.quote, "asked_in": one.asked_in, "at": iso(one.at), "wanted": iso(one.wanted)}


def ball(one: Ball) -> Json:
    """Who must act next, and why."""
    return {"holder": one.holder.value, "since": iso(one.since), "because": one.because, "reason": one.reason}


def person(one: Person) -> Json:
    """Somebody who takes part in a case."""
    return {
        "name": one.name,
        "address": one.address,
        "role": one.role,
        "phone": one.phone,
        "title": one.title,
        "department": one.department,
        "company": one.company,
    }


def case_line(held: Held, now: datetime) -> Json:
    """One line of `cases`."""
    case, standing = held.case, held.standing
    return {
        "key": case.key,
        "title": case.title,
        "customer": case.customer.name,
        "owner": case.owner,
        "standin": case.standin,
        "state": state_of(held, now).value,
        "ball": standing.ball.holder.value,
        "next_due": iso(standing.next_due),
        "last_in": iso(standing.last_in),
        "last_out": iso(standing.last_out),
        "messages": case.messages,
    }


def cases(held: Iterable[Held], now: datetime) -> Json:
    """All lines of `cases`."""
    return {"as_of": iso(now), "cases": [case_line(one, now) for one in held]}


def joined(one: Joined) -> Json:
    """Why a mail is in its case, and the key of the case that came second."""
    return {
        "rule": one.rule,
        "score": one.score,
        "doubtful": one.doubtful,
        "runner_up": one.runner_up or None,
        "customer_rule": one.customer_rule or None,
        "customer_score": one.customer_score,
    }


def entry(one: Entry) -> Json:
    """One line of a timeline."""
    filed, inner = one.mail, one.original
    original = None
    if inner:
        name, sender = inner.sender.name, inner.sender.address
        original = {"from": sender, "from_name": name, "date": iso(inner.date), "subject": inner.subject}
        original |= {"above": filed.new_text}
    return {
        "n": one.n,
        "at": iso(filed.at),
        "kind": filed.kind.value,
        "direction": filed.direction.value,
        "ref": filed.ref,
        "from": address(filed.sender),
        "to": addresses(filed.to),
        "cc": addresses(filed.cc),
        "subject": filed.subject,
        "gist": one.gist,
        "attachments": [{"name": part.name, "size": part.size, "type": part.type} for part in filed.attachments],
        "promises": list(one.promises),
        "via": filed.via.value,
        "mailbox": list(filed.mailboxes),
        "original": original,
        "joined_by": joined(filed.joined),
        "content": filed.content.value,
    }


def told(one: Told) -> Json:
    """A sentence with figures that the customer was given, or the files of a mail."""
    figures = [{"kind": figure.kind, "text": figure.text} for figure in one.figures]
    return {"quote": one.quote, "in": one.told_in, "at": iso(one.at), "figures": figures}


def hints(said: Iterable[Hint]) -> list[Json]:
    """How a customer is to be treated."""
    return [
        {"text": one.text, "at": iso(one.at), "from": address(one.sender), "ref": one.ref, "case": one.case}
        for one in said
    ]


def page(one: Page) -> Json:
    """The page of a case (`timeline`)."""
    case, customer = one.case, one.case.customer
    return {
        "as_of": iso(one.as_of),
        "case": {
            "key": case.key,
            "title": case.title,
            "customer": {
                "id": customer.id,
                "name": customer.name,
                "domains": list(customer.domains),
                "addresses": list(customer.addresses),
            },
            "owner": case.owner,
            "owners": [
                {"owner": each.who, "since": iso(each.since), "ref": each.ref, "reason": each.reason}
                for each in one.owners
            ],
            "standin": case.standin,
            "state": one.state.value,
            "opened_at": iso(case.opened_at),
            "last_at": iso(case.last_at),
        },
        "hints": hints(one.hints),
        "people": [person(who) for who in one.people],
        "ball": ball(one.ball),
        "promises": [promise(each, one.as_of) for each in one.promises],
        "questions": [question(each) for each in one.questions],
        "told": [told(each) for each in one.told],
        "entries": [entry(each) for each in one.entries],
        "also_open": list(one.also_open),
        "not_known": [{"code": each.code, "detail": each.detail} for each in one.not_known],
        **_between(one.returned, one.wish),
    }


def _between(returned: Iterable[Returned], wish: Wish | None) -> Json:
    """What of ours never arrived, and how the customer wants to be reached."""
    return {
        "returned": [{"ref": one.mail.ref, "at": iso(one.mail.at), "bounce": one.bounce.ref} for one in returned],
        "wish": {"quote": wish.quote, "ref": wish.ref, "at": iso(wish.at)} if wish else None,
    }


def correction(made: Correction) -> Json:
    """What a person decided (`timeline`, `case …`, `undo`); what the log keeps a line each is a list."""
    lists = ("refs", "from", "stay")
    value = {name: listed(made, name) if name in lists else text for name, text in made.value.items()}
    return {
        "id": made.id,
        "at": iso(made.at),
        "who": made.who,
        "kind": made.kind,
        "target": made.target,
        "value": value,
    }


def sheet(one: "Sheet") -> Json:
    """The page of a case with what people decided (`timeline`)."""
    return page(one.page) | {"decisions": [correction(each.made) for each in one.decisions]}


def row(one: Row, now: datetime) -> Json:
    """One thing to do (`handover`)."""
    return {
        "case": one.case.key,
        "title": one.case.title,
        "customer": one.case.customer.name,
        "contact": person(one.contact) if one.contact else None,
        "state": one.state.value,
        "due": iso(one.due),
        "promise": promise(one.promise, now) if one.promise else None,
        "ball": one.ball.holder.value,
        "last_in": iso(one.last_in),
        "last_out": iso(one.last_out),
        "unanswered": one.unanswered,
        "hints": hints(one.hints),
        "reach": person(one.reach) if one.reach else None,
        "told": one.told or None,
        **_between(one.returned, one.wish),
    }


def coverage(folders: Sequence[Coverage]) -> list[Json]:
    """What was read of each folder."""
    return [
        {
            "mailbox": one.mailbox,
            "folder": one.folder,
            "role": one.role.value,
            "read_until": iso(one.read_until),
            "messages": one.messages,
            "unreadable": one.unreadable,
            "error": one.error,
            "complete": one.complete,
            "failing_since": iso(one.failing_since),
            "next_try": iso(one.next_try),
        }
        for one in folders
    ]


def overview(one: Overview) -> Json:
    """Everything an owner owes (`handover`)."""
    return {
        "as_of": iso(one.as_of),
        "owner": one.owner,
        "standin": one.standin,
        "rows": [row(each, one.as_of) for each in one.rows],
        "coverage": coverage(one.coverage),
        "doubts": dict(one.doubts) if one.doubts is not None else None,
    }


def unfiled(messages: Iterable[Unfiled]) -> Json:
    """Mail that belongs to no customer (`unfiled`)."""
    return {
        "messages": [
            {
                "ref": one.ref,
                "from": address(one.sender),
                "subject": one.subject,
                "at": iso(one.at),
                "reason": one.reason.partition(": ")[0],
                "detail": one.reason.partition(": ")[2] or None,
                "content": one.content.value,
            }
            for one in messages
        ]
    }


def refiled(messages: "Iterable[Refiled]") -> Json:
    """Mails filed by hand (`unfiled MESSAGE… --to`), and what of them is in the diary now."""
    return {"messages": [{"ref": one.ref, "case": one.case, "content": one.content.value} for one in messages]}


def folder_result(one: "FolderResult") -> Json:
    """What reading one folder brought (`poll`, `import`)."""
    return {
        "mailbox": one.mailbox,
        "folder": one.folder,
        "role": one.role.value,
        "mails": one.mails,
        "new": one.new,
        "unreadable": one.unreadable,
        "error": one.error.code if one.error else None,
        "notices": [notice.code for notice in one.notices],
    }


def letters(post: "Post") -> Json:
    """How the letters to our own people are (`status`)."""
    return {"waiting": post.waiting, "unsure": post.unsure, "given_up": post.given_up, "error": post.error}


def status(
    url: str,
    file: str,
    folders: Sequence[Coverage],
    aside: "Iterable[Quarantined]",
    keep: str,
    nobodys: "Nobodys",
    now: datetime,
) -> Json:
    """What was read, what was kept aside, and what is kept of nobody's mail (`status`)."""
    return {
        "as_of": iso(now),
        "database": url,
        "settings": file,
        "coverage": coverage(folders),
        "quarantined": [
            {
                "mailbox": one.place.mailbox,
                "folder": one.place.folder,
                "uid": one.place.uid,
                "reason": one.reason.partition(": ")[0],
                "detail": one.reason.partition(": ")[2] or None,
                "at": iso(one.at),
                "tries": one.tries,
            }
            for one in aside
        ],
        "unfiled": {"keep": keep, "messages": nobodys.unfiled, "whole": nobodys.whole},
        "lacking": [{"ref": one.ref, "case": one.case, "content": one.content.value} for one in nobodys.lacking],
        "not_filed": unfiled(nobodys.faults)["messages"],
    }
