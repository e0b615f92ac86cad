"""The traits of a case, kept by kind: dozens of cases are weighed for one mail, and each may have thousands of traits.

Most of them are only ever compared as a whole, kind by kind, so none of them is an object of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TypeVar

S = TypeVar("S")
Trait = tuple[str, str]
"""Kind and folded value."""

COMMON = 60
"""A trait that more cases bear tells nothing."""

_NONE: frozenset[str] = frozenset()


class Profile(Set[Trait]):
    """A set of traits."""

    __slots__ = ("by_kind",)

    def __init__(self, by_kind: Mapping[str, frozenset[str]] | None = None) -> None:
        self.by_kind = by_kind or {}

    @classmethod
    def of(cls, traits: Iterable[Trait]) -> "Profile":
        """These traits."""
        values: dict[str, list[str]] = {}
        for kind, value in traits:
            values.setdefault(kind, []).append(value)
        return cls({kind: frozenset(each) for kind, each in values.items()})

    @classmethod
    def _from_iterable(cls, it: Iterable[S]) -> Set[S]:
        """The operators of sets give plain sets."""
        return frozenset(it)

    def __contains__(self, trait: object) -> bool:
        return isinstance(trait, tuple) and trait[1] in self.by_kind.get(trait[0], _NONE)

    def __iter__(self) -> Iterator[Trait]:
        return ((kind, value) for kind, values in self.by_kind.items() for value in values)

    def __len__(self) -> int:
        return sum(map(len, self.by_kind.values()))

    def __repr__(self) -> str:
        return f"Profile({sorted(self)})"

    def of_kind(self, kind: str) -> frozenset[str]:
        """The values of one kind."""
        return self.by_kind.get(kind, _NONE)

    def plus(self, other: "Profile") -> "Profile":
        """All traits of both."""
        new = {kind: self.of_kind(kind) | values for kind, values in other.by_kind.items()}
        return Profile({**self.by_kind, **new})

    def shared(self, other: "Profile") -> list[Trait]:
        """The traits that both have."""
        mine = self.by_kind
        return [
            (kind, value) for kind, values in other.by_kind.items() if kind in mine for value in mine[kind] & values
        ]
