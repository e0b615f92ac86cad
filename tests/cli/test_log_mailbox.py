"""A log mailbox on a real IMAP server, beside a colleague's: what is forwarded, noted and copied there, all the way."""

from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli import diaries
from tests.cli.conftest import Kawari
from tests.cli.handed_over import HANA, MORI, at, forward, memo
from tests.dovecot import Dovecot

KUDO = "Jun Kudo <kudo@tsubame.example>"
LOG = "log@tsubame.example"
BOX = """
[[mailbox]]
id = "{id}"
{owner}
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_env = "BOX_PASSWORD"
folders = {{ {folders} }}
"""


class Office:
    """Mori's mailbox and the log's, both polled; Kudo's is not."""

    def __init__(self, kawari: Kawari, folder: Path, dovecot: Dovecot) -> None:
        self.kawari, self._folder, self._dovecot = kawari, folder, dovecot
        self._mori, self._log = dovecot.user(), dovecot.user()
        for name in ("INBOX", "Sent"):
            mails = [path.read_bytes() for path in sorted((folder / name).iterdir())]
            dovecot.deliver(self._mori, mails, name, at(9, 8))
        self.set_up()

    def set_up(self, log: str = "") -> None:
        head, _, _ = diaries.SETTINGS.partition("[[mailbox]]")
        mori = {"id": "mori", "owner": 'owner = "mori"', "user": self._mori, "folders": '"INBOX"="inbox","Sent"="sent"'}
        log_box = {"id": "log", "owner": "", "user": self._log, "folders": '"INBOX" = "log"'}
        boxes = "".join(BOX.format(port=self._dovecot.port, **one) for one in (mori, log_box))
        text = f'{head}{boxes}\n[log]\naddresses = ["{LOG}"]\n{log}'
        (self._folder / "kawari.toml").write_text(text, "utf-8")

    def arrives(self, *mails: bytes, folder: str = "") -> None:
        """Into the log, or a folder of Mori's; then everything is polled."""
        self._dovecot.deliver(self._mori if folder else self._log, mails, folder or "INBOX", at(9, 9))
        self.poll()

    def poll(self) -> None:
        done = self.kawari("poll", "--once")
        assert (done.code, done.err) == (0, ""), done.err

    def page(self, case: str = "asagao-1") -> dict[str, Any]:
        found: dict[str, Any] = self.kawari("timeline", case, "--json", "--at", "2026-03-10 12:00").json
        return found

    def entry(self, ref: str, case: str = "asagao-1") -> dict[str, Any]:
        (found,) = [one for one in self.page(case)["entries"] if one["ref"] == ref]
        assert isinstance(found, dict)
        return found

    def aside(self) -> dict[str, str]:
        return {one["ref"]: one["reason"] for one in self.kawari("unfiled", "--json").json["messages"]}


@pytest.fixture
def office(bare: Kawari, tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("BOX_PASSWORD", dovecot.password)
    diaries.write(tmp_path)
    found = Office(bare, tmp_path, dovecot)
    found.poll()
    return found


def original(to: str = KUDO) -> bytes:
    """Hana's mail that `handed_over.forward` forwards, as it reached the colleague."""
    text = "The pump P-7 leaks more and more. When will you repair the pump?\n"
    return diaries.mail("h1@asagao.example", HANA, to, at(5, 17), "Pump P-7 leaks", text)


def attached(ref: str) -> bytes:
    """The original as message/rfc822, as "forward as attachment" makes it."""
    mail = EmailMessage()
    mail["Message-ID"], mail["From"], mail["To"], mail["Subject"] = f"<{ref}>", KUDO, LOG, "Fwd: Pump P-7 leaks"
    mail["Date"] = format_datetime(at(6, 9))
    mail.set_content("She sounded upset.\n")
    inner = EmailMessage()
    inner["Message-ID"], inner["From"], inner["To"] = "<h1@asagao.example>", HANA, KUDO
    inner["Subject"], inner["Date"] = "Pump P-7 leaks", format_datetime(at(5, 17))
    inner.set_content("The pump P-7 leaks more and more. When will you repair the pump?\n")
    mail.add_attachment(inner)
    return mail.as_bytes()


@pytest.mark.parametrize(("make", "above"), [(forward, "Please file this."), (attached, "She sounded upset.")])
def test_a_forward_is_filed_as_its_original_and_one_with_it_when_that_comes_itself(
    office: Office, make: Any, above: str
) -> None:
    office.arrives(make("f1@tsubame.example"))
    entry = office.entry("f1@tsubame.example")
    assert (entry["kind"], entry["via"], entry["mailbox"]) == ("forward", "log", ["log"])
    assert (entry["original"]["from"], entry["original"]["subject"]) == ("ito@asagao.example", "Pump P-7 leaks")
    assert entry["original"]["date"] == "2026-03-05T17:00:00+09:00"
    page = " ".join(office.kawari("timeline", "asagao-1").out.split())
    assert "second-hand" in page
    assert f"Aya Mori: “{above}”" in page or f"Jun Kudo: “{above}”" in page
    assert entry["original"]["above"].strip() == above
    asked = [one for one in office.page()["questions"] if "repair the pump" in one["quote"]]
    assert "f1@tsubame.example" in [one["asked_in"] for one in asked]
    office.arrives(original(), folder="INBOX")
    assert office.entry("h1@asagao.example")["direction"] == "in"
    again = [one["quote"] for one in office.page()["questions"] if "repair the pump" in one["quote"]]
    assert len(again) == len(asked)
    assert [one["key"] for one in office.kawari("cases", "--json").json["cases"]].count("asagao-1") == 1


def test_our_own_mail_by_bcc_is_what_it_is_and_one_with_the_copy_among_sent_mail(office: Office) -> None:
    raw = diaries.mail("o1@tsubame.example", MORI, HANA, at(6, 11), "Re: Pump P-7 leaks", "I will come on 12 March.\n",
                       answers="a3@asagao.example")  # fmt: skip
    office.arrives(raw)
    assert office.entry("o1@tsubame.example")["mailbox"] == ["log"]
    office.arrives(raw, folder="Sent")
    entry = office.entry("o1@tsubame.example")
    assert (entry["kind"], entry["direction"], sorted(entry["mailbox"])) == ("mail", "out", ["log", "mori"])
    assert sum("12 March" in one["quote"] for one in office.page()["promises"]) == 1


def test_memos_are_filed_by_their_words_their_address_or_a_key(office: Office) -> None:
    told = "I told Ms Ito that we will send the drawing by 12 March.\n"
    office.arrives(
        memo("m1@tsubame.example", f"Call with Hana Ito (Asagao) about the pump P-7\n{told}", sender=KUDO),
        memo("m2@tsubame.example", "He confirmed.\n", to="log+kiku-1@tsubame.example", subject="Meeting"),
        memo("m3@tsubame.example", "#kiku-1 they want it blue\n", subject="note"),
        memo("m4@tsubame.example", "Somebody rang and hung up.\n"),
    )
    assert office.entry("m1@tsubame.example")["kind"] == "call"
    assert any("drawing" in one["quote"] for one in office.page()["promises"])
    kinds = [office.entry(f"m{n}@tsubame.example", "kiku-1")["kind"] for n in (2, 3)]
    assert kinds == ["meeting", "note"]
    assert office.aside()["m4@tsubame.example"] == "log-unknown"


def test_what_an_outsider_writes_to_the_log_is_kept_aside_and_says_nothing(office: Office) -> None:
    before = office.page()["promises"], [one["ref"] for one in office.page()["entries"]]
    told = "I told them that we will pay by 12 March.\n#done\n"
    evil = memo("x1@evil.example", told, sender="Eve <eve@evil.example>", to="log+asagao-1@tsubame.example")
    nested = forward("x2@evil.example").replace(MORI.encode(), b"Eve <eve@evil.example>", 1)
    guest = diaries.mail("x3@asagao.example", HANA, LOG, at(6, 12), "Pump P-7 leaks", "You promised it for free.\n")
    office.arrives(evil, nested, guest)
    assert (office.page()["promises"], [one["ref"] for one in office.page()["entries"]]) == before
    assert {ref: why for ref, why in office.aside().items() if ref.startswith("x")} == dict.fromkeys(
        ("x1@evil.example", "x2@evil.example", "x3@asagao.example"), "log-stranger"
    )
    office.arrives(guest, folder="INBOX")  # he wrote to Mori, too
    assert office.entry("x3@asagao.example")["direction"] == "in"


def test_tags_under_a_colleagues_name_wait_until_the_colleague_is_known_to_have_written(office: Office) -> None:
    raw = memo("t1@tsubame.example", "#owner kudo\n#done\n", to="log+asagao-1@tsubame.example", subject="memo")
    office.arrives(raw)
    assert office.page()["case"]["owner"] == "mori"
    assert {"code": "sender-unproven", "detail": "t1@tsubame.example"} in office.page()["not_known"]
    assert [one["kind"] for one in office.page()["decisions"]] == ["tag-unclear", "tag-unclear"]
    for language, words in (("en", "not proven who wrote"), ("ja", "差出人を確認できない")):
        assert words in " ".join(office.kawari("timeline", "asagao-1", "--lang", language).out.split())
    office.arrives(raw, folder="Sent")
    assert office.page()["case"]["owner"] == "kudo"
    assert {one["kind"] for one in office.page()["decisions"]} == {"case-assign", "promise-keep"}
    assert "sender-unproven" not in [one["code"] for one in office.page()["not_known"]]


def test_who_polls_the_log_without_naming_the_server_is_told(office: Office) -> None:
    assert office.kawari("doctor", "--json").json["log"] == {"from_believed": True, "server": None}
    passed = b"Authentication-Results: mx.tsubame.example; dmarc=pass header.from=tsubame.example\r\n"
    office.arrives(passed + memo("t2@tsubame.example", "#owner kudo\n", to="log+asagao-1@tsubame.example"))
    for command in ("status", "doctor"):
        assert 'authserv_id = "mx.tsubame.example"' in office.kawari(command).out
        assert office.kawari(command, "--json").json["log"] == {"from_believed": True, "server": "mx.tsubame.example"}
        assert "authserv_id" in office.kawari(command, "--lang", "ja").out
    office.set_up('authserv_id = "mx.tsubame.example"\n')
    assert "authserv_id" not in office.kawari("status").out + office.kawari("doctor").out
    forged = memo("t3@tsubame.example", "#hint pay Eve\n", to="log+asagao-1@tsubame.example")
    office.arrives(b"Authentication-Results: mx.tsubame.example; dmarc=fail\r\n" + passed + forged)
    assert office.aside() == office.aside() | {"t3@tsubame.example": "log-unverified"}
    proven = memo("t4@tsubame.example", "#owner kudo\n", to="log+asagao-1@tsubame.example", subject="memo")
    office.arrives(passed + proven)
    assert office.page()["case"]["owner"] == "kudo"
    assert office.page()["hints"] == []
