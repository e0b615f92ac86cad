"""`kawari search` as it is typed."""

import pytest

from tests.cli.conftest import Kawari


def _found(kawari: Kawari, *typed: str) -> list[tuple[str, int]]:
    done = kawari("search", *typed, "--json")
    assert done.code == 0, done.err
    return [(one["case"], one["n"]) for one in done.json["hits"]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("repair",), [("asagao-1", 1), ("asagao-1", 2)]),
        (("date for", "repair"), [("asagao-1", 2)]),
        (('"the repair"',), [("asagao-1", 2)]),
        (("from:abe",), [("kiku-1", 1)]),
        (("order", "customer:kiku"), [("kiku-1", 1)]),
        (("order", "case:asagao-1"), []),
        (("has:attachment",), [("asagao-1", 3)]),
        (("evil",), [("asagao-1", 3)]),
        (("repair", "before:2026-03-02"), []),
        (("after:2026-03-05",), [("asagao-1", 3)]),
        (("promise:open",), [("asagao-1", 2)]),
        (("repair", "-date"), [("asagao-1", 1)]),
        (("-date", "repair", "--limit", "5"), [("asagao-1", 1)]),
    ],
)
def test_words_and_conditions_find_mails(kawari: Kawari, typed: tuple[str, ...], found: list[tuple[str, int]]) -> None:
    assert sorted(_found(kawari, *typed)) == found


def test_a_hit_is_shown_in_its_sentence_with_its_number(kawari: Kawari) -> None:
    out = kawari("search", "repair", "date").out
    assert "asagao-1#2" in out
    assert "I will send you a date for the repair by 6 March 2026 17:00." in out
    assert "show asagao-1#2" in out


def test_customers_are_found_by_name(kawari: Kawari) -> None:
    assert [one["id"] for one in kawari("search", "kiku", "--json").json["customers"]] == ["kiku"]


def test_what_came_later_is_not_found_as_of_before(kawari: Kawari) -> None:
    assert _found(kawari, "order", "--at", "2026-03-03 09:00") == []


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("-order",), 2, "kawari search"),
        (("has:money",), 2, "has:money"),
        (("before:soon", "x"), 2, "soon"),
        (("customer:nobody", "x"), 4, "nobody"),
        (("x", "--limit", "none"), 2, "--limit"),
        (("x", "--limit", "-3"), 2, "-3"),
        (("x", "--many"), 2, "--many"),
    ],
)
def test_what_cannot_be_looked_for_is_said(kawari: Kawari, typed: tuple[str, ...], code: int, said: str) -> None:
    done = kawari("search", *typed)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_no_hit_is_no_error(kawari: Kawari) -> None:
    done = kawari("search", "zebra")
    assert (done.code, done.err) == (0, "")
    assert "zebra" in done.out


def test_a_promise_is_open_as_of_the_moment_that_is_asked_for(kawari: Kawari) -> None:
    promise = kawari("promise", "list", "--json").json["promises"][0]["id"]
    assert kawari("promise", "keep", promise).code == 0
    assert _found(kawari, "promise:open") == []
    assert _found(kawari, "promise:open", "--at", "2026-03-05") == [("asagao-1", 2)]
