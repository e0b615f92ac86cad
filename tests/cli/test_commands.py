from pathlib import Path

from tests.cli.conftest import Kawari


def case_of(kawari: Kawari, title: str) -> str:
    return next(one["key"] for one in kawari("cases", "--json").json["cases"] if title in one["title"])


def test_cases_are_listed_with_every_key_of_the_contract(kawari: Kawari) -> None:
    listed = kawari("cases", "--json").json
    assert listed.keys() == {"as_of", "cases"}
    assert {one["title"] for one in listed["cases"]} == {"Pump P-7 leaks", "Order 4711"}
    assert all(
        one.keys()
        == {
            "key",
            "title",
            "customer",
            "owner",
            "standin",
            "state",
            "ball",
            "next_due",
            "last_in",
            "last_out",
            "messages",
        }
        for one in listed["cases"]
    )
    assert [one["messages"] for one in listed["cases"] if one["title"] == "Pump P-7 leaks"] == [3]


def test_cases_are_chosen_by_customer_owner_and_state(kawari: Kawari) -> None:
    assert [one["title"] for one in kawari("cases", "--customer", "kiku", "--json").json["cases"]] == ["Order 4711"]
    assert kawari("cases", "--owner", "kudo", "--json").json["cases"] == []
    assert kawari("cases", "--state", "closed").out == "No cases.\n"
    done = kawari("cases", "--state", "lost")
    assert (done.code, "open, waiting, quiet, closed" in done.err) == (2, True)


def test_a_list_fits_80_columns_and_a_pipe_gets_no_colours(kawari: Kawari) -> None:
    out = kawari("cases").out + kawari("unfiled").out + kawari("handover", "mori").out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


def test_a_timeline_names_its_sources_and_every_promise_in_its_words(kawari: Kawari) -> None:
    out = kawari("timeline", case_of(kawari, "Pump"), "--at", "2026-03-05 12:00").out
    joined = " ".join(out.split())
    assert "We (Aya Mori → Hana Ito): “I will send you a date for the repair by 6 March 2026 17:00.” [#2]" in joined
    assert "1 d 5 h left" in joined
    assert "Fri 6 Mar 17:00 JST" in out
    assert "Aya Mori" in out
    assert "kawari promise keep " in out


def test_a_page_holds_the_keys_of_the_contract(kawari: Kawari) -> None:
    page = kawari("timeline", case_of(kawari, "Pump"), "--json").json
    assert page.keys() >= {
        "as_of",
        "case",
        "people",
        "ball",
        "promises",
        "questions",
        "entries",
        "also_open",
        "not_known",
    }
    assert page["case"]["customer"].keys() == {"id", "name", "domains", "addresses"}
    assert page["entries"][0].keys() >= {
        "n", "at", "kind", "direction", "ref", "from", "to", "cc", "subject", "gist", "attachments", "promises", "via",
        "mailbox", "original", "joined_by",
    }  # fmt: skip
    assert page["promises"][0].keys() >= {
        "id", "by", "who", "quote", "due", "due_now", "certainty", "conditional", "made_in", "made_at", "also_in",
        "state", "evidence", "moves", "confirmed",
    }  # fmt: skip
    assert page["entries"][0]["at"] == "2026-03-02T10:00:00+09:00"


def test_a_page_shows_things_as_they_stood_then(kawari: Kawari) -> None:
    key = case_of(kawari, "Pump")
    before = kawari("timeline", key, "--at", "2026-03-02 12:00", "--json").json
    assert [entry["ref"] for entry in before["entries"]] == ["a1@asagao.example"]
    assert (before["promises"], before["ball"]["holder"]) == ([], "us")
    assert kawari("timeline", key, "--at", "2026-03-07", "--json").json["promises"][0]["state"] == "overdue"
    assert kawari("cases", "--at", "2026-03-03", "--json").json["cases"][0]["messages"] == 2
    assert kawari("timeline", key, "--at", "2026-03-01").code == 4
    assert kawari("timeline", key, "--at", "tomorrow").code == 2


def test_a_case_is_found_by_words_and_by_the_beginning_of_its_key(kawari: Kawari) -> None:
    key = case_of(kawari, "Order")
    for words in (["order", "4711"], [key[:3]], ["KIKU"]):
        assert kawari("timeline", *words, "--json").json["case"]["key"] == key


def test_several_equally_good_cases_are_listed_and_none_is_taken(kawari: Kawari) -> None:
    done = kawari("timeline", "zzzz")
    assert (done.code, done.out) == (4, "")
    assert "No case fits “zzzz”" in done.err
    several = kawari("timeline", "example")
    assert several.code == 4


def test_a_handover_puts_first_what_is_to_be_done_first(kawari: Kawari) -> None:
    overview = kawari("handover", "Aya", "--at", "2026-03-06 09:00", "--json").json
    assert overview.keys() == {"as_of", "owner", "standin", "rows", "doubts", "coverage"}
    assert overview["rows"][0]["title"] == "Pump P-7 leaks"
    assert overview["rows"][0]["state"] == "today"
    assert overview["rows"][0]["contact"]["name"] == "Hana Ito"
    assert overview["rows"][0].keys() == {
        "case", "title", "customer", "contact", "state", "due", "promise", "ball", "last_in", "last_out", "unanswered",
        "hints", "reach", "told", "returned", "wish",
    }  # fmt: skip
    done = kawari("handover", "nobody")
    assert (done.code, "mori" in done.err) == (4, True)


def test_what_belongs_to_no_customer_is_listed_with_its_reason(kawari: Kawari) -> None:
    (one,) = kawari("unfiled", "--json").json["messages"]
    assert one["ref"] == "n1@news.example"
    assert one.keys() == {"ref", "from", "subject", "at", "reason", "detail", "content"}
    assert one["reason"]


def test_a_mail_is_shown_in_full_with_its_case_and_places(kawari: Kawari) -> None:
    shown = kawari("show", "<a3@asagao.example>", "--json").json
    assert shown["case"] == case_of(kawari, "Pump")
    assert shown["places"][0]["folder"] == "INBOX"
    assert shown["attachments"][0]["size"] == 4
    assert "Thank you, we will wait." in kawari("show", "a3@").out
    assert kawari("show", "a3@", "--raw").out.startswith("Message-ID: <a3@asagao.example>")
    assert kawari("show", "zz").code == 4
    key = case_of(kawari, "Pump")
    assert kawari("show", f"{key}#3", "--json").json["ref"] == "a3@asagao.example"
    beyond = kawari("show", f"{key}#4")
    assert (beyond.code, "has 3 mails" in beyond.err) == (4, True)


def test_attachments_are_saved_under_names_of_ours_and_never_over_a_file(kawari: Kawari, tmp_path: Path) -> None:
    for _ in range(2):
        assert kawari("show", "a3@", "--attachments", "out").code == 0
    saved = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(saved) == 2
    assert all("/" not in name and "\x1b" not in name and name.endswith(".txt") for name in saved)
    assert {path.read_bytes() for path in (tmp_path / "out").iterdir()} == {b"drip"}


def test_status_says_what_was_read_and_from_where(kawari: Kawari) -> None:
    found = kawari("status", "--json").json
    assert found["database"].endswith("diary.db")
    assert found.keys() >= {"as_of", "database", "settings", "coverage", "quarantined"}
    assert found["unfiled"] == {"keep": "headers", "messages": 1, "whole": 0}
    assert (found["lacking"], found["not_filed"]) == ([], [])
    assert kawari("status").code == 0


def test_an_import_done_twice_doubles_nothing(kawari: Kawari) -> None:
    again = kawari("import", "INBOX", "--mailbox", "mori", "--folder", "INBOX", "--json").json
    assert (again["mails"], again["new"]) == (4, 0)


def test_a_person_decides_about_promises_and_the_page_follows(kawari: Kawari) -> None:
    key = case_of(kawari, "Pump")
    (promise,) = kawari("promise", "list", key, "--json").json["promises"]
    moved = kawari("promise", "move", promise["id"], "2026-03-09", "12:00", "--who", "kudo", "--json").json
    assert moved["due_now"] == "2026-03-09T12:00:00+09:00"
    kept = kawari("promise", "keep", promise["id"][:4], "--evidence", "a3@", "--json").json
    assert (kept["evidence"]["ref"], kept["evidence"]["reason"]) == ("a3@asagao.example", "person")
    assert kawari("promise", "list", key).out == "No promises.\n"
    assert len(kawari("promise", "list", key, "--all", "--json").json["promises"]) == 1
    assert kawari("promise", "reject", promise["id"], "--json").json["rejected"]
    assert kawari("timeline", key, "--json").json["promises"] == []
    assert kawari("promise", "confirm", promise["id"], "--json").json["confirmed"]
    assert kawari("promise", "withdraw", promise["id"], "--json").json["state"] == "withdrawn"
    assert kawari("promise", "keep", "000000").code == 4
    assert kawari("promise", "move", promise["id"], "whenever").code == 2


def test_a_promise_can_be_written_down_and_names_its_note(kawari: Kawari) -> None:
    key = case_of(kawari, "Order")
    added = kawari(
        "promise", "add", key, "We call back on 12 March 2026", "--who", "kudo", "--at", "2026-03-05 10:00", "--json"
    )
    assert added.code == 0, added.err
    promise = added.json
    assert (promise["case"], promise["who"], promise["due"]["to"][:10]) == (key, "kudo@tsubame.example", "2026-03-12")
    theirs = kawari("promise", "add", key, "They send the drawing", "--by", "them", "--due", "2026-03-13").out
    assert "Fri 13 Mar" in theirs
    page = kawari("timeline", key, "--json").json
    assert promise["made_in"] in {entry["ref"] for entry in page["entries"]}
    assert kawari("show", promise["made_in"]).out.count("We call back") == 1


def test_a_question_about_a_whole_year_is_said_with_the_year(kawari: Kawari) -> None:
    out = kawari("cases", "--at", "2027-01-15").out
    assert "5 Mar 2026" in out


def test_japanese_pages_speak_japanese_and_fit_80_columns(kawari: Kawari) -> None:
    from cli.columns import width

    out = kawari("timeline", case_of(kawari, "Pump"), "--lang", "ja").out
    assert "約束" in out
    assert "3/6(金) 17:00 JST" in out
    assert max(map(width, out.splitlines())) <= 80
