"""Mails without references come together as a person would file them, in stories of many trades."""

from collections import Counter
from collections.abc import Iterable

import pytest

from ingest.receive import read
from tests.notes.matters import STORIES, Story
from tools.accuracy.cases import Diary

LEAST = {"precision": 0.95, "recall": 0.86}
"""B-cubed, over all stories together."""


def filed(story: Story) -> dict[int, str]:
    """The case of each mail by its number, read and filed in the order of writing."""
    diary = Diary(story.directory)
    number_of = {}
    for number in sorted(range(len(story.mail)), key=lambda each: story.mail[each]["hours"]):
        message = read(story.raw(number))
        number_of[message.ref] = number
        diary.file(message)
    return {number_of[ref]: key for ref, key in diary.case_of.items()}


def marks(story: Story) -> Iterable[tuple[float, float]]:
    """Precision and recall for every mail that is somebody's."""
    mine, true = filed(story), {number: mail.get("matter") for number, mail in enumerate(story.mail)}
    made, real = Counter(mine.values()), Counter(true.values())
    both = Counter((true[number], key) for number, key in mine.items())
    for number, matter in true.items():
        if matter:
            key = mine.get(number)
            same = both[matter, key] if key else 1
            yield (same / made[key] if key else 1.0), same / real[matter]


def test_mails_of_one_matter_come_together_and_others_stay_apart() -> None:
    every = [mark for story in STORIES for mark in marks(story)]
    precision, recall = (sum(mark[n] for mark in every) / len(every) for n in (0, 1))
    assert precision >= LEAST["precision"]
    assert recall >= LEAST["recall"]


@pytest.mark.parametrize("story", STORIES, ids=[story.domain for story in STORIES])
def test_talk_among_us_about_nobody_stays_out(story: Story) -> None:
    assert not [story.mail[number]["subject"] for number in filed(story) if story.mail[number].get("matter") is None]
