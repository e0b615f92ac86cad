"""The page names who looks after a case, who did before, and the mail that shows it."""

from datetime import datetime
from pathlib import Path

from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO, mail


def hand_over(kawari: Kawari, folder: Path) -> str:
    raw = mail(
        "a4@tsubame.example",
        "Jun Kudo <kudo@tsubame.example>",
        "Hana Ito <ito@asagao.example>",
        datetime(2026, 3, 6, 9, tzinfo=TOKYO),
        "Re: Pump P-7 leaks",
        "Dear Ms Ito,\n\nI will be taking over from Aya Mori.\n",
        answers="a3@asagao.example",
    )
    (folder / "more").mkdir()
    (folder / "more" / "1.eml").write_bytes(raw)
    assert kawari("import", "more", "--mailbox", "mori", "--folder", "Sent").code == 0
    return str(kawari("why", "a4@tsubame.example", "--json").json["case"]["key"])


def test_the_page_says_who_looked_after_the_case_before_until_when_and_by_which_mail(
    kawari: Kawari, tmp_path: Path
) -> None:
    key = hand_over(kawari, tmp_path)
    (line,) = [line for line in kawari("timeline", key).out.splitlines() if line.startswith("Owner")]
    assert "Jun Kudo (Aya Mori until" in line
    assert "[#4])" in line
    case = kawari("timeline", key, "--json").json["case"]
    assert case["owner"] == "kudo"
    assert [(one["owner"], one["ref"], one["reason"]) for one in case["owners"]] == [
        ("mori", "a2@tsubame.example", "answers"),
        ("kudo", "a4@tsubame.example", "said"),
    ]


def test_the_page_of_an_earlier_day_knows_nothing_of_a_later_hand_over(kawari: Kawari, tmp_path: Path) -> None:
    key = hand_over(kawari, tmp_path)
    case = kawari("timeline", key, "--json", "--at", "2026-03-05T12:00:00+09:00").json["case"]
    assert (case["owner"], [one["owner"] for one in case["owners"]]) == ("mori", ["mori"])


def test_who_was_assigned_by_hand_comes_last(kawari: Kawari, tmp_path: Path) -> None:
    key = hand_over(kawari, tmp_path)
    assert kawari("case", "assign", key, "mori").code == 0
    case = kawari("timeline", key, "--json").json["case"]
    assert (case["owner"], case["owners"][-1]["owner"], case["owners"][-1]["reason"]) == ("mori", "mori", "assigned")
    assert kawari("undo").code == 0
    assert kawari("timeline", key, "--json").json["case"]["owner"] == "kudo"
