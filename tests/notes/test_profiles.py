from notes.profiles import Profile
from notes.traits import KEPT_OF_A_CASE, MOST_OF_A_CASE, joined

CASE = Profile.of([("word", "pump"), ("word", "seal"), ("number", "PO12")])
MAIL = Profile.of([("word", "pump"), ("number", "PO13"), ("day", "03-02")])


def test_a_profile_is_a_set_of_traits() -> None:
    assert {("word", "pump"), ("word", "seal"), ("number", "PO12")} == CASE
    assert len(CASE) == 3
    assert ("word", "seal") in CASE
    assert ("number", "seal") not in CASE
    assert ("stem", "seal") not in CASE
    assert "seal" not in CASE
    assert not Profile()
    assert {("word", "pump")} == CASE & MAIL
    assert repr(MAIL) == "Profile([('day', '03-02'), ('number', 'PO13'), ('word', 'pump')])"


def test_profiles_are_compared_kind_by_kind() -> None:
    assert CASE.shared(MAIL) == MAIL.shared(CASE) == [("word", "pump")]
    assert CASE.plus(MAIL) == {*CASE, *MAIL}
    assert CASE.of_kind("word") == {"pump", "seal"}
    assert CASE.of_kind("day") == frozenset()


def test_a_very_long_case_keeps_what_is_most_telling_and_all_of_its_newest_mail() -> None:
    every = [("word", f"w{number:05}") for number in range(MOST_OF_A_CASE)] + [("stem", "seal"), ("day", "03-01")]
    long = joined(Profile.of(every), MAIL)
    former = [("stem", "seal"), ("day", "03-01"), *(("word", f"w{number:05}") for number in range(KEPT_OF_A_CASE - 2))]
    assert long == {*former, *MAIL}
