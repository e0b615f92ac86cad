"""What the diary holds about the mails of a batch: asked once for all of them, and kept up while they are filed.

A mail would otherwise cost some twenty questions to the database, and most of the time would go by in asking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from notes import customers, threads
from notes.cases import Candidate, Trait
from notes.customers import Keys, Known
from notes.model import Customer, Directory, Message
from notes.store import cases as stored_cases
from notes.store import customers as stored_customers
from notes.store import mails, pending, rereading
from notes.store import threads as stored_threads
from notes.store.engine import Connection


class Ledger:
    """The threads, cases and customers of a batch. `flush` writes what was put off, and so do reads and merges.

    `former`: the diary is read again, and cases and customers shall keep their keys.
    """

    def __init__(
        self, db: Connection, directory: Directory, messages: Sequence[Message], former: rereading.Former | None = None
    ) -> None:
        self._db = db
        self._directory = directory
        self._former = former
        self._keys: dict[str, Keys] = {}
        self._thread_of: dict[str, int] = {}
        self._case_of_mail: dict[str, str] = {}
        self._case_of_thread: dict[int, str] = {}
        self._bearers: dict[stored_customers.Row, tuple[str, ...]] = {}
        self._customers: dict[str, Customer] = {}
        self._customer_of_case: dict[str, str] = {}
        self._candidates: dict[str, Candidate] = {}
        self._profiles: set[str] = set()
        self._traits: dict[str, set[Trait]] = {}
        self._links: dict[str, int] = {}
        self._filings: list[mails.Filing] = []
        self.ask(messages)

    def ask(self, messages: Iterable[Message]) -> None:
        """Everything stored under the ids and keys of these mails; what this batch has changed stays as it is."""
        new = {message.ref: message for message in messages if message.ref not in self._keys}
        ids = dict.fromkeys(name for message in new.values() for name in threads.ids(message))
        self._thread_of = stored_threads.by_reference(self._db, ids) | self._thread_of
        self._case_of_mail = mails.cases_of(self._db, ids) | self._case_of_mail
        for ref, message in new.items():
            followed = threads.nearest(message, self._case_of_mail) is not None
            self._keys[ref] = customers.keys(message, self._directory, followed=followed)
        asked = set(self._thread_of.values()) - self._case_of_thread.keys()
        self._case_of_thread |= stored_threads.case_of(self._db, asked)
        every = Keys(
            frozenset().union(*(self._keys[ref].addresses for ref in new)),
            frozenset().union(*(self._keys[ref].domains for ref in new)),
            frozenset().union(*(self._keys[ref].names for ref in new)),
        )
        self._bearers = stored_customers.bearers(self._db, every) | self._bearers
        known = {customer for ids_ in self._bearers.values() for customer in ids_} - self._customers.keys()
        self._customers |= stored_customers.by_id(self._db, known)

    # --- threads

    def place(self, message: Message) -> tuple[threads.Placement, tuple[str, ...]]:
        """Where a mail belongs, and the ids that it ties together."""
        ids = threads.ids(message)
        return threads.place(ids, {name: self._thread_of[name] for name in ids if name in self._thread_of}), ids

    def open_thread(self) -> int:
        """A new thread."""
        return stored_threads.create(self._db)

    def tie(self, ids: Iterable[str], thread: int) -> None:
        """Ties ids to a thread."""
        self._links |= {name: thread for name in ids if self._thread_of.get(name) != thread}
        self._thread_of |= dict.fromkeys(ids, thread)

    def merge_threads(self, into: int, others: Sequence[int]) -> frozenset[str]:
        """Makes threads one, and says which cases that touches.

        The case of the thread with the oldest mail stays. Mails of the other threads in other cases wait to be filed
        anew, as if all had arrived in order; a case left without mails goes on as a name for the one that stays.
        """
        self.flush()
        every = (into, *others)
        cases = self.cases_of(every)
        begun = mails.begun(self._db, cases)
        stays = cases[min(cases, key=lambda thread: (begun[thread], thread))] if cases else None
        for thread, key in cases.items():
            if stays and key != stays:
                self._unfile(thread, key)
        stored_threads.merge(self._db, into, others)
        self._thread_of |= {name: into for name, thread in self._thread_of.items() if thread in others}
        for thread in others:  # its number may be given out again
            self._case_of_thread.pop(thread, None)
        if stays:
            self.put_in_case(into, stays)
            self._merge_empty(stays, set(cases.values()) - {stays})
        return frozenset(cases.values())

    def _unfile(self, thread: int, key: str) -> None:
        mails.unfile(self._db, thread, key)
        self._case_of_mail = {
            ref: case for ref, case in self._case_of_mail.items() if case != key or self._thread_of.get(ref) != thread
        }

    def _merge_empty(self, into: str, others: Iterable[str]) -> None:
        empty = [key for key in sorted(others) if mails.is_empty(self._db, key)]
        stored_cases.merge(self._db, into, empty)
        for key in (into, *empty) if empty else ():
            self._candidates.pop(key, None)
        self._case_of_thread |= {thread: into for thread, key in self._case_of_thread.items() if key in empty}

    def cases_of(self, threads_: Iterable[int]) -> dict[int, str]:
        """The case of each thread that has one."""
        return {thread: self._case_of_thread[thread] for thread in threads_ if thread in self._case_of_thread}

    def put_in_case(self, thread: int, key: str) -> None:
        """Says which case a thread's mails go to when nothing nearer decides."""
        stored_threads.put_in_case(self._db, thread, key)
        self._case_of_thread[thread] = key

    # --- customers

    def known(self, message: Message) -> Known:
        """The customers known under a mail's keys."""
        keys = self._keys[message.ref]
        return Known(
            {value: found[0] for value in keys.addresses if (found := self._bearing(("address", value)))},
            {value: found[0] for value in keys.domains if (found := self._bearing(("domain", value)))},
            {name: found for name in keys.names if (found := self._bearing(name))},
        )

    def _bearing(self, row: stored_customers.Row) -> tuple[Customer, ...]:
        return tuple(self._customers[customer] for customer in self._bearers.get(row, ()))

    def customer_of(self, key: str) -> Customer:
        """The customer of a case."""
        if key not in self._customer_of_case:
            customer = stored_cases.customer_of(self._db, key)
            self._customer_of_case[key] = customer.id
            self._customers.setdefault(customer.id, customer)
        return self._customers[self._customer_of_case[key]]

    def store_customer(self, customer: Customer, *, new: bool) -> Customer:
        """The customer as stored; a new one gets an id that nobody has, one of the settings keeps its own."""
        known = self._customers.get(customer.id)
        if not new and known and {*customer.domains, *customer.addresses} <= {*known.domains, *known.addresses}:
            return known
        former = self._former.customer(customer) if self._former and new else None
        if former:
            stored = rereading.revive_customer(self._db, former, customer)
        elif new:
            taken = frozenset(configured.id for configured in self._directory.customers)
            stored = stored_customers.add(self._db, customer, taken)
        else:
            stored = stored_customers.ensure(self._db, customer)
        self._remember(stored, Keys(frozenset(stored.addresses), frozenset(stored.domains)))
        return stored

    def learn(self, customer: str, keys: Keys) -> None:
        """Under which keys a customer is to be found from now on."""
        new = {row for row in stored_customers.rows(keys) if customer not in self._bearers.get(row, ())}
        if not new:
            return
        stored_customers.learn(self._db, customer, keys)
        owned = any(kind in stored_customers.OWNED for kind, _ in new)
        if owned:
            self._customers |= stored_customers.by_id(self._db, [customer])
        self._remember(self._customers[customer], keys)

    def _remember(self, customer: Customer, keys: Keys) -> None:
        """An address or domain stays with who had it first; a name that many bear stays nobody's."""
        self._customers[customer.id] = customer
        for row in stored_customers.rows(keys):
            found = self._bearers.get(row)
            if found is None:
                self._bearers[row] = (customer.id,)
            elif found and row[0] not in stored_customers.OWNED and customer.id not in found:
                self._bearers[row] = tuple(sorted((*found, customer.id)))

    def rename(self, customer: str, name: str) -> None:
        """Calls a customer something else."""
        stored_customers.rename(self._db, customer, name)
        self._customers[customer] = replace(self._customers[customer], name=name)

    # --- cases

    def case_beside(self, message: Message, thread: int) -> str | None:
        """The case of a mail's nearest ancestor, or else of its thread."""
        return threads.nearest(message, self._case_of_mail) or self._case_of_thread.get(thread)

    def open_case(self, customer: Customer, title: str, message: Message) -> str:
        """A new case for a mail that begins it; under its former key when the diary is read again."""
        former = self._former.case(message.ref, customer.id) if self._former else None
        key = former or stored_cases.open_case(self._db, customer, title, message.date)
        if former:
            rereading.revive_case(self._db, former, title, message.date)
        self._customer_of_case[key] = customer.id
        return key

    def candidates(self, traits: Iterable[Trait], customer: str | None) -> list[Candidate]:
        """Cases of a customer (None: of anybody) that share most of these traits."""
        self._write_traits()
        return self.cases(stored_cases.alike(self._db, traits, customer))

    def cases(self, keys: Sequence[str]) -> list[Candidate]:
        """The cases of these keys that there are."""
        missing = [key for key in keys if key not in self._candidates]
        if missing:
            self._candidates |= stored_cases.candidates(self._db, missing)
        return [self._candidates[key] for key in keys if key in self._candidates]

    def add_to_case(self, key: str, traits: frozenset[Trait], at: datetime) -> None:
        """What a mail of that moment adds to its case; what it is weighed by is written at the next `flush`."""
        (case,) = self.cases([key])
        self._traits.setdefault(key, set()).update(traits - case.traits)
        self._candidates[key] = replace(case, traits=case.traits | traits, last_at=max(case.last_at, at))
        self._profiles.add(key)

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

    def _write_traits(self) -> None:
        stored_cases.add_traits(self._db, self._traits)
        self._traits = {}

    def flush(self) -> None:
        """Writes what was put off."""
        self._write_traits()
        stored_threads.link(self._db, self._links)
        mails.file(self._db, self._filings)
        stored_cases.put_profiles(self._db, {key: self._candidates[key].traits for key in self._profiles})
        self._links, self._filings, self._profiles = {}, [], set()
