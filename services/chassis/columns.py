"""Column types and names shared by all tables: aware instants, canonical JSON, constraint names."""

import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, String, Text, TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


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
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text, so that equal values are equal bytes on both engines."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """None is NULL, not the JSON null."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """The value that was stored; tuples come back as lists."""
        return None if value is None else json.loads(value)


class Strings(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings, kept as canonical JSON."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As a JSON list."""
        return None if value is None else canonical_json(list(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        """As a tuple."""
        return None if value is None else tuple(json.loads(value))


class Shares(TypeDecorator[tuple[tuple[str, int], ...]]):
    """Pairs of a code and an integer, kept as canonical JSON."""

    impl = Text()
    cache_ok = True

    def process_bind_param(
        self,
        value: tuple[tuple[str, int], ...] | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> str | None:
        """As a JSON list of lists."""
        return None if value is None else canonical_json([list(pair) for pair in value])

    def process_result_value(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> tuple[tuple[str, int], ...] | None:
        """As a tuple of pairs."""
        return None if value is None else tuple((code, share) for code, share in json.loads(value))


class EnumName(TypeDecorator[Enum]):
    """A member of one enumeration, kept by its name."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Enum | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The name; filters compare with the name itself."""
        return value.name if isinstance(value, Enum) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Enum | None:  # noqa: ARG002
        """The member."""
        return None if value is None else self.kind[value]


class Document(TypeDecorator[Any]):
    """A value object (a dataclass of plain values, dates, enums and further dataclasses), kept as JSON."""

    impl = Text()
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As canonical JSON."""
        return None if value is None else canonical_json(self._adapter.dump_python(value, mode="json"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """As the value object."""
        return None if value is None else self._adapter.validate_json(value)


class Members(TypeDecorator[frozenset[Enum]]):
    """A set of members of one enumeration, kept as a sorted JSON list of names."""

    impl = Text()
    cache_ok = True

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: frozenset[Enum] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """As a sorted JSON list."""
        return None if value is None else canonical_json(sorted(member.name for member in value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Enum] | None:  # noqa: ARG002
        """As a frozen set."""
        return None if value is None else frozenset(self.kind[name] for name in json.loads(value))


def canonical_json(value: Any) -> str:
    """Sorted keys, no spaces, no escapes beyond JSON's own; NaN and infinities raise ValueError."""
    return _CANONICAL.encode(value)
