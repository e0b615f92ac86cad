"""`kawari search`: mails, notes and customers by words."""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from cli.desk import desk_of, put, put_json
from cli.options import AsJson, At
from cli.words import say
from notes.errors import UsageError

Words = Annotated[list[str], typer.Argument(metavar="WORDS", show_default=False, help=say("option.words"))]
Limit = Annotated[str | None, typer.Option("--limit", metavar="N", help=say("option.hits"))]

USUAL_LIMIT = 20


class WithUnwanted(TyperCommand):
    """A command line on which `-word` is a word that must not be there, and no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts such words behind `--`, where they are words for whoever reads the line."""
        known = {name: not getattr(one, "is_flag", False) for one in self.params for name in one.opts}
        known |= dict.fromkeys(ctx.help_option_names, False)
        end = args.index("--") if "--" in args else len(args)
        options, unwanted = list[str](), list[str]()
        for before, word in zip(["", *args], args[:end], strict=False):
            is_word = word[:1] == "-" and word[1:2] not in ("", "-") and word not in known and not known.get(before)
            (unwanted if is_word else options).append(word)
        behind = [*unwanted, *args[end + 1 :]]
        return super().parse_args(ctx, [*options, "--", *behind] if behind else options)


KIND = WithUnwanted


def search(ctx: typer.Context, words: Words, limit: Limit = None, at: At = None, as_json: AsJson = False) -> None:
    """Finds what holds all the words, best first."""
    from cli import lookup, render_search
    from cli.diary import open_diary

    desk = desk_of(ctx)
    if limit is not None and not (limit.isascii() and limit.isdigit() and int(limit)):
        raise UsageError("bad-choice", option="--limit", given=limit, allowed="1, 2, 3 …")
    with open_diary(desk, at) as diary:
        found = lookup.find(diary, lookup.typed(words), int(limit) if limit else USUAL_LIMIT)
    if as_json:
        put_json(render_search.as_json(found))
    else:
        put(render_search.lines(found, desk.paper.as_of(at), diary.now))
