"""Another day that the customer wishes for, in whatever words, and that we say back or agree to."""

import pytest

from notes.model import Promise
from tests.notes.stories import Story, at

MADE = "Our fitter will come to you on Wednesday 22 April at 10 am."


def after(wish: str, answer: str, made: str = MADE) -> tuple[Promise, str, str]:
    """The first promise of a story in which a customer wishes for another day and we answer."""
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "The pump in the cellar drips.")
    story.say("ueda", "kita", "4/13 10:00", made)
    asking = story.say("kita", "ueda", "4/17 09:00", wish)
    answered = story.say("ueda", "kita", "4/17 11:00", answer)
    return story.stands().promises[0], asking, answered


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("Wednesday is a holiday for us. Thursday same time?", "Thursday the 23rd at 10, done."),
        ("Sorry, on the 22nd nobody is in. Could it be the 23rd at the same hour instead?", "23rd 10 am, in the diary"),
        ("We have visitors on Wednesday, so the 23rd would be better.", "The 23rd is fine, I've changed it."),
        ("I am away on the 22nd. Could the visit be on Thursday please?", "Thursday 23 April suits us equally well."),
        ("We must ask you to put the fitter's visit back by a day, to 23 April.", "Thursday, 23 April, is no problem."),
        ("On Wednesday I am at the dentist, is better Thursday at 10.", "Noted, Thursday at 10."),
    ],
)
def test_a_day_wished_for_and_said_back_moves_the_promise(wish: str, answer: str) -> None:
    promise, _, _ = after(wish, answer)
    assert [move.to.date() for move in promise.moves if move.to] == [at("4/23 10:00").date()]
    assert all(move.agreed_in for move in promise.moves)


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("Wednesday is fine. Could you send the manual by Thursday?", "The manual goes out on Thursday."),
        ("Thanks! We also have a meeting with the bank on Thursday.", "Good luck with the bank on Thursday."),
        ("I am away on the 22nd. Could the visit be on Thursday please?", "I'm afraid Thursday won't be possible."),
        ("Our accountant asks for the invoice, please, before the 30th.", "Accounts close on the 30th, noted."),
    ],
)
def test_a_day_for_something_else_or_refused_moves_nothing(wish: str, answer: str) -> None:
    assert not after(wish, answer)[0].moves


def test_a_day_named_before_the_promise_was_made_wishes_for_no_other() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Can you keep the price for us until the 30th?")
    story.say("ueda", "kita", "4/13 10:00", "Price kept until 30 April. I'll send you the reworked offer on Thursday.")
    story.say("ueda", "kita", "4/16 10:00", "The reworked offer, valid to 30 April.", files=("offer.pdf",))
    assert [(bool(one.kept), one.moves) for one in story.stands().promises] == [(True, ())]


def test_saying_the_new_day_back_agrees_to_it() -> None:
    story = Story()
    story.say("ueda", "kita", "4/13 10:00", "I'll send you the written report by Tuesday 21 April.")
    story.say("ueda", "kita", "4/20 10:00", "I need a colleague's notes. May I have until Thursday for the report?")
    yes = story.say("kita", "ueda", "4/20 11:00", "Thursday. Not a minute later.")
    (promise,) = story.stands().promises
    assert [move.agreed_in for move in promise.moves] == [yes]
