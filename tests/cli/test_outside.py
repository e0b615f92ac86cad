"""What the world outside may do to a command: full disks, closed outputs, narrow encodings, wrong names."""

import os
import subprocess
import sys
from io import TextIOWrapper
from pathlib import Path

import pytest

from cli import typed, words
from tests.cli import diaries
from tests.cli.conftest import Kawari

ROOT = str(Path(__file__).parents[2])
KAWARI = f"{sys.executable} -c 'from cli.app import main; main()'"


def shell(line: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "KAWARI"))}
    env |= {"PYTHONPATH": ROOT, "LANG": "C.UTF-8"} | environ
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, cwd=folder, env=env, timeout=60)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    done = shell(f"{KAWARI} --help > /dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (1, "The output cannot be written: the disk is full\n")


def test_closed_outputs_change_nothing_but_what_is_read(tmp_path: Path) -> None:
    assert shell(f"{KAWARI} --help >&-", tmp_path).returncode == 0
    assert shell(f"{KAWARI} cases 2>&-", tmp_path).returncode == 2


def test_an_output_without_japanese_letters_is_spoken_to_in_english(tmp_path: Path) -> None:
    line = f"{KAWARI} --lang ja --help"
    assert "案件" in shell(line, tmp_path).stdout
    assert "List cases" in shell(line, tmp_path, PYTHONIOENCODING="ascii").stdout
    with (tmp_path / "out").open("wb") as file:
        assert words.readable("ja", TextIOWrapper(file, encoding="cp932")) == "ja"


def test_settings_that_are_a_folder_or_no_text_are_named_with_the_reason(bare: Kawari, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert bare("--config", "folder", "cases").err == "The settings file folder cannot be read: it is a folder\n"
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    assert "it is not in UTF-8" in bare("--config", "bytes.toml", "cases").err
    (tmp_path / "broken.toml").write_text("language = \n")
    assert "1 行 12 文字目" in bare("--config", "broken.toml", "--lang", "ja", "cases").err


def test_mail_is_imported_only_into_a_mailbox_of_the_settings(bare: Kawari, tmp_path: Path) -> None:
    diaries.write(tmp_path)
    done = bare("import", "INBOX", "--mailbox", "mroi", "--folder", "INBOX")
    assert (done.code, "There are: mori" in done.err) == (2, True)


def test_one_fault_of_a_mailbox_is_told_once(kawari: Kawari) -> None:
    done = kawari("poll", "--once")
    assert done.err.count("NOT_SET_ANYWHERE") == 1
    page = kawari("timeline", "order").out
    assert page.count("no password in the environment") == 1


def test_a_program_outside_the_path_is_typed_by_its_way_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    for path in (tmp_path / "bin" / "kawari", tmp_path / "my bin" / "kawari"):
        path.parent.mkdir()
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    assert typed.program("bin/kawari") == "bin/kawari"
    assert typed.program(str(tmp_path / "bin" / "kawari")) == "bin/kawari"
    assert typed.program("my bin/kawari") == "'my bin/kawari'"
    assert typed.program("/usr/bin/pytest") == "kawari"
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert typed.program("bin/kawari") == "kawari"


def test_words_are_quoted_for_the_shell_only_where_they_must_be() -> None:
    assert typed.line("show", "acme-3#7", "--at", "2026-11-20 08:40") == "show acme-3#7 --at '2026-11-20 08:40'"
    assert typed.line("#1", "it's") == "'#1' 'it'\"'\"'s'"
