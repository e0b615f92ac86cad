"""Whether two names are one company's or person's: pairs with truth in `japanese/names.jsonl`, judged by equal keys."""

import json
from collections.abc import Iterator
from pathlib import Path

from notes.companies import company_key
from tools.accuracy import Figure


def figures(corpora: Path) -> list[Figure]:
    """Right pairs, and pairs of two companies that were taken for one (none must be)."""
    pairs = list(_pairs(corpora))
    right = sum(same == truth for same, truth, _ in pairs)
    apart = [same for same, truth, _ in pairs if not truth]
    return [
        Figure("names", right / len(pairs), len(pairs), 1.0),
        Figure("names kept apart", 1 - sum(apart) / len(apart), len(apart), 1.0),
    ]


def misses(corpora: Path) -> list[str]:
    """The pairs judged wrongly, in words."""
    return [words for same, truth, words in _pairs(corpora) if same != truth]


def _pairs(corpora: Path) -> Iterator[tuple[bool, bool, str]]:
    for line in (corpora / "japanese" / "names.jsonl").read_text("utf-8").splitlines():
        pair = json.loads(line)
        one, other = company_key(pair["a"]), company_key(pair["b"])
        yield one == other, pair["same"], f"{pair['a']} ({one}) and {pair['b']} ({other})"
