"""What the diary holds about the mails of a batch: asked once for all of them, and kept up while they are filed.

A mail would otherwise cost some twenty questions to the database, and most of the time would go by in asking.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ingest.study import Arrival
from notes import customers, placing, threads
from notes.candidates import Candidate
from notes.customers import Keys, Known
from notes.known import company_domain, parties_of
from notes.model import Customer, Directory, Message
from notes.profiles import Profile, Trait
from notes.store import cases as stored_cases
from notes.store import customers as stored_customers
from notes.store import homes, mails, pending, postings, rereading
from notes.store import threads as stored_threads
from notes.store import traits as stored_traits
from notes.store.engine import Connection

_THREADS_AT_ONCE = 20


class Ledger:
    """The threads, cases and customers of a batch. `flush` writes what was put off, and so do reads and merges.

    Cases are named by the keys under which mails are at home, whichever case shows them (`notes.placing`).
    `rereading`: the diary is filed anew, and cases and customers keep their keys.
    """

    def __init__(self, db: Connection, directory: Directory, arrived: Sequence[Arrival]) -> None:
        self._db = db
        self._directory = directory
        self.rereading = rereading.under_way(db)
        self._keys: dict[str, Keys] = {}
        self._thread_of: dict[str, int] = {}
        self._case_of_mail: dict[str, str] = {}
        self._case_of_thread: dict[int, str] = {}
        self._put: dict[str, str] = {}
        self._learned: list[stored_customers.Learned] = []
        self._told: set[tuple[str, ...]] = set()
        self._shown: dict[str, str] = {}
        self._bearers: dict[stored_customers.Row, tuple[str, ...]] = {}
        self._refusals = stored_customers.refused(db)
        self._customers: dict[str, Customer] = {}
        self._stays: dict[str, str] = {}
        self._members: dict[str, list[str]] = {}
        self._customer_of_case: dict[str, str] = {}
        self._candidates: dict[str, Candidate] = {}
        self._lately: dict[str, dict[str, datetime]] = {}
        self._traits: dict[str, set[Trait]] = {}
        self._bearing_cases: dict[Trait, list[str]] = {}
        self._links: dict[str, int] = {}
        self._put_threads: dict[int, str] = {}
        self._unused: list[int] = []
        self._filings: list[mails.Filing] = []
        self.ask(arrived)

    def ask(self, arrived: Iterable[Arrival]) -> None:
        """Everything stored under the ids and keys of these mails; what this batch has changed stays as it is."""
        new = {one.message.ref: one for one in arrived if one.message.ref not in self._keys}
        ids = dict.fromkeys(name for one in new.values() for name in threads.ids(one.message))
        self._thread_of = stored_threads.by_reference(self._db, ids) | self._thread_of
        found = homes.of(self._db, ids)
        self._put |= {ref: found[ref] for ref in new if ref in found}
        self._case_of_mail = found | self._case_of_mail
        held = new.keys() | self._case_of_mail.keys()
        self._keys |= {ref: self._keys_of(one, held) for ref, one in new.items()}
        asked = set(self._thread_of.values()) - self._case_of_thread.keys()
        cases = stored_threads.case_of(self._db, asked)
        alive = homes.homes(self._db, cases.values())
        self._case_of_thread |= {thread: alive[key] for thread, key in cases.items()}
        self._write_keys()
        every = Keys(
            frozenset().union(*(self._keys[ref].addresses for ref in new)),
            frozenset().union(*(self._keys[ref].domains for ref in new)),
            frozenset().union(*(self._keys[ref].names for ref in new)),
            frozenset().union(*(self._keys[ref].suggested for ref in new)),
        )
        self._bearers = stored_customers.bearers(self._db, every, self._refusals) | self._bearers
        self._meet_bearers()
        self._host({*self._case_of_mail.values(), *self._case_of_thread.values()})

    # --- threads

    def place(self, message: Message) -> tuple[threads.Placement, tuple[str, ...]]:
        """Where a mail belongs, and the ids that it ties together."""
        ids = threads.ids(message)
        return threads.place(ids, {name: self._thread_of[name] for name in ids if name in self._thread_of}), ids

    def open_thread(self) -> int:
        """A new thread."""
        if not self._unused:
            self._unused = stored_threads.create_some(self._db, _THREADS_AT_ONCE)
        return self._unused.pop(0)

    def tie(self, ids: Iterable[str], thread: int) -> None:
        """Ties ids to a thread."""
        self._links |= {name: thread for name in ids if self._thread_of.get(name) != thread}
        self._thread_of |= dict.fromkeys(ids, thread)

    def merge_threads(self, into: int, others: Sequence[int]) -> frozenset[str]:
        """Makes threads one, and says which cases that touches.

        The case of the thread with the oldest mail stays. Mails of the other threads in other cases wait to be filed
        anew, as if all had arrived in order, but for what people put in order; a case left without mails goes on as a
        name for the one that stays.
        """
        self.flush()
        every = (into, *others)
        cases = self.cases_of(every)
        begun = mails.begun(self._db, cases)
        stays = cases[min(cases, key=lambda thread: (begun[thread], thread))] if cases else None
        fixed = homes.fixed(self._db) if len(set(cases.values())) > 1 else homes.NOTHING_FIXED
        for thread, key in cases.items():
            if stays and key != stays and key not in fixed.cases:
                self._unfile(thread, key, fixed.mails)
        stored_threads.merge(self._db, into, others)
        self._thread_of |= {name: into for name, thread in self._thread_of.items() if thread in others}
        for thread in others:  # its number may be given out again
            self._case_of_thread.pop(thread, None)
        if stays:
            self.put_in_case(into, stays)
            self._merge_empty(stays, set(cases.values()) - {stays} - fixed.cases)
        return frozenset(cases.values())

    def _unfile(self, thread: int, key: str, but: Container[str]) -> None:
        for ref in homes.unfile(self._db, thread, key, but):
            self._case_of_mail.pop(ref, None)

    def _merge_empty(self, into: str, others: Iterable[str]) -> None:
        empty = [key for key in sorted(others) if homes.is_empty(self._db, key)]
        stored_cases.merge(self._db, into, empty)
        for key in (into, *empty) if empty else ():
            self._candidates.pop(key, None)
            self._shown.clear()
        self._case_of_thread |= {thread: into for thread, key in self._case_of_thread.items() if key in empty}

    def cases_of(self, threads_: Iterable[int]) -> dict[int, str]:
        """The case of each thread that has one."""
        return {thread: self._case_of_thread[thread] for thread in threads_ if thread in self._case_of_thread}

    def put_in_case(self, thread: int, key: str) -> None:
        """Says which case a thread's mails go to when nothing nearer decides."""
        self._case_of_thread[thread] = key
        self._put_threads[thread] = key

    # --- customers

    def known(self, message: Message) -> Known:
        """The customers known under a mail's keys."""
        asked = self._asked(message)
        return Known(
            {value: found[0] for value in asked.addresses if (found := self._bearing(("address", value)))},
            {value: found[0] for value in asked.domains if (found := self._bearing(("domain", value)))},
            {name: found for name in asked.names if (found := self._bearing(name))},
            {value: found[0] for value in asked.suggested if len(found := self._bearing(("suggested", value))) == 1},
            {value: refused for value in asked.addresses if (refused := self._refusals.customers(value))},
        )

    def _keys_of(self, one: Arrival, held: Container[str]) -> Keys:
        """What to ask for a mail: all, where it answers others and none of them is held."""
        above = threads.ancestors(one.message)
        lost = above and not any(name in held for name in above)
        return customers.keys(one.message, self._directory) if lost else one.studied.keys

    def _asked(self, message: Message) -> Keys:
        """A mail's keys; the rest of them is asked for now where what it answers came with it, and came to no case."""
        asked = self._keys[message.ref]
        if asked.names or not threads.ancestors(message) or threads.nearest(message, self._case_of_mail):
            return asked
        self._keys[message.ref] = asked = customers.keys(message, self._directory)
        self._write_keys()
        more = Keys(names=asked.names, suggested=asked.suggested)
        self._bearers |= stored_customers.bearers(self._db, more, self._refusals)
        self._meet_bearers()
        return asked

    def _bearing(self, row: stored_customers.Row) -> tuple[Customer, ...]:
        """Customers as they are read: a merged one is the one that stays."""
        bearers = self._bearers.get(row)
        if not bearers:
            return ()
        stays = dict.fromkeys(self._stays[customer] for customer in bearers)
        return tuple(self._customers[customer] for customer in stays)

    def _meet_bearers(self) -> None:
        self._meet({customer for ids in self._bearers.values() for customer in ids} - self._stays.keys())

    def _meet(self, ids: Iterable[str]) -> None:
        """Asks the store for customers, and remembers which one stays for each."""
        found = stored_customers.by_id(self._db, ids, self._refusals)
        self._stays |= {id_: each.id for asked, each in found.items() for id_ in (asked, each.id)}
        self._customers |= {customer.id: customer for customer in found.values()}

    def _member(self, addresses: Iterable[str], customer: Customer) -> str | None:
        """Which of those that people merged into a customer has one of these addresses, or its domain."""
        for address in addresses:
            for row in (("address", address), ("domain", company_domain(address))):
                for id_ in self._bearers.get(row, ()):
                    if self._stays.get(id_) == customer.id:
                        return id_
        return None

    def customer_of(self, key: str) -> Customer:
        """The customer of a case."""
        self._host([key])
        return self._customers[self._customer_of_case[key]]

    def _host(self, keys: Iterable[str]) -> None:
        """Asks the store whose these cases are."""
        missing = {key for key in keys if key not in self._customer_of_case}
        if not missing:
            return
        self._write_keys()
        for key, customer in stored_cases.customers_of(self._db, missing).items():
            self._customer_of_case[key] = customer.id
            self._customers.setdefault(customer.id, customer)
            self._stays.setdefault(customer.id, customer.id)

    def store_customer(self, customer: Customer, *, new: bool) -> Customer:
        """The customer as stored; a new one gets an id that nobody has, one of the settings keeps its own."""
        known = self._customers.get(customer.id)
        if not new and known and {*customer.domains, *customer.addresses} <= {*known.domains, *known.addresses}:
            return known
        self._write_keys()
        former = rereading.former_id(self._db, customer) if self.rereading and new else None
        if former:
            stored, member = rereading.revive_customer(self._db, former, customer, self._refusals), former
        elif new:
            taken = frozenset(configured.id for configured in self._directory.customers)
            stored = stored_customers.add(self._db, customer, taken, refusals=self._refusals)
            member = stored.id
        else:
            stored, member = stored_customers.ensure(self._db, customer, refusals=self._refusals), customer.id
        self._stays |= {member: stored.id, stored.id: stored.id}
        self._customers[stored.id] = stored
        self._remember(member, Keys(frozenset(customer.addresses), frozenset(customer.domains)))
        return stored

    def learn(self, customer: Customer, keys: Keys, rule: str, message: Message) -> None:
        """Under which keys a customer is to be found from now on, and by which rule that became known from a mail.

        Of those merged into one, each learns its own, so that it has that again if the merge is taken back.
        """
        writer = self._member(_addresses(message, self._directory), customer) or customer.id
        for address in sorted(keys.addresses):
            self._learn(self._member([address], customer) or writer, Keys(frozenset({address})), rule)
        self._learn(writer, replace(keys, addresses=frozenset()), rule)

    def suggest(self, customer: Customer, address: str, rule: str) -> None:
        """Remembers that an address may be a customer's; it decides nothing."""
        self._put_off(stored_customers.learned(customer.id, [(stored_customers.SUGGESTED, address)], rule))

    def _learn(self, customer: str, keys: Keys, rule: str) -> None:
        new = {row for row in stored_customers.rows(keys) if customer not in self._bearers.get(row, ())}
        if not new:
            return
        self._put_off(stored_customers.learned(customer, stored_customers.rows(keys), rule, self._refusals))
        known = self._customers[self._stays[customer]]
        free = {value for kind, value in new if kind == "address" and (kind, value) not in self._bearers}
        if free:
            self._customers[known.id] = replace(known, addresses=tuple(sorted({*known.addresses, *free})))
        self._remember(customer, keys)

    def _put_off(self, learned: Iterable[stored_customers.Learned]) -> None:
        """Keys to be written before customers are asked for again; of two alike the first counts."""
        for one in learned:
            if one[:3] not in self._told:
                self._told.add(one[:3])
                self._learned.append(one)

    def _write_keys(self) -> None:
        stored_customers.put(self._db, self._learned)
        self._learned = []

    def _remember(self, customer: str, keys: Keys) -> None:
        """An address or domain stays with who had it first; a name that many bear stays nobody's."""
        for row in stored_customers.rows(keys):
            found = self._bearers.get(row)
            if found is None:
                self._bearers[row] = (customer,)
            elif found and row[0] not in stored_customers.OWNED and customer not in found:
                self._bearers[row] = tuple(sorted((*found, customer)))

    def rename(self, customer: Customer, name: str, message: Message) -> None:
        """Calls a customer as its mail says, or one merged into it, which is seen when that is taken back."""
        member = self._member(_addresses(message, self._directory), customer) or customer.id
        stored_customers.rename(self._db, member, name)
        if member == customer.id:
            self._customers[member] = replace(customer, name=name)

    # --- cases

    def put_by_hand(self, ref: str) -> str | None:
        """Where a person put a mail that is to be filed."""
        return self._put.get(ref)

    def ruled(self, ref: str, key: str | None) -> str | None:
        """The case that the rules chose for a mail, which is now in the case of this key."""
        return homes.ruled(self._db, [ref]).get(ref) if ref in self._put else key

    def addressed(self, traits: frozenset[Trait]) -> frozenset[Trait]:
        """A mail's traits, with a key written by a person as that of the case for which it is a name now."""
        written = {value for kind, value in traits if kind == "key"}
        if not written:
            return traits
        alive = homes.homes(self._db, written)
        return traits - {("key", key) for key in written} | {("key", key) for key in alive.values()}

    def case_beside(self, message: Message, thread: int) -> str | None:
        """The case of a mail's nearest ancestor, or else of its thread."""
        return threads.nearest(message, self._case_of_mail) or self._case_of_thread.get(thread)

    def open_case(self, customer: Customer, title: str, message: Message) -> str:
        """A new case for a mail that begins it; under its former key when the diary is read again."""
        former = rereading.case_opened_by(self._db, message.ref, customer.id) if self.rereading else None
        member = self._member(_addresses(message, self._directory), customer)
        key = former or stored_cases.open_case(self._db, customer, title, message.date, member)
        if former:
            rereading.revive_case(self._db, former, title, message.date)
        else:
            self._candidates[key] = Candidate(key, title, customer.id, message.date, Profile())
            self._shown[key] = key
        self._customer_of_case[key] = customer.id
        return key

    def candidates(
        self, asked: frozenset[Trait], customer: str | None, weighed: frozenset[Trait]
    ) -> tuple[list[Candidate], Mapping[Trait, int]]:
        """Cases of a customer (None: of anybody) that share most of the traits asked for; and how many of all such
        cases bear each of these, and of those to be weighed, as far as that was counted."""
        unwritten = {
            trait: [key for key in self._bearing_cases[trait] if customer in (None, self._customer_of_case[key])]
            for trait in (asked | weighed) & self._bearing_cases.keys()
        }
        members = None if customer is None else self._members_of(customer)
        lately = self._touched(customer)
        found = stored_traits.alike(self._db, asked, members, weighed=weighed, unwritten=unwritten, lately=lately)
        return self.cases(found.keys), found.borne

    def _touched(self, customer: str | None) -> Mapping[str, datetime]:
        """How new those cases of a customer (None: of anybody) are that got a mail and are not written yet."""
        if customer is not None:
            return self._lately.get(customer, {})
        return {key: at for theirs in self._lately.values() for key, at in theirs.items()}

    def _members_of(self, customer: str) -> list[str]:
        if customer not in self._members:
            self._members[customer] = stored_customers.member_ids(self._db, customer)
        return self._members[customer]

    def cases(self, keys: Sequence[str]) -> list[Candidate]:
        """The cases of these keys that there are; whose they are is known from then on."""
        missing = [key for key in keys if key not in self._candidates]
        if missing:
            found = stored_traits.candidates(self._db, missing)
            self._candidates |= found
            known = ((key, one.customer_id) for key, one in found.items() if one.customer_id in self._customers)
            self._customer_of_case |= dict(known)
        return [self._candidates[key] for key in keys if key in self._candidates]

    def united(self, found: Sequence[Candidate], traits: frozenset[Trait], first: Iterable[str]) -> list[Candidate]:
        """What one case shows since people merged its parts, weighed as one (`placing.united`)."""
        self._shown |= homes.living(self._db, {one.key for one in found} - self._shown.keys())
        return placing.united(found, self._shown, traits, first)

    def add_to_case(self, key: str, traits: frozenset[Trait], at: datetime) -> None:
        """What a mail of that moment adds to its case; what it is weighed by is written at the next `flush`."""
        (case,) = self.cases([key])
        mail = Profile.of(traits)
        new = [trait for trait in traits if trait not in case.traits]
        self._traits.setdefault(key, set()).update(new)
        for trait in new:
            self._bearing_cases.setdefault(trait, []).append(key)
        self._host([key])
        self._candidates[key] = case.joined(mail, at)
        self._lately.setdefault(self._customer_of_case[key], {})[key] = self._candidates[key].last_at

    # --- mails

    def file(self, filing: mails.Filing, ref: str) -> None:
        """Puts a mail where it belongs, at the next `flush`."""
        self._filings.append(filing)
        if filing.case:
            self._case_of_mail[ref] = filing.case

    def waiting(self, thread: int) -> list[pending.Waiting]:
        """A thread's unfiled mails."""
        self.flush()
        return pending.of_thread(self._db, thread)

    def flush(self) -> None:
        """Writes what was put off."""
        self._write_keys()
        postings.add(self._db, self._traits)
        self._traits, self._bearing_cases = {}, {}
        stored_threads.link(self._db, self._links)
        stored_threads.put_in_case(self._db, self._put_threads)
        stored_threads.drop(self._db, self._unused)
        mails.file(self._db, self._filings)
        touched = self._touched(None)
        stored_traits.put_profiles(self._db, {key: self._candidates[key].traits for key in touched})
        stored_cases.touch(self._db, touched)
        self._links, self._put_threads, self._unused, self._filings, self._lately = {}, {}, [], [], {}


def _addresses(message: Message, directory: Directory) -> tuple[str, ...]:
    """Addresses of the people outside, the weightiest first."""
    return tuple(party.address for party in parties_of(message, directory)[:4])
