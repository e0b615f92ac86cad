"""The diary's conclusions taken back, so that they can be drawn anew from the mails; and names that stay good.

`forget` leaves mails, bytes, places, notes and what people decided. Threads, what customers are known by and where
mails are filed are drawn anew by whoever files. `Former` says which case a mail opened before and whose an address was,
so that cases and customers keep their keys. `settle` gives what is left over of the former cases to those that took
over.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from notes.model import Customer
from notes.store import cases, customers, homes, schema, traits
from notes.store.customers import OWNED, PERSON, Row
from notes.store.sql import chunks

_MAIL = schema.message.c
_CASE = schema.case.c
_KEY = schema.customer_key.c


@dataclass(frozen=True, slots=True)
class Former:
    """What was before `forget`. `openers`: refs of the mails that begin a case, with its key and its customer's id.

    `owners`: whose an address or domain was. `filed`: in which case each mail was (None: unfiled), by ref.
    `kept`: keys of cases that go on, for people had to do with them.
    """

    openers: dict[str, tuple[str, str]]
    owners: dict[Row, str]
    filed: dict[str, str | None]
    kept: frozenset[str] = frozenset()

    def case(self, ref: str, customer: str) -> str | None:
        """The key of the case of that customer that this mail began; each is given once."""
        key, owner = self.openers.get(ref, ("", ""))
        return self.openers.pop(ref)[0] if key and owner == customer else None

    def customer(self, customer: Customer) -> str | None:
        """The id under which one with such an address or domain was known; each is given once."""
        owned = [("domain", each) for each in customer.domains] + [("address", each) for each in customer.addresses]
        found = next((self.owners[row] for row in owned if row in self.owners), None)
        for row in [row for row, owner in self.owners.items() if owner == found] if found else ():
            del self.owners[row]
        return found


def forget(db: Connection) -> Former:
    """Takes every conclusion back but where people put things. Cases sleep (merged into themselves) until `revive_case`
    or `settle`, except those that people had to do with."""
    fixed = homes.fixed(db)
    stays = homes.held(db, fixed.cases) | homes.of(db, fixed.mails)
    kept = fixed.cases | set(stays.values()) | set(homes.ruled(db, stays).values())
    owned = select(_KEY.kind, _KEY.value, _KEY.customer_id).where(_KEY.kind.in_(OWNED), _KEY.rule != PERSON)
    owned = owned.order_by(_KEY.sharer.desc())
    former = Former(
        _openers(db, stays),
        {(kind, value): customer for kind, value, customer in db.execute(owned)},
        filed(db),
        kept,
    )
    apart = [key for key in kept if key in homes.merged_by_hand(db)]
    awake = list(db.scalars(select(_CASE.key).where(_CASE.merged_into.is_(None))))
    for chunk in chunks(key for key in awake if key not in kept):
        db.execute(update(schema.case).where(_CASE.key.in_(chunk)).values(merged_into=_CASE.key))
    db.execute(update(schema.message).where(_is_mail()).values(case_key=None, home_key=None, thread_id=None))
    homes.put(db, stays)
    for table in (
        schema.thread_link,
        schema.thread,
        schema.case_trait,
        schema.case_profile,
        schema.promise,
    ):
        db.execute(delete(table))
    db.execute(delete(schema.customer_key).where(_KEY.rule != PERSON))
    traits.put_profiles(db, dict.fromkeys(apart, frozenset()))
    return former


def _openers(db: Connection, stays: Container[str]) -> dict[str, tuple[str, str]]:
    """By ref the first mail that the rules put into each case, of those that may go elsewhere."""
    query = (
        select(_MAIL.ref, _CASE.key, customers.stays())
        .join(schema.case, _CASE.key == _MAIL.ruled_key)
        .join(schema.customer, schema.customer.c.id == _CASE.customer_id)
        .where(_is_mail())
        .order_by(_MAIL.at.desc(), _MAIL.id.desc())
    )
    first = {key: (ref, customer) for ref, key, customer in db.execute(query) if ref not in stays}
    return {ref: (key, customer) for key, (ref, customer) in first.items()}


def filed(db: Connection) -> dict[str, str | None]:
    """In which case each mail is, by ref."""
    return {row.ref: row.case_key for row in db.execute(select(_MAIL.ref, _MAIL.case_key).where(_is_mail()))}


def revive_case(db: Connection, key: str, title: str, at: datetime) -> None:
    """Wakes a sleeping case that a mail of that moment begins anew."""
    values = {"merged_into": None, "title": title, "ruled_title": title, "opened_at": at, "last_at": at}
    db.execute(update(schema.case).where(_CASE.key == key).values(values))


def revive_customer(db: Connection, id_: str, customer: Customer, refusals: Container[str] = ()) -> Customer:
    """A customer under its former id, with the name, domains and addresses that are known of it now."""
    customers.rename(db, id_, customer.name)
    known = Customer(id_, customer.name, customer.domains, customer.addresses)
    return customers.ensure(db, known, rule="new", refusals=refusals)


def settle(db: Connection, former: Former) -> set[str]:
    """Makes the keys of cases that still sleep names for the cases that took over the mails that began them.

    Without such a case, one that holds notes wakes up, and any other goes, as do customers without cases. Returns the
    keys of the cases that were given something.
    """
    touched: set[str] = set()
    begun = {key: ref for ref, (key, _) in former.openers.items()}
    for key in list(db.scalars(select(_CASE.key).where(_CASE.merged_into == _CASE.key).order_by(_CASE.key))):
        into = homes.of(db, [begun[key]]).get(begun[key]) if key in begun else None
        holds_notes = db.execute(select(_MAIL.id).where(_MAIL.case_key == key).limit(1)).first() is not None
        if into is not None:
            owner = select(_CASE.customer_id).where(_CASE.key == into).scalar_subquery()
            cases.merge(db, into, [key])
            db.execute(update(schema.case).where(_CASE.key == key).values(customer_id=owner))
            touched.add(into)
        elif holds_notes:
            db.execute(update(schema.case).where(_CASE.key == key).values(merged_into=None))
            touched.add(key)
        else:
            db.execute(delete(schema.case).where(_CASE.merged_into == key))
    touched |= _settle_kept(db, former)
    customer = schema.customer.c
    stay = select(customer.merged_into).where(customer.merged_into.is_not(None))
    busy = select(_CASE.customer_id).union(select(_KEY.customer_id), stay)
    db.execute(delete(schema.customer).where(customer.id.not_in(busy), customer.merged_into.is_(None)))
    return touched


def _settle_kept(db: Connection, former: Former) -> set[str]:
    """A case that people had to do with, and in which nothing is left, is a name for where its first mail is now."""
    apart = homes.merged_by_hand(db)
    for key in sorted(former.kept - apart):
        if homes.living(db, [key])[key] == key and homes.shows_nothing(db, key):
            first = select(_MAIL.home_key).where(_MAIL.ruled_key == key, _MAIL.home_key.is_not(None))
            into = db.scalar(first.order_by(_MAIL.at, _MAIL.id).limit(1))
            if into is not None and into != key:
                cases.take_over(db, key, into)
    return set(former.kept)


def _is_mail() -> ColumnElement[bool]:
    """Not a note, which a person put where it is."""
    return _MAIL.id.in_(select(schema.raw.c.message_id)) | _MAIL.stripped
