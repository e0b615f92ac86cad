"""`kawari handover OWNER --since`: what an owner who is back must know."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO, mail

SINCE, BACK = "2026-03-03 09:00", "2026-03-09 09:00"


@pytest.fixture
def covered(kawari: Kawari, tmp_path: Path) -> Kawari:
    """Jun Kudo answers for Aya Mori while she is away."""
    at = datetime(2026, 3, 4, 15, tzinfo=TOKYO)
    said = "Dear Mr Abe,\n\nI will confirm your order by 13 March 2026.\n"
    raw = mail(
        "b2@tsubame.example",
        "Jun Kudo <kudo@tsubame.example>",
        "abe@kiku.example",
        at,
        "Re: Order 4711",
        said,
        answers="b1@kiku.example",
    )
    (tmp_path / "b2.eml").write_bytes(raw)
    assert kawari("import", "b2.eml", "--mailbox", "mori", "--folder", "Sent").code == 0
    return kawari


def test_what_happened_and_what_was_promised_in_her_name(covered: Kawari) -> None:
    told = covered("handover", "mori", "--since", SINCE, "--at", BACK, "--json").json
    rows = {row["case"]: row for row in told["rows"]}
    assert (told["owner"], told["since"]) == ("mori", "2026-03-03T09:00:00+09:00")
    kiku, asagao = rows["kiku-1"], rows["asagao-1"]
    assert (kiku["in"], kiku["out"], asagao["in"], asagao["out"]) == (1, 1, 1, 0)
    assert [(one["quote"], one["who"]) for one in kiku["promised"]] == [
        ("I will confirm your order by 13 March 2026.", "kudo@tsubame.example")
    ]
    assert (asagao["promised"], [one["state"] for one in asagao["owed"]]) == ([], ["overdue"])
    text = covered("handover", "mori", "--since", SINCE, "--at", BACK).out
    assert "Promised by Jun Kudo, Wed 4 Mar 15:00: “I will confirm your order by 13 March 2026.”" in " ".join(
        text.split()
    )
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_speaks_both_languages(covered: Kawari, language: str) -> None:
    out = covered("handover", "mori", "--since", SINCE, "--at", BACK, "--lang", language).out
    assert "returned." not in out
    assert "kudo" in out.casefold()


def test_away_means_since_the_last_absence(covered: Kawari) -> None:
    nothing = covered("handover", "mori", "--since", "away")
    assert (nothing.code, "Aya Mori" in nothing.err) == (2, True)
    done = covered("away", "mori", "--to", "kudo", "--from", "2026-03-03", "--until", "2026-03-06", "--at", SINCE)
    assert done.code == 0, done.err
    told = covered("handover", "mori", "--since", "away", "--at", BACK, "--json").json
    assert told["since"].startswith("2026-03-03T")


@pytest.mark.parametrize(
    "args",
    [
        ("--all", "--since", SINCE),
        ("mori", "--since", "yesterday-ish"),
        ("mori", "--since", "2026-03-10", "--at", BACK),
    ],
)
def test_what_cannot_be_told_says_why(kawari: Kawari, args: tuple[str, ...]) -> None:
    done = kawari("handover", *args)
    assert done.code == 2
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_who_stands_in_by_an_absence_writes_the_draft(kawari: Kawari) -> None:
    assert kawari("away", "mori", "--to", "kudo").code == 0
    assert "kawari draft kiku-1 -o kiku-1.eml\n" in kawari("timeline", "kiku-1").out
    assert kawari("draft", "kiku-1", "-o", "k.eml", "--json").json["from"]["address"] == "kudo@tsubame.example"
