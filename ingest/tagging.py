"""What one of ours tells the diary by tags in a mail's log copy (`notes.tags`), done as that person's decision.

Each is an event in the log of corrections, as of the moment of the mail (value `said_in`: its ref, `written`: the tag),
and can be taken back like any other; what cannot be followed without guessing is an event that says so. A mail is
followed once, however often the diary is read again. Its own promises, and the mails before it, are what it can mean.
What is not proven to be by whom it says (`trusted.proven`) is only written down as not followed, until it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest import noting
from ingest.context import Context
from ingest.filing import bare
from ingest.noting import Word
from notes import owners, standing, tags
from notes.corrected import UNDO
from notes.model import By, Certainty, Due, Filed, Kind, PromiseFound
from notes.said import BY_HAND
from notes.store import cases, corrections, mails, promises
from notes.store.engine import Connection
from notes.tags import Ask, Tag

UNCLEAR = corrections.UNCLEAR
SEVERAL, NOTHING, NO_DATE, NOBODY, NO_WORDS = "several-open", "nothing-open", "no-date", "nobody-named", "no-words"
UNPROVEN = "unproven"


def follow(db: Connection, context: Context, refs: Mapping[str, bool]) -> set[str]:
    """Does what the tags of these filed mails say, where they are proven; returns the keys of the cases concerned."""
    touched: set[str] = set()
    for ref, proven in refs.items():
        key = mails.cases_of(db, [ref]).get(ref)
        if key is None:
            continue
        mail = next(one for one in mails.of_cases(db, [key])[key] if one.ref == ref)
        said = [one for one in corrections.made_at(db, mail.at) if one.value.get("said_in") == ref]
        if any(one.value.get("reason") != UNPROVEN for one in said) or (said and not proven):
            continue
        for one in said:
            corrections.append(db, at=mail.at, who=one.who, kind=UNDO, target=str(one.id))
        for tag in tags.read(mail.new_text, context.phrases):
            follower = _Follower(db, context, key, mail, tag)
            follower.follow() if proven else follower.leave()
        touched.add(key)
    return touched


@dataclass(frozen=True, slots=True)
class _Follower:
    """One tag of a mail in the case of this key."""

    db: Connection
    context: Context
    key: str
    mail: Filed
    tag: Tag

    def follow(self) -> None:
        """Does what it says, or says why not."""
        does: Mapping[Ask, Callable[[], str]] = {
            Ask.DUE: self._due,
            Ask.DONE: self._done,
            Ask.OWNER: self._owner,
            Ask.HINT: self._hint,
        }
        reason = does[self.tag.ask]()
        if reason:
            among = " ".join(one.id for one in self._meant(self.tag.words).among) if reason == SEVERAL else ""
            self._append(UNCLEAR, self.key, reason=reason, among=among)

    def leave(self) -> None:
        """Says that it is not followed, for anybody may have written it."""
        self._append(UNCLEAR, self.key, reason=UNPROVEN, among="")

    def _due(self) -> str:
        due, rest = tags.due_of(self.tag, self.mail.at, self.context.calendar)
        if due.to is None:
            return NO_DATE
        meant = self._meant(rest)
        if len(meant.among) > 1:
            return SEVERAL
        if meant.promise is None:
            self._promise(due)
        elif meant.promise.due_now == due.to:
            self._append("promise-confirm", meant.promise.id)
        else:
            self._append("promise-move", meant.promise.id, to=due.to.isoformat(), evidence=self.mail.ref)
        return ""

    def _done(self) -> str:
        meant = self._meant(self.tag.words)
        if meant.promise is None:
            return SEVERAL if meant.among else NOTHING
        self._append("promise-keep", meant.promise.id, evidence=self.mail.ref)
        return ""

    def _owner(self) -> str:
        person = owners.named(self.tag.words, self.context.directory)
        if person is None:
            return NOBODY
        self._append("case-assign", self.key, owner=person.id)
        return ""

    def _hint(self) -> str:
        if not self.tag.words:
            return NO_WORDS
        self._note(self.tag.words, Kind.HINT, None)
        return ""

    def _promise(self, due: Due) -> None:
        """A promise that nobody's words made: to see to the matter by then."""
        inside = next((inner.subject for inner in self.mail.forwarded if inner.subject), "")
        quote = f"{self.tag.written} {bare(self.mail.subject) or inside}".strip()
        who = self.mail.sender.address
        found = PromiseFound(quote, By.US, who, due, Certainty.STATED, conditional=False, score=1.0, rule=BY_HAND)
        self._note(quote, Kind.NOTE, found)

    def _note(self, text: str, kind: Kind, found: PromiseFound | None) -> None:
        noting.write(
            self.db, self.context, self.key, text, self._word(), kind=kind, sender=self.mail.sender, promised=found,
            source=self._source(),
        )  # fmt: skip

    def _meant(self, words: str) -> tags.Meant:
        """The promises as they stood when the mail was written."""
        filed = [one for one in mails.of_cases(self.db, [self.key])[self.key] if one.at <= self.mail.at]
        ids = {standing.promise_id(one.ref, found.quote) for one in filed for found in one.findings.promises}
        made = [*corrections.of(self.db, ids, self.mail.at), *promises.refused(self.db, self.mail.at)]
        given, whose = self.context, cases.customers_of(self.db, [self.key])[self.key]
        stands = standing.stand(
            filed, made, directory=given.directory, calendar=given.calendar, customer=whose, phrases=given.phrases
        )
        return tags.meant(self.tag.ask, words, stands.promises, self.mail, filed)

    def _append(self, kind: str, target: str, **value: str) -> None:
        word = self._word()
        corrections.append(
            self.db, at=word.at, who=word.who, kind=kind, target=target, value={**value, **self._source()}
        )

    def _word(self) -> Word:
        address = self.mail.sender.address
        person = self.context.directory.staff_at(address)
        return Word(person.id if person else address, self.mail.at)

    def _source(self) -> dict[str, str]:
        return {"said_in": self.mail.ref, "written": self.tag.written}
