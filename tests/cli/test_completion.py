"""What the shell proposes."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Kawari


def _proposed(kawari: Kawari, *typed: str) -> list[str]:
    done = kawari("completion", "words", "--", *typed)
    assert (done.code, done.err) == (0, "")
    return [line.partition("\t")[0] for line in done.out.splitlines()]


def test_commands_and_those_below_them(kawari: Kawari) -> None:
    assert _proposed(kawari, "time") == ["timeline"]
    assert {"list", "keep", "move"} <= set(_proposed(kawari, "promise", ""))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("timeline", "as"), ["asagao-1"]),
        (("show", "kiku-1#"), ["kiku-1#1"]),
        (("handover", ""), ["mori", "kudo"]),
        (("cases", "--customer", "ki"), ["kiku"]),
        (("poll", "--mailbox", ""), ["mori"]),
        (("export", "kiku-1", "--format", "m"), ["md", "mbox"]),
        (("export", "kiku-1", "--form"), ["--format"]),
        (("nothing", "such"), []),
    ],
)
def test_what_may_stand_at_a_place(kawari: Kawari, typed: tuple[str, ...], found: list[str]) -> None:
    assert _proposed(kawari, *typed) == found


def test_promises_still_owed_are_proposed_by_id(kawari: Kawari) -> None:
    listed = kawari("promise", "list", "--json").json["promises"]
    assert _proposed(kawari, "promise", "keep", "") == [one["id"] for one in listed]


def test_without_a_diary_only_commands_are_proposed(bare: Kawari) -> None:
    assert _proposed(bare, "timeline", "") == []
    assert "poll" in _proposed(bare, "po")


def test_the_script_is_one_that_bash_reads(kawari: Kawari) -> None:
    script = kawari("completion", "bash").out
    subprocess.run(["bash", "-n", "-c", script], check=True)


def test_bash_runs_nothing_of_what_is_proposed(kawari: Kawari, tmp_path: Path) -> None:
    """Not even where a proposal looks like a command."""
    script = kawari("completion", "bash").out
    stub = "kawari() { printf '%s\\t%s\\n' '$(touch ran)' 'about it' 'kiku-1' ''; }"
    typed = "COMP_WORDS=(kawari timeline ''); COMP_CWORD=2; _kawari; printf '%s\n' \"${COMPREPLY[@]}\""
    done = subprocess.run(
        ["bash", "-c", f"{script}\n{stub}\n{typed}"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["$(touch ran)", "kiku-1"]
    assert not (tmp_path / "ran").exists()


def test_an_unknown_shell_is_said(kawari: Kawari) -> None:
    done = kawari("completion", "cmd")
    assert done.code == 2
    assert "fish" in done.err
