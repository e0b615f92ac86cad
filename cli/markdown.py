"""The page of a case as Markdown, for tickets, chats and wikis: a stranger's words can neither format nor link."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.paper import Paper
from cli.web import views
from cli.web.letters import of_diary
from cli.words import say
from notes.model import Directory

if TYPE_CHECKING:
    from cli.diary import Sheet

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
"""What formats within a line; and in an address what makes many readers of Markdown link it by themselves."""

FIRST = re.compile(r"^(\d{0,9})([-+=.)])")
"""What makes a list, a heading or a rule of a line that begins with it."""


def case(sheet: "Sheet", directory: Directory, paper: Paper) -> str:
    """The page without the mails behind it."""
    view = views.of_case(sheet, lambda entry: of_diary(entry.mail), directory, paper)
    return "\n".join(_lines(view)) + "\n"


def _lines(view: views.CaseView) -> Iterator[str]:
    yield f"# {_plain(view.page.case.key)} {_plain(view.title)}"
    yield ""
    for each in view.hints:
        yield f"- **{say('page.hint')}: {_plain(each)}**"
    known_by = f" ({view.known_by})" if view.known_by else ""
    yield f"- {say('page.company')}: {_plain(view.company + known_by)}"
    for parts in view.contacts:
        yield f"- {say('page.contacts')}: {_plain(' · '.join(parts))}"
    yield f"- {say('page.owner')}: {_plain(' · '.join(view.owner))}"
    yield f"- {say('page.span')}: {_plain(view.span)}"
    yield f"- {say('page.as-of')}: {_plain(view.as_of)}"
    yield from _section("page.ball", [f"**{_plain(view.ball)}**"])
    yield from _section("page.promises", _promises(view))
    yield from _section("page.questions", _questions(view))
    yield from _section("page.told", [f"- {_plain(one.source)} {_plain(one.quote or one.files)}" for one in view.told])
    yield from _section("page.last-words", _last_words(view))
    yield from _section("page.timeline", _timeline(view))
    yield from _section("page.also-open", [f"- {_plain(f'{key} {title}')}" for key, title in view.also_open])
    yield from _section("page.not-known", [f"- {_plain(each)}" for each in view.not_known])


def _section(code: str, body: list[str]) -> Iterator[str]:
    if body:
        yield from ("", f"## {say(code)}", "", *body)


def _questions(view: views.CaseView) -> list[str]:
    return [f"- {_plain(one.age)} {say('page.quote', quote=_plain(one.quote))}" for one in view.questions]


def _promises(view: views.CaseView) -> list[str]:
    lines: list[str] = []
    for one in view.promises:
        quote = say("page.quote", quote=_plain(one.quote))
        lines.append(f"- **{_plain(one.label)}** {_plain(one.who)} {quote} {_plain(one.source)}")
        lines += [f"  - {_plain(fact)}" for fact in one.facts]
    return lines


def _last_words(view: views.CaseView) -> list[str]:
    lines: list[str] = []
    for one in view.last_words:
        lines += [f"{_plain(one.head)}", "", *(f"> {_line(line)}  " for line in one.text.split("\n")), ""]
    return lines[:-1]


def _timeline(view: views.CaseView) -> list[str]:
    head = " | ".join(say(f"md.{column}") for column in ("number", "when", "kind", "who", "gist"))
    rows = [
        " | ".join(
            (f"{one.n or ''}", *map(_plain, (one.when, one.kind, one.who, " · ".join((one.gist, *one.details)))))
        )
        for one in view.rows
    ]
    return [f"| {head} |", "| ---: | --- | --- | --- | --- |", *(f"| {row} |" for row in rows)]


def _line(text: str) -> str:
    """A whole line of a stranger's; a blank in front could make code of it."""
    return FIRST.sub(r"\1\\\2", _plain(text.lstrip()))


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
