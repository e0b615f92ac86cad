"""`kawari doctor`."""

import sqlite3
import zlib
from pathlib import Path

from tests.cli.conftest import Kawari

PUT_ASIDE = """
    INSERT INTO quarantine (mailbox, folder, uidvalidity, uid, role, via, data, reason, at, tries)
    VALUES ('mori', 'INBOX', 1, ?, 'inbox', 'inbox', ?, ?, '2026-03-04T00:00:00', 9)
"""
IMPOSSIBLE = """
    INSERT INTO folder (mailbox, folder, role, uidvalidity, last_uid, first_uid)
    VALUES ('mori', 'INBOX', 'inbox', 7, 3, 9)
"""
DAMAGED = "UPDATE raw SET data = x'00ff' WHERE message_id = (SELECT id FROM message WHERE ref = ?)"
LOST = "DELETE FROM raw WHERE message_id = (SELECT id FROM message WHERE ref = ?)"


def damage(folder: Path, statement: str, *values: object) -> None:
    db = sqlite3.connect(folder / "diary.db")
    with db:
        assert db.execute(statement, values).rowcount == 1
    db.close()


def test_a_sound_diary_is_told_so(kawari: Kawari) -> None:
    done = kawari("doctor")
    assert (done.code, done.out) == (0, "Mails examined: 4, damaged: 0\nThe diary is sound.\n")


def test_a_mail_whose_bytes_are_damaged_or_gone_is_named(kawari: Kawari, tmp_path: Path) -> None:
    damage(tmp_path, DAMAGED, "a1@asagao.example")
    damage(tmp_path, LOST, "b1@kiku.example")
    done = kawari("doctor", "--json")
    assert done.code == 1
    assert done.json["damaged"] == 2
    assert {(one["code"], one["what"]) for one in done.json["ailments"]} == {
        ("mail-damaged", "a1@asagao.example"),
        ("mail-damaged", "b1@kiku.example"),
    }
    assert "a1@asagao.example" in kawari("doctor").out


def test_a_file_that_others_may_read_is_told(kawari: Kawari, tmp_path: Path) -> None:
    (tmp_path / "diary.db").chmod(0o644)
    told = kawari("doctor", "--json")
    assert [(one["code"], one["what"]) for one in told.json["ailments"]] == [
        ("database-open", str(tmp_path / "diary.db"))
    ]
    out = kawari("doctor").out
    assert "chmod 600" in out
    assert "backup" not in out


def test_rows_that_name_what_is_not_there_and_impossible_cursors_are_found(kawari: Kawari, tmp_path: Path) -> None:
    damage(tmp_path, "UPDATE message SET thread_id = 999 WHERE ref = 'b1@kiku.example'")
    damage(tmp_path, IMPOSSIBLE)
    told = kawari("doctor", "--json").json
    assert [one["code"] for one in told["ailments"]] == ["database-complains", "cursor-impossible"]
    assert told["ailments"][1]["what"] == "mori/INBOX"


def test_what_was_put_aside_is_tried_again(kawari: Kawari, tmp_path: Path) -> None:
    mail = (tmp_path / "INBOX" / "3.eml").read_bytes().replace(b"b1@kiku", b"b2@kiku").replace(b"confirm", b"cancel")
    damage(tmp_path, PUT_ASIDE, 901, zlib.compress(mail), "not-a-mail")
    damage(tmp_path, PUT_ASIDE, 902, zlib.compress(b""), "not-delivered")
    told = kawari("doctor", "--json").json
    assert told["quarantine"] == {"tried": 1, "read": 1, "asked_again": 1}
    assert "b2@kiku.example" in kawari("show", "b2@kiku.example", "--json").out


def test_a_mail_put_aside_whose_bytes_are_damaged_is_named_and_stops_nothing(kawari: Kawari, tmp_path: Path) -> None:
    mail = (tmp_path / "INBOX" / "3.eml").read_bytes().replace(b"b1@kiku", b"b2@kiku")
    damage(tmp_path, PUT_ASIDE, 901, b"\x00\xff", "not-a-mail")
    damage(tmp_path, PUT_ASIDE, 902, zlib.compress(mail), "not-a-mail")
    done = kawari("doctor", "--json")
    assert done.code == 1, done.err
    assert done.json["ailments"] == [{"code": "mail-damaged", "what": "mori/INBOX UID 901"}]
    assert done.json["quarantine"]["read"] == 1
