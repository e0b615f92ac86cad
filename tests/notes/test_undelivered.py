"""What came back, and what only came back for one of several."""

from dataclasses import replace

import pytest

from notes.model import Address, Kind
from notes.undelivered import lost
from tests.notes.stories import PEOPLE, Story

KITA, UEDA = PEOPLE["kita"], PEOPLE["ueda"]
MINAMI = Address("南 葵", "minami@hanamizuki.example")


@pytest.mark.parametrize(
    ("to", "cc", "notice", "gone"),
    [
        ((KITA,), (MINAMI,), "<Minami@hanamizuki.example>: mailbox full", False),
        ((KITA, MINAMI), (), "550 no such user: minami@hanamizuki.example", False),
        ((KITA,), (MINAMI,), "<kita@hanamizuki.example>: host unknown", True),
        ((KITA, MINAMI), (), "kita@hanamizuki.example, minami@hanamizuki.example: 550", True),
        ((KITA, PEOPLE["mori"]), (), "<kita@hanamizuki.example>: mailbox full", True),
        ((KITA, MINAMI), (), "Your message could not be delivered.", True),
    ],
)
def test_a_mail_is_lost_that_reached_nobody_it_was_written_to(
    to: tuple[Address, ...], cc: tuple[Address, ...], notice: str, *, gone: bool
) -> None:
    story = Story()
    ref = story.say("ueda", "kita", "4/14 09:00", "The test report is attached.", files=("report.pdf",))
    story.mails[0] = replace(story.mails[0], to=to, cc=cc)
    story.say("mori", "ueda", "4/14 09:01", notice, kind=Kind.BOUNCE, bounced=(ref,))
    assert lost(story.mails) == (frozenset({ref}) if gone else frozenset())


def test_what_came_back_for_a_copy_still_keeps_the_promise() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "I'll send you the test report by Tuesday.")
    ref = story.say("ueda", "kita", "4/14 09:00", "The test report is attached.", files=("report.pdf",))
    story.mails[1] = replace(story.mails[1], cc=(MINAMI,))
    story.say("mori", "ueda", "4/14 09:01", "<minami@hanamizuki.example>: 552 full", kind=Kind.BOUNCE, bounced=(ref,))
    kept = story.stands().promises[0].kept
    assert kept is not None
    assert kept.ref == ref


def test_a_bounce_of_a_mail_that_is_not_held_speaks_for_it() -> None:
    story = Story()
    story.say("mori", "ueda", "4/14 09:01", "x", kind=Kind.BOUNCE, bounced=("unknown@story.example",))
    assert lost(story.mails) == {"unknown@story.example"}
