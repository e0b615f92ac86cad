"""New text apart from quotes and signatures: corpora/replies, japanese/mails.

The libraries these sets come from disagree on whether a closing and a signature are visible; a text counts as right
when what kawari shows with or without them is what was expected, white space aside. Assertions about inner things of
those libraries (numbers of fragments above one and the like) are not asked.
"""

import email
import email.policy
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.body import divide
from ingest.parse.html import text_of
from notes.model import Address, Zone, ZoneKind
from tools.accuracy import Figure

_HIDDEN = (ZoneKind.QUOTE, ZoneKind.QUOTE_HEADER)
_ASIDE = (ZoneKind.SIGNATURE, ZoneKind.BANNER)
Case = tuple[str, bool]


def figures(corpora: Path) -> list[Figure]:
    """One figure a set; `misses` names what is wrong."""
    replies = corpora / "replies"
    visible = [
        *_crisp(replies / "crisp"),
        *_github(replies / "github"),
        *_mail_parser_reply(replies / "mail_parser_reply"),
    ]
    found = [
        _figure("replies/crisp + github + mail_parser_reply", visible, 0.90),
        _figure("replies/talon", list(_talon(replies / "talon")), 0.95),
        _figure("japanese/mails", list(_japanese(corpora / "japanese" / "mails.jsonl")), 1.0),
    ]
    right, said, asked, mails = _forge(replies / "forge")
    found.append(Figure("replies/forge signature lines, F1", 2 * right / max(1, said + asked), mails, 0.90))
    return found


def misses(corpora: Path) -> list[str]:
    """The names of the cases that are not right."""
    replies = corpora / "replies"
    cases = [
        *_crisp(replies / "crisp"),
        *_github(replies / "github"),
        *_mail_parser_reply(replies / "mail_parser_reply"),
        *_talon(replies / "talon"),
        *_japanese(corpora / "japanese" / "mails.jsonl"),
    ]
    return [name for name, right in cases if not right]


def _figure(name: str, cases: Sequence[Case], goal: float) -> Figure:
    return Figure(name, sum(right for _, right in cases) / max(1, len(cases)), len(cases), goal)


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _join(zones: Sequence[Zone]) -> str:
    return "\n".join(zone.text for zone in zones)


def _readings(zones: Sequence[Zone]) -> list[str]:
    """What may count as visible: all that is not quoted; without signature and banner; without a closing, too."""
    shown = [zone for zone in zones if zone.kind not in _HIDDEN]
    bare = [zone for zone in shown if zone.kind not in _ASIDE]
    return [_join(shown), _join(bare), _join([zone for zone in bare if not zone.rule.startswith("closing")])]


def _first(zones: Sequence[Zone]) -> list[Zone]:
    """The zones over the first quote."""
    stop = next((i for i, zone in enumerate(zones) if zone.kind in _HIDDEN), len(zones))
    return list(zones[:stop])


def _reads(zones: Sequence[Zone], expected: str) -> bool:
    return _squeeze(expected) in map(_squeeze, _readings(zones))


# --- crisp -------------------------------------------------------------------------------------------------------


def _crisp(folder: Path) -> Iterator[Case]:
    tests = json.loads((folder / "expected.json").read_text("utf-8"))["tests"]
    common = next(
        t["first_fragment_stripped"] for t in tests if t.get("first_fragment_stripped", "").startswith("Fusce")
    )
    for test in tests:
        if "email" not in test:
            continue
        zones = divide((folder / test["email"]).read_text("utf-8", "replace").replace("\r", ""), "Re:")
        checks = [*_crisp_checks(test, zones, common)]
        if checks:
            yield f"crisp {test['email']}", all(checks)


def _crisp_checks(test: dict[str, str], zones: Sequence[Zone], common: str) -> Iterator[bool]:
    if "first_fragment_stripped" in test:
        yield _reads(_first(zones), test["first_fragment_stripped"])
    for line in test["assertions"]:
        if "COMMON_FIRST_FRAGMENT, text" in line:
            yield _reads(_first(zones), common)
        elif found := re.search(r'test\.equal\("(.*)", email\.getVisibleText', line):
            yield _reads(
                zones,
                found[1].encode().decode("unicode_escape").encode("latin-1", "ignore").decode("utf-8", "ignore")
                if "\\u" in found[1]
                else found[1].replace("\\n", "\n"),
            )
        elif found := re.match(r"test\.equal\(true, ?/(.*)/\.test\(fragments\[(\d)\]", line):
            yield _fragment(zones, found[1].replace(r"\/", "/"), int(found[2]))
        elif line == "test.equal(1, fragments.length)":
            yield not any(zone.kind in _HIDDEN for zone in zones)


def _fragment(zones: Sequence[Zone], pattern: str, number: int) -> bool:
    """Whether a pattern is found over the first quote (fragment 0), or in what is quoted or signed (others)."""
    top = _first(zones)
    if number == 0 and top:
        return bool(re.search(pattern, _join(top).strip()))
    return any(
        re.search(pattern.replace("-- ", "--"), zone.text.strip().replace("-- ", "--") + "\n") for zone in zones
    ) or bool(re.search(pattern, _join([zone for zone in zones if zone.kind in _HIDDEN]).strip(), re.M))


# --- github ------------------------------------------------------------------------------------------------------


def _github(folder: Path) -> Iterator[Case]:
    for case in json.loads((folder / "expected.json").read_text("utf-8"))["cases"]:
        body = case["body"]
        named = re.search(r'(?:email[ (]:?"?|join\(")([\w.]+)', body)
        path = folder / "emails" / (named[1].removesuffix(".txt") + ".txt") if named else folder / "none"
        if not path.is_file():
            path = next((p for p in (folder / "emails").iterdir() if p.name.casefold() == path.name.casefold()), path)
        if not path.is_file():
            continue
        zones = divide(path.read_text("utf-8", "replace").replace("\r", ""), "Re:")
        body = body.replace("\\n", "\n")
        checks = [_reads(zones, text) for text in re.findall(r'assert_equal "([^"]*)",\s*EmailReplyParser', body)]
        checks += [
            _reads(_first(zones), text) for text in re.findall(r'assert_equal "([^"]*)", reply\.fragments\[0\]', body)
        ]
        checks += [
            _fragment(zones, pattern, int(n))
            for pattern, n in re.findall(r"assert_match\(/(.*?)/,\s*reply\.fragments\[(\d)\]", body)
        ]
        if "assert_equal 1, reply.fragments.size" in body:
            checks.append(not any(zone.kind in _HIDDEN for zone in zones))
        if checks:
            yield f"github {case['test']}", all(checks)


# --- mail-parser-reply -------------------------------------------------------------------------------------------


def _mail_parser_reply(folder: Path) -> Iterator[Case]:
    for case in json.loads((folder / "expected.json").read_text("utf-8"))["cases"]:
        zones = divide((folder / case["email"]).read_text("utf-8", "replace").replace("\r", ""), "Re:")
        checks = [right for line in case["asserts"] if (right := _asserted(line, zones)) is not None]
        if checks:
            yield f"mail_parser_reply {case['test']}", all(checks)


def _asserted(line: str, zones: Sequence[Zone]) -> bool | None:
    """One assertion about the newest reply or the one under it; None where kawari has no such thing."""
    found = re.search(r"'(.*?)'(,| in| not in| ==) mail\.replies\[([01])\]\.(body|content|headers|signatures)", line)
    if not found:
        return None
    text, relation, number, part = found[1].replace("\\n", "\n"), found[2].strip(), found[3], found[4]
    if number == "1":
        return (
            _squeeze(text) in _squeeze(_join([z for z in zones if z.kind in _HIDDEN]))
            if part in ("content", "headers") and relation == "in"
            else None
        )
    first = _first(zones)
    signed = _join([z for z in first if z.kind in _ASIDE or z.rule.startswith("closing")])
    if part == "signatures":
        return _squeeze(text) in _squeeze(signed) if text else not signed.strip()
    if relation == "==":
        return _reads(first, text)
    if relation == "not in" or "NotIn" in line:
        return _squeeze(text) not in _squeeze(_readings(first)[2])
    return _squeeze(text) in _squeeze(_join(first))


# --- talon -------------------------------------------------------------------------------------------------------


def _talon(folder: Path) -> Iterator[Case]:
    for case in json.loads((folder / "plain_quotations.json").read_text("utf-8"))["cases"]:
        yield f"talon {case['test']}", _reads(divide(case["text"], "Re:"), case["expected_reply"])
    for path in sorted((folder / "standard_replies").glob("*.eml")):
        expected = path.with_name(f"{path.stem}_reply_text")
        text = expected.read_text("utf-8") if expected.is_file() else "Hello"
        yield f"talon {path.name}", _reads(divide(_plain(path), "Re:"), text)
    for path in sorted((folder / "html_replies").glob("*.html")):
        text = text_of(path.read_text("utf-8", "replace"))
        yield f"talon {path.name}", _reads(divide(text, "Re:"), "Hi. I am fine.\n\nThanks,\nAlex")


def _plain(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    part = message.get_body(("plain",))
    return part.get_content().replace("\r", "") if part else ""


# --- forge and Japanese ------------------------------------------------------------------------------------------


def _forge(folder: Path) -> tuple[int, int, int, int]:
    """Right, said and asked signature lines, and the number of mails, with and without signatures."""
    right = said = asked = mails = 0
    for path in sorted([*folder.glob("P/*_body"), *folder.glob("N/*_body")]):
        lines = path.read_text("utf-8", "replace").replace("\r", "").rstrip("\n").split("\n")
        truth = {i for i, line in enumerate(lines) if line.startswith("#sig#") and line[5:].strip()}
        clean = [line.removeprefix("#sig#") for line in lines]
        found = _signed(clean, path.with_name(path.name.replace("_body", "_sender")).read_text("utf-8", "replace"))
        right, said, asked, mails = right + len(truth & found), said + len(found), asked + len(truth), mails + 1
    return right, said, asked, mails


def _signed(lines: Sequence[str], sender: str) -> set[int]:
    found: set[int] = set()
    at = 0
    for zone in divide("\n".join(lines), "Re:", Address(sender.partition("<")[0].strip(' "\n'), "")):
        count = zone.text.count("\n") + 1
        if zone.kind is ZoneKind.SIGNATURE or zone.rule.startswith("closing"):
            found |= {i for i in range(at, at + count) if lines[i].strip()}
        at += count
    return found


def _japanese(path: Path) -> Iterator[Case]:
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        zones = divide(case["text"], "Re:")
        new = _join([zone for zone in zones if zone.kind is ZoneKind.NEW])
        shown = _readings(zones)[0]
        right = all(text in new for text in case["keep"])
        right &= not any(text in shown for text in case["drop_quote"]) and not any(
            text in new for text in case["drop_sig"]
        )
        yield f"japanese {case['id']}", right
