"""Address headers (RFC 5322, section 3.4) and Message-ID headers (section 3.6.4) as people's mail programs write them.

A plain `name <address>` is read here; every other form (comments, groups, quoted commas, routes, damage) by
mail-parser's structural scanner. Encoded words are set aside first, because a decoded comma must not split a list.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.parse import strict, words
from notes.model import Address

MAX_ADDRESSES = 2_000
MAX_SCANNED = 50_000
"""Characters of an address header read structurally; the sender alone decides how long it is."""
MAX_IDS = 200
MAX_ID = 500

_PLAIN_NAME = re.compile(r'"[^"\\]*"|[^"<>@,;:()\\\[\]]*')
_PLAIN_ADDRESS = re.compile(r'[^<>@\s",;:()\\\[\]]+@[^<>@\s",;:()\\\[\]]+')
_SALVAGE = re.compile(r"[A-Za-z0-9._%+'=/-]{1,64}@[A-Za-z0-9.-]{1,255}")
_ASIDE = "\ue000"
_SET_ASIDE = re.compile(f"{_ASIDE}([0-9]+){_ASIDE}")


def read(values: Iterable[str], hint: str | None = None) -> tuple[Address, ...]:
    """The mailboxes of address header values, in order, each address once; names decoded, addresses in lower case.

    `hint` is the charset of the mail's body, for raw 8-bit names.
    """
    found: dict[str, Address] = {}
    for value in values:
        for name, address in _remembered(value, hint) if len(value) < _USUAL_LENGTH else _mailboxes(value, hint):
            found.setdefault(address, Address(name, address))
            if len(found) >= MAX_ADDRESSES:
                return tuple(found.values())
    return tuple(found.values())


_USUAL_LENGTH = 300


@lru_cache(maxsize=1024)  # who writes today wrote yesterday
def _remembered(value: str, hint: str | None) -> tuple[tuple[str, str], ...]:
    return tuple(_mailboxes(value, hint))


def _mailboxes(value: str, hint: str | None) -> list[tuple[str, str]]:
    value = words.unfolded(value, hint)[:MAX_SCANNED]
    aside: list[str] = []
    masked = _masked(value, aside, hint) if "=?" in value else value
    pairs = _plain(masked)
    if pairs is None:
        pairs = strict.mailboxes(masked)
    if not pairs:
        pairs = [("", address) for address in _SALVAGE.findall(_restored(masked, aside))]
    return [(_name(_restored(name, aside)), _address(_restored(address, aside))) for name, address in pairs]


def _masked(value: str, aside: list[str], hint: str | None) -> str:
    """The value with every run of encoded words replaced by an atom that `_restored` turns into its text."""

    def put_aside(run: re.Match[str]) -> str:
        aside.append(words.clean(words.decode_words(run[0], hint)))
        return f"{_ASIDE}{len(aside) - 1}{_ASIDE}"

    return _RUN.sub(put_aside, value.replace(_ASIDE, ""))


_RUN = re.compile(rf"{words.ENCODED_WORD.pattern}(?:[ \t]*{words.ENCODED_WORD.pattern})*")


def _restored(text: str, aside: list[str]) -> str:
    return (
        _SET_ASIDE.sub(lambda mark: aside[int(mark[1])] if int(mark[1]) < len(aside) else "", text) if aside else text
    )


def _plain(value: str) -> list[tuple[str, str]] | None:
    """The mailboxes of a list without anything unusual in it; None when a scanner has to look."""
    if not value:
        return []
    pairs = []
    for item in value.split(","):
        name, angle, address = item.strip().rpartition("<")
        if angle and address.endswith(">"):
            address = address[:-1].strip()
        elif angle:
            return None
        name = name.strip()
        if not _PLAIN_ADDRESS.fullmatch(address) or not _PLAIN_NAME.fullmatch(name):
            return None
        pairs.append((name.strip('"'), address))
    return pairs


def _name(name: str) -> str:
    name = words.clean(name).strip()
    return name[1:-1].strip() if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"" else name


def _address(address: str) -> str:
    return words.clean(address).strip().strip("<>'\"").lower()


# --- Message-ID, In-Reply-To, References ----------------------------------------------------------------------------

_ID = re.compile(rf"<([^<>]{{1,{MAX_ID}}})>")
_BETWEEN_BARE_IDS = re.compile(r'[\s<>,;"()]+')
_SPACE = re.compile(r"\s+")


def ids(values: Iterable[str]) -> tuple[str, ...]:
    """The Message-IDs of header values without their brackets, in order, each once, at most the last 200.

    Words beside them (`Your message of …`) are dropped; where no brackets are, anything with an `@` counts.
    """
    found: dict[str, None] = {}
    for value in values:
        text = words.unfolded(value)
        named = [_SPACE.sub("", name) for name in _ID.findall(text)]
        bare = () if named else (word for word in _BETWEEN_BARE_IDS.split(text) if "@" in word and len(word) <= MAX_ID)
        for name in named or bare:
            found[words.clean(name)] = None
    return tuple(found)[-MAX_IDS:]


def message_id(value: str) -> str | None:
    """The id of a Message-ID header; also one that was written without brackets or with white space in it."""
    text = words.unfolded(value)
    named = _ID.search(text)
    bare = _SPACE.sub("", words.clean(named[1] if named else text).strip("<> \t"))
    return bare[:MAX_ID] or None
