"""The words that speak: gettext catalogs by message code, one `.po` a language, chosen before anything is said.

Codes are dotted (`error.unknown-key`, `help.poll`); values are filled in with `str.format`. The catalogs are read with
Babel once and kept compiled in the user's cache folder, because Babel alone costs more than everything else a command
imports.
"""

import gettext
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from threading import local
from typing import TextIO

from cli.cache import kept, stamp

LANGUAGES = ("ja", "en")
LOCALE = Path(__file__).parent / "locale"
COUNTED = ("n", "count", "hours")
"""Values that are numbers of things: "1 mail", "2 mails"."""

_language = "en"
_here = local()


def choose(language: str) -> None:
    """Makes the faces speak `language` (`ja` or `en`) from here on."""
    global _language
    _language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Another language for a while, in this thread alone: letters are written in their readers' languages."""
    before = getattr(_here, "language", None)
    _here.language = language
    try:
        yield
    finally:
        _here.language = before


def language() -> str:
    """The language in force."""
    return getattr(_here, "language", None) or _language


def say(code: str, **values: object) -> str:
    """The sentence of a code in the chosen language; the code itself where the catalog has none.

    Singular or plural (where the catalog has both) follows the first value given of those named in `COUNTED`.
    """
    sentence = _form(code, next((values[name] for name in COUNTED if name in values), None))
    return sentence.format(**values) if values else sentence


def _form(code: str, counted: object) -> str:
    """The sentence in the form that goes with a number; a fraction ("1.5 hours") counts as several."""
    number = str(counted)
    return _translated(language(), code, int(number) if number.isdecimal() else 2)


@lru_cache(maxsize=4_096)
def _translated(language: str, code: str, number: int) -> str:
    found = catalog(language)
    several = found.ngettext(code, code, number)
    return several if several != code else found.gettext(code)


def known(code: str) -> bool:
    """Whether the catalog has a sentence for the code: codes of rules and reasons may be newer than the catalog."""
    return _form(code, None) != code


def readable(language: str, stream: TextIO) -> str:
    """`language`, or English where the stream cannot take Japanese (an ASCII terminal)."""
    try:
        "約束".encode(stream.encoding or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return "en"
    return language


def of_system(said: str) -> str:
    """What the operating system says of a file (`strerror`), in the chosen language where the catalog knows it."""
    return say(f"os.{said}") if known(f"os.{said}") else said


def of_locale(environ: Mapping[str, str]) -> str:
    """The language of the environment's locale (POSIX: LC_ALL, LC_MESSAGES, LANG); English unless it is Japanese."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    return "ja" if locale.lower().startswith("ja") else "en"


@cache
def catalog(language: str) -> gettext.NullTranslations:
    """The catalog of a language."""
    source = LOCALE / f"{language}.po"
    compiled = kept(f"{language}-{stamp(source)}.mo", lambda: compile_po(source))
    return gettext.GNUTranslations(io.BytesIO(compiled))


def compile_po(source: Path) -> bytes:
    """A `.po` file as the bytes of a `.mo` (GNU gettext's binary catalog)."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    out = io.BytesIO()
    with source.open("rb") as file:
        write_mo(out, read_po(file))
    return out.getvalue()
