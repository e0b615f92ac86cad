"""A case that a mail may belong to, as it is weighed: by one mail after the other, so what is asked of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from notes.traits import Trait

MOST_STEMS = 24
"""Subjects of one case that are compared; a case with more of them is told by other things."""


@dataclass(frozen=True)
class Candidate:
    """A case with its traits; `last_at` is the time of its newest mail."""

    key: str
    title: str
    customer_id: str
    last_at: datetime
    traits: frozenset[Trait]

    def of_kind(self, kind: str) -> frozenset[str]:
        """The values of one kind among its traits."""
        return self._by_kind.get(kind, frozenset())

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Its subjects, some of them where they are many."""
        return tuple(sorted(self.of_kind("stem"))[:MOST_STEMS])

    @cached_property
    def _by_kind(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for kind, value in self.traits:
            found.setdefault(kind, set()).add(value)
        return {kind: frozenset(values) for kind, values in found.items()}
