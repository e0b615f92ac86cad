"""A sentence that a person refused as a promise in one case is none in the next."""

import pytest

from notes.model import Correction
from tests.notes.stories import Story, at


def refused(quote: str, *, by: str = "us", day: str = "4/10 09:00") -> Correction:
    """The decision about a promise of another case, as the diary hands it on."""
    return Correction(1, at(day), "mori", "promise-reject", "zzzzzz", {"quote": quote, "by": by})


def said(text: str) -> Story:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", text)
    return story


def test_the_same_words_are_none_in_a_later_mail_of_the_same_side() -> None:
    story = said("今後とも誠心誠意対応させていただきます。")
    assert not story.stands().promises[0].rejected
    (promise,) = story.stands(refused("今後とも誠心\n誠意対応させていただきます。")).promises
    assert promise.rejected


@pytest.mark.parametrize(
    "decision",
    [
        refused("今後とも誠心誠意対応させていただきます。", by="them"),
        refused("今後とも誠心誠意対応させていただきます。", day="4/14 09:00"),
        refused("今後とも対応させていただきます。"),
    ],
)
def test_other_words_another_side_and_mails_from_before_are_left_alone(decision: Correction) -> None:
    assert not said("今後とも誠心誠意対応させていただきます。").stands(decision).promises[0].rejected


def test_words_that_name_a_day_or_a_number_mean_something_else_each_time() -> None:
    for words in ("明日ご連絡いたします。", "部品3点を手配いたします。"):
        assert not said(words).stands(refused(words)).promises[0].rejected


def test_who_confirms_it_here_has_the_last_word() -> None:
    story = said("今後とも誠心誠意対応させていただきます。")
    here = story.stands().promises[0].id
    confirmed = Correction(2, at("4/14 09:00"), "mori", "promise-confirm", here, {})
    (promise,) = story.stands(refused("今後とも誠心誠意対応させていただきます。"), confirmed).promises
    assert (promise.rejected, promise.confirmed) == (False, True)
