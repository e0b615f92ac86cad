"""A text as it is compared with another: without what wrapping and typing change."""

import re
import unicodedata


def squeezed(text: str) -> str:
    """A text without white space and compatibility forms, for comparing quotes."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
