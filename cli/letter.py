"""The text of a draft: the words of `letters/<language>.toml` around the facts of a case, gaps for a person to fill.

It speaks the customer's language, which need not be that of the faces. Everything from a mail is made harmless here.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from importlib import resources

from cli.harmless import harmless
from notes.model import Address, Due, Precision, Promise
from notes.replying import Ground

LONGEST_QUOTE = 500
MOST_LINES, LONGEST_LINE = 300, 500
"""What is quoted of the mail that is answered; the rest is in the thread."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How we quote in this thread: below the quote or above it, under a block of headers or one line with `>`."""

    below: bool = False
    block: bool = False


@dataclass(frozen=True)
class Letter:
    """One draft. `signature`: the writer's own, empty where none is known. `quoted`: the text of the answered mail.

    `date`: the new date for a grace mail, None where the stand-in must write it.
    """

    ground: Ground
    organisation: str
    zone: tzinfo
    now: datetime
    signature: str
    signed_off: bool
    quoted: str
    habit: Habit
    grace: bool
    date: Due | None = None

    @cached_property
    def words(self) -> dict[str, str]:
        """What this language says, by code."""
        file = resources.files("cli").joinpath("letters", f"{self.ground.language}.toml")
        return {code: str(text) for code, text in tomllib.loads(file.read_text(encoding="utf-8")).items()}

    @property
    def text(self) -> str:
        """The body, with a line end at its end."""
        own = self._paragraphs(self._own())
        quote = "\n".join(self._quote())
        parts = [quote, own] if self.habit.below else [own, quote]
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def gaps(self) -> int:
        """How many places the stand-in must fill."""
        own = self._paragraphs(self._own())
        return sum(own.count(self._gap(code)) for code in ("answer", "answer-all", "doing", "date"))

    def when(self, moment: datetime, *, clock: bool = True) -> str:
        """A moment as this language writes it to a customer, in our zone."""
        here = moment.astimezone(self.zone)
        named = self._calendar(here)
        this_year = here.year == self.now.astimezone(self.zone).year
        day = self.words["day" if this_year else "day-year"].format(**named)
        return self.words["moment"].format(day=day, clock=f"{here:%H:%M}") if clock else day

    def _own(self) -> Iterator[str]:
        """The paragraphs above the quote; empty ones are left out."""
        yield self._addressed()
        yield "\n".join(part for part in (self.words["greeting"], self._introduction()) if part)
        yield from self._asking() if self.grace else self._answering()
        yield self.words["closing-grace" if self.grace else "closing"]
        yield self._signed()

    def _paragraphs(self, parts: Iterator[str]) -> str:
        return "\n\n".join(part for part in parts if part)

    def _addressed(self) -> str:
        contact = self.ground.contact
        to = self.ground.to[0] if self.ground.to else None
        name = _line((contact.name if contact else "") or (to.name if to else ""))
        if not name or "@" in name:
            return self.words["nobody"]
        company = _line((contact.company if contact else "") or "")
        bare = self.words["addressed"].format(name=name.removesuffix("様").strip())
        return f"{company}\n{bare}" if company and self.ground.language == "ja" else bare

    def _introduction(self) -> str:
        me, owner = self.ground.sender, self.ground.owner
        code = "newcomer" if owner is None else "own" if owner.id == me.id else "standin"
        owned = self._called(owner.name) if owner else ""
        return self.words[code].format(organisation=_line(self.organisation), me=self._called(me.name), owner=owned)

    def _called(self, name: str) -> str:
        """What we call one of ours before a customer: in Japanese by the family name alone, without honorific."""
        shown = _line(name)
        return shown.split()[0] if self.ground.language == "ja" and shown and not shown.isascii() else shown

    def _answering(self) -> Iterator[str]:
        ground = self.ground
        if ground.questions:
            yield self.words["questions"]
            for each in ground.questions:
                yield f"> {_line(each.quote, LONGEST_QUOTE)}\n\n{self._gap('answer')}"
        else:
            yield self.words["matter"].format(when=self.when(ground.answered.at, clock=False))
            yield self._gap("answer-all")
        if ground.promise and ground.in_writing:
            yield self._promised(ground.promise)
        told = [one for one in ground.told if not ground.promise or one.quote != ground.promise.quote]
        if told:
            quotes = [f"> {_line(one.quote, LONGEST_QUOTE)} ({self.when(one.at, clock=False)})" for one in told]
            yield self.words["told"] + "\n\n" + "\n".join(quotes)

    def _asking(self) -> Iterator[str]:
        yield self.words["sorry"]
        when = self._new_date()
        yield self._moved(when)
        yield f"{self.words['state']}\n{self._gap('doing')}"

    def _promised(self, promise: Promise) -> str:
        """What we owe in writing, to whom it falls now."""
        owner, me = self.ground.owner, self.ground.sender
        heading = self.words["promised" if owner and owner.id != me.id else "promised-own"]
        due = promise.due_now
        until = f"\n> {self.words['due'].format(when=self._due_words(due))}" if due else ""
        return (
            heading.format(owner=self._called(owner.name) if owner else "")
            + f"\n\n> {_line(promise.quote, LONGEST_QUOTE)}{until}"
        )

    def _moved(self, when: str) -> str:
        """The sentence that asks for the new date: it names the promise by our own words, else by its date."""
        promise = self.ground.promise
        if promise and self.ground.in_writing:
            quote = _line(promise.quote, LONGEST_QUOTE).rstrip("。.! ")
            return self.words["move"].format(quote=quote, when=when)
        if promise and promise.due_now:
            due = promise.due_now.astimezone(self.zone)
            return self.words["move-dated"].format(due=self._due_words(due), day=_ordinal(due.day), when=when)
        return self.words["move-nothing"].format(when=when)

    def _new_date(self) -> str:
        if self.date is None or self.date.to is None:
            return self._gap("date")
        return self.when(self.date.to, clock=self.date.precision is not Precision.DAY)

    def _due_words(self, due: datetime) -> str:
        here = due.astimezone(self.zone)
        return self.when(due, clock=(here.hour, here.minute) != (23, 59))

    def _gap(self, code: str) -> str:
        return self.words["gap"].format(what=self.words[code])

    def _signed(self) -> str:
        me = self.ground.sender
        if self.signature:
            sign_off = "" if self.signed_off else self.words["sign-off"]
            return "\n".join(part for part in (sign_off, harmless(self.signature)) if part)
        made = self.words["signature"].format(
            organisation=_line(self.organisation), me=_line(me.name), address=me.addresses[0]
        )
        return "\n".join(part for part in (self.words["sign-off"], made) if part)

    def _quote(self) -> Iterator[str]:
        """The answered mail as this thread quotes."""
        lines = harmless(self.quoted).rstrip().split("\n") if self.quoted.strip() else []
        if not lines:
            return
        block, mail = self.habit.block and not self.habit.below, self.ground.answered
        who, to = _person(mail.sender), "; ".join(_person(one) for one in mail.to[:5])
        heading = self.words["block" if block else "attribution"]
        yield heading.format(
            who=who, to=to, subject=_line(mail.subject), clock=f"{mail.at.hour}:{mail.at:%M}", **self._calendar(mail.at)
        )
        yield ""
        mark = "" if block else ">"
        for line in lines[:MOST_LINES]:
            cut = line[:LONGEST_LINE]
            yield cut if block else f"{mark} {cut}".rstrip() if not cut.startswith(">") else f"{mark}{cut}"
        if len(lines) > MOST_LINES:
            yield f"{mark} {self.words['cut']}".strip()

    def _calendar(self, moment: datetime) -> dict[str, object]:
        weekday = self.words["weekdays"].split()[moment.weekday()]
        months = self.words.get("months", "").split()
        month = months[moment.month - 1] if months else str(moment.month)
        return {
            "year": moment.year,
            "month": moment.month,
            "day": moment.day,
            "weekday": weekday,
            "weekday_short": weekday[:3],
            "month_name": month,
            "month_short": month[:3],
        }


def habit(texts: Sequence[str], kinds: Sequence[str]) -> Habit:
    """How a mail of ours quotes, from the kinds and texts of its zones in order."""
    quotes = [n for n, kind in enumerate(kinds) if kind in ("quote", "quote-header")]
    if not quotes:
        return Habit()
    written = [n for n, kind in enumerate(kinds) if kind == "new"]
    header = next((texts[n] for n in quotes if kinds[n] == "quote-header"), "")
    quote = next((texts[n] for n in quotes if kinds[n] == "quote"), "")
    block = header.count("\n") >= 2 and not quote.lstrip().startswith((">", "|"))
    return Habit(below=bool(written) and written[0] > quotes[0], block=block)


def _ordinal(number: int) -> str:
    """`1st`, `22nd`, `13th`."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number < 20 else ends.get(number % 10, 'th')}"


def _person(who: Address) -> str:
    return f"{_line(who.name)} <{_line(who.address)}>" if who.name else _line(who.address)


def _line(text: str, longest: int = 200) -> str:
    """A stranger's words in one harmless line; braces are theirs, for the templates are filled in once."""
    return harmless(text[: 4 * longest], one_line=True)[:longest]
