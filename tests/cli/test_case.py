"""`kawari case …` and `kawari undo`: what they say, what the pages show, and what is refused."""

from pathlib import Path

import pytest

from tests.cli.conftest import Kawari
from tests.cli.test_commands import case_of

PUMP, ORDER = "asagao-1", "kiku-1"


@pytest.fixture
def keys(kawari: Kawari) -> None:
    """The two cases of the small diary are under these keys."""
    assert (case_of(kawari, "Pump"), case_of(kawari, "Order")) == (PUMP, ORDER)


def titles(kawari: Kawari, *options: str) -> dict[str, str]:
    return {one["key"]: one["title"] for one in kawari("cases", "--json", *options).json["cases"]}


def test_a_split_is_told_in_words_shown_on_both_pages_and_taken_back(kawari: Kawari, keys: None) -> None:
    done = kawari("case", "split", PUMP, "2", "--title", "The date", "--who", "mori")
    assert done.code == 0, done.err
    assert "2 mails of asagao-1 are a case of their own: asagao-2 “The date”" in " ".join(done.out.split())
    assert "kawari undo" in done.out
    for key in (PUMP, "asagao-2"):
        page = " ".join(kawari("timeline", key).out.split())
        assert "decided Aya Mori 2 mails of asagao-1" in page
    undone = kawari("undo")
    assert undone.out.startswith("Taken back: 2 mails of asagao-1 are a case of their own")
    assert titles(kawari).keys() == {PUMP, ORDER}
    assert "decided" not in kawari("timeline", PUMP).out


def test_a_merge_across_customers_must_be_said(kawari: Kawari, keys: None) -> None:
    refused = kawari("case", "merge", ORDER, PUMP)
    assert (refused.code, "--across" in refused.err) == (2, True)
    merged = kawari("case", "merge", ORDER, PUMP, "--across", "--json").json
    assert (merged["moved"], [one["key"] for one in merged["cases"]]) == (["b1@kiku.example"], [PUMP])
    assert kawari("timeline", ORDER, "--json").json["case"]["key"] == PUMP
    assert kawari("undo", "--json").json["moved"] == ["b1@kiku.example"]


def test_a_mail_is_moved_by_its_number_and_nobodys_mail_is_filed(kawari: Kawari, keys: None) -> None:
    moved = kawari("case", "move", f"{PUMP}#3", "order 4711", "--json").json
    assert moved["correction"]["value"] == {"to": ORDER, "refs": ["a3@asagao.example"], "from": [PUMP]}
    assert "1 mail moved from asagao-1 to kiku-1" in " ".join(kawari("timeline", PUMP).out.split())
    assert kawari("case", "move", "a3@", ORDER).code == 2
    filed = kawari("case", "move", "n1@news.example", ORDER)
    assert "1 unfiled mail put into kiku-1" in filed.out
    assert kawari("unfiled", "--json").json["messages"] == []


def test_as_things_stood_then_a_later_word_does_not_show(kawari: Kawari, keys: None) -> None:
    for words in (("rename", PUMP, "The", "boiler"), ("assign", PUMP, "Kudo"), ("close", PUMP)):
        assert kawari("case", *words, "--at", "2026-03-10 12:00").code == 0
    then = kawari("timeline", PUMP, "--json", "--at", "2026-03-09").json
    assert [then["case"][name] for name in ("title", "owner", "state")] == ["Pump P-7 leaks", "mori", "open"]
    assert then["decisions"] == []
    now = kawari("timeline", PUMP, "--json", "--at", "2026-03-11").json
    assert [now["case"][name] for name in ("title", "owner", "state")] == ["The boiler", "kudo", "closed"]
    assert titles(kawari, "--at", "2026-03-09")[PUMP] == "Pump P-7 leaks"
    assert titles(kawari, "--owner", "kudo") == {PUMP: "The boiler"}
    assert kawari("cases", "--state", "closed", "--json").json["cases"][0]["key"] == PUMP


def test_a_closed_case_says_what_is_still_owed_in_it_and_how_to_open_it(kawari: Kawari, keys: None) -> None:
    done = kawari("case", "close", PUMP)
    assert "Promises of ours still open in it: 1" in " ".join(done.out.split())
    assert kawari("handover", "mori", "--json").json["rows"][0]["case"] == ORDER
    assert "kawari case reopen asagao-1" in kawari("timeline", PUMP).out
    assert "kawari case reopen asagao-1" in kawari("case", "close", PUMP).err
    assert kawari("case", "reopen", PUMP).code == 0
    assert kawari("case", "reopen", PUMP).code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("merge", PUMP, PUMP), 2, "itself"),
        (("merge", "nowhere", PUMP), 4, "No case fits"),
        (("split", PUMP, "1"), 2, "case rename"),
        (("split", PUMP, "9"), 4, "has 3 mails"),
        (("split", PUMP, "b1@kiku.example"), 2, "is not in the case"),
        (("move", f"{PUMP}#1"), 2, "MESSAGE"),
        (("move", f"{PUMP}#1", PUMP), 2, "already"),
        (("rename", PUMP, " \x1b "), 2, "1 to 200"),
        (("rename", PUMP, "x" * 201), 2, "1 to 200"),
        (("assign", PUMP, "nobody at all"), 4, "Aya Mori"),
        (("close", PUMP, "--at", "soon"), 2, "soon"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    kawari: Kawari, keys: None, words: tuple[str, ...], code: int, said: str
) -> None:
    done = kawari("case", *words)
    assert (done.code, said in done.err) == (code, True), done.err
    assert kawari("undo").code == 4


def test_undo_takes_promises_back_too_and_can_be_asked_first(kawari: Kawari, keys: None) -> None:
    (promise,) = kawari("promise", "list", "--json").json["promises"]
    kawari("promise", "keep", promise["id"])
    asked = kawari("undo", "--dry-run")
    assert f"promise {promise['id']} counts as kept" in " ".join(asked.out.split())
    assert kawari("promise", "list", "--json").json["promises"] == []
    assert kawari("undo").code == 0
    assert len(kawari("promise", "list", "--json").json["promises"]) == 1
    assert kawari("undo").err == "There is no correction to take back.\n"


def test_replies_follow_and_an_import_done_again_overrides_nobody(kawari: Kawari, keys: None, tmp_path: Path) -> None:
    kawari("case", "move", f"{PUMP}#3", ORDER)
    for folder in ("INBOX", "Sent"):
        assert kawari("import", folder, "--mailbox", "mori", "--folder", folder).code == 0
    assert "stays where it is" in kawari("reconsider").out
    assert kawari("timeline", ORDER, "--json").json["entries"][-1]["ref"] == "a3@asagao.example"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_was_decided_fits_80_columns_in_both_languages(kawari: Kawari, keys: None, language: str) -> None:
    from cli.columns import width

    long = "件名がとても長いときでも折り返して八十桁に収まることを確かめるための件名です" * 2
    out = kawari("case", "rename", PUMP, long, "--lang", language).out
    out += kawari("case", "split", PUMP, "3", "--lang", language).out + kawari("timeline", PUMP, "--lang", language).out
    out += kawari("undo", "--lang", language).out
    assert max(map(width, out.splitlines())) <= 80
