"""Which parts of a mail are its text, which are attachments, and which are mails inside it."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.parse import charsets, flowed, html, invitations, mime
from ingest.parse.mime import Part
from notes.model import Attachment

_REPORTS = frozenset(
    ("message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
     "message/feedback-report", "text/rfc822-headers", "message/rfc822-headers")
)  # fmt: skip
_WRITTEN = frozenset(("text/plain", "text/html", "text/enriched", "text/richtext"))
STUB = 200
"""Characters up to which a text part may be a mere note that the mail is HTML."""
_BLANK = re.compile(r"\s*")


@dataclass(slots=True)
class Leaf:
    """A part without children, or a whole inner mail; and the branches of multipart/alternative it lies in.

    `packed`: it lies in a `winmail.dat`, which repeats the mail's text.
    """

    part: Part
    branches: tuple[tuple[int, int], ...]
    packed: bool = False


@dataclass(slots=True)
class Sorted:
    """A mail's leaves by what they are, in order; `defects` as codes."""

    texts: list[Leaf] = field(default_factory=list)
    attached: list[Part] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    calendars: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


def leaves(root: Part) -> Iterator[Leaf]:
    """The leaves within the limits, in order; an inner mail is one leaf, not opened."""
    stack = [Leaf(root, ())]
    seen = alternatives = 0
    while stack and seen < mime.MAX_PARTS:
        leaf = stack.pop()
        seen += 1
        part = leaf.part
        if part.type in mime.INNER_MAILS or not part.children:
            yield leaf
        else:
            choice = part.type == "multipart/alternative"
            alternatives += choice
            packed = leaf.packed or part.is_tnef
            stack.extend(
                Leaf(child, (*leaf.branches, (alternatives, branch)) if choice else leaf.branches, packed)
                for branch, child in reversed(list(enumerate(part.children)))
            )


def sort(root: Part) -> Sorted:
    """Every leaf of a mail in its place."""
    found = Sorted()
    named: list[Leaf] = []
    packed: list[Leaf] = []
    for leaf in leaves(root):
        part = leaf.part
        if _put_by_type(found, part):
            continue
        if _is_undivided(part):
            found.texts.append(leaf)
        elif part.type in _WRITTEN and part.disposition != "attachment":
            (named if part.name else packed if leaf.packed else found.texts).append(leaf)
        elif not _is_other_form(leaf):
            found.attached.append(part)
    if packed and not any(leaf.part.content.strip() for leaf in found.texts):
        found.texts += packed
    if found.texts:
        found.attached.extend(leaf.part for leaf in named)
    else:
        found.texts = named
    return found


def _put_by_type(found: Sorted, part: Part) -> bool:
    """Puts mails inside, reports and invitations where they belong; whether the part was one of these."""
    if part.type in mime.INNER_MAILS:
        found.inner.append(part)
    elif part.type in _REPORTS:
        found.reports.append(part)
    elif part.type == "text/calendar":
        found.calendars.append(part)
        if part.name or part.disposition == "attachment":
            found.attached.append(part)
    else:
        return False
    return True


def _is_undivided(part: Part) -> bool:
    """Whether a multipart turned out to have no parts, but something to read."""
    return part.type.startswith("multipart/") and part.depth < mime.MAX_DEPTH and not part.is_blank


def _is_other_form(leaf: Leaf) -> bool:
    """Whether a leaf is only another form of the text (AMP, rich text), or an empty multipart."""
    part = leaf.part
    if part.name:
        return False
    return part.type.startswith("multipart/") or (bool(leaf.branches) and part.type.startswith("text/"))


def hint_of(root: Part, found: Sorted) -> str | None:
    """The charset in which a mail's raw 8-bit headers most likely are: the one its body names, or shows."""
    texts = [leaf.part for leaf in found.texts]
    declared = next((part.charset for part in (root, *texts) if part.charset), None)
    return declared or next((name for part in texts[:1] if (name := charsets.likely_name(part.content))), None)


# --- text ----------------------------------------------------------------------------------------------------------


def text_of(found: Sorted, hint: str | None) -> tuple[str, list[str]]:
    """The mail's text, `\\n` line ends, and the codes of what was wrong with it; an invitation's lines at its end."""
    defects: list[str] = []
    cache: dict[int, str] = {}

    def written(leaf: Leaf) -> str:
        if id(leaf) not in cache:
            cache[id(leaf)], defect = _written(leaf.part, hint)
            if defect:
                defects.append(defect)
        return cache[id(leaf)]

    chosen = found.texts
    for group in sorted({branch[0] for leaf in chosen for branch in leaf.branches}):
        chosen = _one_branch(chosen, group, written)
    texts = [text.strip("\n") for leaf in chosen if (text := written(leaf)).strip()]
    if found.calendars:
        texts.append(invitations.lines_of(found.calendars[0].text(hint).text))
    return "\n".join(text for text in texts if text), defects


def _one_branch(leaves_left: list[Leaf], group: int, written: Callable[[Leaf], str]) -> list[Leaf]:
    """Of one multipart/alternative the text branch; HTML where that is empty or only says that there is HTML."""
    branches: dict[int, list[Leaf]] = {}
    for leaf in leaves_left:
        place = dict(leaf.branches).get(group)
        if place is not None:
            branches.setdefault(place, []).append(leaf)
    plain = [place for place, inside in branches.items() if _has(inside, "text/plain", written)]
    others = [place for place, inside in branches.items() if place not in plain]
    best = plain[0] if plain else None
    if best is None or _length(branches[best], written) <= STUB:
        for place in others:
            length = _length(branches[place], written)
            if length and (best is None or length > 3 * _length(branches[best], written) + STUB // 2):
                best = place
    return [leaf for leaf in leaves_left if dict(leaf.branches).get(group, best) == best]


def _has(inside: list[Leaf], kind: str, written: Callable[[Leaf], str]) -> bool:
    return any(leaf.part.type == kind and written(leaf).strip() for leaf in inside)


def _length(inside: list[Leaf], written: Callable[[Leaf], str]) -> int:
    return sum(len(written(leaf).strip()) for leaf in inside)


def _written(part: Part, hint: str | None) -> tuple[str, str]:
    decoded = part.text(hint)
    if part.type == "text/html":
        return html.text_of(decoded.text), decoded.defect
    text = decoded.text
    if part.parameter("format").lower() == "flowed":
        text = flowed.unflowed(text, delete_space=part.parameter("delsp").lower() == "yes")
    return text, decoded.defect


def html_of(found: Sorted, hint: str | None) -> str:
    """The HTML among the mail's texts, as written."""
    written = (leaf.part.text(hint).text for leaf in found.texts if leaf.part.type == "text/html")
    return "\n".join(text for text in written if text.strip())


# --- attachments ---------------------------------------------------------------------------------------------------


def attachments(found: Sorted) -> Iterator[tuple[Attachment, bytes]]:
    """The attached files with their decoded contents, then the attached mails."""
    for part in (*found.attached, *found.inner):
        content = part.content
        yield described(part, content), content


def described(part: Part, content: bytes) -> Attachment:
    """What is told of an attachment. Its name is the sender's: not a path, and not safe to save under."""
    return Attachment(part.name, part.type, len(content), hashlib.sha256(content).hexdigest())
