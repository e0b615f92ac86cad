"""Corrections of cases on a whole diary, on both engines: what they move, what arrives later, and taking them back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest import correcting
from ingest.receive import stand_again
from ingest.reconsider import reconsider
from notes.errors import NotFoundError, UsageError
from notes.model import Address, CaseState, Kind
from notes.stands import state_of
from notes.store import cases, corrections, homes, mails
from notes.store.engine import Store, open_store
from tests.ingest.corrected import (
    CONTEXT,
    MONDAY,
    US,
    WORD,
    arrive,
    held,
    letter,
    merge,
    move,
    piles,
    ref,
    say,
    split,
    undo,
)

PUMP, BILL, THIRD = "asagao-1", "asagao-2", "asagao-3"
PROMISE = "I told Ms Ito that we will send her the list by 20 March 2026."


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Two matters of one customer: mails 1, 3 and 5, and mails 2 and 4."""
    sqlite = request.param == "sqlite"
    opened = open_store(f"sqlite:///{tmp_path / 'kawari.db'}" if sqlite else request.getfixturevalue("postgres_url"))
    arrive(opened, letter(1), letter(2, 1), letter(3, answers=[1], sender=US))
    arrive(opened, letter(4, 1, answers=[2], sender=US), letter(5, answers=[1, 3]))
    assert piles(opened) == {PUMP: {1, 3, 5}, BILL: {2, 4}}
    yield opened
    opened.close()


def test_a_merged_case_shows_both_and_the_other_key_stays_good(store: Store) -> None:
    done = merge(store, BILL, PUMP)
    assert piles(store) == {PUMP: {1, 2, 3, 4, 5}}
    assert set(done.moved) == {ref(2), ref(4)}
    assert held(store, BILL).case.key == PUMP
    assert held(store, PUMP).case.messages == 5


def test_a_merge_is_taken_back_with_all_that_arrived_since(store: Store) -> None:
    merge(store, BILL, PUMP)
    text = "invoice 20611 still bears the old delivery address"
    arrive(store, letter(6, 1, answers=[2, 4]), letter(7, 1, subject="Re: Invoice 20611", text=text), letter(8, 2))
    assert piles(store) == {PUMP: {1, 2, 3, 4, 5, 6, 7}, THIRD: {8}}
    done = undo(store)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4, 6, 7}, THIRD: {8}}
    assert (done.cases, held(store, BILL).case.messages) == ((PUMP, BILL), 4)


def test_merges_of_merges_come_apart_one_by_one(store: Store) -> None:
    arrive(store, letter(6, 2))
    merge(store, BILL, PUMP)
    merge(store, PUMP, THIRD)
    assert piles(store) == {THIRD: {1, 2, 3, 4, 5, 6}}
    arrive(store, letter(7, 1, answers=[4]))
    undo(store)
    assert piles(store) == {PUMP: {1, 2, 3, 4, 5, 7}, THIRD: {6}}
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4, 7}, THIRD: {6}}


def test_what_one_customer_wants_is_not_merged_into_anothers_without_saying_so(store: Store) -> None:
    arrive(store, letter(6, 3, sender="Rui Abe <abe@kiku.example>"))
    (kiku,) = [key for key, pile in piles(store).items() if pile == {6}]
    with pytest.raises(UsageError, match="merge-across"):
        merge(store, kiku, PUMP)
    with pytest.raises(UsageError, match="merge-with-itself"):
        merge(store, PUMP, PUMP)
    merge(store, kiku, PUMP, across=True)
    assert piles(store)[PUMP] == {1, 3, 5, 6}
    undo(store)
    assert held(store, kiku).case.customer.id == kiku.rpartition("-")[0]


def test_a_split_takes_the_answers_along_and_later_ones_follow(store: Store) -> None:
    done = split(store, PUMP, 3)
    assert piles(store) == {PUMP: {1}, BILL: {2, 4}, THIRD: {3, 5}}
    assert held(store, THIRD).case.title == "Pump P-7 leaks"
    arrive(store, letter(6, answers=[1, 3, 5], sender=US), letter(7, answers=[1]))
    assert piles(store) == {PUMP: {1, 7}, BILL: {2, 4}, THIRD: {3, 5, 6}}
    assert undo(store).made == replace(done.made, at=done.made.at)
    assert piles(store) == {PUMP: {1, 3, 5, 6, 7}, BILL: {2, 4}}
    assert held(store, THIRD).case.key == PUMP  # the key stays good


def test_a_case_is_not_emptied_by_a_split_and_only_its_own_mails_can_be_split_off(store: Store) -> None:
    with pytest.raises(UsageError, match="split-everything"):
        split(store, BILL, 2)
    with pytest.raises(UsageError, match="not-in-case"):
        split(store, BILL, 1)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4}}


def test_what_joined_a_split_case_on_its_own_goes_back_with_it(store: Store) -> None:
    arrive(store, letter(6, 2))
    merge(store, THIRD, BILL)
    split(store, BILL, 6, title="Seminar")
    text = "how many colleagues can come to the seminar, please say"
    arrive(store, letter(7, 2, subject="Re: Training in autumn", text=text))
    assert held(store, "asagao-4").case.title == "Seminar"
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4, 6, 7}}
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4}, THIRD: {6, 7}}


def test_mails_are_moved_with_their_answers_or_alone(store: Store) -> None:
    move(store, BILL, 3)
    assert piles(store) == {PUMP: {1}, BILL: {2, 3, 4, 5}}
    undo(store)
    move(store, BILL, 3, only=True)
    assert piles(store) == {PUMP: {1, 5}, BILL: {2, 3, 4}}
    arrive(store, letter(6, answers=[1, 3]), letter(7, answers=[1, 3, 5]))
    assert piles(store) == {PUMP: {1, 5, 7}, BILL: {2, 3, 4, 6}}
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5, 6, 7}, BILL: {2, 4}}
    with pytest.raises(UsageError, match="moved-already"):
        move(store, PUMP, 1)


def test_a_case_left_by_its_last_mail_is_a_name_and_wakes_when_it_comes_back(store: Store) -> None:
    move(store, BILL, 1)
    assert piles(store) == {BILL: {1, 2, 3, 4, 5}}
    assert held(store, PUMP).case.key == BILL
    arrive(store, letter(6, answers=[1]))
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5, 6}, BILL: {2, 4}}


def test_a_moved_mail_is_what_its_new_case_is_found_by(store: Store) -> None:
    move(store, BILL, 1)
    text = "water runs out below the pump in the boiler room again"
    arrive(store, letter(6, subject="Re: Pump P-7 leaks", text=text))
    assert piles(store) == {BILL: {1, 2, 3, 4, 5, 6}}


def test_a_note_can_be_moved_like_a_mail(store: Store) -> None:
    with store.begin() as db:
        note = mails.add_note(db, case=PUMP, kind=Kind.CALL, sender=Address("", ""), at=MONDAY, text="Ring at noon.")
    with store.begin() as db:
        correcting.move(db, CONTEXT, [note], BILL, WORD)
        assert homes.of(db, [note]) == {note: BILL}
    assert undo(store).moved == (note,)


def test_nobodys_mail_is_read_when_it_is_filed_and_nobodys_again_when_taken_back(store: Store) -> None:
    colleague = "Jun Kudo <kudo@tsubame.example>"
    arrive(store, letter(6, 3, sender=colleague, text=f"Hello,\n\n{PROMISE}\n"))
    arrive(store, letter(7, 3, sender=colleague, answers=[6], text="And the seminar, too.\n"))
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4}}
    done = move(store, PUMP, 6)
    assert piles(store)[PUMP] >= {1, 3, 5, 6}
    assert ref(6) in done.moved
    with store.read() as db:
        assert mails.get(db, ref(6))[0].findings.promises
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4}}
    with store.read() as db:
        filed, key, reason = mails.get(db, ref(6))
    assert (key, filed.findings.promises, reason) == (None, (), "internal")


def test_an_answer_to_mail_that_is_nobodys_again_is_for_the_rules(store: Store) -> None:
    colleague = "Jun Kudo <kudo@tsubame.example>"
    arrive(store, letter(6, 3, sender=colleague), letter(7, 3, sender=colleague, answers=[6]))
    move(store, PUMP, 6)
    arrive(store, letter(8, 3, sender=US, answers=[6]))
    assert piles(store) == {PUMP: {1, 3, 5, 6, 7, 8}, BILL: {2, 4}}
    undo(store)
    assert piles(store) == {PUMP: {1, 3, 5}, BILL: {2, 4}, THIRD: {6, 7, 8}}


def test_a_title_and_an_owner_of_a_persons_hold_for_mail_that_comes_later(store: Store) -> None:
    say(store, "case-rename", PUMP, title="The boiler room")
    say(store, "case-assign", PUMP, owner="kudo")
    arrive(store, letter(6, answers=[1, 3], sender=US))
    assert (held(store, PUMP).case.title, held(store, PUMP).case.owner) == ("The boiler room", "kudo")
    assert reconsider(store, CONTEXT) == ()
    assert (held(store, PUMP).case.title, held(store, PUMP).case.owner) == ("The boiler room", "kudo")
    undo(store)
    assert (held(store, PUMP).case.title, held(store, PUMP).case.owner) == ("The boiler room", "mori")
    undo(store)
    assert held(store, PUMP).case.title == "Pump P-7 leaks"


def test_a_closed_case_opens_when_the_customer_wants_something_not_when_they_thank(store: Store) -> None:
    early = replace(WORD, at=MONDAY + timedelta(hours=27))
    say(store, "case-close", PUMP, early)
    now = MONDAY + timedelta(days=3)
    assert state_of(held(store, PUMP), now) is CaseState.CLOSED
    arrive(store, letter(6, answers=[1, 3, 5], text="Thank you very much for your help.\n"))
    assert state_of(held(store, PUMP), now) is CaseState.CLOSED
    arrive(store, letter(7, answers=[1, 3, 5], text="Water runs out again. When can you come?\n"))
    assert state_of(held(store, PUMP), now) is CaseState.OPEN
    say(store, "case-close", PUMP)
    undo(store)
    assert held(store, PUMP).case.closed_at is None


def test_promises_settled_by_hand_are_taken_back_too(store: Store) -> None:
    arrive(store, letter(6, answers=[1], sender=US, text="Hello,\n\nI will send you a date by 20 March 2026.\n"))
    (promise,) = held(store, PUMP).standing.promises
    say(store, "case-rename", PUMP, title="x")
    with store.begin() as db:
        corrections.append(db, at=WORD.at, who="kudo", kind="promise-keep", target=promise.id)
        stand_again(db, [PUMP], CONTEXT)
    assert held(store, PUMP).standing.promises[0].kept
    assert undo(store).made.kind == "promise-keep"
    assert held(store, PUMP).standing.promises[0].kept is None
    assert undo(store).made.kind == "case-rename"
    with pytest.raises(NotFoundError, match="nothing-to-undo"):
        undo(store)


def test_mail_that_ties_threads_together_leaves_what_people_put_in_order(store: Store) -> None:
    arrive(store, letter(6, 2))
    move(store, BILL, 5)
    say(store, "case-rename", THIRD, title="Autumn")
    arrive(store, letter(7, answers=[1, 6, 2], sender=US))  # names all three threads
    assert 5 in piles(store)[BILL]
    assert 6 in piles(store)[THIRD]
    assert held(store, THIRD).case.title == "Autumn"


def test_reading_the_diary_again_never_overrides_a_person(store: Store) -> None:
    arrive(store, letter(6, 2), letter(7, 2, answers=[6], sender=US))
    merge(store, BILL, PUMP)
    split(store, PUMP, 5)
    move(store, THIRD, 1, only=True)
    before = piles(store)
    assert reconsider(store, CONTEXT) == ()
    assert piles(store) == before
    arrive(store, letter(8, answers=[1], sender=US), letter(9, 1, answers=[2, 4]))
    assert piles(store) == {PUMP: {2, 3, 4, 9}, THIRD: {1, 6, 7, 8}, "asagao-4": {5}}
    for _ in range(3):
        undo(store)
    assert piles(store) == {PUMP: {1, 3, 5, 8}, BILL: {2, 4, 9}, THIRD: {6, 7}}
    assert reconsider(store, CONTEXT) == ()


def test_the_rules_go_on_with_a_merged_case_and_people_see_the_one_that_shows_it(store: Store) -> None:
    merge(store, BILL, PUMP)
    with store.read() as db:
        assert cases.names_of(db, PUMP) == [PUMP, BILL]
        assert homes.homes(db, [BILL]) == {BILL: BILL}
        assert homes.living(db, [BILL]) == {BILL: PUMP}
