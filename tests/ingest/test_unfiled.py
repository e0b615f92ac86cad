"""Of nobody's mail no more is kept than the settings allow; it comes back where it was somebody's after all."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from ingest import correcting, filing
from ingest.context import Context
from ingest.correcting import Word
from ingest.poll import FolderResult, poll_once
from ingest.receive import receive
from ingest.reconsider import file_in_order, reconsider
from notes.errors import UsageError
from notes.model import Content, Customer, Filed, Keep, Kind, Place, RawMail, Role, Via
from notes.store import cases, customers, mails, places, unfiled
from notes.store.engine import Store, open_store
from tests.dovecot import Dovecot
from tests.ingest.memory import Memory
from tests.ingest.polling import NOW, AccountOn, context, silent

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MORI, SATO = "Aoi Mori <mori@hokuto.example>", "Ken Sato <sato@hokuto.example>"
REN = "Ren Kimura <kimura@yamabuki.example>"
AUNT = "Tante Frieda <frieda@familie.example>"
SECRET = "Kirschkuchenrezept"


def raw(ref: str, sender: str, to: str, text: str, *, answers: str = "", subject: str = "", hours: int = 0) -> bytes:
    one = EmailMessage()
    one["From"], one["To"], one["Subject"] = sender, to, subject or f"Matter of {ref}"
    one["Date"], one["Message-ID"] = format_datetime(START + timedelta(hours=hours)), f"<{ref}@post.example>"
    if answers:
        one["References"] = f"<{answers}@post.example>"
    one.set_content(text)
    return one.as_bytes().replace(b"\n", b"\r\n")


# Two colleagues talk; hours later one of them lets the customer in.
PRIVATE = raw("talk", MORI, SATO, f"Did you hear what Kimura wants? {SECRET}\n")
ASKED = raw("asked", REN, MORI, "Please repair pump P-7 in hall 4.\n", hours=1)
LET_IN = raw(
    "let-in", SATO, f"{REN}, {MORI}", "Dear Mr Kimura, we will call you by 9 March.\n", answers="talk", hours=5
)
NEWS = raw("news", "News <no-reply@news.example>", MORI, f"Buy {SECRET}!\nTo unsubscribe click here.\n", hours=2)
AFTERWARDS = raw("more", MORI, SATO, f"Not for customers: {SECRET}. I will send the offer by 6 March.\n", hours=3)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A diary on each engine."""
    url = f"sqlite:///{tmp_path / 'kawari.db'}"
    opened = open_store(url if request.param == "sqlite" else str(request.getfixturevalue("postgres_url")))
    yield opened
    opened.close()


def lying(*mails_: bytes, folder: str = "INBOX", role: Role = Role.INBOX, first: int = 1) -> list[RawMail]:
    return [
        RawMail(Place("mori", folder, 7, uid), role, one, NOW, Via(role.value)) for uid, one in enumerate(mails_, first)
    ]


def take(store: Store, batch: list[RawMail], keep: Keep = Keep.HEADERS) -> None:
    receive(store, batch, kept(keep), None, later=True)
    file_in_order(store, kept(keep), progress=lambda done: None)


def kept(keep: Keep) -> Context:
    return replace(context(), keep=keep)


def get(store: Store, ref: str) -> tuple[Filed, str | None]:
    with store.read() as db:
        mail, case, _ = mails.get(db, f"{ref}@post.example")
        return mail, case


def bytes_of(store: Store, ref: str) -> bytes | None:
    with store.read() as db:
        return mails.raw(db, f"{ref}@post.example")


def contents(store: Store) -> dict[str, Content]:
    with store.read() as db:
        return {one.ref.partition("@")[0]: one.content for one in unfiled.listed(db)}


def test_of_nobodys_mail_the_headers_stay(store: Store) -> None:
    take(store, lying(PRIVATE, ASKED, NEWS))
    mail, case = get(store, "talk")
    assert (case, mail.content) == (None, Content.HEADERS)
    assert (mail.sender.address, mail.subject, mail.at) == ("mori@hokuto.example", "Matter of talk", START)
    assert (mail.new_text, mail.to, mail.attachments, mail.contact) == ("", (), (), None)
    assert bytes_of(store, "talk") is None
    assert contents(store) == {"talk": Content.HEADERS, "news": Content.HEADERS}
    asked, case = get(store, "asked")
    assert case
    assert (asked.content, bytes_of(store, "asked")) == (Content.WHOLE, ASKED)


def test_with_all_everything_stays_and_with_nothing_no_row(store: Store) -> None:
    take(store, lying(PRIVATE, ASKED, NEWS), Keep.ALL)
    assert contents(store) == {"talk": Content.WHOLE, "news": Content.WHOLE}
    take(store, [], Keep.NOTHING)
    assert contents(store) == {}
    with store.read() as db:
        rows = [db.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in ("message", "raw", "place")]  # noqa: S608
        links = set(db.exec_driver_sql("SELECT ref FROM thread_link").scalars())
    assert rows == [1, 1, 1]
    assert links == {"asked@post.example"}


def test_what_went_altogether_is_decided_anew_where_it_is_delivered_again(store: Store) -> None:
    take(store, lying(PRIVATE), Keep.NOTHING)
    take(store, lying(ASKED, LET_IN, first=2), Keep.NOTHING)
    assert contents(store) == {}
    take(store, lying(PRIVATE, folder="Archive"), Keep.NOTHING)
    mail, case = get(store, "talk")
    assert (case, mail.content) == (get(store, "let-in")[1], Content.WHOLE)


def test_a_later_setting_is_carried_out_by_the_next_poll_and_by_reconsider(store: Store) -> None:
    take(store, lying(PRIVATE, NEWS), Keep.ALL)
    take(store, [])
    assert contents(store) == {"talk": Content.HEADERS, "news": Content.HEADERS}
    reconsider(store, kept(Keep.NOTHING))
    assert contents(store) == {}


def test_what_was_sent_to_the_log_stays_whole(store: Store) -> None:
    memo = raw("memo", MORI, "log@hokuto.example", "Remember the blue folder.\n")
    directory = replace(context().directory, log_addresses=frozenset({"log@hokuto.example"}))
    receive(store, lying(memo, folder="Log", role=Role.LOG), replace(context(), directory=directory), None)
    file_in_order(store, replace(context(), directory=directory), progress=lambda done: None)
    mail, case = get(store, "memo")
    assert (case, mail.content, bytes_of(store, "memo")) == (None, Content.WHOLE, memo)


def test_a_mail_at_which_filing_broke_stays_whole_and_says_where(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(filing.customers, "decide", broken)
    take(store, lying(PRIVATE))
    with store.read() as db:
        (one,) = unfiled.overview(db).faults
    assert one.content is Content.WHOLE
    code, _, where = one.reason.partition(": ")
    assert code == "not-filed"
    assert where.startswith("KeyError, ingest/filing.py:")
    assert "KeyError, ingest/filing.py:" in caplog.text
    assert SECRET not in caplog.text + one.reason


def test_a_thread_that_comes_to_a_case_wants_its_mails_back(store: Store) -> None:
    take(store, lying(PRIVATE, AFTERWARDS))
    take(store, lying(ASKED, LET_IN, first=3))
    mail, case = get(store, "talk")
    assert (case, mail.content) == (get(store, "let-in")[1], Content.WANTED)
    assert get(store, "more")[0].content is Content.HEADERS
    with store.read() as db:
        (wanted,) = unfiled.wanted(db)
    assert wanted.places == ((Place("mori", "INBOX", 7, 1), Role.INBOX),)
    take(store, lying(PRIVATE))
    mail, again = get(store, "talk")
    assert (again, mail.content, mail.to[0].address) == (case, Content.WHOLE, "sato@hokuto.example")
    assert SECRET in mail.new_text
    assert bytes_of(store, "talk") == PRIVATE


def test_an_address_that_becomes_known_brings_its_mail_into_a_case(store: Store) -> None:
    take(store, lying(NEWS))
    with store.begin() as db:
        customers.add(db, Customer("news", "News", (), ("no-reply@news.example",)))
        db.exec_driver_sql("UPDATE message SET reason = 'bulk'")
    take(store, [])
    mail, case = get(store, "news")
    assert (case, mail.content) == ("news-1", Content.WANTED)


def test_what_a_person_files_keeps_its_place_and_says_what_it_promises_once_it_is_back(store: Store) -> None:
    take(store, lying(ASKED, AFTERWARDS))
    case = str(get(store, "asked")[1])
    with store.begin() as db:
        correcting.move(db, context(), ["more@post.example"], case, Word("mori", NOW))
    mail, filed = get(store, "more")
    assert (filed, mail.content, mail.kind) == (case, Content.WANTED, Kind.MAIL)
    take(store, lying(AFTERWARDS, first=2))
    assert get(store, "more")[1] == case
    assert get(store, "more")[0].content is Content.WHOLE
    reconsider(store, context())
    assert get(store, "more")[1] == case
    with store.begin() as db:
        correcting.undo(db, context(), Word("mori", NOW))
    mail, filed = get(store, "more")
    assert (filed, mail.content, bytes_of(store, "more")) == (None, Content.HEADERS, None)


def test_reading_the_diary_again_leaves_what_is_nobodys_by_its_headers(store: Store) -> None:
    take(store, lying(PRIVATE, ASKED, NEWS, AFTERWARDS))
    before = contents(store)
    assert reconsider(store, context()) == ()
    assert contents(store) == before


def test_the_settings_leave_out_more_than_threads_and_people(store: Store) -> None:
    take(store, lying(ASKED, raw("again", REN, MORI, "And pump P-8.\n", answers="asked", hours=4)))
    case = str(get(store, "asked")[1])
    shut = replace(context().directory, ignored_domains=frozenset({"yamabuki.example"}))
    with pytest.raises(UsageError) as caught, store.begin() as db:
        correcting.move(db, replace(context(), directory=shut), ["again@post.example"], case, Word("mori", NOW))
    assert (caught.value.code, caught.value.values["entry"]) == ("ignored-by-settings", "yamabuki.example")
    reconsider(store, replace(context(), directory=shut))
    assert get(store, "again")[1] is None
    assert bytes_of(store, "again") is None


def test_words_of_nobodys_mail_are_in_no_file_of_the_diary(tmp_path: Path) -> None:
    here = tmp_path / "diary"
    store = open_store(f"sqlite:///{here / 'kawari.db'}")
    noise = random.Random(4)  # noqa: S311 - only so that it cannot be compressed
    filler = [raw(f"talk-{n}", MORI, SATO, f"{SECRET} {n}. {noise.randbytes(3000).hex()}") for n in range(99)]
    receive(store, lying(*filler, ASKED), context(), None, later=True)
    with store.read() as db:
        packed = bytes(db.exec_driver_sql("SELECT data FROM raw WHERE message_id = 1").scalar_one())[:99]
    assert found_in(here, packed)
    assert found_in(here, SECRET.encode())
    with store.read() as db:  # a web face holds the diary open all the time
        db.exec_driver_sql("SELECT 1")
    file_in_order(store, context(), progress=lambda done: None)
    assert len(contents(store)) == 99
    assert not found_in(here, packed)
    assert not found_in(here, SECRET.encode())
    store.close()


def test_words_of_a_mail_that_left_its_case_are_gone_from_the_index(tmp_path: Path) -> None:
    here = tmp_path / "diary"
    store = open_store(f"sqlite:///{here / 'kawari.db'}")
    take(store, lying(raw("cake", AUNT, MORI, f"Here is my {SECRET.lower()}, my dear.\n")))
    assert get(store, "cake")[1]
    assert found_in(here, SECRET[8:].encode())
    shut = replace(context().directory, ignored_addresses=frozenset({"frieda@familie.example"}))
    reconsider(store, replace(context(), directory=shut))
    assert not found_in(here, SECRET[8:].encode())
    with store.read() as db:
        assert (cases.names(db), customers.all(db)) == ([], [])
    store.close()


def found_in(folder: Path, words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if words in file.read_bytes()]


# --- fetched again from a mail server


def poll(store: Store, memory: Memory, account: AccountOn) -> list[FolderResult]:
    return poll_once(store, [account("mori", {"INBOX": Role.INBOX})], context(), silent, connect=memory.connect)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> AccountOn:
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", "x")
    return AccountOn(1)


@pytest.fixture
def memory() -> Memory:
    box = Memory()
    for one in (PRIVATE, NEWS):
        box.deliver(one)
    return box


def want(store: Store, memory: Memory, account: AccountOn) -> None:
    """Two polls, between which the private thread comes to a case."""
    poll(store, memory, account)
    assert contents(store) == {"talk": Content.HEADERS, "news": Content.HEADERS}
    memory.deliver(ASKED)
    memory.deliver(LET_IN)
    poll(store, memory, account)
    assert get(store, "talk")[0].content is Content.WANTED


def test_the_next_poll_fetches_what_is_wanted_and_nothing_else(
    store: Store, memory: Memory, account: AccountOn
) -> None:
    want(store, memory, account)
    (result,) = poll(store, memory, account)
    assert [(one.code, one.values["count"]) for one in result.notices] == [("content-fetched", 1)]
    assert bytes_of(store, "talk") == PRIVATE
    assert contents(store) == {"news": Content.HEADERS}
    assert poll(store, memory, account)[0].notices == ()


def test_a_mail_that_was_moved_within_its_folder_is_found_by_its_message_id(
    store: Store, memory: Memory, account: AccountOn
) -> None:
    want(store, memory, account)
    memory.mails[99] = memory.mails.pop(1)
    poll(store, memory, account)
    assert bytes_of(store, "talk") == PRIVATE


def test_a_folder_numbered_anew_gives_the_right_mail(store: Store, memory: Memory, account: AccountOn) -> None:
    want(store, memory, account)
    memory.mails = {1: NEWS, 2: PRIVATE, 3: ASKED, 4: LET_IN}
    memory.uidvalidity, memory.next_uid = 2, 5
    poll(store, memory, account)
    assert bytes_of(store, "talk") == PRIVATE
    assert contents(store) == {"news": Content.HEADERS}


def test_what_the_server_has_no_more_is_said_to_be_gone(store: Store, memory: Memory, account: AccountOn) -> None:
    want(store, memory, account)
    del memory.mails[1]
    poll(store, memory, account)
    assert get(store, "talk")[0].content is Content.GONE
    with store.read() as db:
        assert unfiled.wanted(db) == []
        assert [(one.ref, one.content) for one in unfiled.overview(db).lacking] == [("talk@post.example", Content.GONE)]
    take(store, lying(PRIVATE, folder="Archive"))
    assert (get(store, "talk")[0].content, bytes_of(store, "talk")) == (Content.WHOLE, PRIVATE)
    assert "content-gone" not in get(store, "talk")[0].defects


def test_other_content_under_the_same_uid_and_message_id_does_not_count(
    store: Store, memory: Memory, account: AccountOn
) -> None:
    want(store, memory, account)
    memory.mails[1] = PRIVATE.replace(b"Did you hear", b"Have you heard")
    poll(store, memory, account)
    assert get(store, "talk")[0].content is Content.GONE


def test_a_server_that_fails_is_asked_again_at_the_next_poll(
    store: Store, memory: Memory, account: AccountOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    want(store, memory, account)
    with monkeypatch.context() as patch:
        patch.setattr("ingest.receive.receive", lambda *_, **__: memory._count())
        memory.breaks = 5
        (result,) = poll(store, memory, account)
    assert [one.code for one in result.notices] == ["content-later"]
    assert get(store, "talk")[0].content is Content.WANTED
    poll(store, memory, account)
    assert get(store, "talk")[0].content is Content.WHOLE


def test_a_real_server_gives_a_mail_again_after_its_folder_was_numbered_anew(
    store: Store, dovecot: Dovecot, on: AccountOn
) -> None:
    user = dovecot.user()
    account = on(user, {"INBOX": Role.INBOX, "Archive": Role.INBOX})
    dovecot.deliver(user, [PRIVATE, NEWS], "Archive")
    poll_once(store, [account], context(), silent)
    dovecot.deliver(user, [ASKED, LET_IN])
    poll_once(store, [account], context(), silent)
    assert get(store, "talk")[0].content is Content.WANTED
    with store.begin() as db:
        before = places.places_of(db, "talk@post.example")[0]
    with dovecot.client(user) as client:
        client.delete("Archive")
    dovecot.deliver(user, [NEWS, PRIVATE], "Archive")
    poll_once(store, [account], context(), silent)
    assert bytes_of(store, "talk") == PRIVATE
    with store.begin() as db:
        assert before.uidvalidity != places.places_of(db, "talk@post.example")[-1].uidvalidity


def test_a_real_server_finds_what_was_moved_and_says_what_is_gone(
    store: Store, dovecot: Dovecot, on: AccountOn
) -> None:
    user = dovecot.user()
    account = on(user, {"INBOX": Role.INBOX})
    dovecot.deliver(user, [PRIVATE, AFTERWARDS])
    poll_once(store, [account], context(), silent)
    dovecot.deliver(user, [ASKED, LET_IN])
    poll_once(store, [account], context(), silent)
    with store.begin() as db:
        case = str(mails.get(db, "asked@post.example")[1])
        correcting.move(db, context(), ["more@post.example"], case, Word("mori", NOW))
    with dovecot.client(user) as client:
        client.select("INBOX")
        client.uid("COPY", "1", "INBOX")
        client.uid("STORE", "1:2", "+FLAGS", "(\\Deleted)")
        client.expunge()
    poll_once(store, [account], context(), silent)
    assert bytes_of(store, "talk") == PRIVATE
    assert get(store, "more")[0].content is Content.GONE
    assert get(store, "more")[1] == case
