"""What the shell proposes."""

import subprocess

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


def test_an_unknown_shell_is_said(kawari: Kawari) -> None:
    done = kawari("completion", "cmd")
    assert done.code == 2
    assert "fish" in done.err
