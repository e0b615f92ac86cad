from datetime import UTC, datetime, timedelta

import pytest

from ingest.patience import after_failure, is_lasting, mail_is_due, wait_left
from notes.store.leases import Trouble

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
CLOSED, WRONG = "mailbox-closed: tired", "mailbox-wrong-password: [AUTHENTICATIONFAILED] no"
BUSY = "mailbox-login-refused: [UNAVAILABLE] later"


def failed(error: str, times: int, chance: float = 0.5) -> Trouble:
    trouble = None
    for _ in range(times):
        trouble = after_failure(trouble, error, NOW, chance)
    assert trouble
    return trouble


def waits(error: str, times: int, chance: float = 0.5) -> float:
    return (failed(error, times, chance).retry_at - NOW).total_seconds()


def test_each_wait_is_twice_the_last_one_up_to_a_longest() -> None:
    assert [waits(CLOSED, times) for times in (1, 2, 3, 4)] == [10, 20, 40, 80]
    assert waits(CLOSED, 1000) == 900


def test_a_server_that_is_asked_too_much_and_a_wrong_password_are_left_alone_for_longer() -> None:
    assert [waits(BUSY, times) for times in (1, 2, 9)] == [300, 600, 3600]
    assert [waits(WRONG, times) for times in (1, 2, 9)] == [900, 1800, 21600]
    assert waits("mailbox-wrong-password: Too many login failures", 1) == 900


def test_chance_spreads_the_tries_of_many_mailboxes() -> None:
    assert [waits(CLOSED, 1, chance) for chance in (0.0, 1.0)] == [7.5, 12.5]


def test_another_kind_of_failure_begins_anew() -> None:
    assert after_failure(failed(CLOSED, 7), WRONG, NOW, 0.5).failures == 1
    assert after_failure(failed(CLOSED, 7), "mailbox-timeout", NOW, 0.5).failures == 8


def test_who_asks_is_let_through_except_where_an_account_could_be_locked() -> None:
    none, minute = timedelta(), timedelta(minutes=1)
    assert wait_left(None, NOW, asked=False) == none
    assert wait_left(failed(CLOSED, 9), NOW + minute, asked=True) == none
    assert wait_left(failed(CLOSED, 9), NOW + minute, asked=False) > none
    assert wait_left(failed(WRONG, 2), NOW + minute, asked=True) == none
    assert wait_left(failed(WRONG, 3), NOW + minute, asked=True) == timedelta(minutes=59)
    assert wait_left(failed(WRONG, 3), NOW + timedelta(minutes=61), asked=False) == none


@pytest.mark.parametrize("now", [NOW - timedelta(days=3), NOW - timedelta(seconds=1)])
def test_a_wait_that_a_clock_noted_which_was_set_back_is_over(now: datetime) -> None:
    assert wait_left(failed(WRONG, 9), now, asked=False) == timedelta()


def test_a_wait_longer_than_any_is_over() -> None:
    odd = Trouble(1, CLOSED, NOW, NOW + timedelta(days=400))
    assert wait_left(odd, NOW + timedelta(seconds=1), asked=False) == timedelta()


def test_what_a_person_must_mend_is_told_from_what_passes() -> None:
    assert is_lasting(WRONG)
    assert is_lasting("mailbox-sign-in-ended: AADSTS700082")
    assert is_lasting("mailbox-tls-expired")
    assert not is_lasting(CLOSED)
    assert not is_lasting("mailbox-unknown-host: Name or service not known")


def test_a_mail_that_is_not_handed_over_is_asked_for_thrice_and_then_ever_less_often() -> None:
    minutes = [10, 20, 40]
    assert all(mail_is_due(tries, NOW, NOW) for tries in (0, 1, 2))
    for tries, wait in enumerate(minutes, 3):
        assert not mail_is_due(tries, NOW, NOW + timedelta(minutes=wait - 1))
        assert mail_is_due(tries, NOW, NOW + timedelta(minutes=wait))
    assert mail_is_due(1_000, NOW, NOW + timedelta(days=1))
    assert mail_is_due(9, NOW, NOW - timedelta(days=1))  # the clock was set back
