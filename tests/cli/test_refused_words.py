"""`promise reject` is remembered: the same words in another customer's case are no promise from then on."""

from datetime import datetime
from pathlib import Path

from tests.cli import diaries
from tests.cli.conftest import Kawari

WORDS = "We will look into it."


def send(kawari: Kawari, folder: Path, number: int, day: int, customer: str) -> str:
    """A mail of ours with the words to a customer; returns its case."""
    ref, at = f"w{number}@tsubame.example", datetime(2026, 3, day, 10, tzinfo=diaries.TOKYO)
    raw = diaries.mail(ref, "Aya Mori <mori@tsubame.example>", customer, at, f"Matter {number}", f"Hello,\n\n{WORDS}\n")
    (folder / f"{number}.eml").write_bytes(raw)
    assert kawari("import", f"{number}.eml", "--mailbox", "mori", "--folder", "Sent").code == 0
    return str(kawari("show", ref, "--json").json["case"])


def promises(kawari: Kawari, case: str, *at: str) -> list[str]:
    return [one["quote"] for one in kawari("timeline", case, "--json", *at).json["promises"]]


def test_words_refused_in_one_case_are_none_in_the_next(kawari: Kawari, tmp_path: Path) -> None:
    first = send(kawari, tmp_path, 1, 9, "ito@asagao.example")
    (promise,) = kawari("promise", "list", first, "--json").json["promises"]
    kawari("promise", "reject", promise["id"], "--at", "2026-03-09T12:00:00+09:00")
    before = send(kawari, tmp_path, 2, 8, "abe@kiku.example")
    after = send(kawari, tmp_path, 3, 10, "abe@kiku.example")
    assert promises(kawari, before) == [WORDS]
    assert promises(kawari, after) == []
    assert promises(kawari, after, "--at", "2026-03-10T12:00:00+09:00") == []
