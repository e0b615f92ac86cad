"""Forwards taken apart: corpora/forwards (email_forward_parser, 23 languages) and japanese/forwards."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.body import divide
from ingest.forward import unwrap
from notes.model import Forwarded
from tools.accuracy import Figure

_ZONE = ZoneInfo("Asia/Tokyo")
_INDEXED = re.compile(r"email\.(to|cc)\[(\d+)\]\.(\w+)")
Case = tuple[str, bool]


def figures(corpora: Path) -> list[Figure]:
    """Every field right, per mail."""
    parser = list(_email_forward_parser(corpora / "forwards" / "email_forward_parser"))
    japanese = list(_japanese(corpora / "japanese" / "forwards.jsonl"))
    return [_figure("forwards/email_forward_parser", parser, 0.95), _figure("japanese/forwards", japanese, 1.0)]


def misses(corpora: Path) -> list[str]:
    """The names of the cases that are not right."""
    parser = _email_forward_parser(corpora / "forwards" / "email_forward_parser")
    return [name for name, right in (*parser, *_japanese(corpora / "japanese" / "forwards.jsonl")) if not right]


def _figure(name: str, cases: list[Case], goal: float) -> Figure:
    return Figure(name, sum(right for _, right in cases) / max(1, len(cases)), len(cases), goal)


def _folded(text: object) -> str:
    return re.sub(r"\s+", " ", "" if text is None else str(text)).strip()


def _email_forward_parser(folder: Path) -> Iterator[Case]:
    for case in json.loads((folder / "expected.json").read_text("utf-8"))["cases"]:
        text = (folder / case["body_file"]).read_text("utf-8")
        subject = (case["subject"] or "").strip()
        chain = unwrap(divide(text, subject), subject, zone=_ZONE)
        expected = case["expected"]
        right = bool(chain) == expected["forwarded"]
        if chain and right:
            right = chain[0].date is not None
            right &= all(
                _folded(_value(chain[0], key)) == _folded(value)
                for key, value in expected.items()
                if "." in key or key == "message"
            )
        yield case["body_file"], right


def _value(found: Forwarded, key: str) -> object:
    """The value that email-forward-parser keeps under this path."""
    plain = {"email.subject": found.subject, "email.body": found.text, "message": found.above}
    plain |= {"email.from.name": found.sender.name, "email.from.address": found.sender.address}
    plain |= {"email.to.length": str(len(found.to)), "email.cc.length": str(len(found.cc))}
    if key.startswith("email.body.startsWith("):
        return (
            "True"
            if _folded(found.text).startswith(_folded(json.loads(key[len("email.body.startsWith(") : -1])))
            else ""
        )
    indexed = _INDEXED.fullmatch(key)
    if not indexed:
        return plain[key]
    people = found.to if indexed[1] == "to" else found.cc
    return getattr(people[int(indexed[2])], indexed[3]) if int(indexed[2]) < len(people) else "missing"


def _japanese(path: Path) -> Iterator[Case]:
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        subject = f"Fw: {case['subject']}"
        chain = unwrap(divide(case["text"], subject), subject, zone=_ZONE)
        yield f"japanese {case['id']}", bool(chain) and _right(chain[0], case)


def _right(found: Forwarded, case: dict[str, str]) -> bool:
    """All these mails were written on 5 December 2022 at ten in Tokyo."""
    moment = found.date.isoformat() if found.date else ""
    said = (found.sender.address, found.sender.name, found.subject, found.text)
    wanted = (case["addr"], case["name"], case["subject"], case["body"])
    return said == wanted and case["pre"] in found.above and moment == "2022-12-05T10:00:00+09:00"
