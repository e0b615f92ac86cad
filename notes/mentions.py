"""The names a mail speaks of: who its writer says to be, whom it is addressed to, whom it mentions.

Only strings come out of here, a bounded number of them; `notes.customers` asks the store whose names they are. So a
memo that says `星野精機の山田様より電話` or `Called Luis Ortega (Northgate)` finds its customer.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from notes.companies import company_key, fold, free_mail, labels, local_labels, parts_of, person_key, words
from notes.model import Message, ZoneKind
from notes.subjects import plain, stem
from notes.traits import recalled

MOST = 40
"""Names taken from one mail."""

_NAME = r"[一-鿿々〇ぁ-ゖァ-ヺーA-Za-z0-9&・]"
_INTRODUCTION = re.compile(
    r"(?:^|[\s、。,])([一-鿿々〇ァ-ヺーA-Za-z0-9&・㈱][一-鿿々〇ぁ-ゖァ-ヺーA-Za-z0-9&・]{0,22}|[ぁ-ゖー]{2,10}[一-鿿々]{0,3})"
    r"[のノ ][ ]?([一-鿿々ァ-ヺーぁ-ゖ]{1,6})(?:です|と申します|でございます)",
    re.MULTILINE,
)
_SAYS_WHO = re.compile("です|と申します|でございます")
_GRAMMAR = re.compile(r"[はをがもへ]|ます|です|した|して|から|まで|ので|では")
_FROM = re.compile(
    r"[A-Z](?<!\w[A-Z])[\w'’-]{1,20}(?: [A-Z][\w'’.-]{0,20})? (?:here )?(?:from|at|of|with|\()[ ]?(?:the )?"
    r"((?:[A-Z][\w&'’.-]{1,24})(?: (?:&|[A-Z][\w&'’.-]{1,24})){0,3})",
    re.ASCII,
)
_CAPITALS = re.compile(
    r"([A-Z](?<![\w'’][A-Z])(?:(?<=S)t\.?(?= [A-Z])|[\w&'’-]{2,24})(?: (?:&|[A-Z][\w&'’.-]{1,24})){0,3})", re.ASCII
)
_STOP = re.compile(r"(?<=[^\s.]{3})\. ")
_DENIAL = re.compile("not |ではな|じゃな|以外")
"""What a line holds in which `_NEGATED` can match: that is slow, for it begins with any sign of a name."""
_BRACKETED = re.compile(r"[(（「『]([^()（）「」『』\n]{2,24})[)）」』]")
_WITHOUT_GRAMMAR = re.compile(r"[一-鿿々ァ-ヺーA-Za-z0-9&・]{2,16}$")
_BETWEEN = re.compile(r"[\s、。,.:;!?/()\[\]「」【】<>|]+")
_ONE_SCRIPT = re.compile(r"[一-鿿々]{2,10}(?:[ァ-ヺー]{2,12})?|[ァ-ヺー]{2,12}(?:[一-鿿々]{2,8})?")
_NEGATED = re.compile(
    r"\bnot (?:the other |the |from |for )?[A-Z][\w'’&-]{1,24}(?: [A-Z][\w'’&-]{1,24}){0,3}"
    rf"|{_NAME}{{2,24}}?(?:さん|様)?(?:では|じゃ)な|{_NAME}{{2,24}}?以外"
)


def introductions(message: Message) -> list[str]:
    """Names that the writer may mean as his own company: display name, signature, first lines. To look up only."""
    head = plain("\n".join(_lines(message)[:8]))[:800]
    found = [*own_companies(message), *parts_of(message.sender.name)]
    found += [each[1] for each in _FROM.finditer(head)]
    return list(dict.fromkeys(found))[:MOST]


def own_companies(message: Message) -> list[str]:
    """The writer's company as its writer surely names it: in the signature, and as `アクメの山田です`."""
    found = [message.contact.company] if message.contact and message.contact.company else []
    found += _of_label(message)
    head = plain("\n".join(_lines(message)[:4]))[:500]
    person = fold(message.sender.name)
    for each in _FROM.finditer(head[:200]):
        if fold(each.group().split(" ")[0]) in person:
            found.append(each[1])
    said = _INTRODUCTION.finditer(head) if _SAYS_WHO.search(head) else ()
    said_so = [each for each in said if not _GRAMMAR.search(each[1])]
    for each in said_so[:1] if person.isascii() else said_so:
        if person.isascii() or fold(each[2]) in person or fold(each[1]) in person:
            found.append(each[1])
    return list(dict.fromkeys(found))[:4]


def _of_label(message: Message) -> list[str]:
    """A signature line that bears the words of the writer's address: St. Brendan School, of stbrendan.example."""
    domain = message.sender.address.rpartition("@")[2]
    borrowed = local_labels(message.sender.address) if free_mail(domain) else labels(domain)
    person = person_key(message.sender.name)
    whole = [label for label in borrowed if len(label) > 3 and label not in person]
    ends = "\n".join(zone.text[-1200:] for zone in message.zones if zone.kind is ZoneKind.SIGNATURE)
    parts = [part.strip() for line in ends.split("\n")[:20] for part in re.split(r"[|,/]", line[:120])]
    sane = [part for part in parts if 3 < len(part) < 50 and not re.search(r"@|://|www\.", part)]
    return [part for part in sane if any(label in company_key(part) for label in whole)][:1]


def addressees(message: Message) -> list[str]:
    """Names over the text of a mail, down to the line that ends with 様, 御中 or さん. To look up only."""
    lines = _address_lines(message)
    return list(dict.fromkeys(each for line in lines for each in (line, *line.split(" "))))[:12]


def addressed_companies(message: Message) -> list[str]:
    """The company over the text of a mail: the lines before `山田様`, or what stands before that in its line."""
    lines = _address_lines(message)
    if not lines:
        return []
    before = [token for token in lines[-1].split(" ") if not token.endswith(words("honorifics_ja"))]
    alone = lines[-1].endswith("御中") and len(lines) == 1
    found = [*lines[:-1], " ".join(before), *([lines[-1]] if alone else [])]
    return [name for name in found if len(name) > 1][:2]


def _address_lines(message: Message) -> list[str]:
    found: list[str] = []
    for line in _lines(message)[:4]:
        text = plain(line[:60]).strip()
        if len(text) > 40 or re.search(r"[。、,!?:]", text):
            return []
        found.append(text)
        if text.endswith(words("honorifics_ja")):
            return found
    return []


def mentions(message: Message) -> list[str]:
    """Names that may be of companies, from the subject and the text; the most telling ones first."""
    subject = plain(message.subject[:200])
    text = _without_negated(recalled(message)[:3000])
    found = dict.fromkeys(_telling(f"{stem(subject)}\n{text}"))
    found |= dict.fromkeys(each for name in (*_pieces(subject), *_pieces(text[:600])) if (each := name.strip()))
    capitals = (each[1] for each in _CAPITALS.finditer(f"{subject}\n{text}"))
    found |= dict.fromkeys(part for each in capitals for part in _STOP.split(each))
    found |= dict.fromkeys(_adjacent(stem(subject)))
    return list(found)[:MOST]


def _without_negated(text: str) -> str:
    """A text without the names that it speaks of as others: 「星野さんではなく」."""
    if not _DENIAL.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(_NEGATED.sub("。", line) if _DENIAL.search(line) else line for line in lines)


def _telling(text: str) -> Iterator[str]:
    """Names before an honorific or a post, in brackets, or after `from` and `at`."""
    honour = _honour()
    for found in _honoured().finditer("\n".join(line for line in text.split("\n") if honour.search(line))):
        yield from _heads(found[1])
    for found in _BRACKETED.finditer(text):
        yield found[1]
        yield from found[1].split(" ")[:3]
    for found in _FROM.finditer(text):
        yield found[1]


def _heads(name: str) -> Iterable[str]:
    """A name, and what stands before its particles: 星野精機の山田 is 星野精機 too; and its end without grammar."""
    yield name
    end = _WITHOUT_GRAMMAR.search(name)
    if end and end.group() != name:
        yield end.group()
    for particle in ("の", "から", "より", "に", "へ"):
        head, found, _ = name.rpartition(particle)
        if found and len(head) > 1:
            yield head


def _pieces(text: str) -> Iterator[str]:
    """Pieces between blanks and punctuation, cut before the first の too: short ones only, a name is no sentence."""
    for piece in _BETWEEN.split(text, 60)[:60]:
        if 1 < len(piece) <= 24 and not piece.isascii():
            yield piece
            head, found, _ = piece.partition("の")
            if found and len(head) > 1:
                yield head
            run = _ONE_SCRIPT.match(piece)
            if run and run.group() != piece:
                yield run.group()


def _adjacent(subject: str) -> Iterator[str]:
    """The Latin words of a subject and pairs of them: who files a memo does not always write capitals."""
    tokens = re.findall(r"[a-z][a-z'’&.-]{2,24}", subject)[:8]
    yield from (f"{one} {other}" for one, other in pairwise(tokens))
    yield from (token for token in tokens if len(token) > 3)


@cache
def _honour() -> re.Pattern[str]:
    """An honorific or a post."""
    return re.compile("|".join((*words("honorifics_ja"), *words("posts_ja"))))


@cache
def _honoured() -> re.Pattern[str]:
    """Up to 16 signs before an honorific or a post."""
    return re.compile(rf"({_NAME}{{2,16}}?)(?:{_honour().pattern})")


def _lines(message: Message) -> list[str]:
    """The first lines of the writer's own text, greetings included."""
    own = [zone.text for zone in message.zones if zone.kind in (ZoneKind.NEW, ZoneKind.GREETING)]
    text = "\n".join(own) if message.zones else message.text
    return [line for line in text[:2000].split("\n") if line.strip()]
