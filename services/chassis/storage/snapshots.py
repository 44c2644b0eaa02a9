"""The row of an aggregate as JSON, exact enough to bring it back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Table

from services.chassis.storage.columns import Encoded, UtcInstant, canonical_json

_KEPT = frozenset({"id", "version", "updated_at"})


def snapshot(table: Table, aggregate: Any) -> dict[str, Any]:
    """Every column of the aggregate but its id, version and time of change, as JSON values."""
    return {
        column.name: _plain(column, getattr(aggregate, column.name))
        for column in table.c
        if column.name not in _KEPT
    }


def restore(table: Table, aggregate: Any, taken: Mapping[str, Any]) -> None:
    """Give the aggregate the values that it had when the snapshot was taken."""
    for name, value in values_of(table, taken).items():
        setattr(aggregate, name, value)


def values_of(table: Table, taken: Mapping[str, Any]) -> dict[str, Any]:
    """The values that a snapshot, or a part of one, was taken of."""
    return {name: _value(table.c[name], value) for name, value in taken.items()}


def difference(table: Table, aggregate: Any, before: Mapping[str, Any] | None) -> bytes | None:
    """`{"before", "after"}` of what differs from an earlier snapshot, as JSON; None without one."""
    if before is None:
        return None
    after = snapshot(table, aggregate)
    different = [name for name in after if after[name] != before[name]]
    detail = {
        "before": {name: before[name] for name in different},
        "after": {name: after[name] for name in different},
    }
    return canonical_json(detail).encode()


def _plain(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Encoded):
        return column.type.encode(value)
    return value.isoformat() if isinstance(value, date) else value


def _value(column: Column[Any], plain: Any) -> Any:
    if plain is None:
        return None
    if isinstance(column.type, Encoded):
        return column.type.decode(plain)
    if isinstance(column.type, UtcInstant):
        return datetime.fromisoformat(plain)
    return date.fromisoformat(plain) if isinstance(column.type, Date) else plain
