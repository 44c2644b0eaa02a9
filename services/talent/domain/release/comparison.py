"""How two releases differ, cell by cell."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from services.talent.domain.release.content import Row


class Kind(StrEnum):
    """What differs, the weightiest of it."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    SYMBOL = "SYMBOL"
    STAR = "STAR"
    NUMBER = "NUMBER"


class Difference(NamedTuple):
    """One cell that differs; one side is None if the cell is in one release only."""

    kind: Kind
    before: Row | None
    after: Row | None


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """The cells that differ, in the order of the second release, removed ones last."""
    return list(_differences(before, after))


def _differences(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Difference]:
    old = {row.key: row for row in before}
    for row in after:
        known = old.pop(row.key, None)
        if known is None:
            yield Difference(Kind.ADDED, None, row)
        elif known != row:
            yield Difference(_kind(known, row), known, row)
    for row in old.values():
        yield Difference(Kind.REMOVED, row, None)


def _kind(before: Row, after: Row) -> Kind:
    if (before.symbol, before.state) != (after.symbol, after.state):
        return Kind.SYMBOL
    return Kind.STAR if before.stars != after.stars else Kind.NUMBER
