"""Settings turned into what the inner rooms take: directory, calendar, accounts, the database's URL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, tzinfo
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from cli.settings import MailboxEntry, Notify, Settings
from notes.errors import SettingsError
from notes.model import Calendar, Customer, Directory, Staff

if TYPE_CHECKING:
    from ingest.credentials import Secret
    from ingest.mailbox import Account
    from ingest.passwords import PasswordSecret
    from notes.phrases import Phrases
    from notes.silence import Limits

PORTS = {"tls": 993, "starttls": 143, "none": 143}


def directory(settings: Settings) -> Directory:
    """Who is who. The log takes mail from staff addresses unless the settings name senders."""
    staff = tuple(Staff(one.id, one.name, _lower(one.addresses)) for one in settings.staff)
    senders = settings.log.senders or tuple(address for person in staff for address in person.addresses)
    return Directory(
        organisation=settings.organisation.name,
        domains=frozenset(_lower(settings.organisation.domains)),
        staff=staff,
        log_addresses=frozenset(_lower(settings.log.addresses)),
        log_senders=frozenset(_lower(senders)),
        customers=_customers(settings),
        ignored_domains=frozenset(_lower(settings.ignore.domains)),
        ignored_addresses=frozenset(_lower(settings.ignore.addresses)) | _own_letters(settings),
    )


def _own_letters(settings: Settings) -> frozenset[str]:
    """Where our own letters come from: they are no news to the diary, unless people write from there, too."""
    people = {address for person in settings.staff for address in _lower(person.addresses)}
    people |= set(_lower(settings.notify.team)) | set(_lower(settings.log.addresses))
    return frozenset(_lower([settings.notify.sender])) - people - {""}


def _customers(settings: Settings) -> tuple[Customer, ...]:
    """The configured customers, each with the short id its case keys begin with."""
    if not settings.customers:
        return ()
    from notes.cases import slug

    found: dict[str, Customer] = {}
    for one in settings.customers:
        customer = Customer(id="", name=one.name, domains=_lower(one.domains), addresses=_lower(one.addresses))
        short = slug(customer)
        free = next(name for n in count(1) if (name := short if n == 1 else f"{short}{n}") not in found)
        found[free] = replace(customer, id=free)
    return tuple(found.values())


def calendar(settings: Settings, zone: tzinfo) -> Calendar:
    """Our working time."""
    from cli.days_off import DaysOff

    opens, _, closes = settings.business_hours.partition("-")
    days_off = DaysOff(settings.holidays, settings.company_holidays)
    return Calendar(zone, time.fromisoformat(opens), time.fromisoformat(closes), days_off)


def plain_calendar(zone: tzinfo) -> Calendar:
    """Working time where nobody said anything: weekdays, 9 to 18, and the holidays of no country."""
    from cli.days_off import DaysOff

    return Calendar(zone, time(9), time(18), DaysOff("", ()))


def limits(settings: Settings) -> "Limits":
    """The least that is worth an alarm; a day of working hours is a business day."""
    from cli.setting import hours
    from notes.silence import Limits

    opens, closes = map(time.fromisoformat, settings.business_hours.split("-"))
    day = (closes.hour - opens.hour) + (closes.minute - opens.minute) / 60
    return Limits(
        quiet_after=hours(settings.quiet_after, day) or 0.0,
        answer_within=hours(settings.answer_within, day) or 0.0,
        warn_before=hours(settings.warn_before, day) or 0.0,
        stale_after=hours(settings.stale_after) or 0.0,
    )


def phrases(settings: Settings) -> "Phrases":
    """The words that detect, the user's own in front. Raises `SettingsError` naming the file and what is wrong."""
    from notes.phrases import load

    return load({str(file): _read(file) for name in settings.phrases for file in _phrase_files(settings.folder / name)})


def _phrase_files(path: Path) -> list[Path]:
    """A file, or the TOML files of a folder by name."""
    if not path.exists():
        raise SettingsError("phrases-missing", file=str(path))
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise SettingsError("settings-unreadable", file=str(file), reason="not UTF-8") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SettingsError("settings-unreadable", file=str(file), reason=reason) from error


def database_url(settings: Settings) -> str:
    """The diary's URL: the settings', else `kawari.db` in the platform's data folder."""
    if settings.database:
        return settings.database
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('kawari', appauthor=False) / 'kawari.db'}"


def accounts(settings: Settings, chosen: Sequence[str] = ()) -> "list[Account]":
    """The mailboxes to read, all or the `chosen` ids. Raises `SettingsError` for an id that is not in the settings."""
    ids = [box.id for box in settings.mailboxes]
    for one in chosen:
        if one not in ids:
            raise SettingsError("no-such-mailbox", given=one, allowed=ids)
    if not ids:
        raise SettingsError("no-mailboxes")
    found = [box for box in settings.mailboxes if not chosen or box.id in chosen]
    return [_paced(account(box, settings.folder), box, settings) for box in found]


def _paced(account: "Account", box: MailboxEntry, settings: Settings) -> "Account":
    """How often it is read, and how far back."""
    from ingest.since import since

    far = settings.since if box.since is None else box.since
    return replace(account, interval=float(box.interval or settings.interval), since=since(far) if far else None)


def account(box: MailboxEntry, folder: Path) -> "Account":
    """One mailbox as `ingest.imap` opens it; relative file names are meant from `folder`."""
    from ingest.mailbox import Account, Security
    from notes.model import Role

    roles = {name: Role(role) for name, role in box.folders.items()} if box.folders is not None else None
    return Account(
        id=box.id,
        owner=box.owner,
        host=box.host,
        port=box.port or PORTS[box.security],
        security=Security(box.security),
        user=box.user,
        secret=_secret(box, folder),
        folders=roles,
        ca_file=folder / Path(box.ca_file).expanduser() if box.ca_file else None,
    )


def _secret(box: MailboxEntry, folder: Path) -> "Secret":
    password = password_of(box, folder, box.id)
    if password is not None:
        return password
    from cli import oauth_settings

    return oauth_settings.sign_in(box, folder)


def password_of(entry: MailboxEntry | Notify, folder: Path, name: str) -> "PasswordSecret | None":
    """Where a password lies that a table of the settings names; `name` is its entry in the keyring."""
    from ingest.passwords import CommandSecret, EnvSecret, FileSecret, KeyringSecret

    if entry.password_env:
        return EnvSecret(entry.password_env)
    if entry.password_file:
        return FileSecret(folder / Path(entry.password_file).expanduser())
    if entry.password_command:
        return CommandSecret(entry.password_command)
    return KeyringSecret(name) if entry.keyring else None


def _lower(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(value.strip().lower() for value in values)
