"""What a signature says about its writer: name, telephone, title, department, company."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.body.lines import is_rule
from ingest.body.roles import company_in, department_in, is_department, is_site, split_roles, title_in
from notes.model import Address, Contact, Zone, ZoneKind

_MAX_LINES = 25
_MAX_WIDTH = 200
_LABEL = re.compile(
    r"(?P<fax>fax|ＦＡＸ|Ｆａｘ|ファックス|ファクス|telefax|\bF(?=[.:： ]))|(?P<mobile>mobile|mobil|"
    r"cell(?:ular)?|handy|携帯(?:電話)?|\bmob\b|\b[MC](?=[.:： ])|スマホ)|"
    r"(?P<tel>tel(?:ephone|efon|éfono)?|TEL|ＴＥＬ|Ｔｅｌ|電話(?:番号)?|phone|\bph\b|直通|direct|office|代表|"
    r"℡|☎|\b[TPOD](?=[.:： ]))",
    re.I,
)
_NUMBER = re.compile(
    r"(?:(?<![\w.@/-])|(?<=[A-Za-zＬ])(?<!\bx)|(?<=(?:tel|fax|mob)\.)|(?<=ph\.))(?:\+\d{1,3}[ .-]?)?"
    r"(?:\(\+?\d{1,5}\)[ .-]?\d{1,5}(?:[ .‐‑–—−－ー-]{1,3}\d{1,7}){0,5}"
    r"|\d{1,5}(?:(?:[ .‐‑–—−－ー-]{1,3}|[ -]?\((?=\d{1,5}\) ?-?\d)|\)[ -]?)\d{1,7}){1,6})"
    r"|(?<![\w.@/-])\+?\d{9,14}(?![\w-])",
    re.I,
)
_POSTAL = re.compile(r"\d{3}-\d{4}\Z|\d{5}(?:-\d{4})?\Z|\d{1,2}-\d{1,2}-\d{1,2}\Z")
_DIGITS = re.compile(r"\d")
_NOT_A_NUMBER = re.compile(r"〒|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}(?!\d)|\d{1,2}:\d{2}|丁目|番地|https?:|[A-Z]{2} +\d{5}")
_DIGIT_WIDTHS = str.maketrans("０１２３４５６７８９－（）＋　", "0123456789-()+ ")


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    label: str

    @property
    def rank(self) -> int:
        """Telephones before mobiles before numbers without a label; a fax is no way to reach a person."""
        return ("tel", "mobile", "", "fax").index(self.label)


def read(zones: Sequence[Zone], sender: Address) -> Contact | None:
    """The contact that the signature zones of a mail describe; None without a signature that says something.

    `phone` is as written, the office before the mobile before an unlabelled number, never the fax. `title` is the
    position, or the department where the signature names no position. `name` is the sender's where it is not signed.
    """
    lines = _lines(zones)
    return _contact(tuple(lines), sender) if lines else None


@lru_cache(maxsize=1024)  # people sign as they signed before
def _contact(lines: Sequence[str], sender: Address) -> Contact | None:
    numbers = [number for line in lines for number in phones(line)]
    phone = min((n for n in numbers if n.label != "fax"), key=lambda n: n.rank, default=None)
    roles = _roles(lines)
    contact = Contact(
        name=_name(lines, sender),
        phone=phone.text if phone else "",
        title=roles[0] or roles[1] or _beside_name(lines, sender),
        department=roles[1],
        company=next((found for line in lines if (found := company_in(line))), ""),
    )
    return contact if contact.phone or contact.title or contact.company else None


def _lines(zones: Sequence[Zone]) -> list[str]:
    """The lines of the last signature that stands over quotes and forwarded mail."""
    texts = [zone.text for zone in zones if zone.kind is ZoneKind.SIGNATURE and zone.rule != "mobile-footer"]
    lines = [line[:_MAX_WIDTH].translate(_DIGIT_WIDTHS).strip(" \t\xa0*|｜│┃") for line in "\n".join(texts).split("\n")]
    return [line for line in lines if line and not is_rule(line)][:_MAX_LINES]


def phones(line: str) -> Iterator[_Number]:
    """The telephone numbers of one line with the label that precedes each."""
    taken = 0
    for found in _NUMBER.finditer(line):
        text = found[0].strip(" .-")
        if text.count("(") < text.count(")"):
            text = text.rstrip(")").rstrip()
        between = line[taken : found.start()]
        labels = [match.lastgroup or "" for match in _LABEL.finditer(between)]
        label = _kind(labels)
        taken = found.end()
        if not _NOT_A_NUMBER.search(between[-3:] + found[0]) and _plausible(text, bool(labels)):
            yield _Number(text, label)


def _kind(labels: Sequence[str]) -> str:
    """`TEL/FAX 03-…` is a telephone, `TEL & mobile` too; without a label of its own a number is unlabelled."""
    if not labels:
        return ""
    return "tel" if "tel" in labels else labels[-1]


def _plausible(text: str, labelled: bool) -> bool:
    """9 to 15 digits (ITU-T E.164), fewer for a labelled local number; an international one must be possible."""
    digits = len(_DIGITS.findall(text))
    if not (6 if labelled else 9) <= digits <= 15:
        return False
    if not labelled and _POSTAL.match(text):
        return False
    return _possible(text) if text.startswith("+") else True


@lru_cache(maxsize=1024)
def _possible(text: str) -> bool:
    import phonenumbers  # 0.1 s, and few mails hold an international number

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text))
    except phonenumbers.NumberParseException:
        return False


def _roles(lines: Sequence[str]) -> tuple[str, str]:
    """Title and department; of each what the first line that has one names, departments within departments joined.

    A branch or works says where somebody sits; the department under it is whose they are.
    """
    title = department = ""
    for line in lines:
        roles = _roles_in(line)
        nearer = roles[1] if is_site(department) and roles[1] and not is_site(roles[1]) else ""
        title, department = title or roles[0], nearer or department or roles[1]
    return title, department


def _beside_name(lines: Sequence[str], sender: Address) -> str:
    """What stands where a position stands, in any language: between a Western name and the company, or right before a
    Japanese name under or beside the company. Words of no list are believed there only, and only the sender's name."""
    words = frozenset(re.findall(r"[^\W\d_]{2,}", sender.name.casefold()))
    signed = re.compile(r"[ 　]*".join(map(re.escape, sender.name.split()[:4])) or r"(?!)")
    rows = [split_roles(line) for line in lines[:8]]
    for number, row in enumerate(rows):
        before = lines[number][: found.start()].split() if (found := signed.search(lines[number])) else []
        if before and (number or len(before) > 1) and _JAPANESE_ROLE.fullmatch(before[-1]):
            return "" if _names_company(before[-1], sender) else before[-1]
        at = next((place for place, part in enumerate(row) if len(words) > 1 and words == _words_of(part)), None)
        if at is not None:
            after = [part for later in (row[at + 1 :], *rows[number + 1 : number + 3]) for part in later]
            fits = len(after) > 1 and _may_be_role(after[0], sender) and _names_company(after[1], sender)
            return after[0] if fits else ""
    return ""


_JAPANESE_ROLE = re.compile(r"(?!担当|氏名|名前|文責|発信|差出|住所)[一-龥々ァ-ヶー・]{2,10}")
_LINKING = r"(?:&|and|of|for|de|des|du|del|della|di|da|von|für|und|og|och|en|van|et|i|y|e)"
_WESTERN_ROLE = re.compile(rf"[A-ZÀ-ÝŁŚŻŹĆČŠŽ][^\W\d_]+(?:[ /-](?:{_LINKING}|[A-ZÀ-ÝŁŚŻŹĆČŠŽ][^\W\d_]*)){{0,5}}")
_BUILDING = re.compile(
    r"\b(?:house|building|court|place|park|centre|center|road|street|lane|square|tower|estate|unit|floor|suite|hall|"
    r"mill|works|wharf|yard|plaza|campus)\b",
    re.I,
)


def _words_of(part: str) -> frozenset[str]:
    """The words of a part of a line, less what says for whom somebody signs: `i.A. Uta Sommer`."""
    return frozenset(re.findall(r"[^\W\d_]{2,}", part[:60].casefold())) - {"ppa", "pp"}


def _may_be_role(part: str, sender: Address) -> bool:
    plain = bool(_WESTERN_ROLE.fullmatch(part)) and not _BUILDING.search(part)
    return plain and not _names_company(part, sender)


def _names_company(part: str, sender: Address) -> bool:
    """Whether a part names a company: by its legal form, or by a word of the sender's domain."""
    label = sender.address.rpartition("@")[2].casefold()
    words = re.findall(r"[^\W\d_]{4,}", part.casefold())
    return bool(company_in(part)) or any(word in label for word in words)


@lru_cache(maxsize=4096)  # colleagues share most lines of their signatures
def _roles_in(line: str) -> tuple[str, str]:
    parts = split_roles(line)
    department = " ".join(found for part in parts if (found := department_in(part)))
    return next((found for part in parts if (found := title_in(part))), ""), department


def _name(lines: Sequence[str], sender: Address) -> str:
    """The signed name: the sender's in full, else one beside a title, else the last Japanese or the first other one."""
    parts = [(line, part) for line in lines[:8] for part in split_roles(line)]
    display = _squeezed(sender.name)
    if display and any(display in _squeezed(line) for line in lines):
        fuller = (part for _, part in parts if _squeezed(part).startswith(display) and _FULL.fullmatch(_squeezed(part)))
        if len(display) < 4 or _PERSON.fullmatch(sender.name):
            return next(fuller, sender.name) if len(display) < 4 else sender.name
    named = [(line, part) for line, part in parts if _looks_like_name(part)]
    titled = [part for line, part in named if any(map(title_in, split_roles(line)))]
    japanese = [part for _, part in named if part[0] >= "\u3000"]
    return next((part.strip() for part in (*titled, *reversed(japanese), *(part for _, part in named))), sender.name)


def _squeezed(text: str) -> str:
    return "".join(text.split())


_FULL = re.compile(
    r"(?![^ ]*[所店社会部課室]\Z)[一-龥々髙﨑ヶ]{2,4}[一-龥々ぁ-んァ-ヶー髙﨑]{1,4}|[A-Z][a-z]+[A-Z][a-z]+"
)
_PERSON = re.compile(
    r"[一-龥々髙﨑ヶ]{1,4}[ 　]+[一-龥々ぁ-んァ-ヶー髙﨑]{1,5}|(?:Dr\.? |"
    r"Prof\.? )?[A-ZÀ-Ý][\w'’-]+(?: [A-Z]\.)?(?: (?:von|van|de|der|la))*(?: [A-ZÀ-Ý][\w'’-]+){1,2}"
)


def _looks_like_name(part: str) -> bool:
    return (
        bool(_PERSON.fullmatch(part.strip()))
        and not title_in(part)
        and not is_department(part)
        and not company_in(part)
        and not phones_in(part)
    )


def phones_in(text: str) -> bool:
    """Whether a text holds a telephone number."""
    return next(phones(text), None) is not None
