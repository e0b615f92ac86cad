"""Who is behind an address, on each engine."""

from dataclasses import replace
from datetime import timedelta

from notes.model import Address, Contact
from notes.store import mails, writers
from notes.store.engine import Store
from tests.notes.stores import HANA, MONDAY, message, raw


def test_the_newest_name_and_the_newest_signature_of_a_writer_are_told_with_the_number_of_mails(store: Store) -> None:
    first = replace(
        message("a@x", "eins"), sender=Address("", HANA.address), contact=Contact(name="森 花", phone="03-1")
    )
    newer = replace(message("b@x", "zwei", at=MONDAY + timedelta(days=1)), contact=Contact(phone="03-2"))
    bare = replace(message("c@x", "drei", at=MONDAY + timedelta(days=2)), contact=None)
    unnamed = replace(message("d@x", "vier"), sender=Address("", "d'arcy@x.example"), contact=Contact(name="D'Arcy"))
    with store.begin() as db:
        mails.add(db, [(one, raw(n)) for n, one in enumerate((first, newer, bare, unnamed), 1)])
        found = writers.of(db, [HANA.address, "d'arcy@x.example", "nobody@x.example"])
    assert found == {
        HANA.address: writers.Writer(HANA.address, HANA.name, 3, Contact(phone="03-2")),
        "d'arcy@x.example": writers.Writer("d'arcy@x.example", "D'Arcy", 1, Contact(name="D'Arcy")),
    }
    with store.read() as db:
        assert writers.of(db, []) == {}
