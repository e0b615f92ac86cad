"""Mail in a polled log mailbox, all the way: what is not proven changes nothing until somebody vouches for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.receive import catch_up, receive
from ingest.trusted import STRANGER, UNVERIFIED
from notes.corrected import in_force
from notes.model import Place, RawMail, Role, Via
from notes.store import corrections, mails, threads, unfiled
from notes.store.engine import Store, open_store
from tests.ingest.test_receive import ASA, CONTEXT, HANA, KIRI, LOG, Post

MX = "mx.tsubaki.example"
CHECKED = replace(CONTEXT, authserv_id=MX)
FORGED = f"Authentication-Results: {MX}; dmarc=pass header.from=tsubaki.example\r\n".encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
    receive(opened, [Post().mail("q@midori-shoji.example", HANA, KIRI)], CHECKED, None)
    yield opened
    opened.close()


def logged(results: str, to: str = LOG, ref: str = "m@tsubaki.example") -> RawMail:
    memo = Post().mail(
        ref, ASA, to, subject="電話", body="12/9までに回答すると伝えた\n", answers=["q@midori-shoji.example"], hours=2,
        mailbox="log", role=Role.LOG,
    )  # fmt: skip
    above = f"Authentication-Results: {MX}; {results}\r\n".encode()
    return replace(memo, raw=above + FORGED + memo.raw)


def state(store: Store, ref: str = "m@tsubaki.example") -> tuple[bool, str, int]:
    with store.read() as db:
        filed, case, reason = mails.get(db, ref)
        return case is not None, reason, len(filed.findings.promises)


def test_a_proven_memo_is_filed(store: Store) -> None:
    receive(store, [logged("dmarc=pass header.from=tsubaki.example")], CHECKED, None)
    assert state(store) == (True, "", 1)


def test_a_forged_memo_is_kept_whole_and_ties_nothing(store: Store) -> None:
    receive(store, [logged("dmarc=fail header.from=tsubaki.example")], CHECKED, None)
    assert state(store) == (False, UNVERIFIED, 0)
    with store.read() as db:
        assert [one.ref for one in unfiled.listed(db)] == ["m@tsubaki.example"]
        assert mails.raw(db, "m@tsubaki.example")
        assert threads.by_reference(db, ["m@tsubaki.example"]) == {}


def test_it_is_filed_when_it_turns_up_among_sent_mail(store: Store) -> None:
    forged = logged("none")
    receive(store, [forged], CHECKED, None)
    sent = replace(forged, place=Place("asada", "Sent", 1, 9), role=Role.SENT, via=Via.SENT)
    receive(store, [sent], CHECKED, None)
    assert state(store)[0]


def test_without_the_setting_from_is_believed(store: Store) -> None:
    receive(store, [logged("none")], CONTEXT, None)
    assert state(store) == (True, "", 1)


def test_without_the_setting_a_servers_denial_is_heard_and_a_stranger_is_kept_aside(store: Store) -> None:
    denied = logged("dmarc=fail header.from=tsubaki.example")
    receive(store, [denied], CONTEXT, None)
    assert state(store) == (False, UNVERIFIED, 0)
    stranger = Post().mail("s@midori-shoji.example", HANA, LOG, body="12/9までに払う\n", mailbox="log", role=Role.LOG)
    receive(store, [stranger], CONTEXT, None)
    assert state(store, "s@midori-shoji.example") == (False, STRANGER, 0)


def tagged(ref: str = "t@tsubaki.example") -> RawMail:
    return Post().mail(
        ref, ASA, KIRI, subject="見積", body="送りました。\n#担当 麻田\n", answers=["q@midori-shoji.example"], hours=3,
        mailbox="log", role=Role.LOG,
    )  # fmt: skip


def decided(store: Store, ref: str = "t@tsubaki.example") -> list[tuple[str, str]]:
    """What counts of what the mail told by tags: kind, and why it was not followed."""
    with store.read() as db:
        at = mails.get(db, ref)[0].at
        made = in_force(corrections.made_at(db, at))
        return [(one.kind, one.value.get("reason", "")) for one in made if one.value["said_in"] == ref]


@pytest.mark.parametrize("later", [False, True])
def test_without_the_setting_tags_wait_for_the_copy_among_sent_mail(store: Store, later: bool) -> None:
    mail = tagged()
    receive(store, [mail], CONTEXT, None, later=later)
    catch_up(store, CONTEXT)
    assert decided(store) == [("tag-unclear", "unproven")]
    receive(store, [mail], CONTEXT, None, later=later)
    catch_up(store, CONTEXT)
    assert decided(store) == [("tag-unclear", "unproven")]
    sent = replace(mail, place=Place("asada", "Sent", 1, 9), role=Role.SENT, via=Via.SENT)
    for _ in range(2):
        receive(store, [sent], CONTEXT, None, later=later)
        catch_up(store, CONTEXT)
        assert decided(store) == [("case-assign", "")]


def test_the_copy_among_sent_mail_first_is_as_good(store: Store) -> None:
    mail = tagged()
    receive(store, [replace(mail, place=Place("asada", "Sent", 1, 9), role=Role.SENT, via=Via.SENT)], CONTEXT, None)
    assert decided(store) == []  # it was not sent to the log as far as it says
    receive(store, [mail], CONTEXT, None)
    assert decided(store) == [("case-assign", "")]


def test_a_known_mail_sent_to_the_log_again_by_a_stranger_is_not_followed(store: Store) -> None:
    mail = tagged()
    receive(store, [replace(mail, place=Place("kirino", "INBOX", 1, 9), role=Role.INBOX, via=Via.INBOX)], CHECKED, None)
    receive(store, [replace(mail, raw=FORGED.replace(b"pass", b"fail") + mail.raw)], CHECKED, None)
    assert decided(store) == []


def test_a_vouched_mail_tells_by_tags_and_one_from_an_imposter_nothing(store: Store) -> None:
    for results, ref, expected in (
        ("dmarc=pass header.from=tsubaki.example", "t1@tsubaki.example", [("case-assign", "")]),
        ("dmarc=fail header.from=tsubaki.example", "t2@tsubaki.example", []),
    ):
        above = f"Authentication-Results: {MX}; {results}\r\n".encode()
        mail = tagged(ref)
        at = Place("log", "INBOX", 1, 7 + len(expected))
        receive(store, [replace(mail, place=at, raw=above + FORGED + mail.raw)], CHECKED, None)
        assert decided(store, ref) == expected
