"""Long pages go through the user's pager."""

import os

import pytest

from cli import pager

LONG = "".join(f"line {n}\n" for n in range(500))
PATH = {"PATH": os.environ["PATH"]}


def test_a_long_page_goes_through_the_pager_of_the_environment(capfd: pytest.CaptureFixture[str]) -> None:
    assert pager.show(LONG, {"PAGER": "sed s/line/row/", **PATH})
    assert capfd.readouterr().out.startswith("row 0\nrow 1\n")


def test_a_pager_that_is_left_early_is_no_fault(capfd: pytest.CaptureFixture[str]) -> None:
    assert pager.show(LONG * 500, {"PAGER": "head -1", **PATH})
    assert capfd.readouterr().out == "line 0\n"


@pytest.mark.parametrize("program", ["", "no-such-pager-anywhere", "less '"])
def test_without_a_pager_nothing_is_shown_by_one(program: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert not pager.show(LONG, {"PAGER": program, **PATH})
    assert capfd.readouterr().out == ""


def test_what_fits_the_screen_needs_none() -> None:
    assert not pager.show("one line\n", {"PAGER": "cat", **PATH})


def test_a_pipe_is_no_terminal() -> None:
    assert not pager.wanted()
