"""What people decided, laid over what rules found: it beats every rule until it is taken back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notes.model import Correction, Evidence, Filed, Move, Promise
from notes.squeezed import squeezed

CONFIRM, REJECT = "promise-confirm", "promise-reject"
UNDO = "undo"
"""The correction that takes another back; its target is the other's number."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What people say of a case; None: nothing, and what the rules say counts."""

    title: str | None = None
    owner: str | None = None
    closed_at: datetime | None = None


def in_force(log: Iterable[Correction], until: datetime | None = None) -> list[Correction]:
    """The corrections that count, in the order of the log: without those taken back, and (`until`) without later ones.

    Who takes one back is in the log with the moment of doing so, and counts from that moment on.
    """
    made = [one for one in log if until is None or one.at <= until]
    undone = {one.target for one in made if one.kind == UNDO}
    return [one for one in sorted(made, key=lambda each: each.id) if one.kind != UNDO and str(one.id) not in undone]


def settle(key: str, corrections: Iterable[Correction], wanted_at: datetime | None) -> Settled:
    """What corrections in force, in order, make of the case; `wanted_at`: when its customer last wanted something.

    A closed case opens by itself when its customer writes again and does more than say thanks.
    """
    settled = Settled()
    for one in corrections:
        if one.target == key and one.kind == "case-rename":
            settled = replace(settled, title=one.value.get("title") or None)
        elif one.target == key and one.kind == "case-assign":
            settled = replace(settled, owner=one.value.get("owner") or None)
        elif one.target == key and one.kind in ("case-close", "case-reopen"):
            settled = replace(settled, closed_at=one.at if one.kind == "case-close" else None)
    again = settled.closed_at and wanted_at and wanted_at > settled.closed_at
    return replace(settled, closed_at=None) if again else settled


def correct(promises: Sequence[Promise], corrections: Sequence[Correction], mails: Sequence[Filed]) -> list[Promise]:
    """The promises with the corrections applied in order; a rejected sentence is rejected wherever it is said again.

    So are, later and in other cases, the words of one rejected there (`quote` and `by` in the correction's value), if
    they name neither moment nor number: 「改めてご連絡いたします。」 means the same anywhere, "by Friday" does not.
    """
    moments = {mail.ref: mail.at for mail in mails}
    changed = {one.id: one for one in promises}
    for one in sorted(corrections, key=lambda made: (made.at, made.id)):
        promise = changed.get(one.target)
        if promise:
            changed[promise.id] = _apply(promise, one, moments)
    refused = {squeezed(one.quote) for one in changed.values() if one.rejected}
    elsewhere = _refused_elsewhere(corrections)
    return [
        replace(one, rejected=True)
        if not one.confirmed and (squeezed(one.quote) in refused or _was_refused(one, elsewhere))
        else one
        for one in changed.values()
    ]


def _refused_elsewhere(corrections: Iterable[Correction]) -> dict[tuple[str, str], datetime]:
    """Words of promises that were rejected, with whose they were, and since when."""
    told = (one for one in corrections if one.kind == REJECT and "quote" in one.value)
    since = sorted(told, key=lambda one: one.at, reverse=True)
    return {(one.value.get("by", ""), squeezed(one.value["quote"])): one.at for one in since}


def _was_refused(promise: Promise, elsewhere: Mapping[tuple[str, str], datetime]) -> bool:
    since = elsewhere.get((promise.by.value, squeezed(promise.quote)))
    general = promise.due.to is None and not re.search(r"\d", promise.quote)
    return general and since is not None and promise.made_at > since


def _apply(promise: Promise, made: Correction, moments: dict[str, datetime]) -> Promise:
    ref = made.value.get("evidence") or f"person:{made.who}"
    evidence = Evidence(ref, moments.get(ref, made.at), 1.0, "person")
    if made.kind == "promise-keep":
        return replace(promise, kept=evidence, withdrawn=None, confirmed=True)
    if made.kind == "promise-withdraw":
        return replace(promise, withdrawn=evidence, kept=None, confirmed=True)
    if made.kind == "promise-move" and made.value.get("to"):
        move = Move(datetime.fromisoformat(made.value["to"]), ref, made.at)
        return replace(promise, moves=(*promise.moves, move), kept=None, withdrawn=None, confirmed=True)
    if made.kind in (CONFIRM, REJECT):
        return replace(promise, confirmed=made.kind == CONFIRM, rejected=made.kind == REJECT)
    return promise
