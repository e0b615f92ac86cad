from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from notes.handover import Row, RowState, overview
from notes.model import (
    Ball,
    By,
    Calendar,
    Case,
    Certainty,
    Customer,
    Due,
    Evidence,
    Held,
    Holder,
    Move,
    Precision,
    Promise,
    Question,
    Standing,
)

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5 or day == date(2026, 11, 23))
ACME = Customer("acme", "アクメ工業", ("acme.example",))


def at(day: int, hour: int = 10, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=TOKYO)


def end_of(day: int) -> datetime:
    return at(day, 23, 59, 59)


NOW = at(20, 8, 40)


def promise(
    due: datetime | None, *, by: By = By.US, kept: Evidence | None = None, moves: tuple[Move, ...] = ()
) -> Promise:
    return Promise(
        id="abc234",
        by=by,
        who="sato@hokuto.example",
        quote="ご回答いたします。",
        due=Due(None, due, Precision.DAY if due else Precision.NONE),
        certainty=Certainty.STATED,
        conditional=False,
        made_in="m1",
        made_at=at(12),
        score=0.9,
        rule="ja-commit",
        kept=kept,
        moves=moves,
    )


def held(
    key: str,
    *promises: Promise,
    ball: Holder = Holder.US,
    since: datetime | None = None,
    questions: tuple[Question, ...] = (),
    last: datetime | None = None,
) -> Held:
    case = Case(key, key, ACME, "takahashi", None, at(9), last or at(19), 3)
    return Held(case, Standing(promises, questions, Ball(ball, since or at(19), "m1", "asked"), at(19), at(12)))


def keys(*cases: Held) -> list[str]:
    return [row.case.key for row in rows(cases)]


def rows(cases: Sequence[Held]) -> tuple[Row, ...]:
    return overview("takahashi", cases, {}, (), standin=None, calendar=CALENDAR, now=NOW).rows


def test_what_can_still_be_kept_at_a_set_hour_today_comes_before_what_is_broken_already() -> None:
    assert keys(held("broken", promise(end_of(18))), held("noon", promise(at(20, 12)))) == ["noon", "broken"]


def test_two_hours_of_today_stand_in_order_of_the_clock() -> None:
    assert keys(held("five", promise(at(20, 17))), held("noon", promise(at(20, 12)))) == ["noon", "five"]


def test_what_is_broken_comes_before_what_is_due_in_the_course_of_today() -> None:
    assert keys(held("today", promise(end_of(20))), held("broken", promise(end_of(18)))) == ["broken", "today"]


def test_soon_then_waiting_customers_then_later_dates_then_quiet_cases() -> None:
    quiet = held("quiet", ball=Holder.THEM, last=at(1))
    later = held("later", promise(end_of(30)))
    soon = held("soon", promise(end_of(23)))
    waiting = held("waiting")
    assert keys(quiet, later, waiting, soon) == ["soon", "waiting", "later", "quiet"]
    states = [row.state for row in rows([quiet, later, waiting, soon])]
    assert states == [RowState.SOON, RowState.WAITING, RowState.WAITING, RowState.QUIET]


def test_the_customer_who_waits_longest_comes_first_among_those_who_wait() -> None:
    assert keys(held("new", since=at(19)), held("old", since=at(17))) == ["old", "new"]


def test_a_moved_promise_stands_at_its_new_date() -> None:
    moved = promise(end_of(18), moves=(Move(at(20, 17), "m2", at(19)),))
    (row,) = rows([held("acme-1", moved)])
    assert (row.state, row.due) == (RowState.TODAY, at(20, 17))


def test_a_move_whose_mail_bounced_moves_nothing() -> None:
    moved = promise(end_of(18), moves=(Move(at(20, 17), "m2", at(19), void=True),))
    assert rows([held("acme-1", moved)])[0].state is RowState.OVERDUE


def test_the_hour_a_customer_names_counts_like_a_promised_one() -> None:
    asked = Question("Please answer by noon.", "m1", at(19), wanted=at(20, 12))
    (row,) = rows([held("acme-1", questions=(asked,))])
    assert (row.state, row.due, row.promise, row.unanswered) == (RowState.TODAY, at(20, 12), None, 1)


def test_of_two_things_at_one_hour_the_one_the_customer_named_comes_first() -> None:
    asked = Question("Our broker needs it by noon.", "m1", at(19), wanted=at(20, 12))
    assert keys(held("a", promise(at(20, 12))), held("b", questions=(asked,))) == ["b", "a"]


def test_a_date_given_since_the_question_replaces_the_one_the_customer_named() -> None:
    asked = Question("Please answer by Wednesday.", "m1", at(11), wanted=end_of(18))
    (row,) = rows([held("acme-1", promise(at(20, 17)), questions=(asked,))])
    assert (row.due, row.promise is not None) == (at(20, 17), True)


def test_a_broken_promise_does_not_hide_the_hour_a_customer_names() -> None:
    asked = Question("Please answer by noon.", "m1", at(19), wanted=at(20, 12))
    found = rows([held("acme-1", promise(end_of(18)), questions=(asked,)), held("acme-2", promise(end_of(17)))])
    assert [(row.case.key, row.state) for row in found] == [
        ("acme-1", RowState.TODAY),
        ("acme-1", RowState.OVERDUE),
        ("acme-2", RowState.OVERDUE),
    ]


def test_a_broken_promise_the_customer_asks_about_stands_before_an_older_one() -> None:
    asked = Question("Where is it?", "m1", at(19))
    chased = held("acme-1", promise(end_of(18)), questions=(asked,))
    assert keys(held("acme-2", promise(end_of(16))), chased) == ["acme-1", "acme-2"]
    assert keys(held("acme-2", promise(end_of(16))), held("acme-1", promise(end_of(18)))) == ["acme-2", "acme-1"]


def test_once_our_day_has_passed_the_hour_that_the_customer_named_counts_again() -> None:
    made_after = replace(promise(end_of(18)), made_at=at(17))
    asked = Question("Can they come?", "m1", at(16), wanted=at(20, 12))
    assert next(row.due for row in rows([held("acme-1", made_after, questions=(asked,))])) == at(20, 12)
    in_force = replace(promise(end_of(22)), made_at=at(17))
    assert [row.due for row in rows([held("acme-1", in_force, questions=(asked,))])] == [end_of(22)]


def test_kept_promises_and_finished_exchanges_need_nobody() -> None:
    done = promise(end_of(18), kept=Evidence("m3", at(18), 0.9, "attachment"))
    assert keys(held("done", done, ball=Holder.NOBODY)) == []


def test_promises_of_the_other_side_are_not_what_the_owner_owes() -> None:
    assert keys(held("theirs", promise(end_of(18), by=By.THEM), ball=Holder.NOBODY)) == []


def test_the_working_hours_a_customer_has_waited_are_told() -> None:
    (row,) = rows([held("acme-1", since=at(19, 16))])
    assert row.waited == 2.0
