"""What people decided, in words: on the page of a case, and after the command that decided or took it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cli.columns import cut, wrap
from cli.paper import Paper
from cli.render_words import due_words, one_line
from cli.words import known, say
from notes.model import Correction
from notes.placing import listed
from notes.store.corrections import UNCLEAR

if TYPE_CHECKING:
    from cli.put_right import Outcome

QUOTE_COLUMNS = 60
"""Columns of a note's words where it is only named."""


def sentence(made: Correction, quote: str, names: Mapping[str, str], paper: Paper, now: datetime) -> str:
    """A decision in a few words; `quote`: those of the promise it is about, `names`: of staff, by id."""
    if made.kind.startswith("customer-"):
        from cli.render_customers import sentence as of_customer

        return of_customer(made)
    if made.kind.startswith("absence-"):
        from cli.render_absence import sentence as of_absence

        return of_absence(made, names, paper, now)
    if made.kind.startswith("alarm-"):
        from cli.render_hushed import sentence as of_hushed

        return of_hushed(made, paper, now)
    if made.kind != UNCLEAR and not known(f"decision.{made.kind}"):
        return one_line(f"{made.kind} {made.target}")
    if made.kind == UNCLEAR:
        written, among = cut(one_line(made.value["written"]), QUOTE_COLUMNS), one_line(made.value.get("among", ""))
        return say(f"tag.{made.value['reason']}", written=written, among=among)
    if made.kind.startswith("case-"):
        return _of_case(made, names)
    if "kind" in made.value:  # a note
        kind, case = say(f"kind.{made.value['kind']}"), one_line(made.value["case"])
        return say(f"decision.{made.kind}", kind=kind, case=case, quote=cut(one_line(quote), QUOTE_COLUMNS))
    to = made.value.get("to")
    moment = due_words(datetime.fromisoformat(to), paper, now) if to else ""
    return say(f"decision.{made.kind}", id=one_line(made.target), to=moment, quote=one_line(quote))


def _of_case(made: Correction, names: Mapping[str, str]) -> str:
    value = made.value
    owner, former = value.get("owner", ""), listed(made, "from")
    said = made.kind
    if said == "case-assign" and not owner:
        said = "case-assign-rules"
    if said == "case-move" and former:
        said = "case-move-from"
    return say(
        f"decision.{said}",
        id=one_line(made.target),
        into=one_line(value.get("into") or value.get("to") or ""),
        former=one_line(", ".join(former)),
        n=len(listed(made, "refs")),
        title=one_line(value.get("title", "")),
        owner=one_line(names.get(owner, owner)),
    )


def outcome(one: "Outcome", names: Mapping[str, str], paper: Paper, now: datetime) -> list[str]:
    """What a command about a case changed, and how to take it back."""
    made = one.done.made
    said = [say("decided.done", what=sentence(made, one.quote, names, paper, now))]
    said += [say("decided.moved", n=len(one.done.moved))] if made.kind == "case-merge" else []
    said += [say(f"decided.{made.kind}", id=made.target)] if known(f"decided.{made.kind}") else []
    said += [say("decided.owed", n=one.owed)] if made.kind == "case-close" and one.owed else []
    lines = [line for text in said for line in wrap(text, paper.columns)]
    return [*lines, *_cases(one, paper), say("decided.undo"), f"  {paper.command('undo')}"]


def undone(one: "Outcome", names: Mapping[str, str], paper: Paper, now: datetime, *, dry_run: bool) -> list[str]:
    """What was taken back, or (`dry_run`) would be, whose word it was, and what came into another case by it."""
    made = one.done.made
    who = one_line(names.get(made.who, made.who)) or say("page.somebody")
    what = sentence(made, one.quote, names, paper, now)
    code = "undo.would" if dry_run else "undo.done"
    said = [say(code, what=what, who=who, when=paper.when(made.at, now))]
    said += [say("decided.moved", n=len(one.done.moved))] if one.done.moved else []
    return [*(line for text in said for line in wrap(text, paper.columns)), *_cases(one, paper)]


def _cases(one: "Outcome", paper: Paper) -> list[str]:
    """The cases that changed, as they are now."""
    rows = [(held.case.key, one_line(held.case.title), held.case.messages) for held in one.held]
    told = [say("decided.case", case=key, title=title, n=count) for key, title, count in rows]
    return [f"  {line}" for text in told for line in wrap(text, paper.columns - 2)]


def as_json(one: "Outcome", now: datetime) -> dict[str, Any]:
    """A correction and what it changed (`case …`, `undo`)."""
    from cli.as_json import case_line, correction

    return {
        "correction": correction(one.done.made),
        "moved": list(one.done.moved),
        "cases": [case_line(held, now) for held in one.held],
    }
