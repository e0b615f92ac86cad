"""A case that a mail may belong to, as it is weighed: by one mail after the other, so what is asked of it is kept."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from notes.profiles import Profile
from notes.traits import joined

MOST_STEMS = 24
"""Subjects of one case that are compared; a case with more of them is told by other things."""


@dataclass(frozen=True)
class Candidate:
    """A case with its traits; `last_at` is the time of its newest mail."""

    key: str
    title: str
    customer_id: str
    last_at: datetime
    traits: Profile

    def joined(self, mail: Profile, at: datetime) -> "Candidate":
        """The case with one more mail, of that moment."""
        return replace(self, traits=joined(self.traits, mail), last_at=max(self.last_at, at))

    def of_kind(self, kind: str) -> frozenset[str]:
        """The values of one kind among its traits."""
        return self.traits.of_kind(kind)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Its subjects, some of them where they are many."""
        return tuple(sorted(self.of_kind("stem"))[:MOST_STEMS])

    @cached_property
    def shapes(self) -> frozenset[tuple[str, int]]:
        """The kinds of its document numbers."""
        return frozenset(map(shape, self.of_kind("number")))


def shape(number: str) -> tuple[str, int]:
    """Letters at the head and length: numbers of one shape are of one kind. Without letters each is its own."""
    letters = re.match(r"[A-Z]*", number)
    head = letters.group() if letters else ""
    return (head, len(number)) if head else (number, 0)
