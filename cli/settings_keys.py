"""The table of all settings: name, type, default, what is allowed, what it means. Everything about a key is here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

REQUIRED: Final = object()
"""The default of a key that has none."""


class Shape(Enum):
    """The type of a value: how TOML must give it, and how the environment's text is read."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes-no"
    TEXTS = "texts"
    ROLES = "roles"

    @property
    def scalar(self) -> bool:
        """Whether an environment variable can hold it."""
        return self in (Shape.TEXT, Shape.NUMBER, Shape.YES_NO)

    def take(self, value: Any) -> Any:
        """The value as the settings hold it, None when it has another type."""
        if self is Shape.TEXTS and isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        if self is Shape.ROLES and isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return value
        wanted = {Shape.TEXT: str, Shape.NUMBER: int, Shape.YES_NO: bool}.get(self)
        fits = wanted is not None and isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))
        return value if fits else None

    def read(self, text: str) -> Any:
        """What the environment's text means; the text itself where it does not fit, so that `take` refuses it."""
        if self is Shape.NUMBER and re.fullmatch(r"\d{1,9}", text):
            return int(text)
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text) if self is Shape.YES_NO else text


def _anything(_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `allowed` names the sentence (`allowed.<name>`) that says what may stand there; `choices` say it alone.

    `shown` keys stand in the example file as they are, the others behind a `#` with their default or an example.
    """

    section: str
    name: str
    shape: Shape
    default: Any
    doc: str
    example: str
    allowed: str = ""
    choices: tuple[str, ...] = ()
    check: Callable[[Any], bool] = _anything
    shown: bool = True

    def fits(self, value: Any) -> bool:
        """Whether a value of the right type is allowed."""
        return value in self.choices if self.choices else self.check(value)


def is_zone(name: str) -> bool:
    """Whether the time zone database knows the name."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a bad name, a folder of the database, an unknown zone
        return False
    return True


def _days(values: tuple[str, ...]) -> bool:
    one = r"(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    return all(re.fullmatch(rf"{one}(\.\.{one})?", value) for value in values)


def _hours(value: str) -> bool:
    one = r"([01]\d|2[0-3]):[0-5]\d"
    return bool(re.fullmatch(f"{one}-{one}", value)) and value[:5] < value[6:]


def _addresses(values: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"[^@\s]+@[^@\s]+", value) for value in values)


def _domains(values: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"[^@\s./]+(\.[^@\s./]+)*", value) for value in values)


def _senders(values: tuple[str, ...]) -> bool:
    return all(_addresses((value,)) or _domains((value,)) for value in values)


def _database(value: str) -> bool:
    return bool(re.match(r"(sqlite:///|postgresql(\+psycopg)?://).", value))


def _far(value: str) -> bool:
    from ingest.since import since

    return not value or since(value) is not None


def hours(value: str, day: float = 24.0) -> float | None:
    """`4h`, `90m`, `1.5 h`, `2d` as hours, a day having `day` of them; None for anything else."""
    match = re.fullmatch(r"(\d{1,4}(?:\.\d{1,2})?) ?(m|min|h|d)", value.strip())
    return float(match[1]) * {"m": 1 / 60, "min": 1 / 60, "h": 1.0, "d": day}[match[2]] if match else None


def _hours_long(value: str) -> bool:
    return hours(value) is not None


def _word(value: str) -> bool:
    return bool(re.fullmatch(r"[\w.-]{1,60}", value))


def _filled(value: str) -> bool:
    return bool(value.strip())


def _all_filled(values: tuple[str, ...]) -> bool:
    return all(map(_filled, values))


def _url(value: str) -> bool:
    return bool(re.fullmatch(r"(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(/[^\s#]*)?", value))


ROLES = ("inbox", "sent", "log")

SECTIONS: Final[dict[str, tuple[str, bool]]] = {
    "": ("kawari: settings. Copy to ./kawari.toml; `kawari init` writes it for you.", True),
    "organisation": ("Ourselves: mail from these domains is ours, never a customer's.", True),
    "staff": ("The people who look after customers, one table each.", True),
    "mailbox": ("One IMAP account, read-only, one table each.", True),
    "mailbox.oauth2": ("Instead of a password (Microsoft 365, Google Workspace): `kawari login` signs in.", False),
    "log": ("Mail to, Cc or Bcc these addresses is filed: forwards, telephone memos.", False),
    "customer": ("Optional: what the tool could not guess, one table each.", False),
    "ignore": ("Senders that never belong to a case.", False),
}
"""Every table in the order of the example file: its meaning, and whether the example shows it."""

LISTS: Final = frozenset({"staff", "mailbox", "customer"})
"""The tables that may stand several times (`[[staff]]`)."""

PROVIDERS = ("microsoft", "google", "generic")
OAUTH2 = "mailbox.oauth2"
T, N, B, TS = Shape.TEXT, Shape.NUMBER, Shape.YES_NO, Shape.TEXTS

KEYS: Final[tuple[Key, ...]] = (
    Key(
        "",
        "language",
        T,
        None,
        "ja or en: what the faces speak; mixed: as each reader's locale says",
        '"ja"',
        choices=("ja", "en", "mixed"),
    ),
    Key("", "timezone", T, None, "IANA name; default: this machine's zone", '"Asia/Tokyo"', "zone", check=is_zone),
    Key(
        "",
        "holidays",
        T,
        "",
        'country code of public holidays (US-CA for a state); "": none',
        '"JP"',
        "country",
        check=lambda v: bool(re.fullmatch(r"([A-Z]{2}(-[A-Z0-9]{1,3})?)?", v)),
    ),
    Key(
        "",
        "company_holidays",
        TS,
        (),
        "MM-DD or YYYY-MM-DD, or a range of them, over the year's end too",
        '["12-29..01-03"]',
        "days",
        check=_days,
    ),
    Key(
        "",
        "business_hours",
        T,
        "09:00-18:00",
        "on weekdays that are no holidays",
        '"09:00-18:00"',
        "hours",
        check=_hours,
    ),
    Key(
        "",
        "database",
        T,
        "",
        "or postgresql+psycopg://user@host/name; a relative path is meant from this file's folder."
        "\ndefault: kawari.db in the platform's data folder",
        '"sqlite:///kawari.db"',
        "database",
        check=_database,
    ),
    Key(
        "",
        "interval",
        N,
        300,
        "seconds between two polls of a mailbox that does not report new mail by itself",
        "300",
        "seconds",
        check=lambda v: 10 <= v <= 86400,
        shown=False,
    ),
    Key(
        "",
        "since",
        T,
        "",
        "how far back mail is read, by when it arrived: years, months, weeks or days, or a day (2024-04-01);"
        "\ndefault: all of it",
        '"2 years"',
        "since",
        check=_far,
        shown=False,
    ),
    Key(
        "",
        "quiet_after",
        T,
        "4h",
        "an owner on whom somebody counts has gone quiet after so many working hours without a mail, at the least",
        '"4h"',
        "hours-long",
        check=_hours_long,
        shown=False,
    ),
    Key(
        "",
        "answer_within",
        T,
        "1d",
        "a customer waits too long after so many working hours, at the least (d: a business day)",
        '"1d"',
        "hours-long",
        check=_hours_long,
        shown=False,
    ),
    Key(
        "",
        "warn_before",
        T,
        "4h",
        "working hours before a promise with an hour; one with a day alone is warned of the business day before",
        '"4h"',
        "hours-long",
        check=_hours_long,
        shown=False,
    ),
    Key(
        "",
        "stale_after",
        T,
        "4h",
        "a mailbox is unread after so many hours",
        '"4h"',
        "hours-long",
        check=_hours_long,
        shown=False,
    ),
    Key(
        "",
        "keep_unfiled",
        T,
        "headers",
        "what is kept of mail that is no customer's: headers (sender, subject, date, reason), nothing, or all of it",
        '"headers"',
        choices=("headers", "nothing", "all"),
        shown=False,
    ),
    Key(
        "",
        "phrases",
        TS,
        (),
        "your own words for promises, questions and the like: TOML files, or folders of them, from this file's folder",
        '["phrases"]',
        check=_all_filled,
        shown=False,
    ),
    Key("organisation", "name", T, "", "", '"Hokuto Systems"'),
    Key("organisation", "domains", TS, (), "", '["hokuto.example"]', "domains", check=_domains),
    Key("staff", "id", T, REQUIRED, "short, used on the command line", '"sato"', "word", check=_word),
    Key("staff", "name", T, REQUIRED, "", '"Ken Sato"', check=_filled),
    Key("staff", "addresses", TS, REQUIRED, "", '["sato@hokuto.example"]', "addresses", check=_addresses),
    Key("mailbox", "id", T, REQUIRED, "", '"sato"', "word", check=_word),
    Key("mailbox", "owner", T, None, "a staff id; absent for the log mailbox", '"sato"', "word", check=_word),
    Key("mailbox", "host", T, REQUIRED, "", '"imap.hokuto.example"', check=_filled),
    Key(
        "mailbox",
        "port",
        N,
        None,
        "default: 993, or 143 with starttls and none",
        "993",
        "port",
        check=lambda v: 0 < v < 65536,
    ),
    Key(
        "mailbox",
        "security",
        T,
        "tls",
        "tls, starttls, or none (none: this machine only)",
        '"tls"',
        choices=("tls", "starttls", "none"),
    ),
    Key("mailbox", "user", T, REQUIRED, "", '"sato"', check=_filled),
    Key(
        "mailbox",
        "password_env",
        T,
        None,
        "the password never stands here; this names the environment variable with it",
        '"KAWARI_SATO"',
        check=_filled,
    ),
    Key(
        "mailbox",
        "password_file",
        T,
        None,
        "or a file with it",
        '"/etc/kawari/sato.password"',
        check=_filled,
        shown=False,
    ),
    Key(
        "mailbox",
        "password_command",
        T,
        None,
        "or a command that prints it",
        '"pass show mail/sato"',
        check=_filled,
        shown=False,
    ),
    Key("mailbox", "keyring", B, False, "or the system's keyring (service kawari, name = id)", "true", shown=False),
    Key(
        "mailbox",
        "folders",
        Shape.ROLES,
        None,
        "folder = role (inbox, sent, log); absent: found by itself",
        '{ "INBOX" = "inbox", "Sent" = "sent" }',
        check=lambda v: bool(v) and all(r in ROLES for r in v.values()),
        shown=False,
    ),
    Key(
        "mailbox",
        "interval",
        N,
        None,
        "as above, for this mailbox",
        "60",
        "seconds",
        check=lambda v: 10 <= v <= 86400,
        shown=False,
    ),
    Key("mailbox", "since", T, None, "as above, for this mailbox", '"90 days"', "since", check=_far, shown=False),
    Key(
        "mailbox",
        "ca_file",
        T,
        None,
        "certificates to trust instead of the system's",
        '"/etc/kawari/ca.pem"',
        check=_filled,
        shown=False,
    ),
    Key(OAUTH2, "provider", T, REQUIRED, "microsoft, google or generic", '"microsoft"', choices=PROVIDERS),
    Key(
        OAUTH2,
        "flow",
        T,
        None,
        "device: a code typed into any browser; browser: one on this machine (Google knows only this);"
        "\napp: nobody signs in, an administrator lets the app read the mailbox. default: device, else browser",
        '"device"',
        choices=("device", "browser", "app"),
    ),
    Key(
        OAUTH2, "tenant", T, None, "microsoft only: domain or id; default: any", '"hokuto.example"', "word", check=_word
    ),
    Key(
        OAUTH2,
        "client_id",
        T,
        REQUIRED,
        "of the app registration",
        '"00000000-0000-0000-0000-000000000000"',
        check=_filled,
    ),
    Key(OAUTH2, "client_secret_env", T, None, "where the app has one", '"KAWARI_CLIENT_SECRET"', check=_filled),
    Key(OAUTH2, "client_secret_file", T, None, "or a file with it", '"/etc/kawari/client.secret"', check=_filled),
    Key(
        OAUTH2,
        "token_file",
        T,
        None,
        "default: the keyring, else a file in the data folder",
        '"sato.token"',
        check=_filled,
    ),
    Key(
        OAUTH2,
        "scopes",
        TS,
        (),
        "default: what reading mail needs",
        '["https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access"]',
        check=_all_filled,
    ),
    Key(
        OAUTH2,
        "token_url",
        T,
        None,
        "of a generic provider, or of a national cloud",
        '"https://login.hokuto.example/token"',
        "url",
        check=_url,
    ),
    Key(OAUTH2, "auth_url", T, None, "for flow browser", '"https://login.hokuto.example/authorize"', "url", check=_url),
    Key(
        OAUTH2,
        "device_url",
        T,
        None,
        "for flow device",
        '"https://login.hokuto.example/devicecode"',
        "url",
        check=_url,
    ),
    Key(
        "log",
        "addresses",
        TS,
        (),
        "also with a case key: log+acme-3@hokuto.example",
        '["log@hokuto.example"]',
        "addresses",
        check=_addresses,
    ),
    Key(
        "log",
        "senders",
        TS,
        (),
        "domains or addresses that may write into the log; default: staff addresses",
        '["hokuto.example"]',
        "senders",
        check=_senders,
    ),
    Key(
        "log",
        "authserv_id",
        T,
        "",
        "the name in the Authentication-Results headers of your mail server: polled mail to the log"
        "\nis believed only where they say that it is from whom it says; default: From is believed",
        '"mx.hokuto.example"',
        "word",
        check=lambda v: not v or _word(v),
        shown=False,
    ),
    Key("customer", "name", T, REQUIRED, "", '"Acme"', check=_filled),
    Key("customer", "domains", TS, (), "", '["acme.example", "acme-osaka.example"]', "domains", check=_domains),
    Key("customer", "addresses", TS, (), "", '["acme.yamada@gmail.com"]', "addresses", check=_addresses),
    Key("ignore", "domains", TS, (), "", '["newsletter.example"]', "domains", check=_domains),
    Key("ignore", "addresses", TS, (), "", "[]", "addresses", check=_addresses),
)


def keys_of(section: str) -> tuple[Key, ...]:
    """The keys of one table, in the order of the example file."""
    return tuple(key for key in KEYS if key.section == section)
