"""The evidence that a mail shares with others, piece by piece."""

from dataclasses import replace

from notes.model import Address, Attachment, Zone, ZoneKind
from notes.shared import MOST, Shared, shared
from notes.traits import traits
from tests.notes.letters import MORI, OURS, letter

ONO = Address("小野 圭", "ono@kaede.example")
ASKED = letter("1", ONO, MORI, subject="見積 No. Q-2041", text="配管の図面をお送りします。来週の火曜にご確認ください。")


def test_numbers_quotes_and_files_are_named_with_the_mails_that_have_them_the_most_telling_first() -> None:
    quote = Zone(ZoneKind.QUOTE, "> 配管の図面をお送りします。来週の火曜にご確認ください。", "mark")
    drawing = Attachment("図面.pdf", "application/pdf", 4000, "ab" * 32)
    asked = replace(ASKED, attachments=(replace(drawing, name="drawing-old.pdf"),))
    answer = letter("2", ONO, MORI, subject="納期", text="Q-2041 の納期です。")
    answer = replace(answer, zones=(*answer.zones, quote), attachments=(drawing,))
    found = shared(answer, traits(answer, OURS), {"1": traits(asked, OURS), "0": frozenset()})
    assert found[:3] == (
        Shared("quote", "配管の図面をお送りします。来週の火曜にご確認ください。", ("1",)),
        Shared("number", "Q2041", ("1",)),
        Shared("file", "図面.pdf", ("1",)),
    )


def test_mails_without_anything_in_common_share_nothing() -> None:
    other = letter("2", Address("", "x@y.example"), MORI, subject="懇親会", text="場所は駅前です。")
    assert shared(other, traits(other, OURS), {}) == ()
    assert shared(other, traits(other, OURS), {"1": frozenset({("month", "2024-04")})}) == ()


def test_a_mail_of_ten_thousand_lines_gives_a_handful_of_pieces() -> None:
    lines = "\n".join(f"> word{n} spoken of in line number {n} of this letter" for n in range(10_000))
    long = replace(letter("2", ONO, MORI, text=lines), zones=(Zone(ZoneKind.QUOTE, lines, "mark"),))
    same = letter("1", ONO, MORI, text=lines.replace("> ", ""))
    found = shared(long, traits(long, OURS), {f"{n}": traits(same, OURS) for n in range(40)})
    assert 0 < len(found) < 30
    assert sum(one.kind == "quote" for one in found) <= MOST["quote"]
