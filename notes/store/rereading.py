"""The diary's conclusions taken back, so that they can be drawn anew from the mails; and names that stay good.

`forget` leaves mails, bytes, places, notes and what people decided. Threads, what customers are known by and where
mails are filed are drawn anew by whoever files, at once or some hundred mails at a time, and also after a break: what
was before stands in the table `former` until `settle`, so that cases and customers keep their keys. Meanwhile cases are
shown as they were, and sleep: the rules do not find them until the mail that opened one opens it again. `settle` gives
what is left over of the former cases to those that took over.
"""

from collections.abc import Container, Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, select, update

from notes.model import Customer
from notes.profiles import Profile
from notes.store import cases, customers, homes, pending, schema, traits
from notes.store.customers import OWNED, PERSON
from notes.store.schema import Was
from notes.store.sql import insert_or_nothing
from notes.store.values import keyable

_MAIL = schema.message.c
_CASE = schema.case.c
_KEY = schema.customer_key.c
_FORMER = schema.former.c


def under_way(db: Connection) -> bool:
    """Whether conclusions were taken back and are not all drawn anew yet."""
    return db.execute(select(_FORMER.kind).limit(1)).first() is not None


def forget(db: Connection) -> None:
    """Takes every conclusion back but where people put things. Cases sleep until `revive_case` or `settle`, except
    those that people had to do with. A rereading that is under way begins anew."""
    fixed = homes.fixed(db)
    stays = homes.held(db, fixed.cases) | homes.of(db, fixed.mails)
    kept = fixed.cases | set(stays.values()) | set(homes.ruled(db, stays).values())
    _remember_cases(db, stays, kept)
    _remember_owners(db)
    apart = [key for key in kept if key in homes.merged_by_hand(db)]
    db.execute(update(schema.message).where(_is_mail()).values(home_key=None, thread_id=None))
    homes.put(db, stays)
    for table in (schema.thread_link, schema.thread, schema.case_trait, schema.case_profile):
        db.execute(delete(table))
    db.execute(delete(schema.customer_key).where(_KEY.rule != PERSON))
    traits.put_profiles(db, dict.fromkeys(apart, Profile()))


def _remember_cases(db: Connection, stays: Container[str], kept: Container[str]) -> None:
    db.execute(delete(schema.former).where(_FORMER.kind == Was.WOKEN))
    known = set(db.scalars(select(_FORMER.case_key).where(_FORMER.kind == Was.OPENER)))
    query = select(_CASE.key, customers.stays()).join(schema.customer, schema.customer.c.id == _CASE.customer_id)
    awake = db.execute(query.where(_CASE.merged_into.is_(None)).order_by(_CASE.key)).all()
    openers = _openers(db, stays)
    opened = [(key, customer) for key, customer in awake if key in openers and key not in known]
    _remember(db, [_row(Was.OPENER, openers[key], customer, key) for key, customer in opened])
    _remember(db, [_row(Was.KEPT if key in kept else Was.ASLEEP, key, customer) for key, customer in awake])


def _openers(db: Connection, stays: Container[str]) -> dict[str, str]:
    """The first mail that the rules put into each case, of those that may go elsewhere: refs by key."""
    query = select(_MAIL.ref, _MAIL.ruled_key).where(_is_mail(), _MAIL.ruled_key.is_not(None))
    rows = db.execute(query.order_by(_MAIL.at.desc(), _MAIL.id.desc()))
    return {str(key): ref for ref, key in rows if ref not in stays}


def _remember_owners(db: Connection) -> None:
    query = select(_KEY.kind, _KEY.value, _KEY.customer_id).where(_KEY.kind.in_(OWNED), _KEY.rule != PERSON)
    rows = db.execute(query.order_by(_KEY.sharer)).all()
    _remember(db, [_row(kind, value, customer) for kind, value, customer in rows])


def _row(kind: str, value: str, customer: str = "", case: str | None = None) -> dict[str, str | None]:
    return {"kind": str(kind), "value": value, "customer_id": customer, "case_key": case}


def _remember(db: Connection, rows: list[dict[str, str | None]]) -> None:
    if rows:
        db.execute(insert_or_nothing(db, schema.former), rows)


def filed(db: Connection) -> dict[str, str | None]:
    """In which case each mail is, by ref."""
    return {row.ref: row.case_key for row in db.execute(select(_MAIL.ref, _MAIL.case_key).where(_is_mail()))}


def case_opened_by(db: Connection, ref: str, customer: str) -> str | None:
    """The key of the case of that customer which this mail opened before; each is given once (`revive_case`)."""
    return db.scalar(_opened_by(), {"ref": keyable(ref), "customer": customer})


@cache
def _opened_by() -> Select[str | None]:
    query = select(_FORMER.case_key).where(_FORMER.kind == Was.OPENER, _FORMER.value == bindparam("ref"))
    return query.where(_FORMER.customer_id == bindparam("customer"))


def revive_case(db: Connection, key: str, title: str, at: datetime) -> None:
    """Wakes a sleeping case that a mail of that moment begins anew."""
    values = {"title": title, "ruled_title": title, "opened_at": at, "last_at": at}
    db.execute(update(schema.case).where(_CASE.key == key).values(values))
    db.execute(delete(schema.former).where(_FORMER.kind == Was.OPENER, _FORMER.case_key == key))
    asleep = (_FORMER.kind == Was.ASLEEP) & (_FORMER.value == key)
    db.execute(update(schema.former).where(asleep).values(kind=Was.WOKEN))


def former_id(db: Connection, customer: Customer) -> str | None:
    """The id under which one with such an address or domain was known; each is given once (`revive_customer`)."""
    owned = [("domain", each) for each in customer.domains] + [("address", each) for each in customer.addresses]
    for kind, value in owned:
        query = select(_FORMER.customer_id).where(_FORMER.kind == kind, _FORMER.value == keyable(value))
        found = db.scalar(query)
        if found is not None:
            return found
    return None


def revive_customer(db: Connection, id_: str, customer: Customer, refusals: Container[str] = ()) -> Customer:
    """A customer under its former id, with the name, domains and addresses that are known of it now."""
    db.execute(delete(schema.former).where(_FORMER.kind.in_(OWNED), _FORMER.customer_id == id_))
    customers.rename(db, id_, customer.name)
    known = Customer(id_, customer.name, customer.domains, customer.addresses)
    return customers.ensure(db, known, rule="new", refusals=refusals)


def settle(db: Connection) -> bool:
    """Ends a rereading, once no mail waits any more: makes the keys of cases that still sleep names for the cases that
    took over the mails that opened them.

    Without such a case, one that shows something wakes up, and any other goes, as do customers without cases. The
    standings of all that were asleep are to be worked out again. Returns whether there was anything to end.
    """
    if not under_way(db) or pending.to_be_filed(db, 1):
        return False
    openers = dict(db.execute(select(_FORMER.case_key, _FORMER.value).where(_FORMER.kind == Was.OPENER)).all())
    asleep, woken, kept = (_of_kind(db, kind) for kind in (Was.ASLEEP, Was.WOKEN, Was.KEPT))
    decided = homes.fixed(db).cases
    db.execute(delete(schema.former))
    for key in asleep:
        if key not in decided:
            opener = openers.get(key, "")
            _give_over(db, key, homes.of(db, [opener]).get(opener))
    _settle_kept(db, kept)
    cases.outdate(db, [*asleep, *woken, *kept])
    customer = schema.customer.c
    stay = select(customer.merged_into).where(customer.merged_into.is_not(None))
    busy = select(_CASE.customer_id).union(select(_KEY.customer_id), stay)
    db.execute(delete(schema.customer).where(customer.id.not_in(busy), customer.merged_into.is_(None)))
    return True


def _give_over(db: Connection, key: str, into: str | None) -> None:
    """What becomes of a case that no mail opened again, by where the mail is now that had opened it."""
    if into is not None and into != key:
        owner = select(_CASE.customer_id).where(_CASE.key == into).scalar_subquery()
        cases.merge(db, into, [key])
        db.execute(update(schema.case).where(_CASE.key == key).values(customer_id=owner))
        cases.outdate(db, [into])
    elif db.execute(select(_MAIL.id).where(_MAIL.case_key == key).limit(1)).first() is None:
        gone = select(_CASE.key).where((_CASE.key == key) | (_CASE.merged_into == key))
        db.execute(delete(schema.promise).where(schema.promise.c.case_key.in_(gone)))
        db.execute(delete(schema.case).where(_CASE.key.in_(gone)))


def _settle_kept(db: Connection, kept: Iterable[str]) -> None:
    """A case that people had to do with, and in which nothing is left, is a name for where its first mail is now."""
    apart = homes.merged_by_hand(db)
    for key in sorted(set(kept) - apart):
        if homes.living(db, [key])[key] == key and homes.shows_nothing(db, key):
            first = select(_MAIL.home_key).where(_MAIL.ruled_key == key, _MAIL.home_key.is_not(None))
            into = db.scalar(first.order_by(_MAIL.at, _MAIL.id).limit(1))
            if into is not None and into != key:
                cases.take_over(db, key, into)


def _of_kind(db: Connection, kind: Was) -> list[str]:
    return list(db.scalars(select(_FORMER.value).where(_FORMER.kind == kind).order_by(_FORMER.value)))


def _is_mail() -> ColumnElement[bool]:
    """Not a note, which a person put where it is."""
    return _MAIL.id.in_(select(schema.raw.c.message_id)) | _MAIL.stripped
