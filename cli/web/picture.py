"""A case over time as a small SVG: mails in and out as marks, promises as spans up to their due date, silence shaded.

Nothing here is a customer's word: every text is a date or a catalog's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from cli.paper import Paper
from cli.words import say
from notes.model import By, Direction, Kind, Promise, PromiseState
from notes.timeline import Page

WIDTH, MARGIN, GUTTER = 720, 8, 44
MARKS_IN, MARKS_OUT, FIRST_SPAN, SPAN_HEIGHT = 22, 42, 58, 12
MOST_SPANS = 8
SILENCE = timedelta(days=5)
"""From so many days without a mail on, silence is shaded."""

LEAST_SPAN = timedelta(hours=12)
OPEN = (PromiseState.OPEN, PromiseState.OVERDUE)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Moments to places from left to right."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(GUTTER + (WIDTH - GUTTER - MARGIN) * min(1.0, max(0.0, share)), 1)


def picture(page: Page, paper: Paper) -> str:
    """The SVG element; empty for a case without mails."""
    if not page.entries:
        return ""
    spans = _shown(page)
    moments = [entry.mail.at for entry in page.entries] + [page.as_of]
    moments += [at for one in spans for at in (one.made_at, one.due_now) if at]
    start, end = min(moments), max(moments)
    scale = _Scale(start, max(end, start + LEAST_SPAN))
    height = FIRST_SPAN + SPAN_HEIGHT * len(spans) + 24
    body = (
        *_silences(page, scale, height),
        *_rows(),
        *(_mark(page, n, scale, paper) for n in range(len(page.entries))),
        *(line for n, one in enumerate(spans) for line in _span(one, n, page, scale, paper)),
        *_axis(page, scale, height, paper),
    )
    title = escape(say("picture.title"))
    return (
        f'<svg class="picture" viewBox="0 0 {WIDTH} {height}" role="img" aria-label={quoteattr(say("picture.title"))}>'
        f"<title>{title}</title>{''.join(body)}</svg>"
    )


def _shown(page: Page) -> list[Promise]:
    """The promises that get a row: those still owed before those that are done, the latest of these."""
    by_state = sorted(page.promises, key=lambda one: (one.state(page.as_of) not in OPEN, -one.made_at.timestamp()))
    return sorted(by_state[:MOST_SPANS], key=lambda one: one.made_at)


def _silences(page: Page, scale: _Scale, height: int) -> Iterator[str]:
    """Gaps between mails, and from the last one until now."""
    moments = [*(entry.mail.at for entry in page.entries), page.as_of]
    for before, after in pairwise(moments):
        if after - before >= SILENCE:
            left, right = scale.x(before), scale.x(after)
            words = say("picture.silence", n=(after - before).days)
            yield f'<rect class="silence" x="{left}" y="4" width="{right - left:.1f}" height="{height - 22}">'
            yield f"<title>{escape(words)}</title></rect>"


def _rows() -> Iterator[str]:
    for y, code in ((MARKS_IN, "direction.in"), (MARKS_OUT, "direction.out")):
        yield f'<line class="row" x1="{GUTTER}" x2="{WIDTH - MARGIN}" y1="{y}" y2="{y}"/>'
        yield f'<text class="label" x="{MARGIN}" y="{y + 3}">{escape(say(code))}</text>'


def _mark(page: Page, n: int, scale: _Scale, paper: Paper) -> str:
    """A mail: above from them, below from us, between the two what is neither."""
    entry = page.entries[n]
    mail = entry.mail
    row = {Direction.IN: MARKS_IN, Direction.OUT: MARKS_OUT}.get(mail.direction, (MARKS_IN + MARKS_OUT) // 2)
    kind = "machine" if mail.kind in (Kind.AUTO, Kind.BOUNCE) else str(mail.direction)
    words = f"#{entry.n} {paper.when(mail.at, page.as_of)}"
    circle = f'<circle class="{kind}" cx="{scale.x(mail.at)}" cy="{row}" r="4"><title>{escape(words)}</title></circle>'
    return f'<a href="#{anchor(page.case.key, entry.n)}">{circle}</a>'


def _span(one: Promise, n: int, page: Page, scale: _Scale, paper: Paper) -> Iterator[str]:
    """A promise from its making until it was kept, or until now; its due date as an upright stroke."""
    y = FIRST_SPAN + SPAN_HEIGHT * n
    done = one.kept or one.withdrawn
    due = one.due_now
    until = done.at if done else max(page.as_of, due) if due and due > page.as_of else page.as_of
    left, right = scale.x(one.made_at), scale.x(until)
    state = one.state(page.as_of)
    facts = [say("holder.us" if one.by is By.US else "holder.them"), say(f"promise-state.{state}")]
    facts += [paper.when(due, page.as_of)] if due else []
    yield f'<rect class="{state} {one.by}" x="{left}" y="{y}" width="{max(right - left, 2):.1f}" height="7">'
    yield f"<title>{escape(' · '.join(facts))}</title></rect>"
    if due:
        x = scale.x(due)
        yield f'<line class="due {state}" x1="{x}" x2="{x}" y1="{y - 2}" y2="{y + 9}"/>'


def _axis(page: Page, scale: _Scale, height: int, paper: Paper) -> Iterator[str]:
    """First and last day, and now."""
    now = scale.x(page.as_of)
    yield f'<line class="now" x1="{now}" x2="{now}" y1="4" y2="{height - 18}"/>'
    first, last = paper.day(scale.start, page.as_of), paper.day(scale.end, page.as_of)
    yield f'<text class="label" x="{GUTTER}" y="{height - 4}">{escape(first)}</text>'
    yield f'<text class="label" x="{WIDTH - MARGIN}" y="{height - 4}" text-anchor="end">{escape(last)}</text>'


def anchor(key: str, n: int) -> str:
    """The name of a mail within the file."""
    return f"{key}-{n}"
