"""Who looks after a case, and hand-overs over time."""

from datetime import timedelta

import pytest

from notes.model import (
    Address,
    Correction,
    Customer,
    Direction,
    Directory,
    Filed,
    Findings,
    Joined,
    Kind,
    Owned,
    Staff,
    Via,
)
from notes.owners import assigned, handed_to, mailbox_owner, owner_of, owners
from tests.bounded import bounded
from tests.notes.letters import ABE, MORI, OURS, START

ONO = Address("小野 圭", "ono@kaede.example")
KAEDE = Customer("kaede", "かえで精工株式会社", ("kaede.example",), ("ono@kaede.example",))
SHOP = Address("", "sales@parts.example")


def filed(
    ref: str,
    sender: Address,
    to: Address,
    days: float,
    text: str = "",
    *,
    kind: Kind = Kind.MAIL,
    mailboxes: tuple[str, ...] = (),
) -> Filed:
    outside = [who for who in (sender, to) if not OURS.is_ours(who.address)]
    direction = Direction.IN if sender in outside else Direction.OUT if outside else Direction.INTERNAL
    at = START + timedelta(days=days)
    nothing: tuple[()] = ()
    # fmt: off
    return Filed(ref, kind, direction, Via.INBOX, mailboxes, sender, (to,), nothing, at, False, "", text, 0, nothing,
                 nothing, nothing, None, nothing, Findings(), Joined("", 1.0))
    # fmt: on


def of(*mails: Filed) -> list[str]:
    return [one.who for one in owners(mails, OURS, KAEDE)]


ASKED = filed("0", ONO, MORI, 0)
MORIS = [filed("1", MORI, ONO, 1), filed("2", MORI, ONO, 2), filed("3", MORI, ONO, 3)]


def test_before_anybody_answered_the_owner_is_who_was_asked() -> None:
    assert of(filed("1", ONO, ABE, 0)) == ["abe"]
    assert owners([filed("1", ONO, ABE, 0)], OURS)[0].reason == "asked"
    assert of() == []


def test_the_owner_is_who_answers() -> None:
    assert owners([ASKED, *MORIS], OURS) == (Owned("mori", MORIS[0].at, "1", "answers"),)


def test_one_cover_mail_is_no_hand_over() -> None:
    assert of(ASKED, *MORIS, filed("4", ABE, ONO, 8, "本日は阿部がお答えします。")) == ["mori"]


def test_who_only_took_the_first_mail_is_soon_not_the_owner() -> None:
    assert of(ASKED, filed("1", ABE, ONO, 1), filed("2", MORI, ONO, 2), filed("3", MORI, ONO, 3)) == ["abe", "mori"]


def test_who_answers_again_and_again_takes_over_and_the_first_of_these_mails_shows_it() -> None:
    abes = [filed(f"a{n}", ABE, ONO, 10 + 4 * n) for n in range(3)]
    found = owners([ASKED, *MORIS, *abes], OURS, KAEDE)
    assert [(one.who, one.ref, one.since) for one in found] == [
        ("mori", "1", MORIS[0].at),
        ("abe", "a0", abes[0].at),
    ]
    back = [filed(f"m{n}", MORI, ONO, 30 + 4 * n) for n in range(3)]
    assert of(ASKED, *MORIS, *abes, *back) == ["mori", "abe", "mori"]


def test_an_afternoon_of_answers_is_no_hand_over() -> None:
    assert of(ASKED, *MORIS, *[filed(f"a{n}", ABE, ONO, 10 + n / 20) for n in range(4)]) == ["mori"]


def test_the_owner_who_answers_between_stays() -> None:
    mixed = [filed(f"x{n}", MORI if n % 2 else ABE, ONO, 10 + 4 * n) for n in range(8)]
    assert of(ASKED, *MORIS, *mixed) == ["mori"]


@pytest.mark.parametrize(
    "text",
    [
        "森が休んでおりますので、代わってご連絡いたします。",
        "担当の森が出張中のため、阿部よりお答えします。",
        "森は来週まで不在です。",
        "Mori is on holiday, so I am answering for him.",
        "I am covering for Mori.",
        "Mori is out for surgery, please bear with me.",
    ],
)
def test_who_says_that_he_stands_in_takes_over_only_after_a_month(text: str) -> None:
    abes = [filed("a0", ABE, ONO, 10, text), *[filed(f"a{n}", ABE, ONO, 10 + 4 * n) for n in range(1, 6)]]
    assert of(ASKED, *MORIS, *abes) == ["mori"]
    later = [filed(f"b{n}", ABE, ONO, 45 + 4 * n) for n in range(3)]
    assert of(ASKED, *MORIS, *abes, *later) == ["mori", "abe"]


def test_who_orders_the_parts_or_is_a_machine_is_no_owner() -> None:
    orders = [filed(f"o{n}", ABE, SHOP, 5 + 5 * n) for n in range(6)]
    autos = [filed(f"x{n}", ABE, ONO, 5 + 5 * n, kind=Kind.AUTO) for n in range(6)]
    assert of(ASKED, *MORIS, *orders, *autos) == ["mori"]
    assert of(*orders) == ["abe"]


TAKEN_OVER = [
    # Said by the one who goes, or by anybody.
    (MORI, "担当が森から阿部に代わりました。"),
    (MORI, "このたび担当が森から阿部へ変更となりました。"),
    (MORI, "今後は阿部が対応いたします。"),
    (MORI, "今後のご連絡は阿部までお願いいたします。"),
    (MORI, "11月より阿部が貴社を担当いたします。"),
    (MORI, "異動に伴い、本件は阿部に引き継ぎます。"),
    (MORI, "来月から育休に入りますので、阿部が引き継ぎます。"),
    (MORI, "私は今月末で退職いたします。\n後任は阿部でございます。"),
    (MORI, "産休のあいだは阿部が担当させていただきます。"),
    (MORI, "以後の窓口は阿部となります。"),
    (MORI, "新しい担当は阿部春です。"),
    (MORI, "Please contact Abe from now on."),
    (MORI, "I am going on parental leave next week, Abe will be taking over from me."),
    (MORI, "Going forward, Abe will be your contact."),
    (MORI, "From now on please write to Abe."),
    (MORI, "I am leaving the company, and I have handed everything over to my colleague Abe."),
    (MORI, "My successor is Abe."),
    (MORI, "Your new account manager will be Abe."),
    (MORI, "Abe is now looking after your account."),
    (MORI, "Abe takes over from me on Monday."),
    # Said by the one who comes.
    (ABE, "森の後任の阿部と申します。"),
    (ABE, "森より引き継ぎました阿部です。"),
    (ABE, "このたび貴社を担当させていただくことになりました阿部です。"),
    (ABE, "森に代わり、今後は阿部が対応させていただきます。"),
    (ABE, "本件を引き継ぎました阿部でございます。"),
    (ABE, "I will be taking over from Mori."),
    (ABE, "I’ve taken over from Mori and would like to introduce myself."),
    (ABE, "I am your new contact here."),
    (ABE, "Mori has left, I'm now looking after your account."),
    (ABE, "I'll be your point of contact from now on."),
    (ABE, "Mori has handed your project over to me."),
]


@pytest.mark.parametrize(("writer", "text"), TAKEN_OVER)
def test_a_mail_that_says_so_hands_over_at_once(writer: Address, text: str) -> None:
    mail = filed("4", writer, ONO, 8, f"いつもお世話になっております。\n{text}\n")
    assert owners([ASKED, *MORIS, mail], OURS, KAEDE)[-1] == Owned("abe", mail.at, "4", "said")


NOT_TAKEN_OVER = [
    (MORI, "明日は阿部が伺います。"),
    (MORI, "10月3日から阿部が現場に入ります。"),
    (MORI, "休暇中は阿部が対応いたします。"),
    (MORI, "12日まで不在にしますので、お急ぎの件は阿部が担当いたします。"),
    (MORI, "阿部に確認して折り返します。"),
    (MORI, "以前は阿部が担当しておりました。"),
    (MORI, "担当の方が代わられたとのこと、承知しました。"),
    (MORI, "阿部から図面をお送りします。"),
    (MORI, "I handed the drawing to Abe."),
    (MORI, "Abe will replace the valve from Monday."),
    (MORI, "Please contact Abe while I am away."),
    (MORI, "Until Friday Abe will be your contact."),
    (MORI, "I passed it to Abe, he will check the stock."),
    (MORI, "Abe is on his way."),
    (ABE, "森が休んでおりますため、代わりに私が対応いたします。"),
    (ABE, "Mori is on holiday this week, so I am taking over for him until Monday."),
    (ABE, "I'm replacing the valve tomorrow."),
    (ABE, "I took over the measurements into the table."),
    (ABE, "本日担当の森は外出しております。"),
]


@pytest.mark.parametrize(("writer", "text"), NOT_TAKEN_OVER)
def test_errands_visits_and_cover_are_no_hand_over(writer: Address, text: str) -> None:
    assert of(ASKED, *MORIS, filed("4", writer, ONO, 8, text)) == ["mori"]


def test_a_customer_who_says_that_his_people_changed_changes_nothing() -> None:
    assert of(ASKED, *MORIS, filed("4", ONO, MORI, 8, "担当が森から阿部に代わりました。")) == ["mori"]


def test_a_memo_may_tell_of_it() -> None:
    memo = filed("4", MORI, Address("", "log@hokuto.example"), 8, "この件、今後は阿部が担当。来月から窓口も阿部です。")
    assert of(ASKED, *MORIS, memo) == ["mori", "abe"]


def test_a_family_name_that_two_of_us_bear_names_nobody() -> None:
    two = Directory(staff=(Staff("k", "鈴木 健", ("k@a.example",)), Staff("y", "鈴木 陽", ("y@a.example",))))
    assert handed_to("今後は鈴木が担当いたします。", two.staff[0], two) is None
    assert handed_to("今後は鈴木陽が担当いたします。", two.staff[0], two) == "y"


def test_what_people_assigned_beats_what_mails_tell_from_then_on() -> None:
    found = owners([ASKED, *MORIS, filed("4", MORI, ONO, 8, "今後は阿部が対応いたします。")], OURS, KAEDE)
    by_hand = Correction(1, START + timedelta(days=5), "abe", "case-assign", "kaede-1", {"owner": "mori"})
    assert [one.who for one in assigned(found, [by_hand], "kaede-1")] == ["mori", "mori"]
    assert assigned(found, [by_hand], "kaede-1")[-1] == Owned("mori", by_hand.at, None, "assigned")
    given_back = Correction(2, START + timedelta(days=9), "abe", "case-assign", "kaede-1", {"owner": ""})
    assert [one.who for one in assigned(found, [by_hand, given_back], "kaede-1")] == ["mori", "abe"]
    assert assigned(found, [by_hand], "kaede-2") == found


def test_where_nobody_wrote_the_mailbox_tells() -> None:
    assert mailbox_owner([filed("1", ONO, SHOP, 0, mailboxes=("abe",))], OURS) == "abe"
    assert owner_of([], OURS) is None


def test_hostile_text_costs_little() -> None:
    texts = (
        "今後は" * 2000,
        "森から" * 2000,
        "I am taking " * 500,
        "from now on " * 400,
        "から森" * 4000,
        "over Abe " * 999,
    )
    for text in texts:
        with bounded():
            handed_to(text, OURS.staff[0], OURS)
