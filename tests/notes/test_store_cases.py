"""Threads, customers, cases, promises and corrections."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from notes.cases import Candidate
from notes.customers import Keys
from notes.errors import NotFoundError
from notes.model import (
    Ball,
    By,
    Certainty,
    Correction,
    Customer,
    Direction,
    Due,
    Evidence,
    Findings,
    Holder,
    Joined,
    Kind,
    Move,
    Precision,
    Promise,
    Question,
    Standing,
)
from notes.profiles import COMMON, Profile
from notes.store import cases, corrections, customers, mails, postings, promises, schema, threads, traits
from notes.store.engine import Store
from notes.traits import KEPT_OF_A_CASE
from tests.notes.stores import MIDORI, MONDAY, TARO, TOKYO, message, raw

LATER = MONDAY + timedelta(days=3)
PROMISE = Promise(
    id="k3x9ab",
    by=By.US,
    who=TARO.address,
    quote="金曜までに送ります。",
    due=Due(None, LATER, Precision.DAY),
    certainty=Certainty.RELATIVE,
    conditional=False,
    made_in="a@midori.example",
    made_at=MONDAY,
    score=0.9,
    rule="ja-made",
    also_in=("b@midori.example",),
    kept=Evidence("c@midori.example", LATER, 0.7, "attachment"),
    moves=(Move(LATER, "d@midori.example", MONDAY, agreed_in=None, void=True),),
)
STANDING = Standing(
    (PROMISE,),
    (Question("いつですか。", "a@midori.example", MONDAY),),
    Ball(Holder.US, MONDAY, "a", "asked"),
    MONDAY,
    None,
)


def test_ids_lead_to_their_thread_also_after_threads_were_merged(store: Store) -> None:
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        key = cases.open_case(db, MIDORI, "見積", MONDAY)
        one, two = threads.create(db), threads.create(db)
        threads.link(db, {"a": one, "b": two})
        threads.link(db, {"a": two})
        threads.put_in_case(db, {two: key})
        assert threads.by_reference(db, ["a", "b", "c"]) == {"a": one, "b": two}
        threads.merge(db, one, [two])
        assert threads.by_reference(db, ["a", "b"]) == {"a": one, "b": one}
        assert threads.case_of(db, [one, two]) == {one: key}


def test_a_customer_is_known_by_what_was_learned(store: Store) -> None:
    other = Customer("midorin", "みどりん")
    name = ("company", "みどり商事")
    with store.begin() as db:
        assert customers.ensure(db, MIDORI) == MIDORI
        customers.ensure(db, other)
        customers.learn(db, other.id, Keys(frozenset(), frozenset({"midori.example"}), frozenset({name})))
        customers.learn(db, MIDORI.id, Keys(frozenset({"h@free.example"}), frozenset(), frozenset({name})))
        wanted = Keys(frozenset({"h@free.example", "x@y.example"}), frozenset({"midori.example"}), frozenset({name}))
        assert customers.bearers(db, wanted) == {
            ("address", "h@free.example"): ("midori",),
            ("domain", "midori.example"): ("midori",),
            name: ("midori", "midorin"),
        }
        midori = replace(MIDORI, addresses=("h@free.example", "hana@midori.example"))
        assert customers.all(db) == [midori, other]
        customers.rename(db, other.id, "みどりん堂")
        assert customers.by_id(db, [other.id, "nobody"]) == {other.id: replace(other, name="みどりん堂")}


def test_two_customers_of_one_short_name_get_ids_of_their_own(store: Store) -> None:
    with store.begin() as db:
        ids = [customers.add(db, Customer("midori", name)).id for name in ("みどり商事", "緑屋", "美土里")]
        assert ids == ["midori", "midori2", "midori3"]
        assert [customer.name for customer in customers.all(db)] == ["みどり商事", "緑屋", "美土里"]


def test_a_name_that_many_bear_tells_nothing(store: Store) -> None:
    name = ("person", "鈴木")
    with store.begin() as db:
        for number in range(9):
            customers.ensure(db, Customer(f"c{number}", "C"))
            customers.learn(db, f"c{number}", Keys(frozenset(), frozenset(), frozenset({name})))
        assert customers.bearers(db, Keys(frozenset(), frozenset(), frozenset({name}))) == {name: ()}


def test_cases_are_numbered_by_customer_and_found_by_their_traits(store: Store) -> None:
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        customers.ensure(db, Customer("other", "Other"))
        keys = [cases.open_case(db, MIDORI, f"件{number}", MONDAY + timedelta(days=number)) for number in range(3)]
        assert keys == ["midori-1", "midori-2", "midori-3"]
        assert cases.open_case(db, Customer("other", "Other"), "x", MONDAY) == "other-1"
        first = frozenset({("stem", "見積"), ("number", "po-12")})
        postings.add(db, {"midori-1": first, "midori-2": [("stem", "見積")], "other-1": [("number", "po-12")]})
        postings.add(db, {"midori-1": [("stem", "見積")]})
        traits.put_profiles(db, {"midori-1": Profile.of([("stem", "x")])})
        traits.put_profiles(db, {"midori-1": Profile.of(first)})
        assert traits.alike(db, first, ["midori"]).keys == ["midori-3", "midori-2", "midori-1"]
        assert traits.alike(db, first, ["midori"], 2).keys == ["midori-1", "midori-3"]
        assert set(traits.alike(db, [("number", "po-12")], None).keys) == {"midori-1", "other-1"}
        assert traits.alike(db, [("stem", "見積")], None, 1).keys == ["midori-2"]
        assert traits.candidates(db, ["midori-1", "midori-2", "none-1"]) == {
            "midori-1": Candidate("midori-1", "件0", "midori", MONDAY, Profile.of(first)),
            "midori-2": Candidate("midori-2", "件1", "midori", MONDAY + timedelta(days=1), Profile()),
        }


def test_what_cases_are_found_by_is_forgotten_to_the_last_row_of_a_long_case_too(store: Store) -> None:
    short = frozenset({("stem", "見積"), ("number", "po-12"), ("stem", "x" * 900)})
    long = frozenset(("word", f"w{number}") for number in range(KEPT_OF_A_CASE))
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        one, other, stays = (cases.open_case(db, MIDORI, "件", MONDAY) for _ in range(3))
        traits.put(db, {one: short, other: long, stays: short})
        postings.add(db, {other: [("word", "of a former mail")]})
        traits.forget(db, [one, other])
        left = db.execute(select(schema.case_trait.c.cases).distinct()).scalars().all()
        assert left == ["3"]
        assert traits.candidates(db, [one])[one].traits == frozenset()
        assert traits.candidates(db, [stays])[stays].traits == short


def test_a_trait_that_very_many_cases_bear_finds_none_but_the_latest(store: Store) -> None:
    many = COMMON + 1
    with store.begin() as db:
        for customer in (MIDORI, Customer("other", "Other")):
            customers.ensure(db, customer)
            for number in range(many):
                cases.open_case(db, customer, "x", MONDAY + timedelta(days=number))
        postings.add(db, {f"midori-{number + 1}": [("word", "見積")] for number in range(many)})
        postings.add(db, {"midori-3": [("number", "PO12")], "other-5": [("word", "見積")]})
        latest = f"midori-{many}"
        asked = [("word", "見積"), ("number", "PO12")]
        assert traits.alike(db, asked, ["midori"], 3).keys == ["midori-3", latest]
        assert traits.alike(db, [("word", "見積")], ["other"], 3).keys[0] == "other-5"
        assert traits.alike(db, asked, None, 3).keys == ["midori-3"]
        assert traits.alike(db, asked, ["midori"], 3).borne == {("word", "見積"): many, ("number", "PO12"): 1}
        assert traits.alike(db, asked, ["other"], 3).borne == {("word", "見積"): 1, ("number", "PO12"): 0}
        weighed = traits.alike(db, [("number", "PO12")], None, 3, weighed=[("word", "見積"), ("word", "納期")])
        assert (weighed.keys, weighed.borne[("word", "見積")]) == (["midori-3"], many)


def test_a_case_that_got_a_mail_is_among_the_latest_before_that_is_written(store: Store) -> None:
    asked = [("word", "見積")]
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        keys = [cases.open_case(db, MIDORI, "x", MONDAY + timedelta(days=number)) for number in range(6)]
        postings.add(db, dict.fromkeys(keys[:4], asked))
        lately = {keys[1]: MONDAY + timedelta(days=9)}
        assert traits.alike(db, [], ["midori"], 3, lately=lately).keys == [keys[1]]
        assert traits.alike(db, asked, ["midori"], 4, lately=lately).keys == [keys[1], keys[3], keys[5]]
        assert traits.alike(db, asked, None, 2, lately=lately).keys == [keys[1], keys[3]]
        assert traits.alike(db, asked, ["midori"], 4).keys == [keys[3], keys[2], keys[5], keys[4]]


def test_a_case_is_found_by_a_trait_once_however_often_it_came_and_not_again_when_it_went(store: Store) -> None:
    words = [("word", "見積"), ("word", "納期")]
    rows = select(schema.case_trait.c.value, schema.case_trait.c.cases).order_by(schema.case_trait.c.value)
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        customers.ensure(db, Customer("midori-2", "緑屋"))
        keys = [cases.open_case(db, MIDORI, "件", MONDAY) for _ in range(12)]
        other = cases.open_case(db, Customer("midori-2", "緑屋"), "件", MONDAY, member="midori")
        for _ in range(3):
            postings.add(db, dict.fromkeys([keys[0], keys[10], other], words))
        assert db.execute(rows).all() == [("納期", "1 11 midori-2-1"), ("見積", "1 11 midori-2-1")]
        postings.forget(db, {keys[0]: words, other: words[:1], keys[2]: words})
        assert db.execute(rows).all() == [("納期", "11 midori-2-1"), ("見積", "11")]
        assert postings.bearers(db, words, ["midori"]) == {words[0]: {keys[10]}, words[1]: {keys[10], other}}
        postings.forget(db, dict.fromkeys([keys[10], other], words))
        assert db.execute(rows).all() == []


def test_what_too_many_cases_bore_tells_nothing_also_when_they_are_gone(store: Store) -> None:
    word = ("word", "見積")
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        keys = [cases.open_case(db, MIDORI, "件", MONDAY) for _ in range(COMMON + 1)]
        postings.add(db, {key: [word] for key in keys[:COMMON]})
        assert postings.bearers(db, [word], ["midori"]) == {word: set(keys[:COMMON])}
        postings.add(db, {keys[COMMON]: [word]})
        assert postings.bearers(db, [word], None) == {word: None}
        postings.forget(db, {key: [word] for key in keys})
        postings.forget_long(db, keys[:1])
        assert postings.bearers(db, [word], ["midori"]) == {word: None}
        assert postings.bearers(db, [word], ["other"]) == {word: frozenset()}


def test_merging_one_of_sixty_into_another_case_does_not_make_them_too_many(store: Store) -> None:
    word, line = ("word", "見積"), ("line", "a")
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        *keys, into = [cases.open_case(db, MIDORI, "件", MONDAY) for _ in range(COMMON + 1)]
        traits.put(db, {key: frozenset({word}) for key in keys} | {into: frozenset({line})})
        cases.merge(db, into, keys[:1])
        assert postings.bearers(db, [word], ["midori"]) == {word: {*keys[1:], into}}


def test_when_cases_go_for_good_what_only_they_made_too_common_finds_again(store: Store) -> None:
    word, other, always = ("word", "見積"), ("word", "納期"), ("word", "様")
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        customers.ensure(db, Customer("other", "Other"))
        keys = [cases.open_case(db, MIDORI, "件", MONDAY) for _ in range(2 * COMMON + 2)]
        few, stay, gone = keys[:9], keys[: COMMON + 1], keys[COMMON + 1 :]
        theirs = cases.open_case(db, Customer("other", "Other"), "件", MONDAY)
        bear = {key: {always} for key in stay} | {key: {word, always} for key in (*few, theirs)}
        traits.put(db, {key: frozenset(each) for key, each in bear.items()})
        traits.put(db, {key: frozenset({word, other, always}) for key in gone})
        cases.drop(db, gone)
        assert postings.bearers(db, [word, other, always], ["midori"]) == {
            word: set(few),
            other: frozenset(),
            always: None,
        }
        assert postings.bearers(db, [word], None) == {word: {*few, theirs}}


def test_what_few_cases_bear_finds_before_what_many_do(store: Store) -> None:
    number, words = ("number", "PO12"), [("word", "見積"), ("word", "納期")]
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        keys = [cases.open_case(db, MIDORI, "件", MONDAY + timedelta(days=day)) for day in range(9)]
        postings.add(db, dict.fromkeys(keys[1:], words))
        postings.add(db, {keys[0]: [number], keys[4]: [("line", "a")]})
        asked = [number, ("line", "a"), *words]
        assert traits.alike(db, asked, ["midori"], 4).keys == [keys[4], keys[0], keys[8], keys[7]]
        assert traits.alike(db, asked, None, 3).keys == [keys[4], keys[0], keys[8]]


def test_cases_are_found_by_traits_that_are_not_written_yet(store: Store) -> None:
    line, number = ("line", "a" * 300), ("number", "PO12")
    with store.begin() as db:
        customers.add(db, MIDORI)
        for place in range(COMMON + 1):
            cases.open_case(db, MIDORI, "件", MONDAY + timedelta(minutes=place))
        postings.add(db, {f"midori-{place + 1}": [("word", "見積")] for place in range(COMMON)})
        postings.add(db, {"midori-1": [number]})
        unwritten = {line: ["midori-2"], number: ["midori-1", "midori-3"], ("word", "見積"): []}
        assert traits.alike(db, [line], None, unwritten=unwritten).keys == ["midori-2"]
        assert set(traits.alike(db, [line, number], None, 3, unwritten=unwritten).keys) == {
            "midori-1",
            "midori-2",
            "midori-3",
        }
        assert len(traits.alike(db, [("word", "見積")], None, unwritten=unwritten).keys) == 20
        last = f"midori-{COMMON + 1}"
        assert traits.alike(db, [("word", "見積")], None, unwritten={("word", "見積"): [last]}).keys == []


def test_a_standing_is_kept_whole(store: Store) -> None:
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        key = cases.open_case(db, MIDORI, "見積", MONDAY)
        assert cases.held(db)[0].standing.promises == ()
        for _ in range(2):
            cases.put_standings(db, [cases.Stand(key, STANDING, "taro", MONDAY, LATER, 4)])
    with store.read() as db:
        (held,) = cases.held(db, customer="midori", owner="taro")
        assert held.standing == STANDING
        assert held.standing.questions[0].at.utcoffset() == TOKYO.utcoffset(None)
        assert (held.case.owner, held.case.messages, held.case.last_at) == ("taro", 4, LATER)
        assert cases.get(db, key) == held.case
        assert cases.held(db, owner="jiro") == []
        assert cases.names(db) == [(key, "見積", "みどり商事")]
        assert promises.find(db, "K3X") == (PROMISE, key)
        assert promises.all(db) == [(PROMISE, key)]
        with pytest.raises(NotFoundError):
            promises.find(db, "zzz")
        with pytest.raises(NotFoundError):
            cases.get(db, "midori-99")


def test_the_key_of_a_merged_case_stays_good(store: Store) -> None:
    with store.begin() as db:
        customers.ensure(db, MIDORI)
        one, two, three = (cases.open_case(db, MIDORI, "見積", MONDAY) for _ in range(3))
        (stored,) = mails.add(db, [(message("a"), raw(1))])
        thread = threads.create(db)
        threads.put_in_case(db, {thread: three})
        postings.add(db, {two: [("stem", "請求")], three: [("stem", "見積")]})
        traits.put_profiles(db, {two: Profile.of([("stem", "請求")]), three: Profile.of([("stem", "見積")])})
        filing = mails.Filing(stored.id, thread, three, Kind.MAIL, Direction.IN, Findings(), Joined("new", 1.0))
        mails.file(db, [filing])
        cases.put_standings(db, [cases.Stand(three, STANDING, None, MONDAY, LATER, 1)])
        cases.merge(db, two, [three])
        cases.merge(db, one, [two])
        assert [case.key for case in (cases.get(db, key) for key in (one, two, three))] == [one, one, one]
        assert [held.case.key for held in cases.held(db)] == [one]
        assert [filed.ref for filed in mails.of_cases(db, [one])[one]] == ["a"]
        assert threads.case_of(db, [thread]) == {thread: one}
        assert traits.alike(db, [("stem", "見積"), ("stem", "請求")], None).keys == [one]
        (candidate,) = traits.candidates(db, [one, two, three]).values()
        assert candidate.traits == {("stem", "見積"), ("stem", "請求")}
        assert promises.all(db) == []


def test_corrections_come_back_in_order(store: Store) -> None:
    with store.begin() as db:
        for target in ("b", "a", "b"):
            corrections.append(db, at=MONDAY, who="taro", kind="promise-keep", target=target, value={"evidence": "r"})
    with store.read() as db:
        found = corrections.of(db, ["b", "a", "b"])
        assert [item.target for item in found] == ["b", "a", "b"]
        assert found[0] == Correction(found[0].id, MONDAY, "taro", "promise-keep", "b", {"evidence": "r"})
        assert corrections.of(db, ["c"]) == []
