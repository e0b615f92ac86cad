"""A mail as it is shown in HTML: its text by zones, quotes folded, and its own HTML made harmless.

Of a stranger's HTML only plain tags stay (nh3): no script, style, form, frame, picture, or anything that is loaded from
elsewhere. A link keeps its address, and the page shows it behind the link: nobody is sent somewhere unseen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cli.harmless import disarmed, harmless
from notes.model import Attachment, Filed, Message, ZoneKind

if TYPE_CHECKING:
    import nh3

LONGEST_HTML = 500_000
"""Characters of a mail's HTML that are looked at."""

FOLDED = frozenset({ZoneKind.QUOTE, ZoneKind.QUOTE_HEADER, ZoneKind.FORWARDED, ZoneKind.BANNER, ZoneKind.SIGNATURE})

_TEXT = ("p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "sub", "sup", "pre", "code", "hr", "blockquote")
_LISTS = ("ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "a")
_TABLES = ("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td")
_SPANS = {"colspan", "rowspan"}
_WITH_CONTENT = {"script", "style", "title", "head", "svg", "math", "template", "noscript"}


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines; `folded` ones are shown when asked for."""

    text: str
    folded: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be shown: blocks of text, its HTML made harmless (empty without), attachments by reference."""

    blocks: tuple[Block, ...]
    html: str
    attachments: tuple[Attachment, ...]


def of_bytes(message: Message, html: str) -> Letter:
    """A mail that was read again from its bytes, with its HTML part as written."""
    return Letter(_blocks((zone.text, zone.kind in FOLDED) for zone in message.zones), clean(html), message.attachments)


def of_diary(filed: Filed) -> Letter:
    """A note, or a mail whose bytes are not kept."""
    inside = [(f"{inner.above}\n{inner.text}", True) for inner in filed.forwarded]
    return Letter(_blocks([(filed.new_text, False), *inside]), "", filed.attachments)


def _blocks(parts: Iterable[tuple[str, bool]]) -> tuple[Block, ...]:
    """Neighbours of one kind together, without what is blank."""
    blocks: list[Block] = []
    for text, folded in parts:
        if blocks and blocks[-1].folded == folded:
            blocks[-1] = Block(f"{blocks[-1].text}\n{text}", folded)
        else:
            blocks.append(Block(text, folded))
    return tuple(Block(harmless(block.text).strip("\n"), block.folded) for block in blocks if block.text.strip())


def clean(html: str) -> str:
    """A stranger's HTML without anything that acts, loads, hides or moves a terminal's cursor."""
    return _cleaner().clean(disarmed(html[:LONGEST_HTML])) if html.strip() else ""


@cache
def _cleaner() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags={*_TEXT, *_LISTS, *_TABLES},
        attributes={"td": _SPANS, "th": _SPANS, "a": {"href"}},
        clean_content_tags=_WITH_CONTENT,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
