"""How the open promises of a case stand beside each other before a letter: which of them it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notes.likeness import Topic, alike
from notes.model import By
from notes.said import Letter
from notes.tracking import Act, Tracked

LIKE = 0.3
MOST = 30


@dataclass(frozen=True, slots=True)
class Rivals:
    """A promise among the others open on its side: the only one of its act, or one that a letter is less about;
    `shadowed` where all that the letter names of it belongs to the one that it is more about as well. `others` are what
    the rest of what is open on its side are about, whatever their act."""

    alone: bool = True
    outdone: bool = False
    shadowed: bool = False
    others: tuple[Topic, ...] = ()


def compare(tracked: Sequence[Tracked], letter: Letter) -> dict[int, Rivals]:
    """For the number of each open promise how it stands among the others of its side and act, before a letter."""
    followed = {one.follows for one in tracked if one.is_open}  # the same deed, promised before
    groups: dict[tuple[By, Act], list[int]] = {}
    topics = {index: one.topic for index, one in enumerate(tracked) if one.is_open}
    for index, one in enumerate(tracked):
        if one.is_open:
            groups.setdefault((one.promise.by, one.act), []).append(index)
    found: dict[int, Rivals] = {}
    for group in groups.values():
        alone = sum(tracked[index].promise.id not in followed for index in group) < 2
        if len(group) == 1:
            found[group[0]] = Rivals(alone=alone, others=_beside(tracked, group[0], topics))
            continue
        named = {index: alike(tracked[index].topic, letter.whole) for index in group}
        most = max(named.values())
        for index in group:
            outdone = named[index] < most and most >= LIKE
            better = (tracked[other].topic for other in group if named[other] > named[index])
            common = tracked[index].topic & letter.whole
            shadowed = outdone and bool(common) and any(common < one & letter.whole for one in better)
            others = _beside(tracked, index, topics)
            found[index] = Rivals(alone=alone, outdone=outdone, shadowed=shadowed, others=others)
    return found


def _beside(tracked: Sequence[Tracked], index: int, topics: Mapping[int, Topic]) -> tuple[Topic, ...]:
    """What the other open promises of one's side are about; of many only the latest."""
    by = tracked[index].promise.by
    return tuple(topic for other, topic in topics.items() if other != index and tracked[other].promise.by is by)[-MOST:]
