"""Synthetic customer mail for measuring: seeded, a third to a half Japanese, threads, HTML alternatives, attachments.

The mails of a smaller number are the first of a larger one, so that figures of different sizes can be compared.
"""

import random
from base64 import encodebytes
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr

START = datetime(2024, 1, 8, 0, 0, tzinfo=UTC)
OURS = "hokuto.example"
CUSTOMERS = 400
JA = (
    "納期についてご確認をお願いいたします。",
    "お見積書は来週の水曜日までにお送りいたします。",
    "先日ご連絡いただいた不具合は現在調査中です。",
    "型番HC-20の在庫はありますでしょうか。",
    "請求書の宛名を変更していただけますか。",
    "明日の15時までにご回答いたします。",
    "ご手配いただきありがとうございました。",
)
EN = (
    "Could you tell us when the parts will arrive?",
    "I will send you the quote by Friday.",
    "We are still looking into the fault you reported.",
    "Please find the report attached.",
    "The invoice shows the wrong address.",
    "We'll call you back tomorrow before noon.",
    "Thank you for the quick answer.",
)


def generate(count: int, seed: int = 20260101, *, distinct: bool = False) -> Iterator[tuple[str, datetime, bytes]]:
    """`count` mails as (folder, arrival, raw bytes), oldest first; the folder is INBOX or Sent.

    `distinct`: no two mails share a sentence but by quoting, as where nothing but words ties a forward to its matter.
    """
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    threads: list[list[str]] = []
    for n in range(count):
        if threads and chance.random() < 0.65:
            thread = threads[max(0, len(threads) - 1 - int(chance.expovariate(1 / 40)))]
        else:
            thread = [f"{chance.randrange(CUSTOMERS)}"]
            threads.append(thread)
        at = START + timedelta(minutes=11 * n)
        yield _mail(chance, n, thread, at, distinct=distinct)


def _mail(
    chance: random.Random, n: int, thread: list[str], at: datetime, *, distinct: bool
) -> tuple[str, datetime, bytes]:
    customer, ids = int(thread[0]), thread[1:]
    japanese = customer % 5 < 2
    ours = bool(ids) and len(ids) % 2 == 1
    text = _text(chance, japanese, bool(ids))
    if distinct:
        text = _marked(text, n, ids)
    message = _body(chance, text, japanese)
    them = (f"担当 {customer}" if japanese else f"Buyer {customer}", f"buyer@customer{customer}.example")
    us = ("佐藤 健" if japanese else "Ken Sato", f"sato@{OURS}")
    message_id = f"<bench.{n}@{OURS if ours else f'customer{customer}.example'}>"
    charset = "iso-2022-jp" if japanese else "utf-8"
    message["From"] = formataddr(us if ours else them, charset)
    message["To"] = formataddr(them if ours else us, charset)
    matter = ids[0].strip("<>").partition("@")[0] if ids else f"bench.{n}"
    subject = f"部品の件 {matter}" if japanese else f"Parts {matter}"
    message["Subject"] = Header(("Re: " if ids else "") + subject, charset).encode()
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if ids:
        message["In-Reply-To"] = ids[-1]
        message["References"] = " ".join(ids[-20:])
    thread.append(message_id)
    return ("Sent" if ours else "INBOX", at, message.as_bytes().replace(b"\n", b"\r\n"))


def _text(chance: random.Random, japanese: bool, reply: bool) -> str:
    sentences = JA if japanese else EN
    lines = ["いつもお世話になっております。" if japanese else "Hello,", ""]
    lines += [chance.choice(sentences) for _ in range(chance.randint(2, 8))]
    lines += ["", "よろしくお願いいたします。" if japanese else "Kind regards,"]
    if reply:
        lines += ["", "> " + chance.choice(sentences)] * chance.randint(1, 12)
    return "\n".join(lines) + "\n"


def _marked(text: str, n: int, ids: list[str]) -> str:
    """Each sentence with the number of its mail, each quoted one with that of the mail answered."""
    answered = ids[-1].strip("<>").partition("@")[0] if ids else ""
    marks = ((line, f" ({answered})" if line.startswith(">") else f" (bench.{n})") for line in text.split("\n"))
    return "\n".join(f"{line}{mark}" if line.endswith((".", "。", "?")) else line for line, mark in marks)


def _body(chance: random.Random, text: str, japanese: bool) -> MIMEText | MIMEMultipart:
    plain = MIMEText(text, "plain", "iso-2022-jp" if japanese and chance.random() < 0.5 else "utf-8")
    kind = chance.random()
    if kind < 0.35:
        both = MIMEMultipart("alternative")
        both.attach(plain)
        both.attach(MIMEText("<html><body><p>" + text.replace("\n", "<br>\n") + "</p></body></html>", "html", "utf-8"))
        return both
    if kind < 0.5:
        mixed = MIMEMultipart("mixed")
        mixed.attach(plain)
        data = encodebytes(chance.randbytes(chance.randint(2_000, 40_000)))
        part = MIMEApplication(data, "pdf")
        part.add_header("Content-Disposition", "attachment", filename=f"drawing-{chance.randrange(9999)}.pdf")
        mixed.attach(part)
        return mixed
    return plain
