"""The short answer to a mail to the log, over a mail server on this machine: by pipe, LMTP and a polled log mailbox."""

import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from cli.answer import hand_over
from cli.desk import Desk
from notes.model import Directory, Message, Staff
from tests.cli import diaries, handed_over
from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO
from tests.cli.handed_over import MORI, at, forward, memo, receive
from tests.cli.letterbox import Inbox, set_up
from tests.cli.test_lmtp import LOG, serving, talk
from tests.dovecot import Dovecot

PLUS = "log+asagao-1@tsubame.example"
BOX = """
[[mailbox]]
id = "log"
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_env = "BOX_PASSWORD"
folders = {{ "INBOX" = "log" }}
"""


@pytest.fixture
def log(kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> Kawari:
    """A diary with a log that answers."""
    handed_over.prepare(tmp_path)
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8") + "reply = true\n", "utf-8")
    set_up(tmp_path, inbox[1])
    return kawari


def text(mail: EmailMessage) -> str:
    """Its words, however they are broken into lines."""
    return " ".join(mail.get_content().split())


def handled(folder: Path, now: datetime) -> None:
    """What every way in does after a mail is stored, at a moment."""
    desk = Desk(str(folder / "kawari.toml"), {})
    store = desk.store()
    try:
        hand_over(desk, store, now)
    finally:
        store.close()


def told(folder: Path, raw: bytes, *args: str) -> None:
    """A mail by the pipe, in March; the clock says November, so that nothing is answered yet."""
    assert receive(folder, raw, *args).returncode == 0


def soon(minutes: float = 0) -> datetime:
    return at(6, 12) + timedelta(minutes=minutes)


def test_a_memo_is_answered_once_with_its_case_what_it_did_and_how_to_put_it_right(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, _ = inbox
    raw = memo("m1@tsubame.example", "I told Ms Ito that we will send the drawing by 12 March.\n#owner kudo\n", to=PLUS)
    told(tmp_path, raw)
    handled(tmp_path, soon())
    ((to, mail),) = box.mails
    assert (to, mail["From"], mail["Reply-To"]) == ("mori@tsubame.example", "kawari@tsubame.example", LOG)
    assert (mail["Auto-Submitted"], mail["In-Reply-To"]) == ("auto-replied", "<m1@tsubame.example>")
    assert mail["Subject"] == "[kawari] asagao-1: TEL"
    said = text(mail)
    parts = ["asagao-1 Pump P-7 leaks (Hana Ito)", "call, “TEL”", "Jun Kudo", "send the drawing by 12 March"]
    for part in (*parts, "Thu 12 Mar", "kawari case move m1@tsubame.example CASE", "#acme-3", "kawari undo"):
        assert part in said, part
    told(tmp_path, raw)
    assert log("reconsider").code == 0
    handled(tmp_path, soon(5))
    assert len(box.mails) == 1


def test_a_forward_in_japanese_is_answered_in_japanese_and_what_is_nobodys_says_why(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, _ = inbox
    told(tmp_path, forward("f1@tsubame.example").replace(b"Please file this.", "お願いします。".encode()))
    told(tmp_path, memo("m2@tsubame.example", "Somebody rang.\n"))
    handled(tmp_path, soon())
    by_subject = {str(mail["Subject"]): text(mail) for _, mail in box.mails}
    said = by_subject["【kawari】asagao-1: Fwd: Pump P-7 leaks"]
    assert "Hana Ito のメール" in said
    assert "3/5(木) 17:00" in said
    aside = by_subject["[kawari] not filed: TEL"]
    assert "kawari unfiled m2@tsubame.example --to CASE" in aside
    assert log("unfiled", "--json").json["messages"][0]["ref"] == "m2@tsubame.example"


def test_the_answer_stands_in_the_thread_however_long_the_name_of_the_mail(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    name = f"{'TYCPR01MB8437' * 6}@TYCPR01MB8437.jpnprd01.prod.outlook.com"
    told(tmp_path, memo(name, "Called.\n", to=PLUS).replace(b"=?utf-8?q?", b""))
    handled(tmp_path, soon())
    raw = inbox[0].mails[0][1].as_bytes(policy=policy.default.clone(max_line_length=0))
    assert f"In-Reply-To: <{name}>".encode() in raw
    assert f"References: <{name}>".encode() in raw


def test_a_reply_with_a_key_moves_the_mail_that_was_answered(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, _ = inbox
    told(tmp_path, memo("m3@tsubame.example", "They want it blue.\n", to=PLUS))
    handled(tmp_path, soon())
    answer = box.mails[0][1]
    quoted = "\n".join(f"> {line}" for line in answer.get_content().splitlines())
    subject, name = f"Re: {answer['Subject']}", str(answer["Message-ID"]).strip("<>")
    reply = diaries.mail("r1@tsubame.example", MORI, LOG, at(6, 13), subject, f"#kiku-1\n\n{quoted}\n", answers=name)
    told(tmp_path, reply)
    handled(tmp_path, soon(61))
    assert log("show", "m3@tsubame.example", "--json").json["case"] == "kiku-1"
    second = box.mails[1][1]
    assert "Moved as you asked: call, “TEL”. It is now in kiku-1 Order 4711" in text(second)
    handled(tmp_path, soon(62))
    assert len(box.mails) == 2
    assert (
        "m3@tsubame.example" in log("undo").out or log("show", "m3@tsubame.example", "--json").json["case"] != "kiku-1"
    )
    nobody = reply.replace(b"r1@", b"r2@").replace(b"#kiku-1", b"#kiku-9")
    told(tmp_path, nobody)
    handled(tmp_path, soon(63))
    assert log("show", "m3@tsubame.example", "--json").json["case"] == "asagao-1"


@pytest.mark.parametrize(
    ("change", "args"),
    [
        (lambda raw: b"Auto-Submitted: auto-replied\n" + raw, ()),
        (lambda raw: b"Return-Path: <>\n" + raw, ()),
        (lambda raw: raw.replace(MORI.encode(), b"Eve <eve@evil.example>"), ()),
        (lambda raw: raw.replace(MORI.encode(), b"Unlisted <unlisted@tsubame.example>"), ()),
        (lambda raw: raw.replace(MORI.encode(), b"The log <log@tsubame.example>"), ()),
    ],
)
def test_nobody_else_and_no_program_is_answered(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int], change: Callable[[bytes], bytes], args: tuple[str, ...]
) -> None:
    told(tmp_path, change(memo("x1@tsubame.example", "Called.\n", to=PLUS)), *args)
    handled(tmp_path, soon())
    assert inbox[0].mails == []


def test_our_own_answer_that_comes_back_to_the_log_is_not_answered(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, _ = inbox
    told(tmp_path, memo("m4@tsubame.example", "Called.\n", to=PLUS))
    handled(tmp_path, soon())
    bounced = box.mails[0][1].as_bytes().replace(b"From: kawari@", b"From: mori@")
    told(tmp_path, bounced, "--to", LOG)
    handled(tmp_path, soon(1))
    assert len(box.mails) == 1


def test_who_writes_often_is_answered_some_times_an_hour(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.answering.MOST_AN_HOUR", 2)
    box, _ = inbox
    for number in range(3):
        told(tmp_path, memo(f"o{number}@tsubame.example", f"Called {number}.\n", to=PLUS))
    handled(tmp_path, soon())
    assert len(box.mails) == 2
    told(tmp_path, memo("o3@tsubame.example", "Called again.\n", to=PLUS))
    handled(tmp_path, soon(61))
    assert [mail["In-Reply-To"] for _, mail in box.mails[2:]] == ["<o3@tsubame.example>"]


def test_old_mail_is_not_answered_and_none_where_the_settings_do_not_say_so(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    told(tmp_path, memo("m5@tsubame.example", "Called.\n", to=PLUS))
    handled(tmp_path, soon() + timedelta(days=2))
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8").replace("reply = true", "reply = false"), "utf-8")
    handled(tmp_path, soon())
    assert inbox[0].mails == []


def test_a_mail_server_that_is_away_loses_no_mail_and_the_answer_comes_later(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    settings = tmp_path / "kawari.toml"
    whole = settings.read_text("utf-8")
    settings.write_text(whole.replace(f"port = {port}", "port = 1"), "utf-8")
    today = datetime.now(TOKYO)
    raw = diaries.mail("m6@tsubame.example", MORI, PLUS, today, "TEL", "Called.\n")
    told(tmp_path, raw)
    assert log("status", "--json").json["letters"]["waiting"] == 1
    settings.write_text(whole, "utf-8")
    handled(tmp_path, today + timedelta(minutes=5))
    assert [mail["In-Reply-To"] for _, mail in box.mails] == ["<m6@tsubame.example>"]


def test_a_mail_at_which_answering_breaks_keeps_no_answer_back(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest import answering

    whole = answering.addressee

    def breaks(message: Message, ref: str, raw: bytes, directory: Directory) -> Staff | None:
        if ref == "x1@tsubame.example":
            raise ValueError(message.text)
        return whole(message, ref, raw, directory)

    monkeypatch.setattr(answering, "addressee", breaks)
    told(tmp_path, memo("x1@tsubame.example", "Called.\n", to=PLUS))
    told(tmp_path, memo("x2@tsubame.example", "Called again.\n", to=PLUS))
    for minute in range(2):
        handled(tmp_path, soon(minute))
    assert [mail["In-Reply-To"] for _, mail in inbox[0].mails] == ["<x2@tsubame.example>"]


def test_the_pipe_answers_at_once(log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    told(tmp_path, diaries.mail("m7@tsubame.example", MORI, PLUS, datetime.now(TOKYO), "TEL", "Called.\n"))
    assert [mail["In-Reply-To"] for _, mail in inbox[0].mails] == ["<m7@tsubame.example>"]


def test_lmtp_answers_and_does_not_answer_what_has_no_return_path(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, now = inbox[0], datetime.now(TOKYO)
    with serving(tmp_path) as (service, where):
        with talk(where) as server:
            for number, path in enumerate(("", "mori@tsubame.example")):
                raw = diaries.mail(f"l{number}@tsubame.example", MORI, PLUS, now, "TEL", f"Called {number}.\n")
                server.sendmail(path, [PLUS], raw)
        until = time.monotonic() + 20
        while not box.mails and time.monotonic() < until:
            time.sleep(0.05)
        service.send_signal(signal.SIGTERM)
        assert service.wait(20) == 0
    assert [mail["In-Reply-To"] for _, mail in box.mails] == ["<l1@tsubame.example>"]


def test_a_polled_log_answers_what_is_proven(
    log: Kawari, tmp_path: Path, inbox: tuple[Inbox, int], dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOX_PASSWORD", dovecot.password)
    user, now = dovecot.user(), datetime.now(TOKYO)
    settings = tmp_path / "kawari.toml"
    text = settings.read_text("utf-8").replace("reply = true", 'reply = true\nauthserv_id = "mx.tsubame.example"')
    settings.write_text(text.replace("\n[log]", f"{BOX.format(port=dovecot.port, user=user)}\n[log]"), "utf-8")
    results = "Authentication-Results: mx.tsubame.example; dmarc={} header.from=tsubame.example\r\n"
    for number, result in enumerate(("fail", "pass")):
        raw = diaries.mail(f"p{number}@tsubame.example", MORI, PLUS, now, "TEL", f"Called {number}.\n")
        dovecot.deliver(user, [results.format(result).encode() + raw], at=now)
    assert log("poll", "--once", "--mailbox", "log").code == 0
    assert [mail["In-Reply-To"] for _, mail in inbox[0].mails] == ["<p1@tsubame.example>"]


def test_the_settings_ask_for_a_mail_server(kawari: Kawari, tmp_path: Path) -> None:
    handed_over.prepare(tmp_path)
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8") + "reply = true\n", "utf-8")
    done = kawari("cases")
    assert (done.code, "[notify]" in done.err) == (2, True)
