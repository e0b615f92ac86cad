"""From bytes to text, whatever charset the sender named, misnamed or forgot.

Charset names in mail lie: `iso-2022-jp` is Microsoft's superset of it (CP50221: ①, ㈱, 髙, half-width katakana),
`shift_jis` is cp932, `gb2312` is gb18030, `ks_c_5601-1987` is cp949, `iso-8859-1` is cp1252 (WHATWG Encoding, section
4.2, names the same supersets). Japanese signs that Unicode knows twice (～ － ∥) come out as Microsoft maps them, so
that one letter reads the same from every charset.
"""

import codecs
import re
from functools import cache
from typing import NamedTuple

MAX_NAME = 40
"""No registered charset name is longer (RFC 2978, section 2.3)."""


class Decoded(NamedTuple):
    """A text, and what was wrong on the way: a defect code or an empty string."""

    text: str
    defect: str = ""


JAPANESE_MAIL = "iso-2022-jp-ms"
_SUPERSETS = {
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms-kanji": "cp932",
    "csshiftjis": "cp932",
    "windows-31j": "cp932",
    "cswindows31j": "cp932",
    "ms932": "cp932",
    "x-ms-cp932": "cp932",
    "cp932": "cp932",
    "eucjp": "euc-jp",
    "x-euc-jp": "euc-jp",
    "x-euc": "euc-jp",
    "ujis": "euc-jp",
    "cp51932": "euc-jp",
    "eucjp-ms": "euc-jp",
    "gb2312": "gb18030",
    "gb-2312-80": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "euc-cn": "gb18030",
    "big5": "cp950",
    "x-x-big5": "cp950",
    "ks-c-5601-1987": "cp949",
    "ks-c-5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "windows-949": "cp949",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-1-i": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi-x3.4-1968": "cp1252",
    "x-ansi": "cp1252",
    "cp-1252": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-japanese": "cp932",
}
# Python codecs that are no charsets of text on the wire; some of them are quadratic in their input.
_NO_CHARSETS = frozenset(
    ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "unicode-internal")
)
_NAME = re.compile(r"[a-z0-9][a-z0-9.:+-]*")
_ISO_2022_JP = re.compile(r"(?:cs)?iso-?2022-?jp.*|cp5022[0-2]")


def known_name(declared: str | None) -> str:
    """The codec to read a declared charset with; empty for none, an unknown name, or a name that is no charset."""
    if not declared:
        return ""
    name = declared[: MAX_NAME * 2].strip(" \t\"'").lower().replace("_", "-").partition("*")[0]
    if len(name) > MAX_NAME or not _NAME.fullmatch(name) or name in _NO_CHARSETS:
        return ""
    if _ISO_2022_JP.fullmatch(name):
        return JAPANESE_MAIL
    name = _SUPERSETS.get(name, name)
    try:
        b"a".decode(name)
    except UnicodeError:
        return name  # UTF-16 and other wide charsets cannot read one byte
    except (LookupError, ValueError):
        return ""
    return name


def decode(data: bytes, declared: str | None = None, *, hint: str | None = None) -> Decoded:
    """The text of `data`, read as the declared charset where that can be true, otherwise guessed.

    `hint` is a charset to try first when none is declared (a header of a mail whose body names one).
    Defects: `charset-unknown`, `charset-wrong` (guessed instead), `charset-damaged` (holds U+FFFD). Never raises.
    """
    name = known_name(declared)
    defect = "charset-unknown" if declared and not name else ""
    if (
        data.isascii()
        and not (b"\x1b" in data or b"\x0e" in data)
        and name in ("", "cp1252", "utf-8", "cp932", "euc-jp", JAPANESE_MAIL)
    ):
        return Decoded(data.decode("ascii"), defect)
    if not name:
        return Decoded(_hinted(data, known_name(hint)) or guess(data), defect)
    if name == "cp1252" and _is_really_something_else(data):
        return Decoded(guess(data), "charset-wrong")
    text = _strict(data, name)
    return Decoded(text) if text is not None else _repaired(data, name)


def _hinted(data: bytes, name: str) -> str | None:
    """The text in the charset hinted at, unless the bytes show by their form that they are of another."""
    return None if _is_really_something_else(data) else _strict(data, name)


def _is_really_something_else(data: bytes) -> bool:
    """Whether bytes are UTF-8 or ISO-2022-JP by their form, whatever a charset that reads anything makes of them."""
    if _ESCAPE.search(data):
        return True
    return not data.isascii() and _try(data, "utf-8") is not None


def _repaired(data: bytes, name: str) -> Decoded:
    """Bytes that are not wholly of the declared charset: a few damaged places in it, or another charset altogether."""
    text = _as_microsoft_maps(_lossy(data, name))
    foreign = sum(1 for char in text if char > "\x7f")
    lost = text.count("\ufffd")
    if lost * 10 <= foreign or (lost == 1 and text.endswith("\ufffd")):
        return Decoded(text, "charset-damaged" if lost else "charset-wrong")
    return Decoded(guess(data), "charset-wrong")


def _lossy(data: bytes, name: str) -> str:
    """The text with U+FFFD for what is not of the charset."""
    if name == JAPANESE_MAIL:
        return shifted_japanese(data, "replace") or ""
    return _LONE_SURROGATE.sub("\ufffd", data.decode(name, "replace"))


_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _strict(data: bytes, name: str) -> str | None:
    """The text in that charset, or None when the bytes are not wholly of it."""
    if not name:
        return None
    if name == JAPANESE_MAIL:
        return _japanese_mail(data)
    if name == "euc-jp":
        return _euc_jp(data)
    if name == "cp1252":
        return _western(data)
    text = _try(data, name)
    return text.removeprefix("\ufeff") if text else text


def _try(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
        text.encode("utf-8", "strict")  # some codecs (UTF-7, UTF-16) let lone surrogates through
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


_WESTERN = "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in range(256))


def _western(data: bytes) -> str:
    """Windows-1252, its five unassigned bytes as the C1 controls they are in ISO 8859-1."""
    return codecs.charmap_decode(data, "strict", _WESTERN)[0]


# --- ISO-2022-JP and EUC-JP with the rows of NEC and IBM -----------------------------------------------------------

_ESCAPE = re.compile(rb"\x1b(\$@|\$B|\$\([BDOPQ]|\(B|\(J|\(H|\(I|\$A|\$\(C|&@)|([\x0e\x0f])")
_SHIFTED_OVER_LINE_END = re.compile(rb"\x1b\$[@B][^\x1b]*[\r\n]")
_MICROSOFT = str.maketrans("〜‖−¢£¬¥‾", "～∥－￠￡￢\\~")
_ASCII_SETS = (b"(B", b"(J", b"(H")
_TO_HIGH = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))


def _japanese_mail(data: bytes) -> str | None:
    """ISO-2022-JP (RFC 1468) in Microsoft's reading; the plain codec first, as it is fast and usually enough."""
    if not data.isascii():
        return None
    if b"\x0e" in data or _SHIFTED_OVER_LINE_END.search(data):
        return shifted_japanese(data, "strict")
    text = _try(data.replace(b"\x1b(J", b"\x1b(B"), "iso2022_jp")
    return shifted_japanese(data, "strict") if text is None else _as_microsoft_maps(text)


def _as_microsoft_maps(text: str) -> str:
    return text.translate(_MICROSOFT) if _TWICE.search(text) else text


_TWICE = re.compile("[〜‖−]")


def shifted_japanese(data: bytes, errors: str) -> str | None:
    """Bytes with ISO 2022 escapes, each run read in its own character set; a shift stays over line ends.

    `errors` is `strict` (None when something cannot be read) or `replace`.
    """
    pieces, charset, start = [], b"(B", 0
    try:
        for escape in _ESCAPE.finditer(data):
            pieces.append(_run(data[start : escape.start()], charset, errors))
            charset = escape[1] or (b"(I" if escape[2] == b"\x0e" else b"(B")
            start = escape.end()
        pieces.append(_run(data[start:], charset, errors))
    except UnicodeError:
        return None
    return "".join(pieces)


def _run(data: bytes, charset: bytes, errors: str) -> str:
    """One run between escapes."""
    if charset in _ASCII_SETS:
        return data.decode("utf-8", errors)
    if charset == b"(I":
        return data.translate(_TO_HIGH).decode("cp932", errors)
    if charset == b"$A":
        return data.translate(_TO_HIGH).decode("gb18030", errors)
    if charset == b"$(C":
        return data.translate(_TO_HIGH).decode("cp949", errors)
    if charset in (b"$(O", b"$(Q"):
        return data.translate(_TO_HIGH).decode("euc_jis_2004", errors)
    if charset in (b"$(D", b"$(P"):
        codec = "euc_jp" if charset == b"$(D" else "euc_jis_2004"
        return _PAIR.sub(lambda pair: b"\x8f" + pair[0].translate(_TO_HIGH), data).decode(codec, errors)
    return _as_shift_jis(data).decode("cp932", errors)


_PAIR = re.compile(rb"[\x21-\x7e][\x21-\x7e]")
_PAIR_OR_BYTE = re.compile(rb"[\x21-\x7e][\x21-\x7e]|.", re.DOTALL)


def _as_shift_jis(data: bytes) -> bytes:
    """JIS X 0208 codes (two bytes, 7 bit) in Shift_JIS form, whose codec knows NEC's and IBM's rows too."""
    codes = _shift_jis_codes()
    return b"".join([codes.get(token, token) for token in _PAIR_OR_BYTE.findall(data)])


@cache
def _shift_jis_codes() -> dict[bytes, bytes]:
    """Every JIS X 0208 code with its Shift_JIS form (JIS X 0208:1997, appendix 1)."""
    codes = {}
    for row in range(0x21, 0x7F):
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        for cell in range(0x21, 0x7F):
            trail = (cell + (0x1F if cell < 0x60 else 0x20)) if row % 2 else cell + 0x7E
            codes[bytes((row, cell))] = bytes((lead, trail))
    return codes


_EUC_RUN = re.compile(
    rb"((?:[\xa1-\xfe][\xa1-\xfe])+)|\x8e([\xa1-\xdf])|(\x8f[\xa1-\xfe][\xa1-\xfe])|([\x00-\x7f]+)|(.)", re.S
)
_TO_LOW = bytes(byte & 0x7F for byte in range(256))


def _euc_jp(data: bytes) -> str | None:
    """EUC-JP; where the plain codec gives up, with NEC's and IBM's rows (CP51932)."""
    text = _try(data, "euc_jp")
    if text is not None:
        return _as_microsoft_maps(text)
    pieces = []
    try:
        for run in _EUC_RUN.finditer(data):
            pairs, kana, third, ascii_run, stray = run.groups()
            known = _as_shift_jis(pairs.translate(_TO_LOW)) if pairs else kana or ascii_run or stray
            pieces.append(third.decode("euc_jp") if third else known.decode("cp932"))
    except UnicodeDecodeError:
        return None
    return "".join(pieces)


# --- no charset at all ---------------------------------------------------------------------------------------------

_WIDE_RUN = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]{2,}")
_WIDE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_RARE = re.compile("[\ue000-\uf8ff\u0400-\u04ff\u2500-\u257f\x80-\x9f]")
GUESS_FROM = 200_000
"""So many bytes are enough to tell one charset from another."""


def likely_name(data: bytes) -> str:
    """The codec with which `guess` reads these bytes; empty for plain ASCII, which tells nothing."""
    if data.isascii():
        return JAPANESE_MAIL if _ESCAPE.search(data) else ""
    text = guess(data[:GUESS_FROM])
    names = ("utf-8", "cp932", "euc-jp", "cp1252")
    return next((name for name in names if _strict(data[:GUESS_FROM], name) == text), "")


def guess(data: bytes) -> str:
    """The text of bytes whose charset nobody named: ISO-2022-JP, UTF-8, Japanese 8-bit charsets, else Western."""
    if _ESCAPE.search(data):
        text = _japanese_mail(data)
        return text if text is not None else shifted_japanese(data, "replace") or ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and len(data) % 2 == 0:
        wide = _try(data, "utf-16")
        if wide is not None:
            return wide.removeprefix("\ufeff")
    text = _try(data, "utf-8") or _utf8_but_cut(data)
    if text is not None:
        return text.removeprefix("\ufeff")
    readings = [reading for name in ("cp932", "euc-jp") if (reading := _strict(data, name)) is not None]
    best = max(readings, key=_japanese_look, default="")
    return best if best and _japanese_look(best) > 0 else _western(data)


def _utf8_but_cut(data: bytes) -> str | None:
    """UTF-8 that somebody cut inside its last character."""
    for cut in (1, 2, 3):
        text = _try(data[:-cut], "utf-8")
        if text is not None and not text.isascii():
            return text + "\ufffd"
    return None


def _japanese_look(text: str) -> float:
    """How much a reading looks like Japanese: above 0 when it does; a lone ideograph among Latin letters does not."""
    sample = text[:GUESS_FROM]
    wide = len(_WIDE.findall(sample))
    in_runs = sum(map(len, _WIDE_RUN.findall(sample)))
    kana, half, rare = (len(pattern.findall(sample)) for pattern in (_KANA, _HALF_KANA, _RARE))
    return in_runs + 2 * kana - 1.5 * (wide - in_runs) - half - 3 * rare + (0.5 if half and not wide else 0) * half * 3
