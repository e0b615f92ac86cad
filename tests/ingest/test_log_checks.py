"""Mail in a polled log mailbox, all the way: what is not proven changes nothing until somebody vouches for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.receive import receive
from ingest.trusted import UNVERIFIED
from notes.model import Place, RawMail, Role, Via
from notes.store import mails, threads, unfiled
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
