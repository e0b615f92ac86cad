"""HTML bodies as plain lines, the way the sender's own mail client would have written the text part.

`blockquote` becomes `> ` lines, `hr` the line of underscores Outlook writes, table rows lines; header blocks of Outlook
(`divRplyFwdMsg`, `border-top`) stay lines of text for `ingest.body`. What a reader cannot see (styles, scripts, hidden
nodes, preheaders, comments) is left out. The tree is walked with a stack: mails nest 20,000 `div`s.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 4_000_000
MAX_TAG = 4_000
"""Characters of one tag; a longer one loses its attributes (lexbor compares every attribute with every other)."""
MAX_OPEN = 5_000
"""Elements open at once; a wilder tree is read by dropping its tags (lexbor searches the open ones for each new)."""
MAX_QUOTE_DEPTH = 20

_DROPPED = frozenset((
    "head", "script", "style", "title", "template", "noscript", "object", "embed", "applet", "svg", "math",
    "select", "textarea", "iframe", "meta", "link", "xml", "audio", "video", "canvas", "map",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead",
    "tr", "ul", "caption",
))  # fmt: skip
_PARAGRAPHS = frozenset(("p", "div"))
"""Word wraps what stands in a table cell into these."""
_SPACED = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl"))
_RULE_LINE = "_" * 32
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d]*[1-9])|"
    r"max-height\s*:\s*0(?:px)?\s*(?:;|$)|opacity\s*:\s*0\s*(?:;|$)",
    re.IGNORECASE,
)
_TOP_LINE = re.compile(r"border-top\s*:\s*(?:solid|[\d.]+p[tx]\s+solid|#?\w+\s+[\d.]+p[tx]\s+solid)", re.IGNORECASE)
"""The line that Outlook draws over the header block of the mail it answers."""
_TIGHT = re.compile(r"<style[^>]{0,200}>[^<]{0,200}\bp\s*\{\s*margin-top:\s*0;\s*margin-bottom:\s*0", re.IGNORECASE)
"""The style sheet of Outlook on the web and the new Outlook, in which paragraphs stand as close as lines."""
_SIGNATURE_IDS = frozenset(("signature", "composer_signature", "ms-outlook-mobile-signature", "x_signature"))
_SIGNATURE_CLASSES = (
    "gmail_signature",
    "moz-signature",
    "protonmail_signature_block-user",
    "yahoo-signature",
    "zmail_signature",
)
_NO_MARGIN = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0", re.IGNORECASE)
_NO_BORDER = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAK_IN_JAPANESE = re.compile(
    "(?<=[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60])[ \t]*\r?\n[ \t]*(?=[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60])"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")


def text_of(html: str) -> str:
    """The visible text of an HTML body, `\\n` line ends, no blank lines at its ends. Linear in its input."""
    html = _tamed(html[:MAX_HTML].replace("\x00", ""))
    page = _Page(tight=bool(_TIGHT.search(html[:20_000])))
    stack: list[tuple[LexborNode, bool]] = []
    root = LexborHTMLParser(html).root
    if root is not None:
        stack.append((root, False))
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _leave(page, node)
        elif _enter(page, node):
            if node.tag in _BLOCKS:
                stack.append((node, True))
            child = node.last_child
            while child is not None:
                stack.append((child, False))
                child = child.prev
    return page.text()


@dataclass(slots=True)
class _Page:
    """Lines as they are written. A block ends a line that has text; only `br` writes an empty one."""

    tight: bool = False
    signs: bool = False
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    preformatted: int = 0
    wants_blank: bool = False
    wants_gap: bool = False
    wants_break: bool = False
    cell_is_empty: bool = False
    cell_begun: int = 0
    lists: list[int] = field(default_factory=list)

    def write(self, text: str) -> None:
        """Text into the current line, white space folded outside of `pre`."""
        if self.preformatted:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._put(first)
            for other in others:
                self.end_line()
                self._put(other)
            return
        if "\n" in text:
            text = _BREAK_IN_JAPANESE.sub("", text)
        text = _SPACE.sub(" ", text)
        if text[:1] == " " and (self.wants_break or not self.line or self.line[-1].endswith(" ")):
            text = text[1:]
        self._put(text)

    def _put(self, text: str) -> None:
        if not text:
            return
        if self.wants_break:
            self.end_block()
        self.cell_is_empty = False
        if self.signs:
            self._begin_signature(text)
        if self.wants_blank:
            self.wants_blank = False
            if self.lines and self.lines[-1].strip("> "):
                self.lines.append(self._prefix().rstrip())
        if self.wants_gap:
            self.wants_gap = False
            self.line.append("  ")
        self.line.append(text)

    def _begin_signature(self, text: str) -> None:
        """The separator of RFC 3676, where the mail client itself says that a signature begins."""
        self.signs = False
        if not text.startswith("--") and not self.line:
            self.lines.append(self._prefix() + "-- ")

    def _prefix(self) -> str:
        return "> " * min(self.quotes, MAX_QUOTE_DEPTH)

    def end_line(self) -> None:
        """Ends the line, an empty one too."""
        if self.wants_break:
            self.end_block()
        text = "".join(self.line).replace("\xa0", " ")
        text = _INVISIBLE.sub("", text)
        self.lines.append(self._prefix() + text if text == "-- " else (self._prefix() + text).rstrip())
        self.line.clear()
        self.wants_blank = self.wants_gap = False

    def end_block(self) -> None:
        """Ends the line where one was begun."""
        self.wants_break = self.cell_is_empty = False
        if self.line:
            wants_blank = self.wants_blank
            self.end_line()
            self.wants_blank = wants_blank
        self.wants_gap = False

    def begin_cell(self) -> None:
        """A table cell goes on in the line of the one before, if that was a single line."""
        if self.wants_break and len(self.lines) == self.cell_begun:
            self.wants_break = self.wants_blank = False
        elif self.wants_break:
            self.end_block()
        self.wants_gap = bool(self.line)
        self.cell_is_empty = True
        self.cell_begun = len(self.lines)

    def text(self) -> str:
        self.end_block()
        return "\n".join(self.lines).strip("\n")


def _enter(page: _Page, node: LexborNode) -> bool:
    """Writes what comes before a node's children; whether they are to be visited."""
    tag = node.tag or ""
    if tag == "-text":
        page.write(node.text_content or "")
        return False
    if tag == "br":
        page.end_line()
        return False
    if (tag.startswith(("-", "!")) and tag != "-document") or tag in _DROPPED or _is_hidden(node):
        return False
    if tag in _BLOCKS:
        _open_block(page, node, tag)
    elif tag in ("td", "th"):
        page.begin_cell()
    return tag != "hr"


def _open_block(page: _Page, node: LexborNode, tag: str) -> None:
    if tag in _PARAGRAPHS and page.cell_is_empty:
        return
    page.end_block()
    if tag == "pre":
        page.preformatted += 1
    elif tag == "hr" or (tag == "div" and _TOP_LINE.search(node.attributes.get("style") or "")):
        page.write(_RULE_LINE)
        page.end_block()
    elif tag == "blockquote" and _is_quote(node):
        page.quotes += 1
    elif tag in ("ul", "ol"):
        page.lists.append(1 if tag == "ol" else 0)
    elif tag == "li":
        _bullet(page)
    if tag in _SPACED and _has_margin(node) and not (page.tight and tag == "p"):
        page.wants_blank = True
    if tag in _PARAGRAPHS and _is_signature(node):
        page.signs = True


def _bullet(page: _Page) -> None:
    if page.lists and page.lists[-1]:
        page.write(f"{page.lists[-1]}. ")
        page.lists[-1] += 1
    else:
        page.write("- ")


def _leave(page: _Page, node: LexborNode) -> None:
    """Writes what comes after a block's children."""
    tag = node.tag or ""
    if tag in _PARAGRAPHS and page.line:
        page.wants_break = True
    else:
        page.end_block()
    if tag == "pre":
        page.preformatted -= 1
    elif tag == "blockquote" and _is_quote(node):
        page.quotes -= 1
    elif tag in ("ul", "ol") and page.lists:
        page.lists.pop()
    if tag in _SPACED and _has_margin(node) and not (page.tight and tag == "p"):
        page.wants_blank = True
    if page.signs and tag in _PARAGRAPHS and _is_signature(node):
        page.signs = False  # it was empty


def _is_signature(node: LexborNode) -> bool:
    """Whether a mail client marks this as the writer's signature."""
    attributes = node.attributes
    if not attributes:
        return False
    named = (attributes.get("id") or "").lower() in _SIGNATURE_IDS
    return named or (attributes.get("class") or "").startswith(_SIGNATURE_CLASSES)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _is_quote(node: LexborNode) -> bool:
    """Gmail and Outlook indent a paragraph with a borderless `blockquote`; that quotes nobody."""
    attributes = node.attributes
    if attributes.get("type") == "cite" or "quote" in (attributes.get("class") or ""):
        return True
    return not _NO_BORDER.search(attributes.get("style") or "")


def _has_margin(node: LexborNode) -> bool:
    """Whether a paragraph stands apart from the next; Word and Outlook set their margins to nothing."""
    attributes = node.attributes
    if (attributes.get("class") or "").startswith("Mso"):
        return False
    return not _NO_MARGIN.search(attributes.get("style") or "")


# --- before the tree is built --------------------------------------------------------------------------------------

_LONG_TAG = re.compile(rf"<([A-Za-z][A-Za-z0-9]{{0,20}})\b[^<>]{{{MAX_TAG},}}>")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_ANY_TAG = re.compile(rf"<[^<>]{{0,{MAX_TAG}}}>")


def _tamed(html: str) -> str:
    """Without what makes a tree costly to build: tags with thousands of attributes, elements nested by thousands."""
    if len(html) > MAX_TAG:
        html = _LONG_TAG.sub(r"<\1>", html)
    return _ANY_TAG.sub(" ", html) if html.count("<") > MAX_OPEN and _is_deep(html) else html


def _is_deep(html: str) -> bool:
    opened: dict[str, int] = {}
    depth = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if not closing:
            if tag not in _VOID and tag not in _CLOSED_BY_THEMSELVES:
                opened[tag] = opened.get(tag, 0) + 1
                depth += 1
        elif opened.get(tag):
            opened[tag] -= 1
            depth -= 1
        if depth > MAX_OPEN:
            return True
    return False


_CLOSED_BY_THEMSELVES = frozenset(
    ("p", "li", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "tfoot", "colgroup", "body", "html")
)
