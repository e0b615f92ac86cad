"""The tables. A change here needs a migration in `migrations/versions` and a new `REVISION`.

message 1-1 raw, 1-n place          what was read, its bytes, where it lies
quarantine                          bytes that could not be read, with the reason
folder                              how far each folder was read
mailbox                             who reads it now, and how long it is left alone after failures
thread 1-n thread_link, 1-n message Message-IDs tied by references
customer 1-n customer_key           how a customer is known: domain, address, name
case_ 1-1 case_profile, 1-n thread, message, promise; n-n case_trait
correction                          what people decided, append only
told, outgoing                      what was told to whom of us, and the letters that tell it
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
)
from sqlalchemy import PrimaryKeyConstraint as PrimaryKey
from sqlalchemy import UniqueConstraint as Unique

from notes.model import Address, Attachment, Contact, Direction, Findings, Forwarded, Joined, Kind, Role, Standing, Via
from notes.profiles import Profile
from notes.store.values import Code, Key, Moment, Traits, Value, Words

REVISION = "0015"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class _Message(TypedColumns):
    """`at` is UTC and `offset` the writer's, in seconds. Without `case_key`, `reason` says why it is unfiled.

    `ruled_key` is the case that the rules chose, `home_key` the one where a person put the mail or what it answers
    (else the same), `case_key` the one that took that over when cases were merged by hand (else the same). `stripped`:
    nobody's mail, of which only the headers are kept; `wanted`: it is somebody's after all and shall be fetched again.
    """

    id: Named[int] = Column(primary_key=True)
    ref: Named[str] = Column(Key, unique=True)
    message_id: Named[str] = Column(Key)
    digest: Named[str] = Column(Text)
    kind: Named[Kind] = Column(Code(Kind))
    sender: Named[Address] = Column(Value(Address))
    to: Named[tuple[Address, ...]] = Column(Value(tuple[Address, ...]))
    cc: Named[tuple[Address, ...]] = Column(Value(tuple[Address, ...]))
    at: Named[datetime] = Column(Moment)
    offset: Named[int]
    date_doubtful: Named[bool]
    subject: Named[str] = Column(Words)
    new_text: Named[str] = Column(Words)
    hidden_lines: Named[int]
    references: Named[tuple[str, ...]] = Column(Value(tuple[str, ...]))
    forwarded: Named[tuple[Forwarded, ...]] = Column(Value(tuple[Forwarded, ...]))
    attachments: Named[tuple[Attachment, ...]] = Column(Value(tuple[Attachment, ...]))
    contact: Named[Contact | None] = Column(Value(Contact), nullable=True)
    bulk: Named[str] = Column(Text)
    bounced: Named[tuple[str, ...]] = Column(Value(tuple[str, ...]))
    defects: Named[tuple[str, ...]] = Column(Value(tuple[str, ...]))
    thread_id: Named[int | None] = Column(ForeignKey("thread.id"), nullable=True)
    case_key: Named[str | None] = Column(Text, ForeignKey("case_.key"), nullable=True)
    home_key: Named[str | None] = Column(Text, index=True, nullable=True)
    ruled_key: Named[str | None] = Column(Text, index=True, nullable=True)
    direction: Named[Direction] = Column(Code(Direction))
    findings: Named[Findings] = Column(Value(Findings))
    joined: Named[Joined] = Column(Value(Joined))
    reason: Named[str] = Column(Text)
    stripped: Named[bool]
    wanted: Named[bool]


message = Table(
    "message",
    metadata,
    _Message,
    Unique("message_id", "digest"),
    Index(None, "case_key", "at"),
    Index(None, "at"),
    Index(None, "stripped", "case_key"),
    Index(None, "thread_id", "at", "id"),
)


class _Raw(TypedColumns):
    """`data` is the mail as the server gave it, compressed with zlib."""

    message_id: Named[int] = Column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    data: Named[bytes] = Column(LargeBinary)


raw = Table("raw", metadata, _Raw)


class _Place(TypedColumns):
    mailbox: Named[str] = Column(Key)
    folder: Named[str] = Column(Key)
    uidvalidity: Named[int] = Column(BigInteger)
    uid: Named[int] = Column(BigInteger)
    role: Named[Role] = Column(Code(Role))
    via: Named[Via] = Column(Code(Via))
    message_id: Named[int] = Column(ForeignKey("message.id", ondelete="CASCADE"), index=True)


place = Table("place", metadata, _Place, PrimaryKey("mailbox", "folder", "uidvalidity", "uid"))


class _Quarantine(TypedColumns):
    """A raw mail that no parser could read; `tries` counts the attempts, `data` is compressed as in `raw`."""

    mailbox: Named[str] = Column(Key)
    folder: Named[str] = Column(Key)
    uidvalidity: Named[int] = Column(BigInteger)
    uid: Named[int] = Column(BigInteger)
    role: Named[Role] = Column(Code(Role))
    via: Named[Via] = Column(Code(Via))
    internaldate: Named[datetime | None] = Column(Moment, nullable=True)
    data: Named[bytes] = Column(LargeBinary)
    reason: Named[str] = Column(Words)
    at: Named[datetime] = Column(Moment)
    tries: Named[int]


quarantine = Table("quarantine", metadata, _Quarantine, PrimaryKey("mailbox", "folder", "uidvalidity", "uid"))


class _Folder(TypedColumns):
    """How far a folder was read (`notes.model.Cursor`), and the last failure since the last success."""

    mailbox: Named[str] = Column(Key)
    folder: Named[str] = Column(Key)
    role: Named[Role] = Column(Code(Role))
    uidvalidity: Named[int] = Column(BigInteger)
    last_uid: Named[int] = Column(BigInteger)
    first_uid: Named[int] = Column(BigInteger)
    since: Named[datetime | None] = Column(Moment, nullable=True)
    read_until: Named[datetime | None] = Column(Moment, nullable=True)
    error: Named[str | None] = Column(Words, nullable=True)
    error_at: Named[datetime | None] = Column(Moment, nullable=True)


folder = Table("folder", metadata, _Folder, PrimaryKey("mailbox", "folder"))


class _Mailbox(TypedColumns):
    """`holder` reads it, nobody else until `held_until`. `failures` in a row, the last one, when to try again."""

    id: Named[str] = Column(Key, primary_key=True)
    holder: Named[str | None] = Column(Text, nullable=True)
    held_until: Named[datetime | None] = Column(Moment, nullable=True)
    failures: Named[int]
    error: Named[str | None] = Column(Words, nullable=True)
    failed_at: Named[datetime | None] = Column(Moment, nullable=True)
    retry_at: Named[datetime | None] = Column(Moment, nullable=True)


mailbox = Table("mailbox", metadata, _Mailbox)


class _Thread(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    case_key: Named[str | None] = Column(Text, ForeignKey("case_.key"), index=True, nullable=True)


thread = Table("thread", metadata, _Thread)


class _ThreadLink(TypedColumns):
    """A Message-ID, seen as a mail or only named by one, and its thread."""

    ref: Named[str] = Column(Key, primary_key=True)
    thread_id: Named[int] = Column(ForeignKey("thread.id"), index=True)


thread_link = Table("thread_link", metadata, _ThreadLink)


class _Customer(TypedColumns):
    """`cases` counts the case numbers given out. `merged_into` is the customer that a person says this one is."""

    id: Named[str] = Column(Text, primary_key=True)
    name: Named[str] = Column(Words)
    cases: Named[int]
    merged_into: Named[str | None] = Column(Text, ForeignKey("customer.id"), index=True, nullable=True)


customer = Table("customer", metadata, _Customer)


class _CustomerKey(TypedColumns):
    """`kind` is `domain`, `address` (each is one customer's) or a kind of name (which several may share).

    Beside these: `suggested` addresses, `refused` addresses and domains, and what people call the customer (`title`,
    `alias`). `rule` says how it became known; `person`: a person said so, which beats the others.
    `sharer` is the customer for a name, and empty for what only one may have, unless people say otherwise. (A partial
    index would do, but naming one here imports PostgreSQL's dialect: 60 ms at every run of every command.)
    """

    kind: Named[str] = Column(Text)
    value: Named[str] = Column(Key)
    sharer: Named[str] = Column(Text)
    customer_id: Named[str] = Column(Text, ForeignKey("customer.id"), index=True)
    rule: Named[str] = Column(Text)


customer_key = Table("customer_key", metadata, _CustomerKey, PrimaryKey("kind", "value", "sharer"))


class _Case(TypedColumns):
    """`merged_into` is the case that took this one over: its key stays good. Merged by hand it keeps its traits, for
    the rules go on as before. `title` and `owner` are what people made of what the rules say (`ruled_title`).
    `standing` is as of `last_at`, unless `stale` says that mails came since.
    `active`: by its standing somebody must act, or we owe something.
    """

    key: Named[str] = Column(Text, primary_key=True)
    customer_id: Named[str] = Column(Text, ForeignKey("customer.id"))
    title: Named[str] = Column(Words)
    ruled_title: Named[str] = Column(Words)
    owner: Named[str | None] = Column(Text, nullable=True)
    standin: Named[str | None] = Column(Text, nullable=True)
    opened_at: Named[datetime] = Column(Moment)
    last_at: Named[datetime] = Column(Moment)
    messages: Named[int]
    closed_at: Named[datetime | None] = Column(Moment, nullable=True)
    merged_into: Named[str | None] = Column(Text, ForeignKey("case_.key"), nullable=True)
    standing: Named[Standing | None] = Column(Value(Standing), nullable=True)
    stale: Named[bool]
    active: Named[bool]


case = Table(
    "case_",
    metadata,
    _Case,
    Index(None, "customer_id", "last_at"),
    Index(None, "stale"),
    Index(None, "owner", "active"),
    Index(None, "customer_id", "active"),
)


class _CaseTrait(TypedColumns):
    """What cases can be recognised by: here to find them (`notes.store.postings`), in their profiles to weigh them.

    `cases` are those of a customer that bear a trait, parted by spaces: the number at the end of a key that begins with
    the customer's id, else the key; or `*` for more than tell anything. There is no index by case, which would be as
    large as the table: the profile says which rows a case is in."""

    kind: Named[str] = Column(Text)
    value: Named[str] = Column(Key)
    customer_id: Named[str] = Column(Text)
    cases: Named[str] = Column(Text)


case_trait = Table(
    "case_trait",
    metadata,
    _CaseTrait,
    PrimaryKey("kind", "value", "customer_id"),
    sqlite_with_rowid=False,
)


class _CaseProfile(TypedColumns):
    case_key: Named[str] = Column(Text, ForeignKey("case_.key"), primary_key=True)
    traits: Named[Profile] = Column(Traits)


case_profile = Table("case_profile", metadata, _CaseProfile)


class _Promise(TypedColumns):
    """Which case's standing holds the promise."""

    id: Named[str] = Column(Text)
    case_key: Named[str] = Column(Text, ForeignKey("case_.key"), index=True)


promise = Table("promise", metadata, _Promise, PrimaryKey("id", "case_key"))


class Was(StrEnum):
    """What was before the diary is filed anew: see `notes.store.rereading`."""

    OPENER = "opener"
    ASLEEP = "asleep"
    WOKEN = "woken"
    KEPT = "kept"


class _Former(TypedColumns):
    """What the rules concluded before the diary is filed anew; empty at other times. `value` is by `kind` the ref of
    the mail that opened a case (`case_key`); the key of a case that sleeps, was woken or goes on; an address or domain.
    """

    kind: Named[str] = Column(Text)
    value: Named[str] = Column(Key)
    customer_id: Named[str] = Column(Text)
    case_key: Named[str | None] = Column(Text, nullable=True, index=True)


former = Table("former", metadata, _Former, PrimaryKey("kind", "value"))


class _Correction(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    at: Named[datetime] = Column(Moment)
    who: Named[str] = Column(Words)
    kind: Named[str] = Column(Text)
    target: Named[str] = Column(Key, index=True)
    value: Named[Mapping[str, str]] = Column(Value(Mapping[str, str]))


correction = Table("correction", metadata, _Correction)


class _Told(TypedColumns):
    """`alarm` is an alarm's key, or names a digest; `reader` a staff id, or empty for the team."""

    alarm: Named[str] = Column(Key)
    reader: Named[str] = Column(Text)
    at: Named[datetime] = Column(Moment, index=True)


told = Table("told", metadata, _Told, PrimaryKey("alarm", "reader"))


class Handed(StrEnum):
    """How far a letter to our own people is: see `notes.store.outbox`."""

    WAITING = "waiting"
    HANDING = "handing"
    SENT = "sent"
    GIVEN_UP = "given-up"


class _Outgoing(TypedColumns):
    """A letter to one of us; without `recipient` it goes to the team's channels. Once sent it has no `body`."""

    key: Named[str] = Column(Key, primary_key=True)
    recipient: Named[str] = Column(Text)
    subject: Named[str] = Column(Words)
    body: Named[str] = Column(Words)
    state: Named[Handed] = Column(Code(Handed))
    made_at: Named[datetime] = Column(Moment)
    next_try: Named[datetime] = Column(Moment)
    tries: Named[int]
    done_at: Named[datetime | None] = Column(Moment, nullable=True)
    error: Named[str | None] = Column(Words, nullable=True)


outgoing = Table("outgoing", metadata, _Outgoing, Index(None, "state", "next_try"))
