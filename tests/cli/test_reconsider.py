"""`kawari reconsider`."""

from pathlib import Path

from tests.cli.conftest import Kawari


def test_a_diary_in_order_stays_as_it_is(kawari: Kawari) -> None:
    before = kawari("cases", "--json", "--at", "2026-03-09").json
    assert kawari("reconsider", "--dry-run", "--json").json == {"dry_run": True, "changes": []}
    assert kawari("reconsider").out == "Every mail stays where it is.\n"
    assert kawari("cases", "--json", "--at", "2026-03-09").json == before


def test_what_other_settings_would_change_is_shown_and_then_done(kawari: Kawari, tmp_path: Path) -> None:
    settings = tmp_path / "kawari.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[ignore]\ndomains = ["asagao.example"]\n', "utf-8")
    told = kawari("reconsider", "--dry-run").out
    assert "a1@asagao.example" in told
    assert told.endswith("To do it: kawari reconsider\n")
    assert [one["title"] for one in kawari("cases", "--json").json["cases"]] != ["Order 4711"]
    assert "changed their case." in kawari("reconsider").out
    assert [one["title"] for one in kawari("cases", "--json").json["cases"]] == ["Order 4711"]
