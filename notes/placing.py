"""Where mails are once people have put some of them elsewhere: worked out anew from what the rules said, never moved.

A mail's home is the case where a person put it; else, when it only followed its thread, the home of what it answers;
else the case that the rules chose. So an answer follows the mail that it answers wherever that goes, and back again,
whenever it arrives. Merging by hand changes no home: it lets one case show what is at home in another
(`case_.merged_into`), and waking that one takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from notes.model import Correction
from notes.profiles import Profile, Trait

if TYPE_CHECKING:
    from notes.candidates import Candidate

FOLLOWS = "thread"
"""The rule of a mail that is where it is because of what it answers."""

PUTS = ("case-split", "case-move")
"""Corrections that put mails into a case: value `to`, `refs` (one a line), and `stay`: lines of a key and a ref."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A mail as far as its place depends on it. `ancestors`: what it answers, nearest first; `ruled`: a key or None."""

    ref: str
    ancestors: tuple[str, ...]
    rule: str
    ruled: str | None


def listed(made: Correction, name: str) -> list[str]:
    """The entries of one of a correction's lists. A ref may hold anything but the end of a line."""
    return [entry for entry in made.value.get(name, "").split("\n") if entry]


def pins(corrections: Iterable[Correction]) -> dict[str, str]:
    """Where people put mails, by ref, from corrections in force in their order; the last word counts."""
    found: dict[str, str] = {}
    for made in corrections:
        if made.kind in PUTS:
            found |= dict.fromkeys(listed(made, "refs"), made.value.get("to", ""))
            stays = (line.partition(" ") for line in listed(made, "stay"))
            found |= {ref: key for key, _, ref in stays}
    return {ref: key for ref, key in found.items() if ref and key}


def homes(mails: Sequence[Placed], pinned: Mapping[str, str]) -> dict[str, str | None]:
    """The home of each of these mails, which are whole threads; None: none, or the rules have to look anew.

    They have to where a mail followed what is nobody's now.
    """
    by_ref = {mail.ref: mail for mail in mails}
    found: dict[str, str | None] = dict(pinned)
    for mail in mails:
        way = _way_up(mail, by_ref, found)
        top = way[-1]
        home = found[top.ref] if top.ref in found else _own(top, by_ref, found)
        found |= {step.ref: home for step in way if step.ref not in found}
    return {mail.ref: found[mail.ref] for mail in mails}


def _way_up(mail: Placed, by_ref: Mapping[str, Placed], found: Mapping[str, str | None]) -> list[Placed]:
    """From a mail to the one whose home decides: each is what the one before follows. Loops are cut."""
    way, seen = [mail], {mail.ref}
    while way[-1].ref not in found:
        above = _followed(way[-1], by_ref, found)
        if above is None or above.ref in seen:
            break
        seen.add(above.ref)
        way.append(above)
    return way


def _followed(mail: Placed, by_ref: Mapping[str, Placed], found: Mapping[str, str | None]) -> Placed | None:
    """The nearest mail that this one answers and that is in a case."""
    if mail.rule != FOLLOWS:
        return None
    above = (by_ref[ref] for ref in mail.ancestors if ref in by_ref)
    return next((one for one in above if found.get(one.ref, one.ruled)), None)


def _own(mail: Placed, by_ref: Mapping[str, Placed], found: Mapping[str, str | None]) -> str | None:
    """What the rules said of a mail that follows no other, or one that follows it in turn."""
    followed = mail.rule == FOLLOWS and any(ref in by_ref for ref in mail.ancestors)
    return None if followed and _followed(mail, by_ref, found) is None else mail.ruled


def answers(mails: Sequence[Placed], refs: Iterable[str], among: Iterable[str]) -> list[str]:
    """These mails and the answers to them, and to those, as far as they are `among` the given refs; in order."""
    held, by_ref = set(among), {mail.ref: mail for mail in mails}
    found = dict.fromkeys(refs)
    below: dict[str, list[str]] = {}
    for mail in mails:
        nearest = next((ref for ref in mail.ancestors if ref in by_ref), None)
        if nearest is not None:
            below.setdefault(nearest, []).append(mail.ref)
    waiting = list(found)
    while waiting:
        new = [ref for ref in below.get(waiting.pop(), ()) if ref in held and ref not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return [*(mail.ref for mail in mails if mail.ref in found), *(ref for ref in found if ref not in by_ref)]


def united(
    candidates: Sequence[Candidate], shown: Mapping[str, str], traits: frozenset[Trait], first: Iterable[str]
) -> list[Candidate]:
    """Candidates that one case shows (`shown`: by key) made one, so that parts of a matter are not held for rivals.

    It has all their traits, and the key of the part that is `first`, else of the one that shares most with `traits`.
    """
    parts: dict[str, list[Candidate]] = {}
    for one in candidates:
        parts.setdefault(shown.get(one.key, one.key), []).append(one)
    preferred = frozenset(first)
    return [group[0] if len(group) == 1 else _one(group, traits, preferred) for group in parts.values()]


def _one(group: Sequence[Candidate], traits: frozenset[Trait], preferred: frozenset[str]) -> Candidate:
    mail = Profile.of(traits)
    nearest = max(group, key=lambda each: (each.key in preferred, len(each.traits.shared(mail)), each.key))
    every = reduce(Profile.plus, (each.traits for each in group))
    return replace(nearest, traits=every, last_at=max(each.last_at for each in group))
