"""What an owner who comes back must know: what happened, what was promised in their name, what is theirs again.

Values only: the diary's cases and mails in, rows out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from notes.between import BY_MACHINE
from notes.gist import carry
from notes.model import By, Case, CaseState, Direction, Filed, Held, Holder, Kind, Move, Promise, Staff
from notes.stands import owed, state_of

TALKS = (Kind.CALL, Kind.MEETING)


@dataclass(frozen=True, slots=True)
class LastWords:
    """The last mail of one side while the owner was away: its number on the case's page, and what it says."""

    number: int
    mail: Filed
    gist: str


@dataclass(frozen=True, slots=True)
class Returned:
    """One case. `came`, `went`, `talks`, `notes`: how many mails, calls and meetings, notes of our own there were.

    `promised`: by others of ours in that time, also those since kept; `kept`, `moved` and `withdrawn` happened in it;
    `left` is what is still owed. `yours`: the case is the owner's now; `owner` names who holds it else.
    """

    case: Case
    state: CaseState
    holder: Holder
    came: int
    went: int
    talks: int
    notes: int
    last_in: LastWords | None
    last_out: LastWords | None
    promised: tuple[Promise, ...]
    kept: tuple[Promise, ...]
    moved: tuple[tuple[Promise, Move], ...]
    withdrawn: tuple[Promise, ...]
    left: tuple[Promise, ...]
    unanswered: int
    yours: bool
    owner: str | None

    @property
    def next_due(self) -> datetime | None:
        """When the first of what is still owed falls due."""
        return min((one.due_now for one in self.left if one.due_now), default=None)

    @property
    def happened(self) -> bool:
        """Whether there was anything at all."""
        return bool(self.came + self.went + self.talks + self.notes or self.moved or self.kept or self.withdrawn)


def returned(
    owner: Staff, since: datetime, cases: Iterable[tuple[Held, Sequence[Filed], str | None]], now: datetime
) -> tuple[Returned, ...]:
    """What happened from `since` to `now` in the cases of `owner`, what is to be done first in front.

    `cases`: each with all its mails and notes up to `now`, and the staff id of who looked after it at `since`; those
    whose customer wrote to the owner meanwhile are the owner's too. Where nothing happened and nothing is owed, none.
    """
    rows = [
        _row(held, mails, owner, since, now)
        for held, mails, before in cases
        if owner.id in (held.case.owner, before) or _written_to(owner, mails, since)
    ]
    wanted = [row for row in rows if row.happened or (row.yours and _to_do(row))]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(wanted, key=lambda row: (not row.yours, not _to_do(row), row.next_due or far, row.case.key)))


def _to_do(row: Returned) -> bool:
    return row.state is not CaseState.CLOSED and (row.holder is Holder.US or bool(row.left))


def _written_to(owner: Staff, mails: Iterable[Filed], since: datetime) -> bool:
    came = (mail for mail in mails if mail.direction is Direction.IN and mail.at >= since)
    return any(to.address in owner.addresses for mail in came for to in mail.to)


def _row(held: Held, mails: Sequence[Filed], owner: Staff, since: datetime, now: datetime) -> Returned:
    in_order = sorted(mails, key=lambda mail: (mail.at, mail.ref))
    numbered = [(n, mail) for n, mail in enumerate(in_order, 1) if since <= mail.at <= now]
    people = [(n, mail) for n, mail in numbered if mail.kind not in BY_MACHINE]
    ours = [one for one in held.standing.promises if one.by is By.US and not one.rejected]
    moves = [(one, move) for one in ours for move in one.moves if not move.void and since <= move.at <= now]
    return Returned(
        case=held.case,
        state=state_of(held, now),
        holder=held.standing.ball.holder,
        came=_count(people, Direction.IN),
        went=_count(people, Direction.OUT),
        talks=sum(mail.kind in TALKS for _, mail in people),
        notes=sum(mail.kind in (Kind.NOTE, Kind.HINT, Kind.FORWARD) for _, mail in people),
        last_in=_last(people, Direction.IN),
        last_out=_last(people, Direction.OUT),
        promised=tuple(one for one in ours if since <= one.made_at <= now and one.who not in owner.addresses),
        kept=tuple(one for one in ours if one.kept and since <= one.kept.at <= now),
        moved=tuple(moves),
        withdrawn=tuple(one for one in ours if one.withdrawn and since <= one.withdrawn.at <= now),
        left=owed(held.standing.promises),
        unanswered=sum(one.answered_in is None for one in held.standing.questions),
        yours=held.case.owner == owner.id,
        owner=held.case.owner,
    )


def _count(people: Sequence[tuple[int, Filed]], direction: Direction) -> int:
    return sum(mail.direction is direction and mail.kind is Kind.MAIL for _, mail in people)


def _last(people: Sequence[tuple[int, Filed]], direction: Direction) -> LastWords | None:
    """What memos and forwards say is second-hand: they are counted, and read on the page."""
    for n, mail in reversed(people):
        if mail.direction is direction and mail.kind is Kind.MAIL and mail.new_text.strip():
            return LastWords(n, mail, carry(mail))
    return None
