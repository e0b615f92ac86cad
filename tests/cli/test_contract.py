"""The JSON contract (docs: the keys scripts rely on), walked over a diary that holds everything."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli import diaries
from tests.cli.conftest import Kawari


def keys(names: str) -> dict[str, Any]:
    """Keys whose values are not looked into."""
    return dict.fromkeys(names.split())


DUE = {"from": None, "to": None, "precision": None}
PROMISE = keys("id by who quote due_now certainty conditional made_in made_at also_in state confirmed") | {
    "due": DUE,
    "evidence": {"ref": None, "score": None, "reason": None},
    "moves": [{"to": None, "in": None, "agreed_in": None}],
}
PERSON = keys("name address role phone title department")
WHO = keys("name address")
ORIGINAL = keys("from from_name date subject")
CASES = {
    "as_of": None,
    "cases": [keys("key title customer owner standin state ball next_due last_in last_out messages")],
}
TIMELINE = {
    "as_of": None,
    "case": keys("key title owner standin state opened_at last_at") | {"customer": keys("id name domains addresses")},
    "people": [PERSON],
    "ball": keys("holder since because reason"),
    "promises": [PROMISE],
    "questions": [keys("quote asked_in at")],
    "entries": [
        keys("n at kind direction ref subject gist promises via mailbox")
        | {"from": WHO, "to": [WHO], "cc": [WHO], "attachments": [keys("name size type")]}
        | {"original": ORIGINAL, "joined_by": keys("rule score")}
    ],
    "also_open": None,
    "not_known": [keys("code detail")],
}
HANDOVER = {
    "as_of": None,
    "owner": None,
    "standin": None,
    "rows": [
        keys("case title customer state due ball last_in last_out unanswered") | {"contact": PERSON, "promise": PROMISE}
    ],
    "coverage": [keys("mailbox folder role read_until messages unreadable error")],
}
MAIL = keys("file ref message_id in_reply_to references date date_doubtful subject kind new_text text defects") | {
    "from": WHO,
    "to": [WHO],
    "cc": [WHO],
    "zones": [keys("kind text rule")],
    "forwarded": [keys("from from_name date subject text above") | {"to": [WHO], "cc": [WHO]}],
    "attachments": [keys("name type size sha256")],
    "contact": keys("name phone title department company"),
}
SHOWN = MAIL | {"case": None, "customer": None, "places": [keys("mailbox folder uid")]}
UNFILED = {"messages": [keys("ref subject at reason") | {"from": WHO}]}
TEXT = {
    "id": None,
    "promises": [keys("quote by certainty score rule") | {"due": DUE}],
    "dates": [keys("text start end from to precision")],
}


def missing(wanted: Any, found: Any, path: str = "$") -> set[str]:
    """Paths of the contract that a value lacks; where a value is null or a list is empty there is nothing below it."""
    if isinstance(wanted, list):
        if not isinstance(found, list):
            return {path}
        return {each for one in found for each in missing(wanted[0], one, f"{path}[]")}
    if not isinstance(wanted, dict) or found is None:
        return set()
    if not isinstance(found, dict):
        return {path}
    lacking = {f"{path}.{key}" for key in wanted.keys() - found.keys()}
    return lacking | {
        each for key in wanted.keys() & found.keys() for each in missing(wanted[key], found[key], f"{path}.{key}")
    }


def seen(wanted: Any, found: list[Any], path: str = "$") -> set[str]:
    """Paths of nested objects that no value showed: what was never there was never checked."""
    if isinstance(wanted, list):
        inner = [one for each in found if isinstance(each, list) for one in each]
        return seen(wanted[0], inner, f"{path}[]") if inner else {f"{path}[]"}
    if not isinstance(wanted, dict):
        return set()
    there = [each for each in found if isinstance(each, dict)]
    if not there:
        return {path}
    return {
        gone
        for key, below in wanted.items()
        for gone in seen(below, [each.get(key) for each in there], f"{path}.{key}")
    }


def check(wanted: Any, *found: Any, never: frozenset[str] = frozenset()) -> None:
    assert set().union(*(missing(wanted, each) for each in found)) == set()
    assert seen(wanted, list(found)) - never == set()


@pytest.fixture
def demo(bare: Kawari) -> Kawari:
    """`kawari` on the demo's diary, as of the morning of the story."""
    pytest.importorskip("pymap")
    assert bare("demo").code == 0

    def call(*args: str, at: bool = True) -> Any:
        moment = ("--at", "2026-11-20 08:40") if at else ()
        done = bare("--config", "demo/kawari.toml", *args, *moment)
        assert done.code == 0, done.err
        return done

    return call


def test_the_pages_of_a_whole_story_hold_every_key(demo: Kawari) -> None:
    listed = demo("cases", "--json").json
    check(CASES, listed)
    pages = [demo("timeline", one["key"], "--json").json for one in listed["cases"]]
    check(TIMELINE, *pages, never=frozenset({"$.not_known[]", "$.entries[].cc[]"}))
    check(HANDOVER, demo("handover", "takahashi", "--json").json, never=frozenset({"$.rows[].promise.evidence"}))
    check(UNFILED, demo("unfiled", "--json").json)
    refs = [entry["ref"] for page in pages for entry in page["entries"]]
    shown = [demo("show", ref, "--json", at=False).json for ref in refs]
    check(SHOWN, *shown, never=frozenset({"$.cc[]", "$.forwarded[].cc[]"}))


def test_what_is_inspected_holds_every_key(bare: Kawari, tmp_path: Path) -> None:
    diaries.write(tmp_path)
    lines = bare("inspect", "mail", "INBOX", "Sent", "nowhere", "--json").out.splitlines()
    good = [one for one in map(json.loads, lines) if "error" not in one]
    check(MAIL, *good, never=frozenset({"$.cc[]", "$.forwarded[]", "$.contact"}))
    assert [one["error"] for one in map(json.loads, lines) if "error" in one] == ["path-missing"]
    text = bare("inspect", "text", "I will answer by noon tomorrow.", "--at", "2026-12-07 09:00", "--json").json
    check(TEXT, text)
    threads = bare("inspect", "threads", "INBOX", "Sent", "--json").json
    assert threads.keys() == {"threads"}
    assert all(isinstance(ref, str) for thread in threads["threads"] for ref in thread)


def test_a_message_reference_is_a_message_id_without_its_brackets_and_times_have_an_offset(demo: Kawari) -> None:
    page = demo("timeline", "acme", "--json").json
    assert all("<" not in entry["ref"] and ":" in entry["at"][-6:] for entry in page["entries"])
    refs = {entry["ref"] for entry in page["entries"]}
    assert {promise["made_in"] for promise in page["promises"]} <= refs
    assert page["ball"]["because"] in refs
