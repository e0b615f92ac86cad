"""Dated sentences of ours that no word makes a promise, and the weak signs by which they are one, or none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from notes.leaning import LEANS, clauses, marked
from notes.model import By, PromiseFound
from notes.phrases import load, plain
from notes.promises import detect
from tests.bounded import bounded
from tests.notes.dated import found_in
from tests.notes.stories import CALENDAR

SAID_AT = datetime(2026, 4, 14, 9, 0, tzinfo=ZoneInfo("Europe/London"))  # a Tuesday


def found(text: str, by: By = By.US) -> tuple[PromiseFound, ...]:
    return detect(text, said_at=SAID_AT, by=by, who="a@b.example", calendar=CALENDAR, phrases=load())


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("At your gate by half eight tomorrow.", "04-15 08:30"),
        ("You are next on Ravi's round, so figure on Thursday.", "04-16 23:59"),
        ("The boiler is on a lorry as I write: it reaches Hull by 10:00 tomorrow.", "04-15 10:00"),
        ("Two heaters came back broken last week, but the replacement leaves on Friday.", "04-17 23:59"),
        ("Monday we swap the filters.", "04-20 23:59"),
        ("The exact hour I can tell you by Thursday.", "04-16 23:59"),
        ("Ravi himself still comes tomorrow.", "04-15 23:59"),
        ("Your mixer is ready by Friday noon.", "04-17 12:00"),
        ("Installing Friday, 8 to 11.", "04-17 23:59"),
        ("Keys for the west wing: Friday noon.", "04-17 12:00"),
        ("The spare is in tonight's van.", "04-14 23:59"),
        ("You can count on both prices in writing by Friday.", "04-17 23:59"),
        ("ive put you down for the 28th, Ravi's on it from 9", "04-28 23:59"),
        ("Leave it, ill swing by thursday week", "04-23 23:59"),
        ("Fitting goes ahead at yours on Wednesday next.", "04-22 23:59"),
    ],
)
def test_a_day_to_come_and_some_weak_signs_are_a_promise(text: str, due: str) -> None:
    (one,) = found(text)
    assert one.due.to is not None
    assert one.due.to.strftime("%m-%d %H:%M") == due


@pytest.mark.parametrize(
    "text",
    [
        "My plumber comes on Thursday.",
        "They can ship on Friday for an extra charge.",
        "We can't have it with you by Friday.",
        "Monday is a bank holiday here.",
        "The offer stays with you, valid until 30 June.",
        "Enjoy your weekend, see you on Monday.",
        "The stand at the fair is ours from Thursday.",
        "Your licence runs out in June.",
        "We hold the room for you until Friday.",
        "Call me on Thursday about your order.",
        "I fly to Oslo on Friday.",
        "The report we spoke about is due on Friday?",
        "Re: drawings for Thursday",
        "Cheers for Friday, it was a good visit.",
    ],
)
def test_signs_speak_against_it_too(text: str) -> None:
    assert not found(text)


def test_others_days_are_wishes_unless_much_speaks_for_it() -> None:
    assert not found("At our gate by half eight tomorrow.", By.THEM)
    assert not found("Monday we swap the filters.", By.THEM)
    assert [one.by for one in found("The signed papers will reach you by noon on Thursday.", By.THEM)] == [By.THEM]


def test_a_day_said_again_is_no_second_promise() -> None:
    (one,) = found("I'll bring the spare key by Friday noon. With you by Friday noon, as I said.")
    assert one.quote.startswith("I'll")


def test_rows_under_a_line_that_promises_nothing_are_read_for_themselves() -> None:
    rows = "Here is our side of it:\n\nHall A  painted on  Monday 20 April\nHall B  painted on  Thursday 23 April\n"
    assert [one.rule for one in found(rows)] == [LEANS, LEANS]


def test_rows_of_what_is_over_or_of_others_are_not() -> None:
    rows = "Dates you asked for:\n\nHall A  painted on  Monday 20 April\nHall B  painted on  1 May\n"
    assert not found(rows)


def test_what_runs_from_a_condition_on_waits_for_it() -> None:
    (one,) = found("Once I've your order number it leaves here the same day.")
    assert (one.conditional, one.due.to) == (True, None)


def test_the_letters_of_a_date_are_no_signs() -> None:
    text = plain("It will be with you on 14 May.")
    assert "may" not in marked(text, found_in(text, "2026-04-14T09:00", "Europe/London")).lower()


def test_a_sentence_is_cut_into_few_clauses() -> None:
    assert len(list(clauses("so, " * 200))) < 10
    with bounded():
        found("with you on Friday, " * 2_000)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Your gate is being welded on Thursday.", "04-16 23:59"),
        ("The labels get cut on Friday.", "04-17 23:59"),
        ("Thursday she fits the gearbox.", "04-16 23:59"),
        ("The old boiler we drain on Monday.", "04-20 23:59"),
        ("A second camera goes on it Friday.", "04-17 23:59"),
        ("The plan is to fit it on Monday.", "04-20 23:59"),
        ("It's Thursday for the gearbox, then.", "04-16 23:59"),
        ("Ravi has Thursday for it.", "04-16 23:59"),
        ("Back on this tomorrow.", "04-15 23:59"),
        ("Your back gate, 10:30 tomorrow.", "04-15 10:30"),
        ("Answer in writing from us by Friday.", "04-17 23:59"),
        ("They go on Friday's boat.", "04-17 23:59"),
        ("A yes from you by Thursday means the mast is up on Monday the 20th.", "04-20 23:59"),
        ("I'm on the island on the 24th, so look out for me at half two that afternoon.", "04-24 14:30"),
        ("I've kept Thursday morning for your socket.", "04-16 12:00"),
        ("I've put you down for Thursday at 9, give us a ring if that clashes.", "04-16 09:00"),
        ("We'll lend you a spare from 29 April.", "04-29 23:59"),
        ("The exact figure has to come from the works in Turin first, Friday you'll have it.", "04-17 23:59"),
        ("The £20 comes off, corrected bill by Friday, you have my word.", "04-17 23:59"),
        ("I expect their answer on Thursday and will pass it on to you on Friday.", "04-17 23:59"),
        ("You'll see a first layout by Friday.", "04-17 23:59"),
        ("I told Ravi he gets a spare pump on Friday.", "04-17 23:59"),
        ("Told him you'd look in on Friday.", "04-17 23:59"),
        ("The spare goes in Thursday's post, first class.", "04-16 23:59"),
        ("Our own courier has it at your staff gate on Thursday, come what may.", "04-16 23:59"),
        ("plates: ground and back by the 30th", "04-30 23:59"),
        ("The whole pack, signed, on or before 24 April.", "04-24 23:59"),
        ("I'm placing the order with the maker on Friday either way.", "04-17 23:59"),
        ("Pencil us in for 22 April at 14:00.", "04-22 14:00"),
        ("The four small ones: ready on Thursday.", "04-16 23:59"),
        ("Before the weekend you have our decision in writing.", "04-17 23:59"),
        ("I will send the papers over in the course of Thursday.", "04-16 23:59"),
        ("Your fair opens on Thursday 23 April. You get the plan the Tuesday before.", "04-21 23:59"),
    ],
)
def test_people_commit_in_many_more_ways(text: str, due: str) -> None:
    assert [one.due.to.strftime("%m-%d %H:%M") for one in found(text) if one.due.to] == [due]


@pytest.mark.parametrize(
    "text",
    [
        "Must ask the yard, will drop you a line when they answer.",
        "Will pop round with it soon as it's dry",
        "I'd sooner put it to the surveyor first, and report back.",
        "The visit comes off your bill, credit note to follow.",
        "You'll have the keys the minute we've changed the lock.",
        "Told her id bring a ladder.",
    ],
)
def test_what_waits_or_names_no_day_is_promised_too(text: str) -> None:
    assert [one.due.to for one in found(text)] == [None]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("We measure on 20 April. The drawing follows ten days later.", "04-30 23:59"),
        ("Our fitter comes on 20 April. You get the form two days after he's been.", "04-22 23:59"),
        ("The tiles are glazed on 20 April. Two weeks after the glazing you get the lot.", "05-04 23:59"),
        ("We land on 23 April. I'll be with you on the Monday.", "04-27 23:59"),
    ],
)
def test_days_are_counted_from_what_was_told_above(text: str, due: str) -> None:
    assert due in [one.due.to.strftime("%m-%d %H:%M") for one in found(text) if one.due.to]


@pytest.mark.parametrize(
    "text",
    [
        "Don't expect me with the sample on Thursday.",
        "The bill falls due on 30 April, we close the file three days after payment.",
        "Marlow Pumps rang: the crate leaves on Thursday.",
        "Orders in by noon ship the same day.",
        "The new canteen goes live on Monday.",
        "On Thursday the shop gets a new roof.",
        "My son gets married on Saturday.",
        "As to the 24th, we'll do our best, though I daren't promise.",
        "As for the hours, the May rota is being done this week.",
        "There's no hire from us on the 25th.",
        "You'll see a difference by Friday.",
        "We're preparing our annual issue this week.",
    ],
)
def test_what_only_looks_like_those_is_none(text: str) -> None:
    assert not [one for one in found(text) if one.due.to]
