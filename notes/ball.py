"""Who must act next in a case, since when and why.

In order: an open promise of ours or an unanswered question of the customer's is ours to act on, whoever wrote last.
Otherwise the last message between us and the customer decides: thanks end the matter, what they sent or asked for is
ours, what we asked or offered is theirs. Automatic replies, bounced mails and talk among colleagues pass no ball.
"""

from collections.abc import Sequence

from notes.answers import Asked
from notes.model import Ball, By, Holder, Kind
from notes.parties import Side
from notes.said import Letter, Said, Way
from notes.tracking import Act, Tracked

SILENT = (Kind.AUTO, Kind.BOUNCE, Kind.HINT)
DEEDS = ("visited", "delivered", "done")
NOBODY = Ball(Holder.NOBODY, None, None, "nothing-said")


Step = tuple[Letter, Sequence[Tracked], Sequence[Asked]]
"""A letter, and all that was promised and asked until then, the letter included."""


def after(steps: Sequence[Step]) -> Ball:
    """The ball after some letters, the oldest first: what is open decides, and since nothing was open the words do."""
    by_words: list[Step] = []
    ball: Ball | None = None
    for letter, tracked, asked in reversed(steps):
        ball = _owed(tracked, asked)
        if ball:
            break
        by_words.append((letter, tracked, asked))
    ball = ball or NOBODY
    for letter, tracked, _ in reversed(by_words):
        ball = _passed(ball, letter, tracked)
    return ball


def _passed(before: Ball, letter: Letter, tracked: Sequence[Tracked]) -> Ball:
    holder, reason = _by_last_word(before, letter, tracked)
    if holder is before.holder and before.since:
        return before if reason == before.reason else Ball(holder, before.since, before.because, reason)
    return Ball(holder, letter.at, letter.ref, reason)


def wants(letter: Letter, tracked: Sequence[Tracked]) -> bool:
    """Whether the customer's side writes and does more than greet, thank, confirm, or take back what they asked for."""
    theirs = letter.side is Side.CUSTOMER or letter.mail.kind is Kind.FORWARD
    if not theirs or letter.mail.kind in SILENT or not (letter.heard or letter.mail.attachments):
        return False
    return _after_theirs(letter, tracked)[0] is not Holder.NOBODY


def _owed(tracked: Sequence[Tracked], asked: Sequence[Asked]) -> Ball | None:
    """Ours since the customer first asked what is still open, else since the message that an open promise answers."""
    open_questions = [one.question for one in asked if one.is_open and not _waits_for_them(one, tracked)]
    if open_questions:
        first = min(open_questions, key=lambda one: one.at)
        return Ball(Holder.US, first.at, first.asked_in, "question-open")
    promised = [one for one in tracked if one.binding and one.promise.by is By.US]
    if promised:
        at, ref = min(one.waited_for for one in promised)
        return Ball(Holder.US, at, ref, "our-promise-open")
    return None


def _waits_for_them(asked: Asked, tracked: Sequence[Tracked]) -> bool:
    """ "We quote when we have your photos, could you send some?": the question is open, but they must act first."""
    return asked.asked_back or any(
        one.is_open and one.asks_back and not one.binding and one.thread == asked.thread
        for one in tracked
        if one.promise.by is By.US and one.promise.conditional and one.promise.made_at >= asked.question.at
    )


def _by_last_word(before: Ball, letter: Letter, tracked: Sequence[Tracked]) -> tuple[Holder, str]:
    if letter.internal and letter.mail.kind is not Kind.FORWARD:
        deed = _carried_out(letter, tracked)
        return (Holder.NOBODY, deed) if deed else _settled(before, letter, tracked)
    if letter.mail.kind in SILENT or letter.side is Side.OTHER or (letter.side is Side.US and not letter.reached):
        return _settled(before, letter, tracked)
    if letter.side is Side.CUSTOMER or letter.mail.kind is Kind.FORWARD:
        return _after_theirs(letter, tracked)
    return _after_ours(before, letter, tracked)


def _carried_out(letter: Letter, tracked: Sequence[Tracked]) -> str | None:
    """By which deed a colleague's report ends what we owed: the work is done, and nothing was asked."""
    kept = [one.promise.kept for one in tracked if one.promise.by is By.US and one.promise.kept]
    return next((one.reason for one in kept if one.ref == letter.ref and one.reason in DEEDS), None)


def _settled(before: Ball, letter: Letter, tracked: Sequence[Tracked]) -> tuple[Holder, str]:
    """Nobody wrote to the other, and nothing is open: what was ours through a promise or question is done, and so is
    what was theirs when word comes among us that they kept theirs."""
    kept = [one.promise.kept for one in tracked if one.promise.by is By.THEM and one.promise.kept]
    waited = before.reason == "their-promise-open" and not _promised_by_them(tracked)
    if waited and letter.internal and any(one.ref == letter.ref for one in kept):
        return Holder.NOBODY, "delivered"
    done = before.reason in ("our-promise-open", "question-open")
    return (Holder.THEM, "we-wrote-last") if done else (before.holder, before.reason)


def _after_theirs(letter: Letter, tracked: Sequence[Tracked]) -> tuple[Holder, str]:
    said = letter.heard
    agreed = any(one.does("agreed-now") and not one.promise for one in said)
    off = any((one.does("withdraw") or one.does("withdraw-all")) and not one.text.endswith("?") for one in said)
    if off and not agreed:
        # "we'll be in touch once we know", but not "we'll make do with what we have"
        theirs = any(one.promise and one.way is not Way.DO for one in said)
        return (Holder.THEM, "their-promise-open") if theirs else (Holder.NOBODY, "no-longer-wanted")
    if agreed or any(one.requests and not _polite(one) for one in said):
        return Holder.US, "they-asked"
    if _promised_by_them(tracked):
        return Holder.THEM, "their-promise-open"
    if _confirmed(letter, tracked):
        return Holder.NOBODY, "they-confirmed"
    news = [one for one in said if one.states or one.hands_over]
    telling = [one for one in news if not (one.does("receipt") or one.does("thanks"))]
    thanked = any(one.does("thanks") or one.does("receipt") or one.does("assent") for one in said)
    if thanked and not telling and not any(one.does("but") for one in said):
        return Holder.NOBODY, "they-thanked"
    if any(one.does("receipt") for one in said) and not letter.mail.attachments:
        return Holder.NOBODY, "they-confirmed"
    return Holder.US, "they-wrote-last"


def _confirmed(letter: Letter, tracked: Sequence[Tracked]) -> bool:
    """Whether they say, glad or thankful, that what we promised was done, or that all is settled on their side."""
    if any(one.does("all-settled") and not one.does("negated") for one in letter.heard):
        return not letter.mail.attachments
    kept = any(one.promise.kept and one.promise.kept.ref == letter.ref for one in tracked if one.promise.by is By.US)
    glad = any(one.does("thanks") or one.does("thanks-now") or one.does("praise") for one in letter.heard)
    against = any(one.does("but") or one.does("negated") or one.puts_off for one in letter.heard)
    return kept and glad and not against


def _polite(said: Said) -> bool:
    return said.polite or said.does("thanks") or said.does("assent")


def _after_ours(before: Ball, letter: Letter, tracked: Sequence[Tracked]) -> tuple[Holder, str]:
    said = letter.told
    over = before.holder is Holder.NOBODY and before.since and not letter.mail.attachments
    if over and not any(one.text.endswith("?") for one in said):
        return before.holder, before.reason
    if any(one.text.endswith("?") or one.does("ask-info") or (one.requests and not _polite(one)) for one in said):
        return Holder.THEM, "we-asked"
    if _promised_by_them(tracked):
        return Holder.THEM, "their-promise-open"
    came = letter.any("visited")
    deed = _carried_out(letter, [one for one in tracked if came or one.act in (Act.VISIT, Act.GOODS)])
    if deed and before.reason in ("our-promise-open", "they-asked"):
        return Holder.NOBODY, deed
    if any(one.states or one.hands_over or one.promise for one in said):
        return Holder.THEM, "we-wrote-last"
    if before.reason == "they-asked":
        return Holder.US, "only-acknowledged"
    return Holder.NOBODY, "we-acknowledged"


def _promised_by_them(tracked: Sequence[Tracked]) -> bool:
    return any(one.binding and one.promise.by is By.THEM for one in tracked)
