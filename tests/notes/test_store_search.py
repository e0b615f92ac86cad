"""The same words find the same mails on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notes.model import Address, Attachment, Message
from notes.search import parse
from notes.store import mails, search
from notes.store.engine import Store
from notes.store.search import Scope
from tests.notes.stores import MONDAY, message, raw

LETTERS = {
    "invoice": ("Invoice 5521", "Please correct the invoices of last year.", Address("Tom Reed", "tom@reed.example")),
    "seikyu": (
        "請求書の件",
        "請求書の宛名を変更してください。\n納\n期は来週です。",
        Address("田中 一", "tanaka@midori.example"),
    ),
    "lunch": ("Lunch", "No lunch on 10:30, the year is over.", Address("Ann Reed", "ann@else.example")),
}


def _letter(ref: str) -> Message:
    subject, text, sender = LETTERS[ref]
    files = (Attachment("図面-A7.pdf", "application/pdf", 12, "ab"),) if ref == "seikyu" else ()
    one = replace(message(ref, text, at=MONDAY + timedelta(days=len(ref))), subject=subject, sender=sender)
    return replace(one, forwarded=(), attachments=files)


def test_a_mail_of_endless_long_words_is_taken_in(store: Store) -> None:
    """PostgreSQL takes no more than a megabyte of words, and would stop the mailbox for ever."""
    words = "\n".join(f"{''.join(chr(0x10330 + (n + m * (n % 23)) % 26) for m in range(55))}{n}" for n in range(6500))
    one = message("long", f"{words}\n{words}")
    many = tuple(Address(words, f"{n}@midori.example") for n in range(3))
    with store.begin() as db:
        stored = mails.add(db, [(replace(one, sender=many[0], to=many, cc=many, subject=words), raw(1))])
        search.index(db, [each.id for each in stored])
        assert search.find(db, parse(words[:55]), Scope(), 5)
        assert search.forget(db, [each.id for each in stored]) == 1
        assert not search.find(db, parse(words[:55]), Scope(), 5)


@pytest.fixture
def filled(store: Store) -> Store:
    """Three mails, indexed."""
    with store.begin() as db:
        stored = mails.add(db, [(_letter(ref), raw(n)) for n, ref in enumerate(LETTERS, 1)])
        search.index(db, [one.id for one in stored])
    return store


def _find(store: Store, typed: str, scope: Scope | None = None) -> list[str]:
    with store.read() as db:
        numbers = {number: ref for ref, number in search.ids_of(db, LETTERS).items()}
        return [numbers[one.id] for one in search.find(db, parse(typed), scope or Scope(), 10)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("請求", ["seikyu"]),
        ("求書", ["seikyu"]),
        ("宛", ["seikyu"]),
        ("納期", ["seikyu"]),
        ("invoice", ["invoice"]),
        ('"invoice" last', ["invoice"]),
        ('"last year"', ["invoice"]),
        ('"year last"', []),
        ("year", ["invoice", "lunch"]),
        ("year -lunch", ["invoice"]),
        ("from:reed", ["invoice", "lunch"]),
        ("from:田中", ["seikyu"]),
        ("to:田中", []),
        ("to:taro 請求書", ["seikyu"]),
        ("5521", ["invoice"]),
        ("図面", ["seikyu"]),
        ("A7", ["seikyu"]),
        ("10:30", ["lunch"]),
        ("請求書 invoice", []),
        ("nobody", []),
    ],
)
def test_words_find_mails(filled: Store, typed: str, found: list[str]) -> None:
    assert sorted(_find(filled, typed)) == sorted(found)


def test_a_subject_counts_more_than_a_text(store: Store) -> None:
    with store.begin() as db:
        low = replace(message("low", "the gasket is here"), subject="Parts", forwarded=(), attachments=())
        high = replace(message("high", "nothing is here"), subject="Gasket", forwarded=(), attachments=())
        ids = {one.ref: one.id for one in mails.add(db, [(low, raw(1)), (high, raw(2))])}
        search.index(db, ids.values())
        assert [one.id for one in search.find(db, parse("gasket"), Scope(), 10)] == [ids["high"], ids["low"]]


def test_conditions_alone_give_the_newest_first(filled: Store) -> None:
    assert _find(filled, "", Scope(after=MONDAY + timedelta(days=6))) == ["invoice", "seikyu"]
    assert _find(filled, "", Scope(before=MONDAY + timedelta(days=6))) == ["lunch"]
    assert _find(filled, "", Scope(attachment=True)) == ["seikyu"]
    assert _find(filled, "year", Scope(before=MONDAY + timedelta(days=6))) == ["lunch"]


def test_what_is_in_the_index_is_not_put_in_again(filled: Store) -> None:
    with filled.begin() as db:
        search.index(db, search.ids_of(db, LETTERS).values())
    assert _find(filled, "lunch") == ["lunch"]


def test_what_was_forgotten_is_found_no_more(filled: Store) -> None:
    with filled.begin() as db:
        search.forget(db, [search.ids_of(db, LETTERS)["seikyu"]])
    assert _find(filled, "請求書") == []
    assert _find(filled, "invoice") == ["invoice"]


@pytest.mark.parametrize(
    "typed", ["AND", "NEAR(", "a* b*", "subject : x", "'; DROP TABLE", "(", "*", ":*", "\\", "x:y:z"]
)
def test_signs_of_the_engines_own_language_are_words_or_nothing(filled: Store, typed: str) -> None:
    assert _find(filled, f"{typed} lunch") in ([], ["lunch"])
