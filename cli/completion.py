"""`kawari completion`: what the shell proposes while a command is typed: commands, options, cases, colleagues.

The shell asks `kawari completion words -- …` for every word: what is proposed comes from the commands themselves and
from the diary, in every shell alike.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.desk import Desk, desk_of, put
from cli.harmless import harmless
from cli.words import say
from notes.errors import KawariError, UsageError

if TYPE_CHECKING:
    from notes.store.engine import Connection

Proposal = tuple[str, str]
"""A word, and what it means."""

BASH = """_kawari() {
  local word about
  COMPREPLY=()
  while IFS=$'\\t' read -r word about; do
    COMPREPLY+=("$word")
  done < <(kawari completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _kawari kawari
"""
ZSH = """#compdef kawari
_kawari() {
  local -a found
  local line
  while IFS=$'\\t' read -r word about; do
    found+=("${word//:/\\\\:}:$about")
  done < <(kawari completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( ${#found} )) && _describe kawari found || _files
}
compdef _kawari kawari
"""
FISH = """complete -c kawari -f -a '(kawari completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
WORDS = "words"
MOST = 200

Shell = Annotated[str, typer.Argument(metavar="bash|zsh|fish", show_default=False, help=say("option.shell"))]
Typed = Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", show_default=False, hidden=True)]


def completion(ctx: typer.Context, shell: Shell, typed: Typed = None) -> None:
    """Prints the script for a shell, or (`words`) what could stand where the last word is being typed."""
    if shell == WORDS:
        found = proposals(typed or [""], desk_of(ctx))
        put(f"{word}\t{harmless(about, one_line=True)}" for word, about in found)
    elif shell in SCRIPTS:
        put(SCRIPTS[shell].splitlines())
    else:
        raise UsageError("bad-choice", option="SHELL", given=shell, allowed=tuple(SCRIPTS))


def proposals(typed: Sequence[str], desk: Desk) -> list[Proposal]:
    """What the last of the typed words may become, with its meaning; nothing where the diary cannot be asked."""
    *before, current = typed
    try:
        found = [one for one in _proposed(before, current, desk) if one[0].startswith(current)]
    except KawariError:
        return []
    return found[:MOST]


def _proposed(before: Sequence[str], current: str, desk: Desk) -> Iterator[Proposal]:
    from cli.app import COMMANDS, build

    name = next((word for word in before if word in COMMANDS), None)
    if name is None:
        yield from ((each, _first_line(f"help.{each}")) for each in COMMANDS)
        return
    command: Any = typer.main.get_command(build([name])).commands[name]  # type: ignore[attr-defined] # a group, always
    rest = list(before[before.index(name) + 1 :])
    below = getattr(command, "commands", None)
    if below is not None:
        sub = next((word for word in rest if word in below), None)
        if sub is None:
            yield from ((each, _first_line(f"help.{name}-{each}")) for each in below)
            return
        command, rest = below[sub], rest[rest.index(sub) + 1 :]
    yield from _of_command(command, rest, current, desk)


def _of_command(command: Any, rest: Sequence[str], current: str, desk: Desk) -> Iterator[Proposal]:
    """Options where a dash was typed, else values of the option or argument whose turn it is."""
    options = {each: one for one in command.params for each in getattr(one, "opts", ()) if each.startswith("-")}
    if current.startswith("-"):
        yield from ((each, one.help or "") for each, one in options.items())
        return
    waiting = options.get(rest[-1]) if rest else None
    if waiting is not None and not waiting.is_flag:
        yield from _values(waiting.metavar or "", current, desk)
        return
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    if arguments:
        given = sum(not word.startswith("-") for word in rest)
        yield from _values((arguments[min(given, len(arguments) - 1)].metavar or "").strip("[].…"), current, desk)


def _values(metavar: str, current: str, desk: Desk) -> Iterator[Proposal]:
    if "|" in metavar:
        yield from ((each, "") for each in metavar.split("|"))
    elif metavar in ("OWNER", "STAFF", "STANDIN"):
        yield from ((one.id, one.name) for one in desk.directory.staff)
    elif metavar == "ID":
        yield from ((one.id, one.host) for one in desk.settings.mailboxes)
    elif metavar in ("CASE", "INTO", "CUSTOMER", "PROMISE", "MESSAGE"):
        store = desk.store()
        try:
            with store.read() as db:
                yield from list(_of_diary(metavar, current, db))
        finally:
            store.close()


def _of_diary(metavar: str, current: str, db: "Connection") -> Iterator[Proposal]:
    from notes.store import cases, customers

    if metavar == "CUSTOMER":
        yield from ((one.id, one.name) for one in customers.all(db))
    elif metavar == "PROMISE":
        for held in cases.held(db):
            open_ones = (one for one in held.standing.promises if one.is_open)
            yield from ((one.id, f"{held.case.key} {one.quote}") for one in open_ones)
    elif metavar == "MESSAGE" and "#" in current:
        key = current.partition("#")[0]
        yield from ((f"{key}#{n}", "") for n in range(1, cases.get(db, key).messages + 1))
    else:
        mark = "#" if metavar == "MESSAGE" else ""
        yield from ((f"{key}{mark}", f"{customer} {title}") for key, title, customer in cases.names(db))


def _first_line(code: str) -> str:
    return say(code).strip().partition("\n")[0]
