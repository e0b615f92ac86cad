"""What a mail is in its case, and what its words say: kind, promises, questions.

A colleague's mail that holds another mail is a forward; one into the log that holds none is a memo: a call, a meeting
or a note, as its subject or first lines say. A forward also speaks for the mail inside, in its writer's name and
reckoned from its date, while the diary does not hold that mail itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.body import divide
from notes import cases, customers, promises, questions, threads
from notes.model import (
    By,
    Calendar,
    Direction,
    Directory,
    Findings,
    Forwarded,
    Kind,
    Message,
    Role,
    ZoneKind,
)
from notes.phrases import Phrases, plain
from notes.store.unfiled import Headed
from notes.tags import without

_FIRST_LINES = 3
_LINE = 200
_MEMOS = (("memo-call", Kind.CALL), ("memo-meeting", Kind.MEETING))
_MACHINES = (Kind.AUTO, Kind.BOUNCE)


@dataclass(frozen=True, slots=True)
class Studied:
    """All that is told by a mail alone, whatever the diary holds.

    `said`: what it says itself; `inside`: what each of the mails inside it says; `traits`: by what its matter can be
    recognised; `keys`: under what its customer may be known, of an answer without names: it most likely follows a mail
    that is in a case, and if not, its other keys are asked for when it is filed.
    """

    kind: Kind
    direction: Direction
    said: Findings
    inside: tuple[Findings, ...]
    traits: frozenset[cases.Trait]
    keys: customers.Keys


@dataclass(frozen=True, slots=True)
class Arrival:
    """A stored mail that is to be filed: its row, the message under its own ref, the role of its folder, and what it
    tells by itself.

    `headed`: only the headers are kept, and this is what was decided when the mail was whole.
    """

    id: int
    message: Message
    role: Role
    studied: Studied
    headed: Headed | None = None


def study(message: Message, role: Role, directory: Directory, calendar: Calendar, phrases: Phrases) -> Studied:
    """What a mail is, who may be behind it, and what it says; `role` is that of its folder."""
    kind, direction = kind_of(message, role, directory, phrases), customers.direction(message, directory)
    inside = message.forwarded if kind is Kind.FORWARD else ()
    return Studied(
        kind,
        direction,
        findings(message, kind, direction, calendar, phrases),
        tuple(findings_inside(inner, message, directory, calendar, phrases) for inner in inside),
        cases.traits(message, directory),
        _keys(message, directory),
    )


def by_headers(message: Message, direction: Direction, directory: Directory) -> Studied:
    """A mail of which only the headers are kept: it says nothing."""
    traits, keys = cases.traits(message, directory), _keys(message, directory)
    return Studied(message.kind, direction, Findings(), (), traits, keys)


def _keys(message: Message, directory: Directory) -> customers.Keys:
    ask = customers.keys_of_answer if threads.ancestors(message) else customers.keys
    return ask(message, directory)


def kind_of(message: Message, role: Role, directory: Directory, phrases: Phrases) -> Kind:
    """What entry a message becomes. Only a colleague's mail with no outside recipient is a forward or a memo."""
    everybody = (*message.to, *message.cc, *message.bcc)
    if message.kind is not Kind.MAIL or not _may_log(message.sender.address, directory):
        return message.kind
    if any(not _ours(to.address, directory) for to in everybody):
        return Kind.MAIL
    if message.forwarded:
        return Kind.FORWARD
    logged = role is Role.LOG or any(_without_tag(to.address) in directory.log_addresses for to in everybody)
    return _memo(message, phrases) if logged else Kind.MAIL


def findings(message: Message, kind: Kind, direction: Direction, calendar: Calendar, phrases: Phrases) -> Findings:
    """What the writer's new text promises and asks. Machines promise nothing, and colleagues owe each other nothing:
    in talk among them only what was told to the customer counts."""
    if kind in _MACHINES or message.bulk:
        return Findings()
    by = By.THEM if direction is Direction.IN else By.US
    who = message.sender.address
    text = message.new_text if by is By.THEM else without(message.new_text, phrases)
    found = promises.detect(text, said_at=message.date, by=by, who=who, calendar=calendar, phrases=phrases)
    if direction is Direction.INTERNAL:
        memo = kind not in (Kind.MAIL, Kind.FORWARD)
        kept = (one for one in found if promises.was_told(one) or (memo and promises.concerns_outside(one, phrases)))
        return Findings(tuple(kept))
    asked = questions.ask(text, phrases=phrases, said_at=message.date, calendar=calendar)
    return Findings(found, asked)


def findings_inside(
    inner: Forwarded, message: Message, directory: Directory, calendar: Calendar, phrases: Phrases
) -> Findings:
    """What a forwarded mail promises and asks; its date is the forward's where it shows none."""
    text = "\n".join(zone.text for zone in divide(inner.text, inner.subject, inner.sender) if zone.kind is ZoneKind.NEW)
    ours, said_at = directory.is_ours(inner.sender.address), inner.date or message.date
    found = promises.detect(
        text,
        said_at=said_at,
        by=By.US if ours else By.THEM,
        who=inner.sender.address,
        calendar=calendar,
        phrases=phrases,
    )
    return Findings(found, () if ours else questions.ask(text, phrases=phrases, said_at=said_at, calendar=calendar))


def together(parts: Iterable[Findings]) -> Findings:
    """Several findings as one, in order, each sentence once."""
    every = list(parts)
    promised = {one.quote: one for part in reversed(every) for one in reversed(part.promises)}
    asked = {one.quote: one for part in reversed(every) for one in reversed(part.questions)}
    return Findings(tuple(reversed(promised.values())), tuple(reversed(asked.values())))


def _memo(message: Message, phrases: Phrases) -> Kind:
    """A call, a meeting, or any other note: the first of its first lines that says so decides."""
    lines = [line for line in message.new_text.split("\n") if line.strip()]
    for line in (message.subject, *lines[:_FIRST_LINES]):
        text = plain(line[:_LINE])
        kind = next((kind for group, kind in _MEMOS if phrases.has(group, text)), None)
        if kind:
            return kind
    return Kind.NOTE


def _may_log(address: str, directory: Directory) -> bool:
    domain = address.rpartition("@")[2]
    return _ours(address, directory) or bool(directory.log_senders & {address, domain})


def _ours(address: str, directory: Directory) -> bool:
    return directory.is_ours(address) or _without_tag(address) in directory.log_addresses


def _without_tag(address: str) -> str:
    """`log+acme-3@…` is the log's address, too."""
    local, at, domain = address.partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
