"""Leases and failures of mailboxes, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from notes.store import leases
from notes.store.engine import Store, open_store
from notes.store.leases import Trouble

NOW = datetime.now(UTC)
LASTS = timedelta(minutes=2)


def never(_holder: str) -> bool:
    return False


def take(store: Store, holder: str, at: timedelta = timedelta(), gone: str = "") -> str | None:
    with store.aside() as db:
        return leases.take(db, "sato", holder, NOW + at, LASTS, lambda one: one == gone)


def test_a_mailbox_is_one_holders_until_it_gives_it_back(store: Store) -> None:
    assert take(store, "a") is None
    assert take(store, "b") == "a"
    assert take(store, "a") is None
    with store.aside() as db:
        leases.release(db, "b")
        leases.release(db, "a", "mori")
    assert take(store, "b") == "a"
    with store.aside() as db:
        leases.release(db, "a", "sato")
    assert take(store, "b") is None


def test_a_lease_that_ran_out_is_free_and_its_former_holder_learns_of_it(store_url: str) -> None:
    store = open_store(store_url)
    with store.aside() as db:
        leases.take(db, "sato", "a", NOW, timedelta(seconds=-1), never)
        leases.take(db, "mori", "a", NOW, LASTS, never)
    assert take(store, "b") is None
    with store.aside() as db:
        assert leases.renew(db, ["sato", "mori"], "a", NOW, LASTS) == {"mori"}
        assert leases.renew(db, ["sato"], "b", NOW, LASTS) == {"sato"}
    store.close()


def test_a_holder_that_is_known_to_be_dead_holds_nothing(store: Store) -> None:
    assert take(store, "a") is None
    assert take(store, "b", gone="a") is None
    assert take(store, "a") == "b"


def test_a_lease_from_a_clock_that_was_set_back_since_holds_nobody_off(store: Store) -> None:
    with store.aside() as db:
        leases.take(db, "sato", "a", NOW, timedelta(days=3), never)
    assert take(store, "b") is None


def test_of_many_who_take_a_mailbox_at_once_one_gets_it(store_url: str) -> None:
    open_store(store_url).close()
    start = Barrier(6)

    def ask(number: int) -> str | None:
        mine = open_store(store_url)
        start.wait()
        try:
            return take(mine, f"holder-{number}")
        finally:
            mine.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert answers.count(None) == 1
    assert {f"holder-{answers.index(None)}"} == {one for one in answers if one}


def test_a_lease_is_renewed_while_the_diary_is_written(store_url: str) -> None:
    if store_url.startswith("sqlite"):
        return  # one writer for the whole file: nobody else can take the lease meanwhile either
    one, other = open_store(store_url), open_store(store_url)
    with one.begin(), other.aside() as db:
        assert leases.take(db, "sato", "b", NOW, LASTS, never) is None
    one.close()
    other.close()


def test_failures_are_kept_until_the_mailbox_can_be_read(store: Store) -> None:
    failed = Trouble(3, "mailbox-closed: tired", NOW, NOW + LASTS)
    with store.aside() as db:
        assert leases.trouble(db, "sato") is None
        leases.note_trouble(db, "sato", failed)
        leases.take(db, "sato", "a", NOW, LASTS, never)
    with store.read() as db:
        assert leases.trouble(db, "sato") == failed
        assert leases.trouble(db, "mori") is None
    with store.aside() as db:
        leases.note_trouble(db, "sato", None)
        assert leases.trouble(db, "sato") is None
    assert take(store, "b") == "a"
