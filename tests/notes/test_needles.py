"""What a pattern needs is in every text it matches; so looking for it first changes nothing."""

import pytest

from notes.phrases import load
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
        (r"[?]$", {"?"}),
        ("one|.*", None),
    ],
)
def test_it_follows_from_the_pattern(words: str, wanted: set[str] | None) -> None:
    found = needles(words)
    assert found == wanted


def test_no_shipped_rule_matches_a_text_without_what_it_needs() -> None:
    phrases = load()
    for text in (*COMMITS, *NEAR_MISSES):
        for group, rules in phrases.groups.items():
            assert list(phrases.all_of(group, text)) == [rule for rule in rules if rule.pattern.search(text)], text
