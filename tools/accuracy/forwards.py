"""Forwards taken apart: corpora/forwards (email_forward_parser, 23 languages) and japanese/forwards.

Each is read twice: its text alone, and all the way, as a colleague's mail into the log, received into a diary and read
back from there. In the diary it must also be a forward in a case with the customer who wrote the original.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from ingest.body import divide
from ingest.context import Context
from ingest.forward import unwrap
from ingest.receive import receive
from notes.model import Calendar, Directory, Forwarded, Kind, Place, RawMail, Role, Staff, Via
from notes.phrases import load
from notes.store import cases, mails
from notes.store.engine import Store, open_store
from tools.accuracy import Figure

_ZONE = ZoneInfo("Asia/Tokyo")
_INDEXED = re.compile(r"email\.(to|cc)\[(\d+)\]\.(\w+)")
Case = tuple[str, bool]
Take = Callable[[str, str, str], tuple[Forwarded, ...]]
"""From a case's name, a mail's text and its subject to what it forwards, outermost first."""

_OURS = "hokuto.example"
_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=_ZONE)
_CONTEXT = Context(
    Directory(
        domains=frozenset({_OURS}),
        staff=(Staff("sato", "Ken Sato", (f"sato@{_OURS}",)),),
        log_addresses=frozenset({f"log@{_OURS}"}),
        log_senders=frozenset({f"sato@{_OURS}"}),
    ),
    Calendar(_ZONE, time(9), time(18), lambda day: day.weekday() >= 5),
    load(),
    _NOW,
)


def figures(corpora: Path) -> list[Figure]:
    """Every field right, per mail: of the text, and as the diary has it; and the right customer in the diary."""
    alone = _measured(corpora, _apart)
    with _log() as log:
        stored = _measured(corpora, log.take)
        placed = log.placed
    return [
        _figure("forwards/email_forward_parser", alone[0], 0.95),
        _figure("japanese/forwards", alone[1], 1.0),
        _figure("forwards, all the way into the diary", stored[0] + stored[1], 0.95),
        _figure("forwards, filed with the writer's customer", placed, 0.97),
    ]


def misses(corpora: Path) -> list[str]:
    """The names of the cases that are not right."""
    alone = _measured(corpora, _apart)
    with _log() as log:
        stored = _measured(corpora, log.take)
        placed = log.placed
    texts = [name for cases in alone for name, right in cases if not right]
    whole = [f"all the way: {name}" for cases in stored for name, right in cases if not right]
    return [*texts, *whole, *(f"customer: {name}" for name, right in placed if not right)]


def _measured(corpora: Path, take: Take) -> tuple[list[Case], list[Case]]:
    parser = list(_email_forward_parser(corpora / "forwards" / "email_forward_parser", take))
    return parser, list(_japanese(corpora / "japanese" / "forwards.jsonl", take))


def _apart(name: str, text: str, subject: str) -> tuple[Forwarded, ...]:
    return unwrap(divide(text, subject), subject, zone=_ZONE)


class _Log:
    """A diary into whose log a colleague forwards. `placed`: of each forward, whether its customer is the writer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.placed: list[Case] = []

    def take(self, name: str, text: str, subject: str) -> tuple[Forwarded, ...]:
        """What the diary says was forwarded."""
        number = len(self.placed) + 1
        ref = f"forward.{number}@{_OURS}"
        place = Place("log", "INBOX", 1, number)
        mail = RawMail(place, Role.LOG, _mail(ref, text, subject), _NOW, Via.LOG)
        receive(self._store, [mail], _CONTEXT, None)
        with self._store.read() as db:
            filed, key, _ = mails.get(db, ref)
            customer = cases.customers_of(db, [key])[key] if key else None
        writer = filed.forwarded[0].sender if filed.forwarded else None
        if filed.kind is not Kind.FORWARD or writer is None:
            self.placed.append((name, writer is None))
            return ()
        known = {*customer.addresses, *customer.domains} if customer else set()
        self.placed.append((name, bool({writer.address, writer.domain} & known)))
        return filed.forwarded


@contextmanager
def _log() -> Iterator[_Log]:
    with TemporaryDirectory(prefix="forwards") as folder:
        store = open_store(f"sqlite:///{folder}/diary.db", create=True)
        try:
            yield _Log(store)
        finally:
            store.close()


def _mail(ref: str, text: str, subject: str) -> bytes:
    mail = EmailMessage()
    mail["Message-ID"], mail["From"], mail["To"] = f"<{ref}>", f"Ken Sato <sato@{_OURS}>", f"log@{_OURS}"
    mail["Subject"], mail["Date"] = " ".join(subject.split()), format_datetime(_NOW)
    mail.set_content(text, cte="base64")
    return mail.as_bytes()


def _figure(name: str, cases: list[Case], goal: float) -> Figure:
    return Figure(name, sum(right for _, right in cases) / max(1, len(cases)), len(cases), goal)


def _folded(text: object) -> str:
    return re.sub(r"\s+", " ", "" if text is None else str(text)).strip()


def _email_forward_parser(folder: Path, take: Take) -> Iterator[Case]:
    for case in json.loads((folder / "expected.json").read_text("utf-8"))["cases"]:
        text = (folder / case["body_file"]).read_text("utf-8")
        subject = (case["subject"] or "").strip()
        chain = take(case["body_file"], text, subject)
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


def _japanese(path: Path, take: Take) -> Iterator[Case]:
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        chain = take(f"japanese {case['id']}", case["text"], f"Fw: {case['subject']}")
        yield f"japanese {case['id']}", bool(chain) and _right(chain[0], case)


def _right(found: Forwarded, case: dict[str, str]) -> bool:
    """All these mails were written on 5 December 2022 at ten in Tokyo."""
    moment = found.date.isoformat() if found.date else ""
    said = (found.sender.address, found.sender.name, found.subject, found.text)
    wanted = (case["addr"], case["name"], case["subject"], case["body"])
    return said == wanted and case["pre"] in found.above and moment == "2022-12-05T10:00:00+09:00"
