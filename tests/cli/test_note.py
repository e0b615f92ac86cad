"""`kawari note`: what no mail says, in the diary, on every page, and taken back."""

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Kawari

TOLD = "6月12日までに回答すると伝えた"
PAST = "2026-06-01 12:00"


def test_a_promise_told_in_a_call_is_followed(kawari: Kawari) -> None:
    done = kawari("note", "kiku-1", "--call", TOLD, "--at", PAST, "--who", "kudo", "--json")
    assert done.code == 0, done.err
    note = done.json
    assert (note["kind"], note["case"], note["at"]) == ("call", "kiku-1", "2026-06-01T12:00:00+09:00")
    assert note["from"]["address"] == "kudo@tsubame.example"
    (promise,) = note["promises"]
    assert (promise["by"], promise["due"]["to"]) == ("us", "2026-06-12T23:59:59+09:00")
    page = kawari("timeline", "kiku-1", "--json", "--at", "2026-06-13").json
    assert page["entries"][-1]["kind"] == "call"
    assert [(one["made_in"], one["state"]) for one in page["promises"]] == [(note["ref"], "overdue")]


def test_a_note_is_not_there_yet_before_it_happened(kawari: Kawari) -> None:
    kawari("note", "kiku-1", TOLD, "--at", PAST)
    page = kawari("timeline", "kiku-1", "--json", "--at", "2026-05-31").json
    assert page["promises"] == []
    assert [one["kind"] for one in page["entries"]] == ["mail"]


def test_undo_takes_a_note_and_its_promise_away(kawari: Kawari) -> None:
    before = kawari("timeline", "kiku-1", "--json", "--at", "2026-07-01").json
    kawari("note", "kiku-1", TOLD, "--at", PAST)
    would = kawari("undo", "--dry-run")
    assert TOLD in would.out
    assert kawari("undo").code == 0
    after = kawari("timeline", "kiku-1", "--json", "--at", "2026-07-01").json
    assert after == before
    assert kawari("search", "伝えた", "--json").out.count("note-") == 0
    assert kawari("undo").code == 4


def test_the_same_words_of_the_same_moment_are_one_note(kawari: Kawari) -> None:
    first = kawari("note", "kiku-1", TOLD, "--at", PAST, "--json").json
    again = kawari("note", "kiku-1", TOLD, "--at", PAST, "--json").json
    assert (first["ref"], first["correction"]["id"]) == (again["ref"], again["correction"]["id"])


def test_a_hint_stands_on_every_page_of_its_customer_and_on_no_other(kawari: Kawari, tmp_path: Path) -> None:
    said = "calls after 16:00, please: never Cc Osaka"
    kawari("case", "split", "asagao-1", "3", "--title", "Waiting")
    done = kawari("note", "asagao-1", "--hint", said, "--who", "mori", "--at", "2026-03-06 09:00")
    assert done.code == 0, done.err
    for key in ("asagao-1", "asagao-2"):
        text = kawari("timeline", key).out
        assert said in text.split("Ball")[0]
        assert [one["text"] for one in kawari("timeline", key, "--json").json["hints"]] == [said]
        assert said in kawari("export", key, "--format", "md").out.split("##")[0]
        assert said in kawari("export", key, "--format", "html").out.split("<h2>")[0]
    assert kawari("timeline", "kiku-1", "--json").json["hints"] == []
    assert kawari("timeline", "asagao-1", "--json", "--at", "2026-03-05 12:00").json["hints"] == []


def test_a_hint_stands_in_the_handover_and_its_file(kawari: Kawari, tmp_path: Path) -> None:
    kawari("note", "asagao-1", "--hint", "calls after 16:00", "--who", "mori", "--at", "2026-03-06 09:00")
    assert "calls after 16:00" in kawari("handover", "mori").out
    rows = kawari("handover", "mori", "--json").json["rows"]
    assert {row["case"]: [one["text"] for one in row["hints"]] for row in rows} == {
        "asagao-1": ["calls after 16:00"],
        "kiku-1": [],
    }
    kawari("handover", "mori", "--html", "pack.html")
    html = (tmp_path / "pack.html").read_text("utf-8")
    assert html.index("calls after 16:00") < html.index("<section")
    kawari("undo")
    assert "calls after 16:00" not in kawari("handover", "mori").out


def test_a_hint_promises_nothing_and_asks_nobody_to_act(kawari: Kawari) -> None:
    before = kawari("timeline", "kiku-1", "--json", "--at", "2026-07-01").json
    kawari("note", "kiku-1", "--hint", "We will always answer by 5 pm.", "--at", PAST)
    after = kawari("timeline", "kiku-1", "--json", "--at", "2026-07-01").json
    assert (after["promises"], after["ball"]) == (before["promises"], before["ball"])


def test_the_words_come_from_the_editor_on_a_terminal(
    kawari: Kawari, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\nstat -c %a "$1" > mode\nprintf "Met them.\\nAll is well.\\n" > "$1"\n')
    editor.chmod(0o755)
    done = kawari("note", "kiku-1", "--meeting", "--json", EDITOR=f"'{editor}'", PAGER="cat")
    assert done.code == 0, done.err
    assert done.json["text"] == "Met them.\nAll is well."
    assert (tmp_path / "mode").read_text().strip() == f"{stat.S_IRUSR | stat.S_IWUSR:o}"
    failed = kawari("note", "kiku-1", EDITOR="false", PAGER="cat")
    assert (failed.code, "false" in failed.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("kiku-1", "--call", "--hint", "x"), 2),
        (("kiku-1",), 2),
        (("kiku-1", " \n"), 2),
        (("kiku-1", "x" * 100_001), 2),
        (("nothing-like-it", "x"), 4),
        (("kiku-1", "x", "--at", "yesterday"), 2),
    ],
)
def test_what_cannot_be_written_says_why(kawari: Kawari, args: tuple[str, ...], code: int) -> None:
    done = kawari("note", *args)
    assert done.code == code
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_a_note_from_stdin_cannot_paint_the_terminal(kawari: Kawari, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    monkeypatch.setattr("sys.stdin", StringIO("red \x1b[31m\x00 alert\r\nsecond line\n"))
    done = kawari("note", "kiku-1", "-", "--json")
    assert done.json["text"] == "red \x1b[31m alert\nsecond line"
    assert "\x1b" not in kawari("timeline", "kiku-1").out
