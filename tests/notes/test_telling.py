"""Who hears of what, and when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notes.alarms import Alarm, AlarmCode, Promised, Reason, Urgency
from notes.model import Calendar
from notes.telling import TEAM, Manner, Telling, noted, tellings, without_hushed

TOKYO = ZoneInfo("Asia/Tokyo")
MANNER = Manner(time(8, 30), timedelta(hours=2))
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5 or (day.month, day.day) == (3, 20))
THURSDAY = datetime(2026, 3, 5, tzinfo=TOKYO)


def alarm(
    key: str = "due",
    code: AlarmCode = AlarmCode.PROMISE_OVERDUE,
    *,
    owner: str | None = "sato",
    standin: str | None = None,
    due: datetime | None = None,
    urgency: Urgency = Urgency.NOW,
) -> Alarm:
    return Alarm(
        key, code, owner, standin, "acme-1", "Acme", "Pump", Promised("p1", "by noon"), None, due, Reason("x"), urgency
    )


def plan(
    *alarms: Alarm, at: datetime, told: dict[tuple[str, str], datetime] | None = None, team: bool = True
) -> list[Telling]:
    return tellings(alarms, told or {}, manner=MANNER, calendar=CALENDAR, now=at, team=team)


def after(first: list[Telling], at: datetime) -> dict[tuple[str, str], datetime]:
    return {one: at for telling in first for one in noted(telling)}


def readers(found: list[Telling]) -> list[tuple[str, bool]]:
    return [(one.to, one.digest) for one in found]


def at(hours: float, day: datetime = THURSDAY) -> datetime:
    return day + timedelta(hours=hours)


def test_the_morning_begins_with_one_digest_a_person() -> None:
    found = plan(alarm("a"), alarm("b"), alarm("c", owner="ito"), at=at(8.5))
    assert readers(found) == [("sato", True), ("ito", True)]
    assert [one.key for one in found[0].alarms] == ["a", "b"]
    assert plan(alarm("a"), alarm("b"), at=at(8.6), told=after(found, at(8.5))) == []


def test_nobody_is_written_to_who_has_nothing_to_hear() -> None:
    assert plan(at=at(8.5)) == []


def test_the_next_digest_says_it_again() -> None:
    first = plan(alarm(), at=at(8.5))
    tomorrow = at(32.5)
    assert ("sato", True) in readers(plan(alarm(), at=tomorrow, told=after(first, at(8.5))))


def test_what_comes_up_during_the_day_is_told_at_once_and_once() -> None:
    morning = after(plan(alarm("old"), at=at(8.5)), at(8.5))
    found = plan(alarm("old"), alarm("new"), at=at(9.5), told=morning)
    assert [(one.to, [x.key for x in one.alarms]) for one in found] == [("sato", ["new"])]
    later = morning | after(found, at(9.5))
    assert plan(alarm("old"), alarm("new"), at=at(10), told=later) == []


def test_when_nothing_moves_the_team_hears_after_some_working_hours() -> None:
    told = after(plan(alarm(), at=at(10)), at(10))
    assert plan(alarm(), at=at(11.9), told=told) == []
    found = plan(alarm(), at=at(12), told=told)
    assert readers(found) == [(TEAM, False)]
    assert plan(alarm(), at=at(17), told=told | after(found, at(12))) == []


def test_hours_that_nobody_works_do_not_count_for_the_next_rung() -> None:
    friday = at(17.5, THURSDAY + timedelta(days=1))
    told = after(plan(alarm(), at=friday), friday)
    monday = at(9.2, THURSDAY + timedelta(days=4))
    assert TEAM not in [one.to for one in plan(alarm(), at=monday, told=told)]
    assert TEAM in [one.to for one in plan(alarm(), at=monday + timedelta(hours=1.5), told=told)]


def test_what_is_due_soon_goes_no_further() -> None:
    soon = alarm(urgency=Urgency.SOON)
    told = after(plan(soon, at=at(10)), at(10))
    assert readers(plan(soon, at=at(17), told=told)) == []


def test_while_the_owner_is_away_the_stand_in_hears_and_the_owner_does_not() -> None:
    found = plan(alarm(standin="ito"), at=at(10))
    assert {one.to for one in found} == {"ito"}


def test_somebody_told_before_they_fell_ill_does_not_keep_it_from_the_stand_in() -> None:
    told = after(plan(alarm(), at=at(10)), at(10))
    assert "ito" in [one.to for one in plan(alarm(standin="ito"), at=at(10.1), told=told)]


@pytest.mark.parametrize("code", [AlarmCode.OWNER_QUIET, AlarmCode.ABSENCE_OFFERED])
def test_of_an_owner_gone_quiet_the_team_hears_at_once_and_the_owner_never(code: AlarmCode) -> None:
    assert readers(plan(alarm("quiet", code), at=at(13))) == [(TEAM, False)]


@pytest.mark.parametrize(
    "moment",
    [at(3), at(22), at(11, THURSDAY + timedelta(days=2)), at(11, datetime(2026, 3, 20, tzinfo=TOKYO))],
    ids=["before work", "at night", "on Saturday", "on a holiday"],
)
def test_outside_business_hours_nothing_is_told(moment: datetime) -> None:
    assert plan(alarm(), alarm("b", owner=None), at=moment) == []


def test_unless_it_is_due_before_work_begins_again() -> None:
    due = alarm(code=AlarmCode.PROMISE_DUE_SOON, due=at(23))
    assert readers(plan(due, at=at(21))) == [("sato", False)]
    assert plan(due, at=at(23.5)) == []
    saturday = THURSDAY + timedelta(days=2)
    assert readers(plan(alarm(due=at(15, saturday)), at=at(11, saturday))) == [("sato", False)]


def test_without_an_owner_it_is_the_teams() -> None:
    assert readers(plan(alarm(owner=None), at=at(10))) == [(TEAM, False)]
    assert plan(alarm(owner=None), at=at(10), team=False) == []


def test_a_clock_set_back_tells_nothing_twice_and_set_forward_only_what_is_next() -> None:
    first = plan(alarm(), at=at(10))
    told = after(first, at(10))
    assert plan(alarm(), at=at(9), told=told | {("digest:2026-03-05", "sato"): at(8.5)}) == []
    forward = plan(alarm(), at=at(10, THURSDAY + timedelta(days=365)), told=told)
    assert sorted(readers(forward)) == [(TEAM, False), ("sato", True)]


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London"])
def test_on_the_days_the_clocks_change_the_digest_is_at_its_wall_time_once(zone: str) -> None:
    there = ZoneInfo(zone)
    calendar = Calendar(there, time(9), time(18), lambda _: False)
    for day in (datetime(2026, 3, 8), datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 11, 1)):
        moment, told, sent = day.replace(tzinfo=there).astimezone(UTC), dict[tuple[str, str], datetime](), []
        while moment.astimezone(there).date() == day.date():
            found = tellings([alarm()], told, manner=MANNER, calendar=calendar, now=moment, team=False)
            sent += [moment.astimezone(there) for one in found if one.digest]
            told |= after(found, moment)
            moment += timedelta(minutes=10)
        assert [(one.hour, one.minute) for one in sent] == [(8, 30)]


def test_what_somebody_wants_to_hear_nothing_of_is_left_out() -> None:
    one = alarm()
    for target in ("acme-1", "p1", "acme"):
        assert without_hushed([one], {target}, {"acme-1": "acme"}) == []
    assert without_hushed([one], {"other"}, {"acme-1": "acme"}) == [one]
