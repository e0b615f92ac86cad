"""Another day that is told by what is owed and late, with no word of putting it off."""

import pytest

from notes.model import Kind, Promise
from tests.notes.stories import Story, at


def after(made: str, said: str, moment: str, *, files: tuple[str, ...] = ()) -> Promise:
    """The first promise of a story in which we make it on 14 April, a Tuesday, and write again."""
    story = Story()
    story.say("kita", "ueda", "4/13 09:00", "Please send us what we spoke of.")
    story.say("ueda", "kita", "4/14 10:00", made)
    story.say("ueda", "kita", moment, said, files=files)
    return story.stands().promises[0]


@pytest.mark.parametrize(
    ("made", "said", "moment"),
    [
        (
            "Contract and invoice you receive on Tuesday, the 21st.",
            "I want to see the machine first. The papers: Thursday, 5 in the afternoon.",
            "4/21 16:00",
        ),
        (
            "Credit note: with you by 21 April.",
            "The credit note needs his signature, he is back on 22 April, so 23 April.",
            "4/20 16:00",
        ),
        ("The cells will be in your hopper by the 21st.", "Two are in. Other pair: 23 April.", "4/20 16:00"),
        (
            "I'll send you the offer for six by Tuesday, 21 April.",
            "The maker is slow with his price. Thursday instead of today.",
            "4/21 17:00",
        ),
    ],
)
def test_what_is_owed_and_comes_later_is_moved(made: str, said: str, moment: str) -> None:
    promise = after(made, said, moment)
    assert [move.to.date() for move in promise.moves if move.to] == [at("4/23 10:00").date()]
    assert promise.kept is None


@pytest.mark.parametrize(
    ("made", "said", "moment", "files"),
    [
        ("I'll send the offer by 21 April.", "The offer, valid until the 30th.", "4/21 09:00", ("offer.pdf",)),
        ("I'll let you have a delivery date by 21 April.", "The maker says 8 May.", "4/21 09:00", ()),
        ("I'll send you the offer by 21 April.", "The offer is for the fair of 12 May.", "4/15 09:00", ()),
    ],
)
def test_what_came_or_is_not_due_yet_is_not(made: str, said: str, moment: str, files: tuple[str, ...]) -> None:
    assert not after(made, said, moment, files=files).moves


def test_what_a_memo_tells_of_an_order_moves_no_answer() -> None:
    story = Story()
    story.say("kita", "mori", "4/14 09:55", "納期を5/10(日)に早めていただくことはできますでしょうか。")
    story.say("mori", "kita", "4/14 16:40", "工場と調整のうえ、結果は週明け4/20(月)中にご連絡いたします。")
    memo = "納期の件、まだ連絡がないとのこと。\n10台なら5/10に間に合う、残り10台は5/24。"
    story.say("ueda", "log", "4/20 17:55", memo, kind=Kind.CALL, answers="")
    assert not story.stands().promises[0].moves
