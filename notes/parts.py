"""What a promise owes in pieces: several things named in one breath ("the quote and the drawings", 「控えとカタログ」).

It is kept when the last piece has come. A letter that names one piece and not the other, or says of the other that it
is not there yet, keeps a part, and the rest is left.
"""

import re
from dataclasses import dataclass

from notes.likeness import Topic, alike, covered, topic
from notes.phrases import Phrases
from notes.said import Letter, Said

MOST = 6
NAMED = 0.5
BOTH_JA = re.compile(
    r"((?:[^、。はをがも\s]{2,20}?(?:と|・|及び|および|ならびに|並びに)){1,5}[^、。はをがもと\s]{2,20}?)(?:は|を|も|の両方|とも)"
)
CUT_JA = re.compile(r"と(?![りき])|・|及び|および|ならびに|並びに")
BOTH_EN = re.compile(
    r"(?:will|'ll|going to) (?:\w+ly |also |then )?\w+ (?:you |him |her |them |over |across )?(.{3,120}?)"
    r"(?= (?:by|on|to|before|within|tomorrow|today|this|next|over|at|as soon|once|when|if)\b|[.;]|$)",
    re.IGNORECASE,
)
CUT_EN = re.compile(r",? and |,? as well as |, | & | plus ", re.IGNORECASE)
VERB_EN = re.compile(
    r"(?:let|get|come|send|call|ring|check|see|tell|give|find|look|ask|make|have|confirm|drop|bring|update|e?mail|reply|"
    r"then|i|we|you|he|she|they|so|but|be|do|take|put|try|return|report|talk|speak|work)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of several, in the promise's words."""

    words: str
    topic: Topic


def named_in(text: str, phrases: Phrases) -> tuple[Part, ...]:
    """The things a promise (plain form) names beside each other; none where it names one only."""
    japanese, english = BOTH_JA.search(text), BOTH_EN.search(text)
    if japanese:
        words = CUT_JA.split(japanese[1])
    elif english:
        words = [] if any(VERB_EN.match(one) for one in CUT_EN.split(english[1])) else CUT_EN.split(english[1])
    else:
        return ()
    parts = [Part(one.strip(), topic(one, phrases)) for one in words[:MOST]]
    apart = all(one.topic - other.topic for one in parts for other in parts if one is not other)
    return tuple(parts) if len(parts) > 1 and all(one.topic for one in parts) and apart else ()


def missing(parts: tuple[Part, ...], letter: Letter) -> tuple[Part, ...]:
    """What of the parts still owed a letter that hands some of them over leaves open."""
    told = [one for one in letter.reported if (one.states or one.hands_over) and not lacking(one)]
    late = [one for one in letter.reported if lacking(one) and not one.text.endswith("?")]
    open_yet = tuple(part for part in parts if any(_names(part, one) for one in late))
    named = [part for part in parts if part not in open_yet and any(_names(part, one) for one in told)]
    named += [part for part in parts if covered(part.topic, letter.names) >= NAMED and part not in (*open_yet, *named)]
    if open_yet or not named:
        return open_yet if named or len(open_yet) < len(parts) else ()
    if any(one.does("many") for one in told) or len(letter.mail.attachments) >= len(parts):
        return ()
    return tuple(part for part in parts if part not in named)


def lacking(said: Said) -> bool:
    """Whether a sentence says that something has not come, or will come later."""
    return said.puts_off or said.does("lacking") or said.promise is not None


def _names(part: Part, said: Said) -> bool:
    return alike(part.topic, said.topic) >= NAMED
