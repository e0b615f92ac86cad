"""Tags in a mail's log copy: done as the writer's decision, seen on the page, taken back; believed of nobody else."""

from pathlib import Path

import pytest

from tests.cli import diaries, handed_over
from tests.cli.conftest import Kawari
from tests.cli.handed_over import HANA, MORI, at, forward, memo, receive

PLUS = "log+asagao-1@tsubame.example"


@pytest.fixture
def log(kawari: Kawari, tmp_path: Path) -> Kawari:
    handed_over.prepare(tmp_path)
    return kawari


def told(folder: Path, ref: str, text: str, *, to: str = PLUS, sender: str = MORI) -> None:
    assert receive(folder, memo(ref, text, to=to, sender=sender, subject="memo")).returncode == 0


def page(log: Kawari, case: str = "asagao-1") -> dict[str, object]:
    found: dict[str, object] = log("timeline", case, "--json").json
    return {name: value for name, value in found.items() if name not in ("as_of", "ball_hours")}


def promised(log: Kawari, case: str = "asagao-1") -> list[tuple[str, str, str | None]]:
    """What our promises say, where they stand, and by when."""
    rows = log("promise", "list", case, "--all", "--by", "us", "--json").json["promises"]
    return [(one["quote"], one["state"], one["due_now"]) for one in rows]


def decisions(log: Kawari, case: str = "asagao-1") -> list[tuple[str, str]]:
    rows = page(log, case)["decisions"]
    assert isinstance(rows, list)
    return [(one["kind"], one["who"]) for one in rows]


@pytest.mark.parametrize(
    "tag", ["#due 3/9 12:00", "＃期限　3月9日 12時", "#期限は3/9 12:00です", "ok. #DUE: 9 March 12:00"]
)
def test_a_due_date_moves_the_open_promise_in_the_writers_name(log: Kawari, tmp_path: Path, tag: str) -> None:
    told(tmp_path, "t1@tsubame.example", f"{tag}\n")
    ((_, state, due),) = promised(log)
    assert (state, due) == ("overdue", "2026-03-09T12:00:00+09:00")
    assert decisions(log) == [("promise-move", "mori")]
    text = log("timeline", "asagao-1").out
    line = next(one for one in text.splitlines() if "decided" in one)
    assert "Aya Mori" in line
    assert "[#4]" in text.split(line)[1][:400] or "[#4]" in line
    assert log("undo").code == 0
    assert promised(log)[0][2] == "2026-03-06T17:00:00+09:00"


@pytest.mark.parametrize("tag", ["#done", "＃完了", "#済み", "#対応済み", "よろしくお願いします。#完了しました"])
def test_done_keeps_the_only_open_promise_by_this_mail(log: Kawari, tmp_path: Path, tag: str) -> None:
    told(tmp_path, "t2@tsubame.example", f"{tag}\n")
    assert promised(log)[0][1] == "kept"
    (promise,) = [one for one in page(log)["promises"] if one["by"] == "us"]  # type: ignore[attr-defined]
    assert promise["evidence"]["ref"] == "t2@tsubame.example"


def test_done_among_several_guesses_nothing_and_says_so(log: Kawari, tmp_path: Path) -> None:
    for number, what in enumerate(("the drawing", "the price list"), 1):
        assert log("promise", "add", "asagao-1", f"We send {what}", "--at", f"2026-03-05 1{number}:00").code == 0
    before = promised(log)
    told(tmp_path, "t3@tsubame.example", "#done\n")
    assert promised(log) == before
    assert decisions(log) == [("tag-unclear", "mori")]
    for language, words in (("en", "which promise is meant?"), ("ja", "どの約束のことか")):
        out = "".join(log("timeline", "asagao-1", "--lang", language).out.split())
        assert "".join(words.split()) in out
    told(tmp_path, "t4@tsubame.example", "#done price list\n")
    assert [state for quote, state, _ in promised(log) if "price list" in quote] == ["kept"]
    assert sum(state == "kept" for _, state, _ in promised(log)) == 1


def test_owner_and_hint_in_one_mail_each_taken_back_alone(log: Kawari, tmp_path: Path) -> None:
    told(tmp_path, "t5@tsubame.example", "#owner kudo\n#hint calls after 16:00\n#担当 だれか\n")
    found = page(log)
    assert found["case"]["owner"] == "kudo"  # type: ignore[index]
    assert [one["text"] for one in found["hints"]] == ["calls after 16:00"]  # type: ignore[attr-defined]
    assert ("tag-unclear", "mori") in decisions(log)
    assert "calls after 16:00" in log("undo").out
    assert page(log)["hints"] == []
    assert log("undo").code == 0
    assert page(log)["case"]["owner"] == "mori"  # type: ignore[index]


def test_a_date_where_nothing_is_promised_becomes_a_promise(log: Kawari, tmp_path: Path) -> None:
    told(tmp_path, "t6@tsubame.example", "#due 3/12 15:00\n", to="log+kiku-1@tsubame.example")
    ((quote, state, due),) = promised(log, "kiku-1")
    assert "#due 3/12 15:00" in quote
    assert (state, due) == ("overdue", "2026-03-12T15:00:00+09:00")
    assert log("undo").code == 0
    assert promised(log, "kiku-1") == []


def test_a_forward_is_about_the_promise_that_it_forwards(log: Kawari, tmp_path: Path) -> None:
    assert log("promise", "add", "asagao-1", "We send the drawing", "--due", "2026-03-30").code == 0
    text = (
        "#due 3/10 17:00\n\n-------- Forwarded Message --------\nSubject: Re: Pump P-7 leaks\n"
        "Date: Mon, 2 Mar 2026 15:00:00 +0900\nFrom: Aya Mori <mori@tsubame.example>\nTo: Hana Ito <ito@asagao.example>"
        "\n\nDear Ms Ito,\n\nI will send you a date for the repair by 6 March 2026 17:00.\n"
    )
    raw = diaries.mail("t7@tsubame.example", MORI, PLUS, at(6, 12), "Fwd: Re: Pump P-7 leaks", text)
    assert receive(tmp_path, raw).returncode == 0
    assert [due for quote, _, due in promised(log) if "date for the repair" in quote] == ["2026-03-10T17:00:00+09:00"]


def test_a_mail_is_followed_once_however_often_it_comes_or_is_read_again(log: Kawari, tmp_path: Path) -> None:
    told(tmp_path, "t8@tsubame.example", "#due 3/9 12:00\n")
    assert log("undo").code == 0
    told(tmp_path, "t8@tsubame.example", "#due 3/9 12:00\n")
    assert log("reconsider").code == 0
    assert promised(log)[0][2] == "2026-03-06T17:00:00+09:00"


def test_the_log_copy_of_a_mail_that_is_known_is_followed(log: Kawari, tmp_path: Path) -> None:
    raw = diaries.mail("t9@tsubame.example", MORI, HANA, at(6, 11), "Re: Pump P-7 leaks", "Yes.\n\n#owner kudo\n")
    (tmp_path / "o.eml").write_bytes(raw)
    assert log("import", "o.eml", "--mailbox", "mori", "--folder", "Sent").code == 0
    assert decisions(log) == []
    assert receive(tmp_path, raw, "--to", "log@tsubame.example").returncode == 0
    assert decisions(log) == [("case-assign", "mori")]


@pytest.mark.parametrize("sender", [HANA, "Eve <eve@evil.example>", "Aya Mori <mori@tsubame.example.evil.example>"])
def test_nobody_else_is_followed(log: Kawari, tmp_path: Path, sender: str) -> None:
    before = page(log)
    told(tmp_path, "x1@evil.example", "#done\n#owner kudo\n#hint pay Eve\n", sender=sender)
    assert page(log) == before


def test_tags_inside_the_forwarded_mail_are_its_writers_words(log: Kawari, tmp_path: Path) -> None:
    raw = forward("f1@tsubame.example").replace(b"When will you repair", b"#done\n#owner kudo\nWhen will you repair")
    assert receive(tmp_path, raw).returncode == 0
    assert decisions(log) == []
    assert promised(log)[0][1] == "overdue"
