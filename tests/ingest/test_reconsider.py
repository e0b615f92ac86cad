"""The diary read again: any order of arrival ends in the same cases, and what people decided stays."""

import os
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from ingest import filing, workers
from ingest import receive as conductor
from ingest.context import Context
from ingest.receive import catch_up, receive, stand_some
from ingest.reconsider import Refiled, file_in_order, reconsider
from notes import phrases
from notes.errors import NotFoundError
from notes.model import Address, Calendar, Content, Directory, Kind, Place, RawMail, Role, Staff, Via
from notes.store import cases, customers, mails, pending, rereading, schema, unfiled
from notes.store.engine import Store, open_store

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/Dublin"))
NORA, SEAN = "Nora Byrne <nora@fenlight.example>", "Sean Daly <sean@fenlight.example>"
LOG = "log@fenlight.example"
RYE, QUILL, MILL = (
    "Olive Ryan <olive@ryebakery.example>",
    "Quentin Hart <q.hart@quillprint.example>",
    "Tess Mill <tess@millmotors.example>",
)
CONTEXT = Context(
    Directory(
        organisation="Fenlight Ltd",
        domains=frozenset({"fenlight.example"}),
        staff=(
            Staff("nora", "Nora Byrne", ("nora@fenlight.example",)),
            Staff("sean", "Sean Daly", ("sean@fenlight.example",)),
        ),
        log_addresses=frozenset({LOG}),
    ),
    Calendar(ZoneInfo("Europe/Dublin"), time(9), time(18), lambda day: day.weekday() > 4),
    phrases.load(),
    MONDAY,
)


def _mail(n: int, sender: str, to: str, subject: str, body: str, answers: Sequence[int] = ()) -> RawMail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(MONDAY + timedelta(hours=5 * n))
    message["Message-ID"] = f"<{n}@post.example>"
    if answers:
        message["In-Reply-To"] = f"<{answers[-1]}@post.example>"
        message["References"] = " ".join(f"<{number}@post.example>" for number in answers)
    message.set_content(body)
    ours = "fenlight" in sender
    role = Role.LOG if to == LOG else Role.SENT if ours else Role.INBOX
    place = Place("log" if to == LOG else "nora", role.value, 1, n)
    return RawMail(place, role, message.as_bytes(), MONDAY.astimezone(UTC), Via(role))


OVEN, BINDER = "Rye Bakery\nOlive Ryan, Owner\n", "Quill Print\nQuentin Hart, Production\n"
STORY = (
    _mail(1, RYE, NORA, "Oven 2 trips", f"Hi Nora,\n\nOven 2 trips the breaker every morning.\n\n-- \n{OVEN}"),
    _mail(2, NORA, RYE, "Re: Oven 2 trips", "Hi Olive,\n\nI will ask Mill Motors for a new fan motor.\n\nNora\n", [1]),
    _mail(3, QUILL, NORA, "Binder spare parts", f"Hello,\n\nplease quote belts for binder B-410.\n\n-- \n{BINDER}"),
    _mail(
        4,
        MILL,
        NORA,
        "Fan motor FM-77 for your bakery customer",
        "Nora,\n\nthe FM-77 is in stock, lead time two days.\n\n-- \nTess Mill\nSales\nMill Motors\n",
    ),
    _mail(5, NORA, QUILL, "Re: Binder spare parts", "Hi Quentin,\n\nthe belts for the B-410 are 95 each.\n", [3]),
    _mail(6, SEAN, LOG, "Call with Olive Ryan", "Olive Ryan called: oven 2 trips again, when does the motor come?\n"),
    _mail(
        7,
        QUILL,
        NORA,
        "Invoice 20611",
        f"Hello,\n\nunrelated to the belts: invoice 20611 shows the old address.\n\n-- \n{BINDER}",
    ),
    _mail(8, NORA, RYE, "Fan motor on Thursday", "Hi Olive,\n\nas promised: the motor for oven 2 comes on Thursday.\n"),
    _mail(9, RYE, NORA, "Re: Fan motor on Thursday", "Thank you!\n\nOlive\n", [8]),
)
TRUTH = [{1, 2, 4, 6, 8, 9}, {3, 5}, {7}]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty diary."""
    url = f"sqlite:///{tmp_path / 'kawari.db'}"
    opened = open_store(url if request.param == "sqlite" else str(request.getfixturevalue("postgres_url")))
    yield opened
    opened.close()


def _arrive(store: Store, story: Sequence[RawMail]) -> None:
    for mail in story:
        receive(store, [mail], CONTEXT, None)


def _piles(store: Store) -> dict[str, set[int]]:
    """Which mails of the story lie in which case."""
    with store.read() as db:
        filed = mails.of_cases(db, [held.case.key for held in cases.held(db)])
    return {key: {int(mail.ref.partition("@")[0]) for mail in pile} for key, pile in filed.items()}


def _names(store: Store) -> list[str]:
    with store.read() as db:
        return sorted(customer.name for customer in customers.all(db))


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_ends_in_the_same_cases_and_customers(store: Store, seed: int) -> None:
    story = list(STORY)
    random.Random(seed).shuffle(story)  # noqa: S311 - repeatable, not secret
    _arrive(store, story)
    reconsider(store, CONTEXT)
    assert sorted(_piles(store).values(), key=min) == TRUTH
    assert _names(store) == ["Quill Print", "Rye Bakery"]


def test_mail_that_came_in_order_stays_where_it_is_under_the_same_keys(store: Store) -> None:
    _arrive(store, STORY)
    before = _piles(store)
    with store.read() as db:
        held = cases.held(db)
    assert reconsider(store, CONTEXT) == ()
    assert _piles(store) == before
    with store.read() as db:
        assert cases.held(db) == held


def test_a_dry_run_says_what_would_change_and_changes_nothing(store: Store) -> None:
    _arrive(store, [STORY[3], *STORY[:3]])
    before = _piles(store)
    told = reconsider(store, CONTEXT, dry_run=True)
    assert _piles(store) == before
    assert told
    assert all(isinstance(one, Refiled) and one.before != one.after for one in told)
    assert reconsider(store, CONTEXT) == told
    assert reconsider(store, CONTEXT) == ()


def test_a_key_that_is_no_longer_needed_is_a_name_for_the_case_that_took_over(store: Store) -> None:
    _arrive(store, [STORY[3], *STORY[:3]])
    (supplier,) = [key for key, pile in _piles(store).items() if pile == {4}]
    reconsider(store, CONTEXT)
    with store.read() as db:
        assert cases.get(db, supplier).customer.name == "Rye Bakery"


def test_a_note_stays_with_the_matter_of_its_case(store: Store) -> None:
    _arrive(store, [STORY[3], *STORY[:3]])
    (supplier,) = [key for key, pile in _piles(store).items() if pile == {4}]
    with store.begin() as db:
        mails.add_note(
            db,
            case=supplier,
            kind=Kind.HINT,
            sender=Address("", "nora@fenlight.example"),
            at=MONDAY,
            text="Ring first.",
        )
    reconsider(store, CONTEXT)
    with store.read() as db:
        key = cases.get(db, supplier).key
        assert [mail.kind for mail in mails.of_cases(db, [key])[key] if mail.ref.startswith("note-")] == [Kind.HINT]
        assert cases.get(db, key).messages == 4


def test_a_key_that_nobody_filed_under_is_gone(store: Store) -> None:
    _arrive(store, STORY[2:3])
    (key,) = _piles(store)
    left_out = replace(CONTEXT.directory, ignored_domains=frozenset({"quillprint.example"}))
    reconsider(store, replace(CONTEXT, directory=left_out))
    with store.read() as db, pytest.raises(NotFoundError):
        cases.get(db, key)
    assert _names(store) == []


def test_mails_stored_folder_by_folder_are_filed_in_the_order_of_writing(store: Store) -> None:
    folders = [[mail for mail in STORY[::-1] if mail.role is role] for role in Role]
    for folder in folders:
        receive(store, folder, CONTEXT, None, later=True)
    with store.read() as db:
        assert unfiled.listed(db) == []
    assert set(_piles(store).values() if _piles(store) else ()) == set()
    catch_up(store, CONTEXT)
    assert sorted(_piles(store).values(), key=min) == TRUTH


def test_many_late_mails_let_the_diary_be_read_again_few_do_not(store: Store) -> None:
    receive(store, [mail for mail in STORY if mail.role is not Role.INBOX], CONTEXT, None)
    receive(store, [mail for mail in STORY if mail.role is Role.INBOX], CONTEXT, None, later=True)
    file_in_order(store, CONTEXT, progress=lambda done: None)
    assert sorted(_piles(store).values(), key=min) == TRUTH


class _Killed(Exception):  # noqa: N818 - no error
    """What ends a process between two batches."""


@dataclass
class _Break:
    """Ends filing after one batch: by being told to stop, or (`kills`) at once."""

    kills: bool
    is_due: bool = False

    def progress(self, done: int) -> None:
        self.is_due = True
        if self.kills:
            raise _Killed


def _go_on(store: Store, pause: _Break) -> None:
    with suppress(_Killed):
        file_in_order(store, CONTEXT, stop=lambda: pause.is_due, progress=pause.progress)


def _begin_anew(store: Store) -> None:
    """The newest mails are filed, and then the older ones come."""
    receive(store, STORY[4:], CONTEXT, None)
    receive(store, STORY[:4], CONTEXT, None, later=True)


def _shown(store: Store) -> set[int]:
    return {number for pile in _piles(store).values() for number in pile}


@pytest.mark.parametrize("kills", [False, True])
def test_filing_anew_goes_on_after_any_break_and_shows_what_was_filed_meanwhile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: bool
) -> None:
    unbroken = open_store(f"sqlite:///{tmp_path / 'unbroken.db'}")
    for each in (store, unbroken):
        _begin_anew(each)
    file_in_order(unbroken, CONTEXT, progress=lambda done: None)
    before = _shown(store)
    monkeypatch.setattr(conductor, "FILED_AT_ONCE", 1)
    for _ in STORY:
        _go_on(store, _Break(kills))
        assert _shown(store) >= before
    with store.read() as db:
        assert rereading.under_way(db)
    file_in_order(store, CONTEXT, progress=lambda done: None)
    assert _piles(store) == _piles(unbroken)
    assert sorted(_piles(store).values(), key=min) == TRUTH
    with store.read() as db, unbroken.read() as other:
        assert cases.held(db) == cases.held(other)
        assert customers.all(db) == customers.all(other)
        assert not rereading.under_way(db)
    unbroken.close()


def test_what_people_write_while_the_diary_is_filed_anew_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin_anew(store)
    monkeypatch.setattr(conductor, "FILED_AT_ONCE", 1)
    _go_on(store, _Break(kills=False))
    with store.begin() as db:
        (key,) = {held.case.key for held in cases.held(db) if "Thursday" in held.case.title}
        mails.add_note(
            db, case=key, kind=Kind.HINT, sender=Address("", "nora@fenlight.example"), at=MONDAY, text="Ring."
        )
    file_in_order(store, CONTEXT, progress=lambda done: None)
    with store.read() as db:
        stays = cases.get(db, key).key
        assert {mail.ref.partition("-")[0] for mail in mails.of_cases(db, [stays])[stays]} >= {"note", "1@post.example"}


def test_what_is_handed_over_while_the_diary_is_filed_anew_is_filed_in_its_turn(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(store, STORY[4:-1], CONTEXT, None)
    receive(store, STORY[:4], CONTEXT, None, later=True)
    with monkeypatch.context() as patched:
        patched.setattr(conductor, "FILED_AT_ONCE", 1)
        _go_on(store, _Break(kills=False))
    assert receive(store, STORY[-1:], CONTEXT, None).cases == frozenset()
    file_in_order(store, CONTEXT, progress=lambda done: None)
    assert sorted(_piles(store).values(), key=min) == TRUTH


def test_reading_again_begins_anew_when_it_was_under_way(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin_anew(store)
    with monkeypatch.context() as patched:
        patched.setattr(conductor, "FILED_AT_ONCE", 1)
        for _ in range(4):
            _go_on(store, _Break(kills=True))
    keys = set(_piles(store))
    reconsider(store, CONTEXT)
    assert sorted(_piles(store).values(), key=min) == TRUTH
    with store.read() as db:
        assert not rereading.under_way(db)
        assert {cases.get(db, key).key for key in keys} <= set(_piles(store))


def test_a_mail_at_which_filing_breaks_is_nobodys_and_the_others_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(store, STORY, CONTEXT, None, later=True)
    read = filing.read
    monkeypatch.setattr(filing, "read", lambda raw: read(raw) if b"Invoice 20611" not in raw else 1 / 0)
    catch_up(store, CONTEXT)
    assert sorted(_piles(store).values(), key=min) == TRUTH[:2]
    with store.read() as db:
        (nobodys,) = unfiled.listed(db)
        assert (nobodys.ref, nobodys.content) == ("7@post.example", Content.WHOLE)
        assert re.fullmatch(r"not-filed: ZeroDivisionError, ingest/filing\.py:\d+", nobodys.reason)


class _Noted(workers.Here):
    """Notes how often the others were let go."""

    rests = 0

    def rest(self) -> None:
        """Once more."""
        self.rests += 1


@pytest.mark.parametrize("very", [False, True])
def test_large_mails_are_fetched_when_their_turn_comes_and_others_let_go_of_memory_for_very_large_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch, very: bool
) -> None:
    helped = _Noted()
    monkeypatch.setattr(pending, "_LARGE", 1)
    monkeypatch.setattr(filing, "_VERY_LARGE", 1 if very else 1 << 20)
    receive(store, STORY, CONTEXT, None, later=True)
    with store.read() as db:
        assert {one.packed for one in pending.to_be_filed(db, 99)} == {None}
    catch_up(store, replace(CONTEXT, workers=helped))
    assert sorted(_piles(store).values(), key=min) == TRUTH
    assert helped.rests == (len(STORY) if very else 0)


def test_standings_are_the_same_in_however_many_parts_they_are_worked_out(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(store, STORY, CONTEXT, None)
    with store.read() as db:
        before = {held.case.key: held.standing for held in cases.held(db)}
    assert len(before) == len(TRUTH)
    monkeypatch.setattr(filing, "_STOOD_TOGETHER", 1)
    with store.begin() as db:
        cases.outdate(db, before)
        assert stand_some(db, CONTEXT) == len(before)
        assert cases.outdated(db) == []
    with store.read() as db:
        assert {held.case.key: held.standing for held in cases.held(db)} == before


DAMAGED = {
    "no zlib": b"no zlib",
    "no zlib, long": os.urandom(9_000),
    "its middle": (packed := zlib.compress(os.urandom(9_000)))[:5_000] + bytes(100) + packed[5_100:],
    "its end": packed[:-50],
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_mail_whose_bytes_are_damaged_is_nobodys_and_the_others_are_filed(store: Store, data: bytes) -> None:
    receive(store, STORY, CONTEXT, None, later=True)
    with store.begin() as db:
        damaged = select(schema.message.c.id).where(schema.message.c.ref == "7@post.example").scalar_subquery()
        db.execute(update(schema.raw).where(schema.raw.c.message_id == damaged).values(data=data))
    catch_up(store, CONTEXT)
    assert sorted(_piles(store).values(), key=min) == TRUTH[:2]
    with store.read() as db:
        (nobodys,) = unfiled.listed(db)
        assert nobodys.reason.startswith("not-filed: error")
