"""How well mails come together as a person would file them: stories with truth, read without server or database.

A story is a folder with `scenario.json`, `truth.json` and `index.json`. Mails are filed in the order of their dates
with a dictionary for a store, by the same stations and in the same order as `ingest.receive` calls them.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

from notes import cases, customers, threads
from notes.model import Customer, Directory, Message, Staff
from notes.profiles import Profile
from tools.accuracy import Figure

Read = Callable[[bytes, datetime | None], Message]


@dataclass
class Diary:
    """The store's part, in memory."""

    directory: Directory
    met: dict[str, Customer] = field(default_factory=dict)
    keys: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    case_of: dict[str, str] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    thread_case: dict[int, str] = field(default_factory=dict)
    opened: dict[str, cases.Candidate] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, Message] = field(default_factory=dict)

    def known(self, keys: customers.Keys) -> customers.Known:
        """As `notes.store.customers.known`."""

        def bearers(kind: str, value: str) -> tuple[Customer, ...]:
            found = self.keys.get((kind, value), [])
            return tuple(self.met[each] for each in found) if len(found) < 9 else ()

        return customers.Known(
            {value: found[0] for value in keys.addresses if (found := bearers("address", value))},
            {value: found[0] for value in keys.domains if (found := bearers("domain", value))},
            {name: found for name in keys.names if (found := bearers(*name))},
            {value: found[0] for value in keys.suggested if len(found := bearers("suggested", value)) == 1},
        )

    def learn(self, customer: Customer, keys: customers.Keys) -> None:
        """As `notes.store.customers.learn`."""
        for kind, value in (
            *(("address", a) for a in keys.addresses),
            *(("domain", d) for d in keys.domains),
            *(("suggested", a) for a in keys.suggested),
            *keys.names,
        ):
            bearers = self.keys.setdefault((kind, value), [])
            if customer.id not in bearers and not (kind in ("address", "domain") and bearers):
                bearers.append(customer.id)
        stored = self.met[customer.id]
        owned = {
            kind: tuple(v for (k, v), ids in self.keys.items() if k == kind and stored.id in ids)
            for kind in ("domain", "address")
        }
        self.met[stored.id] = Customer(stored.id, stored.name, owned["domain"], owned["address"])

    def candidates(self, traits: frozenset[cases.Trait], customer: str | None) -> list[cases.Candidate]:
        """As `notes.store.traits.candidates`."""
        asked = Profile.of(traits)
        shared = [
            (number, each)
            for each in self.opened.values()
            if customer in (None, each.customer_id) and (number := len(each.traits.shared(asked)))
        ]
        return [each for _, each in sorted(shared, key=lambda pair: -pair[0])[:20]]

    def file(self, message: Message) -> None:
        """Thread, customer, case, as the conductor does it."""
        thread = self._thread(message)
        near = threads.nearest(message, self.case_of) or self.thread_case.get(thread)
        followed = self.met[self.opened[near].customer_id] if near else None
        keys_of = customers.keys_of_answer if near else customers.keys
        known = self.known(keys_of(message, self.directory))
        decision = customers.decide(message, self.directory, known, thread=followed)
        near = near if decision.rule == "thread" else None
        found = cases.traits(message, self.directory)
        asked = {near: self.opened[near]} if near else {}
        for each in decision.asks if cases.is_open(message, near) else ():
            wanted = cases.lookups(message, found, each)
            asked |= {candidate.key: candidate for candidate in self.candidates(wanted, each)}
        choice = cases.choose(
            message, decision, list(asked.values()), directory=self.directory, thread=near, found=found
        )
        self.why[message.ref] = f"{decision.rule}/{decision.reason} {decision.score} -> {choice}"
        had_case = thread in self.thread_case
        self._put(message, decision, choice, found, thread)
        if message.ref not in self.case_of:
            self.waiting[message.ref] = message
        elif not had_case:
            for ref in [ref for ref in self.waiting if self.links[ref] == thread]:
                self.file(self.waiting.pop(ref))

    def _thread(self, message: Message) -> int:
        ids = threads.ids(message)
        placement = threads.place(ids, {name: self.links[name] for name in ids if name in self.links})
        thread = placement.thread if placement.thread is not None else len(self.why)
        for name, number in self.links.items():
            self.links[name] = thread if number in placement.merge else number
        self.links.update(dict.fromkeys(ids, thread))
        return thread

    def _put(
        self,
        message: Message,
        decision: customers.CustomerDecision,
        choice: cases.CaseDecision,
        found: frozenset[cases.Trait],
        thread: int,
    ) -> None:
        key = choice.key or (self._open(message, decision.customer, new=decision.new) if decision.customer else None)
        if key is None:
            return
        case = self.opened[key]
        last = max(case.last_at, message.date)
        self.opened[key] = cases.Candidate(key, case.title, case.customer_id, last, case.traits.plus(Profile.of(found)))
        self.case_of[message.ref] = key
        self.thread_case.setdefault(thread, key)
        if decision.customer and case.customer_id == decision.customer.id:
            better = customers.better_name(decision.customer, message, self.directory)
            if better:
                self.met[decision.customer.id] = replace(self.met[decision.customer.id], name=better)
            self.learn(decision.customer, customers.lessons(message, decision, self.directory))

    def _open(self, message: Message, stranger: Customer, *, new: bool) -> str:
        customer = self.met.setdefault(stranger.id, stranger)
        if new:
            self.learn(customer, customers.Keys(frozenset(customer.addresses), frozenset(customer.domains)))
        key = f"{customer.id}-{1 + sum(each.customer_id == customer.id for each in self.opened.values())}"
        self.opened[key] = cases.Candidate(key, message.subject, customer.id, message.date, Profile.of({("key", key)}))
        return key


@dataclass
class Story:
    """A folder's truth and what was made of it. `order`: by `date`, or by `folder` as a first poll reads."""

    folder: Path
    read: Read
    order: str = "date"

    def __post_init__(self) -> None:
        self.truth = json.loads((self.folder / "truth.json").read_text("utf-8"))
        scenario = json.loads((self.folder / "scenario.json").read_text("utf-8"))
        self.diary = Diary(_directory(scenario))
        rows = json.loads((self.folder / "index.json").read_text("utf-8"))
        self.name_of: dict[str, str] = {}
        messages: dict[str, Message] = {}
        for row in rows:
            raw = (self.folder / row["path"]).read_bytes()
            message = self.read(raw, datetime.fromisoformat(row["internaldate"]))
            messages.setdefault(message.ref, message)
            named = message_from_bytes(raw)["Message-ID"]
            self.name_of.setdefault(message.ref, named.strip().strip("<>") if named else f"path:{row['path']}")
        filed = messages.values()
        for message in sorted(filed, key=lambda each: each.date) if self.order == "date" else filed:
            self.diary.file(message)

    def marks(self) -> Iterable[tuple[str, float, str]]:
        """Name of a figure, points between 0 and 1, and words for a miss; one for every mail asked about."""
        mine = {self.name_of[ref]: key for ref, key in self.diary.case_of.items()}
        why = {self.name_of[ref]: words for ref, words in self.diary.why.items()}
        true = {name: case["id"] for case in self.truth["cases"] for name in case["messages"]}
        real, made = Counter(true.values()), Counter(mine[name] for name in true if name in mine)
        both = Counter((case, mine.get(name, name)) for name, case in true.items())
        for name, case in true.items():
            key = mine.get(name, name)
            said = f"{self.folder.name} {name} of {case} in {mine.get(name)}: {why.get(name)}"
            yield "case precision", both[case, key] / made.get(key, 1), said
            yield "case recall", both[case, key] / real[case], said
            yield "customer", float(self._right_customer(case, mine.get(name))), said
        for name in self.truth.get("no_case", ()):
            yield "kept out", float(name not in mine), f"{self.folder.name} {name} in {mine.get(name)}: {why.get(name)}"

    def _right_customer(self, case: str, key: str | None) -> bool:
        wanted = next(each["customer"] for each in self.truth["cases"] if each["id"] == case)
        customer = next(each for each in self.truth["customers"] if each["id"] == wanted)
        if key is None:
            return False
        got = self.diary.met[self.diary.opened[key].customer_id]
        return not {*got.domains, *got.addresses}.isdisjoint(
            {*customer.get("domains", ()), *customer.get("addresses", ())}
        )


def _directory(scenario: dict[str, object]) -> Directory:
    given = json.loads(json.dumps(scenario))
    return Directory(
        organisation=given["organisation"]["name"],
        domains=frozenset(given["organisation"]["domains"]),
        staff=tuple(Staff(each["id"], each["name"], tuple(each["addresses"])) for each in given["staff"]),
        log_addresses=frozenset(given.get("log_addresses", ())),
    )


def stories(corpora: Path) -> list[Path]:
    """The folders of stories, which lie beside the corpora."""
    return sorted(path.parent for path in (corpora.parent / "exam").glob("*/truth.json"))


def figures(corpora: Path) -> list[Figure]:
    """B-cubed precision and recall of cases, right customers, and mail kept out, over all stories."""
    points: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for folder in stories(corpora):
        for name, mark, _ in Story(folder, _read).marks():
            points[name] += mark  # type: ignore[assignment]  # Counter is typed for whole numbers only
            asked[name] += 1
    goals = {"case precision": 0.97, "case recall": 0.95, "customer": 0.98, "kept out": 0.95}
    return [Figure(name, points[name] / asked[name], asked[name], goals[name]) for name in asked]


def _read(raw: bytes, internaldate: datetime | None) -> Message:
    from ingest.receive import read

    return read(raw, internaldate=internaldate)
