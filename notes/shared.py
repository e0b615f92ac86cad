"""What a mail has in common with other mails, piece by piece: the evidence by which it was joined to their case.

Made again from the mails themselves whenever somebody asks why; what decided at the time is the score kept with the
mail (`notes.model.Joined`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from notes.model import Message, ZoneKind
from notes.profiles import Trait
from notes.traits import line_hashes, quoted

TELLING = ("key", "quote", "number", "file", "stem", "model", "item", "amount", "day", "person", "topic", "word")
"""Kinds of evidence, the most telling first."""

MOST = {"quote": 3, "person": 3, "topic": 5, "word": 5}
MOST_OF_A_KIND = 4


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that a mail has in common with others: its kind, its words, and the refs of those that have it."""

    kind: str
    value: str
    refs: tuple[str, ...]


def shared(message: Message, found: frozenset[Trait], others: Mapping[str, frozenset[Trait]]) -> tuple[Shared, ...]:
    """The pieces that a mail with the traits `found` shares with `others` (traits by ref), the most telling first."""
    quotes = {trait: line for trait, line in _quoted_lines(message).items() if trait in quoted(message)}
    files = {each.sha256[:32]: each.name for each in message.attachments}
    pieces: dict[Trait, list[str]] = {}
    for ref, traits in others.items():
        for kind, value in (found & traits) | (quotes.keys() & traits):
            if (kind, value) in quotes:
                pieces.setdefault(("quote", quotes[kind, value]), []).append(ref)
            elif kind in TELLING:
                said = files.get(value, value) if kind == "file" else value
                pieces.setdefault((kind, said), []).append(ref)
    named = {value for kind, value in pieces if kind == "topic"}
    told = [piece for piece in sorted(pieces) if piece[0] != "word" or piece[1] not in named]
    return tuple(
        Shared(kind, value, tuple(pieces[kind, value]))
        for kind in TELLING
        for _, value in [piece for piece in told if piece[0] == kind][: MOST.get(kind, MOST_OF_A_KIND)]
    )


def _quoted_lines(message: Message) -> dict[Trait, str]:
    """The lines that a mail quotes or forwards, by their fingerprints."""
    texts = [zone.text for zone in message.zones if zone.kind in (ZoneKind.QUOTE, ZoneKind.FORWARDED)]
    texts += [inside.text for inside in message.forwarded[:3]]
    lines = [line for text in texts for line in text[:6_000].split("\n")[:200]]
    return {trait: line.strip(" \t>＞|│")[:120] for line in lines for trait in line_hashes([line])}
