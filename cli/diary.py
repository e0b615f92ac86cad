"""The diary read for a face: the one place where stored standings and `--at` ("as things stood then") come together.

Without `--at` a list is what the store keeps. With it, mails and corrections after that moment are left out, and what
they changed is reckoned again.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from cli.desk import Desk
from notes import between, doubts, people
from notes.absence import Absence, covered_by, standin_of
from notes.doubts import NotKnown
from notes.model import (
    CaseState,
    Correction,
    Customer,
    Direction,
    Directory,
    Filed,
    Held,
    Hint,
    Kind,
    Promise,
    Standing,
    Unfiled,
    Via,
)
from notes.placing import listed
from notes.stands import state_of
from notes.store import absences, cases, corrections, hints, homes, mails, places, promises, unfiled

if TYPE_CHECKING:
    from notes.handover import Overview, Row
    from notes.model import Owned
    from notes.store.engine import Connection
    from notes.timeline import Page


Reply = tuple[str, datetime, str]
"""An automatic mail of ours: its writer's address, moment and new text."""

PLACING = ("case-merge", "case-split", "case-move")
"""Corrections that change which mails a case shows."""


@contextmanager
def open_diary(desk: Desk, at: str | None = None) -> Iterator["Diary"]:
    """A reading of the diary as of `at` or now. Raises `UsageError`, `DatabaseError`, `DatabaseVersionError`."""
    now = desk.now(at)
    store = desk.store()
    try:
        with store.read() as db:
            yield Diary(db, desk, now, past=at is not None)
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, and the words of the promise it is about (empty when it is about something else)."""

    made: Correction
    quote: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page of a case is printed from: the page, people's decisions, other open cases' titles by key."""

    page: "Page"
    decisions: tuple[Decision, ...]
    titles: Mapping[str, str]


@dataclass(frozen=True)
class Diary:
    """The diary at `now`; `past` when that was asked for with `--at`."""

    db: "Connection"
    desk: Desk
    now: datetime
    past: bool

    def held(self, *, customer: str | None = None, owner: str | None = None, active: bool = False) -> list[Held]:
        """Cases with their standings, by key; of a customer id, and of an owner or stand-in when given.

        `active`: those in which nobody must act and nothing is owed may be left out.
        """
        if not self.past and not self._outdated:
            asked = [None] if owner is None else [owner, *covered_by(owner, self.absences, self.now)]
            found = [one for who in asked for one in cases.held(self.db, customer=customer, owner=who, active=active)]
            return [self._stood_in(one) for one in sorted(found, key=lambda one: one.case.key)]
        then = [self._stood_in(one) for one in self._as_of(cases.held(self.db, customer=customer), self._outdated)]
        return [one for one in then if owner is None or owner in (one.case.owner, one.case.standin)]

    @cached_property
    def absences(self) -> tuple[Absence, ...]:
        """The absences declared, as known at `now`."""
        return absences.declared(self.db, self.now if self.past else None)

    @cached_property
    def _outdated(self) -> frozenset[str]:
        """The cases to which mails came since their standing was stored."""
        return frozenset(cases.outdated(self.db))

    def standin(self, owner: str | None) -> str | None:
        """Who stands in for an owner now."""
        return standin_of(owner, self.absences, self.now)

    def offered(self, owner: str | None, replies: Sequence[Reply]) -> "Iterator[NotKnown]":
        """That an owner may be away, by their own automatic replies, and the command that declares it."""
        if not replies:
            return
        from cli.next_step import next_command
        from cli.typed import line
        from ingest import heed
        from notes import silence

        offers = heed.offers(replies, self.desk.directory, self.desk.calendar, self.now)
        for alarm in silence.offered([one for one in offers if one.owner == owner], self.absences):
            command = line("kawari", *next_command(alarm, self.desk.directory))
            yield NotKnown("absence-offered", command)

    def may_be_away(self, owner: str) -> "list[NotKnown]":
        """The same by all of their automatic replies of the last weeks."""
        from notes.store import rhythms

        return list(self.offered(owner, rhythms.own_replies(self.db, self.now)))

    def _stood_in(self, one: Held) -> Held:
        """A case with who stands in for its owner now."""
        standin = self.standin(one.case.owner)
        return replace(one, case=replace(one.case, standin=standin)) if standin != one.case.standin else one

    def sheet(self, key: str) -> Sheet:
        """The page of a case. Raises `NotFoundError`, also for a case that began later."""
        from notes import timeline

        held = self._held(cases.living(self.db, key))
        case = held.case
        same_customer = self.held(customer=case.customer.id, active=True)
        others = {
            one.case.key: one.case.title for one in same_customer if one.case.key != case.key and self._is_open(one)
        }
        filed, decided = self._until_now(mails.of_cases(self.db, [case.key])[case.key]), self._decided(held)
        settled = homes.pinned(self.db)
        offered = self.offered(held.case.owner, _replies(filed))
        page = timeline.page(
            held,
            filed,
            owners=self._owners(held, filed, decided),
            also_open=list(others),
            not_known=[*_gaps(places.gaps(self.db)), *offered, *self._unproven(filed, settled)],
            directory=self.desk.directory,
            calendar=self.desk.calendar,
            now=self.now,
            settled=settled,
            hints=self._hints([case.customer.id])[case.customer.id],
        )
        return Sheet(page, decided, others)

    def _unproven(self, filed: Sequence[Filed], settled: Container[str]) -> "Iterator[NotKnown]":
        """Mails in the polled log of which only From says by whom they are, where no server vouches for that."""
        logged = [one.ref for one in filed if one.via is Via.LOG and one.ref not in settled]
        if not logged or self.desk.settings.log.authserv_id:
            return
        from notes.store import ways

        yield from (NotKnown("sender-unproven", ref) for ref in ways.unproven(self.db, logged))

    def standing(self, key: str) -> Standing:
        """A case's standing as of `now`. Raises `NotFoundError`, also for a case that began later."""
        return self._held(key).standing

    def _held(self, key: str) -> Held:
        """One case with its standing. Raises `NotFoundError`."""
        found = cases.of_keys(self.db, [key])
        outdated = self._outdated & {key}
        then = self._as_of(found, outdated) if self.past or outdated else found
        if not then:
            from notes.errors import NotFoundError

            raise NotFoundError("case-not-found", words=key, candidates="")
        return self._stood_in(then[0])

    def _owners(self, held: Held, filed: Sequence[Filed], decided: Iterable[Decision]) -> "tuple[Owned, ...]":
        """Who looked after a case, one after the other."""
        from notes.owners import assigned, owners

        found = owners(filed, self.desk.directory, held.case.customer)
        return assigned(found, (one.made for one in decided), held.case.key)

    def _decided(self, held: Held) -> tuple[Decision, ...]:
        quotes = {promise.id: promise.quote for promise in held.standing.promises}
        until, key = self.now if self.past else None, held.case.key
        made = {one.id: one for one in corrections.of(self.db, [key, *quotes], until)}
        made |= {one.id: one for one in corrections.of_kinds(self.db, PLACING, until) if _is_about(one, key)}
        return tuple(Decision(made[number], quotes.get(made[number].target, "")) for number in sorted(made))

    def overview(self, owner: str, *, counted: bool = False) -> "tuple[Overview, dict[str, int]]":
        """The handover of a staff id, and the numbers that its cases' pages give to their mails.

        `counted`: its coverage says of each folder how many mails it has.
        """
        from notes import handover

        held = self.held(owner=owner, active=True)
        standin = self.standin(owner)
        coverage = places.coverage(self.db, counted=counted)
        calendar = self.desk.calendar
        bare = handover.overview(owner, held, {}, coverage, standin=standin, calendar=calendar, now=self.now)
        customers = {row.case.key: row.case.customer for row in bare.rows}
        filed = {
            key: self._until_now(all_)
            for key, all_ in mails.of_cases(self.db, sorted(customers), findings=False).items()
        }
        in_order = {key: sorted(until, key=lambda mail: (mail.at, mail.ref)) for key, until in filed.items()}
        numbers = {mail.ref: n for until in in_order.values() for n, mail in enumerate(until, 1)}
        said = self._hints({one.id for one in customers.values()})
        spoken = {key: _spoken(in_order[key], customers[key], self.desk.directory) for key in customers}
        rows = tuple(
            replace(spoken[key](row), hints=said[row.case.customer.id]) for row in bare.rows for key in [row.case.key]
        )
        return replace(bare, rows=rows, doubts=self._doubts(rows, in_order)), numbers

    def _doubts(self, rows: "Iterable[Row]", filed: Mapping[str, Sequence[Filed]]) -> Mapping[str, int]:
        """How many mails of the rows' cases are in doubt, by code."""
        settled, directory = homes.pinned(self.db), self.desk.directory
        cases = {row.case.key: row.case for row in rows}
        found = Counter(
            one.code for key, case in cases.items() for one in doubts.doubts(filed[key], case, directory, settled)
        )
        found.update("second-hand" for mails in filed.values() for mail in mails if doubts.second_hand(mail))
        return found

    def overviews(self, *, counted: bool = False) -> "list[Overview]":
        """The handovers of everybody who holds a case, the staff of the settings first, then cases of nobody's."""
        from notes import handover

        held = self.held(active=True)
        staff = [person.id for person in self.desk.directory.staff]
        others = sorted({one.case.owner for one in held if one.case.owner} - set(staff))
        coverage, calendar = places.coverage(self.db, counted=counted), self.desk.calendar
        found = []
        for owner in (*staff, *others, None):
            theirs = [one for one in held if one.case.owner == owner]
            made = handover.overview(
                owner or "", theirs, {}, coverage, standin=self.standin(owner), calendar=calendar, now=self.now
            )
            found += [made] if made.rows else []
        return found

    def promises(
        self, *, case: str | None, owner: str | None, by: str | None, every: bool
    ) -> list[tuple[str, Promise]]:
        """Case key and promise, those due first in front; without `every` only those still owed and not rejected."""
        found = [
            (held.case.key, promise)
            for held in self.held(owner=owner)
            for promise in held.standing.promises
            if case in (None, held.case.key) and by in (None, promise.by)
            if every or promise.is_open
        ]
        return sorted(found, key=lambda one: (one[1].due_now is None, one[1].due_now or one[1].made_at, one[1].id))

    def unfiled(self, limit: int | None) -> list[Unfiled]:
        """Mail that belongs to no customer, newest first."""
        found = unfiled.listed(self.db, None if self.past else limit)
        return [one for one in found if not self.past or one.at <= self.now][:limit]

    def _hints(self, customers: Iterable[str]) -> "Mapping[str, tuple[Hint, ...]]":
        return hints.of_customers(self.db, customers, self.now if self.past else None)

    def _is_open(self, held: Held) -> bool:
        return state_of(held, self.now) in (CaseState.OPEN, CaseState.WAITING)

    def _until_now(self, filed: Sequence[Filed]) -> list[Filed]:
        return [mail for mail in filed if not self.past or mail.at <= self.now]

    def _as_of(self, held: Sequence[Held], outdated: Iterable[str]) -> list[Held]:
        """Standings at `now`: what something later touched is reckoned again, cases that began later are left out.

        So are those `outdated` cases to which mails came since their standing was stored: a first reading may go on.
        """
        decided, since = self._decisions(held, self.now), self._decisions(held, None)
        touched = {one.case.key for one in held if self.past and one.case.last_at > self.now}
        touched |= {one.case.key for one in held} & set(outdated)
        touched |= {key for key in decided.keys() | since.keys() if decided.get(key) != since.get(key)}
        filed = mails.of_cases(self.db, sorted(touched))
        titles = cases.ruled_titles(self.db, sorted(touched))
        refused = promises.refused(self.db, self.now) if touched else []
        return [
            then
            for one in held
            if not self.past or one.case.opened_at <= self.now
            for key in [one.case.key]
            for made in [(*decided.get(key, []), *refused)]
            for then in [self._again(one, filed[key], made, titles[key]) if key in touched else one]
            if then is not None
        ]

    def _decisions(self, held: Sequence[Held], until: datetime | None) -> dict[str, list[Correction]]:
        """What people decided about each case and its promises, as in force at a moment, or now."""
        case_of = {promise.id: one.case.key for one in held for promise in one.standing.promises}
        case_of |= {one.case.key: one.case.key for one in held}
        found: dict[str, list[Correction]] = {}
        for correction in corrections.of(self.db, case_of, until):
            found.setdefault(case_of[correction.target], []).append(correction)
        return found

    def _again(self, one: Held, filed: Sequence[Filed], made: Sequence[Correction], title: str) -> Held | None:
        from notes.corrected import settle
        from notes.owners import mailbox_owner, owner_of
        from notes.standing import stand

        until = self._until_now(filed)
        if not until:
            return None
        directory, calendar, phrases = self.desk.directory, self.desk.calendar, self.desk.phrases
        customer = one.case.customer
        standing = stand(until, made, directory=directory, calendar=calendar, customer=customer, phrases=phrases)
        said = settle(one.case.key, made, standing.wanted_at)
        owner = said.owner or owner_of(until, directory, one.case.customer) or mailbox_owner(until, directory)
        case = replace(
            one.case,
            last_at=max(mail.at for mail in until),
            messages=len(until),
            owner=owner,
            title=said.title or title,
            closed_at=said.closed_at,
        )
        return Held(case, standing)


def _spoken(mails: Sequence[Filed], customer: Customer, directory: Directory) -> "Callable[[Row], Row]":
    """Puts into a handover's row what a case's mails say of its people and of the last words between them and us."""
    who = people.people(mails, customer, directory)
    others = between.strangers(who)
    contact, reach = people.contact(mails, who)
    heard, said = (between.last(mails, one, others) for one in (Direction.IN, Direction.OUT))
    returned, wish = between.returned(mails), between.wish(mails, others)
    memos = {mail.ref: mail for mail in mails if mail.kind in between.TALKS}

    def told(row: "Row") -> str:
        memo = memos.get(row.promise.made_in) if row.promise else None
        named = between.addressee(memo, who) if memo else None
        return named.name if named else customer.name if memo else ""

    def filled(row: "Row") -> "Row":
        return replace(
            row,
            contact=contact,
            reach=reach,
            last_in=heard.at if heard else None,
            last_out=said.at if said else None,
            told=told(row),
            returned=returned,
            wish=wish,
        )

    return filled


def _replies(filed: Sequence[Filed]) -> list[Reply]:
    """The automatic mails of ours among a case's."""
    ours = (Direction.OUT, Direction.INTERNAL)
    found = (mail for mail in filed if mail.kind is Kind.AUTO and mail.direction in ours)
    return [(mail.sender.address, mail.at, mail.new_text) for mail in found]


def _is_about(made: Correction, key: str) -> bool:
    """Whether a correction about cases is one about this case: what it was told, gave, or was given."""
    named = (made.value.get("into"), made.value.get("to"), *listed(made, "from"))
    return made.target == key or key in named


def _gaps(found: Iterable[tuple[str, str, str | None, int]]) -> Iterator[NotKnown]:
    """What the reading itself left open."""
    for mailbox, folder, error, unreadable in found:
        if error:
            yield NotKnown("folder-unread", f"{mailbox}/{folder}: {error}")
        if unreadable:
            yield NotKnown("mails-unreadable", f"{mailbox}/{folder}: {unreadable}")
