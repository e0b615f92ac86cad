"""`kawari customer` and `kawari why`: what people correct, what waits for their word, why a mail is where it is."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli.columns import width
from tests.cli.conftest import Kawari
from tests.cli.diaries import TOKYO, mail

MORI = "Aya Mori <mori@tsubame.example>"
HOME = "hana.i.77@gmail.com"
FRIDAY = datetime(2026, 3, 6, 10, tzinfo=TOKYO)


@pytest.fixture
def diary(kawari: Kawari, tmp_path: Path) -> Kawari:
    """The small diary, and mails from a private address that bears a customer's names."""
    ito = "Hana Ito <ito@asagao.example>"
    signed = "\n\n-- \nAsagao Works Ltd\nHana Ito\nBuyer\nTel 03-1111-2222\n"
    hello = "Hana from Asagao Works here, from home.\n\nhere are photos of the leak at the pump P-7.\n"
    folder = tmp_path / "more"
    folder.mkdir()
    mails = (
        mail("c1@asagao.example", ito, MORI, FRIDAY, "Invoice 5521", f"Please send invoice 5521 again.{signed}"),
        mail("g1@gmail.com", f"Hana <{HOME}>", MORI, FRIDAY + timedelta(hours=1), "Photos of the pump", hello),
    )
    for n, raw in enumerate(mails):
        (folder / f"{n}.eml").write_bytes(raw)
    assert kawari("import", "more", "--mailbox", "mori", "--folder", "INBOX").code == 0
    return kawari


def _case_of(kawari: Kawari, ref: str) -> str:
    return str(kawari("why", ref, "--json").json["case"]["key"])


def _one(kawari: Kawari, customer: str) -> dict[str, object]:
    (found,) = kawari("customer", "list", customer, "--json").json["customers"]
    return dict(found)


def test_customers_are_listed_with_who_is_behind_their_addresses_and_what_waits_for_a_word(diary: Kawari) -> None:
    asagao = _one(diary, "asagao")
    assert (asagao["name"], asagao["addresses"], asagao["cases"], asagao["open"]) == (
        "Asagao Works Ltd",
        ["ito@asagao.example"],
        2,
        2,
    )
    assert asagao["people"] == [
        {
            "address": "ito@asagao.example",
            "name": "Hana Ito",
            "company": "Asagao Works Ltd",
            "department": None,
            "title": "Buyer",
            "phone": "03-1111-2222",
            "messages": 3,
        }
    ]
    (suggestion,) = asagao["suggestions"]  # type: ignore[misc]  # a list, as the contract says
    assert (suggestion["address"], suggestion["rule"]) == (HOME, "names")
    assert suggestion["confirm"] == f"kawari customer alias asagao {HOME}"
    assert suggestion["refuse"] == f"kawari customer unalias asagao {HOME}"
    for language in ("en", "ja"):
        out = diary("customer", "list", "--lang", language, COLUMNS="80").out
        assert f"kawari customer alias asagao {HOME}" in out
        assert all(width(line) <= 80 for line in out.splitlines())
    waiting = diary("customer", "list", "--suggestions", "--json").json["customers"]
    assert [one["id"] for one in waiting] == ["asagao"]


def test_a_confirmed_suggestion_is_an_address_and_no_doubt_any_more(diary: Kawari) -> None:
    key = _case_of(diary, "g1@gmail.com")
    page = diary("timeline", key, "--json").json
    assert {"code": "doubtful-join", "detail": "g1@gmail.com"} in page["not_known"]
    (entry,) = [one for one in page["entries"] if one["ref"] == "g1@gmail.com"]
    assert (entry["joined_by"]["doubtful"], entry["joined_by"]["customer_rule"]) == (True, "names")
    shown = diary("timeline", key).out
    assert "guessed customer" in shown
    assert f"kawari why {key}#{entry['n']}" in shown
    done = diary("customer", "alias", "asagao", HOME, "--who", "mori", "--json").json
    assert [(one["kind"], one["who"], one["value"]) for one in done["corrections"]] == [
        ("customer-alias", "mori", {"addresses": HOME})
    ]
    assert HOME in done["customer"]["addresses"]
    assert "guessed customer" not in diary("timeline", key).out
    assert _one(diary, "asagao")["suggestions"] == []


def test_a_refused_suggestion_is_not_asked_again(diary: Kawari) -> None:
    assert diary("customer", "unalias", "asagao", HOME).code == 0
    assert _one(diary, "asagao")["suggestions"] == []
    assert "kawari reconsider --dry-run" in diary("customer", "unalias", "asagao", "ito@asagao.example").out


def test_two_customers_made_one_are_found_by_either_id_and_all_cases_keep_their_keys(diary: Kawari) -> None:
    assert diary("customer", "merge", "kiku", "asagao").code == 0
    for customer in ("kiku", "asagao", "abe@kiku.example", "kiku.example", "Asagao"):
        found = diary("cases", "--customer", customer, "--json").json["cases"]
        assert {"kiku-1", "asagao-1"} <= {one["key"] for one in found}
    assert _one(diary, "kiku")["merged"] == ["kiku"]
    again = diary("customer", "merge", "kiku", "asagao")
    assert (again.code, again.out) == (2, "")
    assert "kiku-1" in diary("timeline", "kiku-1").out


def test_nobodys_mail_is_filed_when_its_address_is_given_to_a_customer(diary: Kawari) -> None:
    assert diary("why", "n1@news.example", "--json").json["unfiled"]["reason"]
    done = diary("customer", "alias", "kiku", "no-reply@news.example", "--json").json
    assert [one["ref"] for one in done["filed"]] == ["n1@news.example"]
    assert diary("why", "n1@news.example", "--json").json["customer"]["id"] == "kiku"


def test_a_customer_is_called_as_people_call_it_and_found_by_its_other_names(diary: Kawari) -> None:
    assert diary("customer", "rename", "kiku", "Kiku", "&", "Sons").code == 0
    assert diary("customer", "alias", "kiku", "Chrysanthemum Foods").code == 0
    kiku = _one(diary, "Chrysanthemum Foods")
    assert (kiku["id"], kiku["name"], kiku["aliases"]) == ("kiku", "Kiku & Sons", ["Chrysanthemum Foods"])
    assert "Kiku & Sons" in diary("show", "b1@kiku.example").out


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("alias", "kiku", "gmail.com"), 2),
        (("alias", "kiku", "mori@tsubame.example"), 2),
        (("alias", "kiku", "tsubame.example"), 2),
        (("alias", "kiku", "foo@"), 2),
        (("alias", "kiku", "a b@c.example"), 2),
        (("alias", "kiku", ""), 2),
        (("alias", "kiku", "x" * 500), 2),
        (("alias", "kiku"), 2),
        (("alias", "nobody", "a@b.example"), 4),
        (("unalias", "kiku", "a@b.example"), 4),
        (("merge", "kiku", "kiku"), 2),
        (("merge", "kiku", "nobody"), 4),
        (("rename", "kiku", "\x1b[31m\n"), 0),
        (("rename", "kiku", "\x1b\n"), 2),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_cannot_be_done_is_said_in_a_sentence(
    kawari: Kawari, args: tuple[str, ...], code: int, language: str
) -> None:
    done = kawari("customer", *args, "--lang", language)
    assert done.code == code
    assert "Traceback" not in done.err
    assert "\x1b" not in done.out + done.err
    assert bool(done.err.strip()) == (code != 0)


def test_the_settings_stand_above_what_people_say(diary: Kawari, tmp_path: Path) -> None:
    settings = tmp_path / "kawari.toml"
    own = '\n[[customer]]\nname = "Asagao"\ndomains = ["asagao.example"]\n[ignore]\ndomains = ["news.example"]\n'
    settings.write_text(settings.read_text("utf-8") + own, "utf-8")
    for args in (
        ("merge", "asagao", "kiku"),
        ("rename", "asagao", "x"),
        ("alias", "kiku", "asagao.example"),
        ("unalias", "asagao", "asagao.example"),
        ("alias", "kiku", "a@news.example"),
    ):
        done = diary("customer", *args)
        assert (done.code, done.out) == (2, ""), args
        assert done.err


def test_why_names_rule_score_evidence_and_what_came_second(diary: Kawari) -> None:
    found = diary("why", "g1@gmail.com", "--json").json
    case, customer = found["case"], found["customer"]
    assert case["key"].startswith("asagao-")
    assert 0 < case["score"] <= 1
    assert case["doubtful"]
    (topic,) = [one for one in case["shared"] if one["kind"] == "topic"]
    assert (topic["value"], topic["in"]) == ("pump", ["a1@asagao.example", "a2@tsubame.example", "a3@asagao.example"])
    assert found["second"]["key"] == "asagao-2"
    assert found["second"]["score"] < case["score"]
    assert (customer["rule"], customer["suggestion"]) == ("names", HOME)
    text = diary("why", f"{case['key']}#{case['number']}", "--lang", "en").out
    assert "it bears this customer's names, score 0.95" in text
    assert f"kawari customer unalias asagao {HOME}" in text


def test_why_an_answer_is_where_it_is_and_what_people_decided(diary: Kawari) -> None:
    diary("customer", "merge", "kiku", "asagao", "--who", "mori")
    answer = diary("why", "asagao-1#2", "--json").json
    assert (answer["case"]["rule"], answer["case"]["answers"]) == ("thread", "a1@asagao.example")
    assert answer["corrections"] == []
    order = diary("why", "b1@kiku", "--json").json
    assert [one["kind"] for one in order["corrections"]] == ["customer-merge"]
    assert "Aya Mori" in diary("why", "b1@kiku").out


def test_why_a_mail_of_another_customer_is_here_is_not_said_to_be_its_writer(diary: Kawari) -> None:
    before = diary("why", "b1@kiku", "--lang", "en").out
    assert "its case is with this customer" not in before
    case = diary("why", "b1@kiku", "--json").json["case"]["key"]
    assert diary("case", "merge", case, "asagao-1", "--across").code == 0
    assert (
        "its case is with this customer; the writer alone" in diary("why", "b1@kiku", "--lang", "en", COLUMNS="120").out
    )


def test_why_a_colleagues_mail_is_nobodys_proposes_no_customer_of_his_name(diary: Kawari, tmp_path: Path) -> None:
    drill = b"From: Jun Kudo <kudo@tsubame.example>\nTo: mori@tsubame.example\nDate: Fri, 6 Mar 2026 18:00:00 +0900\n"
    drill += b"Message-ID: <drill@tsubame.example>\nSubject: Fire drill\n\nTomorrow at ten.\n"
    (tmp_path / "drill.eml").write_bytes(drill)
    assert diary("import", "drill.eml", "--mailbox", "mori", "--folder", "INBOX").code == 0
    assert "kawari unfiled drill@tsubame.example --to CASE\n" in diary("why", "drill@tsubame.example").out


def test_why_a_mail_is_nobodys_and_what_would_file_it(diary: Kawari) -> None:
    for language in ("en", "ja"):
        text = diary("why", "n1@news.example", "--lang", language, COLUMNS="80").out
        assert "kawari unfiled n1@news.example" in text
        assert "kawari customer alias CUSTOMER no-reply@news.example" in text
    assert diary("why", "nothing").code == 4
    assert diary("why", "asagao-1#99").code == 4
    assert diary("why").code == 2
