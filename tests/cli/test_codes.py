"""Every code that the data can hold and a page shows has words in both languages."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from email import errors
from pathlib import Path

import pytest

from cli import words
from ingest import reading
from notes import shared, weighing
from notes.model import SUGGESTING
from notes.store import decided_customers
from notes.store.unfiled import GONE, NOT_FILED
from tests.cli.test_words import constants, entries

ROOT = Path(__file__).parents[2]


def nodes(room: str) -> Iterator[ast.AST]:
    for path in sorted(ROOT.glob(room)):
        yield from ast.walk(ast.parse(path.read_text("utf-8")))


def called(node: ast.AST, name: str) -> list[ast.expr]:
    """The arguments of a call of `name`; nothing for any other node."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != name:
        return []
    return [*node.args, *(one.value for one in node.keywords)]


def texts(found: Iterator[ast.expr]) -> set[str]:
    return {text for one in found for text in constants(one) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", text)}


def ball_reasons() -> set[str]:
    """What stands behind a holder: `Holder.US, "they-asked"`, as a pair or in a call of `Ball`."""
    pairs = [one.elts for one in nodes("notes/ball.py") if isinstance(one, ast.Tuple)]
    balls = [called(one, "Ball") for one in nodes("notes/*.py")]
    return texts(group[-1] for group in (*pairs, *balls) if group and "Holder." in ast.unparse(group[0]))


def evidence_reasons() -> set[str]:
    given = [arg for one in nodes("notes/*.py") for arg in called(one, "Evidence")]
    named = [
        one.value for one in nodes("notes/evidence.py")
        if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "reason"
    ]  # fmt: skip
    tables = [
        value for one in nodes("notes/evidence.py")
        if isinstance(one, ast.Dict) and one.keys and "Act." in ast.unparse(one) for value in one.values
    ]  # fmt: skip
    return texts(iter([*given, *named, *tables]))


def unfiled_reasons() -> set[str]:
    given = [arg for one in nodes("notes/customers.py") for arg in called(one, "_unfiled")]
    named = [one.value for one in nodes("notes/customers.py") if isinstance(one, ast.keyword) and one.arg == "reason"]
    return texts(iter([*given, *named])) | {NOT_FILED}


def not_known() -> set[str]:
    rooms = [*nodes("notes/doubts.py"), *nodes("cli/diary.py")]
    given = [one.args[0] for one in rooms if isinstance(one, ast.Call) and "NotKnown" in ast.unparse(one.func)]
    return texts(iter(given))


def doubts() -> set[str]:
    """What a handover counts: doubts about mails, and what is known from a forwarder only."""
    return {code for code in not_known() if code in ("doubtful-join", "doubtful-date", "undecodable")} | {"second-hand"}


def failures() -> set[str]:
    return {reading.TOO_LARGE, reading.NOT_DELIVERED, reading.HUNG_UP, NOT_FILED, "not-a-mail"}


def zone_rules() -> set[str]:
    """Rules in the golden mails, and those that stand in the rooms that divide a body."""
    golden = [json.loads(path.read_text("utf-8")) for path in (ROOT / "tests" / "mails").glob("*.json")]
    seen = {zone["rule"].removeprefix("after-") for one in golden for zone in one.get("zones", ()) if "rule" in zone}
    kind = re.compile(
        r"(sig|greeting|closing|addressing|mobile)(-[a-z]+)*|banner|text|mark|wrapped|.*attribution|.*header.*"
    )
    marks = [
        node.value for node in nodes("ingest/body/*.py")
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]  # fmt: skip
    separators = {f"{one}-{end}" for one in ("original", "forward", "wrote") for end in ("separator", "line")}
    return seen | separators | {mark for mark in marks if re.fullmatch(r"[a-z-]+", mark) and kind.fullmatch(mark)}


def defects() -> set[str]:
    """Ours, and what mail-parser makes of the defects of the standard library."""
    ours = re.compile(
        r"(charset|date|from|header|pgp|smime|text|too|start-boundary|close-boundary)-[a-z-]+|tnef|unjudged"
    )
    found = {
        node.value for node in nodes("ingest/parse/*.py")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ours.fullmatch(node.value)
    }  # fmt: skip
    begins = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.MessageDefect)]
    theirs = {begins.sub("-", one.__name__.removesuffix("Defect")).lower() for one in classes}
    golden = [json.loads(path.read_text("utf-8")) for path in (ROOT / "tests" / "mails").glob("*.json")]
    seen = {code for one in golden for code in one.get("defects", ())}
    return (found - HEADER_NAMES) | (theirs - {"message", "header"}) | seen | {"message-id-reused", GONE}


HEADER_NAMES = {"smime-type", "date-header", "charset-decode"}


def joined() -> set[str]:
    decided = texts(arg for one in nodes("notes/cases.py") for arg in called(one, "CaseDecision"))
    weigh = next(one for one in nodes("notes/weighing.py") if isinstance(one, ast.FunctionDef) and one.name == "_parts")
    parts = next(one for one in ast.walk(weigh) if isinstance(one, ast.Dict) and one.keys and len(one.keys) > 3)
    return decided | texts(key for key in parts.keys if key) | set(weighing._MOST)


def customer_rules() -> set[str]:
    """Rules that find a customer; the others are reasons why there is none."""
    found = [arg for one in nodes("notes/customers.py") for arg in called(one, "_found")]
    return texts(iter(found)) | SUGGESTING | {"new", "named"}


def evidence() -> set[str]:
    return set(shared.TELLING)


def decisions_about_customers() -> set[str]:
    return {*decided_customers.KINDS, "customer-alias-from"}


def ailments() -> set[str]:
    return texts(
        node for node in nodes("ingest/examine.py")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "-" in node.value
    )  # fmt: skip


GROUPS: list[tuple[str, Callable[[], set[str]], int]] = [
    ("reason", ball_reasons, 10),
    ("reason", evidence_reasons, 7),
    ("unfiled", unfiled_reasons, 6),
    ("not-known", not_known, 5),
    ("doubt", doubts, 4),
    ("failure", failures, 4),
    ("ailment", ailments, 4),
    ("rule", zone_rules, 22),
    ("defect", defects, 30),
    ("joined", joined, 12),
    ("customer-rule", customer_rules, 7),
    ("shared", evidence, 10),
    ("decision", decisions_about_customers, 5),
]


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(("group", "codes", "least"), GROUPS, ids=lambda one: getattr(one, "__name__", str(one)))
def test_every_code_of_data_has_words(group: str, codes: Callable[[], set[str]], least: int, language: str) -> None:
    found, known = codes(), entries(language)
    assert len(found) >= least, found
    assert sorted(code for code in found if f"{group}.{code}" not in known) == []
