"""The dates a text names, and what a promise is due by; rooms for folding, rules, joining, settling."""

from notes.due.find import choose, find_dates

__all__ = ["choose", "find_dates"]
