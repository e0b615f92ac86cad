from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notes.absence import Absence
from notes.alarms import Alarm, AlarmCode, Urgency
from notes.model import (
    Ball,
    By,
    Calendar,
    Case,
    Certainty,
    Coverage,
    Customer,
    Due,
    Evidence,
    Held,
    Holder,
    Move,
    Precision,
    Promise,
    Question,
    Role,
    Standing,
)
from notes.rhythm import Sent
from notes.silence import Ledger, Limits, Offer, alarms
from notes.spells import Spell

TOKYO = ZoneInfo("Asia/Tokyo")
LABOUR_DAY = date(2026, 11, 23)
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5 or day == LABOUR_DAY)
ACME = Customer("acme", "アクメ工業", ("acme.example",))


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def day_end(day: int) -> datetime:
    return datetime(2026, 11, day, 23, 59, 59, tzinfo=TOKYO)


def promise(due: datetime | None, precision: Precision = Precision.MINUTE, made: datetime | None = None) -> Promise:
    return Promise(
        id="abc234",
        by=By.US,
        who="sato@hokuto.example",
        quote="ご回答いたします。",
        due=Due(None, due, precision if due else Precision.NONE),
        certainty=Certainty.STATED,
        conditional=False,
        made_in="m1",
        made_at=made or at(10),
        score=0.9,
        rule="ja-commit",
    )


def held(
    *promises: Promise,
    asked: datetime | None = None,
    last_out: datetime | None = None,
    questions: tuple[Question, ...] = (),
    holder: Holder = Holder.US,
    reason: str = "question-open",
) -> Held:
    case = Case("acme-1", "Pump", ACME, "sato", None, at(2), at(19), 3)
    ball = Ball(holder, asked or at(10), "m1", reason)
    return Held(case, Standing(promises, questions, ball, asked or at(10), last_out))


def seen(
    one: Held | None,
    now: datetime,
    *,
    sent: Mapping[str, Sent] | None = None,
    absences: Sequence[Absence] = (),
    usual: float | None = None,
    limits: Limits | None = None,
) -> list[Alarm]:
    cases = [one] if one else []
    ledger = Ledger(held=cases, absences=absences, sent=sent or {}, answered={"acme": usual})
    return alarms(ledger, limits or Limits(), CALENDAR, now)


def codes(found: Sequence[Alarm]) -> list[str]:
    return [one.code.value for one in found]


def owed(due: datetime, precision: Precision = Precision.MINUTE, made: datetime | None = None) -> Held:
    return held(promise(due, precision, made), asked=at(10), last_out=at(10, 11), reason="our-promise-open")


def test_a_promise_with_an_hour_is_warned_of_working_hours_before() -> None:
    case = owed(at(19, 17))
    assert codes(seen(case, at(19, 12, 59))) == []
    (alarm,) = seen(case, at(19, 13))
    assert (alarm.code, alarm.due, alarm.urgency) == (AlarmCode.PROMISE_DUE_SOON, at(19, 17), Urgency.NOW)
    assert (alarm.owner, alarm.case, alarm.customer) == ("sato", "acme-1", "アクメ工業")
    assert alarm.reason.figures["hours"] == 4.0


def test_a_promise_for_a_morning_is_warned_of_the_afternoon_before() -> None:
    assert codes(seen(owed(at(20, 10)), at(19, 15))) == ["promise-due-soon"]
    assert codes(seen(owed(at(20, 10)), at(19, 14))) == []


def test_a_promise_of_a_day_is_warned_of_from_the_opening_of_the_business_day_before() -> None:
    case = owed(day_end(24), Precision.DAY)
    assert codes(seen(case, at(20, 8, 59))) == []  # Friday; Monday is a holiday
    assert codes(seen(case, at(20, 9))) == ["promise-due-soon"]


def test_a_word_just_given_is_left_alone_for_half_of_its_time() -> None:
    case = owed(day_end(19), Precision.DAY, made=at(19, 10))
    assert codes(seen(case, at(19, 11))) == []
    assert codes(seen(case, at(19, 14))) == ["promise-due-soon"]


def test_a_call_within_the_hour_is_warned_of_before_business_opens() -> None:
    case = owed(at(19, 9, 5), made=at(19, 8, 5))
    assert codes(seen(case, at(19, 8, 30))) == []
    assert codes(seen(case, at(19, 8, 45))) == ["promise-due-soon"]


def test_a_broken_promise_keeps_the_key_of_its_warning() -> None:
    before, after = seen(owed(at(19, 17)), at(19, 16)), seen(owed(at(19, 17)), at(20, 10))
    assert codes(after) == ["promise-overdue"]
    assert before[0].key == after[0].key
    assert after[0].reason.figures["hours"] == 2.0


def test_a_moved_promise_is_warned_of_by_its_new_date_under_a_new_key() -> None:
    moved = replace(promise(at(19, 17)), moves=(Move(at(25, 17), "m2", at(18)),))
    case = held(moved, last_out=at(18), reason="our-promise-open")
    assert codes(seen(case, at(20, 10))) == []
    (alarm,) = seen(case, at(25, 14))
    assert alarm.key != seen(owed(at(19, 17)), at(19, 16))[0].key


def test_what_was_kept_or_has_no_date_raises_no_alarm_by_date() -> None:
    kept = replace(promise(at(19, 17)), kept=Evidence("m3", at(18), 1.0, "sent"))
    assert seen(held(kept, holder=Holder.THEM), at(20)) == []
    assert seen(held(promise(None), asked=at(20, 9), last_out=at(20, 9, 30)), at(20, 12)) == []


def test_the_hour_a_customer_names_for_an_answer_is_told_before_and_after() -> None:
    asked = Question("Please answer by 17:00.", "m1", at(19, 9), wanted=at(19, 17))
    case = held(asked=at(19, 9), questions=(asked,))
    assert codes(seen(case, at(19, 14))) == ["answer-due-soon"]
    assert "answer-overdue" in codes(seen(case, at(20, 9)))


def test_a_customer_who_waits_longer_than_the_least_is_told() -> None:
    case = held(asked=at(18, 10))
    assert codes(seen(case, at(19, 9, 59))) == []
    (alarm,) = seen(case, at(19, 10))
    assert (alarm.code, alarm.reason.code, alarm.reason.figures["hours"]) == (
        AlarmCode.CUSTOMER_WAITING,
        "waiting",
        9.0,
    )


def test_a_customer_used_to_slow_answers_waits_half_as_long_again() -> None:
    case = held(asked=at(17, 9))
    assert codes(seen(case, at(18, 13), usual=10.0)) == []
    (alarm,) = seen(case, at(18, 16), usual=10.0)
    assert (alarm.reason.code, alarm.reason.figures["usual"]) == ("waiting-usual", 10.0)


def test_however_slow_we_have_been_three_days_are_too_long() -> None:
    assert codes(seen(held(asked=at(16, 9)), at(19, 9), usual=100.0)) == ["customer-waiting"]


def test_a_date_given_is_what_the_customer_waits_for() -> None:
    case = held(promise(at(30, 17)), asked=at(10), last_out=at(11), reason="our-promise-open")
    assert seen(case, at(20)) == []


def test_nights_weekends_and_holidays_are_no_waiting() -> None:
    assert codes(seen(held(asked=at(20, 17)), at(24, 12))) == []


WROTE = {"sato": Sent(at(18, 17), None, None)}


def test_an_owner_silent_for_a_morning_on_which_something_is_due_has_gone_quiet() -> None:
    case = owed(day_end(19), Precision.DAY)
    assert codes(seen(case, at(19, 11), sent=WROTE)) == ["promise-due-soon"]
    found = seen(case, at(19, 12), sent=WROTE)
    assert codes(found) == ["owner-quiet", "promise-due-soon"]
    assert found[0].reason.figures == {"hours": 4.0, "limit": 4.0, "promises": 1, "waiting": 0}
    assert (found[0].since, found[0].due) == (at(18, 17), day_end(19))


def test_who_wrote_this_morning_is_not_quiet_nor_who_has_nothing_due_today() -> None:
    case = owed(day_end(19), Precision.DAY)
    assert "owner-quiet" not in codes(seen(case, at(19, 13), sent={"sato": Sent(at(19, 9, 30), None, None)}))
    assert "owner-quiet" not in codes(seen(owed(day_end(20), Precision.DAY), at(19, 13), sent=WROTE))


def test_who_mostly_begins_in_the_afternoon_or_writes_seldom_is_given_that_time() -> None:
    case = owed(day_end(19), Precision.DAY)
    late = {"sato": Sent(at(18, 17), 2.0, time(14))}
    assert "owner-quiet" not in codes(seen(case, at(19, 13), sent=late))
    assert "owner-quiet" in codes(seen(case, at(19, 14), sent=late))
    assert "owner-quiet" not in codes(seen(case, at(19, 13), sent={"sato": Sent(at(18, 17), 8.0, None)}))


def test_the_least_silence_is_a_setting() -> None:
    case, limits = owed(day_end(19), Precision.DAY), Limits(quiet_after=7.0)
    assert "owner-quiet" not in codes(seen(case, at(19, 14), sent=WROTE, limits=limits))
    assert "owner-quiet" in codes(seen(case, at(19, 15), sent=WROTE, limits=limits))


def test_nobody_is_quiet_on_a_day_off() -> None:
    late = owed(at(20, 17))
    assert "owner-quiet" not in codes(seen(late, at(21, 14), sent=WROTE))
    assert "owner-quiet" not in codes(seen(late, at(23, 14), sent=WROTE))
    assert "owner-quiet" in codes(seen(late, at(24, 14), sent=WROTE))


def test_who_is_away_is_not_quiet_and_the_standin_is_on_the_alarm() -> None:
    ill = Absence("sato", "suzuki", at(19, 8), None, "mori", at(19, 8))
    (alarm,) = seen(owed(day_end(19), Precision.DAY), at(19, 12), sent=WROTE, absences=[ill])
    assert (alarm.code, alarm.owner, alarm.standin) == (AlarmCode.PROMISE_DUE_SOON, "sato", "suzuki")


def test_a_silence_of_days_is_no_news_that_ends_with_the_night() -> None:
    late = owed(at(19, 17))
    assert "owner-quiet" in codes(seen(late, at(20, 18), sent=WROTE))
    assert "owner-quiet" in codes(seen(late, at(24, 9), sent=WROTE))


def test_a_word_given_yesterday_for_this_morning_is_warned_of_before_business_opens() -> None:
    case = owed(at(20, 12), made=at(19, 17, 55))
    assert codes(seen(case, at(19, 18))) == []
    (alarm,) = seen(case, at(20, 8, 40))
    assert (alarm.code, alarm.urgency) == (AlarmCode.PROMISE_DUE_SOON, Urgency.NOW)


def test_the_same_silence_keeps_its_key() -> None:
    case = owed(day_end(19), Precision.DAY)
    noon, later = seen(case, at(19, 12), sent=WROTE), seen(case, at(20, 15), sent=WROTE)
    assert len({one.key for one in (*noon, *later) if one.code is AlarmCode.OWNER_QUIET}) == 1


def coverage(read_until: datetime | None, folder: str = "INBOX") -> Coverage:
    return Coverage("sato", folder, Role.INBOX, read_until, 1, 0, None)


def unread(*folders: Coverage, never: Sequence[str] = ()) -> list[Alarm]:
    ledger = Ledger(held=(), coverage=folders, owner_of={"sato": "sato"}, unread=never)
    return alarms(ledger, Limits(), CALENDAR, at(19, 12))


def test_a_mailbox_not_read_for_too_long_is_told_once_for_all_of_its_folders() -> None:
    (alarm,) = unread(coverage(at(19, 7)), coverage(at(19, 6), "Sent"))
    assert (alarm.code, alarm.owner, alarm.since) == (AlarmCode.MAILBOX_UNREAD, "sato", at(19, 6))
    assert alarm.reason.figures == {"mailbox": "sato", "hours": 6.0}
    assert unread(coverage(at(19, 8, 1))) == []


def test_a_mailbox_never_read_is_told_so() -> None:
    assert [one.reason.code for one in (*unread(coverage(None)), *unread(never=["log"]))] == ["never", "never"]


def test_silence_cannot_be_known_of_a_mailbox_that_is_not_read() -> None:
    ledger = Ledger(
        held=[owed(day_end(19), Precision.DAY)],
        sent=WROTE,
        coverage=[coverage(at(19, 7))],
        owner_of={"sato": "sato"},
    )
    assert codes(alarms(ledger, Limits(), CALENDAR, at(19, 12))) == ["mailbox-unread", "promise-due-soon"]


def test_an_absence_told_by_an_automatic_reply_is_offered_until_somebody_declares_it() -> None:
    offer = Offer("sato", at(19, 9), Spell(at(19, 9), at(24)))
    ledger = Ledger(held=(), offers=[offer])
    (alarm,) = alarms(ledger, Limits(), CALENDAR, at(19, 12))
    assert (alarm.code, alarm.owner, alarm.reason.figures["until"]) == (
        AlarmCode.ABSENCE_OFFERED,
        "sato",
        at(24).isoformat(),
    )
    declared = Absence("sato", "suzuki", at(19, 8), None, "mori", at(19, 8))
    assert alarms(replace(ledger, absences=[declared]), Limits(), CALENDAR, at(19, 12)) == []


def test_what_must_be_acted_on_first_comes_first() -> None:
    late, soon = owed(at(19, 17)), owed(day_end(20), Precision.DAY)
    other = replace(soon, case=replace(soon.case, key="acme-2"))
    found = alarms(Ledger(held=[other, late]), Limits(), CALENDAR, at(19, 17) + timedelta(minutes=5))
    assert codes(found) == ["promise-overdue", "promise-due-soon"]
