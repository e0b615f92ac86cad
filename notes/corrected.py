"""What people decided about promises, laid over what rules found: it beats every rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from notes.model import Correction, Evidence, Filed, Move, Promise
from notes.sentences import squeezed


def correct(promises: Sequence[Promise], corrections: Sequence[Correction], mails: Sequence[Filed]) -> list[Promise]:
    """The promises with the corrections applied in order; a rejected sentence is rejected wherever it is said again."""
    moments = {mail.ref: mail.at for mail in mails}
    changed = {one.id: one for one in promises}
    for one in sorted(corrections, key=lambda made: (made.at, made.id)):
        promise = changed.get(one.target)
        if promise:
            changed[promise.id] = _apply(promise, one, moments)
    refused = {squeezed(one.quote) for one in changed.values() if one.rejected}
    return [
        replace(one, rejected=True) if squeezed(one.quote) in refused and not one.confirmed else one
        for one in changed.values()
    ]


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
    if made.kind in ("promise-confirm", "promise-reject"):
        return replace(promise, confirmed=made.kind == "promise-confirm", rejected=made.kind == "promise-reject")
    return promise
