"""What a command works at: the settings in force, the clock, the diary and the paper to print on, each made when asked.

The clock, the environment and the terminal are read here and nowhere further in.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli import moments
from cli.settings_file import find_file

if TYPE_CHECKING:
    from cli.paper import Paper
    from cli.settings import Settings
    from ingest.context import Context
    from notes.model import Calendar, Directory
    from notes.phrases import Phrases
    from notes.store.engine import Store


@dataclass(frozen=True)
class Desk:
    """Made once a run. `config` is the file given with `--config`, `language` the one that somebody asked for, `debug`
    whether faults shall be told in full."""

    config: str | None
    environ: Mapping[str, str]
    language: str | None = None
    debug: bool = False

    @cached_property
    def file(self) -> Path | None:
        """The settings file in force, if there is one."""
        return find_file(self.config, self.environ)

    @cached_property
    def settings(self) -> "Settings":
        """The settings. Raises `SettingsError`."""
        from cli.settings import load

        return load(self.file, self.environ)

    @cached_property
    def zone(self) -> tzinfo:
        """The zone the faces speak in: that of the settings, without a settings file this machine's."""
        return moments.zone(self.settings.timezone if self.file else self.environ.get("KAWARI_TIMEZONE"))

    @cached_property
    def directory(self) -> "Directory":
        """Who is who, from the settings."""
        from cli.given import directory

        return directory(self.settings)

    @cached_property
    def calendar(self) -> "Calendar":
        """Our working time, from the settings; without a settings file weekdays from 9 to 18."""
        from cli.given import calendar, plain_calendar

        return calendar(self.settings, self.zone) if self.file else plain_calendar(self.zone)

    @cached_property
    def phrases(self) -> "Phrases":
        """The words that detect: ours, and in front those the settings name. Raises `SettingsError`."""
        from cli.given import phrases
        from notes.phrases import load

        return phrases(self.settings) if self.file else load()

    def now(self, at: str | None = None) -> datetime:
        """The moment a command answers for: `--at`, or the clock; in our zone. Raises `UsageError`."""
        return moments.read(at, self.zone) if at else datetime.now(self.zone)

    def store(self, *, create: bool = False) -> "Store":
        """Opens the diary's database. Raises `DatabaseError`, `DatabaseVersionError`."""
        from cli.given import database_url
        from notes.store.engine import open_store

        return open_store(database_url(self.settings), create=create)

    def context(self, now: datetime, *, helped: bool = False) -> "Context":
        """What the stations of the way in need to know; `helped` by other processes when there is much to read."""
        from cli.faults import listen
        from ingest.context import Context
        from ingest.workers import HERE, Workers
        from notes.model import Keep

        listen(warn, debug=self.debug)
        keep = Keep(self.settings.keep_unfiled)
        workers = Workers() if helped else HERE
        return Context(self.directory, self.calendar, self.phrases, now, keep, self.settings.log.authserv_id, workers)

    @cached_property
    def paper(self) -> "Paper":
        """The terminal, or the pipe behind stdout."""
        from cli.paper import Paper

        return Paper.of_stream(sys.stdout, self.environ, self.zone, self.kawari)

    @cached_property
    def kawari(self) -> str:
        """How this run's kawari is typed again, on the same settings."""
        from cli import typed

        program = typed.program(sys.argv[0])
        return f"{program} {typed.line('--config', self.config)}" if self.config else program


def desk_of(ctx: typer.Context) -> Desk:
    """The desk of this run."""
    desk = ctx.find_object(Desk)
    return desk if desk is not None else Desk(None, os.environ)


def put(lines: Iterable[str]) -> None:
    """Writes lines to stdout; on a terminal that they do not fit, through the pager."""
    text = "".join(f"{line}\n" for line in lines)
    if sys.stdout.isatty():
        from cli import pager

        if pager.wanted() and pager.show(text, os.environ):
            return
    sys.stdout.write(text)


def put_json(value: Any, *, line: bool = False) -> None:
    """Writes a value to stdout as JSON: a document, or one line of JSON Lines."""
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=None if line else 2) + "\n")


def warn(text: str) -> None:
    """Writes a text to stderr; on a terminal its lines are broken where they may be."""
    lines = [text]
    if sys.stderr.isatty():
        from cli.columns import wrap

        lines = wrap(text, shutil.get_terminal_size().columns - 1)
    sys.stderr.write("".join(f"{line}\n" for line in lines))
