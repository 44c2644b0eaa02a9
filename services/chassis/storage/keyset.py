"""Keyset paging in SQL: order by some columns, and continue after a row instead of counting rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from services.chassis.storage.paging import CursorValue


@dataclass(frozen=True)
class SortKey:
    """A column to sort by. `nullable`: NULLs come last in either direction.

    The last key of a list must be unique and not nullable, or rows that tie would be skipped.
    """

    column: ColumnElement[Any]
    descending: bool = False
    nullable: bool = False


def order_by(keys: Sequence[SortKey]) -> list[ColumnElement[Any]]:
    """The ORDER BY terms; without NULLS LAST where there is no NULL, so that a plain index serves."""
    terms: list[ColumnElement[Any]] = []
    for key in keys:
        term = key.column.desc() if key.descending else key.column.asc()
        terms.append(term.nulls_last() if key.nullable else term)
    return terms


def after(keys: Sequence[SortKey], cursor: Sequence[CursorValue]) -> ColumnElement[bool]:
    """The condition that a row comes strictly after the row whose keys are `cursor`, in `order_by(keys)`.

    Raises ValueError if `cursor` has another length than `keys`.
    """
    if not keys:
        raise ValueError("a keyset has at least one key")
    condition: ColumnElement[bool] = false()
    for key, value in reversed(list(zip(keys, cursor, strict=True))):
        condition = or_(_beyond(key, value), and_(_level(key, value), condition))
    first, value = keys[0], cursor[0]
    if first.nullable or value is None or len(keys) == 1:
        return condition
    # Implied by the rest, and the one bound that an index on the first column can start from.
    return and_(first.column <= value if first.descending else first.column >= value, condition)


def _level(key: SortKey, value: CursorValue) -> ColumnElement[bool]:
    return key.column.is_(None) if value is None else key.column == value


def _beyond(key: SortKey, value: CursorValue) -> ColumnElement[bool]:
    if value is None:
        return false()
    beyond = key.column < value if key.descending else key.column > value
    return or_(beyond, key.column.is_(None)) if key.nullable else beyond
