"""Where a case stands: a forward fold over its messages, oldest first, then over what people decided.

A message can add evidence to what was known before and never changes it otherwise, so the standing as of any moment is
the fold over what there was by then. Nothing here knows what time it is.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from notes import another_day, answers, evidence, linking, taken_back, tracking
from notes.answers import Asked
from notes.ball import Step, after, wants
from notes.corrected import correct
from notes.evidence import Proof
from notes.leaning import LEANS
from notes.likeness import Topic, topic
from notes.model import (
    Ball,
    By,
    Calendar,
    Correction,
    Customer,
    Direction,
    Directory,
    Due,
    Evidence,
    Filed,
    Kind,
    Move,
    Promise,
    PromiseFound,
    QuestionFound,
    Standing,
)
from notes.parties import Side, know
from notes.phrases import Phrases, load, plain
from notes.promises import was_told
from notes.questions import ask
from notes.rivals import Rivals, compare
from notes.said import MEMOS, Letter, Said, by_of, calls_off, read
from notes.squeezed import squeezed
from notes.tracking import Act, Tracked
from notes.undelivered import lost

SILENT = (Kind.AUTO, Kind.BOUNCE, Kind.HINT)
MOST_OPEN, MOST = 200, 1_000
"""Promises, and questions, that may be open in a case at one time, and in all: what a machine writes has to end."""
ID_LENGTH = 6
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no look-alikes: i l o 0 1
SURE = 0.5
Proofs = dict[int, Proof]
Likeness = Callable[[Tracked, PromiseFound, Said, Letter], float]


def promise_id(made_in: str, quote: str) -> str:
    """Six characters a person can type, from SHA-256 over the message and the words: stable when read again."""
    number = int.from_bytes(hashlib.sha256(f"{made_in}\0{squeezed(quote)}".encode()).digest()[:8])
    letters = []
    for _ in range(ID_LENGTH):
        number, rest = divmod(number, len(ID_LETTERS))
        letters.append(ID_LETTERS[rest])
    return "".join(letters)


def stand(
    mails: Sequence[Filed],
    corrections: Sequence[Correction],
    *,
    directory: Directory,
    calendar: Calendar,
    customer: Customer | None = None,
    phrases: Phrases | None = None,
) -> Standing:
    """What follows from a case's messages and corrections. `customer` tells suppliers from customers where known."""
    words = phrases or load()
    ordered = sorted(mails, key=lambda mail: (mail.at, mail.ref))
    parties = know(ordered, directory, customer)
    returned = lost(ordered)
    desk = _Desk(calendar, words)
    threads = _threads(ordered)
    for mail in ordered:
        desk.take(read(mail, parties, returned, threads[mail.ref], words))
    promises = correct([one.promise for one in desk.tracked], corrections, ordered)
    return Standing(
        promises=tuple(promises),
        questions=tuple(one.question for one in desk.asked),
        ball=_ball(desk, promises),
        last_in=_last(ordered, Direction.IN),
        last_out=_last(ordered, Direction.OUT),
        wanted_at=next((letter.at for letter, tracked, _ in reversed(desk.steps) if wants(letter, tracked)), None),
    )


def _threads(mails: Sequence[Filed]) -> dict[str, str]:
    """For every message the name of its thread: tied by references, also through a common mail nobody has seen."""
    head: dict[str, str] = {}
    named: dict[str, str] = {}
    for mail in mails:
        refs = (mail.ref, *mail.references)
        roots = [head[ref] for ref in refs if ref in head]
        root = roots[0] if roots else mail.ref
        for ref in refs:
            head.setdefault(ref, root)
        named[mail.ref] = root
    return named


def _last(mails: Sequence[Filed], direction: Direction) -> datetime | None:
    return max((mail.at for mail in mails if mail.direction is direction and mail.kind not in SILENT), default=None)


@dataclass
class _Desk:
    """The state of the fold."""

    calendar: Calendar
    phrases: Phrases
    tracked: list[Tracked] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    heard: tuple[datetime, str] | None = None
    asking: Letter | None = None
    invited: dict[str, Letter] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def take(self, letter: Letter) -> None:
        """One letter: what it settles, then what it moves and promises, then what it asks, then the ball."""
        if letter.mail.kind not in SILENT:
            self._agree(letter)
            self._firm(letter)
            rivals = compare(self.tracked, letter)
            answered = self._answered(letter)
            proposed = self._proposed(letter)
            before = tuple(self.tracked)
            proofs = self._proofs(letter.without([one.quote for one in proposed]), rivals, answered)
            for index, proof in proofs.items():
                if proof.left:
                    self.tracked[index] = self.tracked[index].kept_in_part(letter.ref, proof.left, proof.parts)
            moved = self._promises(letter, proposed, proofs)
            known = {index: proof for index, proof in proofs.items() if self.tracked[index] is before[index]}
            proofs = self._proofs(letter, rivals, answered, {} if proposed else known)
            granted = self._grant(letter, moved)
            proofs = {index: proof for index, proof in proofs.items() if index != granted}
            self._settle(letter, moved, proofs, rivals)
            self._questions(letter, answered)
            if letter.side is Side.CUSTOMER or letter.inner:
                self.heard = (letter.at, letter.ref)
                self.asking = letter
            self._invite(letter)
        self.steps.append((letter, tuple(self.tracked), tuple(self.asked)))

    def _invite(self, letter: Letter) -> None:
        """Keeps in mind in which threads the customer's last word asks for another day."""
        if letter.side is Side.CUSTOMER and self._wants_another_day(letter):
            self.invited[letter.thread] = letter
        elif letter.side is Side.CUSTOMER or (letter.side is Side.US and letter.reached):
            self.invited.pop(letter.thread, None)

    def _wants_another_day(self, letter: Letter) -> bool:
        promised = [self.tracked[index] for index in self._dated(letter)]
        return (
            another_day.wants_another_day(letter, self._dues(letter))
            or another_day.wants_it_sooner(letter, promised, self.calendar)
            or any(another_day.asks_instead(letter, one, self.calendar) for one in promised)
        )

    def _dues(self, letter: Letter) -> list[datetime]:
        """The dates in force of what we promised in a letter's thread."""
        return [due for index in self._dated(letter) if (due := self.tracked[index].promise.due_now)]

    def _dated(self, letter: Letter) -> list[int]:
        """The numbers of the dated promises of ours that are open in a letter's thread."""
        return [
            index
            for index, one in enumerate(self.tracked)
            if one.is_open and one.promise.by is By.US and one.thread == letter.thread and one.promise.due_now
        ]

    def _firm(self, letter: Letter) -> None:
        """Conditions met."""
        for index, one in enumerate(self.tracked):
            if one.is_open and tracking.meets(one, letter):
                self.tracked[index] = tracking.firm(one, letter, self.calendar)

    def _proofs(
        self, letter: Letter, rivals: dict[int, Rivals], answered: frozenset[int], known: Proofs | None = None
    ) -> Proofs:
        """What a letter does for each open promise, where it is not `known`."""
        return {
            index: (known and known.get(index))
            or evidence.prove(self.tracked[index], letter, rival, self.asked, answered)
            for index, rival in rivals.items()
        }

    def _settle(self, letter: Letter, moved: frozenset[str], proofs: Proofs, rivals: dict[int, Rivals]) -> None:
        """Promises kept or withdrawn. What the letter itself moves or says again was at most kept in part."""
        for index, proof in proofs.items():
            one, withdrawn = self.tracked[index], None
            if letter.ref in one.promise.partly:
                continue
            if one.promise.id in moved:
                if proof.evidence or linking.hands_part(one, letter):
                    self.tracked[index] = one.kept_in_part(letter.ref, one.promise.left)
            elif proof.evidence and not (withdrawn := self._takes_back(one, letter, rivals[index], proof.evidence)):
                self._keep(index, proof.evidence, letter)
            else:
                withdrawn = withdrawn or taken_back.withdraws(one, letter, rivals[index])
                self._set(index, replace(one.promise, withdrawn=withdrawn))
        gone = [self.tracked[index] for index in proofs if self.tracked[index].promise.withdrawn]
        if letter.side is Side.CUSTOMER and any(one.promise.by is By.US for one in gone):
            self._call_off(letter, {one.waited_for[1] for one in gone})
        for index in proofs if gone else ():
            if self.tracked[index].is_open:
                fallen = next(
                    (one.promise.withdrawn for one in gone if taken_back.falls_with(self.tracked[index], one)), None
                )
                self._set(index, replace(self.tracked[index].promise, withdrawn=fallen))

    def _takes_back(self, one: Tracked, letter: Letter, rivals: Rivals, found: Evidence) -> Evidence | None:
        """What a letter of the promising side takes back in so many words is not done by what else it tells."""
        weak = found.reason in ("done", "visited") and letter.side is one.side
        return taken_back.withdraws(one, letter, rivals) if weak else None

    def _call_off(self, letter: Letter, answered: set[str]) -> None:
        """What was asked of us falls with the last of what we promised; so does the mail that it `answered`."""
        if any(one.is_open and one.promise.by is By.US for one in self.tracked):
            return
        for number, asked in enumerate(self.asked):
            fallen = asked.rule != "ask-info" or asked.question.asked_in in answered
            if asked.is_open and fallen and asked.question.asked_in != letter.ref:
                self.asked[number] = asked.answered(letter.ref)

    def _keep(self, index: int, found: Evidence, letter: Letter) -> None:
        """A promise kept, and with it the questions it was to answer."""
        one = self.tracked[index]
        self.tracked[index] = one.kept(found)
        for other, before in enumerate(self.tracked):
            if before.is_open and before.promise.id == one.follows:
                self.tracked[other] = before.kept(found)
        for number, asked in enumerate(self.asked):
            due = asked.is_open and (number in one.questions or answers.settled_by(asked, one))
            if due and answers.is_final(asked, letter):
                self.asked[number] = asked.answered(found.ref)

    def _promises(self, letter: Letter, proposed: tuple[PromiseFound, ...], proofs: Proofs) -> frozenset[str]:
        """New promises, and new dates for old ones; returns the ids of those moved or said again."""
        touched: set[str] = set()
        for told in (*_promised_in(letter), *proposed):
            found = linking.dated_latest(
                told, letter, self.calendar, pressed=letter.side is Side.US and letter.thread in self.invited
            )
            said = Said(plain(found.quote), letter.phrases, found)
            moved = self._moved_by(found, said, letter, proofs)
            again = None if moved is not None else self._best(linking.repeats, found, said, letter)
            if again is not None and linking.hands_it(self.tracked[again], found, letter):
                continue
            if moved is None and linking.hands_again(found, said, letter):
                continue
            if moved is not None:
                self._move(moved, found, letter)
            elif again is not None:
                promise = self.tracked[again].promise
                self._set(again, replace(promise, also_in=tuple(dict.fromkeys((*promise.also_in, letter.ref)))))
            elif _has_room(self.tracked) and not (said.does("only-moves") or _only_asks(found)):
                made = _make(found, letter, self.heard or (letter.at, letter.ref), self.asking, self.calendar)
                made = replace(made, follows=tracking.carries_on(made, self.tracked, letter))
                self.tracked.append(replace(made, questions=answers.owed(made, self.asked)))
            if moved is not None or again is not None:
                touched.add(self.tracked[moved if moved is not None else again or 0].promise.id)
        return frozenset(touched)

    def _proposed(self, letter: Letter) -> tuple[PromiseFound, ...]:
        """Other dates a letter names without promising, looked for while a dated promise of its side is open."""
        if letter.mail.kind is Kind.FORWARD or (letter.internal and letter.mail.kind not in MEMOS):
            return ()
        own = by_of(letter.side)
        dated = [one for one in self.tracked if one.is_open and one.promise.due_now]
        theirs = [one for one in dated if one.promise.by is By.THEM] if own is By.US and letter.internal else []
        ours = [one for one in dated if one.promise.by is own]
        return linking.proposals(letter, self.calendar, ours) + linking.reported(letter, self.calendar, theirs)

    def _moving(self, letter: Letter, proofs: Proofs) -> Likeness:
        """How surely a sentence moves a promise, given how many others it could move and what the letter keeps."""
        own = by_of(letter.side)
        before = [one for one in self.tracked if one.promise.made_in != letter.ref]
        every = [one for one in before if one.is_open and one.promise.due_now is not None]
        dated = {by: [one for one in every if one.promise.by is by] for by in By}
        here = {by: [one for one in some if one.thread == letter.thread] for by, some in dated.items()}
        kept = {self.tracked[index].promise.id for index, proof in proofs.items() if proof.evidence}

        def likeness(one: Tracked, found: PromiseFound, said: Said, letter: Letter) -> float:
            is_kept, invited = one.promise.id in kept, own is By.US and letter.thread in self.invited
            alone = len(dated[found.by]) == 1 or here[found.by] == [one]
            return linking.moves(one, found, said, letter, alone=alone, kept=is_kept, invited=invited)

        return likeness

    def _moved_by(self, found: PromiseFound, said: Said, letter: Letter, proofs: Proofs) -> int | None:
        """The promise that a sentence moves, by its number. One that no word makes a promise rather names another day
        for an old one than makes a new one."""
        moving, moved = self._moving(letter, proofs), None
        if found.rule == LEANS:
            bare = Said(said.text, letter.phrases)
            moved = self._best(moving, replace(found, rule=linking.PROPOSAL), bare, letter)
        moved = self._best(moving, found, said, letter) if moved is None else moved
        return self._wished_by(found, said, letter) if moved is None else moved

    def _wished_by(self, found: PromiseFound, said: Said, letter: Letter) -> int | None:
        """The promise, by its number, for which the customer wished the very day that a sentence of ours now gives."""
        if found.due.to is None or found.by is not By.US or found.conditional:
            return None
        chosen, day = self._wish(letter, [found.due.to])
        if chosen is None or day is None or day.date() != found.due.to.date():
            return None
        if not another_day.fits(self.tracked[chosen], said):
            return None
        self.invited[letter.thread] = self.asking or letter
        return chosen

    def _wish(self, letter: Letter, offered: Sequence[datetime]) -> tuple[int | None, datetime | None]:
        """Which dated promise, by its number, the customer's last word wishes another day for, and which; a letter of
        ours answers it and `offered` days."""
        asking = self.asking
        if asking is None or letter.side is not Side.US or not letter.reached or asking.thread != letter.thread:
            return None, None
        ours = [index for index in self._dated(letter) if self.tracked[index].promise.made_in != letter.ref]
        wishes = [(*another_day.wished(asking, self.tracked[index], self.calendar, offered), index) for index in ours]
        best = max((points for points, _, _ in wishes), default=0.0)
        meant = [(index, day) for points, day, index in wishes if points == best]
        return meant[0] if best >= another_day.WISHED and len(meant) == 1 else (None, None)

    def _best(self, likeness: Likeness, found: PromiseFound, said: Said, letter: Letter) -> int | None:
        """The open promise of the same side that a sentence is most surely about, by its number."""
        best, chosen = SURE, None
        for index, one in enumerate(self.tracked):
            if one.is_open and one.promise.by is found.by and _may_speak_for(one, letter):
                score = likeness(one, found, said, letter)
                if score >= best:
                    best, chosen = score, index
        return chosen

    def _set(self, index: int, promise: Promise) -> None:
        self.tracked[index] = replace(self.tracked[index], promise=promise)

    def _move(self, index: int, found: PromiseFound, letter: Letter) -> None:
        """A new date for a promise. Where we only say yes to the very day that the other side asked for, it counts from
        their letter; where we promise it in words of our own, from ours."""
        one = self.tracked[index]
        void = letter.side is Side.US and not letter.internal and not letter.reached
        asking = None if void else self._asked_for(found, letter)
        agreed = asking.ref if asking else None
        agreed = letter.ref if letter.internal and linking.agrees(letter.sentences) else agreed
        same_hour = letter.phrases.has("same-hour", plain(found.quote)) or (asking and asking.any("same-hour"))
        to = linking.at_the_same_hour(found.due.to, one.promise, said=bool(same_hour))
        move = Move(to, letter.ref, letter.at, agreed_in=agreed, void=void)
        own = letter.phrases.has("reschedule", plain(found.quote))
        yes = (found.rule in (LEANS, linking.PROPOSAL) and not own) or letter.phrases.has(
            "switches", plain(found.quote)
        )
        if asking and not letter.internal and yes:
            move = replace(move, ref=asking.ref, agreed_in=letter.ref)
        others = tuple(old for old in one.promise.moves if old.ref not in {letter.ref, asking and asking.ref})
        moved = replace(one, promise=replace(one.promise, moves=(*others, move)))
        self.tracked[index] = moved if void else tracking.retopic(moved, found, letter)

    def _asked_for(self, found: PromiseFound, letter: Letter) -> Letter | None:
        """The other side's mail that asked for the very day that a letter gives: they agreed before."""
        asking = self.invited.get(letter.thread) if letter.side is Side.US else None
        return asking if asking and another_day.asks_for_day(asking, found.due.to, self.calendar) else None

    def _grant(self, letter: Letter, moved: frozenset[str]) -> int | None:
        """A yes of ours to another day that the customer asked for, or that day said back, moves the dated promise of
        the thread that they meant: its number."""
        if letter.side is not Side.US or not letter.reached or letter.internal or moved:
            return None
        asking = self.invited.get(letter.thread)
        index, day = self._granted(letter, asking) if asking else (None, None)
        if index is None:
            asking = self.asking
            index, day = self._wish_granted(letter)
        if asking is None or index is None:
            return None
        promise = self.tracked[index].promise
        to = linking.at_the_same_hour(day, promise, said=asking.any("same-hour"))
        move = Move(to, asking.ref, letter.at, agreed_in=letter.ref, void=False)
        self._set(index, replace(promise, moves=(*promise.moves, move)))
        return index

    def _wish_granted(self, letter: Letter) -> tuple[int | None, datetime | None]:
        """The promise, by its number, and the day that the customer wished for it, said back or agreed to."""
        offered = another_day.offers(letter, self.calendar)
        index, day = self._wish(letter, offered)
        if index is None or day is None:
            return None, None
        said_back = any(one.date() == day.date() for one in offered)
        said_back = said_back or another_day.grants_day(letter, day, self.calendar)
        return (index, day) if said_back or (linking.agrees(letter.sentences) and not offered) else (None, None)

    def _granted(self, letter: Letter, asking: Letter) -> tuple[int | None, datetime | None]:
        """The promise, by its number, and the day that was asked for it in so many words, if a letter grants that."""
        ours = [index for index in self._dated(letter) if self.tracked[index].promise.made_in != letter.ref]
        open_yet = [self.tracked[index] for index in ours]
        meant = [ours[number] for number in another_day.asked_of(asking, open_yet, self.calendar)]
        day = another_day.day_asked(asking, self.tracked[meant[0]], self.calendar) if len(meant) == 1 else None
        if day is None:
            return None, None
        dated = any(one.due.to for one in letter.mail.findings.promises)
        yes = another_day.grants_day(letter, day, self.calendar) or (linking.agrees(letter.sentences) and not dated)
        return (meant[0], day) if yes else (None, None)

    def _agree(self, letter: Letter) -> None:
        """The other side's consent to the last move."""
        for index, one in enumerate(self.tracked):
            last = one.promise.moves[-1] if one.promise.moves else None
            if last is None or last.agreed_in or last.void or not one.is_open:
                continue
            if last.to and last.to < letter.at:
                continue  # nobody agrees to a day that has gone by
            theirs = _from_other_side(one.promise, letter)
            if linking.agrees(theirs) or (last.to and another_day.says_back(theirs, letter, last.to, self.calendar)):
                agreed = replace(last, agreed_in=letter.ref)
                self._set(index, replace(one.promise, moves=(*one.promise.moves[:-1], agreed)))
                self.tracked[index] = replace(self.tracked[index], waited_for=(letter.at, letter.ref))

    def _answered(self, letter: Letter) -> frozenset[int]:
        """The numbers of the open questions that a letter answers."""
        return frozenset(
            index
            for index, one in enumerate(self.asked)
            if one.is_open and answers.answers(one, letter, answers.beside(one, self.asked))
        )

    def _questions(self, letter: Letter, answered: frozenset[int]) -> None:
        """What the letter answers, then what it asks."""
        for index, one in enumerate(self.asked):
            if one.is_open:
                if index in answered or answers.drops(one, letter):
                    one = one.answered(letter.ref)
                self.asked[index] = answers.turn(one, letter) if one.is_open else one
        self._press(letter)
        for number, found in enumerate(_asked_in(letter), 1):
            new = answers.hear(found, letter, number)
            if found.rule == "ask-again" and self._presses(found, letter):
                continue
            if not answers.asked_again(new, self.asked) and _has_room(self.asked):
                at_once = letter.mail.kind is Kind.FORWARD and answers.answers(new, letter)
                self.asked.append(new.answered(letter.ref) if at_once else new)
        if letter.mail.kind in MEMOS:
            self._owe(letter)

    def _owe(self, letter: Letter) -> None:
        """What a memo promises to answer is what it says was asked."""
        here = frozenset(n for n, one in enumerate(self.asked) if one.is_open and one.question.asked_in == letter.ref)
        for index, one in enumerate(self.tracked):
            answer = one.act in (Act.ANSWER, Act.CALL) and one.promise.by is By.US
            if here and answer and one.promise.made_in == letter.ref:
                self.tracked[index] = replace(one, questions=one.questions | here)

    def _press(self, letter: Letter) -> None:
        """A chaser that says by when it wants an answer says so of what it asked for before."""
        before = [
            index
            for index, one in enumerate(self.asked)
            if one.is_open and one.thread == letter.thread and one.question.asked_in != letter.ref
        ]
        moment = answers.wanted_in(letter, self.calendar) if before else None
        for index in before if moment else ():
            one = self.asked[index]
            self.asked[index] = replace(one, question=replace(one.question, wanted=moment))

    def _presses(self, found: QuestionFound, letter: Letter) -> bool:
        """Whether it only presses for what is open already; "where is it?" is a question when no other is open."""
        if any(one.is_open and one.question.asked_in != letter.ref for one in self.asked):
            return True
        asks = plain(found.quote).rstrip("。.").endswith(("?", "か"))
        return not asks and any(one.binding for one in self.tracked)


def _has_room(held: Sequence[Tracked] | Sequence[Asked]) -> bool:
    return len(held) < MOST and sum(one.is_open for one in held) < MOST_OPEN


def _only_asks(found: PromiseFound) -> bool:
    """Another day that is named or asked for, and that moves nothing we know of, promises nothing."""
    return found.rule == linking.PROPOSAL or (
        found.moves and found.by is By.THEM and found.quote.rstrip().endswith("?")
    )


def _may_speak_for(tracked: Tracked, letter: Letter) -> bool:
    """Customers and suppliers promise each for themselves; what we write or forward may tell of either."""
    return letter.side is Side.US or letter.side is tracked.side


def _from_other_side(promise: Promise, letter: Letter) -> tuple[Said, ...]:
    """What a letter brings from those to whom a promise was made: their mail, also in a forward, or told in a memo; of
    what we write that which goes to who promised."""
    if promise.by is By.US:
        return () if letter.side is Side.OTHER else _reported_to_us(letter)
    there = promise.who.rpartition("@")[2]
    to_them = any(one.domain == there for one in (*letter.mail.to, *letter.mail.cc))
    return letter.told if to_them and not letter.internal else ()


def _reported_to_us(letter: Letter) -> tuple[Said, ...]:
    """What the customer says in a letter; of a colleague's mail that is no memo only what it says that they said."""
    if letter.mail.direction is not Direction.INTERNAL or letter.mail.kind is not Kind.MAIL:
        return letter.heard
    return tuple(one for one in letter.heard if one.does("theirs-reported"))


def _promised_in(letter: Letter) -> tuple[PromiseFound, ...]:
    """The promises a letter counts for: among colleagues only what was told, in memos all."""
    found = tuple(one for one in letter.mail.findings.promises if not calls_off(one, letter.phrases))
    if letter.mail.direction is not Direction.INTERNAL or letter.mail.kind in MEMOS:
        return found
    return tuple(one for one in found if was_told(one) or one.by is By.THEM)


def _asked_in(letter: Letter) -> tuple[QuestionFound, ...]:
    """The customer's questions in a letter: theirs, those of a mail inside a forward, those told in a memo."""
    if letter.side is Side.CUSTOMER or letter.mail.kind is Kind.FORWARD:
        return letter.mail.findings.questions
    if letter.mail.kind in MEMOS or letter.mail.direction is Direction.INTERNAL:
        found = letter.mail.findings.questions or ask(letter.mail.new_text, phrases=letter.phrases)
        return tuple(one for one in found if letter.phrases.has("ask-memo", plain(one.quote)))
    return ()


def _make(
    found: PromiseFound, letter: Letter, waited: tuple[datetime, str], asking: Letter | None, calendar: Calendar
) -> Tracked:
    inside = letter.mail.forwarded[0].date if letter.mail.kind is Kind.FORWARD and found.by is By.THEM else None
    given = another_day.day_given(found, letter, asking, calendar) if asking and found.due.to is None else None
    due, certainty = (given.due, given.certainty) if given else (_your_time(found, letter, waited[0]), found.certainty)
    promise = Promise(
        id=promise_id(letter.ref, found.quote),
        by=found.by,
        who=found.who,
        quote=found.quote,
        due=due,
        certainty=certainty,
        conditional=found.conditional,
        made_in=letter.ref,
        made_at=inside or letter.at,
        score=found.score,
        rule=found.rule,
    )
    wanted = asking.asked_about if asking else frozenset()
    return tracking.track(found, promise, letter, _before(found, letter), waited, wanted)


def _your_time(found: PromiseFound, letter: Letter, heard_at: datetime) -> Due:
    """A due date given in the reader's time ("noon your time"): the same clock in the zone they wrote from."""
    due = found.due
    if due.to is None or not letter.phrases.has("your-time", plain(found.quote)):
        return due
    start = due.start and due.start.replace(tzinfo=heard_at.tzinfo)
    return Due(start, due.to.replace(tzinfo=heard_at.tzinfo), due.precision)


def _before(found: PromiseFound, letter: Letter) -> Topic:
    """What the sentence before a promise is about, else the subject: for promises that name nothing themselves."""
    quote = plain(found.quote)
    earlier: Topic = frozenset()
    for said in letter.sentences:
        if said.text == quote:
            break
        earlier = (not said.polite and said.topic) or earlier
    return earlier or topic(letter.mail.subject, letter.phrases)


def _ball(desk: _Desk, promises: Sequence[Promise]) -> Ball:
    """The ball through all steps; promises a person settled count as settled from their making on."""
    settled = {one.id for one in promises if one.rejected or (one.kept and one.kept.reason == "person")}
    counted = [
        (letter, [one for one in tracked if one.promise.id not in settled], asked)
        for letter, tracked, asked in desk.steps
    ]
    return after(counted)
