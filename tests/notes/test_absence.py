from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from notes.absence import AWAY, BACK, absence_of, absences, covered_by, first_day_back, standin_of
from notes.model import Calendar, Correction

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YEAR = {date(2026, 12, day) for day in (29, 30, 31)} | {date(2027, 1, day) for day in (1, 2, 3)}
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5 or day in NEW_YEAR)


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=TOKYO)


def away(owner: str, to: str, since: datetime, until: datetime | None = None, who: str = "mori") -> Correction:
    value = {"to": to, "since": since.isoformat(), "until": until.isoformat() if until else ""}
    return Correction(0, since, who, AWAY, owner, value)


def back(owner: str, since: datetime) -> Correction:
    return Correction(0, since, "mori", BACK, owner, {"since": since.isoformat()})


def standin(owner: str, moment: datetime, *log: Correction) -> str | None:
    return standin_of(owner, absences(log), moment)


def test_who_is_away_is_stood_in_for_from_the_first_moment_to_the_last() -> None:
    log = away("sato", "suzuki", at(25), at(27))
    seen = [standin("sato", moment, log) for moment in (at(25, 9), at(25), at(26, 23), at(27))]
    assert seen == [None, "suzuki", "suzuki", None]


def test_without_an_end_an_absence_lasts_until_the_owner_is_back() -> None:
    log = (away("sato", "suzuki", at(20)), back("sato", at(25)))
    assert [standin("sato", moment, *log) for moment in (at(24), at(25))] == ["suzuki", None]


def test_a_standin_who_is_away_too_hands_on_to_theirs() -> None:
    log = (away("sato", "suzuki", at(20)), away("suzuki", "mori", at(24), at(26)))
    assert [standin("sato", moment, *log) for moment in (at(23), at(25), at(27))] == ["suzuki", "mori", "suzuki"]


def test_in_a_circle_nobody_stands_in() -> None:
    log = (away("sato", "suzuki", at(20)), away("suzuki", "mori", at(20)), away("mori", "sato", at(20)))
    assert [standin(who, at(21), *log) for who in ("sato", "suzuki", "mori")] == [None, None, None]


def test_a_very_long_chain_ends() -> None:
    log = [away(str(n), str(n + 1), at(20)) for n in range(500)]
    assert standin("0", at(21), *log) is None


def test_said_again_with_the_same_standin_an_absence_ends_anew() -> None:
    log = (away("sato", "suzuki", at(20), at(30)), away("sato", "suzuki", at(21), at(24)))
    assert [standin("sato", moment, *log) for moment in (at(20), at(23), at(25))] == ["suzuki", "suzuki", None]
    assert len(absences(log)) == 1


def test_somebody_else_within_an_absence_holds_for_that_time_only() -> None:
    log = (away("sato", "suzuki", at(20), at(30)), away("sato", "mori", at(24), at(25)))
    assert [standin("sato", moment, *log) for moment in (at(23), at(24), at(26))] == ["suzuki", "mori", "suzuki"]


def test_a_declaration_that_begins_before_takes_the_place_of_the_one_it_meets() -> None:
    log = (away("sato", "suzuki", at(25), at(30)), away("sato", "mori", at(24), at(26)))
    assert [standin("sato", moment, *log) for moment in (at(25), at(27))] == ["mori", None]


def test_back_before_it_begins_calls_an_absence_off() -> None:
    assert absences((away("sato", "suzuki", at(25)), back("sato", at(20)))) == ()


def test_back_leaves_the_absences_of_others() -> None:
    log = (away("sato", "suzuki", at(20)), away("mori", "suzuki", at(20)), back("sato", at(21)))
    assert covered_by("suzuki", absences(log), at(22)) == {"mori"}


def test_who_declared_it_is_kept() -> None:
    found = absence_of("sato", absences([away("sato", "suzuki", at(20), who="kudo")]), at(21))
    assert found is not None
    assert (found.declared_by, found.declared_at) == ("kudo", at(20))


def test_the_first_day_back_is_a_working_day_also_after_company_holidays() -> None:
    (found,) = absences([away("sato", "suzuki", at(20), datetime(2026, 12, 29, tzinfo=TOKYO))])
    assert first_day_back(found, CALENDAR) == date(2027, 1, 4)
