"""How well promises, questions and the ball are read: the exam's stories without server and store, case by case as the
truth groups them, and the hand-made Japanese sentences. `python -m tools.accuracy.promises FOLDER …` prints every miss;
a FOLDER holds corpora/ and exam/, or is one story of the same form.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from rapidfuzz import fuzz

from ingest import receive, study
from notes import customers
from notes.model import (
    By,
    Calendar,
    Customer,
    Directory,
    Filed,
    Joined,
    Kind,
    Message,
    Promise,
    Role,
    Staff,
    Standing,
    Via,
)
from notes.phrases import load
from notes.promises import detect
from notes.standing import stand
from tools.accuracy import Figure

KNOWN = False  # whether the story's customers are told, which kawari has to find out for itself
GOALS = {
    "promise by us precision": 0.92,
    "promise by us recall": 0.92,
    "promise by them precision": 0.85,
    "promise by them recall": 0.85,
    "near-misses left alone": 0.97,
    "due: day": 0.96,
    "due: minute": 0.95,
    "due: none invented": 0.97,
    "promise state": 0.92,
    "evidence": 0.90,
    "moves": 0.90,
    "ball": 0.92,
    "open question precision": 0.80,
    "open question recall": 0.85,
}


@dataclass
class Score:
    """Counts by figure name, and what went wrong in words."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def mark(self, name: str, ok: bool, detail: str) -> None:
        """One thing asked of one figure."""
        self.asked[name] += 1
        self.right[name] += ok
        if not ok:
            self.misses.append(f"{name}: {detail}")


def figures(corpora: Path) -> list[Figure]:
    """The figures of issue 5 that need no server, over every story beside the corpora."""
    score = Score()
    for story in sorted((corpora.parent / "exam").glob("*/truth.json")):
        examine(story.parent, score)
    sentences(corpora / "japanese" / "commit_ja.jsonl", score)
    return [
        Figure(f"promises: {name}", score.right[name] / asked, asked, GOALS.get(name))
        for name, asked in sorted(score.asked.items())
    ]


def sentences(path: Path, score: Score) -> None:
    """Single sentences that commit or do not."""
    zone = ZoneInfo("Asia/Tokyo")
    calendar = Calendar(zone, time(9), time(18), holidays.country_holidays("JP").__contains__)
    said_at = datetime(2026, 1, 15, 10, tzinfo=zone)
    for row in map(json.loads, path.read_text("utf-8").splitlines() if path.exists() else ()):
        found = detect(row["text"], said_at=said_at, by=By.US, who="", calendar=calendar, phrases=load())
        score.mark("commit_ja sentences", bool(found) == row["commit"], f"{row['commit']} {row['text']}")


def examine(folder: Path, score: Score) -> None:
    """One story: every case stands on its own mails."""
    scenario = json.loads((folder / "scenario.json").read_text("utf-8"))
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    mails = filed(folder, scenario)
    standings = {case["id"]: _stand(case, truth, mails, scenario) for case in truth["cases"]}
    now = datetime.fromisoformat(scenario["now"])
    _promises(folder.name, truth, standings, now, score)
    _balls(folder.name, truth, standings, score)
    _questions(folder.name, truth, standings, score)


def filed(folder: Path, scenario: dict[str, Any]) -> dict[str, Filed]:
    """A story's mails by truth ref, read and studied as `ingest.receive` does."""
    directory, calendar = who(scenario), when(scenario)
    roles = {(box["id"], name): role for box in scenario["mailboxes"] for name, role in box["folders"].items()}
    refs = {
        path: ref
        for ref, row in json.loads((folder / "newtext.json").read_text("utf-8")).items()
        for path in row["paths"]
    }
    made: dict[str, Filed] = {}
    for row in json.loads((folder / "index.json").read_text("utf-8")):
        arrived = datetime.fromisoformat(row["internaldate"])
        message = receive.read((folder / row["path"]).read_bytes(), internaldate=arrived)
        role = Role(roles[row["mailbox"], row["folder"]])
        if refs[row["path"]] not in made or role is Role.LOG:
            made[refs[row["path"]]] = _file(message, role, directory, calendar)
    return made


def _file(message: Message, role: Role, directory: Directory, calendar: Calendar) -> Filed:
    kind, direction = study.kind_of(message, role, directory, load()), customers.direction(message, directory)
    parts = [study.findings(message, kind, direction, calendar, load())]
    if kind is Kind.FORWARD and message.forwarded:
        parts.append(study.findings_inside(message.forwarded[0], message, directory, calendar, load()))
    return Filed(
        ref=message.ref,
        kind=kind,
        direction=direction,
        via=Via.INBOX,
        mailboxes=(),
        sender=message.sender,
        to=message.to,
        cc=message.cc,
        at=message.date,
        date_doubtful=message.date_doubtful,
        subject=message.subject,
        new_text=message.new_text,
        hidden_lines=message.hidden_lines,
        references=(*message.references, *message.in_reply_to),
        forwarded=message.forwarded,
        attachments=message.attachments,
        contact=message.contact,
        bounced=message.bounced,
        findings=study.together(parts),
        joined=Joined("truth", 1.0),
    )


def who(scenario: dict[str, Any]) -> Directory:
    """The settings' people of a story."""
    return Directory(
        organisation=scenario["organisation"]["name"],
        domains=frozenset(scenario["organisation"]["domains"]),
        staff=tuple(Staff(one["id"], one["name"], tuple(one["addresses"])) for one in scenario["staff"]),
        log_addresses=frozenset(scenario.get("log_addresses", ())),
        log_senders=frozenset(scenario["organisation"]["domains"]),
    )


def when(scenario: dict[str, Any]) -> Calendar:
    """The settings' working time of a story."""
    days = holidays.country_holidays(scenario.get("holidays") or "JP")

    def off(day: date) -> bool:
        return day.weekday() > 4 or day in days

    return Calendar(ZoneInfo(scenario["timezone"]), time(9), time(18), off)


def _stand(case: dict[str, Any], truth: dict[str, Any], mails: dict[str, Filed], scenario: dict[str, Any]) -> Standing:
    """The standing of a case with the true refs in place of kawari's."""
    true = next(one for one in truth["customers"] if one["id"] == case["customer"])
    customer = Customer(true["id"], true["name"], tuple(true.get("domains", ())), tuple(true.get("addresses", ())))
    own = [replace(mails[ref], ref=ref) for ref in case["messages"]]
    return stand(own, (), directory=who(scenario), calendar=when(scenario), customer=customer if KNOWN else None)


def _promises(name: str, truth: dict[str, Any], standings: dict[str, Standing], now: datetime, score: Score) -> None:
    said = [one for standing in standings.values() for one in standing.promises if not one.rejected]
    said = list({(one.made_in, one.quote): one for one in said}.values())
    free = list(said)
    for true in truth["promises"]:
        hits = [one for one in free if any(_is(one, true["by"], ref, quote) for ref, quote in _places(true))]
        score.mark(f"promise by {true['by']} recall", bool(hits), f"{name} missed {true['quote']}")
        if hits:
            free = [one for one in free if one not in hits]
            score.mark(f"promise by {true['by']} precision", True, "")
            _follow(name, true, hits[0], now, score)
    for one in free:
        score.mark(f"promise by {one.by} precision", False, f"{name} invented {one.quote} ({one.rule})")
    for near in truth.get("not_promises", ()):
        hit = any(_is(one, "us", near["in"], near["quote"], 90) for one in free)
        score.mark("near-misses left alone", not hit, f"{name} {near['quote']}")


def _places(true: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield true["made_in"], true["quote"]
    alternative = true.get("quote_alt") or ()
    for quote in [alternative] if isinstance(alternative, str) else alternative:
        yield true["made_in"], quote
    for again in (*true.get("also_in", ()), *true.get("moves", ())):
        if again.get("quote"):
            yield again["in"], again["quote"]


def _is(one: Promise, by: str, ref: str, quote: str, least: int = 80) -> bool:
    return one.made_in == ref and one.by == by and same_words(one.quote, quote, least)


def _follow(name: str, true: dict[str, Any], got: Promise, now: datetime, score: Score) -> None:
    moved = true.get("moves") or []
    wanted = [true["due"]["to"], *true["due"].get("alt_to", ())]
    wanted += [to for one in moved[-1:] for to in (one["to"], *one.get("alt_to", ()))]
    right = any(_same_day(got.due.to, to) for to in wanted)
    what = f"{name} {true['quote']}"
    score.mark("due: day" if true["due"]["to"] else "due: none invented", right, f"{what} got {got.due.to}")
    if true["due"]["precision"] == "minute" and got.due.to and right:
        near = any(to and abs(got.due.to - datetime.fromisoformat(to)) < timedelta(minutes=1) for to in wanted)
        score.mark("due: minute", near, f"{what} got {got.due.to}")
    states = (true["state_at_now"], true.get("state_alt"))
    state = got.state(now)
    for figure in ("promise state", f"promise state {states[0]}"):
        score.mark(figure, state in states, f"{what}: {state}, not {states[0]} {got.kept or got.withdrawn}")
    if true.get("kept_by"):
        kept = got.kept.ref if got.kept else None
        score.mark("evidence", kept == true["kept_by"], f"{what}: {kept}, not {true['kept_by']}")
    for move in moved:
        score.mark("moves", any(one.ref == move["in"] for one in got.moves), f"{what} {move['quote']}")
        if move.get("agreed_in"):
            agreed = [one.agreed_in for one in got.moves if one.ref == move["in"]]
            score.mark("moves agreed", agreed == [move["agreed_in"]], f"{what} {agreed}, not {move['agreed_in']}")
    for again in true.get("also_in", ()):
        score.mark("said again", again["in"] in got.also_in, f"{what} {again['quote']}")


def _same_day(got: datetime | None, wanted: str | None) -> bool:
    if not got or not wanted:
        return got is None and wanted is None
    there = datetime.fromisoformat(wanted)
    return got.astimezone(there.tzinfo).date() == there.date()


def _balls(name: str, truth: dict[str, Any], standings: dict[str, Standing], score: Score) -> None:
    for true in truth.get("ball", ()):
        got = standings[true["case"]].ball
        score.mark("ball", got.holder == true["holder"], f"{name} {true['case']}: {got}, not {true['holder']}")
        since = (true.get("since"), *true.get("since_alt", ()))
        score.mark(
            "ball since", got.because in since, f"{name} {true['case']}: {got.because} {got.reason}, not {since}"
        )


def _questions(name: str, truth: dict[str, Any], standings: dict[str, Standing], score: Score) -> None:
    asked = {
        (one.asked_in, one.quote): one
        for standing in standings.values()
        for one in standing.questions
        if one.answered_in is None
    }
    for true in truth.get("open_questions", ()):
        hits = [key for key in asked if key[0] == true["asked_in"] and same_words(key[1], true["quote"], 70)]
        score.mark("open question recall", bool(hits), f"{name} missed {true['quote']}")
        for key in hits[:1]:
            del asked[key]
            score.mark("open question precision", True, "")
    for _, quote in asked:
        score.mark("open question precision", False, f"{name} invented {quote}")


def same_words(one: str, other: str, least: int) -> bool:
    """The exam's measure of two quotes being the same."""
    first, second = (re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold() for text in (one, other))
    if not first or not second or min(len(first), len(second)) < 0.35 * max(len(first), len(second)):
        return False
    return fuzz.partial_ratio(first, second) >= least


if __name__ == "__main__":
    from tools.accuracy.__main__ import row

    found = Score()
    for given in map(Path, sys.argv[1:]):
        for place in sorted((*given.glob("truth.json"), *given.glob("exam/*/truth.json"))):
            examine(place.parent, found)
        sentences(given / "corpora" / "japanese" / "commit_ja.jsonl", found)
    print("\n".join(found.misses))
    for key, total in sorted(found.asked.items()):
        print(row(Figure(key, found.right[key] / total, total, GOALS.get(key))))
