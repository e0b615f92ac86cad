"""Cursors, failures, quarantine and coverage."""

from dataclasses import replace
from datetime import timedelta

from notes.model import Coverage, Cursor, Place, Role
from notes.store import leases, mails, places
from notes.store.engine import Store
from tests.notes.stores import MONDAY, message, raw


def test_a_cursor_is_where_it_was_moved_to(store: Store) -> None:
    with store.begin() as db:
        assert places.cursor(db, "taro", "INBOX") is None
        places.move_cursor(db, "taro", "INBOX", Role.INBOX, Cursor(7, 12), MONDAY)
        places.move_cursor(db, "taro", "INBOX", Role.INBOX, Cursor(4_294_967_295, 4_294_967_295), MONDAY)
    with store.read() as db:
        assert places.cursor(db, "taro", "INBOX") == Cursor(4_294_967_295, 4_294_967_295)
        assert places.cursor(db, "taro", "Sent") is None


def test_a_failure_stays_until_the_folder_was_read(store: Store) -> None:
    later = MONDAY + timedelta(hours=1)
    with store.begin() as db:
        places.record_failure(db, "taro", "INBOX", Role.INBOX, "login refused", MONDAY)
        assert places.cursor(db, "taro", "INBOX") is None
        failed = Coverage("taro", "INBOX", Role.INBOX, None, 0, 0, "login refused", failing_since=MONDAY)
        assert places.coverage(db) == [failed]
        places.record_failure(db, "taro", "INBOX", Role.INBOX, None, later)
        assert places.coverage(db) == [Coverage("taro", "INBOX", Role.INBOX, later, 0, 0, None)]
        places.record_failure(db, "taro", "INBOX", Role.INBOX, "gone", later)
        places.move_cursor(db, "taro", "INBOX", Role.INBOX, Cursor(7, 1), later)
        assert places.coverage(db)[0].error is None


def test_of_failures_in_a_row_the_first_says_since_when_and_the_last_when_to_try_again(store: Store) -> None:
    later, again = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)
    with store.begin() as db:
        for at, why in ((MONDAY, "refused"), (later, "gone")):
            places.record_failure(db, "taro", "INBOX", Role.INBOX, why, at)
            leases.note_trouble(db, "taro", leases.Trouble(1, why, at, again))
        (found,) = places.coverage(db)
        assert (found.error, found.failing_since, found.next_try) == ("gone", MONDAY, again)
        places.move_cursor(db, "taro", "INBOX", Role.INBOX, Cursor(7, 1), later)
        (found,) = places.coverage(db)
        assert (found.failing_since, found.next_try) == (None, None)
        places.record_failure(db, "taro", "INBOX", Role.INBOX, "gone", again)
        assert places.coverage(db)[0].failing_since == again


def test_what_cannot_be_read_is_kept_listed_and_released(store: Store) -> None:
    bad = raw(9, data=b"\x00\xff no mail")
    with store.begin() as db:
        places.move_cursor(db, "taro", "INBOX", Role.INBOX, Cursor(7, 9), MONDAY)
        mails.add(db, [(message("a"), raw(1)), (message("a"), raw(2))])
        places.quarantine(db, bad, "no-headers", MONDAY)
        places.quarantine(db, bad, "too-deep", MONDAY + timedelta(days=1))
    with store.read() as db:
        (listed,) = places.quarantined(db)
        assert (listed.place, listed.reason, listed.tries) == (Place("taro", "INBOX", 7, 9), "too-deep", 2)
        assert places.quarantined_mail(db, listed.place) == bad
        assert places.coverage(db) == [Coverage("taro", "INBOX", Role.INBOX, MONDAY, 1, 1, None)]  # one message twice
        assert places.gaps(db) == [("taro", "INBOX", None, 1)]
    with store.begin() as db:
        places.release(db, bad.place, raw(1).place)
        assert places.quarantined(db) == []
        assert places.quarantined_mail(db, bad.place) is None


def test_a_mail_that_got_another_number_when_a_folder_was_renumbered_counts_once(store: Store) -> None:
    again = raw(1)
    again = replace(again, place=replace(again.place, uidvalidity=8))
    with store.begin() as db:
        places.move_cursor(db, "taro", "INBOX", Role.INBOX, Cursor(8, 1), MONDAY)
        mails.add(db, [(message("a"), raw(1)), (message("b"), raw(2)), (message("a"), again)])
        assert [one.messages for one in places.coverage(db)] == [2]
