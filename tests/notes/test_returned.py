"""What an owner who comes back is told, by value."""

from collections.abc import Sequence
from datetime import datetime

from notes.model import Case, CaseState, Customer, Filed, Held, Kind
from notes.returned import Returned, returned
from tests.notes.stories import DIRECTORY, Story, at

UEDA = DIRECTORY.staff[0]
CUSTOMER = Customer("hana", "花水木工業", ("hanamizuki.example",))
AWAY, BACK = at("4/15 09:00"), at("4/24 09:00")


def held(story: Story, key: str, owner: str = "ueda", closed_at: datetime | None = None) -> Held:
    mails, standing = story.mails, story.stands()
    case = Case(key, "ポンプ", CUSTOMER, owner, None, mails[0].at, mails[-1].at, len(mails), closed_at)
    return Held(case, standing)


def told(*cases: tuple[Held, Sequence[Filed], str | None], since: datetime = AWAY) -> tuple[Returned, ...]:
    return returned(UEDA, since, cases, BACK)


def pump() -> Story:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "ポンプが動きません。いつ直りますか。")
    story.say("ueda", "kita", "4/14 09:00", "図面は4月20日中にお送りいたします。")
    story.say("kita", "ueda", "4/16 09:00", "見積もお願いできますか。")
    story.say("mori", "kita", "4/16 11:00", "お見積は4月30日までにお送りいたします。")
    story.say("kita", "mori", "4/17 09:00", "よろしくお願いします。")
    story.say("mori", "log", "4/17 12:00", "北様は来週お休みとのこと。", kind=Kind.CALL)
    return story


def test_what_happened_and_what_others_promised_is_told() -> None:
    story = pump()
    (row,) = told((held(story, "hana-1"), story.mails, "ueda"))
    assert (row.came, row.went, row.talks, row.notes) == (2, 1, 1, 0)
    assert [(one.quote, one.who) for one in row.promised] == [
        ("お見積は4月30日までにお送りいたします。", "mori@aozora.example")
    ]
    assert [one.quote for one in row.left] == [
        "図面は4月20日中にお送りいたします。",
        "お見積は4月30日までにお送りいたします。",
    ]
    assert row.last_in
    assert row.last_out
    assert (row.last_in.number, row.last_out.number) == (5, 4)
    assert (row.yours, row.next_due) == (True, at("4/20 23:59").replace(second=59))


def test_what_was_kept_and_moved_meanwhile_is_told_and_what_was_before_is_not() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "いつ直りますか。")
    story.say("ueda", "kita", "4/13 11:00", "調査結果は4月20日までにご報告します。")
    move = (
        "「調査結果は4月20日までにご報告します」とのお約束につきまして、"
        "4月22日(水) 17:00まで、いましばらくお時間をいただけますでしょうか。"
    )
    story.say("mori", "kita", "4/20 10:00", f"まだ準備が整っておらず、申し訳ございません。\n{move}")
    story.say("kita", "mori", "4/20 11:00", "承知しました。")
    (row,) = told((held(story, "hana-1"), story.mails, "ueda"))
    assert [(move.to, move.agreed_in is not None) for _, move in row.moved] == [(at("4/22 17:00"), True)]
    story.say("mori", "kita", "4/22 10:00", "調査結果をご報告します。原因は軸受の摩耗でした。", files=("調査結果.pdf",))
    (row,) = told((held(story, "hana-1"), story.mails, "ueda"))
    assert (len(row.kept), row.left) == (1, ())
    assert told((held(story, "hana-1"), story.mails, "ueda"), since=at("4/23 09:00")) == ()


def test_quiet_cases_without_debts_are_left_out_and_others_cases_too() -> None:
    quiet = Story()
    quiet.say("kita", "ueda", "4/10 10:00", "ありがとうございました。")
    owing = Story()
    owing.say("ueda", "kita", "4/10 10:00", "図面は5月8日までにお送りします。")
    other = Story()
    other.say("kita", "mori", "4/16 09:00", "納期を教えてください。")
    rows = told(
        (held(quiet, "hana-1"), quiet.mails, "ueda"),
        (held(owing, "hana-2"), owing.mails, "ueda"),
        (held(other, "hana-3", "mori"), other.mails, "mori"),
    )
    assert [row.case.key for row in rows] == ["hana-2"]


def test_a_case_that_somebody_took_over_stands_behind_those_that_are_the_owners_again() -> None:
    one, other = pump(), pump()
    rows = told((held(one, "hana-1", "mori"), one.mails, "ueda"), (held(other, "hana-2"), other.mails, "ueda"))
    assert [(row.case.key, row.yours, row.owner) for row in rows] == [
        ("hana-2", True, "ueda"),
        ("hana-1", False, "mori"),
    ]


def test_what_a_stand_in_answered_at_once_is_told_for_the_mail_was_to_the_owner() -> None:
    story = Story()
    story.say("kita", "ueda", "4/16 09:00", "納期を教えてください。")
    story.say("mori", "kita", "4/16 10:00", "納期は4月30日までに回答いたします。")
    (row,) = told((held(story, "hana-1", "mori"), story.mails, "mori"))
    assert ([one.who for one in row.promised], row.yours) == (["mori@aozora.example"], False)


def test_a_closed_case_asks_for_nothing() -> None:
    story = pump()
    closed = held(story, "hana-1", closed_at=at("4/20 09:00"))
    open_ = held(pump(), "hana-2")
    rows = told((closed, story.mails, "ueda"), (open_, story.mails, "ueda"))
    assert [(row.case.key, row.state) for row in rows] == [("hana-2", CaseState.OPEN), ("hana-1", CaseState.CLOSED)]


def test_nothing_at_all_is_nothing() -> None:
    assert told() == ()
