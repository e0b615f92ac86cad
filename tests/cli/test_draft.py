"""`kawari draft`: what is written, to whom, where it is put; read back when it was sent, it moves the promise."""

import email
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from cli.decide import read_due
from cli.desk import Desk
from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO, mail
from tests.dovecot import Dovecot, utf7

NEW = "2099-12-09 17:00"


def opened(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(raw: bytes) -> str:
    return str(opened(raw).get_content()).replace("\r\n", "\n")


def written(kawari: Kawari, tmp_path: Path, *args: str) -> bytes:
    done = kawari("draft", *args, "-o", "draft.eml")
    assert done.code == 0, done.err
    return (tmp_path / "draft.eml").read_bytes()


def test_an_answer_goes_into_the_thread_with_its_question_and_a_gap(kawari: Kawari, tmp_path: Path) -> None:
    raw = written(kawari, tmp_path, "kiku-1", "--from", "kudo")
    one = opened(raw)
    assert (one["From"], one["To"], one["Cc"]) == (
        "Jun Kudo <kudo@tsubame.example>",
        "Rui Abe <abe@kiku.example>",
        "Aya Mori <mori@tsubame.example>",
    )
    assert (one["Subject"], one["In-Reply-To"], one["References"]) == (
        "Re: Order 4711",
        "<b1@kiku.example>",
        "<b1@kiku.example>",
    )
    text = text_of(raw)
    assert "Dear Rui Abe," in text
    assert "I am Jun Kudo of Tsubame, and I am writing on behalf of Aya Mori." in text
    assert "> Please confirm our order.\n\n[[your answer]]\n" in text
    assert "On Wed, 4 Mar 2026 at 11:00, Rui Abe <abe@kiku.example> wrote:\n\n> Please confirm our order." in text
    assert stat.S_IMODE((tmp_path / "draft.eml").stat().st_mode) == 0o600


def test_a_grace_mail_says_what_was_promised_in_which_words(kawari: Kawari, tmp_path: Path) -> None:
    done = kawari("draft", "asagao-1", "--grace", "--from", "kudo", "-o", "g.eml", "--json")
    assert (done.json["kind"], done.json["gaps"], done.json["saved"]) == ("grace", 2, {"file": "g.eml"})
    assert done.json["date_hint"]
    assert "[[the new date]]" in done.json["text"]
    assert done.json["date_hint"] not in done.json["text"]
    text = text_of(written(kawari, tmp_path, "asagao-1", "--grace", "--date", NEW, "--from", "kudo"))
    promised = "I will send you a date for the repair by 6 March 2026 17:00"
    assert f'May we move what we promised ("{promised}") to Wednesday 9 December 2099, 17:00?' in text
    assert text.index("I apologise") < text.index("May we move") < text.index("[[what is being done]]")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("kiku-1",), 2, "--from kudo"),
        (("kiku-1", "--from", "nobody-like-it"), 4, "kudo"),
        (("kiku-1", "--from", "kudo"), 2, "-o kiku-1.eml"),
        (("kiku-1", "--from", "kudo", "--grace", "--date", "2026-01-01"), 2, "2026-01-01"),
        (("kiku-1", "--from", "kudo", "--date", NEW), 2, "--grace"),
        (("kiku-1", "--from", "kudo", "-o", "-", "--json"), 2, "--json"),
        (("asagao-1", "--from", "kudo", "--grace", "--promise", "nothing"), 4, "nothing"),
        (("nothing-like-it-at-all", "--from", "kudo"), 4, ""),
    ],
)
def test_what_cannot_be_drafted_says_what_to_do(kawari: Kawari, args: tuple[str, ...], code: int, said: str) -> None:
    done = kawari("draft", *args)
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err


def test_the_page_names_the_draft(kawari: Kawari) -> None:
    assert "kawari draft kiku-1 --from kudo -o kiku-1.eml\n" in kawari("timeline", "kiku-1").out
    assert "kawari draft asagao-1 --grace --from kudo -o asagao-1.eml\n" in kawari("timeline", "asagao-1").out


def test_a_memo_is_never_quoted_to_the_customer(kawari: Kawari, tmp_path: Path) -> None:
    kawari(
        "note", "kiku-1", "--call", "I told them, grudgingly, that we will deliver by 12 June.", "--at", "2026-06-01"
    )
    for args in ((), ("--grace",)):
        done = kawari("draft", "kiku-1", "--from", "kudo", "-o", "draft.eml", *args)
        assert "grudgingly" in done.out
        assert "grudgingly" not in text_of((tmp_path / "draft.eml").read_bytes())


def test_the_writers_own_signature_stands_under_it(kawari: Kawari, tmp_path: Path) -> None:
    own = "Dear Ms Ito,\n\nthe pump is here.\n\nBest regards,\n--\nJun Kudo\nTsubame Ltd\nTel +81 3 0000 0000\n"
    at = datetime(2026, 3, 4, 9, tzinfo=TOKYO)
    raw = mail("k1@tsubame.example", "Jun Kudo <kudo@tsubame.example>", "ito@asagao.example", at, "Pump", own)
    (tmp_path / "k1.eml").write_bytes(raw)
    assert kawari("import", "k1.eml", "--mailbox", "mori", "--folder", "Sent").code == 0
    text = text_of(written(kawari, tmp_path, "kiku-1", "--from", "kudo"))
    above = text[: text.index("wrote:")]
    assert "Tel +81 3 0000 0000" in above
    assert above.count("regards") == 1


def test_hostile_headers_and_bodies_stay_what_they_are(kawari: Kawari, tmp_path: Path) -> None:
    long = "x" * 150
    raw = (
        b"Message-ID: <" + long.encode() + b"@kiku.example>\r\nDate: Thu, 05 Mar 2026 10:00:00 +0900\r\n"
        b'From: "Rui\\" \x1b[31m Abe" <abe@kiku.example>\r\nTo: mori@tsubame.example\r\n'
        b"Reply-To: Desk <desk@kiku.example>, no-reply@kiku.example\r\n"
        b"Cc: noreply@shop.example, kudo@tsubame.example, Boss <boss@kiku.example>\r\n"
        b"References: <b1@kiku.example>\r\n"
        b"Subject: =?utf-8?q?RE=3A_Re=3A_Order_4711=0D=0ABcc=3A_victim=40x=2Eexample?=\r\n\r\n"
        b"When does it come? \x1b]0;x\x07 {braces}\r\n" + b"> old line\r\n" * 5_000
    )
    (tmp_path / "h.eml").write_bytes(raw)
    assert kawari("import", "h.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    draft = written(kawari, tmp_path, "kiku-1", "--from", "kudo")
    one = opened(draft)
    assert one["Bcc"] is None
    assert str(one["Subject"]).startswith("Re: Order 4711")
    assert b"Re: RE" not in draft
    assert (one["To"], one["Cc"]) == (
        "Desk <desk@kiku.example>",
        "mori@tsubame.example, Boss <boss@kiku.example>",
    )
    assert f"In-Reply-To: <{long}@kiku.example>\r\n".encode() in draft
    assert "\x1b" not in text_of(draft)
    assert text_of(draft).count("\n") < 400
    assert b"\n" not in draft.replace(b"\r\n", b"")


def test_a_colleague_is_named_as_japanese_business_mail_does(kawari: Kawari, tmp_path: Path) -> None:
    names = (("Aya Mori", "森 あや"), ("Jun Kudo", "工藤 純"), ('"Tsubame"', '"つばめ工業"'))
    settings = (tmp_path / "kawari.toml").read_text("utf-8")
    for one, other in names:
        settings = settings.replace(one, other)
    (tmp_path / "kawari.toml").write_text(settings, "utf-8")
    at = datetime(2026, 3, 6, 9, tzinfo=TOKYO)
    sender, asks = "阿部 累 <abe@kiku.example>", "いつ届きますか。\n"
    raw = mail("k9@kiku.example", sender, "mori@tsubame.example", at, "注文の件", asks, answers="b1@kiku.example")
    (tmp_path / "k9.eml").write_bytes(raw)
    assert kawari("import", "k9.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    text = text_of(written(kawari, tmp_path, "kiku-1", "--from", "kudo"))
    assert "つばめ工業の工藤と申します。\n森に代わりまして、ご連絡いたします。" in text
    assert "> いつ届きますか。\n\n【ここに回答を書く】" in text
    assert "2026年3月6日(金) 9:00 阿部 累 <abe@kiku.example>:\n\n> いつ届きますか。" in text


def test_a_phones_address_that_is_none_by_the_book_is_written_to(kawari: Kawari, tmp_path: Path) -> None:
    at = datetime(2026, 3, 6, 9, tzinfo=TOKYO)
    subject, asks = "Re: Order 4711", "When does it come?\n"
    raw = mail("d1@kiku.example", "x@y.example", "mori@tsubame.example", at, subject, asks, answers="b1@kiku.example")
    (tmp_path / "d1.eml").write_bytes(raw.replace(b"From: x@y.example", b"From: a..b@kiku.example"))
    assert kawari("import", "d1.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    assert b"To: a..b@kiku.example" in written(kawari, tmp_path, "kiku-1", "--from", "kudo")


# --- over a real server: into Drafts, sent by a person, read back ----------------------------------------------------

JA = {
    "ask": ("見積のお願い", "北様\n\nポンプP-7の見積をいただけますか。よろしくお願いいたします。\n"),
    "promise": "伊藤様\n\nお見積は3月6日17時までにお送りいたします。\n",
    "yes": "承知しました。それまでお待ちします。よろしくお願いします。\n",
}
EN = {
    "ask": ("Quote for P-7", "Hello,\n\ncould you send us a quote for the pump P-7?\n"),
    "promise": "Dear Ms Ito,\n\nI will send you the quote by 6 March 2026 17:00.\n",
    "yes": "That is fine with us, thank you.\n",
}
Boxes = tuple[Callable[..., Any], str, str]


@pytest.fixture
def boxes(bare: Kawari, tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Boxes:
    """`kawari` with two colleagues' mailboxes on the server."""
    mori, kudo = dovecot.user(), dovecot.user()
    monkeypatch.setenv("KAWARI_TEST_PASSWORD", dovecot.password)
    staff = "".join(
        f'[[staff]]\nid = "{one}"\nname = "{name}"\naddresses = ["{one}@tsubame.example"]\n'
        for one, name in (("mori", "Aya Mori"), ("kudo", "Jun Kudo"))
    )
    mailboxes = "".join(
        f'[[mailbox]]\nid = "{one}"\nowner = "{one}"\nhost = "127.0.0.1"\nport = {dovecot.port}\nsecurity = "none"\n'
        f'user = "{user}"\npassword_env = "KAWARI_TEST_PASSWORD"\n'
        for one, user in (("mori", mori), ("kudo", kudo))
    )
    (tmp_path / "kawari.toml").write_text(
        'language = "en"\ntimezone = "Asia/Tokyo"\ndatabase = "sqlite:///diary.db"\n'
        f'[organisation]\nname = "Tsubame"\ndomains = ["tsubame.example"]\n{staff}{mailboxes}',
        "utf-8",
    )
    return bare, mori, kudo


def test_without_a_drafts_folder_the_file_is_offered(boxes: Boxes, dovecot: Dovecot) -> None:
    kawari, mori, _ = boxes
    _deliver_story(dovecot, mori, EN)
    assert kawari("poll", "--once").code == 0
    done = kawari("draft", "asagao-1", "--from", "kudo")
    assert done.code == 5
    assert "no folder for drafts" in done.err
    assert "kawari draft asagao-1 --from kudo -o asagao-1.eml" in done.err


@pytest.mark.parametrize(("words", "folder", "shown"), [(JA, utf7("下書き"), "下書き"), (EN, "Drafts", "Drafts")])
def test_a_grace_mail_once_sent_moves_the_promise_and_the_customers_yes_agrees(
    boxes: Boxes, dovecot: Dovecot, words: dict[str, Any], folder: str, shown: str
) -> None:
    kawari, mori, kudo = boxes
    _deliver_story(dovecot, mori, words)
    with dovecot.client(kudo) as client:
        client.create(folder)
    assert kawari("poll", "--once").code == 0
    done = kawari("draft", "asagao-1", "--grace", "--date", NEW, "--from", "kudo", "--json")
    assert done.code == 0, done.err
    assert done.json["saved"] == {"mailbox": "kudo", "folder": shown}
    assert done.json["language"] == ("ja" if words is JA else "en")
    with dovecot.client(kudo) as client:
        client.select(folder, readonly=True)
        _, found = client.fetch("1", "(FLAGS BODY.PEEK[])")
        assert client.list()[0] == "OK"
    meta, raw = next(one for one in found if isinstance(one, tuple))
    assert b"\\Draft" in meta
    kawari("poll", "--once")
    before = kawari("timeline", "asagao-1", "--json").json
    assert (len(before["entries"]), before["promises"][0]["moves"]) == (2, [])  # a draft was not sent
    dovecot.deliver(kudo, [raw], "Sent")
    assert kawari("poll", "--once").code == 0
    moved = kawari("timeline", "asagao-1", "--json").json
    (promise,) = moved["promises"]
    assert [(one["to"], one["agreed_in"]) for one in promise["moves"]] == [("2099-12-09T17:00:00+09:00", None)]
    sent = opened(raw)["Message-ID"].strip("<>")
    later = datetime.now(UTC) + timedelta(minutes=1)
    hana, said = "Hana Ito <ito@asagao.example>", words["yes"]
    yes = mail("a9@asagao.example", hana, "kudo@tsubame.example", later, "Re: P-7", said, answers=sent)
    dovecot.deliver(kudo, [yes])
    assert kawari("poll", "--once").code == 0
    (promise,) = kawari("timeline", "asagao-1", "--json").json["promises"]
    assert [one["agreed_in"] for one in promise["moves"]] == ["a9@asagao.example"]
    assert promise["evidence"] is None


def _deliver_story(dovecot: Dovecot, user: str, words: dict[str, Any]) -> None:
    subject, asks = words["ask"]
    hana, mori = "Hana Ito <ito@asagao.example>", "Aya Mori <mori@tsubame.example>"
    asked = mail("a1@asagao.example", hana, mori, datetime(2026, 3, 2, 10, tzinfo=TOKYO), subject, asks)
    at = datetime(2026, 3, 2, 15, tzinfo=TOKYO)
    said = mail("a2@tsubame.example", mori, hana, at, f"Re: {subject}", words["promise"], answers="a1@asagao.example")
    dovecot.deliver(user, [asked])
    dovecot.deliver(user, [said], "Sent")


def test_a_new_date_is_read_as_people_type_it(tmp_path: Path) -> None:
    desk = Desk(None, {"KAWARI_TIMEZONE": "Asia/Tokyo", "XDG_CONFIG_HOME": str(tmp_path)})
    due = read_due(desk, "12/9 17:00", datetime(2026, 12, 7, 9, tzinfo=TOKYO))
    assert due.to == datetime(2026, 12, 9, 17, tzinfo=TOKYO)
