"""A pile of mails grouped by everything but Message-ID links: how cases are chosen when the references are lost."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cli.inspect_mails import Seen
from notes.cases import Candidate, Trait, choose, lookups, traits
from notes.customers import CustomerDecision
from notes.model import Directory, Message
from notes.profiles import Profile

MOST_CANDIDATES = 20


def group(mails: Sequence[Seen]) -> list[list[str]]:
    """Groups of refs: each mail in order of time joins the group that `notes.cases` chooses, or begins one."""
    nobody = Directory()
    pile = _Pile()
    messages = {seen.message.ref: seen.message for seen in mails if seen.message}
    for message in sorted(messages.values(), key=lambda one: one.date):
        found = traits(message, nobody)
        candidates = pile.sharing(lookups(message, found, None))
        decision = choose(message, CustomerDecision(None, asks=(None,)), candidates, directory=nobody)
        pile.put(message, decision.key, found)
    return list(pile.members.values())


class _Pile:
    """Cases in memory, found by their traits as the store finds them."""

    def __init__(self) -> None:
        self.members: dict[str, list[str]] = {}
        self._cases: dict[str, Candidate] = {}
        self._by_trait: dict[Trait, set[str]] = {}

    def sharing(self, wanted: Iterable[Trait]) -> list[Candidate]:
        """The cases that share most of these traits, the latest first among equals."""
        shared: dict[str, int] = {}
        for trait in wanted:
            for key in self._by_trait.get(trait, ()):
                shared[key] = shared.get(key, 0) + 1
        best = sorted(shared, key=lambda key: (-shared[key], -self._cases[key].last_at.timestamp(), key))
        return [self._cases[key] for key in best[:MOST_CANDIDATES]]

    def put(self, message: Message, chosen: str | None, found: frozenset[Trait]) -> None:
        """Adds a message to a case, or opens one."""
        key = chosen or f"pile-{len(self.members) + 1}"
        case = self._cases.get(key) or Candidate(key, message.subject, "", message.date, Profile())
        self._cases[key] = replace(case, last_at=message.date, traits=case.traits.plus(Profile.of(found)))
        self.members.setdefault(key, []).append(message.ref)
        for trait in found:
            self._by_trait.setdefault(trait, set()).add(key)
