"""What Typer says by itself, said in our words: the headings of its help pages and its complaints about a command line.

Typer speaks English only. Its formatter and its exceptions are read here, at the boundary, and nowhere else.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import typer

from cli.columns import width, wrap
from cli.harmless import harmless
from cli.words import known, say

REQUIRED = "  [required]"

Formatter: Any = typer.Context.formatter_class
"""click's HelpFormatter, which typer keeps to itself."""


class Formatted(Formatter):  # type: ignore[misc]  # its class has no public name
    """A help page with headings from the catalog."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how the command is written."""
        plain = args.replace("{", "").replace("}", "")
        for code in ("OPTIONS", "COMMAND", "ARGS"):
            plain = re.sub(rf"\b{code}\b", say(f"usage.{code.lower()}"), plain)
        super().write_usage(prog, plain, say("usage.prefix"))

    def write_heading(self, heading: str) -> None:
        """`Arguments`, `Options` or `Commands`."""
        code = f"usage.heading-{heading.lower()}"
        super().write_heading(say(code) if known(code) else heading)

    def write_text(self, text: str) -> None:
        """Paragraphs, broken by their width in columns: click counts characters, and ours may be wide."""
        indent = " " * self.current_indent
        paragraphs = (" ".join(one.split()) for one in re.split(r"\n\s*\n", text))
        broken = ("\n".join(indent + line for line in wrap(one, self.width - len(indent))) for one in paragraphs)
        self.write("\n\n".join(broken) + "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names and what they mean, in two columns; below a name that is too long for the first one."""
        required = f"  [{say('usage.required')}]"
        first = min(max((width(name) for name, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, text in rows:
            meaning = text.replace(REQUIRED, required).replace("\n", " ")
            head, *more = wrap(meaning, max(self.width - first - 2, 10))
            between = " " * (first - width(name)) if width(name) + col_spacing <= first else f"\n{indent}{' ' * first}"
            self.write(f"{indent}{name}{between if head else ''}{head}\n")
            self.write("".join(f"{indent}{' ' * first}{line}\n" for line in more))


class Context(typer.Context):
    """A run of one of our commands."""

    formatter_class = Formatted


def sentence(error: Any) -> str:
    """A complaint of Typer's about the command line, with where to read on."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "kawari"
    return say("error.usage", message=_message(error, context), command=command)


def _message(error: Any, context: Any) -> str:
    """In our words, by the kind of the complaint; as it came where the kind is none of these."""
    said = harmless(error.format_message(), one_line=True)
    named = _named(said)
    match type(error).__name__:
        case "MissingParameter":
            return say(f"usage.missing-{error.param.param_type_name}", name=named)
        case "NoSuchOption":
            return _unknown("option", harmless(str(error.option_name), one_line=True), error.possibilities or ())
        case "BadOptionUsage":
            code = "usage.option-takes-none" if "does not take" in said else "usage.option-needs-value"
            return say(code, name=harmless(str(error.option_name), one_line=True))
    if said.startswith("Got unexpected extra"):
        return say("usage.too-many", name=said[said.rfind("(") + 1 :].rstrip(")"))
    if said.startswith("No such command"):
        return _unknown("command", named, getattr(getattr(context, "command", None), "commands", ()))
    return said


def _unknown(kind: str, name: str, there: Iterable[str]) -> str:
    """An option or command that is none, and the one that was probably meant."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(there), n=1)
    return say(f"usage.no-such-{kind}-near" if near else f"usage.no-such-{kind}", name=name, near="".join(near))


def _named(said: str) -> str:
    """What a message puts in quotes."""
    found = re.search(r"'([^']*)'", said)
    return found[1] if found else said
