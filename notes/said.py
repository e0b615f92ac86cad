"""A case's message as material for judging: its sentences with what each of them does (states, hands over, puts off,
asks, thanks), by whom it was written and whom it reached. Words come from notes/phrases.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from notes.leaning import LEANS
from notes.likeness import Topic, alike, apart, kinds, of_names, topic
from notes.model import By, DateFound, Direction, Filed, Kind, PromiseFound
from notes.parties import Parties, Side
from notes.phrases import Phrases, plain
from notes.sentences import split
from notes.squeezed import squeezed
from notes.tags import without

MOST_SENTENCES = 200
HEAD = 4
SHORT, FEW_WORDS = 3, 3
THE_THING = 0.5  # "The layout drawing." with that file is no introduction of a Mr Drawing
COURTESY = re.compile(r"(?:ので|が)、?(?:何卒|どうぞ|どうか)?(?:よろしく|宜しく)[^。]*。?$")
BECAUSE = re.compile(r"(?<=ので)、|(?<=から)、|(?<=すが)、|(?<=けど)、|(?<=れど)、")
CONTRAST = re.compile(
    r"(?<=ますが)、|(?<=たが)、|(?<=せんが)、|(?<=るが)、|(?<=ものの)、|(?<=けど)、|(?<=けれど)、|"
    r"[,;]? \bbut\b |, (?=(?:we|I)(?:'ll| will)\b)",
    re.IGNORECASE,
)
REASON = re.compile(r"(?<=ので)、|(?<=から)、|,? \bso ", re.IGNORECASE)
CALLS_OFF = ("withdraw", "withdraw-own", "withdraw-all")
BY_HAND = "person"  # the rule of a promise that a person wrote down
MEMOS = (Kind.CALL, Kind.NOTE, Kind.MEETING)
MODAL = re.compile(r"\b[\w']+(?:'ll|'d| will| would| shall| can| could|'m| am|'re| are) ", re.IGNORECASE)
QUOTED = re.compile(
    r"^(?:[-_]{2,} ?(?:Original Message|元のメッセージ)|"
    r"(?:差出人|送信者|From) ?[:：][^\n]*\n(?:[^\n]*\n)?(?:送信日時|日時|Sent|Date) ?[:：])",
    re.IGNORECASE | re.MULTILINE,
)
LONGEST = 100_000
SUBORDINATE = re.compile(
    r"\b(?:(?<!is )when|once|if|until|till|after|as soon as|before|because|since|whether|that)\b[^,;]*$"
)


class Way(StrEnum):
    """How a promise is carried out."""

    CALL = "call"
    VISIT = "visit"
    DELIVER = "deliver"
    CONTACT = "contact"
    DO = "do"


@dataclass(frozen=True)
class Said:
    """One sentence of a message. `promise` when it was found to be one; `things` are what the attachments are about;
    `drafts` where a draft is what is waited for, else one says that the thing itself is not there yet."""

    text: str
    phrases: Phrases
    promise: PromiseFound | None = None
    early: bool = False
    things: Topic = frozenset()
    drafts: bool = False

    def does(self, group: str) -> bool:
        """Whether the sentence matches a group of words; asked often, looked up once."""
        if group not in self._known:
            self._known[group] = self.phrases.has(group, self.text)
        return self._known[group]

    @cached_property
    def _known(self) -> dict[str, bool]:
        return {}

    @cached_property
    def way(self) -> Way:
        """How it acts, if it promises: by what its last words say, else by any word in it."""
        for part in (self.phrases.without("carrier", text) for text in (self._acting, COURTESY.sub("", self.text))):
            for way in (Way.CALL, Way.VISIT, Way.DELIVER, Way.CONTACT):
                if self.phrases.has(f"way-{way}", part) and not self._otherwise(way):
                    return way
        return Way.DO

    def _otherwise(self, way: Way) -> bool:
        """Whether it is a thing that "goes out", or a caller who only calls ahead: no visit, and no call."""
        if way is Way.VISIT:
            return self.does("things-go")
        return way is Way.CALL and self.does("call-ahead")

    @cached_property
    def _acting(self) -> str:
        """Where it says what is done: the end of a Japanese sentence, an English one from its last main "will" on."""
        if re.search(r"[\u3040-\u30ff]", self.text):
            return BECAUSE.split(COURTESY.sub("", self.text)[-24:])[-1]
        starts = [one.start() for one in MODAL.finditer(self.text) if not SUBORDINATE.search(self.text[: one.start()])]
        return self.text[starts[-1] :] if starts else self.text

    @cached_property
    def deed(self) -> bool:
        """It promises to do something or to come."""
        return self.promise is not None and self.way in (Way.DO, Way.VISIT)

    @cached_property
    def defers(self) -> bool:
        """It promises, without condition, to answer or send."""
        return self.promise is not None and not self.promise.conditional and self.way in (Way.CONTACT, Way.DELIVER)

    @cached_property
    def breaths(self) -> tuple["Said", ...]:
        """Its parts on either side of a "but", and then all of it; of a promise not its last part, but what follows the
        reason: "We'll print it ourselves, so no need to send it"."""
        parts = [part for part in CONTRAST.split(self.text) if part]
        if not self.promise:
            return (*(replace(self, text=part) for part in parts), self)
        return tuple(replace(self, text=part) for part in (*parts[:-1], *REASON.split(self.text)[1:][-1:]))

    @cached_property
    def may_call_off(self) -> bool:
        """Whether some part of it takes back or does not want something: asked for every promise, nearly never so."""
        return any(part.does(group) for part in self.breaths for group in CALLS_OFF)

    @cached_property
    def topic(self) -> Topic:
        """What it is about."""
        return topic(self.text, self.phrases)

    @cached_property
    def puts_off(self) -> bool:
        """It says that something is not there yet."""
        return self.does("not-yet") and (
            not self.drafts or self.phrases.has("not-yet", self.phrases.without("kind-draft", self.text))
        )

    @cached_property
    def hinders(self) -> bool:
        """It says that something is not there, not to be had, late, or will not do."""
        return self.puts_off or any(self.does(group) for group in ("lacking", "negated", "refusal", "late"))

    @cached_property
    def asks(self) -> bool:
        """It asks, in whatever form."""
        return self.requests or self.text.endswith(("?", "か。")) or self.does("asks-bluntly")

    @cached_property
    def is_step(self) -> bool:
        """It tells of a step on the way, and not of what came of one as 「確認し、問題ありません」 does."""
        return self.does("step") and self.phrases.has("step", self.text.rpartition("、")[2])

    @cached_property
    def has_asked(self) -> bool:
        """It tells that the writer has asked somebody, and no answer: "asked the works for the certificate"."""
        return self.does("asked-others")

    @cached_property
    def states(self) -> bool:
        """It tells something: no promise, question, request, courtesy or delay."""
        if self.promise or self.puts_off or self.text.endswith("?") or self._too_short:
            return False
        return not (self.requests or self.polite or self.does("ask-info"))

    @cached_property
    def polite(self) -> bool:
        """Courtesy that tells nothing: greetings, thanks, apologies, and who is writing at the head of a mail."""
        named = self.early and self.does("introduction") and not (self._names_thing or self.does("as-promised"))
        return named or self.does("courtesy")

    @property
    def _names_thing(self) -> bool:
        if re.search(r"\d", self.text) or self.does("document"):
            return True
        return bool(self.things) and alike(self.topic, self.things) >= THE_THING

    @cached_property
    def _too_short(self) -> bool:
        """A name under a mail, a word: "Yes" and "No" are said, though."""
        few = self.text.isascii() and len(self.text.split()) < FEW_WORDS and not re.search(r"\d", self.text)
        return len(self.text) < SHORT or (few and not re.match(r"(?:yes|no)\b", self.text, re.IGNORECASE))

    def echoes(self, asked: Topic) -> bool:
        """A few words that only take up what was asked: "Very feasible." """
        said_back = self._too_short and bool(self.topic) and self.topic <= asked
        return said_back and not (self.promise or self.puts_off or self.text.endswith("?") or self.polite)

    @cached_property
    def hands_over(self) -> bool:
        """It says that something comes with this mail, was sent or done."""
        if self.promise or self.puts_off or self.text.endswith("?") or self.polite:
            return False
        if self.does("undone") and not self.does("on-its-way"):
            return False
        return self.does("handing") or self.does("done")

    @cached_property
    def requests(self) -> bool:
        """It asks somebody to do something; "please find attached" and 「ご査収ください」 do not."""
        return self.does("ask-action") and not self.does("polite-handing")

    @cached_property
    def done_first(self) -> bool:
        """It says that something is done before it asks: "It has been reset, please try again"."""
        return self.phrases.has("done", re.split(r"\bplease\b", self.text, maxsplit=1, flags=re.IGNORECASE)[0])

    @cached_property
    def amounts(self) -> frozenset[str]:
        """The quantities it names: "25 units", 「10台」."""
        pattern = self.phrases.whole("quantity")
        return frozenset(re.sub(r"\D", "", found.group()) for found in pattern.finditer(self.text))


@dataclass(frozen=True)
class Letter:
    """A message of a case with what is needed to judge by it. `reached` is False for what bounced."""

    mail: Filed
    sentences: tuple[Said, ...]
    inner: tuple[Said, ...]
    side: Side
    reached: bool
    thread: str
    phrases: Phrases
    proposes: bool = False
    drafts: bool = False

    @property
    def ref(self) -> str:
        """The message's reference."""
        return self.mail.ref

    @property
    def at(self) -> datetime:
        """The message's moment."""
        return self.mail.at

    @cached_property
    def internal(self) -> bool:
        """It stayed among us: a colleague's mail, a memo, a forward."""
        return self.mail.direction is Direction.INTERNAL or self.mail.kind in (*MEMOS, Kind.FORWARD, Kind.HINT)

    @cached_property
    def dates(self) -> dict[str, tuple[DateFound, ...]]:
        """The dates of its sentences that were looked for (`notes.named_days`): once, however many promises ask."""
        return {}

    @cached_property
    def reported(self) -> tuple[Said, ...]:
        """What the writer says; the subject of what stays among us is a sentence too ("hedge delivered"), and so is
        one that opens a thread with what had been promised ("The log I owed you")."""
        title = Said(plain(self.mail.subject), self.phrases)
        if not self.internal and not self.mail.references and self.telling and title.does("as-promised"):
            return (*self.sentences, title)
        if not self.internal or self.mail.kind is Kind.FORWARD:
            return self.sentences
        return (title, *self.sentences)

    @cached_property
    def whole(self) -> Topic:
        """All that it speaks of, in words and in names of attachments."""
        return frozenset().union(self.names, *(one.topic for one in self.reported))

    @cached_property
    def closing(self) -> bool:
        """It says that what comes now had been promised or asked for."""
        return self.any("as-promised")

    @cached_property
    def heard(self) -> tuple[Said, ...]:
        """What the other side says in it: a customer's mail, the mail inside a forward, their words in a memo."""
        if self.mail.kind is Kind.FORWARD:
            return self.inner
        return self.sentences if self.side is not Side.US or self.internal else ()

    @cached_property
    def asked_about(self) -> Topic:
        """What the other side speaks of, courtesy apart."""
        return frozenset().union(*(said.topic for said in self.heard if said.requests or not said.polite))

    @cached_property
    def told(self) -> tuple[Said, ...]:
        """What we say in it, to the customer or among us."""
        return self.sentences if self.side is Side.US else ()

    @cached_property
    def telling(self) -> tuple[Said, ...]:
        """What tells something: statements, and things handed over."""
        return tuple(one for one in self.sentences if one.states or (one.hands_over and not one.requests))

    @cached_property
    def news(self) -> tuple[Said, ...]:
        """What its writer or that of the mail inside it states or hands over."""
        return tuple(one for one in (*self.sentences, *self.inner) if one.states or one.hands_over)

    @cached_property
    def kinds_handed(self) -> Topic:
        """The kinds of papers and things that it hands over, by its sentences."""
        return frozenset().union(*(kinds(one.topic) for one in self.sentences if one.hands_over))

    @cached_property
    def names(self) -> Topic:
        """What the attachments' names are about."""
        return of_names((one.name for one in self.mail.attachments[:20]), self.phrases)

    @cached_property
    def files(self) -> tuple[Said, ...]:
        """The names of the attachments as one more sentence that hands them over."""
        names = apart(one.name for one in self.mail.attachments[:20])
        return (Said(plain(f"attached {names}"), self.phrases, drafts=self.drafts),) if names.strip() else ()

    @cached_property
    def subject(self) -> Topic:
        """What the subject is about."""
        return topic(self.mail.subject, self.phrases)

    @cached_property
    def opening(self) -> str:
        """Subject and first sentences in one, where a memo says whom it is about and how they met."""
        return plain(self.mail.subject + " " + " ".join(one.text for one in self.sentences[:4]))

    def before(self, said: Said) -> Said | None:
        """The sentence before one of the letter's, found by its text."""
        at = next((number for number, one in enumerate(self.sentences) if one.text == said.text), 0)
        return self.sentences[at - 1] if at else None

    def without(self, texts: Collection[str]) -> "Letter":
        """The letter less some of its sentences, by their text."""
        left = tuple(one for one in self.sentences if one.text not in texts)
        return replace(self, sentences=left, proposes=True) if texts else self

    def passed_on_by(self, who: str) -> bool:
        """Whether it passes on a mail of somebody's, by their address."""
        return bool(self.mail.forwarded) and self.mail.forwarded[0].sender.address.casefold() == who.casefold()

    def inside(self, side: Side) -> "Letter":
        """The mail that it passes on, as that of the side it came from."""
        first = self.mail.forwarded[0]
        mail = replace(self.mail, kind=Kind.MAIL, direction=Direction.IN, at=min(first.date or self.at, self.at))
        return replace(self, mail=mail, sentences=self.inner, inner=(), side=side, reached=True)

    def with_drafts(self) -> "Letter":
        """The letter as it reads to somebody who waits for a draft."""
        return replace(self, sentences=tuple(replace(one, drafts=True) for one in self.sentences), drafts=True)

    def any(self, group: str) -> bool:
        """Whether any of the writer's sentences matches a group of words."""
        return any(one.does(group) for one in self.sentences)

    def best(self, wanted: Topic, sentences: Sequence[Said]) -> float:
        """The best likeness of a topic to one of some sentences."""
        return max((alike(wanted, one.topic) for one in sentences), default=0.0)


def read(mail: Filed, parties: Parties, lost: frozenset[str], thread: str, phrases: Phrases) -> Letter:
    """A filed message as a letter; `lost` are the refs that bounced, `thread` names the thread it is in."""
    side = parties.side(mail.sender.address)
    promises = {squeezed(found.quote): found for found in mail.findings.promises if not calls_off(found, phrases)}
    inner = _newest(mail.forwarded[0].text) if mail.kind is Kind.FORWARD and mail.forwarded else ""
    reached = side is not Side.US or (parties.reaches_customer(mail) and mail.ref not in lost)
    things = of_names((one.name for one in mail.attachments[:20]), phrases)
    by_hand = any(found.rule == BY_HAND for found in promises.values())
    text = without(mail.new_text, phrases) if side is Side.US and not by_hand else mail.new_text
    own = _sentences(text, promises, phrases, things)
    return Letter(mail, own, _sentences(inner, promises, phrases, frozenset()), side, reached, thread, phrases)


def calls_off(found: PromiseFound, phrases: Phrases) -> bool:
    """Whether a sentence that only seems to promise, by its signs, takes back: "There will be no visit on Friday"."""
    return found.rule == LEANS and phrases.has("withdraw-own", plain(found.quote))


def _newest(text: str) -> str:
    """What the writer of a forwarded mail wrote in it: not the mails quoted below, which may be ours."""
    above = QUOTED.split(text[:LONGEST], maxsplit=1)[0]
    return above if above.strip() else text


def _sentences(text: str, promises: dict[str, PromiseFound], phrases: Phrases, things: Topic) -> tuple[Said, ...]:
    """The sentences up to the sign-off, in case a signature was taken for text."""
    said: list[Said] = []
    for one in split(text)[:MOST_SENTENCES]:
        bare = plain(one.text)
        if said and phrases.has("sign-off", bare):
            break
        said.append(Said(bare, phrases, promises.get(squeezed(one.text)), len(said) < HEAD, things))
    return tuple(said)


def by_of(side: Side) -> By:
    """Whose promise is made by somebody on a side: suppliers' are theirs too."""
    return By.US if side is Side.US else By.THEM
