"""Letters to our own people, over a mail server and a web hook on this machine."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cli.desk import Desk
from cli.notify import Done, tell
from notes.store.engine import Store
from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO
from tests.cli.letterbox import Inbox, set_up

FRIDAY = datetime(2026, 3, 6, tzinfo=TOKYO)
SECRET = "s3cr3t-t0ken"


@pytest.fixture
def hook() -> Iterator[tuple[list[str], str]]:
    heard: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    yield heard, f"json://127.0.0.1:{server.server_address[1]}/{SECRET}"
    server.shutdown()


def at(hours: float) -> datetime:
    return FRIDAY + timedelta(hours=hours)


def told(folder: Path, now: datetime) -> Done:
    desk = Desk(str(folder / "kawari.toml"), {})
    store = desk.store()
    try:
        return tell(desk, store, now)
    finally:
        store.close()


def test_the_owner_hears_in_the_morning_and_the_team_when_nothing_moves(
    kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    assert told(tmp_path, at(8)) == Done(0, 0)
    assert told(tmp_path, at(8.5)) == Done(1, 1)
    assert told(tmp_path, at(8.6)) == Done(0, 0)
    (to, mail) = box.mails[0]
    assert to == "mori@tsubame.example"
    assert "Order 4711" in mail.get_content()
    assert (mail["Auto-Submitted"], mail["From"]) == ("auto-generated", "kawari@tsubame.example")
    for hours in range(9, 17):
        told(tmp_path, at(hours))
    hers = " ".join(" ".join(mail.get_content() for to, mail in box.mails if to == "mori@tsubame.example").split())
    assert "I will send you a date for the repair by 6 March 2026 17:00." in hers
    for hours in range(17, 24):
        told(tmp_path, at(hours))
    team = [mail for to, mail in box.mails if to == "team@tsubame.example"]
    assert team
    assert any("Pump P-7 leaks" in mail.get_content() for mail in team)
    assert len({(to, str(mail["Message-ID"])) for to, mail in box.mails}) == len(box.mails)
    assert kawari("status", "--json").json["letters"]["waiting"] == 0


def test_each_reader_is_written_to_in_their_language(kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8").replace('name = "Aya Mori"', 'name = "Aya Mori"\nlanguage = "ja"'))
    set_up(tmp_path, port)
    told(tmp_path, at(8.5))
    assert "Aya Mori 様" in box.mails[0][1].get_content()
    assert str(box.mails[0][1]["Subject"]).startswith("【kawari】3/6(金)")


def test_while_the_owner_is_away_the_stand_in_is_told(kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    assert kawari("away", "mori", "--to", "kudo", "--at", "2026-03-06T07:00").code == 0
    told(tmp_path, at(8.5))
    assert set(box.to()) == {"kudo@tsubame.example"}


def test_what_the_server_does_not_take_is_tried_again_and_what_it_refuses_is_not(
    kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    box.answers = ["451 later"]
    assert told(tmp_path, at(8.5)) == Done(1, 0)
    assert kawari("status", "--json").json["letters"] == {
        "waiting": 1, "unsure": 0, "given_up": 0, "error": "notify-deferred",
    }  # fmt: skip
    assert "does not take it now" in kawari("status").out
    assert told(tmp_path, at(8.51)) == Done(0, 0)
    assert told(tmp_path, at(8.6)) == Done(0, 1)
    box.answers = ["554 no"]
    told(tmp_path, at(8.5) + timedelta(days=3))
    assert kawari("status", "--json").json["letters"]["given_up"] == 1


def test_a_server_that_is_gone_loses_nothing(kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    set_up(tmp_path, 1)
    assert told(tmp_path, at(8.5)) == Done(1, 0)
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8").replace("port = 1\n", f"port = {port}\n"), "utf-8")
    assert told(tmp_path, at(9)).sent >= 1
    assert "mori@tsubame.example" in box.to()


def test_one_killed_at_the_last_moment_is_not_sent_again_and_is_told_as_unsure(
    kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    told(tmp_path, at(8.5))
    db = sqlite3.connect(tmp_path / "diary.db")
    with db:
        db.execute("UPDATE outgoing SET state = 'handing'")
    db.close()
    before = len(box.mails)
    told(tmp_path, at(8.7))
    assert len(box.mails) == before
    assert kawari("status", "--json").json["letters"]["unsure"] == 1
    told(tmp_path, at(8.5) + timedelta(days=3))
    assert len(box.mails) > before


def test_nothing_goes_outside_whatever_the_settings_say(
    kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    set_up(tmp_path, port, 'team = ["ito@asagao.example"]')
    done = kawari("check", "--notify")
    assert done.code == 2
    assert "ito@asagao.example" in done.err
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8").replace('team = ["ito@asagao.example"]', ""), "utf-8")
    told(tmp_path, at(8.5))
    db = sqlite3.connect(tmp_path / "diary.db")
    with db:
        db.execute("UPDATE outgoing SET state = 'waiting', recipient = 'ito@asagao.example', body = 'x'")
    db.close()
    before = len(box.mails)
    told(tmp_path, at(8.6))
    assert len(box.mails) == before
    assert kawari("status", "--json").json["letters"]["error"] == "notify-outside"


def test_the_team_hears_in_its_chat_and_the_chats_url_stays_secret(
    kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int], hook: tuple[list[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    heard, url = hook
    _, port = inbox
    set_up(tmp_path, port, 'channels_env = "CHANNELS"')
    monkeypatch.setenv("CHANNELS", f"nonsense://{SECRET}")
    for hours in range(8, 17):
        told(tmp_path, at(hours))
    shown = kawari("status")
    assert "unknown to apprise" in shown.out
    monkeypatch.setenv("CHANNELS", url)
    for hours in range(17, 24):
        told(tmp_path, at(hours))
    assert any("Pump P-7 leaks" in text for text in heard)
    assert len(heard) == len(set(heard))
    assert SECRET not in shown.out + shown.err
    assert SECRET.encode() not in (tmp_path / "diary.db").read_bytes()


def test_what_rests_is_told_to_nobody_until_it_wakes(kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    key = kawari("cases", "--json").json["cases"][0]["key"]
    for one in kawari("cases", "--json").json["cases"]:
        assert kawari("mute", one["key"], "--at", "2026-03-06T07:00").code == 0
    assert told(tmp_path, at(8.5)) == Done(0, 0)
    assert "until further notice" in kawari("status").out
    for one in kawari("cases", "--json").json["cases"]:
        assert kawari("unmute", one["key"], "--at", "2026-03-06T08:00").code == 0
    assert told(tmp_path, at(8.7)).written == 1
    assert kawari("snooze", key, "--until", "2026-03-01", "--at", "2026-03-06T09:00").code == 2
    said = kawari("snooze", key, "--at", "2026-03-06T09:00")
    assert f"nobody is told of {key} until Mon" in said.out
    assert kawari("undo", "--at", "2026-03-06T09:01").code == 0
    assert kawari("check", "--json", "--at", "2026-03-06T09:05").json["hushed"] == []
    assert box.mails


def test_without_a_way_to_tell_anybody_it_says_how_to_get_one(kawari: Kawari) -> None:
    done = kawari("check", "--notify")
    assert done.code == 2
    assert "docs/notify.md" in done.err


def test_letters_of_two_pollers_are_one(kawari: Kawari, tmp_path: Path, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    set_up(tmp_path, port)
    desk = Desk(str(tmp_path / "kawari.toml"), {})
    stores: list[Store] = [desk.store(), desk.store()]
    threads = [Thread(target=tell, args=(desk, store, at(8.5))) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert box.to() == ["mori@tsubame.example"]
