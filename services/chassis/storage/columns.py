"""Column types and names shared by all tables: aware instants, canonical JSON, constraint names."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter
from sqlalchemy import BigInteger, DateTime, Dialect, Float, Integer, MetaData, String, Text, TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

T = TypeVar("T")
_ZONE_LENGTH = len("+00:00")

BEGINS_WITH = "begins_with"
"""In `info` of a table: the row that its migration writes into it, so that an empty database holds it."""
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def new_metadata() -> MetaData:
    """The table collection of one service: every constraint has a name, so that migrations can drop it."""
    return MetaData(naming_convention=NAMING_CONVENTION)


def big_integer() -> BigInteger:
    """64 bits on both engines; SQLite numbers rows by itself only if the column is an INTEGER."""
    return BigInteger().with_variant(Integer(), "sqlite")


class UtcInstant(TypeDecorator[datetime]):
    """An instant: aware datetimes in, aware datetimes in UTC out. A naive datetime raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC; without the zone on SQLite, which cannot store it."""
        if value is None:
            return None
        instant = _in_utc(value)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Real(TypeDecorator[float]):
    """A finite double. To write NaN or infinity raises ValueError, since the engines would not: PostgreSQL keeps NaN,
    for which every lower bound holds, and SQLite keeps it as NULL. What it is compared with may be infinite.
    """

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: float | None, _dialect: Dialect) -> float | None:
        """As it is, if it is finite."""
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{value} is no number to keep")
        return value

    def coerce_compared_value(self, _op: object, _value: object) -> Float[float]:
        """A plain double."""
        return Float(53)


def sqlite_instant(value: datetime) -> str:
    """The text that SQLite keeps of an instant: what a statement of SQLAlchemy's gives it, several times faster."""
    return _in_utc(value).isoformat(" ", "microseconds")[:-_ZONE_LENGTH]


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return value.astimezone(UTC)


class Encoded(TypeDecorator[T]):
    """A value kept as text: a kind of column says how, and NULL stays None."""

    impl: String = Text()
    cache_ok = True

    def encode(self, value: T) -> str:
        """The text of a value."""
        raise NotImplementedError

    def decode(self, text: str) -> T:
        """The value of a text."""
        raise NotImplementedError

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's)
        """The text; None for None."""
        return None if value is None else self.encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:  # noqa: ARG002 (SQLAlchemy's)
        """The value; None for NULL."""
        return None if value is None else self.decode(value)


class Json(Encoded[Any]):
    """A JSON value kept as canonical text, so that equal values are equal bytes on both engines."""

    cache_ok = True

    def encode(self, value: Any) -> str:
        """Canonical JSON."""
        return canonical_json(value)

    def decode(self, text: str) -> Any:
        """The value that was stored; tuples come back as lists."""
        return json.loads(text)


class PlainJson(Encoded[Any]):
    """A JSON value without a float, kept as canonical text: that of `Json`, made and read several times faster."""

    cache_ok = True

    def encode(self, value: Any) -> str:
        """Canonical JSON."""
        return floatless_json(value)

    def decode(self, text: str) -> Any:
        """The value that was stored; tuples come back as lists."""
        return orjson.loads(text)


class Texts(Encoded[Mapping[str, str]]):
    """Texts by name, kept as canonical JSON."""

    cache_ok = True

    def encode(self, value: Mapping[str, str]) -> str:
        """As a JSON object."""
        return floatless_json(value)

    def decode(self, text: str) -> Mapping[str, str]:
        """As a dictionary."""
        return dict(json.loads(text))


class Strings(Encoded[tuple[str, ...]]):
    """A tuple of strings, kept as canonical JSON."""

    cache_ok = True

    def encode(self, value: tuple[str, ...]) -> str:
        """As a JSON list."""
        return floatless_json(list(value))

    def decode(self, text: str) -> tuple[str, ...]:
        """As a tuple."""
        return tuple(json.loads(text))


class Shares(Encoded[tuple[tuple[str, int], ...]]):
    """Pairs of a code and an integer, kept as canonical JSON."""

    cache_ok = True

    def encode(self, value: tuple[tuple[str, int], ...]) -> str:
        """As a JSON list of lists."""
        return floatless_json(value)

    def decode(self, text: str) -> tuple[tuple[str, int], ...]:
        """As a tuple of pairs."""
        return tuple((code, share) for code, share in json.loads(text))


class EnumName(Encoded[Enum]):
    """A member of one enumeration, kept by its name."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def encode(self, value: Enum | str) -> str:
        """The name; filters compare with the name itself."""
        return value.name if isinstance(value, Enum) else value

    def decode(self, text: str) -> Enum:
        """The member."""
        return self.kind[text]


class Document(Encoded[Any]):
    """A value object (a dataclass of plain values, dates, enums and further dataclasses), kept as JSON."""

    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def encode(self, value: Any) -> str:
        """As canonical JSON."""
        return canonical_json(self._adapter.dump_python(value, mode="json"))

    def decode(self, text: str) -> Any:
        """As the value object."""
        return self._adapter.validate_json(text)


class Members(Encoded[frozenset[Enum]]):
    """A set of members of one enumeration, kept as a sorted JSON list of names."""

    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def encode(self, value: frozenset[Enum]) -> str:
        """As a sorted JSON list."""
        return floatless_json(sorted(member.name for member in value))

    def decode(self, text: str) -> frozenset[Enum]:
        """As a frozen set."""
        return frozenset(self.kind[name] for name in json.loads(text))


def canonical_json(value: Any) -> str:
    """Sorted keys, no spaces, no escapes beyond JSON's own; NaN and infinities raise ValueError."""
    return _CANONICAL.encode(value)


def floatless_json(value: Any) -> str:
    """What `canonical_json` gives, several times faster, for a value of strings, integers of 64 bits, booleans and
    None, in lists and dictionaries by strings. Floats are not for it: their texts would differ.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
