"""Finds what a person means: a case, a customer or a colleague by key, the beginning of one, or words."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from notes.errors import NotFoundError
from notes.model import Directory

if TYPE_CHECKING:
    from notes.store.engine import Connection

GOOD_ENOUGH = 80.0
"""rapidfuzz score (0 to 100) from which words mean something."""

EQUALLY_GOOD = 2.0
"""Scores this near to the best are as good as it."""

MOST_LISTED = 10

Named = tuple[str, str]
"""A key, and the words by which it may be found."""


def case(db: "Connection", words: Sequence[str]) -> str:
    """The key of the case that `words` mean. Raises `NotFoundError`, with a list when several are equally good."""
    from notes.store import cases

    said = " ".join(words).strip()
    try:
        return cases.living(db, said)
    except NotFoundError:
        known = [(key, f"{title}  {customer}") for key, title, customer in cases.names(db)]
        return _best(said, known, missing="case-not-found", several="case-ambiguous")


def message(db: "Connection", words: str) -> str:
    """The ref that `words` mean: a ref, its beginning, or `CASE#7` as a page numbers it. Raises `NotFoundError`."""
    from notes.store import mails

    key, mark, number = words.rpartition("#")
    if not (mark and key and number.isascii() and number.isdigit()):
        return mails.find(db, words)
    found = case(db, [key])
    listed = sorted(mails.of_cases(db, [found])[found], key=lambda mail: (mail.at, mail.ref))
    if not 0 < int(number[:9]) <= len(listed):
        raise NotFoundError("no-such-number", words=words, case=found, count=len(listed))
    return listed[int(number) - 1].ref


def customer(db: "Connection", words: str) -> str:
    """The id of the customer that `words` mean: its id, an address or domain, or words. Raises `NotFoundError`."""
    from notes.store import customers

    said = words.strip()
    of_id = customers.by_id(db, [said])  # also the id of one that was merged
    owner = customers.owners(db, [(kind, said.lower()) for kind in customers.OWNED])
    if of_id or owner:
        return of_id[said].id if of_id else next(iter(owner.values()))
    known = [(one.id, " ".join((one.name, *one.domains, *one.aliases))) for one in customers.all(db)]
    return _best(words, known, missing="customer-not-found", several="customer-ambiguous")


def staff(directory: Directory, words: str) -> str:
    """The id of the staff member that `words` mean. Raises `NotFoundError`."""
    if not directory.staff:
        raise NotFoundError("no-staff", words=words)
    known = [(one.id, " ".join((one.name, *one.addresses))) for one in directory.staff]
    return _best(words, known, missing="staff-not-found", several="staff-ambiguous")


def _best(said: str, known: Sequence[Named], *, missing: str, several: str) -> str:
    found = _by_key(said, known) or _by_words(said, known)
    if len(found) == 1:
        return found[0][0]
    listed = "\n".join(f"  {key}  {' '.join(words.split())}" for key, words in (found or known)[:MOST_LISTED])
    raise NotFoundError(several if found else missing, words=said, candidates=listed)


def _by_key(said: str, known: Iterable[Named]) -> list[Named]:
    wanted = said.casefold()
    begins = [one for one in known if wanted and one[0].casefold().startswith(wanted)]
    return [one for one in begins if one[0].casefold() == wanted] or begins


def _by_words(said: str, known: Sequence[Named]) -> list[Named]:
    wanted = _folded(said)
    if not wanted:
        return []
    scored = [(_likeness(wanted, _folded(words)), (key, words)) for key, words in known]
    best = max((score for score, _ in scored), default=0.0)
    return [one for score, one in scored if score >= max(GOOD_ENOUGH, best - EQUALLY_GOOD)]


def _likeness(wanted: str, words: str) -> float:
    """How well the wanted words are found in others, 0 to 100; longer ones than there are must be alike as a whole."""
    from rapidfuzz import fuzz

    return fuzz.partial_ratio(wanted, words) if len(wanted) <= len(words) else fuzz.ratio(wanted, words)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
