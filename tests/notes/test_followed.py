"""What ends promises, and whose the ball is then: small stories in the many ways in which people write.

`followed/*.txt` holds a story a paragraph, a mail a line: when, who, [file], what. `memo KIND (subject)` goes into the
log, `new (subject)` begins a thread, `inside` is a mail among us, `robot` an automatic reply of the customer's; `\\n`
begins a new line. A story's first
promise is followed; its last mail is the one that counts. Some stories end with a line that says what is expected.
"""

import re
from pathlib import Path

import pytest

from notes.model import Kind, PromiseState
from tests.notes.stories import Story

FOLLOWED = Path(__file__).with_name("followed")
LINE = re.compile(r"(\S+ \S+) (\w+)(?: (call|note|meeting|new) \((.*?)\))?(?: \[(.*?)\])?: (.*)")
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
        kind = Kind(memo) if memo in set(Kind) else (Kind.AUTO if who == "robot" else Kind.MAIL)
        ref = story.say(
            *MAILBOXES[who],
            moment,
            words.replace("\\n", "\n"),
            kind=kind,
            files=(file,) if file else (),
            subject=subject or "ポンプの件",
            answers="" if who == "supplier" or memo else None,
        )
    return story, ref


def expected(text: str) -> tuple[Story, str]:
    """A story, and the line after it that says what is expected."""
    *lines, wanted = text.splitlines()
    return told("\n".join(lines))[0], wanted


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
    (move,) = story.stands().promises[0].moves
    assert last in (move.ref, move.agreed_in)
    assert story.stands().promises[0].kept is None


@pytest.mark.parametrize("text", stories("withdrawn"), ids=last_line)
def test_what_is_not_wanted_or_taken_back_is_withdrawn(text: str) -> None:
    story, last = told(text)
    withdrawn = story.stands().promises[0].withdrawn
    assert withdrawn is not None
    assert withdrawn.ref == last


@pytest.mark.parametrize("text", stories("late"), ids=last_line)
def test_what_comes_after_its_day_is_late(text: str) -> None:
    story, last = told(text)
    promise = story.stands().promises[0]
    assert promise.kept is not None
    assert promise.kept.ref == last
    assert promise.state(story.mails[-1].at) is PromiseState.KEPT_LATE


@pytest.mark.parametrize("text", stories("agreed"), ids=last_line)
def test_another_day_is_agreed_to_in_any_words(text: str) -> None:
    story, last = told(text)
    assert [move.agreed_in for move in story.stands().promises[0].moves] == [last]


@pytest.mark.parametrize("text", stories("not-agreed"), ids=last_line)
def test_a_complaint_agrees_to_no_other_day(text: str) -> None:
    assert [move.agreed_in for move in told(text)[0].stands().promises[0].moves] == [None]


@pytest.mark.parametrize("text", stories("again"), ids=last_line)
def test_said_again_is_one_promise(text: str) -> None:
    story, last = told(text)
    (promise,) = story.stands().promises
    assert promise.also_in == (last,)
    assert (promise.moves, promise.kept) == ((), None)


@pytest.mark.parametrize("text", stories("apart"), ids=last_line)
def test_another_thing_by_the_same_day_is_another_promise(text: str) -> None:
    first, second = told(text)[0].stands().promises
    assert (first.also_in, first.moves) == ((), ())
    assert first.due_now == second.due_now


@pytest.mark.parametrize("text", stories("several"), ids=last_line)
def test_each_promise_is_followed_by_its_own_letters(text: str) -> None:
    story, wanted = expected(text)
    ends = []
    for promise in story.stands().promises:
        moved = promise.moves[-1].ref if promise.moves else ""
        kept, gone = promise.kept and promise.kept.ref, promise.withdrawn and promise.withdrawn.ref
        found = {"kept": kept, "withdrawn": gone, "moved": moved}
        how = next((way for way, ref in found.items() if ref), "open")
        ends.append(f"{how}:{found[how]}".removesuffix("@story.example") if how in found else how)
    asked = wanted.removeprefix("= ").split()
    assert ends[: len(asked)] == asked


@pytest.mark.parametrize("text", stories("left"), ids=last_line)
def test_a_part_leaves_the_rest_open(text: str) -> None:
    story, wanted = expected(text)
    promise = story.stands().promises[0]
    assert promise.kept is None
    assert [wanted in words for words in promise.owed] == [True]


@pytest.mark.parametrize("text", stories("firm"), ids=last_line)
def test_a_condition_met_gives_the_promise_its_day(text: str) -> None:
    story, wanted = expected(text)
    due = story.stands().promises[0].due_now
    assert due is not None
    assert f"{due.month}/{due.day}" == wanted


@pytest.mark.parametrize("text", stories("answered"), ids=last_line)
def test_a_question_answered_is_open_no_more(text: str) -> None:
    questions = told(text)[0].stands().questions
    assert questions
    assert [one.quote for one in questions if one.answered_in is None] == []


@pytest.mark.parametrize("text", stories("unanswered"), ids=last_line)
def test_the_question_left_out_stays_open(text: str) -> None:
    story, wanted = expected(text)
    assert [wanted in one.quote for one in story.stands().questions if one.answered_in is None] == [True]


@pytest.mark.parametrize("holder", ["us", "them", "nobody"])
def test_who_must_act_next(holder: str) -> None:
    wrong = [text for text in stories(f"ball-{holder}") if told(text)[0].stands().ball.holder != holder]
    assert wrong == []


@pytest.mark.parametrize(
    ("promised", "told_on"),
    [
        ("15日中にポンプの交換を済ませます。", "10:40にポンプの交換が終わりました。"),
        ("We'll mend the cellar pump on Wednesday.", "The cellar pump was mended and tested at 10:40."),
    ],
)
def test_work_was_done_at_the_hour_that_is_told(promised: str, told_on: str) -> None:
    kept = told(f"4/13 10:00 ueda: {promised}\n4/15 12:10 ueda: {told_on}")[0].stands().promises[0].kept
    assert kept is not None
    assert (kept.at.hour, kept.at.minute) == (10, 40)


def test_an_appointment_is_kept_by_its_beginning_and_not_by_its_end() -> None:
    promise = (
        told("4/13 10:00 ueda: 点検は15日の9時に伺います。\n4/15 13:10 ueda: 点検、12時半に終わりました。")[0]
        .stands()
        .promises[0]
    )
    assert promise.kept is not None
    assert promise.state(promise.kept.at) is PromiseState.KEPT
