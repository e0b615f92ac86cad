"""What became of promises where no word of the deed itself is said: a note of the day, a customer who is content."""

import pytest

from notes.model import Kind, Promise
from tests.notes.stories import Story, at


def first(story: Story) -> Promise:
    """The promise that a story begins with; what is noted later may name another day."""
    return story.stands().promises[0]


def promised(made: str = "Our fitter will come to you on Wednesday 22 April at 10 am to look at the pump.") -> Story:
    """A story in which we made one promise."""
    story = Story()
    story.say("kita", "ueda", "4/16 09:00", "The pump in the cellar drips.")
    story.say("ueda", "kita", "4/16 10:00", made)
    return story


@pytest.mark.parametrize(
    "note",
    ["Pump back in, new gasket this time.", "Seal perished, that's the drip.", "All tight again, left it running."],
)
def test_a_note_for_the_file_on_the_day_tells_that_somebody_was_there(note: str) -> None:
    story = promised()
    memo = story.say("mori", "log", "4/22 12:00", note, kind=Kind.NOTE, subject="Kita", answers="")
    kept = first(story).kept
    assert kept
    assert kept.ref == memo


@pytest.mark.parametrize(
    ("note", "moment"),
    [
        ("Nobody home, gate locked.", "4/22 12:00"),
        ("Rang three times. Next week then.", "4/22 12:00"),
        ("Wrong size of gasket in the van.", "4/22 12:00"),
        ("Gasket is on the shelf.", "4/21 12:00"),
    ],
)
def test_a_note_that_nobody_was_in_or_of_the_day_before_tells_nothing(note: str, moment: str) -> None:
    story = promised()
    story.say("mori", "log", moment, note, kind=Kind.NOTE, subject="Kita", answers="")
    assert first(story).kept is None


@pytest.mark.parametrize(
    "words",
    [
        "Your man arrived at ten sharp. The drip is gone.",
        "He turned up on the dot, and the cellar is dry.",
        "The pump runs sweet, many thanks.",
        "The drip at the pump is gone, for which much thanks. What do we owe you?",
    ],
)
def test_a_customer_who_is_content_soon_after_has_got_it(words: str) -> None:
    story = promised()
    word = story.say("kita", "ueda", "4/23 09:00", words)
    kept = first(story).kept
    assert kept
    assert kept.ref == word


@pytest.mark.parametrize(
    "words",
    [
        "Nobody came. Thanks a lot.",
        "Thanks for the leaflet. When is your man coming?",
        "Thanks, but we are still waiting for the fitter.",
        "Thank you. The boiler looks great by the way, no idea about the pump, it has not been seen to.",
    ],
)
def test_thanks_of_one_who_waits_keep_nothing(words: str) -> None:
    story = promised()
    story.say("kita", "ueda", "4/23 09:00", words)
    assert first(story).kept is None


def test_who_was_asked_to_send_and_sends_has_sent() -> None:
    story = promised("You will have the test report by Tuesday 21 April.")
    sent = story.say(
        "mori", "kita", "4/21 09:00", "Ueda asked me to send you the attached report.", files=("report.pdf",)
    )
    kept = first(story).kept
    assert kept
    assert kept.ref == sent


@pytest.mark.parametrize(
    "words",
    [
        "May I ask your indulgence until Friday for the report?",
        "The lab has let us down and is not ready. Mori is on it on Friday 24 April instead.",
        "Please grant us until Friday 24 April for the report.",
    ],
)
def test_time_asked_for_in_any_words_moves_the_promise(words: str) -> None:
    story = promised("You will have the test report by Tuesday 21 April.")
    story.say("ueda", "kita", "4/20 09:00", words)
    assert [move.to.date() for move in first(story).moves if move.to] == [at("4/24 10:00").date()]


@pytest.mark.parametrize(
    "words",
    [
        "The visit is kindly meant but will not be required.",
        "Your fitter must not trouble himself about the pump after all, my son mended it.",
        "He needn't bother with the pump.",
    ],
)
def test_a_customer_calls_off_in_courteous_words(words: str) -> None:
    story = promised()
    story.say("kita", "ueda", "4/20 09:00", words)
    assert first(story).withdrawn


@pytest.mark.parametrize(
    "words",
    ["There will be no visit on Wednesday, we have stopped this work.", "Don't expect our fitter on Wednesday."],
)
def test_we_call_off_in_plain_words(words: str) -> None:
    story = promised()
    story.say("ueda", "kita", "4/20 09:00", words)
    assert first(story).withdrawn
