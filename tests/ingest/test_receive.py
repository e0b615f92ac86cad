"""One way for every mail, whatever comes first; on both engines where the store decides."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ingest import receive as conductor
from ingest.context import Context
from ingest.receive import CursorMove, Report, receive, retry, stand_again
from notes import cases as matters
from notes import phrases
from notes.model import (
    By,
    Calendar,
    Cursor,
    Customer,
    Direction,
    Directory,
    Filed,
    Kind,
    Message,
    Place,
    RawMail,
    Role,
    Staff,
    Via,
)
from notes.store import cases, customers, mails, places, schema, unfiled
from notes.store.engine import Store, open_store

TOKYO = timezone(timedelta(hours=9))
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=TOKYO)
NOW = datetime(2026, 4, 1, tzinfo=UTC)
KIRI = "桐野 圭 <kirino@tsubaki.example>"
ASA = "麻田 <asada@tsubaki.example>"
HANA = "森 花 <hana@midori-shoji.example>"
GEN = "Gen Oda <gen@yamato-foods.example>"
LOG = "diary@tsubaki.example"

CONTEXT = Context(
    Directory(
        organisation="椿ソフト",
        domains=frozenset({"tsubaki.example"}),
        staff=(
            Staff("kirino", "桐野 圭", ("kirino@tsubaki.example",)),
            Staff("asada", "麻田", ("asada@tsubaki.example",)),
        ),
        log_addresses=frozenset({LOG}),
        log_senders=frozenset({"tsubaki.example"}),
        ignored_domains=frozenset({"adverts.example"}),
    ),
    Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5),
    phrases.load(),
    NOW,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty diary."""
    opened = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
    yield opened
    opened.close()


class Post:
    """Writes mails and gives each a UID."""

    def __init__(self) -> None:
        self.uid = 0

    def mail(
        self,
        ref: str,
        sender: str = HANA,
        to: str = KIRI,
        *,
        subject: str = "見積の件",
        body: str = "お世話になっております。\n見積をお願いいたします。\n",
        answers: Sequence[str] = (),
        hours: float = 0,
        mailbox: str = "kirino",
        role: Role = Role.INBOX,
        **headers: str,
    ) -> RawMail:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"] = format_datetime(MONDAY + timedelta(hours=hours))
        message["Message-ID"] = f"<{ref}>"
        if answers:
            message["In-Reply-To"] = f"<{answers[-1]}>"
            message["References"] = " ".join(f"<{name}>" for name in answers)
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(body)
        return self.raw(message.as_bytes(), mailbox, role)

    def raw(self, data: bytes, mailbox: str = "kirino", role: Role = Role.INBOX) -> RawMail:
        self.uid += 1
        folder = {Role.INBOX: "INBOX", Role.SENT: "Sent", Role.LOG: "Log"}[role]
        return RawMail(Place(mailbox, folder, 1, self.uid), role, data, MONDAY.astimezone(UTC), Via(role))


@pytest.fixture
def post() -> Post:
    """Where the mails of a test are written."""
    return Post()


def _put(store: Store, *batch: RawMail) -> Report:
    return receive(store, batch, CONTEXT, None)


def _cases(store: Store) -> dict[str, list[Filed]]:
    with store.read() as db:
        return mails.of_cases(db, [held.case.key for held in cases.held(db)])


def _refs(store: Store) -> list[set[str]]:
    """The cases as sets of refs."""
    return sorted(({mail.ref for mail in filed} for filed in _cases(store).values()), key=sorted)


def _unfiled(store: Store) -> dict[str, str]:
    with store.read() as db:
        return {mail.ref: mail.reason for mail in unfiled.listed(db)}


def test_a_customers_mail_opens_a_case_with_everything_a_page_needs(store: Store, post: Post) -> None:
    mail = post.mail("q1@midori-shoji.example", body="3月6日までに見積書をお送りいただけますか。\n")
    answer = "承知いたしました。\n3月6日までに見積書をお送りします。\n"
    reply = post.mail(
        "a1@tsubaki.example",
        KIRI,
        HANA,
        subject="Re: 見積の件",
        body=answer,
        answers=["q1@midori-shoji.example"],
        hours=2,
        role=Role.SENT,
    )
    report = _put(store, mail, reply)
    assert (report.new, report.known, report.unreadable) == (2, 0, 0)
    with store.read() as db:
        (held,) = cases.held(db)
        asked, answered = mails.of_cases(db, [held.case.key])[held.case.key]
    assert report.cases == {held.case.key}
    assert held.case.customer.domains == ("midori-shoji.example",)
    assert held.case.key.startswith(f"{held.case.customer.id}-")
    assert (held.case.title, held.case.owner, held.case.messages) == ("見積の件", "kirino", 2)
    assert (held.case.opened_at, held.case.last_at) == (MONDAY, MONDAY + timedelta(hours=2))
    assert (asked.direction, answered.direction) == (Direction.IN, Direction.OUT)
    assert (asked.via, answered.via) == (Via.INBOX, Via.SENT)
    assert [promise.quote for promise in answered.findings.promises] == ["3月6日までに見積書をお送りします。"]
    assert [promise.by for promise in held.standing.promises] == [By.US]
    assert [question.asked_in for question in held.standing.questions] == ["q1@midori-shoji.example"]


def test_the_same_mail_seen_again_is_one_message_with_more_places(store: Store, post: Post) -> None:
    first = post.mail("a@midori-shoji.example")
    again = replace(first, place=Place("asada", "INBOX", 9, 1))
    sent = replace(first, place=Place("kirino", "Sent", 1, 7), role=Role.SENT, via=Via.SENT)
    imported = replace(first, place=Place("old", "backup", 0, 123456789), via=Via.IMPORT)
    assert _put(store, first, again).new == 1
    assert _put(store, sent, imported, first) == Report(known=3)
    with store.read() as db:
        assert len(places.places_of(db, "a@midori-shoji.example")) == 4
    ((mail,),) = _cases(store).values()
    assert mail.mailboxes == ("asada", "kirino", "old")


def test_what_cannot_be_read_is_put_aside_and_the_batch_goes_on(store: Store, post: Post) -> None:
    bad = post.raw(b"")
    move = CursorMove("kirino", "INBOX", Role.INBOX, Cursor(1, 3))
    batch = [post.mail("a@midori-shoji.example"), bad, post.mail("b@midori-shoji.example", hours=1)]
    report = receive(store, batch, CONTEXT, move)
    assert (report.new, report.unreadable) == (2, 1)
    with store.read() as db:
        (quarantined,) = places.quarantined(db)
        assert quarantined.place == bad.place
        assert places.cursor(db, "kirino", "INBOX") == Cursor(1, 3)
        assert places.coverage(db)[0].unreadable == 1


def test_a_quarantined_mail_is_taken_in_once_it_can_be_read(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = post.mail("a@midori-shoji.example")
    with monkeypatch.context() as patch:
        patch.setattr(conductor, "read", _refusing)
        assert _put(store, mail).unreadable == 1
    assert retry(store, CONTEXT).new == 1
    with store.read() as db:
        assert places.quarantined(db) == []
    assert _refs(store) == [{"a@midori-shoji.example"}]


def _refusing(_raw: bytes, **_options: object) -> None:
    raise ValueError("a fault in a station")


def test_a_mail_that_breaks_a_station_does_not_stop_the_others(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = matters.traits

    def breaking(message: Message, directory: Directory) -> frozenset[matters.Trait]:
        if message.subject == "poison":
            raise RuntimeError
        return genuine(message, directory)

    monkeypatch.setattr(matters, "traits", breaking)
    batch = [
        post.mail("a@x.midori-shoji.example"),
        post.mail("b@midori-shoji.example", subject="poison"),
        post.mail("c@yamato.example", GEN),
    ]
    report = receive(store, batch, CONTEXT, CursorMove("kirino", "INBOX", Role.INBOX, Cursor(1, 9)))
    assert (report.new, report.unreadable) == (2, 1)
    with store.read() as db:
        assert [one.reason.partition(",")[0] for one in places.quarantined(db)] == ["not-filed: RuntimeError"]
        assert places.cursor(db, "kirino", "INBOX") == Cursor(1, 9)


def test_a_batch_broken_off_leaves_nothing_and_comes_again_whole(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = [[post.mail(f"{n}{m}@midori-shoji.example", hours=n) for m in range(3)] for n in range(2)]
    moves = [
        CursorMove("kirino", "INBOX", Role.INBOX, Cursor(1, 3)),
        CursorMove("kirino", "INBOX", Role.INBOX, Cursor(1, 6)),
    ]
    receive(store, batches[0], CONTEXT, moves[0])

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(places, "move_cursor", killed)
        with pytest.raises(KeyboardInterrupt):
            receive(store, batches[1], CONTEXT, moves[1])
    with store.read() as db:
        assert places.cursor(db, "kirino", "INBOX") == Cursor(1, 3)
        assert db.scalar(select(func.count()).select_from(schema.message)) == 3
    assert receive(store, batches[1], CONTEXT, moves[1]).new == 3
    assert receive(store, batches[0], CONTEXT, None).known == 3
    with store.read() as db:
        assert places.cursor(db, "kirino", "INBOX") == Cursor(1, 6)
        for table in (schema.message, schema.raw, schema.place):
            assert db.scalar(select(func.count()).select_from(table)) == 6


def test_bulk_automatic_internal_and_ignored_mail_is_unfiled_with_its_reason(store: Store, post: Post) -> None:
    _put(
        store,
        post.mail("news@letters.example", "News <news@letters.example>", List_Id="<weekly.letters.example>"),
        post.mail("auto@portal.example", "Portal <noreply@portal.example>", Auto_Submitted="auto-generated"),
        post.mail("lunch@tsubaki.example", ASA, KIRI, subject="昼食", body="12時に行きましょう。\n"),
        post.mail("buy@adverts.example", "Shop <shop@adverts.example>"),
    )
    assert _unfiled(store) == {
        "news@letters.example": "bulk",
        "auto@portal.example": "automatic",
        "lunch@tsubaki.example": "internal",
        "buy@adverts.example": "ignored",
    }
    assert _refs(store) == []


def test_talk_among_colleagues_and_machines_in_a_customers_thread_belongs_to_its_case(store: Store, post: Post) -> None:
    root = "q@midori-shoji.example"
    talk = post.mail(
        "i@tsubaki.example", ASA, KIRI, subject="Fw: 見積の件", body="明日までに対応します。\n", answers=[root], hours=1
    )
    away = post.mail(
        "auto@midori-shoji.example",
        HANA,
        subject="Re: 見積の件",
        answers=[root],
        hours=2,
        Auto_Submitted="auto-replied",
    )
    _put(store, talk, away)
    assert set(_unfiled(store)) == {"i@tsubaki.example"} or set(_unfiled(store)) == {
        "i@tsubaki.example",
        "auto@midori-shoji.example",
    }
    _put(store, post.mail(root))
    assert _refs(store) == [{root, "i@tsubaki.example", "auto@midori-shoji.example"}]
    (filed,) = _cases(store).values()
    assert {mail.ref: mail.kind for mail in filed}["auto@midori-shoji.example"] is Kind.AUTO
    assert all(not mail.findings.promises for mail in filed)


def test_what_a_colleague_tells_us_he_promised_counts_and_what_he_promises_us_does_not(
    store: Store, post: Post
) -> None:
    body = "森様に、明日までに回答しますとお伝えしました。\n議事録は明日までに送ります。\n"
    talk = post.mail("i@tsubaki.example", ASA, KIRI, body=body, answers=["q@midori-shoji.example"], hours=1)
    _put(store, post.mail("q@midori-shoji.example"), talk)
    (filed,) = _cases(store).values()
    told = [promise.quote for mail in filed for promise in mail.findings.promises]
    assert told == ["森様に、明日までに回答しますとお伝えしました。"]


def _correspondence(post: Post) -> list[RawMail]:
    """Two customers, three threads, one of them held together only by an ancestor that nobody has."""
    return [
        post.mail("m1@midori-shoji.example", hours=0),
        post.mail(
            "m2@tsubaki.example",
            KIRI,
            HANA,
            subject="Re: 見積の件",
            answers=["m1@midori-shoji.example"],
            hours=3,
            role=Role.SENT,
        ),
        post.mail(
            "m3@midori-shoji.example",
            subject="Re: 見積の件",
            answers=["m1@midori-shoji.example", "m2@tsubaki.example"],
            hours=5,
        ),
        post.mail(
            "m4@tsubaki.example", ASA, KIRI, subject="Re: 見積の件", answers=["m3@midori-shoji.example"], hours=6
        ),
        post.mail("m5@midori-shoji.example", subject="Re: 見積の件", answers=["m4@tsubaki.example"], hours=30),
        post.mail(
            "y1@yamato-foods.example",
            GEN,
            subject="冷凍庫の修理",
            body="冷凍庫が止まりました。\n",
            answers=["lost@tsubaki.example"],
            hours=40,
        ),
        post.mail(
            "y2@tsubaki.example",
            ASA,
            GEN,
            subject="Re: 冷凍庫の修理",
            body="明日伺います。\n",
            answers=["lost@tsubaki.example"],
            hours=44,
            mailbox="asada",
            role=Role.SENT,
        ),
        post.mail(
            "z1@kawabe-print.example",
            "川辺 <kawabe@kawabe-print.example>",
            subject="名刺の校正",
            body="名刺の校正をお送りします。\n",
            hours=2,
        ),
        post.mail(
            "z2@tsubaki.example",
            KIRI,
            "川辺 <kawabe@kawabe-print.example>",
            subject="Re: 名刺の校正",
            body="拝見しました。\n",
            answers=["z1@kawabe-print.example"],
            hours=8,
            role=Role.SENT,
        ),
        post.mail(
            "n1@letters.example",
            "News <news@letters.example>",
            subject="今週のお知らせ",
            List_Id="<weekly.letters.example>",
            hours=9,
        ),
    ]


EXPECTED = [
    {
        "m1@midori-shoji.example",
        "m2@tsubaki.example",
        "m3@midori-shoji.example",
        "m4@tsubaki.example",
        "m5@midori-shoji.example",
    },
    {"y1@yamato-foods.example", "y2@tsubaki.example"},
    {"z1@kawabe-print.example", "z2@tsubaki.example"},
]


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_arrival_ends_in_the_same_threads_and_cases(tmp_path: Path, post: Post, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    arriving = _correspondence(post)
    if seed == 0:
        arriving.reverse()
    else:
        chance.shuffle(arriving)
    store = open_store(f"sqlite:///{tmp_path / 'kawari.db'}")
    while arriving:
        size = 1 if seed < 2 else chance.randint(1, 4)
        _put(store, *arriving[:size])
        del arriving[:size]
    assert _refs(store) == EXPECTED
    assert _unfiled(store) == {"n1@letters.example": "bulk"}
    with store.read() as db:
        column = schema.message.c
        threads = db.scalar(select(func.count(column.thread_id.distinct())).where(column.case_key.is_not(None)))
        held = {one.case.customer.domains: one.case for one in cases.held(db)}
    assert threads == 3
    assert held["midori-shoji.example",].opened_at == MONDAY
    assert held["midori-shoji.example",].messages == 5
    store.close()


def test_when_a_mail_ties_two_cases_the_older_takes_over_the_other(store: Store, post: Post) -> None:
    _put(store, post.mail("a@midori-shoji.example", hours=0, subject="サーバ移設"))
    _put(
        store, post.mail("b@midori-shoji.example", hours=9, subject="請求書の宛名", body="宛名の変更をお願いします。\n")
    )
    before = sorted(_cases(store))
    assert len(before) == 2
    tie = ["a@midori-shoji.example", "b@midori-shoji.example"]
    _put(store, post.mail("c@midori-shoji.example", answers=tie, hours=10))
    assert list(_cases(store)) == before[:1]
    with store.read() as db:
        assert cases.get(db, before[1]).key == before[0]


FORWARD = """\
森様から頼まれました。

-------- Original Message --------
Subject: 搬入の日程
Date: Mon, 2 Mar 2026 08:15:00 +0900
From: 森 花 <hana@midori-shoji.example>
To: 麻田 <asada@tsubaki.example>

搬入の日程を教えていただけますか。
図面は3月4日までにお送りします。
"""


def test_a_colleagues_forward_into_the_log_is_filed_as_the_originals_customer(store: Store, post: Post) -> None:
    forward = post.mail(
        "f@tsubaki.example", ASA, LOG, subject="Fwd: 搬入の日程", body=FORWARD, mailbox="log", role=Role.LOG, hours=1
    )
    _put(store, forward)
    (filed,) = _cases(store).values()
    (mail,) = filed
    assert (mail.kind, mail.direction, mail.via) == (Kind.FORWARD, Direction.INTERNAL, Via.LOG)
    assert mail.forwarded[0].sender.address == "hana@midori-shoji.example"
    with store.read() as db:
        (held,) = cases.held(db)
    assert held.case.customer.domains == ("midori-shoji.example",)
    assert [(one.by, one.who) for one in mail.findings.promises] == [(By.THEM, "hana@midori-shoji.example")]
    assert [one.quote for one in mail.findings.questions] == ["搬入の日程を教えていただけますか。"]


def test_a_forward_does_not_speak_for_a_mail_that_the_diary_holds(store: Store, post: Post) -> None:
    original = post.mail(
        "o@midori-shoji.example",
        to=ASA,
        subject="搬入の日程",
        hours=-1.25,
        body="図面は3月4日までにお送りします。\n",
        mailbox="asada",
    )
    _put(store, original)
    _put(
        store,
        post.mail(
            "f@tsubaki.example",
            ASA,
            LOG,
            subject="Fwd: 搬入の日程",
            body=FORWARD,
            mailbox="log",
            role=Role.LOG,
            hours=1,
        ),
    )
    (filed,) = _cases(store).values()
    assert {mail.ref: len(mail.findings.promises) for mail in filed} == {
        "o@midori-shoji.example": 1,
        "f@tsubaki.example": 0,
    }


@pytest.mark.parametrize(
    ("subject", "body", "kind"),
    [
        ("みどり商事 森様 電話", "明日中に回答すると伝えました。", Kind.CALL),
        ("TEL Midori Shoji", "Told Hana we will call her back tomorrow.", Kind.CALL),
        ("midori-shoji", "本日打合せ。3月6日までに見積を提出します。", Kind.MEETING),
        ("Meeting at Midori", "They want the drawings.", Kind.MEETING),
        ("みどり商事 電話会議", "三者で話した。", Kind.MEETING),
        ("みどり商事の件", "担当が替わりました。", Kind.NOTE),
    ],
)
def test_a_memo_in_the_log_says_what_it_is(store: Store, post: Post, subject: str, body: str, kind: Kind) -> None:
    _put(store, post.mail("q@midori-shoji.example", subject="見積の件"))
    (key,) = _cases(store)
    memo = post.mail(
        "memo@tsubaki.example",
        KIRI,
        LOG.replace("@", f"+{key}@"),
        subject=subject,
        body=body + "\n",
        mailbox="log",
        role=Role.LOG,
        hours=3,
    )
    _put(store, memo)
    filed = {mail.ref: mail for mail in _cases(store)[key]}
    assert filed["memo@tsubaki.example"].kind is kind


SIGNED = "見積をお願いします。\n\n--\n株式会社みどり商事\n総務部 森 花\nTEL: 06-1234-5678\n"


@pytest.mark.parametrize("number", ["06-1234-5678", "06(1234)5678", "０６－１２３４－５６７８", "+81-6-1234-5678"])
def test_a_memo_that_names_only_a_telephone_number_is_with_whoever_has_it(
    store: Store, post: Post, number: str
) -> None:
    _put(store, post.mail("q@midori-shoji.example", subject="見積の件", body=SIGNED))
    _put(store, post.mail("r@aoba.example", "ono@aoba.example", subject="ポンプの件", body="お願いします。\n"))
    said = f"{number} より電話。折り返しが欲しいとのこと。\n"
    _put(store, post.mail("memo@tsubaki.example", KIRI, LOG, subject="電話メモ", body=said, role=Role.LOG, hours=3))
    filed = {mail.ref: key for key, mails in _cases(store).items() for mail in mails}
    assert filed["memo@tsubaki.example"] == filed["q@midori-shoji.example"]


def test_a_telephone_number_that_two_customers_have_decides_nothing(store: Store, post: Post) -> None:
    _put(store, post.mail("q@midori-shoji.example", subject="見積の件", body=SIGNED))
    other = SIGNED.replace("みどり商事", "あおば工業").replace("森 花", "小野 健")
    _put(store, post.mail("r@aoba.example", "小野 健 <ono@aoba.example>", subject="ポンプの件", body=other))
    said = "06-1234-5678 より電話。\n"
    _put(store, post.mail("memo@tsubaki.example", KIRI, LOG, subject="電話メモ", body=said, role=Role.LOG, hours=3))
    filed = {mail.ref: key for key, mails in _cases(store).items() for mail in mails}
    assert "memo@tsubaki.example" not in filed


def test_a_copy_in_the_log_makes_an_internal_mail_somebodys(store: Store, post: Post) -> None:
    forward = post.mail("f@tsubaki.example", ASA, KIRI, subject="Fwd: 搬入の日程", body=FORWARD, hours=1)
    _put(store, post.mail("q@midori-shoji.example", subject="納品書"))
    _put(store, forward)
    _put(store, replace(forward, place=Place("log", "Log", 1, 1), role=Role.LOG, via=Via.LOG))
    assert "f@tsubaki.example" not in _unfiled(store)


def test_a_note_written_by_a_person_counts_in_the_standing(store: Store, post: Post) -> None:
    _put(store, post.mail("q@midori-shoji.example"))
    (key,) = _cases(store)
    with store.begin() as db:
        filed = mails.of_cases(db, [key])[key][0]
        ref = mails.add_note(db, case=key, kind=Kind.NOTE, sender=filed.to[0], at=NOW, text="電話で確認した。")
        stand_again(db, [key], CONTEXT)
        case = cases.get(db, key)
    assert ref in {mail.ref for mail in _cases(store)[key]}
    assert (case.messages, case.last_at) == (2, NOW)


def test_a_configured_customer_keeps_its_id_and_a_new_one_gets_its_own(store: Store, post: Post) -> None:
    configured = Customer("mdr", "みどり商事", ("midori-shoji.example",), ("hana.private@freemail.example",))
    context = replace(CONTEXT, directory=replace(CONTEXT.directory, customers=(configured,)))
    batch = [
        post.mail("a@midori-shoji.example"),
        post.mail("b@freemail.example", "Hana <hana.private@freemail.example>", subject="旅行の写真", hours=1),
        post.mail(
            "c@midori.example", "Ken <ken@mdr.example>", subject="New shelves", body="We need shelves.\n", hours=2
        ),
    ]
    receive(store, batch, context, None)
    with store.read() as db:
        assert {customer.id for customer in customers.all(db)} == {"mdr", "mdr2"}
