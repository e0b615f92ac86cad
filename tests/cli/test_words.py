"""The catalogs hold a sentence for everything the code says, in both languages, with the same values to fill in."""

import ast
import re
import string
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from cli import words
from cli.columns import width
from notes.handover import RowState
from notes.model import By, CaseState, Certainty, Direction, Holder, Kind, Precision, PromiseState, ZoneKind

ROOT = Path(__file__).parents[2]
SOURCES = [path for room in ("cli", "ingest", "notes") for path in (ROOT / room).rglob("*.py")]
KEBAB = re.compile(r"[a-z]+(-[a-z0-9]+)+")
SPOKEN: dict[str, type[StrEnum]] = {
    "case-state": CaseState,
    "promise-state": PromiseState,
    "row-state": RowState,
    "certainty": Certainty,
    "precision": Precision,
    "by": By,
    "direction": Direction,
    "kind": Kind,
    "holder": Holder,
    "zone": ZoneKind,
}


def entries(language: str) -> dict[str, str]:
    with (words.LOCALE / f"{language}.po").open("rb") as file:
        found = [one for one in read_po(file) if one.id]
    return {one.id[0] if one.pluralizable else str(one.id): " ".join(forms_of(one)) for one in found}


def forms_of(message: Message) -> list[str]:
    return list(message.string) if message.pluralizable else [str(message.string)]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def said(tree: ast.AST) -> Iterator[str]:
    """Codes given to `say` as they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "_field"):
            yield from (one for one in constants(node.args[0]) if "." in one)


def raised(tree: ast.AST) -> Iterator[str]:
    """Codes of errors: given to an error class, or kept in a variable called `code`, `missing` or `several` first."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Error") and node.args:
            yield from constants(node.args[0])
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            yield from constants(node.value)
        if isinstance(node, ast.keyword) and node.arg in ("missing", "several"):
            yield from constants(node.value)


def constants(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_code_the_faces_say_has_a_sentence(language: str) -> None:
    known = entries(language)
    used = {code for path in SOURCES if "cli" in path.parts for code in said(ast.parse(path.read_text("utf-8")))}
    used |= {f"{group}.{one}" for group, codes in SPOKEN.items() for one in codes}
    assert len(used) > 150
    assert sorted(used - known.keys()) == []


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_error_that_is_raised_has_a_sentence(language: str) -> None:
    known = entries(language)
    codes = {code for path in SOURCES for code in raised(ast.parse(path.read_text("utf-8"))) if KEBAB.fullmatch(code)}
    codes = {code for code in codes if not code.startswith("date-")}  # defects of a mail
    unreadable = {"not-a-mail"}  # a reason kept with the mail, shown as `failure.`
    assert len(codes) > 50
    spoken = {code for code in codes if f"error.{code}" in known or f"page.{code}" in known}
    assert sorted(codes - spoken - unreadable) == []
    assert sorted(code for code in unreadable if f"failure.{code}" not in known) == []


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_mailbox_failure_can_be_said_in_a_few_words_too(language: str) -> None:
    known = entries(language)
    failures = {code[6:] for code in known if code.startswith(("error.mailbox-", "error.password-"))}
    failures -= {"password-nowhere", "password-twice"}
    assert sorted(code for code in failures if f"failure.{code}" not in known) == []


def test_both_languages_fill_in_the_same_values() -> None:
    japanese, english = entries("ja"), entries("en")
    assert japanese.keys() == english.keys()
    different = {code for code in english if fields(japanese[code]) != fields(english[code])}
    different -= {"date.day", "date.day-year"}  # months have names in one and numbers in the other
    assert different == set()


def test_one_of_something_is_not_said_in_the_plural() -> None:
    """A number before a noun in the plural needs a form for 1, and the two forms differ."""
    plural = re.compile(r"\{(?:n|count|hours|days|cases)\} (?:[a-z]+ )?(?:mails|lines|hours|entries|cases|days|ones)\b")
    with (words.LOCALE / "en.po").open("rb") as file:
        sentences = {str(one.id): forms_of(one) for one in read_po(file) if one.id}
    counted = {code: forms for code, forms in sentences.items() if plural.search(forms[-1])}
    assert len(counted) > 20
    assert [code for code, forms in counted.items() if len(forms) != 2 or plural.search(forms[0])] == []


@pytest.mark.parametrize(
    ("code", "number", "english"),
    [
        ("coverage.messages", {"n": 0}, "0 mails"),
        ("coverage.messages", {"n": 1}, "1 mail"),
        ("coverage.messages", {"n": 21}, "21 mails"),
        ("handover.waited", {"hours": "1"}, "waiting 1 working hour"),
        ("handover.waited", {"hours": "1.5"}, "waiting 1.5 working hours"),
        ("reconsider.done", {"count": 1}, "1 mail changed its case."),
    ],
)
def test_a_number_chooses_the_form(code: str, number: dict[str, object], english: str) -> None:
    with words.speaking("en"):
        assert words.say(code, **number) == english
    with words.speaking("ja"):
        assert words.say(code, **number)[0] not in "ch"


def test_no_sentence_is_empty_and_every_command_gives_an_example() -> None:
    for language in words.LANGUAGES:
        known = entries(language)
        assert [code for code, sentence in known.items() if not sentence] == []
        commands = [code for code in known if code.startswith("help.") and code not in NOUNS]
        assert [code for code in commands if "kawari " not in known[code]] == []


NOUNS = {"help.kawari", "help.epilog", "help.promise", "help.inspect"}


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_list_of_commands_fits_80_columns(language: str) -> None:
    first = {code: text.split("\n")[0] for code, text in entries(language).items() if code.startswith("help.")}
    listed = {code: text for code, text in first.items() if code not in ("help.kawari", "help.epilog")}
    assert [text for text in listed.values() if width(text) > 80 - 12] == []


def test_the_locale_chooses_the_language_and_english_is_what_remains() -> None:
    assert words.of_locale({"LANG": "ja_JP.UTF-8"}) == "ja"
    assert words.of_locale({"LANG": "ja_JP.UTF-8", "LC_ALL": "de_DE.UTF-8"}) == "en"
    assert words.of_locale({}) == "en"


def test_a_catalog_is_compiled_once_and_then_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    words.catalog.cache_clear()
    assert words.catalog("ja").gettext("page.promises") == "約束"
    assert len(list((tmp_path / "kawari").glob("ja-*.mo"))) == 1
    words.catalog.cache_clear()
    assert words.catalog("ja").gettext("page.promises") == "約束"
