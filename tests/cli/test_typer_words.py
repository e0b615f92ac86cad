"""What Typer says by itself comes in our language."""

import pytest

from cli import click_words, words
from cli.app import command_names
from tests.cli.conftest import Kawari

ENGLISH = ("Usage", "Options", "Arguments", "Commands", "[required]", "Missing", "No such", "unexpected", "require")


def test_japanese_help_has_no_english_heading(bare: Kawari) -> None:
    for name in ("", *command_names()):
        page = bare("--lang", "ja", *name.split(), "--help").out
        assert [word for word in ENGLISH if word in page] == [], name
        assert page.startswith(f"使い方: kawari {name}".rstrip()), name
        assert "{" not in page, name


@pytest.mark.parametrize(
    ("args", "english", "japanese"),
    [
        (["show"], "MESSAGE is missing.", "MESSAGE がありません。"),
        (["import", "x"], "The option --mailbox is missing.", "オプション --mailbox が必要です。"),
        (["cases", "--frob"], "There is no option --frob.", "オプション --frob はありません。"),
        (["cases", "--custmer", "x"], "Did you mean --customer?", "--customer の間違いではありませんか。"),
        (["cases", "--owner"], "The option --owner needs a value.", "オプション --owner には値が必要です。"),
        (["cases", "--json=3"], "The option --json takes no value.", "オプション --json に値は付けられません。"),
        (["show", "a", "b"], "That is too much: b.", "余分な指定があります: b。"),
        (["promise", "kep", "x"], "Did you mean keep?", "keep の間違いではありませんか。"),
        (["promise", "frobnicate"], "There is no command frobnicate.", "コマンド frobnicate はありません。"),
    ],
)
def test_a_complaint_about_the_command_line_is_one_sentence_of_ours(
    bare: Kawari, args: list[str], english: str, japanese: str
) -> None:
    for language, said in (("en", english), ("ja", japanese)):
        done = bare(*args, "--lang", language)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert "--help" in done.err
        if language == "ja":
            assert [word for word in ENGLISH if word in done.err] == []


def test_a_complaint_of_an_unknown_kind_is_passed_on() -> None:
    class StrangeError(Exception):
        def format_message(self) -> str:
            return "Something\nelse\x1b."

    words.choose("en")
    assert click_words.sentence(StrangeError()) == "Something else\ufffd. See: kawari --help"
