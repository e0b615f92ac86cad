"""Hints on how a customer is to be treated: notes that stand on every page of that customer, in whichever case."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from notes.model import Hint
from notes.store import corrections, customers, schema
from notes.store.sql import chunks
from notes.store.values import at_offset

HINT = "hint-add"
"""The kind of the correction that wrote a hint down; its target is the hint's ref."""

_MAIL = schema.message.c
_CASE = schema.case.c


def of_customers(db: Connection, ids: Iterable[str], until: datetime | None = None) -> Mapping[str, tuple[Hint, ...]]:
    """The hints about each of these customers, oldest first; `until`: those that were known at that moment.

    A hint follows the case that holds it, also to another customer.
    """
    found: dict[str, list[Hint]] = {id_: [] for id_ in ids}
    refs = [one.target for one in corrections.of_kinds(db, (HINT,), until)]
    for chunk in chunks(refs if found else ()):
        columns = (_MAIL.ref, _MAIL.sender, _MAIL.at, _MAIL.offset, _MAIL.new_text, _MAIL.case_key, _CASE.customer_id)
        query = select(*columns).join(schema.case, _CASE.key == _MAIL.case_key).where(_MAIL.ref.in_(chunk))
        rows = db.execute(query.order_by(_MAIL.at, _MAIL.id)).all()
        theirs = customers.by_id(db, {row.customer_id for row in rows})
        for row in rows:
            hint = Hint(row.new_text, at_offset(row.at, row.offset), row.sender, row.ref, str(row.case_key))
            found.get(theirs[row.customer_id].id, []).append(hint)
    return {id_: tuple(sorted(hints, key=lambda one: one.at)) for id_, hints in found.items()}
