"""What a setting is: its name, type, default and meaning, and the checks of what may stand there."""

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


T, N, B, TS = Shape.TEXT, Shape.NUMBER, Shape.YES_NO, Shape.TEXTS


def anything(_: Any) -> bool:
    """Whatever it is."""
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
    check: Callable[[Any], bool] = anything
    shown: bool = True

    def fits(self, value: Any) -> bool:
        """Whether a value of the right type is allowed."""
        return value in self.choices if self.choices else self.check(value)


def is_port(value: int) -> bool:
    """A TCP port."""
    return 0 < value < 65536


def is_zone(name: str) -> bool:
    """Whether the time zone database knows the name."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # a bad name, a folder of the database, an unknown zone
        return False
    return True


def are_days(values: tuple[str, ...]) -> bool:
    """Days of a year, or of every year, and ranges of them."""
    one = r"(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    return all(re.fullmatch(rf"{one}(\.\.{one})?", value) for value in values)


def are_business_hours(value: str) -> bool:
    """From when to when."""
    one = r"([01]\d|2[0-3]):[0-5]\d"
    return bool(re.fullmatch(f"{one}-{one}", value)) and value[:5] < value[6:]


def are_addresses(values: tuple[str, ...]) -> bool:
    """Mail addresses."""
    return all(re.fullmatch(r"[^@\s]+@[^@\s]+", value) for value in values)


def are_domains(values: tuple[str, ...]) -> bool:
    """Domain names."""
    return all(re.fullmatch(r"[^@\s./]+(\.[^@\s./]+)*", value) for value in values)


def are_senders(values: tuple[str, ...]) -> bool:
    """Mail addresses or domain names."""
    return all(are_addresses((value,)) or are_domains((value,)) for value in values)


def is_database(value: str) -> bool:
    """A URL of an engine that we know."""
    return bool(re.match(r"(sqlite:///|postgresql(\+psycopg)?://).", value))


def is_far(value: str) -> bool:
    """How far back, or nothing."""
    from ingest.since import since

    return not value or since(value) is not None


def hours(value: str, day: float = 24.0) -> float | None:
    """`4h`, `90m`, `1.5 h`, `2d` as hours, a day having `day` of them; None for anything else."""
    match = re.fullmatch(r"(\d{1,4}(?:\.\d{1,2})?) ?(m|min|h|d)", value.strip())
    return float(match[1]) * {"m": 1 / 60, "min": 1 / 60, "h": 1.0, "d": day}[match[2]] if match else None


def is_long(value: str) -> bool:
    """A number of hours, minutes or days."""
    return hours(value) is not None


def is_word(value: str) -> bool:
    """A short name without spaces."""
    return bool(re.fullmatch(r"[\w.-]{1,60}", value))


def is_filled(value: str) -> bool:
    """Not empty."""
    return bool(value.strip())


def all_filled(values: tuple[str, ...]) -> bool:
    """None of them empty."""
    return all(map(is_filled, values))


def is_url(value: str) -> bool:
    """HTTPS, or plain HTTP on this machine."""
    return bool(re.fullmatch(r"(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(/[^\s#]*)?", value))
