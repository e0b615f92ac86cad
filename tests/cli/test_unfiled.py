"""What is nobody's, listed and filed by hand; its text comes back from the mail server."""

import getpass
from pathlib import Path

import pytest

from tests.cli import diaries
from tests.cli.conftest import Kawari
from tests.dovecot import Dovecot

NEWS = "n1@news.example"
BOX = """
[[mailbox]]
id = "box"
owner = "mori"
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
password_env = "BOX_PASSWORD"
folders = {{ "INBOX" = "inbox" }}
"""


@pytest.fixture
def user(bare: Kawari, tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> str:
    """The user of a real mailbox from which the diary was read."""
    monkeypatch.setenv("BOX_PASSWORD", dovecot.password)
    diaries.write(tmp_path)
    name = dovecot.user()
    dovecot.deliver(name, [path.read_bytes() for path in sorted((tmp_path / "INBOX").iterdir())])
    head, _, _ = diaries.SETTINGS.partition("[[mailbox]]")
    (tmp_path / "kawari.toml").write_text(head + BOX.format(port=dovecot.port, user=name), "utf-8")
    done = bare("poll", "--once")
    assert done.code == 0, done.err
    return name


def test_the_list_says_why_and_ends_with_a_line_to_paste(kawari: Kawari) -> None:
    out = kawari("unfiled").out
    assert "Spring sale" in out
    assert out.endswith(f"  kawari unfiled {NEWS} --customer News\n")
    assert "keep_unfiled" in out


def test_a_colleague_is_proposed_as_no_customer(kawari: Kawari, tmp_path: Path) -> None:
    drill = b"From: Jun Kudo <kudo@tsubame.example>\nTo: mori@tsubame.example\nDate: Fri, 6 Mar 2026 18:00:00 +0900\n"
    drill += b"Message-ID: <drill@tsubame.example>\nSubject: Fire drill\n\nTomorrow at ten.\n"
    (tmp_path / "drill.eml").write_bytes(drill)
    assert kawari("import", "drill.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    shown = kawari("unfiled").out
    assert "Fire drill" in shown.splitlines()[0]
    assert shown.endswith(f"  kawari unfiled {NEWS} --customer News\n")
    assert kawari("unfiled", "--limit", "1").out.endswith("  kawari unfiled drill@tsubame.example --to CASE\n")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_mail_without_its_text_says_so(kawari: Kawari, language: str) -> None:
    shown = kawari("show", NEWS, "--lang", language)
    assert ("keep_unfiled" in shown.out, "Buy!" in shown.out) == (True, False)
    assert kawari("show", NEWS, "--json").json["content"] == "headers"
    for option in (["--raw"], ["--attachments", "out"]):
        refused = kawari("show", NEWS, *option, "--lang", language)
        assert (refused.code, refused.out) == (4, "")
        assert f"kawari unfiled {NEWS} --to" in refused.err


def test_a_mail_is_filed_into_a_case_and_its_text_fetched_at_once(bare: Kawari, user: str) -> None:
    done = bare("unfiled", NEWS, "--to", "kiku-1", "--who", "kudo", "--json")
    assert done.json == {"messages": [{"ref": NEWS, "case": "kiku-1", "content": "whole"}]}
    assert "Buy!" in bare("show", NEWS).out
    assert bare("unfiled", "--json").json["messages"] == []
    assert bare("poll", "--once").code == 0
    assert bare("show", NEWS, "--json").json["case"] == "kiku-1"


def test_without_the_server_the_next_poll_brings_the_text(
    bare: Kawari, user: str, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BOX_PASSWORD")
    done = bare("unfiled", NEWS, "--to", "kiku-1")
    assert done.code == 0
    assert "BOX_PASSWORD" in done.err
    assert "next poll" in done.out
    assert "the next poll fetches it again" in " ".join(bare("timeline", "kiku-1").out.split())
    entry = bare("timeline", "kiku-1", "--json").json["entries"][-1]
    assert (entry["ref"], entry["content"], entry["subject"]) == (NEWS, "wanted", "Spring sale")
    assert bare("status", "--json").json["lacking"] == [{"ref": NEWS, "case": "kiku-1", "content": "wanted"}]
    monkeypatch.setenv("BOX_PASSWORD", dovecot.password)
    polled_again = bare("poll", "--once")
    assert "fetched again" in polled_again.err
    assert bare("timeline", "kiku-1", "--json").json["entries"][-1]["content"] == "whole"


def test_what_is_gone_from_the_server_is_said(bare: Kawari, user: str, dovecot: Dovecot) -> None:
    with dovecot.client(user) as client:
        client.select("INBOX")
        client.uid("STORE", "4", "+FLAGS", "(\\Deleted)")
        client.expunge()
    done = bare("unfiled", NEWS, "--to", "kiku-1")
    assert "on no mail server any more" in done.out
    assert "on no mail server any more" in bare("status").out
    assert bare("import", "INBOX/4.eml", "--mailbox", "box", "--folder", "INBOX").code == 0
    assert bare("show", NEWS, "--json").json["content"] == "whole"


def test_a_name_that_nobody_bears_makes_a_customer_and_undoing_it_unmakes_the_filing(bare: Kawari, user: str) -> None:
    (filed,) = bare("unfiled", NEWS, "--customer", "Frühling Verlag", "--json").json["messages"]
    assert filed["content"] == "whole"
    case = next(one for one in bare("cases", "--json").json["cases"] if one["key"] == filed["case"])
    assert (case["customer"], case["title"], case["messages"]) == ("Frühling Verlag", "Spring sale", 1)
    assert bare("undo").code == 0
    (left,) = bare("unfiled", "--json").json["messages"]
    assert (left["ref"], left["content"]) == (NEWS, "headers")
    assert bare("poll", "--once").code == 0
    assert len(bare("unfiled", "--json").json["messages"]) == 1


def test_filing_into_a_case_is_taken_back_with_its_text(bare: Kawari, user: str) -> None:
    assert bare("unfiled", NEWS, "--to", "kiku-1").code == 0
    assert bare("undo").code == 0
    (left,) = bare("unfiled", "--json").json["messages"]
    assert (left["ref"], left["content"], left["reason"]) == (NEWS, "headers", "automatic")


def test_a_customer_there_is_gets_a_new_case(bare: Kawari, user: str) -> None:
    (filed,) = bare("unfiled", NEWS, "--customer", "kiku", "--json").json["messages"]
    assert filed["case"] == "kiku-2"


def test_what_the_settings_leave_out_is_not_filed_by_hand(kawari: Kawari, tmp_path: Path) -> None:
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[ignore]\ndomains = ["news.example"]\n', "utf-8")
    for way in (["--to", "kiku-1"], ["--customer", "Somebody New"]):
        refused = kawari("unfiled", NEWS, *way)
        assert (refused.code, refused.out) == (2, "")
        assert "[ignore]" in refused.err
        assert "news.example" in refused.err
    assert all(one["customer"] != "Somebody New" for one in kawari("cases", "--json").json["cases"])
    assert len(kawari("unfiled", "--json").json["messages"]) == 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((NEWS,), 2),
        ((NEWS, "--to", "kiku-1", "--customer", "kiku"), 2),
        (("--to", "kiku-1"), 2),
        (("nonesuch@x", "--to", "kiku-1"), 4),
        ((NEWS, "--to", "zzz"), 4),
        (("a1@asagao.example", "--to", "kiku-1"), 2),
    ],
)
def test_what_cannot_be_filed_is_said(kawari: Kawari, args: tuple[str, ...], code: int) -> None:
    done = kawari("unfiled", *args)
    assert (done.code, done.out) == (code, "")
    assert done.err.strip()


def test_what_people_set_is_kept_of_nobodys_mail(bare: Kawari, tmp_path: Path) -> None:
    settings = diaries.write(tmp_path)
    text = settings.read_text("utf-8")
    for keep, whole in (("all", 1), ("headers", 0)):
        settings.write_text(f'keep_unfiled = "{keep}"\n{text}', "utf-8")
        assert bare("import", "INBOX", "--mailbox", "mori", "--folder", "INBOX").code == 0
        assert bare("status", "--json").json["unfiled"] == {"keep": keep, "messages": 1, "whole": whole}
    settings.write_text(f'keep_unfiled = "some"\n{text}', "utf-8")
    refused = bare("status")
    assert (refused.code, "headers, nothing, all" in refused.err) == (2, True)


def test_a_fault_is_named_in_the_log_and_by_status(
    bare: Kawari, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    diaries.write(tmp_path)

    def broken(*_: object, **__: object) -> None:
        raise KeyError("Buy!")

    monkeypatch.setattr("ingest.filing.customers.decide", broken)
    done = bare("import", "INBOX/4.eml", "--mailbox", "mori", "--folder", "INBOX", "--debug")
    assert "KeyError, ingest/filing.py:" in done.err
    assert " < " in done.err
    assert "Buy!" not in done.err
    assert "KeyError, ingest/filing.py:" in bare("status").out
    (one,) = bare("unfiled", "--json").json["messages"]
    assert (one["reason"], one["content"], one["detail"][:9]) == ("not-filed", "whole", "KeyError,")
    assert getpass.getuser() not in one["detail"]


def test_an_undated_mail_from_a_file_is_as_old_as_the_file(bare: Kawari, tmp_path: Path) -> None:
    import os

    diaries.write(tmp_path)
    undated = tmp_path / "undated.eml"
    undated.write_bytes(b"From: Hana <ito@asagao.example>\r\nTo: mori@tsubame.example\r\nSubject: Old\r\n\r\nHello\r\n")
    os.utime(undated, (1_700_000_000, 1_700_000_000))
    assert bare("import", "undated.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    (case,) = bare("cases", "--json").json["cases"]
    (entry,) = bare("timeline", case["key"], "--json").json["entries"]
    assert entry["at"].startswith("2023-11-14T22:13:20")
    os.utime(undated, (1_600_000_000, 1_600_000_000))
    again = bare("import", "undated.eml", "--mailbox", "mori", "--folder", "INBOX", "--json").json
    assert (again["mails"], again["new"]) == (1, 0)
