"""Who looks after a case, and who did before: those who answer the customer, and hand-overs that a mail tells of.

Whoever answers first is the owner, until another answers again and again while he is silent, or one of us says that
it passed (`今後は鈴木が担当いたします`, `I will be taking over from Ken`). A stand-in who says that he only covers for
somebody takes over when that lasts for a month. What people assigned beats it all, from the moment they did.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from notes.companies import called
from notes.model import Correction, Customer, Direction, Directory, Filed, Kind, Owned, Staff
from notes.sentences import split
from notes.subjects import plain

_TRUST = 2
"""Answers of the owner's that count: one more of another's, without one of his between, are needed to take over."""
_LASTING = timedelta(days=5)
"""Over how long these must be spread, where the owner answered more than once: an afternoon is no hand-over."""
_COVER = timedelta(days=30)
"""After this long, one who covers for the owner is the owner."""
_MOST_SENTENCES, _LONGEST = 40, 400
_BY_MACHINE = (Kind.AUTO, Kind.BOUNCE)


def owner_of(mails: Iterable[Filed], directory: Directory, customer: Customer | None = None) -> str | None:
    """The staff id of who looks after a case by its mails, None where nobody of ours takes part."""
    found = owners(mails, directory, customer)
    return found[-1].who if found else None


def owners(mails: Iterable[Filed], directory: Directory, customer: Customer | None = None) -> tuple[Owned, ...]:
    """Who looked after a case, by its mails; the last one does now.

    Answers to the customer count; others only where there are none, so that who orders the parts is no owner.
    """
    in_order = sorted((mail for mail in mails if mail.kind not in _BY_MACHINE), key=lambda mail: (mail.at, mail.ref))
    outs = [mail for mail in in_order if mail.direction is Direction.OUT]
    answers = [mail for mail in outs if customer is None or _is_to(mail, customer)] or outs
    watch, counted = _Watch(), {mail.ref for mail in answers}
    for mail in in_order:
        writer = directory.staff_at(mail.sender.address)
        if mail.direction is Direction.IN:
            reader = next((staff for to in (*mail.to, *mail.cc) if (staff := directory.staff_at(to.address))), None)
            watch.was_asked(reader, mail)
        elif writer:
            said = handed_to(mail.new_text, writer, directory)
            if said:
                watch.passes(Owned(said, mail.at, mail.ref, "said"), _TRUST)
            elif mail.ref in counted:
                covers = not watch.is_owner(writer.id) and _covers(mail.new_text, writer, directory)
                watch.answered(writer, mail, covers=covers)
    return tuple(watch.owners)


def assigned(found: Sequence[Owned], corrections: Iterable[Correction], key: str) -> tuple[Owned, ...]:
    """Owners with what people decided about the case laid over, from corrections in force in their order."""
    by_hand: list[Owned] = []
    for made in corrections:
        if made.kind == "case-assign" and made.target == key:
            who = made.value.get("owner")
            by_hand = [*by_hand, Owned(who, made.at, None, "assigned")] if who else []
    before = [one for one in found if not by_hand or one.since < by_hand[0].since]
    return (*before, *by_hand)


def mailbox_owner(mails: Sequence[Filed], directory: Directory) -> str | None:
    """Whose mailbox a case lies in, where nobody of ours has written: a mailbox often bears its owner's id."""
    people = {person.id for person in directory.staff}
    found = [mailbox for mail in mails for mailbox in mail.mailboxes if mailbox in people]
    return max(found, key=found.count, default=None)


def _is_to(mail: Filed, customer: Customer) -> bool:
    """Whether a mail went to the customer."""
    return any(
        to.address in customer.addresses or any(_in(to.domain, domain) for domain in customer.domains)
        for to in (*mail.to, *mail.cc)
    )


def _in(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")


@dataclass
class _Watch:
    """The owners so far. `trust`: how much the present one answered. `others`: who answered since his last answer."""

    owners: list[Owned] = field(default_factory=list)
    trust: int = 0
    others: dict[str, list[Owned]] = field(default_factory=dict)
    covers: dict[str, datetime] = field(default_factory=dict)

    def was_asked(self, reader: Staff | None, mail: Filed) -> None:
        """The customer wrote to somebody: he is the owner as long as nobody answers."""
        if reader and (not self.owners or self.owners[-1].reason == "asked") and not self.is_owner(reader.id):
            self.owners = [Owned(reader.id, mail.at, mail.ref, "asked")]

    def answered(self, writer: Staff, mail: Filed, *, covers: bool) -> None:
        """One of us answered the customer."""
        answer = Owned(writer.id, mail.at, mail.ref, "answers")
        if not self.owners or self.owners[-1].reason == "asked":
            self.owners = []
            self.passes(answer, 1)
        elif self.is_owner(writer.id):
            self.trust = min(_TRUST, self.trust + 1)
            self.others, self.covers = {}, {}
        else:
            self._another(answer, covers=covers)

    def _another(self, answer: Owned, *, covers: bool) -> None:
        if covers:
            self.covers.setdefault(answer.who, answer.since)
        since = self.covers.get(answer.who)
        if since and answer.since - since < _COVER:
            return
        run = self.others.setdefault(answer.who, [])
        run.append(answer)
        if len(run) > self.trust and (self.trust < _TRUST or answer.since - run[0].since >= _LASTING):
            self.passes(run[0], min(_TRUST, len(run)))

    def passes(self, to: Owned, trust: int) -> None:
        """The case is somebody's from now on."""
        self.trust, self.others, self.covers = trust, {}, {}
        if not self.is_owner(to.who):
            self.owners.append(to)

    def is_owner(self, who: str) -> bool:
        """Whether the case is this staff id's at present."""
        return bool(self.owners) and self.owners[-1].who == who


# --- what is said of it ------------------------------------------------------------------------------------------


def handed_to(text: str, writer: Staff, directory: Directory) -> str | None:
    """The staff id of whom a text by one of us says to look after the matter from now on, or None."""
    lower = text[:4000].casefold()
    if not any(hint in lower for hint in _words("hints")):
        return None
    for sentence in split(plain(text[:4000]))[:_MOST_SENTENCES]:
        marked = _marked(sentence.text, directory)
        if _has("for_a_while", marked) and not _has("for_good", marked):
            continue
        named = next((found["who"] for each in _patterns("to_named") if (found := each.search(marked))), None)
        if named is not None:
            return directory.staff[int(named)].id
        if _has("to_writer", marked):
            return writer.id
    return None


def named(words: str, directory: Directory) -> Staff | None:
    """The one of our people whom a few words name, by id, address or any part of the name; None: nobody, or several."""
    said = plain(words[:_LONGEST]).casefold()
    exact = [one for one in directory.staff if said in (one.id.casefold(), *one.addresses)]
    pattern, numbers = _names(directory.staff)
    found = {numbers[each[1]] for each in pattern.finditer(said)} if pattern and not exact else set()
    return exact[0] if exact else directory.staff[found.pop()] if len(found) == 1 else None


def _covers(text: str, writer: Staff, directory: Directory) -> bool:
    """Whether the writer says that he stands in for another of us, for a while."""
    me = f"〈{directory.staff.index(writer)}〉"
    for sentence in split(plain(text[:2000]))[:12]:
        marked = _marked(sentence.text, directory)
        others = "〈" in marked.replace(me, "") or "担当" in marked
        if others and _has("for_a_while", marked):
            return True
    return False


def _marked(sentence: str, directory: Directory) -> str:
    """A sentence with the names of our people as 〈number〉; a name that two of us bear stays."""
    text = sentence[:_LONGEST].replace("〈", "(").replace("’", "'").casefold()
    pattern, numbers = _names(directory.staff)
    return pattern.sub(lambda found: f"〈{numbers[found[1]]}〉", text) if pattern else text


@cache
def _names(staff: tuple[Staff, ...]) -> tuple[re.Pattern[str] | None, dict[str, int]]:
    """What our people are called, whole names first, and who it is by his place among them."""
    bearers: dict[str, set[int]] = {}
    for number, person in enumerate(staff):
        whole = plain(person.name).casefold()
        local = (address.partition("@")[0] for address in person.addresses)
        for name in {whole, whole.replace(" ", ""), *called(person.name), *local, person.id.casefold()}:
            if len(name) > (2 if name.isascii() else 0):
                bearers.setdefault(name, set()).add(number)
    numbers = {name: next(iter(who)) for name, who in bearers.items() if len(who) == 1}
    found = [rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name) for name in numbers]
    found.sort(key=len, reverse=True)
    return (re.compile(f"({'|'.join(found)})(?:さん|様|氏|君|くん)?") if found else None), numbers


def _has(kind: str, marked: str) -> bool:
    return any(each.search(marked) for each in _patterns(kind))


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    placed = (each.replace("〈who〉", r"〈(?P<who>\d+)〉").replace("〈old〉", r"〈\d+〉") for each in _words(kind))
    return tuple(re.compile(each, re.IGNORECASE) for each in placed)


@cache
def _words(kind: str) -> tuple[str, ...]:
    """A list of `notes/phrases/owners.toml`."""
    return tuple(tomllib.loads((files("notes") / "phrases" / "owners.toml").read_text("utf-8"))[kind])
