"""Which folders to read, and where drafts go, when nobody said so: by the server's flags, then by names in use."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from notes.model import Role

# What servers and mail programs call the folder of sent mail, folded as `_fold` does.
_SENT_NAMES = frozenset(
    {
        # English: Dovecot, Thunderbird, Outlook, Apple Mail, Gmail, Horde, Notes
        "sent", "sent items", "sent messages", "sent mail", "sent-mail", "sent objects", "sent email", "sentmail",
        # Japanese: Outlook, Gmail and Thunderbird, Apple Mail, Becky!, webmail of Japanese providers
        "送信済み", "送信済", "送信済みアイテム", "送信済みメール", "送信済メール", "送信済みトレイ",
        "送信済みメッセージ", "送信控え", "送信メール", "送信箱",
        # German, French, Spanish, Italian, Portuguese
        "gesendet", "gesendete elemente", "gesendete objekte", "gesendete nachrichten", "gesendete mails",
        "envoyés", "éléments envoyés", "messages envoyés", "courrier envoyé", "courriers envoyés", "objets envoyés",
        "enviados", "elementos enviados", "mensajes enviados", "correo enviado", "correos enviados",
        "inviati", "inviata", "posta inviata", "elementi inviati", "messaggi inviati",
        "enviadas", "enviado", "itens enviados", "e-mails enviados", "mensagens enviadas", "correio enviado",
        # Dutch, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Hungarian, Turkish
        "verzonden", "verzonden items", "verzonden berichten",
        "skickat", "skickade", "skickade objekt", "sendt", "sendte", "sendt post", "sendte elementer",
        "lähetetyt", "lähetetyt viestit", "wysłane", "elementy wysłane", "odeslané", "odeslaná pošta",
        "elküldött", "elküldött elemek", "gönderilmiş", "gönderilmiş öğeler",
        # Russian, Chinese, Korean
        "отправленные", "已发送", "已发送邮件", "已傳送", "已傳送郵件", "寄件備份", "寄件備份匣", "寄件匣備份",
        "보낸편지함", "보낸 편지함", "보낸메일함", "보낸 메일함", "보낸 항목",
    }
)  # fmt: skip
# The same for drafts.
_DRAFT_NAMES = frozenset(
    {
        # English, Japanese
        "drafts", "draft", "draft messages", "下書き", "下書", "草稿", "下書きメール", "下書き保存", "下書きトレイ",
        # German, French, Spanish, Italian, Portuguese, Dutch
        "entwürfe", "entwurf", "brouillons", "brouillon", "borradores", "borrador", "bozze", "bozza",
        "rascunhos", "rascunho", "concepten",
        # Swedish, Danish, Norwegian, Finnish, Polish, Czech, Hungarian, Turkish
        "utkast", "kladder", "kladde", "luonnokset", "wersje robocze", "kopie robocze", "koncepty", "rozepsané",
        "piszkozatok", "taslaklar",
        # Russian, Chinese, Korean
        "черновики", "草稿箱", "草稿匣", "임시보관함", "임시 보관함",
    }
)  # fmt: skip
# Folders under which servers put a user's own folders: Courier and Cyrus `INBOX.Sent`, Gmail `[Gmail]/Sent Mail`.
_ROOTS = frozenset({"inbox", "[gmail]", "[google mail]"})
_CLOSED = frozenset({"\\noselect", "\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a LIST answer (RFC 3501, section 7.2.2); `flags` in lower case, `delimiter` empty in a flat list."""

    name: str
    delimiter: str
    flags: frozenset[str]


def roles(listed: Iterable[Listed], *, log: bool = False) -> dict[str, Role]:
    """The folders worth reading: INBOX, and where mail that was sent is kept.

    Sent mail is the folder flagged \\Sent (RFC 6154) and every top-level folder with a known name: several programs on
    one account each make their own. With `log` the account is the log's, and only its INBOX is read.
    """
    found = {"INBOX": Role.LOG if log else Role.INBOX}
    if log:
        return found
    for folder in listed:
        if folder.flags & _CLOSED or folder.name.upper() == "INBOX":
            continue
        if "\\sent" in folder.flags or _is_named(folder, _SENT_NAMES):
            found[folder.name] = Role.SENT
    return found


def drafts(listed: Iterable[Listed]) -> str | None:
    """Where drafts are kept: the folder flagged \\Drafts (RFC 6154), else a top-level folder with a known name."""
    there = [folder for folder in listed if not folder.flags & _CLOSED]
    flagged = (folder.name for folder in there if "\\drafts" in folder.flags)
    return next(flagged, None) or next((one.name for one in there if _is_named(one, _DRAFT_NAMES)), None)


def _is_named(folder: Listed, names: frozenset[str]) -> bool:
    path = folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]
    above = [_fold(part) for part in path[:-1]]
    return _fold(path[-1]) in names and (not above or (len(above) == 1 and above[0] in _ROOTS))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
