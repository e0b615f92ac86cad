"""What people decide about customers lies over what the rules learned, and every part of it can be taken back."""

import random
from itertools import count

import pytest

from notes.customers import Keys
from notes.model import Correction, Customer
from notes.store import cases, customers, traits
from notes.store.customers import Suggestion
from notes.store.decided_customers import apply, replay
from notes.store.engine import Connection, Store
from tests.notes.stores import MONDAY

ACME = Customer("acme", "アクメ工業", ("acme.example",), ("sato@acme.example",))
GLOBEX = Customer("globex", "Globex", ("globex.example",), ("ito@globex.example",))
PRIVATE = Customer("sato-ken", "佐藤 健", (), ("sato.ken@gmail.com",))

_numbers = count(1)


def _made(kind: str, target: str, **value: str) -> Correction:
    return Correction(next(_numbers), MONDAY, "mori", kind, target, value)


def _alias(target: str, **value: str) -> Correction:
    return _made("customer-alias", target, **value)


@pytest.fixture(autouse=True)
def _three(store: Store) -> None:
    with store.begin() as db:
        for one in (ACME, GLOBEX, PRIVATE):
            customers.add(db, one)


def _decide(store: Store, *made: Correction) -> None:
    with store.begin() as db:
        for one in made:
            apply(db, one)


def _known(store: Store) -> list[Customer]:
    with store.read() as db:
        return customers.all(db)


def _whose(db: Connection, *addresses: str) -> list[str | None]:
    keys = Keys(frozenset(addresses), frozenset({each.rpartition("@")[2] for each in addresses}))
    found = customers.bearers(db, keys)
    return [next(iter(found.get(("address", each), ())), None) for each in addresses]


def test_a_merged_customer_is_read_as_the_one_that_stays_with_all_that_it_had(store: Store) -> None:
    with store.begin() as db:
        case = cases.open_case(db, GLOBEX, "Pump", MONDAY)
    _decide(store, _made("customer-merge", "globex", into="acme"))
    both = ("acme.example", "globex.example"), ("ito@globex.example", "sato@acme.example")
    merged = Customer("acme", "アクメ工業", *both)
    with store.read() as db:
        assert customers.all(db) == [merged, PRIVATE]
        assert customers.by_id(db, ["globex", "acme"]) == {"globex": merged, "acme": merged}
        assert cases.customer_of(db, case) == merged
        assert [one.case.key for one in cases.held(db, customer="acme")] == ["globex-1"]
        assert traits.latest_of(db, customers.member_ids(db, "acme"), 5) == ["globex-1"]
        assert traits.candidates(db, [case])[case].customer_id == "acme"
        assert traits.alike(db, [], customers.member_ids(db, "acme")).keys == ["globex-1"]
        assert [name for _, _, name in cases.names(db)] == ["アクメ工業"]


def test_who_was_merged_into_one_goes_along_when_that_is_merged_itself_and_stays_when_it_is_taken_back(
    store: Store,
) -> None:
    first = _made("customer-merge", "sato-ken", into="globex")
    second = _made("customer-merge", "globex", into="acme")
    _decide(store, first, second)
    assert [one.id for one in _known(store)] == ["acme"]
    with store.begin() as db:
        assert customers.merged(db) == {"globex": "acme", "sato-ken": "acme"}
        replay(db, [first])
        assert customers.merged(db) == {"sato-ken": "globex"}


def test_customers_merged_into_each_other_do_not_vanish(store: Store) -> None:
    _decide(store, _made("customer-merge", "acme", into="globex"), _made("customer-merge", "globex", into="acme"))
    assert [one.id for one in _known(store)] == ["globex", "sato-ken"]


def test_a_customer_that_the_settings_name_is_its_own_again(store: Store) -> None:
    with store.begin() as db:
        apply(db, _made("customer-merge", "globex", into="acme"))
        assert customers.ensure(db, GLOBEX) == GLOBEX


def test_a_case_opened_for_a_merged_customer_is_its_own_again_when_that_is_taken_back(store: Store) -> None:
    with store.begin() as db:
        apply(db, _made("customer-merge", "globex", into="acme"))
        key = cases.open_case(db, customers.by_id(db, ["globex"])["globex"], "Valve", MONDAY, "globex")
        assert key == "acme-1"
        assert cases.customer_of(db, key).id == "acme"
        replay(db, [])
        assert cases.customer_of(db, key).id == "globex"


def test_an_address_given_to_another_customer_is_its_until_that_is_taken_back(store: Store) -> None:
    _decide(store, _alias("acme", addresses="ito@globex.example"))
    acme, globex, _ = _known(store)
    assert acme.addresses == ("ito@globex.example", "sato@acme.example")
    assert globex.addresses == ()
    with store.begin() as db:
        assert _whose(db, "ito@globex.example") == ["acme"]
        replay(db, [])
    assert _known(store) == [ACME, GLOBEX, PRIVATE]


def test_the_last_word_counts_and_the_word_before_it_when_it_is_taken_back(store: Store) -> None:
    first = _alias("globex", addresses="sato.ken@gmail.com")
    second = _alias("acme", addresses="sato.ken@gmail.com")
    _decide(store, first, second)
    with store.begin() as db:
        assert _whose(db, "sato.ken@gmail.com") == ["acme"]
        replay(db, [first])
        assert _whose(db, "sato.ken@gmail.com") == ["globex"]


def test_what_was_taken_from_a_customer_can_be_learned_for_another_and_comes_back(store: Store) -> None:
    refusal = _made("customer-unalias", "acme", addresses="sato@acme.example")
    with store.begin() as db:
        apply(db, refusal)
        assert customers.by_id(db, ["acme"])["acme"].addresses == ()
        new = Customer("sato", "Sato", (), ("sato@acme.example",))
        assert customers.add(db, new, refusals=customers.refused(db)) == new
        assert _whose(db, "sato@acme.example") == ["sato"]
        replay(db, [refusal])
        assert _whose(db, "sato@acme.example") == ["sato"]
        replay(db, [])
        assert _whose(db, "sato@acme.example") == ["acme"]
        assert customers.by_id(db, ["sato", "acme"]) == {"acme": ACME, "sato": Customer("sato", "Sato")}


def test_a_domain_taken_away_takes_its_addresses_along_but_not_one_that_a_person_gave(store: Store) -> None:
    _decide(
        store,
        _made("customer-unalias", "acme", domains="acme.example"),
        _alias("acme", addresses="abe@acme.example"),
    )
    acme = _known(store)[0]
    assert (acme.domains, acme.addresses) == ((), ("abe@acme.example",))
    with store.read() as db:
        assert _whose(db, "sato@acme.example", "abe@acme.example") == [None, "acme"]


def test_an_address_given_after_it_was_taken_away_is_the_customers(store: Store) -> None:
    _decide(
        store,
        _made("customer-unalias", "acme", addresses="x@gmail.com"),
        _alias("acme", addresses="x@gmail.com"),
    )
    with store.read() as db:
        assert _whose(db, "x@gmail.com") == ["acme"]
        assert "x@gmail.com" not in customers.refused(db)


def test_a_suggestion_files_by_names_only_and_is_listed_until_somebody_decides(store: Store) -> None:
    with store.begin() as db:
        customers.learn(db, "acme", Keys(suggested=frozenset({"a@gmail.com"})), "names")
        customers.learn(db, "globex", Keys(suggested=frozenset({"b@gmail.com"})), "thread")
        customers.learn(db, "globex", Keys(suggested=frozenset({"sato.ken@gmail.com"})), "thread")
        keys = Keys(suggested=frozenset({"a@gmail.com", "b@gmail.com"}))
        assert customers.bearers(db, keys) == {("suggested", "a@gmail.com"): ("acme",)}
        listed = [Suggestion("acme", "a@gmail.com", "names"), Suggestion("globex", "b@gmail.com", "thread")]
        assert customers.suggestions(db) == listed
        assert customers.by_id(db, ["acme"])["acme"] == ACME
        apply(db, _alias("acme", addresses="a@gmail.com"))
        apply(db, _made("customer-unalias", "globex", addresses="b@gmail.com"))
        assert customers.suggestions(db) == []
        replay(db, [])
        assert customers.suggestions(db) == listed


def test_a_refused_suggestion_files_nothing(store: Store) -> None:
    with store.begin() as db:
        customers.learn(db, "acme", Keys(suggested=frozenset({"a@gmail.com"})), "names")
        apply(db, _made("customer-unalias", "acme", addresses="a@gmail.com"))
        assert customers.bearers(db, Keys(suggested=frozenset({"a@gmail.com"}))) == {}


def test_names_that_people_give_beat_the_rules_and_are_found_in_mails(store: Store) -> None:
    called = _made("customer-rename", "globex", name="グローベックス株式会社")
    alias = _alias("globex", names="グロベ\nトム・ハント")
    _decide(store, called, alias)
    with store.begin() as db:
        customers.rename(db, "globex", "Globex Ltd")  # what a rule learns later
        globex = customers.by_id(db, ["globex"])["globex"]
        assert globex.name == "グローベックス株式会社"
        assert globex.aliases == ("グロベ", "トム・ハント")
        named = frozenset({("company", "グロベ"), ("company", "グローベツクス"), ("person", "トムハント")})
        assert set(customers.bearers(db, Keys(names=named)).values()) == {("globex",)}
        replay(db, [])
        assert customers.by_id(db, ["globex"])["globex"].name == "Globex Ltd"
        assert customers.bearers(db, Keys(names=named)) == {}


@pytest.mark.parametrize("seed", range(8))
def test_any_decisions_taken_back_in_any_order_leave_what_the_rest_would_make(store: Store, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    ids, values = ["acme", "globex", "sato-ken"], ["sato@acme.example", "sato.ken@gmail.com", "new@x.example"]
    made: list[Correction] = []
    with store.begin() as db:
        for _ in range(12):
            target, other = dice.sample(ids, 2)
            one = dice.choice(
                [
                    _made("customer-merge", target, into=other),
                    _alias(target, addresses=dice.choice(values)),
                    _made("customer-unalias", target, addresses=dice.choice(values)),
                    _made("customer-rename", target, name=f"{target} {dice.random()}"),
                    _alias(target, domains="acme.example"),
                ]
            )
            apply(db, one)
            made.append(one)
        seen = customers.all(db)
        replay(db, made)
        assert customers.all(db) == seen
        while made:
            made.remove(dice.choice(made))
            replay(db, made)
        assert customers.all(db) == [ACME, GLOBEX, PRIVATE]
