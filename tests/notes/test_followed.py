"""What ends promises, and whose the ball is then: small stories in the many ways in which people write.

`followed/*.txt` holds a story a paragraph, a mail a line: when, who, [file], what. `memo KIND (subject)` goes into the
log, `inside` is a mail among us, `robot` an automatic reply of the customer's. The first promise of a story
is followed; its last mail is the one that counts.
"""

import re
from pathlib import Path

import pytest

from notes.model import Kind
from tests.notes.stories import Story

FOLLOWED = Path(__file__).with_name("followed")
LINE = re.compile(r"(\S+ \S+) (\w+)(?: (call|note|meeting) \((.*?)\))?(?: \[(.*?)\])?: (.*)")
MAILBOXES = {
    "ueda": ("ueda", "kita"),
    "mori": ("mori", "kita"),
    "inside": ("mori", "ueda"),
    "memo": ("mori", "log"),
    "kita": ("kita", "ueda"),
    "robot": ("kita", "ueda"),
    "supplier": ("supplier", "ueda"),
}


def stories(name: str) -> list[str]:
    """The stories of a file."""
    return FOLLOWED.joinpath(f"{name}.txt").read_text("utf-8").strip().split("\n\n")


def told(text: str) -> tuple[Story, str]:
    """A story, and the last mail's ref."""
    story, ref = Story(), ""
    for line in text.splitlines():
        found = LINE.fullmatch(line)
        assert found, line
        moment, who, memo, subject, file, words = found.groups()
        kind = Kind(memo) if memo else (Kind.AUTO if who == "robot" else Kind.MAIL)
        ref = story.say(
            *MAILBOXES[who],
            moment,
            words,
            kind=kind,
            files=(file,) if file else (),
            subject=subject or "ポンプの件",
            answers="" if who == "supplier" else None,
        )
    return story, ref


def last_line(text: str) -> str:
    """What a story is called: its last mail's words."""
    return text.rpartition(": ")[2][:40]


@pytest.mark.parametrize("text", stories("kept"), ids=last_line)
def test_what_was_promised_came(text: str) -> None:
    story, last = told(text)
    kept = story.stands().promises[0].kept
    assert kept is not None
    assert kept.ref == last


@pytest.mark.parametrize("text", stories("open"), ids=last_line)
def test_what_came_was_not_what_was_promised(text: str) -> None:
    promise = told(text)[0].stands().promises[0]
    assert (promise.kept, promise.withdrawn) == (None, None)


@pytest.mark.parametrize("text", stories("moved"), ids=last_line)
def test_another_day_moves_it(text: str) -> None:
    story, last = told(text)
    promise = story.stands().promises[0]
    assert [move.ref for move in promise.moves] == [last]
    assert promise.kept is None


@pytest.mark.parametrize("text", stories("withdrawn"), ids=last_line)
def test_what_is_not_wanted_or_taken_back_is_withdrawn(text: str) -> None:
    story, last = told(text)
    withdrawn = story.stands().promises[0].withdrawn
    assert withdrawn is not None
    assert withdrawn.ref == last


@pytest.mark.parametrize("holder", ["us", "them", "nobody"])
def test_who_must_act_next(holder: str) -> None:
    wrong = [text for text in stories(f"ball-{holder}") if told(text)[0].stands().ball.holder != holder]
    assert wrong == []
