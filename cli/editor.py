"""A text that somebody writes in the editor of their choice (`$VISUAL`, `$EDITOR`, else vi)."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from notes.errors import UsageError

USUAL = "vi"


def written(environ: Mapping[str, str]) -> str:
    """What stands in the file when the editor ends; the file, which only its owner may read, is gone then.

    Raises `UsageError` (`editor-failed`) for an editor that cannot be started or gives up.
    """
    editor = environ.get("VISUAL") or environ.get("EDITOR") or USUAL
    number, name = tempfile.mkstemp(prefix="kawari-", suffix=".txt")
    os.close(number)
    path = Path(name)
    try:
        done = subprocess.run([*shlex.split(editor), name], check=False)  # noqa: S603 - the user's own editor
        if done.returncode:
            raise UsageError("editor-failed", editor=editor, reason=f"exit {done.returncode}")
        return path.read_text("utf-8", errors="replace")
    except ValueError as error:  # quotes that do not end
        raise UsageError("editor-failed", editor=editor, reason=str(error)) from None
    except OSError as error:
        raise UsageError("editor-failed", editor=editor, reason=error.strerror or type(error).__name__) from None
    finally:
        path.unlink(missing_ok=True)
