"""Who must act next in a case, since when and why.

In order: an open promise of ours or an unanswered question of the customer's is ours to act on, whoever wrote last.
Otherwise the last message between us and the customer decides: thanks end the matter, what they sent or asked for is
ours, what we asked or offered is theirs. Automatic replies, bounced mails and talk among colleagues pass no ball.
"""

from collections.abc import Sequence

from notes.answers import Asked
from notes.linking import Tracked
from notes.model import Ball, By, Holder, Kind
from notes.parties import Side
from notes.said import Letter

SILENT = (Kind.AUTO, Kind.BOUNCE, Kind.HINT)
NOBODY = Ball(Holder.NOBODY, None, None, "nothing-said")


def passed(before: Ball, letter: Letter, tracked: Sequence[Tracked], asked: Sequence[Asked]) -> Ball:
    """The ball after a letter, given what is open then. While the holder stays, so do `since` and `because`."""
    holder, reason = _holder(before, letter, tracked, asked)
    if holder is before.holder and before.since:
        return before if reason == before.reason else Ball(holder, before.since, before.because, reason)
    return Ball(holder, letter.at, letter.ref, reason)


def _holder(before: Ball, letter: Letter, tracked: Sequence[Tracked], asked: Sequence[Asked]) -> tuple[Holder, str]:
    if any(one.binding and one.promise.by is By.US for one in tracked):
        return Holder.US, "our-promise-open"
    if any(one.is_open for one in asked):
        return Holder.US, "question-open"
    if letter.mail.kind in SILENT or letter.side is Side.OTHER or (letter.side is Side.US and not letter.reached):
        return _settled(before)
    if letter.side is Side.CUSTOMER or letter.mail.kind is Kind.FORWARD:
        return _after_theirs(letter, tracked)
    return _settled(before) if letter.internal else _after_ours(before, letter, tracked)


def _settled(before: Ball) -> tuple[Holder, str]:
    """Nothing open is ours any more and nobody wrote to the other: what was ours through a promise is done."""
    done = before.reason in ("our-promise-open", "question-open")
    return (Holder.THEM, "we-wrote-last") if done else (before.holder, before.reason)


def _after_theirs(letter: Letter, tracked: Sequence[Tracked]) -> tuple[Holder, str]:
    said = letter.heard
    if any(one.does("withdraw") and not one.text.endswith("?") for one in said):
        return Holder.NOBODY, "no-longer-wanted"
    requests = [one for one in said if one.does("ask-action") and not one.does("courtesy") and not one.does("thanks")]
    if requests:
        return Holder.US, "they-asked"
    if _promised(tracked, By.THEM):
        return Holder.THEM, "their-promise-open"
    news = [one for one in said if one.states or one.hands_over]
    telling = [one for one in news if not (one.does("receipt") or one.does("thanks"))]
    if any(one.does("thanks") or one.does("receipt") or one.does("assent") for one in said) and not telling:
        return Holder.NOBODY, "they-thanked"
    if any(one.does("receipt") for one in said) and not letter.mail.attachments:
        return Holder.NOBODY, "they-confirmed"
    return Holder.US, "they-wrote-last"


def _after_ours(before: Ball, letter: Letter, tracked: Sequence[Tracked]) -> tuple[Holder, str]:
    said = letter.told
    if any(one.text.endswith("?") or one.does("ask-info") or one.does("ask-work") for one in said):
        return Holder.THEM, "we-asked"
    if _promised(tracked, By.THEM):
        return Holder.THEM, "their-promise-open"
    if any(one.states or one.hands_over for one in said):
        return Holder.THEM, "we-wrote-last"
    if before.holder is Holder.NOBODY:
        return Holder.NOBODY, before.reason
    return Holder.NOBODY, "we-acknowledged"


def _promised(tracked: Sequence[Tracked], by: By) -> bool:
    return any(one.binding and one.promise.by is by for one in tracked)
