"""Threads by links alone."""

from hypothesis import given
from hypothesis import strategies as st

from notes.model import Address
from notes.threads import Placement, ancestors, group, ids, nearest, place
from tests.notes.letters import MORI, letter

ONO = Address("小野 圭", "ono@kaede.example")


def partition(groups: list[list[str]]) -> set[frozenset[str]]:
    return {frozenset(group) for group in groups}


def test_mails_that_share_an_ancestor_nobody_has_seen_are_one_thread() -> None:
    assert group([("b", ["a"]), ("c", ["a"]), ("d", [])]) == [["b", "c"], ["d"]]


def test_a_mail_ties_threads_together_that_were_apart_before() -> None:
    assert group([("a", []), ("b", []), ("c", ["a", "b"])]) == [["a", "b", "c"]]


def test_loops_and_duplicates_do_no_harm() -> None:
    assert group([("a", ["b", "a"]), ("b", ["a"]), ("a", ["b", "a"]), ("b", ["a"])]) == [["a", "b"]]


def test_an_empty_pile_has_no_threads() -> None:
    assert group([]) == []


mails = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghxyz"), max_size=3)), max_size=12
)


@given(mails, st.randoms())
def test_any_order_of_arrival_gives_the_same_threads(pile: list[tuple[str, list[str]]], dice: object) -> None:
    shuffled = list(pile)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert partition(group(pile)) == partition(group(shuffled))


@given(mails)
def test_placing_one_by_one_ends_as_grouping_all_at_once(pile: list[tuple[str, list[str]]]) -> None:
    thread_of: dict[str, int] = {}
    for number, (ref, named) in enumerate(pile):
        placement = place((ref, *named), thread_of)
        thread = number if placement.thread is None else placement.thread
        thread_of = {name: thread if old in placement.merge else old for name, old in thread_of.items()}
        thread_of |= dict.fromkeys((ref, *named), thread)
    threads: dict[int, set[str]] = {}
    for ref, _ in pile:
        threads.setdefault(thread_of[ref], set()).add(ref)
    assert {frozenset(each) for each in threads.values()} == partition(group(pile))


def test_a_mail_without_known_ids_begins_a_thread() -> None:
    assert place(("a", "b"), {}) == Placement(None)


def test_the_oldest_thread_lives_on() -> None:
    assert place(("a", "b", "c"), {"a": 7, "b": 3, "c": 7}) == Placement(3, (7,))


def test_the_nearest_ancestor_comes_first_and_a_mail_is_not_its_own() -> None:
    mail = letter("me", ONO, MORI, in_reply_to=("p",), references=("root", "p", "me"))
    assert ancestors(mail) == ("p", "root")
    assert ids(mail) == ("me", "p", "root")


def test_a_bounce_belongs_to_the_mail_it_gives_back() -> None:
    assert "lost" in ids(letter("me", ONO, MORI, bounced=("lost",)))


def test_ten_thousand_references_are_cut_but_the_root_stays() -> None:
    found = ancestors(letter("me", ONO, MORI, references=tuple(f"r{n}" for n in range(10_000))))
    assert len(found) == 500
    assert found[0] == "r9999"
    assert found[-1] == "r0"


def test_an_answer_follows_the_case_of_the_mail_it_answers_not_of_the_thread() -> None:
    mail = letter("me", ONO, MORI, in_reply_to=("p",), references=("root", "p"))
    assert nearest(mail, {"root": "kaede-1", "p": "kaede-2"}) == "kaede-2"
    assert nearest(mail, {}) is None
