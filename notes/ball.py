"""Who must act next in a case, since when and why.

In order: an open promise of ours or an unanswered question of the customer's is ours to act on, whoever wrote last.
Otherwise the last message between us and the customer decides: thanks end the matter, what they sent or asked for is
ours, what we asked or offered is theirs. What they asked us to do stays ours until something says that it is done: no
answer in words is the deed. What gives them all they asked for, and waits for no decision of theirs, ends the matter.
Automatic replies, bounced mails and talk among colleagues pass no ball.
"""

from collections.abc import Sequence

from notes.answers import Asked
from notes.likeness import kinds
from notes.model import Ball, By, Holder, Kind
from notes.parties import Side
from notes.phrases import plain
from notes.said import Letter, Said, Way
from notes.tracking import Act, Tracked

SILENT = (Kind.AUTO, Kind.BOUNCE, Kind.HINT)
DEEDS = ("visited", "delivered", "done")
NOBODY = Ball(Holder.NOBODY, None, None, "nothing-said")
TO_DECIDE = frozenset(
    f"kind-{one}"
    for one in ("quote", "price-list", "contract", "sample", "catalogue", "proof", "draft", "form", "plan")
)
"""What waits for a yes or no of those who get it."""
DRAFTED, FINAL = frozenset({"kind-proof", "kind-draft"}), frozenset({"kind-certificate", "kind-report", "kind-invoice"})
MOST_BEFORE = 40


Step = tuple[Letter, Sequence[Tracked], Sequence[Asked]]
"""A letter, and all that was promised and asked until then, the letter included."""


def after(steps: Sequence[Step]) -> Ball:
    """The ball after some letters, the oldest first: what is open decides, and since nothing was open the words do."""
    start, ball = len(steps), NOBODY
    while start:
        letter, tracked, asked = steps[start - 1]
        owed = _owed(letter, tracked, asked)
        if owed:
            ball = owed
            break
        start -= 1
    for number in range(start, len(steps)):
        ball = _passed(ball, steps[number], [one for one, _, _ in steps[max(0, number - MOST_BEFORE) : number]])
    return ball


def _passed(before: Ball, step: Step, earlier: Sequence[Letter]) -> Ball:
    letter = step[0]
    holder, reason = _by_last_word(before, step, earlier)
    if holder is before.holder and before.since:
        return before if reason == before.reason else Ball(holder, before.since, before.because, reason)
    return Ball(holder, letter.at, letter.ref, reason)


def wants(letter: Letter, tracked: Sequence[Tracked]) -> bool:
    """Whether the customer's side writes and does more than greet, thank, confirm, or take back what they asked for."""
    theirs = letter.side is Side.CUSTOMER or letter.mail.kind is Kind.FORWARD
    if not theirs or letter.mail.kind in SILENT or not (letter.heard or letter.mail.attachments):
        return False
    return _after_theirs(letter, tracked)[0] is not Holder.NOBODY


def _owed(letter: Letter, tracked: Sequence[Tracked], asked: Sequence[Asked]) -> Ball | None:
    """Ours since the customer first asked what is still open, else since the message that an open promise answers."""
    open_questions = [one.question for one in asked if one.is_open and not _waits_for_them(one, tracked)]
    if open_questions:
        first = min(open_questions, key=lambda one: one.at)
        return Ball(Holder.US, first.at, first.asked_in, "question-open")
    ours = [one for one in tracked if one.is_open and one.promise.by is By.US]
    promised = [one for one in ours if one.binding or _ours_to_watch(one, letter)]
    if promised and not all(_asked_to_move(one, letter) for one in promised):
        at, ref = min(one.waited_for for one in promised)
        return Ball(Holder.US, at, ref, "our-promise-open")
    return None


def _ours_to_watch(tracked: Tracked, letter: Letter) -> bool:
    """Whether a promise waits for what will happen, and not by the customer's doing: "once the part is in"."""
    if tracked.asks_back:
        return False
    quote = plain(tracked.promise.quote)
    theirs = tracked.waits & {"when-agreed", "when-given", "when-told"}
    return not theirs and letter.phrases.has("bound-to-happen", quote) and not letter.phrases.has("their-doing", quote)


def _asked_to_move(tracked: Tracked, letter: Letter) -> bool:
    """Whether a letter of ours asks the customer if a promise may be kept on another day: first they must say."""
    if letter.side is not Side.US or letter.internal or not letter.reached or not tracked.promise.moves:
        return False
    last = tracked.promise.moves[-1]
    asks = any(one.text.endswith("?") for one in letter.sentences)
    return asks and last.ref == letter.ref and not (last.agreed_in or last.void)


def _waits_for_them(asked: Asked, tracked: Sequence[Tracked]) -> bool:
    """ "We quote when we have your photos, could you send some?": the question is open, but they must act first."""
    return asked.asked_back or any(
        one.is_open and one.asks_back and not one.binding and one.thread == asked.thread
        for one in tracked
        if one.promise.by is By.US and one.promise.conditional and one.promise.made_at >= asked.question.at
    )


def _by_last_word(before: Ball, step: Step, earlier: Sequence[Letter]) -> tuple[Holder, str]:
    letter, tracked, _ = step
    if letter.internal and letter.mail.kind is not Kind.FORWARD:
        deed = _carried_out(letter, tracked)
        return (Holder.NOBODY, deed) if deed else _settled(before, letter, tracked)
    if letter.mail.kind in SILENT or letter.side is Side.OTHER or (letter.side is Side.US and not letter.reached):
        return _settled(before, letter, tracked)
    if letter.side is Side.CUSTOMER or letter.mail.kind is Kind.FORWARD:
        holder, reason = _after_theirs(letter, tracked)
        return (Holder.US, "they-asked") if _still_awaited(before, letter, reason, earlier) else (holder, reason)
    return _after_ours(before, step, earlier)


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
        theirs = any((one.promise and one.way is not Way.DO) or one.does("their-word-later") for one in said)
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
    if thanked and _all_went_well(telling, letter):
        return Holder.NOBODY, "they-thanked"
    return Holder.US, "they-wrote-last"


def _all_went_well(telling: Sequence[Said], letter: Letter) -> bool:
    """Whether all that they tell beside their thanks is over or praised, and no trouble."""
    against = any(one.does("trouble") or one.does("but") or one.does("negated") or one.puts_off for one in letter.heard)
    glad = any(one.does("praise") or one.does("thanks-now") for one in letter.heard)
    return glad and all(_is_over(one) for one in telling) and not against and not letter.mail.attachments


def _is_over(said: Said) -> bool:
    """Whether a sentence tells what came of the work, and of nothing that they sent or decided."""
    more = said.does("handing") or said.does("on-its-way") or said.does("agreed-now")
    return said.does("praise") or (said.does("done") and not more)


def _still_awaited(before: Ball, letter: Letter, reason: str, earlier: Sequence[Letter]) -> bool:
    """Whether they only say fine to our word on what they want done: nothing says that it is."""
    if reason != "they-thanked" or before.holder is not Holder.US or before.reason != "they-asked":
        return False
    answered = bool(earlier) and earlier[-1].side is Side.US and not earlier[-1].internal
    pleased = any(one.does(group) for one in letter.heard for group in ("receipt", "praise", "thanks-now", "done"))
    return answered and not pleased


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


def _after_ours(before: Ball, step: Step, earlier: Sequence[Letter]) -> tuple[Holder, str]:
    letter, tracked, asked = step
    said = letter.told
    over = before.holder is Holder.NOBODY and before.since and not letter.mail.attachments
    if over and not any(one.text.endswith("?") for one in said):
        return before.holder, before.reason
    if any(one.text.endswith("?") or one.does("ask-info") or _wants_something(one) for one in said):
        return Holder.THEM, "we-asked"
    if _promised_by_them(tracked):
        return Holder.THEM, "their-promise-open"
    came = letter.any("visited")
    deed = _carried_out(letter, [one for one in tracked if came or one.act in (Act.VISIT, Act.GOODS)])
    if deed and before.reason in ("our-promise-open", "they-asked"):
        return Holder.NOBODY, deed
    if any(one.states or one.hands_over or one.promise for one in said) or letter.mail.attachments:
        return _after_telling(before, letter, asked, earlier)
    if before.reason == "they-asked":
        return Holder.US, "only-acknowledged"
    return Holder.NOBODY, "we-acknowledged"


def _wants_something(said: Said) -> bool:
    """Whether a sentence of ours asks them to do something; one that promises or takes back only sounds so."""
    taken_back = said.does("let-us") and (said.does("withdraw") or said.does("withdraw-own"))
    return said.requests and not (said.promise or taken_back or _polite(said))


def _after_telling(
    before: Ball, letter: Letter, asked: Sequence[Asked], earlier: Sequence[Letter]
) -> tuple[Holder, str]:
    """Who must act when we told or sent something, asked nothing and owe nothing that was found to be promised."""
    if before.holder is Holder.THEM or not any(one.side is Side.CUSTOMER or one.inner for one in earlier):
        return Holder.THEM, "we-wrote-last"
    if _offers(letter) or _offered_before(earlier) or any(one.does("refusal") or one.puts_off for one in letter.told):
        return Holder.THEM, "we-wrote-last"
    if _reports(letter):
        return Holder.NOBODY, "delivered"
    if before.holder is Holder.US and _deed_awaited(before, letter, asked, earlier):
        return Holder.US, "they-asked"
    return Holder.NOBODY, "answered"


def _offers(letter: Letter) -> bool:
    """Whether a letter of ours brings what waits for a decision: a quote, a draft, a price that is no invoice's."""
    handed = kinds(letter.names) | letter.kinds_handed
    if handed & FINAL or not letter.mail.attachments:
        handed -= DRAFTED  # 校正 is what a printer sends to be read, and what a gauge's certificate tells of
    if handed & TO_DECIDE:
        return True
    return not letter.mail.attachments and any(one.states and one.does("sum") for one in letter.told)


def _offered_before(earlier: Sequence[Letter]) -> bool:
    """Whether what we offered is still to be decided: the customer has only asked about it since."""
    for letter in reversed(earlier):
        if letter.side is Side.US and not letter.internal and letter.reached and _offers(letter):
            return True
        if letter.side is Side.CUSTOMER and letter.mail.kind not in SILENT and not _only_asks(letter):
            return False
    return False


def _only_asks(letter: Letter) -> bool:
    """Whether a customer's mail asks something and decides nothing."""
    decided = any(one.does(group) for one in letter.heard for group in ("agreed-now", "assent", "withdraw"))
    return bool(letter.mail.findings.questions) and not decided


def _reports(letter: Letter) -> bool:
    """Whether a letter of ours brings something, or tells that something is done or on its way."""
    told = [one for one in letter.told if not (one.promise or one.does("undone") or one.puts_off)]
    done = any(one.hands_over or one.does("on-its-way") or one.does("is-done") for one in told)
    return bool(letter.mail.attachments) or done


def _deed_awaited(before: Ball, letter: Letter, asked: Sequence[Asked], earlier: Sequence[Letter]) -> bool:
    """Whether the customer wants something done, or asked when it will be: words alone do not end that."""
    answered = [one for one in asked if one.question.answered_in == letter.ref]
    dated = any(one.does("dated") for one in letter.told)
    if any(one.rule == "ask-work" or _asks_day(one, letter) or (dated and _names_day(one, letter)) for one in answered):
        return True
    return before.reason == "they-asked" and not answered and any(one.side is Side.CUSTOMER for one in earlier)


def _asks_day(asked: Asked, letter: Letter) -> bool:
    """Whether a question is when something will be done, and not how long it takes or lasts."""
    return asked.rule == "ask-when" and not letter.phrases.has("how-long", plain(asked.question.quote))


def _names_day(asked: Asked, letter: Letter) -> bool:
    """Whether a question proposes a day: "could it be the 17th?"; who answers with one has agreed to come."""
    return letter.phrases.has("dated", plain(asked.question.quote))


def _promised_by_them(tracked: Sequence[Tracked]) -> bool:
    """Whether we wait for something of theirs: by a day, or a thing, a word, a visit; what they do at their own place
    brings us nothing."""
    return any(
        one.binding and one.promise.by is By.THEM and (one.promise.due.to or one.way is not Way.DO) for one in tracked
    )
