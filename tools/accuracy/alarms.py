"""Who would have heard of what, and when: every story replayed hour by hour over its whole time.

The mails are filed once; then the standings and alarms of each hour are those of the mails that had come by then.

A promise of ours that was still owed at its due moment must have been warned of before (those given less than an hour
before it left out). An alarm is needless where what it speaks of had been settled by then: a promise that the truth
calls kept or that is none, a customer who never came back and to whom we had nothing more to say, an owner who was
called quiet and went on writing within the day.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from notes import rhythm, silence
from notes.alarms import Alarm, AlarmCode
from notes.model import By, Calendar, Direction, Directory, Filed, Held, Kind, Promise, RawMail, Role, Standing, Via
from tools.accuracy import Figure
from tools.accuracy.cases import stories

HOUR = timedelta(hours=1)
WRITTEN = (Kind.MAIL, Kind.FORWARD)
DATED = (AlarmCode.PROMISE_DUE_SOON, AlarmCode.PROMISE_OVERDUE)


@dataclass
class Replay:
    """One story. `told`: alarms by key with the hour in which each was raised first."""

    folder: Path
    told: dict[str, tuple[datetime, Alarm]] = field(default_factory=dict)
    soonest: dict[tuple[str, datetime], datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scenario = json.loads((self.folder / "scenario.json").read_text("utf-8"))
        self.truth = json.loads((self.folder / "truth.json").read_text("utf-8"))
        self.zone: tzinfo = ZoneInfo(self.scenario["timezone"])
        self.now = datetime.fromisoformat(self.scenario["now"])
        self.held, self.mails = _filed(self.folder, self.scenario, self.directory, self.calendar)
        self._standings: dict[tuple[str, int], Standing] = {}
        self._run()

    @cached_property
    def directory(self) -> Directory:
        """Who is who in the story."""
        from tools.accuracy.cases import _directory

        return _directory(self.scenario)

    @cached_property
    def calendar(self) -> Calendar:
        """The story's working time."""
        from datetime import time

        from cli.days_off import DaysOff

        return Calendar(self.zone, time(9), time(18), DaysOff(self.scenario.get("holidays") or "", ()))

    def _run(self) -> None:
        at = min(mail.at for mails in self.mails.values() for mail in mails).replace(minute=0, second=0)
        while at <= self.now:
            for alarm in silence.alarms(self.ledger(at), silence.Limits(), self.calendar, at):
                self.told.setdefault(alarm.key, (at, alarm))
                if alarm.promise and alarm.due:
                    self.soonest.setdefault((alarm.promise.id, alarm.due), at)
            at += HOUR

    def ledger(self, at: datetime) -> silence.Ledger:
        """What the diary held at a moment."""
        held = [then for key in self.held if (then := self._then(key, at))]
        return silence.Ledger(held=held, sent=self._sent(at), answered=self._answered(at))

    def _then(self, key: str, at: datetime) -> Held | None:
        from dataclasses import replace

        until = [mail for mail in self.mails[key] if mail.at <= at]
        if not until:
            return None
        case = replace(self.held[key].case, last_at=until[-1].at)
        return Held(case, self.standing(key, len(until)))

    def standing(self, key: str, count: int) -> Standing:
        """A case's standing after its first `count` mails."""
        from notes.standing import stand

        if (key, count) not in self._standings:
            customer = self.held[key].case.customer
            self._standings[key, count] = stand(
                self.mails[key][:count], (), directory=self.directory, calendar=self.calendar, customer=customer
            )
        return self._standings[key, count]

    def _sent(self, at: datetime) -> dict[str, rhythm.Sent]:
        moments: dict[str, list[datetime]] = {}
        for mail in self.all_mails:
            person = self.directory.staff_at(mail.sender.address)
            if person and mail.at <= at and mail.kind in WRITTEN:
                moments.setdefault(person.id, []).append(mail.at)
        return {who: found for who, all_ in moments.items() if (found := rhythm.sent(all_, self.calendar))}

    @cached_property
    def all_mails(self) -> list[Filed]:
        """The mails of every case, oldest first."""
        return sorted((mail for mails in self.mails.values() for mail in mails), key=lambda mail: mail.at)

    def _answered(self, at: datetime) -> dict[str, float | None]:
        found: dict[str, list[rhythm.Exchange]] = {}
        for key, mails in self.mails.items():
            between = [mail for mail in mails if mail.at <= at and mail.kind in WRITTEN]
            found.setdefault(self.held[key].case.customer.id, []).extend(
                rhythm.Exchange(mail.at, mail.direction) for mail in between
            )
        return {who: rhythm.answer_hours(mails, self.calendar) for who, mails in found.items()}

    # --- marks

    def promises(self) -> Iterator[tuple[str, bool]]:
        """Every promise that was still owed at its due moment, and whether somebody was warned before."""
        for key in self.held:
            for promise, due in self._owed_at_due(key):
                warned = self.soonest.get((promise.id, due))
                yield f"{self.folder.name} {promise.quote} due {due}", warned is not None and warned <= due

    def _owed_at_due(self, key: str) -> Iterator[tuple[Promise, datetime]]:
        final = self.standing(key, len(self.mails[key]))
        dues = {due for one in final.promises for due in (one.due.to, *(move.to for move in one.moves)) if due}
        for due in sorted(due for due in dues if due <= self.now):
            count = sum(mail.at <= due for mail in self.mails[key])
            for one in self.standing(key, count).promises if count else ():
                owed = one.by is By.US and not (one.kept or one.withdrawn or one.rejected)
                given = max([one.made_at, *(move.at for move in one.moves)])
                if owed and one.due_now == due and due - given >= HOUR:
                    yield one, due

    def alarms(self) -> Iterator[tuple[str, bool]]:
        """Every alarm, in words, and whether it was of use."""
        for at, alarm in self.told.values():
            needed = self._dated_needed if alarm.promise or alarm.due else self._wait_needed
            needed = self._quiet_needed if alarm.code is AlarmCode.OWNER_QUIET else needed
            about = f"{alarm.code} {alarm.case or alarm.owner} {dict(alarm.reason.figures)}"
            said = f"{self.folder.name} {at:%m-%d %H:%M} {about}"
            yield f"{said} {alarm.promise.quote if alarm.promise else ''}", needed(at, alarm)

    def _dated_needed(self, at: datetime, alarm: Alarm) -> bool:
        """Whether the truth knows the promise and it was not kept, nor withdrawn, when the alarm was raised."""
        if alarm.promise is None or alarm.code not in DATED:
            return self._wait_needed(at, alarm)
        said = "".join(alarm.promise.quote.split())
        for one in self.truth["promises"]:
            quotes = [one["quote"], *(move.get("quote") or "" for move in one.get("moves", ()))]
            if any(quote and ("".join(quote.split()) in said or said in "".join(quote.split())) for quote in quotes):
                ended = [one.get("kept_at"), self._date(one.get("kept_by")), self._date(one.get("withdrawn_in"))]
                return not any(moment and _moment(moment) <= at for moment in ended)
        return False

    def _date(self, ref: str | None) -> str | None:
        mail = next((mail for mail in self.all_mails if mail.ref == ref), None)
        return mail.at.isoformat() if mail else None

    def _wait_needed(self, at: datetime, alarm: Alarm) -> bool:
        """Whether something came of it later between us and the customer, or the truth says that we still owe it."""
        later = [mail for mail in self.mails[alarm.case or ""] if mail.at > at and mail.kind in WRITTEN]
        refs = {mail.ref for mail in self.mails[alarm.case or ""]}
        true = {one["case"]: one for one in self.truth["ball"]} if isinstance(self.truth["ball"], list) else {}
        theirs = [one["id"] for one in self.truth["cases"] if refs & set(one["messages"])]
        ours = any(true.get(name, {}).get("holder") == "us" for name in theirs) or self._ball_ours(theirs)
        return ours or any(mail.direction in (Direction.IN, Direction.OUT) for mail in later)

    def _ball_ours(self, theirs: list[str]) -> bool:
        balls = self.truth["ball"]
        return isinstance(balls, dict) and any(balls.get(name, {}).get("holder") == "us" for name in theirs)

    def _quiet_needed(self, at: datetime, alarm: Alarm) -> bool:
        """Whether nothing came from the owner for the next working day."""
        writes = (mail.at for mail in self.all_mails if (who := self.directory.staff_at(mail.sender.address))
                  and who.id == alarm.owner and mail.kind in WRITTEN)  # fmt: skip
        return not any(at < moment <= at + 24 * HOUR for moment in writes)

    @property
    def person_weeks(self) -> float:
        """Weeks of the story, times its people."""
        begins = self.all_mails[0].at
        return len(self.directory.staff) * max((self.now - begins) / timedelta(days=7), 1.0)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _filed(
    folder: Path, scenario: dict[str, object], directory: Directory, calendar: Calendar
) -> tuple[dict[str, Held], dict[str, list[Filed]]]:
    """The story's mails filed into a diary that is thrown away, by case."""
    from ingest.context import Context
    from ingest.receive import receive
    from notes.model import Place
    from notes.phrases import load
    from notes.store import cases, mails
    from notes.store.engine import open_store

    given = json.loads(json.dumps(scenario))
    roles = {(box["id"], name): role for box in given["mailboxes"] for name, role in box["folders"].items()}
    rows = json.loads((folder / "index.json").read_text("utf-8"))
    batch = [
        RawMail(
            Place(row["mailbox"], row["folder"], 1, number),
            role := Role(roles[row["mailbox"], row["folder"]]),
            (folder / row["path"]).read_bytes(),
            datetime.fromisoformat(row["internaldate"]),
            Via(role.value),
        )
        for number, row in enumerate(sorted(rows, key=lambda row: datetime.fromisoformat(row["internaldate"])), 1)
    ]
    now = datetime.fromisoformat(given["now"])
    with TemporaryDirectory() as room:
        store = open_store(f"sqlite:///{room}/diary.db", create=True)
        receive(store, batch, Context(directory, calendar, load(), now), None)
        with store.read() as db:
            held = {one.case.key: one for one in cases.held(db)}
            filed = mails.of_cases(db, sorted(held))
        store.close()
    return held, {key: [mail for mail in all_ if mail.at <= now] for key, all_ in filed.items()}


def figures(corpora: Path) -> list[Figure]:
    """Promises warned of before they ran out, alarms of use, needless ones a person and week."""
    counts: Counter[str] = Counter()
    weeks = 0.0
    for folder in stories(corpora):
        replay = Replay(folder)
        weeks += replay.person_weeks
        counts.update("warned" if warned else "unwarned" for _, warned in replay.promises())
        counts.update("needed" if needed else "needless" for _, needed in replay.alarms())
    owed, told = counts["warned"] + counts["unwarned"], counts["needed"] + counts["needless"]
    return [
        Figure("alarms: promises warned of before they were due", counts["warned"] / max(owed, 1), owed, 1.0),
        Figure("alarms: of use", counts["needed"] / max(told, 1), told),
        Figure(
            "alarms: needless a person and week (below 1)", counts["needless"] / max(weeks, 1.0), counts["needless"]
        ),
    ]
