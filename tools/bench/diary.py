"""The mail of a firm with many customers, one of them with a fifth of it all: seeded, Japanese and English.

Matters open and close at a steady rate, so that every stretch of the years looks like every other: threads of some
mails, a few of some dozen, answers that quote, matters that go on in a new mail, numbers, files, and family names that
hundreds of customers share. The mails of a smaller number are the first of a larger one.
"""

import random
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

START = datetime(2019, 1, 7, tzinfo=UTC)
OURS = "hokuto.example"
HEAVY = 0.2
"""The share of the first customer."""
CUSTOMERS = 5_000
STEP = timedelta(minutes=27)
WORDS = 8_000
RUNNING = 120
"""Matters that go on at a time, about."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STAFF = (("sato", "佐藤 健"), ("mori", "森 葵"), ("ueda", "Taro Ueda"), ("kato", "加藤 実"))
FAMILIES = _words("佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水")
GIVEN = _words("翔太 陽子 健一 美咲 大輔 直樹 恵 誠 彩 浩 由美 学")
FAMILIES_EN = _words("Smith Jones Taylor Brown Wilson Evans Walker Wright Green Hall Wood Clarke")
GIVEN_EN = _words("Anna Ben Clara Dan Emma Frank Grace Henry Ivy Jack")
PLACES = _words("東 西 南 北 大和 日の出 青葉 富士 桜 旭 みどり 三和 光 泉 朝日 丸山 平和 中央 港 若葉")
TRADES = _words("製作所 工業 商事 電機 精機 運輸 建設 食品 印刷 化学 薬品 設備")
PLACES_EN = _words("North Harbour Oak Silver River Stone Bright Summit Lake Iron Meadow Crown")
TRADES_EN = _words("Tools Foods Logistics Printing Motors Plastics Marine Paper Optics Textiles")
THINGS = _words(
    "ポンプ バルブ センサー 基板 モーター フィルター 配管 金型 電源 ケーブル 筐体 制御盤 軸受 冷却器 塗料 ラベル"
)
MATTERS = _words(
    "見積 納期 不具合 返品 請求書 図面 検収 修理 定期点検 仕様変更 契約更新 打合せ 在庫 破損 サンプル 保証"
)
THINGS_EN = _words("pump valve sensor board motor filter pipe mould supply cable cabinet bearing cooler paint label")
MATTERS_EN = _words("quote delivery fault return invoice drawing acceptance repair inspection renewal meeting stock")
SENTENCES = (
    "{0}の{1}につきまして、ご確認をお願いいたします。",
    "先日ご連絡いただいた{0}の{1}は現在調査中です。",
    "{0}は{n}個で、{m}月{d}日までに必要です。",
    "{1}は{m}月{d}日までにお送りいたします。",
    "{0}の在庫はありますでしょうか。",
    "{1}の件、社内で検討しております。",
    "お手数をおかけいたしますが、{0}の写真をお送りください。",
    "{0}は先週、無事に届きました。",
    "添付の資料に{2}の{1}をまとめました。",
    "{0}{n}番の{1}と{2}の{1}を合わせてご検討ください。",
    "ご手配いただきありがとうございました。",
)
SENTENCES_EN = (
    "Could you tell us about the {1} for the {0}?",
    "We are still looking into the {1} of the {0} you reported.",
    "We need {n} pieces of the {0} by {m}/{d}.",
    "I will send you the {1} by Friday.",
    "The {0} from the last batch does not fit the {2}.",
    "Our engineers compared the {0} with the {2} and found no difference.",
    "Could you send us a photo of the {0}?",
    "The {0} arrived last week in good order.",
    "The attached sheet sums up the {1} of the {2}.",
    "Please check the {1} and let us know what you think.",
    "Thank you for the quick answer.",
)


KANJI = "".join(map(chr, range(0x6240, 0x6640)))
"""A thousand signs, so that two of them meet as seldom as in real words."""


@dataclass(frozen=True, slots=True)
class Firm:
    """A customer with its people, who write Japanese or English."""

    name: str
    japanese: bool
    people: tuple[tuple[str, str], ...]


@dataclass
class Matter:
    """What a customer's mails are about; `left` counts the mails still to come in the thread."""

    number: int
    firm: Firm
    subject: str
    words: tuple[str, str, str]
    details: list[str]
    left: int
    ids: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with the moment it was written, the folder it lies in, and the number of the matter it is about."""

    at: datetime
    folder: str
    raw: bytes
    matter: int


def firms(seed: int) -> list[Firm]:
    """The customers; the first is the large one. A tenth are people who write from a free-mail provider."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return [_firm(chance, number) for number in range(CUSTOMERS)]


def mails(count: int, seed: int = 20260101) -> Iterator[Mail]:
    """`count` mails, oldest first."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    every = firms(seed)
    running: list[Matter] = []
    closed: list[Matter] = []
    matters = 0
    for number in range(count):
        matter = _next(chance, running, closed)
        if matter is None:
            firm = every[0 if chance.random() < HEAVY else 1 + int((CUSTOMERS - 1) * chance.random() ** 1.5)]
            matter = _matter(chance, matters, firm)
            matters += 1
        if not matter.ids:
            running.append(matter)
        yield _mail(chance, number, matter)
        matter.left -= 1
        if matter.left <= 0:
            running.remove(matter)
            closed.append(matter)
            del closed[:-200]


def _next(chance: random.Random, running: list[Matter], closed: list[Matter]) -> Matter | None:
    """A running matter goes on, or a closed one in a new mail without references; None for a new one."""
    drawn = chance.random()
    if running and drawn < min(0.9, len(running) / RUNNING):
        return running[chance.randrange(len(running))]
    if closed and drawn > 0.98:
        again = closed.pop(chance.randrange(len(closed)))
        again.ids.clear()
        again.left = 2
        return again
    return None


def _firm(chance: random.Random, number: int) -> Firm:
    japanese = number % 5 < 3
    free = number % 10 == 9
    places, trades = (PLACES, TRADES) if japanese else (PLACES_EN, TRADES_EN)
    between = "" if japanese else " "
    name = between.join((chance.choice(places), chance.choice(places), chance.choice(trades)))
    domain = f"firm{number}.example"
    people = []
    for each in range(40 if number == 0 else chance.choice((1, 1, 2, 3))):
        if japanese:
            person = f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)}"
        else:
            person = f"{chance.choice(GIVEN_EN)} {chance.choice(FAMILIES_EN)}"
        people.append((person, f"c{number}.{each}@gmail.com" if free else f"p{each}@{domain}"))
    return Firm(f"株式会社{name}" if japanese else f"{name} Ltd", japanese, tuple(people))


def _matter(chance: random.Random, number: int, firm: Firm) -> Matter:
    things, matters = (THINGS, MATTERS) if firm.japanese else (THINGS_EN, MATTERS_EN)
    words = (chance.choice(things), chance.choice(matters), chance.choice(things))
    details = chance.sample(_vocabulary(firm.japanese), 30)
    kind = details[0]
    subject = f"{kind}{words[0]}の{words[1]}" if firm.japanese else f"{words[1].capitalize()} of the {kind} {words[0]}"
    if chance.random() < 0.5:
        mark = chance.choice(("【お問い合わせ】", "【至急】", "")) if firm.japanese else ""
        subject = f"{mark}{subject} {chance.choice(('PO-', 'Q', 'No.'))}{chance.randrange(10_000, 1_000_000)}"
    left = 1 + int(chance.expovariate(1 / (40 if chance.random() < 0.02 else 3)))
    return Matter(number, firm, subject, words, details, left)


def _mail(chance: random.Random, number: int, matter: Matter) -> Mail:
    at = START + number * STEP
    ours = bool(matter.ids) and chance.random() < 0.5
    person = matter.firm.people[(matter.number + (chance.random() < 0.1)) % len(matter.firm.people)]
    us = STAFF[matter.number % len(STAFF)]
    writer, reader = (_us(us), person) if ours else (person, _us(us))
    lines = _lines(chance, matter)
    text = [*_opening(matter.firm, reader, writer, ours=ours), *lines, "", *_signature(matter.firm, writer, ours=ours)]
    if matter.said:
        quoted = (f"> {line}" for line in matter.said[-8:])
        text += ["", f"On {at:%d/%m/%Y %H:%M}, {reader[0]} <{reader[1]}> wrote:", *quoted]
    message_id = f"<{number}.{chance.randrange(10**9)}@{writer[1].partition('@')[2]}>"
    head = [
        f"From: {_named(writer)}",
        f"To: {_named(reader)}",
        f"Subject: {_word(('Re: ' if matter.ids else '') + matter.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {message_id}",
    ]
    if chance.random() < 0.15:
        head.append(f"Cc: {_named(_us(chance.choice(STAFF)))}")
    if matter.ids:
        head += [f"In-Reply-To: {matter.ids[-1]}", "References: " + "\r\n ".join(matter.ids[-10:])]
    matter.ids.append(message_id)
    matter.said = lines
    return Mail(at, "Sent" if ours else "INBOX", _bytes(chance, head, text), matter.number)


def _us(person: tuple[str, str]) -> tuple[str, str]:
    return person[1], f"{person[0]}@{OURS}"


def _lines(chance: random.Random, matter: Matter) -> list[str]:
    sentences = SENTENCES if matter.firm.japanese else SENTENCES_EN
    said = [
        sentence.format(*matter.words, n=chance.randint(1, 300), m=chance.randint(1, 12), d=chance.randint(1, 28))
        for sentence in chance.sample(sentences, chance.randint(2, 6))
    ]
    return [*said, *(_details(chance, matter) for _ in range(chance.randint(1, 5)))]


def _details(chance: random.Random, matter: Matter) -> str:
    """A sentence of words that belong to this matter."""
    drawn = chance.choices(matter.details, k=chance.randint(4, 9))
    if matter.firm.japanese:
        return f"{'、'.join(drawn[:-1])}の{drawn[-1]}をご覧ください。"
    return f"The {' '.join(drawn)} is as agreed."


@cache
def _vocabulary(japanese: bool) -> list[str]:
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    letters, length = (KANJI, (2, 3, 4)) if japanese else ("aeioubdfgklmnprst", (5, 6, 7, 8))
    return ["".join(chance.choices(letters, k=chance.choice(length))) for _ in range(WORDS)]


def _opening(firm: Firm, reader: tuple[str, str], writer: tuple[str, str], *, ours: bool) -> list[str]:
    if not firm.japanese:
        return [f"Dear {reader[0]},", ""]
    company = firm.name if ours else "北斗システム株式会社"
    from_ = "北斗システム" if ours else firm.name
    return [
        company,
        f"{reader[0].split()[0]}様",
        "",
        f"いつもお世話になっております。{from_}の{writer[0].split()[0]}です。",
    ]


def _signature(firm: Firm, writer: tuple[str, str], *, ours: bool) -> list[str]:
    company = "北斗システム株式会社" if ours else firm.name
    closing = "よろしくお願いいたします。" if firm.japanese else "Kind regards,"
    return [closing, "", "-- ", company, writer[0], "TEL: 03-5550-0100", writer[1]]


def _bytes(chance: random.Random, head: list[str], text: list[str]) -> bytes:
    body = "\r\n".join(text) + "\r\n"
    plain = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}"
    drawn = chance.random()
    if drawn < 0.6:
        return "\r\n".join([*head, "MIME-Version: 1.0", plain]).encode()
    if drawn < 0.9:
        other = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{body.replace(chr(10), '<br>')}</p>\r\n"
        kind = "alternative"
    else:
        data = encodebytes(chance.randbytes(1_500)).decode().replace("\n", "\r\n")
        name = f"drawing-{chance.randrange(100_000)}.pdf"
        kind = "mixed"
        other = (
            f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{data}\r\n'
        )
    top = f"MIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=b1\r\n\r\n"
    return ("\r\n".join(head) + f"\r\n{top}--b1\r\n{plain}--b1\r\n{other}--b1--\r\n").encode()


def _named(person: tuple[str, str]) -> str:
    return f"{_word(person[0])} <{person[1]}>"


def _word(text: str) -> str:
    return text if text.isascii() else f"=?utf-8?B?{b64encode(text.encode()).decode()}?="
