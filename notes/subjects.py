"""Subjects read: the stem by which a matter is called, and whether a subject answers, forwards or renames.

Also the words of `notes/phrases/matters.toml`, by which matters are told apart.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

_REPLY = re.compile(
    r"(?:re|res|fwd?|fw|aw|wg|sv|vs|vb|tr|rv|rif|antw|antwort|odp|ynt|doorst|返信|返|転送|回复|转发|答复"
    r"|自動応答|自動返信|不在通知|auto|automatic reply|auto reply|autoreply|out of office|abwesenheitsnotiz"
    r"|automatische antwort|réponse automatique|undeliverable|undelivered mail|配信不能)"
    r"\s*(?:\[\d{1,3}\]|\^\d{1,3}|\(\d{1,3}\)|\d{1,2})?\s*[:：]\s*",
    re.IGNORECASE,
)
TAG = re.compile(r"[\[【〔<(（]([^\[\]【】〔〕<>()（）]{1,40})[\]】〕>)）]\s*")
_INNER_REPLY = re.compile(r"(?:^|[\s　])(?:re|aw|sv|返信)\s*(?:\[\d{1,3}\]|\d{1,2})?\s*[:：]\s*(?=\S)", re.IGNORECASE)
_WAS = re.compile(r"[(（\[]\s*(?:was|war|旧件名|元の件名|旧|元|re|aw|sv|fwd?|返信)\s*[:：]", re.IGNORECASE)
_TICKET = re.compile(r"^(?:#|no\.?)?\s*[a-z]{0,8}[-#]?\d{2,}$", re.IGNORECASE)
KEY = re.compile(r"^[a-z][a-z0-9-]{0,40}-\d{1,6}$")
WRITTEN_KEY = re.compile(r"(?<![\w/&.])#([a-z][a-z0-9-]{0,40}-\d{1,6})(?![\w-])")
"""A case's key in a text, as people write it: `#acme-3`."""

_BLANKS = re.compile(r"[^\S\n](?:(?<= )[^\S\n]+|(?<! )[^\S\n]*)")
"""White space but line ends that is not one blank already."""

_NAMELESS = """
tel telephone phone call calls voicemail memo note notes meeting minutes mtg visit fyi info log
電話 電話メモ 電話連絡 架電 入電 受電 メモ 打合せ 打ち合わせ 打合せメモ 会議 会議メモ 議事録 訪問 来訪 面談 連絡 報告
"""
NAMELESS = frozenset(_NAMELESS.split())
"""Subjects that say how somebody was met and name no matter: memos of different matters share them."""


@cache
def phrases(kind: str) -> tuple[str, ...]:
    """A list of `notes/phrases/matters.toml`, longest first."""
    return tuple(sorted(_table()[kind], key=len, reverse=True))


@cache
def stop_words() -> frozenset[str]:
    """Words and kanji pairs that say nothing about a matter."""
    table = _table()
    return frozenset((*str(table["stop_en"]).split(), *str(table["stop_ja"]).split()))


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads((files("notes") / "phrases" / "matters.toml").read_text("utf-8"))


@lru_cache(maxsize=1024)
def stem(subject: str) -> str:
    """A subject without marks of answering and forwarding, tags and white space, folded; the old subject after `RE:`.

    `Re[2]: [ML:00123] 【至急】 見積の件` gives `見積の件`. `Extra question RE: Old subject` is about the old
    subject, `New subject (was: Old subject)` and `New subject (Re: Old subject)` about the new one, as their writers
    meant it.
    """
    text = plain(subject[:400])
    text = _WAS.split(text)[0] if _WAS.search(text) else text
    for _ in range(12):
        before, text = text, _without_tag(_REPLY.sub("", text, count=1) if _REPLY.match(text) else text)
        if text == before:
            break
    old = list(_INNER_REPLY.finditer(text))
    if old and text[old[-1].end() :].strip():
        text = text[old[-1].end() :]
    return " ".join(text.casefold().split()).strip(" .。")


def answers(subject: str) -> bool:
    """Whether a subject bears a mark of answering or forwarding at its head, or an old subject after `RE:`."""
    text = plain(subject[:400]).lstrip()
    bare = TAG.sub("", text, count=1) if TAG.match(text) else text
    return bool(_REPLY.match(text) or _REPLY.match(bare) or _INNER_REPLY.search(text))


def renamed(subject: str) -> bool:
    """Whether the writer says that this is another matter than the one answered: `New (was: Old)`, no `Re:` before."""
    return bool(_WAS.search(plain(subject[:400]))) and not _REPLY.match(plain(subject[:400]).lstrip())


def opens_another(subject: str, text: str) -> bool:
    """Whether a writer says at once that this is about something else: `別件ですが`, `On another matter`.

    Only the head of the text is looked at: further down it is an aside.
    """
    head = " ".join(plain(text[:1000]).casefold().split("\n")[:5])[:160]
    return any(phrase in head or phrase in subject[:400].casefold() for phrase in phrases("turns"))


def _without_tag(text: str) -> str:
    """A subject without its first tag, if that says how (【至急】), gives a list's or ticket's number, or a key."""
    text = text.strip()
    found = TAG.match(text)
    if not found or found.end() >= len(text):
        return text
    tag = found[1].strip().casefold()
    hurry = re.sub(r"[!★●◆■※ ]", "", tag) in phrases("urgency") or tag in phrases("urgency")
    numbered = _TICKET.match(tag) or re.fullmatch(r"[\w.-]{1,30}[:\s]\s*#?\d{1,8}", tag)
    bracketed = text[0] == "[" and not any(char.isdigit() for char in tag)
    return text[found.end() :] if hurry or numbered or bracketed or KEY.match(tag) else text


def plain(text: str) -> str:
    """NFKC, with every kind of white space but line ends as one blank."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text))
