"""What a customer was told with figures in it."""

import pytest

from notes.model import Kind
from notes.told import Told, told
from tests.notes.stories import Story

FIGURES = [
    ("8台で1,280,000円（税別）、納期は3週間です。", [("quantity", "8台"), ("price", "1,280,000円"), ("span", "3週間")]),
    ("The price is USD 4,500.00 for 12 units.", [("price", "USD 4,500.00"), ("quantity", "12 units")]),
    ("We can give you 5% off.", [("share", "5%")]),
    ("€12.50 per box.", [("price", "€12.50")]),
    ("ファームウェアver.3.2で対応済みです。", [("version", "ver.3.2")]),
    ("改訂版として第2版をお送りしました。", [("version", "第2版")]),
    ("納品は12/8(火)です。", [("date", "12/8")]),
    ("納品は2026年12月8日です。", [("date", "2026年12月8日")]),
    ("It leaves our works on 8 December.", [("date", "8 December")]),
    ("It leaves on Dec. 8th with the first lorry.", [("date", "Dec. 8th")]),
    ("見積書 No.5521 をお送りします。", []),
    ("HC-20の件です。", []),
    ("The number is 03-1234-5678.", []),
    ("12台でよろしいでしょうか。", []),
    ("Could you send 12 units?", []),
    ("We are 12mph over.", []),
]


def _told(who: str, to: str, *texts: str, kind: Kind = Kind.MAIL, files: tuple[str, ...] = ()) -> tuple[Told, ...]:
    story = Story()
    for hour, text in enumerate(texts, 10):
        story.say(who, to, f"4/14 {hour}:00", text, kind=kind, files=files)
    return told(story.mails, {"sales@pumpworks.example", "ueda@story.example"})


@pytest.mark.parametrize(("text", "figures"), FIGURES)
def test_a_sentence_with_figures_was_told(text: str, figures: list[tuple[str, str]]) -> None:
    found = _told("ueda", "kita", text)
    assert [(one.kind, one.text) for each in found for one in each.figures] == figures
    assert all(each.quote == text for each in found)


def test_what_the_customer_writes_was_not_told_by_us() -> None:
    assert _told("kita", "ueda", "8台で1,280,000円でした。") == ()


def test_what_colleagues_say_among_themselves_was_not_told() -> None:
    assert _told("ueda", "mori", "原価は800,000円です。") == ()


def test_files_sent_were_told() -> None:
    (one,) = _told("ueda", "kita", "Here it is.", files=("quote-v2.pdf",))
    assert (one.quote, [figure.text for figure in one.figures]) == ("", ["quote-v2.pdf"])


def test_what_did_not_arrive_was_not_told() -> None:
    story = Story()
    sent = story.say("ueda", "kita", "4/14 10:00", "8台で1,280,000円です。")
    story.say("kita", "ueda", "4/14 10:01", "", kind=Kind.BOUNCE, bounced=(sent,))
    assert told(story.mails, {"sales@pumpworks.example", "ueda@story.example"}) == ()


def test_what_was_told_again_stands_where_it_was_told_last() -> None:
    assert [one.told_in for one in _told("ueda", "kita", "8台です。", "8台です。")] == ["m2@story.example"]


@pytest.mark.parametrize(
    ("text", "count"), [("10台で98,000円と伝えた。", 1), ("検査は11/26とのこと。", 0), ("Told her it is 12 units.", 1)]
)
def test_of_a_talk_only_what_we_said_was_told(text: str, count: int) -> None:
    assert len(_told("ueda", "log", text, kind=Kind.CALL)) == count


def test_what_a_supplier_was_told_the_customer_was_not() -> None:
    story = Story()
    story.say("kita", "ueda", "4/14 10:00", "8台の価格を教えてください。")
    story.say("kita", "ueda", "4/14 10:30", "お急ぎください。")
    story.say("ueda", "supplier", "4/14 11:00", "We need 8 units below USD 900.00.")
    quoted = story.say("ueda", "kita", "4/14 12:00", "8台で1,280,000円です。")
    assert [one.told_in for one in told(story.mails, {"sales@pumpworks.example", "ueda@story.example"})] == [quoted]
