"""The settings: one table of keys that validates `kawari.toml`, documents it and renders the example file.

The edge reads: a file (TOML) and `KAWARI_*` environment variables become the frozen `Settings`. Nothing here opens a
mailbox or a database; `cli.given` turns settings into what the inner rooms take.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli import oauth_table
from cli.oauth_table import OAuth2
from cli.setting import REQUIRED, Key
from cli.settings_file import FILE_NAME
from cli.settings_keys import KEYS, LISTS, SECTIONS, keys_of
from cli.words import say
from notes.errors import SettingsError


@dataclass(frozen=True)
class Organisation:
    """Ourselves: the name and the domains our people write from, lower case."""

    name: str = ""
    domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffEntry:
    """One `[[staff]]` table."""

    id: str
    name: str
    addresses: tuple[str, ...]
    language: str | None = None


@dataclass(frozen=True)
class MailboxEntry:
    """One `[[mailbox]]` table. `folders` maps names to roles, None when they are to be found."""

    id: str
    owner: str | None
    host: str
    port: int
    security: str
    user: str
    password_env: str | None
    password_file: str | None
    password_command: str | None
    keyring: bool
    folders: Mapping[str, str] | None
    interval: int | None
    since: str | None
    ca_file: str | None
    oauth2: OAuth2 | None = None


@dataclass(frozen=True)
class Log:
    """The `[log]` table: addresses that file what is sent to them, and who may send there."""

    addresses: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    authserv_id: str = ""
    reply: bool = False


@dataclass(frozen=True)
class CustomerEntry:
    """One `[[customer]]` table."""

    name: str
    domains: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Ignore:
    """The `[ignore]` table: senders that never belong to a case."""

    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notify:
    """The `[notify]` table: the mail server, the team, and when they hear. Without `host` and channels nobody does."""

    host: str
    port: int | None
    security: str
    user: str | None
    password_env: str | None
    password_file: str | None
    password_command: str | None
    keyring: bool
    ca_file: str | None
    sender: str
    team: tuple[str, ...]
    channels_env: str | None
    channels_file: str | None
    digest: str
    escalate_after: str


@dataclass(frozen=True)
class Settings:
    """Everything a settings file says. `folder` is where it lies: relative paths in it are meant from there."""

    folder: Path
    language: str | None
    timezone: str | None
    holidays: str
    company_holidays: tuple[str, ...]
    business_hours: str
    database: str
    interval: int
    since: str
    quiet_after: str
    answer_within: str
    warn_before: str
    stale_after: str
    keep_unfiled: str
    phrases: tuple[str, ...]
    organisation: Organisation
    staff: tuple[StaffEntry, ...]
    mailboxes: tuple[MailboxEntry, ...]
    log: Log
    customers: tuple[CustomerEntry, ...]
    ignore: Ignore
    notify: Notify


def load(file: Path | None, environ: Mapping[str, str]) -> Settings:
    """Reads and checks the settings. Raises `SettingsError` naming key, file and what is allowed."""
    if file is None:
        raise SettingsError("no-settings", file=FILE_NAME)
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise SettingsError("settings-missing", file=str(file)) from None
    except UnicodeDecodeError as error:
        raise SettingsError("settings-unreadable", file=str(file), reason="not UTF-8") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SettingsError("settings-unreadable", file=str(file), reason=reason) from error
    return parse(text, str(file), environ, folder=file.resolve().parent)


def parse(text: str, file: str, environ: Mapping[str, str], *, folder: Path) -> Settings:
    """Turns TOML text into settings; `file` is its name for messages. Raises `SettingsError`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError("settings-not-toml", file=file, reason=_where(str(error))) from None
    tables = {name: raw.pop(name) for name in SECTIONS if name and "." not in name and name in raw}
    top = _from_environment(_table("", raw, "", file), "", environ)
    top["database"] = absolute_database(top["database"], folder)
    settings = Settings(
        folder=folder,
        organisation=Organisation(**_single(tables, "organisation", file, environ)),
        staff=tuple(StaffEntry(**table) for table in _many(tables, "staff", file)),
        mailboxes=tuple(_mailbox(table) for table in _many(tables, "mailbox", file)),
        log=Log(**_single(tables, "log", file, environ)),
        customers=tuple(CustomerEntry(**table) for table in _many(tables, "customer", file)),
        ignore=Ignore(**_single(tables, "ignore", file, environ)),
        notify=Notify(**_single(tables, "notify", file, environ)),
        **top,
    )
    _fit_together(settings, file)
    return settings


def _where(said: str) -> str:
    """The line and column of a TOML error in front, and after it what tomllib says, which it says in English."""
    found = re.search(r" ?\(at line (\d+), column (\d+)\)", said)
    if not found:
        return said
    return say("settings.toml-at", line=found[1], column=found[2], said=said.replace(found[0], ""))


def example() -> str:
    """The text of `config/kawari.example.toml`: every key with its meaning, those with a default commented out."""
    lines: list[str] = []
    for section, (doc, shown) in SECTIONS.items():
        mark = "" if shown else "# "
        if lines:
            lines.append("")
        lines += [f"# {line}" for line in doc.splitlines()]
        if section:
            lines.append(f"{mark}[[{section}]]" if section in LISTS else f"{mark}[{section}]")
        for key in keys_of(section):
            lines += [f"# {line}" for line in key.doc.splitlines()]
            lines.append(f"{mark if key.shown else '# '}{key.name} = {key.example}")
    return "\n".join(lines) + "\n"


def _single(tables: Mapping[str, Any], section: str, file: str, environ: Mapping[str, str]) -> dict[str, Any]:
    raw = tables.get(section, {})
    if not isinstance(raw, dict):
        raise SettingsError("wrong-type", key=section, file=file, allowed=say("allowed.table", name=section))
    return _from_environment(_table(section, raw, section, file), section, environ)


def _many(tables: Mapping[str, Any], section: str, file: str) -> list[dict[str, Any]]:
    raw = tables.get(section, [])
    if not isinstance(raw, list) or not all(isinstance(table, dict) for table in raw):
        raise SettingsError("wrong-type", key=section, file=file, allowed=say("allowed.tables", name=section))
    return [_table(section, table, f"{section}[{n}]", file) for n, table in enumerate(raw, 1)]


def _table(section: str, raw: Mapping[str, Any], path: str, file: str) -> dict[str, Any]:
    """Checks one table against its keys and fills in the defaults. Sub-tables (`mailbox.oauth2`) come along."""
    keys = {key.name: key for key in keys_of(section)}
    below = [name.partition(".")[2] for name in SECTIONS if section and name.startswith(f"{section}.")]
    _only_known(raw, [*keys, *below, *(() if section else _top_tables())], path, file)
    values = {name: _value(key, raw, _path(path, name), file) for name, key in keys.items()}
    for name in below:
        inner = raw.get(name)
        if inner is not None and not isinstance(inner, dict):
            allowed = say("allowed.table", name=f"{section}.{name}")
            raise SettingsError("wrong-type", key=_path(path, name), file=file, allowed=allowed)
        values[name] = _table(f"{section}.{name}", inner, _path(path, name), file) if inner is not None else None
    return values


def _top_tables() -> list[str]:
    return [name for name in SECTIONS if name and "." not in name]


def _path(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _only_known(raw: Mapping[str, Any], known: Sequence[str], path: str, file: str) -> None:
    from difflib import get_close_matches

    for name in raw:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.6)
            code = "unknown-key-near" if near else "unknown-key"
            raise SettingsError(code, key=_path(path, name), file=file, near="".join(near), allowed=", ".join(known))


def _value(key: Key, raw: Mapping[str, Any], path: str, file: str) -> Any:
    if key.name not in raw:
        if key.default is REQUIRED:
            raise SettingsError("missing-key", key=path, file=file, allowed=allowed(key))
        return key.default
    return _checked(key, raw[key.name], path, file)


def _checked(key: Key, value: Any, path: str, file: str) -> Any:
    shaped = key.shape.take(value)
    if shaped is None:
        raise SettingsError("wrong-type", key=path, file=file, allowed=allowed(key))
    if not key.fits(shaped):
        raise SettingsError("wrong-value", key=path, file=file, given=without_password(value), allowed=allowed(key))
    return shaped


def without_password(value: object) -> str:
    """A value as a message may show it: of an address with a user and a password (`//user:word@host`) not the word."""
    return re.sub(r":(?!//)\S*@", ":***@", str(value))


def allowed(key: Key) -> str:
    """What may stand at a key, in words."""
    return ", ".join(key.choices) if key.choices else say(f"allowed.{key.allowed or key.shape.value}")


def _from_environment(values: dict[str, Any], section: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """Overrides scalars: `KAWARI_TIMEZONE`, `KAWARI_ORGANISATION_NAME`."""
    for key in KEYS:
        name = "_".join(part.upper() for part in ("kawari", section, key.name) if part)
        if key.section == section and key.shape.scalar and name in environ:
            values[key.name] = _checked(key, key.shape.read(environ[name]), name, say("allowed.environment"))
            if key.name == "database":
                values[key.name] = absolute_database(values[key.name], Path.cwd())
    return values


def absolute_database(url: str, folder: Path) -> str:
    """A SQLite URL with a relative path is meant from `folder`: a command must find the same diary from anywhere."""
    scheme, mark, path = url.partition("sqlite:///")
    if mark and not scheme and path and path != ":memory:" and not Path(path).is_absolute():
        return f"sqlite:///{(folder / path).resolve()}"
    return url


def _mailbox(table: dict[str, Any]) -> MailboxEntry:
    inner = table.pop("oauth2")
    return MailboxEntry(**table, oauth2=OAuth2(**inner) if inner is not None else None)


def _fit_together(settings: Settings, file: str) -> None:
    """What no single key can say: ids are unique, owners are staff, a mailbox has one way to its password."""
    people = [person.id for person in settings.staff]
    for section, ids in (("staff", people), ("mailbox", [box.id for box in settings.mailboxes])):
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice:
            raise SettingsError("id-twice", key=f"{section}.id", file=file, given=twice)
    for box in settings.mailboxes:
        if box.owner is not None and box.owner not in people:
            allowed = ", ".join(people) or "[[staff]]"
            raise SettingsError(
                "wrong-value", key=f"mailbox.{box.id}.owner", file=file, given=box.owner, allowed=allowed
            )
        _one_password(box, f"mailbox.{box.id}", file, box.oauth2)
        if box.oauth2:
            oauth_table.check(box.id, box.oauth2, file)
    _check_notify(settings, file)


def _check_notify(settings: Settings, file: str) -> None:
    """Letters come from one of our addresses and go to our addresses; a server needs a sender, and one password."""
    notify = settings.notify
    ours = {domain.lower() for domain in settings.organisation.domains}
    ours |= {address.lower() for person in settings.staff for address in person.addresses}
    for key, address in (("sender", notify.sender), *(("team", one) for one in notify.team)):
        if address and not {address.lower(), address.lower().rpartition("@")[2]} & ours:
            raise SettingsError("notify-not-ours", key=f"notify.{key}", file=file, given=address)
    if notify.host and not notify.sender:
        raise SettingsError("missing-key", key="notify.sender", file=file, allowed=say("allowed.address"))
    if settings.log.reply and not notify.host:
        raise SettingsError("reply-without-server", file=file)
    _one_password(notify, "notify", file)


def _one_password(entry: MailboxEntry | Notify, key: str, file: str, *others: object) -> None:
    ways = (entry.password_env, entry.password_file, entry.password_command, entry.keyring or None, *others)
    if sum(way is not None for way in ways) > 1:
        raise SettingsError("password-twice", key=key, file=file)
