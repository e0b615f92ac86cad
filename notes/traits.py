"""What a mail's matter can be recognised by: subject stem, document numbers, models, days, files, lines, words.

A trait is a (kind, value) pair. Kinds that few matters share are `key`, `stem`, `number`, `model`, `file` and `line`;
`item`, `amount`, `day`, `person` and `word` weigh what those found; `topic` are the words of the subject. All reading
is done on capped text with patterns that cannot backtrack, so a hostile mail costs no more than a long one.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import chain, islice
from typing import TypeVar

from notes.model import Directory, Message, ZoneKind
from notes.profiles import Profile, Trait
from notes.subjects import KEY, NAMELESS, TAG, WRITTEN_KEY, phrases, plain, stem, stop_words

T = TypeVar("T")

MOST_TEXT = 6_000
"""Characters of text that are read for traits; a matter is named early in a mail."""
UNTOLD = NAMELESS | {""}
"""Stems that tie nothing."""
MOST_WORDS = 120
MOST_NUMBERS = 24
MOST_OF_A_CASE, KEPT_OF_A_CASE = 3_000, 2_500
"""Traits of a case, however many mails it has; and how many are kept of those of its former mails when it has more."""
_TELLING = ("key", "stem", "number", "model", "file", "person", "topic", "item", "line", "amount", "day", "month")

_QUOTE_MARKS = re.compile(r"^[ \t>＞|│]{1,40}", re.MULTILINE)

# --- text --------------------------------------------------------------------------------------------------------


def said(message: Message) -> str:
    """What a mail says itself: its new text and the mails inside it, capped; quotes and signatures left out."""
    new = message.new_text if message.zones else message.text
    inside = (f"{each.subject}\n{each.text[:MOST_TEXT]}" for each in message.forwarded[:3])
    return plain("\n".join((new[:MOST_TEXT], *inside))[: 2 * MOST_TEXT])


def recalled(message: Message) -> str:
    """What a mail says together with what it quotes: that speaks for a mail answered which may not be held."""
    quotes = [zone.text[:MOST_TEXT] for zone in message.zones if zone.kind is ZoneKind.QUOTE]
    return f"{said(message)}\n{plain(_QUOTE_MARKS.sub('', chr(10).join(quotes)[:MOST_TEXT]))}"


_FIGURE = re.compile(r"[\d一二三四五六七八九十](?:(?<=\d)|(?=[月日]))")


def with_figures(text: str) -> str:
    """The lines of a text that hold a digit or a day in kanji, each with the one before and behind: in most lines
    nothing is numbered, and ten patterns need not look at them."""
    lines = text.split("\n")
    held = [_FIGURE.search(line) is not None for line in lines]
    beside = zip(lines, held, (False, *held), (*held[1:], False), strict=False)
    return "\n".join(line for line, here, before, after in beside if here or before or after)


_LINKS = re.compile(r"(?:https?://|www\.)[^\s<>\"']{1,300}|[\w.+-]{1,64}@[\w.-]{1,100}", re.IGNORECASE | re.ASCII)
# What follows begins with its first sign and looks back from there: a search then skips all other signs at once.
_TELEPHONISH = re.compile(r"[+(\d](?:(?<=\d)|(?<=\+)\(?\d|(?<=\()\d)[\d ()/.-]{6,20}", re.ASCII)
_TELEPHONE_BEFORE = re.compile(
    r"(?:\b(?:tel|telephone|phone|fax|mobile|mob|cell|direct|[ptmof])|電話|携帯|直通|代表|内線)[.:)]{0,2}[ ]{0,3}$",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"\+.*|\(?\d{3}\)?[ -]\d{3}-\d{4}\D*")
_LABEL = (
    r"(?:見積|御見積|注文|発注|受注|伝票|請求|納品|案件|管理|製造|整理|受付|問合せ|お問い合わせ|チケット|契約|送り状|追跡|図番|図面"
    r"|製番|品番|型番|証明書|報告書|申請|予約|会員|顧客"
    r"|p\.?o|purchase order|order|invoice|inv|quotation|quote|offer|rfq|rfp|enquiry|inquiry"
    r"|delivery note|waybill|policy|file|matter|batch|drawing|dwg|ticket|case|ref|reference"
    r"|booking|job|entry|serial|s/n"
    r"|rma|awb|claim|contract|project|incident|request|container|trailer|shipment|lot|part)"
)
_LABELS = re.compile(
    _LABEL
    + r"(?:書)?(?:番号|ナンバー|コード|no\.?|number|nr\.?|num|id)?[ ]{0,3}(?:は|:|#|no\.?|№|=)?[ ]{0,3}#?[ ]{0,2}$"
)
"""For text in lower case: where letters of either case fit, every way to begin is tried at every sign."""
_NUMBERISH = re.compile(
    r"[A-Za-z0-9](?<![A-Za-z0-9/-][A-Za-z0-9])(?:(?<=\d)|(?<=[A-Za-z])[A-Za-z]{0,7}[-/]?\d)"
    r"[A-Za-z0-9]{1,20}(?:[-/][A-Za-z0-9]{1,12}){0,3}",
    re.ASCII,
)
_MARKED = re.compile(r"(?:#|№|\bno\.)[ ]?([A-Z]{0,6}-?\d{3,12})", re.IGNORECASE | re.ASCII)
_SHAPED = re.compile(
    r"[A-Za-z](?<![A-Za-z0-9][A-Za-z])"
    r"(?:(?<=[A-Z])(?:[A-Z]{0,7}-?\d[A-Z0-9]{1,15}|[A-Z]{1,5} \d{3,8})|[A-Za-z]{0,7}-\d{2,10})"
    r"(?:-[A-Z0-9]{1,10}){0,3}(?![A-Za-z0-9])",
    re.ASCII,
)
_MIXED = re.compile(
    r"\d(?:(?<![A-Za-z0-9-]\d)\d{0,5}[A-Z]{1,4}\d{2,12}[A-Z0-9]{0,6}(?![A-Za-z0-9])"
    r"|(?<![\d-]\d)\d{2,5}(?:-\d{3,8}){1,3}(?![\d-]))",
    re.ASCII,
)
_DATED = re.compile(r"(?:19|20)\d\d(?:[-/]\d{1,2}){1,2}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?", re.ASCII)
_COUNTED = r"(?:[円個台本枚箱名人尾袋件点部冊社年]|(?:kg|mm|cm|km|units?|pcs|pieces|usd|eur|gbp|jpy|yen)\b)"
_LONG = re.compile(rf"\d(?<![\d,.+$€£¥/-]\d)\d{{4,13}}(?![\d,.-]|\s?{_COUNTED})", re.ASCII | re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![\w,.:/+$€£¥-])(?!(?:19|20)\d\d(?!\d))\d{{4,6}}(?![\w,:/-]|\.\d|\s?{_COUNTED})", re.ASCII | re.IGNORECASE
)
_AMOUNT = re.compile(
    r"(\d(?<![\d,.]\d)(?:\d{0,2}(?:,\d{3}){1,4}|\d{3,8}(?=\s?(?:円|yen|usd|eur|gbp|jpy|ドル))))(?:\.\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_MEASURE = re.compile(
    r"(\d(?<![A-Za-z\d.,/-]\d)\d{0,5}(?:\.\d{1,3})?)\s?(個|台|本|枚|箱|名|尾|袋|件|点|色|部|冊|式|室|kg|t|mm|cm|units?|seats?|boxes|pcs|pieces|pallets?|trucks?|sets?)(?![a-z])",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"(?<![a-z0-9])([a-z]{3,16}+)(?: ?#| no\.?| number|-)? ?(\d{1,2})(?![\d:.,/%-]|st|nd|rd|th| ?[ap]m|[a-z])"
    r"|([ァ-ヺー]{2,12}+|[一-鿿々]{1,4}+)(\d{1,2})(?:号|番)"
    r"|(\d{1,2})(?:号|番)(?:の)?([ァ-ヺー]{2,12}|(?![目地街町])[一-鿿々]{1,4})"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_DAYS = (
    re.compile(r"(?<![\d/.-])(?:20\d\d[/年-])?(\d{1,2})[/月-](\d{1,2})(?![\d/])日?", re.ASCII),
    re.compile(rf"\b{_MONTH}\.? (\d{{1,2}})(?:st|nd|rd|th)?\b", re.ASCII),
    re.compile(rf"(\d(?<!\w\d)\d?)(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\b", re.ASCII),
    re.compile(r"(\d(?<![\d.]\d)\d?)\.(\d{1,2})\.(?:20\d\d)?(?!\d)", re.ASCII),
)
_DAY_ALONE = re.compile(r"(?<![\d/月.-])(\d{1,2})日(?![間後前以])|\bthe (\d{1,2})(?:st|nd|rd|th)\b", re.ASCII)
_KANJI_DAY = re.compile(
    r"(?<![〇一二三四五六七八九十])(?:[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日](?![間常本用曜]))"
)


def numbers(text: str) -> Iterator[Trait]:
    """Document numbers, and models: two or three digits after letters, or bare digits, with no word like "order No.".

    Values are upper case without blanks and hyphens: `FCC 740` and `FCC740` are the same. Telephone numbers (a zero
    first, no label) and dates are left out.
    """
    text = _without_reach(text)
    for found in _NUMBERISH.finditer(text):
        if _LABELS.search(text[max(0, found.start() - 30) : found.start()].lower()):
            yield from _number(found[0], labelled=True)
    for found in _MARKED.finditer(text):
        yield from _number(found[1], labelled=True)
    for pattern in (_SHAPED, _MIXED, _LONG):
        for found in pattern.finditer(text):
            yield from _number(found[0], labelled=False)


def bare_numbers(text: str) -> Iterator[str]:
    """Numbers of four to six digits with no word that says what they are: known again where it was said."""
    text = _without_reach(text)
    yield from (found[0] for found in _BARE.finditer(text))


def _without_reach(text: str) -> str:
    """A text without links, mail addresses and telephone numbers."""
    linked = "@" in text or "://" in text or "www." in text.lower()
    return _TELEPHONISH.sub(_telephone_out, _LINKS.sub(" ", text) if linked else text)


def _telephone_out(found: re.Match[str]) -> str:
    """A blank for a telephone number, known by its form or the word before it; anything else as it is."""
    before = found.string[max(0, found.start() - 14) : found.start()]
    return " " if _TELEPHONE.fullmatch(found[0]) or _TELEPHONE_BEFORE.search(before) else found[0]


def _number(text: str, *, labelled: bool) -> Iterator[Trait]:
    value = re.sub(r"[-/ ]", "", text).upper()
    digits = sum(char.isdigit() for char in value)
    letters = re.match(r"[A-Z]*", value)
    head = letters.group() if letters else ""
    dated = not head and _DATED.fullmatch(text)
    telephone = not labelled and not head and value.startswith("0")
    if digits < 2 or dated or telephone or head.casefold() in _MONTHS or (not head and digits < 4 and not labelled):
        return
    weak = not labelled and (digits < 4 if head else value.isdigit() and "-" not in text)
    yield ("model" if weak else "number", value[:40])
    parts = text.split("-")
    if not head and len(parts) > 1 and len(value) > 6 and value[0] != "0":
        yield ("number", "-".join(parts[:2]))


def amounts(text: str) -> Iterator[Trait]:
    """Sums of money and quantities, plain: `£6,312` and 60尾."""
    for found in _AMOUNT.finditer(text):
        yield ("amount", found[1].replace(",", ""))
    for found in _MEASURE.finditer(text):
        yield ("amount", f"{found[1]}{found[2].casefold()}")


def days(text: str, sent: datetime | None = None) -> Iterator[Trait]:
    """Days of the year named in a text, as MM-DD; a day alone (23日, the 23rd) is the next one after `sent`."""
    text = _KANJI_DAY.sub(lambda found: str(_kanji_number(found[0])), text.lower())
    for number, pattern in enumerate(_DAYS):
        for found in pattern.finditer(text):
            first, second = found[1], found[2]
            if number in (2, 3):
                first, second = second, first
            month, day = int(_MONTHS.get(first, 0) or first), int(second)
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield ("day", f"{month:02}-{day:02}")
    for found in _DAY_ALONE.finditer(text) if sent else ():
        day = int(found[1] or found[2])
        if sent and 1 <= day <= 31:
            month = sent.month if day >= sent.day else sent.month % 12 + 1
            yield ("day", f"{month:02}-{day:02}")


def _kanji_number(text: str) -> int:
    """二十三 as 23, up to 99."""
    tens, ten, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    return (10 * (digits.index(tens) if tens else 1) if ten else 0) + (digits.index(ones) if ones else 0)


def items(text: str) -> Iterator[Trait]:
    """One of several alike: `Lift 2`, `Line no. 4`, ユニット3番 and 3番ユニット, 2号機."""
    for found in _ITEM.finditer(text.casefold()):
        word, number = (found[1] or found[3] or found[6], found[2] or found[4] or found[5])
        if word not in _MONTHS and word not in stop_words() and word not in phrases("counts"):
            yield ("item", f"{word}{int(number)}")


_RUNS = re.compile(r"[a-z][a-z0-9'’]{1,24}|[ァ-ヺー]{2,24}|[一-鿿々]{2,24}")
_HIRAGANA = re.compile(r"[ぁ-ゖー]{2,12}")
_GRAMMAR = re.compile(
    "^(?:さん|さま|くん|ちゃん|どの)$|くださ|ありがと|ござい|いたし|いただ|よろし|お?しらせ|おねが|ねがい|せんか|ません|ました|ます|です|から|まで|につき|できる|わせ$|れる$"
)
_PARTICLES = re.compile(
    r"(?:について|に関する|のお|への|からの|の|を|は|が|に|で|と|も|へ|や|です|ます|する|した|して|な)+$"
)


def words(text: str) -> Iterator[str]:
    """Words that can name a matter, folded: Latin words, katakana words, pairs of kanji; stop words left out."""
    return chain.from_iterable(map(_of_run, _RUNS.findall(_courtesies().sub(" ", text.casefold()))))


@lru_cache(maxsize=4096)
def _of_run(run: str) -> tuple[str, ...]:
    """What of a run of signs of one script can name a matter."""
    stopped, run = stop_words(), run.replace("’", "'")
    if "一" <= run[0] <= "鿿":
        return tuple(pair for i in range(len(run) - 1) if (pair := run[i : i + 2]) not in stopped)
    if run in stopped or len(run) <= (2 if run.isascii() else 1):
        return ()
    word = _singular(run) if run.isascii() else run
    return () if word in stopped else (word,)


def _singular(word: str) -> str:
    """An English word as it is called alone: pumps and pump's are pump, batteries are battery."""
    word = word.removesuffix("'s")
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 5 else word[:-1]


@cache
def _courtesies() -> re.Pattern[str]:
    """Kanji words that say nothing, taken out before the rest is cut into pairs."""
    return re.compile("|".join(phrases("courtesies")))


def topics(subject: str) -> Iterator[str]:
    """The words of a subject's stem; hiragana words too, which in running text would be mostly grammar."""
    text = stem(subject)
    yield from words(text)
    for found in _HIRAGANA.finditer(text):
        word = _PARTICLES.sub("", found.group()).lstrip("おのをはがにでとも")
        if 1 < len(word) < 7 and not _GRAMMAR.search(word):
            yield word


def line_hashes(lines: Iterable[str]) -> Iterator[Trait]:
    """Fingerprints of written lines, to know them again when they are quoted; short lines and courtesies left out."""
    for line in lines:
        text = re.sub(r"[\s>＞|│]+", "", plain(line[:400]))
        if len(text) > 15 or (len(text) > 11 and not text.isascii()):
            yield ("line", blake2b(text.casefold().encode("utf-8", "replace"), digest_size=6).hexdigest())


# --- the whole mail ----------------------------------------------------------------------------------------------


def traits(message: Message, directory: Directory) -> frozenset[Trait]:
    """What a message can be recognised by; some 200 traits at most, however long the mail is."""
    text = recalled(message)
    figures = with_figures(text)
    subjects = [each[:400] for each in (message.subject, *(inside.subject for inside in message.forwarded[:3]))]
    telling = [each for each in subjects if stem(each) not in NAMELESS]
    found: set[Trait] = set()
    for most, each in (
        (3, _keys(message, directory)),
        (3, (("stem", value) for subject in subjects if (value := stem(subject)) not in UNTOLD)),
        (MOST_NUMBERS, numbers(f"{plain(chr(10).join((*subjects, *_file_names(message))))}\n{figures}")),
        (6, (("model", value) for value in bare_numbers(plain("\n".join(subjects))))),
        (12, _files(message)),
        (MOST_NUMBERS, amounts(figures)),
        (12, items(f"{plain(chr(10).join(subjects))}\n{figures}")),
        (MOST_NUMBERS, days(f"{plain(subjects[0])}\n{figures}", message.date)),
        (12, (("person", address) for address in outsiders(message, directory))),
        (24, (("topic", word) for subject in telling for word in topics(subject))),
        (12, line_hashes(_own_lines(message))),
        (1, iter([("month", f"{message.date:%Y-%m}")])),
    ):
        found |= _some(each, most)
    found |= {("word", word) for word in _some(_all_words(message, telling, text), MOST_WORDS)}
    return frozenset(found)


def joined(case: Profile, mail: Profile) -> Profile:
    """The traits of a case and one more mail: all, or of a very long case the most telling and the mail's."""
    every = case.plus(mail)
    if len(every) <= MOST_OF_A_CASE:
        return every
    rank = {kind: number for number, kind in enumerate(_TELLING)}
    kinds = sorted(case.by_kind, key=lambda kind: (rank.get(kind, len(rank)), kind))
    former = ((kind, value) for kind in kinds for value in sorted(case.of_kind(kind) - mail.of_kind(kind)))
    return mail.plus(Profile.of(islice(former, KEPT_OF_A_CASE)))


def _some(every: Iterable[T], most: int) -> set[T]:
    """The first `most` different ones; of ten times as many no more are looked at."""
    taken: set[T] = set()
    for one in islice(every, 10 * most + 2):
        taken.add(one)
        if len(taken) >= most:
            break
    return taken


def _all_words(message: Message, subjects: list[str], text: str) -> Iterator[str]:
    names = (plain(name).replace("_", " ").rpartition(".")[0] for name in _file_names(message))
    return chain(chain.from_iterable(map(topics, subjects)), chain.from_iterable(map(words, names)), words(text))


def _keys(message: Message, directory: Directory) -> Iterator[Trait]:
    """Case keys a person wrote: `log+acme-3@…` among the recipients, [acme-3] in the subject; of ours also #acme-3."""
    for to in (*message.to, *message.cc, *message.bcc)[:50]:
        local, _, domain = to.address.partition("@")
        base, plus, key = local.partition("+")
        if plus and KEY.match(key) and f"{base}@{domain}" in directory.log_addresses:
            yield ("key", key)
    for found in TAG.finditer(message.subject[:400].casefold()):
        if KEY.match(found[1].strip()):
            yield ("key", found[1].strip())
    if directory.is_ours(message.sender.address):
        own = plain(f"{message.subject[:400]}\n{message.new_text[:MOST_TEXT]}").casefold()
        yield from (("key", found[1]) for found in islice(WRITTEN_KEY.finditer(own), 3))


def outsiders(message: Message, directory: Directory) -> Iterator[str]:
    """Addresses of everybody outside who wrote, got, or is inside a message (mails forwarded in it), writers first."""
    inside = [who for each in message.forwarded[:3] for who in (each.sender, *each.to[:20], *each.cc[:20])]
    for who in (message.sender, *message.to[:30], *message.cc[:30], *message.bcc[:30], *inside):
        if who.address and not is_ours(directory, who.address):
            yield who.address


def is_ours(directory: Directory, address: str) -> bool:
    """As `Directory.is_ours`, with the `+case` of a log address left out."""
    local, at, domain = address.partition("@")
    bare = f"{local.partition('+')[0]}{at}{domain}"
    return directory.is_ours(address) or (bare != address and directory.is_ours(bare))


def _file_names(message: Message) -> list[str]:
    inside = [each for forwarded in message.forwarded[:3] for each in forwarded.attachments]
    return [each.name for each in (*message.attachments, *inside)[:20] if each.name]


_VERSION = re.compile(r"[\s_.-]*(?:v|ver|rev)?\.?(?<!\d)\d{1,3}$")
_NUMBERED = re.compile(r"(?:image|img|scan|screenshot|photo|noname|untitled|attachment|unknown)?[\d_ -]*")


def _files(message: Message) -> Iterator[Trait]:
    """Contents of attachments (those of 1 kB and more: smaller ones are logos), and their names without version."""
    for each in message.attachments[:20]:
        if each.size >= 1000 and each.sha256:
            yield ("file", each.sha256[:32])
        bare = _VERSION.sub("", plain(each.name[:120]).casefold().rpartition(".")[0])
        if len(bare) > 5 and bare not in phrases("papers") and not _NUMBERED.fullmatch(bare):
            yield ("file", bare[:80])


def _own_lines(message: Message) -> list[str]:
    new = [zone.text for zone in message.zones if zone.kind is ZoneKind.NEW]
    return [
        line
        for text in (*new, *(each.text[:MOST_TEXT] for each in message.forwarded[:3]))
        for line in text[:MOST_TEXT].split("\n")
    ]


def quoted(message: Message) -> frozenset[Trait]:
    """Fingerprints of the lines that a message quotes or forwards, to be looked up among what we hold."""
    zones = (ZoneKind.QUOTE, ZoneKind.FORWARDED)
    texts = [zone.text[:MOST_TEXT] for zone in message.zones if zone.kind in zones]
    lines = (
        line
        for text in (*texts, *(each.text[:MOST_TEXT] for each in message.forwarded[:3]))
        for line in text.split("\n")
    )
    return frozenset(_some(line_hashes(lines), 24))


def returned_addresses(message: Message) -> tuple[str, ...]:
    """Mail addresses in the head of a bounce's text, lower case, at most ten."""
    found = re.finditer(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", message.text[:4000], re.ASCII)
    return tuple(dict.fromkeys(each.group().lower() for each in found))[:10]
