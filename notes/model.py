"""The values every room speaks in: frozen, comparable, without behaviour that reads a clock, a locale or a database.

Times are zone-aware `datetime`s; a message's time keeps the writer's own offset, because a promise is dated in it.
Sizes are bytes. `ref` is a Message-ID without its angle brackets (RFC 5322, section 3.6.4), or the name kawari gave to
a message that has none. String values of the enumerations are the codes of the JSON contract and are never translated.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

# --- codes -------------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What a folder is read for."""

    INBOX = "inbox"
    SENT = "sent"
    LOG = "log"


class Via(StrEnum):
    """The way a message came into the diary."""

    INBOX = "inbox"
    SENT = "sent"
    LOG = "log"
    IMPORT = "import"


class Keep(StrEnum):
    """What is kept of mail that is nobody's: all of it, its headers, or nothing."""

    ALL = "all"
    HEADERS = "headers"
    NOTHING = "nothing"


class Content(StrEnum):
    """What is kept of a mail: all; its headers; its headers until it is fetched again; its headers, for the mail
    server has it no more."""

    WHOLE = "whole"
    HEADERS = "headers"
    WANTED = "wanted"
    GONE = "gone"


class Kind(StrEnum):
    """What an entry of a case is."""

    MAIL = "mail"
    FORWARD = "forward"
    NOTE = "note"
    CALL = "call"
    MEETING = "meeting"
    HINT = "hint"
    AUTO = "auto"
    BOUNCE = "bounce"


class ZoneKind(StrEnum):
    """What a line of a mail's body is."""

    NEW = "new"
    QUOTE = "quote"
    QUOTE_HEADER = "quote-header"
    GREETING = "greeting"
    SIGNATURE = "signature"
    BANNER = "banner"
    FORWARDED = "forwarded"


class Direction(StrEnum):
    """From whom to whom, seen from our organisation."""

    IN = "in"
    OUT = "out"
    INTERNAL = "internal"


class Precision(StrEnum):
    """How exactly a due date was given."""

    MINUTE = "minute"
    PART_OF_DAY = "part-of-day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    NONE = "none"


class Certainty(StrEnum):
    """How the due date was come by: written out, reckoned from the day of writing, or guessed."""

    STATED = "stated"
    RELATIVE = "relative"
    GUESSED = "guessed"


class By(StrEnum):
    """Which side made a promise."""

    US = "us"
    THEM = "them"


class Holder(StrEnum):
    """Who must act next."""

    US = "us"
    THEM = "them"
    NOBODY = "nobody"


class PromiseState(StrEnum):
    """Where a promise stands at a moment."""

    OPEN = "open"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    WITHDRAWN = "withdrawn"


class CaseState(StrEnum):
    """Where a case stands at a moment: we must act, the customer must act, nobody has for long, or it is done."""

    OPEN = "open"
    WAITING = "waiting"
    QUIET = "quiet"
    CLOSED = "closed"


# --- who is who --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header (RFC 5322, section 3.4): display name, may be empty, and lower-case address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the last `@`, or an empty string."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of our organisation."""

    id: str
    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """A company or private person outside. `id` is the short key that case keys begin with (`acme`).

    `aliases` are other names that people gave it.
    """

    id: str
    name: str
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """Who belongs to us, who is known outside, and whom to leave out: all that the settings say about people.

    Domains and addresses are lower case.
    """

    organisation: str = ""
    domains: frozenset[str] = frozenset()
    staff: tuple[Staff, ...] = ()
    log_addresses: frozenset[str] = frozenset()
    log_senders: frozenset[str] = frozenset()
    customers: tuple[Customer, ...] = ()
    ignored_domains: frozenset[str] = frozenset()
    ignored_addresses: frozenset[str] = frozenset()

    def is_ours(self, address: str) -> bool:
        """Whether an address is a staff member's, the log's, or in a domain of ours (its subdomains included)."""
        if address in self.log_addresses or self.staff_at(address):
            return True
        domain = address.rpartition("@")[2]
        return any(domain == own or domain.endswith(f".{own}") for own in self.domains)

    @property
    def names(self) -> dict[str, str]:
        """The name of each of the staff, by id."""
        return {person.id: person.name for person in self.staff}

    def staff_at(self, address: str) -> Staff | None:
        """The staff member with this address."""
        return next((person for person in self.staff if address in person.addresses), None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Our working time: zone, business hours, and which dates are off (weekend, holiday, company holiday)."""

    zone: tzinfo
    opens: time
    closes: time
    day_off: Callable[[date], bool]

    def is_business_day(self, day: date) -> bool:
        """Whether people work on that date."""
        return not self.day_off(day)


# --- a mail as it was read ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a raw mail lies: its identity (RFC 3501, section 2.3.1.1). Imported: uidvalidity 0, uid from content."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder was read: everything from `first_uid` to `last_uid`, both included, under this UIDVALIDITY.

    A first reading goes backwards, down to 1. Mail that arrived before `since` was left out; None: nothing was.
    """

    uidvalidity: int
    last_uid: int
    first_uid: int = 1
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail's bytes as the server gave them. `internaldate` is the server's arrival time (RFC 3501, section 2.3.3)."""

    place: Place
    role: Role
    raw: bytes
    internaldate: datetime | None
    via: Via


@dataclass(frozen=True, slots=True)
class Zone:
    """A run of body lines of one kind, and the rule that said so."""

    kind: ZoneKind
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not body text. `sha256` is the hex digest of the decoded bytes, `size` their number."""

    name: str
    type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contact:
    """What a signature says about its writer; an empty string where it says nothing."""

    name: str = ""
    phone: str = ""
    title: str = ""
    department: str = ""
    company: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A mail inside a mail, inline or as message/rfc822. `above` is what the forwarder wrote over it.

    `contact` is what the inner mail's own signature says of its writer.
    """

    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    subject: str
    text: str
    above: str
    attachments: tuple[Attachment, ...] = ()
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient whom a mail of ours did not reach.

    `ref` is the returned mail's, empty where the bounce does not name it. `permanent`: sending it again is of no use
    (RFC 3463: class 5, but for a full mailbox). `said` is the reason in the words of the mail system that refused.
    """

    ref: str
    recipient: str
    permanent: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail after parsing. `text` is the whole decoded body with quotes; `zones` divide it, in order.

    `date` carries the writer's offset; `date_doubtful` says that the header's date was missing or cannot be true.
    `bulk` names why this is mailing to many (`list-id`, `list-unsubscribe`, `precedence`, `marketing`), empty when not.
    `bounced` are refs of messages of ours that this bounce (RFC 3464) did not deliver, `bounces` to whom and why.
    `digest` is the identity of the content: hex SHA-256 over sender, date, subject and text with white space folded.
    `defects` are codes of what was wrong with the mail.
    """

    ref: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    date: datetime
    date_doubtful: bool
    subject: str
    kind: Kind
    text: str
    digest: str
    zones: tuple[Zone, ...] = ()
    forwarded: tuple[Forwarded, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    contact: Contact | None = None
    bulk: str = ""
    bounced: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()

    @property
    def new_text(self) -> str:
        """What this writer newly wrote: the zones of kind `new`, in order, joined by line ends."""
        return "\n".join(zone.text for zone in self.zones if zone.kind is ZoneKind.NEW)

    @property
    def hidden_lines(self) -> int:
        """How many lines of quotes and forwarded text `new_text` leaves out."""
        hidden = (ZoneKind.QUOTE, ZoneKind.QUOTE_HEADER, ZoneKind.FORWARDED)
        return sum(zone.text.count("\n") + 1 for zone in self.zones if zone.kind in hidden)


# --- what a text says --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """The span in which a promise is in time: `to` is the last moment still in time. Both None: no date was given."""

    start: datetime | None = None
    to: datetime | None = None
    precision: Precision = Precision.NONE


@dataclass(frozen=True, slots=True)
class DateFound:
    """A moment or span named in a text, at characters `start` to `end` of it. `deadline`: it can be a due date;
    `hour_only`: no day is named with it, and the next such hour was taken."""

    text: str
    start: int
    end: int
    due: Due
    certainty: Certainty
    deadline: bool
    hour_only: bool = False


@dataclass(frozen=True, slots=True)
class PromiseFound:
    """A sentence that promises, verbatim with its line ends removed; `score` from 0 to 1, `rule` as in notes/phrases.

    `who` is an address where the text or the sender tells; `moves` says that it gives a new date to an earlier promise.
    """

    quote: str
    by: By
    who: str
    due: Due
    certainty: Certainty
    conditional: bool
    score: float
    rule: str
    moves: bool = False


@dataclass(frozen=True, slots=True)
class QuestionFound:
    """A sentence of the other side that wants an answer or information, verbatim with its line ends removed.

    `wanted` is the last moment the asker named for the answer ("by noon today, please"), None where none was named.
    """

    quote: str
    score: float
    rule: str
    wanted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read out of one message's new text."""

    promises: tuple[PromiseFound, ...] = ()
    questions: tuple[QuestionFound, ...] = ()


# --- a message in its case ---------------------------------------------------------------------------------------


SUGGESTING = frozenset({"names", "suggested"})
"""Rules that tie an address to a customer until a person confirms or refuses it: names borne by its first mail, and
the mails that came from it since. They file a mail, teach nothing, and are shown as a doubt."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Why a message is in its case, by the rules' own word: rule and score from 0 to 1.

    `runner_up` is the key of the case that came second, `doubtful` says that a person should look.
    `customer_rule` and `customer_score` say the same of the customer; `person` is the rule of what a person decided.
    `runner_up_score`: from a half on it would have been enough for a case of its own to be joined.
    """

    rule: str
    score: float
    runner_up: str = ""
    doubtful: bool = False
    customer_rule: str = ""
    customer_score: float = 0.0
    runner_up_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail or note as the diary holds it in a case: enough to reason and to print, without raw bytes and quotes.

    `new_text` and `hidden_lines` are those of `Message`. `forwarded[0]`, if any, is the outermost mail inside.
    """

    ref: str
    kind: Kind
    direction: Direction
    via: Via
    mailboxes: tuple[str, ...]
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    at: datetime
    date_doubtful: bool
    subject: str
    new_text: str
    hidden_lines: int
    references: tuple[str, ...]
    forwarded: tuple[Forwarded, ...]
    attachments: tuple[Attachment, ...]
    contact: Contact | None
    bounced: tuple[str, ...]
    findings: Findings
    joined: Joined
    defects: tuple[str, ...] = ()
    content: Content = Content.WHOLE


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person decided: an event in an append-only log. `target` is a promise id, a case key or a ref.

    Kinds about cases, `target` a key: `case-merge` (value `into`: a key), `case-split` (`to`: the new key, and as
    below), `case-rename` (`title`), `case-assign` (`owner`: a staff id, empty for whom the rules say), `case-close`,
    `case-reopen`; `target` a ref: `case-move` (`to`: a key, `refs` and `stay` as in `notes.placing`).
    `undo`: the correction whose number is `target` counts no longer.
    Kinds about promises: `promise-keep`, `promise-move` (value `to`: ISO time), `promise-withdraw`, `promise-confirm`,
    `promise-reject`; value `evidence`: a ref or None.
    """

    id: int
    at: datetime
    who: str
    kind: str
    target: str
    value: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a promise counts as kept or withdrawn: the message (or `person:<id>`), its moment, score and reason code."""

    ref: str
    at: datetime
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """A later date given to a promise in message `ref`; `agreed_in` is the other side's consent."""

    to: datetime | None
    ref: str
    at: datetime
    agreed_in: str | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """Who will do what by when, and what became of it; all of it facts with dates, so that it holds at any moment.

    `id` is six characters made from `made_in` and the quote: stable when the diary is read again.
    `due` is as first given; `moves` in order of time. `kept` and `withdrawn` are evidence or None. `partly` are
    the refs of messages that kept a part of it, `left` what is still owed then, in its words or the question's.
    """

    id: str
    by: By
    who: str
    quote: str
    due: Due
    certainty: Certainty
    conditional: bool
    made_in: str
    made_at: datetime
    score: float
    rule: str
    also_in: tuple[str, ...] = ()
    kept: Evidence | None = None
    withdrawn: Evidence | None = None
    moves: tuple[Move, ...] = ()
    confirmed: bool = False
    rejected: bool = False
    partly: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def due_now(self) -> datetime | None:
        """The last moment in force: that of the last move that reached the other side, else the first given."""
        valid = [move.to for move in self.moves if not move.void and move.to]
        return valid[-1] if valid else self.due.to

    @property
    def is_open(self) -> bool:
        """Neither kept nor withdrawn nor rejected."""
        return not (self.kept or self.withdrawn or self.rejected)

    @property
    def owed(self) -> tuple[str, ...]:
        """What is still owed of a promise kept in part; nothing where it was settled as a whole."""
        return () if self.kept or self.withdrawn else self.left

    def state(self, now: datetime) -> PromiseState:
        """Where it stands at `now`."""
        due = self.due_now
        if self.withdrawn:
            return PromiseState.WITHDRAWN
        if self.kept:
            return PromiseState.KEPT_LATE if due and self.kept.at > due else PromiseState.KEPT
        return PromiseState.OVERDUE if due and due < now else PromiseState.OPEN


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the customer's; `answered_in` is our answer's ref, None while it is open."""

    quote: str
    asked_in: str
    at: datetime
    answered_in: str | None = None
    wanted: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ball:
    """Who must act next, since when, and the message and reason code that say so."""

    holder: Holder
    since: datetime | None
    because: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What follows from a case's messages up to a moment: nothing in it depends on what time it is now.

    `wanted_at`: when the customer last wrote anything but thanks, a receipt or that they want it no more.
    """

    promises: tuple[Promise, ...]
    questions: tuple[Question, ...]
    ball: Ball
    last_in: datetime | None
    last_out: datetime | None
    wanted_at: datetime | None = None

    @property
    def next_due(self) -> datetime | None:
        """The earliest due date in force among promises of ours that are neither kept nor withdrawn."""
        dues = (p.due_now for p in self.promises if p.by is By.US and p.is_open)
        return min(filter(None, dues), default=None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part in a case, with what their newest signature says."""

    name: str
    address: str
    role: str
    phone: str | None = None
    title: str | None = None
    department: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """Whose case it was since when: a staff id, and the mail that shows it (None: a person assigned it).

    `reason`: `asked` (the customer wrote to him, nobody answered yet), `answers`, `said`, `assigned`.
    """

    who: str
    since: datetime
    ref: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """One matter with one customer, as the store keeps it. `owner` and `standin` are staff ids."""

    key: str
    title: str
    customer: Customer
    owner: str | None
    standin: str | None
    opened_at: datetime
    last_at: datetime
    messages: int
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A case together with its standing."""

    case: Case
    standing: Standing


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was read of a folder: until when, how many messages, how many could not be read, and the last failure.

    `messages` None: there are some, nobody counted. Not `complete`: a first reading, which begins with the newest mail,
    has not come to the oldest yet. `failing_since`: the first failure in a row; `next_try`: until then the mailbox is
    left alone.
    """

    mailbox: str
    folder: str
    role: Role
    read_until: datetime | None
    messages: int | None
    unreadable: int
    error: str | None
    complete: bool = True
    failing_since: datetime | None = None
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unfiled:
    """A message that belongs to no customer, and why: a code, after a fault `code: what broke where`."""

    ref: str
    sender: Address
    subject: str
    at: datetime
    reason: str
    content: Content = Content.WHOLE


@dataclass(frozen=True, slots=True)
class Hint:
    """How a customer is to be treated, in the words of `sender`: the note `ref` in the case of key `case`."""

    text: str
    at: datetime
    sender: Address
    ref: str
    case: str
