"""`kawari away`, `back` and `check`: what they say, where the stand-in shows, what is refused, and the exit code."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from notes.model import Cursor, Role
from notes.store import places
from notes.store.engine import open_store
from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO, mail

FRIDAY = "2026-03-06 14:00"


def standins(kawari: Kawari, at: str = FRIDAY) -> set[str | None]:
    return {one["standin"] for one in kawari("cases", "--json", "--at", at).json["cases"]}


def alarms(kawari: Kawari, at: str, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = kawari("check", "--json", "--at", at, *options).json["alarms"]
    return found


def test_an_absence_puts_the_standin_on_every_page_and_every_alarm(kawari: Kawari) -> None:
    done = kawari("away", "mori", "--to", "kudo", "--who", "kudo", "--at", "2026-03-06 08:40")
    assert done.code == 0, done.err
    assert "Aya Mori is away from Fri 6 Mar 08:40 on; Jun Kudo stands in" in done.out
    assert "kawari handover mori --to kudo" in done.out
    assert standins(kawari) == {"kudo"}
    assert standins(kawari, "2026-03-05") == {None}
    assert kawari("handover", "mori", "--json", "--at", FRIDAY).json["standin"] == "kudo"
    assert kawari("timeline", "asagao-1", "--json", "--at", FRIDAY).json["case"]["standin"] == "kudo"
    assert "stand-in: Jun Kudo" in kawari("timeline", "asagao-1", "--at", FRIDAY).out
    assert {row["case"] for row in kawari("handover", "kudo", "--json", "--at", FRIDAY).json["rows"]} == {
        "asagao-1",
        "kiku-1",
    }
    assert {one["standin"] for one in alarms(kawari, FRIDAY, "--owner", "kudo")} == {"kudo"}
    assert "owner: Aya Mori (away), stand-in: Jun Kudo" in kawari("check", "--at", FRIDAY).out


def test_back_ends_it_and_undo_takes_back_either(kawari: Kawari) -> None:
    kawari("away", "mori", "--to", "kudo", "--at", "2026-03-05 08:40")
    back = kawari("back", "mori", "--at", "2026-03-06 09:00")
    assert "Aya Mori is there again, since Fri 6 Mar 09:00" in back.out
    assert standins(kawari) == {None}
    assert kawari("undo").out.startswith("Taken back: Aya Mori is there again")
    assert kawari("undo").code == 0
    assert kawari("back", "mori").code == 4


def test_dates_are_read_as_people_write_them(kawari: Kawari) -> None:
    words = ("away", "mori", "--to", "kudo", "--at", "2026-03-04 08:40", "--json")
    half = kawari(*words, "--from", "午後", "--until", "今日").json["absence"]
    assert (half["from"], half["until"]) == ("2026-03-04T12:00:00+09:00", "2026-03-05T00:00:00+09:00")
    days = kawari(*words, "--from", "3/9", "--until", "Friday 13 March").json["absence"]
    assert (days["from"], days["until"]) == ("2026-03-09T00:00:00+09:00", "2026-03-14T00:00:00+09:00")


def test_without_a_name_it_lists_who_is_away_and_will_be(kawari: Kawari) -> None:
    assert kawari("away", "--at", FRIDAY).out == "Nobody is away.\n"
    kawari("away", "mori", "--to", "kudo", "--who", "kudo", "--at", "2026-03-05 08:40")
    kawari(
        "away", "kudo", "--to", "mori", "--from", "3/9", "--until", "3/10", "--who", "mori", "--at", "2026-03-05 09:00"
    )
    lines = kawari("away", "--at", FRIDAY).out.splitlines()
    assert lines == [
        "Aya Mori: from Thu 5 Mar 08:40 on; stand-in: Jun Kudo (said by Jun Kudo)",
        "Jun Kudo: Mon 9 Mar to Tue 10 Mar; stand-in: Aya Mori (said by Aya Mori)",
    ]
    (first, _) = kawari("away", "--json", "--at", FRIDAY).json["absences"]
    assert (first["owner"], first["until"], first["declared_by"]) == ("mori", None, "kudo")
    assert len(kawari("away", "--json", "--at", "2026-03-11").json["absences"]) == 1


def test_a_standin_who_is_away_hands_on_and_a_circle_is_told(kawari: Kawari) -> None:
    kawari("away", "mori", "--to", "kudo", "--at", "2026-03-05 08:40")
    done = kawari("away", "kudo", "--to", "mori", "--at", "2026-03-05 09:00")
    assert "Nobody stands in now" in done.out
    assert "(away, nobody stands in)" in kawari("check", "--at", FRIDAY).out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("away", "mori", "--to", "mori"), 2, "mori cannot stand in for themselves"),
        (("away", "nobody", "--to", "mori"), 4, "kudo  Jun Kudo"),
        (("away", "mori", "--to", "nobody"), 4, "kudo  Jun Kudo"),
        (("away", "mori", "--to", "kudo", "--from", "2026-03-05", "--until", "2026-03-01"), 2, "before it begins"),
        (("away", "mori", "--to", "kudo", "--from", "whenever"), 2, "whenever"),
        (("away", "mori"), 2, "--to"),
        (("back", "mori"), 4, "mori is not away"),
        (("check", "--owner", "nobody"), 4, "kudo  Jun Kudo"),
        (("check", "--at", "whenever"), 2, "whenever"),
    ],
)
def test_what_makes_no_sense_is_refused(kawari: Kawari, words: tuple[str, ...], code: int, said: str) -> None:
    refused = kawari(*words)
    assert (refused.code, said in refused.err) == (code, True), refused.err


def test_check_fails_only_when_something_is_late(kawari: Kawari) -> None:
    kawari("case", "close", "kiku-1", "--at", "2026-03-05 10:00")
    calm = kawari("check", "--at", "2026-03-05 12:00")
    assert (calm.code, "Nothing is late" in calm.out) == (0, True)
    kawari("away", "mori", "--to", "kudo", "--at", "2026-03-06 08:40")
    near = kawari("check", "--at", FRIDAY)
    assert (near.code, "Promise due soon: asagao-1" in near.out) == (0, True)
    late = kawari("check", "--at", "2026-03-06 17:30")
    assert (late.code, "PROMISE OVERDUE: asagao-1" in late.out) == (6, True)
    assert "kawari timeline asagao-1" in late.out


def test_an_alarm_as_data_names_the_thing_whose_it_is_and_why(kawari: Kawari) -> None:
    (alarm,) = [one for one in alarms(kawari, FRIDAY) if one["code"] == "promise-due-soon"]
    assert (alarm["case"], alarm["owner"], alarm["standin"], alarm["urgency"]) == ("asagao-1", "mori", None, "now")
    assert alarm["reason"] == {"code": "promise-due-soon", "hours": 3.0}
    assert alarm["due"] == "2026-03-06T17:00:00+09:00"
    (later,) = [one for one in alarms(kawari, "2026-03-06 17:30") if one["code"] == "promise-overdue"]
    assert later["key"] == alarm["key"]


def test_an_owner_who_falls_silent_is_asked_about_until_the_absence_is_declared(kawari: Kawari) -> None:
    found = {one["code"]: one for one in alarms(kawari, FRIDAY)}
    assert found["owner-quiet"]["owner"] == "mori"
    out = kawari("check", "--at", FRIDAY).out
    assert "GONE QUIET: Aya Mori" in out
    assert "kawari away mori --to kudo" in out
    kawari("away", "mori", "--to", "kudo", "--at", "2026-03-06 13:00")
    assert "owner-quiet" not in {one["code"] for one in alarms(kawari, FRIDAY)}


def test_the_owner_s_own_automatic_reply_is_offered_as_an_absence(kawari: Kawari, tmp_path: Path) -> None:
    moment = datetime(2026, 3, 6, 8, tzinfo=TOKYO)
    text = "I am out of the office until 10 March and will answer then.\n"
    raw = mail(
        "o1@tsubame.example",
        "Aya Mori <mori@tsubame.example>",
        "ito@asagao.example",
        moment,
        "Automatic reply: Pump P-7 leaks",
        text,
        answers="a3@asagao.example",
    )
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "1.eml").write_bytes(b"Auto-Submitted: auto-replied\n" + raw)
    assert kawari("import", "more", "--mailbox", "mori", "--folder", "Sent").code == 0
    (offer,) = [one for one in alarms(kawari, FRIDAY) if one["code"] == "absence-offered"]
    assert offer["next"][:4] == ["away", "mori", "--to", "kudo"]
    assert offer["next"][4:] == ["--from", "2026-03-06T08:00", "--until", "2026-03-11T00:00"]
    page = kawari("timeline", "asagao-1", "--json", "--at", FRIDAY).json
    assert [one["detail"] for one in page["not_known"] if one["code"] == "absence-offered"] == [
        " ".join(["kawari", *offer["next"]])
    ]
    assert "kawari away mori --to kudo" in kawari("handover", "mori", "--at", FRIDAY).out
    done = kawari(*offer["next"], "--at", FRIDAY)
    assert "Fri 6 Mar 08:00 to Tue 10 Mar" in done.out, done.err
    assert "absence-offered" not in {one["code"] for one in alarms(kawari, FRIDAY)}
    assert "kawari away" not in kawari("handover", "mori", "--at", FRIDAY).out


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_alarm_is_told_in_both_languages(kawari: Kawari, language: str) -> None:
    out = kawari("check", "--at", "2026-03-09 13:00", "--lang", language).out
    assert "alarm" not in out
    assert "{" not in out


def test_a_folder_that_the_settings_name_no_more_is_unread_by_nobodys_fault(kawari: Kawari, tmp_path: Path) -> None:
    def unread() -> list[str]:
        told = kawari("check", "--json").json["alarms"]
        return [one["reason"]["code"] for one in told if one["code"] == "mailbox-unread"]

    settings, now = tmp_path / "kawari.toml", datetime.now(TOKYO)
    store = open_store(f"sqlite:///{tmp_path / 'diary.db'}")
    with store.begin() as db:
        places.move_cursor(db, "mori", "Old", Role.INBOX, Cursor(7, 1), now - timedelta(days=2))
    assert unread() == ["unread"]
    settings.write_text(settings.read_text() + 'folders = { "New" = "inbox" }\n')
    assert unread() == ["unread"]  # nobody looked at the other one yet
    with store.begin() as db:
        places.move_cursor(db, "mori", "New", Role.INBOX, Cursor(7, 1), now)
    store.close()
    assert unread() == []


def test_a_folder_with_another_name_is_not_missed(kawari: Kawari, tmp_path: Path) -> None:
    now = datetime.now(TOKYO)
    store = open_store(f"sqlite:///{tmp_path / 'diary.db'}")
    with store.begin() as db:
        places.move_cursor(db, "mori", "INBOX", Role.INBOX, Cursor(7, 1), now)
        places.move_cursor(db, "mori", "Sent Items", Role.SENT, Cursor(7, 1), now - timedelta(days=2))
        places.record_failure(db, "mori", "Sent Items", Role.SENT, "mailbox-folder-missing", now)

    def missed() -> bool:
        return any(one["code"] == "mailbox-unread" for one in kawari("check", "--json").json["alarms"])

    assert missed()  # what we send is read nowhere
    with store.begin() as db:
        places.move_cursor(db, "mori", "Sent", Role.SENT, Cursor(9, 1), now)
    store.close()
    assert not missed()
