"""Filing: the stations that a stored mail passes on its way into a case, and what follows for the cases it touched.

    thread → customer → case → findings → file → (for every touched case) standing

A thread's unfiled mails are looked at again when the thread comes to a case, so that an answer may be filed before the
mail that it answers.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest import body, forward, parse, signature, study, trusted
from ingest.body.quoting import bare_subject
from ingest.context import Context
from ingest.ledger import Ledger
from ingest.study import Arrival
from ingest.workers import HERE, Begun
from notes import cases, customers, owners, standing, tags
from notes.corrected import settle
from notes.model import (
    Contact,
    Correction,
    Customer,
    Direction,
    Filed,
    Findings,
    Forwarded,
    Joined,
    Message,
    Role,
)
from notes.placing import FOLLOWS
from notes.store import cases as stored_cases
from notes.store import corrections, mails, promises, unfiled, ways
from notes.store.engine import Connection
from notes.store.pending import Waiting
from notes.store.unfiled import Headed

_MOST_PREFIXES = 5
_STOOD_TOGETHER = 120
"""Cases whose standings are begun together: few, for the others begin when they are known, and enough to be parted."""
_VERY_LARGE = 16 * 1024 * 1024
"""Bytes of a mail as it is kept."""

_BY_HEADERS = frozenset({"thread", "address", "domain"})


def read(raw: bytes, *, internaldate: datetime | None = None) -> Message:
    """A mail's bytes as a message with zones, mails inside, and the writer's contact. Raises UnreadableMailError."""
    message = parse.parse(raw, internaldate=internaldate)
    zones = body.divide(message.text, message.subject, message.sender)
    zone = message.date.tzinfo
    inside = forward.unwrap(zones, message.subject, zone=zone, already=message.forwarded) if zone else message.forwarded
    inside = tuple(replace(one, contact=_contact_inside(one)) for one in inside)
    return replace(message, zones=zones, forwarded=inside, contact=signature.read(zones, message.sender))


def _contact_inside(inner: Forwarded) -> Contact | None:
    return signature.read(body.divide(inner.text, inner.subject, inner.sender), inner.sender)


def stand_again(db: Connection, keys: Iterable[str], context: Context) -> None:
    """Works out and stores what follows from the mails and corrections of these cases, some at a time: others work on
    the next ones while these are written."""
    every, begun, refused = list(keys), None, promises.refused(db)
    for start in range(0, len(every), _STOOD_TOGETHER):
        ahead = _begin_stands(db, every[start : start + _STOOD_TOGETHER], refused, context)
        _finish_stands(db, begun)
        begun = ahead
    _finish_stands(db, begun)


def _begin_stands(
    db: Connection, keys: Sequence[str], refused: Sequence[Correction], context: Context
) -> "_BegunStands":
    of_cases = {key: filed for key, filed in mails.of_cases(db, keys).items() if filed}
    targets = {key: {key, *_promise_ids(filed)} for key, filed in of_cases.items()}
    decided = corrections.of(db, frozenset[str]().union(*targets.values()))
    known = stored_cases.customers_of(db, of_cases)
    matters = [
        _Matter(key, filed, (*(one for one in decided if one.target in targets[key]), *refused), known.get(key))
        for key, filed in of_cases.items()
    ]
    return _BegunStands(keys, matters, context.workers.begin(_stand, context, matters))


def _finish_stands(db: Connection, begun: "_BegunStands | None") -> None:
    if begun:
        stored_cases.put_standings(db, [begun.stands.of(matter) for matter in begun.matters])
        stored_cases.up_to_date(db, begun.keys)


@dataclass(frozen=True, slots=True, eq=False)
class _Matter:
    """A case with all that its standing follows from."""

    key: str
    filed: Sequence[Filed]
    decided: Sequence[Correction]
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class _BegunStands:
    """Standings that are being worked out of the cases of these keys, as far as they have mails."""

    keys: Sequence[str]
    matters: Sequence[_Matter]
    stands: Begun[_Matter, stored_cases.Stand]


def _promise_ids(filed: Iterable[Filed]) -> set[str]:
    return {standing.promise_id(mail.ref, found.quote) for mail in filed for found in mail.findings.promises}


def _stand(context: Context, matter: _Matter) -> stored_cases.Stand:
    directory, calendar, phrases = context.directory, context.calendar, context.phrases
    key, filed, decided, customer = matter.key, matter.filed, matter.decided, matter.customer
    stands = standing.stand(filed, decided, directory=directory, calendar=calendar, customer=customer, phrases=phrases)
    said = settle(key, decided, stands.wanted_at)
    owner = said.owner or owners.owner_of(filed, directory, customer) or owners.mailbox_owner(filed, directory)
    at = (filed[0].at, filed[-1].at)
    return stored_cases.Stand(key, stands, owner, *at, len(filed), said.title, said.closed_at)


@dataclass
class Filer:
    """Files the mails of one batch, one after the other, and notes which it filed and which cases it touched.

    `tagged`: refs of filed mails that may tell the diary something by tags (`notes.tags`), each with whether it is
    proven (`trusted.proven`): what decides something must be.
    """

    db: Connection
    context: Context
    ledger: Ledger
    touched: set[str] = field(default_factory=set)
    filed: set[int] = field(default_factory=set)
    tagged: dict[str, bool] = field(default_factory=dict)

    def file(self, arrival: Arrival) -> None:
        """Thread, customer, case, findings; then the mails of the thread that waited for a case.

        What is not believed is kept aside, in a thread of its own: it ties nothing together.
        """
        doubt = self._doubt(arrival)
        if doubt:
            self._keep_aside(arrival, doubt)
            return
        thread, settled = self._thread(arrival.message)
        filing = self._file(arrival, thread)
        # What only followed a mail that a person put somewhere says nothing of the thread's case.
        ruled = None if filing.joined.rule == FOLLOWS else self.ledger.ruled(arrival.message.ref, filing.case)
        if ruled and not self.ledger.cases_of([thread]):
            self.ledger.put_in_case(thread, ruled)
        if filing.case and not settled:
            self._file_waiting(thread)

    def _doubt(self, arrival: Arrival) -> str:
        """Why a mail to the log is not believed; a person who puts it somewhere believes it."""
        message, directory = arrival.message, self.context.directory
        logged = arrival.role is Role.LOG or trusted.to_log(message, directory)
        if not logged or self.ledger.put_by_hand(message.ref):
            return ""
        if arrival.headed:
            return arrival.headed.reason if arrival.headed.reason in trusted.DOUBTS else ""
        return trusted.doubt(message, *self._seen(arrival), directory, self.context.authserv_id)

    def _proven(self, arrival: Arrival) -> bool:
        """Whether it is by whom it says."""
        message, context = arrival.message, self.context
        return trusted.proven(message, *self._seen(arrival), context.directory, context.authserv_id)

    def _seen(self, arrival: Arrival) -> tuple[bytes, list[trusted.Way]]:
        """The mail's bytes, and the ways by which it came."""
        raw = mails.raw(self.db, arrival.message.ref) or b""
        return raw, [trusted.Way(*way) for way in ways.of(self.db, arrival.id)]

    def _keep_aside(self, arrival: Arrival, reason: str) -> None:
        direction = customers.direction(arrival.message, self.context.directory)
        kind, thread = arrival.message.kind, self.ledger.open_thread()
        filing = mails.Filing(arrival.id, thread, None, kind, direction, Findings(), Joined("", 0.0), reason)
        self.ledger.file(filing, arrival.message.ref)
        self.filed.add(arrival.id)

    def _thread(self, message: Message) -> tuple[int, bool]:
        """The mail's thread, and whether none of it waits for a case. Threads that it ties together become one."""
        placement, ids = self.ledger.place(message)
        if placement.thread is None:
            thread = self.ledger.open_thread()
            self.ledger.tie(ids, thread)
            return thread, True
        thread = placement.thread
        if placement.merge:
            self.touched |= self.ledger.merge_threads(thread, placement.merge)
        settled = not placement.merge and bool(self.ledger.cases_of([thread]))
        self.ledger.tie(ids, thread)
        return thread, settled

    def _file(self, arrival: Arrival, thread: int) -> mails.Filing:
        message, directory = arrival.message, self.context.directory
        near = self.ledger.case_beside(message, thread)
        beside = self.ledger.customer_of(near) if near else None
        decision = customers.decide(message, directory, self.ledger.known(message), thread=beside)
        if arrival.headed:
            decision = _by_headers(decision, arrival.headed)
        astray = not (beside and decision.customer and decision.customer.id == beside.id)
        key = put = None if decision.rule == "ignored" else self.ledger.put_by_hand(message.ref)
        if put:
            joined = Joined("", 0.0)
            self._add_to_case(put, message, decision, arrival.studied.traits, "person")
        else:
            key, joined = self._case(arrival, decision, None if astray else near)
        kind, direction = arrival.studied.kind, arrival.studied.direction
        found = self._findings(arrival) if key else Findings()
        reason = "" if key and not arrival.headed else decision.reason
        filing = mails.Filing(arrival.id, thread, key, kind, direction, found, joined, reason, by_hand=bool(put))
        self.ledger.file(filing, message.ref)
        self.filed.add(arrival.id)
        if key:
            self.touched.add(key)
            if self._tells(arrival):
                self.tagged[message.ref] = bool(put) or self._proven(arrival)  # who puts it somewhere vouches for it
        return filing

    def _tells(self, arrival: Arrival) -> bool:
        message, context = arrival.message, self.context
        may = trusted.may_tag(message, arrival.role, context.directory)
        return may and bool(tags.read(message.new_text, context.phrases))

    def believes(self, arrival: Arrival) -> bool:
        """Whether what a mail tells by tags counts, that was filed before and now came by another way."""
        return self._tells(arrival) and self._proven(arrival)

    def complete(self, arrival: Arrival, key: str) -> None:
        """Reads a mail that was in a case by its headers, and is whole again: it stays there."""
        self.ledger.flush()
        studied = arrival.studied
        mails.complete(self.db, arrival.id, studied.kind, studied.direction, self._findings(arrival))
        self.touched.add(key)

    def _case(
        self, arrival: Arrival, decision: customers.CustomerDecision, near: str | None
    ) -> tuple[str | None, Joined]:
        """The case's key and why; a case is opened for a customer's mail that belongs to none."""
        if decision.customer is None and not decision.asks:
            return None, Joined("", 0.0)
        message, directory = arrival.message, self.context.directory
        traits = self.ledger.addressed(arrival.studied.traits)
        candidates, borne = self._candidates(message, traits, decision, near)
        choice = cases.choose(
            message, decision, candidates, directory=directory, thread=near, found=traits, borne=borne
        )
        key = choice.key
        if key is None and decision.customer:
            customer = self.ledger.store_customer(decision.customer, new=decision.new)
            decision = replace(decision, customer=customer)
            key = self.ledger.open_case(customer, _title(message), message)
        if key:
            self._add_to_case(key, message, decision, traits, choice.rule)
        doubtful = choice.doubtful or decision.doubtful
        second = choice.runner_up or "", choice.runner_up_score
        return key, Joined(choice.rule, choice.score, second[0], doubtful, decision.rule, decision.score, second[1])

    def _add_to_case(
        self,
        key: str,
        message: Message,
        decision: customers.CustomerDecision,
        traits: frozenset[cases.Trait],
        rule: str,
    ) -> None:
        self.ledger.add_to_case(key, traits, message.date)
        self._learn(message, decision, key, rule)

    def _candidates(
        self, message: Message, traits: frozenset[cases.Trait], decision: customers.CustomerDecision, near: str | None
    ) -> tuple[list[cases.Candidate], Counter[cases.Trait]]:
        """The cases that a mail may belong to, and how many cases bear what it has, where that was counted."""
        written = [value for kind, value in traits if kind == "key"]
        is_open = cases.is_open(message, near)
        found = {one.key: one for one in self.ledger.cases([*written, *([near] if near and is_open else [])])}
        borne: Counter[cases.Trait] = Counter()
        for customer in decision.asks if is_open else ():
            alike, counted = self.ledger.candidates(cases.lookups(message, traits, customer), customer, traits)
            found |= {one.key: one for one in alike}
            borne |= Counter(counted)
        return self.ledger.united(list(found.values()), traits, [*written, *([near] if near else [])]), borne

    def _learn(self, message: Message, decision: customers.CustomerDecision, key: str, rule: str) -> None:
        """What the mail tells of its customer from now on, if it went to a case of that customer's.

        A stranger's mail that went there by `rule` may be its, too: that is for a person to say.
        """
        customer, directory = self.ledger.customer_of(key), self.context.directory
        own = decision.customer is not None and decision.customer.id == customer.id
        guest = None if own and decision.rule == "new" else customers.guest(message, customer, directory)
        if guest and not decision.doubtful:
            self.ledger.suggest(customer, guest, decision.rule if own else rule)
        if not own:
            return
        known_by = "names" if decision.doubtful else "new" if decision.new else "domain"
        self.ledger.learn(customer, customers.lessons(message, decision, directory), known_by, message)
        name = customers.better_name(customer, message, directory)
        if name and all(customer.id != configured.id for configured in directory.customers):
            self.ledger.rename(self.ledger.customer_of(key), name, message)

    def _findings(self, arrival: Arrival) -> Findings:
        """What it says; a mail inside it that the diary holds speaks for itself."""
        studied = arrival.studied
        inside = zip(arrival.message.forwarded, studied.inside, strict=False)
        unheld = (said for inner, said in inside if not mails.holds(self.db, inner.sender, inner.date))
        return study.together([studied.said, *unheld])

    def _file_waiting(self, thread: int) -> None:
        """Looks at a thread's unfiled mails again now that it has a case."""
        for waiting in self.ledger.waiting(thread):
            for arrival in arrivals(self.db, [waiting], self.context):
                self.ledger.ask([arrival])
                self._file(arrival, thread)


def arrivals(
    db: Connection, waiting: Sequence[Waiting], context: Context, begun: Begun[Waiting, Arrival] | None = None
) -> list[Arrival]:
    """Stored mails, read again from their bytes (some of that is `begun`; what is not at hand is fetched now), or by
    headers where only these are kept."""
    headed = unfiled.headed(db, [one.id for one in waiting if one.packed is None])
    read_again = begun or HERE.begin(again, context, ())
    found = []
    for one in waiting:
        if one.packed is not None:
            found.append(read_again.of(one))
        elif one.id in headed:
            found.append(_headed(one, headed[one.id], context))
        elif raw := _fetched(db, one, context):
            found.append(_again(context, one, raw))
    return found


def _fetched(db: Connection, waiting: Waiting, context: Context) -> bytes | None:
    """The bytes of a mail that were not at hand. While a very large one is read, no other process takes memory."""
    if waiting.size > _VERY_LARGE:
        context.workers.rest()
    return mails.raw(db, waiting.ref)


def again(context: Context, waiting: Waiting) -> Arrival:
    """A stored mail, read again from its bytes, which must be at hand."""
    return _again(context, waiting, waiting.raw)


def _again(context: Context, waiting: Waiting, raw: bytes) -> Arrival:
    return arrive(context, waiting.id, replace(read(raw), ref=waiting.ref, date=waiting.at), waiting.role)


def arrive(context: Context, number: int, message: Message, role: Role) -> Arrival:
    """A stored mail of this row, with what it tells by itself."""
    studied = study.study(message, role, context.directory, context.calendar, context.phrases)
    return Arrival(number, message, role, studied)


def _headed(waiting: Waiting, headed: Headed, context: Context) -> Arrival:
    studied = study.by_headers(headed.message, headed.direction, context.directory)
    return Arrival(waiting.id, headed.message, waiting.role, studied, headed)


def _by_headers(decision: customers.CustomerDecision, headed: Headed) -> customers.CustomerDecision:
    """What may be decided about a mail whose text is gone: that it is left out, or that it belongs to the matter of its
    thread or to the customer who has its address. Else it stays as it was decided when it was whole."""
    left_out = decision.rule == "ignored" or (headed.reason == "ignored" and headed.direction is not Direction.IN)
    if decision.customer and decision.rule in _BY_HEADERS and not left_out:
        return replace(decision, reason=headed.reason)
    if left_out:
        return customers.CustomerDecision(None, reason="ignored", rule="ignored", score=1.0)
    return customers.CustomerDecision(None, reason=headed.reason, rule="headers", score=1.0)


def bare(subject: str) -> str:
    """A subject without its marks of answering and forwarding."""
    for _ in range(_MOST_PREFIXES):
        subject = bare_subject(subject)
    return subject


def _title(message: Message) -> str:
    """A bare subject; that of the mail inside where there is one and the outer says less."""
    inside = next((inner.subject for inner in message.forwarded if inner.subject), message.subject)
    return bare(message.subject) or inside
