"""What a pattern needs is in every text it matches; so looking for it first changes nothing."""

import pytest

from notes.phrases import compiled, load
from notes.phrases.needles import needles
from tests.notes.test_promises import COMMITS, NEAR_MISSES


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (r"\b(?:I|we)(?:'ll| will) send", {" send"}),
        ("お?約束(?:し|いたし)ます", {"約束"}),
        ("(?:will|won't) do|Shall we", {" do", "shall we"}),
        (r"see (?!you)\w+|look(?= here)", {"see ", " here"}),
        ("x?y?", None),
        (r"[?]$", None),
        ("one|.*", None),
    ],
)
def test_it_follows_from_the_pattern(words: str, wanted: set[str] | None) -> None:
    found = needles(words)
    assert found == wanted


def test_no_shipped_rule_matches_a_text_without_what_it_needs() -> None:
    rules = [rule for group in load().groups.values() for rule in group]
    for text in (*COMMITS, *NEAR_MISSES):
        lower = text.lower()
        for rule in rules:
            assert rule.matches(text, lower) == bool(compiled(rule.words).search(text)), (rule.name, text)
