"""How this program is typed in the shell it was started from: for the commands that pages print to be pasted."""

import os
import re
import shlex
import shutil
from pathlib import Path

PLAIN = re.compile(r"[A-Za-z0-9@%+=:,./_-][A-Za-z0-9@%+=:,./_#-]*")
"""Words that mean themselves in every shell."""


def program(called: str) -> str:
    """`kawari` where the shell finds it so; else its path, relative to the current folder when it lies below it.

    `called` is the name the process was started under. Started as anything else (by a test, by `python -c`), it is
    `kawari` all the same.
    """
    path = Path(called)
    found = shutil.which("kawari")
    if not path.name.startswith("kawari") or not path.exists() or (found and path.samefile(found)):
        return "kawari"
    here = Path.cwd()
    return shlex.quote(os.path.relpath(path) if path.absolute().is_relative_to(here) else str(path))


def line(*words: str) -> str:
    """Words as one line for a shell, each quoted where it must be: `acme-3#7` need not."""
    return " ".join(word if PLAIN.fullmatch(word) else shlex.quote(word) for word in words)
