"""How well kawari reads: each module measures one kind of corpus; `python -m tools.accuracy` prints the figures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: right of asked (or a ratio already reckoned), and the goal it is held against."""

    name: str
    value: float
    asked: int
    goal: float | None = None
