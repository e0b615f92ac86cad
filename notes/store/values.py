"""How values of `notes.model` lie in a column: moments in UTC, codes as text, everything nested as JSON of its fields.

The JSON of a value leaves out fields that hold their default, and reading ignores fields it does not know: a value may
gain a field without a migration. Text is made storable here, for mail holds NUL and lone surrogates, databases do not.
"""

import dataclasses
import hashlib
import json
import types
import typing
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

from notes.profiles import Profile

_KEY_LENGTH = 250
_MOST_PACKED = 1_032
"""To so many times their size can bytes be unpacked that zlib compressed (its "Technical Details")."""

_REPEATED = 250
"""Characters up to which a value is likely to come again."""

_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode() if _unstorable(text) else text


def _unstorable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


def keyable(text: str) -> str:
    """The text as a key: storable, and of a size every index takes (PostgreSQL's limit is 2,704 bytes a row)."""
    text = storable(text)
    if len(text) <= _KEY_LENGTH:
        return text
    return f"{text[: _KEY_LENGTH - 17]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def offset_of(moment: datetime) -> int:
    """Seconds east of UTC of an aware moment."""
    return int((moment.utcoffset() or timedelta()).total_seconds())


def at_offset(moment: datetime, seconds: int) -> datetime:
    """A moment as its writer's clock showed it."""
    zone = timezone(timedelta(seconds=seconds))
    return max(_EARLIEST, min(moment, _LATEST)).astimezone(zone)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on both engines (as text on SQLite, which sorts as time does)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without a zone on SQLite, which has none."""
        if value is None:
            return None
        moment = max(_EARLIEST, min(value, _LATEST)).astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as aware UTC."""
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Words(TypeDecorator[str]):
    """Text from a mail."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Made storable."""
        return None if value is None else storable(value)


class Key(TypeDecorator[str]):
    """Text from outside that rows are found by."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Made a key."""
        return None if value is None else keyable(value)


class Code(TypeDecorator[Any]):
    """A member of a string enumeration, kept as its code."""

    impl = Text
    cache_ok = True

    def __init__(self, codes: type[StrEnum]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The code."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """The member."""
        return None if value is None else self.codes(value)


class Value(TypeDecorator[Any]):
    """A value of `notes.model`, or a tuple or mapping of them, kept as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """As JSON text."""
        return None if value is None else dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value back."""
        return None if value is None else loads(self.kind, value)


class Traits(TypeDecorator[Profile]):
    """The traits of a case, kept as JSON lists by kind, compressed with zlib: a thousand are read in .2 ms."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Profile | None, dialect: Dialect) -> bytes | None:
        """As compressed JSON text."""
        if value is None:
            return None
        return packed(_written({kind: sorted(texts) for kind, texts in sorted(value.by_kind.items())}))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Profile | None:
        """The set back."""
        if value is None:
            return None
        by_kind = json.loads(unpacked(value))
        return Profile({kind: frozenset(texts) for kind, texts in by_kind.items()})


def unpacked(data: bytes) -> bytes:
    """What zlib compressed; of a mail with a large file in it without a second copy while it grows."""
    return zlib.decompress(data, bufsize=2 * len(data) + 16_384)


def unpacks_within(data: bytes, most: int) -> bool:
    """Whether what zlib compressed to `data` has at most so many bytes (one or more); no more are unpacked to tell.

    Of damaged data it cannot be told: False.
    """
    if len(data) * _MOST_PACKED <= most:
        return True
    unpacking = zlib.decompressobj()
    with suppress(zlib.error):
        unpacking.decompress(data, most)
    return unpacking.eof


def packed(text: str) -> bytes:
    """A text of ours, compressed fast."""
    return zlib.compress(text.encode(), 1)


def dumps(value: object) -> str:
    """A value as JSON text."""
    if value == ():
        return "[]"
    return _written(_plain(value))


def _written(plain: Any) -> str:
    return storable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def loads(kind: Any, text: str) -> Any:
    """JSON text as a value of `kind`."""
    if text == "[]":
        return ()
    return _repeated(kind, text) if len(text) <= _REPEATED else _reader(kind)(json.loads(text))


@lru_cache(maxsize=4_096)
def _repeated(kind: Any, text: str) -> Any:
    """The same few people write all mails of a case. Values are frozen, so one may stand in many rows."""
    return _reader(kind)(json.loads(text))


def _plain(value: Any) -> Any:
    """Lists, dicts, strings, numbers. Nesting is that of the value types: at most five deep."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return {
        name: _plain(item) for name, default in _fields(value.__class__) if (item := getattr(value, name)) != default
    }


@cache
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """The function that makes a value of `kind` from plain data."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        inner = _reader(next(argument for argument in arguments if argument is not types.NoneType))
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple:
        item = _reader(arguments[0])
        return lambda plain: tuple(item(each) for each in plain)
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(typing.cast(type, kind))
    return lambda plain: plain


def _dataclass_reader(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}
    return lambda plain: kind(**{name: readers[name](item) for name, item in plain.items() if name in readers})
