"""Keys of names and domains."""

import pytest

from notes.companies import (
    company_key,
    free_mail,
    is_full_name,
    labels,
    local_labels,
    parts_of,
    person_key,
    registrable,
    short_names,
    slug,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("株式会社曙金属", "曙金属㈱"),
        ("（株）曙・金属 御中", "曙金属株式会社"),
        ("ｱｹﾎﾞﾉ工業(有)", "アケボノ工業有限会社"),
        ("キヤット商会", "キャット商会合同会社"),
        ("齋藤髙圧", "株式会社斎藤高圧"),
        ("Blue Heron Tools, Inc.", "BLUE HERON TOOLS INC"),
        ("Blue Heron Tools Co., Ltd.", "Blue Heron Tools K.K."),
        ("Müller Werkzeug GmbH", "MUELLER WERKZEUG"),
        ("社会福祉法人つばめ会", "つばめ会 様"),
    ],
)
def test_spellings_of_one_company_have_one_key(one: str, other: str) -> None:
    assert company_key(one) == company_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("曙商会", "曙商店"),
        ("曙金属", "曙金属ホールディングス"),
        ("東亜", "トーア"),
        ("Blue Heron", "Blue Hero"),
        ("株式会社", ""),
    ],
)
def test_likeness_is_not_sameness(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


def test_a_persons_key_leaves_titles_and_honorifics_out() -> None:
    assert person_key("Dr. Ada Brook") == person_key("Brook, Ada") == "adabrook"
    assert person_key("小野　圭 様") == person_key("小野圭")


def test_a_full_name_has_two_parts() -> None:
    assert is_full_name("小野 圭")
    assert is_full_name("Ada Brook")
    assert not is_full_name("Ada B")
    assert not is_full_name("小野")


def test_people_leave_the_trade_out_of_a_companys_name() -> None:
    assert "アケボノ" in short_names("アケボノ印刷株式会社")
    assert "曙" not in short_names("曙金属")
    assert "blueheron" in short_names("Blue Heron Tools Ltd")
    assert "波の音" in short_names("旅館 波の音")


def test_a_display_name_may_hold_person_and_company() -> None:
    assert parts_of("Ada Brook / ヘロン") == ("Ada Brook", "ヘロン")
    assert parts_of("小野 圭 (かえで工房)") == ("小野 圭", "かえで工房")


def test_domains_are_cut_at_the_public_suffix() -> None:
    assert registrable("mail.tokyo.kaede.co.jp") == "kaede.co.jp"
    assert registrable("kaede.example") == "kaede.example"
    assert registrable("localhost") == "localhost"


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "i.softbank.jp",
        "sea.plala.or.jp",
        "nifty.com",
        "ybb.ne.jp",
        "uqmobile.jp",
    ],
)
def test_anybody_can_have_an_address_at_these(domain: str) -> None:
    assert free_mail(domain)


def test_a_companys_own_domain_is_no_free_mail() -> None:
    assert not free_mail("kaede.co.jp")


def test_an_address_at_a_free_mail_provider_may_borrow_the_companys_domain() -> None:
    assert labels("blue-heron.example") & local_labels("ada.blueheron@gmail.com") == {"blueheron"}


def test_a_slug_is_short_ascii() -> None:
    assert slug("アクメ", ("acme.example",)) == "acme"
    assert slug("小野", (), ("k.ono.kaede@gmail.com",)) == "k-ono-kaede"
    assert slug("かえで") == "customer"
    assert len(slug("x", ("a" * 60 + ".example",))) <= 24


def test_a_hostile_name_costs_no_time() -> None:
    assert len(company_key("株式会社" * 100_000)) < 200
