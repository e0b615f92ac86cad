"""Nobody's mail that a person files: a correction, and the text fetched again from the mail server where it is gone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli import named
from cli.acquaintances import whose_word
from cli.desk import Desk, warn
from ingest import acquainting, correcting
from ingest.acquainting import Known
from ingest.context import Context
from ingest.correcting import Word
from ingest.filing import bare
from notes.companies import slug
from notes.errors import KawariError, NotFoundError, UsageError
from notes.model import Content, Customer, Direction, Filed
from notes.store import cases, customers, mails, unfiled

if TYPE_CHECKING:
    from ingest.mailbox import Account
    from notes.store.engine import Connection, Store


@dataclass(frozen=True, slots=True)
class Refiled:
    """A mail that was nobody's: its case now, what of it is in the diary, and the mailboxes in which it lies."""

    ref: str
    case: str
    content: Content
    mailboxes: tuple[str, ...]


def refile(
    desk: Desk, words: Sequence[str], *, case: str | None, customer: str | None, who: str | None, at: str | None
) -> list[Refiled]:
    """Files the mails that `words` mean into a case, or opens one for a customer, who may be new by that name.

    Raises `UsageError`, `NotFoundError`.
    """
    word, context = whose_word(desk, who, at), desk.context(desk.now())
    store = desk.store()
    try:
        with store.begin() as db:
            refs = list(dict.fromkeys(named.message(db, one) for one in words))
            chosen = [_nobodys(db, ref) for ref in refs]
            moved = _into(db, context, chosen, named.case(db, [case]), word) if case else ()
            moved = _with(db, context, chosen, customer, word) if customer else moved
            filed = list(dict.fromkeys([*refs, *moved]))
        _fetch(desk, store, context, filed)
        with store.read() as db:
            return [Refiled(ref, key or "", mail.content, mail.mailboxes) for ref, mail, key in _read(db, filed)]
    finally:
        store.close()


def _read(db: "Connection", refs: Iterable[str]) -> Iterable[tuple[str, Filed, str | None]]:
    for ref in refs:
        mail, key, _ = mails.get(db, ref)
        yield ref, mail, key


def _nobodys(db: "Connection", ref: str) -> Filed:
    mail, key, _ = mails.get(db, ref)
    if key:
        raise UsageError("filed-already", ref=ref, case=key)
    return mail


def _into(db: "Connection", context: Context, chosen: Sequence[Filed], case: str, word: Word) -> tuple[str, ...]:
    return correcting.move(db, context, [mail.ref for mail in chosen], case, word).moved


def _with(db: "Connection", context: Context, chosen: Sequence[Filed], words: str, word: Word) -> tuple[str, ...]:
    """A case of a customer's. A customer who is new gets the addresses of the writers, and with them all their mail."""
    for mail in chosen:
        correcting.may_be_filed(db, context, mail.ref)
    moved: tuple[str, ...] = ()
    try:
        whose = customers.by_id(db, [id_ := named.customer(db, words)])[id_]
    except NotFoundError as error:
        if error.code != "customer-not-found":
            raise
        whose, moved = _new(db, context, chosen, words, word)
    rest = [mail for mail in chosen if not mails.cases_of(db, [mail.ref])]
    if not rest:
        return moved
    first = min(rest, key=lambda mail: (mail.at, mail.ref))
    key = cases.open_case(db, whose, bare(first.subject), first.at)
    return (*moved, *_into(db, context, rest, key, word))


def _new(
    db: "Connection", context: Context, chosen: Sequence[Filed], name: str, word: Word
) -> tuple[Customer, tuple[str, ...]]:
    called = " ".join(name.split())
    taken = frozenset(one.id for one in context.directory.customers)
    writers = dict.fromkeys(mail.sender.address for mail in chosen if mail.direction is Direction.IN)
    outside = tuple(one for one in writers if "@" in one and not context.directory.is_ours(one))
    whose = customers.add(db, Customer(slug(called, (), outside), called), taken)
    if not outside:
        return whose, ()
    told = acquainting.alias(db, context, whose, Known(addresses=outside), word)
    return whose, tuple(told.filed)


def _fetch(desk: Desk, store: "Store", context: Context, refs: Sequence[str]) -> None:
    """Asks the mail servers at once; what fails there is said, and left to the next poll."""
    with store.read() as db:
        wanted = [one for one in unfiled.wanted(db) if one.ref in refs]
    if not wanted:
        return
    from cli.error_words import sentence
    from ingest.refetch import fetch_now

    mailboxes = {place.mailbox for one in wanted for place, _ in one.places}
    accounts, failed = _accounts(desk, mailboxes)
    failed += fetch_now(store, accounts, context, {one.id for one in wanted})
    for error in failed:
        warn(sentence(error))


def _accounts(desk: Desk, mailboxes: Iterable[str]) -> "tuple[list[Account], list[KawariError]]":
    from cli.given import account

    found: list[Account] = []
    failed: list[KawariError] = []
    for box in desk.settings.mailboxes:
        if box.id in mailboxes:
            try:
                found.append(account(box, desk.settings.folder))
            except KawariError as error:
                failed.append(error)
    return found, failed
