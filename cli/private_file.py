"""Files that hold customers' mail: only who wrote them may read them."""

import os
from pathlib import Path

from notes.errors import UsageError

OWNER_ONLY = 0o600


def write(path: Path, content: bytes) -> None:
    """Puts `content` into a file of mode 0600, also where a file of another mode stood.

    Raises `UsageError` where that cannot be.
    """
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
        with os.fdopen(number, "wb") as file:
            if path.is_file():
                os.fchmod(number, OWNER_ONLY)
            file.write(content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("file-unwritable", path=str(path), reason=reason) from error
