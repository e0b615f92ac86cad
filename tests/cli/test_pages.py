"""What the pages say, judged by a stand-in's eyes."""

import shlex
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli import render_handover, words
from cli.columns import width
from cli.paper import Paper
from cli.render_words import due_words, left_words
from notes.model import Coverage, Role
from tests.cli.conftest import Kawari

TOKYO = ZoneInfo("Asia/Tokyo")
PAPER = Paper(80, colour=False, zone=TOKYO)
MORNING = datetime(2026, 11, 20, 8, 40, tzinfo=TOKYO)


def key_of(kawari: Kawari, title: str) -> str:
    return next(one["key"] for one in kawari("cases", "--json").json["cases"] if title in one["title"])


@pytest.mark.parametrize(
    ("due", "english", "japanese"),
    [
        (datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO), "3 h 20 min left", "あと3時間20分"),
        (datetime(2026, 11, 20, 9, 5, tzinfo=TOKYO), "25 min left", "あと25分"),
        (datetime(2026, 11, 20, 23, 59, 59, tzinfo=TOKYO), "in the course of today", "本日中"),
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=TOKYO), "4 d left", "あと4日"),
        (datetime(2026, 11, 19, 23, 59, 59, tzinfo=TOKYO), "overdue by 1 d", "1日超過"),
        (datetime(2026, 11, 19, 17, 40, tzinfo=TOKYO), "overdue by 15 h", "15時間超過"),
        (datetime(2026, 11, 12, 13, 30, tzinfo=TOKYO), "overdue by 7 d", "7日超過"),
    ],
)
def test_what_is_left_of_a_promise_is_said_in_the_unit_it_was_given_in(
    due: datetime, english: str, japanese: str
) -> None:
    words.choose("en")
    assert left_words(due, PAPER, MORNING) == english
    words.choose("ja")
    assert left_words(due, PAPER, MORNING) == japanese
    words.choose("en")


def test_a_due_date_comes_with_its_zone_and_only_with_an_hour_it_has() -> None:
    words.choose("en")
    assert due_words(datetime(2026, 11, 20, 12, 0, tzinfo=TOKYO), PAPER, MORNING) == "Fri 20 Nov 12:00 JST"
    assert due_words(datetime(2026, 11, 20, 23, 59, 59, tzinfo=TOKYO), PAPER, MORNING) == "Fri 20 Nov JST"
    assert due_words(None, PAPER, MORNING) == "no date"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_page_keeps_the_order_of_the_contract(kawari: Kawari, language: str) -> None:
    out = kawari("timeline", key_of(kawari, "Pump"), "--at", "2026-03-06 09:00", "--lang", language).out
    titles = ["page.ball", "page.promises", "page.questions", "page.last-words", "page.timeline", "page.not-known"]
    words.choose(language)
    places = [f"\n{out}".find(f"\n{words.say(title)}\n") for title in (*titles[:-1], "page.next")]
    words.choose("en")
    assert -1 not in places
    assert places == sorted(places)
    assert max(map(width, out.splitlines())) <= 80


def test_a_handover_names_a_case_once_and_says_what_is_left(kawari: Kawari) -> None:
    key = key_of(kawari, "Pump")
    kawari("promise", "add", key, "We ring back", "--due", "2026-03-06 12:20", "--at", "2026-03-05 10:00")
    out = kawari("handover", "mori", "--at", "2026-03-06 09:00").out
    assert out.count("Pump P-7 leaks") == 1
    assert "Fri 6 Mar 12:20 JST  3 h 20 min left" in out
    assert "“I will send you a date for the repair by 6 March 2026 17:00.” [#2]" in " ".join(out.split())
    assert f"kawari timeline {key} --at '2026-03-06 09:00'" in out


def test_the_third_line_of_a_handover_counts_the_mails_in_doubt(kawari: Kawari, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Message-ID"], mail["In-Reply-To"] = "<d1@asagao.example>", "<a1@asagao.example>"
    mail["From"], mail["To"] = "Hana Ito <ito@asagao.example>", "Aya Mori <mori@tsubame.example>"
    mail["Subject"] = "Re: Pump P-7 leaks"
    mail.set_content("It still leaks.")
    (tmp_path / "undated.eml").write_bytes(mail.as_bytes())
    assert kawari("handover", "mori", "--json").json["doubts"] == {}
    kawari("import", "undated.eml", "--mailbox", "mori", "--folder", "INBOX")
    assert kawari("handover", "mori", "--json").json["doubts"] == {"doubtful-date": 1}
    assert "1 date is guessed" in " ".join(kawari("handover", "mori").out.split())
    assert "日時が推定のメール1通" in "".join(kawari("handover", "mori", "--lang", "ja").out.split())
    assert "guessed" not in kawari("handover", "--all").out


def test_the_commands_a_page_proposes_work_as_they_stand(kawari: Kawari) -> None:
    key = key_of(kawari, "Pump")
    out = kawari("timeline", key, "--at", "2026-03-06 09:00").out
    proposed = [line.strip() for line in out.splitlines() if line.startswith("    kawari ")]
    assert len(proposed) == 4
    assert "'2026-03-09 17:00'" in proposed[1]  # due on Friday at 17:00: the next working day
    for command in reversed(proposed):
        assert kawari(*shlex.split(command)[1:]).code == 0


def test_what_people_decided_stands_on_the_timeline_with_their_names(kawari: Kawari) -> None:
    key = key_of(kawari, "Pump")
    (promise,) = kawari("promise", "list", key, "--json").json["promises"]
    name, at = promise["id"], ("--who", "kudo", "--at", "2026-03-05 10:00")
    kawari("promise", "move", name, "2026-03-09 12:00", *at)
    kawari("promise", "keep", name, *at)
    page = " ".join(kawari("timeline", key).out.split())
    assert "Jun Kudo" in page.split("Timeline")[1]
    assert f"decided Jun Kudo promise {name} moved to Mon 9 Mar 12:00 JST" in page
    assert "moved to Mon 9 Mar 12:00 JST, says Jun Kudo on Thu 5 Mar 10:00" in page
    assert "kept Thu 5 Mar 10:00, says Jun Kudo" in page
    kawari("promise", "withdraw", name, "--who", "Somebody Else")
    kawari("promise", "reject", name, "--who", "kudo")
    page = " ".join(kawari("timeline", key).out.split())
    assert f"decided Somebody Else promise {name} withdrawn" in page
    assert "is no promise" in page
    decided = kawari("timeline", key, "--json").json["decisions"]
    assert [one["kind"] for one in decided] == ["promise-move", "promise-keep", "promise-withdraw", "promise-reject"]
    assert kawari("timeline", key, "--at", "2026-03-05 09:30", "--json").json["decisions"] == []


def test_the_demo_speaks_japanese_unless_told_otherwise_and_its_commands_work(bare: Kawari, tmp_path: Path) -> None:
    pytest.importorskip("pymap")
    shown = bare("demo", "--folder", "my demo", LANG="en_GB.UTF-8").out
    assert "次に試すなら" in shown
    commands = [line.strip() for line in shown.splitlines() if line.strip().startswith("kawari ")]
    assert len(commands) > 8
    for command in dict.fromkeys(commands):
        done = bare(*shlex.split(command)[1:])
        assert (done.code, done.err) == (0, ""), command
    assert "Try next" in bare("demo", "--lang", "en").out
    assert "Try next" in bare("demo", KAWARI_LANGUAGE="en").out


def test_nothing_is_not_known_only_where_all_was_read_and_no_mail_is_in_doubt() -> None:
    read = Coverage("mori", "INBOX", Role.INBOX, MORNING, 3, 0, None)
    with words.speaking("en"):
        said = [
            render_handover.not_known([read], doubts, PAPER, MORNING)[0] for doubts in ({}, {"second-hand": 2}, None)
        ]
        hole = render_handover.not_known([replace(read, unreadable=1)], {"doubtful-join": 1}, PAPER, MORNING)[0]
    assert said[0].startswith("Not known: nothing; every folder was read until ")
    assert said[1] == "Not known: mail after Fri 20 Nov 08:40 · 2 mails are second-hand"
    assert said[2] == "Every folder was read until Fri 20 Nov 08:40"
    assert hole == "Not known: read until Fri 20 Nov 08:40, except 1 unreadable · 1 mail may belong elsewhere"
