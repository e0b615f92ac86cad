"""A case taken elsewhere: mbox, calendar, Markdown, JSON."""

import mailbox
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.cli import diaries
from tests.cli.conftest import Kawari


def _key(kawari: Kawari, title: str) -> str:
    return next(str(one["key"]) for one in kawari("cases", "--json").json["cases"] if title in one["title"])


def _export(kawari: Kawari, form: str, *options: str) -> Path:
    path = Path(f"case.{form}")
    done = kawari("export", _key(kawari, "Pump"), "--format", form, "-o", str(path), *options)
    assert done.code == 0, done.err
    return path


def test_an_mbox_holds_every_mail_and_note(kawari: Kawari) -> None:
    assert kawari("promise", "add", _key(kawari, "Pump"), "From now on: a call by noon.", "--who", "mori").code == 0
    mails = list(mailbox.mbox(_export(kawari, "mbox")))
    assert [mail["Message-ID"] for mail in mails[:3]] == [
        "<a1@asagao.example>",
        "<a2@tsubame.example>",
        "<a3@asagao.example>",
    ]
    assert len(mails) == 4
    assert "From now on" in str(mails[3].get_payload())
    assert mails[0].get_from() == "ito@asagao.example Mon Mar  2 01:00:00 2026", "in UTC, as RFC 4155 has it"


def test_calendar_entries_are_the_promises_still_owed(kawari: Kawari) -> None:
    calendar = Calendar.from_ical(_export(kawari, "ics", "--at", "2026-03-05 10:00").read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert "DTEND" not in event, "which would have to be later"
    assert event["DTSTART"].dt == datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    assert "date for the repair" in str(event["DESCRIPTION"])
    kept = kawari("promise", "list", _key(kawari, "Pump"), "--json").json["promises"][0]["id"]
    assert kawari("promise", "keep", kept).code == 0
    assert Calendar.from_ical(_export(kawari, "ics").read_bytes()).walk("VEVENT") == []


def test_the_owners_promises_are_one_calendar(kawari: Kawari) -> None:
    assert kawari("handover", "mori", "--at", "2026-03-05 10:00", "--ics", "mori.ics").code == 0
    assert len(Calendar.from_ical(Path("mori.ics").read_bytes()).walk("VEVENT")) == 1


def test_pack_and_calendar_are_written_in_one_go(kawari: Kawari) -> None:
    done = kawari("handover", "mori", "--at", "2026-03-05 10:00", "--html", "mori.html", "--ics", "mori.ics")
    assert [line.split()[1] for line in done.out.splitlines()] == ["mori.html", "mori.ics"]
    assert Path("mori.html").exists()
    assert Path("mori.ics").exists()
    assert kawari("handover", "mori", "--html", "again.html", "--json").json["owner"] == "mori"
    assert Path("again.html").exists()


@pytest.mark.parametrize("option", [["--to", "kudo"], ["--html", "all.html"], ["--ics", "all.ics"]])
def test_what_is_of_one_owner_is_not_silently_left_out_of_everybodys(kawari: Kawari, option: list[str]) -> None:
    done = kawari("handover", "--all", *option)
    assert (done.code, done.out) == (2, "")
    assert option[0] in done.err
    assert not Path(option[1]).exists()


def test_settings_without_staff_are_said(bare: Kawari, tmp_path: Path) -> None:
    diaries.write(tmp_path)
    before, _, after = diaries.SETTINGS.partition("[[staff]]")
    (tmp_path / "kawari.toml").write_text(before + after[after.index("[[mailbox]]") :].replace("owner", "#"), "utf-8")
    assert bare("import", "INBOX", "--mailbox", "mori", "--folder", "INBOX").code == 0
    done = bare("handover", "mori")
    assert done.code == 4
    assert "[[staff]]" in done.err
    assert bare("handover", "--all").out.endswith("\n\nNo folder was read yet: kawari poll --once\n")


def test_a_strangers_words_do_not_format_markdown(kawari: Kawari) -> None:
    assert kawari("promise", "add", _key(kawari, "Pump"), "I [call](http://x) *you* <b>", "--who", "mori").code == 0
    text = _export(kawari, "md").read_text("utf-8")
    assert r"I \[call\](http\://x) \*you\* \<b\>" in text
    assert text.startswith("# asagao-1 Pump P-7 leaks")


def test_a_strangers_lines_stay_lines_of_a_quote_in_markdown(kawari: Kawari, tmp_path: Path) -> None:
    answer = b"From: ito@asagao.example\nTo: mori@tsubame.example\nDate: Fri, 06 Mar 2026 18:00:00 +0900\n"
    lines = b"We need:\n\n- two pumps\n1. now\n+ a valve\n    see www.asagao.example &copy;\n===\n"
    head = b"Message-ID: <m9@asagao.example>\nIn-Reply-To: <a2@tsubame.example>\nSubject: Re: Pump P-7 leaks\n\n"
    (tmp_path / "answer.eml").write_bytes(answer + head + lines)
    assert kawari("import", "answer.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    quoted = [line[2:].rstrip() for line in _export(kawari, "md").read_text("utf-8").splitlines() if line[:1] == ">"]
    assert quoted[2:7] == [r"\- two pumps", r"1\. now", r"\+ a valve", r"see www\.asagao.example \&copy;", r"\==="]


def test_json_is_that_of_the_page(kawari: Kawari) -> None:
    key = _key(kawari, "Pump")
    at = ("--at", "2026-03-05 10:00")
    assert kawari("export", key, "--format", "json", *at).json == kawari("timeline", key, "--json", *at).json


@pytest.mark.parametrize("form", ["pdf", ""])
def test_an_unknown_format_is_said(kawari: Kawari, form: str) -> None:
    done = kawari("export", _key(kawari, "Pump"), "--format", form)
    assert done.code == 2
    assert "mbox" in done.err


def test_an_mbox_is_not_written_to_a_terminal(kawari: Kawari, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    done = kawari("export", "asagao-1", "--format", "mbox")
    assert (done.code, done.out) == (2, "")
    assert "-o" in done.err
