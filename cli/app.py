"""The command `kawari`: chooses the language, runs one command, and is the one place where an error becomes words.

Help texts are bound when a command's module is imported, so the language is chosen first, and only the module of the
command asked for is imported.
"""

import gc
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TextIO

import typer

from cli import click_words, words
from cli.desk import Desk, warn
from cli.error_words import sentence
from cli.harmless import harmless
from cli.settings_file import find_file, peek_language
from cli.words import say
from notes.errors import KawariError, UsageError

COMMANDS: Mapping[str, str] = {
    "demo": "cli.demonstrate:demo",
    "init": "cli.init:init",
    "login": "cli.login:login",
    "poll": "cli.poll:poll",
    "import": "cli.imports:import_",
    "receive": "cli.receive:receive",
    "lmtp": "cli.lmtp:lmtp",
    "cases": "cli.cases:cases",
    "timeline": "cli.timeline:timeline",
    "handover": "cli.handover:handover",
    "show": "cli.show:show",
    "search": "cli.search:search",
    "export": "cli.export:export",
    "unfiled": "cli.unfiled:unfiled",
    "draft": "cli.draft:draft",
    "note": "cli.note:note",
    "promise": "cli.promise:app",
    "case": "cli.case:app",
    "customer": "cli.customer:app",
    "away": "cli.away:away",
    "back": "cli.away:back",
    "check": "cli.check:check",
    "undo": "cli.undo:undo",
    "why": "cli.why:why",
    "snooze": "cli.hush:snooze",
    "mute": "cli.hush:mute",
    "unmute": "cli.hush:unmute",
    "status": "cli.status:status",
    "doctor": "cli.doctor:doctor",
    "inspect": "cli.inspect:app",
    "reconsider": "cli.reconsider:reconsider",
    "upgrade": "cli.upgrade:upgrade",
    "completion": "cli.completion:completion",
}
"""Each command and where it lives, in the order of the help page."""

HELP_NAMES = ("-h", "--help")

UNCOLLECTED = 50_000
"""Objects after which Python looks for garbage: it would do so dozens of times while libraries are imported."""

WRONG_USE: type[Exception] = typer.BadParameter.__mro__[2]
"""click's ClickException, which typer keeps to itself."""


@dataclass(frozen=True)
class Shared:
    """What may stand anywhere on the command line, and the `rest` that is the command's own."""

    config: str | None = None
    language: str | None = None
    debug: bool = False
    rest: list[str] = field(default_factory=list)


def main() -> NoReturn:
    """The console script."""
    gc.set_threshold(UNCOLLECTED)
    sys.stdout, sys.stderr = (_open(stream) for stream in (sys.stdout, sys.stderr))
    code = run(sys.argv[1:], os.environ)
    gc.freeze()  # or Python would look for garbage among all objects once more before it ends, a tenth of a page's time
    sys.exit(code)


def _open(stream: TextIO | None) -> TextIO:
    """A stream that takes every character; one that the caller closed (`>&-`) becomes one that leads nowhere."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def run(args: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs one command line; returns its exit code, to a mail server's pipe one that mail servers know."""
    code = _run(args, environ)
    if code and "receive" in args and _command(args) == "receive":
        from cli.receive import as_sysexit

        return as_sysexit(code)
    return code


def _command(args: Sequence[str]) -> str | None:
    """The command of a command line, None where that cannot be told."""
    try:
        return next((arg for arg in divide(args).rest if not arg.startswith("-")), None)
    except UsageError:
        return None


def _run(args: Sequence[str], environ: Mapping[str, str]) -> int:
    debug = "--debug" in args
    try:
        words.choose(words.of_locale(environ))
        shared = divide(args)
        asked = _language(shared, environ)
        desk = Desk(shared.config, environ, asked, shared.debug)
        words.choose(words.readable(asked or words.of_locale(environ), sys.stdout))
        return _invoke(shared.rest, desk)
    except KeyboardInterrupt:
        return 130
    except (BrokenPipeError, SystemExit):  # typer turns a broken pipe into an exit of its own
        return _close_pipe()
    except KawariError as error:
        return _explain(error, debug=debug)
    except WRONG_USE as error:
        return _explain_usage(error)
    except typer.Abort:  # Ctrl-C or Ctrl-D at a question: the shell's prompt begins a line of its own
        warn("")
        return 130
    except OSError as error:
        return _explain_system(error, debug=debug)
    except Exception as error:  # noqa: BLE001 - the outermost boundary: what nobody foresaw still gets a sentence
        return _explain_unforeseen(error, debug=debug)


def divide(args: Sequence[str]) -> Shared:
    """Takes `--config FILE`, `--lang ja|en` and `--debug` out of a command line, wherever they stand before `--`."""
    found: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(args)
    for arg in waiting:
        name, equals, value = arg.partition("=")
        if arg == "--":
            rest += [arg, *waiting]
        elif name in ("--config", "--lang"):
            found[name] = value if equals else next(waiting, "")
            if not found[name]:
                raise UsageError("option-needs-value", option=name)
        elif arg != "--debug":
            rest.append(arg)
    if found.get("--lang") not in (None, *words.LANGUAGES):
        raise UsageError("bad-language", given=found["--lang"])
    return Shared(found.get("--config"), found.get("--lang"), "--debug" in args, rest)


def _language(shared: Shared, environ: Mapping[str, str]) -> str | None:
    """`--lang`, `$KAWARI_LANGUAGE`, the settings file; the first that says something. After them comes the locale."""
    asked = shared.language or environ.get("KAWARI_LANGUAGE")
    return asked if asked in words.LANGUAGES else peek_language(find_file(shared.config, environ))


def build(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The Typer app with the commands of these names."""
    app = _empty()
    for name in names:
        module, _, attribute = COMMANDS[name].partition(":")
        room = import_module(module)
        command = getattr(room, attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, help=say(f"help.{name}"))
        else:
            kind = getattr(room, "KIND", None)
            app.command(name, cls=kind, help=say(f"help.{name}"), epilog=say("help.epilog"))(command)
    return app


def _overview() -> typer.Typer:
    """The app as its own help page shows it: every command's name and help, none of their modules."""
    app = _empty()
    for name in COMMANDS:
        app.command(name, help=say(f"help.{name}"))(_listed)
    return app


def _listed() -> None:
    """Stands for a command on the help page."""


def _empty() -> typer.Typer:
    from cli.options import everywhere

    app = typer.Typer(
        name="kawari",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": list(HELP_NAMES)},
    )
    app.callback(help=say("help.kawari"), no_args_is_help=True)(everywhere)
    return app


def command_names() -> list[str]:
    """Every command as it is typed: `poll`, `promise add`."""
    command: Any = typer.main.get_command(build())
    below = {name: getattr(one, "commands", None) for name, one in command.commands.items()}
    return [f"{name} {sub}" if sub else name for name, subs in below.items() for sub in (subs or [""])]


def _invoke(args: list[str], desk: Desk) -> int:
    if "--version" in args[:1]:
        from importlib.metadata import version

        sys.stdout.write(f"kawari {version('kawari')}\n")
        return 0
    name = next((arg for arg in args if not arg.startswith("-")), None)
    if name is not None and name not in COMMANDS:
        raise _no_such_command(name)
    command: Any = typer.main.get_command(build([name]) if name else _overview())
    _take_words_as_they_are(command)
    code = command.main(args=args, prog_name="kawari", standalone_mode=False, obj=desk)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _no_such_command(name: str) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    return UsageError("no-such-command-near" if near else "no-such-command", given=name, near="".join(near))


class _AsTyped:
    """Hands the command line's words through. Typer 0.29 would import pydantic for it: 85 ms at every run."""

    def coerce(self, value: Any, **_: Any) -> Any:
        return value


def _take_words_as_they_are(command: Any) -> None:
    """Every parameter of ours is text, a list of texts or a flag, and the commands themselves read what is in them."""
    for below in getattr(command, "commands", {}).values():
        _take_words_as_they_are(below)
    command.context_class = click_words.Context
    context = typer.Context(command, help_option_names=list(HELP_NAMES))
    command.get_help_option(context).help = say("option.help")
    for parameter in command.get_params(context):
        parameter._runtime_param = _AsTyped()
        if parameter.param_type_name == "argument":
            parameter.display_type_rich = lambda ctx: None  # "CASE", not "CASE <list[str]>"


def _explain(error: KawariError, *, debug: bool) -> int:
    if debug:
        _traceback(error)
    warn(sentence(error))
    return error.exit_code


def _explain_usage(error: Any) -> int:
    is_help = type(error).__name__ == "NoArgsIsHelpError"
    warn(error.format_message() if is_help else click_words.sentence(error))
    return 2


def _explain_system(error: OSError, *, debug: bool) -> int:
    """A file that cannot be used, or an output that takes no more (a full disk)."""
    if debug:
        _traceback(error)
    reason = words.of_system(error.strerror or type(error).__name__)
    code = "error.file-unusable" if error.filename else "error.output-unwritable"
    warn(say(code, file=harmless(str(error.filename)), reason=reason))
    return 1


def _explain_unforeseen(error: Exception, *, debug: bool) -> int:
    if debug:
        _traceback(error)
    warn(say("error.unforeseen", kind=type(error).__name__))
    return 1


def _traceback(error: BaseException) -> None:
    import traceback

    sys.stderr.write("".join(traceback.format_exception(error)))


def _close_pipe() -> int:
    """The reader of our output went away: nothing to say, and nothing may be flushed into it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
