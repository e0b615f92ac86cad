"""Where mails are once people have put some of them elsewhere."""

from datetime import UTC, datetime, timedelta

from notes.cases import Candidate
from notes.corrected import Settled, in_force, settle
from notes.model import Correction
from notes.placing import FOLLOWS, Placed, answers, homes, pins, united
from notes.profiles import Profile

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def follows(ref: str, *ancestors: str, ruled: str | None = "a-1") -> Placed:
    return Placed(ref, ancestors, FOLLOWS, ruled)


def made(number: int, kind: str, target: str = "", *, days: int = 0, **value: str) -> Correction:
    return Correction(number, NOON + timedelta(days=days), "mori", kind, target, value)


ROOT = Placed("root", (), "first", "a-1")


def test_without_a_word_of_anybody_every_mail_is_where_the_rules_put_it() -> None:
    rows = [ROOT, follows("one", "root"), Placed("other", ("root",), "stem", "a-2"), Placed("news", (), "", None)]
    assert homes(rows, {}) == {"root": "a-1", "one": "a-1", "other": "a-2", "news": None}


def test_answers_follow_what_they_answer_and_what_the_rules_joined_otherwise_does_not() -> None:
    rows = [ROOT, follows("one", "root"), follows("two", "one", "root"), Placed("other", ("root",), "stem", "a-2")]
    assert homes(rows, {"one": "b-1"}) == {"root": "a-1", "one": "b-1", "two": "b-1", "other": "a-2"}
    assert homes(rows, {"root": "b-1"}) == {"root": "b-1", "one": "b-1", "two": "b-1", "other": "a-2"}
    assert homes(rows, {"root": "b-1", "two": "c-1"})["two"] == "c-1"


def test_an_answer_to_an_answer_nobody_has_seen_follows_the_nearest_one_that_is_here() -> None:
    rows = [ROOT, follows("late", "unseen", "one", "root"), follows("one", "root")]
    assert homes(rows, {"one": "b-1"})["late"] == "b-1"


def test_what_followed_nobodys_mail_is_for_the_rules_to_look_at_anew() -> None:
    rows = [Placed("news", (), "", None), follows("answer", "news")]
    assert homes(rows, {"news": "b-1"}) == {"news": "b-1", "answer": "b-1"}
    assert homes(rows, {}) == {"news": None, "answer": None}


def test_mails_that_name_each_other_stay_where_the_rules_put_them() -> None:
    rows = [follows("hen", "egg"), follows("egg", "hen"), follows("own", "own")]
    assert homes(rows, {}) == {"hen": "a-1", "egg": "a-1", "own": "a-1"}
    assert homes(rows, {"egg": "b-1"}) == {"hen": "b-1", "egg": "b-1", "own": "a-1"}


def test_a_long_thread_is_placed_without_going_down_into_it() -> None:
    rows = [ROOT, *(follows(f"m{n}", f"m{n - 1}" if n else "root") for n in range(3000))]
    assert set(homes(rows[::-1], {"m0": "b-1"}).values()) == {"a-1", "b-1"}
    assert len(answers(rows, ["m0"], [row.ref for row in rows])) == 3000


def test_the_last_word_on_a_mail_counts_and_so_does_what_was_to_stay() -> None:
    log = [
        made(1, "case-split", "a-1", to="a-2", refs="one\ntwo"),
        made(2, "case-move", "two", to="a-3", refs="two", stay="a-2 three"),
        made(3, "case-rename", "a-1", title="x"),
    ]
    assert pins(log) == {"one": "a-2", "two": "a-3", "three": "a-2"}


def test_answers_are_those_in_the_same_case_however_far_down() -> None:
    rows = [ROOT, follows("one", "root"), follows("two", "one"), follows("else", "one"), follows("below", "else")]
    assert answers(rows, ["one"], ["root", "one", "two", "below"]) == ["one", "two"]
    assert answers(rows, ["note-1"], ["root"]) == ["note-1"]


def test_what_was_taken_back_counts_no_longer_and_until_then_it_did() -> None:
    log = [made(1, "case-close", "a-1"), made(2, "case-rename", "a-1", title="x"), made(3, "undo", "2", days=2)]
    assert [one.id for one in in_force(log)] == [1]
    assert [one.id for one in in_force(log, NOON + timedelta(days=1))] == [1, 2]
    assert in_force(log, NOON - timedelta(days=1)) == []


def test_a_case_is_called_and_looked_after_as_the_last_word_says() -> None:
    log = [made(1, "case-rename", "a-1", title="x"), made(2, "case-rename", "a-1", title="y")]
    log += [made(3, "case-assign", "a-1", owner="kudo"), made(4, "case-rename", "a-2", title="z")]
    assert settle("a-1", log, None) == Settled("y", "kudo", None)
    assert settle("a-1", [*log, made(5, "case-assign", "a-1", owner="")], None).owner is None


def test_a_closed_case_opens_when_its_customer_wants_something_again() -> None:
    closed = [made(1, "case-close", "a-1")]
    assert settle("a-1", closed, NOON - timedelta(hours=1)).closed_at == NOON
    assert settle("a-1", closed, NOON + timedelta(hours=1)).closed_at is None
    assert settle("a-1", [*closed, made(2, "case-reopen", "a-1")], None).closed_at is None


def test_parts_of_a_case_are_weighed_as_one_under_the_part_that_fits_best() -> None:
    pump = Candidate("a-1", "Pump", "a", NOON, Profile.of([("stem", "pump"), ("number", "7")]))
    bill = Candidate("a-2", "Bill", "a", NOON + timedelta(days=1), Profile.of([("stem", "bill")]))
    gate = Candidate("a-3", "Gate", "a", NOON, Profile.of([("stem", "gate")]))
    mail = frozenset({("number", "7")})
    one, other = united([bill, pump, gate], {"a-2": "a-1", "a-1": "a-1"}, mail, [])
    assert (one.key, one.traits, one.last_at) == ("a-1", pump.traits.plus(bill.traits), bill.last_at)
    assert other == gate
    assert united([bill, pump], {"a-2": "a-1"}, mail, ["a-2"])[0].key == "a-2"


def test_a_ref_may_hold_whatever_ends_a_line_elsewhere() -> None:
    odd = "a\u2028b\x0bc\x85d@x"
    assert pins([made(1, "case-move", odd, to="a-2", refs=odd, stay=f"a-1 e f {odd}")]) == {
        odd: "a-2",
        f"e f {odd}": "a-1",
    }
