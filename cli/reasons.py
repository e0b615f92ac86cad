"""Why a mail is where it is: gathered from what was kept of the decision, and from the mails themselves.

What decided is kept with the mail. The evidence is made again from the bytes: of the mail, and of the mails nearest to
it in time in its case and in the one that came second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notes.errors import NotFoundError
from notes.model import Case, Correction, Customer, Filed, Message
from notes.shared import Shared, shared
from notes.store import cases, corrections, customers, decided_customers, homes, mails
from notes.store.customers import Suggestion

if TYPE_CHECKING:
    from cli.diary import Diary
    from notes.profiles import Trait

MOST_READ = 40
"""Mails of a case that are read again, those nearest in time."""

BY_LINK = frozenset({"thread", "person", "note", "addressed", "first", "new", ""})
"""Rules that need no evidence: an answer, a key written down, a person's word, a case begun."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A case, and what the mail has in common with its mails; `numbers` are theirs on its page, by ref."""

    case: Case
    shared: tuple[Shared, ...]
    numbers: dict[str, int]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything that `kawari why` says of a mail.

    `joined`: its case. `ruled`: the case that the rules chose, where people made it another. `answers`: the mail of the
    case that it answers. `whole`: its bytes are kept, so that the evidence could be made again. `by_person`: a
    person put it there. `suggestion`: what ties it to the customer until a person decides. `of_another`: the rules gave
    it to another customer than that of its case now.
    """

    filed: Filed
    reason: str
    joined: Beside | None
    second: Beside | None
    ruled: str | None
    answers: str | None
    customer: Customer | None
    suggestion: Suggestion | None
    corrections: tuple[Correction, ...]
    whole: bool
    by_person: bool
    of_another: bool


def gather(diary: "Diary", ref: str) -> Reasons:
    """What there is to say of the mail of this ref. Raises `NotFoundError`."""
    db = diary.db
    filed, key, reason = mails.get(db, ref)
    message = _read(diary, ref)
    case = cases.get(db, key) if key else None
    chosen = homes.ruled(db, [ref])
    ruled = homes.living(db, chosen.values())
    theirs = cases.customers_of(db, chosen.values())
    aside = next((one for one in ruled.values() if case and one != case.key), None)
    asked = message if filed.joined.rule not in BY_LINK else None
    suggestions = customers.suggestions(db) if case else []
    writers = _outside(diary, filed)
    return Reasons(
        filed,
        reason,
        _beside(diary, case, filed, asked) if case else None,
        _second(diary, filed, message, case),
        aside,
        _answered(diary, filed, case),
        case.customer if case else None,
        next(
            (one for one in suggestions if case and one.customer == case.customer.id and one.address in writers), None
        ),
        tuple(_corrections(diary, filed, case, aside, writers)),
        message is not None,
        filed.joined.rule in ("", "person", "note") or ref in homes.pinned(db),
        any(case and one.id != case.customer.id for one in theirs.values()),
    )


def _read(diary: "Diary", ref: str) -> Message | None:
    from ingest.receive import read
    from notes.errors import UnreadableMailError

    raw = mails.raw(diary.db, ref)
    try:
        return replace(read(raw), ref=ref) if raw else None
    except UnreadableMailError:
        return None


def _second(diary: "Diary", filed: Filed, message: Message | None, joined: Case | None) -> Beside | None:
    """The case that came second, unless it is gone since, or one with the mail's."""
    try:
        case = cases.get(diary.db, filed.joined.runner_up) if filed.joined.runner_up else None
    except NotFoundError:
        return None
    return _beside(diary, case, filed, message) if case and (joined is None or case.key != joined.key) else None


def _beside(diary: "Diary", case: Case, filed: Filed, message: Message | None) -> Beside:
    """What was written before the mail is compared; where there is nothing, what was written after it."""
    from notes.traits import traits

    listed = sorted(mails.of_cases(diary.db, [case.key])[case.key], key=lambda mail: (mail.at, mail.ref))
    numbers = {mail.ref: n for n, mail in enumerate(listed, 1)}
    before = [mail for mail in listed if mail.at <= filed.at and mail.ref != filed.ref]
    others = before[::-1] or [mail for mail in listed if mail.ref != filed.ref]
    found: dict[str, frozenset[Trait]] = {}
    for mail in others[:MOST_READ] if message else ():
        other = _read(diary, mail.ref)
        if other:
            found[mail.ref] = traits(other, diary.desk.directory)
    if message is None:
        return Beside(case, (), numbers)
    pieces = shared(message, traits(message, diary.desk.directory), found)
    in_order = (replace(one, refs=tuple(sorted(one.refs, key=numbers.__getitem__))) for one in pieces)
    return Beside(case, tuple(in_order), numbers)


def _answered(diary: "Diary", filed: Filed, case: Case | None) -> str | None:
    """The nearest mail that it answers and that is in the same case."""
    above = [ref for ref in (*filed.bounced, *filed.references[::-1]) if ref != filed.ref]
    held = mails.cases_of(diary.db, above)
    return next((ref for ref in above if case and held.get(ref) == case.key), None)


def _outside(diary: "Diary", filed: Filed) -> list[str]:
    """Addresses of the people outside who take part."""
    inside = (one.sender for one in filed.forwarded)
    everybody = (filed.sender, *filed.to, *filed.cc, *inside)
    return [who.address for who in everybody if who.address and not diary.desk.directory.is_ours(who.address)]


def _corrections(
    diary: "Diary", filed: Filed, case: Case | None, ruled: str | None, writers: Sequence[str]
) -> Iterable[Correction]:
    """Those in force about the mail, its case, and its customer, in their order."""
    until = diary.now if diary.past else None
    keys = {filed.ref, *(cases.names_of(diary.db, case.key) if case else ()), *([ruled] if ruled else [])}
    made = {one.id: one for one in corrections.of(diary.db, keys, until)}
    made |= {one.id: one for one in corrections.of_kinds(diary.db, ("case-move", "case-split"), until)}
    about_customers = corrections.of_kinds(diary.db, decided_customers.KINDS, until)
    stays = {id_: one.id for id_, one in customers.by_id(diary.db, {one.target for one in about_customers}).items()}
    member = cases.member_of(diary.db, case.key) if case else ""
    for one in about_customers:
        if one.kind == "customer-merge":
            theirs = one.target == member
            member = one.value.get("into", "") if theirs else member
        else:
            theirs = one.kind == "customer-unalias" or bool(case and stays.get(one.target) == case.customer.id)
        made |= {one.id: one} if theirs else {}
    return [made[number] for number in sorted(made) if _applies(made[number], filed, writers)]


def _applies(one: Correction, filed: Filed, writers: Sequence[str]) -> bool:
    """Whether a correction that may concern a mail does."""
    if one.kind in ("case-move", "case-split"):
        return filed.ref in one.value.get("refs", "").splitlines()
    if one.kind in ("customer-alias", "customer-unalias"):
        owned = {value for _, value in decided_customers.owned(one.value)}
        by_name = filed.joined.customer_rule in ("named", "names")
        names = by_name and bool(decided_customers.listed(one.value, "names"))
        return names or any(
            value == each or f".{each}".endswith((f"@{value}", f".{value}")) for value in owned for each in writers
        )
    return True
