"""The origin story with a moving clock, over a real IMAP and a real SMTP server on loopback."""

from datetime import timedelta
from pathlib import Path

import pytest

from cli import words
from tools.origin import DECLARED_AFTER, play, table


@pytest.mark.parametrize("language", ["en", "ja"])
def test_somebody_else_hears_of_the_promise_before_the_customer_writes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(words, "_language", language)
    played = play(language, tmp_path, timedelta(hours=2))
    story, before = played.story, [one for one in played.heard if one.at < played.second_mail]
    absent, standin = (story.people[who]["address"] for who in (story.absent, story.standin))
    others = [one for one in before[-6:] if one.to != absent]
    assert any(f"kawari away {story.absent}" in one.text for one in others)
    promised = [one for one in before if "18" in one.text and one.to not in (absent, standin)]
    assert promised
    assert any(one.to == absent for one in before)
    after = [one for one in played.heard if one.at >= played.second_mail + DECLARED_AFTER]
    assert after
    assert all(one.to != absent for one in after)
    assert any(one.to == standin for one in after)
    assert {one.to.rpartition("@")[2] for one in played.heard} <= set(story.organisation["domains"])
    assert len({(one.to, one.subject, one.text) for one in played.heard}) == len(played.heard)
    assert all(one.at.weekday() < 5 and 8 <= one.at.hour < 18 for one in played.heard)
    assert "| when | who | what |" in table(played)
