"""What people decide about customers, the whole way: mails of the time before and after follow it, and its undoing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest import acquainting, correcting
from ingest.acquainting import Known, Told
from ingest.context import Context
from ingest.correcting import Word
from ingest.receive import receive
from ingest.reconsider import reconsider
from notes import phrases
from notes.errors import UsageError
from notes.model import Calendar, Customer, Directory, Place, RawMail, Role, Staff, Via
from notes.store import cases, customers, mails, unfiled
from notes.store.engine import Store, open_store

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
MORI = "森 綾 <mori@tsubame.example>"
CONTEXT = Context(
    Directory(
        organisation="つばめ設備株式会社",
        domains=frozenset({"tsubame.example"}),
        staff=(Staff("mori", "森 綾", ("mori@tsubame.example",)),),
        log_addresses=frozenset({"log@tsubame.example"}),
    ),
    Calendar(ZoneInfo("Asia/Tokyo"), time(9), time(18), lambda day: day.weekday() > 4),
    phrases.load(),
    MONDAY,
)
WORD = Word("mori", MONDAY)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty diary on each engine."""
    url = f"sqlite:///{tmp_path / 'kawari.db'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    opened = open_store(url)
    yield opened
    opened.close()


def _mail(n: int, sender: str, subject: str, body: str, *, to: str = MORI, answers: int = 0, **headers: str) -> RawMail:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(MONDAY + timedelta(hours=n))
    message["Message-ID"] = f"<{n}@post.example>"
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}@post.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    role = Role.LOG if "log@" in to else Role.SENT if "tsubame" in sender else Role.INBOX
    return RawMail(Place("mori", role.value, 1, n), role, message.as_bytes(), MONDAY.astimezone(UTC), Via(role))


def _arrive(store: Store, *story: RawMail, context: Context = CONTEXT) -> None:
    for mail in story:
        receive(store, [mail], context, None)


def _piles(store: Store) -> dict[str, tuple[str, set[int]]]:
    """Customer's id and numbers of mails, by case."""
    with store.read() as db:
        held = {one.case.key: one.case.customer.id for one in cases.held(db)}
        filed = mails.of_cases(db, held)
    return {key: (id_, {int(mail.ref.partition("@")[0]) for mail in filed[key]}) for key, id_ in held.items()}


def _customer(store: Store, id_: str) -> Customer:
    with store.read() as db:
        return customers.by_id(db, [id_])[id_]


def _alias(store: Store, id_: str, *, context: Context = CONTEXT, **known: tuple[str, ...]) -> Told:
    with store.begin() as db:
        customer = customers.by_id(db, [id_])[id_]
        return acquainting.alias(db, context, customer, Known(**known), WORD)


def _unalias(store: Store, id_: str, **known: tuple[str, ...]) -> Told:
    with store.begin() as db:
        return acquainting.unalias(db, CONTEXT, customers.by_id(db, [id_])[id_], Known(**known), WORD)


def _merge(store: Store, one: str, into: str, context: Context = CONTEXT) -> Told:
    with store.begin() as db:
        found = customers.by_id(db, [one, into])
        return acquainting.merge(db, context, found[one], found[into], WORD)


def _undo(store: Store) -> None:
    with store.begin() as db:
        correcting.undo(db, CONTEXT, WORD)


ACME = "佐藤 健 <sato@acme.example>"
HARA = "原 恵 <hara@hibari.example>"
PUMP = _mail(1, ACME, "ポンプの件", "森様\n\nポンプの見積をお願いします。\n\n-- \n株式会社アクメ工業\n佐藤 健\n")
VALVE = _mail(2, HARA, "バルブの件", "森様\n\nバルブの納期はいつですか。\n\n-- \nひばり金属株式会社\n原 恵\n")
MOTOR = _mail(3, "阿部 <abe@hibari.example>", "モーターの件", "森様\n\nモーターの図面を送ってください。\n\n阿部\n")


def test_new_mail_of_a_merged_customer_is_of_the_one_that_stays_and_its_own_again_when_that_is_undone(
    store: Store,
) -> None:
    _arrive(store, PUMP, VALVE)
    assert _piles(store) == {"acme-1": ("acme", {1}), "hibari-1": ("hibari", {2})}
    _merge(store, "hibari", "acme")
    _arrive(store, MOTOR)
    assert _piles(store) == {"acme-1": ("acme", {1}), "acme-2": ("acme", {3}), "hibari-1": ("acme", {2})}
    _undo(store)
    assert _piles(store) == {
        "acme-1": ("acme", {1}),
        "acme-2": ("hibari", {3}),
        "hibari-1": ("hibari", {2}),
    }
    assert _customer(store, "acme").addresses == ("sato@acme.example",)
    assert _customer(store, "hibari").addresses == ("abe@hibari.example", "hara@hibari.example")
    _arrive(store, _mail(4, "阿部 <abe@hibari.example>", "別のポンプ", "見積をお願いします。\n"))
    assert next(id_ for id_, pile in _piles(store).values() if 4 in pile) == "hibari"


def test_a_memo_or_a_stranger_naming_only_the_merged_customer_is_filed_with_the_one_that_stays(store: Store) -> None:
    _arrive(store, PUMP, VALVE, MOTOR)
    _merge(store, "hibari", "acme")
    log = "log@tsubame.example"
    _arrive(
        store,
        _mail(8, MORI, "ひばり金属 バルブの件", "ひばり金属様のバルブの件、電話がありました。", to=log),
        _mail(9, "中野 <nakano@free-post.example>", "バルブの件", "ひばり金属の中野です。\nバルブの件、いかがですか。"),
    )
    with store.read() as db:
        assert [one.reason for one in unfiled.listed(db) if one.reason.startswith("not-filed")] == []
    assert "acme" in {id_ for id_, numbers in _piles(store).values() if 8 in numbers}


def test_reading_again_overrides_no_merge_and_keeps_every_key(store: Store) -> None:
    _arrive(store, PUMP, VALVE)
    _merge(store, "hibari", "acme")
    _arrive(store, MOTOR)
    before = _piles(store)
    reconsider(store, CONTEXT)
    assert _piles(store) == before
    _undo(store)
    assert _customer(store, "hibari").domains == ("hibari.example",)


def test_one_who_has_nothing_but_the_address_is_merged_and_case_and_all_come_along(store: Store) -> None:
    _arrive(store, PUMP, _mail(2, "sato.ken@gmail.com", "配管の件", "配管の写真を送ります。\n"))
    assert _piles(store)["sato-ken-1"] == ("sato-ken", {2})
    told = _alias(store, "acme", addresses=("sato.ken@gmail.com",))
    assert [made.kind for made in told.made] == ["customer-merge"]
    assert _piles(store)["sato-ken-1"] == ("acme", {2})
    assert _customer(store, "acme").addresses == ("sato.ken@gmail.com", "sato@acme.example")
    _undo(store)
    assert _piles(store)["sato-ken-1"] == ("sato-ken", {2})


def test_an_address_moves_from_a_customer_that_has_more(store: Store) -> None:
    _arrive(store, PUMP, VALVE)
    told = _alias(store, "acme", addresses=("hara@hibari.example",))
    assert told.made[0].value["from"] == "hibari hara@hibari.example"
    _arrive(store, _mail(3, HARA, "ファンの件", "ファンの納期を教えてください。\n"), MOTOR)
    assert next(id_ for id_, pile in _piles(store).values() if 3 in pile) == "acme"
    reconsider(store, CONTEXT)
    assert _customer(store, "acme").addresses == ("hara@hibari.example", "sato@acme.example")


LETTER = "新製品のご案内です。"
SPAM = _mail(5, "大野 <ono@gmail.com>", "ご案内", LETTER, List_Unsubscribe="<mailto:x@gmail.com>")


def test_nobodys_mail_of_an_address_is_filed_when_it_becomes_a_customers_and_is_nobodys_when_undone(
    store: Store,
) -> None:
    _arrive(store, PUMP, SPAM)
    with store.read() as db:
        assert [one.ref for one in unfiled.listed(db)] == ["5@post.example"]
    told = _alias(store, "acme", addresses=("ono@gmail.com",))
    assert list(told.filed) == ["5@post.example"]
    assert _piles(store)[told.filed["5@post.example"]] == ("acme", {5})
    with store.read() as db:
        assert [one.ref for one in unfiled.wanted(db)] == ["5@post.example"]  # only its headers had been kept
    _undo(store)
    assert _piles(store) == {"acme-1": ("acme", {1})}
    with store.read() as db:
        assert [one.ref for one in unfiled.listed(db)] == ["5@post.example"]
        assert unfiled.wanted(db) == []


PRIVATE = _mail(6, "sk1975@gmail.com", "写真", "森様\n\nアクメ工業の佐藤です。\n\n写真を送ります。\n")


def test_a_private_address_tied_by_name_files_teaches_nothing_and_is_doubtful_until_confirmed(store: Store) -> None:
    _arrive(store, PUMP, PRIVATE)
    (key,) = (key for key, (_, pile) in _piles(store).items() if 6 in pile)
    assert _piles(store)[key][0] == "acme"
    assert _customer(store, "acme").addresses == ("sato@acme.example",)
    with store.read() as db:
        joined = mails.get(db, "6@post.example")[0].joined
        assert (joined.customer_rule, joined.doubtful) == ("names", True)
        assert customers.suggestions(db) == [customers.Suggestion("acme", "sk1975@gmail.com", "names")]
    again = _mail(7, "sk1975@gmail.com", "寸法の件", "寸法は後日お知らせします。\n")
    _arrive(store, again)
    with store.read() as db:
        joined = mails.get(db, "7@post.example")[0].joined
        assert (joined.customer_rule, joined.doubtful) == ("suggested", True)
    _alias(store, "acme", addresses=("sk1975@gmail.com",))
    _arrive(store, _mail(8, "sk1975@gmail.com", "塗装の件", "塗装の色を決めました。\n"))
    with store.read() as db:
        assert mails.get(db, "8@post.example")[0].joined.customer_rule == "address"
        assert customers.suggestions(db) == []


@pytest.mark.parametrize("apart", [True, False])
def test_names_in_an_answer_count_where_what_it_answers_came_to_no_case(store: Store, *, apart: bool) -> None:
    internal = _mail(4, MORI, "棚卸し", "週末に棚卸しをします。", to="eto@tsubame.example")
    text = "アクメ工業の佐藤です。\nポンプの寸法をお知らせします。\n"
    answer = _mail(6, "sk1975@gmail.com", "寸法", text, answers=4)
    _arrive(store, PUMP)
    for batch in [[internal], [answer]] if apart else [[internal, answer]]:
        receive(store, batch, CONTEXT, None)
    with store.read() as db:
        assert mails.get(db, "6@post.example")[0].joined.customer_rule == "names"


def test_a_refused_private_address_is_a_customer_of_its_own_from_then_on_also_read_again(store: Store) -> None:
    _arrive(store, PUMP, PRIVATE)
    _unalias(store, "acme", addresses=("sk1975@gmail.com",))
    _arrive(store, _mail(7, "sk1975@gmail.com", "屋根の件", "アクメ工業の佐藤です。屋根の見積をお願いします。\n"))
    assert next(id_ for id_, pile in _piles(store).values() if 7 in pile) == "sk1975"
    reconsider(store, CONTEXT)
    assert {id_ for id_, pile in _piles(store).values() if pile & {6, 7}} == {"sk1975"}


def test_two_of_one_family_name_at_two_companies_are_never_mixed(store: Store) -> None:
    east = "田中 一郎 <tanaka@higashi.example>"
    west = "田中 次郎 <tanaka@nishi.example>"
    _arrive(
        store,
        _mail(1, east, "窓の件", "東商店の田中です。窓の見積をお願いします。\n\n-- \n株式会社東商店\n田中 一郎\n"),
        _mail(2, west, "扉の件", "西産業の田中です。扉の見積をお願いします。\n\n-- \n西産業株式会社\n田中 次郎\n"),
        _mail(3, "田中 <tnk.a@gmail.com>", "窓の写真", "東商店の田中です。自宅から失礼します。\n"),
        _mail(4, "田中 <tnk.b@gmail.com>", "扉の写真", "西産業の田中です。自宅から失礼します。\n"),
        _mail(5, "田中 <tnk.c@gmail.com>", "壁の件", "田中です。壁の件でご相談です。\n"),
        _mail(6, "田中 <tnk.a@gmail.com>", "窓の寸法", "寸法を測りました。\n"),
        _mail(7, "田中 <tnk.b@gmail.com>", "床の件", "床の見積もお願いします。\n"),
    )
    of = {n: id_ for id_, pile in _piles(store).values() for n in pile}
    assert of == {1: "higashi", 2: "nishi", 3: "higashi", 4: "nishi", 5: "tnk-c", 6: "higashi", 7: "nishi"}
    assert _customer(store, "higashi").addresses == ("tanaka@higashi.example",)


def test_what_a_private_address_says_later_of_another_customer_is_believed_before_the_suggestion(
    store: Store,
) -> None:
    moved = _mail(7, "sk1975@gmail.com", "棚の図面", "ひばり金属の佐藤です。棚の図面をお送りします。\n")
    _arrive(store, PUMP, VALVE, PRIVATE, moved)
    of = {n: id_ for id_, pile in _piles(store).values() for n in pile}
    assert (of[6], of[7]) == ("acme", "hibari")
    with store.read() as db:
        assert [one.customer for one in customers.suggestions(db)] == ["acme", "hibari"]


def test_vendors_in_copy_secretaries_and_shared_addresses_become_no_customers_of_the_companys(store: Store) -> None:
    _arrive(
        store,
        PUMP,
        _mail(2, "vendor@parts.example", "Re: ポンプの件", "部品は来週です。\n", to=f"{MORI}, {ACME}", answers=1),
        _mail(3, "秘書 <info@acme.example>", "日程の件", "佐藤の代理で日程をお知らせします。\n"),
        _mail(4, "freelance@gmail.com", "Re: ポンプの件", "設計を担当しています。\n", answers=1),
    )
    acme = _customer(store, "acme")
    assert acme.addresses == ("info@acme.example", "sato@acme.example")
    assert acme.domains == ("acme.example",)
    with store.read() as db:
        assert customers.suggestions(db) == [customers.Suggestion("acme", "freelance@gmail.com", "thread")]
    _arrive(store, _mail(9, "freelance@gmail.com", "別件のご相談", "御社の工場の配置を見たいです。\n"))
    assert next(id_ for id_, pile in _piles(store).values() if 9 in pile) == "freelance"


def test_a_name_given_by_a_person_is_found_in_later_mail(store: Store) -> None:
    _arrive(store, PUMP)
    _alias(store, "acme", names=("カワセミ計画",))
    _arrive(
        store,
        _mail(7, MORI, "電話", "カワセミ計画様より電話。ポンプの見積はいつか。", to="log@tsubame.example"),
    )
    assert next(id_ for id_, pile in _piles(store).values() if 7 in pile) == "acme"


def test_the_settings_customers_stay_above_all(store: Store) -> None:
    own = Customer("acme", "アクメ", ("acme.example",), ("a@gmail.com",))
    context = replace(CONTEXT, directory=replace(CONTEXT.directory, customers=(own,)))
    _arrive(store, PUMP, VALVE, context=context)
    with pytest.raises(UsageError, match="customer-in-settings"):
        _merge(store, "acme", "hibari", context)
    with pytest.raises(UsageError, match="alias-in-settings"):
        _alias(store, "hibari", context=context, addresses=("a@gmail.com",))
    with pytest.raises(UsageError, match="alias-in-settings"):
        _alias(store, "hibari", context=context, domains=("acme.example",))
    with store.begin() as db, pytest.raises(UsageError, match="customer-in-settings"):
        acquainting.rename(db, context, own, "x", WORD)
    _merge(store, "hibari", "acme", context)
    assert _piles(store)["hibari-1"][0] == "acme"
    with pytest.raises(UsageError, match="customer-same"):
        _merge(store, "hibari", "acme", context)
