"""Names of companies and people, and their domains, as keys that can be compared.

A company's key decides by equality; a likeness (rapidfuzz) never does, it merges 山田製作所 with 山本製作所.
Domains are cut at the public suffix (publicsuffixlist, the copy it brings along, no network); at free-mail providers
only the whole address says who somebody is.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

LONGEST = 120
"""A name is looked at for so many characters."""

_PLAIN = str.maketrans(
    "髙﨑齋齊澤邊邉廣國會濱濵櫻龍嶋嶌學藏眞惠壽榮瀧德淺曻冨巖靜條鐵圓萬與藝團舘㟢橫增淸礒桒峯舩"
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ",
    "高崎斎斉沢辺辺広国会浜浜桜竜島島学蔵真恵寿栄滝徳浅昇富巌静条鉄円万与芸団館崎横増清磯桑峰船"
    "アイウエオツヤユヨワカケあいうえおつやゆよわ",
)
"""Old kanji and small kana, and what they are compared as."""
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "å": "a", "ł": "l", "đ": "d"}
)
_SEPARATORS = re.compile(r"[\s・･·.,'’`\"“”「」『』()\[\]{}<>/\\|:;!?&+*#_~=-]+")
_BETWEEN_WORDS, _BETWEEN_NAMES = re.compile(r"[\s・&]+"), re.compile(r"[\s.,・()]+")
_ACCENTED = re.compile("[À-ɏ]")
_LATIN = re.compile(r"[a-z0-9]")
_FIRST_WORD = re.compile(r"[ァ-ヺー]{3,}|[ぁ-ゖー]{3,}|[一-鿿々〇]{2,}[ぁ-ゖ]{0,3}(?=[ァ-ヺa-z])")


@cache
def words(kind: str) -> tuple[str, ...]:
    """A list of `notes/phrases/names.toml`, folded, longest first."""
    table = tomllib.loads((files("notes") / "phrases" / "names.toml").read_text("utf-8"))
    return tuple(sorted({fold(word) for word in table[kind]}, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """NFKC, case folded, old kanji and small kana made plain, Latin accents taken off (ü becomes ue)."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST].replace("㍿", "株式会社")).casefold()
    if not plain.isascii():
        plain = plain.translate(_PLAIN)
    if _ACCENTED.search(plain):
        plain = plain.translate(_UMLAUTS)
        plain = "".join(unicodedata.normalize("NFD", char)[0] if "À" <= char <= "ɏ" else char for char in plain)
    return plain.strip()


@lru_cache(maxsize=4096)
def company_key(name: str) -> str:
    """What two spellings of one company (or person) have in common; an empty string for an empty name.

    Legal forms and honorifics are taken off at both ends, separators left out: `㈱アクメ・ジャパン 御中` and
    `アクメジャパン株式会社` are the same, `株式会社大塚商会` and `株式会社大塚商店` are not.
    """
    return _squeezed(_bare(name))


@lru_cache(maxsize=1024)
def person_key(name: str) -> str:
    """A person's name for comparing: without titles, honorifics and spaces, given name first when a comma says so."""
    text = fold(name)
    if text.isascii() and text.count(",") == 1:
        family, _, given = text.partition(",")
        text = f"{given} {family}"
    tokens = [token for token in text.replace(".", " ").split() if token not in words("titles_en")]
    return _squeezed(_without_honorific(" ".join(tokens)))


def is_full_name(name: str) -> bool:
    """Whether a name says both family and given name: two Latin words of two letters, or three Japanese signs."""
    text = fold(name)
    if _LATIN.search(text):
        return sum(len(token) > 1 for token in re.split(r"[\s.,]+", text)) > 1
    return len(_squeezed(_without_honorific(text))) > 2


@lru_cache(maxsize=2048)
def short_names(name: str) -> frozenset[str]:
    """What people call a company among themselves: オリオン機工 is オリオン, Harbor Dental Group is Harbor Dental.

    They hint, they do not decide: several companies may have one. Never shorter than two signs (four Latin letters).
    """
    text = _bare(name)
    tokens = [token for token in _BETWEEN_WORDS.split(text) if token]
    while len(tokens) > 1 and tokens[0] in (*words("kinds_ja"), *words("kinds_en")):
        tokens = tokens[1:]
    if not tokens:
        return frozenset()
    found = {" ".join(tokens), tokens[0], " ".join(tokens[:2])}
    found |= {token for token in tokens[1:] if not token.isascii() and token.endswith(words("trades_ja"))}
    found |= {_without_trade(token) for token in tuple(found)} | {_first_script(tokens[0])}
    plain = {_squeezed(each) for each in found} - _generic() - {company_key(name)}
    return frozenset(each for each in plain if len(each) >= (4 if each.isascii() else 2))


@lru_cache(maxsize=256)
def called(name: str) -> frozenset[str]:
    """What a person may be called by, one word each: Pete and Olson, 野村 and 美里; titles and honorifics left out."""
    tokens = [_without_honorific(token) for token in _BETWEEN_NAMES.split(fold(name)) if token]
    tokens = [token for token in tokens if token not in words("titles_en")][:4]
    return frozenset(each for each in tokens if len(each) > (2 if each.isascii() else 0) and not each.isdigit())


_ROMAJI = (
    ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"), ("ji", "zi"), ("j", "zy"), ("f", "h"),
    ("mb", "nb"), ("mp", "np"), ("du", "zu"), ("di", "zi"), ("ou", "o"),
)  # fmt: skip


@lru_cache(maxsize=1024)
def sound(text: str) -> str:
    """Kana, or Latin letters that write Japanese, in one spelling: つばめ and Tsubame are tubame; empty for others.

    Long vowels and double consonants are made short, for domains write them in every way.
    """
    written = ""
    for char in unicodedata.normalize("NFKC", text[:LONGEST]).casefold():
        if "a" <= char <= "z":
            written += char
        elif "ぁ" <= char <= "ヺ":
            *_, size, letter = unicodedata.name(char).casefold().split()
            small = size == "small" and letter != "tu"
            written = (written[:-1] if small else written) + ("" if letter == "tu" and size == "small" else letter)
        elif char not in "ー・-_. ":
            return ""
    for hepburn, plain in _ROMAJI:
        written = written.replace(hepburn, plain)
    return re.sub(r"(.)\1", r"\1", written)


@lru_cache(maxsize=1024)
def parts_of(display: str) -> tuple[str, ...]:
    """The names inside a display name: `田所 健 (うおせんグループ)` and `Ryo Matsuda / GreenLeaf` hold two each."""
    text = unicodedata.normalize("NFKC", display[:LONGEST])
    split = re.split(r"\s*(?:[/|()<>\[\]「」『』【】@;:\"]|\s-\s|\s(?:at|from|of)\s|、)\s*", text)
    return tuple(part.strip(" '") for part in split if part.strip(" '"))


@lru_cache(maxsize=1024)
def registrable(domain: str) -> str:
    """The part of a domain that somebody registered (`mail.acme.co.jp` gives `acme.co.jp`), or the domain itself."""
    return _suffixes().privatesuffix(domain.strip(".").lower()) or domain.lower()


def free_mail(domain: str) -> bool:
    """Whether anybody can have an address there: web mail, mobile carriers, access providers."""
    return domain in _free() or registrable(domain) in _free()


@lru_cache(maxsize=1024)
def labels(domain: str) -> frozenset[str]:
    """The words of a registrable domain's own label, squeezed: `toto-foods.example` has totofoods and toto.

    A trade at the end and an article may be left out: thethreeriversbrewing is threerivers, too.
    """
    label = registrable(domain).partition(".")[0]
    parts = [part for part in label.split("-") if len(part) > 3 and part not in words("trades_en")]
    whole = label.replace("-", "")
    bare = [whole.removesuffix(trade) for trade in words("trades_en") if whole.endswith(trade)]
    bare += [each.removeprefix("the") for each in (whole, *bare) if each.startswith("the")]
    return frozenset({whole, *parts, *(each for each in bare if len(each) > 5)}) if label else frozenset()


def local_labels(address: str) -> frozenset[str]:
    """What the local part of an address may borrow from a company's domain: `y.sasaki.totofoods` has totofoods."""
    tokens = [token for token in re.split(r"[._+-]+", address.partition("@")[0][:64]) if token][:6]
    joins = {"".join(tokens[i:j]) for i in range(len(tokens)) for j in range(i + 1, len(tokens) + 1)}
    return frozenset(each for each in joins if len(each) > 4 and each not in words("trades_en"))


def slug(name: str, domains: tuple[str, ...] = (), addresses: tuple[str, ...] = ()) -> str:
    """A short ASCII word for a customer: from the domain's label, the address's local part, or a Latin name."""
    own = [domain for domain in domains if not free_mail(domain)]
    for text in (*(registrable(domain).partition(".")[0] for domain in own), *addresses, name):
        plain = re.sub(r"[^a-z0-9]+", "-", fold(text.partition("@")[0])).strip("-")
        words_of = [word for word in plain.split("-") if word and word not in (*words("legal_en"), *words("kinds_en"))]
        if words_of:
            return _shortened(words_of)
    return "customer"


def _shortened(tokens: list[str]) -> str:
    """As many whole words as stay within 16 characters, at least one, cut at 24."""
    short = tokens[0]
    for token in tokens[1:]:
        if len(short) + len(token) >= 16:
            break
        short = f"{short}-{token}"
    return short[:24]


@cache
def _generic() -> frozenset[str]:
    """Words that stand in many companies' names."""
    return frozenset(word for kind in ("trades_en", "trades_ja", "kinds_ja", "kinds_en") for word in words(kind))


@lru_cache(maxsize=256)
def _bare(name: str) -> str:
    """A folded name without legal forms and honorifics, separators still in it."""
    text = fold(name)
    for _ in range(5):
        before, text = text, _without_legal(_without_honorific(text.strip(" ・,.、-")))
        if text == before:
            break
    return text


def _without_legal(text: str) -> str:
    forms = words("legal_ja")
    if text.startswith(forms):
        form = next(form for form in forms if text.startswith(form))
        return text[len(form) :].strip() or text
    if text.endswith(forms):
        form = next(form for form in forms if text.endswith(form))
        return text.removesuffix(form).strip() or text
    if not _LATIN.search(text):
        return text
    tokens = text.replace(".", "").replace(",", " ").split()
    while len(tokens) > 1 and (tokens[-1] == "&" or tokens[-1] in words("legal_en")):
        tokens.pop()
    return " ".join(tokens)


def _without_honorific(text: str) -> str:
    if not text.endswith(words("honorifics_ja")):
        return text
    honorific = next(each for each in words("honorifics_ja") if text.endswith(each))
    return text.removesuffix(honorific).strip() if len(text) > len(honorific) + 1 else text


def _without_trade(text: str) -> str:
    """A name without the trade at its end, as long as two signs stay."""
    tokens = text.split()
    while len(tokens) > 1 and tokens[-1] in words("trades_en"):
        tokens.pop()
    text = " ".join(tokens)
    if not text.endswith(words("trades_ja")):
        return text
    trade = next((trade for trade in words("trades_ja") if text.endswith(trade) and len(text) - len(trade) > 1), "")
    return text.removesuffix(trade)


def _first_script(text: str) -> str:
    """The first word as its script tells: タナベ of タナベ印刷, つばめ of つばめ矯正, 川沿い of 川沿いデンタル."""
    run = _FIRST_WORD.match(text)
    return run.group() if run and run.end() < len(text) else text


def _squeezed(text: str) -> str:
    return _SEPARATORS.sub("", text)


@cache
def _suffixes() -> "PublicSuffixList":
    """Read when the first domain is asked for: it takes a tenth of a second."""
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _free() -> frozenset[str]:
    lines = (files("notes") / "free_mail.txt").read_text("utf-8").splitlines()
    return frozenset(domain for line in lines if not line.startswith("#") for domain in line.split())
