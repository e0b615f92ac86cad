"""What the tests of corrections share: a diary on which mails arrive by number, and what of it people see."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from ingest import correcting
from ingest.context import Context
from ingest.correcting import Done, Word
from ingest.receive import receive
from notes import phrases
from notes.model import Calendar, Directory, Held, Keep, Place, RawMail, Role, Staff, Via
from notes.store import cases, mails
from notes.store.engine import Store

ZONE = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
WORD = Word("kudo", MONDAY + timedelta(days=90))
CONTEXT = Context(
    Directory(
        organisation="Tsubame",
        domains=frozenset({"tsubame.example"}),
        staff=(
            Staff("mori", "Aya Mori", ("mori@tsubame.example",)),
            Staff("kudo", "Jun Kudo", ("kudo@tsubame.example",)),
        ),
    ),
    Calendar(ZONE, time(9), time(18), lambda day: day.weekday() > 4),
    phrases.load(),
    MONDAY,
    keep=Keep.ALL,
)
MATTERS = (
    ("Pump P-7 leaks", "water runs out below the pump in the boiler room"),
    ("Invoice 20611", "the invoice bears an old delivery address"),
    ("Training in autumn", "how many colleagues can come to the seminar"),
    ("Gate motor hums", "the gate to the yard opens slowly since the storm"),
)
THEM, US = "Hana Ito <ito@asagao.example>", "Aya Mori <mori@tsubame.example>"


def ref(n: int) -> str:
    """The ref of the mail with that number."""
    return f"m{n}@post.example"


def letter(
    n: int,
    matter: int = 0,
    *,
    answers: Sequence[int] = (),
    sender: str = THEM,
    text: str = "",
    subject: str = "",
    hours: float | None = None,
) -> RawMail:
    """Mail number `n`, written `hours` (5 n) after Monday; `answers`: numbers of its ancestors, the nearest last."""
    title, said = MATTERS[matter]
    ours = sender == US
    message = EmailMessage()
    message["From"], message["To"] = sender, THEM if ours else US
    message["Subject"] = subject or (f"Re: {title}" if answers else title)
    message["Date"] = format_datetime(MONDAY + timedelta(hours=5 * n if hours is None else hours))
    message["Message-ID"] = f"<{ref(n)}>"
    if answers:
        message["In-Reply-To"] = f"<{ref(answers[-1])}>"
        message["References"] = " ".join(f"<{ref(number)}>" for number in answers)
    message.set_content(text or f"Hello,\n\n{said}, note {n}.\n")
    role = Role.SENT if ours else Role.INBOX
    return RawMail(Place("mori", role.value, 1, n), role, message.as_bytes(), MONDAY.astimezone(UTC), Via(role))


def arrive(store: Store, *letters: RawMail, context: Context = CONTEXT) -> None:
    """Mails come one after the other."""
    for one in letters:
        receive(store, [one], context, None)


def piles(store: Store) -> dict[str, set[int]]:
    """Which mails, by number, each case shows."""
    with store.read() as db:
        filed = mails.of_cases(db, [held.case.key for held in cases.held(db)])
    return {key: {int(mail.ref[1 : mail.ref.index("@")]) for mail in pile} for key, pile in filed.items()}


def held(store: Store, key: str) -> Held:
    """One case with its standing, found by its key or a name for it."""
    with store.read() as db:
        living = cases.get(db, key).key
        return next(one for one in cases.held(db) if one.case.key == living)


def merge(store: Store, key: str, into: str, *, across: bool = False) -> Done:
    """`case merge`."""
    with store.begin() as db:
        return correcting.merge(db, CONTEXT, key, into, WORD, across=across)


def split(store: Store, key: str, *numbers: int, title: str = "") -> Done:
    """`case split`."""
    with store.begin() as db:
        return correcting.split(db, CONTEXT, key, [ref(n) for n in numbers], WORD, title=title)


def move(store: Store, to: str, *numbers: int, only: bool = False) -> Done:
    """`case move`."""
    with store.begin() as db:
        return correcting.move(db, CONTEXT, [ref(n) for n in numbers], to, WORD, only=only)


def say(store: Store, kind: str, key: str, word: Word = WORD, **value: str) -> Done:
    """`case rename`, `assign`, `close`, `reopen`."""
    with store.begin() as db:
        return correcting.say(db, CONTEXT, kind, key, value, word)


def undo(store: Store) -> Done:
    """`undo`."""
    with store.begin() as db:
        return correcting.undo(db, CONTEXT, WORD)
