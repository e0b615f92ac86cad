import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.files import mails, raw_mails
from notes.errors import UsageError
from notes.model import Role, Via

MAIL = "From: kimura@yamabuki.example\nTo: mori@hokuto.example\nSubject: pump {0}\n\nThe pump leaks again.\n"


def eml(path: Path, number: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MAIL.format(number))
    return path


def mbox(path: Path, bodies: list[str], *, end: str = "\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(
        f"From kimura@yamabuki.example Mon Mar  2 09:0{number}:00 2026\n{MAIL.format(number)}{body}\n\n"
        for number, body in enumerate(bodies)
    )
    path.write_bytes(text.replace("\n", end).encode())
    return path


def code(path: Path, *, placed: bool = False) -> str:
    with pytest.raises(UsageError) as raised:
        list(raw_mails(path, "mori", "INBOX", Role.INBOX) if placed else mails(path))
    assert raised.value.values["path"]
    return raised.value.code


def subjects(path: Path) -> list[str]:
    return [mail.raw.partition(b"Subject: ")[2].split(b"\n")[0].strip().decode() for mail in mails(path)]


def test_a_single_mail_is_given_as_it_is(tmp_path: Path) -> None:
    path = eml(tmp_path / "one.eml")
    (mail,) = mails(path)
    assert (mail.label, mail.raw, mail.arrived) == (str(path), path.read_bytes(), None)


def test_what_is_asked_for_by_name_is_given_even_if_it_is_no_mail(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert [mail.raw for mail in mails(tmp_path / "photo.jpg")] == [b"\xff\xd8\xff\xe0"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_mbox_gives_its_mails_in_order_with_their_arrival(tmp_path: Path, end: str) -> None:
    path = mbox(tmp_path / "box", ["first", "second", "third"], end=end)
    found = list(mails(path))
    assert [mail.label for mail in found] == [f"{path}#1", f"{path}#2", f"{path}#3"]
    assert found[1].raw == (MAIL.format(1) + "second\n").replace("\n", end).encode()
    assert found[2].arrived == datetime(2026, 3, 2, 9, 2, tzinfo=UTC)


def test_escaped_from_lines_are_given_back_one_quote_mark(tmp_path: Path) -> None:
    path = mbox(tmp_path / "box", ["\n>From here on it works.\n>>From me too.\n> From a quote."])
    (mail,) = mails(path)
    assert b"\nFrom here on it works.\n>From me too.\n> From a quote.\n" in mail.raw


def test_a_sentence_that_begins_with_from_does_not_cut_a_mail(tmp_path: Path) -> None:
    bodies = ["\nFrom 9:00 to 10:00 the pump stood still.\n\nFrom 9:00 in 2026: it leaks.\n", "next"]
    assert subjects(mbox(tmp_path / "box", bodies)) == ["pump 0", "pump 1"]


@pytest.mark.parametrize(
    "line",
    [
        "From - Mon Mar  2 09:00:00 2026",
        "From 1856@xxx Mon Mar 02 09:00:00 +0000 2026",
        "From MAILER-DAEMON Mon Mar  2 09:00:00 JST 2026",
        '"From "Kimura, R." <kimura@yamabuki.example>  Mon Mar  2 09:00 2026'[1:],
        "From kimura@yamabuki.example 2026-03-02T09:00:00Z",
    ],
)
def test_from_lines_of_many_programs_are_known(tmp_path: Path, line: str) -> None:
    (tmp_path / "box").write_text(f"{line}\n{MAIL.format(1)}\n{line}\n{MAIL.format(2)}\n")
    assert subjects(tmp_path / "box") == ["pump 1", "pump 2"]


def test_an_mbox_is_read_in_the_memory_of_one_mail(tmp_path: Path) -> None:
    path = mbox(tmp_path / "box", ["x" * 76 + "\n"] * 3 + [("y" * 76 + "\n") * 4_000] * 100)
    assert path.stat().st_size > 30_000_000
    tracemalloc.start()
    assert sum(1 for _ in mails(path)) == 103
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_a_line_without_end_is_read_in_pieces(tmp_path: Path) -> None:
    path = mbox(tmp_path / "box", ["z" * 3_000_000, "next"])
    assert [len(mail.raw) for mail in mails(path)] == [3_000_000 + len(MAIL.format(0)) + 1, len(MAIL.format(1)) + 5]


def test_of_a_maildir_what_is_new_and_what_is_read_is_taken(tmp_path: Path) -> None:
    eml(tmp_path / "cur" / "1772442000.M1P1.host:2,S", 1)
    eml(tmp_path / "new" / "1772442060.M2P1.host", 2)
    eml(tmp_path / "tmp" / "1772442120.M3P1.host", 3)
    eml(tmp_path / ".Sent" / "cur" / "1772442180.M4P1.host:2,S", 4)
    (tmp_path / "dovecot-uidlist").write_text("3 V1 N2\n")
    found = list(mails(tmp_path))
    assert subjects(tmp_path) == ["pump 1", "pump 2"]
    assert found[0].arrived == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_folder_of_everything_is_searched_for_mail(tmp_path: Path) -> None:
    eml(tmp_path / "a.eml", 1)
    eml(tmp_path / "archive" / "2026" / "no-suffix", 2)
    mbox(tmp_path / "b.mbox", ["first", "second"])
    eml(tmp_path / "box" / "new" / "1772442060.M2P1.host", 3)
    eml(tmp_path / ".hidden" / "x.eml", 8)
    (tmp_path / "readme.txt").write_text("Note: these are old mails.\nPlease keep: yes\n\nBye\n")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" * 1_000)
    (tmp_path / "link.eml").symlink_to(tmp_path / "a.eml")
    assert sorted(subjects(tmp_path)) == ["pump 0", "pump 1", "pump 1", "pump 2", "pump 3"]


def test_a_place_is_made_from_content_so_that_nothing_doubles(tmp_path: Path) -> None:
    eml(tmp_path / "one.eml", 1)
    eml(tmp_path / "copy of one.eml", 1)
    eml(tmp_path / "two.eml", 2)
    found = list(raw_mails(tmp_path, "mori", "Archive", Role.SENT))
    assert {(mail.place.mailbox, mail.place.folder, mail.place.uidvalidity) for mail in found} == {
        ("mori", "Archive", 0)
    }
    assert len({mail.place for mail in found}) == 2
    assert all(0 < mail.place.uid < 2**63 for mail in found)
    assert {(mail.role, mail.via) for mail in found} == {(Role.SENT, Via.IMPORT)}


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert code(tmp_path / "none") == "path-missing"
    assert code(tmp_path / "none", placed=True) == "path-missing"


def test_a_file_that_is_no_mail_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "photo.eml").write_bytes(b"\xff\xd8\xff\xe0" * 1_000)
    assert code(tmp_path / "photo.eml", placed=True) == "file-no-mail"


def test_a_mail_with_little_more_than_a_sender_is_imported(tmp_path: Path) -> None:
    (tmp_path / "short.eml").write_text("From: kimura@yamabuki.example\n\nPlease call.\n")
    assert len(list(raw_mails(tmp_path / "short.eml", "mori", "INBOX", Role.INBOX))) == 1


def test_an_empty_file_and_a_folder_without_mail_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").touch()
    assert code(tmp_path / "empty.eml") == "file-empty"
    (tmp_path / "sub" / "cur").mkdir(parents=True)
    assert code(tmp_path / "sub") == "folder-without-mail"
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "notes.txt").write_text("nothing here")
    assert code(tmp_path / "text") == "folder-without-mail"


def test_one_empty_file_does_not_stop_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.eml").touch()
    eml(tmp_path / "b.eml", 2)
    assert subjects(tmp_path) == ["pump 2"]
