"""What is a tag, and what is not; where it ends; hostile lines."""

from datetime import UTC, datetime
from datetime import time as clock

import pytest

from notes import tags
from notes.model import Calendar, Precision
from notes.phrases import load
from notes.tags import Ask
from tests.bounded import bounded

WORDS = load()
CALENDAR = Calendar(UTC, clock(9), clock(18), lambda day: day.weekday() >= 5)


def read(text: str) -> list[tuple[Ask, str]]:
    return [(one.ask, one.words) for one in tags.read(text, WORDS)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#due 12/9 17:00", [(Ask.DUE, "12/9 17:00")]),
        ("＃期限：12/9", [(Ask.DUE, "12/9")]),
        ("＃ｄｏｎｅ", [(Ask.DONE, "")]),
        ("fine #due 9 Dec #owner suzuki", [(Ask.DUE, "9 Dec"), (Ask.OWNER, "suzuki")]),
        ("#担当鈴木さん\n  # done", [(Ask.OWNER, "鈴木さん"), (Ask.DONE, "")]),
        ("#注意事項 16時以降に電話 #1 も", [(Ask.HINT, "16時以降に電話 #1 も")]),
        ("#hint ㈱アクメ", [(Ask.HINT, "㈱アクメ")]),
        ("#done-deal, issue#done, #dues, #期限切れ, #完了予定, #担当部署, #acme-3, #12", []),
    ],
)
def test_a_tag_is_a_known_word_behind_a_sign_at_the_beginning_or_a_space(
    text: str, found: list[tuple[Ask, str]]
) -> None:
    assert read(text) == found


def test_the_text_without_its_tags_keeps_everything_else() -> None:
    assert tags.without("Yes.\n#done\n\nSee #due 12/9\n#12 is next\n", WORDS) == "Yes.\n\nSee\n#12 is next\n"


def test_a_date_is_reckoned_from_the_writing_and_the_other_words_say_which() -> None:
    (tag,) = tags.read("#due 見積 12/9 17:00", WORDS)
    due, rest = tags.due_of(tag, datetime(2026, 12, 1, 9, tzinfo=UTC), CALENDAR)
    assert (due.to, due.precision, rest) == (datetime(2026, 12, 9, 17, tzinfo=UTC), Precision.MINUTE, "見積")


@pytest.mark.parametrize("text", ["#" * 100_000, "#due " * 20_000, "＃期限 ﷺ" * 5_000, "\n#due" * 20_000])
def test_hostile_lines_cost_little_and_give_little(text: str) -> None:
    with bounded():
        assert len(read(text)) <= tags.MOST
        tags.without(text, WORDS)
