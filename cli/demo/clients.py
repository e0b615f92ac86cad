"""How mail clients announce what they quote or forward, in Japanese and English: for writing the story's mails."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

WEEKDAYS_JA = "月火水木金土日"

TEMPLATES = {
    (
        "outlook",
        "ja",
    ): "-----Original Message-----\nFrom: {who}\nSent: {at:%A, %B %d, %Y} {clock}\nTo: {to}\nSubject: {subject}",
    ("outlook", "en"): "From: {who}\nSent: {day} {at:%B} {at:%Y} {clock}\nTo: {to}\nSubject: {subject}",
    ("becky", "ja"): "\nOn {rfc}\n{who} wrote:\n",
    ("thunderbird", "ja"): "{at:%Y/%m/%d} {clock}, {name} wrote:",
    ("thunderbird", "en"): "On {at:%d/%m/%Y} {clock}, {name} wrote:",
    ("gmail", "ja"): "{at.year}年{at.month}月{at.day}日({weekday}) {clock} {who}:\n",
    ("gmail", "en"): "On {at:%a}, {at.day} {at:%b} {at:%Y} at {clock}, {who} wrote:\n",
    ("iphone", "ja"): "{at:%Y/%m/%d} {clock}、{who}のメール:\n",
    ("iphone", "en"): "On {at.day} {at:%b} {at:%Y}, at {clock}, {who} wrote:\n",
    (
        "forward",
        "ja",
    ): "-------- 転送されたメッセージ --------\n件名: {subject}\n送信日時: {rfc}\n差出人: {who}\n宛先: {to}",
    ("forward", "en"): "-------- Forwarded Message --------\nSubject: {subject}\nDate: {rfc}\nFrom: {who}\nTo: {to}",
}


def quote_header(
    client: str, language: str, *, name: str, address: str, to: Sequence[tuple[str, str]], subject: str, at: datetime
) -> str:
    """The lines a client puts over what it quotes; `to` are (name, address) pairs, `at` is shown as it stands."""
    return TEMPLATES[client, language].format(
        who=f"{name} <{address}>",
        name=name,
        to="; ".join(f"{other} <{where}>" if other else where for other, where in to),
        subject=subject,
        at=at,
        day=at.day,
        clock=f"{at.hour}:{at:%M}",
        weekday=WEEKDAYS_JA[at.weekday()],
        rfc=format_datetime(at),
    )
