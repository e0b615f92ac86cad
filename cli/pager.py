"""Long pages on a terminal go through the user's pager; what fits the screen is simply written.

`$PAGER` chooses it, `less` without one; `PAGER=cat` or an empty `PAGER` switches it off. As git does, `less` is asked
to leave at once what fits, to show colours, and to leave the text on the screen (LESS=FRX where LESS is not set).
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping

USUAL = "less"


def show(text: str, environ: Mapping[str, str]) -> bool:
    """Hands `text` to the pager; False when there is none, or no need for one."""
    if text.count("\n") < shutil.get_terminal_size().lines:
        return False
    command = _words(environ.get("PAGER", USUAL))
    if not command or not shutil.which(command[0]):
        return False
    sys.stdout.flush()
    with subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": "FRX", **environ}) as pager:  # noqa: S603 - the user's own
        try:
            if pager.stdin:
                pager.stdin.write(text.encode())
                pager.stdin.close()
        except BrokenPipeError:  # left before the end
            pass
        while pager.poll() is None:
            try:
                pager.wait()
            except KeyboardInterrupt:  # for the pager: it has the terminal
                continue
    return True


def _words(command: str) -> list[str]:
    """A command as the shell reads it; one whose quotes do not end is none."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


def wanted() -> bool:
    """Whether somebody sits there: both what is typed and what is shown are a terminal."""
    return sys.stdout.isatty() and sys.stdin.isatty() and os.environ.get("TERM") != "dumb"
