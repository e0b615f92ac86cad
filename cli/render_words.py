"""Small wordings that several pages share."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cli import moments
from cli.columns import cut
from cli.harmless import harmless
from cli.paper import Paper
from cli.words import known, of_system, say
from notes.model import Address

if TYPE_CHECKING:
    from notes.between import Returned, Wish
    from notes.timeline import Page


LONGEST_TITLE = 240
"""Columns of a title on a page."""

SPANS_IN_DAYS = 3
"""From so many days on, the hours of a span are not said."""


def one_line(text: str) -> str:
    """A stranger's text for one cell of a line."""
    return harmless(text, one_line=True)


def titled(text: str) -> str:
    """A case's title or a mail's subject: a few lines of the page at most, however long somebody made it."""
    return cut(one_line(text), LONGEST_TITLE)


def name_of(who: Address) -> str:
    """The display name, else the address."""
    return one_line(who.name or who.address) or "—"


def coded(group: str, code: str) -> str:
    """The words of a code of data (`reason`, `rule` …); the code itself where no catalog has them."""
    wanted = f"{group}.{code}"
    return say(wanted) if known(wanted) else one_line(code)


def staff_name(names: Mapping[str, str], who: str | None) -> str:
    """One of the staff by name; an id that is in the settings no more as it is, a dash for nobody."""
    return one_line(names.get(who or "", who or "—"))


def rule_words(rule: str) -> str:
    """The rule that decided on a customer, in words; a guest of a case is there by the case's rule."""
    return coded("customer-rule" if known(f"customer-rule.{rule}") else "joined", rule)


def failure(kept: str) -> str:
    """A failure as the coverage keeps it, `code: what the server said`, in words."""
    code, _, said = kept.partition(": ")
    return f"{coded('failure', code)}{f' ({of_system(one_line(said))})' if said else ''}"


def source(page: "Page", ref: str | None) -> str:
    """`[#7]`; the ref itself for a mail that is not on this page, nothing for none."""
    if ref is None:
        return ""
    if ref.startswith("person:"):
        return f"({one_line(ref.removeprefix('person:'))})"
    return _numbered(ref, page.number(ref))


def _numbered(ref: str, number: int | None) -> str:
    return f"[#{number}]" if number else f"[{one_line(ref)}]"


def never_arrived(one: "Returned", number: Callable[[str], int | None], paper: Paper, now: datetime) -> str:
    """That a mail of ours came back; `number` is what the page gives to a mail."""
    sent, bounce = (_numbered(each.ref, number(each.ref)) for each in (one.mail, one.bounce))
    return say("page.returned", when=paper.when(one.mail.at, now), source=sent, bounce=bounce)


def notices(
    returned: "Iterable[Returned]", wish: "Wish | None", numbers: Mapping[str, int], paper: Paper, now: datetime
) -> Iterator[tuple[str, str]]:
    """What of ours never arrived, and how the customer wants to be reached; each with its style."""
    for one in returned:
        yield never_arrived(one, numbers.get, paper, now), "alarm"
    if wish:
        quote, day = say("page.quote", quote=one_line(wish.quote)), paper.day(wish.at, now)
        yield say("page.wish", when=day, quote=quote, source=_numbered(wish.ref, numbers.get(wish.ref))), "yellow"


def due_words(to: datetime | None, paper: Paper, now: datetime) -> str:
    """The last moment in time with its zone; a day without an hour is a day."""
    if to is None:
        return say("page.no-date")
    local = to.astimezone(paper.zone)
    clock = "" if _is_whole_day(local) else f" {moments.clock(local)}"
    return f"{moments.day(local, now.year)}{clock} {moments.offset(local)}"


def left_words(to: datetime, paper: Paper, now: datetime) -> str:
    """How long until a due moment, or since: in days where a day was given, else in hours and minutes."""
    local = to.astimezone(paper.zone)
    days = (local.date() - now.astimezone(paper.zone).date()).days
    if _is_whole_day(local) and days == 0:
        return say("left.today")
    span = _span(timedelta(days=abs(days)) if _is_whole_day(local) else abs(to - now))
    return say("left.over" if to < now else "left.until", span=span)


def _is_whole_day(local: datetime) -> bool:
    return (local.hour, local.minute, local.second) == (23, 59, 59)


def _span(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    days = hours // 24
    if days:
        rest = hours % 24 if days < SPANS_IN_DAYS else 0
        return say("span.days-hours" if rest else "span.days", days=days, hours=rest)
    if hours:
        return say("span.hours-minutes" if minutes else "span.hours", hours=hours, minutes=minutes)
    return say("span.minutes", minutes=minutes)


def size(number: int) -> str:
    """Bytes for people."""
    if number < 1024:
        return f"{number} B"
    return f"{number / 1024:.0f} KB" if number < 1024 * 1024 else f"{number / 1024 / 1024:.1f} MB"
