import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import app
from cli.app import COMMANDS, command_names, divide
from cli.columns import width
from notes.errors import UsageError
from tests.cli import diaries
from tests.cli.conftest import Kawari

KAWARI = [sys.executable, "-c", "from cli.app import main; main()"]
ROOT = str(Path(__file__).parents[2])


def process(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": ROOT} | environ
    return subprocess.run([*KAWARI, *args], capture_output=True, text=True, env=env, timeout=60)


def test_shared_options_may_stand_anywhere_before_two_dashes() -> None:
    found = divide(["cases", "--lang", "ja", "--json", "--config=x.toml", "--debug", "--", "--lang"])
    assert (found.language, found.config, found.debug) == ("ja", "x.toml", True)
    assert found.rest == ["cases", "--json", "--", "--lang"]
    with pytest.raises(UsageError):
        divide(["cases", "--config"])


def test_the_help_page_lists_every_command_and_each_has_its_own(bare: Kawari) -> None:
    page = bare("--help").out
    assert [name for name in COMMANDS if f"\n  {name} " not in page] == []
    for name in command_names():
        shown = bare(*name.split(), "--help").out
        assert f"kawari {name} " in shown, name
        assert max(map(width, shown.splitlines())) <= 80, name


@pytest.mark.parametrize("name", ["login", "receive", "handover", "export", "draft", "note", "mute"])
def test_a_help_page_in_japanese_fits_80_columns(name: str) -> None:
    """In a process of its own: options speak the language in which their module was imported."""
    command = [sys.executable, "-c", "from cli.app import main; main()", name, "--help", "--lang", "ja"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "使い方" in shown
    assert [line for line in shown.splitlines() if width(line) > 80] == []


def test_the_language_is_chosen_by_option_environment_settings_and_locale(bare: Kawari, tmp_path: Path) -> None:
    assert "Commands" in bare("--help").out
    assert "案件" in bare("--help", LANG="ja_JP.UTF-8").out
    assert "案件" in bare("--help", KAWARI_LANGUAGE="ja").out
    (tmp_path / "kawari.toml").write_text('language = "ja"')
    assert "案件" in bare("--help").out
    assert "List cases" in bare("--help", KAWARI_LANGUAGE="en").out
    assert "List cases" in bare("--lang", "en", "--help", KAWARI_LANGUAGE="ja").out


def test_help_in_either_language_comes_without_settings_and_with_broken_ones(bare: Kawari, tmp_path: Path) -> None:
    (tmp_path / "kawari.toml").write_text("language = ")
    assert bare("--help").code == 0
    assert bare("cases").code == 2


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["tmeline"], 2, "Did you mean: kawari timeline"),
        (["frobnicate"], 2, "There is no command frobnicate"),
        (["show"], 2, "kawari show --help"),
        (["cases", "--frob"], 2, "--frob"),
        (["cases"], 2, "kawari init"),
        (["--config", "none.toml", "cases"], 2, "none.toml"),
        (["--lang", "fr", "cases"], 2, "--lang ja"),
        (["cases", "--config"], 2, "--config needs a value"),
        (["inspect", "text", "x", "--zone", "Mars/Base"], 2, "Mars/Base"),
    ],
)
def test_wrong_use_is_one_sentence_with_what_to_do(bare: Kawari, args: list[str], code: int, words: str) -> None:
    done = bare(*args)
    assert (done.code, done.out) == (code, "")
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err


def test_a_typo_in_the_settings_is_named_in_both_languages(bare: Kawari, tmp_path: Path) -> None:
    (tmp_path / "kawari.toml").write_text('timzone = "UTC"')
    assert "did you mean timezone" in bare("cases").err
    assert "timezone の間違いではありませんか" in bare("cases", "--lang", "ja").err


def test_a_diary_that_is_not_there_yet_says_how_to_fill_it(bare: Kawari, tmp_path: Path) -> None:
    diaries.write(tmp_path)
    done = bare("cases")
    assert (done.code, "kawari poll --once" in done.err) == (1, True)


def test_a_database_of_a_newer_program_is_refused_with_what_to_do(kawari: Kawari, tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "diary.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    done = kawari("cases")
    assert (done.code, "9999" in done.err) == (3, True)
    with sqlite3.connect(tmp_path / "diary.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '0000'")
    done = kawari("cases")
    assert (done.code, "kawari upgrade" in done.err) == (3, True)


def test_a_mailbox_without_its_password_says_which_variable(kawari: Kawari) -> None:
    done = kawari("poll", "--once")
    assert done.code == 5
    assert "NOT_SET_ANYWHERE" in done.err
    assert kawari("poll", "--once", "--mailbox", "nobody").code == 2
    failed = kawari("status", "--json").json["coverage"]
    assert {one["error"] for one in failed} == {"password-env-missing"}
    assert all(one["failing_since"] and one["next_try"] for one in failed)
    told = kawari("status").out
    assert "no password in the environment · since " in told
    assert " · next try " in " ".join(told.split())
    assert all(len(line) <= 80 for line in told.splitlines() if "Database" not in line)
    assert "mori/INBOX (inbox)" in told
    assert "mori/INBOX (受信)" in kawari("status", "--lang", "ja").out
    page = kawari("timeline", "order", "--json").json
    assert {one["code"] for one in page["not_known"]} == {"folder-unread"}


def test_what_nobody_foresaw_is_one_sentence_and_debug_shows_the_rest(
    kawari: Kawari, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("cli.as_json.cases", broken)
    done = kawari("cases", "--json")
    assert (done.code, "--debug" in done.err, "Traceback" in done.err) == (1, True, False)
    assert "Traceback" in kawari("cases", "--json", "--debug").err


def test_ctrl_c_ends_quietly(bare: Kawari, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "_invoke", interrupted)
    assert bare("cases") == (130, "", "")


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    env = os.environ | {"PYTHONPATH": ROOT}
    done = subprocess.run([*KAWARI, "--help"], stdout=writing, stderr=subprocess.PIPE, env=env, timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_help_page_imports_nothing_heavy() -> None:
    script = "import sys; sys.argv=['kawari','--help']; from cli.app import run; run(['--help'], {}); "
    script += (
        "print([m for m in ('rich','pydantic','sqlalchemy','babel','holidays','notes.model') if m in sys.modules])"
    )
    process("--help")  # compiles the catalogs
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_page_imports_no_library_it_does_not_need(kawari: Kawari, tmp_path: Path) -> None:
    kawari("timeline", "order")
    script = "import sys, os; from cli.app import run; code = run(['timeline', sys.argv[1]], os.environ); "
    heavy = (
        "rich",
        "pydantic",
        "babel",
        "holidays",
        "imapclient",
        "mailparser",
        "alembic",
        "sqlalchemy.dialects.postgresql",
    )
    script += f"print(code, [m for m in {heavy!r} if m in sys.modules])"
    key = kawari("cases", "--json").json["cases"][0]["key"]
    done = subprocess.run(
        [sys.executable, "-c", script, key],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": ROOT},
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


def test_the_version_is_said(bare: Kawari) -> None:
    assert bare("--version").out.startswith("kawari ")


def test_init_writes_settings_that_only_the_owner_can_read(bare: Kawari, tmp_path: Path) -> None:
    options = [
        "--address",
        "Mori@tsubame.example",
        "--name",
        "森 彩",
        "--host",
        "imap.tsubame.example",
        "--no-test",
        "--yes",
    ]
    assert bare("init", *options, "--timezone", "Asia/Tokyo").code == 0
    file = tmp_path / "kawari.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "KAWARI_MORI" in file.read_text("utf-8")
    assert bare("status").code == 1  # the settings are good; there is no diary yet
    again = bare("init", *options)
    assert (again.code, "--force" in again.err) == (2, True)
    assert bare("init", *options, "--force", "--security", "plain").code == 2
    assert bare("init", "--file", "other.toml", "--yes", "--no-test").code == 2


def test_inspecting_needs_neither_settings_nor_database(bare: Kawari, tmp_path: Path) -> None:
    diaries.write(tmp_path)
    (tmp_path / "kawari.toml").unlink()
    (tmp_path / "INBOX" / "9.eml").write_bytes(b"\x00\x01\x02")
    lines = [
        json.loads(line)
        for line in bare("inspect", "mail", "INBOX/1.eml", "INBOX/9.eml", "no.eml", "--json").out.splitlines()
    ]
    assert [line.get("ref") for line in lines] == ["a1@asagao.example", None, None]
    assert lines[0].keys() >= {
        "file", "ref", "message_id", "in_reply_to", "references", "from", "to", "cc", "date", "date_doubtful",
        "subject", "kind", "zones", "new_text", "text", "forwarded", "attachments", "contact", "defects",
    }  # fmt: skip
    assert [line.get("error") for line in lines] == [None, "not-a-mail", "path-missing"]
    threads = bare("inspect", "threads", "INBOX", "Sent", "--json").json["threads"]
    assert sorted(map(len, threads)) == [1, 1, 3]
    assert "Thread 1 (3)" in bare("inspect", "threads", "INBOX", "Sent").out
    assert bare("inspect", "threads", "INBOX", "Sent", "--json", "--no-references").code == 0
    assert "when can you repair" in bare("inspect", "mail", "INBOX/1.eml").out


def test_a_sentence_is_inspected_by_hand_and_by_the_line() -> None:
    asked = {
        "id": "7",
        "text": "来週の金曜までに回答します。",
        "at": "2026-11-19T10:00",
        "zone": "Asia/Tokyo",
        "lang": "ja",
    }
    done = subprocess.run(
        [*KAWARI, "inspect", "text", "--jsonl"],
        input=json.dumps(asked) + "\nnot json\n",
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": ROOT},
        timeout=60,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["promises"][0]["due"]["to"]) == ("7", "2026-11-27T23:59:59+09:00")
    assert first["dates"][0].keys() == {"text", "start", "end", "from", "to", "precision"}
    assert "error" in second
    by_hand = process("inspect", "text", "I will answer by noon tomorrow.", "--at", "2026-12-07 09:00", "--zone", "UTC")
    assert "Tue 8 Dec 12:00" in by_hand.stdout
