"""Who is on the customer's side, when nobody has said so."""

from dataclasses import replace

from notes.model import Address, Customer
from notes.parties import Side, know
from tests.notes.stories import DIRECTORY, Story

SUPPLIER, CUSTOMER = "sales@pumpworks.example", "kita@hanamizuki.example"


def story() -> Story:
    """Three mails with the customer, two with a supplier."""
    told = Story()
    told.say("kita", "ueda", "4/13 09:00", "a")
    told.say("ueda", "kita", "4/13 10:00", "b")
    told.say("ueda", "supplier", "4/13 11:00", "c", answers="")
    told.say("supplier", "ueda", "4/13 12:00", "d")
    told.say("kita", "ueda", "4/13 13:00", "e", answers="m2@story.example")
    return told


def test_the_domain_that_takes_part_most_is_the_customers() -> None:
    parties = know(story().mails, DIRECTORY)
    sides = [parties.side(one) for one in ("ueda@aozora.example", CUSTOMER, SUPPLIER)]
    assert sides == [Side.US, Side.CUSTOMER, Side.OTHER]


def test_a_known_customer_beats_the_count() -> None:
    known = Customer("pumps", "Pump Works", ("pumpworks.example",))
    parties = know(story().mails, DIRECTORY, known)
    assert [parties.side(one) for one in (CUSTOMER, SUPPLIER)] == [Side.OTHER, Side.CUSTOMER]


def test_private_addresses_sister_domains_and_those_copied_are_the_customers_too() -> None:
    mails = story().mails
    private = replace(mails[0], ref="p", sender=Address("北 みどり", "midori@homemail.example"), references=())
    sister = replace(mails[0], ref="s", sender=Address("南", "minami@hanamizuki-group.example"), references=())
    copied = replace(mails[0], ref="c", cc=(Address("", "boss@other.example"),))
    parties = know([*mails, private, sister, copied], DIRECTORY)
    for address in ("midori@homemail.example", "minami@hanamizuki-group.example", "boss@other.example"):
        assert parties.side(address) is Side.CUSTOMER
