"""What every mailbox must do, whoever stands behind it: two real servers, and the one in memory other tests use."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import pytest

from cli.demo.server import serve
from ingest import imap
from ingest.mailbox import Account, Mailbox, Security
from ingest.passwords import EnvSecret
from notes.model import Role
from tests.dovecot import Dovecot
from tests.ingest.memory import Memory

ARRIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAILS = [b"From: kimura@yamabuki.example\r\nSubject: %d\r\n\r\n%s\r\n" % (number, b"x" * number) for number in range(9)]

Open = Callable[[Sequence[bytes]], AbstractContextManager[Mailbox]]


def account(port: int, user: str) -> Account:
    return Account("mori", "mori", "127.0.0.1", port, Security.NONE, user, EnvSecret("UNUSED"))


@contextmanager
def memory(mails: Sequence[bytes]) -> Iterator[Mailbox]:
    box = Memory()
    for mail in mails:
        box.deliver(mail)
    yield box


@contextmanager
def pymap(mails: Sequence[bytes]) -> Iterator[Mailbox]:
    with (
        serve({"mori": {"INBOX": [(mail, ARRIVED) for mail in mails]}}) as server,
        imap.connect(account(server.port, "mori"), server.password) as mailbox,
    ):
        yield mailbox


@pytest.fixture(params=["memory", "pymap", "dovecot"])
def mailbox_with(request: pytest.FixtureRequest) -> Open:
    """Opens a mailbox that holds the given mails in its INBOX."""
    if request.param != "dovecot":
        return memory if request.param == "memory" else pymap
    server: Dovecot = request.getfixturevalue("dovecot")

    @contextmanager
    def real(mails: Sequence[bytes]) -> Iterator[Mailbox]:
        user = server.user()
        server.deliver(user, mails, at=ARRIVED)
        with imap.connect(account(server.port, user), server.password) as mailbox:
            yield mailbox

    return real


def test_every_mail_comes_whole_with_its_time(mailbox_with: Open) -> None:
    with mailbox_with(MAILS) as mailbox:
        state = mailbox.examine("INBOX")
        sizes = mailbox.sizes(1, state.last_uid)
        found = mailbox.fetch(list(sizes))
    assert state.messages == len(MAILS)
    assert list(sizes) == sorted(sizes)
    assert [mail.raw for mail in found] == MAILS
    assert {mail.internaldate for mail in found} == {ARRIVED}
    assert [(mail.uid, len(mail.raw or b"")) for mail in found] == list(sizes.items())


def test_a_range_gives_what_lies_in_it_and_no_more(mailbox_with: Open) -> None:
    with mailbox_with(MAILS) as mailbox:
        state = mailbox.examine("INBOX")
        uids = list(mailbox.sizes(1, state.last_uid))
        assert list(mailbox.sizes(uids[2], uids[4])) == uids[2:5]
        assert mailbox.sizes(state.last_uid + 1, 2**32 - 1) == {}


def test_mails_that_are_not_there_are_left_out(mailbox_with: Open) -> None:
    with mailbox_with(MAILS) as mailbox:
        last = mailbox.examine("INBOX").last_uid
        assert [mail.uid for mail in mailbox.fetch([last, last + 1, last + 5])] == [last]
        assert mailbox.fetch([]) == []


def test_an_empty_folder_is_no_trouble(mailbox_with: Open) -> None:
    with mailbox_with([]) as mailbox:
        state = mailbox.examine("INBOX")
        assert state.messages == 0
        assert mailbox.sizes(1, max(state.last_uid, 1)) == {}
        assert imap.find_folders(mailbox) == {"INBOX": Role.INBOX}
        assert mailbox.alerts() == []
